"""Suggest what a client probably meant by a name that does not exist."""

import re
from collections.abc import Callable, Mapping, Sequence

from rapidfuzz import fuzz, process

MIN_SCORE = 75
"""The lowest similarity, of 100, at which a name is suggested."""
_CONTAINMENT_SCORE = 90
_MAX_TYPED_LENGTH = 120


def similarity(typed: str, candidate: str, **_: object) -> float:
    """Return the similarity of two names, from 0 to 100, ignoring case.

    Names are close if few letters differ, or if one has all the words of the other. Two names are not close merely because
    they share letters, as ``state`` and ``status`` do, or because one occurs inside a word of the other.
    """
    typed, candidate = typed.lower(), candidate.lower()
    typed_words, candidate_words = set(re.split(r"[\W_]+", typed)), set(re.split(r"[\W_]+", candidate))
    is_contained = typed_words <= candidate_words or candidate_words <= typed_words
    return max(fuzz.ratio(typed, candidate), _CONTAINMENT_SCORE if is_contained else 0)


def suggest(
    typed: str,
    candidates: Sequence[str] | Mapping[str, str],
    limit: int = 5,
    scorer: Callable[..., float] = similarity,
    min_score: float = MIN_SCORE,
) -> tuple[str, ...]:
    """Return the candidates that most resemble what was typed, best first, none below ``min_score``.

    ``candidates`` are names, or keys with the text that each is compared by; of a mapping, the keys are returned.
    """
    matches = process.extract(typed[:_MAX_TYPED_LENGTH].strip(), candidates, scorer=scorer, score_cutoff=min_score, limit=limit)
    return tuple(key if isinstance(candidates, Mapping) else text for text, _, key in matches)

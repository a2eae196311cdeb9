"""Suggest what a client probably meant by a name that does not exist."""

from collections.abc import Callable, Mapping, Sequence

from rapidfuzz import fuzz, process

MIN_SCORE = 60
"""The lowest similarity, of 100, at which a name is suggested."""
_MAX_TYPED_LENGTH = 120


def suggest(
    typed: str,
    candidates: Sequence[str] | Mapping[str, str],
    limit: int = 5,
    scorer: Callable[..., float] = fuzz.WRatio,
    min_score: float = MIN_SCORE,
) -> tuple[str, ...]:
    """Return the candidates most similar to ``typed``, best first, without those that score below ``min_score``.

    ``candidates`` has names, or maps keys to the texts that are compared; for a mapping, the keys are returned.
    """
    matches = process.extract(typed[:_MAX_TYPED_LENGTH], candidates, scorer=scorer, score_cutoff=min_score, limit=limit)
    return tuple(key if isinstance(candidates, Mapping) else text for text, _, key in matches)

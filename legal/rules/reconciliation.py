"""Rank the entities that a name in a spreadsheet may mean, for the reconciliation of OpenRefine.

Scores are similarities from 0 to 100. A candidate is a match by itself only if it alone has exactly that name; a person
decides about the others.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from legal.rules.search.text import fold_text, split_words

_MIN_SIMILARITY = 55
_EXACT = 100.0
_MISMATCH_FACTOR = 0.5


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entity that a name may mean.

    ``names`` are all its names and identifiers, the main one first. ``properties`` has the values by which a query can
    narrow its meaning; a property may have several spellings of one value.
    """

    id: str
    type: str
    names: Sequence[str]
    description: str
    properties: Mapping[str, Sequence[str]]

    @property
    def name(self) -> str:
        """Return the main name."""
        return self.names[0]


@dataclass(frozen=True, slots=True)
class ScoredCandidate:
    """A candidate with its score, and whether it is the only one that has exactly this name."""

    candidate: Candidate
    score: float
    is_match: bool


def rank_candidates(
    text: str, candidates: Sequence[Candidate], wanted_properties: Mapping[str, Sequence[str]], limit: int
) -> list[ScoredCandidate]:
    """Return the candidates that resemble a text, best first.

    Each wanted property has alternative values. A candidate that has none of them has half the score, and is not a match.
    """
    folded_text = fold_text(text)
    exact = [candidate for candidate in candidates if folded_text and folded_text in map(fold_text, candidate.names)]
    similar = process.extract(
        _spaced_text(text),
        {number: _spaced_text(candidate.name) for number, candidate in enumerate(candidates)},
        scorer=fuzz.token_sort_ratio,
        score_cutoff=_MIN_SIMILARITY,
        limit=None,
    )
    scores = {candidates[number].id: similarity for _, similarity, number in similar} | {candidate.id: _EXACT for candidate in exact}
    factors = {
        candidate.id: _MISMATCH_FACTOR ** count_mismatches(candidate, wanted_properties)
        for candidate in candidates
        if candidate.id in scores
    }
    full_matches = [candidate.id for candidate in exact if factors[candidate.id] == 1]
    scored = [
        ScoredCandidate(
            candidate, round(scores[candidate.id] * factors[candidate.id], 1), len(full_matches) == 1 and candidate.id in full_matches
        )
        for candidate in candidates
        if candidate.id in scores
    ]
    return sorted(scored, key=lambda item: (-item.score, item.candidate.name, item.candidate.id))[:limit]


def count_mismatches(candidate: Candidate, wanted_properties: Mapping[str, Sequence[str]]) -> int:
    """Count the wanted properties for which the candidate has none of the wanted values."""
    return sum(
        not ({fold_text(value) for value in values} & {fold_text(value) for value in candidate.properties.get(name, ())})
        for name, values in wanted_properties.items()
    )


def complete_prefix(prefix: str, candidates: Sequence[Candidate], limit: int) -> list[Candidate]:
    """Return the candidates with a name, or a word of the main name, that begins with a text; sorted by name."""
    folded_prefix = fold_text(prefix)
    beginning = [candidate for candidate in candidates if any(fold_text(name).startswith(folded_prefix) for name in candidate.names)]
    within = [candidate for candidate in candidates if f" {_spaced_text(prefix)}" in f" {_spaced_text(candidate.name)}"]
    candidates_by_id = {candidate.id: candidate for candidate in [*_by_name(beginning), *_by_name(within)]}
    return list(candidates_by_id.values())[:limit] if folded_prefix else []


def _by_name(candidates: Sequence[Candidate]) -> list[Candidate]:
    return sorted(candidates, key=lambda candidate: (candidate.name, candidate.id))


def _spaced_text(text: str) -> str:
    return " ".join(token.letters for token in split_words(text))

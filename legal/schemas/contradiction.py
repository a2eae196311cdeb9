"""Schema of contradictions between statements without a number, in seed files."""

from collections.abc import Sequence
from typing import Any

from marshmallow import ValidationError, fields

from legal.rules.conflicts import CONFLICT_VERDICTS
from legal.schemas.base import SlugField, TermField, TextField
from legal.schemas.citation import CitationDraft
from legal.schemas.omission import EmptyKeysOptional
from legal.vocabulary import Role

_MIN_SIDES = 2


def require_two_sides(citations: Sequence[Any]) -> None:
    """Check that at least two citations have the role ``supports``: one for each side."""
    if sum(citation["role"] == Role.SUPPORTS for citation in citations) < _MIN_SIDES:
        raise ValidationError("At least two citations must have the role `supports`: one for each of the statements.")


class ContradictionDraft(EmptyKeysOptional):
    """Statements of sources that contradict one another in words, without a number."""

    id = SlugField(required=True)
    verdict = TermField(
        CONFLICT_VERDICTS,
        required=True,
        metadata={"description": "`contradictory` if both cannot be true, `underspecified` if a source leaves out what would decide it."},
    )
    why = TextField(1000, required=True, metadata={"description": "What each source says, and what is left open, in neutral words."})
    measures = fields.List(SlugField(), required=True, metadata={"description": "Ids of the measures that it is about."})
    citations = fields.List(
        fields.Nested(CitationDraft),
        required=True,
        validate=require_two_sides,
        metadata={"description": "The passages, one or more for each of the statements."},
    )

"""Decide the basis of each slot of a stance: a measure, an implication, a roster or source of absence, or no record."""

from collections.abc import Sequence

from legal.rules.posture import Claim, has_phase
from legal.vocabulary import Knowledge, Phase, Stands

_NOT_CERTAIN = (Stands.POSSIBLE, Stands.UNKNOWN)


def slot_knowledge(kind: str, claims: Sequence[Claim]) -> Knowledge:
    """Return the knowledge that a jurisdiction's claims give about a kind, on the day that the claims describe.

    Source: docs/rules.md, "What a slot rests on".
    """
    return slot_basis(kind, claims)[0]


def slot_basis(kind: str, claims: Sequence[Claim]) -> tuple[Knowledge, list[str]]:
    """Return the knowledge about a kind, and the ids of the claims that it rests on.

    ``present``: a measure of the kind is in effect, or the roster in effect lists agreements. ``absent``: the roster in
    effect lists none. ``possible``: a measure of the kind may be in effect, or may be implied. ``implied``: something in
    effect presupposes one. ``absent``: a source says that there is none. Otherwise ``no_record``, which says nothing
    about the jurisdiction.
    """
    claims_of_kind = [claim for claim in claims if claim.kind == kind]
    may_be_in_effect = [claim for claim in claims_of_kind if claim.stands in _NOT_CERTAIN]
    has_ended = any(claim.has_ended for claim in claims_of_kind)
    reasons = [claim for claim in claims if kind in claim.implies and claim.stands is not Stands.NO]
    # What was implied may be just what has ended since. An implication is no more certain than its reason.
    certain_reasons = [claim for claim in reasons if claim.stands is Stands.YES and not has_ended]
    levels = (
        (Knowledge.PRESENT, [claim for claim in claims_of_kind if claim.stands is Stands.YES]),
        (Knowledge.ABSENT, [claim for claim in claims_of_kind if claim.listed_agreements == 0]),
        (Knowledge.POSSIBLE, may_be_in_effect),
        (Knowledge.IMPLIED, certain_reasons),
        (Knowledge.POSSIBLE, reasons),
        (Knowledge.ABSENT, [claim for claim in claims_of_kind if has_phase(claim, Phase.ABSENT)]),
    )
    return next(((level, [claim.id for claim in basis]) for level, basis in levels if basis), (Knowledge.NO_RECORD, []))

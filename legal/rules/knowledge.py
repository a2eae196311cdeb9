"""Decide the basis of each slot of a stance: a measure, an implication, a cited absence, or no record."""

from collections.abc import Sequence

from legal.rules.in_effect import phase_of_status
from legal.rules.posture import Claim
from legal.vocabulary import Knowledge, Phase, Stands


def slot_knowledge(kind: str, claims: Sequence[Claim]) -> Knowledge:
    """Return the knowledge that a jurisdiction's claims give about a kind, on the day that the claims describe.

    ``present``: a measure of the kind is or may be in effect. ``implied``: no measure of the kind is or may be in effect,
    but something that is or may be in effect presupposes one. ``absent``: a source says that there is none. Otherwise
    ``no_record``, which says nothing about the jurisdiction. Source: docs/rules.md, "What a slot rests on".
    """
    levels = (Knowledge.PRESENT, Knowledge.IMPLIED, Knowledge.ABSENT)
    return next((level for level in levels if supporting_claim_ids(kind, level, claims)), Knowledge.NO_RECORD)


def supporting_claim_ids(kind: str, level: Knowledge, claims: Sequence[Claim]) -> list[str]:
    """Return the ids of the claims that support a level of knowledge about a kind."""
    possible_claims = [claim for claim in claims if claim.stands is not Stands.NO]
    match level:
        case Knowledge.PRESENT:
            return [claim.id for claim in possible_claims if claim.kind == kind]
        case Knowledge.IMPLIED:
            return [claim.id for claim in possible_claims if kind in claim.implies]
        case Knowledge.ABSENT:
            return [claim.id for claim in claims if claim.kind == kind and phase_of_status(kind, claim.status) is Phase.ABSENT]
        case _:
            return []

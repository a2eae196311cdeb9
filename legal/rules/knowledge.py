"""What each slot of a stance rests on: a measure, an implication, a cited absence, or nothing on file."""

from collections.abc import Sequence

from legal.rules.in_effect import phase
from legal.rules.posture import Claim
from legal.vocabulary import Knowledge, Phase, Stands


def of_slot(kind: str, claims: Sequence[Claim]) -> Knowledge:
    """What the place's claims let one say about a kind on the day they were read for.

    ``present``: a measure of the kind stands or may stand. ``implied``: none does, and something that
    stands presupposes one. ``absent``: a source says that there is none. Otherwise ``no_record``, which
    says nothing about the place. Source: design, "Words" (knowledge); contract, "Jurisdictions" (SLOT).
    """
    levels = (Knowledge.PRESENT, Knowledge.IMPLIED, Knowledge.ABSENT)
    return next((level for level in levels if behind(kind, level, claims)), Knowledge.NO_RECORD)


def behind(kind: str, level: Knowledge, claims: Sequence[Claim]) -> list[str]:
    """The ids of the claims that speak for a level of knowledge of a kind."""
    held = [claim for claim in claims if claim.stands is not Stands.NO]
    match level:
        case Knowledge.PRESENT:
            return [claim.id for claim in held if claim.kind == kind]
        case Knowledge.IMPLIED:
            return [claim.id for claim in held if kind in claim.implies]
        case Knowledge.ABSENT:
            return [claim.id for claim in claims if claim.kind == kind and phase(kind, claim.status) is Phase.ABSENT]
        case _:
            return []

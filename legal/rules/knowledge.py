"""Decide what is known about each kind of measure in a jurisdiction, and which claims that knowledge rests on."""

from collections.abc import Sequence

from legal.rules.in_effect import UNCERTAIN_ANSWERS
from legal.rules.posture import Claim, has_phase
from legal.vocabulary import Knowledge, Phase, Stands


def slot_basis(kind: str, claims: Sequence[Claim]) -> tuple[Knowledge, list[str]]:
    """Return the level of knowledge about a kind of measure, and the ids of the claims that it rests on.

    The first level that applies, in this order: ``present`` if a measure of the kind is in effect, or the roster in
    force lists agreements; ``absent`` if the roster in force lists none; ``possible`` if a measure of the kind may be
    in effect; ``implied`` if a measure in effect presupposes one of this kind and none is known to have ended;
    ``possible`` if such an implication is uncertain; ``absent`` if a source says that there is none. Otherwise it is
    ``no_record``, which says nothing about the jurisdiction.

    Source: docs/rules.md, "What a slot rests on".
    """
    claims_of_kind = [claim for claim in claims if claim.kind == kind]
    may_be_in_effect = [claim for claim in claims_of_kind if claim.stands in UNCERTAIN_ANSWERS]
    has_ended = any(claim.has_ended for claim in claims_of_kind)
    reasons = [claim for claim in claims if kind in claim.implies and claim.stands is not Stands.NO]
    # The implied agreements may be the ones that have ended since. An implication is no more certain than its reason.
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

"""Each slot of a stance has a basis: a measure, an implication, a cited absence, or no record."""

import pytest

from legal.rules.knowledge import slot_knowledge, supporting_claim_ids
from legal.vocabulary import Kind, Knowledge, Stands
from tests.rules.factories import make_agreements, make_claim

AGREEMENTS = Kind.ACTIVE_AGREEMENTS
IMPLIES_AGREEMENTS = frozenset({AGREEMENTS})


@pytest.mark.parametrize("stands", [Stands.YES, Stands.POSSIBLE, Stands.UNKNOWN])
def test_measure_that_may_be_in_effect_is_present(stands: Stands) -> None:
    agreements = make_agreements(stands=stands)
    assert slot_knowledge(AGREEMENTS, [agreements]) is Knowledge.PRESENT
    assert supporting_claim_ids(AGREEMENTS, Knowledge.PRESENT, [agreements]) == [agreements.id]


def test_suit_against_participation_implies_participation() -> None:
    suit = make_claim(Kind.LITIGATION, implies=IMPLIES_AGREEMENTS)
    assert slot_knowledge(AGREEMENTS, [suit]) is Knowledge.IMPLIED
    assert supporting_claim_ids(AGREEMENTS, Knowledge.IMPLIED, [suit]) == [suit.id]


def test_measure_not_in_effect_implies_nothing() -> None:
    suit = make_claim(Kind.LITIGATION, stands=Stands.NO, implies=IMPLIES_AGREEMENTS)
    assert slot_knowledge(AGREEMENTS, [suit]) is Knowledge.NO_RECORD


def test_reported_absence_is_absent() -> None:
    absence = make_agreements(status="reported_absent", stands=Stands.NO)
    assert slot_knowledge(AGREEMENTS, [absence]) is Knowledge.ABSENT
    assert supporting_claim_ids(AGREEMENTS, Knowledge.ABSENT, [absence]) == [absence.id]


def test_ended_agreements_are_not_absent() -> None:
    terminated_agreements = make_agreements(status="terminated", stands=Stands.NO, has_ended=True)
    assert slot_knowledge(AGREEMENTS, [terminated_agreements]) is Knowledge.NO_RECORD


def test_measures_of_another_kind_say_nothing() -> None:
    bans = [make_claim(Kind.BAN), make_claim(Kind.BAN, status="reported_absent", stands=Stands.NO)]
    assert slot_knowledge(AGREEMENTS, bans) is Knowledge.NO_RECORD


def test_no_record_has_no_supporting_claims() -> None:
    assert supporting_claim_ids(AGREEMENTS, Knowledge.NO_RECORD, [make_agreements()]) == []


def test_present_outranks_implied_and_implied_outranks_absent() -> None:
    absence = make_agreements(status="reported_absent", stands=Stands.NO)
    suit = make_claim(Kind.LITIGATION, implies=IMPLIES_AGREEMENTS)
    assert slot_knowledge(AGREEMENTS, [absence, suit]) is Knowledge.IMPLIED
    assert slot_knowledge(AGREEMENTS, [absence, suit, make_agreements()]) is Knowledge.PRESENT

"""Each slot of a stance has a basis: a measure, an implication, a roster or source of absence, or no record."""

import pytest

from legal.rules.knowledge import slot_basis
from legal.vocabulary import Kind, Knowledge, Stands
from tests.rules.factories import make_agreements, make_claim, make_roster

AGREEMENTS = Kind.ACTIVE_AGREEMENTS
IMPLIES_AGREEMENTS = frozenset({AGREEMENTS})


def test_measure_in_effect_is_present() -> None:
    agreements = make_agreements()
    assert slot_basis(AGREEMENTS, [agreements]) == (Knowledge.PRESENT, [agreements.id])


@pytest.mark.parametrize("stands", [Stands.POSSIBLE, Stands.UNKNOWN])
def test_measure_that_may_be_in_effect_is_possible(stands: Stands) -> None:
    agreements = make_agreements(stands=stands)
    assert slot_basis(AGREEMENTS, [agreements]) == (Knowledge.POSSIBLE, [agreements.id])


def test_suit_against_participation_implies_participation() -> None:
    suit = make_claim(Kind.LITIGATION, implies=IMPLIES_AGREEMENTS)
    assert slot_basis(AGREEMENTS, [suit]) == (Knowledge.IMPLIED, [suit.id])


def test_possible_suit_implies_only_a_possibility() -> None:
    suit = make_claim(Kind.LITIGATION, stands=Stands.POSSIBLE, implies=IMPLIES_AGREEMENTS)
    assert slot_basis(AGREEMENTS, [suit]) == (Knowledge.POSSIBLE, [suit.id])


def test_implied_agreement_is_only_possible_after_agreements_have_ended() -> None:
    suit = make_claim(Kind.LITIGATION, implies=IMPLIES_AGREEMENTS)
    voided_agreements = make_agreements(status="voided", stands=Stands.NO, has_ended=True)
    assert slot_basis(AGREEMENTS, [suit, voided_agreements]) == (Knowledge.POSSIBLE, [suit.id])


def test_measure_not_in_effect_implies_nothing() -> None:
    suit = make_claim(Kind.LITIGATION, stands=Stands.NO, implies=IMPLIES_AGREEMENTS)
    assert slot_basis(AGREEMENTS, [suit]) == (Knowledge.NO_RECORD, [])


def test_reported_absence_is_absent() -> None:
    absence = make_agreements(status="reported_absent", stands=Stands.NO)
    assert slot_basis(AGREEMENTS, [absence]) == (Knowledge.ABSENT, [absence.id])


def test_roster_without_the_jurisdiction_is_absent() -> None:
    suit = make_claim(Kind.LITIGATION, implies=IMPLIES_AGREEMENTS)
    possible_agreements = make_agreements(stands=Stands.POSSIBLE)
    assert slot_basis(AGREEMENTS, [suit, possible_agreements, make_roster(0)]) == (Knowledge.ABSENT, ["roster"])


def test_roster_with_the_jurisdiction_is_present() -> None:
    assert slot_basis(AGREEMENTS, [make_roster(3)]) == (Knowledge.PRESENT, ["roster"])


def test_later_roster_outdates_agreements_that_it_does_not_list() -> None:
    agreements, unlisted_agreements = make_agreements(), make_agreements(stands=Stands.NO, is_unlisted=True)
    assert slot_basis(AGREEMENTS, [unlisted_agreements, make_roster(0)]) == (Knowledge.ABSENT, ["roster"])
    assert slot_basis(AGREEMENTS, [agreements, make_roster(0)]) == (Knowledge.PRESENT, [agreements.id])


def test_roster_past_its_horizon_makes_agreements_only_possible() -> None:
    assert slot_basis(AGREEMENTS, [make_roster(3, Stands.POSSIBLE)]) == (Knowledge.POSSIBLE, ["roster"])


def test_roster_says_nothing_about_other_kinds() -> None:
    assert slot_basis(Kind.BAN, [make_roster(0)]) == (Knowledge.NO_RECORD, [])


def test_ended_agreements_are_not_absent() -> None:
    terminated_agreements = make_agreements(status="terminated", stands=Stands.NO, has_ended=True)
    assert slot_basis(AGREEMENTS, [terminated_agreements]) == (Knowledge.NO_RECORD, [])


def test_measures_of_another_kind_say_nothing() -> None:
    bans = [make_claim(Kind.BAN), make_claim(Kind.BAN, status="reported_absent", stands=Stands.NO)]
    assert slot_basis(AGREEMENTS, bans) == (Knowledge.NO_RECORD, [])


def test_first_level_that_applies_is_given() -> None:
    claims = [make_agreements(status="reported_absent", stands=Stands.NO)]
    levels = [slot_basis(AGREEMENTS, claims)[0]]
    for claim in (
        make_claim(Kind.LITIGATION, implies=IMPLIES_AGREEMENTS),
        make_agreements(stands=Stands.POSSIBLE),
        make_agreements(),
    ):
        claims.append(claim)
        levels.append(slot_basis(AGREEMENTS, claims)[0])
    assert levels == [Knowledge.ABSENT, Knowledge.IMPLIED, Knowledge.POSSIBLE, Knowledge.PRESENT]

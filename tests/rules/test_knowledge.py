"""What each slot of a stance rests on."""

import pytest

from legal.rules.knowledge import behind, of_slot
from legal.vocabulary import Kind, Knowledge, Stands
from tests.rules.factories import agreements, claim

HELD = Kind.ACTIVE_AGREEMENTS
IMPLIES = frozenset({HELD})


@pytest.mark.parametrize("stands", [Stands.YES, Stands.POSSIBLE, Stands.UNKNOWN])
def test_what_stands_or_may_stand_is_present(stands: Stands) -> None:
    one = agreements(stands=stands)
    assert (of_slot(HELD, [one]), behind(HELD, Knowledge.PRESENT, [one])) == (Knowledge.PRESENT, [one.id])


def test_a_suit_against_participation_implies_participation() -> None:
    suit = claim(Kind.LITIGATION, implies=IMPLIES)
    assert (of_slot(HELD, [suit]), behind(HELD, Knowledge.IMPLIED, [suit])) == (Knowledge.IMPLIED, [suit.id])


def test_what_does_not_stand_implies_nothing() -> None:
    assert of_slot(HELD, [claim(Kind.LITIGATION, stands=Stands.NO, implies=IMPLIES)]) is Knowledge.NO_RECORD


def test_a_source_that_says_there_is_none_makes_it_absent() -> None:
    none = agreements(status="reported_absent", stands=Stands.NO)
    assert (of_slot(HELD, [none]), behind(HELD, Knowledge.ABSENT, [none])) == (Knowledge.ABSENT, [none.id])


def test_what_has_ended_is_not_absent() -> None:
    assert of_slot(HELD, [agreements(status="terminated", stands=Stands.NO, over=True)]) is Knowledge.NO_RECORD


def test_a_measure_of_another_kind_says_nothing() -> None:
    assert of_slot(HELD, [claim(Kind.BAN), claim(Kind.BAN, status="reported_absent", stands=Stands.NO)]) is Knowledge.NO_RECORD


def test_nothing_stands_behind_no_record() -> None:
    assert behind(HELD, Knowledge.NO_RECORD, [agreements()]) == []


def test_present_outweighs_implied_and_implied_outweighs_absent() -> None:
    absent, suit = agreements(status="reported_absent", stands=Stands.NO), claim(Kind.LITIGATION, implies=IMPLIES)
    assert of_slot(HELD, [absent, suit]) is Knowledge.IMPLIED
    assert of_slot(HELD, [absent, suit, agreements()]) is Knowledge.PRESENT

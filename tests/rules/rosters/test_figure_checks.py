"""Roster checks: what the press says, held against the list of that day."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legal.rules.dates import UNKNOWN, when
from legal.rules.figures import Quantity, interval
from legal.rules.rosters.figure_checks import Check, Counts, Question, answerable, check, list_for
from legal.vocabulary import AgencyClass, Cohort, Comparator, Geography, Metric, Model, RosterVerdict, Unit

SEPTEMBER = Counts(1000, 832, 40, 0, {Model.TASK_FORCE: (500, 495)})
FLORIDA, TEXAS = Counts(325, 263), Counts(172, 135)
DAY = when("2025-09-17")


def said(value: float, unit: Unit, comparator: Comparator = Comparator.EXACT, **more: Any) -> Question:
    """A figure of that day about the whole list, as the rule sees it."""
    told: dict[str, Any] = {
        "metric": Metric.PARTICIPATION,
        "cohort": Cohort.ACTIVE_AT,
        "geography": None,
        "agency_class": None,
        "model": None,
    }
    told |= {"date": DAY, "national": True} | more
    return Question(quantity=Quantity(unit, value, *interval(comparator, value, unit)), comparator=comparator, **told)


def half(comparator: Comparator = Comparator.NEARLY, value: float = 50) -> Question:
    """A share of the task force model."""
    return said(value, Unit.PERCENT, comparator, metric=Metric.MODEL_SHARE, model=Model.TASK_FORCE)


def verdict(asked: Question, counts: Counts = SEPTEMBER) -> tuple[str, str | None, float | None]:
    """The verdict, the unit and the distance."""
    found = check(asked, counts)
    return found.verdict, found.matched_unit, found.off_by


def test_one_more_than_the_list_has_is_off_by_one() -> None:
    assert verdict(said(1001, Unit.AGREEMENTS)) == ("off_by", "agreements", 1)


def test_agencies_may_turn_out_to_be_agreements() -> None:
    assert verdict(said(1001, Unit.AGENCIES)) == ("off_by", "agreements", 1)


def test_one_more_than_the_whole_list_is_likely_its_header() -> None:
    assert "header" in (check(said(1001, Unit.AGREEMENTS), SEPTEMBER).likely or "")


def test_more_than_a_thousand_is_likely_a_thousand_and_the_header() -> None:
    assert "header" in (check(said(1000, Unit.AGENCIES, Comparator.MORE_THAN), SEPTEMBER).likely or "")


def test_what_the_reason_does_not_give_has_none() -> None:
    assert check(said(171, Unit.JURISDICTIONS, national=False), TEXAS).likely is None


def test_nought_is_close_to_nothing() -> None:
    assert verdict(said(1, Unit.AGREEMENTS, national=False), Counts(0, 0)) == ("differs", None, None)


def test_one_more_than_a_place_has_is_not_its_header() -> None:
    assert "header" not in (check(said(326, Unit.AGREEMENTS, national=False), FLORIDA).likely or "")


def test_agencies_that_are_agreements_are_likely_rows() -> None:
    assert "rows" in (check(said(325, Unit.JURISDICTIONS, national=False), FLORIDA).likely or "")


def test_what_matches_in_its_own_unit_needs_no_reason() -> None:
    assert check(said(832, Unit.AGENCIES), SEPTEMBER) == Check(RosterVerdict.MATCHES, Unit.AGENCIES)


def test_jurisdictions_may_turn_out_to_be_agreements() -> None:
    assert verdict(said(325, Unit.JURISDICTIONS, national=False), FLORIDA) == ("matches", "agreements", None)


def test_one_fewer_than_a_place_has_is_off_by_one() -> None:
    assert verdict(said(171, Unit.JURISDICTIONS, national=False), TEXAS) == ("off_by", "agreements", 1)


def test_about_a_thousand_is_a_thousand() -> None:
    assert verdict(said(1000, Unit.AGENCIES, Comparator.ABOUT)) == ("matches", "agreements", None)


def test_half_rounds_to_nearly_half() -> None:
    assert verdict(half()) == ("rounds_to", "agreements", None)


def test_a_little_less_than_half_is_nearly_half() -> None:
    assert verdict(half(), Counts(1000, 832, models={Model.TASK_FORCE: (490, 480)})) == ("matches", "agreements", None)


def test_a_share_of_an_empty_list_differs() -> None:
    assert verdict(half(), Counts(0, 0)) == ("differs", None, None)


def test_forty_states_are_forty() -> None:
    assert verdict(said(40, Unit.STATES, geography=Geography.STATES)) == ("matches", "states", None)


def test_forty_states_are_not_more_than_forty() -> None:
    assert verdict(said(40, Unit.STATES, Comparator.MORE_THAN, geography=Geography.STATES)) == ("off_by", "states", 1)


@pytest.mark.parametrize(
    ("geography", "found"),
    [(Geography.STATES, "off_by"), (Geography.STATES_AND_TERRITORIES, "matches"), (Geography.UNSPECIFIED, "matches")],
)
def test_territories_count_where_the_source_says_so_or_does_not_say(geography: Geography, found: str) -> None:
    assert verdict(said(41, Unit.STATES, geography=geography), Counts(1274, 1058, 40, 1))[0] == found


def test_a_round_figure_takes_what_rounds_to_it() -> None:
    assert verdict(said(1300, Unit.AGREEMENTS), Counts(1274, 1058)) == ("rounds_to", "agreements", None)


def test_a_figure_is_never_rounded_by_more_than_a_tenth() -> None:
    assert verdict(said(1000, Unit.AGENCIES), Counts(900, 832)) == ("differs", None, None)


def test_a_small_figure_is_not_taken_for_rounded() -> None:
    assert verdict(said(40, Unit.AGENCIES, national=False), Counts(38, 38)) == ("differs", None, None)


def test_a_figure_of_one_model_is_held_against_that_model() -> None:
    assert verdict(said(495, Unit.AGENCIES, model=Model.TASK_FORCE)) == ("matches", "agencies", None)


def test_a_hundredth_off_is_still_close() -> None:
    assert verdict(said(1007, Unit.AGREEMENTS)) == ("off_by", "agreements", 7)


def test_its_own_unit_comes_first_where_both_fit() -> None:
    assert verdict(said(8, Unit.AGENCIES, national=False), Counts(8, 8)) == ("matches", "agencies", None)


@given(st.integers(1, 3000), st.sampled_from(sorted(Comparator)), st.integers(0, 2000), st.integers(0, 2000))
def test_a_count_that_the_figure_allows_never_differs(value: int, comparator: Comparator, agreements: int, agencies: int) -> None:
    asked = said(value, Unit.AGREEMENTS, comparator)
    low, high = asked.quantity.low, asked.quantity.high
    if (low is None or low <= agreements) and (high is None or agreements <= high):
        assert check(asked, Counts(agreements, agencies)).verdict is RosterVerdict.MATCHES


@pytest.mark.parametrize(
    "more",
    [
        {"date": UNKNOWN},
        {"date": when("2019/..")},
        {"date": when("2026")},  # a year holds many lists
        {"model": Model.TASK_FORCE, "national": False},  # no list is counted by place and model at once
        {"agency_class": AgencyClass.COUNTY_JAILS},
        {"cohort": Cohort.SIGNED_IN},
        {"metric": Metric.NEW_PARTICIPATION, "cohort": Cohort.SIGNED_IN, "agency_class": AgencyClass.COUNTY_JAILS},
        {"metric": Metric.NEW_PARTICIPATION, "cohort": Cohort.SIGNED_IN, "model": Model.TASK_FORCE},
        {"cohort": None},
        {"metric": Metric.NEW_PARTICIPATION},
    ],
)
def test_what_no_list_can_speak_to_is_not_asked(more: dict[str, Any]) -> None:
    assert not answerable(said(10, Unit.AGREEMENTS, **more))


def test_a_place_has_no_number_of_states() -> None:
    assert not answerable(said(1, Unit.STATES, national=False))


def test_a_share_of_no_model_is_not_asked() -> None:
    assert not answerable(said(50, Unit.PERCENT, metric=Metric.MODEL_SHARE))


def test_a_share_of_a_model_is() -> None:
    assert answerable(half())


LISTS = [date(2024, 12, 18), date(2025, 5, 16), date(2025, 9, 17)]


@pytest.mark.parametrize(
    ("edtf", "found"),
    [
        ("2025-09-17", 2),
        ("2025-09-16", None),  # the list of May was replaced long before
        ("2025-06-10", 1),
        ("2024-12", 0),
        ("2025-01", 0),  # a month that begins a fortnight after the list
        ("2024-12-17", None),
        ("2025-10-18", 2),
        ("2025-10-19", None),
    ],
)
def test_the_list_is_the_last_one_in_force_on_the_figures_date(edtf: str, found: int | None) -> None:
    assert list_for(said(10, Unit.AGREEMENTS, date=when(edtf)), LISTS) == found


def signings(edtf: str, value: float = 1130, unit: Unit = Unit.AGREEMENTS, **more: Any) -> Question:
    """A count of those that signed in a period."""
    told = {"metric": Metric.NEW_PARTICIPATION, "cohort": Cohort.SIGNED_IN, "date": when(edtf)} | more
    return said(value, unit, Comparator.ABOUT, **told)


@pytest.mark.parametrize(
    ("edtf", "found"),
    [
        ("2024-12-01/2024-12-18", 0),  # a list of the period's last day has all of it
        ("2025-04", 1),
        ("2025-06", None),  # the next list came when some may have left
        ("2025", None),
    ],
)
def test_a_period_is_told_by_the_first_list_after_it(edtf: str, found: int | None) -> None:
    assert list_for(signings(edtf), LISTS) == found


def test_a_year_of_signatures_can_be_counted() -> None:
    assert answerable(signings("2025"))


def test_a_list_tells_state_agencies_apart() -> None:
    assert answerable(signings("2025", agency_class=AgencyClass.STATE_AGENCIES))


def test_signatures_are_held_against_agreements_and_agencies() -> None:
    assert verdict(signings("2025"), Counts(1140, 987)) == ("matches", "agreements", None)


def test_a_count_of_signatures_has_no_header() -> None:
    asked = replace(signings("2025", 1141), comparator=Comparator.EXACT, quantity=Quantity(Unit.AGREEMENTS, 1141, 1141, 1141))
    assert check(asked, Counts(1140, 987)).likely is None


def test_without_lists_none_was_in_force() -> None:
    assert list_for(said(10, Unit.AGREEMENTS), []) is None

"""Test roster checks: reported figures compared with the roster of their date."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legal.rules.conflicts import Period
from legal.rules.dates import UNKNOWN_DATE, parse_date
from legal.rules.figures import QuantityRange, allowed_interval, is_round_number
from legal.rules.rosters.figure_checks import (
    Crossing,
    FigureCheck,
    FigureClaim,
    UnitCounts,
    check_figure,
    find_crossings,
    find_roster_index,
    is_checkable,
)
from legal.vocabulary import AgencyClass, Cohort, Comparator, Geography, Metric, Model, RosterVerdict, Unit

SEPTEMBER_COUNTS = UnitCounts(1000, 832, 40, 0, {Model.TASK_FORCE: (500, 495)})
JANUARY_COUNTS = UnitCounts(1274, 1058, 40, 1)
FLORIDA_COUNTS, TEXAS_COUNTS = UnitCounts(325, 263), UnitCounts(172, 135)
NO_PERIOD = Period(UNKNOWN_DATE, UNKNOWN_DATE)
ROSTER_DATES = [date(2024, 12, 18), date(2025, 5, 16), date(2025, 9, 17)]


def claim_of(value: float, unit: Unit, comparator: Comparator = Comparator.EXACT, **changes: Any) -> FigureClaim:
    """Return a count of participation on September 17, 2025, for the nation."""
    fields: dict[str, Any] = {
        "metric": Metric.PARTICIPATION,
        "cohort": Cohort.ACTIVE_AT,
        "geography": None,
        "agency_class": None,
        "model": None,
        "date": parse_date("2025-09-17"),
        "period": NO_PERIOD,
        "is_rounded": is_round_number(comparator, value, unit),
        "is_national": True,
        **changes,
    }
    quantity = QuantityRange(unit, value, *allowed_interval(comparator, value, unit))
    return FigureClaim(quantity=quantity, comparator=comparator, **fields)


def task_force_share(comparator: Comparator = Comparator.NEARLY, value: float = 50) -> FigureClaim:
    """Return a share of the task force model, in percent."""
    return claim_of(value, Unit.PERCENT, comparator, metric=Metric.MODEL_SHARE, model=Model.TASK_FORCE)


def signatures_claim(edtf: str, value: float = 1130, unit: Unit = Unit.AGREEMENTS, **changes: Any) -> FigureClaim:
    """Return a count of agreements signed in a period."""
    fields = {"metric": Metric.NEW_PARTICIPATION, "cohort": Cohort.SIGNED_IN, "date": parse_date(edtf), **changes}
    return claim_of(value, unit, Comparator.ABOUT, **fields)


def check_result(claim: FigureClaim, counts: UnitCounts = SEPTEMBER_COUNTS) -> tuple[str, str | None, float | None]:
    """Return verdict, matched unit and distance."""
    check = check_figure(claim, counts)
    return check.verdict, check.matched_unit, check.off_by


def likely_reason(claim: FigureClaim, counts: UnitCounts = SEPTEMBER_COUNTS) -> str:
    """Return the likely reason; empty if there is none."""
    return check_figure(claim, counts).likely or ""


def test_one_more_than_the_roster_is_off_by_one() -> None:
    assert check_result(claim_of(1001, Unit.AGREEMENTS)) == ("off_by", "agreements", 1)


def test_figure_in_agencies_can_match_agreements() -> None:
    assert check_result(claim_of(1001, Unit.AGENCIES)) == ("matches_other_unit", "agreements", 1)


def test_thousand_agencies_match_another_unit() -> None:
    check = check_figure(claim_of(1000, Unit.AGENCIES), SEPTEMBER_COUNTS)
    assert (check.verdict, check.matched_unit, check.fit) == ("matches_other_unit", "agreements", "matches")


def test_rounded_figure_can_match_another_unit() -> None:
    check = check_figure(claim_of(1000, Unit.AGENCIES), UnitCounts(1001, 832))
    assert (check.verdict, check.matched_unit, check.fit) == ("matches_other_unit", "agreements", "rounds_to")


def test_rounded_match_in_the_own_unit_comes_before_another_unit() -> None:
    assert check_result(claim_of(1000, Unit.AGENCIES), UnitCounts(1000, 970)) == ("rounds_to", "agencies", None)


def test_match_in_another_unit_comes_before_a_near_miss_in_the_own() -> None:
    assert check_result(claim_of(9, Unit.AGENCIES, is_national=False), UnitCounts(9, 8)) == ("matches_other_unit", "agreements", None)


def test_near_miss_in_the_own_unit_comes_before_one_in_another() -> None:
    assert check_result(claim_of(9, Unit.AGENCIES, is_national=False), UnitCounts(10, 8)) == ("off_by", "agencies", 1)


def test_number_that_is_said_to_be_exact_is_not_rounded() -> None:
    assert check_result(claim_of(1300, Unit.AGREEMENTS, is_rounded=False), JANUARY_COUNTS) == ("differs", None, None)


def test_one_more_than_the_whole_roster_is_likely_its_header() -> None:
    assert "header" in likely_reason(claim_of(1001, Unit.AGREEMENTS))


def test_more_than_the_whole_roster_is_likely_its_header() -> None:
    assert "header" in likely_reason(claim_of(1000, Unit.AGENCIES, Comparator.MORE_THAN))


def test_figure_below_the_count_has_no_likely_reason() -> None:
    assert likely_reason(claim_of(171, Unit.JURISDICTIONS, is_national=False), TEXAS_COUNTS) == ""


def test_zero_is_not_close_to_any_figure() -> None:
    assert check_result(claim_of(1, Unit.AGREEMENTS, is_national=False), UnitCounts(0, 0)) == ("differs", None, None)


def test_one_more_than_a_jurisdiction_is_not_its_header() -> None:
    assert "header" not in likely_reason(claim_of(326, Unit.AGREEMENTS, is_national=False), FLORIDA_COUNTS)


def test_jurisdictions_that_match_agreements_are_likely_rows() -> None:
    assert "rows" in likely_reason(claim_of(325, Unit.JURISDICTIONS, is_national=False), FLORIDA_COUNTS)


def test_match_in_the_own_unit_has_no_likely_reason() -> None:
    check = check_figure(claim_of(832, Unit.AGENCIES), SEPTEMBER_COUNTS)
    assert check == FigureCheck(RosterVerdict.MATCHES, Unit.AGENCIES, RosterVerdict.MATCHES)


def test_figure_in_jurisdictions_can_match_agreements() -> None:
    claim = claim_of(325, Unit.JURISDICTIONS, is_national=False)
    assert check_result(claim, FLORIDA_COUNTS) == ("matches_other_unit", "agreements", None)


def test_one_fewer_than_a_jurisdiction_is_off_by_one() -> None:
    claim = claim_of(171, Unit.JURISDICTIONS, is_national=False)
    assert check_result(claim, TEXAS_COUNTS) == ("matches_other_unit", "agreements", 1)


def test_about_a_thousand_matches_a_thousand() -> None:
    assert check_result(claim_of(1000, Unit.AGENCIES, Comparator.ABOUT)) == ("matches_other_unit", "agreements", None)


def test_exactly_half_rounds_to_nearly_half() -> None:
    assert check_result(task_force_share()) == ("rounds_to", "agreements", None)


def test_a_little_less_than_half_matches_nearly_half() -> None:
    counts = UnitCounts(1000, 832, models={Model.TASK_FORCE: (490, 480)})
    assert check_result(task_force_share(), counts) == ("matches", "agreements", None)


def test_share_of_an_empty_roster_differs() -> None:
    assert check_result(task_force_share(), UnitCounts(0, 0)) == ("differs", None, None)


def test_forty_states_match_forty() -> None:
    assert check_result(claim_of(40, Unit.STATES, geography=Geography.STATES)) == ("matches", "states", None)


def test_more_than_forty_states_are_off_by_one_from_forty() -> None:
    claim = claim_of(40, Unit.STATES, Comparator.MORE_THAN, geography=Geography.STATES)
    assert check_result(claim) == ("off_by", "states", 1)


@pytest.mark.parametrize(
    ("geography", "verdict"),
    [(Geography.STATES, "off_by"), (Geography.STATES_AND_TERRITORIES, "matches"), (Geography.UNSPECIFIED, "matches")],
)
def test_territories_count_unless_the_source_means_states_only(geography: Geography, verdict: str) -> None:
    assert check_result(claim_of(41, Unit.STATES, geography=geography), JANUARY_COUNTS)[0] == verdict


def test_round_figure_accepts_a_count_that_rounds_to_it() -> None:
    assert check_result(claim_of(1300, Unit.AGREEMENTS), JANUARY_COUNTS) == ("rounds_to", "agreements", None)


def test_figure_is_never_rounded_by_more_than_a_tenth() -> None:
    assert check_result(claim_of(1000, Unit.AGENCIES), UnitCounts(900, 832)) == ("differs", None, None)


def test_figure_below_a_hundred_is_not_rounded() -> None:
    assert check_result(claim_of(40, Unit.AGENCIES, is_national=False), UnitCounts(38, 38)) == ("differs", None, None)


def test_figure_of_a_model_is_compared_with_that_model() -> None:
    assert check_result(claim_of(495, Unit.AGENCIES, model=Model.TASK_FORCE)) == ("matches", "agencies", None)


def test_count_within_one_percent_is_off_by() -> None:
    assert check_result(claim_of(1007, Unit.AGREEMENTS)) == ("off_by", "agreements", 7)


def test_own_unit_wins_if_both_units_fit() -> None:
    assert check_result(claim_of(8, Unit.AGENCIES, is_national=False), UnitCounts(8, 8)) == ("matches", "agencies", None)


@given(st.integers(1, 3000), st.sampled_from(sorted(Comparator)), st.integers(0, 2000), st.integers(0, 2000))
def test_count_in_the_interval_always_matches(value: int, comparator: Comparator, agreements: int, agencies: int) -> None:
    claim = claim_of(value, Unit.AGREEMENTS, comparator)
    low, high = claim.quantity.low, claim.quantity.high
    if (low is None or low <= agreements) and (high is None or agreements <= high):
        assert check_figure(claim, UnitCounts(agreements, agencies)).verdict is RosterVerdict.MATCHES


@pytest.mark.parametrize(
    "changes",
    [
        {"date": parse_date("2026")},  # several rosters in one year
        {"model": Model.TASK_FORCE, "is_national": False},  # counts by jurisdiction and model do not exist
        {"agency_class": AgencyClass.COUNTY_JAILS},
        {"cohort": Cohort.SIGNED_IN},
        {"metric": Metric.NEW_PARTICIPATION, "cohort": Cohort.SIGNED_IN, "agency_class": AgencyClass.COUNTY_JAILS},
        {"metric": Metric.NEW_PARTICIPATION, "cohort": Cohort.SIGNED_IN, "model": Model.TASK_FORCE},
        {"cohort": None},
        {"metric": Metric.NEW_PARTICIPATION},
    ],
)
def test_figure_that_no_roster_can_answer_is_not_checkable(changes: dict[str, Any]) -> None:
    assert not is_checkable(claim_of(10, Unit.AGREEMENTS, **changes))


def test_number_of_states_is_checkable_only_for_the_nation() -> None:
    assert not is_checkable(claim_of(1, Unit.STATES, is_national=False))


def test_share_without_a_model_is_not_checkable() -> None:
    assert not is_checkable(claim_of(50, Unit.PERCENT, metric=Metric.MODEL_SHARE))


def test_share_of_a_model_is_checkable() -> None:
    assert is_checkable(task_force_share())


@pytest.mark.parametrize(
    ("edtf", "index"),
    [
        ("2025-09-17", 2),
        ("2025-09-16", None),  # the roster of May was replaced long before
        ("2025-06-10", 1),
        ("2024-12", 0),
        ("2025-01", 0),  # a month that begins two weeks after the roster
        ("2024-12-17", None),
        ("2025-10-18", 2),
        ("2025-10-19", None),
    ],
)
def test_roster_is_the_last_one_in_force_on_the_date(edtf: str, index: int | None) -> None:
    assert find_roster_index(claim_of(10, Unit.AGREEMENTS, date=parse_date(edtf)), ROSTER_DATES) == index


@pytest.mark.parametrize(
    ("edtf", "index"),
    [
        ("2024-12-01/2024-12-18", 0),  # a roster of the period's last day has all of it
        ("2025-04", 1),
        ("2025-06", None),  # when the next roster came, agencies may have left
        ("2025", None),
    ],
)
def test_signatures_are_counted_in_the_first_roster_after_the_period(edtf: str, index: int | None) -> None:
    assert find_roster_index(signatures_claim(edtf), ROSTER_DATES) == index


def test_signatures_of_a_year_are_checkable() -> None:
    assert is_checkable(signatures_claim("2025"))


def test_signatures_of_state_agencies_are_checkable() -> None:
    assert is_checkable(signatures_claim("2025", agency_class=AgencyClass.STATE_AGENCIES))


def test_signatures_are_compared_with_agreements_and_agencies() -> None:
    assert check_result(signatures_claim("2025"), UnitCounts(1140, 987)) == ("matches", "agreements", None)


def test_count_of_signatures_does_not_include_a_header() -> None:
    exact_quantity = QuantityRange(Unit.AGREEMENTS, 1141, 1141, 1141)
    claim = replace(signatures_claim("2025", 1141), comparator=Comparator.EXACT, quantity=exact_quantity)
    assert check_figure(claim, UnitCounts(1140, 987)).likely is None


def test_undated_figure_is_of_no_roster() -> None:
    claim = claim_of(1000, Unit.AGREEMENTS, date=parse_date("2019/.."))
    assert (is_checkable(claim), find_roster_index(claim, ROSTER_DATES)) == (True, None)


@pytest.mark.parametrize(
    ("edtf", "index"),
    [
        ("2025-09-30", 2),  # the roster of the day on which they were active
        ("2025-12-31", 1),  # none is close enough to that day, so the first after the period
    ],
)
def test_active_signatures_are_counted_on_the_day_or_after_the_period(edtf: str, index: int) -> None:
    period = Period(parse_date("2025-04-01"), parse_date("2025-04-30"))
    claim = signatures_claim(edtf, cohort=Cohort.ACTIVE_SIGNED_IN, period=period)
    assert (is_checkable(claim), find_roster_index(claim, ROSTER_DATES)) == (True, index)


def test_active_signatures_without_a_bounded_period_are_not_checkable() -> None:
    assert not is_checkable(signatures_claim("2025-09-17", cohort=Cohort.ACTIVE_SIGNED_IN))


COUNTS_OVER_TIME = [UnitCounts(*counts) for counts in ((900, 800), (1000, 850), (1000, 990), (1100, 1005), (990, 900), (1010, 950))]


def test_undated_number_lies_where_the_counts_have_it_or_pass_it() -> None:
    crossings = find_crossings(claim_of(1000, Unit.AGREEMENTS, date=UNKNOWN_DATE, is_rounded=False), COUNTS_OVER_TIME)
    assert [(crossing.unit, crossing.first, crossing.last) for crossing in crossings] == [
        ("agreements", 1, 2),  # at both rosters
        ("agreements", 3, 4),  # passed on the way down
        ("agreements", 4, 5),  # and on the way up
        ("agencies", 2, 3),
        ("agencies", 3, 4),
    ]
    assert crossings[1] == Crossing(Unit.AGREEMENTS, 3, 1100, 4, 990)


def test_undated_round_number_lies_where_the_counts_round_to_it() -> None:
    crossings = find_crossings(claim_of(1000, Unit.AGREEMENTS, date=UNKNOWN_DATE), COUNTS_OVER_TIME[:4])
    assert crossings[0] == Crossing(Unit.AGREEMENTS, 1, 1000, 2, 1000)
    assert crossings[1] == Crossing(Unit.AGENCIES, 2, 990, 3, 1005)


def test_undated_number_beyond_all_counts_lies_nowhere() -> None:
    assert find_crossings(claim_of(1412, Unit.AGREEMENTS, date=UNKNOWN_DATE), COUNTS_OVER_TIME) == []


def test_undated_share_skips_rosters_without_agreements() -> None:
    share = replace(task_force_share(Comparator.EXACT), date=UNKNOWN_DATE)
    counts = [
        UnitCounts(10, 10, models={Model.TASK_FORCE: (4, 4)}),
        UnitCounts(0, 0),
        UnitCounts(10, 10, models={Model.TASK_FORCE: (6, 6)}),
    ]
    assert find_crossings(share, counts) == [Crossing(Unit.AGREEMENTS, 0, 40, 2, 60)]


def test_undated_number_of_states_is_read_with_and_without_territories() -> None:
    claim = claim_of(40, Unit.STATES, geography=Geography.UNSPECIFIED, date=UNKNOWN_DATE)
    crossings = find_crossings(claim, [UnitCounts(9, 9, 39, 0), UnitCounts(9, 9, 39, 1), UnitCounts(9, 9, 41, 1)])
    assert [(crossing.first, crossing.first_count, crossing.last, crossing.last_count) for crossing in crossings] == [
        (1, 39, 2, 41),
        (1, 40, 1, 40),
    ]


def test_no_roster_fits_if_none_is_on_file() -> None:
    assert find_roster_index(claim_of(10, Unit.AGREEMENTS), []) is None

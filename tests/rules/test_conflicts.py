"""Two figures on one metric and jurisdiction are compared by the first dimension that decides."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legal.rules.conflicts import UNPAIRED_METRICS, ComparableFigure, Period, are_different_days, compare_figures, pairing_type
from legal.rules.dates import UNKNOWN_DATE, EdtfDate, parse_date
from legal.rules.figures import QuantityRange, allowed_interval, is_round_number
from legal.vocabulary import AgencyClass, Cohort, Comparator, Dimension, Geography, Metric, Quantity, Unit, Verdict
from tests.examples import examples
from tests.rules.factories import SAMPLE_DATES, undated_but_read_on

ANNOUNCEMENT_DATE = parse_date("2025-09-17")
NO_PERIOD = Period(UNKNOWN_DATE, UNKNOWN_DATE)
YEAR_2025 = Period(parse_date("2025-01-01"), parse_date("2025-12-31"))
DIFFERENCES_IN_ORDER: list[tuple[str, object]] = [
    ("unit", Unit.AGENCIES),
    ("cohort", Cohort.EVER_SINCE),
    ("agency_class", AgencyClass.COUNTY_JAILS),
    ("geography", Geography.STATES),
    ("date", parse_date("2024")),
]
"""The dimensions in the order in which they decide, each with a value that differs from the default figure's."""


def make_figure(value: float = 1001, unit: str = Unit.AGREEMENTS, comparator: str = Comparator.EXACT, **fields: object) -> ComparableFigure:
    """Return a count of those that were active on the day of the announcement."""
    all_fields = {
        "id": "figure",
        "cohort": Cohort.ACTIVE_AT,
        "agency_class": None,
        "geography": None,
        "date": ANNOUNCEMENT_DATE,
        "period": NO_PERIOD,
        "is_rounded": is_round_number(comparator, value, unit),
    } | fields
    return ComparableFigure(quantity=QuantityRange(unit, float(value), *allowed_interval(comparator, value, unit)), **all_fields)  # type: ignore[arg-type]


def make_period(begins: str | None, ends: str | None) -> Period:
    """Return a period from its two ends in EDTF."""
    return Period(parse_date(begins), parse_date(ends))


def compare_to_pair(first: ComparableFigure, second: ComparableFigure) -> tuple[str, str]:
    """Return the verdict of a comparison and the dimension that decides it."""
    comparison = compare_figures(first, second)
    return comparison.verdict, comparison.dimension


# Pairs from the documents.


def test_forty_states_and_more_than_forty_on_one_day_contradict() -> None:
    exact, more = (make_figure(40, Unit.STATES, comparator, geography=Geography.STATES) for comparator in ("exact", "more_than"))
    assert compare_to_pair(exact, more) == ("contradictory", "value")


def test_agreements_are_not_compared_with_agencies() -> None:
    assert compare_to_pair(make_figure(1001), make_figure(1001, Unit.AGENCIES)) == ("not_comparable", "unit")


def test_undated_larger_count_does_not_contradict_a_smaller_one() -> None:
    assert compare_to_pair(make_figure(1001), make_figure(1412, date=UNKNOWN_DATE)) == ("underspecified", "date")


def test_jurisdictions_are_not_compared_with_agreements() -> None:
    assert compare_to_pair(make_figure(150, Unit.JURISDICTIONS, "nearly"), make_figure(150)) == ("not_comparable", "unit")


def test_percentage_is_compatible_with_its_rounding() -> None:
    assert compare_to_pair(make_figure(641, Unit.PERCENT), make_figure(600, Unit.PERCENT, "more_than")) == ("compatible", "comparator")


# What the figures count.


@pytest.mark.parametrize(
    ("dimension", "first_value", "second_value"),
    [
        ("cohort", Cohort.ACTIVE_AT, Cohort.EVER_SINCE),
        ("agency_class", AgencyClass.COUNTY_JAILS, AgencyClass.COUNTY_SHERIFFS),
        ("geography", Geography.STATES, Geography.STATES_AND_TERRITORIES),
    ],
)
def test_counts_of_different_subjects_are_not_compared(dimension: str, first_value: str, second_value: str) -> None:
    first, second = make_figure(**{dimension: first_value}), make_figure(**{dimension: second_value})
    assert compare_to_pair(first, second) == ("not_comparable", dimension)


@pytest.mark.parametrize(
    ("dimension", "specified_value", "unspecified_value"),
    [
        ("cohort", Cohort.ACTIVE_AT, None),
        ("agency_class", AgencyClass.COUNTY_JAILS, None),
        ("geography", Geography.STATES, None),
        ("geography", Geography.STATES, Geography.UNSPECIFIED),
    ],
)
def test_dimension_that_one_source_omits_is_underspecified(dimension: str, specified_value: str, unspecified_value: str | None) -> None:
    first, second = make_figure(**{dimension: specified_value}), make_figure(**{dimension: unspecified_value})
    assert compare_to_pair(first, second) == ("underspecified", dimension)


def test_dimension_that_both_sources_omit_does_not_decide() -> None:
    assert compare_to_pair(make_figure(geography=None), make_figure(geography=Geography.UNSPECIFIED)) == ("compatible", "value")


def test_explanation_of_an_omission_gives_the_specified_value() -> None:
    assert "county_jails" in compare_figures(make_figure(agency_class=AgencyClass.COUNTY_JAILS), make_figure()).explanation


@pytest.mark.parametrize("position", range(len(DIFFERENCES_IN_ORDER)))
def test_first_dimension_that_differs_decides(position: int) -> None:
    first = {"agency_class": AgencyClass.LOCAL_POLICE, "geography": Geography.STATES_AND_TERRITORIES}
    second = first | dict(DIFFERENCES_IN_ORDER[position:])
    comparison = compare_figures(make_figure(1, **first), make_figure(2, **second))  # type: ignore[arg-type]
    assert comparison.dimension == DIFFERENCES_IN_ORDER[position][0]


# Dates.


def test_figures_of_different_dates_are_a_succession() -> None:
    assert compare_to_pair(make_figure(135, date=parse_date("2025-01")), make_figure(1001)) == ("succession", "date")


def test_equal_figures_of_different_dates_are_a_succession() -> None:
    assert compare_to_pair(make_figure(date=parse_date("2024-12")), make_figure()) == ("succession", "date")


def test_counts_of_different_periods_are_not_compared() -> None:
    counts = [make_figure(value, cohort=Cohort.SIGNED_IN, date=parse_date(year)) for value, year in ((1130, "2025"), (100, "2026"))]
    assert compare_to_pair(*counts) == ("not_comparable", "date")


def test_different_counts_of_one_period_contradict() -> None:
    counts = [make_figure(value, cohort=Cohort.SIGNED_IN, date=parse_date("2025")) for value in (1130, 900)]
    assert compare_to_pair(*counts) == ("contradictory", "value")


@pytest.mark.parametrize("date", ["2025", "2025-09", "2019/..", "../2026"])
def test_same_month_or_year_is_not_the_same_day(date: str) -> None:
    assert compare_to_pair(make_figure(40, date=parse_date(date)), make_figure(41, date=parse_date(date))) == ("underspecified", "date")


def test_day_within_a_month_may_or_may_not_be_the_same_day() -> None:
    assert compare_to_pair(make_figure(40), make_figure(41, date=parse_date("2025-09"))) == ("underspecified", "date")


def test_missing_date_does_not_decide_if_the_intervals_overlap() -> None:
    undated_figure = make_figure(1412, date=UNKNOWN_DATE)
    assert compare_to_pair(undated_figure, make_figure(1000, comparator="more_than")) == ("compatible", "comparator")


def test_undated_document_gives_its_figure_no_date() -> None:
    assert compare_to_pair(make_figure(40, date=undated_but_read_on("2026-11-22")), make_figure(41)) == ("underspecified", "date")


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("2025-01", "2025-02", True),
        ("2025", "2025-12", False),
        ("../2024", "2025", True),
        ("2025", "../2024", True),
        ("../2024", "2020/..", False),
        (None, "2025", False),
    ],
)
def test_dates_are_different_days_only_if_they_share_no_day(first: str | None, second: str, expected: bool) -> None:
    assert are_different_days(parse_date(first), parse_date(second)) is expected


# Quantities.


def test_equal_figures_are_compatible_on_value() -> None:
    assert compare_to_pair(make_figure(), make_figure()) == ("compatible", "value")


def test_intervals_that_share_one_number_are_compatible() -> None:
    assert compare_to_pair(make_figure(40, comparator="at_most"), make_figure(40, comparator="at_least")) == ("compatible", "comparator")


@pytest.mark.parametrize(("first", "second"), [(1000, 1001), (1000, 950), (1000, 1049), (40_000, 39_500), (150, 148)])
def test_round_number_is_compatible_with_what_rounds_to_it(first: int, second: int) -> None:
    assert compare_to_pair(make_figure(first), make_figure(second)) == ("compatible", "rounding")


def test_round_number_contradicts_what_does_not_round_to_it() -> None:
    assert compare_to_pair(make_figure(1000), make_figure(1051)) == ("contradictory", "value")


def test_number_that_is_said_to_be_exact_does_not_round() -> None:
    assert compare_to_pair(make_figure(1000, is_rounded=False), make_figure(1001)) == ("contradictory", "value")


# Periods, and two ends of one statement.


def test_two_ends_of_one_statement_are_a_succession() -> None:
    vague = {"date": parse_date("2017/2021"), "unit": Unit.JURISDICTIONS}
    begin, end = make_figure(35, id="begin", **vague), make_figure(150, id="end", comparator="nearly", follows="begin", **vague)  # type: ignore[arg-type]
    assert compare_to_pair(begin, end) == compare_to_pair(end, begin) == ("succession", "date")


def test_growth_in_different_periods_is_not_compared() -> None:
    growth = [
        make_figure(value, Unit.PERCENT, cohort=None, period=make_period(begins, "2025-09-17"))
        for value, begins in ((641, "2025-01"), (600, "2024-12"))
    ]
    assert compare_to_pair(*growth) == ("not_comparable", "date")


def test_counts_of_one_period_without_a_date_contradict() -> None:
    counts = [make_figure(value, Unit.ARRESTS, cohort=None, date=UNKNOWN_DATE, period=YEAR_2025) for value in (512, 733)]
    assert compare_to_pair(*counts) == ("contradictory", "value")


@pytest.mark.parametrize("period", [NO_PERIOD, make_period("2025", "2025-12-31"), make_period(None, "2025-12-31")])
def test_counts_of_a_vague_period_leave_it_open(period: Period) -> None:
    counts = [make_figure(value, Unit.ARRESTS, cohort=None, date=UNKNOWN_DATE, period=period) for value in (512, 733)]
    assert compare_to_pair(*counts) == ("underspecified", "date")


def test_signed_in_a_period_and_active_later_is_another_cohort() -> None:
    active = make_figure(1130, cohort=Cohort.ACTIVE_SIGNED_IN, period=YEAR_2025)
    signed = make_figure(1000, cohort=Cohort.SIGNED_IN, date=parse_date("2025"), period=YEAR_2025)
    assert compare_to_pair(active, signed) == ("not_comparable", "cohort")


@pytest.mark.parametrize(
    ("metric", "quantity", "expected"),
    [
        (Metric.ARRESTS, Quantity.COUNT, "count"),
        (Metric.ARRESTS, Quantity.ESTIMATE, "count"),
        (Metric.ARRESTS, Quantity.GOAL, "goal"),
        (Metric.OTHER, Quantity.COUNT, None),
    ],
)
def test_goals_are_never_paired_with_counts(metric: str, quantity: str, expected: str | None) -> None:
    assert pairing_type(metric, quantity) == expected


def test_every_verdict_and_every_dimension_occurs() -> None:
    figures = [
        make_figure(value, unit, comparator, cohort=cohort, agency_class=agency_class, geography=geography, date=date)
        for value, comparator in ((40, "exact"), (40, "more_than"))
        for unit in (Unit.STATES, Unit.AGENCIES)
        for cohort in (Cohort.ACTIVE_AT, Cohort.SIGNED_IN)
        for agency_class in (None, AgencyClass.COUNTY_JAILS)
        for geography in (None, Geography.STATES)
        for date in (ANNOUNCEMENT_DATE, parse_date("2024"))
    ] + [
        make_figure(41, Unit.STATES),
        make_figure(40, Unit.STATES, "at_least"),
        make_figure(1000, Unit.STATES),
        make_figure(1001, Unit.STATES),
    ]
    pairs = {compare_to_pair(first, second) for first in figures for second in figures}
    assert {verdict for verdict, _ in pairs} == set(Verdict)
    # Statements in words are judged by editors, not by this rule.
    assert {dimension for _, dimension in pairs} == set(Dimension) - {Dimension.STATEMENT}


def test_figures_of_the_metric_other_are_not_paired() -> None:
    assert {Metric.OTHER} == UNPAIRED_METRICS


# Properties.


@st.composite
def generate_figures(draw: st.DrawFn) -> ComparableFigure:
    """Generate any figure."""
    return make_figure(
        draw(st.sampled_from([*range(30, 50), 990, 1000, 1001, 1049])),
        draw(st.sampled_from([Unit.AGREEMENTS, Unit.PERCENT])),
        draw(st.sampled_from(list(Comparator))),
        cohort=draw(st.sampled_from([None, *Cohort])),
        agency_class=draw(st.sampled_from([None, AgencyClass.COUNTY_JAILS])),
        geography=draw(st.sampled_from([None, *Geography])),
        date=draw(st.sampled_from(SAMPLE_DATES)),
        period=draw(st.sampled_from([NO_PERIOD, YEAR_2025, make_period("2024", "2025-12-31"), make_period(None, "2026-01")])),
    )


@given(generate_figures(), generate_figures())
@examples(20)
def test_verdict_does_not_depend_on_the_order_of_the_figures(first: ComparableFigure, second: ComparableFigure) -> None:
    assert compare_to_pair(first, second) == compare_to_pair(second, first)


@given(generate_figures())
@examples(10)
def test_figure_is_compatible_with_itself(figure: ComparableFigure) -> None:
    assert compare_to_pair(figure, figure) == ("compatible", "value")


@given(generate_figures(), generate_figures())
@examples(20)
def test_only_figures_that_cannot_both_be_true_contradict(first: ComparableFigure, second: ComparableFigure) -> None:
    if compare_figures(first, second).verdict is Verdict.CONTRADICTORY:
        assert first.quantity.unit == second.quantity.unit
        assert not first.quantity.overlaps(second.quantity)
        assert first.time == second.time != make_figure(date=UNKNOWN_DATE).time


@given(generate_figures(), generate_figures(), st.sampled_from(SAMPLE_DATES))
@examples(10)
def test_date_does_not_change_a_comparison_of_subjects(first: ComparableFigure, second: ComparableFigure, date: EdtfDate) -> None:
    if compare_figures(first, second).dimension in ("unit", "cohort", "agency_class", "geography"):
        redated_figure = replace(first, date=date)
        assert compare_figures(redated_figure, second) == compare_figures(first, second)

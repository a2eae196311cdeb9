"""What two figures on one metric and place say of each other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legal.rules.conflicts import HETEROGENEOUS, Reported, apart, compare
from legal.rules.dates import UNKNOWN, When, when
from legal.rules.figures import Quantity, interval
from legal.vocabulary import AgencyClass, Cohort, Comparator, Dimension, Geography, Metric, Unit, Verdict
from tests.examples import examples
from tests.rules.factories import POOL, day

ANNOUNCED = when("2025-09-17")
IN_ORDER: list[tuple[str, object]] = [
    ("unit", Unit.AGENCIES),
    ("cohort", Cohort.EVER_SINCE),
    ("agency_class", AgencyClass.COUNTY_JAILS),
    ("geography", Geography.STATES),
    ("date", when("2024")),
]
"""The dimensions in the order in which they decide, each with a value that differs from that of the figures below."""


def told(value: float = 1001, unit: str = Unit.AGREEMENTS, comparator: str = Comparator.EXACT, **more: object) -> Reported:
    """A count of what was active on the day of the announcement."""
    said = {"cohort": Cohort.ACTIVE_AT, "agency_class": None, "geography": None, "date": ANNOUNCED} | more
    return Reported("figure", Quantity(unit, float(value), *interval(comparator, value, unit)), **said)  # type: ignore[arg-type]


def found(one: Reported, other: Reported) -> tuple[str, str]:
    """A comparison's verdict and what decides it."""
    comparison = compare(one, other)
    return comparison.verdict, comparison.dimension


# What the documents say, side by side.


def test_forty_states_and_more_than_forty_on_one_day_contradict_each_other() -> None:
    forty, more = (told(40, Unit.STATES, comparator, geography=Geography.STATES) for comparator in ("exact", "more_than"))
    assert found(forty, more) == ("contradictory", "value")


def test_agreements_are_not_compared_with_agencies() -> None:
    assert found(told(1001), told(1001, Unit.AGENCIES)) == ("not_comparable", "unit")


def test_without_a_date_more_agreements_do_not_contradict_fewer() -> None:
    assert found(told(1001), told(1412, date=UNKNOWN)) == ("underspecified", "date")


def test_jurisdictions_are_not_compared_with_agreements() -> None:
    assert found(told(150, Unit.JURISDICTIONS, "nearly"), told(150)) == ("not_comparable", "unit")


def test_a_percentage_and_its_rounding_are_compatible() -> None:
    assert found(told(641, Unit.PERCENT), told(600, Unit.PERCENT, "more_than")) == ("compatible", "comparator")


# What is counted.


@pytest.mark.parametrize(
    ("dimension", "one", "other"),
    [
        ("cohort", Cohort.ACTIVE_AT, Cohort.EVER_SINCE),
        ("agency_class", AgencyClass.COUNTY_JAILS, AgencyClass.COUNTY_SHERIFFS),
        ("geography", Geography.STATES, Geography.STATES_AND_TERRITORIES),
    ],
)
def test_figures_of_different_things_are_not_compared(dimension: str, one: str, other: str) -> None:
    assert found(told(**{dimension: one}), told(**{dimension: other})) == ("not_comparable", dimension)


@pytest.mark.parametrize(
    ("dimension", "one", "unsaid"),
    [
        ("cohort", Cohort.ACTIVE_AT, None),
        ("agency_class", AgencyClass.COUNTY_JAILS, None),
        ("geography", Geography.STATES, None),
        ("geography", Geography.STATES, Geography.UNSPECIFIED),
    ],
)
def test_a_source_that_leaves_out_what_it_counts_decides_nothing(dimension: str, one: str, unsaid: str | None) -> None:
    assert found(told(**{dimension: one}), told(**{dimension: unsaid})) == ("underspecified", dimension)


def test_what_neither_source_says_does_not_tell_them_apart() -> None:
    assert found(told(geography=None), told(geography=Geography.UNSPECIFIED)) == ("compatible", "value")


def test_what_is_said_of_an_omission_names_what_the_other_source_says() -> None:
    assert "county_jails" in compare(told(agency_class=AgencyClass.COUNTY_JAILS), told()).why


@pytest.mark.parametrize("position", range(len(IN_ORDER)))
def test_the_first_dimension_that_differs_decides(position: int) -> None:
    one = {"agency_class": AgencyClass.LOCAL_POLICE, "geography": Geography.STATES_AND_TERRITORIES}
    other = one | dict(IN_ORDER[position:])
    assert compare(told(1, **one), told(2, **other)).dimension == IN_ORDER[position][0]  # type: ignore[arg-type]


# When.


def test_figures_of_different_dates_follow_one_another() -> None:
    assert found(told(135, date=when("2025-01")), told(1001)) == ("succession", "date")


def test_a_different_date_is_a_succession_even_where_the_quantity_is_the_same() -> None:
    assert found(told(date=when("2024-12")), told()) == ("succession", "date")


def test_counts_of_different_periods_are_not_compared() -> None:
    signed = [told(value, cohort=Cohort.SIGNED_IN, date=when(year)) for value, year in ((1130, "2025"), (100, "2026"))]
    assert found(*signed) == ("not_comparable", "date")


def test_counts_of_one_period_contradict_each_other() -> None:
    assert found(*(told(value, cohort=Cohort.SIGNED_IN, date=when("2025")) for value in (1130, 900))) == ("contradictory", "value")


@pytest.mark.parametrize("date", ["2025", "2025-09", "2019/..", "../2026"])
def test_one_month_or_year_is_not_one_day(date: str) -> None:
    assert found(told(40, date=when(date)), told(41, date=when(date))) == ("underspecified", "date")


def test_a_day_within_a_month_leaves_open_whether_it_is_that_day() -> None:
    assert found(told(40), told(41, date=when("2025-09"))) == ("underspecified", "date")


def test_no_date_decides_nothing_where_both_can_be_so() -> None:
    assert found(told(1412, date=UNKNOWN), told(1000, comparator="more_than")) == ("compatible", "comparator")


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("2025-01", "2025-02", True),
        ("2025", "2025-12", False),
        ("../2024", "2025", True),
        ("2025", "../2024", True),
        ("../2024", "2020/..", False),
        (None, "2025", False),
    ],
)
def test_dates_are_apart_only_where_no_day_is_allowed_by_both(one: str | None, other: str, expected: bool) -> None:
    assert apart(when(one), when(other)) is expected


# How much.


def test_the_same_quantity_is_the_same() -> None:
    assert found(told(), told()) == ("compatible", "value")


def test_intervals_that_share_one_number_meet() -> None:
    assert found(told(40, comparator="at_most"), told(40, comparator="at_least")) == ("compatible", "comparator")


def test_every_verdict_and_every_dimension_is_reached_here() -> None:
    pool = [
        told(value, unit, comparator, cohort=cohort, agency_class=agency, geography=geography, date=date)
        for value, comparator in ((40, "exact"), (40, "more_than"))
        for unit in (Unit.STATES, Unit.AGENCIES)
        for cohort in (Cohort.ACTIVE_AT, Cohort.SIGNED_IN)
        for agency in (None, AgencyClass.COUNTY_JAILS)
        for geography in (None, Geography.STATES)
        for date in (ANNOUNCED, when("2024"))
    ] + [told(41, Unit.STATES), told(40, Unit.STATES, "at_least")]
    reached = {found(one, other) for one in pool for other in pool}
    assert {verdict for verdict, _ in reached} == set(Verdict)
    assert {dimension for _, dimension in reached} == set(Dimension)


def test_figures_of_no_common_metric_are_not_paired() -> None:
    assert {Metric.OTHER} == HETEROGENEOUS


# Properties.


@st.composite
def figures(draw: st.DrawFn) -> Reported:
    """Any figure."""
    return told(
        draw(st.integers(0, 60)),
        draw(st.sampled_from([Unit.AGREEMENTS, Unit.PERCENT])),
        draw(st.sampled_from(list(Comparator))),
        cohort=draw(st.sampled_from([None, *Cohort])),
        agency_class=draw(st.sampled_from([None, AgencyClass.COUNTY_JAILS])),
        geography=draw(st.sampled_from([None, *Geography])),
        date=draw(st.sampled_from(POOL)),
    )


@given(figures(), figures())
@examples(20)
def test_the_verdict_does_not_depend_on_which_figure_comes_first(one: Reported, other: Reported) -> None:
    assert found(one, other) == found(other, one)


@given(figures())
@examples(10)
def test_a_figure_is_compatible_with_itself(one: Reported) -> None:
    assert found(one, one) == ("compatible", "value")


@given(figures(), figures())
@examples(20)
def test_only_what_cannot_both_be_so_is_contradictory(one: Reported, other: Reported) -> None:
    if compare(one, other).verdict is Verdict.CONTRADICTORY:
        assert one.quantity.unit == other.quantity.unit
        assert not one.quantity.meets(other.quantity)
        assert one.date == other.date != UNKNOWN


@given(figures(), figures(), st.sampled_from(POOL))
@examples(10)
def test_a_date_alone_never_changes_what_is_counted(one: Reported, other: Reported, date: When) -> None:
    if compare(one, other).dimension in ("unit", "cohort", "agency_class", "geography"):
        again = Reported(one.id, one.quantity, one.cohort, one.agency_class, one.geography, date)
        assert compare(again, other) == compare(one, other)


def test_a_document_that_prints_no_date_gives_its_figure_none() -> None:
    assert found(told(40, date=When(None, None, day("2026-11-22"), UNKNOWN.basis)), told(41)) == ("underspecified", "date")

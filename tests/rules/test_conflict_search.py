"""Sorting pairs by outcome finds what a comparison of every two figures finds, in fewer steps."""

from collections import defaultdict
from cProfile import Profile
from itertools import combinations
from pstats import Stats

from hypothesis import given
from hypothesis import strategies as st

from legal.rules.conflict_search import iterate_positions, sort_pairs
from legal.rules.conflicts import ComparableFigure, Period, compare_figures
from legal.rules.dates import UNKNOWN_DATE, EdtfDate, parse_date
from legal.rules.figures import QuantityRange, allowed_interval, is_round_number
from legal.vocabulary import AgencyClass, Cohort, Comparator, Geography, Unit
from tests.examples import examples
from tests.rules.factories import SAMPLE_DATES

PERIODS = [
    Period(UNKNOWN_DATE, UNKNOWN_DATE),
    Period(parse_date("2025-01-01"), parse_date("2025-12-31")),
    Period(UNKNOWN_DATE, parse_date("2026-01")),
]


def make_figure(
    number: int,
    value: int,
    comparator: str = Comparator.EXACT,
    unit: str = Unit.AGENCIES,
    date: EdtfDate = UNKNOWN_DATE,
    period: Period = PERIODS[0],
    follows: str | None = None,
    **subject: str | None,
) -> ComparableFigure:
    """Return a figure with a number in its id."""
    quantity = QuantityRange(unit, value, *allowed_interval(comparator, value, unit))
    dimensions = {"cohort": Cohort.ACTIVE_AT, "agency_class": None, "geography": None} | subject
    return ComparableFigure(
        f"figure-{number}", quantity, is_round_number(comparator, value, unit), date=date, period=period, follows=follows, **dimensions
    )


@st.composite
def generate_figures(draw: st.DrawFn) -> list[ComparableFigure]:
    """Generate figures on one metric and jurisdiction, of few values, so that many pairs conflict."""
    count = draw(st.integers(0, 12))
    ids = st.sampled_from([None, *(f"figure-{number}" for number in range(count))])
    return [
        make_figure(
            number,
            draw(st.sampled_from([38, 39, 40, 41, 100, 104, 1000, 1001])),
            draw(st.sampled_from(list(Comparator))),
            draw(st.sampled_from([Unit.AGENCIES, Unit.PERCENT])),
            draw(st.sampled_from(SAMPLE_DATES)),
            draw(st.sampled_from(PERIODS)),
            draw(ids),
            cohort=draw(st.sampled_from([None, Cohort.ACTIVE_AT, Cohort.SIGNED_IN])),
            agency_class=draw(st.sampled_from([None, AgencyClass.COUNTY_JAILS])),
            geography=draw(st.sampled_from([None, Geography.UNSPECIFIED, Geography.STATES])),
        )
        for number in range(count)
    ]


@given(generate_figures())
@examples(100)
def test_sorting_finds_what_comparing_every_pair_finds(figures: list[ComparableFigure]) -> None:
    expected: dict[object, set[tuple[str, str]]] = defaultdict(set)
    for first, second in combinations(figures, 2):
        comparison = compare_figures(first, second)
        expected[comparison.verdict, comparison.dimension].add((first.id, second.id))
    found = {
        outcome: {(figures[first].id, figures[second].id) for first, partners in pairs.items() for second in iterate_positions(partners)}
        for outcome, pairs in sort_pairs(figures).items()
    }
    assert found == expected


@given(st.sets(st.integers(0, 200)))
@examples(20)
def test_positions_are_yielded_in_either_order(positions: set[int]) -> None:
    bits = sum(1 << position for position in positions)
    assert list(iterate_positions(bits)) == sorted(positions)
    assert list(iterate_positions(bits, descending=True)) == sorted(positions, reverse=True)


def count_calls(figure_count: int) -> int:
    """Return how many functions are called to sort the pairs of figures that all contradict one another."""
    figures = [make_figure(number, 2 * number + 1, date=parse_date("2025-09-17")) for number in range(figure_count)]
    profile = Profile()
    (pairs,) = profile.runcall(sort_pairs, figures).values()
    assert sum(map(int.bit_count, pairs.values())) == figure_count * (figure_count - 1) / 2
    return int(Stats(profile).total_calls)  # type: ignore[attr-defined]


def test_sorting_takes_steps_in_proportion_to_the_figures() -> None:
    # Comparing every pair would take sixteen times the steps.
    assert count_calls(1600) < 5 * count_calls(400)

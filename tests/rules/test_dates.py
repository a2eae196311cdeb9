"""EDTF level 1: bounds, refusals, and comparison with a day in three values."""

from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from legal.errors import InvalidInput
from legal.rules.dates import UNKNOWN, When, bounds, reached, when
from legal.vocabulary import Basis, Stands
from tests.examples import examples
from tests.rules.factories import day

LEVEL_1 = {
    "2026-02-04": ("2026-02-04", "2026-02-04"),
    "2024-02-29": ("2024-02-29", "2024-02-29"),
    "2026-02": ("2026-02-01", "2026-02-28"),
    "2024-02": ("2024-02-01", "2024-02-29"),
    "2026": ("2026-01-01", "2026-12-31"),
    "2026-21": ("2026-03-01", "2026-05-31"),
    "2026-22": ("2026-06-01", "2026-08-31"),
    "2026-23": ("2026-09-01", "2026-11-30"),
    "2026-24": ("2025-12-01", "2027-02-28"),
    "2026-24/2027-24": ("2025-12-01", "2028-02-29"),
    "202X": ("2020-01-01", "2029-12-31"),
    "20XX": ("2000-01-01", "2099-12-31"),
    "2026-XX": ("2026-01-01", "2026-12-31"),
    "2026-XX-XX": ("2026-01-01", "2026-12-31"),
    "2026-02-XX": ("2026-02-01", "2026-02-28"),
    "2025-09/2025-12": ("2025-09-01", "2025-12-31"),
    "2025/2026-02-04": ("2025-01-01", "2026-02-04"),
    "2025/..": ("2025-01-01", None),
    "2025/": ("2025-01-01", None),
    "../2025": (None, "2025-12-31"),
    "/2025": (None, "2025-12-31"),
    "0002": ("0002-01-01", "0002-12-31"),
    "9998-12-31": ("9998-12-31", "9998-12-31"),
}
LEVEL_2 = [
    "{2025,2026}",
    "[2025..2026]",
    "2025-25",
    "2025-2X",
    "2XXX",
    "XXXX",
    "XXXX-12-XX",
    "2026-XX-04",
    "?2026",
    "2026-?02",
    "2026-24~",
    "2026-24~/2027",
    "2025/2026-21?",
    "1560S2",
    "Y20000",
    "Y1E5",
    "2026-21^north",
    "2026-XX/..",
]
JUNK = [
    "",
    " ",
    "yesterday",
    "2026 ",
    " 2026",
    "2026\n",
    "2026-2-4",
    "20260204",
    "2026-13",
    "2026-02-30",
    "2026-00",
    "2026-02-04T10:00:00Z",
    "unknown",
    "2026/open",
    "19uu",
    "19xx",
    "٢٠٢٦",
    "2026/2027/2028",
    "\x00",
    "null",
]


@pytest.mark.parametrize(("edtf", "expected"), LEVEL_1.items())
def test_every_form_of_level_1_has_its_bounds(edtf: str, expected: tuple[str | None, str | None]) -> None:
    assert bounds(edtf) == tuple(one and day(one) for one in expected)


@pytest.mark.parametrize("edtf", LEVEL_2)
def test_level_2_is_refused(edtf: str) -> None:
    with pytest.raises(InvalidInput, match="not a date in EDTF level 1"):
        bounds(edtf)


@pytest.mark.parametrize("edtf", JUNK)
def test_what_is_no_date_is_refused(edtf: str) -> None:
    with pytest.raises(InvalidInput, match="not a date in EDTF level 1"):
        bounds(edtf)


@pytest.mark.parametrize("edtf", ["2023-02-29", "1900-02-29", "2023-02-29/2024", "2023/2025-02-29"])
def test_there_is_no_leap_day_in_an_ordinary_year(edtf: str) -> None:
    with pytest.raises(InvalidInput, match="a day that its year does not have"):
        bounds(edtf)


@pytest.mark.parametrize("edtf", ["2026-02-04/2026-02-03", "2027/2026", "2027-01/2026-12-31"])
def test_an_interval_does_not_end_before_it_begins(edtf: str) -> None:
    with pytest.raises(InvalidInput, match="ends before it begins"):
        bounds(edtf)


@pytest.mark.parametrize("edtf", ["../..", "/..", "../"])
def test_an_interval_open_at_both_ends_says_nothing(edtf: str) -> None:
    with pytest.raises(InvalidInput, match="has no bound"):
        bounds(edtf)


def test_a_lone_slash_is_no_interval() -> None:
    with pytest.raises(InvalidInput):
        bounds("/")


@pytest.mark.parametrize("edtf", ["0000", "0001-12-31", "9999", "-2026", "9998~", "0002?"])
def test_a_year_that_leaves_no_room_is_refused(edtf: str) -> None:
    with pytest.raises(InvalidInput, match="lies outside the years"):
        bounds(edtf)


@pytest.mark.parametrize("mark", "~?%")
@pytest.mark.parametrize("plain", ["2026", "2026-02", "2026-02-04"])
def test_a_hedge_widens_both_bounds(plain: str, mark: str) -> None:
    (exact_from, exact_to), (from_, to) = bounds(plain), bounds(plain + mark)
    assert from_ < exact_from
    assert to > exact_to


def test_a_hedge_on_one_end_leaves_the_other() -> None:
    assert bounds("2025~/2026-02-04")[1] == day("2026-02-04")


def test_a_date_keeps_its_text_and_its_basis() -> None:
    assert when("2026-02", "inferred") == When("2026-02", day("2026-02-01"), day("2026-02-28"), Basis.INFERRED)


def test_no_date_is_the_unknown_date() -> None:
    assert when(None) is UNKNOWN


def test_a_given_date_cannot_have_the_basis_unknown() -> None:
    with pytest.raises(InvalidInput, match="cannot have the basis unknown"):
        when("2026", Basis.UNKNOWN)


@given(st.one_of(st.text(max_size=24), st.text("0123456789-X/.~?%", max_size=21), st.from_regex(r"\A[12][0-9]{3}-[0-3][0-9]-[0-3][0-9]\Z")))
@example("2023-02-29")
@example("2026-24~/2027")
@example("9998-24")
@examples(12)
def test_any_text_gives_ordered_bounds_or_is_refused(text: str) -> None:
    try:
        earliest, latest = bounds(text)
    except InvalidInput:
        return
    assert earliest or latest
    assert not (earliest and latest) or earliest <= latest


days = st.dates(date(2025, 12, 25), date(2026, 1, 10))


@given(st.tuples(days | st.none(), days | st.none()), days)
@examples(16)
def test_reached_says_what_every_day_between_the_bounds_would_say(ends: tuple[date | None, date | None], asked: date) -> None:
    if None not in ends:
        ends = tuple(sorted(ends))  # type: ignore[type-var, assignment]
    first, last = ends[0] or date(2025, 12, 1), ends[1] or date(2026, 2, 1)
    answers = {first + timedelta(n) <= asked for n in range((last - first).days + 1)}
    assert reached(*ends, asked) == {frozenset({True}): Stands.YES, frozenset({False}): Stands.NO}.get(frozenset(answers), Stands.POSSIBLE)


@pytest.mark.parametrize(
    ("asked", "answer"), [("2026-01-31", "no"), ("2026-02-01", "possible"), ("2026-02-27", "possible"), ("2026-02-28", "yes")]
)
def test_a_month_is_not_a_day(asked: str, answer: str) -> None:
    assert reached(*bounds("2026-02"), day(asked)) == answer

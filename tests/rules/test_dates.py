"""EDTF level 1 dates have bounds, other text is rejected, and a comparison with a day has three answers."""

from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pyparsing import ParserElement

from legal.errors import InvalidInput
from legal.rules.dates import UNKNOWN_DATE, EdtfDate, happened_by, parse_bounds, parse_date
from legal.vocabulary import Basis, Stands
from tests.examples import examples
from tests.rules.factories import parse_day

LEVEL_1_BOUNDS = {
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
LEVEL_2_DATES = [
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
INVALID_DATES = [
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


@pytest.mark.parametrize(("edtf", "expected"), LEVEL_1_BOUNDS.items())
def test_level_1_date_has_its_bounds(edtf: str, expected: tuple[str | None, str | None]) -> None:
    assert parse_bounds(edtf) == tuple(text and parse_day(text) for text in expected)


@pytest.mark.parametrize("edtf", LEVEL_2_DATES)
def test_level_2_date_is_rejected(edtf: str) -> None:
    with pytest.raises(InvalidInput, match="not a date in EDTF level 1"):
        parse_bounds(edtf)


@pytest.mark.parametrize("edtf", INVALID_DATES)
def test_invalid_date_is_rejected(edtf: str) -> None:
    with pytest.raises(InvalidInput, match="not a date in EDTF level 1"):
        parse_bounds(edtf)


@pytest.mark.parametrize("edtf", ["2023-02-29", "1900-02-29", "2023-02-29/2024", "2023/2025-02-29"])
def test_leap_day_in_an_ordinary_year_is_rejected(edtf: str) -> None:
    with pytest.raises(InvalidInput, match="a day that does not exist in its year"):
        parse_bounds(edtf)


@pytest.mark.parametrize("edtf", ["2026-02-04/2026-02-03", "2027/2026", "2027-01/2026-12-31"])
def test_interval_that_ends_before_it_begins_is_rejected(edtf: str) -> None:
    with pytest.raises(InvalidInput, match="ends before it begins"):
        parse_bounds(edtf)


@pytest.mark.parametrize("edtf", ["../..", "/..", "../"])
def test_interval_open_at_both_ends_is_rejected(edtf: str) -> None:
    with pytest.raises(InvalidInput, match="has no bound"):
        parse_bounds(edtf)


def test_single_slash_is_rejected() -> None:
    with pytest.raises(InvalidInput):
        parse_bounds("/")


@pytest.mark.parametrize("edtf", ["0000", "0001-12-31", "9999", "-2026", "9998~", "0002?"])
def test_year_outside_the_range_is_rejected(edtf: str) -> None:
    with pytest.raises(InvalidInput, match="is outside the years"):
        parse_bounds(edtf)


@pytest.mark.parametrize("qualifier", "~?%")
@pytest.mark.parametrize("plain", ["2026", "2026-02", "2026-02-04"])
def test_qualifier_widens_both_bounds(plain: str, qualifier: str) -> None:
    (exact_earliest, exact_latest), (earliest, latest) = parse_bounds(plain), parse_bounds(plain + qualifier)
    assert earliest < exact_earliest
    assert latest > exact_latest


def test_day_is_parsed_without_the_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(ParserElement, "parse_string")
    assert parse_bounds("1987-06-05") == (parse_day("1987-06-05"), parse_day("1987-06-05"))


@given(st.dates(date(2, 1, 1), date(9998, 12, 31)))
@examples(4)
def test_day_has_the_bounds_that_the_parser_gives(day: date) -> None:
    assert parse_bounds(day.isoformat()) == parse_bounds(f"{day}/{day}")


def test_qualifier_on_one_end_leaves_the_other() -> None:
    assert parse_bounds("2025~/2026-02-04")[1] == parse_day("2026-02-04")


def test_date_has_its_text_and_its_basis() -> None:
    assert parse_date("2026-02", "inferred") == EdtfDate("2026-02", parse_day("2026-02-01"), parse_day("2026-02-28"), Basis.INFERRED)


def test_null_is_the_unknown_date() -> None:
    assert parse_date(None) is UNKNOWN_DATE


def test_date_with_the_basis_unknown_is_rejected() -> None:
    with pytest.raises(InvalidInput, match="cannot have the basis unknown"):
        parse_date("2026", Basis.UNKNOWN)


@given(st.one_of(st.text(max_size=24), st.text("0123456789-X/.~?%", max_size=21), st.from_regex(r"\A[12][0-9]{3}-[0-3][0-9]-[0-3][0-9]\Z")))
@example("2023-02-29")
@example("2026-24~/2027")
@example("9998-24")
@examples(12)
def test_any_text_gives_ordered_bounds_or_is_rejected(text: str) -> None:
    try:
        earliest, latest = parse_bounds(text)
    except InvalidInput:
        return
    assert earliest or latest
    assert not (earliest and latest) or earliest <= latest


DAYS = st.dates(date(2025, 12, 25), date(2026, 1, 10))


@given(st.tuples(DAYS | st.none(), DAYS | st.none()), DAYS)
@examples(16)
def test_answer_is_certain_only_if_all_days_between_the_bounds_agree(bounds: tuple[date | None, date | None], day: date) -> None:
    if None not in bounds:
        bounds = tuple(sorted(bounds))  # type: ignore[type-var, assignment]
    first, last = bounds[0] or date(2025, 12, 1), bounds[1] or date(2026, 2, 1)
    answers = {first + timedelta(days) <= day for days in range((last - first).days + 1)}
    assert happened_by(*bounds, day) == {frozenset({True}): Stands.YES, frozenset({False}): Stands.NO}.get(
        frozenset(answers), Stands.POSSIBLE
    )


@pytest.mark.parametrize(
    ("day", "answer"), [("2026-01-31", "no"), ("2026-02-01", "possible"), ("2026-02-27", "possible"), ("2026-02-28", "yes")]
)
def test_month_is_not_a_day(day: str, answer: str) -> None:
    assert happened_by(*parse_bounds("2026-02"), parse_day(day)) == answer

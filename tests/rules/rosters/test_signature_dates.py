"""Test that a signature date is read if exactly one date is possible, and flagged otherwise."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legal.rules.rosters.parsed import CellReading
from legal.rules.rosters.signature_dates import ENACTMENT_DATE, parse_signature_date
from legal.vocabulary import Flag, Repair
from tests.examples import examples

ROSTER_DATE = date(2025, 9, 17)
MAY_8 = date(2025, 5, 8)


@pytest.mark.parametrize(
    ("cell", "repairs"),
    [
        (MAY_8, ()),
        (datetime.fromisoformat("2025-05-08"), ()),
        (datetime.fromisoformat("2025-05-08T13:01"), (Repair.TIME_OF_DAY,)),
        ("2025-05-08", ()),
        (" 2025-05-08 ", (Repair.OUTER_BLANK,)),
        ("2025-05-08T00:00:00Z", (Repair.TIME_OF_DAY,)),
        ("2025-05-08 13:01", (Repair.TIME_OF_DAY,)),
        ("2025/5/8", (Repair.DATE_AS_TEXT,)),
        ("5/8/2025", (Repair.DATE_AS_TEXT,)),
        ("05-08-2025", (Repair.DATE_AS_TEXT,)),
        ("05.08.25", (Repair.DATE_AS_TEXT, Repair.TWO_DIGIT_YEAR)),
        ("5/8/2025\u00a0", (Repair.NO_BREAK_SPACE, Repair.DATE_AS_TEXT)),
        ("05/082025", (Repair.DATE_WITHOUT_SLASH,)),
        ("0508/2025", (Repair.DATE_WITHOUT_SLASH,)),
        ("508/2025", (Repair.DATE_WITHOUT_SLASH,)),
        ("05082025", (Repair.DATE_WITHOUT_SLASH,)),
        ("20250508", (Repair.DATE_WITHOUT_SLASH,)),
        (20250508, (Repair.DATE_WITHOUT_SLASH,)),
        ("May 8, 2025", (Repair.DATE_AS_TEXT,)),
        ("8 may 2025", (Repair.DATE_AS_TEXT,)),
        ("8-May-25", (Repair.DATE_AS_TEXT, Repair.TWO_DIGIT_YEAR)),
        (45785, (Repair.SERIAL_NUMBER,)),
        (45785.0, (Repair.SERIAL_NUMBER,)),
        ("45785", (Repair.SERIAL_NUMBER,)),
        (45785.5, (Repair.SERIAL_NUMBER, Repair.TIME_OF_DAY)),
        (date(5025, 5, 8), (Repair.YEAR_DIGIT,)),
        ("5/8/5025", (Repair.DATE_AS_TEXT, Repair.YEAR_DIGIT)),
    ],
)
def test_all_ways_to_write_may_8_are_read(cell: str | float | date, repairs: tuple[Repair, ...]) -> None:
    assert parse_signature_date(cell, ROSTER_DATE) == CellReading(MAY_8, repairs)


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("13/05/2025", date(2025, 5, 13)),
        ("Sept. 17, 2025", ROSTER_DATE),
        ("September 1st, 2025", date(2025, 9, 1)),
        (ENACTMENT_DATE, ENACTMENT_DATE),
        (ROSTER_DATE, ROSTER_DATE),
    ],
)
def test_date_in_bounds_is_read(cell: str | date, day: date) -> None:
    assert parse_signature_date(cell, ROSTER_DATE).value == day


def test_first_number_that_is_not_a_month_is_the_day() -> None:
    assert parse_signature_date("13/05/2025", ROSTER_DATE).repairs == (Repair.DATE_AS_TEXT, Repair.DAY_FIRST)


@pytest.mark.parametrize("cell", ["", "  "])
def test_blank_has_no_date_and_no_flag(cell: str) -> None:
    assert parse_signature_date(cell, ROSTER_DATE) == CellReading(None)


def test_spreadsheet_error_has_no_date() -> None:
    assert parse_signature_date("#N/A", ROSTER_DATE) == CellReading(None, (Repair.ERROR_CELL,))


@pytest.mark.parametrize(
    "cell",
    [
        *("pending", "2025", "May 2025", "Foo 8, 2025", "02/30/2025", "2025-13-01", "99/99/2025", "05/08/20255", "1112024", "112/025"),
        *(True, time(3, 4), timedelta(days=2), float("inf"), float("nan"), -5, 0.5, "5/8/26", "1/1112025"),
    ],
)
def test_cell_without_exactly_one_date_is_flagged(cell: str | float | time | timedelta) -> None:
    assert parse_signature_date(cell, ROSTER_DATE) == CellReading(None, flag=Flag.NOT_A_DATE)


@pytest.mark.parametrize("cell", [date(2025, 9, 18), date(2035, 1, 1), "12/31/2026", date(2205, 5, 8), date(9999, 1, 1)])
def test_date_after_the_roster_is_flagged(cell: str | date) -> None:
    assert parse_signature_date(cell, ROSTER_DATE) == CellReading(None, flag=Flag.AFTER_LIST)


@pytest.mark.parametrize("cell", [date(1996, 9, 29), date(1899, 12, 31), "5/8/1925", "0025-05-08"])
def test_date_before_the_law_is_flagged(cell: str | date) -> None:
    assert parse_signature_date(cell, ROSTER_DATE) == CellReading(None, flag=Flag.BEFORE_PROGRAM)


def test_possible_date_after_the_roster_is_ruled_out() -> None:
    assert parse_signature_date("1112025", ROSTER_DATE).value == date(2025, 1, 11)


def test_leap_day_is_corrected_to_leap_years_only() -> None:
    assert parse_signature_date(date(5024, 2, 29), ROSTER_DATE).value == date(2024, 2, 29)


def test_years_are_bounded_without_a_roster_date() -> None:
    cells = date(2026, 1, 1), date(5025, 5, 8)
    assert [parse_signature_date(cell, None).value for cell in cells] == [date(2026, 1, 1), MAY_8]


@given(st.text(alphabet="0123456789/-. JanMay,#", max_size=12) | st.floats() | st.dates() | st.datetimes())
@examples(30)
def test_every_date_read_lies_between_law_and_roster(cell: str | float | date) -> None:
    reading = parse_signature_date(cell, ROSTER_DATE)
    assert reading.value is None or (ENACTMENT_DATE <= reading.value <= ROSTER_DATE and reading.flag is None)

"""A signature's day is read where one day alone can be meant, and otherwise left in doubt."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legal.rules.rosters.parsed import Reading
from legal.rules.rosters.signature_dates import ENACTED, signed
from legal.vocabulary import Doubt, Mend
from tests.examples import examples

LISTED = date(2025, 9, 17)
MAY_8 = date(2025, 5, 8)


@pytest.mark.parametrize(
    ("cell", "mends"),
    [
        (MAY_8, ()),
        (datetime.fromisoformat("2025-05-08"), ()),
        (datetime.fromisoformat("2025-05-08T13:01"), (Mend.TIME_OF_DAY,)),
        ("2025-05-08", ()),
        (" 2025-05-08 ", (Mend.OUTER_BLANK,)),
        ("2025-05-08T00:00:00Z", (Mend.TIME_OF_DAY,)),
        ("2025-05-08 13:01", (Mend.TIME_OF_DAY,)),
        ("2025/5/8", (Mend.DATE_AS_TEXT,)),
        ("5/8/2025", (Mend.DATE_AS_TEXT,)),
        ("05-08-2025", (Mend.DATE_AS_TEXT,)),
        ("05.08.25", (Mend.DATE_AS_TEXT, Mend.TWO_DIGIT_YEAR)),
        ("5/8/2025\u00a0", (Mend.NO_BREAK_SPACE, Mend.DATE_AS_TEXT)),
        ("05/082025", (Mend.DATE_WITHOUT_SLASH,)),
        ("0508/2025", (Mend.DATE_WITHOUT_SLASH,)),
        ("508/2025", (Mend.DATE_WITHOUT_SLASH,)),
        ("05082025", (Mend.DATE_WITHOUT_SLASH,)),
        ("20250508", (Mend.DATE_WITHOUT_SLASH,)),
        (20250508, (Mend.DATE_WITHOUT_SLASH,)),
        ("May 8, 2025", (Mend.DATE_AS_TEXT,)),
        ("8 may 2025", (Mend.DATE_AS_TEXT,)),
        ("8-May-25", (Mend.DATE_AS_TEXT, Mend.TWO_DIGIT_YEAR)),
        (45785, (Mend.SERIAL_NUMBER,)),
        (45785.0, (Mend.SERIAL_NUMBER,)),
        ("45785", (Mend.SERIAL_NUMBER,)),
        (45785.5, (Mend.SERIAL_NUMBER, Mend.TIME_OF_DAY)),
        (date(5025, 5, 8), (Mend.YEAR_DIGIT,)),
        ("5/8/5025", (Mend.DATE_AS_TEXT, Mend.YEAR_DIGIT)),
    ],
)
def test_the_eighth_of_may_is_read_however_it_is_written(cell: str | float | date, mends: tuple[Mend, ...]) -> None:
    assert signed(cell, LISTED) == Reading(MAY_8, mends)


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("13/05/2025", date(2025, 5, 13)),
        ("Sept. 17, 2025", LISTED),
        ("September 1st, 2025", date(2025, 9, 1)),
        (ENACTED, ENACTED),
        (LISTED, LISTED),
    ],
)
def test_a_day_is_read(cell: str | date, day: date) -> None:
    assert signed(cell, LISTED).value == day


def test_a_first_number_that_is_no_month_is_the_day() -> None:
    assert signed("13/05/2025", LISTED).mends == (Mend.DATE_AS_TEXT, Mend.DAY_FIRST)


@pytest.mark.parametrize("cell", ["", "  "])
def test_a_blank_is_no_day_and_in_no_doubt(cell: str) -> None:
    assert signed(cell, LISTED) == Reading(None)


def test_an_error_is_a_blank() -> None:
    assert signed("#N/A", LISTED) == Reading(None, (Mend.ERROR_CELL,))


@pytest.mark.parametrize(
    "cell",
    [
        *("pending", "2025", "May 2025", "Foo 8, 2025", "02/30/2025", "2025-13-01", "99/99/2025", "05/08/20255", "1112024", "112/025"),
        *(True, time(3, 4), timedelta(days=2), float("inf"), float("nan"), -5, 0.5, "5/8/26", "1/1112025"),
    ],
)
def test_what_is_not_one_date_is_in_doubt(cell: str | float | time | timedelta) -> None:
    assert signed(cell, LISTED) == Reading(None, doubt=Doubt.NOT_A_DATE)


@pytest.mark.parametrize("cell", [date(2025, 9, 18), date(2035, 1, 1), "12/31/2026", date(2205, 5, 8), date(9999, 1, 1)])
def test_a_day_after_the_list_is_in_doubt(cell: str | date) -> None:
    assert signed(cell, LISTED) == Reading(None, doubt=Doubt.AFTER_LIST)


@pytest.mark.parametrize("cell", [date(1996, 9, 29), date(1899, 12, 31), "5/8/1925", "0025-05-08"])
def test_a_day_before_the_law_is_in_doubt(cell: str | date) -> None:
    assert signed(cell, LISTED) == Reading(None, doubt=Doubt.BEFORE_PROGRAM)


def test_one_possible_reading_is_read_where_the_other_is_after_the_list() -> None:
    assert signed("1112025", LISTED).value == date(2025, 1, 11)


def test_a_leap_day_is_moved_to_leap_years_only() -> None:
    assert signed(date(5024, 2, 29), LISTED).value == date(2024, 2, 29)


def test_a_list_without_a_date_still_bounds_its_years() -> None:
    assert [signed(date(2026, 1, 1), None).value, signed(date(5025, 5, 8), None).value] == [date(2026, 1, 1), MAY_8]


@given(st.text(alphabet="0123456789/-. JanMay,#", max_size=12) | st.floats() | st.dates() | st.datetimes())
@examples(30)
def test_whatever_is_read_lies_between_the_law_and_the_list(cell: str | float | date) -> None:
    found = signed(cell, LISTED)
    assert found.value is None or (ENACTED <= found.value <= LISTED and found.doubt is None)

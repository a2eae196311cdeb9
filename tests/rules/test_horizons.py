"""Evidence has bounds in time: nothing before the program, and nothing certain for ever."""

from datetime import date

import pytest

from legal.rules.dates import EdtfDate, parse_date
from legal.rules.horizons import LegislativeSession, add_months, find_bill_sessions, first_possible_day, last_certain_day
from legal.rules.in_effect import compute_effect_period, in_effect_on
from legal.vocabulary import Kind
from tests.rules.factories import parse_day

SESSION = LegislativeSession("MD", "2026 Regular Session", date(2026, 1, 14), date(2026, 4, 13))
LATER_SESSION = LegislativeSession("MD", "2027 Regular Session", date(2027, 1, 13), date(2027, 4, 12))
REPORT = parse_date("2026-02-04/2026-02-17", "inferred")


def list_answers(kind: str, status: str, *days: str, sources: list[EdtfDate] | None = None, **inputs: object) -> list[str]:
    """List whether a measure that one document of February 2026 reports is in effect on each of some days."""
    period = compute_effect_period(kind, status, sources=sources or [REPORT], **inputs)  # type: ignore[arg-type]
    return [str(in_effect_on(period, kind, status, parse_day(day))) for day in days]


def test_passed_bill_is_only_possible_after_90_days() -> None:
    days = ("2026-02-04", "2026-05-05", "2026-05-06", "2035-01-01")
    answers = list_answers("pending_bill", "passed_legislature", *days, sessions=[SESSION])
    assert answers == ["yes", "yes", "possible", "possible"]


def test_other_bill_is_only_possible_after_its_session() -> None:
    days = ("2026-01-13", "2026-01-14", "2026-02-04", "2026-04-13", "2026-04-14")
    answers = list_answers("pending_bill", "introduced", *days, sessions=[SESSION, LATER_SESSION])
    assert answers == ["no", "possible", "yes", "yes", "possible"]


def test_bill_without_a_session_on_file_is_only_possible_after_180_days() -> None:
    assert list_answers("pending_bill", "pending", "2026-08-03", "2026-08-04") == ["yes", "possible"]


def test_pending_suit_is_only_possible_after_two_years() -> None:
    assert list_answers("litigation", "filed", "2028-02-04", "2028-02-05") == ["yes", "possible"]


def test_agreements_known_from_an_article_are_only_possible_after_a_year() -> None:
    assert list_answers("active_agreements", "active", "2001-12-31", "2027-02-04", "2027-02-05") == ["no", "yes", "possible"]


@pytest.mark.parametrize(
    ("kind", "status"),
    [("ban", "in_force"), ("mandate", "in_force"), ("executive_order", "in_force"), ("legal_opinion", "issued"), ("litigation", "settled")],
)
def test_law_and_binding_terms_stand_until_a_source_says_otherwise(kind: str, status: str) -> None:
    assert list_answers(kind, status, "2099-01-01") == ["yes"]


@pytest.mark.parametrize("kind", list(Kind))
def test_no_kind_was_in_effect_before_the_program(kind: Kind) -> None:
    assert first_possible_day(kind) >= date(1996, 9, 30)


def test_newest_source_gives_the_horizon() -> None:
    sources = [parse_date("2025-03-01"), REPORT]
    assert list_answers("active_agreements", "active", "2027-02-04", "2027-02-05", sources=sources) == ["yes", "possible"]


def test_measure_without_a_dated_source_has_no_horizon() -> None:
    assert last_certain_day("pending_bill", "pending", None) is None


def test_sessions_are_those_of_the_newest_evidence() -> None:
    assert find_bill_sessions([parse_date("2025"), REPORT], [SESSION, LATER_SESSION]) == [SESSION]
    assert find_bill_sessions([parse_date("../2026-02-17")], [SESSION]) == []


@pytest.mark.parametrize(
    ("day", "months", "later"), [("2024-02-29", 12, "2025-02-28"), ("2026-12-15", 1, "2027-01-15"), ("2026-03-31", 24, "2028-03-31")]
)
def test_months_are_calendar_months(day: str, months: int, later: str) -> None:
    assert add_months(parse_day(day), months) == parse_day(later)

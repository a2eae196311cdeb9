"""A measure has the status on a day that its events had given it by then."""

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given

from legal.rules.dates import UNKNOWN_DATE, EdtfDate, parse_date
from legal.rules.in_effect import compute_effect_period, in_effect_on
from legal.rules.statuses import OPENING_STATUSES, dated_statuses, status_on
from legal.vocabulary import LIFECYCLES, Kind, Phase
from tests.examples import examples
from tests.rules.factories import parse_day
from tests.rules.test_in_effect import MeasureInputs, generate_inputs

REPORT = parse_date("2026-02-04/2026-02-17", "inferred")


def list_statuses(
    kind: str,
    status: str,
    *days: str,
    events: list[tuple[str, str | None]] | None = None,
    effective_from: EdtfDate = UNKNOWN_DATE,
    effective_to: EdtfDate = UNKNOWN_DATE,
) -> list[str | None]:
    """List the status of a measure that one document of February 2026 reports, on each of some days."""
    event_dates = [(event, parse_date(edtf)) for event, edtf in events or []]
    period = compute_effect_period(kind, status, effective_from, effective_to, event_dates, [REPORT])
    statuses = dated_statuses(kind, status, event_dates, [REPORT], period, effective_to)
    return [status_on(statuses, parse_day(day)) for day in days]


def test_agreements_are_not_ordered_to_end_before_the_order() -> None:
    events = [("signed", "2025"), ("ordered_to_terminate", "2026-02-04")]
    days = ("2024-12-31", "2025-01-01", "2026-02-03", "2026-02-04")
    statuses = list_statuses("active_agreements", "ordered_to_terminate", *days, events=events)
    assert statuses == [None, "active", "active", "ordered_to_terminate"]


def test_event_within_years_counts_once_it_had_certainly_happened() -> None:
    events = [("active", "2020"), ("impaired", "2020/2025-01")]
    days = ("2021-01-01", "2025-01-30", "2025-01-31")
    assert list_statuses("active_agreements", "impaired", *days, events=events) == ["active", "active", "impaired"]


def test_passed_bill_was_pending_before_the_vote() -> None:
    events = [("passed_legislature", "2026-02-03/2026-02-10")]
    days = ("2026-02-09", "2026-02-10")
    assert list_statuses("pending_bill", "passed_legislature", *days, events=events) == ["pending", "passed_legislature"]


def test_undated_status_holds_throughout_if_no_step_is_dated() -> None:
    assert list_statuses("ban", "in_force", "1996-09-29", "1996-09-30", "2026-02-04") == [None, "in_force", "in_force"]


def test_undated_status_after_a_dated_step_holds_from_its_source() -> None:
    events = [("in_force", "2024-01-01")]
    assert list_statuses("ban", "enjoined", "2026-02-16", "2026-02-17", events=events) == ["in_force", "enjoined"]


def test_undated_step_had_been_taken_when_the_source_was_written() -> None:
    events = [("filed", None), ("dismissed", "2026-02-10")]
    days = ("2026-02-03", "2026-02-04", "2026-02-10")
    assert list_statuses("litigation", "dismissed", *days, events=events) == ["filed", "filed", "dismissed"]


def test_announcement_of_a_settlement_is_no_announcement_of_a_suit() -> None:
    events = [("settled", "2020/2025-01"), ("announced", "2025-01")]
    assert list_statuses("litigation", "settled", "2025-02-01", events=events) == ["settled"]


def test_order_is_in_force_once_it_takes_effect() -> None:
    inputs = {"events": [("issued", "2026-01-05")], "effective_from": parse_date("2026-01-20")}
    days = ("2026-01-04", "2026-01-05", "2026-01-20")
    for status in ("issued", "in_force"):
        assert list_statuses("executive_order", status, *days, **inputs) == [None, "issued", "in_force"]


def test_term_that_runs_out_expires() -> None:
    inputs = {"effective_from": parse_date("2025"), "effective_to": parse_date("2026-06-30")}
    assert list_statuses("ban", "in_force", "2026-06-30", "2026-07-01", **inputs) == ["in_force", "expired"]


def test_reported_absence_holds_from_its_report() -> None:
    assert list_statuses("ban", "reported_absent", "2026-02-03", "2026-02-04") == [None, "reported_absent"]


def test_measure_without_dates_and_sources_has_its_status_since_the_program() -> None:
    period = compute_effect_period("ban", "in_force")
    statuses = dated_statuses("ban", "in_force", [], [], period)
    assert [status_on(statuses, parse_day(day)) for day in ("1996-09-29", "1996-09-30")] == [None, "in_force"]


@pytest.mark.parametrize("kind", list(Kind))
def test_opening_status_is_in_effect(kind: Kind) -> None:
    phases = {step.status: step.phase for step in LIFECYCLES[kind]}
    assert phases[OPENING_STATUSES[kind]] is Phase.STANDING


@given(generate_inputs())
@examples(15)
def test_answers_of_a_measure_change_only_on_its_dated_days(inputs: MeasureInputs) -> None:
    kind, status, _, effective_to, events, sources = inputs
    period = compute_effect_period(*inputs)
    statuses = dated_statuses(kind, status, events, sources, period, effective_to)
    bounds = (period.begins_earliest, period.begins_latest, period.ends_earliest, period.ends_latest)
    horizon = period.certain_until and period.certain_until + timedelta(days=1)
    dated_days = {*bounds, horizon, *(dated_status.from_day for dated_status in statuses)}
    before = None
    for number in range(366 * 11):
        day = parse_day("2019-11-30") + timedelta(days=number)
        answer = in_effect_on(period, kind, status, day), status_on(statuses, day)
        assert before is None or answer == before or day in dated_days
        before = answer


@given(generate_inputs())
@examples(40)
def test_statuses_begin_on_different_days_in_order_and_differ(inputs: MeasureInputs) -> None:
    kind, status, _, effective_to, events, sources = inputs
    statuses = dated_statuses(kind, status, events, sources, compute_effect_period(*inputs), effective_to)
    days = [dated_status.from_day for dated_status in statuses]
    assert days == sorted(set(days))
    assert status_on(statuses, days[0] - timedelta(days=1)) is None
    assert all(first.status != second.status for first, second in pairwise(statuses))

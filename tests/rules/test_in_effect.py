"""A measure's effect period, its phase and its gaps follow from its status, its dates and its sources."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legal.rules.dates import UNKNOWN_DATE, EdtfDate, parse_date
from legal.rules.in_effect import (
    STEPS_BY_STATUS,
    EffectPeriod,
    compute_effect_period,
    has_ended_by,
    in_effect_on,
    missing_steps,
    phase_of_status,
    phase_on,
)
from legal.rules.statuses import dated_statuses, status_on
from legal.vocabulary import LIFECYCLES, Kind, OtherEvent, Phase, Stands
from tests.examples import examples
from tests.rules.factories import SAMPLE_DATES, parse_day, undated_but_read_on

MeasureInputs = tuple[str, str, EdtfDate, EdtfDate, list[tuple[str, EdtfDate]], list[EdtfDate]]


def list_answers(measure: tuple[str, str], *days: str, **inputs: object) -> list[str]:
    """List whether a measure of (kind, status) is in effect on each of some days."""
    period = compute_effect_period(*measure, **inputs)  # type: ignore[arg-type]
    return [str(in_effect_on(period, *measure, parse_day(day))) for day in days]


# The beginning.


def test_order_of_january_is_certainly_in_effect_from_the_end_of_january() -> None:
    inputs = {"effective_from": parse_date("2026-01", "inferred"), "sources": [undated_but_read_on("2026-11-22")]}
    days = ("2025-12-31", "2026-01-01", "2026-01-15", "2026-01-31", "2026-02-01")
    assert list_answers(("executive_order", "in_force"), *days, **inputs) == ["no", "possible", "possible", "yes", "yes"]


def test_law_in_force_is_in_effect_from_its_effective_date() -> None:
    assert list_answers(("ban", "in_force"), "2025-06-30", "2025-07-01", effective_from=parse_date("2025-07-01")) == ["no", "yes"]


def test_undated_measure_is_in_effect_from_its_source_and_possibly_before() -> None:
    inputs = {"sources": [parse_date("2025-09-17")]}
    days = ("1996-09-29", "1996-09-30", "2025-09-16", "2025-09-17")
    assert list_answers(("ban", "in_force"), *days, **inputs) == ["no", "possible", "possible", "yes"]


def test_undated_measure_is_certain_from_the_first_day_of_its_undated_source() -> None:
    inputs = {"sources": [parse_date("2026-02-04/2026-02-17", "inferred")]}
    assert list_answers(("ban", "in_force"), "2026-02-03", "2026-02-04", **inputs) == ["possible", "yes"]


def test_source_does_not_make_a_dated_beginning_certain_before_it_was_written() -> None:
    inputs = {"effective_from": parse_date("2026"), "sources": [parse_date("2026-02-04/2026-02-17", "inferred")]}
    assert list_answers(("ban", "in_force"), "2026-02-04", "2026-02-16", "2026-02-17", **inputs) == ["possible", "possible", "yes"]


def test_first_of_several_sources_makes_it_certain() -> None:
    inputs = {"sources": [parse_date("2026-03-01"), parse_date("2025-09-17")]}
    assert list_answers(("ban", "in_force"), "2025-09-17", **inputs) == ["yes"]


def test_undated_document_makes_it_certain_on_the_day_it_was_read() -> None:
    inputs = {"sources": [undated_but_read_on("2026-11-22")]}
    assert list_answers(("litigation", "filed"), "2026-11-21", "2026-11-22", **inputs) == ["possible", "yes"]


def test_source_older_than_the_beginning_only_announces_it() -> None:
    inputs = {"effective_from": parse_date("2026/.."), "sources": [parse_date("2025-09-17"), parse_date("2026-03-01")]}
    assert list_answers(("ban", "in_force"), "2025-09-17", "2026-02-28", "2026-03-01", **inputs) == ["no", "possible", "yes"]


def test_event_begins_the_period_if_there_is_no_effective_date() -> None:
    inputs = {"events": [("filed", parse_date("2026-02-04"))], "sources": [parse_date("2026-03-01")]}
    assert list_answers(("litigation", "filed"), "2026-02-03", "2026-02-04", **inputs) == ["no", "yes"]


def test_effective_date_takes_precedence_over_events() -> None:
    inputs = {"effective_from": parse_date("2026-07-01"), "events": [("in_force", parse_date("2026-02-04"))]}
    assert list_answers(("ban", "in_force"), "2026-06-30", "2026-07-01", **inputs) == ["no", "yes"]


def test_later_step_does_not_date_the_first_step() -> None:
    inputs = {"events": [("passed_legislature", parse_date("2026-03-01"))]}
    assert list_answers(("pending_bill", "passed_legislature"), "2026-02-28", "2026-03-01", **inputs) == ["possible", "yes"]


def test_event_that_is_no_status_in_effect_begins_nothing() -> None:
    assert list_answers(("litigation", "filed"), "2026-02-04", events=[("announced", parse_date("2026-02-04"))]) == ["unknown"]


def test_measure_without_any_dates_is_unknown() -> None:
    assert list_answers(("ban", "in_force"), "2026-02-04") == ["unknown"]


def test_open_date_is_possible_and_not_unknown() -> None:
    inputs = {"effective_from": parse_date("../2024-06"), "effective_to": UNKNOWN_DATE}
    assert list_answers(("ban", "in_force"), "2020-01-01", **inputs) == ["possible"]


def test_impaired_agreements_are_in_effect() -> None:
    assert list_answers(("active_agreements", "impaired"), "2026-02-04", sources=[parse_date("2025-09-17")]) == ["yes"]


def test_proposed_bill_is_not_in_effect_however_often_it_is_reported() -> None:
    inputs = {"sources": [parse_date("2025-09-17")], "effective_to": parse_date("2026")}
    assert list_answers(("pending_bill", "proposed"), "2099-01-01", **inputs) == ["no"]


def test_enacted_law_is_in_effect_from_its_effective_date() -> None:
    assert list_answers(("ban", "enacted"), "2026-12-31", "2027-01-01", effective_from=parse_date("2027-01-01")) == ["no", "yes"]


def test_enactment_alone_begins_nothing() -> None:
    assert list_answers(("ban", "enacted"), "2026-12-31", events=[("enacted", parse_date("2026-02-04"))]) == ["no"]


def test_reported_absence_is_never_in_effect() -> None:
    inputs = {"effective_from": parse_date("2020"), "sources": [parse_date("2025")]}
    answers = {kind: list_answers((kind, "reported_absent"), "2026-02-04", **inputs) for kind in LIFECYCLES}
    assert answers == {kind: ["no"] for kind in Kind}


# The end.


def test_measure_is_in_effect_through_its_effective_end() -> None:
    inputs = {"effective_from": parse_date("2025"), "effective_to": parse_date("2026-01-31")}
    assert list_answers(("ban", "in_force"), "2026-01-31", "2026-02-01", **inputs) == ["yes", "no"]


def test_end_within_a_month_is_possible_throughout_the_month() -> None:
    inputs = {"effective_from": parse_date("2024"), "effective_to": parse_date("2026-02")}
    days = ("2026-02-01", "2026-02-02", "2026-02-28", "2026-03-01")
    assert list_answers(("ban", "expired"), *days, **inputs) == ["yes", "possible", "possible", "no"]


def test_event_that_the_status_names_ends_it() -> None:
    inputs = {
        "effective_from": parse_date("2020"),
        "events": [("repealed", parse_date("2025-05-01"))],
        "sources": [parse_date("2026-01-01")],
    }
    assert list_answers(("ban", "repealed"), "2025-04-30", "2025-05-01", **inputs) == ["yes", "no"]


def test_undated_end_has_come_by_the_source_that_reports_it() -> None:
    inputs = {"effective_from": parse_date("2020"), "sources": [parse_date("2025-09-17")]}
    assert list_answers(("ban", "repealed"), "2025-09-16", "2025-09-17", **inputs) == ["possible", "no"]


def test_last_source_reports_the_end() -> None:
    inputs = {"effective_from": parse_date("2020"), "sources": [parse_date("2025-09-17"), parse_date("2026-01-01")]}
    assert list_answers(("ban", "repealed"), "2025-09-17", "2026-01-01", **inputs) == ["possible", "no"]


def test_end_known_only_from_its_source_leaves_earlier_days_possible() -> None:
    days = ("2001-12-31", "2002-01-01", "2026-02-03", "2026-02-04")
    answers = list_answers(("active_agreements", "voided"), *days, sources=[parse_date("2026-02-04")])
    assert answers == ["no", "possible", "possible", "no"]


def test_suspended_measure_is_not_in_effect_from_the_suspension_on() -> None:
    inputs = {"effective_from": parse_date("2020"), "events": [("enjoined", parse_date("2025-05-01"))]}
    assert list_answers(("ban", "enjoined"), "2025-04-30", "2025-05-01", **inputs) == ["yes", "no"]


def test_suspended_measure_was_in_effect_from_the_event_that_began_it() -> None:
    inputs = {"events": [("in_force", parse_date("2024-01-31")), ("enjoined", parse_date("2025-05-01"))]}
    days = ("2024-01-30", "2024-01-31", "2025-04-30", "2025-05-01")
    assert list_answers(("ban", "enjoined"), *days, **inputs) == ["no", "yes", "yes", "no"]


def test_ordered_end_is_never_certain() -> None:
    inputs = {"sources": [parse_date("2025-03-01")], "events": [("ordered_to_terminate", parse_date("2026-02-04"))]}
    measure = ("active_agreements", "ordered_to_terminate")
    assert list_answers(measure, "2026-02-03", "2026-02-04", "2099-01-01", **inputs) == ["yes", "possible", "possible"]


def test_undated_order_to_end_leaves_every_day_possible() -> None:
    measure = ("active_agreements", "ordered_to_terminate")
    assert list_answers(measure, "2020-01-01", "2026-02-04", sources=[parse_date("2025-09-17")]) == ["possible", "possible"]


def test_not_begun_and_ended_are_both_no_and_only_one_has_ended() -> None:
    period = compute_effect_period("ban", "repealed", parse_date("2020-01-01"), parse_date("2024-12-31"))
    days = [parse_day("2019-12-31"), parse_day("2025-01-01")]
    assert [in_effect_on(period, "ban", "repealed", day) for day in days] == [Stands.NO, Stands.NO]
    assert [has_ended_by(period, day) for day in days] == [Stands.NO, Stands.YES]


def test_measure_without_an_end_has_not_ended() -> None:
    assert has_ended_by(compute_effect_period("ban", "in_force", parse_date("2020")), parse_day("2099-01-01")) is Stands.NO


def test_contradictory_dates_leave_the_time_between_them_open() -> None:
    events = [("in_force", parse_date("2026-02-04")), ("partly_enjoined", parse_date("2025-02-04"))]
    period = compute_effect_period("ban", "in_force", events=events)
    assert period == EffectPeriod(parse_day("2025-02-04"), parse_day("2026-02-04"), False, None, None)


def test_measure_that_ends_before_it_begins_is_never_in_effect() -> None:
    inputs = {"effective_from": parse_date("2026-02-04"), "effective_to": parse_date("../2024")}
    assert list_answers(("ban", "in_force"), "2024-06-01", "2025-06-01", "2026-02-04", **inputs) == ["no", "no", "no"]


# Properties of the period.


@st.composite
def generate_inputs(draw: st.DrawFn) -> MeasureInputs:
    """Generate a status, dates, events and sources, sensible or not."""
    kind, status = draw(st.sampled_from(sorted(STEPS_BY_STATUS)))
    event_names = [step.status for step in LIFECYCLES[kind]] + list(OtherEvent)  # type: ignore[index]
    dates = st.sampled_from(SAMPLE_DATES)
    events = draw(st.lists(st.tuples(st.sampled_from(event_names), dates), max_size=3))
    return kind, status, draw(dates), draw(dates), events, draw(st.lists(dates, max_size=3))


@given(generate_inputs())
@examples(40)
def test_bounds_of_every_period_are_in_order(inputs: MeasureInputs) -> None:
    period = compute_effect_period(*inputs)
    for earliest, latest in ((period.begins_earliest, period.begins_latest), (period.ends_earliest, period.ends_latest)):
        assert earliest is None or latest is None or earliest <= latest
    assert period.ends or (period.ends_earliest, period.ends_latest) == (None, None)


ANSWER_LEVELS = {Stands.NO: 0, Stands.POSSIBLE: 1, Stands.YES: 2}


@given(generate_inputs())
@examples(12)
def test_answers_rise_once_and_fall_once(inputs: MeasureInputs) -> None:
    period = compute_effect_period(*inputs)
    answers = [in_effect_on(period, *inputs[:2], date(2019, 12, 20) + timedelta(30 * months)) for months in range(110)]
    if Stands.UNKNOWN in answers:
        assert set(answers) == {Stands.UNKNOWN}
        return
    levels = [ANSWER_LEVELS[answer] for answer in answers]
    peak = levels.index(max(levels))
    assert levels == sorted(levels[:peak]) + sorted(levels[peak:], reverse=True)


@given(generate_inputs())
@examples(12)
def test_measure_that_has_certainly_ended_is_not_in_effect(inputs: MeasureInputs) -> None:
    period = compute_effect_period(*inputs)
    for day in map(parse_day, ("2020-07-01", "2024-02-01", "2026-02-04", "2030-01-01")):
        assert has_ended_by(period, day) is not Stands.YES or in_effect_on(period, *inputs[:2], day) in (Stands.NO, Stands.UNKNOWN)


# Gaps.


def test_skipped_step_is_missing() -> None:
    assert missing_steps("pending_bill", "passed_legislature", ["passed_legislature"]) == ["introduced", "passed_one_chamber"]


def test_reported_step_is_not_missing() -> None:
    assert missing_steps("pending_bill", "passed_legislature", ["introduced", "announced"]) == ["passed_one_chamber"]


def test_first_step_has_no_missing_steps() -> None:
    assert missing_steps("litigation", "filed", []) == []


def test_missing_steps_are_of_the_same_kind_and_fill_every_gap() -> None:
    faults = []
    for kind, status in STEPS_BY_STATUS:
        missing = missing_steps(kind, status, [])
        if not all((kind, step) in STEPS_BY_STATUS for step in missing) or missing_steps(kind, status, missing) != []:
            faults.append((kind, status))
    assert faults == []


# Phases.

TERM = (parse_date("2025-06-01"), parse_date("2026-06-30"))
BEFORE_TERM, WITHIN_TERM, AFTER_TERM = "2025-05-31", "2026-01-15", "2026-07-01"


def list_phases(
    status: str, effective_from: EdtfDate, effective_to: EdtfDate, *days: str, kind: str = Kind.EXECUTIVE_ORDER, **inputs: list
) -> list[str]:
    """List the phase of a measure on each of some days."""
    events, sources = inputs.get("events", []), inputs.get("sources", [])
    period = compute_effect_period(kind, status, effective_from, effective_to, events, sources)
    statuses = dated_statuses(kind, status, events, sources, period, effective_to)
    return [phase_on(period, kind, status, status_on(statuses, parse_day(day)), parse_day(day)) for day in days]


def test_phase_depends_on_kind_and_status_together() -> None:
    phases = (phase_of_status("ban", "expired"), phase_of_status("executive_order", "issued"), phase_of_status("legal_opinion", "issued"))
    assert phases == (Phase.ENDED, Phase.NOT_YET, Phase.STANDING)


@pytest.mark.parametrize("status", ["issued", "in_force", "partly_enjoined", "rescinded", "superseded", "expired", "struck_down"])
def test_order_with_a_term_is_not_yet_then_standing_then_ended(status: str) -> None:
    assert list_phases(status, *TERM, BEFORE_TERM, WITHIN_TERM, AFTER_TERM) == ["not_yet", "standing", "ended"]


def test_law_past_its_term_has_ended_without_a_repeal() -> None:
    assert list_phases("in_force", *TERM, "2026-06-30", "2026-07-01", kind=Kind.BAN) == ["standing", "ended"]


def test_enjoined_order_is_suspended_and_not_ended() -> None:
    inputs = {
        "events": [("in_force", parse_date("2025-06-01")), ("enjoined", parse_date("2025-09-01"))],
        "sources": [parse_date("2025-09-17")],
    }
    phases = list_phases("enjoined", UNKNOWN_DATE, UNKNOWN_DATE, BEFORE_TERM, "2025-07-01", WITHIN_TERM, **inputs)
    assert phases == ["not_yet", "standing", "suspended"]


def test_agreements_that_are_ordered_to_end_wind_down() -> None:
    events = [("active", parse_date("2025-03-01")), ("ordered_to_terminate", parse_date("2026-02-04"))]
    days = ("2025-02-28", "2026-02-03", "2026-02-04")
    phases = list_phases("ordered_to_terminate", UNKNOWN_DATE, UNKNOWN_DATE, *days, kind=Kind.ACTIVE_AGREEMENTS, events=events)
    assert phases == ["not_yet", "standing", "winding_down"]


def test_reported_absence_is_absent_on_every_day() -> None:
    assert list_phases("reported_absent", UNKNOWN_DATE, UNKNOWN_DATE, BEFORE_TERM, AFTER_TERM) == ["absent", "absent"]


def test_announced_suit_has_not_begun() -> None:
    phases = list_phases("announced", UNKNOWN_DATE, UNKNOWN_DATE, BEFORE_TERM, AFTER_TERM, kind=Kind.LITIGATION)
    assert phases == ["not_yet", "not_yet"]


@pytest.mark.parametrize("status", ["rescinded", "in_force"])
def test_measure_stands_until_its_end_is_certain(status: str) -> None:
    days = ("2026-05-31", "2026-06-15", "2026-07-01")
    assert list_phases(status, parse_date("2025"), parse_date("2026-06"), *days) == ["standing", "standing", "ended"]


@given(
    st.sampled_from(list(STEPS_BY_STATUS)),
    st.sampled_from(SAMPLE_DATES),
    st.sampled_from(SAMPLE_DATES),
    st.sampled_from(["2019-12-31", "2024-01-31", "2025-06-15", "2026-02-04", "2026-12-31", "2027-06-01", "2030-01-01"]),
)
@examples(40)
def test_phase_agrees_with_whether_the_measure_is_in_effect(
    measure: tuple[str, str], effective_from: EdtfDate, effective_to: EdtfDate, day_text: str
) -> None:
    period, day = compute_effect_period(*measure, effective_from, effective_to), parse_day(day_text)
    status = status_on(dated_statuses(*measure, [], [], period, effective_to), day)
    answer, phase = in_effect_on(period, *measure, day), phase_on(period, *measure, status, day)
    if answer is Stands.YES:
        assert phase in (Phase.STANDING, Phase.IMPAIRED)
    if answer is Stands.NO:
        assert phase in (Phase.NOT_YET, Phase.ENDED, Phase.SUSPENDED, Phase.ABSENT)
    assert STEPS_BY_STATUS[measure].phase is Phase.ABSENT or phase is not Phase.ABSENT

"""When a measure stands: its beginning, its end, and what is open between."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legal.rules.dates import UNKNOWN, When, when
from legal.rules.in_effect import STEPS, Span, ended, gaps, phase, span, stands
from legal.vocabulary import LIFECYCLES, OtherEvent, Phase, Stands
from tests.examples import examples
from tests.rules.factories import POOL, day, read_on


def answers(measure: tuple[str, str], *days: str, **said: object) -> list[str]:
    """Whether a measure of (kind, status) stands on each of some days."""
    held = span(*measure, **said)  # type: ignore[arg-type]
    return [str(stands(held, *measure, day(one))) for one in days]


def test_an_order_of_january_stands_for_certain_once_january_is_over() -> None:
    said = {"effective_from": when("2026-01", "inferred"), "sources": [read_on("2026-11-22")]}
    days = ("2025-12-31", "2026-01-01", "2026-01-15", "2026-01-31", "2026-02-01")
    assert answers(("executive_order", "in_force"), *days, **said) == ["no", "possible", "possible", "yes", "yes"]


def test_a_law_in_effect_stands_from_its_effective_date() -> None:
    assert answers(("ban", "in_force"), "2025-06-30", "2025-07-01", effective_from=when("2025-07-01")) == ["no", "yes"]


def test_what_is_reported_without_a_date_stands_from_the_source_and_possibly_before() -> None:
    said = {"sources": [when("2025-09-17")]}
    assert answers(("ban", "in_force"), "1990-01-01", "2025-09-16", "2025-09-17", **said) == ["possible", "possible", "yes"]


def test_the_first_of_several_sources_makes_it_certain() -> None:
    said = {"sources": [when("2026-03-01"), when("2025-09-17")]}
    assert answers(("ban", "in_force"), "2025-09-17", **said) == ["yes"]


def test_a_document_without_a_date_makes_it_certain_by_the_day_it_was_read() -> None:
    said = {"sources": [read_on("2026-11-22")]}
    assert answers(("litigation", "filed"), "2026-11-21", "2026-11-22", **said) == ["possible", "yes"]


def test_a_source_that_predates_the_beginning_only_announces_it() -> None:
    said = {"effective_from": when("2026/.."), "sources": [when("2025-09-17"), when("2026-03-01")]}
    assert answers(("ban", "in_force"), "2025-09-17", "2026-02-28", "2026-03-01", **said) == ["no", "possible", "yes"]


def test_a_standing_event_begins_it_where_no_effective_date_is_given() -> None:
    said = {"events": [("filed", when("2026-02-04"))], "sources": [when("2026-03-01")]}
    assert answers(("litigation", "filed"), "2026-02-03", "2026-02-04", **said) == ["no", "yes"]


def test_the_effective_date_comes_before_any_event() -> None:
    said = {"effective_from": when("2026-07-01"), "events": [("in_force", when("2026-02-04"))]}
    assert answers(("ban", "in_force"), "2026-06-30", "2026-07-01", **said) == ["no", "yes"]


def test_a_later_step_does_not_say_when_the_first_was_taken() -> None:
    said = {"events": [("passed_legislature", when("2026-03-01"))]}
    assert answers(("pending_bill", "passed_legislature"), "2026-02-28", "2026-03-01", **said) == ["possible", "yes"]


def test_an_event_of_another_sort_begins_nothing() -> None:
    assert answers(("litigation", "filed"), "2026-02-04", events=[("announced", when("2026-02-04"))]) == ["unknown"]


def test_nothing_places_it_in_time() -> None:
    assert answers(("ban", "in_force"), "2026-02-04") == ["unknown"]


def test_it_stands_through_its_effective_end_and_not_the_day_after() -> None:
    said = {"effective_from": when("2025"), "effective_to": when("2026-01-31")}
    assert answers(("ban", "in_force"), "2026-01-31", "2026-02-01", **said) == ["yes", "no"]


def test_an_end_in_some_month_is_possible_throughout_it() -> None:
    said = {"effective_from": when("2024"), "effective_to": when("2026-02")}
    assert answers(("ban", "expired"), "2026-02-01", "2026-02-02", "2026-02-28", "2026-03-01", **said) == [
        "yes",
        "possible",
        "possible",
        "no",
    ]


def test_the_event_that_its_status_names_ends_it() -> None:
    said = {"effective_from": when("2020"), "events": [("repealed", when("2025-05-01"))], "sources": [when("2026-01-01")]}
    assert answers(("ban", "repealed"), "2025-04-30", "2025-05-01", **said) == ["yes", "no"]


def test_an_end_without_a_date_has_come_by_the_source_that_reports_it() -> None:
    said = {"effective_from": when("2020"), "sources": [when("2025-09-17")]}
    assert answers(("ban", "repealed"), "2025-09-16", "2025-09-17", **said) == ["possible", "no"]


def test_the_last_source_knows_of_the_end() -> None:
    said = {"effective_from": when("2020"), "sources": [when("2025-09-17"), when("2026-01-01")]}
    assert answers(("ban", "repealed"), "2025-09-17", "2026-01-01", **said) == ["possible", "no"]


def test_an_end_known_from_its_source_alone_may_have_been_preceded_by_anything() -> None:
    assert answers(("active_agreements", "voided"), "1990-01-01", "2026-02-03", "2026-02-04", sources=[when("2026-02-04")]) == [
        "possible",
        "possible",
        "no",
    ]


def test_what_is_suspended_does_not_stand_from_then_on() -> None:
    said = {"effective_from": when("2020"), "events": [("enjoined", when("2025-05-01"))]}
    assert answers(("ban", "enjoined"), "2025-04-30", "2025-05-01", **said) == ["yes", "no"]


def test_what_is_suspended_stood_from_the_event_that_began_it() -> None:
    said = {"events": [("in_force", when("2024-01-31")), ("enjoined", when("2025-05-01"))]}
    assert answers(("ban", "enjoined"), "2024-01-30", "2024-01-31", "2025-04-30", "2025-05-01", **said) == ["no", "yes", "yes", "no"]


def test_an_end_that_is_only_ordered_is_never_certain() -> None:
    said = {"sources": [when("2025-01-01")], "events": [("ordered_to_terminate", when("2026-02-04"))]}
    measure = ("active_agreements", "ordered_to_terminate")
    assert answers(measure, "2026-02-03", "2026-02-04", "2099-01-01", **said) == ["yes", "possible", "possible"]


def test_an_order_to_end_without_a_date_leaves_everything_possible() -> None:
    measure = ("active_agreements", "ordered_to_terminate")
    assert answers(measure, "2020-01-01", "2026-02-04", sources=[when("2025-09-17")]) == ["possible", "possible"]


def test_impaired_agreements_stand() -> None:
    assert answers(("active_agreements", "impaired"), "2026-02-04", sources=[when("2025-09-17")]) == ["yes"]


def test_what_is_not_yet_does_not_stand_however_often_it_is_reported() -> None:
    assert answers(("pending_bill", "proposed"), "2099-01-01", sources=[when("2025-09-17")], effective_to=when("2026")) == ["no"]


def test_an_enacted_law_stands_once_its_effective_date_has_come() -> None:
    assert answers(("ban", "enacted"), "2026-12-31", "2027-01-01", effective_from=when("2027-01-01")) == ["no", "yes"]


def test_enactment_alone_begins_nothing() -> None:
    assert answers(("ban", "enacted"), "2026-12-31", events=[("enacted", when("2026-02-04"))]) == ["no"]


def test_not_yet_and_no_longer_are_both_no_and_only_one_has_ended() -> None:
    held = span("ban", "repealed", when("2020-01-01"), when("2024-12-31"))
    assert [stands(held, "ban", "repealed", day(one)) for one in ("2019-12-31", "2025-01-01")] == [Stands.NO, Stands.NO]
    assert [ended(held, day(one)) for one in ("2019-12-31", "2025-01-01")] == [Stands.NO, Stands.YES]


def test_what_nothing_ends_has_not_ended() -> None:
    assert ended(span("ban", "in_force", when("2020")), day("2099-01-01")) is Stands.NO


@pytest.mark.parametrize("kind", LIFECYCLES)
def test_what_is_said_not_to_exist_never_stands(kind: str) -> None:
    assert answers((kind, "reported_absent"), "2026-02-04", effective_from=when("2020"), sources=[when("2025")]) == ["no"]


def test_dates_that_contradict_one_another_leave_open_what_lies_between() -> None:
    held = span("ban", "in_force", events=[("in_force", when("2026-02-04")), ("partly_enjoined", when("2025-02-04"))])
    assert held == Span(day("2025-02-04"), day("2026-02-04"), False, None, None)


def test_an_end_before_the_beginning_leaves_nothing_standing() -> None:
    said = {"effective_from": when("2026-02-04"), "effective_to": when("../2024")}
    assert answers(("ban", "in_force"), "2024-06-01", "2025-06-01", "2026-02-04", **said) == ["no", "no", "no"]


@st.composite
def told(draw: st.DrawFn) -> tuple[str, str, When, When, list[tuple[str, When]], list[When]]:
    """What may be said of a measure, sensible or not."""
    kind, status = draw(st.sampled_from(sorted(STEPS)))
    names = [step.status for step in LIFECYCLES[kind]] + list(OtherEvent)  # type: ignore[index]
    some = st.sampled_from(POOL)
    events = draw(st.lists(st.tuples(st.sampled_from(names), some), max_size=3))
    return kind, status, draw(some), draw(some), events, draw(st.lists(some, max_size=3))


@given(told())
@examples(40)
def test_whatever_is_said_gives_bounds_in_order(said: tuple[str, str, When, When, list[tuple[str, When]], list[When]]) -> None:
    held = span(*said)
    for earliest, latest in ((held.begins_earliest, held.begins_latest), (held.ends_earliest, held.ends_latest)):
        assert earliest is None or latest is None or earliest <= latest
    assert held.ends or (held.ends_earliest, held.ends_latest) == (None, None)


RISING = {Stands.NO: 0, Stands.POSSIBLE: 1, Stands.YES: 2}


@given(told())
@examples(12)
def test_a_measure_rises_once_and_falls_once(said: tuple[str, str, When, When, list[tuple[str, When]], list[When]]) -> None:
    held = span(*said)
    found = [stands(held, *said[:2], date(2019, 12, 20) + timedelta(30 * n)) for n in range(110)]
    if Stands.UNKNOWN in found:
        assert set(found) == {Stands.UNKNOWN}
        return
    heights = [RISING[one] for one in found]
    top = heights.index(max(heights))
    assert heights == sorted(heights[:top]) + sorted(heights[top:], reverse=True)


@given(told())
@examples(12)
def test_what_has_ended_for_certain_does_not_stand(said: tuple[str, str, When, When, list[tuple[str, When]], list[When]]) -> None:
    held = span(*said)
    for asked in map(day, ("2020-07-01", "2024-02-01", "2026-02-04", "2030-01-01")):
        assert ended(held, asked) is not Stands.YES or stands(held, *said[:2], asked) in (Stands.NO, Stands.UNKNOWN)


def test_a_skipped_step_is_a_gap() -> None:
    assert gaps("pending_bill", "passed_legislature", ["passed_legislature"]) == ["introduced", "passed_one_chamber"]


def test_a_reported_step_is_no_gap() -> None:
    assert gaps("pending_bill", "passed_legislature", ["introduced", "announced"]) == ["passed_one_chamber"]


def test_a_first_step_has_no_gap() -> None:
    assert gaps("litigation", "filed", []) == []


@pytest.mark.parametrize(("kind", "status"), sorted(STEPS))
def test_every_status_has_a_history_of_its_own_kind(kind: str, status: str) -> None:
    missing = gaps(kind, status, [])
    assert all((kind, step) in STEPS for step in missing)
    assert gaps(kind, status, missing) == []


def test_a_phase_belongs_to_kind_and_status_together() -> None:
    assert (phase("ban", "expired"), phase("executive_order", "issued"), phase("legal_opinion", "issued")) == (
        Phase.ENDED,
        Phase.NOT_YET,
        Phase.STANDING,
    )


def test_an_unknown_date_is_not_an_open_one() -> None:
    assert answers(("ban", "in_force"), "2020-01-01", effective_from=when("../2024-06"), effective_to=UNKNOWN) == ["possible"]

"""Where a measure is in its life on a day: what has not begun is told apart from what is over."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legal.rules.dates import UNKNOWN, When, when
from legal.rules.in_effect import STEPS, phase_on, span, stands
from legal.vocabulary import LIFECYCLES, Kind, Phase, Stands
from tests.examples import examples
from tests.rules.factories import POOL, day

TERM = (when("2025-06-01"), when("2026-06-30"))
BEFORE, WITHIN, AFTER = "2025-05-31", "2026-01-15", "2026-07-01"


def phases(status: str, start: When, end: When, *days: str, kind: str = Kind.EXECUTIVE_ORDER, **more: list) -> list[str]:
    """The phase of a measure on several days."""
    measure = span(kind, status, start, end, more.get("events", ()), more.get("sources", ()))
    return [phase_on(measure, kind, status, day(one)) for one in days]


@pytest.mark.parametrize("status", ["issued", "in_force", "partly_enjoined", "rescinded", "superseded", "expired", "struck_down"])
def test_an_order_has_not_begun_then_stands_then_is_over(status: str) -> None:
    assert phases(status, *TERM, BEFORE, WITHIN, AFTER) == ["not_yet", "standing", "ended"]


def test_a_law_that_lapsed_is_over_although_nobody_repealed_it() -> None:
    assert phases("in_force", *TERM, "2026-06-30", "2026-07-01", kind=Kind.BAN) == ["standing", "ended"]


def test_an_order_that_was_enjoined_is_neither_over_nor_still_to_come() -> None:
    enjoined = [("in_force", when("2025-06-01")), ("enjoined", when("2025-09-01"))]
    found = phases("enjoined", UNKNOWN, UNKNOWN, BEFORE, "2025-07-01", WITHIN, events=enjoined, sources=[when("2025-09-17")])
    assert found == ["not_yet", "standing", "suspended"]


def test_agreements_that_are_ordered_to_end_wind_down() -> None:
    ordered = [("active", when("2025-03-01")), ("ordered_to_terminate", when("2026-02-04"))]
    days = ("2025-02-28", "2026-02-03", "2026-02-04")
    found = phases("ordered_to_terminate", UNKNOWN, UNKNOWN, *days, kind=Kind.ACTIVE_AGREEMENTS, events=ordered)
    assert found == ["not_yet", "standing", "winding_down"]


def test_what_is_said_not_to_exist_is_absent_on_any_day() -> None:
    assert phases("reported_absent", UNKNOWN, UNKNOWN, BEFORE, AFTER) == ["absent", "absent"]


def test_what_was_only_announced_has_not_begun() -> None:
    assert phases("announced", UNKNOWN, UNKNOWN, BEFORE, AFTER, kind=Kind.LITIGATION) == ["not_yet", "not_yet"]


@pytest.mark.parametrize(("status", "meanwhile"), [("rescinded", "ended"), ("in_force", "standing")])
def test_while_an_end_is_only_possible_the_status_speaks(status: str, meanwhile: str) -> None:
    days = ("2026-05-31", "2026-06-15", "2026-07-01")
    assert phases(status, when("2025"), when("2026-06"), *days) == ["standing", meanwhile, "ended"]


@given(
    st.sampled_from([(kind, step.status) for kind, steps in LIFECYCLES.items() for step in steps]),
    st.sampled_from(POOL),
    st.sampled_from(POOL),
    st.sampled_from(["2019-12-31", "2024-01-31", "2025-06-15", "2026-02-04", "2026-12-31", "2027-06-01", "2030-01-01"]),
)
@examples(40)
def test_what_stands_is_in_a_phase_that_stands_and_what_does_not_is_in_none(pair: tuple[str, str], start: When, end: When, on: str) -> None:
    measure = span(*pair, start, end)
    now, found = stands(measure, *pair, day(on)), phase_on(measure, *pair, day(on))
    if now is Stands.YES:
        assert found in (Phase.STANDING, Phase.IMPAIRED)
    if now is Stands.NO:
        assert found in (Phase.NOT_YET, Phase.ENDED, Phase.SUSPENDED, Phase.ABSENT)
    assert STEPS[pair].phase is Phase.ABSENT or found is not Phase.ABSENT

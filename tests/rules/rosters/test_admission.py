"""What makes a workbook one of ICE's lists, and what speaks against it."""

from dataclasses import replace
from datetime import date

import pytest

from legal.errors import InvalidInput
from legal.rules.rosters import admission
from legal.rules.rosters.admission import Candidate, Size, agency_id, canonical, named, objections, position, renames
from legal.vocabulary import RosterKind

PARTICIPATING, PENDING = RosterKind.PARTICIPATING, RosterKind.PENDING
SIZE = Size("this list", 1000, {"FL": 325, "TX": 172}, {"task_force": 500, "jail_enforcement": 500})
GOOD = Candidate(PARTICIPATING, date(2025, 9, 17), PARTICIPATING, (), (date(2025, 9, 9), 17), 1000, SIZE, today=date(2026, 1, 1))


@pytest.mark.parametrize(
    ("file", "kind", "day", "evening"),
    [
        ("ParticipatingEntities-20241218025939.xlsx", PARTICIPATING, date(2024, 12, 18), None),
        ("pendingAgencies05152025am.xlsx", PENDING, date(2025, 5, 15), False),
        ("participatingAgencies09172025pm.xlsx", PARTICIPATING, date(2025, 9, 17), True),
        ("participatingAgencies13452025pm.xlsx", PARTICIPATING, None, True),
        ("list.xlsx", None, None, None),
    ],
)
def test_a_name_says_what_it_says(file: str, kind: RosterKind | None, day: date | None, evening: bool | None) -> None:
    assert named(file) == admission.Named(kind, day, evening)


def test_nothing_speaks_against_a_list_that_is_what_it_says() -> None:
    assert objections(GOOD, 20) == []


def told(**more: object) -> str:
    """What speaks against a list that differs from a good one in this."""
    [only] = objections(replace(GOOD, **more), 20)  # type: ignore[arg-type]
    return only


def test_a_pending_list_under_the_participating_name_is_told_to_be_one() -> None:
    assert "--kind pending" in told(columns_say=PENDING)


def test_a_participating_list_given_as_pending_is_told_to_be_one() -> None:
    assert "--kind participating" in told(kind=PENDING)


def test_columns_that_are_missing_are_named() -> None:
    assert "signed" in told(missing=("county", "signed"))


def test_a_pending_list_needs_no_signatures() -> None:
    assert objections(replace(GOOD, kind=PENDING, columns_say=PENDING, missing=("signed", "moa"), newest=None), 20) == []


def test_a_list_that_is_older_than_a_signature_in_it_names_the_row() -> None:
    assert "row 17 was signed on 2025-09-18" in told(newest=(date(2025, 9, 18), 17))


def test_a_list_of_a_day_to_come_is_none_yet() -> None:
    assert "lies ahead" in told(today=date(2025, 9, 16))


def test_a_signature_of_the_same_day_is_well() -> None:
    assert objections(replace(GOOD, newest=(GOOD.date, 17)), 20) == []


def test_a_list_of_which_nothing_can_be_read_is_none() -> None:
    assert "None of its 1000 rows" in told(size=Size("this list", 0))


@pytest.mark.parametrize(("before", "falls"), [(29, False), (30, True)])
def test_a_few_agreements_fewer_are_no_fall(before: int, falls: bool) -> None:
    assert bool(objections(replace(GOOD, size=Size("this list", 20), before=Size("before", before)), 20)) is falls


@pytest.mark.parametrize(("agreements", "falls"), [(1250, False), (1251, True)])
def test_a_fall_is_too_large_above_the_setting(agreements: int, falls: bool) -> None:
    assert bool(objections(replace(GOOD, before=Size("before", agreements)), 20)) is falls


@pytest.mark.parametrize(("agreements", "falls"), [(800, False), (799, True)])
def test_a_fall_to_the_next_list_counts_as_well(agreements: int, falls: bool) -> None:
    assert bool(objections(replace(GOOD, after=Size("after", agreements, SIZE.places, SIZE.models)), 20)) is falls


@pytest.mark.parametrize(("count", "falls"), [(9, False), (10, True)])
def test_a_place_that_vanishes_with_many_agreements_is_named(count: int, falls: bool) -> None:
    found = objections(replace(GOOD, before=Size("before", 1000, {"FL": 325, "GA": count})), 20)
    assert ("all agreements of GA would be gone" in "".join(found)) is falls


def test_a_model_that_vanishes_is_named() -> None:
    assert "task_force" in told(after=Size("after", 1000, SIZE.places, {"jail_enforcement": 1000}))


def test_a_pending_list_may_empty() -> None:
    pending = replace(GOOD, kind=PENDING, columns_say=PENDING, newest=None, size=Size("this list", 16), before=Size("before", 92))
    assert objections(pending, 20) == []


def test_lists_of_a_day_stand_in_the_order_of_its_hours() -> None:
    day = date(2025, 9, 17)
    assert position(day, False, "f") < position(day, None, "0") < position(day, True, "0") < position(date(2025, 9, 18), False, "0")


def test_an_id_says_kind_day_and_bytes() -> None:
    assert admission.id_of(PENDING, date(2025, 5, 15), "b3391e54" + 56 * "0") == "pending-2025-05-15-b3391e54"


def test_an_id_is_made_of_place_and_name() -> None:
    assert agency_id("MD", "st marys county sheriffs office") == "md-st-marys-county-sheriffs-office"


def test_two_names_of_the_same_words_have_two_ids() -> None:
    assert agency_id("FL", "state attorney, sixth circuit") != agency_id("FL", "state attorney sixth circuit")


def test_a_long_name_still_has_a_short_id() -> None:
    assert len(agency_id("FL", "x" * 400)) <= 120


def test_a_chain_of_renames_is_followed() -> None:
    assert canonical("a", {"a": "b", "b": "c"}) == "c"


@pytest.mark.parametrize("pairs", ["ab ba", "ab bc ca", "ab ac", "aa"])
def test_a_circle_or_a_second_name_is_refused(pairs: str) -> None:
    with pytest.raises(InvalidInput, match="twice, or in a circle"):
        renames({"jurisdiction": "WY", "from_": before, "to": after} for before, after in pairs.split())


def test_renames_are_of_folded_names_and_by_place() -> None:
    written = {"jurisdiction": "WY", "from_": "State Highway Patrol ", "to": "Wyoming Highway-Patrol", "why": "renamed"}
    assert renames([written]) == {"WY": {"state highway patrol": "wyoming highway patrol"}}

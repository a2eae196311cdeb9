"""Test which workbooks are admitted as rosters, and the ids and positions of rosters and agencies."""

from dataclasses import replace
from datetime import date

import pytest

from legal.errors import InvalidInput
from legal.rules.rosters.admission import (
    FileNameHints,
    RosterCandidate,
    RosterSize,
    admission_errors,
    agency_id,
    current_name,
    parse_file_name,
    renames_by_jurisdiction,
    roster_id,
    roster_position,
)
from legal.rules.rosters.order_in_day import TimeOfDay
from legal.vocabulary import RosterKind

PARTICIPATING, PENDING = RosterKind.PARTICIPATING, RosterKind.PENDING
SIZE = RosterSize("this roster", 1000, {"FL": 325, "TX": 172}, {"task_force": 500, "jail_enforcement": 500})
GOOD_CANDIDATE = RosterCandidate(
    PARTICIPATING, date(2025, 9, 17), PARTICIPATING, (), (date(2025, 9, 9), 17), 1000, SIZE, today=date(2026, 1, 1)
)
PENDING_CANDIDATE = replace(GOOD_CANDIDATE, kind=PENDING, kind_by_columns=PENDING, newest_signature=None)


@pytest.mark.parametrize(
    ("file_name", "kind", "day"),
    [
        ("ParticipatingEntities-20241218025939.xlsx", PARTICIPATING, date(2024, 12, 18)),
        ("pendingAgencies05152025am.xlsx", PENDING, date(2025, 5, 15)),
        ("participatingAgencies09172025pm.xlsx", PARTICIPATING, date(2025, 9, 17)),
        ("participatingAgencies13452025pm.xlsx", PARTICIPATING, None),
        ("list.xlsx", None, None),
    ],
)
def test_file_name_gives_kind_and_date(file_name: str, kind: RosterKind | None, day: date | None) -> None:
    assert parse_file_name(file_name) == FileNameHints(kind, day)


def test_good_candidate_has_no_errors() -> None:
    assert admission_errors(GOOD_CANDIDATE, 20, 5) == []


def only_error(**changes: object) -> str:
    """Return the one error of a good candidate with these changes."""
    [error] = admission_errors(replace(GOOD_CANDIDATE, **changes), 20, 5)  # type: ignore[arg-type]
    return error


def test_pending_content_under_the_participating_kind_suggests_pending() -> None:
    assert "--kind pending" in only_error(kind_by_columns=PENDING)


def test_participating_content_under_the_pending_kind_suggests_participating() -> None:
    assert "--kind participating" in only_error(kind=PENDING)


def test_missing_required_columns_are_named() -> None:
    assert only_error(missing_columns=("county", "signed")) == "Columns of a roster of participating agencies are missing: signed."


def test_pending_roster_needs_no_signature_or_link_columns() -> None:
    assert admission_errors(replace(PENDING_CANDIDATE, missing_columns=("signed", "moa")), 20, 5) == []


def test_roster_older_than_a_signature_is_refused_with_the_row() -> None:
    assert "row 17 was signed on 2025-09-18" in only_error(newest_signature=(date(2025, 9, 18), 17))


def test_roster_dated_in_the_future_is_refused() -> None:
    assert "in the future" in only_error(today=date(2025, 9, 16))


def test_signature_on_the_date_of_the_roster_is_accepted() -> None:
    assert admission_errors(replace(GOOD_CANDIDATE, newest_signature=(GOOD_CANDIDATE.date, 17)), 20, 5) == []


def test_roster_without_a_readable_row_is_refused() -> None:
    assert "None of the 1000 rows" in only_error(size=RosterSize("this roster", 0))


@pytest.mark.parametrize(("old_count", "is_refused"), [(29, False), (30, True)])
def test_loss_of_fewer_than_ten_agreements_is_accepted(old_count: int, is_refused: bool) -> None:
    candidate = replace(GOOD_CANDIDATE, size=RosterSize("this roster", 20), previous_size=RosterSize("previous", old_count))
    assert bool(admission_errors(candidate, 20, 5)) is is_refused


@pytest.mark.parametrize(("old_count", "is_refused"), [(1250, False), (1251, True)])
def test_loss_since_the_previous_roster_is_limited(old_count: int, is_refused: bool) -> None:
    assert bool(admission_errors(replace(GOOD_CANDIDATE, previous_size=RosterSize("previous", old_count)), 20, 5)) is is_refused


@pytest.mark.parametrize(("new_count", "is_refused"), [(800, False), (799, True)])
def test_loss_until_the_next_roster_is_limited(new_count: int, is_refused: bool) -> None:
    next_size = RosterSize("next", new_count, SIZE.by_jurisdiction, SIZE.by_model)
    assert bool(admission_errors(replace(GOOD_CANDIDATE, next_size=next_size), 20, 5)) is is_refused


@pytest.mark.parametrize(("count", "is_refused"), [(9, False), (10, True)])
def test_loss_of_a_jurisdiction_with_ten_agreements_is_refused(count: int, is_refused: bool) -> None:
    errors = admission_errors(replace(GOOD_CANDIDATE, previous_size=RosterSize("previous", 1000, {"FL": 325, "GA": count})), 20, 5)
    assert ("all agreements of GA would disappear" in "".join(errors)) is is_refused


def test_loss_of_a_model_is_refused() -> None:
    next_size = RosterSize("next", 1000, SIZE.by_jurisdiction, {"jail_enforcement": 1000})
    assert "task_force" in only_error(next_size=next_size)


@pytest.mark.parametrize(
    ("changes", "sign"),
    [
        ({"tracker_columns": ("Last Seen",)}, "columns that ICE's rosters do not have"),
        ({"repeated_count": 501}, "501 of 1000 rows repeat"),
        ({"headed_sheets": ("Participating", "Pending")}, "Several sheets have a header"),
        ({"returned_count": 11, "departed_count": 20}, "11 agreements again"),
    ],
)
def test_sheet_derived_from_several_rosters_is_refused(changes: dict[str, object], sign: str) -> None:
    assert sign in only_error(**changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"repeated_count": 500},
        {"headed_sheets": ("Participating",)},
        {"returned_count": 9, "departed_count": 9},
        {"returned_count": 10, "departed_count": 20},
    ],
)
def test_few_signs_of_derivation_are_accepted(changes: dict[str, object]) -> None:
    assert admission_errors(replace(GOOD_CANDIDATE, **changes), 20, 5) == []  # type: ignore[arg-type]


@pytest.mark.parametrize(("largest_neighbor", "is_refused"), [(834, False), (833, True)])
def test_roster_far_larger_than_both_neighbors_is_refused(largest_neighbor: int, is_refused: bool) -> None:
    by_model = {"task_force": largest_neighbor - 400, "jail_enforcement": 400}
    sizes = {
        "previous_size": RosterSize("previous", largest_neighbor, SIZE.by_jurisdiction, by_model),
        "next_size": RosterSize("next", largest_neighbor - 20, SIZE.by_jurisdiction, by_model),
    }
    assert bool(admission_errors(replace(GOOD_CANDIDATE, **sizes), 20, 5)) is is_refused


def test_pending_roster_may_shrink_by_any_number() -> None:
    sizes = {"size": RosterSize("this roster", 16), "previous_size": RosterSize("previous", 92)}
    assert admission_errors(replace(PENDING_CANDIDATE, **sizes), 20, 5) == []


def test_rosters_are_sorted_by_day_and_then_by_time() -> None:
    day = date(2025, 9, 17)
    positions = [
        roster_position(day, TimeOfDay("090001", "am"), "f"),
        roster_position(day, TimeOfDay("170001", "pm"), "0"),
        roster_position(date(2025, 9, 18), TimeOfDay("090001", "am"), "0"),
    ]
    assert positions == sorted(set(positions))


def test_roster_id_has_kind_date_and_start_of_the_hash() -> None:
    assert roster_id(PENDING, date(2025, 5, 15), "b3391e54" + 56 * "0") == "pending-2025-05-15-b3391e54"


def test_agency_id_has_jurisdiction_and_name() -> None:
    assert agency_id("MD", "st marys county sheriffs office") == "md-st-marys-county-sheriffs-office"


def test_two_names_of_the_same_words_have_two_ids() -> None:
    assert agency_id("FL", "state attorney, sixth circuit") != agency_id("FL", "state attorney sixth circuit")


def test_long_agency_name_has_a_short_id() -> None:
    assert len(agency_id("FL", "x" * 400)) <= 120


def test_chain_of_renames_is_followed() -> None:
    assert current_name("a", {"a": "b", "b": "c"}) == "c"


@pytest.mark.parametrize("pairs", ["ab ba", "ab bc ca", "ab ac", "aa"])
def test_circle_or_second_rename_is_refused(pairs: str) -> None:
    with pytest.raises(InvalidInput, match="renamed twice, or renames form a circle"):
        renames_by_jurisdiction({"jurisdiction": "WY", "from_": old_name, "to": new_name} for old_name, new_name in pairs.split())


def test_written_renames_become_agency_keys_by_jurisdiction() -> None:
    entry = {"jurisdiction": "WY", "from_": "State Highway Patrol ", "to": "Wyoming Highway-Patrol", "why": "renamed"}
    assert renames_by_jurisdiction([entry]) == {"WY": {"state highway patrol": "wyoming highway patrol"}}


def test_rename_that_a_rule_for_spellings_covers_is_left_out() -> None:
    entry = {"jurisdiction": "TX", "from_": "Department of Public Safety", "to": "Texas DPS"}
    assert renames_by_jurisdiction([entry]) == {"TX": {}}

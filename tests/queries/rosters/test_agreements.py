"""Test the status of agreements on a day, their filters and their counts."""

from collections.abc import Sequence
from datetime import date
from itertools import product
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from legal.db.engine import Database
from legal.json_types import Json
from legal.queries.core import snapshot
from legal.queries.core.pagination import Page, Paging
from legal.queries.rosters import agreements
from legal.vocabulary import Basis, RosterKind
from tests.examples import examples
from tests.services.rosters import factories
from tests.services.rosters.factories import (
    BAKER,
    PARTICIPATING,
    PENDING,
    SET_ASIDE_ROW,
    UNION,
    import_rosters,
    measure_naming,
    parsed_row,
    publish_measures,
    roster_workbook,
    session_with_rosters,
)

ANY_STATUS = ["any"]
FIRST, SECOND, THIRD, FOURTH = "2025-01-10", "2025-05-16", "2025-09-17", "2025-11-04"

rosters_db = factories.rosters_db


def list_all(
    session: Session, status: Sequence[str] = ANY_STATUS, as_of: str = "2026-01-01", revision: int | None = None, **filters: Any
) -> list[Json]:
    """Return every agreement that matches, sorted by id."""
    day_snapshot = snapshot.resolve_snapshot(session, date.fromisoformat(as_of), revision)
    rows, page, _ = agreements.list_agreements(session, day_snapshot, {"status": list(status), **filters}, Paging(200, "id"))
    assert page.count == len(rows)
    return rows


def get_only(session: Session, as_of: str = "2026-01-01") -> Json:
    """Return the only agreement on the rosters."""
    (agreement,) = list_all(session, as_of=as_of)
    return agreement


def edtf_of(date_json: Json | None) -> str | None:
    """Return the EDTF string of a DATE object."""
    return date_json and date_json["edtf"]


def only_values(session: Session, *keys: str, as_of: str = "2026-01-01") -> list[str | None]:
    """Return values of the only agreement, with DATE objects as EDTF strings."""
    agreement = get_only(session, as_of)
    return [edtf_of(agreement[key]) if isinstance(agreement[key], dict) else agreement[key] for key in keys]


def test_agreement_on_the_roster_in_force_is_active(seeded_db: Database) -> None:
    with session_with_rosters(seeded_db, roster_workbook(FIRST, parsed_row()), roster_workbook(SECOND, parsed_row())) as session:
        assert only_values(session, "status", "first_listed", "last_listed", "unlisted_since") == ["active", FIRST, SECOND, None]


def test_agreement_is_unlisted_since_the_first_roster_without_it(seeded_db: Database) -> None:
    with session_with_rosters(
        seeded_db, roster_workbook(FIRST, parsed_row()), roster_workbook(SECOND, SET_ASIDE_ROW), roster_workbook(THIRD, SET_ASIDE_ROW)
    ) as session:
        assert only_values(session, "status", "last_listed", "unlisted_since") == ["unlisted", FIRST, SECOND]


def test_agreement_only_on_a_pending_roster_is_pending(seeded_db: Database) -> None:
    with session_with_rosters(
        seeded_db, roster_workbook(FIRST, SET_ASIDE_ROW), roster_workbook(SECOND, parsed_row(signed_on=None), kind=PENDING)
    ) as session:
        assert only_values(session, "status", "signed", "first_listed") == ["pending", None, SECOND]


def test_unlisted_agreement_on_a_later_pending_roster_is_pending(seeded_db: Database) -> None:
    workbooks = (
        roster_workbook(FIRST, parsed_row()),
        roster_workbook(SECOND, SET_ASIDE_ROW),
        roster_workbook(THIRD, parsed_row(signed_on=None), kind=PENDING),
    )
    with session_with_rosters(seeded_db, *workbooks) as session:
        assert only_values(session, "status", "first_listed", as_of=THIRD) == ["pending", THIRD]
        assert only_values(session, "status", "unlisted_since", as_of=SECOND) == ["unlisted", SECOND]


def test_unlisted_agreement_is_not_pending_by_an_older_pending_roster(seeded_db: Database) -> None:
    workbooks = (
        roster_workbook(FIRST, parsed_row(signed_on=None), kind=PENDING),
        roster_workbook(SECOND, parsed_row()),
        roster_workbook(THIRD, SET_ASIDE_ROW),
    )
    with session_with_rosters(seeded_db, *workbooks) as session:
        assert only_values(session, "status", "last_listed", "unlisted_since") == ["unlisted", SECOND, THIRD]


def test_pending_roster_does_not_revive_an_unlisted_agreement(seeded_db: Database) -> None:
    pair = roster_workbook(FIRST, parsed_row()), roster_workbook(FIRST, parsed_row(signed_on=None), kind=PENDING)
    with session_with_rosters(seeded_db, *pair, roster_workbook(SECOND, SET_ASIDE_ROW)) as session:
        assert only_values(session, "status", "unlisted_since") == ["unlisted", SECOND]


def test_application_is_unlisted_since_the_next_pending_roster(seeded_db: Database) -> None:
    workbooks = (
        roster_workbook(FIRST, parsed_row(signed_on=None), kind=PENDING),
        roster_workbook(SECOND, SET_ASIDE_ROW),
        roster_workbook(THIRD, SET_ASIDE_ROW, kind=PENDING),
    )
    with session_with_rosters(seeded_db, *workbooks) as session:
        assert only_values(session, "status", "unlisted_since") == ["application_unlisted", THIRD]


def test_active_agreement_shows_its_participating_row_despite_a_later_pending_one(seeded_db: Database) -> None:
    with session_with_rosters(
        seeded_db, roster_workbook(FIRST, parsed_row()), roster_workbook(SECOND, parsed_row(signed_on=None), kind=PENDING)
    ) as session:
        assert only_values(session, "status", "last_listed", "signed") == ["active", FIRST, "2025-02-26"]


def test_no_agreement_before_the_first_roster(seeded_db: Database) -> None:
    with session_with_rosters(
        seeded_db, roster_workbook(FIRST, parsed_row()), roster_workbook(SECOND, parsed_row(BAKER), kind=PENDING)
    ) as session:
        assert list_all(session, as_of="2025-01-09") == []
        assert [agreement["agency"] for agreement in list_all(session, as_of=FIRST)] == [UNION]


def test_older_revision_ignores_later_imports(seeded_db: Database) -> None:
    with session_with_rosters(seeded_db, roster_workbook(SECOND, parsed_row())) as session:
        revision = snapshot.latest_snapshot(session).revision
        agreements_then = list_all(session, revision=revision)
        import_rosters(
            session,
            roster_workbook(FIRST, parsed_row(signed_on="2025-01-01")),
            roster_workbook(THIRD, SET_ASIDE_ROW),
            roster_workbook(FOURTH, parsed_row(BAKER)),
        )
        assert list_all(session, revision=revision) == agreements_then
        assert [agreement["status"] for agreement in list_all(session)] == ["active", "unlisted"]


def test_repeated_row_is_not_counted(seeded_db: Database) -> None:
    with session_with_rosters(
        seeded_db, roster_workbook(FIRST, parsed_row(signed_on="2025-01-01"), parsed_row(signed_on="2025-01-02"))
    ) as session:
        assert only_values(session, "signed", "row") == ["2025-01-01", 2]


def test_unreadable_signature_date_is_shown_as_printed(seeded_db: Database) -> None:
    with session_with_rosters(
        seeded_db, roster_workbook(FIRST, parsed_row(signed_on=None, printed_cells={"signed": "13/45/2025"}))
    ) as session:
        agreement = get_only(session)
    assert (agreement["signed"]["basis"], agreement["signed_printed"]) == ("unknown", "13/45/2025")


def test_inferred_roster_date_is_marked_as_inferred(seeded_db: Database) -> None:
    with session_with_rosters(seeded_db, roster_workbook(FIRST, parsed_row(), basis=Basis.INFERRED)) as session:
        agreement = get_only(session)
    assert (agreement["first_listed"]["basis"], agreement["signed"]["basis"]) == ("inferred", "explicit")


@pytest.mark.parametrize(
    ("filters", "agencies"),
    [
        ({"jurisdiction": ["VA", "MD"]}, ["Fairfax"]),
        ({"model": ["warrant_service_officer"]}, ["Fairfax"]),
        ({"agency_type": ["county"]}, ["Baker", "UNION", "Fairfax"]),
        ({"county_fips": "12003"}, ["Baker"]),
        ({"signed_after": date(2025, 3, 1)}, ["UNION", "Guam"]),
        ({"signed_after": date(2025, 3, 2)}, ["Guam"]),
        ({"signed_before": date(2025, 3, 1)}, ["Baker", "UNION"]),
        ({"signed_before": date(2025, 2, 28)}, ["Baker"]),
        ({"q": "SHERIFFS union"}, ["UNION"]),
        ({"q": "gu-guam"}, ["Guam"]),
        ({"q": "100%"}, []),
        ({"jurisdiction": ["FL"], "q": "county", "signed_after": date(2025, 2, 1)}, ["UNION"]),
    ],
)
def test_active_agreements_are_filtered(rosters_db: Database, filters: Json, agencies: list[str]) -> None:
    with rosters_db.reading() as session:
        assert [agreement["agency"].split()[0] for agreement in list_all(session, ["active"], **filters)] == agencies
        active = [agreement for agreement in list_all(session, **filters) if agreement["status"] == "active"]
        assert [agreement["agency"].split()[0] for agreement in active] == agencies


@pytest.mark.parametrize(
    ("status", "count"),
    [("active", 4), ("pending", 1), ("unlisted", 1), ("ended", 0), ("any", 6), ("pending,unlisted", 2), ("active,any", 6)],
)
def test_agreements_are_filtered_by_status(rosters_db: Database, status: str, count: int) -> None:
    with rosters_db.reading() as session:
        matching = list_all(session, status.split(","))
    assert len(matching) == count
    assert "any" in status or {agreement["status"] for agreement in matching} <= set(status.split(","))


# A second implementation of the status rule, to compare with.

AGENCIES = (UNION, BAKER)
DAYS = (FIRST, SECOND, THIRD)
ROSTERS = list(product(DAYS, (PARTICIPATING, PENDING)))


def expected_status(rosters: dict[tuple[str, RosterKind], frozenset[str]], agency: str, on: str, end: str) -> tuple[str, str] | None:
    """Return the status of an agency's agreement on a day, and the day of the decisive roster; ``end`` is when a source reports Union's end."""
    by_kind = {kind: sorted(day for day, roster_kind in rosters if roster_kind == kind and day <= on) for kind in RosterKind}
    days_listed = {kind: [day for day in days if agency in rosters[day, kind]] for kind, days in by_kind.items()}
    in_force = {kind: days[-1] for kind, days in by_kind.items() if days}
    last = {kind: days[-1] for kind, days in days_listed.items() if days}
    if not last:
        return None
    participating, pending = last.get(PARTICIPATING), last.get(PENDING)
    if agency == UNION and end <= on and (not participating or participating <= end):
        return "ended", max(filter(None, (participating, pending)))
    if participating and participating == in_force[PARTICIPATING]:
        return "active", participating
    if pending and pending == in_force[PENDING] and (not participating or pending > participating):
        return "pending", pending
    return "unlisted" if participating else "application_unlisted", max(filter(None, (participating, pending)))


@examples(3, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(st.sampled_from(ROSTERS), st.frozensets(st.sampled_from(AGENCIES)), min_size=1, max_size=6),
    st.sampled_from((FIRST, "2025-03-01", SECOND, FOURTH)),
    st.randoms(),
)
def test_status_does_not_depend_on_the_order_of_imports(
    seeded_db: Database, rosters: dict[tuple[str, RosterKind], frozenset[str]], end: str, random: Any
) -> None:
    books = [roster_workbook(day, SET_ASIDE_ROW, *map(parsed_row, sorted(names)), kind=kind) for (day, kind), names in rosters.items()]
    random.shuffle(books)
    with session_with_rosters(seeded_db, *books) as session:
        publish_measures(session, measure_naming("fl-union-county-sheriffs-office-task-force", terminated_on=end))
        for on in DAYS:
            rows = list_all(session, as_of=on)
            statuses = {row["agency"]: (row["status"], edtf_of(row["last_listed"])) for row in rows}
            assert statuses == {agency: status for agency in AGENCIES if (status := expected_status(rosters, agency, on, end))}
            assert list_all(session, ["active"], on) == [row for row in rows if row["status"] == "active"]


# Counts of agreements.


def summarize(session: Session, by: str, status: str = "active", sort: str | None = None, **paging: Any) -> tuple[list[Json], Page, Json]:
    """Return the rows, the page and the totals of a summary on a day after the last roster."""
    day_snapshot = snapshot.resolve_snapshot(session, date(2026, 1, 1))
    column = (sort or by).removeprefix("-")
    rows, page, meta = agreements.summarize_agreements(
        session, day_snapshot, {"status": [status]}, by, Paging(200, column, (sort or by) != column, **paging)
    )
    return rows, page, meta["totals"]


@pytest.mark.parametrize(
    ("by", "rows"),
    [
        ("jurisdiction", [("FL", 2, 2), ("GU", 1, 1), ("VA", 1, 1)]),
        ("model", [("task_force", 3, 3), ("warrant_service_officer", 1, 1)]),
        ("agency_type", [("county", 3, 3), (None, 1, 1)]),
        ("month", [("2025-01", 1, 1), ("2025-03", 1, 1), ("2025-08", 1, 1), (None, 1, 1)]),
    ],
)
def test_summary_counts_agreements_and_agencies(rosters_db: Database, by: str, rows: list[Any]) -> None:
    with rosters_db.reading() as session:
        counts, _, totals = summarize(session, by)
    assert [tuple(count.values()) for count in counts] == rows
    assert list(counts[0]) == [by, "agreements", "agencies"]
    assert totals == {"agreements": 4, "agencies": 4, "states": 2, "territories": 1, "jurisdiction_unknown": 0}


def test_agency_with_two_agreements_is_counted_once(seeded_db: Database) -> None:
    with session_with_rosters(
        seeded_db, roster_workbook(FIRST, parsed_row(), parsed_row(model="jail_enforcement"), parsed_row(BAKER))
    ) as session:
        counts, _, totals = summarize(session, "jurisdiction")
    assert counts == [{"jurisdiction": "FL", "agreements": 3, "agencies": 2}]
    assert totals == {"agreements": 3, "agencies": 2, "states": 1, "territories": 0, "jurisdiction_unknown": 0}


def test_district_of_columbia_is_counted_as_a_state(seeded_db: Database) -> None:
    with session_with_rosters(seeded_db, roster_workbook(FIRST, parsed_row(jurisdiction="DC", county=None))) as session:
        assert summarize(session, "model")[2] == {"agreements": 1, "agencies": 1, "states": 1, "territories": 0, "jurisdiction_unknown": 0}


@pytest.mark.parametrize(
    ("sort", "codes"), [("-agreements", ["FL", "GU", "VA"]), ("agencies", ["GU", "VA", "FL"]), ("-jurisdiction", ["VA", "GU", "FL"])]
)
def test_summary_is_sorted_by_its_key_or_a_count(rosters_db: Database, sort: str, codes: list[str]) -> None:
    with rosters_db.reading() as session:
        assert [count["jurisdiction"] for count in summarize(session, "jurisdiction", sort=sort)[0]] == codes


def test_totals_are_null_without_any_roster(seeded_db: Database) -> None:
    with seeded_db.reading() as session:
        counts, page, totals = summarize(session, "month", status="any")
    assert (counts, page.count) == ([], 0)
    assert set(totals.values()) == {None}

"""Agreements: what the lists on file say of each on a day, whatever order they were imported in."""

from collections.abc import Sequence
from datetime import date
from itertools import product
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from legal.db.engine import Database
from legal.queries.core import snapshot
from legal.queries.core.pagination import Page, Paging
from legal.queries.rosters import agreements
from legal.vocabulary import Basis, RosterKind
from tests.examples import examples
from tests.services.rosters import factories
from tests.services.rosters.factories import BAKER, PARTICIPATING, PENDING, SET_ASIDE, UNION, naming, on_file, put, row, say, workbook

Json = dict[str, Any]
ANY = ["any"]
FIRST, SECOND, THIRD, FOURTH = "2025-01-10", "2025-05-16", "2025-09-17", "2025-11-04"

rostered = factories.rostered


def listed(
    session: Session, status: Sequence[str] = ANY, as_of: str = "2026-01-01", revision: int | None = None, **filters: Any
) -> list[Json]:
    """Every agreement that matches, by id."""
    moment = snapshot.resolve(session, date.fromisoformat(as_of), revision)
    rows, page, _ = agreements.listed(session, moment, {"status": list(status), **filters}, Paging(200, "id"))
    assert page.count == len(rows)
    return rows


def one(session: Session, as_of: str = "2026-01-01") -> Json:
    """The only agreement there is."""
    (found,) = listed(session, as_of=as_of)
    return found


def day(shown: Json | None) -> str | None:
    """The day that a DATE object is."""
    return shown and shown["edtf"]


def told(session: Session, *keys: str, as_of: str = "2026-01-01") -> list[str | None]:
    """What the only agreement says: words as they are, dates as days."""
    found = one(session, as_of)
    return [day(found[key]) if isinstance(found[key], dict) else found[key] for key in keys]


def test_what_the_list_in_force_has_is_active(record: Database) -> None:
    with on_file(record, workbook(FIRST, row()), workbook(SECOND, row())) as session:
        assert told(session, "status", "first_listed", "last_listed", "unlisted_since") == ["active", FIRST, SECOND, None]


def test_what_a_later_list_lacks_is_unlisted_since_the_first_that_lacks_it(record: Database) -> None:
    with on_file(record, workbook(FIRST, row()), workbook(SECOND, SET_ASIDE), workbook(THIRD, SET_ASIDE)) as session:
        assert told(session, "status", "last_listed", "unlisted_since") == ["unlisted", FIRST, SECOND]


def test_what_only_a_pending_list_has_is_pending(record: Database) -> None:
    with on_file(record, workbook(FIRST, SET_ASIDE), workbook(SECOND, row(signed=None), kind=PENDING)) as session:
        assert told(session, "status", "signed", "first_listed") == ["pending", None, SECOND]


def test_what_left_the_participating_lists_and_asks_again_is_pending(record: Database) -> None:
    lists = workbook(FIRST, row()), workbook(SECOND, SET_ASIDE), workbook(THIRD, row(signed=None), kind=PENDING)
    with on_file(record, *lists) as session:
        assert told(session, "status", "first_listed", as_of=THIRD) == ["pending", THIRD]
        assert told(session, "status", "unlisted_since", as_of=SECOND) == ["unlisted", SECOND]


def test_what_signed_after_it_was_pending_and_left_is_unlisted_although_the_pending_list_still_holds(record: Database) -> None:
    lists = workbook(FIRST, row(signed=None), kind=PENDING), workbook(SECOND, row()), workbook(THIRD, SET_ASIDE)
    with on_file(record, *lists) as session:
        assert told(session, "status", "last_listed", "unlisted_since") == ["unlisted", SECOND, THIRD]


def test_what_left_the_participating_lists_is_not_revived_by_a_pending_list_of_the_day_it_was_last_listed(record: Database) -> None:
    pair = workbook(FIRST, row()), workbook(FIRST, row(signed=None), kind=PENDING)
    with on_file(record, *pair, workbook(SECOND, SET_ASIDE)) as session:
        assert told(session, "status", "unlisted_since") == ["unlisted", SECOND]


def test_what_left_the_pending_lists_is_unlisted_since_the_next_of_them(record: Database) -> None:
    lists = workbook(FIRST, row(signed=None), kind=PENDING), workbook(SECOND, SET_ASIDE), workbook(THIRD, SET_ASIDE, kind=PENDING)
    with on_file(record, *lists) as session:
        assert told(session, "status", "unlisted_since") == ["unlisted", THIRD]


def test_what_is_active_is_shown_by_its_participating_row_although_a_later_pending_list_has_it(record: Database) -> None:
    with on_file(record, workbook(FIRST, row()), workbook(SECOND, row(signed=None), kind=PENDING)) as session:
        assert told(session, "status", "last_listed", "signed") == ["active", FIRST, "2025-02-26"]


def test_before_the_first_list_there_is_nothing(record: Database) -> None:
    with on_file(record, workbook(FIRST, row()), workbook(SECOND, row(BAKER), kind=PENDING)) as session:
        assert listed(session, as_of="2025-01-09") == []
        assert [found["agency"] for found in listed(session, as_of=FIRST)] == [UNION]


def test_a_revision_pins_what_was_on_file(record: Database) -> None:
    with on_file(record, workbook(SECOND, row())) as session:
        then = snapshot.latest(session).revision
        before = listed(session, revision=then)
        put(session, workbook(FIRST, row(signed="2025-01-01")), workbook(THIRD, SET_ASIDE), workbook(FOURTH, row(BAKER)))
        assert listed(session, revision=then) == before
        assert [found["status"] for found in listed(session)] == ["active", "unlisted"]


def test_a_row_that_repeats_another_is_not_counted(record: Database) -> None:
    with on_file(record, workbook(FIRST, row(signed="2025-01-01"), row(signed="2025-01-02"))) as session:
        assert told(session, "signed", "row") == ["2025-01-01", 2]


def test_a_day_of_signature_that_could_not_be_read_is_shown_as_printed(record: Database) -> None:
    with on_file(record, workbook(FIRST, row(signed=None, printed={"signed": "13/45/2025"}))) as session:
        found = one(session)
    assert (found["signed"]["basis"], found["signed_printed"]) == ("unknown", "13/45/2025")


def test_a_list_whose_day_was_inferred_says_so(record: Database) -> None:
    with on_file(record, workbook(FIRST, row(), basis=Basis.INFERRED)) as session:
        found = one(session)
    assert (found["first_listed"]["basis"], found["signed"]["basis"]) == ("inferred", "explicit")


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
def test_active_agreements_are_filtered(rostered: Database, filters: Json, agencies: list[str]) -> None:
    with rostered.reading() as session:
        assert [found["agency"].split()[0] for found in listed(session, ["active"], **filters)] == agencies
        active = [found for found in listed(session, **filters) if found["status"] == "active"]
        assert [found["agency"].split()[0] for found in active] == agencies


@pytest.mark.parametrize(
    ("status", "count"),
    [("active", 4), ("pending", 1), ("unlisted", 1), ("ended", 0), ("any", 6), ("pending,unlisted", 2), ("active,any", 6)],
)
def test_agreements_are_filtered_by_status(rostered: Database, status: str, count: int) -> None:
    with rostered.reading() as session:
        found = listed(session, status.split(","))
    assert len(found) == count
    assert "any" in status or {one["status"] for one in found} <= set(status.split(","))


# The rule, once more and from the lists alone.

AGENCIES = (UNION, BAKER)
DAYS = (FIRST, SECOND, THIRD)
LISTS = list(product(DAYS, (PARTICIPATING, PENDING)))


def expected(lists: dict[tuple[str, RosterKind], frozenset[str]], agency: str, on: str, end: str) -> tuple[str, str] | None:
    """The status of an agency's agreement on a day, and the day of the list that decides it; ``end`` is when a source has Union's end."""
    by_kind = {kind: sorted(day for day, of in lists if of == kind and day <= on) for kind in RosterKind}
    has = {kind: [day for day in days if agency in lists[day, kind]] for kind, days in by_kind.items()}
    in_force = {kind: days[-1] for kind, days in by_kind.items() if days}
    last = {kind: days[-1] for kind, days in has.items() if days}
    if not last:
        return None
    listed, pended = last.get(PARTICIPATING), last.get(PENDING)
    if agency == UNION and end <= on and (not listed or listed <= end):
        return "ended", max(filter(None, (listed, pended)))
    if listed and listed == in_force[PARTICIPATING]:
        return "active", listed
    if pended and pended == in_force[PENDING] and (not listed or pended > listed):
        return "pending", pended
    return "unlisted", max(filter(None, (listed, pended)))


@examples(3, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(st.sampled_from(LISTS), st.frozensets(st.sampled_from(AGENCIES)), min_size=1, max_size=6),
    st.sampled_from((FIRST, "2025-03-01", SECOND, FOURTH)),
    st.randoms(),
)
def test_the_order_of_importing_does_not_matter(
    record: Database, lists: dict[tuple[str, RosterKind], frozenset[str]], end: str, random: Any
) -> None:
    books = [workbook(day, SET_ASIDE, *map(row, sorted(names)), kind=kind) for (day, kind), names in lists.items()]
    random.shuffle(books)
    with on_file(record, *books) as session:
        say(session, naming("fl-union-county-sheriffs-office-task-force", on=end))
        for on in DAYS:
            found = {row["agency"]: (row["status"], day(row["last_listed"])) for row in listed(session, as_of=on)}
            assert found == {agency: told for agency in AGENCIES if (told := expected(lists, agency, on, end))}
            active = [row for row in listed(session, as_of=on) if row["status"] == "active"]
            assert listed(session, ["active"], on) == active


# Their numbers.


def numbers(session: Session, by: str, status: str = "active", sort: str | None = None, **paging: Any) -> tuple[list[Json], Page, Json]:
    """A summary on a day after the last list."""
    moment = snapshot.resolve(session, date(2026, 1, 1))
    plain = (sort or by).removeprefix("-")
    return agreements.summary(session, moment, {"status": [status]}, by, Paging(200, plain, (sort or by) != plain, **paging))[:3]


@pytest.mark.parametrize(
    ("by", "rows"),
    [
        ("jurisdiction", [("FL", 2, 2), ("GU", 1, 1), ("VA", 1, 1)]),
        ("model", [("task_force", 3, 3), ("warrant_service_officer", 1, 1)]),
        ("agency_type", [("county", 3, 3), (None, 1, 1)]),
        ("month", [("2025-01", 1, 1), ("2025-03", 1, 1), ("2025-08", 1, 1), (None, 1, 1)]),
    ],
)
def test_active_agreements_are_counted_with_both_units(rostered: Database, by: str, rows: list[Any]) -> None:
    with rostered.reading() as session:
        found, _, totals = numbers(session, by)
    assert [tuple(one.values()) for one in found] == rows
    assert list(found[0]) == [by, "agreements", "agencies"]
    assert totals == {"agreements": 4, "agencies": 4, "states": 2, "territories": 1}


def test_an_agency_with_two_agreements_is_one_agency(record: Database) -> None:
    with on_file(record, workbook(FIRST, row(), row(model="jail_enforcement"), row(BAKER))) as session:
        found, _, totals = numbers(session, "jurisdiction")
    assert found == [{"jurisdiction": "FL", "agreements": 3, "agencies": 2}]
    assert totals == {"agreements": 3, "agencies": 2, "states": 1, "territories": 0}


def test_the_district_is_counted_with_the_states(record: Database) -> None:
    with on_file(record, workbook(FIRST, row(jurisdiction="DC", county=None))) as session:
        assert numbers(session, "model")[2] == {"agreements": 1, "agencies": 1, "states": 1, "territories": 0}


@pytest.mark.parametrize(
    ("sort", "first"), [("-agreements", ["FL", "GU", "VA"]), ("agencies", ["GU", "VA", "FL"]), ("-jurisdiction", ["VA", "GU", "FL"])]
)
def test_a_summary_is_sorted_by_its_key_or_a_number(rostered: Database, sort: str, first: list[str]) -> None:
    with rostered.reading() as session:
        assert [one["jurisdiction"] for one in numbers(session, "jurisdiction", sort=sort)[0]] == first


def test_without_any_list_there_is_nothing_to_count(record: Database) -> None:
    with record.reading() as session:
        found, page, totals = numbers(session, "month", status="any")
    assert (found, page.count) == ([], 0)
    assert set(totals.values()) == {None}

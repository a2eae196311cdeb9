"""Import small workbooks as ICE and others publish them, and ask what a reader would ask.

The cases of ``../shared/cases`` come first in each section; further members of the same kind are written by the tests.
"""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask.testing import FlaskClient
from openpyxl import Workbook

from legal.db.engine import Database
from tests.cli.conftest import database_url
from tests.conftest import open_app

# The imports themselves are tested on both databases in tests/services/rosters.
pytestmark = pytest.mark.databases("sqlite")

HEADER = ["STATE", "LAW ENFORCEMENT AGENCY", "TYPE", "COUNTY", "SUPPORT TYPE", "SIGNED", "MOA"]
TASK_FORCE, WARRANT_SERVICE = "Task Force Model", "Warrant Service Officer"

RunImport = Callable[..., Result]


def roster_row(
    agency: str,
    state: str = "FLORIDA",
    county: str | None = "Lake County",
    model: str = TASK_FORCE,
    signed: Any = date(2025, 3, 1),
    moa: Any = "link",
) -> list[Any]:
    """Return a row as ICE prints it."""
    return [state, agency, "County", county, model, signed, moa]


OTHER_ROWS = [roster_row(f"Other Town {number} Police Department") for number in range(1, 10)]
"""Rows that are the same on each roster."""


@pytest.fixture
def write_roster(tmp_path: Path) -> Callable[..., Path]:
    """A function that writes a roster with the rows given and nine more, and returns its path."""

    def write(file_name: str, *rows: list[Any], header: list[Any] = HEADER, others: list[list[Any]] = OTHER_ROWS) -> Path:
        book = Workbook()
        for row in (header, *rows, *others):
            book.active.append(row)  # type: ignore[union-attr]
        book.save(tmp_path / file_name)
        return tmp_path / file_name

    return write


@pytest.fixture
def run_import(runner_for: Any, writable_seeded_db: Database) -> RunImport:
    """A function that runs ``flask rosters import`` with its arguments."""
    run_command = runner_for(database_url(writable_seeded_db))
    return lambda *words: run_command("rosters", "import", *words)


@pytest.fixture
def client(writable_seeded_db: Database) -> Iterator[FlaskClient]:
    """A client of the app on the database that is imported into."""
    with open_app(writable_seeded_db) as app:
        yield app.test_client()


@pytest.fixture
def cases(shared_folder: Path) -> Path:
    """The folder with the published cases."""
    return shared_folder / "cases"


def import_all(run_import: RunImport, *files: Path) -> list[Result]:
    """Import files one after the other; each must succeed."""
    results = [run_import(file) for file in files]
    assert [result.exit_code for result in results] == [0] * len(files), [result.stderr for result in results]
    return results


def count_agreements(client: FlaskClient, query: str) -> int:
    """Return the number of agreements that match."""
    count: int = client.get(f"/v1/agreements?{query}").json["count"]
    return count


def list_agreements(client: FlaskClient, query: str) -> list[Any]:
    """Return the agreements that match."""
    results: list[Any] = client.get(f"/v1/agreements?limit=200&{query}").json["results"]
    return results


# Agencies spelled in another way.


def test_case_of_agencies_spelled_another_way(run_import: RunImport, client: FlaskClient, cases: Path) -> None:
    import_all(run_import, cases / "participatingAgencies03072025am.xlsx", cases / "participatingAgencies03172025am.xlsx")
    departures = list_agreements(client, "status=unlisted&as_of=2025-03-17")
    assert [row for row in departures if not row["possibly_renamed_to"]] == []
    assert departures == []
    assert client.get("/v1/agencies?as_of=2025-03-17").json["count"] == 12


@pytest.mark.parametrize(
    ("old_name", "new_name", "state"),
    [
        ("City of Sample Police Department", "Sample Police Department", "FLORIDA"),
        ("Sample, Office of the Attorney", "Sample Office of the Attorney", "FLORIDA"),
        ("Department of Public Safety", "Texas DPS", "TEXAS"),
        ("Sample County S.O.", "SAMPLE COUNTY SHERIFF'S OFFICE", "GEORGIA"),
    ],
)
def test_name_that_differs_by_rule_is_no_departure(
    run_import: RunImport, client: FlaskClient, write_roster: Any, old_name: str, new_name: str, state: str
) -> None:
    older, newer = (roster_row(name, state, county=None) for name in (old_name, new_name))
    import_all(
        run_import, write_roster("participatingAgencies03072025am.xlsx", older), write_roster("participatingAgencies03172025am.xlsx", newer)
    )
    assert count_agreements(client, "status=unlisted") == 0
    assert client.get("/v1/agencies").json["count"] == 10


@pytest.mark.parametrize(
    ("old_name", "new_name"),
    [
        ("Berrian County Sheriff's Offic", "Berrien County Sheriff's Office"),
        ("Town of Sample Police Department", "Sample Police"),
        ("Sample Correctional Authority", "County Jail of Example"),
    ],
)
def test_departure_with_a_likely_successor_names_it_wherever_it_is_shown(
    run_import: RunImport, client: FlaskClient, write_roster: Any, old_name: str, new_name: str
) -> None:
    older, newer = (roster_row(name, "MICHIGAN", county=None) for name in (old_name, new_name))
    import_all(
        run_import, write_roster("participatingAgencies03072025am.xlsx", older), write_roster("participatingAgencies03172025am.xlsx", newer)
    )
    [departed] = list_agreements(client, "status=unlisted")
    assert (departed["agency"], departed["possibly_renamed_to"]["agency"]) == (old_name, new_name)
    agency = client.get(f"/v1/agencies/{departed['agency_id']}").json
    agencies = client.get("/v1/agencies?jurisdiction=MI").json["results"]
    rosters = client.get("/v1/rosters").json["results"]
    events = client.get("/v1/jurisdictions/MI/timeline?limit=200").json["results"]
    difference = client.get(f"/v1/rosters/{rosters[1]['id']}/diff?against={rosters[0]['id']}").json
    marks = [
        agency["possibly_renamed_to"],
        agency["agreements"][0]["possibly_renamed_to"],
        *(row["possibly_renamed_to"] for row in agencies if row["id"] == departed["agency_id"]),
        *(event["possibly_renamed_to"] for event in events if event["event"] == "unlisted"),
        *(row["possibly_renamed_to"] for row in difference["gone"]),
    ]
    assert marks == [departed["possibly_renamed_to"]] * 5
    card = client.get("/v1/jurisdictions/MI").json
    assert card["stance"]["active_agreements"]["listed"]["departures"] == {"unlisted": 0, "possibly_renamed": 1}


def test_departure_without_a_successor_is_counted_apart(run_import: RunImport, client: FlaskClient, write_roster: Any) -> None:
    older = [roster_row("Sample County Sheriff's Office", "MICHIGAN"), roster_row("Sample City PD", "MICHIGAN", signed=date(2025, 2, 1))]
    newer = [roster_row("Sample County Sheriff's Department", "MICHIGAN")]
    import_all(
        run_import,
        write_roster("participatingAgencies03072025am.xlsx", *older),
        write_roster("participatingAgencies03172025am.xlsx", *newer),
    )
    card = client.get("/v1/jurisdictions/MI").json
    assert card["stance"]["active_agreements"]["listed"]["departures"] == {"unlisted": 1, "possibly_renamed": 1}


def test_successor_is_not_named_before_its_roster_is_published(run_import: RunImport, client: FlaskClient, write_roster: Any) -> None:
    older, newer = roster_row("Berrian County Sheriff's Office"), roster_row("Berrien County Sheriff's Office")
    import_all(
        run_import, write_roster("participatingAgencies03172025am.xlsx", newer), write_roster("participatingAgencies03072025am.xlsx", older)
    )
    [before] = list_agreements(client, "q=berrian&as_of=2025-03-16&status=any")
    assert (before["status"], before["possibly_renamed_to"]) == ("active", None)
    [after] = list_agreements(client, "q=berrian&status=any")
    assert after["possibly_renamed_to"]["agency"] == "Berrien County Sheriff's Office"


def test_roster_imported_between_two_others_takes_their_marks_back(run_import: RunImport, client: FlaskClient, write_roster: Any) -> None:
    older, newer = roster_row("Berrian County Sheriff's Office"), roster_row("Berrien County Sheriff's Office")
    import_all(
        run_import,
        write_roster("participatingAgencies03072025am.xlsx", older),
        write_roster("participatingAgencies03172025am.xlsx", newer),
        write_roster("participatingAgencies03102025am.xlsx"),
    )
    [departed] = list_agreements(client, "status=unlisted")
    assert (departed["unlisted_since"]["edtf"], departed["possibly_renamed_to"]) == ("2025-03-10", None)
    [marked] = list_agreements(client, "status=unlisted&revision=3")
    assert marked["possibly_renamed_to"]["agency"] == "Berrien County Sheriff's Office"


# Two rosters in one half-day.


def test_case_of_two_rosters_in_one_half_day(run_import: RunImport, client: FlaskClient, cases: Path) -> None:
    import_all(run_import, cases / "participatingAgencies12042025pm.xlsx", cases / "participatingAgencies12042025pm2.xlsx")
    assert count_agreements(client, "as_of=2025-12-04") == 12
    assert [roster["time_of_day"] for roster in client.get("/v1/rosters").json["results"]] == ["pm", "pm2"]


# A state misspelled in a new way.


def test_case_of_a_state_misspelled_in_a_new_way(run_import: RunImport, client: FlaskClient, cases: Path) -> None:
    [result] = import_all(run_import, cases / "participatingAgencies08292025pm.xlsx")
    assert (count_agreements(client, "as_of=2025-08-29"), count_agreements(client, "as_of=2025-08-29&jurisdiction=WV")) == (14, 1)
    [roster] = client.get("/v1/rosters").json["results"]
    rows = client.get(f"/v1/rosters/{roster['id']}").json["rows"]
    repaired = {row["number"]: row for row in rows if row["outcome"] == "repaired"}
    assert {number: row["jurisdiction"] for number, row in repaired.items()} == {14: "WV", 15: "UT"}
    assert {flag["what"] for row in repaired.values() for flag in row["flags"]} >= {"state_inferred"}
    assert (roster["counts"]["set_aside"], "Warning" in result.stderr) == (0, False)


@pytest.mark.parametrize(
    ("state", "county", "code"),
    [
        ("GEORGGIA", None, "GA"),
        ("PENSYLVANNIA", "Bucks County", "PA"),
        ("NOUTH CAROLINA", "Wake County", "NC"),
        ("RKANSAS", "Pulaski County", "AR"),
        ("OHOIO", "Unknown Shire", "OH"),
    ],
)
def test_state_at_a_small_distance_is_repaired(
    run_import: RunImport, client: FlaskClient, write_roster: Any, state: str, county: str | None, code: str
) -> None:
    import_all(run_import, write_roster("participatingAgencies08292025pm.xlsx", roster_row("Sample County Sheriff's Office", state, county)))
    [agreement] = list_agreements(client, f"jurisdiction={code}")
    assert (agreement["agency"], agreement["row"]) == ("Sample County Sheriff's Office", 2)


def test_agency_known_in_one_state_decides_between_two(run_import: RunImport, client: FlaskClient, write_roster: Any) -> None:
    readable = roster_row("Sample County Sheriff's Office", "SOUTH CAROLINA", county=None, model=WARRANT_SERVICE)
    unreadable = roster_row("Sample County Sheriff's Office", "NOUTH CAROLINA", county=None)
    import_all(
        run_import,
        write_roster("participatingAgencies08292025am.xlsx", readable),
        write_roster("participatingAgencies08292025pm.xlsx", unreadable),
    )
    assert [row["model"] for row in list_agreements(client, "jurisdiction=SC")] == ["task_force"]


@pytest.mark.parametrize(("state", "county"), [("NOUTH CAROLINA", None), ("RKANSAS", "Doubtful"), ("UTAHJ", "Pima County"), ("ZZYZX", None)])
def test_row_of_a_doubtful_state_counts_under_an_unknown_jurisdiction(
    run_import: RunImport, client: FlaskClient, write_roster: Any, state: str, county: str | None
) -> None:
    row = roster_row("Sample County Sheriff's Office", state, county)
    [result] = import_all(run_import, write_roster("participatingAgencies08292025pm.xlsx", row))
    assert "Warning: 1 of 10 rows count under an unknown jurisdiction." in result.stderr
    assert [agreement["agency"] for agreement in list_agreements(client, "sort=jurisdiction") if agreement["jurisdiction"] is None] == [row[1]]
    for path in ("/v1/agreements/summary?by=jurisdiction", "/v1/agreements/history?by=jurisdiction"):
        results = client.get(path).json["results"]
        assert {result["jurisdiction"]: result["agreements"] for result in results} == {None: 1, "FL": 9}
    totals = client.get("/v1/agreements/summary?by=jurisdiction").json["meta"]["totals"]
    assert (totals["agreements"], totals["states"], totals["jurisdiction_unknown"]) == (10, 1, 1)
    agency = client.get("/v1/agencies/unknown-sample-county-sheriffs-office").json
    assert (agency["jurisdiction"], agency["links"]["jurisdiction"], agency["agreements"][0]["status"]) == (None, None, "active")
    assert "unknown-sample-county-sheriffs-office" in {hit["id"] for hit in client.get("/v1/search?q=sample+county").json["results"]}


def test_strict_import_refuses_a_doubtful_state(run_import: RunImport, client: FlaskClient, write_roster: Any) -> None:
    result = run_import(write_roster("participatingAgencies08292025pm.xlsx", roster_row("Sample", "NOUTH CAROLINA", None)), "--strict")
    assert result.exit_code == 1
    assert "0 of 10 rows would be set aside and 1 have no jurisdiction, which --strict refuses." in result.stderr
    assert client.get("/v1/rosters").json["count"] == 0


def test_too_many_rows_set_aside_refuse_the_roster(run_import: RunImport, write_roster: Any) -> None:
    rows = [roster_row(f"Sample {number}", model="Unheard of") for number in range(10)]
    result = run_import(write_roster("participatingAgencies08292025pm.xlsx", *rows))
    assert result.exit_code == 1
    assert "10 of 19 rows would be set aside and 0 have no jurisdiction, more than 5 percent." in result.stderr


def test_few_rows_set_aside_end_in_a_warning(run_import: RunImport, write_roster: Any) -> None:
    [result] = import_all(run_import, write_roster("participatingAgencies08292025pm.xlsx", roster_row("Sample", model="Unheard of")))
    assert "Warning: 1 of 10 rows were set aside." in result.stderr


# An empty pending roster.


def test_case_of_an_empty_pending_roster(run_import: RunImport, client: FlaskClient, cases: Path) -> None:
    import_all(run_import, cases / "pendingAgencies11132025pm.xlsx", cases / "pendingAgencies11142025pm.xlsx")
    [_, empty] = client.get("/v1/rosters").json["results"]
    assert (empty["counts"]["rows"], empty["rows_on_file"]) == (0, True)
    answer = client.get("/v1/agreements?status=pending&as_of=2025-11-14").json
    assert (answer["count"], answer["meta"]["in_force"]["pending"]["date"]["edtf"]) == (0, "2025-11-14")
    assert count_agreements(client, "status=application_unlisted&as_of=2025-11-14") == 3
    assert count_agreements(client, "status=unlisted&as_of=2025-11-14") == 0


@pytest.mark.parametrize("blank_rows", [[], [[None] * 5], [[" ", "\u00a0", None, "", None]]])
def test_header_of_a_pending_roster_alone_is_an_empty_roster(
    run_import: RunImport, client: FlaskClient, write_roster: Any, blank_rows: list[Any]
) -> None:
    import_all(run_import, write_roster("pendingAgencies11142025pm.xlsx", *blank_rows, header=HEADER[:5], others=[]))
    assert client.get("/v1/agreements?status=pending").json["meta"]["in_force"]["pending"]["roster"].startswith("pending-2025-11-14")


def test_participating_roster_without_rows_is_refused(run_import: RunImport, write_roster: Any) -> None:
    assert run_import(write_roster("participatingAgencies11142025pm.xlsx", others=[])).exit_code == 1

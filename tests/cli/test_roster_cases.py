"""Import small workbooks as ICE and others publish them, and ask what a reader would ask.

The cases of ``../shared/cases`` come first in each section; further members of the same kind are written by the tests.
"""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import orjson
import pytest
from click.testing import Result
from flask.testing import FlaskClient
from markupsafe import escape
from openpyxl import Workbook, load_workbook

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
    page = client.get(f"/agencies/{departed['agency_id']}").text
    assert f'<dt>Possibly renamed</dt><dd>To <a href="/agencies/{departed["possibly_renamed_to"]["agency_id"]}">' in page
    assert f"{escape(old_name)}, possibly renamed to {escape(new_name)}" in client.get("/states/michigan").text
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
    difference = client.get("/v1/diff?jurisdiction=MI&from=2025-03-07&to=2025-03-17").json["agreements"]
    assert difference["counts"] == {"new": 1, "gone": 2, "corrected": 0, "possibly_renamed": 1}
    assert client.get("/v1/diff?jurisdiction=FL&from=2025-03-07&to=2025-03-17").json["agreements"]["counts"]["gone"] == 0
    assert client.get("/v1/diff?jurisdiction=MI&from=2025-03-06&to=2025-03-17").json["agreements"] is None


def test_successor_is_not_named_before_its_roster_is_published(run_import: RunImport, client: FlaskClient, write_roster: Any) -> None:
    older, newer = roster_row("Berrian County Sheriff's Office"), roster_row("Berrien County Sheriff's Office")
    import_all(
        run_import, write_roster("participatingAgencies03172025am.xlsx", newer), write_roster("participatingAgencies03072025am.xlsx", older)
    )
    [before] = list_agreements(client, "q=berrian&as_of=2025-03-16&status=any")
    assert (before["status"], before["possibly_renamed_to"]) == ("active", None)
    [after] = list_agreements(client, "q=berrian&status=any")
    assert after["possibly_renamed_to"]["agency"] == "Berrien County Sheriff's Office"


def test_roster_imported_between_two_others_makes_the_successor_a_late_one(
    run_import: RunImport, client: FlaskClient, write_roster: Any
) -> None:
    older, newer = roster_row("Berrian County Sheriff's Office"), roster_row("Berrien County Sheriff's Office")
    import_all(
        run_import,
        write_roster("participatingAgencies03072025am.xlsx", older),
        write_roster("participatingAgencies03172025am.xlsx", newer),
        write_roster("participatingAgencies03102025am.xlsx"),
    )
    [departed] = list_agreements(client, "status=unlisted")
    assert (departed["unlisted_since"]["edtf"], departed["possibly_renamed_to"]["agency"]) == (
        "2025-03-10",
        "Berrien County Sheriff's Office",
    )
    assert [row["possibly_renamed_to"] for row in list_agreements(client, "status=unlisted&as_of=2025-03-16")] == [None]
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
    import_all(
        run_import, write_roster("participatingAgencies08292025pm.xlsx", roster_row("Sample County Sheriff's Office", state, county))
    )
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


@pytest.mark.parametrize(
    ("state", "county"), [("NOUTH CAROLINA", None), ("RKANSAS", "Doubtful"), ("UTAHJ", "Pima County"), ("ZZYZX", None)]
)
def test_row_of_a_doubtful_state_counts_under_an_unknown_jurisdiction(
    run_import: RunImport, client: FlaskClient, write_roster: Any, state: str, county: str | None
) -> None:
    row = roster_row("Sample County Sheriff's Office", state, county)
    [result] = import_all(run_import, write_roster("participatingAgencies08292025pm.xlsx", row))
    assert "Warning: 1 of 10 rows count under an unknown jurisdiction." in result.stderr
    assert [agreement["agency"] for agreement in list_agreements(client, "sort=jurisdiction") if agreement["jurisdiction"] is None] == [
        row[1]
    ]
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


# The same bytes on several days.


def publish_again(file: Path, name: str) -> Path:
    """Return a copy of a file under another name."""
    copy = file.with_name(name)
    copy.write_bytes(file.read_bytes())
    return copy


@pytest.mark.parametrize("is_reversed", [False, True])
def test_case_of_the_same_bytes_on_two_days(run_import: RunImport, client: FlaskClient, cases: Path, is_reversed: bool) -> None:
    files = [cases / "participatingAgencies-20250224183354.xlsx", cases / "participatingAgencies-20250221214937.xlsx"]
    import_all(run_import, *(reversed(files) if is_reversed else files))
    assert count_agreements(client, "as_of=2025-02-22") == 12
    [roster] = client.get("/v1/rosters").json["results"]
    assert (roster["date"]["edtf"], roster["seen_again"]["edtf"], roster["time_of_day"]) == ("2025-02-21", "2025-02-24", "21:49:37")
    for day, last_listed in (("2025-02-22", "2025-02-21"), ("2025-02-24", "2025-02-24")):
        assert {row["last_listed"]["edtf"] for row in list_agreements(client, f"as_of={day}")} == {last_listed}


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_days_of_the_same_bytes_are_observations_in_any_order(
    run_import: RunImport, client: FlaskClient, write_roster: Any, order: tuple[int, ...]
) -> None:
    first = write_roster("participatingAgencies03072025am.xlsx")
    files = [first, *(publish_again(first, f"participatingAgencies03{day}2025am.xlsx") for day in (10, 17))]
    import_all(run_import, *(files[index] for index in order))
    [roster] = client.get("/v1/rosters").json["results"]
    assert (roster["date"]["edtf"], roster["seen_again"]["edtf"]) == ("2025-03-07", "2025-03-17")
    assert {row["last_listed"]["edtf"] for row in list_agreements(client, "as_of=2025-03-12")} == {"2025-03-10"}


def test_observation_after_another_roster_does_not_extend_the_listing(
    run_import: RunImport, client: FlaskClient, write_roster: Any
) -> None:
    first = write_roster("participatingAgencies03072025am.xlsx", roster_row("Sample County Jail"))
    second = write_roster("participatingAgencies03102025am.xlsx")
    import_all(run_import, first, second, publish_again(first, "participatingAgencies03172025am.xlsx"))
    [departed] = list_agreements(client, "status=unlisted")
    assert (departed["last_listed"]["edtf"], departed["unlisted_since"]["edtf"]) == ("2025-03-07", "2025-03-10")


def test_day_in_a_name_that_cannot_be_right_is_no_observation(run_import: RunImport, client: FlaskClient, write_roster: Any) -> None:
    first = write_roster("participatingAgencies03072025am.xlsx")
    import_all(run_import, first, publish_again(first, "participatingAgencies02012025am.xlsx"))
    [roster] = client.get("/v1/rosters").json["results"]
    assert (roster["date"]["edtf"], roster["seen_again"]["edtf"]) == ("2025-03-07", None)
    assert "before its newest signature" in run_import(first, "--date", "2025-02-01").stderr


def test_two_rosters_of_one_half_day_need_a_time(run_import: RunImport, client: FlaskClient, write_roster: Any, tmp_path: Path) -> None:
    import_all(run_import, write_roster("participatingAgencies12042025pm.xlsx"))
    (tmp_path / "again").mkdir()
    other = write_roster("again/participatingAgencies12042025pm.xlsx", roster_row("Sample County Jail"))
    refused = run_import(other)
    assert (refused.exit_code, "Give the time of publication with --time HH:MM." in refused.stderr) == (1, True)
    assert run_import(other, "--time", "20:15").exit_code == 0
    assert count_agreements(client, "as_of=2025-12-04") == 10
    assert [roster["time_of_day"] for roster in client.get("/v1/rosters").json["results"]] == ["pm", "20:15"]


# Corrections.


@pytest.fixture
def run_rosters(runner_for: Any, writable_seeded_db: Database) -> RunImport:
    """A function that runs ``flask rosters`` with its arguments."""
    run_command = runner_for(database_url(writable_seeded_db))
    return lambda *words: run_command("rosters", *words)


def test_redated_roster_is_in_force_from_its_new_day(run_rosters: Any, client: FlaskClient, write_roster: Any) -> None:
    run_rosters("import", write_roster("participatingAgencies03172025am.xlsx"))
    [roster] = client.get("/v1/rosters").json["results"]
    result = run_rosters("redate", roster["id"], "--date", "2025-03-10", "--reason", "The name is a week late.")
    assert (result.exit_code, count_agreements(client, "as_of=2025-03-12")) == (0, 9)
    [redated] = client.get("/v1/rosters").json["results"]
    assert (redated["id"][:24], redated["date"]["basis"]) == ("participating-2025-03-10", "explicit")
    assert count_agreements(client, "as_of=2025-03-12&revision=2") == 0
    assert client.get(f"/v1/rosters/{roster['id']}").status_code == 404
    assert client.get("/v1/changes?after=2").json["results"][0]["cause"] == "correction"
    again = run_rosters("redate", redated["id"], "--date", "2025-03-17", "--reason", "It was right.")
    assert (again.exit_code, client.get("/v1/rosters").json["results"][0]["id"]) == (0, roster["id"])


@pytest.mark.parametrize(
    ("day", "message"),
    [("2025-02-01", "before its newest signature"), ("2999-01-01", "in the future"), ("2025-03-17", "has this date already")],
)
def test_day_that_cannot_be_right_is_refused(run_rosters: Any, client: FlaskClient, write_roster: Any, day: str, message: str) -> None:
    run_rosters("import", write_roster("participatingAgencies03172025am.xlsx"))
    [roster] = client.get("/v1/rosters").json["results"]
    result = run_rosters("redate", roster["id"], "--date", day, "--reason", "So.")
    assert (result.exit_code, message in result.stderr) == (1, True)


def test_withdrawn_roster_is_gone_and_can_be_imported_again(run_rosters: Any, client: FlaskClient, write_roster: Any) -> None:
    older, newer = roster_row("Berrian County Sheriff's Office"), roster_row("Berrien County Sheriff's Office")
    files = [write_roster("participatingAgencies03072025am.xlsx", older), write_roster("participatingAgencies03172025am.xlsx", newer)]
    for file in files:
        run_rosters("import", file)
    [_, second] = client.get("/v1/rosters").json["results"]
    assert run_rosters("withdraw", second["id"], "--reason", "Not ICE's.").exit_code == 0
    assert (count_agreements(client, "status=any"), count_agreements(client, "status=any&revision=3")) == (10, 11)
    assert client.get("/v1/search?q=berrien").json["results"] == []
    assert client.get("/v1/agencies/fl-berrien-county-sheriffs-office").status_code == 404
    assert run_rosters("import", files[1]).exit_code == 0
    [departed] = list_agreements(client, "status=unlisted")
    assert departed["possibly_renamed_to"]["agency"] == "Berrien County Sheriff's Office"


def test_unknown_roster_cannot_be_withdrawn(run_rosters: Any, client: FlaskClient, write_roster: Any) -> None:
    run_rosters("import", write_roster("participatingAgencies03072025am.xlsx"))
    [roster] = client.get("/v1/rosters").json["results"]
    result = run_rosters("withdraw", roster["id"][:-1] + "x", "--reason", "So.")
    assert (result.exit_code, f"Did you mean {roster['id']}?" in result.stderr) == (1, True)
    assert run_rosters("withdraw", "nothing-like-it", "--reason", "So.").stderr.strip() == "Error: There is no roster nothing-like-it."


RENAME = ("rename", "MI", "Berrian County Sheriff's Office", "Berrien County Sheriff's Office", "--reason", "A typo.")


@pytest.fixture
def renamed_rosters(run_rosters: Any, write_roster: Any) -> None:
    """Two rosters that name one agency in two ways."""
    names = ("Berrian County Sheriff's Office", "Berrien County Sheriff's Office")
    for day, name in zip(("07", "17"), names, strict=True):
        rows = [roster_row(name, "MICHIGAN"), roster_row(name, "MICHIGAN", model=WARRANT_SERVICE)]
        assert run_rosters("import", write_roster(f"participatingAgencies03{day}2025am.xlsx", *rows)).exit_code == 0


@pytest.mark.usefixtures("renamed_rosters")
def test_rename_reaches_back_and_can_be_taken_back(run_rosters: Any, client: FlaskClient) -> None:
    assert count_agreements(client, "jurisdiction=MI&status=any") == 4
    result = run_rosters(*RENAME)
    assert (result.exit_code, result.stdout) == (0, "2 rows of 1 rosters name mi-berrien-county-sheriffs-office from revision 4 on.\n")
    renamed = list_agreements(client, "jurisdiction=MI&status=any")
    assert [(row["status"], row["first_listed"]["edtf"]) for row in renamed] == [("active", "2025-03-07")] * 2
    assert client.get("/v1/agencies/mi-berrian-county-sheriffs-office").status_code == 404
    assert client.get("/v1/agencies/mi-berrien-county-sheriffs-office").json["names"] == [
        "Berrian County Sheriff's Office",
        "Berrien County Sheriff's Office",
    ]
    assert count_agreements(client, "jurisdiction=MI&status=any&revision=3") == 4
    assert client.get("/v1/changes?after=3").json["results"][0]["noun"] == "rename"
    assert run_rosters(*RENAME).exit_code == 1
    undone = run_rosters("rename", "MI", "Berrian County Sheriff's Office", "--undo", "--reason", "Two agencies.")
    assert (undone.exit_code, count_agreements(client, "jurisdiction=MI&status=any")) == (0, 4)
    assert all(row["possibly_renamed_to"] for row in list_agreements(client, "jurisdiction=MI&status=unlisted"))
    assert run_rosters("rename", "MI", "Berrian County Sheriff's Office", "--undo", "--reason", "Again.").exit_code == 1


@pytest.mark.usefixtures("renamed_rosters")
def test_later_import_follows_a_rename(run_rosters: Any, client: FlaskClient, write_roster: Any) -> None:
    run_rosters(*RENAME)
    rows = [roster_row("Berrian County Sheriff's Office", "MICHIGAN")]
    run_rosters("import", write_roster("participatingAgencies03182025am.xlsx", *rows))
    assert [row["agency_id"] for row in list_agreements(client, "jurisdiction=MI")] == ["mi-berrien-county-sheriffs-office"]


def test_rename_within_one_roster_counts_each_agreement_once(run_rosters: Any, client: FlaskClient, write_roster: Any) -> None:
    names = ("Berrian County Sheriff's Office", "Berrien County Sheriff's Office")
    run_rosters("import", write_roster("participatingAgencies03072025am.xlsx", *(roster_row(name, "MICHIGAN") for name in names)))
    run_rosters(*RENAME)
    [row] = client.get("/v1/agreements/summary?by=jurisdiction&jurisdiction=MI").json["results"]
    [roster] = client.get("/v1/rosters").json["results"]
    assert (row["agreements"], row["agencies"], roster["counts"]["agreements"], roster["counts"]["agencies"]) == (1, 1, 10, 10)
    run_rosters("rename", "MI", names[0], "--undo", "--reason", "Two agencies.")
    [roster] = client.get("/v1/rosters").json["results"]
    assert (roster["counts"]["agreements"], roster["counts"]["agencies"], count_agreements(client, "jurisdiction=MI")) == (11, 11, 2)


@pytest.mark.usefixtures("renamed_rosters")
@pytest.mark.parametrize(
    ("words", "exit_code", "message"),
    [
        (("MI", "Berrian County Sherif", "X", "--reason", "So."), 1, "Did you mean mi-berrian-county-sheriffs-office"),
        (("MI", "Zzz", "X", "--reason", "So."), 1, "No roster on file names Zzz (MI)."),
        (("MI", "Berrian County S.O.", "Berrian County Sheriff's Office", "--reason", "So."), 1, "are one agency already"),
        (("MI", "Berrian County Sheriff's Office", "--reason", "So."), 2, "Give NEW_NAME, or --undo"),
        (("MI", "Berrian County Sheriff's Office", "X", "--undo", "--reason", "So."), 2, "Give NEW_NAME, or --undo"),
    ],
)
def test_rename_that_cannot_be_is_refused(run_rosters: Any, words: tuple[str, ...], exit_code: int, message: str) -> None:
    result = run_rosters("rename", *words)
    assert (result.exit_code, message in result.stderr) == (exit_code, True), result.stderr


# Sheets that others made, and columns under other names.


def test_case_of_a_trackers_sheet(run_import: RunImport, client: FlaskClient, cases: Path) -> None:
    result = run_import(cases / "Total-participatingAgencies09102025am.xlsx")
    assert (result.exit_code, client.get("/v1/rosters").json["count"]) == (1, 0)
    assert "columns that ICE's rosters do not have, as a tracker's sheet does: Status, Last Seen." in result.stderr


def test_forced_trackers_sheet_is_imported(run_import: RunImport, cases: Path) -> None:
    assert run_import(cases / "Total-participatingAgencies09102025am.xlsx", "--force", "--reason", "A test.").exit_code == 0


def test_sheet_of_repeated_rows_is_refused(run_import: RunImport, write_roster: Any) -> None:
    result = run_import(write_roster("participatingAgencies09102025am.xlsx", *OTHER_ROWS, *OTHER_ROWS))
    assert "18 of 27 rows repeat an agreement of an earlier row." in result.stderr


def test_workbook_with_several_rosters_is_refused(run_import: RunImport, write_roster: Any) -> None:
    file = write_roster("participatingAgencies09102025am.xlsx")
    book = load_workbook(file)
    sheet = book.create_sheet("Older")
    for row in (HEADER, roster_row("Sample")):
        sheet.append(row)
    book.save(file)
    assert "Several sheets have a header and rows: 'Sheet', 'Older'." in run_import(file).stderr


def test_union_of_rosters_is_refused(run_import: RunImport, write_roster: Any) -> None:
    departing = [roster_row(f"Departing {number} Police Department", "GEORGIA", signed=date(2025, 1, number + 1)) for number in range(10)]
    import_all(run_import, write_roster("participatingAgencies03072025am.xlsx", *departing))
    dropped = run_import(write_roster("participatingAgencies03102025am.xlsx"), "--force", "--reason", "They left.")
    union = run_import(write_roster("participatingAgencies03172025am.xlsx", *departing, roster_row("Sample")))
    assert (dropped.exit_code, union.exit_code) == (0, 1)
    assert "It lists 10 agreements again that had departed before, as a union of rosters does." in union.stderr


def test_roster_larger_than_both_neighbors_is_refused(run_import: RunImport, write_roster: Any) -> None:
    import_all(
        run_import,
        write_roster("participatingAgencies03072025am.xlsx"),
        write_roster("participatingAgencies03172025am.xlsx", roster_row("A")),
    )
    more = [roster_row(f"Sample {number}") for number in range(20)]
    assert "the rosters before and after it at most 10" in run_import(write_roster("participatingAgencies03102025am.xlsx", *more)).stderr


RENAMED_HEADER = ["Where", "Who", "TYPE", "COUNTY", "Kind of deal", "Agreement date", "Paper"]


def test_renamed_columns_are_recognized_by_their_values(run_import: RunImport, client: FlaskClient, write_roster: Any) -> None:
    link = "https://www.ice.gov/doclib/sample.pdf"
    rows = [roster_row(f"Sample {number} Police Department", moa=link) for number in range(3)]
    import_all(run_import, write_roster("participatingAgencies03072025am.xlsx", *rows, header=RENAMED_HEADER, others=[]))
    assert {(row["signed"]["edtf"], row["moa_url"]) for row in list_agreements(client, "")} == {("2025-03-01", link)}


def test_two_possible_columns_are_asked_about(run_import: RunImport, client: FlaskClient, write_roster: Any) -> None:
    header = [*HEADER[:5], "Agreement date", "MOA", "Received"]
    rows = [[*row, date(2025, 1, 5)] for row in OTHER_ROWS]
    file = write_roster("participatingAgencies03072025am.xlsx", header=header, others=rows)
    refused = run_import(file)
    assert refused.exit_code == 1
    assert "'Agreement date' and 'Received' may stand for SIGNED." in refused.stderr
    assert "--kind pending" not in refused.stderr
    assert run_import(file, "--column", "SIGNED=Agreement date").exit_code == 0
    assert {row["signed"]["edtf"] for row in list_agreements(client, "")} == {"2025-03-01"}


def test_required_columns_that_are_doubtful_are_asked_about(run_import: RunImport, write_roster: Any) -> None:
    rows = [[*row, "GEORGIA"] for row in OTHER_ROWS]
    file = write_roster("participatingAgencies03072025am.xlsx", header=["Here", *HEADER[1:], "There"], others=rows)
    assert "'Here' and 'There' may stand for STATE." in run_import(file).stderr


@pytest.mark.parametrize("column", ["SIGNED", "NOSE=x", "SIGNED="])
def test_column_option_that_names_no_column_is_wrong_usage(run_import: RunImport, write_roster: Any, column: str) -> None:
    assert run_import(write_roster("participatingAgencies03072025am.xlsx"), "--column", column).exit_code == 2


def test_column_option_with_an_unknown_header_is_refused(run_import: RunImport, write_roster: Any) -> None:
    result = run_import(write_roster("participatingAgencies03072025am.xlsx"), "--column", "SIGNED=Nowhere")
    assert (result.exit_code, "has no column 'Nowhere'" in result.stderr) == (1, True)


@pytest.mark.parametrize("signed", ["sometime", "13/45/2025"])
def test_filled_date_column_never_makes_a_pending_roster(run_import: RunImport, write_roster: Any, signed: str) -> None:
    rows = [roster_row(f"Sample {number}", signed=signed, moa=None) for number in range(3)]
    assert run_import(write_roster("participatingAgencies03072025am.xlsx", *rows, others=[])).exit_code == 0


# Links, names and repairs.


@pytest.mark.parametrize("formula", ['=HYPERLINK("https://www.ice.gov/a.pdf","link")', '=HYPERLINK("https://www.ice.gov/a.pdf")'])
def test_link_formula_gives_its_link(run_import: RunImport, client: FlaskClient, write_roster: Any, formula: str) -> None:
    import_all(run_import, write_roster("participatingAgencies03072025am.xlsx", roster_row("Sample", moa=formula)))
    [agreement] = list_agreements(client, "q=sample")
    assert agreement["moa_url"] == "https://www.ice.gov/a.pdf"


def test_names_beyond_ascii_keep_their_letters_and_are_told_apart(run_import: RunImport, client: FlaskClient, write_roster: Any) -> None:
    names = ["Añasco Policía Municipal", "Łódka Police", "Żódka Police", "警察", "公安"]
    import_all(run_import, write_roster("participatingAgencies03072025am.xlsx", *(roster_row(name, "GUAM") for name in names)))
    agencies = client.get("/v1/agencies?jurisdiction=GU").json["results"]
    assert sorted(agency["name"] for agency in agencies) == sorted(names)
    assert all(client.get(agency["links"]["self"]).status_code == 200 for agency in agencies)


def test_blanks_are_counted_apart_from_repairs(run_import: RunImport, client: FlaskClient, write_roster: Any) -> None:
    rows = [roster_row("Sample ", county="N/A"), roster_row("Sample\u00a0Two"), roster_row("Sample’s Police")]
    import_all(run_import, write_roster("participatingAgencies03072025am.xlsx", *rows))
    [roster] = client.get("/v1/rosters").json["results"]
    assert {key: roster["counts"][key] for key in ("rows", "read", "tidied", "repaired")} == {
        "rows": 12,
        "read": 11,
        "tidied": 2,
        "repaired": 1,
    }


# Many files.


def test_folder_is_imported_with_one_report(run_import: RunImport, client: FlaskClient, write_roster: Any, tmp_path: Path) -> None:
    (tmp_path / "older").mkdir()
    write_roster("older/participatingAgencies03072025am.xlsx")
    file = write_roster("participatingAgencies03172025am.xlsx", roster_row("Sample", "NOUTH CAROLINA", None))
    publish_again(file, "participatingAgencies03182025am.xlsx")
    publish_again(file, "copy.xlsx")
    (tmp_path / "~$locked.xlsx").write_bytes(b"")
    (tmp_path / "participatingAgencies03192025am.XLSX").write_bytes(b"not a workbook")
    result = run_import(tmp_path)
    assert result.stdout.splitlines()[-1] == "Imported: 2. Seen again: 1. Unchanged: 1. Refused: 1."
    assert "Warning: participatingAgencies03172025am.xlsx: 1 of 10 rows count under an unknown jurisdiction." in result.stderr
    assert (result.exit_code, "1 of 5 files were refused. The others are on file." in result.stderr) == (1, True)
    assert [roster["date"]["edtf"] for roster in client.get("/v1/rosters").json["results"]] == ["2025-03-07", "2025-03-17"]


def test_report_on_several_files_is_available_as_json(run_import: RunImport, write_roster: Any) -> None:
    files = [write_roster(f"participatingAgencies03{day}2025am.xlsx", roster_row(f"Sample {day}")) for day in ("17", "07")]
    report = orjson.loads(run_import(*files, "--report", "json").stdout)
    assert [entry["file"][:27] for entry in report["files"]] == ["participatingAgencies030720", "participatingAgencies031720"]
    assert report["counts"] == {"imported": 2, "seen_again": 0, "unchanged": 0, "refused": 0}


def test_date_is_for_one_file(run_import: RunImport, write_roster: Any) -> None:
    files = [write_roster(f"participatingAgencies03{day}2025am.xlsx") for day in ("07", "17")]
    assert run_import(*files, "--date", "2025-03-20").exit_code == 2


def test_folder_without_workbooks_is_wrong_usage(run_import: RunImport, tmp_path: Path) -> None:
    assert run_import(tmp_path).exit_code == 2


# Signatures long before the first listing.


@pytest.mark.parametrize("signed", [date(2015, 3, 1), date(2005, 3, 1)])
def test_signature_long_before_the_first_listing_is_flagged(
    run_import: RunImport, client: FlaskClient, write_roster: Any, signed: date
) -> None:
    new_row = roster_row("Sample County Jail", signed=signed)
    [_, result] = import_all(
        run_import,
        write_roster("participatingAgencies03072025am.xlsx"),
        write_roster("participatingAgencies03172025am.xlsx", new_row),
    )
    assert f"please review: fl-sample-county-jail-task-force, {signed}." in result.stdout
    [agreement] = list_agreements(client, "q=sample")
    assert (agreement["signed_flag"], agreement["signed"]["edtf"]) == ("long_before_listing", signed.isoformat())
    month = f"{signed:%Y-%m}"
    for query, has_month in (("", False), ("&doubtful_dates=include", True)):
        summary = client.get(f"/v1/agreements/summary?by=month{query}").json
        assert month in {row["month"] for row in summary["results"]} or not has_month
        assert (month in {row["month"] for row in summary["results"]}, summary["meta"]["totals"]["agreements"]) == (has_month, 10)
        assert count_agreements(client, f"signed_before=2020-01-01{query}") == int(has_month)


def test_signature_before_the_first_roster_on_file_is_not_doubtful(run_import: RunImport, client: FlaskClient, write_roster: Any) -> None:
    import_all(run_import, write_roster("participatingAgencies03072025am.xlsx", roster_row("Sample", signed=date(2019, 1, 1))))
    assert [row["signed_flag"] for row in list_agreements(client, "q=sample")] == [None]


def test_respelled_agency_with_an_old_signature_is_not_doubtful(run_import: RunImport, client: FlaskClient, write_roster: Any) -> None:
    rows = [roster_row(name, signed=date(2019, 1, 1)) for name in ("Berrian County Jail", "Berrien County Jail")]
    days = ("03072025", "03172025")
    import_all(run_import, *(write_roster(f"participatingAgencies{day}am.xlsx", row) for day, row in zip(days, rows, strict=True)))
    assert [row["signed_flag"] for row in list_agreements(client, "q=berrien")] == [None]


def test_doubt_ends_when_an_older_roster_lists_the_agreement(run_import: RunImport, client: FlaskClient, write_roster: Any) -> None:
    row = roster_row("Sample", signed=date(2019, 1, 1))
    import_all(
        run_import,
        write_roster("participatingAgencies03072025am.xlsx"),
        write_roster("participatingAgencies03172025am.xlsx", row),
    )
    assert [agreement["signed_flag"] for agreement in list_agreements(client, "q=sample")] == ["long_before_listing"]
    import_all(
        run_import,
        write_roster("participatingAgencies02072025am.xlsx", row, others=[[*row[:5], date(2025, 2, 1), None] for row in OTHER_ROWS]),
    )
    assert [agreement["signed_flag"] for agreement in list_agreements(client, "q=sample")] == [None]


# One agreement.


def test_agreement_has_every_roster_that_names_it(run_import: RunImport, client: FlaskClient, write_roster: Any) -> None:
    names = {"03072025": "City of Sample PD", "03122025": None, "03172025": "Sample Police Department"}
    for day, name in names.items():
        import_all(run_import, write_roster(f"participatingAgencies{day}am.xlsx", *([roster_row(name)] if name else [])))
    agreement = client.get("/v1/agreements/fl-sample-police-department-task-force").json
    assert [(row["date"]["edtf"], row["agency"], row["row"]) for row in agreement["rosters"]] == [
        ("2025-03-07", "City of Sample PD", 2),
        ("2025-03-17", "Sample Police Department", 2),
    ]
    assert (agreement["status"], len(agreement["listings"])) == ("active", 2)
    earlier = client.get("/v1/agreements/fl-sample-police-department-task-force?as_of=2025-03-12").json
    assert (earlier["status"], len(earlier["rosters"])) == ("unlisted", 1)


def test_unknown_agreement_is_not_found_and_similar_ones_are_named(run_import: RunImport, client: FlaskClient, write_roster: Any) -> None:
    import_all(run_import, write_roster("participatingAgencies03072025am.xlsx", roster_row("Sample County Jail")))
    response = client.get("/v1/agreements/fl-sample-county-jal-task-force")
    assert (response.status_code, response.json["did_you_mean"][0]) == (404, "fl-sample-county-jail-task-force")
    assert client.get("/v1/agreements/fl-sample-county-jail-task-force?as_of=2025-03-01").status_code == 404


# A state that ICE corrected.


@pytest.mark.parametrize(("old_state", "new_state"), [("ALABAMA", "GEORGIA"), ("NOUTH CAROLINA", "NORTH CAROLINA"), ("GUAM", "TEXAS")])
def test_row_that_moves_to_another_state_is_no_departure(
    run_import: RunImport, client: FlaskClient, write_roster: Any, old_state: str, new_state: str
) -> None:
    rows = [roster_row("Sample County Sheriff's Office", state, county=None) for state in (old_state, new_state)]
    days = ("03072025", "03172025")
    import_all(run_import, *(write_roster(f"participatingAgencies{day}am.xlsx", row) for day, row in zip(days, rows, strict=True)))
    assert count_agreements(client, "status=unlisted") == 0
    [corrected] = list_agreements(client, "status=corrected")
    assert (corrected["possibly_renamed_to"], corrected["corrected_to"]["agency"]) == (None, "Sample County Sheriff's Office")
    card = client.get("/v1/jurisdictions/US").json["stance"]["active_agreements"]
    assert card["listed"]["departures"] == {"unlisted": 0, "possibly_renamed": 0}
    assert corrected["corrected_to"]["jurisdiction"] == {"GEORGIA": "GA", "NORTH CAROLINA": "NC", "TEXAS": "TX"}[new_state]


MOVED_NAME = "Sample County Sheriff's Office"


@pytest.fixture
def moved_agreement(run_import: RunImport, client: FlaskClient, write_roster: Any) -> tuple[Any, Any]:
    """An agreement that the second of three rosters moved from Alabama to Georgia, in both states as the API shows it."""
    rows = [roster_row(MOVED_NAME, state) for state in ("ALABAMA", "GEORGIA", "GEORGIA")]
    days = ("03072025", "03172025", "03202025")
    import_all(run_import, *(write_roster(f"participatingAgencies{day}am.xlsx", row) for day, row in zip(days, rows, strict=True)))
    [old], [new] = (list_agreements(client, f"jurisdiction={code}&status=any&q=sample") for code in ("AL", "GA"))
    return old, new


def test_corrected_state_is_shown_on_both_sides(moved_agreement: tuple[Any, Any], client: FlaskClient) -> None:
    old, new = moved_agreement
    roster = client.get("/v1/rosters?sort=date").json["results"][1]["id"]
    common = {"agency": MOVED_NAME, "roster": roster, "why": old["corrected_to"]["why"]}
    to_side, from_side = (
        {"jurisdiction": code, "agreement": agreement["id"], "agency_id": agreement["agency_id"], **common}
        for code, agreement in (("GA", new), ("AL", old))
    )
    for address in ("/v1/agreements", "/v1/agencies"):
        old_json, new_json = (
            client.get(f"{address}/{agreement['id' if address.endswith('agreements') else 'agency_id']}").json
            for agreement in moved_agreement
        )
        assert (old_json["corrected_to"], old_json["corrected_from"]) == (to_side, None)
        assert (new_json["corrected_to"], new_json["corrected_from"]) == (None, from_side)
    assert (old["status"], old["possibly_renamed_to"], new["status"]) == ("corrected", None, "active")
    pages = [client.get(f"/agencies/{agreement['agency_id']}").text for agreement in moved_agreement]
    assert ["<dt>Corrected to</dt>" in page for page in pages] == [True, False]
    assert ["<dt>Corrected from</dt>" in page for page in pages] == [False, True]


def test_corrected_state_is_neither_departure_nor_arrival_in_timelines(moved_agreement: tuple[Any, Any], client: FlaskClient) -> None:
    events_by_code = {code: client.get(f"/v1/jurisdictions/{code}/timeline?limit=200").json["results"] for code in ("AL", "GA")}
    events = {
        code: [
            (event["event"], event["date"]["edtf"], event["description"].rpartition("; ")[2].partition(". ")[2])
            for event in rows
            if event["agreement"]
        ]
        for code, rows in events_by_code.items()
    }
    assert events["AL"][-2:] == [("listed", "2025-03-07", ""), ("corrected", "2025-03-17", "From then on: Georgia.")]
    assert [event for event in events["GA"] if event[0] in ("listed", "corrected", "unlisted")] == [
        ("corrected", "2025-03-17", "Before: Alabama.")
    ]
    marks = [
        (event["corrected_to"], event["corrected_from"])
        for rows in events_by_code.values()
        for event in rows
        if event["event"] == "corrected"
    ]
    assert marks == [(moved_agreement[0]["corrected_to"], None), (None, moved_agreement[1]["corrected_from"])]


def test_corrected_state_is_counted_apart_between_rosters(
    moved_agreement: tuple[Any, Any], run_import: RunImport, client: FlaskClient, write_roster: Any
) -> None:
    first, *_, last = client.get("/v1/rosters?sort=date").json["results"]
    difference = client.get(f"/v1/rosters/{last['id']}/diff?against={first['id']}").json
    assert difference["counts"] == {"new": 0, "gone": 0, "corrected": 1, "redated": 0, "renamed": 0, "possibly_renamed": 0}
    [corrected] = difference["corrected"]
    assert (corrected["agreement"], corrected["corrected_from"]["agreement"]) == tuple(row["id"] for row in reversed(moved_agreement))
    report = run_import(write_roster("participatingAgencies03242025am.xlsx", roster_row(MOVED_NAME, "ALABAMA", moa="another link"))).stdout
    assert "0 new, 0 gone (0 of them possibly renamed), 1 in a corrected state, 0 with another signature date." in report


@pytest.mark.parametrize("code", ["AL", "GA", "US"])
@pytest.mark.parametrize("ends", ["from=2025-03-07&to=2025-03-20", "from_revision=2&to_revision=4"])
def test_corrected_state_is_counted_apart_between_two_days_or_revisions(
    moved_agreement: tuple[Any, Any], client: FlaskClient, code: str, ends: str
) -> None:
    agreements = client.get(f"/v1/diff?jurisdiction={code}&{ends}").json["agreements"]
    assert agreements["counts"] == {"new": 0, "gone": 0, "corrected": 1, "possibly_renamed": 0}
    assert agreements["corrected"][0]["corrected_from"]["agreement"] == moved_agreement[0]["id"]


def test_corrected_state_is_told_by_the_feeds_of_both_states(moved_agreement: tuple[Any, Any], client: FlaskClient) -> None:
    contents = {code: " ".join(item["content_text"] for item in client.get(f"/feeds/{code}.json").json["items"]) for code in ("AL", "GA")}
    label = f"{MOVED_NAME} (task force)"
    assert f"Listed in another state, because ICE corrected it: {label}, now in Georgia." in contents["AL"]
    assert f"Listed in another state before, which ICE corrected: {label}, from Alabama." in contents["GA"]
    assert not any(words in text for text in contents.values() for words in ("Listed and not before", "Listed before and not now"))


@pytest.mark.usefixtures("moved_agreement")
def test_corrected_state_leaves_no_doubt_about_an_old_signature(run_import: RunImport, client: FlaskClient, write_roster: Any) -> None:
    old_day = date(2019, 1, 1)
    rows = [roster_row("Example City Police Department", state, signed=old_day) for state in ("ALABAMA", "GEORGIA")]
    days = ("04072025", "04172025")
    import_all(run_import, *(write_roster(f"participatingAgencies{day}am.xlsx", row) for day, row in zip(days, rows, strict=True)))
    flags = {row["jurisdiction"]: row["signed_flag"] for row in list_agreements(client, "q=example&status=any")}
    assert flags == {"AL": "long_before_listing", "GA": None}


# An agreement that comes back, or is respelled, after a gap.


def import_with_gap(run_import: RunImport, write_roster: Any, names: dict[str, str | None], **columns: Any) -> None:
    """Import a roster for each day, with one agency of Michigan under its name on that day or without it."""
    import_all(
        run_import,
        *(
            write_roster(
                f"participatingAgencies{day}am.xlsx",
                *([roster_row(name, "MICHIGAN", county=None, **columns)] if name else []),
                roster_row("Example City Police Department", moa=f"https://www.ice.gov/{day}.pdf"),  # no two rosters have the same bytes
            )
            for day, name in names.items()
        ),
    )


LATE_NAMES = {
    "03072025": "Berrian County Sheriff's Office",
    "03122025": None,
    "03172025": None,
    "04012025": "Berrien County Sheriff's Office",
}


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 2, 1, 0), (3, 0, 2, 1), (0, 3, 1, 2)])
def test_agreement_respelled_after_a_gap_is_found_in_any_order(
    run_import: RunImport, client: FlaskClient, write_roster: Any, order: tuple[int, ...]
) -> None:
    days = list(LATE_NAMES)
    import_with_gap(run_import, write_roster, {days[index]: LATE_NAMES[days[index]] for index in order})
    [departed] = list_agreements(client, "status=unlisted")
    assert departed["unlisted_since"]["edtf"] == "2025-03-12"
    assert departed["possibly_renamed_to"]["roster"].startswith("participating-2025-04-01")
    assert departed["possibly_renamed_to"]["why"].startswith("The names are similar")
    [before] = list_agreements(client, "status=unlisted&as_of=2025-03-31")
    assert before["possibly_renamed_to"] is None
    card = client.get("/v1/jurisdictions/MI?as_of=2025-03-12").json["stance"]["active_agreements"]
    assert card["listed"]["departures"] == {"unlisted": 1, "possibly_renamed": 0}
    [event] = [event for event in client.get("/v1/jurisdictions/MI/timeline").json["results"] if event["event"] == "unlisted"]
    assert event["possibly_renamed_to"] == departed["possibly_renamed_to"]


@pytest.mark.parametrize(("name", "day"), [("Berrien County Sheriff's Office", "05152025"), ("Sample City Police Department", "04012025")])
def test_late_or_dissimilar_agreement_is_no_successor(
    run_import: RunImport, client: FlaskClient, write_roster: Any, name: str, day: str
) -> None:
    import_with_gap(run_import, write_roster, {**dict(list(LATE_NAMES.items())[:2]), day: name})
    assert [row["possibly_renamed_to"] for row in list_agreements(client, "status=unlisted")] == [None]


def test_agreement_that_returns_ends_the_search_for_a_successor(run_import: RunImport, client: FlaskClient, write_roster: Any) -> None:
    names = {**LATE_NAMES, "03172025": LATE_NAMES["03072025"]}
    import_with_gap(run_import, write_roster, names)
    [departed] = list_agreements(client, "status=unlisted")
    assert departed["possibly_renamed_to"]["roster"].startswith("participating-2025-04-01")
    assert departed["unlisted_since"]["edtf"] == "2025-04-01"
    contents = [entry["content_text"] for entry in client.get("/feeds/MI.json").json["items"]]
    assert any("Listed again: Berrian County Sheriff's Office (task force), which departed on 2025-03-12." in text for text in contents)


def test_late_successor_is_taken_back_with_its_roster(
    run_rosters: Any, run_import: RunImport, client: FlaskClient, write_roster: Any
) -> None:
    import_with_gap(run_import, write_roster, LATE_NAMES)
    [departed] = list_agreements(client, "status=unlisted")
    run_rosters("withdraw", departed["possibly_renamed_to"]["roster"], "--reason", "Not ICE's own.")
    assert [row["possibly_renamed_to"] for row in list_agreements(client, "status=unlisted")] == [None]
    assert [row["possibly_renamed_to"] for row in list_agreements(client, "status=unlisted&revision=5")] == [
        departed["possibly_renamed_to"]
    ]


def test_agreement_respelled_after_a_gap_has_no_doubtful_signature(run_import: RunImport, client: FlaskClient, write_roster: Any) -> None:
    import_with_gap(run_import, write_roster, LATE_NAMES, signed=date(2019, 1, 1))
    assert [row["signed_flag"] for row in list_agreements(client, "q=berrien")] == [None]


def test_feed_tells_what_may_be_renamed(run_import: RunImport, client: FlaskClient, write_roster: Any) -> None:
    import_with_gap(run_import, write_roster, LATE_NAMES | {"04072025": "Berrien County Sheriff Department"})
    texts = [entry["content_text"] for entry in client.get("/feeds/MI.json").json["items"]]
    new, old = "Berrien County Sheriff's Office (task force)", "Berrian County Sheriff's Office"
    assert any(f"Listed and not before: {new}, possibly {old} under another name." in text for text in texts)
    renamed = "Berrien County Sheriff Department"
    assert any(f"Listed before and not now: {new}, possibly renamed to {renamed}." in text for text in texts)


def test_agency_of_the_same_name_with_another_day_is_a_departure(run_import: RunImport, client: FlaskClient, write_roster: Any) -> None:
    older = roster_row("Sample County Sheriff's Office", "ALABAMA", county=None)
    newer = roster_row("Sample County Sheriff's Office", "GEORGIA", county=None, signed=date(2025, 3, 2))
    import_all(
        run_import, write_roster("participatingAgencies03072025am.xlsx", older), write_roster("participatingAgencies03172025am.xlsx", newer)
    )
    assert [row["possibly_renamed_to"] for row in list_agreements(client, "status=unlisted")] == [None]


@pytest.mark.usefixtures("renamed_rosters")
def test_agency_can_be_renamed_to_what_no_roster_prints_yet(run_rosters: Any, client: FlaskClient) -> None:
    result = run_rosters("rename", "MI", "Berrien County Sheriff's Office", "Sample County Jail", "--reason", "Announced.")
    assert (result.exit_code, client.get("/v1/agencies/mi-sample-county-jail").json["names"]) == (0, ["Berrien County Sheriff's Office"])


def test_file_that_an_operator_dated_keeps_its_date_without_the_option(
    run_import: RunImport, client: FlaskClient, write_roster: Any
) -> None:
    file = write_roster("participatingAgencies03072025am.xlsx")
    run_import(file, "--date", "2025-03-10")
    assert "is on file already. Nothing changed." in run_import(file).stdout
    [roster] = client.get("/v1/rosters").json["results"]
    assert (roster["date"]["edtf"], roster["seen_again"]["edtf"]) == ("2025-03-10", None)

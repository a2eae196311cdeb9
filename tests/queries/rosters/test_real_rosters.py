"""Test the answers over ICE's own rosters, imported in different orders, against independent counts.

They run on SQLite only. The rosters of ``tests.services.rosters.factories`` are imported into both databases, and these
seven differ from them only in size.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from legal.db.engine import Database
from legal.models import RosterVersion
from legal.readers.rosters.parser import find_newest_signature, parse_roster
from legal.readers.seeds import read_seed_file
from legal.rules.rosters.admission import parse_file_name, renames_by_jurisdiction
from legal.rules.rosters.aliases import JURISDICTION_NAMES
from legal.rules.rosters.normalize import agency_key
from legal.schemas.seeds import validate_seed_files
from legal.services.rosters.drafts import RosterWorkbook
from legal.services.rosters.importer import import_roster
from legal.services.rosters.rows import ImportRules
from legal.settings import SEEDS_FOLDER
from legal.vocabulary import Basis
from tests.conftest import make_app, open_app
from tests.databases import prepare_database
from tests.services.rosters.factories import import_rules
from tests.session import SessionStore

pytestmark = pytest.mark.databases("sqlite")

NEWEST_FILE = "participatingAgencies01062025pm.xlsx"
ROSTER_DATES = {
    "ParticipatingEntities-20241218025939.xlsx": date(2024, 12, 18),
    "pendingAgencies05152025am.xlsx": date(2025, 5, 15),
    "participatingAgencies05162025am.xlsx": date(2025, 5, 16),
    "participatingAgencies09172025pm.xlsx": date(2025, 9, 17),
    "participatingAgencies11042025pm.xlsx": date(2025, 11, 4),
    "pendingAgencies11042025pm.xlsx": date(2025, 11, 4),
    NEWEST_FILE: date(2026, 1, 6),  # its name has the year 2025
}
REPORTED_FILES = ("ParticipatingEntities-20241218025939.xlsx", "participatingAgencies09172025pm.xlsx")
"""The two rosters that the documents report on."""

SHUFFLED_FILES = [list(ROSTER_DATES)[index] for index in (6, 1, 3, 0, 5, 2, 4)]
PARTICIPATING_FILES = [file for file in ROSTER_DATES if file.lower().startswith("participating")]

ClientWithRosters = Callable[[Sequence[str]], FlaskClient]


@cache
def command_rules() -> ImportRules:
    """Return the import rules that the command uses."""
    renames_file = read_seed_file(SEEDS_FOLDER / "renames.yaml", "renames.yaml")
    [(_, _, content)] = validate_seed_files([("renames.yaml", "renames", renames_file)])
    return replace(import_rules(), renames_by_jurisdiction=renames_by_jurisdiction(content["renames"]), max_loss_percent=20)


@cache
def read_roster_workbook(path: Path) -> RosterWorkbook:
    """Parse a published roster, only once."""
    content, roster_date = path.read_bytes(), ROSTER_DATES[path.name]
    parsed_roster = parse_roster(content, path.name, roster_date)
    newest_signature = find_newest_signature(content, path.name, parsed_roster, date(2026, 11, 22))
    kind = parse_file_name(path.name).kind or parsed_roster.kind
    sha256 = hashlib.sha256(content).hexdigest()
    return RosterWorkbook(path.name, sha256, parsed_roster, newest_signature, kind, roster_date, Basis.EXPLICIT)


def import_files(url: str, folder: Path, files: Sequence[str]) -> None:
    """Import rosters in this order."""
    database = Database(url)
    for file in files:
        with database.transaction() as session:
            import_roster(session, read_roster_workbook(folder / file), command_rules())
    database.dispose()


@pytest.fixture(scope="session")
def client_with_rosters(
    backend: str, shared_folder: Path, session_store: SessionStore, tmp_path_factory: pytest.TempPathFactory
) -> ClientWithRosters:
    """A function that returns a client of an app with the seeds and these rosters, imported in this order."""

    def get_client(files: Sequence[str]) -> FlaskClient:
        @contextmanager
        def create_client() -> Iterator[FlaskClient]:
            url = prepare_database(f"sqlite:///{tmp_path_factory.mktemp('rosters') / 'rosters.sqlite'}", seeded=True)
            import_files(url, shared_folder / "rosters", files)
            app = make_app(url)
            yield app.test_client()
            app.extensions["database"].dispose()

        client: FlaskClient = session_store.get_or_create(" ".join(files), backend, create_client)
        return client

    return get_client


@pytest.fixture
def full_client(client_with_rosters: ClientWithRosters) -> FlaskClient:
    """A client of the app with all seven rosters."""
    return client_with_rosters(list(ROSTER_DATES))


@pytest.fixture
def reported_client(client_with_rosters: ClientWithRosters) -> FlaskClient:
    """A client of the app with the two rosters that the documents report on."""
    return client_with_rosters(REPORTED_FILES)


def load_roster_answers(client: FlaskClient) -> dict[str, Any]:
    """Return the answers that depend on rosters, by path, without what tells when it was recorded."""
    paths = [
        *(
            "/v1/agreements?status=any&limit=200",
            "/v1/agencies?limit=200",
            "/v1/rosters",
            "/v1/agreements/summary?by=month",
            "/v1/map.json",
        ),
        *("/v1/jurisdictions?limit=57", "/v1/jurisdictions/TX/timeline?limit=200", "/v1/search?q=public+safety&limit=200"),
        *(f"/v1/jurisdictions/{code}" for code in ("TX", "US")),
    ]
    return {path: list(iterate_results(client, path)) for path in paths}


def iterate_results(client: FlaskClient, path: str | None) -> Iterator[Any]:
    """Yield the rows of all pages of a list; for another answer, its body."""
    while path:
        body = client.get(path).json
        yield from body.get("results", [{key: value for key, value in body.items() if key not in ("meta", "cite_as", "links")}])
        path = body.get("next")


def test_order_of_imports_does_not_change_answers(full_client: FlaskClient, client_with_rosters: ClientWithRosters) -> None:
    answers, shuffled_answers = load_roster_answers(full_client), load_roster_answers(client_with_rosters(SHUFFLED_FILES))
    assert [path for path in answers if answers[path] != shuffled_answers[path]] == []


@cache
def read_rows_with_openpyxl(path: Path) -> list[tuple[str, str, str]]:
    """Return state, agency and model of each row, read and normalized independently of the project's code."""
    sheet = load_workbook(path).worksheets[0]
    rows = [[str(cell or "").replace("\u00a0", " ").replace("’", "'").strip().casefold() for cell in values] for values in sheet.values]
    columns = [rows[0].index(name) for name in ("state", "law enforcement agency", "support type")]
    triples = [[values[column] for column in columns] for values in rows[1:]]
    return [(state, " ".join(agency.split()), model.replace("officer", "office")) for state, agency, model in triples if state]


@pytest.mark.parametrize("file", PARTICIPATING_FILES)
def test_counts_by_jurisdiction_agree_with_an_independent_count(full_client: FlaskClient, shared_folder: Path, file: str) -> None:
    rows = read_rows_with_openpyxl(shared_folder / "rosters" / file)
    agreements = Counter(state for state, _, _ in set(rows))
    agencies = Counter(state for state, _ in {(state, agency) for state, agency, _ in rows})
    results = full_client.get(f"/v1/agreements/summary?by=jurisdiction&limit=200&as_of={ROSTER_DATES[file]}").json["results"]
    assert {JURISDICTION_NAMES[row["jurisdiction"]].casefold(): (row["agreements"], row["agencies"]) for row in results} == {
        state: (agreements[state], agencies[state]) for state in agreements
    }


@pytest.mark.parametrize("file", ROSTER_DATES)
def test_every_row_is_counted_under_one_outcome(full_client: FlaskClient, shared_folder: Path, file: str) -> None:
    rosters_by_file = {roster["file"]: roster for roster in full_client.get("/v1/rosters").json["results"]}
    counts = rosters_by_file[file]["counts"]
    row_count = len(read_rows_with_openpyxl(shared_folder / "rosters" / file))
    assert counts["read"] + counts["repaired"] + counts["set_aside"] == counts["rows"] == row_count


def load_checks(client: FlaskClient) -> Mapping[str, tuple[Any, ...]]:
    """Return verdict, unit and distance of every roster check, by figure."""
    figures = client.get("/v1/figures?limit=200").json["results"]
    checks = {figure["id"]: figure["roster_check"] for figure in figures if figure["roster_check"]}
    return {id: (check["verdict"], check["matched_unit"], check["off_by"]) for id, check in checks.items()}


PARTICIPATION_CHECKS = {
    "us-participation-135-agreements-2025-01": ("matches", "agreements", None),
    "us-participation-135-agencies-2024-12": ("matches_other_unit", "agreements", None),
    "us-participation-1001-agreements": ("off_by", "agreements", 1),
    "us-participation-1001-agencies": ("matches_other_unit", "agreements", 1),
    "us-participation-1000-agencies": ("matches_other_unit", "agreements", None),
    "us-participation-about-1000-agencies": ("matches_other_unit", "agreements", None),
    "us-participation-about-1000-agreements": ("matches", "agreements", None),
    "us-participation-more-than-1000-agencies": ("matches_other_unit", "agreements", 1),
    "us-participation-more-than-1000-agreements": ("off_by", "agreements", 1),
    "fl-participation-325-jurisdictions": ("matches_other_unit", "agreements", None),
    "tx-participation-171-jurisdictions": ("matches_other_unit", "agreements", 1),
    "us-task-force-share-nearly-half": ("rounds_to", "agreements", None),
    "us-participation-40-states": ("matches", "states", None),
    "us-participation-more-than-40-states": ("off_by", "states", 1),
    "us-participation-1412-agreements": ("no_roster", None, None),
    "us-participation-40-states-and-territories": ("no_roster", None, None),
    "md-participation-9-agencies": ("no_roster", None, None),
}
CHECKS_OF_FEBRUARY_2026 = {
    "us-participation-1412-agreements": ("off_by", "agreements", 2),
    "us-participation-40-states-and-territories": ("off_by", "states", 1),
    "md-participation-9-agencies": ("matches", "agencies", None),
}
"""Checks that need the rosters of February 2026, of which the counts in the seeds are on file and no workbook is."""
SIGNATURE_CHECKS = {
    "us-new-participation-about-1130-agreements-2025": ("matches", "agreements", None),
    "us-new-participation-more-than-1000-agreements-2025": ("matches", "agreements", None),
    "us-new-participation-more-than-100-agreements-2026": ("no_roster", None, None),
    "va-signed-2025-5-agreements": ("matches", "agreements", None),
}
"""Checks of signatures in a period, compared with the roster of January 6, 2026."""


def test_figures_are_compared_with_the_rosters_of_their_dates(reported_client: FlaskClient) -> None:
    assert load_checks(reported_client) == PARTICIPATION_CHECKS | dict.fromkeys(SIGNATURE_CHECKS, ("no_roster", None, None))


def test_rosters_of_other_dates_change_no_check_of_participation(full_client: FlaskClient) -> None:
    # The roster of January 6 is the last before Maryland's vote in February; later ones, not imported here, have the ninth agency.
    maryland_check = {"md-participation-9-agencies": ("off_by", "agencies", 1)}
    assert load_checks(full_client) == PARTICIPATION_CHECKS | SIGNATURE_CHECKS | maryland_check


def test_counts_alone_give_the_same_checks_of_participation(shipped_db: Database) -> None:
    with open_app(shipped_db) as app:
        checks = load_checks(app.test_client())
    assert checks == PARTICIPATION_CHECKS | CHECKS_OF_FEBRUARY_2026 | dict.fromkeys(SIGNATURE_CHECKS, ("no_roster", None, None))


def test_workbooks_agree_with_the_counts_in_the_seeds(shipped_db: Database, shared_folder: Path) -> None:
    with Session(shipped_db.engine) as session:
        session.connection(execution_options={"writing": True})
        results = [import_roster(session, read_roster_workbook(shared_folder / "rosters" / file), command_rules()) for file in ROSTER_DATES]
        names = session.execute(select(RosterVersion.file, RosterVersion.version).where(RosterVersion.read.is_not(None)))
        versions = {row.file: row.version for row in names}
    assert [result.count_differences for result in results] == [()] * len(ROSTER_DATES)
    assert versions == {file: 2 if file in REPORTED_FILES else 1 for file in ROSTER_DATES}


def test_signatures_of_a_period_are_counted_in_the_rows(full_client: FlaskClient, shared_folder: Path) -> None:
    parsed_rows = read_roster_workbook(shared_folder / "rosters" / NEWEST_FILE).parsed_roster.rows
    rows = [row for row in parsed_rows if row.signed_on and row.signed_on.year == 2025]
    counts = full_client.get("/v1/figures/us-new-participation-about-1130-agreements-2025").json["roster_check"]["counts"]
    assert (counts["agreements"], counts["agencies"]) == (len(rows), len({(row.jurisdiction, row.agency) for row in rows}))


def test_figure_is_not_compared_with_a_roster_published_later(full_client: FlaskClient) -> None:
    figure = full_client.get("/v1/figures/us-participation-1001-agreements?as_of=2025-09-16").json
    assert figure["roster_check"]["verdict"] == "no_roster"


def test_figure_of_more_than_a_year_is_not_checked(full_client: FlaskClient) -> None:
    assert full_client.get("/v1/figures/co-participation-1-agreement").json["roster_check"] is None


def test_without_rosters_every_check_says_no_roster(client: FlaskClient) -> None:
    assert {verdict for verdict, _, _ in load_checks(client).values()} == {"no_roster"}


def test_check_has_the_roster_its_date_and_all_counts(reported_client: FlaskClient) -> None:
    check = reported_client.get("/v1/figures/us-participation-1001-agencies").json["roster_check"]
    assert (check["roster"], check["date"]["edtf"]) == ("participating-2025-09-17-6e10b847", "2025-09-17")
    assert check["counts"] == {"agreements": 1000, "agencies": 832, "states": 40, "territories": 0, "model": None}


def test_check_of_a_share_has_the_counts_of_its_model(reported_client: FlaskClient) -> None:
    counts = reported_client.get("/v1/figures/us-task-force-share-nearly-half").json["roster_check"]["counts"]
    assert (counts["model"]["model"], counts["model"]["agreements"]) == ("task_force", 500)


def test_figures_are_filtered_by_verdict(reported_client: FlaskClient) -> None:
    results = reported_client.get("/v1/figures?roster_check=rounds_to,off_by&limit=200").json["results"]
    figures = {id for id, (verdict, *_) in PARTICIPATION_CHECKS.items() if verdict in ("rounds_to", "off_by")}
    assert {figure["id"] for figure in results} == figures


def test_card_has_the_checks_of_its_figures(reported_client: FlaskClient) -> None:
    figures = {figure["id"]: figure for figure in reported_client.get("/v1/jurisdictions/FL").json["figures"]}
    assert figures["fl-participation-325-jurisdictions"]["roster_check"]["counts"]["agencies"] == 263


def test_state_that_bars_agreements_and_has_one_is_barred_with_agreements(full_client: FlaskClient) -> None:
    card = full_client.get("/v1/jurisdictions/NM").json
    assert (card["posture"]["value"], card["posture"]["because"]) == (
        "barred_with_agreements",
        ["nm-statewide-ban", "participating-2026-01-06-2cfb429e"],
    )


def test_posture_that_a_roster_supports_has_primary_confidence(full_client: FlaskClient) -> None:
    assert full_client.get("/v1/jurisdictions/FL").json["posture"]["confidence"] == "primary"


def test_posture_from_a_roster_and_a_report_has_the_lower_confidence(full_client: FlaskClient) -> None:
    assert full_client.get("/v1/jurisdictions/NM").json["posture"]["confidence"] == "single_origin"


def test_link_of_a_slot_leads_to_as_many_agreements_as_it_counts(full_client: FlaskClient) -> None:
    for code in ("FL", "US"):
        slot = full_client.get(f"/v1/jurisdictions/{code}?as_of=2025-10-01").json["stance"]["active_agreements"]["listed"]
        assert full_client.get(slot["links"]["self"]).json["count"] == slot["agreements"]


def test_answer_names_the_rosters_in_force(full_client: FlaskClient) -> None:
    in_force = full_client.get("/v1/agreements?as_of=2025-05-15").json["meta"]["in_force"]
    assert {kind: entry["roster"][:-9] for kind, entry in in_force.items()} == {
        "participating": "participating-2024-12-18",
        "pending": "pending-2025-05-15",
    }


@pytest.mark.parametrize("status", ["active", "any"])
def test_totals_before_the_first_roster_are_null_not_zero(full_client: FlaskClient, status: str) -> None:
    meta = full_client.get(f"/v1/agreements/summary?by=model&as_of=2024-01-01&status={status}").json["meta"]
    assert (set(meta["totals"].values()), meta["in_force"]) == ({None}, {"participating": None, "pending": None})


def test_agency_is_found_by_a_former_spelling(full_client: FlaskClient) -> None:
    hits = full_client.get("/v1/search?q=albermarle&noun=agency").json["results"]
    assert [(hit["id"], hit["title"]) for hit in hits] == [("nc-albemarle-district-jail", "Albemarle District Jail")]


def test_slot_has_the_counts_of_the_roster_in_force(full_client: FlaskClient) -> None:
    slot = full_client.get("/v1/jurisdictions/FL?as_of=2025-10-01").json["stance"]["active_agreements"]
    assert (slot["knowledge"], slot["listed"]["agreements"], slot["listed"]["agencies"]) == ("present", 325, 263)


def test_no_roster_counts_before_the_first_one(full_client: FlaskClient) -> None:
    assert full_client.get("/v1/jurisdictions/AL?as_of=2024-12-17").json["posture"]["value"] == "no_record"


def test_jurisdiction_that_the_roster_omits_is_none_listed(full_client: FlaskClient) -> None:
    card = full_client.get("/v1/jurisdictions/VT").json
    slot = card["stance"]["active_agreements"]
    assert (card["posture"]["value"], slot["knowledge"], slot["because"]) == ("none_listed", "absent", [slot["listed"]["roster"]])
    assert (slot["listed"]["agreements"], slot["listed"]["agencies"]) == (0, 0)
    assert card["posture"]["because"] == slot["because"]


def test_postures_of_the_list_and_of_the_cards_agree(full_client: FlaskClient) -> None:
    rows = full_client.get("/v1/jurisdictions?limit=57").json["results"]
    listed_postures = {row["code"]: row["posture"] for row in rows}
    assert listed_postures == {code: short_posture_of_card(full_client, code) for code in listed_postures}


def short_posture_of_card(client: FlaskClient, code: str) -> Any:
    """Return value and label of the posture on a card; null if it has none."""
    posture = client.get(f"/v1/jurisdictions/{code}").json["posture"]
    return posture and {"value": posture["value"], "label": posture["label"]}


def test_jurisdictions_are_filtered_by_agreements_of_rosters(full_client: FlaskClient) -> None:
    results = full_client.get("/v1/jurisdictions?kind=active_agreements&type=territory").json["results"]
    assert results[0]["code"] == "GU"


def test_link_of_a_timeline_event_leads_to_its_agency(full_client: FlaskClient) -> None:
    event = full_client.get("/v1/jurisdictions/ME/timeline?limit=1").json["results"][0]
    assert full_client.get(event["links"]["self"]).json["agreements"][0]["id"] == event["agreement"]


def test_unlisted_event_names_the_roster_without_the_agreement(full_client: FlaskClient) -> None:
    events = full_client.get("/v1/jurisdictions/ME/timeline").json["results"]
    [description] = [event["description"] for event in events if event["event"] == "unlisted"]
    assert description.split()[-1] == "participating-2025-11-04-6159bf0c."


def test_departure_has_a_mark_where_an_arrival_has_its_signature(full_client: FlaskClient, shared_folder: Path) -> None:
    paths = [shared_folder / "rosters" / file for file in PARTICIPATING_FILES]
    rows_by_day = {ROSTER_DATES[path.name].isoformat(): read_roster_workbook(path).parsed_roster.rows for path in paths}
    unmarked, departure_count = [], 0
    for earlier, later in pairwise(sorted(rows_by_day)):
        departed = [
            agreement
            for agreement in iterate_results(full_client, f"/v1/agreements?status=unlisted&limit=200&as_of={later}")
            if agreement["unlisted_since"]["edtf"] == later
        ]
        departure_count += len(departed)
        listed_names = {(row.jurisdiction, agency_key(row.agency or ""), row.model) for row in rows_by_day[earlier]}
        arrivals = {
            (row.jurisdiction, row.model, row.signed_on.isoformat())
            for row in rows_by_day[later]
            if row.signed_on and (row.jurisdiction, agency_key(row.agency or ""), row.model) not in listed_names
        }
        unmarked += [
            agreement["id"]
            for agreement in departed
            if (agreement["jurisdiction"], agreement["model"], agreement["signed"]["edtf"]) in arrivals
            and not agreement["possibly_renamed_to"]
        ]
    assert (unmarked, departure_count) == ([], 47)


def test_map_has_agreements_and_agencies(full_client: FlaskClient) -> None:
    rows = {row["code"]: row for row in full_client.get("/v1/map.json").json["rows"]}
    assert (rows["TX"]["agreements"], rows["TX"]["agencies"], rows["VT"]["agreements"]) == (259, 202, 0)


def test_timeline_has_signing_listing_and_unlisting_of_an_agreement(full_client: FlaskClient) -> None:
    events = full_client.get("/v1/jurisdictions/ME/timeline").json["results"]
    wells_events = [
        (event["event"], event["date"]["edtf"]) for event in events if event["agreement"] == "me-wells-police-department-task-force"
    ]
    assert wells_events == [("signed", "2025-04-02"), ("listed", "2025-05-16"), ("unlisted", "2025-11-04")]


def test_diff_between_two_days_shows_rosters_as_world_changes(full_client: FlaskClient) -> None:
    changes = full_client.get("/v1/diff?jurisdiction=TX&from=2025-09-17&to=2025-11-04").json["causes"]["world_changed"]
    [fields] = [change["fields"] for change in changes if change["noun"] == "roster"]
    assert {field["name"]: (field["before"], field["after"]) for field in fields if field["name"] != "roster"} == {
        "agreements": (172, 213),
        "agencies": (135, 167),
    }


def test_diff_between_two_revisions_shows_rosters_as_added_sources(full_client: FlaskClient) -> None:
    causes = full_client.get("/v1/diff?jurisdiction=TX&from_revision=1&to_revision=8").json["causes"]
    assert [change["id"] for change in causes["source_added"]] == ["participating-2026-01-06-2cfb429e"]

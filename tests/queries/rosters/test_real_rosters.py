"""ICE's own lists, imported in one order and another, and counted another way.

They run on SQLite alone: the lists of ``tests.services.rosters.factories`` are put to both databases, and these
seven differ from them in size only.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook

from legal.db.engine import Database
from legal.readers import seeds
from legal.readers.rosters import parser as reader
from legal.rules.rosters.admission import named, renames
from legal.rules.rosters.aliases import PLACES
from legal.schemas.seeds import validated
from legal.services.rosters import importer as acts
from legal.services.rosters.drafts import Workbook
from legal.services.rosters.rows import Known
from legal.settings import SEEDS
from legal.vocabulary import Basis
from tests.conftest import Store, make_app, prepared
from tests.services.rosters import factories

pytestmark = pytest.mark.databases("sqlite")

NEWEST = "participatingAgencies01062025pm.xlsx"
DAYS = {
    "ParticipatingEntities-20241218025939.xlsx": date(2024, 12, 18),
    "pendingAgencies05152025am.xlsx": date(2025, 5, 15),
    "participatingAgencies05162025am.xlsx": date(2025, 5, 16),
    "participatingAgencies09172025pm.xlsx": date(2025, 9, 17),
    "participatingAgencies11042025pm.xlsx": date(2025, 11, 4),
    "pendingAgencies11042025pm.xlsx": date(2025, 11, 4),
    NEWEST: date(2026, 1, 6),  # its name says 2025
}
TOLD_OF = ("ParticipatingEntities-20241218025939.xlsx", "participatingAgencies09172025pm.xlsx")
"""The two lists that the documents report on."""

SHUFFLED = [list(DAYS)[number] for number in (6, 1, 3, 0, 5, 2, 4)]
PARTICIPATING = [file for file in DAYS if file.lower().startswith("participating")]


@cache
def known() -> Known:
    """What an import goes by, as the command has it."""
    [(_, _, content)] = validated([("renames.yaml", "renames", seeds.content(SEEDS / "renames.yaml", "renames.yaml"))])
    return replace(factories.known(), renames=renames(content["renames"]), largest_fall=20)


@cache
def read(path: Path) -> Workbook:
    """A list as it is read, once."""
    data, day = path.read_bytes(), DAYS[path.name]
    listed = reader.read(data, path.name, day)
    newest = reader.newest(data, path.name, listed, date(2026, 11, 22))
    kind = named(path.name).kind or listed.kind
    return Workbook(path.name, hashlib.sha256(data).hexdigest(), listed, newest, kind, day, Basis.EXPLICIT)


def imported(url: str, folder: Path, files: Sequence[str]) -> None:
    """Put these lists on file, in this order."""
    database, goes_by = Database(url), known()
    for file in files:
        with database.transaction() as session:
            acts.add(session, read(folder / file), goes_by)
    database.dispose()


@pytest.fixture(scope="session")
def after(backend: str, shared: Path, session_store: Store, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A function that gives a client of the app over the seeds and some lists, imported in an order."""

    def client(files: Sequence[str]) -> FlaskClient:
        @contextmanager
        def made() -> Iterator[FlaskClient]:
            url = prepared(f"sqlite:///{tmp_path_factory.mktemp('rosters') / 'lists.sqlite'}", seeded=True)
            imported(url, shared / "rosters", files)
            app = make_app(url)
            yield app.test_client()
            app.extensions["database"].dispose()

        found: FlaskClient = session_store.once(" ".join(files), backend, made)
        return found

    return client


def everything(client: FlaskClient) -> dict[str, Any]:
    """All that is answered about lists, with nothing that tells when it was recorded."""
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
    return {path: list(walked(client, path)) for path in paths}


def walked(client: FlaskClient, path: str | None) -> Iterator[Any]:
    """A list's rows, all pages of them, or what else an address answers."""
    while path:
        body = client.get(path).json
        yield from body.get("results", [{key: value for key, value in body.items() if key not in ("meta", "cite_as", "links")}])
        path = body.get("next")


def test_any_order_of_importing_leads_to_the_same_answers(after: Any) -> None:
    one, other = everything(after(list(DAYS))), everything(after(SHUFFLED))
    assert [path for path in one if one[path] != other[path]] == []


@cache
def rows_of(path: Path) -> list[tuple[str, str, str]]:
    """State, agency and model of each row, folded by hand: another library, another way."""
    sheet = load_workbook(path).worksheets[0]
    cells = [[str(cell or "").replace("\u00a0", " ").replace("’", "'").strip().casefold() for cell in row] for row in sheet.values]
    header = cells[0]
    places = [header.index(name) for name in ("state", "law enforcement agency", "support type")]
    rows = [[row[place] for place in places] for row in cells[1:]]
    return [(state, " ".join(agency.split()), model.replace("officer", "office")) for state, agency, model in rows if state]


@pytest.mark.parametrize("file", PARTICIPATING)
def test_each_place_has_as_many_as_an_independent_count(after: Any, shared: Path, file: str) -> None:
    rows = rows_of(shared / "rosters" / file)
    agreements = Counter(state for state, _, _ in set(rows))
    agencies = Counter(state for state, _ in {row[:2] for row in rows})
    told = after(list(DAYS)).get(f"/v1/agreements/summary?by=jurisdiction&limit=200&as_of={DAYS[file]}").json["results"]
    assert {PLACES[row["jurisdiction"]].casefold(): (row["agreements"], row["agencies"]) for row in told} == {
        state: (agreements[state], agencies[state]) for state in agreements
    }


@pytest.mark.parametrize("file", DAYS)
def test_every_row_is_told(after: Any, shared: Path, file: str) -> None:
    lists = {row["file"]: row for row in after(list(DAYS)).get("/v1/rosters").json["results"]}
    counts = lists[file]["counts"]
    assert counts["read"] + counts["repaired"] + counts["set_aside"] == counts["rows"] == len(rows_of(shared / "rosters" / file))


def checked(client: FlaskClient) -> Mapping[str, tuple[Any, ...]]:
    """Verdict, unit and distance of every figure that is checked."""
    figures = client.get("/v1/figures?limit=200").json["results"]
    checks = {figure["id"]: figure["roster_check"] for figure in figures if figure["roster_check"]}
    return {id: (check["verdict"], check["matched_unit"], check["off_by"]) for id, check in checks.items()}


EXPECTED = {
    "us-participation-135-agreements-2025-01": ("matches", "agreements", None),
    "us-participation-135-agencies-2024-12": ("matches", "agreements", None),
    "us-participation-1001-agreements": ("off_by", "agreements", 1),
    "us-participation-1001-agencies": ("off_by", "agreements", 1),
    "us-participation-1000-agencies": ("matches", "agreements", None),
    "us-participation-about-1000-agencies": ("matches", "agreements", None),
    "us-participation-about-1000-agreements": ("matches", "agreements", None),
    "us-participation-more-than-1000-agencies": ("off_by", "agreements", 1),
    "us-participation-more-than-1000-agreements": ("off_by", "agreements", 1),
    "fl-participation-325-jurisdictions": ("matches", "agreements", None),
    "tx-participation-171-jurisdictions": ("off_by", "agreements", 1),
    "us-task-force-share-nearly-half": ("rounds_to", "agreements", None),
    "us-participation-40-states": ("matches", "states", None),
    "us-participation-more-than-40-states": ("off_by", "states", 1),
}


SIGNED = {
    "us-new-participation-about-1130-agreements-2025": ("matches", "agreements", None),
    "us-new-participation-more-than-1000-agreements-2025": ("matches", "agreements", None),
    "us-new-participation-more-than-100-agreements-2026": ("no_list", None, None),
    "va-signed-2025-5-agreements": ("matches", "agreements", None),
}
"""What is said of signatures in a period, held against the list of 6 January 2026."""


def test_what_the_press_said_is_held_against_the_lists_of_the_day(after: Any) -> None:
    assert checked(after(TOLD_OF)) == EXPECTED | dict.fromkeys(SIGNED, ("no_list", None, None))


def test_lists_of_other_days_change_no_check_and_speak_to_others(after: Any) -> None:
    assert checked(after(list(DAYS))) == EXPECTED | SIGNED


def test_signatures_of_a_period_are_counted_in_the_rows(after: Any, shared: Path) -> None:
    rows = [row for row in read(shared / "rosters" / NEWEST).listed.rows if row.signed and row.signed.year == 2025]
    counts = after(list(DAYS)).get("/v1/figures/us-new-participation-about-1130-agreements-2025").json["roster_check"]["counts"]
    assert (counts["agreements"], counts["agencies"]) == (len(rows), len({(row.jurisdiction, row.agency) for row in rows}))


def test_before_a_list_was_published_no_figure_is_held_against_it(after: Any) -> None:
    figure = after(list(DAYS)).get("/v1/figures/us-participation-1001-agreements?as_of=2025-09-16").json
    assert figure["roster_check"]["verdict"] == "no_list"


def test_a_figure_of_a_whole_year_is_not_checked(after: Any) -> None:
    assert after(list(DAYS)).get("/v1/figures/md-participation-9-agencies").json["roster_check"] is None


def test_without_lists_there_is_none_to_hold_a_figure_against(client: FlaskClient) -> None:
    assert {verdict for verdict, _, _ in checked(client).values()} == {"no_list"}


def test_a_check_names_the_list_its_day_and_every_count(after: Any) -> None:
    check = after(TOLD_OF).get("/v1/figures/us-participation-1001-agencies").json["roster_check"]
    assert (check["roster"], check["date"]["edtf"]) == ("participating-2025-09-17-6e10b847", "2025-09-17")
    assert check["counts"] == {"agreements": 1000, "agencies": 832, "states": 40, "territories": 0, "model": None}


def test_a_share_tells_the_numbers_of_its_model(after: Any) -> None:
    counts = after(TOLD_OF).get("/v1/figures/us-task-force-share-nearly-half").json["roster_check"]["counts"]
    assert (counts["model"]["model"], counts["model"]["agreements"]) == ("task_force", 500)


def test_figures_are_filtered_by_verdict(after: Any) -> None:
    told = after(TOLD_OF).get("/v1/figures?roster_check=rounds_to,off_by&limit=200").json
    assert {row["id"] for row in told["results"]} == {id for id, (verdict, *_) in EXPECTED.items() if verdict in ("rounds_to", "off_by")}


def test_the_check_is_on_the_card(after: Any) -> None:
    figures = {row["id"]: row for row in after(TOLD_OF).get("/v1/jurisdictions/FL").json["figures"]}
    assert figures["fl-participation-325-jurisdictions"]["roster_check"]["counts"]["agencies"] == 263


def test_a_state_that_bars_agreements_and_still_has_one_says_so(after: Any) -> None:
    card = after(list(DAYS)).get("/v1/jurisdictions/NM").json
    assert (card["posture"]["value"], card["posture"]["because"]) == (
        "barred_with_agreements",
        ["nm-statewide-ban", "participating-2026-01-06-2cfb429e"],
    )


def test_what_a_list_says_too_is_as_well_sourced_as_a_list(after: Any) -> None:
    assert after(list(DAYS)).get("/v1/jurisdictions/FL").json["posture"]["confidence"] == "primary"


def test_what_rests_on_a_list_and_a_report_is_as_well_sourced_as_the_report(after: Any) -> None:
    assert after(list(DAYS)).get("/v1/jurisdictions/NM").json["posture"]["confidence"] == "single_origin"


def test_the_link_of_a_slot_gives_the_number_that_stands_beside_it(after: Any) -> None:
    client = after(list(DAYS))
    for code in ("FL", "US"):
        slot = client.get(f"/v1/jurisdictions/{code}?as_of=2025-10-01").json["stance"]["active_agreements"]["listed"]
        assert client.get(slot["links"]["self"]).json["count"] == slot["agreements"]


def test_an_answer_names_the_lists_that_it_rests_on(after: Any) -> None:
    in_force = after(list(DAYS)).get("/v1/agreements?as_of=2025-05-15").json["meta"]["in_force"]
    assert {kind: held["roster"][:-9] for kind, held in in_force.items()} == {
        "participating": "participating-2024-12-18",
        "pending": "pending-2025-05-15",
    }


@pytest.mark.parametrize("status", ["active", "any"])
def test_before_any_list_a_total_is_null_and_not_nought(after: Any, status: str) -> None:
    meta = after(list(DAYS)).get(f"/v1/agreements/summary?by=model&as_of=2024-01-01&status={status}").json["meta"]
    assert (set(meta["totals"].values()), meta["in_force"]) == ({None}, {"participating": None, "pending": None})


def test_an_agency_is_found_by_a_name_that_it_no_longer_has(after: Any) -> None:
    found = after(list(DAYS)).get("/v1/search?q=albermarle&noun=agency").json["results"]
    assert [(row["id"], row["title"]) for row in found] == [("nc-albemarle-district-jail", "Albemarle District Jail")]


def test_the_slot_tells_what_the_list_in_force_has(after: Any) -> None:
    slot = after(list(DAYS)).get("/v1/jurisdictions/FL?as_of=2025-10-01").json["stance"]["active_agreements"]
    assert (slot["knowledge"], slot["listed"]["agreements"], slot["listed"]["agencies"]) == ("present", 325, 263)


def test_before_the_first_list_no_list_speaks(after: Any) -> None:
    assert after(list(DAYS)).get("/v1/jurisdictions/AL?as_of=2024-12-17").json["posture"]["value"] == "no_record"


def test_a_place_that_the_list_does_not_name_keeps_no_record(after: Any) -> None:
    card = after(list(DAYS)).get("/v1/jurisdictions/VT").json
    assert (card["posture"]["value"], card["stance"]["active_agreements"]["listed"]) == ("no_record", None)


def test_the_list_of_places_and_the_cards_agree(after: Any) -> None:
    client = after(list(DAYS))
    listed = {row["code"]: row["posture"] for row in client.get("/v1/jurisdictions?limit=57").json["results"]}
    assert {code: value for code, value in listed.items() if value != _short(client, code)} == {}


def _short(client: FlaskClient, code: str) -> Any:
    posture = client.get(f"/v1/jurisdictions/{code}").json["posture"]
    return posture and {"value": posture["value"], "label": posture["label"]}


def test_a_place_with_listed_agreements_is_found_by_that_kind(after: Any) -> None:
    assert after(list(DAYS)).get("/v1/jurisdictions?kind=active_agreements&type=territory").json["results"][0]["code"] == "GU"


def test_a_timelines_link_leads_to_the_agency(after: Any) -> None:
    client = after(list(DAYS))
    row = client.get("/v1/jurisdictions/ME/timeline?limit=1").json["results"][0]
    assert client.get(row["links"]["self"]).json["agreements"][0]["id"] == row["agreement"]


def test_what_was_left_out_is_told_by_the_list_that_leaves_it_out(after: Any) -> None:
    rows = after(list(DAYS)).get("/v1/jurisdictions/ME/timeline").json["results"]
    assert [row["description"].split("; ")[-1] for row in rows if row["event"] == "unlisted"] == ["participating-2025-11-04-6159bf0c."]


def test_the_map_names_agreements_and_agencies_apart(after: Any) -> None:
    rows = {row["code"]: row for row in after(list(DAYS)).get("/v1/map.json").json["rows"]}
    assert (rows["TX"]["agreements"], rows["TX"]["agencies"], rows["VT"]["agreements"]) == (259, 202, None)


def test_a_timeline_tells_when_an_agreement_was_signed_listed_and_left_out(after: Any) -> None:
    rows = after(list(DAYS)).get("/v1/jurisdictions/ME/timeline").json["results"]
    wells = [(row["event"], row["date"]["edtf"]) for row in rows if row["agreement"] == "me-wells-police-department-task-force"]
    assert wells == [("signed", "2025-04-02"), ("listed", "2025-05-16"), ("unlisted", "2025-11-04")]


def test_between_two_days_the_lists_tell_what_the_world_did(after: Any) -> None:
    told = after(list(DAYS)).get("/v1/diff?jurisdiction=TX&from=2025-09-17&to=2025-11-04").json["causes"]["world_changed"]
    [fields] = [item["fields"] for item in told if item["noun"] == "roster"]
    assert {field["name"]: (field["before"], field["after"]) for field in fields if field["name"] != "roster"} == {
        "agreements": (172, 213),
        "agencies": (135, 167),
    }


def test_between_two_revisions_a_list_is_a_source_that_was_added(after: Any) -> None:
    told = after(list(DAYS)).get("/v1/diff?jurisdiction=TX&from_revision=1&to_revision=8").json["causes"]
    assert [item["id"] for item in told["source_added"]] == ["participating-2026-01-06-2cfb429e"]

"""Test history over HTTP: the log, the versions of a measure, timelines and comparisons."""

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.engine import make_url

from legal.db.engine import Database
from legal.schemas.change import ChangePage, DiffSchema, TimelinePage, VersionPage
from legal.services import seeds as acts
from legal.vocabulary import Cause
from tests.api.factories import DIRECTIVE, faults_by_parameter, walk_pages
from tests.api.test_hostile import HOSTILE_VALUES, is_safe_response
from tests.conftest import Statements, open_app
from tests.databases import postgres_database
from tests.services.factories import checked_seed_files, explicit_date, figure_json, jurisdiction_file, measure_json

RESCINDED = {"status": "rescinded", "effective": {"from": explicit_date("2026-02-04"), "to": explicit_date("2026-06-30")}}
ORDER, SECOND_ORDER, RETURNED_ORDER = (
    measure_json(),
    measure_json("va-order-2"),
    measure_json("va-order-2", summary="It ends some agreements."),
)
EDITS: list[tuple[Cause, list[Any]]] = [
    (Cause.SOURCE_ADDED, [ORDER, SECOND_ORDER]),  # 1
    (Cause.WORLD_CHANGED, [measure_json(**RESCINDED), SECOND_ORDER]),  # 2
    (Cause.CORRECTION, [measure_json(**RESCINDED, title="Another title"), SECOND_ORDER]),  # 3
    (Cause.CORRECTION, [measure_json(**RESCINDED), SECOND_ORDER]),  # 4: same as 2
    (Cause.CORRECTION, [measure_json(**RESCINDED)]),  # 5
    (Cause.SOURCE_ADDED, [measure_json(**RESCINDED), RETURNED_ORDER]),  # 6: returns with another summary
    (Cause.SOURCE_ADDED, [measure_json(**RESCINDED, direction="neutral"), RETURNED_ORDER, measure_json("va-order-3")]),  # 7
    (Cause.CORRECTION, [measure_json(**RESCINDED), RETURNED_ORDER, measure_json("va-order-3")]),  # 8: same as 6, plus the addition of 7
]
NEWEST = len(EDITS)
DAY_QUERY = "as_of=2026-08-01"


@pytest.fixture(scope="module")
def history_app(
    backend: str, template_urls: dict[str, str], request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    """The app over a small record with the history ``EDITS``, for reading only."""
    with ExitStack() as stack:
        source = make_url(template_urls["empty"]).database
        if backend == "sqlite":
            url = f"sqlite:///{shutil.copy(str(source), tmp_path_factory.mktemp('history') / 'record.sqlite')}"
        else:
            url = stack.enter_context(postgres_database(request.getfixturevalue("postgres_url"), source))
        database = Database(url)
        stack.callback(database.dispose)
        for number, (cause, measures) in enumerate(EDITS, start=1):
            with database.transaction() as session:
                acts.load_seeds(
                    session,
                    checked_seed_files(jurisdiction_file(measures=measures), jurisdiction_file("MD", "Maryland")),
                    cause,
                    f"Edit {number}.",
                )
        yield stack.enter_context(open_app(database))


@pytest.fixture
def history_client(history_app: Flask) -> FlaskClient:
    """A client of the app with a history."""
    return history_app.test_client()


def differences_by_cause(client: FlaskClient, query: str) -> dict[str, dict[str, Any]]:
    """Return the differences by cause and entity: the action, and the fields with both values. Causes without differences are left out."""
    causes = client.get(f"/v1/diff?{query}").json["causes"]
    return {
        cause: {
            item["id"]: (item["action"], {field["name"]: (field["before"], field["after"]) for field in item["fields"]}) for item in items
        }
        for cause, items in causes.items()
        if items
    }


def revisions_query(from_revision: int, to_revision: int) -> str:
    """Return the parameters that compare two revisions."""
    return f"jurisdiction=VA&from_revision={from_revision}&to_revision={to_revision}"


# The log.


def test_log_has_every_revision_oldest_first(history_client: FlaskClient) -> None:
    numbers = [row["revision"] for row in walk_pages(history_client, "/v1/changes?limit=3")]
    assert numbers == sorted(numbers)
    assert set(numbers) == set(range(1, NEWEST + 1))


def test_change_has_its_time_cause_reason_and_actor(history_client: FlaskClient) -> None:
    (row,) = history_client.get("/v1/changes?after=2&revision=3").json["results"]
    assert (row["cause"], row["reason"], row["actor"]) == ("correction", "Edit 3.", "seeds")
    assert row["recorded_at"] == history_client.get("/v1/codebook?revision=3").json["meta"]["known_at"]
    assert (row["noun"], row["id"], row["jurisdiction"], row["action"]) == ("measure", "va-order", "VA", "amend")
    assert row["fields"] == [{"name": "title", "before": "An order", "after": "Another title"}]


def test_retraction_removes_every_field_that_the_creation_set(history_client: FlaskClient) -> None:
    (creation,) = history_client.get("/v1/changes?noun=measure&action=create&revision=1&sort=-revision").json["results"][1:]
    (retraction,) = history_client.get("/v1/changes?action=retract").json["results"]
    assert creation["id"] == retraction["id"] == "va-order-2"
    assert {field["name"]: field["after"] for field in creation["fields"]} == {
        field["name"]: field["before"] for field in retraction["fields"]
    }
    assert {field["after"] for field in retraction["fields"]} == {None}


@pytest.mark.parametrize(
    ("query", "revisions"),
    [
        ("after=6&noun=measure", [7, 7, 8]),
        ("cause=world_changed", [2]),
        ("cause=world_changed,correction", [2, 3, 4, 5, 8]),
        ("action=retract", [5]),
        ("action=create&after=1", [6, 7]),
        ("jurisdiction=Virginia&after=4", [5, 6, 7, 7, 8]),
        ("jurisdiction=MD", []),
        ("noun=document,origin", [1, 1]),
        ("after=2147483647", []),
        ("revision=2&after=1", [2]),
        ("sort=-revision&after=5&noun=measure", [8, 7, 7, 6]),
    ],
)
def test_filter_selects_matching_changes(history_client: FlaskClient, query: str, revisions: list[int]) -> None:
    assert [row["revision"] for row in walk_pages(history_client, f"/v1/changes?{query}&limit=1")] == revisions


# Versions of a measure.


def test_every_version_of_a_measure_has_its_cause(history_client: FlaskClient) -> None:
    rows = history_client.get("/v1/measures/va-order/versions").json["results"]
    causes = [("source_added", 1), ("world_changed", 2), ("correction", 3), ("correction", 4), ("source_added", 7), ("correction", 8)]
    assert [(row["cause"], row["revision"]) for row in rows] == causes


def test_retracted_and_recreated_measure_has_both_changes(history_client: FlaskClient) -> None:
    rows = history_client.get("/v1/measures/va-order-2/versions").json["results"]
    assert [(row["action"], row["revision"]) for row in rows] == [("create", 1), ("retract", 5), ("create", 6)]


@pytest.mark.parametrize("id", ["va-order", "va-order-2", "va-order-3"])
def test_every_version_has_a_working_link(history_client: FlaskClient, id: str) -> None:
    links = [row["links"]["self"] for row in walk_pages(history_client, f"/v1/measures/{id}/versions?limit=2")]
    assert {history_client.get(link).status_code for link in links} == {200}
    assert len(set(links)) == len(links)


def test_versions_of_later_revisions_are_hidden(history_client: FlaskClient) -> None:
    assert history_client.get("/v1/measures/va-order/versions?revision=2").json["count"] == 2


@pytest.mark.parametrize(("id", "query"), [("va-order-3", "revision=6"), ("va-order-9", ""), ("va-two-sheriffs", "")])
def test_unknown_measure_has_no_versions(history_client: FlaskClient, id: str, query: str) -> None:
    assert history_client.get(f"/v1/measures/{id}/versions?{query}").status_code == 404


# Comparison of two revisions.


def test_world_changes_and_corrections_are_separate(history_client: FlaskClient) -> None:
    differences = differences_by_cause(history_client, revisions_query(1, 3))
    assert set(differences) == {"world_changed", "correction"}
    assert differences["correction"] == {"va-order": ("amend", {"title": ("An order", "Another title")})}
    assert differences["world_changed"]["va-order"][1]["status"] == ("in_force", "rescinded")


def test_change_that_is_undone_later_is_no_difference(history_client: FlaskClient) -> None:
    assert differences_by_cause(history_client, revisions_query(2, 4)) == {}


def test_change_that_another_cause_undoes_is_no_difference(history_client: FlaskClient) -> None:
    assert differences_by_cause(history_client, f"{revisions_query(6, 7)}")["source_added"]["va-order"] == (
        "amend",
        {"direction": ("limits_cooperation", "neutral")},
    )
    assert {id for entities in differences_by_cause(history_client, revisions_query(6, 8)).values() for id in entities} == {"va-order-3"}


def test_recreated_measure_differs_only_in_changed_fields(history_client: FlaskClient) -> None:
    differences = differences_by_cause(history_client, revisions_query(4, 6))
    assert differences["correction"]["va-order-2"][0] == "retract"
    assert differences["source_added"]["va-order-2"][0] == "create"
    assert differences["source_added"]["va-order-2"][1] == {"summary": (None, RETURNED_ORDER["summary"])}


@pytest.mark.parametrize(
    ("from_revision", "to_revision", "action"), [(4, 5, "retract"), (5, 6, "create"), (6, 7, "create"), (1, 2, "amend")]
)
def test_difference_has_the_action_of_each_entity(history_client: FlaskClient, from_revision: int, to_revision: int, action: str) -> None:
    differences = differences_by_cause(history_client, revisions_query(from_revision, to_revision))
    actions = {entity_action for entities in differences.values() for entity_action, _ in entities.values()}
    assert action in actions


def test_revision_does_not_differ_from_itself(history_client: FlaskClient) -> None:
    comparison = history_client.get(f"/v1/diff?{revisions_query(3, 3)}&{DAY_QUERY}").json
    assert not any(comparison["causes"].values())
    assert comparison["posture"]["before"] == comparison["posture"]["after"]


def test_other_jurisdiction_has_no_differences(history_client: FlaskClient) -> None:
    assert differences_by_cause(history_client, f"jurisdiction=maryland&from_revision=1&to_revision={NEWEST}") == {}


def test_compared_postures_equal_those_of_the_cards(history_client: FlaskClient) -> None:
    comparison = history_client.get(f"/v1/diff?{revisions_query(1, 5)}&{DAY_QUERY}").json
    cards = [history_client.get(f"/v1/jurisdictions/VA?revision={number}&{DAY_QUERY}").json for number in (1, 5)]
    assert [comparison["posture"]["before"], comparison["posture"]["after"]] == [card["posture"]["value"] for card in cards]
    assert comparison["posture"]["before"] != comparison["posture"]["after"]
    assert [comparison["from"], comparison["to"]] == [card["meta"] for card in cards]


# Comparison of two days.


def test_differences_between_two_days_are_world_changes(client: FlaskClient) -> None:
    differences = differences_by_cause(client, "jurisdiction=VA&from=2026-02-03&to=2026-02-05")
    assert set(differences) == {"world_changed"}
    assert differences["world_changed"][DIRECTIVE] == (
        "amend",
        {"stands": ("no", "yes"), "status": (None, "in_force"), "phase": ("not_yet", "standing")},
    )


def test_what_a_source_may_have_said_by_then_is_no_world_change(client: FlaskClient) -> None:
    comparison = client.get("/v1/diff?jurisdiction=WA&from=2026-02-03&to=2026-02-05").json
    assert not any(comparison["causes"].values())
    assert comparison["posture"] == {"before": "on_file", "after": "barred", "certainty_only": True}
    assert [(item["id"], item["fields"]) for item in comparison["certainty"]] == [
        ("wa-statewide-ban", [{"name": "stands", "before": "possible", "after": "yes"}])
    ]


def test_evidence_that_grows_old_is_no_world_change(client: FlaskClient) -> None:
    comparison = client.get("/v1/diff?jurisdiction=MD&from=2026-05-05&to=2026-05-06").json
    assert not any(comparison["causes"].values())
    assert [item["id"] for item in comparison["certainty"]] == ["md-bill-2026"]


def test_day_of_reading_a_document_changes_nothing(client: FlaskClient) -> None:
    comparison = client.get("/v1/diff?jurisdiction=WA&from=2026-11-21&to=2026-11-22").json
    assert (any(comparison["causes"].values()), comparison["certainty"]) == (False, [])


def test_posture_changes_with_the_measures_in_effect(client: FlaskClient) -> None:
    posture = client.get("/v1/diff?jurisdiction=VA&from=2026-02-03&to=2026-02-05").json["posture"]
    assert posture == {"before": "active", "after": "limited_with_agreements", "certainty_only": False}


def test_day_does_not_differ_from_itself(client: FlaskClient) -> None:
    assert differences_by_cause(client, "jurisdiction=VA&from=2026-02-04&to=2026-02-04") == {}


def test_days_are_compared_at_the_requested_revision(history_client: FlaskClient) -> None:
    query = "jurisdiction=VA&from=2026-06-30&to=2026-07-01&revision"
    assert differences_by_cause(history_client, f"{query}=1") == {}
    assert differences_by_cause(history_client, f"{query}=2")["world_changed"]["va-order"][1]["phase"] == ("standing", "ended")


def test_nation_has_no_posture_in_a_comparison(client: FlaskClient) -> None:
    comparison = client.get("/v1/diff?jurisdiction=US&from=2025-01-01&to=2026-01-01").json
    assert comparison["posture"] == {"before": None, "after": None, "certainty_only": False}
    assert comparison["causes"]["world_changed"]


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("", "jurisdiction"),
        ("jurisdiction=VA", "from"),
        ("jurisdiction=VA&from=2999-01-01", "to"),
        ("jurisdiction=VA&to=2026-01-01", "from"),
        ("jurisdiction=VA&from_revision=1", "to_revision"),
        ("jurisdiction=VA&to_revision=1", "from_revision"),
        ("jurisdiction=VA&from=2026-01-01&to=2026-02-01&from_revision=1&to_revision=1", "from"),
        ("jurisdiction=VA&from=2026-01-02&to=2026-01-01", "to"),
        (revisions_query(2, 1), "to_revision"),
        ("jurisdiction=VA&from=2026-01-01&to=2026-02-01&as_of=2026-01-01", "as_of"),
        (f"{revisions_query(1, 1)}&revision=1", "revision"),
        (f"{revisions_query(1, 1)}&known_at=2100-01-01T00:00:00Z", "known_at"),
        ("jurisdiction=Virgina&from=2026-01-01&to=2026-02-01", "jurisdiction"),
        (revisions_query(0, 1), "from_revision"),
        ("jurisdiction=VA&from=2026-01&to=2026-02", "from"),
    ],
)
def test_invalid_comparison_is_refused(client: FlaskClient, query: str, parameter: str) -> None:
    response = client.get(f"/v1/diff?{query}")
    assert response.status_code == 422
    assert parameter in faults_by_parameter(response)


def test_comparison_without_second_day_ends_today(client: FlaskClient) -> None:
    comparison = client.get("/v1/diff?jurisdiction=VA&from=2026-02-03").json
    assert comparison["to"]["as_of"] == datetime.now(UTC).date().isoformat()


def test_comparison_without_second_day_ends_on_the_requested_day(client: FlaskClient) -> None:
    comparison, expected = (client.get(f"/v1/diff?jurisdiction=VA&from=2026-02-03&{name}=2026-02-05").json for name in ("as_of", "to"))
    assert comparison == expected


def test_every_difference_has_its_kind_and_title(client: FlaskClient, history_client: FlaskClient) -> None:
    difference = client.get("/v1/diff?jurisdiction=VA&from=2026-02-03&to=2026-02-05").json
    items = [*difference["causes"]["world_changed"], *difference["certainty"]]
    titles = {item["id"]: (item["kind"], item["title"]) for item in items}
    directive = client.get(f"/v1/measures/{DIRECTIVE}").json
    assert titles[DIRECTIVE] == ("executive_order", directive["title"])
    assert titles["va-ordered-to-terminate-5-agreements"][0] == "ordered_to_terminate"
    assert all(title for _, title in titles.values())
    retracted = history_client.get(f"/v1/diff?{revisions_query(4, 5)}").json["causes"]["correction"]
    assert [(item["action"], item["kind"], item["title"]) for item in retracted] == [("retract", "executive_order", "An order")]


def test_amended_title_is_that_of_the_later_revision(history_client: FlaskClient) -> None:
    item = history_client.get(f"/v1/diff?{revisions_query(1, 3)}").json["causes"]["correction"][0]
    assert item["title"] == "Another title"


def test_table_of_differences_has_a_row_for_each_field(client: FlaskClient) -> None:
    url = "/v1/diff?jurisdiction=VA&from=2026-02-03&to=2026-02-05"
    rows = [json.loads(line) for line in client.get(f"{url}&format=ndjson").data.splitlines()]
    difference = client.get(url).json
    assert difference["certainty"] != []
    assert [(row["cause"], row["id"], row["name"], row["before"], row["after"]) for row in rows] == [
        (cause, item["id"], field["name"], field["before"], field["after"])
        for cause, items in (*difference["causes"].items(), (None, difference["certainty"]))
        for item in items
        for field in item["fields"]
    ]
    table = client.get(f"{url}&format=csv")
    assert table.data.startswith(b"jurisdiction,cause,noun,id,kind,title,action,name,before,after\r\n")
    assert table.headers["Content-Disposition"].endswith('.csv"')


def test_unknown_revision_is_not_found_in_a_comparison(client: FlaskClient) -> None:
    assert client.get(f"/v1/diff?{revisions_query(1, 2)}").status_code == 404


# The timeline.


def test_timeline_of_virginia_runs_from_signing_to_termination(client: FlaskClient) -> None:
    rows = client.get("/v1/jurisdictions/VA/timeline").json["results"]
    assert [(row["event"], row["date"]["edtf"]) for row in rows] == [
        ("signed", "2025"),
        ("signed", "2025"),
        ("issued", "2026-02-04"),
        ("ordered_to_terminate", "2026-02-04"),
    ]


def test_event_has_happened_by_the_day_or_not(client: FlaskClient) -> None:
    rows = client.get("/v1/jurisdictions/VA/timeline?as_of=2025-07-01").json["results"]
    assert [row["happened"] for row in rows] == ["possible", "possible", "no", "no"]


@pytest.mark.parametrize("sign", ["", "-"])
def test_events_are_ordered_with_undated_ones_last(client: FlaskClient, sign: str) -> None:
    rows = list(walk_pages(client, f"/v1/jurisdictions/US/timeline?limit=2&sort={sign}date"))
    days = [row["date"]["earliest"] or row["date"]["latest"] for row in rows]
    known_days = [day for day in days if day]
    assert days == [*sorted(known_days, reverse=bool(sign)), *[None] * (len(days) - len(known_days))]
    assert 0 < len(known_days) < len(days)


def test_event_known_only_by_its_latest_day_is_placed_there(client: FlaskClient) -> None:
    rows = client.get("/v1/jurisdictions/US/timeline").json["results"]
    reimbursement_events = [row["event"] for row in rows if row["measure"] == "us-funding-2025"]
    assert reimbursement_events == ["enacted", "in_force"]


def test_timeline_has_every_event_of_all_measures(client: FlaskClient) -> None:
    for code in ("US", "CO", "MD"):
        timeline_events = [
            (row["measure"], row["event"], row["description"]) for row in walk_pages(client, f"/v1/jurisdictions/{code}/timeline?limit=3")
        ]
        measures = client.get(f"/v1/measures?jurisdiction={code}&limit=200").json["results"]
        assert sorted(timeline_events) == sorted(
            (measure["id"], event["event"], event["description"]) for measure in measures for event in measure["events"]
        )


@pytest.mark.parametrize("ref", ["va", "Virginia", "51", "US-VA", "ocd-division/country:us/state:va"])
def test_every_identifier_redirects_to_the_timeline(client: FlaskClient, ref: str) -> None:
    response = client.get(f"/v1/jurisdictions/{ref}/timeline?as_of=2026-03-01&limit=1")
    assert (response.status_code, response.headers["Location"]) == (308, "/v1/jurisdictions/VA/timeline?as_of=2026-03-01&limit=1")


def test_timeline_of_an_unknown_jurisdiction_is_not_found(client: FlaskClient) -> None:
    response = client.get("/v1/jurisdictions/Virgina/timeline")
    assert (response.status_code, response.json["did_you_mean"][0]) == (404, "VA")


@pytest.mark.parametrize(
    ("query", "condition"),
    [
        ("from=2026-02-04", lambda earliest, latest: latest >= "2026-02-04"),
        ("to=2026-02-03", lambda earliest, latest: earliest <= "2026-02-03"),
        ("from=2025-01-01&to=2025-12-31", lambda earliest, latest: latest >= "2025-01-01" and earliest <= "2025-12-31"),
    ],
)
def test_timeline_is_limited_to_days_on_which_events_may_have_happened(
    client: FlaskClient, query: str, condition: Callable[[str, str], bool]
) -> None:
    all_events = client.get("/v1/jurisdictions/VA/timeline?limit=200").json["results"]
    bounds = [(event["date"]["earliest"] or "0000", event["date"]["latest"] or "9999") for event in all_events]
    expected = [event for event, days in zip(all_events, bounds, strict=True) if event["date"]["edtf"] and condition(*days)]
    body = client.get(f"/v1/jurisdictions/VA/timeline?limit=200&{query}").json
    assert body["results"] == expected
    assert 0 < len(expected) < len(all_events)


def test_timeline_echoes_its_days(client: FlaskClient) -> None:
    filters = client.get("/v1/jurisdictions/VA/timeline?from=2025-01-01").json["meta"]["filters"]
    assert filters == {"jurisdiction": ["VA"], "from": "2025-01-01"}


def test_changes_since_a_day_are_those_recorded_from_its_start(history_client: FlaskClient) -> None:
    changes = history_client.get("/v1/changes?limit=200").json["results"]
    last_day = changes[-1]["recorded_at"][:10]
    recent = history_client.get(f"/v1/changes?limit=200&since={last_day}").json
    assert recent["results"] == [change for change in changes if change["recorded_at"][:10] >= last_day] != []
    assert recent["meta"]["filters"] == {"since": last_day}
    assert history_client.get("/v1/changes?since=2999-01-01").json["count"] == 0


# All endpoints of the history.

SCHEMAS_AND_STATEMENT_COUNTS = {
    "/v1/changes": (ChangePage, 3),
    "/v1/changes?jurisdiction=VA&cause=source_added&limit=1": (ChangePage, 4),
    "/v1/changes?after=1": (ChangePage, 3),
    "/v1/changes?since=2026-01-01": (ChangePage, 4),
    f"/v1/measures/{DIRECTIVE}/versions": (VersionPage, 3),
    "/v1/jurisdictions/VA/timeline": (TimelinePage, 4),
    "/v1/jurisdictions/VA/timeline?from=2020-01-01&to=2026-03-01": (TimelinePage, 4),
    "/v1/jurisdictions/US/timeline?limit=1&as_of=1900-01-01": (TimelinePage, 5),
    "/v1/jurisdictions/WY/timeline": (TimelinePage, 4),
    "/v1/diff?jurisdiction=VA&from=2020-01-01&to=2026-03-01": (DiffSchema, 8),
    "/v1/diff?jurisdiction=WY&from=2020-01-01&to=2026-03-01": (DiffSchema, 8),
    "/v1/diff?jurisdiction=VA&from_revision=1&to_revision=1": (DiffSchema, 11),
}


@pytest.mark.parametrize(("path", "expected"), SCHEMAS_AND_STATEMENT_COUNTS.items())
def test_response_matches_its_schema_and_sends_a_fixed_number_of_statements(
    client: FlaskClient, statements: Statements, path: str, expected: tuple[Any, int]
) -> None:
    schema, count = expected
    assert schema().validate(client.get(path).json) == {}
    assert len(statements) == count


@pytest.mark.parametrize("query", [revisions_query(1, NEWEST), revisions_query(4, 5), "jurisdiction=VA&from=2026-01-01&to=2026-08-01"])
def test_comparison_over_a_history_matches_its_schema(history_client: FlaskClient, query: str) -> None:
    assert DiffSchema().validate(history_client.get(f"/v1/diff?{query}").json) == {}


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("/v1/changes", ["after", "jurisdiction", "cause"]),
        (f"/v1/measures/{DIRECTIVE}/versions", ["facets", "known_at"]),
        ("/v1/jurisdictions/VA/timeline", ["sort", "cursor"]),
        ("/v1/diff", ["jurisdiction", "from", "to_revision"]),
        ("/v1/conflicts", ["verdict"]),
        ("/v1/compare", ["jurisdictions", "as_of"]),
    ],
)
def test_no_parameter_value_causes_an_error(client: FlaskClient, path: str, names: list[str]) -> None:
    required_parameters = {
        "/v1/diff": {"jurisdiction": "VA", "from": "2026-01-01", "to": "2026-02-01"},
        "/v1/compare": {"jurisdictions": "VA,MD"},
    }
    for name in names:
        assert all(
            is_safe_response(client.get(path, query_string=required_parameters.get(path, {}) | {name: value})) for value in HOSTILE_VALUES
        )


@pytest.mark.parametrize("path", ["/v1/measures/{}/versions", "/v1/jurisdictions/{}/timeline"])
def test_no_name_in_a_path_causes_an_error(client: FlaskClient, path: str) -> None:
    responses = [client.get("/", environ_overrides={"PATH_INFO": path.format(value)}) for value in HOSTILE_VALUES if value.isascii()]
    assert all(is_safe_response(response) and response.status_code in (308, 404) for response in responses)


def test_pinned_read_of_the_history_is_immutable(history_client: FlaskClient) -> None:
    for path in ("/v1/changes", "/v1/measures/va-order/versions", "/v1/jurisdictions/VA/timeline"):
        assert "immutable" in history_client.get(f"{path}?revision=2&rules=2&{DAY_QUERY}").headers["Cache-Control"]
        assert "immutable" not in history_client.get(path).headers["Cache-Control"]


def test_comparison_includes_figures(history_client: FlaskClient) -> None:
    assert figure_json()["id"] in differences_by_cause(history_client, "jurisdiction=VA&from=2025-01-01&to=2026-03-01")["world_changed"]

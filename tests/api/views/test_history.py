"""History over HTTP: the log, a measure's versions, a place's timeline, and what differs between two moments."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.engine import make_url

from legal.db.engine import Database
from legal.schemas.change import ChangePage, DiffSchema, TimelinePage, VersionPage
from legal.services import seeds as acts
from legal.vocabulary import Cause
from tests.api.factories import DIRECTIVE, faults, walked
from tests.api.test_hostile import NASTY, unharmed
from tests.conftest import Statements, postgres_database, serving
from tests.services.factories import day, figure, files, measure, place

ENDED = {"status": "rescinded", "effective": {"from": day("2026-02-04"), "to": day("2026-06-30")}}
ORDER, SECOND, BACK = measure(), measure("va-order-2"), measure("va-order-2", summary="It ends some agreements.")
EDITS: list[tuple[Cause, list[Any]]] = [
    (Cause.SOURCE_ADDED, [ORDER, SECOND]),  # 1
    (Cause.WORLD_CHANGED, [measure(**ENDED), SECOND]),  # 2
    (Cause.CORRECTION, [measure(**ENDED, title="Another title"), SECOND]),  # 3
    (Cause.CORRECTION, [measure(**ENDED), SECOND]),  # 4: as at 2
    (Cause.CORRECTION, [measure(**ENDED)]),  # 5
    (Cause.SOURCE_ADDED, [measure(**ENDED), BACK]),  # 6: back, and not as it was
    (Cause.SOURCE_ADDED, [measure(**ENDED, direction="neutral"), BACK, measure("va-order-3")]),  # 7
    (Cause.CORRECTION, [measure(**ENDED), BACK, measure("va-order-3")]),  # 8: as at 6, but for what 7 added
]
NEWEST = len(EDITS)
ON = "as_of=2026-08-01"


@pytest.fixture(scope="module")
def past(
    backend: str, templates: dict[bool, str], request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    """The app over a small record with a history of a few edits; for reading."""
    with ExitStack() as stack:
        source = make_url(templates[False]).database
        if backend == "sqlite":
            url = f"sqlite:///{shutil.copy(str(source), tmp_path_factory.mktemp('past') / 'record.sqlite')}"
        else:
            url = stack.enter_context(postgres_database(request.getfixturevalue("postgres"), source))
        database = Database(url)
        stack.callback(database.dispose)
        for number, (cause, measures) in enumerate(EDITS, start=1):
            with database.transaction() as session:
                acts.load(session, files(place(measures=measures), place("MD", "Maryland")), cause, f"Edit {number}.")
        yield stack.enter_context(serving(database))


@pytest.fixture
def then(past: Flask) -> FlaskClient:
    """A client of the app with a past."""
    return past.test_client()


def differing(client: FlaskClient, query: str) -> dict[str, dict[str, Any]]:
    """What differs, by cause and thing: the action, and the fields with both values; causes without any are left out."""
    causes = client.get(f"/v1/diff?{query}").json["causes"]
    return {
        cause: {
            item["id"]: (item["action"], {field["name"]: (field["before"], field["after"]) for field in item["fields"]}) for item in items
        }
        for cause, items in causes.items()
        if items
    }


def between(first: int, second: int) -> str:
    """Parameters that ask what differs between two revisions."""
    return f"jurisdiction=VA&from_revision={first}&to_revision={second}"


# The log.


def test_the_log_is_gapless_and_oldest_first(then: FlaskClient) -> None:
    numbers = [row["revision"] for row in walked(then, "/v1/changes?limit=3")]
    assert numbers == sorted(numbers)
    assert set(numbers) == set(range(1, NEWEST + 1))


def test_a_change_says_when_why_and_by_whom(then: FlaskClient) -> None:
    (row,) = then.get("/v1/changes?after=2&revision=3").json["results"]
    assert (row["cause"], row["reason"], row["actor"]) == ("correction", "Edit 3.", "seeds")
    assert row["recorded_at"] == then.get("/v1/codebook?revision=3").json["meta"]["known_at"]
    assert (row["noun"], row["id"], row["jurisdiction"], row["action"]) == ("measure", "va-order", "VA", "amend")
    assert row["fields"] == [{"name": "title", "before": "An order", "after": "Another title"}]


def test_a_creation_names_every_field_and_a_retraction_takes_every_one(then: FlaskClient) -> None:
    (made,) = then.get("/v1/changes?noun=measure&action=create&revision=1&sort=-revision").json["results"][1:]
    (gone,) = then.get("/v1/changes?action=retract").json["results"]
    assert made["id"] == gone["id"] == "va-order-2"
    assert {field["name"]: field["after"] for field in made["fields"]} == {field["name"]: field["before"] for field in gone["fields"]}
    assert {field["after"] for field in gone["fields"]} == {None}


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
def test_a_filter_narrows_the_log(then: FlaskClient, query: str, revisions: list[int]) -> None:
    assert [row["revision"] for row in walked(then, f"/v1/changes?{query}&limit=1")] == revisions


# A measure's versions.


def test_every_version_of_a_measure_comes_with_its_cause(then: FlaskClient) -> None:
    rows = then.get("/v1/measures/va-order/versions").json["results"]
    causes = [("source_added", 1), ("world_changed", 2), ("correction", 3), ("correction", 4), ("source_added", 7), ("correction", 8)]
    assert [(row["cause"], row["revision"]) for row in rows] == causes


def test_what_was_taken_off_and_put_back_is_told_as_that(then: FlaskClient) -> None:
    rows = then.get("/v1/measures/va-order-2/versions").json["results"]
    assert [(row["action"], row["revision"]) for row in rows] == [("create", 1), ("retract", 5), ("create", 6)]


@pytest.mark.parametrize("id", ["va-order", "va-order-2", "va-order-3"])
def test_every_version_has_an_address_that_answers(then: FlaskClient, id: str) -> None:
    links = [row["links"]["self"] for row in walked(then, f"/v1/measures/{id}/versions?limit=2")]
    assert {then.get(link).status_code for link in links} == {200}
    assert len(set(links)) == len(links)


def test_versions_of_later_revisions_were_not_known_then(then: FlaskClient) -> None:
    assert then.get("/v1/measures/va-order/versions?revision=2").json["count"] == 2


@pytest.mark.parametrize(("id", "query"), [("va-order-3", "revision=6"), ("va-order-9", ""), ("va-two-sheriffs", "")])
def test_what_had_never_been_a_measure_has_no_versions(then: FlaskClient, id: str, query: str) -> None:
    assert then.get(f"/v1/measures/{id}/versions?{query}").status_code == 404


# What differs between two revisions.


def test_the_world_is_kept_apart_from_our_mistakes(then: FlaskClient) -> None:
    found = differing(then, between(1, 3))
    assert set(found) == {"world_changed", "correction"}
    assert found["correction"] == {"va-order": ("amend", {"title": ("An order", "Another title")})}
    assert found["world_changed"]["va-order"][1]["status"] == ("in_force", "rescinded")


def test_a_change_undone_within_the_span_is_no_difference(then: FlaskClient) -> None:
    assert differing(then, between(2, 4)) == {}


def test_what_one_cause_did_and_another_undid_is_no_difference(then: FlaskClient) -> None:
    assert differing(then, f"{between(6, 7)}")["source_added"]["va-order"] == (
        "amend",
        {"direction": ("limits_cooperation", "neutral")},
    )
    assert {id for things in differing(then, between(6, 8)).values() for id in things} == {"va-order-3"}


def test_what_came_back_otherwise_is_amended(then: FlaskClient) -> None:
    found = differing(then, between(4, 6))
    assert found["correction"]["va-order-2"][0] == "retract"
    assert found["source_added"]["va-order-2"][0] == "create"
    assert found["source_added"]["va-order-2"][1] == {"summary": (None, BACK["summary"])}


@pytest.mark.parametrize(("first", "second", "action"), [(4, 5, "retract"), (5, 6, "create"), (6, 7, "create"), (1, 2, "amend")])
def test_a_difference_says_what_became_of_a_thing(then: FlaskClient, first: int, second: int, action: str) -> None:
    actions = {told[0] for things in differing(then, between(first, second)).values() for told in things.values()}
    assert action in actions


def test_a_revision_does_not_differ_from_itself(then: FlaskClient) -> None:
    answer = then.get(f"/v1/diff?{between(3, 3)}&{ON}").json
    assert not any(answer["causes"].values())
    assert answer["posture"]["before"] == answer["posture"]["after"]


def test_another_place_is_not_touched(then: FlaskClient) -> None:
    assert differing(then, f"jurisdiction=maryland&from_revision=1&to_revision={NEWEST}") == {}


def test_the_postures_are_those_of_the_cards(then: FlaskClient) -> None:
    answer = then.get(f"/v1/diff?{between(1, 5)}&{ON}").json
    cards = [then.get(f"/v1/jurisdictions/VA?revision={number}&{ON}").json for number in (1, 5)]
    assert [answer["posture"]["before"], answer["posture"]["after"]] == [card["posture"]["value"] for card in cards]
    assert answer["posture"]["before"] != answer["posture"]["after"]
    assert [answer["from"], answer["to"]] == [card["meta"] for card in cards]


# What differs between two days.


def test_between_two_days_only_the_world_changes(client: FlaskClient) -> None:
    found = differing(client, "jurisdiction=VA&from=2026-02-03&to=2026-02-05")
    assert set(found) == {"world_changed"}
    assert found["world_changed"][DIRECTIVE] == ("amend", {"stands": ("no", "yes"), "phase": ("not_yet", "standing")})
    assert found["world_changed"]["va-ordered-to-terminate-5-agreements"] == ("amend", {"reported": ("no", "yes")})


def test_between_two_days_the_posture_moves_with_what_stands(client: FlaskClient) -> None:
    posture = client.get("/v1/diff?jurisdiction=VA&from=2026-02-03&to=2026-02-05").json["posture"]
    assert posture == {"before": "active", "after": "limited_with_agreements"}


def test_a_day_does_not_differ_from_itself(client: FlaskClient) -> None:
    assert differing(client, "jurisdiction=VA&from=2026-02-04&to=2026-02-04") == {}


def test_days_are_compared_as_one_revision_knows_them(then: FlaskClient) -> None:
    query = "jurisdiction=VA&from=2026-06-30&to=2026-07-01&revision"
    assert differing(then, f"{query}=1") == {}
    assert differing(then, f"{query}=2")["world_changed"]["va-order"][1]["phase"] == ("standing", "ended")


def test_the_nation_has_no_posture_to_change(client: FlaskClient) -> None:
    answer = client.get("/v1/diff?jurisdiction=US&from=2025-01-01&to=2026-01-01").json
    assert answer["posture"] == {"before": None, "after": None}
    assert answer["causes"]["world_changed"]


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("", "jurisdiction"),
        ("jurisdiction=VA", "from"),
        ("jurisdiction=VA&from=2026-01-01", "to"),
        ("jurisdiction=VA&to=2026-01-01", "from"),
        ("jurisdiction=VA&from_revision=1", "to_revision"),
        ("jurisdiction=VA&to_revision=1", "from_revision"),
        ("jurisdiction=VA&from=2026-01-01&to=2026-02-01&from_revision=1&to_revision=1", "from"),
        ("jurisdiction=VA&from=2026-01-02&to=2026-01-01", "to"),
        (between(2, 1), "to_revision"),
        ("jurisdiction=VA&from=2026-01-01&to=2026-02-01&as_of=2026-01-01", "as_of"),
        (f"{between(1, 1)}&revision=1", "revision"),
        (f"{between(1, 1)}&known_at=2100-01-01T00:00:00Z", "known_at"),
        ("jurisdiction=Virgina&from=2026-01-01&to=2026-02-01", "jurisdiction"),
        (between(0, 1), "from_revision"),
        ("jurisdiction=VA&from=2026-01&to=2026-02", "from"),
    ],
)
def test_a_difference_that_cannot_be_told_is_refused(client: FlaskClient, query: str, parameter: str) -> None:
    answer = client.get(f"/v1/diff?{query}")
    assert answer.status_code == 422
    assert parameter in faults(answer)


def test_a_revision_that_does_not_exist_is_not_compared(client: FlaskClient) -> None:
    assert client.get(f"/v1/diff?{between(1, 2)}").status_code == 404


# The timeline.


def test_the_timeline_of_virginia_runs_from_the_agreements_to_their_end(client: FlaskClient) -> None:
    rows = client.get("/v1/jurisdictions/VA/timeline").json["results"]
    assert [(row["event"], row["date"]["edtf"]) for row in rows] == [
        ("signed", "2025"),
        ("signed", "2025"),
        ("issued", "2026-02-04"),
        ("ordered_to_terminate", "2026-02-04"),
    ]


def test_an_event_says_whether_it_had_happened_by_the_day(client: FlaskClient) -> None:
    rows = client.get("/v1/jurisdictions/VA/timeline?as_of=2025-07-01").json["results"]
    assert [row["happened"] for row in rows] == ["possible", "possible", "no", "no"]


@pytest.mark.parametrize("sign", ["", "-"])
def test_events_come_in_order_and_those_without_a_date_come_last(client: FlaskClient, sign: str) -> None:
    rows = list(walked(client, f"/v1/jurisdictions/US/timeline?limit=2&sort={sign}date"))
    days = [row["date"]["earliest"] or row["date"]["latest"] for row in rows]
    known = [one for one in days if one]
    assert days == [*sorted(known, reverse=bool(sign)), *[None] * (len(days) - len(known))]
    assert 0 < len(known) < len(days)


def test_what_had_happened_by_a_day_stands_at_that_day(client: FlaskClient) -> None:
    rows = client.get("/v1/jurisdictions/US/timeline").json["results"]
    reimbursement = [row["event"] for row in rows if row["measure"] == "us-reimbursement-2025"]
    assert reimbursement == ["enacted", "in_force"]


def test_a_timeline_has_every_event_of_the_places_measures(client: FlaskClient) -> None:
    for code in ("US", "CO", "MD"):
        told = [(row["measure"], row["event"], row["description"]) for row in walked(client, f"/v1/jurisdictions/{code}/timeline?limit=3")]
        measures = client.get(f"/v1/measures?jurisdiction={code}&limit=200").json["results"]
        assert sorted(told) == sorted((one["id"], event["event"], event["description"]) for one in measures for event in one["events"])


@pytest.mark.parametrize("ref", ["va", "Virginia", "51", "US-VA", "ocd-division/country:us/state:va"])
def test_every_form_of_an_identifier_leads_to_the_timeline(client: FlaskClient, ref: str) -> None:
    answer = client.get(f"/v1/jurisdictions/{ref}/timeline?as_of=2026-03-01&limit=1")
    assert (answer.status_code, answer.headers["Location"]) == (308, "/v1/jurisdictions/VA/timeline?as_of=2026-03-01&limit=1")


def test_the_timeline_of_no_place_is_not_found(client: FlaskClient) -> None:
    answer = client.get("/v1/jurisdictions/Virgina/timeline")
    assert (answer.status_code, answer.json["did_you_mean"][0]) == (404, "VA")


# What they share.

READS = {
    "/v1/changes": (ChangePage, 3),
    "/v1/changes?jurisdiction=VA&cause=source_added&limit=1": (ChangePage, 4),
    "/v1/changes?after=1": (ChangePage, 3),
    f"/v1/measures/{DIRECTIVE}/versions": (VersionPage, 3),
    "/v1/jurisdictions/VA/timeline": (TimelinePage, 4),
    "/v1/jurisdictions/US/timeline?limit=1&as_of=1900-01-01": (TimelinePage, 4),
    "/v1/jurisdictions/WY/timeline": (TimelinePage, 4),
    "/v1/diff?jurisdiction=VA&from=2020-01-01&to=2026-03-01": (DiffSchema, 6),
    "/v1/diff?jurisdiction=WY&from=2020-01-01&to=2026-03-01": (DiffSchema, 6),
    "/v1/diff?jurisdiction=VA&from_revision=1&to_revision=1": (DiffSchema, 13),
}


@pytest.mark.parametrize(("path", "told"), READS.items())
def test_an_answer_has_its_shape_and_takes_a_fixed_number_of_statements(
    client: FlaskClient, statements: Statements, path: str, told: tuple[Any, int]
) -> None:
    shape, cost = told
    assert shape().validate(client.get(path).json) == {}
    assert len(statements) == cost


@pytest.mark.parametrize("query", [between(1, NEWEST), between(4, 5), "jurisdiction=VA&from=2026-01-01&to=2026-08-01"])
def test_a_difference_over_a_past_has_its_shape(then: FlaskClient, query: str) -> None:
    assert DiffSchema().validate(then.get(f"/v1/diff?{query}").json) == {}


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
def test_no_value_of_a_parameter_does_harm(client: FlaskClient, path: str, names: list[str]) -> None:
    base = {"/v1/diff": {"jurisdiction": "VA", "from": "2026-01-01", "to": "2026-02-01"}, "/v1/compare": {"jurisdictions": "VA,MD"}}
    for name in names:
        assert all(unharmed(client.get(path, query_string=base.get(path, {}) | {name: value})) for value in NASTY)


@pytest.mark.parametrize("path", ["/v1/measures/{}/versions", "/v1/jurisdictions/{}/timeline"])
def test_no_name_in_the_path_does_harm(client: FlaskClient, path: str) -> None:
    answers = [client.get("/", environ_overrides={"PATH_INFO": path.format(value)}) for value in NASTY if value.isascii()]
    assert all(unharmed(answer) and answer.status_code in (308, 404) for answer in answers)


def test_a_pinned_read_of_the_past_never_changes_again(then: FlaskClient) -> None:
    for path in ("/v1/changes", "/v1/measures/va-order/versions", "/v1/jurisdictions/VA/timeline"):
        assert "immutable" in then.get(f"{path}?revision=2&{ON}").headers["Cache-Control"]
        assert "immutable" not in then.get(path).headers["Cache-Control"]


def test_a_figure_is_part_of_what_differs(then: FlaskClient) -> None:
    assert figure()["id"] in differing(then, "jurisdiction=VA&from=2025-01-01&to=2026-03-01")["world_changed"]

"""Rosters over HTTP: the lists, one row by row, and two compared."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from legal.schemas.roster import RosterDetailSchema, RosterDiffSchema, RosterPage
from tests.api.factories import faults, walked
from tests.conftest import Statements
from tests.services.rosters import factories
from tests.services.rosters.factories import WORLD

FIRST, PENDING, SECOND, THIRD = (book.id for book in WORLD)

rostered, served = factories.rostered, factories.served


@pytest.fixture(scope="module")
def app(served: Flask) -> Flask:
    """The app over the lists."""
    return served


def test_answers_have_the_shapes_that_are_described(client: FlaskClient) -> None:
    assert RosterPage().validate(client.get("/v1/rosters").json) == {}
    for row in walked(client, "/v1/rosters"):
        assert RosterDetailSchema().validate(client.get(row["links"]["self"]).json) == {}
    assert RosterDiffSchema().validate(client.get(f"/v1/rosters/{THIRD}/diff?against={FIRST}").json) == {}


@pytest.mark.parametrize("sort", ["date", "-date", "id", "-id"])
def test_a_walk_loses_and_repeats_nothing(client: FlaskClient, sort: str) -> None:
    whole = client.get(f"/v1/rosters?sort={sort}").json["results"]
    assert list(walked(client, f"/v1/rosters?sort={sort}&limit=1")) == whole
    assert len(whole) == len(WORLD)


def test_lists_are_counted_by_kind(client: FlaskClient) -> None:
    assert client.get("/v1/rosters?facets=kind").json["facets"] == {"kind": {"participating": 3, "pending": 1}}


def test_a_list_echoes_which_rows_it_shows(client: FlaskClient) -> None:
    answer = client.get(f"/v1/rosters/{SECOND}?outcome=set_aside").json
    assert answer["meta"]["filters"] == {"outcome": ["set_aside"]}
    assert [row["number"] for row in answer["rows"]] == [4]


def test_the_rows_of_a_list_are_what_its_counts_say(client: FlaskClient) -> None:
    for listed in walked(client, "/v1/rosters"):
        rows = client.get(listed["links"]["self"]).json["rows"]
        assert {outcome: sum(row["outcome"] == outcome for row in rows) for outcome in ("read", "repaired", "set_aside")}.items() <= (
            listed["counts"].items()
        )
        assert len({row["agreement"] for row in rows} - {None}) == listed["counts"]["agreements"]


def test_two_lists_are_compared(client: FlaskClient) -> None:
    answer = client.get(f"/v1/rosters/{THIRD}/diff?against={SECOND}").json
    assert answer["counts"] == {"new": 3, "gone": 1, "redated": 1, "renamed": 0}
    assert (answer["roster"], answer["against"], answer["meta"]["revision"]) == (THIRD, SECOND, 5)


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        (f"/{THIRD}/diff", "against"),
        (f"/{THIRD}/diff?against={THIRD}", "against"),
        (f"/{THIRD}/diff?against={PENDING}", "against"),
        (f"/{THIRD}/diff?against=Not%20a%20list", "against"),
        (f"/{THIRD}/diff?agianst={SECOND}", "agianst"),
        (f"/{THIRD}?outcome=refused", "outcome"),
        ("?kind=past", "kind"),
        ("?sort=kind", "sort"),
    ],
)
def test_what_does_not_exist_is_refused(client: FlaskClient, query: str, parameter: str) -> None:
    answer = client.get(f"/v1/rosters{query}")
    assert answer.status_code == 422
    assert parameter in faults(answer)


def test_a_list_to_compare_with_that_is_not_on_file_is_refused_with_help(client: FlaskClient) -> None:
    answer = client.get(f"/v1/rosters/{THIRD}/diff?against={SECOND[:-1]}")
    assert (answer.status_code, faults(answer)["against"]["did_you_mean"][0]) == (422, SECOND)


@pytest.mark.parametrize("path", [f"/v1/rosters/{FIRST[:-1]}", f"/v1/rosters/{FIRST[:-1]}/diff?against={THIRD}"])
def test_a_list_that_is_not_on_file_is_not_found_with_help(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.json["did_you_mean"][0]) == (404, FIRST)


@pytest.mark.parametrize(
    ("path", "count"),
    [
        ("/v1/rosters", 3),
        ("/v1/rosters?limit=1&facets=kind", 4),
        (f"/v1/rosters/{THIRD}", 3),
        (f"/v1/rosters/{THIRD}/diff?against={FIRST}", 4),
    ],
)
def test_an_answer_takes_a_fixed_number_of_statements(client: FlaskClient, statements: Statements, path: str, count: int) -> None:
    assert client.get(path).status_code == 200
    assert len(statements) == count


def test_every_link_leads_somewhere(client: FlaskClient) -> None:
    links = {link for row in walked(client, "/v1/rosters") for link in row["links"].values()}
    assert {client.get(link).status_code for link in links} == {200}

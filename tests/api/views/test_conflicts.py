"""Conflicts over HTTP: which figures of the documents meet, and which do not."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from legal.schemas.conflict import ConflictPage
from tests.api.factories import faults, walked
from tests.conftest import Statements

SIGNED = "us-participation"
EXAMPLES = {
    (f"{SIGNED}-40-states", f"{SIGNED}-more-than-40-states"): ("contradictory", "value"),
    (f"{SIGNED}-1001-agencies", f"{SIGNED}-1001-agreements"): ("not_comparable", "unit"),
    (f"{SIGNED}-1001-agreements", f"{SIGNED}-1412-agreements"): ("underspecified", "date"),
    (f"{SIGNED}-150-agreements-first-term", f"{SIGNED}-nearly-150-jurisdictions"): ("not_comparable", "unit"),
    ("us-growth-641-percent", "us-growth-more-than-600-percent"): ("compatible", "comparator"),
    (f"{SIGNED}-40-states", f"{SIGNED}-40-states-and-territories"): ("not_comparable", "geography"),
    ("us-new-participation-about-1130-agreements-2025", "us-new-participation-more-than-100-agreements-2026"): ("not_comparable", "date"),
    (f"{SIGNED}-135-agreements-2025-01", f"{SIGNED}-1001-agreements"): ("succession", "date"),
}


@pytest.fixture(scope="module")
def conflicts(app: Any) -> dict[frozenset[str], Any]:
    """Every conflict, by the ids of its figures."""
    rows = walked(app.test_client(), "/v1/conflicts?limit=200")
    return {frozenset(figure["id"] for figure in row["figures"]): row for row in rows}


@pytest.mark.parametrize(("pair", "expected"), EXAMPLES.items())
def test_two_figures_are_compared_by_the_dimension_that_decides(conflicts: dict[Any, Any], pair: Any, expected: tuple[str, str]) -> None:
    row = conflicts[frozenset(pair)]
    assert (row["verdict"], row["dimension"]) == expected


def test_two_units_of_one_announcement_trace_back_to_one_origin(conflicts: dict[Any, Any]) -> None:
    row = conflicts[frozenset({f"{SIGNED}-1001-agencies", f"{SIGNED}-1001-agreements"})]
    one, other = ({citation["origin"] for citation in figure["citations"]} for figure in row["figures"])
    assert one & other


def test_both_sides_are_shown_with_their_intervals_and_their_passages(conflicts: dict[Any, Any]) -> None:
    forty, more = conflicts[frozenset({f"{SIGNED}-40-states", f"{SIGNED}-more-than-40-states"})]["figures"]
    assert [(figure["low"], figure["high"]) for figure in (forty, more)] == [(40, 40), (41, None)]
    assert all(figure["citations"] and figure["corroboration"]["origins"] for figure in (forty, more))


def test_only_figures_of_one_place_and_one_metric_are_paired(conflicts: dict[Any, Any]) -> None:
    for row in conflicts.values():
        assert {(figure["jurisdiction"], figure["metric"]) for figure in row["figures"]} == {(row["jurisdiction"], row["metric"])}


def test_every_pair_stands_once_and_nothing_with_itself(conflicts: dict[Any, Any], client: FlaskClient) -> None:
    assert len(conflicts) == client.get("/v1/conflicts").json["count"] > 100
    assert {len(pair) for pair in conflicts} == {2}


def test_unlike_figures_are_not_paired(conflicts: dict[Any, Any]) -> None:
    assert "other" not in {row["metric"] for row in conflicts.values()}


def test_a_place_shows_the_same_conflicts_on_its_card_the_gravest_first(client: FlaskClient) -> None:
    shown = client.get("/v1/jurisdictions/US").json["conflicts"]
    assert sorted(shown, key=lambda row: row["id"]) == list(walked(client, "/v1/conflicts?jurisdiction=US&limit=200"))
    order = ["contradictory", "underspecified", "not_comparable", "succession", "compatible"]
    verdicts = [order.index(row["verdict"]) for row in shown]
    assert verdicts == sorted(verdicts)


def test_a_figure_that_had_not_been_reported_conflicts_with_nothing(client: FlaskClient) -> None:
    before, after = (client.get(f"/v1/conflicts?metric=growth&as_of={day}").json["count"] for day in ("2025-09-16", "2025-09-17"))
    assert (before, after) == (0, 1)


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("jurisdiction=virginia", lambda row: row["jurisdiction"] == "VA"),
        ("metric=growth,arrests", lambda row: row["metric"] in ("growth", "arrests")),
        ("verdict=contradictory", lambda row: row["verdict"] == "contradictory"),
        ("dimension=geography,cohort", lambda row: row["dimension"] in ("geography", "cohort")),
        ("verdict=not_comparable&dimension=date", lambda row: (row["verdict"], row["dimension"]) == ("not_comparable", "date")),
    ],
)
def test_a_filter_narrows_the_list(client: FlaskClient, conflicts: dict[Any, Any], query: str, kept: Any) -> None:
    found = list(walked(client, f"/v1/conflicts?{query}&limit=200&fields=id"))
    expected = sorted(row["id"] for row in conflicts.values() if kept(row))
    assert [row["id"] for row in found] == expected != []


@pytest.mark.parametrize("sort", ["id", "-id", "verdict", "-dimension", "metric", "-jurisdiction"])
def test_a_walk_gives_every_pair_once_and_in_order(client: FlaskClient, sort: str) -> None:
    rows = list(walked(client, f"/v1/conflicts?sort={sort}&limit=60&fields=id,verdict,dimension,metric,jurisdiction"))
    values = [row[sort.removeprefix("-")] for row in rows]
    assert values == sorted(values, reverse=sort.startswith("-"))
    assert len({row["id"] for row in rows}) == len(rows) == client.get("/v1/conflicts?limit=1").json["count"]


@pytest.mark.parametrize("query", ["limit=200", "limit=1", "as_of=1900-01-01", "verdict=succession"])
def test_a_page_has_the_shape_that_is_described_and_takes_seven_statements(client: FlaskClient, statements: Statements, query: str) -> None:
    answer = client.get(f"/v1/conflicts?{query}").json
    assert ConflictPage().validate(answer) == {}
    assert len(statements) == 7


@pytest.mark.parametrize("query", ["verdict=worse", "dimension=colour", "metric=people", "sort=why", "facets=why", "jurisdiction=Atlantis"])
def test_what_does_not_exist_is_refused(client: FlaskClient, query: str) -> None:
    answer = client.get(f"/v1/conflicts?{query}")
    assert answer.status_code == 422
    assert query.partition("=")[0] in str(faults(answer))


# Figures that follow from others.


@pytest.mark.parametrize(
    ("id", "value", "verdict"), [("us-growth-641-percent", 641.48, "follows"), ("us-growth-more-than-600-percent", 640.74, "follows")]
)
def test_a_percentage_is_worked_out_again_from_the_figures_it_follows_from(
    client: FlaskClient, id: str, value: float, verdict: str
) -> None:
    check = client.get(f"/v1/figures/{id}").json["derived_check"]
    assert (check["value"], check["verdict"], check["operation"]) == (value, verdict, "growth")
    assert all(client.get(f"/v1/figures/{one}").status_code == 200 for one in check["of"])


def test_a_figure_that_follows_from_none_has_no_check(client: FlaskClient) -> None:
    assert client.get(f"/v1/figures/{SIGNED}-40-states").json["derived_check"] is None

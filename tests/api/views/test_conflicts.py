"""Test conflicts over HTTP: the verdicts on pairs of figures."""

from cProfile import Profile
from pstats import Stats
from typing import Any

import pytest
from flask.testing import FlaskClient

from legal.db.engine import Database
from legal.rules.conflicts import compare_figures
from legal.schemas.conflict import ConflictPage
from tests.api.factories import faults_by_parameter, walk_pages
from tests.conftest import Statements
from tests.queries.clients import client_of
from tests.services.factories import explicit_date, figure_json, jurisdiction_file, load_small_seeds

PARTICIPATION = "us-participation"
EXPECTED_CONFLICTS = {
    (f"{PARTICIPATION}-40-states", f"{PARTICIPATION}-more-than-40-states"): ("contradictory", "value"),
    (f"{PARTICIPATION}-1001-agencies", f"{PARTICIPATION}-1001-agreements"): ("not_comparable", "unit"),
    (f"{PARTICIPATION}-1001-agreements", f"{PARTICIPATION}-1412-agreements"): ("succession", "date"),
    (f"{PARTICIPATION}-35-jurisdictions", f"{PARTICIPATION}-nearly-150-jurisdictions"): ("succession", "date"),
    (f"{PARTICIPATION}-150-agreements-first-term", f"{PARTICIPATION}-nearly-150-jurisdictions"): ("not_comparable", "unit"),
    ("us-growth-641-percent", "us-growth-more-than-600-percent"): ("not_comparable", "date"),
    (f"{PARTICIPATION}-1000-agencies", f"{PARTICIPATION}-1001-agencies"): ("compatible", "rounding"),
    (f"{PARTICIPATION}-about-1000-agreements", f"{PARTICIPATION}-1001-agreements"): ("compatible", "rounding"),
    ("fl-arrests-40000", "fl-arrests-about-40000"): ("compatible", "comparator"),
    (f"{PARTICIPATION}-40-states", f"{PARTICIPATION}-40-states-and-territories"): ("not_comparable", "geography"),
    ("us-new-participation-more-than-1000-agreements-2025", "us-new-participation-more-than-100-agreements-2026"): (
        "not_comparable",
        "date",
    ),
    ("us-new-participation-about-1130-agreements-2025", "us-new-participation-more-than-1000-agreements-2025"): (
        "not_comparable",
        "cohort",
    ),
    ("us-new-participation-0-agreements-biden", "us-new-participation-about-1130-agreements-2025"): ("not_comparable", "cohort"),
    (f"{PARTICIPATION}-135-agreements-2025-01", f"{PARTICIPATION}-1001-agreements"): ("succession", "date"),
}


@pytest.fixture(scope="module")
def conflicts_by_figures(app: Any) -> dict[frozenset[str], Any]:
    """All pairs of figures, by the ids of the figures."""
    rows = walk_pages(app.test_client(), "/v1/conflicts?limit=200")
    return {frozenset(figure["id"] for figure in row["figures"]): row for row in rows if row["figures"]}


STATED_CONTRADICTIONS = ["fl-arrests-credited-or-not", "us-biden-terminated-or-unable", "us-dormant-or-popular", "us-three-models"]
"""The contradictions between statements without a number."""


@pytest.mark.parametrize(("pair", "expected"), EXPECTED_CONFLICTS.items())
def test_pair_has_the_expected_verdict_and_dimension(conflicts_by_figures: dict[Any, Any], pair: Any, expected: tuple[str, str]) -> None:
    row = conflicts_by_figures[frozenset(pair)]
    assert (row["verdict"], row["dimension"]) == expected


def test_two_units_of_one_announcement_share_an_origin(conflicts_by_figures: dict[Any, Any]) -> None:
    row = conflicts_by_figures[frozenset({f"{PARTICIPATION}-1001-agencies", f"{PARTICIPATION}-1001-agreements"})]
    first_origins, second_origins = ({citation["origin"] for citation in figure["citations"]} for figure in row["figures"])
    assert first_origins & second_origins


def test_both_figures_have_their_bounds_and_citations(conflicts_by_figures: dict[Any, Any]) -> None:
    exact, more_than = conflicts_by_figures[frozenset({f"{PARTICIPATION}-40-states", f"{PARTICIPATION}-more-than-40-states"})]["figures"]
    assert [(figure["low"], figure["high"]) for figure in (exact, more_than)] == [(40, 40), (41, None)]
    assert all(figure["citations"] and figure["corroboration"]["origins"] for figure in (exact, more_than))


def test_figures_of_a_pair_share_jurisdiction_and_metric(conflicts_by_figures: dict[Any, Any]) -> None:
    for row in conflicts_by_figures.values():
        assert {(figure["jurisdiction"], figure["metric"]) for figure in row["figures"]} == {(row["jurisdiction"], row["metric"])}


def test_every_pair_is_listed_once_and_has_two_figures(conflicts_by_figures: dict[Any, Any], client: FlaskClient) -> None:
    assert len(conflicts_by_figures) + len(STATED_CONTRADICTIONS) == client.get("/v1/conflicts").json["count"] > 100
    assert {len(pair) for pair in conflicts_by_figures} == {2}


def test_figures_of_the_metric_other_are_not_paired(conflicts_by_figures: dict[Any, Any]) -> None:
    assert "other" not in {row["metric"] for row in conflicts_by_figures.values()}


def test_figures_in_words_and_goals_are_in_no_pair(conflicts_by_figures: dict[Any, Any]) -> None:
    paired = {id for pair in conflicts_by_figures for id in pair}
    assert "us-participation-1001-agencies" in paired
    assert not paired & {"us-arrests-thousands", "us-removals-hundreds-of-thousands", "us-arrests-goal-1-million"}


def test_card_shows_only_conflicts_contradictions_first(client: FlaskClient) -> None:
    card = client.get("/v1/jurisdictions/US").json
    rows = list(walk_pages(client, card["links"]["conflicts"]))
    expected = [
        {
            **{key: row[key] for key in ("id", "verdict", "dimension", "why", "measures", "citations")},
            "figures": [figure["id"] for figure in row["figures"]],
        }
        for row in rows
    ]
    assert card["conflicts"] == sorted(expected, key=lambda row: row["verdict"]) != []  # contradictory comes before underspecified
    assert {row["verdict"] for row in card["conflicts"]} == {"contradictory", "underspecified"}
    assert "unit" not in {row["dimension"] for row in card["conflicts"]}


def test_conflicts_that_are_asked_for_are_those_among_all_pairs(client: FlaskClient, conflicts_by_figures: dict[Any, Any]) -> None:
    wanted = ("contradictory", "underspecified")
    rows = [row for row in walk_pages(client, f"/v1/conflicts?verdict={','.join(wanted)}") if row["figures"]]
    assert rows == sorted((row for row in conflicts_by_figures.values() if row["verdict"] in wanted), key=lambda row: row["id"])


def test_figure_has_no_conflicts_before_it_is_reported(client: FlaskClient) -> None:
    counts = tuple(client.get(f"/v1/conflicts?metric=growth&as_of={day}").json["count"] for day in ("2025-09-16", "2025-09-17"))
    assert counts == (0, 1)


@pytest.mark.parametrize(
    ("query", "matches"),
    [
        ("jurisdiction=virginia", lambda row: row["jurisdiction"] == "VA"),
        ("metric=growth,arrests", lambda row: row["metric"] in ("growth", "arrests")),
        ("verdict=contradictory", lambda row: row["verdict"] == "contradictory"),
        ("dimension=geography,cohort", lambda row: row["dimension"] in ("geography", "cohort")),
        ("verdict=not_comparable&dimension=date", lambda row: (row["verdict"], row["dimension"]) == ("not_comparable", "date")),
    ],
)
def test_filter_selects_matching_conflicts(client: FlaskClient, conflicts_by_figures: dict[Any, Any], query: str, matches: Any) -> None:
    rows = list(walk_pages(client, f"/v1/conflicts?{query}&limit=200&fields=id"))
    expected_ids = sorted(row["id"] for row in conflicts_by_figures.values() if matches(row))
    assert [row["id"] for row in rows if row["id"] not in STATED_CONTRADICTIONS] == expected_ids != []


@pytest.mark.parametrize("sort", ["id", "-id", "verdict", "-dimension", "metric", "-jurisdiction"])
def test_pages_contain_every_pair_once_and_in_order(client: FlaskClient, sort: str) -> None:
    rows = list(walk_pages(client, f"/v1/conflicts?sort={sort}&limit=60&fields=id,verdict,dimension,metric,jurisdiction"))
    values = [row[sort.removeprefix("-")] for row in rows]
    present_values = [value for value in values if value is not None]
    assert present_values == sorted(present_values, reverse=sort.startswith("-"))
    assert values[: len(present_values)] == present_values
    assert len({row["id"] for row in rows}) == len(rows) == client.get("/v1/conflicts?limit=1").json["count"]


def load_many_figures(database: Database, count: int) -> None:
    """Load figures of Virginia on one metric that all exclude one another: every second one is of one day, and the others have no date."""
    figures = [
        figure_json(f"va-{number:03}", value=number, date=explicit_date("2026-02-04") if number % 2 else None) for number in range(count)
    ]
    load_small_seeds(database, jurisdiction_file(measures=[], figures=figures))


LISTS_OF_MANY = [
    *("/v1/conflicts?sort=verdict", "/v1/conflicts?sort=-dimension", "/v1/conflicts?verdict=contradictory"),
    *("/v1/conflicts?verdict=succession", "/v1/conflicts?facets=verdict,dimension", "/v1/jurisdictions/VA", "/figures/va-007"),
]


def count_comparisons(client: FlaskClient, path: str) -> int:
    """Return how often two figures are compared for an answer."""
    profile = Profile()
    assert profile.runcall(client.get, path).status_code == 200
    calls = Stats(profile).stats.items()  # type: ignore[attr-defined]
    return sum(call_count for (_, _, name), (call_count, *_) in calls if name == compare_figures.__name__)


def test_answers_about_many_figures_compare_only_the_pairs_that_they_show(empty_db: Database) -> None:
    load_many_figures(empty_db, 200)  # 19,900 pairs
    with client_of(empty_db) as client:
        comparisons = {path: count_comparisons(client, path) for path in LISTS_OF_MANY}
    assert {path: count for path, count in comparisons.items() if count > 200} == {}


def test_card_shows_the_first_hundred_of_many_conflicts(empty_db: Database) -> None:
    load_many_figures(empty_db, 40)
    with client_of(empty_db) as client:
        shown = client.get("/v1/jurisdictions/VA").json["conflicts"]
        rows = client.get("/v1/conflicts?verdict=contradictory,underspecified&sort=verdict&limit=100").json["results"]
    assert [conflict["id"] for conflict in shown] == [row["id"] for row in rows]
    assert len(rows) == 100


@pytest.mark.parametrize("query", ["limit=200", "limit=1", "as_of=1900-01-01", "verdict=succession"])
def test_page_matches_its_schema_and_sends_at_most_nine_statements(client: FlaskClient, statements: Statements, query: str) -> None:
    page = client.get(f"/v1/conflicts?{query}").json
    assert ConflictPage().validate(page) == {}
    assert len(statements) <= 9


def test_statements_without_a_number_are_listed_with_their_passages(client: FlaskClient) -> None:
    rows = client.get("/v1/conflicts?dimension=statement").json["results"]
    assert [row["id"] for row in rows] == STATED_CONTRADICTIONS
    biden = rows[1]
    assert (biden["metric"], biden["figures"], biden["measures"]) == (None, [], ["us-active-agreements"])
    assert {citation["document"] for citation in biden["citations"]} == {"agreements-retelling-2026", "conservative-news-daily-2025"}


def test_statements_without_a_number_have_no_metric_to_filter_by(client: FlaskClient) -> None:
    rows = client.get("/v1/conflicts?metric=arrests&limit=200").json["results"]
    assert "statement" not in {row["dimension"] for row in rows}


def test_statements_are_shown_from_the_day_that_both_may_have_been_made(client: FlaskClient) -> None:
    ids = [
        [row["id"] for row in client.get(f"/v1/conflicts?dimension=statement&jurisdiction=US&as_of={day}").json["results"]]
        for day in ("2025-12-31", "2026-02-04")
    ]
    assert ids == [[], STATED_CONTRADICTIONS[1:]]


def test_card_of_a_state_has_its_statements_only(client: FlaskClient) -> None:
    cards = [client.get(f"/v1/jurisdictions/{code}").json["conflicts"] for code in ("FL", "VA")]
    assert [[conflict["id"] for conflict in conflicts] for conflicts in cards] == [["fl-arrests-credited-or-not"], []]


@pytest.mark.parametrize("query", ["verdict=worse", "dimension=color", "metric=people", "sort=why", "facets=why", "jurisdiction=Atlantis"])
def test_invalid_parameter_is_refused(client: FlaskClient, query: str) -> None:
    response = client.get(f"/v1/conflicts?{query}")
    assert response.status_code == 422
    assert query.partition("=")[0] in str(faults_by_parameter(response))


# Figures derived from other figures.


@pytest.mark.parametrize(
    ("id", "value", "verdict"), [("us-growth-641-percent", 641.48, "follows"), ("us-growth-more-than-600-percent", 640.74, "follows")]
)
def test_percentage_is_recomputed_from_the_figures_it_is_derived_from(client: FlaskClient, id: str, value: float, verdict: str) -> None:
    check = client.get(f"/v1/figures/{id}").json["derived_check"]
    assert (check["value"], check["verdict"], check["operation"]) == (value, verdict, "growth")
    assert all(client.get(f"/v1/figures/{source_id}").status_code == 200 for source_id in check["of"])


def test_figure_that_is_not_derived_has_no_check(client: FlaskClient) -> None:
    assert client.get(f"/v1/figures/{PARTICIPATION}-40-states").json["derived_check"] is None

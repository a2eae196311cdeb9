"""Test both clocks: pinned responses never change, and every response agrees with the log of changes."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given
from hypothesis import strategies as st

from legal.db.engine import Database
from legal.services import seeds
from tests.databases import clear_database
from tests.examples import examples
from tests.queries.clients import client_of
from tests.queries.histories import DAYS, JURISDICTIONS, World, apply_edit, edits, expected_card, replay_log, seed_files, served_card

ADDRESSES = [
    "/v1/jurisdictions",
    "/v1/compare?jurisdictions=VA,MD",
    "/v1/measures?sort=-effective&facets=kind,status",
    "/v1/measures?stands=yes,possible&format=csv",
    "/v1/measures/va-order/versions",
    "/v1/documents",
    "/v1/conflicts",
    "/v1/changes?sort=-revision",
    "/v1/jurisdictions/VA/timeline",
    "/v1/map.json",
    "/v1/search?q=title",
]
EXAMPLES = {"sqlite": 2, "postgresql": 1}
Record = tuple[Database, FlaskClient]


@pytest.fixture(scope="module")
def rewritten_record(shared_databases: dict[str, Database]) -> Iterator[Record]:
    """Return a database that each history starts by clearing, and a client of the app over it."""
    with client_of(shared_databases["empty"]) as client:
        yield shared_databases["empty"], client
    clear_database(shared_databases["empty"])


def check_histories(backend: str, check: Callable[..., None]) -> None:
    """Run a check with random histories and random orders of the days."""
    check_examples = given(history=st.lists(edits, min_size=3, max_size=6), days=st.permutations(DAYS))(check)
    slow = [HealthCheck.too_slow, HealthCheck.data_too_large]
    # No shrinking: it would run a history again for minutes, and histories are short enough to read.
    examples(EXAMPLES[backend], database=None, phases=[Phase.generate], suppress_health_check=slow)(check_examples)()


def publish_history(record: Record, history: list[Any], on_revision: Callable[[int], None] = lambda _: None) -> list[int]:
    """Clear the record and publish each edit; return the revisions. ``on_revision`` is called after each."""
    database, _ = record
    clear_database(database)
    world: World = {}
    revisions: list[int] = []
    for cause, edit in history:
        world = apply_edit(world, edit)
        with database.transaction() as session:
            revision = seeds.load_seeds(session, seed_files(world), cause, "An edit.").revision
        if revision:
            revisions.append(revision)
            on_revision(revision)
    return revisions


def get_pinned(client: FlaskClient, revision: int) -> dict[str, Any]:
    """Return status, body and ETag of each address, pinned to the revision and a day."""
    pin = f"as_of={DAYS[revision % len(DAYS)]}&revision={revision}"
    responses = {path: client.get(f"{path}{'&' if '?' in path else '?'}{pin}") for path in ADDRESSES}
    return {path: (response.status_code, response.data, response.headers.get("ETag")) for path, response in responses.items()}


def test_pinned_responses_keep_their_bytes_after_any_edits(backend: str, rewritten_record: Record) -> None:
    def check(history: list[Any], days: list[str]) -> None:
        _, client = rewritten_record
        first_responses: dict[int, dict[str, Any]] = {}
        publish_history(rewritten_record, history, lambda revision: first_responses.update({revision: get_pinned(client, revision)}))
        assert {revision: get_pinned(client, revision) for revision in first_responses} == first_responses

    check_histories(backend, check)


def test_cards_on_any_day_at_any_revision_agree_with_the_log(backend: str, rewritten_record: Record) -> None:
    def check(history: list[Any], days: list[str]) -> None:
        _, client = rewritten_record
        for revision, day in zip(publish_history(rewritten_record, history), map(date.fromisoformat, days), strict=False):
            log = replay_log(client, revision)
            for code in JURISDICTIONS:
                assert served_card(client, code, day, revision) == expected_card(log, code, day)

    check_histories(backend, check)


def test_revisions_are_numbered_without_gaps_after_any_edits(backend: str, rewritten_record: Record) -> None:
    def check(history: list[Any], days: list[str]) -> None:
        revisions = publish_history(rewritten_record, history)
        assert revisions == list(range(1, len(revisions) + 1))

    check_histories(backend, check)

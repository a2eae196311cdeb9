"""The two clocks: after any edits an old answer is what it was, and every answer is what the log says."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given
from hypothesis import strategies as st

from legal.db.engine import Database
from legal.services import seeds as acts
from tests.databases import cleared
from tests.examples import examples
from tests.queries.histories import DAYS, PLACES, changed, edits, expected, folded, said, seeded
from tests.queries.served import on

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
def written(copies: dict[bool, Database]) -> Iterator[Record]:
    """A database that every history begins to write anew, and a client of the app over it."""
    with on(copies[False]) as client:
        yield copies[False], client
    cleared(copies[False])


def through_histories(backend: str, holds: Callable[..., None]) -> None:
    """Check that something holds of random histories."""
    checked = given(history=st.lists(edits, min_size=3, max_size=6), days=st.permutations(DAYS))(holds)
    slow = [HealthCheck.too_slow, HealthCheck.data_too_large]
    # A history is quick to read as it is; shrinking it would run it again for minutes.
    examples(EXAMPLES[backend], database=None, phases=[Phase.generate], suppress_health_check=slow)(checked)()


def lived_through(record: Record, history: list[Any], after: Callable[[int], None] = lambda _: None) -> list[int]:
    """The revisions that the edits of a history make, in a record that had none; ``after`` is done with each."""
    database, _ = record
    cleared(database)
    world: dict[str, Any] = {}
    made: list[int] = []
    for cause, edit in history:
        world = changed(world, edit)
        with database.transaction() as session:
            revision = acts.load(session, seeded(world), cause, "An edit.").revision
        if revision:
            made.append(revision)
            after(revision)
    return made


def answers(client: FlaskClient, revision: int) -> dict[str, Any]:
    """The answers that are pinned to a revision and a day."""
    pinned = f"as_of={DAYS[revision % len(DAYS)]}&revision={revision}"
    given = {path: client.get(f"{path}{'&' if '?' in path else '?'}{pinned}") for path in ADDRESSES}
    return {path: (answer.status_code, answer.data, answer.headers.get("ETag")) for path, answer in given.items()}


def test_a_pinned_answer_is_the_same_bytes_after_any_edits(backend: str, written: Record) -> None:
    def holds(history: list[Any], days: list[str]) -> None:
        seen: dict[int, dict[str, Any]] = {}
        lived_through(written, history, lambda revision: seen.update({revision: answers(written[1], revision)}))
        assert {revision: answers(written[1], revision) for revision in seen} == seen

    through_histories(backend, holds)


def test_every_answer_on_any_day_at_any_revision_is_what_the_log_says(backend: str, written: Record) -> None:
    def holds(history: list[Any], days: list[str]) -> None:
        for revision, day in zip(lived_through(written, history), map(date.fromisoformat, days), strict=False):
            log = folded(written[1], revision)
            for code in PLACES:
                assert said(written[1], code, day, revision) == expected(log, code, day)

    through_histories(backend, holds)


def test_revisions_are_numbered_without_gaps_whatever_is_edited(backend: str, written: Record) -> None:
    def holds(history: list[Any], days: list[str]) -> None:
        made = lived_through(written, history)
        assert made == list(range(1, len(made) + 1))

    through_histories(backend, holds)

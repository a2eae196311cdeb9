"""What answers at a revision share is loaded once for each state of the record."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Integer, bindparam, event, select

from legal.db import shared_results
from legal.db.engine import Database
from legal.db.shared_results import forget_shared, load_shared

STATEMENT = select(bindparam("number", type_=Integer).label("number"))


@pytest.fixture
def sent_statements(seeded_db: Database) -> Iterator[list[str]]:
    """The statements sent to the database, of which nothing is kept before the test."""
    sent: list[str] = []

    def record_statement(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)

    forget_shared(seeded_db.engine)
    event.listen(seeded_db.engine, "before_cursor_execute", record_statement)
    yield sent
    event.remove(seeded_db.engine, "before_cursor_execute", record_statement)
    forget_shared(seeded_db.engine)


def load_numbers(database: Database, state: int, number: int) -> list[int]:
    """Load a number that the database repeats."""
    with database.reading() as session:
        return [row["number"] for row in load_shared(session, STATEMENT, list, state, {"number": number})]


def test_result_is_loaded_once_for_a_state_and_its_values(seeded_db: Database, sent_statements: list[str]) -> None:
    loaded = [load_numbers(seeded_db, state, number) for state, number in ((1, 5), (1, 5), (2, 5), (1, 6))]
    assert loaded == [[5], [5], [5], [6]]
    assert sum("number" in statement for statement in sent_statements) == 3


def test_result_used_longest_ago_is_dropped(seeded_db: Database, sent_statements: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_results, "MAX_RESULTS", 2)
    for number in (1, 2, 1, 3, 1, 2):
        load_numbers(seeded_db, 1, number)
    assert sum("number" in statement for statement in sent_statements) == 4

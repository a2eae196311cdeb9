"""What answers at a revision share is loaded once for each state of the record."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Integer, bindparam, event, select

from legal.db import shared_results
from legal.db.engine import Database
from legal.db.shared_results import forget_shared, load_shared, load_shared_items

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


def load_items(database: Database, kind: str, state: int, keys: list[int], loads: list[list[int]]) -> dict[int, str]:
    """Load an item for each key, and record which keys were not shared."""

    def load(missing: list[int]) -> dict[int, str]:
        loads.append(missing)
        return {key: f"{kind} {key} at {state}" for key in missing}

    with database.reading() as session:
        return load_shared_items(session, kind, state, keys, load)


def test_items_are_loaded_once_for_a_kind_and_a_state(seeded_db: Database) -> None:
    forget_shared(seeded_db.engine)
    loads: list[list[int]] = []
    load_items(seeded_db, "measure", 1, [1, 2], loads)
    assert load_items(seeded_db, "measure", 1, [3, 2], loads) == {3: "measure 3 at 1", 2: "measure 2 at 1"}
    assert load_items(seeded_db, "measure", 2, [2], loads) == {2: "measure 2 at 2"}
    assert load_items(seeded_db, "figure", 1, [2], loads) == {2: "figure 2 at 1"}
    assert loads == [[1, 2], [3], [2], [2]]


def test_repeated_key_is_loaded_once(seeded_db: Database) -> None:
    forget_shared(seeded_db.engine)
    loads: list[list[int]] = []
    load_items(seeded_db, "measure", 1, [1, 1], loads)
    assert loads == [[1]]


def test_item_used_longest_ago_is_dropped(seeded_db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    forget_shared(seeded_db.engine)
    monkeypatch.setattr(shared_results, "MAX_ITEMS", 2)
    loads: list[list[int]] = []
    for number in (1, 2, 1, 3, 1, 2):
        load_items(seeded_db, "measure", 1, [number], loads)
    assert loads == [[1], [2], [3], [2]]


def test_more_items_than_are_kept_are_all_returned(seeded_db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    forget_shared(seeded_db.engine)
    monkeypatch.setattr(shared_results, "MAX_ITEMS", 2)
    assert list(load_items(seeded_db, "measure", 1, [1, 2, 3], [])) == [1, 2, 3]

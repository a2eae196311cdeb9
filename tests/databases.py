"""Databases that many tests share: making one costs PostgreSQL a third of a second, and an engine has to compile its statements anew."""

from collections.abc import Iterator

import pytest
from sqlalchemy import delete

from legal.db.engine import Database
from legal.models import Base


@pytest.fixture
def record(copies: dict[bool, Database]) -> Database:
    """A seeded database that the test leaves as it found it: it reads, or rolls back what it writes."""
    return copies[True]


@pytest.fixture
def empty(copies: dict[bool, Database]) -> Iterator[Database]:
    """A migrated database with nothing in it, that the test may write to; its rows are deleted afterwards."""
    yield copies[False]
    cleared(copies[False])


def cleared(database: Database) -> None:
    """Take everything out of a database again."""
    with database.transaction() as session:
        for table in reversed(Base.metadata.sorted_tables):
            session.execute(delete(table))

"""The tables of an export, and their rows at a moment."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from legal.db.engine import Database
from legal.models import Citation, DocumentVersion, Event, FigureVersion, Jurisdiction, MeasureVersion, OriginVersion, Revision
from legal.queries.core import snapshot
from legal.queries.core.snapshot import Snapshot
from legal.queries.export import rows
from legal.queries.export.tables import TABLES, Table
from legal.services.publishing import DOCUMENT, MEASURE, ORIGIN, Noun, Why, lock, publish

pytestmark = pytest.mark.databases("sqlite")  # tests/system/test_databases.py holds both to one answer

RECORDS = {
    "revisions": Revision,
    "jurisdictions": Jurisdiction,
    "origins": OriginVersion,
    "documents": DocumentVersion,
    "measures": MeasureVersion,
    "events": Event,
    "figures": FigureVersion,
    "citations": Citation,
}
INNER = {"key", "revision_to", "measure_version", "figure_version"}
"""Columns of the database's own: row numbers, and the end that a version open at the export does not have."""
DIRECTIVE = "va-directive-2026-02-04"
WHY = Why("correction", "A test.", "somebody")


def table(name: str) -> Table:
    """A table of the export."""
    return next(table for table in TABLES if table.name == name)


def dicts(session: Session, name: str, moment: Snapshot) -> list[dict[str, Any]]:
    """A table's rows by column."""
    names = [column.name for column in table(name).columns]
    return [dict(zip(names, row, strict=True)) for row in rows.rows(session, table(name), moment)]


@pytest.fixture
def session(record: Database) -> Iterator[Session]:
    """A session whose writes are rolled back."""
    with Session(record.engine) as session:
        session.connection(execution_options={"writing": True})
        yield session


def without(session: Session, *things: tuple[Noun, str]) -> Snapshot:
    """The moment after things have been retracted."""
    lock(session)
    publish(session, [], things, WHY)
    return snapshot.latest(session)


@pytest.mark.parametrize("name", RECORDS)
def test_every_column_of_the_record_is_exported(name: str) -> None:
    read = {column.source.key for column in table(name).columns if column.source is not None and hasattr(column.source, "key")}
    kept = {column.key for column in RECORDS[name].__table__.columns} - INNER
    assert kept - read == set()


@pytest.mark.parametrize("told", TABLES, ids=lambda told: told.name)
def test_a_table_points_only_at_tables_before_it(told: Table) -> None:
    before = [one.name for one in TABLES[: TABLES.index(told)]]
    assert {column.to for column in told.columns if column.to} <= set(before)


@pytest.mark.parametrize("told", TABLES, ids=lambda told: told.name)
def test_a_table_names_each_column_once_and_its_key_among_them(told: Table) -> None:
    names = [column.name for column in told.columns]
    assert len(set(names)) == len(names)
    assert set(told.key) <= set(names)


def test_the_rows_of_one_moment_are_always_the_same(record: Database) -> None:
    with record.reading() as session:
        moment = snapshot.latest(session)
        assert [dicts(session, told.name, moment) for told in TABLES] == [dicts(session, told.name, moment) for told in TABLES]


def test_the_rows_come_in_the_order_of_their_key(record: Database) -> None:
    with record.reading() as session:
        moment = snapshot.latest(session)
        for name in ("jurisdictions", "revisions", "postures"):
            keys = [row[table(name).key[0]] for row in dicts(session, name, moment)]
            assert keys == sorted(keys)


def test_a_figure_does_not_point_at_a_measure_that_was_retracted(session: Session) -> None:
    before = dicts(session, "figures", snapshot.latest(session))
    now = dicts(session, "figures", without(session, (MEASURE, "va-local-agreements-2025")))
    assert len(now) == len(before)
    assert "va-local-agreements-2025" in {row["measure"] for row in before} - {row["measure"] for row in now}


def test_what_a_retracted_measure_said_is_gone_with_it(session: Session) -> None:
    now = without(session, (MEASURE, DIRECTIVE))
    for name, pointer in (("measures", "id"), ("events", "measure"), ("citations", "measure")):
        assert DIRECTIVE not in {row[pointer] for row in dicts(session, name, now)}


def test_nothing_points_at_an_origin_or_a_document_that_was_retracted(session: Session) -> None:
    origin = str(session.scalar(select(DocumentVersion.origin).where(DocumentVersion.origin.is_not(None))))
    now = without(session, (ORIGIN, origin), (DOCUMENT, "breitbart-2025-09-17"))
    assert origin not in {row["origin"] for name in ("documents", "citations") for row in dicts(session, name, now)}
    assert "breitbart-2025-09-17" not in {row["document"] for row in dicts(session, "citations", now)}


def test_an_old_revision_is_exported_as_it_was(session: Session) -> None:
    then = snapshot.latest(session)
    before = [dicts(session, told.name, then) for told in TABLES]
    without(session, (MEASURE, DIRECTIVE))
    assert [dicts(session, told.name, then) for told in TABLES] == before


def test_only_revisions_up_to_the_one_asked_for_are_exported(session: Session) -> None:
    then = snapshot.latest(session)
    now = without(session, (MEASURE, DIRECTIVE))
    assert [[row["number"] for row in dicts(session, "revisions", moment)] for moment in (then, now)] == [[1], [1, 2]]


def test_objects_are_told_with_their_keys_in_order() -> None:
    assert rows.json([{"b": 1, "a": "é"}]) == '[{"a":"é","b":1}]'

"""Test the tables of an export, and their rows at a snapshot."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from legal.db.engine import Database
from legal.models import (
    Citation,
    ContradictionVersion,
    DocumentVersion,
    Event,
    FigureVersion,
    Jurisdiction,
    MeasureLink,
    MeasureVersion,
    OriginVersion,
    Provision,
    Revision,
)
from legal.queries.core import snapshot
from legal.queries.core.snapshot import Snapshot
from legal.queries.export import rows
from legal.queries.export.schema import ExportTable
from legal.queries.export.tables import EXPORT_TABLES
from legal.services.publishing import (
    DOCUMENT_ENTITY,
    MEASURE_ENTITY,
    ORIGIN_ENTITY,
    ChangeReason,
    VersionedEntity,
    acquire_publishing_lock,
    publish,
)

pytestmark = pytest.mark.databases("sqlite")  # tests/system/test_databases.py holds both to one answer

MODELS = {
    "revisions": Revision,
    "jurisdictions": Jurisdiction,
    "origins": OriginVersion,
    "documents": DocumentVersion,
    "measures": MeasureVersion,
    "events": Event,
    "measure_links": MeasureLink,
    "provisions": Provision,
    "figures": FigureVersion,
    "contradictions": ContradictionVersion,
    "citations": Citation,
}
COMPUTED_COLUMNS = {"status"}
"""Columns that the export computes for its day."""

INTERNAL_COLUMNS = {"key", "revision_to", "measure_version", "figure_version", "contradiction_version", "provision", "target"}
"""Columns that are not exported: internal keys, and the end of a version, which is null at the exported revision."""
DIRECTIVE = "va-directive-2026-02-04"
CHANGE_REASON = ChangeReason("correction", "A test.", "somebody")


def find_table(name: str) -> ExportTable:
    """Return the table of this name."""
    return next(table for table in EXPORT_TABLES if table.name == name)


def table_rows(session: Session, name: str, table_snapshot: Snapshot) -> list[dict[str, Any]]:
    """Return a table's rows as dictionaries by column name."""
    names = [column.name for column in find_table(name).columns]
    return [dict(zip(names, row, strict=True)) for row in rows.stream_table_rows(session, find_table(name), table_snapshot)]


@pytest.fixture
def session(seeded_db: Database) -> Iterator[Session]:
    """Return a session that rolls back its writes."""
    with Session(seeded_db.engine) as session:
        session.connection(execution_options={"writing": True})
        yield session


def retract(session: Session, *entities: tuple[VersionedEntity, str]) -> Snapshot:
    """Retract entities and return the snapshot after that."""
    acquire_publishing_lock(session)
    publish(session, [], entities, CHANGE_REASON)
    return snapshot.latest_snapshot(session)


def test_every_stored_column_is_exported() -> None:
    missing = {}
    for name, model in MODELS.items():
        sources = [column.source for column in find_table(name).columns if column.source is not None]
        exported = {source.key for source in sources if hasattr(source, "key")} | COMPUTED_COLUMNS
        missing[name] = {column.key for column in model.__table__.columns} - INTERNAL_COLUMNS - exported
    assert {name: columns for name, columns in missing.items() if columns} == {}


def test_tables_reference_only_earlier_tables() -> None:
    names = [table.name for table in EXPORT_TABLES]
    later_references = [
        (table.name, column.name)
        for position, table in enumerate(EXPORT_TABLES)
        for column in table.columns
        if column.references and column.references not in names[:position]
    ]
    assert later_references == []


def test_columns_are_unique_and_include_the_key() -> None:
    invalid = []
    for table in EXPORT_TABLES:
        names = [column.name for column in table.columns]
        if len(set(names)) != len(names) or not set(table.key) <= set(names):
            invalid.append(table.name)
    assert invalid == []


def test_table_names_are_unique() -> None:
    assert len({table.name for table in EXPORT_TABLES}) == len(EXPORT_TABLES)


def test_rows_of_a_snapshot_are_always_the_same(seeded_db: Database) -> None:
    with seeded_db.reading() as session:
        latest = snapshot.latest_snapshot(session)
        assert [table_rows(session, table.name, latest) for table in EXPORT_TABLES] == [
            table_rows(session, table.name, latest) for table in EXPORT_TABLES
        ]


def test_rows_are_sorted_by_key(seeded_db: Database) -> None:
    with seeded_db.reading() as session:
        latest = snapshot.latest_snapshot(session)
        for name in ("jurisdictions", "revisions", "postures"):
            keys = [row[find_table(name).key[0]] for row in table_rows(session, name, latest)]
            assert keys == sorted(keys)


def test_figure_does_not_reference_a_retracted_measure(session: Session) -> None:
    rows_before = table_rows(session, "figures", snapshot.latest_snapshot(session))
    rows_after = table_rows(session, "figures", retract(session, (MEASURE_ENTITY, "va-local-agreements-2025")))
    assert len(rows_after) == len(rows_before)
    assert "va-local-agreements-2025" in {row["measure"] for row in rows_before} - {row["measure"] for row in rows_after}


def test_retracted_measure_has_no_events_or_citations(session: Session) -> None:
    later = retract(session, (MEASURE_ENTITY, DIRECTIVE))
    for name, pointer in (("measures", "id"), ("events", "measure"), ("citations", "measure")):
        assert DIRECTIVE not in {row[pointer] for row in table_rows(session, name, later)}


def test_retracted_origins_and_documents_are_not_referenced(session: Session) -> None:
    origin = str(session.scalar(select(DocumentVersion.origin).where(DocumentVersion.origin.is_not(None))))
    later = retract(session, (ORIGIN_ENTITY, origin), (DOCUMENT_ENTITY, "breitbart-2025-09-17"))
    assert origin not in {row["origin"] for name in ("documents", "citations") for row in table_rows(session, name, later)}
    assert "breitbart-2025-09-17" not in {row["document"] for row in table_rows(session, "citations", later)}


def test_export_of_an_old_revision_does_not_change(session: Session) -> None:
    earlier = snapshot.latest_snapshot(session)
    exported = [table_rows(session, table.name, earlier) for table in EXPORT_TABLES]
    retract(session, (MEASURE_ENTITY, DIRECTIVE))
    earlier = snapshot.resolve_snapshot(session, earlier.as_of, earlier.revision)
    assert [table_rows(session, table.name, earlier) for table in EXPORT_TABLES] == exported


def test_later_revisions_are_not_exported(session: Session) -> None:
    earlier = snapshot.latest_snapshot(session)
    later = retract(session, (MEASURE_ENTITY, DIRECTIVE))
    assert [[row["number"] for row in table_rows(session, "revisions", revision_snapshot)] for revision_snapshot in (earlier, later)] == [
        [1],
        [1, 2],
    ]


def test_json_objects_have_sorted_keys() -> None:
    assert rows.json_with_sorted_keys([{"b": 1, "a": "é"}]) == '[{"a":"é","b":1}]'


def test_link_to_a_retracted_measure_is_not_exported(session: Session) -> None:
    after = retract(session, (MEASURE_ENTITY, "va-state-agreements-2025"))
    sources = {row["measure"] for row in table_rows(session, "measure_links", after)}
    assert DIRECTIVE not in sources
    assert "md-bill-2026" in sources

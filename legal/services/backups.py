"""Write a backup as one SQLite file that says what it holds, and restore one into a database of either kind."""

import sqlite3
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import orjson
from sqlalchemy import Connection, func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from legal.db.schema import SCHEMA_REVISIONS, load_schema_revision
from legal.errors import RefusedOperation
from legal.models import RecordEpoch, Revision
from legal.services.epochs import begin_epoch
from legal.services.publishing import acquire_publishing_lock
from legal.services.record_copy import TableDigest, check_digests, copy_tables, hash_tables

_CREATE_MANIFEST = "CREATE TABLE backup_manifest (made_at TEXT, schema TEXT, epoch TEXT, revision INTEGER, tables TEXT)"
_INSERT_MANIFEST = "INSERT INTO backup_manifest VALUES (?, ?, ?, ?, ?)"


@dataclass(frozen=True, slots=True)
class Manifest:
    """The description of a backup in the backup itself. ``revision`` is null for a record without revisions."""

    made_at: str
    schema: str
    epoch: str
    revision: int | None
    tables: dict[str, TableDigest]


def copy_sqlite_file(source: sqlite3.Connection, path: Path) -> None:
    """Copy an SQLite database, page by page, while others read and write it. The copy is one file that needs no log."""
    with closing(sqlite3.connect(path)) as target:
        source.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")


def write_manifest(connection: Connection, path: Path) -> Manifest:
    """Describe the rows behind ``connection`` in the backup file at ``path``, which has the same rows."""
    schema = connection.scalar(text("SELECT version_num FROM alembic_version"))
    epoch = connection.scalar(select(RecordEpoch.token))
    revision = connection.scalar(select(func.max(Revision.number)))
    manifest = Manifest(datetime.now(UTC).isoformat(timespec="seconds"), str(schema), str(epoch), revision, hash_tables(connection))
    tables = orjson.dumps({name: asdict(digest) for name, digest in manifest.tables.items()}).decode()
    with closing(sqlite3.connect(path)) as target, target:
        target.execute("DROP TABLE IF EXISTS backup_manifest")  # a restored backup may have brought one along
        target.execute(_CREATE_MANIFEST)
        target.execute(_INSERT_MANIFEST, (manifest.made_at, manifest.schema, manifest.epoch, manifest.revision, tables))
    return manifest


def check_backup(connection: Connection) -> Manifest:
    """Return the manifest of a backup, after comparing every row with it.

    Raises:
        RefusedOperation: the file is no backup of this service, has the schema of another release, or is damaged.
    """
    manifest = _load_manifest(connection)
    if manifest.schema != SCHEMA_REVISIONS[-1]:
        raise RefusedOperation(
            f"The backup has schema {manifest.schema}, and this release needs {SCHEMA_REVISIONS[-1]}. Restore it with the release that made it, "
            "then upgrade."
        )
    try:
        check_digests(manifest.tables, hash_tables(connection))
    except RefusedOperation as error:
        raise RefusedOperation(f"The backup is damaged. {error}") from error
    except (DBAPIError, ValueError) as error:  # a page cannot be read, or a value cannot be parsed
        raise RefusedOperation("The backup is damaged: its rows cannot be read. Nothing was changed.") from error
    return manifest


def _load_manifest(connection: Connection) -> Manifest:
    try:
        row = connection.execute(text("SELECT made_at, schema, epoch, revision, tables FROM backup_manifest")).one()
        tables = {name: TableDigest(**digest) for name, digest in orjson.loads(row.tables).items()}
    except (DBAPIError, ValueError, TypeError, AttributeError) as error:
        raise RefusedOperation("The file is not a backup that `flask backup` made.") from error
    return Manifest(row.made_at, row.schema, row.epoch, row.revision, tables)


def restore_backup(backup: Connection, session: Session, *, is_replacing: bool) -> tuple[Manifest, str]:
    """Replace the session's record by that of a backup and begin a new epoch; return the manifest and the epoch's token.

    The caller commits.

    Raises:
        RefusedOperation: the backup cannot be used, or the database has a record and ``is_replacing`` is false.
    """
    manifest = check_backup(backup)
    check_target_schema(session)
    acquire_publishing_lock(session)
    copy_tables(backup, session.connection(), is_replacing=is_replacing)
    return manifest, begin_epoch(
        session, f"The backup of {manifest.made_at} was restored: revision {manifest.revision}, epoch {manifest.epoch}."
    )


def check_target_schema(session: Session) -> None:
    """Check that the session's database has the schema of this release.

    Raises:
        RefusedOperation: it has not.
    """
    schema = load_schema_revision(session)
    if schema != SCHEMA_REVISIONS[-1]:
        raise RefusedOperation(
            f"The target has schema {schema or 'none'}, and this release needs {SCHEMA_REVISIONS[-1]}. Migrate it with `flask db upgrade`."
        )

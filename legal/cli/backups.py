"""Define ``flask backup``, ``flask restore``, ``flask copy`` and ``flask doctor``."""

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import click
from alembic import command as alembic
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.orm import Session

from legal.cli.db import alembic_config
from legal.cli.errors import report_errors
from legal.cli.seed import describe_address
from legal.db.engine import Database
from legal.db.files import build_read_only_engine
from legal.db.schema import check_schema_revision, load_schema_revision
from legal.errors import RefusedOperation
from legal.services import backups
from legal.services.doctor import examine_record
from legal.services.publishing import acquire_publishing_lock
from legal.services.record_copy import copy_tables


@click.command("backup")
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--replace", "is_replacing", is_flag=True, help="Replace the file at PATH.")
@with_appcontext
@report_errors
def backup_command(path: Path, is_replacing: bool) -> None:
    """Write the whole record to PATH, one SQLite file, while the service runs. The database may be SQLite or PostgreSQL.

    The file holds the hash of each table. The command compares it with the database before it gives the file its name.
    """
    if path.exists() and not is_replacing:
        raise RefusedOperation(f"{path} exists already. Add --replace to replace it; nothing was done.")
    if not path.parent.is_dir():
        raise RefusedOperation(f"The folder {path.parent} does not exist; nothing was done.")
    database: Database = current_app.extensions["database"]
    with _part_file(path) as part:
        manifest = _write_backup(database, part)
        with closing(build_read_only_engine(part).connect()) as written_file:
            backups.check_backup(written_file)
        _flush_to_disk(part)
        part.replace(path)
    rows = sum(digest.rows for digest in manifest.tables.values())
    click.echo(f"{path}: revision {manifest.revision or 'none'}, epoch {manifest.epoch}, {rows} rows in {len(manifest.tables)} tables.")


def _write_backup(database: Database, path: Path) -> backups.Manifest:
    with database.reading() as session:
        check_schema_revision(load_schema_revision(session))
        if database.engine.dialect.name == "sqlite":
            backups.copy_sqlite_file(_driver_connection(session), path)
        else:
            with _migrated_file(path) as file_database, file_database.transaction() as target:
                copy_tables(session.connection(), target.connection(), is_replacing=True)
        return backups.write_manifest(session.connection(), path)


@contextmanager
def _migrated_file(path: Path) -> Iterator[Database]:
    """Give a SQLite database with the schema of this release; when the block ends, the file needs no log beside it."""
    database = Database(f"sqlite:///{path}")
    alembic.upgrade(alembic_config(database), "head")
    yield database
    database.dispose()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")


def _driver_connection(session: Session) -> sqlite3.Connection:
    connection: Any = session.connection().connection.driver_connection
    return connection  # type: ignore[no-any-return]


@contextmanager
def _part_file(path: Path) -> Iterator[Path]:
    """Give the path of a new file in the same folder, and delete what is left of it when the block ends."""
    with tempfile.TemporaryDirectory(prefix=f".{path.name}-", dir=path.parent) as folder:
        yield Path(folder) / path.name


def _flush_to_disk(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


@click.command("restore")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", "is_replacing", is_flag=True, help="Delete the record in the database first, in the same transaction.")
@with_appcontext
@report_errors
def restore_command(path: Path, is_replacing: bool) -> None:
    """Restore the backup at PATH, all of it or nothing, while the service runs.

    The rows are compared with the hashes in the backup, and the checks of `flask doctor` must pass. The record gets a new
    epoch: permalinks of the earlier one answer 410.
    """
    database: Database = current_app.extensions["database"]
    with closing(build_read_only_engine(path).connect()) as backup, database.transaction() as session:
        manifest, token = backups.restore_backup(backup, session, is_replacing=is_replacing)
        _require_sound_record(session)
    click.echo(
        f"Restored revision {manifest.revision or 'none'} of {manifest.made_at} to {describe_address(database)}. The epoch is {token} now."
    )


@click.command("copy")
@click.option("--to", "target_url", required=True, help="The URL of the database to copy to, SQLite or PostgreSQL.")
@click.option("--replace", "is_replacing", is_flag=True, help="Delete the record in that database first, in the same transaction.")
@with_appcontext
@report_errors
def copy_command(target_url: str, is_replacing: bool) -> None:
    """Copy the whole record to another database, with all revisions and the epoch, and compare the two by hashes.

    A database without tables is migrated first.
    """
    source: Database = current_app.extensions["database"]
    target = Database(target_url)
    try:
        if target.engine.url == source.engine.url:
            raise RefusedOperation("The target is the database itself; nothing was done.")
        _migrate_bare_database(target)
        with source.reading() as reader, target.transaction() as writer:
            check_schema_revision(load_schema_revision(reader))
            backups.check_target_schema(writer)
            acquire_publishing_lock(writer)
            digests = copy_tables(reader.connection(), writer.connection(), is_replacing=is_replacing)
            _require_sound_record(writer)
        rows = sum(digest.rows for digest in digests.values())
        click.echo(f"Copied {rows} rows in {len(digests)} tables to {describe_address(target)}. Both databases have the same hashes.")
    finally:
        target.dispose()


def _migrate_bare_database(database: Database) -> None:
    with database.engine.connect() as connection, Session(connection) as session:
        is_bare = load_schema_revision(session) is None
    if is_bare:
        alembic.upgrade(alembic_config(database), "head")


def _require_sound_record(session: Session) -> None:
    if faults := [result for result in examine_record(session) if not result.is_sound]:
        raise RefusedOperation(f"The check of {faults[0].name} fails: {faults[0].finding} Nothing was changed.")


@click.command("doctor")
@with_appcontext
@report_errors
def doctor_command() -> None:
    """Check the record: one line for each check, and exit status 1 if one fails, with what to do."""
    database: Database = current_app.extensions["database"]
    failed_names = []
    with database.reading() as session:
        for result in examine_record(session):
            click.echo(f"{'ok  ' if result.is_sound else 'FAIL'} {result.name}: {result.finding}")
            if not result.is_sound:
                click.echo(f"     {result.advice}")
                failed_names.append(result.name)
    if failed_names:
        raise RefusedOperation(f"These checks failed: {', '.join(failed_names)}.")

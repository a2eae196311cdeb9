"""``flask backup``, ``flask restore`` and ``flask copy``: whole, verified, and in both directions between the databases."""

import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from sqlalchemy import func, insert, select, update

from app import create_app
from legal.db.engine import Database
from legal.db.schema import SCHEMA_REVISIONS
from legal.models import Change, Revision
from legal.services.record_copy import TableDigest, hash_tables
from legal.settings import Settings
from tests.api.factories import publish_edited_title
from tests.cli.conftest import assert_refused, database_url
from tests.databases import EPOCH, postgres_database
from tests.services.rosters.factories import ROSTER_HISTORY, import_rosters

EARLIER, NEWEST = SCHEMA_REVISIONS[-2:]
Run = Callable[..., Result]


@pytest.fixture
def history_db(writable_seeded_db: Database) -> Database:
    """A database with several revisions and with rosters."""
    publish_edited_title(writable_seeded_db, "VA", "A second title")
    with writable_seeded_db.transaction() as session:
        import_rosters(session, *ROSTER_HISTORY)
    return writable_seeded_db


@pytest.fixture
def run_on() -> Iterator[Callable[[str], Run]]:
    """A function that takes the URL of a database and returns a function that runs a command on it."""
    databases = []

    def build_runner(url: str) -> Run:
        app = create_app(Settings(database_url=url, secret_key="a secret of the tests", response_cache_bytes=0))
        databases.append(app.extensions["database"])
        return lambda *words: app.test_cli_runner().invoke(args=[str(word) for word in words])

    yield build_runner
    for database in databases:
        database.dispose()


@pytest.fixture
def other_url(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database of the other kind that has no tables yet."""
    if backend == "postgresql":
        yield f"sqlite:///{tmp_path / 'other.sqlite'}"
        return
    with postgres_database(request.getfixturevalue("postgres_url")) as url:
        yield url


def digests_of(url: str) -> dict[str, TableDigest]:
    """Return the digest of each table, without that of the epoch."""
    database = Database(url)
    with database.reading() as session:
        digests = hash_tables(session.connection())
    database.dispose()
    del digests["record_epoch"]
    return digests


def newest_revision(database: Database) -> int | None:
    """Return the newest revision."""
    with database.reading() as session:
        return session.scalar(select(func.max(Revision.number)))


def test_restored_backup_has_every_row_and_a_new_epoch(history_db: Database, run_on: Any, tmp_path: Path) -> None:
    run = run_on(database_url(history_db))
    before = digests_of(database_url(history_db))
    result = run("backup", tmp_path / "backup")
    assert (result.exit_code, f"{tmp_path / 'backup'}: revision 6, epoch {EPOCH}, " in result.stdout) == (0, True), result.output
    publish_edited_title(history_db, "MD", "Published after the backup")
    assert digests_of(database_url(history_db)) != before
    result = run("restore", "--replace", tmp_path / "backup")
    assert (result.exit_code, "Restored revision 6" in result.stdout, EPOCH in result.stdout) == (0, True, False), result.output
    assert digests_of(database_url(history_db)) == before
    assert run("doctor").exit_code == 0
    publish_edited_title(history_db, "MD", "Published after the restore")  # sequences go on after the restored keys
    assert newest_revision(history_db) == 7


def test_backup_is_one_database_file_of_its_own(history_db: Database, run_on: Any, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    run_on(database_url(history_db))("backup", folder / "backup")
    assert [path.name for path in folder.iterdir()] == ["backup"]
    assert digests_of(f"sqlite:///{folder / 'backup'}") == digests_of(database_url(history_db))
    assert run_on(f"sqlite:///{folder / 'backup'}")("doctor").exit_code == 0


def test_copy_goes_to_the_other_kind_and_back(history_db: Database, run_on: Any, other_url: str, tmp_path: Path, backend: str) -> None:
    url = database_url(history_db)
    result = run_on(url)("copy", "--to", other_url)
    assert (result.exit_code, "Both databases have the same hashes." in result.stdout) == (0, True), result.output
    assert "password" not in result.stdout
    assert digests_of(other_url) == digests_of(url)
    other_db = Database(other_url)
    publish_edited_title(other_db, "MD", "Published in the copy")
    with other_db.reading() as session:
        assert session.scalar(select(func.max(Change.key))) > 0
    other_db.dispose()
    result = run_on(other_url)("copy", "--replace", "--to", url)
    assert result.exit_code == 0, result.output
    assert (digests_of(url), newest_revision(history_db)) == (digests_of(other_url), 7)
    assert run_on(url)("doctor").exit_code == 0


def test_copy_keeps_the_epoch(history_db: Database, run_on: Any, tmp_path: Path) -> None:
    target = f"sqlite:///{tmp_path / 'copy.sqlite'}"
    assert run_on(database_url(history_db))("copy", "--to", target).exit_code == 0
    assert f"epoch: {EPOCH}" in run_on(target)("doctor").stdout


def test_copy_to_a_database_with_a_record_needs_to_be_told(history_db: Database, run_on: Any, copy_database: Any) -> None:
    target = copy_database("seeded")
    before = digests_of(target)
    result = run_on(database_url(history_db))("copy", "--to", target)
    assert_refused(result, "The target has a record already, at revision 1. Add --replace to delete it; nothing was done.")
    assert digests_of(target) == before


def test_copy_to_itself_is_refused(history_db: Database, run_on: Any) -> None:
    url = database_url(history_db)
    assert_refused(run_on(url)("copy", "--to", url), "The target is the database itself; nothing was done.")


def test_copy_to_another_schema_is_refused(history_db: Database, run_on: Any, copy_database: Any) -> None:
    target = copy_database("empty")
    run_on(target)("db", "downgrade", EARLIER)
    result = run_on(database_url(history_db))("copy", "--to", target)
    assert_refused(result, f"The target has schema {EARLIER}, and this release needs {NEWEST}. Migrate it with `flask db upgrade`.")


def test_copy_of_another_schema_is_refused(run_on: Any, copy_database: Any, tmp_path: Path) -> None:
    source = copy_database("empty")
    run_on(source)("db", "downgrade", EARLIER)
    result = run_on(source)("copy", "--to", f"sqlite:///{tmp_path / 'copy.sqlite'}")
    assert_refused(result, f"The database has schema {EARLIER}, and this release needs {NEWEST}. Run `flask db upgrade`.")


def test_unsound_record_is_not_copied(history_db: Database, run_on: Any, other_url: str) -> None:
    with history_db.transaction() as session:
        session.execute(
            insert(Revision).values(
                number=9,
                **dict.fromkeys(("reason", "actor", "codebook"), "x"),
                cause="correction",
                rule_pack=2,
                recorded_at=datetime(2099, 1, 1, tzinfo=UTC),
            )
        )
    result = run_on(database_url(history_db))("copy", "--to", other_url)
    assert_refused(result, "The check of revisions fails: Revision 7 is missing. Nothing was changed.")
    other = Database(other_url)
    assert newest_revision(other) is None
    other.dispose()


def test_restore_into_a_record_needs_to_be_told(history_db: Database, run_on: Any, tmp_path: Path) -> None:
    run = run_on(database_url(history_db))
    run("backup", tmp_path / "backup")
    assert_refused(
        run("restore", tmp_path / "backup"), "The target has a record already, at revision 6. Add --replace to delete it; nothing was done."
    )


def test_backup_replaces_no_file_unless_told(seeded_db: Database, run_on: Any, tmp_path: Path) -> None:
    path = tmp_path / "backup"
    path.write_text("Something else.")
    run = run_on(database_url(seeded_db))
    assert_refused(run("backup", path), f"{path} exists already. Add --replace to replace it; nothing was done.")
    assert path.read_text() == "Something else."
    assert run("backup", "--replace", path).exit_code == 0
    assert path.read_bytes().startswith(b"SQLite format 3")


def test_file_that_cannot_be_written_is_one_clear_line(seeded_db: Database, run_on: Any, tmp_path: Path) -> None:
    result = run_on(database_url(seeded_db))("backup", tmp_path / ("x" * 300))
    assert (result.exit_code, result.stdout) == (1, "")
    assert re.fullmatch(r"Error: A file cannot be read or written: .*File name too long.*\.\n", result.stderr)
    assert list(tmp_path.glob("x*")) == []


def test_backup_needs_its_folder(seeded_db: Database, run_on: Any, tmp_path: Path) -> None:
    result = run_on(database_url(seeded_db))("backup", tmp_path / "none" / "backup")
    assert_refused(result, f"The folder {tmp_path / 'none'} does not exist; nothing was done.")


@pytest.fixture
def backup_path(seeded_db: Database, run_on: Any, tmp_path: Path) -> Path:
    """A backup of the seeded record."""
    assert run_on(database_url(seeded_db))("backup", tmp_path / "backup").exit_code == 0
    return tmp_path / "backup"


@pytest.mark.parametrize(
    ("statement", "summary"),
    [
        ("UPDATE measure_versions SET title = title || '.' WHERE key = 1", "The backup is damaged. The table measure_versions differs: "),
        ("DELETE FROM citations WHERE key = 1", "The backup is damaged. The table citations differs: "),
        ("DROP TABLE citations", "The backup is damaged: its rows cannot be read. Nothing was changed."),
        ("UPDATE changes SET fields = '{'", "The backup is damaged: its rows cannot be read. Nothing was changed."),
        ("DROP TABLE backup_manifest", "The file is not a backup that `flask backup` made."),
        ("UPDATE backup_manifest SET tables = '[]'", "The file is not a backup that `flask backup` made."),
        (
            "UPDATE backup_manifest SET tables = '{}'",
            "The backup is damaged. The backup says nothing of the table agencies. Nothing was changed.",
        ),
        (
            "UPDATE backup_manifest SET schema = '0001'",
            f"The backup has schema 0001, and this release needs {NEWEST}. Restore it with the release that made it, then upgrade.",
        ),
    ],
)
def test_damaged_backup_changes_nothing(backup_path: Path, run_on: Any, copy_database: Any, statement: str, summary: str) -> None:
    with closing(sqlite3.connect(backup_path, isolation_level=None)) as connection:
        connection.execute(statement)
    url = copy_database("empty")
    before = digests_of(url)
    result = run_on(url)("restore", backup_path)
    assert result.exit_code == 1
    assert result.stderr.startswith(f"Error: {summary}")
    assert digests_of(url) == before


def test_file_that_is_no_database_is_no_backup(seeded_db: Database, run_on: Any, tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("This is a letter. " * 100)
    assert_refused(run_on(database_url(seeded_db))("restore", path), "The file is not a backup that `flask backup` made.")


def test_restored_record_can_be_backed_up_again(backup_path: Path, run_on: Any, copy_database: Any, tmp_path: Path) -> None:
    url = copy_database("empty")
    assert run_on(url)("restore", backup_path).exit_code == 0
    assert run_on(url)("backup", tmp_path / "again").exit_code == 0
    shutil.copy(tmp_path / "again", tmp_path / "served.sqlite")
    assert run_on(f"sqlite:///{tmp_path / 'served.sqlite'}")("backup", tmp_path / "third").exit_code == 0


def test_restore_into_another_schema_is_refused(backup_path: Path, run_on: Any, copy_database: Any) -> None:
    url = copy_database("empty")
    run = run_on(url)
    run("db", "downgrade", "base")
    assert_refused(
        run("restore", backup_path), f"The target has schema none, and this release needs {NEWEST}. Migrate it with `flask db upgrade`."
    )


@pytest.mark.parametrize("revision", [2, 6])
def test_search_finds_what_was_copied(history_db: Database, run_on: Any, other_url: str, revision: int) -> None:
    run_on(database_url(history_db))("copy", "--to", other_url)
    results = []
    for url in (database_url(history_db), other_url):
        app = create_app(Settings(database_url=url, secret_key="a secret of the tests", response_cache_bytes=0))
        results.append(app.test_client().get(f"/v1/search?q=Virginia+agreements&as_of=2026-01-01&revision={revision}").json)
        app.extensions["database"].dispose()
    assert results[0]["count"] > 0
    assert results[0] == results[1]


def test_new_epoch_is_printed(writable_seeded_db: Database, run_on: Any) -> None:
    run = run_on(database_url(writable_seeded_db))
    result = run("db", "new-epoch", "--reason", "A test.")
    token = result.stdout.split()[3]
    assert (result.exit_code, token != EPOCH, f"epoch: {token}" in run("doctor").stdout) == (0, True, True)
    with writable_seeded_db.transaction() as session:
        session.execute(update(Change).values(id=Change.id))  # the record itself is as it was

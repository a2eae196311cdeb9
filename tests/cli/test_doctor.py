"""``flask doctor``: content with a sound record, and each check finds what it is for."""

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url

from legal.db.engine import Database
from legal.db.schema import SCHEMA_REVISIONS
from legal.models import OriginVersion
from tests.cli.conftest import assert_refused, database_url
from tests.services.factories import jurisdiction_file, load_small_seeds
from tests.services.rosters.factories import ROSTER_HISTORY, import_rosters

NEWEST = SCHEMA_REVISIONS[-1]
_COLUMNS = [f'"{column.name}"' for column in OriginVersion.__table__.columns]
_CHANGED = {'"key"': "key + 10000", '"version"': "2", '"revision_from"': "6"}
_REVISION = "INSERT INTO revisions SELECT {number}, {time}, cause, reason, actor, rule_pack, codebook FROM revisions WHERE number = 5"
_SECOND_OPEN_VERSION = " ".join(
    [
        *("INSERT INTO origin_versions (", ", ".join(_COLUMNS), ") SELECT", ", ".join(_CHANGED.get(name, name) for name in _COLUMNS)),
        "FROM origin_versions WHERE key = (SELECT min(key) FROM origin_versions)",
    ]
)
FAULTS: dict[str, tuple[str, Sequence[str]]] = {
    "schema of another release": ("schema", ["UPDATE alembic_version SET version_num = '0001'"]),
    "schema of a later release": ("schema", ["UPDATE alembic_version SET version_num = '9999'"]),
    "missing table": ("schema", ["DROP TABLE doubtful_signatures"]),
    "missing column": ("schema", ["ALTER TABLE document_versions DROP COLUMN author"]),
    "no epoch": ("epoch", ["DELETE FROM record_epoch"]),
    "gap between revisions": ("revisions", [_REVISION.format(number=7, time="recorded_at")]),
    "time that runs backwards": ("revisions", [_REVISION.format(number=6, time="'2020-01-01 00:00:00'")]),
    "two open versions": (
        "open versions",
        [
            "DROP INDEX uq_origin_versions_open_origin",
            _REVISION.format(number=6, time="recorded_at"),
            _SECOND_OPEN_VERSION,
        ],
    ),
    "missing version": ("version order", ["UPDATE figure_versions SET version = 2 WHERE key = (SELECT min(key) FROM figure_versions)"]),
    "missing change": ("log", ["DELETE FROM changes WHERE key = (SELECT min(key) FROM changes)"]),
    "paragraph beyond the document": ("spans", ["UPDATE citations SET paragraph = 9999 WHERE key = (SELECT min(key) FROM citations)"]),
    "two hashes of one span": (
        "spans",
        [
            'UPDATE citations SET start = 0, "end" = 5, document = (SELECT min(id) FROM documents), paragraph = 1 '
            "WHERE key IN (SELECT min(key) FROM citations UNION SELECT max(key) FROM citations)",
        ],
    ),
    "uncounted row": (
        "roster counts",
        ["UPDATE roster_rows SET counted = false WHERE key = (SELECT min(key) FROM roster_rows WHERE counted)"],
    ),
    "missing search entry": ("search entries", ["DELETE FROM search_entries WHERE key = (SELECT min(key) FROM search_entries)"]),
    "missing search words": ("search words", ["DELETE FROM search_words WHERE key = (SELECT min(key) FROM search_words)"]),
    "wrong search words": ("search words", ["UPDATE search_words SET words = words || ' x' WHERE noun = 'agency'"]),
    "wrong name of an agency": ("search entries", ["UPDATE search_entries SET title = 'x' WHERE noun = 'agency'"]),
    "jurisdiction of a missing revision": ("foreign keys", ["UPDATE jurisdictions SET revision_from = 99 WHERE code = 'VA'"]),
    "row that points to nothing": (
        "foreign keys",
        ["UPDATE citations SET origin = 'nowhere' WHERE key = (SELECT min(key) FROM citations)"],
    ),
}


@pytest.fixture
def rosters_url(copy_database: Callable[[str], str]) -> str:
    """The URL of a seeded database with rosters, for this test alone."""
    url = copy_database("seeded")
    database = Database(url)
    with database.transaction() as session:
        import_rosters(session, *ROSTER_HISTORY)
    database.dispose()
    return url


def break_record(url: str, statements: Sequence[str]) -> None:
    """Execute statements as somebody does who works on the database by hand and without its foreign keys."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(str(make_url(url).database), isolation_level=None)) as connection:
            for statement in statements:
                connection.execute(statement)
        return
    database = Database(url)
    with database.engine.begin() as connection:
        connection.execute(text("SET session_replication_role = replica"))
        for statement in statements:
            connection.execute(text(statement))
    database.dispose()


def test_seeded_record_is_sound(runner_for: Any, shipped_db: Database) -> None:
    result = runner_for(database_url(shipped_db))("doctor")
    assert (result.exit_code, result.stderr) == (0, "")
    assert [line.split(":")[0] for line in result.stdout.splitlines()] == [
        *("ok   schema", "ok   database file", "ok   epoch", "ok   revisions", "ok   open versions", "ok   version order", "ok   log"),
        *("ok   spans", "ok   roster counts", "ok   search entries", "ok   search words", "ok   foreign keys"),
    ]


def test_record_with_rosters_and_amendments_is_sound(runner_for: Any, rosters_url: str) -> None:
    result = runner_for(rosters_url)("doctor")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "4 versions of rosters with rows have the counts of their rows" in result.stdout


def test_record_with_a_revision_that_only_adds_a_jurisdiction_is_sound(runner_for: Any, empty_db: Database) -> None:
    load_small_seeds(empty_db)
    load_small_seeds(empty_db, jurisdiction_file(), jurisdiction_file("MD", "Maryland"))
    result = runner_for(database_url(empty_db))("doctor")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "revisions: 2 without a gap" in result.stdout


@pytest.mark.parametrize("fault", FAULTS)
def test_each_check_finds_its_fault(runner_for: Any, rosters_url: str, fault: str) -> None:
    check, statements = FAULTS[fault]
    break_record(rosters_url, statements)
    result = runner_for(rosters_url)("doctor")
    failed = [line.removeprefix("FAIL ").split(":")[0] for line in result.stdout.splitlines() if line.startswith("FAIL")]
    assert check in failed
    assert_refused(result, f"These checks failed: {', '.join(failed)}.")
    lines = result.stdout.splitlines()
    advice = lines[next(number for number, line in enumerate(lines) if line.startswith(f"FAIL {check}")) + 1]
    assert advice.startswith("     ")
    assert len(advice.strip()) > 10


def test_upgrade_makes_deleted_search_words_anew(runner_for: Any, rosters_url: str) -> None:
    break_record(rosters_url, ["DELETE FROM search_words"])
    assert "FAIL search words" in runner_for(rosters_url)("doctor").stdout
    runner_for(rosters_url)("db", "upgrade")
    assert "FAIL" not in runner_for(rosters_url)("doctor").stdout


@pytest.mark.databases("sqlite")  # PostgreSQL checks its own files
def test_damage_of_the_file_is_found(runner_for: Any, rosters_url: str) -> None:
    break_record(rosters_url, ["PRAGMA ignore_check_constraints=ON", "UPDATE record_epoch SET key = 2"])
    result = runner_for(rosters_url)("doctor")
    assert "FAIL database file: CHECK constraint failed in record_epoch." in result.stdout


def test_many_faults_are_shortened(runner_for: Any, rosters_url: str) -> None:
    break_record(rosters_url, ["DELETE FROM changes"])
    line = next(line for line in runner_for(rosters_url)("doctor").stdout.splitlines() if line.startswith("FAIL log"))
    assert line.count(";") == 4
    assert line.endswith(" more.")


def test_database_without_schema_is_told_to_migrate(runner_for: Any, copy_database: Callable[[str], str]) -> None:
    url = copy_database("empty")
    runner_for(url)("db", "downgrade", "base")
    result = runner_for(url)("doctor")
    assert result.stdout.splitlines() == [f"FAIL schema: The database has schema none instead of {NEWEST}.", "     Run `flask db upgrade`."]

"""Check that the database has the schema that this release needs."""

from sqlalchemy import String, column, inspect, select, table
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from legal.errors import SchemaMismatch

SCHEMA_REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009", "0010", "0011", "0012", "0013")
"""The migrations of this release, oldest first. The database must be at the last one."""

_ALEMBIC_VERSION = table("alembic_version", column("version_num", String))

SCHEMA_REVISION = select(_ALEMBIC_VERSION.c.version_num).scalar_subquery()
"""The newest migration of the database, as a column that a statement can select in addition, to save a statement."""

_POSTGRESQL_UNDEFINED = ("42P01", "42703")  # undefined_table, undefined_column
_SQLITE_UNDEFINED = ("no such table", "no such column", "has no column named")


def load_schema_revision(session: Session) -> str | None:
    """Return the id of the newest migration that the database has; null if it has none."""
    if not inspect(session.connection()).has_table(_ALEMBIC_VERSION.name):
        return None
    return session.scalar(select(_ALEMBIC_VERSION.c.version_num))


def check_schema_revision(revision: str | None) -> None:
    """Check that this release can use a database with this migration as its newest.

    Raises:
        SchemaMismatch: this release needs another migration. The message says what the operator can do.
    """
    needed = SCHEMA_REVISIONS[-1]
    if revision is None:
        raise SchemaMismatch("The database has no schema yet. Run `flask db upgrade`.")
    if revision not in SCHEMA_REVISIONS:
        raise SchemaMismatch(
            f"The database has schema {revision}, which this release does not know: another release wrote it. "
            f"Run that release, or use a database with schema {needed}."
        )
    if revision != needed:
        raise SchemaMismatch(f"The database has schema {revision}, and this release needs {needed}. Run `flask db upgrade`.")


def describe_missing_part(error: DBAPIError) -> str | None:
    """Return the line of the driver's message that names a missing table or column; null for any other error."""
    lines = str(error.orig).strip().splitlines() or [""]
    is_undefined = getattr(error.orig, "sqlstate", None) in _POSTGRESQL_UNDEFINED or lines[0].startswith(_SQLITE_UNDEFINED)
    return lines[0] if is_undefined else None

"""Run Alembic's migrations on the engine in its configuration or, without one, on the database in the settings."""

import sqlite3
from collections.abc import Mapping
from typing import Any

from alembic import context
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from legal.db.engine import build_engine
from legal.models import Base
from legal.services import search_index
from legal.services.publishing import acquire_publishing_lock
from legal.settings import Settings


def run_migrations() -> None:
    """Run the migrations on one connection; batch mode lets SQLite alter tables."""
    given_engine = context.config.attributes.get("engine")
    engine = given_engine or build_engine(Settings.from_environment().database_url)
    with engine.connect().execution_options(writing=True) as connection:
        _enforce_foreign_keys(connection, is_on=False)
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=connection.dialect.name == "sqlite",
            compare_type=True,
            compare_server_default=True,
            transaction_per_migration=True,
            include_name=include_name,
        )
        with context.begin_transaction():
            context.run_migrations()
        index_missing_versions(connection)
        connection.commit()
        _enforce_foreign_keys(connection, is_on=True)
    if given_engine is None:
        engine.dispose()


def _enforce_foreign_keys(connection: Connection, *, is_on: bool) -> None:
    """Turn SQLite's enforcement of foreign keys on or off; it ignores this within a transaction.

    Batch mode copies a table and drops the original, which rows of other tables may point to.
    Source: https://www.sqlite.org/lang_altertable.html, section 7.

    Raises:
        IntegrityError: the migrations left a row that points to nothing.
    """
    if connection.dialect.name != "sqlite":
        return
    driver_connection: Any = connection.connection.driver_connection
    if is_on and (faults := driver_connection.execute("PRAGMA foreign_key_check").fetchall()):
        raise sqlite3.IntegrityError(f"Rows point to nothing (table, row, referenced table, key): {faults[:5]}")
    driver_connection.execute(f"PRAGMA foreign_keys={'ON' if is_on else 'OFF'}")


def include_name(name: str | None, kind: str, parents: Mapping[Any, str | None]) -> bool:
    """Exclude the full-text indexes from autogenerate. They differ between the databases, so only the migrations define them."""
    is_vector = kind == "column" and name == "vector" and parents.get("table_name") in ("search_entries", "search_words")
    return not (is_vector or (name or "").startswith("search_index"))


def index_missing_versions(connection: Connection) -> None:
    """Add the search entries of versions that have none, and the search words, if the schema is the newest one."""
    if context.get_context().get_current_revision() == context.get_head_revision():
        with Session(connection) as session:
            acquire_publishing_lock(session)
            search_index.index_missing_versions(session)
            session.commit()


run_migrations()

"""Alembic's way into the database: the engine it is handed, or the one the settings name."""

from collections.abc import Mapping
from typing import Any

from alembic import context
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from legal.db.engine import engine
from legal.models import Base
from legal.services import search_index
from legal.services.publishing import lock
from legal.settings import Settings


def run() -> None:
    """Run the migrations on one connection, in batches so that SQLite can alter tables."""
    handed = context.config.attributes.get("engine")
    ours = handed or engine(Settings.from_environment().database_url)
    with ours.connect().execution_options(writing=True) as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=connection.dialect.name == "sqlite",
            compare_type=True,
            compare_server_default=True,
            transaction_per_migration=True,
            include_name=compared,
        )
        with context.begin_transaction():
            context.run_migrations()
        complete(connection)
        connection.commit()
    if handed is None:
        ours.dispose()


def compared(name: str | None, kind: str, parents: Mapping[Any, str | None]) -> bool:
    """Whether autogenerate looks at it: the full-text indexes differ between the databases, so the migrations alone know them."""
    full_text = (name or "").startswith("search_index") or (kind, parents.get("table_name"), name) == ("column", "search_entries", "vector")
    return not full_text


def complete(connection: Connection) -> None:
    """Work out what follows from the record, once the schema is the one that the code expects."""
    if context.get_context().get_current_revision() == context.get_head_revision():
        with Session(connection) as session:
            lock(session)
            search_index.complete(session)
            session.commit()


run()

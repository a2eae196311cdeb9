"""Run Alembic's migrations on the engine in its configuration or, without one, on the database in the settings."""

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
    if given_engine is None:
        engine.dispose()


def include_name(name: str | None, kind: str, parents: Mapping[Any, str | None]) -> bool:
    """Exclude the full-text indexes from autogenerate. They differ between the databases, so only the migrations define them."""
    full_text = (name or "").startswith("search_index") or (kind, parents.get("table_name"), name) == ("column", "search_entries", "vector")
    return not full_text


def index_missing_versions(connection: Connection) -> None:
    """Add the search entries of versions that have none, if the schema is the newest one."""
    if context.get_context().get_current_revision() == context.get_head_revision():
        with Session(connection) as session:
            acquire_publishing_lock(session)
            search_index.index_missing_versions(session)
            session.commit()


run_migrations()

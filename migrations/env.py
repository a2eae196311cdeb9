"""Alembic's way into the database: the engine it is handed, or the one the settings name."""

from alembic import context

from legal.database import engine
from legal.records import Base
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
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()
    if handed is None:
        ours.dispose()


run()

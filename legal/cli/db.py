"""``flask db``: migrate the database's schema."""

import sys

import click
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.script.revision import RevisionError
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import func, inspect, select

from legal.cli.errors import report_errors
from legal.db.engine import Database
from legal.errors import RefusedOperation
from legal.models import Contradiction, Revision, Roster
from legal.services.epochs import begin_epoch
from legal.settings import ROOT

DATA_OF_MIGRATIONS = {
    "0001": (Revision, "revisions: everything that was ever published"),
    "0003": (Roster, "rosters with all their rows"),
    "0006": (Contradiction, "contradictions between statements"),
}
"""The data that a downgrade below each migration deletes for good: a table, and the name of its rows in the warning."""


@click.group("db")
def group() -> None:
    """Manage the database's schema."""


@group.command()
@click.argument("migration", default="head")
@with_appcontext
@report_errors
def upgrade(migration: str) -> None:
    """Migrate up to MIGRATION (default: the newest)."""
    command.upgrade(alembic_config(), migration)


@group.command()
@click.argument("migration")
@click.option("--yes", "is_confirmed", is_flag=True, help="Delete data without asking.")
@with_appcontext
@report_errors
def downgrade(migration: str, is_confirmed: bool) -> None:
    """Migrate down to MIGRATION; "base" removes every table.

    If this deletes rosters or the published record, the command says so and asks first. Without a terminal, it needs
    --yes.
    """
    config = alembic_config()
    losses = _list_losses(config, migration)
    if losses and not is_confirmed:
        warning = f"This deletes {' and '.join(losses)}."
        if not sys.stdin.isatty():
            raise RefusedOperation(f"{warning} Make a backup first, then add --yes; nothing was done.")
        click.echo(warning)
        if not click.confirm("Delete them"):
            raise RefusedOperation("Nothing was done.")
    command.downgrade(config, migration)


@group.command()
@with_appcontext
@report_errors
def current() -> None:
    """Show the current migration."""
    command.current(alembic_config())


@group.command("new-epoch")
@click.option("--reason", default="The operator began a new epoch.", help="The reason as a sentence, for operators.")
@with_appcontext
@report_errors
def new_epoch(reason: str) -> None:
    """Begin a new epoch of the record, after a backup was restored by other means than `flask restore`.

    Permalinks of the earlier epoch answer 410 then, and no ETag of it matches.
    """
    database: Database = current_app.extensions["database"]
    with database.transaction() as session:
        token = begin_epoch(session, reason)
    click.echo(f"The epoch is {token} now.")


def alembic_config(database: Database | None = None) -> Config:
    """Return an Alembic configuration that uses a database's engine, by default this app's."""
    config = Config(toml_file=ROOT / "pyproject.toml", stdout=sys.stdout)
    database = database or current_app.extensions["database"]
    config.attributes["engine"] = database.engine
    return config


def _list_losses(config: Config, target: str) -> list[str]:
    """Return descriptions of the data that a downgrade to ``target`` would delete for good; empty if it would delete no data."""
    engine = config.attributes["engine"]
    with engine.connect() as connection:
        current_migration = MigrationContext.configure(connection).get_current_revision()
        if current_migration is None:
            return []
        try:
            scripts = ScriptDirectory.from_config(config).iterate_revisions(current_migration, target)
            undone_migrations = [script.revision for script in scripts]
        except RevisionError:
            return []  # the downgrade itself refuses an unknown target
        tables = set(inspect(connection).get_table_names())
        counts = {
            label: connection.scalar(select(func.count()).select_from(model))
            for migration, (model, label) in DATA_OF_MIGRATIONS.items()
            if migration in undone_migrations and model.__tablename__ in tables
        }
    return [f"{count} {label}" for label, count in counts.items() if count]

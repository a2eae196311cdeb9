"""``flask db``: bring the database's schema to where the code expects it."""

import sys

import click
from alembic import command
from alembic.config import Config
from flask import current_app
from flask.cli import with_appcontext

from legal.cli.errors import told
from legal.db.engine import Database
from legal.settings import ROOT


@click.group("db")
def group() -> None:
    """The database's schema."""


@group.command()
@click.argument("revision", default="head")
@with_appcontext
@told
def upgrade(revision: str) -> None:
    """Migrate up to REVISION (default: the newest)."""
    command.upgrade(configuration(), revision)


@group.command()
@click.argument("revision")
@with_appcontext
@told
def downgrade(revision: str) -> None:
    """Migrate down to REVISION (``base``: an empty database; the record is lost)."""
    command.downgrade(configuration(), revision)


@group.command()
@with_appcontext
@told
def current() -> None:
    """Show the schema's revision."""
    command.current(configuration())


def configuration() -> Config:
    """Alembic's configuration, with this app's engine in it."""
    made = Config(toml_file=ROOT / "pyproject.toml", stdout=sys.stdout)
    database: Database = current_app.extensions["database"]
    made.attributes["engine"] = database.engine
    return made

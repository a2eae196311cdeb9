"""``flask seed``: make the record what the seed files say."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from legal.cli.errors import told
from legal.db.engine import Database
from legal.readers import seeds as reader
from legal.schemas.seeds import validated
from legal.services import seeds as acts
from legal.settings import SEEDS
from legal.vocabulary import Cause


@click.command("seed")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path), default=SEEDS)
@click.option(
    "--cause", type=click.Choice([str(cause) for cause in Cause]), default=str(Cause.SOURCE_ADDED), help="Why the record changes."
)
@click.option("--reason", default="Read from the documents.", help="The reason in words, for the log.")
@with_appcontext
@told
def command(folder: Path, cause: str, reason: str) -> None:
    """Load the seeds in FOLDER: all or nothing, and nothing where nothing differs."""
    files = validated(reader.files(folder))
    database: Database = current_app.extensions["database"]
    with database.transaction() as session:
        outcome = acts.load(session, files, cause, reason)
    if outcome.revision is None:
        click.echo(f"Nothing differs: {outcome.unchanged} records are as the seeds say, and there is no new revision.")
        return
    click.echo(
        f"Revision {outcome.revision}: {len(outcome.created)} created, {len(outcome.amended)} amended, "
        f"{len(outcome.retracted)} retracted, {outcome.unchanged} unchanged."
    )

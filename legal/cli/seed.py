"""Define ``flask seed``: publish the content of the seed files."""

import sys
from collections.abc import Sequence
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from legal.cli.errors import report_errors
from legal.db.engine import Database
from legal.errors import RefusedOperation
from legal.readers import seeds as seed_reader
from legal.schemas.seeds import validate_seed_files
from legal.services import seeds as seed_service
from legal.services.publishing import PublishOutcome
from legal.settings import SEEDS_FOLDER
from legal.vocabulary import Cause

FIRST_REASON = "Read from the documents."
"""The reason of a revision that only adds what was not on file."""


@click.command("seed")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path), default=SEEDS_FOLDER)
@click.option("--cause", type=click.Choice([str(cause) for cause in Cause]), help="Why the record changes.")
@click.option("--reason", help="The reason as a sentence, for the published log.")
@with_appcontext
@report_errors
def command(folder: Path, cause: str | None, reason: str | None) -> None:
    """Publish all seed files in FOLDER as one revision, or none of them if one has an error.

    Adding records needs no options. Amending or retracting records needs --cause and --reason, because the log shows
    readers why an answer changed; in a terminal, the command asks for both.
    """
    files = validate_seed_files(seed_reader.read_seed_files(folder))
    database: Database = current_app.extensions["database"]
    try:
        outcome = _publish(database, files, cause, reason)
    except _ReasonMissing as missing:
        if not sys.stdin.isatty():
            raise RefusedOperation(f"{missing} Say why with --cause and --reason; nothing was published.") from None
        click.echo(str(missing))
        cause = cause or click.prompt("Cause", type=click.Choice([str(each) for each in Cause]))
        reason = reason or click.prompt("Reason, for the log that readers see")
        outcome = _publish(database, files, cause, reason)
    address = describe_address(database)
    if outcome.revision is None:
        click.echo(f"Nothing differs in {address}: {outcome.unchanged_count} records are as the seeds say. There is no new revision.")
        return
    addition_text = f" Jurisdictions added: {len(outcome.added_codes)}." if outcome.added_codes else ""
    click.echo(
        f"Revision {outcome.revision} in {address}: {len(outcome.created_ids)} created, {len(outcome.amended_ids)} amended, "
        f"{len(outcome.retracted_ids)} retracted, {outcome.unchanged_count} unchanged.{addition_text}"
    )


class _ReasonMissing(Exception):
    """The seeds amend or retract records, and the cause or the reason is missing."""


def _publish(database: Database, files: Sequence[seed_service.SeedFile], cause: str | None, reason: str | None) -> PublishOutcome:
    """Publish the files in one transaction. The transaction is rolled back if the seeds need a cause and a reason, and one is missing."""
    with database.transaction() as session:
        outcome = seed_service.load_seeds(session, files, cause or Cause.SOURCE_ADDED, reason or FIRST_REASON)
        if (outcome.amended_ids or outcome.retracted_ids) and not (cause and reason):
            raise _ReasonMissing(f"These seeds amend {len(outcome.amended_ids)} records and retract {len(outcome.retracted_ids)}.")
    return outcome


def describe_address(database: Database) -> str:
    """Return the address of the database: a path for SQLite, else a URL without its password."""
    url = database.engine.url
    return str(url.database) if url.get_backend_name() == "sqlite" else url.render_as_string(hide_password=True)

"""``flask documents``: check what is cited against the texts it points into."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from legal.cli.errors import told
from legal.db.engine import Database
from legal.errors import Refused
from legal.json_types import Row
from legal.queries.core import snapshot
from legal.queries.record import documents as queries
from legal.readers import texts
from legal.vocabulary import DocumentType


@click.group("documents")
def group() -> None:
    """The documents that the record points into."""


@group.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@with_appcontext
@told
def verify(folder: Path) -> None:
    """Check every document and every cited span on file against the texts in FOLDER.

    A document whose text is not there cannot be checked: that is said, and is no failure, unless
    nothing at all could be checked.
    """
    database: Database = current_app.extensions["database"]
    with database.reading() as session:
        moment = snapshot.latest(session)
        documents = [document for document in queries.files(session, moment) if document["type"] != DocumentType.ROSTER]
        spans = queries.spans(session, moment)
    checked, faults, missing = 0, 0, 0
    for document in documents:
        cited = [span for span in spans if span["document"] == document["id"]]
        path = folder / Path(document["file"]).name
        if not path.is_file():
            missing += 1
            click.echo(f"{document['id']}: {document['file']} is not there; its {len(cited)} spans are unchecked.", err=True)
            continue
        off = list(_document_faults(path, document, cited))
        for fault in off:
            click.echo(f"{document['id']}: {fault}", err=True)
        checked += len(cited)
        faults += len(off)
        click.echo(f"{document['id']}: {len(cited)} spans checked, {len(off)} faults.")
    if faults:
        raise Refused(f"{faults} faults in {checked} spans.")
    if missing == len(documents):
        raise Refused("None of the documents on file is in that folder; nothing was checked.")
    click.echo(f"All {checked} spans in {len(documents) - missing} documents hold; {missing} documents unchecked.")


def _document_faults(path: Path, document: Row, spans: list[Row]) -> list[str]:
    try:
        text = texts.read(path)
    except UnicodeDecodeError:
        return ["the file is not UTF-8"]
    found = []
    if text.sha256 != document["sha256"]:
        found.append("the file's bytes do not have the hash on file")
    if (text.paragraphs(), len(text.content)) != (document["paragraphs"], document["characters"]):
        found.append(f"the file has {text.paragraphs()} paragraphs and {len(text.content)} characters")
    return found + [f"{span['by']} at {span['start']}–{span['end']}: {fault}" for span in spans for fault in texts.span_faults(text, span)]

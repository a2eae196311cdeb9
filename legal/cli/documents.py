"""``flask documents``: cite passages of documents, and verify citations against the texts."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from legal.cli.errors import report_errors
from legal.db.engine import Database
from legal.errors import RefusedOperation
from legal.json_types import Row
from legal.queries.core import snapshot
from legal.queries.record import documents as queries
from legal.readers import seeds as seed_reader
from legal.readers import texts
from legal.readers.passages import Passage, closest_paragraph, find_passages
from legal.readers.texts import DocumentText
from legal.settings import SEEDS_FOLDER
from legal.suggestions import suggest
from legal.vocabulary import DocumentType, Role, SpeechAct

_CONTEXT_LENGTH = 30  # characters on either side of a passage


@click.group("documents")
def group() -> None:
    """Cite documents, and verify the citations on file."""


@group.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@with_appcontext
@report_errors
def verify(folder: Path) -> None:
    """Check every document and every cited span on file against the texts in FOLDER, and that no document is older than its contents.

    A document whose text is missing from FOLDER is reported. The command fails only if the texts of all documents are
    missing, or a check finds a fault.
    """
    database: Database = current_app.extensions["database"]
    with database.reading() as session:
        latest = snapshot.latest_snapshot(session)
        documents = [document for document in queries.load_documents(session, latest) if document["type"] != DocumentType.ROSTER]
        spans = queries.load_cited_spans(session, latest)
        late_dates = queries.load_late_dates(session, latest)
    for row in late_dates:
        click.echo(f"{row['by']}: {row['what']} of {row['earliest']} or later; its newest document is of {row['last_reported']}.", err=True)
    checked, faults, missing = 0, 0, 0
    for document in documents:
        cited_spans = [span for span in spans if span["document"] == document["id"]]
        path = folder / Path(document["file"]).name
        if not path.is_file():
            missing += 1
            click.echo(f"{document['id']}: {document['file']} is not there; its {len(cited_spans)} spans are unchecked.", err=True)
            continue
        document_faults = _document_faults(path, document, cited_spans)
        for fault in document_faults:
            click.echo(f"{document['id']}: {fault}", err=True)
        checked += len(cited_spans)
        faults += len(document_faults)
        click.echo(f"{document['id']}: {len(cited_spans)} spans checked, {len(document_faults)} faults.")
    if late_dates:
        raise RefusedOperation(f"{len(late_dates)} events or quantities are later than every document that reports them.")
    if faults:
        raise RefusedOperation(f"{faults} faults in {checked} spans.")
    if missing == len(documents):
        raise RefusedOperation("None of the documents on file is in that folder; nothing was checked.")
    click.echo(f"All {checked} spans in {len(documents) - missing} documents are correct; {missing} documents unchecked.")


@group.command()
@click.argument("document")
@click.argument("words")
@click.option(
    "--texts",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The folder with the documents' texts; needed when DOCUMENT is an id.",
)
@click.option("--occurrence", type=click.IntRange(min=1), help="Which occurrence to cite (from 1) if the words occur several times.")
@click.option(
    "--seeds",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=SEEDS_FOLDER,
    help="The folder with the seed files that describe the document.",
)
@report_errors
def cite(document: str, words: str, folder: Path | None, occurrence: int | None, seeds: Path) -> None:
    """Print the citation of a passage as YAML for a seed file.

    DOCUMENT is a text file, or the id of a document in the seeds whose text is in the folder given with --texts. WORDS
    are the words of the passage; quotes, dashes and spaces may be of any kind. The command writes nothing and needs no
    database.
    """
    path, document_id = _text_path(document, folder, seeds)
    try:
        text = texts.read_text(path)
    except UnicodeDecodeError:
        raise RefusedOperation(f"{path} is not UTF-8.") from None
    passage = _choose_passage(find_passages(text, words), occurrence, text, path.name, words)
    click.echo(f"- document: {document_id or '# not in the seeds: add its file under documents/ first'}")
    for key in ("paragraph", "start", "end", "sha256"):
        click.echo(f"  {key}: {getattr(passage, key)}")
    for key, terms in (("role", Role), ("speech_act", SpeechAct)):
        click.echo(f"  {key}: # {', '.join(terms)}")


def _choose_passage(passages: Sequence[Passage], occurrence: int | None, text: DocumentText, file_name: str, words: str) -> Passage:
    """Return the only passage, or the passage whose number the editor gave.

    Raises:
        RefusedOperation: there is no passage; there are several and no number was given; or no passage has the number.
    """
    if not passages:
        paragraph = closest_paragraph(text, words)
        hint = f" Paragraph {paragraph} is the closest." if paragraph else ""
        raise RefusedOperation(f"These words do not occur within one paragraph of {file_name}.{hint}")
    if occurrence is None and len(passages) > 1:
        for number, passage in enumerate(passages, 1):
            context = " ".join(text.content[max(0, passage.start - _CONTEXT_LENGTH) : passage.end + _CONTEXT_LENGTH].split())
            click.echo(f"  {number}: paragraph {passage.paragraph}: … {context} …", err=True)
        raise RefusedOperation(f"These words occur {len(passages)} times in {file_name}. Give more words, or choose with --occurrence.")
    if occurrence is not None and occurrence > len(passages):
        raise RefusedOperation(f"These words occur {len(passages)} times in {file_name}. There is no occurrence {occurrence}.")
    return passages[(occurrence or 1) - 1]


def _text_path(document: str, folder: Path | None, seeds: Path) -> tuple[Path, str | None]:
    """Return the text file of a document, and the document's id in the seeds; the id is null if no document there has the file's hash."""
    documents = seed_reader.read_seed_documents(seeds)
    if Path(document).is_file():
        sha256 = hashlib.sha256(Path(document).read_bytes()).hexdigest()
        return Path(document), next((entry["id"] for entry in documents if entry["sha256"] == sha256), None)
    entry = next((entry for entry in documents if entry["id"] == document), None)
    if entry is None:
        suggestions = suggest(document, [entry["id"] for entry in documents], limit=1)
        raise RefusedOperation(
            f"{document} is neither a text file nor the id of a document in the seeds.{f' Did you mean {suggestions[0]}?' if suggestions else ''}"
        )
    if folder is None:
        raise click.UsageError("Give the folder with the documents' texts with --texts, or the text file itself.")
    path = folder / Path(entry["file"]).name
    if not path.is_file():
        raise RefusedOperation(f"{path} is not there.")
    return path, document


def _document_faults(path: Path, document: Row, spans: list[Row]) -> list[str]:
    try:
        text = texts.read_text(path)
    except UnicodeDecodeError:
        return ["the file is not UTF-8"]
    faults = []
    if text.sha256 != document["sha256"]:
        faults.append("the file's bytes do not have the hash on file")
    if (text.count_paragraphs(), len(text.content)) != (document["paragraphs"], document["characters"]):
        faults.append(f"the file has {text.count_paragraphs()} paragraphs and {len(text.content)} characters")
    return faults + [f"{span['by']} at {span['start']}–{span['end']}: {fault}" for span in spans for fault in texts.span_faults(text, span)]

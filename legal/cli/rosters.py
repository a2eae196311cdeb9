"""Define ``flask rosters``: import ICE's rosters, and correct what is on file about them."""

import hashlib
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import click
import orjson
from flask import current_app
from flask.cli import with_appcontext

from legal.cli.errors import report_errors
from legal.db.engine import Database
from legal.errors import InvalidInput, LandscapeError
from legal.json_types import Json
from legal.queries.core import snapshot
from legal.queries.rosters import in_force, rosters
from legal.readers.counties import read_counties
from legal.readers.rosters import parser
from legal.readers.rosters.headers import GivenColumns
from legal.readers.seeds import read_seed_file
from legal.rules.rosters import admission
from legal.rules.rosters.aliases import JURISDICTION_NAMES
from legal.rules.rosters.counties import Counties
from legal.rules.rosters.normalize import match_key
from legal.rules.rosters.order_in_day import parse_time_in_name
from legal.schemas.seeds import validate_seed_files
from legal.services.rosters import corrections, importer, renaming
from legal.services.rosters.drafts import RosterWorkbook
from legal.services.rosters.importer import ImportResult
from legal.services.rosters.rows import ImportRules
from legal.settings import MAX_WORKBOOK_BYTES, SEEDS_FOLDER
from legal.vocabulary import Basis, RosterColumn, RosterKind

_ISO_DAY = click.DateTime(formats=["%Y-%m-%d"])
_TIME = click.DateTime(formats=["%H:%M"])
_COLUMN_NAMES = ", ".join(column.upper() for column in RosterColumn)


@click.group("rosters")
def group() -> None:
    """Import ICE's rosters of agencies, and correct what is on file about them."""


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """Options given by the operator. A null date, time or kind is taken from the file name."""

    date: date | None
    kind: RosterKind | None
    force_reason: str | None
    is_strict: bool = False
    given_time: time | None = None
    columns: GivenColumns = field(default_factory=dict)


@group.command("import")
@click.argument("paths", metavar="FILE…", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--date", "day", type=_ISO_DAY, help="Date of publication. Default: the date in the file name.")
@click.option("--time", "time_of_day", type=_TIME, help="Time of publication; orders the rosters of one day.")
@click.option("--kind", type=click.Choice([str(kind) for kind in RosterKind]), help="Kind of roster. Default: the kind in the file name.")
@click.option(
    "--column",
    "column_texts",
    multiple=True,
    metavar="NAME=HEADER",
    help=f"Header of a column that is not recognized. NAME is one of {_COLUMN_NAMES}.",
)
@click.option("--force", is_flag=True, help="Import the roster even if it fails the import checks. Needs --reason.")
@click.option("--reason", help="Why the roster is imported although it fails the checks. The reason is stored in the log.")
@click.option("--strict", is_flag=True, help="Refuse a roster if a row would be set aside or have an unknown jurisdiction.")
@click.option("--report", type=click.Choice(["text", "json"]), default="text", help="Format of the import report.")
@with_appcontext
@report_errors
def import_files(paths: Sequence[Path], report: str, **option_values: Any) -> None:
    """Import rosters, each as a whole or not at all. FILE is a workbook, or a folder with workbooks in it.

    Importing the same file again changes nothing. Several files are imported in the order of their dates; one that is
    refused does not stop the others.
    """
    options, files = _read_options(option_values), _list_workbooks(paths)
    if len(files) == 1 and not paths[0].is_dir():
        _import_one(files[0], options, report)
        return
    if options.date or options.given_time:
        raise click.UsageError("--date and --time are for one file. Import it alone.")
    _import_many(files, options, report)


def _read_options(option_values: Json) -> ImportOptions:
    reason = option_values["reason"]
    if option_values["force"] != bool(reason and reason.strip()):
        raise click.UsageError("Use --force and --reason together. The reason is stored in the log.")
    return ImportOptions(
        option_values["day"].date() if option_values["day"] else None,
        RosterKind(option_values["kind"]) if option_values["kind"] else None,
        reason,
        option_values["strict"],
        option_values["time_of_day"].time() if option_values["time_of_day"] else None,
        dict(map(_parse_column, option_values["column_texts"])),
    )


def _parse_column(text: str) -> tuple[RosterColumn, str]:
    """Return the column and its header that ``NAME=HEADER`` gives.

    Raises:
        UsageError: there is no header, or the name is not a column.
    """
    name, _, header = text.partition("=")
    column = next((column for column in RosterColumn if match_key(name) in {match_key(column), match_key(column.label)}), None)
    if column is None or not header.strip():
        raise click.UsageError(f"--column {text!r} is not NAME=HEADER. NAME is one of {_COLUMN_NAMES}.")
    return column, header


def _list_workbooks(paths: Iterable[Path]) -> list[Path]:
    """Return the files given, and the workbooks in the folders given, in the order of their dates."""
    files = dict.fromkeys(file for path in paths for file in (sorted(path.rglob("*.[xX][lL][sS][xX]")) if path.is_dir() else [path]))
    workbooks = [file for file in files if not file.name.startswith("~$")]  # lock files of spreadsheet programs
    if not workbooks:
        raise click.UsageError("There is no workbook (.xlsx) in the folder.")
    return sorted(workbooks, key=_import_order)


def _import_order(file: Path) -> tuple[date, str, str]:
    return admission.parse_file_name(file.name).date or date.max, parse_time_in_name(file.name).slot, str(file)


def _import_one(file: Path, options: ImportOptions, report: str) -> None:
    database: Database = current_app.extensions["database"]
    workbook, rules = _build_workbook(file.name, _read_file(file), options, database), _load_import_rules()
    row_count, hide_bar = len(workbook.parsed_roster.rows), not sys.stderr.isatty()
    with (
        click.progressbar(length=row_count, label=file.name, file=sys.stderr, hidden=hide_bar) as progress_bar,
        database.transaction() as session,
    ):
        result = importer.import_roster(session, workbook, rules, progress_bar.update)
    import_report = _load_report(database, workbook.date, result)
    click.echo(
        orjson.dumps(import_report, option=orjson.OPT_INDENT_2).decode() if report == "json" else "\n".join(_report_lines(import_report))
    )
    for warning in result.warnings:
        click.echo(f"Warning: {warning}", err=True)


def _import_many(files: Sequence[Path], options: ImportOptions, report: str) -> None:
    database: Database = current_app.extensions["database"]
    rules = _load_import_rules()
    with click.progressbar(files, label="Rosters", file=sys.stderr, hidden=not sys.stderr.isatty()) as progress_bar:
        entries = [_import_and_describe(database, file, options, rules) for file in progress_bar]
    summary = {outcome: sum(entry["outcome"] == outcome for entry in entries) for outcome in _OUTCOMES}
    if report == "json":
        click.echo(orjson.dumps({"files": entries, "counts": summary}, option=orjson.OPT_INDENT_2).decode())
    else:
        click.echo("\n".join(_list_lines(entries, summary)))
    for entry in entries:
        for warning in entry["warnings"]:
            click.echo(f"Warning: {entry['file']}: {warning}", err=True)
    if summary["refused"]:
        raise click.ClickException(f"{summary['refused']} of {len(entries)} files were refused. The others are on file.")


_OUTCOMES = ("imported", "seen_again", "unchanged", "refused")


def _import_and_describe(database: Database, file: Path, options: ImportOptions, rules: ImportRules) -> Json:
    """Import one of several files and return its entry in the report."""
    entry: Json = {"file": file.name, "outcome": "refused", "id": None, "revision": None, "warnings": [], "errors": []}
    try:
        workbook = _build_workbook(file.name, _read_file(file), options, database)
        with database.transaction() as session:
            result = importer.import_roster(session, workbook, rules)
    except (LandscapeError, click.UsageError) as error:
        faults = error.faults if isinstance(error, InvalidInput) else ()
        message = error.message if isinstance(error, click.UsageError) else str(error)
        return {**entry, "errors": [message, *(fault.detail for fault in faults)]}
    outcome = "seen_again" if result.was_observed else "imported" if result.revision else "unchanged"
    return {**entry, "outcome": outcome, "id": result.id, "revision": result.revision, "warnings": list(result.warnings)}


def _list_lines(entries: Iterable[Json], summary: Json) -> Iterator[str]:
    """Yield the lines of the text form of a report on several files."""
    for entry in entries:
        place = f" as {entry['id']}" if entry["id"] else ""
        revision = f", revision {entry['revision']}" if entry["revision"] else ""
        yield f"{entry['file']}: {entry['outcome'].replace('_', ' ')}{place}{revision}"
        yield from (f"  {error}" for error in entry["errors"])
    yield ". ".join(f"{outcome.replace('_', ' ').capitalize()}: {count}" for outcome, count in summary.items()) + "."


def _load_report(database: Database, roster_date: date, result: ImportResult) -> Json:
    with database.reading() as session:
        latest = snapshot.latest_snapshot(session)
        report = rosters.get_import_report(session, replace(latest, as_of=max(latest.as_of, roster_date)), result.id)
    lists = {"overruled": result.overruled_errors, "count_differences": result.count_differences, "warnings": result.warnings}
    return {
        **report,
        "revision": result.revision,
        "seen_again": result.was_observed,
        **{name: list(items) for name, items in lists.items()},
    }


def _report_lines(report: Json) -> Iterator[str]:
    """Yield the lines of the text form of an import report."""
    counts, revision = report["counts"], report["revision"]
    outcome = f"was imported in revision {revision}." if revision else "is on file already. Nothing changed."
    if report["seen_again"]:
        outcome = f"is on file already. Revision {revision} records the other day on which it was published."
    yield f"{report['id']} {outcome}"
    read = f"Read: {counts['read']}, of which {counts['tidied']} with blanks or N/A tidied."
    yield f"Rows: {counts['rows']}. {read} Repaired: {counts['repaired']}. Set aside: {counts['set_aside']}."
    yield " ".join(f"{unit.capitalize()}: {counts[unit]}." for unit in ("agreements", "agencies", "states", "territories"))
    yield from (f"Overruled: {error}" for error in report["overruled"])
    yield from (f"Note: {note}" for note in report["notes"])
    yield from (f"Repaired {_times(repair['times'])} in {repair['column']}: {repair['what']}." for repair in report["repairs"])
    yield from (f"Flagged {_times(flag['times'])} in {flag['column'] or 'the row'}: {flag['what']}." for flag in report["flags"])
    yield from (f"Row {row['number']} was set aside: {row['why']}" for row in report["rows"])
    doubts = report["doubtful_signatures"]
    yield from (f"Signed long before the first listing, please review: {doubt['agreement']}, {doubt['signed']}." for doubt in doubts)
    if report["difference"]:
        yield from _difference_lines(report["difference"])


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def _difference_lines(difference: Json) -> Iterator[str]:
    counts = difference["counts"]
    gone_text = f"{counts['gone']} gone ({counts['possibly_renamed']} of them possibly renamed)"
    other_text = f"{counts['corrected']} in a corrected state, {counts['redated']} with another signature date"
    yield f"Compared with {difference['against']}: {counts['new']} new, {gone_text}, {other_text}."
    for pair in difference["renamed"]:
        label = "Renamed" if pair["merged"] else "Possibly renamed, please review"
        yield f"{label}: {pair['from']['name']} → {pair['to']['name']} ({pair['from']['jurisdiction']}). {pair['why']}"


def _build_workbook(file_name: str, content: bytes, options: ImportOptions, database: Database) -> RosterWorkbook:
    """Parse the file and decide its date and kind: from the options, else the file name, else the roster on file with the same bytes."""
    sha256 = hashlib.sha256(content).hexdigest()
    with database.reading() as session:
        stored_roster = in_force.find_roster_by_hash(session, sha256)
    hints = admission.parse_file_name(file_name)
    roster_date = options.date or hints.date or (stored_roster.date if stored_roster else None)
    if roster_date is None:
        raise click.UsageError(f"The file name {file_name} has no date. Give the date of publication with --date YYYY-MM-DD.")
    parsed_roster = parser.parse_roster(content, file_name, stored_roster.date if stored_roster else roster_date, options.columns)
    newest_signature = parser.find_newest_signature(content, file_name, parsed_roster, snapshot.today_in_utc(), options.columns)
    kind = options.kind or (RosterKind(stored_roster.kind) if stored_roster else hints.kind or parsed_roster.kind)
    return RosterWorkbook(
        file_name,
        sha256,
        parsed_roster,
        newest_signature,
        kind,
        roster_date,
        Basis.EXPLICIT if options.date else Basis.INFERRED,
        options.force_reason,
        given_time=options.given_time,
        is_strict=options.is_strict,
    )


def _read_file(file: Path) -> bytes:
    try:
        file.name.encode("utf-8")
    except UnicodeEncodeError:
        raise InvalidInput("The file name is not UTF-8. Rename the file.") from None
    # One byte more than the limit: enough to refuse the file, even if it is a device without an end.
    with file.open("rb") as stream:
        return stream.read(MAX_WORKBOOK_BYTES + 1)


def _load_import_rules() -> ImportRules:
    renames_file = read_seed_file(SEEDS_FOLDER / "renames.yaml", "renames.yaml")
    [(_, _, content)] = validate_seed_files([("renames.yaml", "renames", renames_file)])
    return ImportRules(
        Counties(read_counties(SEEDS_FOLDER / "counties.csv")),
        admission.renames_by_jurisdiction(content["renames"]),
        current_app.config["ROSTER_LARGEST_FALL"],
        current_app.config["ROSTER_LARGEST_SET_ASIDE"],
    )


@group.command("redate")
@click.argument("roster")
@click.option("--date", "day", type=_ISO_DAY, required=True, help="The right date of publication.")
@click.option("--time", "time_of_day", type=_TIME, help="Time of publication; orders the rosters of one day.")
@click.option("--reason", required=True, help="Why the date was wrong. The reason is stored in the log.")
@with_appcontext
@report_errors
def redate_roster(roster: str, day: datetime, time_of_day: datetime | None, reason: str) -> None:
    """Give ROSTER (its id) another date, in one revision. The roster gets a new id, because the id contains the date."""
    database: Database = current_app.extensions["database"]
    with database.transaction() as session:
        id, revision = corrections.redate_roster(session, roster, day.date(), time_of_day.time() if time_of_day else None, reason)
    click.echo(f"{roster} is {id} from revision {revision} on.")


@group.command("withdraw")
@click.argument("roster")
@click.option("--reason", required=True, help="Why the roster is taken off the record. The reason is stored in the log.")
@with_appcontext
@report_errors
def withdraw_roster(roster: str, reason: str) -> None:
    """Take ROSTER (its id) off the record, in one revision. Earlier revisions still show it."""
    database: Database = current_app.extensions["database"]
    with database.transaction() as session:
        revision = corrections.withdraw_roster(session, roster, reason)
    click.echo(f"{roster} was withdrawn in revision {revision}.")


@group.command("rename")
@click.argument("jurisdiction", type=click.Choice(sorted(JURISDICTION_NAMES), case_sensitive=False))
@click.argument("old_name")
@click.argument("new_name", required=False)
@click.option("--undo", is_flag=True, help="Undo the rename of OLD_NAME.")
@click.option("--reason", required=True, help="How we know. The reason is stored in the log.")
@with_appcontext
@report_errors
def rename_agency(jurisdiction: str, old_name: str, new_name: str | None, undo: bool, reason: str) -> None:
    """Make OLD_NAME and NEW_NAME one agency of JURISDICTION on all rosters, in one revision. Later imports apply the same rename."""
    if undo == bool(new_name):
        raise click.UsageError("Give NEW_NAME, or --undo to undo the rename of OLD_NAME.")
    database: Database = current_app.extensions["database"]
    rules = _load_import_rules()
    with database.transaction() as session:
        if new_name:
            result = renaming.rename_agency(session, jurisdiction, old_name, new_name, reason, rules)
        else:
            result = renaming.undo_rename(session, jurisdiction, old_name, reason, rules)
    click.echo(f"{result.row_count} rows of {result.roster_count} rosters name {result.agency} from revision {result.revision} on.")

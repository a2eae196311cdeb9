"""Define ``flask rosters``: import ICE's rosters."""

import hashlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

import click
import orjson
from flask import current_app
from flask.cli import with_appcontext

from legal.cli.errors import report_errors
from legal.db.engine import Database
from legal.errors import InvalidInput
from legal.json_types import Json
from legal.queries.core import snapshot
from legal.queries.rosters import in_force, rosters
from legal.readers.counties import read_counties
from legal.readers.rosters import parser
from legal.readers.seeds import read_seed_file
from legal.rules.rosters import admission
from legal.rules.rosters.counties import Counties
from legal.schemas.seeds import validate_seed_files
from legal.services.rosters import importer
from legal.services.rosters.drafts import RosterWorkbook
from legal.services.rosters.importer import ImportResult
from legal.services.rosters.rows import ImportRules
from legal.settings import MAX_WORKBOOK_BYTES, SEEDS_FOLDER
from legal.vocabulary import Basis, RosterKind

_ISO_DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.group("rosters")
def group() -> None:
    """Import ICE's rosters of agencies."""


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """Options given by the operator. A null date or kind is taken from the file name."""

    date: date | None
    kind: RosterKind | None
    force_reason: str | None
    is_strict: bool = False


@group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--date", "day", type=_ISO_DAY, help="Date of publication. Default: the date in the file name.")
@click.option("--kind", type=click.Choice([str(kind) for kind in RosterKind]), help="Kind of roster. Default: the kind in the file name.")
@click.option("--force", is_flag=True, help="Import the roster even if it fails the import checks. Needs --reason.")
@click.option("--reason", help="Why the roster is imported although it fails the checks. The reason is stored in the log.")
@click.option("--strict", is_flag=True, help="Refuse a roster of which a row would be set aside or have an unknown jurisdiction.")
@click.option("--report", type=click.Choice(["text", "json"]), default="text", help="Format of the import report.")
@with_appcontext
@report_errors
def import_file(file: Path, day: datetime | None, kind: str | None, force: bool, reason: str | None, strict: bool, report: str) -> None:
    """Import the roster in FILE as a whole, or refuse it.

    Importing the same file again changes nothing.
    """
    if force != bool(reason and reason.strip()):
        raise click.UsageError("Use --force and --reason together. The reason is stored in the log.")
    database: Database = current_app.extensions["database"]
    options = ImportOptions(day.date() if day else None, RosterKind(kind) if kind else None, reason, strict)
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


def _load_report(database: Database, roster_date: date, result: ImportResult) -> Json:
    with database.reading() as session:
        latest = snapshot.latest_snapshot(session)
        report = rosters.get_import_report(session, replace(latest, as_of=max(latest.as_of, roster_date)), result.id)
    lists = {"overruled": result.overruled_errors, "count_differences": result.count_differences, "warnings": result.warnings}
    return {**report, "revision": result.revision, **{name: list(items) for name, items in lists.items()}}


def _report_lines(report: Json) -> Iterator[str]:
    """Yield the lines of the text form of an import report."""
    counts, revision = report["counts"], report["revision"]
    outcome = f"was imported in revision {revision}." if revision else "is on file already. Nothing changed."
    yield f"{report['id']} {outcome}"
    yield f"Rows: {counts['rows']}. Read as printed: {counts['read']}. Repaired: {counts['repaired']}. Set aside: {counts['set_aside']}."
    yield " ".join(f"{unit.capitalize()}: {counts[unit]}." for unit in ("agreements", "agencies", "states", "territories"))
    yield from (f"Overruled: {error}" for error in report["overruled"])
    yield from (f"Note: {note}" for note in report["notes"])
    yield from (f"Repaired {_times(repair['times'])} in {repair['column']}: {repair['what']}." for repair in report["repairs"])
    yield from (f"Flagged {_times(flag['times'])} in {flag['column'] or 'the row'}: {flag['what']}." for flag in report["flags"])
    yield from (f"Row {row['number']} was set aside: {row['why']}" for row in report["rows"])
    if report["difference"]:
        yield from _difference_lines(report["difference"])


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def _difference_lines(difference: Json) -> Iterator[str]:
    counts = difference["counts"]
    yield f"Compared with {difference['against']}: {counts['new']} new, {counts['gone']} gone, {counts['redated']} with another signature date."
    for pair in difference["renamed"]:
        label = "Renamed" if pair["merged"] else "Possibly renamed, please review"
        yield f"{label}: {pair['from']['name']} → {pair['to']['name']} ({pair['from']['jurisdiction']}). {pair['why']}"


def _build_workbook(file_name: str, content: bytes, options: ImportOptions, database: Database) -> RosterWorkbook:
    """Parse the file and decide its date and kind: from the options, else the same file on file, else the file name."""
    sha256 = hashlib.sha256(content).hexdigest()
    with database.reading() as session:
        stored_roster = in_force.find_roster_by_hash(session, sha256)
    hints = admission.parse_file_name(file_name)
    roster_date = options.date or (stored_roster.date if stored_roster else hints.date)
    if roster_date is None:
        raise click.UsageError(f"The file name {file_name} has no date. Give the date of publication with --date YYYY-MM-DD.")
    parsed_roster = parser.parse_roster(content, file_name, roster_date)
    newest_signature = parser.find_newest_signature(content, file_name, parsed_roster, snapshot.today_in_utc())
    kind = options.kind or (RosterKind(stored_roster.kind) if stored_roster else hints.kind or parsed_roster.kind)
    date_basis = Basis.EXPLICIT if options.date else Basis.INFERRED
    return RosterWorkbook(
        file_name,
        sha256,
        parsed_roster,
        newest_signature,
        kind,
        roster_date,
        date_basis,
        options.force_reason,
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

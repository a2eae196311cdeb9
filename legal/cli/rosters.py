"""``flask rosters``: import the lists that ICE publishes."""

import hashlib
import sys
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click
import orjson
from flask import current_app
from flask.cli import with_appcontext

from legal.acts import rosters as acts
from legal.acts.rosters import Known, Workbook
from legal.cli.refusals import told
from legal.database import Database
from legal.errors import Fault, InvalidInput
from legal.queries import listings, moments
from legal.readers import counties, seeds
from legal.readers import rosters as reader
from legal.rules import lists
from legal.rules.counties import Counties
from legal.schemas.seeds import validated
from legal.settings import MAX_WORKBOOK_BYTES, SEEDS
from legal.vocabulary import Basis, RosterKind

DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.group("rosters")
def group() -> None:
    """ICE's lists of agencies."""


@group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--date", "day", type=DAY, help="The day it was published; without it, the one in the file's name.")
@click.option("--kind", type=click.Choice([str(kind) for kind in RosterKind]), help="Which list it is; without it, what its name says.")
@click.option("--force", is_flag=True, help="Import it although it is refused; needs --reason.")
@click.option("--reason", help="Why it is imported although it is refused; goes into the log.")
@click.option("--report", type=click.Choice(["text", "json"]), default="text", help="How to tell what was done.")
@with_appcontext
@told
def import_(file: Path, day: datetime | None, kind: str | None, force: bool, reason: str | None, report: str) -> None:
    """Put the list in FILE on file: all of it, or nothing. The same bytes twice are one list."""
    if force != bool(reason and reason.strip()):
        raise click.UsageError("--force and --reason go together: a list that is refused is imported for a reason that the log keeps.")
    workbook = _workbook(file, day.date() if day else None, RosterKind(kind) if kind else None, reason)
    database: Database = current_app.extensions["database"]
    known = _known()
    with (
        click.progressbar(length=len(workbook.listed.rows), label=file.name, file=sys.stderr) as bar,
        database.transaction() as session,
    ):
        imported = acts.add(session, workbook, known, bar.update)
    with database.reading() as session:
        told = listings.report(session, moments.latest(session), imported.id)
    told |= {"revision": imported.revision, "overruled": list(imported.overruled)}
    click.echo(orjson.dumps(told, option=orjson.OPT_INDENT_2).decode() if report == "json" else "\n".join(_lines(told)))


def _lines(told: Mapping[str, Any]) -> Iterator[str]:
    """The report as an operator reads it."""
    counts, against = told["counts"], told["difference"]
    done = f"is on file in revision {told['revision']}" if told["revision"] else "was on file already; nothing has changed"
    yield f"{told['id']} {done}."
    yield "; ".join(f"{unit.replace('_', ' ')}: {counts[unit]}" for unit in ("rows", "read", "repaired", "set_aside"))
    yield "; ".join(f"{unit}: {counts[unit]}" for unit in ("agreements", "agencies", "states", "territories"))
    yield from (f"Overruled: {one}" for one in told["overruled"])
    yield from (f"Note: {one}" for one in told["notes"])
    yield from (f"Repaired, {one['times']}×: {one['what']} in {one['column']}." for one in told["repairs"])
    yield from (f"In doubt, {one['times']}×: {one['what']} in {one['column'] or 'the row'}." for one in told["flags"])
    yield from (f"Row {row['number']} is set aside: {row['why']}" for row in told["rows"])
    if against:
        changed = ", ".join(f"{against['counts'][name]} {name}" for name in ("new", "gone", "redated"))
        yield f"Against {against['against']}: {changed}."
        for pair in against["renamed"]:
            how = "Renamed" if pair["merged"] else "Possibly renamed, for review"
            yield f"{how}: {pair['from']['name']} → {pair['to']['name']} ({pair['from']['jurisdiction']}). {pair['why']}"


def _workbook(file: Path, day: date | None, kind: RosterKind | None, forced: str | None) -> Workbook:
    named = lists.named(file.name)
    on = day or named.date
    if on is None:
        raise click.UsageError(f"The name {file.name} says no day; give the day on which the list was published with --date YYYY-MM-DD.")
    today = date.today()  # noqa: DTZ011 - the operator's own day
    if on > today:
        raise InvalidInput(f"{file.name} is refused.", [Fault(f"It is dated {on}, which lies ahead.")])
    data = _bytes(file)
    listed = reader.read(data, file.name, on)
    newest = reader.newest(data, file.name, listed, today)
    sha256 = hashlib.sha256(data).hexdigest()
    basis = Basis.EXPLICIT if day else Basis.INFERRED
    return Workbook(file.name, sha256, listed, newest, kind or named.kind or listed.kind, on, basis, forced)


def _bytes(file: Path) -> bytes:
    if file.stat().st_size > MAX_WORKBOOK_BYTES:
        raise InvalidInput(f"{file.name} is larger than {MAX_WORKBOOK_BYTES // 2**20} MiB, and no list is.")
    return file.read_bytes()


def _known() -> Known:
    [(_, _, content)] = validated([("renames.yaml", "renames", seeds.content(SEEDS / "renames.yaml", "renames.yaml"))])
    return Known(
        Counties(counties.table(SEEDS / "counties.csv")), lists.renames(content["renames"]), current_app.config["ROSTER_LARGEST_FALL"]
    )

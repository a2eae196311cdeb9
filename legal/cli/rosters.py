"""``flask rosters``: import the lists that ICE publishes."""

import hashlib
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click
import orjson
from flask import current_app
from flask.cli import with_appcontext

from legal.cli.errors import told
from legal.db.engine import Database
from legal.errors import InvalidInput
from legal.queries.core import snapshot
from legal.queries.rosters import in_force, rosters
from legal.queries.rosters.in_force import Held
from legal.readers import counties, seeds
from legal.readers.rosters import parser as reader
from legal.rules.rosters import admission
from legal.rules.rosters.counties import Counties
from legal.schemas.seeds import validated
from legal.services.rosters import importer as acts
from legal.services.rosters.drafts import Workbook
from legal.services.rosters.rows import Known
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
    database: Database = current_app.extensions["database"]
    data = _bytes(file)
    sha256 = hashlib.sha256(data).hexdigest()
    with database.reading() as session:
        held = in_force.by_hash(session, sha256)
    given = Given(day.date() if day else None, RosterKind(kind) if kind else None, reason)
    workbook, known = _workbook(file.name, data, sha256, given, held), _known()
    length, hidden = len(workbook.listed.rows), not sys.stderr.isatty()
    with click.progressbar(length=length, label=file.name, file=sys.stderr, hidden=hidden) as bar, database.transaction() as session:
        imported = acts.add(session, workbook, known, bar.update)
    with database.reading() as session:
        moment = snapshot.latest(session)
        found = rosters.report(session, replace(moment, as_of=max(moment.as_of, workbook.date)), imported.id)
    found |= {"revision": imported.revision, "overruled": list(imported.overruled)}
    click.echo(orjson.dumps(found, option=orjson.OPT_INDENT_2).decode() if report == "json" else "\n".join(_lines(found)))


@dataclass(frozen=True, slots=True)
class Given:
    """What the operator says of a list; null where the file's name is to say it."""

    day: date | None
    kind: RosterKind | None
    forced: str | None


def _lines(found: Mapping[str, Any]) -> Iterator[str]:
    """The report as an operator reads it."""
    counts, against = found["counts"], found["difference"]
    done = f"is on file in revision {found['revision']}" if found["revision"] else "was on file already; nothing has changed"
    yield f"{found['id']} {done}."
    yield "; ".join(f"{unit.replace('_', ' ')}: {counts[unit]}" for unit in ("rows", "read", "repaired", "set_aside"))
    yield "; ".join(f"{unit}: {counts[unit]}" for unit in ("agreements", "agencies", "states", "territories"))
    yield from (f"Overruled: {one}" for one in found["overruled"])
    yield from (f"Note: {one}" for one in found["notes"])
    yield from (f"Repaired, {one['times']}×: {one['what']} in {one['column']}." for one in found["repairs"])
    yield from (f"In doubt, {one['times']}×: {one['what']} in {one['column'] or 'the row'}." for one in found["flags"])
    yield from (f"Row {row['number']} is set aside: {row['why']}" for row in found["rows"])
    if against:
        changed = ", ".join(f"{against['counts'][name]} {name}" for name in ("new", "gone", "redated"))
        yield f"Against {against['against']}: {changed}."
        for pair in against["renamed"]:
            how = "Renamed" if pair["merged"] else "Possibly renamed, for review"
            yield f"{how}: {pair['from']['name']} → {pair['to']['name']} ({pair['from']['jurisdiction']}). {pair['why']}"


def _workbook(file: str, data: bytes, sha256: str, given: Given, held: Held | None) -> Workbook:
    """The file as what it is said to be; ``held`` is the list on file with these bytes, whatever its name was."""
    named = admission.named(file)
    on = given.day or (held.date if held else named.date)
    if on is None:
        raise click.UsageError(f"The name {file} says no day; give the day on which the list was published with --date YYYY-MM-DD.")
    listed = reader.read(data, file, on)
    newest = reader.newest(data, file, listed, snapshot.today())
    kind = given.kind or (RosterKind(held.kind) if held else named.kind or listed.kind)
    return Workbook(file, sha256, listed, newest, kind, on, Basis.EXPLICIT if given.day else Basis.INFERRED, given.forced)


def _bytes(file: Path) -> bytes:
    try:
        file.name.encode("utf-8")
    except UnicodeEncodeError:
        raise InvalidInput("The file's name is not UTF-8; rename the file.") from None
    # One byte more than the reader takes, so that what has no size of its own, a device for one, ends here too.
    with file.open("rb") as opened:
        return opened.read(MAX_WORKBOOK_BYTES + 1)


def _known() -> Known:
    [(_, _, content)] = validated([("renames.yaml", "renames", seeds.content(SEEDS / "renames.yaml", "renames.yaml"))])
    return Known(
        Counties(counties.table(SEEDS / "counties.csv")), admission.renames(content["renames"]), current_app.config["ROSTER_LARGEST_FALL"]
    )

"""Roster checks: each figure held against the list that was in force on its date."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from legal.db.statements import some
from legal.json_types import Json, Row
from legal.models import Agreement, RosterRow
from legal.queries.core import dates
from legal.queries.core.snapshot import Snapshot
from legal.queries.rosters import in_force
from legal.queries.rosters.in_force import Held, Kept, Shelf
from legal.rules.figures import Quantity
from legal.rules.rosters import figure_checks
from legal.rules.rosters.figure_checks import Check, Counts, Question
from legal.vocabulary import NATION, AgencyType, RosterKind, RosterVerdict

ROW, AGREEMENT = RosterRow.__table__.c, Agreement.__table__.c
SIGNED = (
    select(ROW.roster, ROW.jurisdiction, ROW.agency_type, ROW.signed, AGREEMENT.agency)
    .join(Agreement.__table__, AGREEMENT.id == ROW.agreement)
    .where(ROW.counted, ROW.signed.is_not(None), ROW.roster.in_(some("rosters", ROW.roster)))
)
SIGNED_IN_PLACES = SIGNED.where(ROW.jurisdiction.in_(some("jurisdictions", ROW.jurisdiction)))


@dataclass(frozen=True, slots=True)
class Asked:
    """A figure that a list can speak to, and the list that was in force on its date; null where none on file was."""

    figure: str
    jurisdiction: str
    question: Question
    held: Held | None


def of_figures(session: Session, moment: Snapshot, rows: Iterable[Row]) -> dict[str, Json]:
    """The checks of figures that a list can speak to, by figure; three statements."""
    found = asked(rows, in_force.shelf(session, moment).by(moment.as_of))
    return shown(found, in_force.kept(session, moment, lists_of(found)), signed(session, moment, found))


def asked(rows: Iterable[Row], shelf: Shelf) -> list[Asked]:
    """Those of the figures that a list can speak to."""
    lists = shelf.of(RosterKind.PARTICIPATING)
    days = [one.date for one in lists]
    questions = ((row, question(row)) for row in rows)
    return [
        Asked(row["figure"], row["jurisdiction"], told, None if number is None else lists[number])
        for row, told in questions
        if figure_checks.answerable(told)
        for number in [figure_checks.list_for(told, days)]
    ]


def lists_of(found: Iterable[Asked]) -> list[str]:
    """The lists whose counts figures are held against."""
    return [one.held.id for one in found if one.held and not figure_checks.signing(one.question)]


def signed(session: Session, moment: Snapshot, found: Iterable[Asked]) -> dict[str, Counts]:
    """What lists have of signatures in the periods of figures, by figure; one statement."""
    periods = [one for one in found if one.held and figure_checks.signing(one.question)]
    places = {one.jurisdiction for one in periods}
    lists = {one.held.id for one in periods if one.held}
    told = SIGNED if NATION in places else SIGNED_IN_PLACES
    rows = moment.execute(session, told, rosters=list(lists), jurisdictions=list(places)).all()
    return {one.figure: _signed(one, rows) for one in periods}


def _signed(one: Asked, rows: Sequence[Any]) -> Counts:
    earliest, latest = one.question.date.earliest or date.min, one.question.date.latest or date.max
    agencies = [
        row.agency
        for row in rows
        if one.held
        and row.roster == one.held.id
        and earliest <= row.signed <= latest
        and one.jurisdiction in (NATION, row.jurisdiction)
        and (one.question.agency_class is None or row.agency_type == AgencyType.STATE_AGENCY)
    ]
    return Counts(len(agencies), len(set(agencies)))


def shown(found: Iterable[Asked], kept: Mapping[str, Kept], periods: Mapping[str, Counts]) -> dict[str, Json]:
    """The checks, by figure, as the contract shows them; ``kept`` has the counts of ``lists_of``, ``periods`` those of ``signed``."""
    return {one.figure: _shown(one, kept, periods) for one in found}


def question(row: Row) -> Question:
    """A figure as the rule sees it."""
    return Question(
        row["metric"],
        Quantity(row["unit"], row["value"], row["low"], row["high"]),
        row["comparator"],
        row["cohort"],
        row["geography"],
        row["agency_class"],
        row["model"],
        dates.of(row, "date"),
        national=row["jurisdiction"] == NATION,
    )


def _shown(one: Asked, kept: Mapping[str, Kept], periods: Mapping[str, Counts]) -> Json:
    if one.held is None:
        return _told(Check(RosterVerdict.NO_LIST), None, None, None)
    counts = periods[one.figure] if figure_checks.signing(one.question) else kept[one.held.id].of(one.jurisdiction)
    return _told(figure_checks.check(one.question, counts), one.held, counts, one.question.model)


def _told(found: Check, held: Held | None, counts: Counts | None, model: str | None) -> Json:
    return {
        "verdict": str(found.verdict),
        "matched_unit": found.matched_unit and str(found.matched_unit),
        "off_by": int(found.off_by) if found.off_by and float(found.off_by).is_integer() else found.off_by,
        "likely": found.likely,
        "roster": held and held.id,
        "date": dates.shown(held.published) if held else None,
        "counts": counts
        and {
            **{key: getattr(counts, key) for key in ("agreements", "agencies", "states", "territories")},
            "model": model and _of_model(counts, model),
        },
    }


def _of_model(counts: Counts, model: str) -> Json:
    agreements, agencies = counts.models.get(model, (0, 0))
    return {"model": model, "agreements": agreements, "agencies": agencies}

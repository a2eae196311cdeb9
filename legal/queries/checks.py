"""Roster checks: each figure held against the list that was in force on its date."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from legal.queries import dates, rosters
from legal.queries.moments import Moment
from legal.queries.rosters import Held, Kept, Shelf
from legal.rules import checks
from legal.rules.checks import Check, Counts, Question
from legal.rules.figures import Quantity
from legal.vocabulary import NATION, RosterKind, RosterVerdict

Row = Mapping[Any, Any]
Json = dict[str, Any]


def of_figures(session: Session, moment: Moment, rows: Sequence[Row]) -> dict[str, Json]:
    """The checks of figures that a list can speak to, by figure; two statements."""
    shelf = rosters.shelf(session, moment)
    return shown(rows, shelf, rosters.kept(session, moment, lists_for(rows, shelf)))


def lists_for(rows: Iterable[Row], shelf: Shelf) -> list[str]:
    """The lists that figures are held against."""
    return [held.id for row in rows if (held := _held(row, shelf))]


def shown(rows: Iterable[Row], shelf: Shelf, kept: Mapping[str, Kept]) -> dict[str, Json]:
    """The checks, by figure, as the contract shows them; ``kept`` has the counts of ``lists_for``."""
    return {row["figure"]: _shown(row, _held(row, shelf), kept) for row in rows if checks.answerable(question(row))}


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


def _held(row: Row, shelf: Shelf) -> Held | None:
    lists = shelf.of(RosterKind.PARTICIPATING)
    asked = question(row)
    number = checks.list_for(asked.date, [one.date for one in lists]) if checks.answerable(asked) else None
    return None if number is None else lists[number]


def _shown(row: Row, held: Held | None, kept: Mapping[str, Kept]) -> Json:
    if held is None:
        return _told(Check(RosterVerdict.NO_LIST), None, None, None)
    asked = question(row)
    counts = kept[held.id].of(row["jurisdiction"])
    return _told(checks.check(asked, counts), held, counts, asked.model)


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

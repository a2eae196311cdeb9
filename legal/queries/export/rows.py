"""Everything published at one revision, row by row and straight from the driver, so that memory stays flat."""

import heapq
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

import orjson
from sqlalchemy import Select
from sqlalchemy.orm import Session

from legal.queries.core.snapshot import Snapshot, rfc3339
from legal.queries.export.schema import Table
from legal.queries.export.tables import POSTURES
from legal.queries.record import documents, figures, jurisdictions, measures
from legal.queries.rosters import in_force
from legal.rules import posture
from legal.rules.posture import Claim, Report
from legal.vocabulary import JurisdictionType

BATCH = 1000  # rows that are in hand at a time

MEASURES = measures.OPEN.order_by(measures.MEASURE.jurisdiction, measures.MEASURE.measure).execution_options(yield_per=BATCH)
FIGURES = figures.OPEN.order_by(figures.FIGURE.jurisdiction, figures.FIGURE.figure).execution_options(yield_per=BATCH)


def json(value: Any) -> str:
    """JSON with its keys in order: the databases keep objects each in an order of its own."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode("utf-8")


PLAIN: Mapping[str, Callable[[Any], Any]] = {
    "date": lambda day: day.isoformat(),
    "datetime": rfc3339,
    "array": json,
    "object": json,
    "number": figures.number,
}
"""How a value of each type of Table Schema is told in plain text or numbers; the others are plain already."""


def rows(session: Session, table: Table, moment: Snapshot) -> Iterator[list[Any]]:
    """The rows of a table in the order of its key, as plain values in the order of its columns; one statement, or five for postures."""
    found = postures(session, moment) if table is POSTURES else _read(session, table, moment)
    plain = [PLAIN.get(column.type) for column in table.columns]
    for row in found:
        yield [value if told is None or value is None else told(value) for told, value in zip(plain, row, strict=True)]


def postures(session: Session, moment: Snapshot) -> Iterator[Sequence[Any]]:
    """Each place's posture, one place in hand at a time; five statements."""
    current = in_force.current(session, moment)
    places = jurisdictions.all_places(session)
    told: Iterator[tuple[str, Claim | Report]] = heapq.merge(
        _by_place(session, moment, MEASURES, lambda row: measures.claim(row, moment)),
        _by_place(session, moment, FIGURES, lambda row: figures.report(row, moment)),
        key=itemgetter(0),
    )
    runs = groupby(told, key=itemgetter(0))
    code, run = next(runs, (None, iter(())))
    for place in places:
        facts = []
        if place["code"] == code:
            facts = [fact for _, fact in run]
            code, run = next(runs, (None, iter(())))
        if place["type"] != JurisdictionType.NATION:
            listing = current.listing(place["code"])
            yield _posture(place["code"], [*facts, *([listing.claim()] if listing else [])], moment)


def sources(session: Session, moment: Snapshot) -> list[dict[str, str]]:
    """The documents on file, by id: ``title``, and ``path`` where they have an address; one statement."""
    return [
        {"title": ", ".join(filter(None, (row.publisher, row.title or row.file))), **({"path": row.url} if row.url else {})}
        for row in moment.execute(session, documents.ALL)
    ]


def _read(session: Session, table: Table, moment: Snapshot) -> Iterator[Sequence[Any]]:
    found = moment.execute(session, table.statement().execution_options(yield_per=BATCH))
    if table.worked_out is None:
        yield from found
    else:
        for row in found.mappings():
            yield [*row.values(), *table.worked_out(row, moment)]


def _by_place(
    session: Session, moment: Snapshot, statement: Select[Any], made: Callable[[Mapping[Any, Any]], Claim | Report]
) -> Iterator[tuple[str, Claim | Report]]:
    for row in moment.execute(session, statement).mappings():
        yield row["jurisdiction"], made(row)


def _posture(code: str, facts: Sequence[Claim | Report], moment: Snapshot) -> Sequence[Any]:
    claims = [fact for fact in facts if isinstance(fact, Claim)]
    reading = posture.read(claims, [fact for fact in facts if isinstance(fact, Report)])
    return (
        code,
        str(reading.posture),
        reading.posture.label,
        reading.rule,
        moment.rule_pack,
        list(reading.because),
        [{"id": id, "why": why} for id, why in reading.set_aside],
        [str(value) for value in reading.could_be],
        [{"if": id, "posture": str(value)} for id, value in reading.would_become],
    )

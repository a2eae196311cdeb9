"""Stream the rows of an export at one revision. Memory use does not grow with the size of the record."""

import heapq
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

import orjson
from sqlalchemy import Select
from sqlalchemy.orm import Session

from legal.json_types import Row
from legal.models import FigureVersion, MeasureVersion
from legal.queries.core.snapshot import Snapshot, format_rfc3339
from legal.queries.export.schema import ExportTable
from legal.queries.export.tables import POSTURES_TABLE
from legal.queries.record import documents, figures, jurisdictions, measures
from legal.queries.rosters import in_force
from legal.rules import posture
from legal.rules.posture import Claim, Report
from legal.vocabulary import JurisdictionType

_ROWS_IN_MEMORY = 1000
_MEASURE, _FIGURE = MeasureVersion.__table__.c, FigureVersion.__table__.c


def _with_streaming(statement: Select[Any]) -> Select[Any]:
    return statement.execution_options(yield_per=_ROWS_IN_MEMORY)


_MEASURES = _with_streaming(measures.CURRENT_VERSIONS.order_by(_MEASURE.jurisdiction, _MEASURE.measure))
_FIGURES = _with_streaming(figures.CURRENT_VERSIONS.order_by(_FIGURE.jurisdiction, _FIGURE.figure))


def json_with_sorted_keys(value: Any) -> str:
    """Return JSON with sorted keys. The databases return the keys of an object in different orders."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode("utf-8")


_CONVERTERS: Mapping[str, Callable[[Any], Any]] = {
    "date": lambda day: day.isoformat(),
    "datetime": format_rfc3339,
    "array": json_with_sorted_keys,
    "object": json_with_sorted_keys,
    "number": figures.number_json,
}
"""Convert values to text or numbers, by their Table Schema type. Values of other types stay as they are."""


def stream_table_rows(session: Session, table: ExportTable, snapshot: Snapshot) -> Iterator[list[Any]]:
    """Yield the rows of a table in the order of its key, as lists of plain values; one SQL statement, or five for postures."""
    rows = stream_posture_rows(session, snapshot) if table is POSTURES_TABLE else _stream_stored_rows(session, table, snapshot)
    converters = [_CONVERTERS.get(column.type) for column in table.columns]
    for row in rows:
        yield [value if convert is None or value is None else convert(value) for convert, value in zip(converters, row, strict=True)]


def stream_posture_rows(session: Session, snapshot: Snapshot) -> Iterator[Sequence[Any]]:
    """Yield the posture of each jurisdiction, sorted by code, with one jurisdiction's rows in memory at any time; five SQL statements."""
    current_roster = in_force.load_current_roster(session, snapshot)
    jurisdiction_rows = jurisdictions.load_jurisdictions(session)
    facts_by_code = groupby(_stream_facts(session, snapshot), key=itemgetter(0))
    code, coded_facts = next(facts_by_code, (None, iter(())))
    for jurisdiction in jurisdiction_rows:
        facts: list[Claim | Report] = []
        if jurisdiction["code"] == code:
            facts = [fact for _, fact in coded_facts]
            code, coded_facts = next(facts_by_code, (None, iter(())))
        if jurisdiction["type"] != JurisdictionType.NATION:
            roster_entry = current_roster.entry_for(jurisdiction["code"])
            yield _posture_row(jurisdiction["code"], [*facts, *([roster_entry.as_claim()] if roster_entry else [])], snapshot)


def load_sources(session: Session, snapshot: Snapshot) -> list[dict[str, str]]:
    """Return each document on file as a Data Package source, by id: ``title``, and ``path`` if it has a URL; one SQL statement."""
    return [
        {"title": ", ".join(filter(None, (row.publisher, row.title or row.file))), **({"path": row.url} if row.url else {})}
        for row in snapshot.execute(session, documents.ALL_DOCUMENTS)
    ]


def _stream_stored_rows(session: Session, table: ExportTable, snapshot: Snapshot) -> Iterator[Sequence[Any]]:
    result = snapshot.execute(session, _with_streaming(table.build_statement()))
    if table.compute_values is None:
        yield from result
    else:
        for row in result.mappings():
            yield [*row.values(), *table.compute_values(row, snapshot)]


def _stream_facts(session: Session, snapshot: Snapshot) -> Iterator[tuple[str, Claim | Report]]:
    """Yield each measure and figure as (jurisdiction code, input of the posture rules), sorted by code."""
    return heapq.merge(
        _stream_converted(session, snapshot, _MEASURES, lambda row: measures.measure_claim(row, snapshot)),
        _stream_converted(session, snapshot, _FIGURES, lambda row: figures.figure_report(row, snapshot)),
        key=itemgetter(0),
    )


def _stream_converted(
    session: Session, snapshot: Snapshot, statement: Select[Any], convert: Callable[[Row], Claim | Report]
) -> Iterator[tuple[str, Claim | Report]]:
    for row in snapshot.execute(session, statement).mappings():
        yield row["jurisdiction"], convert(row)


def _posture_row(code: str, facts: Sequence[Claim | Report], snapshot: Snapshot) -> Sequence[Any]:
    claims = [fact for fact in facts if isinstance(fact, Claim)]
    reading = posture.read_posture(claims, [fact for fact in facts if isinstance(fact, Report)])
    return (
        code,
        str(reading.posture),
        reading.posture.label,
        reading.rule,
        posture.RULE_PACK,
        list(reading.because),
        [{"id": id, "why": reason} for id, reason in reading.set_aside],
        [str(value) for value in reading.could_be],
        [{"if": id, "posture": str(value)} for id, value in reading.would_become],
    )

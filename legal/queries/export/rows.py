"""Stream the rows of an export at one revision. Memory use does not grow with the size of the record."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy.orm import Session

from legal.json_types import Json
from legal.queries.core.snapshot import Snapshot, format_rfc3339
from legal.queries.export.answer_tables import flatten_json
from legal.queries.export.schema import ExportTable
from legal.queries.record import documents, figures

_ROWS_IN_MEMORY = 1000


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
    """Yield the rows of a table as lists of plain values; stored rows come in the order of their key, answers in that of the API."""
    if table.stream_answers:
        yield from _stream_answer_rows(table, table.stream_answers(session, snapshot))
        return
    converters = [_CONVERTERS.get(column.type) for column in table.columns]
    for row in _stream_stored_rows(session, table, snapshot):
        yield [value if convert is None or value is None else convert(value) for convert, value in zip(converters, row, strict=True)]


def _stream_answer_rows(table: ExportTable, answers: Iterable[Json]) -> Iterator[list[Any]]:
    for answer in answers:
        values = flatten_json(answer)
        cells = [values.get(column.name) for column in table.columns]
        yield [json_with_sorted_keys(cell) if isinstance(cell, list | dict) else cell for cell in cells]


def load_sources(session: Session, snapshot: Snapshot) -> list[dict[str, str]]:
    """Return each document on file as a Data Package source, by id: ``title``, and ``path`` if it has a URL; one SQL statement."""
    return [
        {"title": ", ".join(filter(None, (row.publisher, row.title or row.file))), **({"path": row.url} if row.url else {})}
        for row in snapshot.execute(session, documents.ALL_DOCUMENTS)
    ]


def _stream_stored_rows(session: Session, table: ExportTable, snapshot: Snapshot) -> Iterator[Sequence[Any]]:
    result = snapshot.execute(session, table.build_statement().execution_options(yield_per=_ROWS_IN_MEMORY))
    if table.compute_values is None:
        yield from result
    else:
        for row in result.mappings():
            yield [*row.values(), *table.compute_values(row, snapshot)]

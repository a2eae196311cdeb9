"""Count the log of changes in series as it is written, so that a read of the log counts nothing."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import bindparam, func, insert, select
from sqlalchemy.orm import Session

from legal.db.statements import bind_list, split_into_batches
from legal.models import Change, ChangeCount, ChangeSeries

_CHANGE, _SERIES, _COUNT = Change.__table__.c, ChangeSeries.__table__.c, ChangeCount.__table__.c
_LAST_NUMBERS = (
    select(_CHANGE.noun, _CHANGE.id, func.max(_CHANGE.number))
    .where(_CHANGE.noun == bindparam("noun"), _CHANGE.id.in_(bind_list("ids", _CHANGE.id)))
    .group_by(_CHANGE.noun, _CHANGE.id)
)
_SERIES_OF_CAUSE = select(_SERIES.key, _SERIES.noun, _SERIES.action, _SERIES.jurisdiction).where(_SERIES.cause == bindparam("cause"))
_TOTALS = select(_COUNT.series, func.max(_COUNT.total)).where(_COUNT.series.in_(bind_list("series", _COUNT.series))).group_by(_COUNT.series)

_SeriesKey = tuple[str, str, str | None]
"""The noun, the action and the jurisdiction of a change. The cause is that of its revision."""


def count_changes(session: Session, revision: int, cause: str, rows: Sequence[dict[str, Any]]) -> None:
    """Set series and number of the changes of a revision, add series that are new, and store the number of changes in each."""
    _number_changes(session, rows)
    series = {(noun, action, code): key for key, noun, action, code in session.execute(_SERIES_OF_CAUSE, {"cause": cause})}
    new_series = dict.fromkeys(_series_key(row) for row in rows if _series_key(row) not in series)
    series |= {new_key: _insert_series(session, cause, new_key) for new_key in new_series}
    for row in rows:
        row["series"] = series[_series_key(row)]
    _insert_counts(session, revision, (row["series"] for row in rows))


def _number_changes(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    for noun in sorted({row["noun"] for row in rows}):
        rows_of_noun = [row for row in rows if row["noun"] == noun]
        for batch in split_into_batches(rows_of_noun):
            last_numbers = {
                id: number for _, id, number in session.execute(_LAST_NUMBERS, {"noun": noun, "ids": [row["id"] for row in batch]})
            }
            for row in batch:
                row["number"] = last_numbers.get(row["id"], 0) + 1


def _series_key(row: dict[str, Any]) -> _SeriesKey:
    return row["noun"], row["action"], row["jurisdiction"]


def _insert_series(session: Session, cause: str, series_key: _SeriesKey) -> int:
    noun, action, jurisdiction = series_key
    values = {"noun": noun, "action": action, "cause": cause, "jurisdiction": jurisdiction}
    [key] = session.execute(insert(ChangeSeries.__table__).returning(_SERIES.key), values).one()
    return int(key)


def _insert_counts(session: Session, revision: int, series: Iterable[int]) -> None:
    numbers = Counter(series)
    totals = dict(session.execute(_TOTALS, {"series": list(numbers)}).all())
    rows = [{"series": key, "revision": revision, "total": totals.get(key, 0) + number} for key, number in numbers.items()]
    session.execute(insert(ChangeCount.__table__), rows)

"""Give a record a deep history: amend what is on file again and again, so that answers stay as they are and versions pile up."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Table, bindparam, func, insert, select, update

from legal.db.engine import Database
from legal.models import (
    Base,
    Change,
    ChangeCount,
    ChangeSeries,
    Citation,
    ContradictionVersion,
    DocumentVersion,
    Event,
    FigureVersion,
    MeasureLink,
    MeasureVersion,
    OriginVersion,
    Provision,
    Revision,
    RosterVersion,
    SearchEntry,
    StatusPeriod,
)
from legal.vocabulary import Action

VERSIONS_PER_REVISION = 10
_INSERTED_AT_ONCE = 5000
_REVISION, _ENTRY = Revision.__table__, SearchEntry.__table__
_SERIES, _COUNT = ChangeSeries.__table__, ChangeCount.__table__
_CHANGE, _PROVISION, _CITATION, _LINK = Change.__table__, Provision.__table__, Citation.__table__, MeasureLink.__table__
_CHILDREN: Mapping[str, Sequence[Table]] = {"measure": [table.__table__ for table in (Event, StatusPeriod, MeasureLink)]}
"""The tables whose rows belong to a version, by what has versions. Provisions and citations are copied apart."""

Row = dict[str, Any]


@dataclass(frozen=True)
class OpenVersion:
    """An open version of a thing, with the rows that belong to it."""

    noun: str
    table: Table
    row: Row
    children: Mapping[Table, Sequence[Row]]
    provisions: Sequence[Row]
    citations: Sequence[Row]
    entry: Row | None

    @property
    def id(self) -> str:
        """Return the id of the thing."""
        return str(self.row[self.noun])


def deepen_history(database: Database, version_count: int) -> None:
    """Add this many versions to a record, ten a revision, in turn for all that is on file; each repeats what it amends.

    Rows are inserted as ``services.publishing`` would leave them, which takes a tenth of the time. Only the hashes of
    the contents are repeated too, so that such a record is good for measuring and for nothing else.
    """
    with database.transaction() as session:
        connection = session.connection()
        open_versions = [version for table in _VERSION_TABLES for version in _load_open_versions(connection, table)]
        assert len(open_versions) >= VERSIONS_PER_REVISION, "A revision has at most one version of each thing."
        first_revision = _insert_revisions(connection, -(-version_count // VERSIONS_PER_REVISION))
        _insert_versions(connection, open_versions, first_revision, version_count)


_VERSION_TABLES = [
    version.__table__ for version in (OriginVersion, DocumentVersion, MeasureVersion, FigureVersion, ContradictionVersion, RosterVersion)
]


def _load_open_versions(connection: Connection, table: Table) -> Iterator[OpenVersion]:
    noun = table.name.removesuffix("_versions")
    rows = _load_rows(connection, table, table.c.revision_to.is_(None))
    owner = f"{noun}_version"
    by_version = {child: _group_rows(_load_rows(connection, child), owner) for child in _CHILDREN.get(noun, ())}
    provisions = _group_rows(_load_rows(connection, _PROVISION), owner) if noun == "measure" else {}
    citations = _group_rows(_load_rows(connection, _CITATION), owner) if owner in _CITATION.c else {}
    entries = {row["id"]: row for row in _load_rows(connection, _ENTRY, _ENTRY.c.noun == noun, _ENTRY.c.revision_to.is_(None))}
    for row in rows:
        key = row["key"]
        children = {child: groups.get(key, []) for child, groups in by_version.items()}
        yield OpenVersion(noun, table, row, children, provisions.get(key, []), citations.get(key, []), entries.get(row[noun]))


def _load_rows(connection: Connection, table: Table, *conditions: Any) -> list[Row]:
    return [dict(row) for row in connection.execute(select(table).where(*conditions).order_by(*table.primary_key)).mappings()]


def _group_rows(rows: Sequence[Row], column: str) -> dict[Any, list[Row]]:
    groups: dict[Any, list[Row]] = {}
    for row in rows:
        groups.setdefault(row[column], []).append(row)
    return groups


def _insert_revisions(connection: Connection, count: int) -> int:
    last = connection.execute(select(_REVISION).order_by(_REVISION.c.number.desc()).limit(1)).mappings().one()
    times = (last["recorded_at"] + timedelta(milliseconds=number) for number in range(1, count + 1))
    rows = [{**last, "number": last["number"] + number, "recorded_at": time} for number, time in enumerate(times, start=1)]
    connection.execute(insert(_REVISION), rows)
    return int(last["number"]) + 1


def _insert_versions(connection: Connection, open_versions: Sequence[OpenVersion], first_revision: int, count: int) -> None:
    cause = connection.execute(select(_REVISION.c.cause).where(_REVISION.c.number == first_revision)).scalar_one()
    rows = _NewRows(connection, cause)
    for position, version in enumerate(open_versions[:count]):
        revisions = [first_revision + number // VERSIONS_PER_REVISION for number in range(position, count, len(open_versions))]
        rows.amend(version, revisions)
    rows.insert()


class _NewRows:
    """Collect the rows of new versions by table, with keys of their own."""

    def __init__(self, connection: Connection, cause: str) -> None:
        self._connection = connection
        self._cause = cause
        self._rows: dict[Table, list[Row]] = {}
        self._closed: dict[Table, list[Row]] = {}
        self._next_keys: dict[Table, int] = {}
        last_numbers = select(_CHANGE.c.noun, _CHANGE.c.id, func.max(_CHANGE.c.number)).group_by(_CHANGE.c.noun, _CHANGE.c.id)
        self._last_numbers = {(noun, id): number for noun, id, number in connection.execute(last_numbers)}

    def amend(self, version: OpenVersion, revisions: Sequence[int]) -> None:
        """Add a version at each revision; the last one stays open."""
        self._closed.setdefault(version.table, []).append({"closed": version.row["key"], "at": revisions[0]})
        self._close_parts(version, revisions[0])
        if version.entry:
            self._closed.setdefault(_ENTRY, []).append({"closed": version.entry["key"], "at": revisions[0]})
        for number, (revision, next_revision) in enumerate(zip(revisions, [*revisions[1:], None], strict=True), start=1):
            span = {"revision_from": revision, "revision_to": next_revision}
            key = self._add(version.table, {**version.row, **span, "version": version.row["version"] + number})
            self._copy_children(version, key, next_revision)
            if version.entry:
                self._add(_ENTRY, {**version.entry, **span})
            code = version.row.get("jurisdiction")
            change = {"noun": version.noun, "id": version.id, "jurisdiction": code, "action": str(Action.AMEND)}
            number_of_thing = self._last_numbers.get((version.noun, version.id), 0) + number
            self._add(_CHANGE, {"key": None, "revision": revision, **change, "number": number_of_thing, "fields": []})

    def _close_parts(self, version: OpenVersion, revision: int) -> None:
        for table, rows in ((_LINK, version.children.get(_LINK, ())), (_CITATION, version.citations)):
            self._closed.setdefault(table, []).extend({"closed": row["key"], "at": revision} for row in rows)

    def _copy_children(self, version: OpenVersion, key: int, next_revision: int | None) -> None:
        owner = f"{version.noun}_version"
        for table, rows in version.children.items():
            closing = {"revision_to": next_revision} if table is _LINK else {}
            for row in rows:
                self._add(table, {**row, **closing, owner: key})
        provision_keys = {row["key"]: self._add(_PROVISION, {**row, owner: key}) for row in version.provisions}
        for row in version.citations:
            provision = provision_keys.get(row["provision"])
            self._add(_CITATION, {**row, owner: key, "provision": provision, "revision_to": next_revision})

    def _add(self, table: Table, row: Row) -> int:
        if "key" not in row:
            self._rows.setdefault(table, []).append(row)
            return 0
        if table not in self._next_keys:
            self._next_keys[table] = (self._connection.scalar(select(func.max(table.c.key))) or 0) + 1
        key = self._next_keys[table]
        self._next_keys[table] += 1
        self._rows.setdefault(table, []).append({**row, "key": key})
        return key

    def insert(self) -> None:
        """Close the versions that were amended, and insert all rows: entries and changes in the order of revisions."""
        self._count_changes()
        for table, values in filter(itemgetter(1), self._closed.items()):
            close = update(table).where(table.c.key == bindparam("closed")).values(revision_to=bindparam("at"))
            self._connection.execute(close, values)
        for table in Base.metadata.sorted_tables:  # what is referred to comes first
            rows = self._rows.get(table, [])
            if table in (_ENTRY, _CHANGE):
                _number_by_revision(rows)
            remaining = iter(rows)
            while batch := list(islice(remaining, _INSERTED_AT_ONCE)):
                self._connection.execute(insert(table), batch)

    def _count_changes(self) -> None:
        """Give each change its series, and count the changes of each series through each revision that has some."""
        totals = {row["series"]: row["total"] for row in _load_rows(self._connection, _COUNT)}
        keys = {
            (row["noun"], row["action"], row["cause"], row["jurisdiction"]): row["key"] for row in _load_rows(self._connection, _SERIES)
        }
        counts: dict[tuple[int, int], Row] = {}
        for row in sorted(self._rows[_CHANGE], key=itemgetter("revision")):
            series = (row["noun"], row["action"], self._cause, row["jurisdiction"])
            if series not in keys:
                values = dict(zip(("noun", "action", "cause", "jurisdiction"), series, strict=True))
                keys[series] = self._add(_SERIES, {"key": None, **values})
            row["series"] = key = keys[series]
            totals[key] = totals.get(key, 0) + 1
            counts[key, row["revision"]] = {"series": key, "revision": row["revision"], "total": totals[key]}
        self._rows[_COUNT] = list(counts.values())


def _number_by_revision(rows: list[Row]) -> None:
    """Give rows their keys anew in the order of revisions, as publishing does."""
    keys = [row["key"] for row in rows]
    rows.sort(key=lambda row: row.get("revision", row.get("revision_from")))
    for row, key in zip(rows, keys, strict=True):
        row["key"] = key

"""Build feeds: one entry for each published measure, figure and document, with its last change, newest first.

The feed of a jurisdiction also has an entry for each move of its posture, and for each roster that lists other agreements there
than the one before.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import Integer, Select, and_, bindparam, case, func, select
from sqlalchemy.orm import Session

from legal.db.statements import REVISION, bind_list
from legal.errors import NotFound
from legal.json_types import Row
from legal.models import Change, DocumentVersion, FigureVersion, Jurisdiction, MeasureVersion, Revision, SearchEntry
from legal.queries.core.snapshot import Snapshot
from legal.queries.history.posture_moves import PostureMove, load_posture_moves
from legal.queries.history.roster_differences import RosterDifference, load_roster_differences
from legal.rules.rosters.figure_checks import UnitCounts
from legal.vocabulary import Action, Cause, DocumentType, EntityType, Kind, Metric, Term

MAX_FEED_ENTRIES = 50
"""The number of entries on a page."""
MAX_CHANGES_READ = 1000
"""The number of newest changes to look through, so that an entity that changes very often does not make feeds slow."""

_URN_NAMESPACE = UUID("8b1f3c52-7d0e-4c1b-9a53-2f6e0c7b4d19")
"""The namespace of all ids. It must never change: feed readers would show every entry again as new."""

_TYPES_WITHOUT_ENTRY = (EntityType.ORIGIN, EntityType.ROSTER, EntityType.CONTRADICTION, EntityType.RENAME)
"""An origin is part of the documents that trace back to it, a roster has the entry of its document, and the others have no page."""

_CATEGORY_TERMS: Mapping[str, type[Term]] = {
    EntityType.MEASURE: Kind,
    EntityType.FIGURE: Metric,
    EntityType.DOCUMENT: DocumentType,
}
"""The closed list from which the category of each type of entity comes."""

_CHANGE, _REVISION_ROW = Change.__table__.c, Revision.__table__.c
_JURISDICTION, _SEARCH_ENTRY = Jurisdiction.__table__.c, SearchEntry.__table__.c
_MEASURE, _FIGURE, _DOCUMENT = MeasureVersion.__table__.c, FigureVersion.__table__.c, DocumentVersion.__table__.c

_MICROSECONDS = 1_000_000

_FIRST_RECORDED_AT = select(func.min(_REVISION_ROW.recorded_at))
_NEWEST_CHANGES = (
    select(_CHANGE.noun, _CHANGE.id, _CHANGE.key, _REVISION_ROW.recorded_at)
    .join(Revision.__table__, _REVISION_ROW.number == _CHANGE.revision)
    .where(_CHANGE.revision <= REVISION, _CHANGE.noun.not_in(_TYPES_WITHOUT_ENTRY))
    .order_by(_CHANGE.revision.desc(), _CHANGE.key.desc())
    .limit(bindparam("max_changes", type_=Integer))
)
_NEWEST_CHANGES_OF_JURISDICTION = _NEWEST_CHANGES.where(_CHANGE.jurisdiction == bindparam("jurisdiction"))


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """An entry: ``path`` leads to a page and ``data_path`` to the API, ``categories`` maps terms to labels.

    No two entries of a feed have the same ``updated``.
    """

    id: str
    path: str
    data_path: str
    title: str
    published: datetime
    updated: datetime
    change: str
    summary: str
    categories: Mapping[str, str]

    @property
    def content(self) -> str:
        """Return the full text: the change, then the summary."""
        return f"{self.change}\n\n{self.summary}"


@dataclass(frozen=True, slots=True)
class Feed:
    """Hold one page of a feed: ``path`` is its own address without extension, ``home_path`` that of the page it follows.

    ``updated`` is that of the newest entry on any page. ``pin`` is the query string that the other pages need, so that a walk
    sees one state of the record.
    """

    id: str
    path: str
    home_path: str
    title: str
    updated: datetime
    entries: Sequence[FeedEntry]
    page: int
    page_count: int
    pin: str


@dataclass(frozen=True, slots=True)
class _EntityKey:
    """The key of the last change of an entity, and the time that its entry carries."""

    key: int
    updated: datetime


_FeedItem = _EntityKey | PostureMove | RosterDifference


def load_changes_feed(session: Session, snapshot: Snapshot, page: int = 1) -> Feed:
    """Return a page of the feed of all measures, figures and documents; two SQL statements.

    Raises:
        NotFound: the feed has fewer pages.
    """
    items = _load_entity_keys(session, snapshot, None)
    return _load_feed(session, snapshot, None, items, "changes", ("/changes", "Legal Landscape: changes"), page)


def load_jurisdiction_feed(session: Session, snapshot: Snapshot, jurisdiction: Row, page: int = 1) -> Feed:
    """Return a page of the feed of a jurisdiction: its measures and figures, the moves of its posture, and the changes that rosters made.

    It takes eight SQL statements, and those of ``load_posture_moves``. Documents belong to no jurisdiction.

    Raises:
        NotFound: the feed has fewer pages.
    """
    code = jurisdiction["code"]
    items: list[_FeedItem] = [
        *_load_entity_keys(session, snapshot, code),
        *load_posture_moves(session, snapshot, jurisdiction),
        *load_roster_differences(session, snapshot, code),
    ]
    home = (f"/states/{jurisdiction['slug']}", f"Legal Landscape: {jurisdiction['name']}")
    return _load_feed(session, snapshot, jurisdiction, items, code, home, page)


def _load_feed(
    session: Session, snapshot: Snapshot, jurisdiction: Row | None, items: Sequence[_FeedItem], name: str, home: tuple[str, str], page: int
) -> Feed:
    page_count = max(1, -(-len(items) // MAX_FEED_ENTRIES))
    if page > page_count:
        raise NotFound(f"The feed has {page_count} pages.")
    newest_first = sorted(items, key=_updated_time, reverse=True)
    items_on_page = newest_first[(page - 1) * MAX_FEED_ENTRIES : page * MAX_FEED_ENTRIES]
    keys = [item.key for item in items_on_page if isinstance(item, _EntityKey)]
    rows_by_key = {row["key"]: row for row in snapshot.execute(session, _ENTRIES_BY_KEY, keys=keys).mappings()} if keys else {}
    entries = [_feed_entry(item, rows_by_key, jurisdiction) for item in items_on_page]
    # An empty feed is as old as the record, so that changes elsewhere do not make it look updated.
    updated = _updated_time(newest_first[0]) if items else session.scalars(_FIRST_RECORDED_AT).one()
    pin = f"as_of={snapshot.as_of.isoformat()}&revision={snapshot.revision}"
    return Feed(stable_urn("feed", name), f"/feeds/{name}", *home, updated, entries, page, page_count, pin)


def stable_urn(entity_type: str, id: str) -> str:
    """Return the permanent id of an entity, or of a feed. It is the same in every feed and on every host."""
    return uuid5(_URN_NAMESPACE, f"{entity_type}/{id}").urn


def _load_entity_keys(session: Session, snapshot: Snapshot, code: str | None) -> list[_EntityKey]:
    """Load the last change of each entity, newest first."""
    statement = _NEWEST_CHANGES_OF_JURISDICTION if code else _NEWEST_CHANGES
    last_changes: dict[tuple[str, str], _EntityKey] = {}
    for noun, id, key, recorded_at in snapshot.execute(session, statement, jurisdiction=code, max_changes=MAX_CHANGES_READ):
        last_changes.setdefault((noun, id), _EntityKey(key, _time_of_change(recorded_at, key)))
    return list(last_changes.values())


def _time_of_change(recorded_at: datetime, key: int) -> datetime:
    """Return a time within a second after a revision, in the order of its changes, so that entries of one revision differ."""
    return recorded_at + timedelta(microseconds=key % _MICROSECONDS)


def _updated_time(item: _FeedItem) -> datetime:
    if isinstance(item, _EntityKey):
        return item.updated
    if isinstance(item, RosterDifference):
        return _time_of_change(item.recorded_at, item.change_key)
    # A move of the posture follows from all changes of its revision.
    return item.moment + timedelta(seconds=1)


def _feed_entry(item: _FeedItem, rows_by_key: Mapping[int, Row], jurisdiction: Row | None) -> FeedEntry:
    if isinstance(item, _EntityKey):
        return _entity_entry(rows_by_key[item.key], item.updated)
    assert jurisdiction is not None, "Only the feed of a jurisdiction has entries for its posture and rosters."  # noqa: S101
    return _posture_entry(item, jurisdiction) if isinstance(item, PostureMove) else _roster_entry(item, jurisdiction)


def _posture_entry(move: PostureMove, jurisdiction: Row) -> FeedEntry:
    labels = [f"“{reading.posture.label}”" for reading in (move.earlier_reading, move.later_reading)]
    if move.revision is None:
        change = f"The posture moved on {move.day.isoformat()}, as the day came; no revision changed the record."
    else:
        change = f"The posture moved in revision {move.revision}. {move.cause.label if move.cause else ''}: {move.reason}"
    return FeedEntry(
        id=stable_urn("posture", f"{jurisdiction['code']}/{move.moment.isoformat()}"),
        path=f"/states/{jurisdiction['slug']}",
        data_path=f"/v1/jurisdictions/{jurisdiction['code']}",
        title=f"{jurisdiction['name']}: the posture moved from {labels[0]} to {labels[1]}",
        published=move.moment,
        updated=_updated_time(move),
        change=change,
        summary=move.later_reading.headline,
        categories={"posture": "Posture", jurisdiction["code"]: jurisdiction["name"]},
    )


def _roster_entry(difference: RosterDifference, jurisdiction: Row) -> FeedEntry:
    counts, previous_counts = difference.counts, difference.previous_counts
    day, previous_day = difference.roster.date.isoformat(), difference.previous.date.isoformat()
    sentences = [
        f"ICE's roster of {day} lists {_count_text(counts)} in {jurisdiction['name']}; the one of {previous_day} listed "
        f"{_count_text(previous_counts)}."
    ]
    if difference.names:
        for names, heading in (
            (difference.names.added, "Listed and not before"),
            (difference.names.returned, "Listed again"),
            (difference.names.removed, "Listed before and not now"),
            (difference.names.moved_here, "Listed in another state before, which ICE corrected"),
            (difference.names.moved_away, "Listed in another state, because ICE corrected it"),
        ):
            sentences += [f"{heading}: {'; '.join(names)}."] if names else []
    if difference.names is None:
        sentences.append("The agencies cannot be compared, because only the counts of one or both rosters are on file.")
    return FeedEntry(
        id=stable_urn("roster", f"{difference.roster.id}/{jurisdiction['code']}"),
        path=f"/states/{jurisdiction['slug']}",
        data_path=f"/v1/rosters/{difference.roster.id}",
        title=f"{jurisdiction['name']}: {_count_text(counts)} on ICE's roster of {day}, {_agreement_change_text(counts, previous_counts)}",
        published=difference.recorded_at,
        updated=_updated_time(difference),
        change=f"On file since revision {difference.revision}. {difference.cause.label}: {difference.reason}",
        summary=" ".join(sentences),
        categories={"roster": "Roster", jurisdiction["code"]: jurisdiction["name"]},
    )


def _count_text(counts: UnitCounts) -> str:
    agreements = f"{counts.agreements:,} {'agreement' if counts.agreements == 1 else 'agreements'}"
    return f"{agreements} of {counts.agencies:,} {'agency' if counts.agencies == 1 else 'agencies'}"


def _agreement_change_text(counts: UnitCounts, previous_counts: UnitCounts) -> str:
    change = counts.agreements - previous_counts.agreements
    if not change:
        return "as many agreements as on the one before"
    return f"{abs(change):,} {'more' if change > 0 else 'fewer'} than on the one before"


def _entries_statement() -> Select[Any]:
    first_change, text_entry = Change.__table__.alias("first_change").c, SearchEntry.__table__.alias("text_entry").c
    first_revision = Revision.__table__.alias("first_revision")
    first_number = select(func.min(first_change.revision)).where(first_change.noun == _CHANGE.noun, first_change.id == _CHANGE.id)
    # The entity's newest text by then. For a retraction this is the text before it.
    text_revision = select(func.max(text_entry.revision_from)).where(
        text_entry.noun == _CHANGE.noun, text_entry.id == _CHANGE.id, text_entry.revision_from <= _CHANGE.revision
    )
    is_text = and_(
        _SEARCH_ENTRY.noun == _CHANGE.noun,
        _SEARCH_ENTRY.id == _CHANGE.id,
        _SEARCH_ENTRY.revision_from == text_revision.scalar_subquery(),
    )
    statement = (
        select(*_entry_columns(first_revision.c.recorded_at))
        .join(Revision.__table__, _REVISION_ROW.number == _CHANGE.revision)
        .join(first_revision, first_revision.c.number == first_number.scalar_subquery())
        .join(SearchEntry.__table__, is_text)
        .outerjoin(Jurisdiction.__table__, _JURISDICTION.code == _CHANGE.jurisdiction)
        .where(_CHANGE.key.in_(bind_list("keys", _CHANGE.key)))
    )
    for entity_type, table, id_column in (
        (EntityType.MEASURE, MeasureVersion.__table__, _MEASURE.measure),
        (EntityType.FIGURE, FigureVersion.__table__, _FIGURE.figure),
        (EntityType.DOCUMENT, DocumentVersion.__table__, _DOCUMENT.document),
    ):
        is_version = and_(_CHANGE.noun == entity_type, id_column == _CHANGE.id, table.c.revision_from == _SEARCH_ENTRY.revision_from)
        statement = statement.outerjoin(table, is_version)
    return statement


def _entry_columns(first_recorded_at: Any) -> tuple[Any, ...]:
    return (
        *(_CHANGE.key, _CHANGE.noun, _CHANGE.id, _CHANGE.action, _CHANGE.revision, _CHANGE.jurisdiction),
        *(_JURISDICTION.name.label("place"), _REVISION_ROW.recorded_at, _REVISION_ROW.cause, _REVISION_ROW.reason),
        *(first_recorded_at.label("published"), _SEARCH_ENTRY.title, _DOCUMENT.publisher),
        func.coalesce(_MEASURE.kind, _FIGURE.metric, _DOCUMENT.type).label("sort"),
        func.coalesce(_MEASURE.summary, _FIGURE.note, _DOCUMENT.note).label("text"),
        func.coalesce(_FIGURE.date_edtf, _DOCUMENT.published_edtf).label("date"),
        func.coalesce(_FIGURE.date_basis, _DOCUMENT.published_basis).label("basis"),
        # Only an amendment shows its fields: a creation lists all of them.
        case((_CHANGE.action == Action.AMEND, _CHANGE.fields)).label("fields"),
    )


_ENTRIES_BY_KEY = _entries_statement()
"""Changes with their revision, and with the entity's text as the change left it."""


def _entity_entry(row: Row, updated: datetime) -> FeedEntry:
    is_retracted = row["action"] == Action.RETRACT
    title = ": ".join(filter(None, (row["place"], row["title"])))
    jurisdiction_category = {row["jurisdiction"]: row["place"]} if row["jurisdiction"] else {}
    # A retracted entity has no page any more, but the revision before still has it.
    path = f"/{row['noun']}s/{row['id']}" + (f"?revision={row['revision'] - 1}" if is_retracted else "")
    return FeedEntry(
        id=stable_urn(row["noun"], row["id"]),
        path=path,
        data_path=f"/v1{path}",
        title=f"{title} (retracted)" if is_retracted else title,
        published=row["published"],
        updated=updated,
        change=_change_text(row),
        summary=_summary_text(row),
        categories={row["sort"]: _CATEGORY_TERMS[row["noun"]](row["sort"]).label, **jurisdiction_category},
    )


def _change_text(row: Row) -> str:
    """Return sentences with the action, revision, cause and reason of a change, and the names of the fields that it amended."""
    action, cause = Action(row["action"]), Cause(row["cause"])
    sentences = [f"{action.label} in revision {row['revision']}.", f"{cause.label}: {row['reason']}"]
    if action is Action.RETRACT:
        sentences.append(action.definition)
    if action is Action.AMEND:
        sentences.append(f"Changed: {', '.join(field['name'].replace('_', ' ') for field in row['fields'])}.")
    return " ".join(sentences)


def _summary_text(row: Row) -> str:
    """Return a measure's summary; for a figure or document, its publisher, date and note."""
    if row["noun"] == EntityType.MEASURE:
        return str(row["text"])
    publisher = f"Publisher: {row['publisher']}." if row["publisher"] else None
    date = f"Date: {row['date']} ({row['basis']})." if row["date"] else "Date: unknown."
    return " ".join(filter(None, (publisher, date, row["text"])))

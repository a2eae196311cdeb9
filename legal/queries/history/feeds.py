"""Build feeds: one entry for each published measure, figure and document, with its last change, newest first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import Integer, Select, and_, bindparam, case, func, select
from sqlalchemy.orm import Session

from legal.db.statements import REVISION, bind_list
from legal.json_types import Row
from legal.models import Change, DocumentVersion, FigureVersion, Jurisdiction, MeasureVersion, Revision, SearchEntry
from legal.queries.core.snapshot import Snapshot
from legal.vocabulary import Action, Cause, DocumentType, EntityType, Kind, Metric, Term

MAX_FEED_ENTRIES = 50
MAX_CHANGES_READ = 1000
"""The number of newest changes to look through, so that an entity that changes very often does not make feeds slow."""

_URN_NAMESPACE = UUID("8b1f3c52-7d0e-4c1b-9a53-2f6e0c7b4d19")
"""The namespace of all ids. It must never change: feed readers would show every entry again as new."""

_TYPES_WITHOUT_ENTRY = (EntityType.ORIGIN, EntityType.ROSTER, EntityType.RENAME)
"""An origin is part of the documents that trace back to it, a roster has the entry of its document, and a rename has no page."""

_CATEGORY_TERMS: Mapping[str, type[Term]] = {
    EntityType.MEASURE: Kind,
    EntityType.FIGURE: Metric,
    EntityType.DOCUMENT: DocumentType,
}
"""The closed list from which the category of each type of entity comes."""

_CHANGE, _REVISION_ROW = Change.__table__.c, Revision.__table__.c
_JURISDICTION, _SEARCH_ENTRY = Jurisdiction.__table__.c, SearchEntry.__table__.c
_MEASURE, _FIGURE, _DOCUMENT = MeasureVersion.__table__.c, FigureVersion.__table__.c, DocumentVersion.__table__.c

_ENTRY_ORDER = (_CHANGE.revision.desc(), _CHANGE.noun.desc(), _CHANGE.id.desc())
"""The order of feed entries: by the revision of their last change, newest first, then by type and id in reverse."""

_FIRST_RECORDED_AT = select(func.min(_REVISION_ROW.recorded_at))
_NEWEST_CHANGES = (
    select(_CHANGE.noun, _CHANGE.id, _CHANGE.key)
    .where(_CHANGE.revision <= REVISION, _CHANGE.noun.not_in(_TYPES_WITHOUT_ENTRY))
    .order_by(*_ENTRY_ORDER)
    .limit(bindparam("max_changes", type_=Integer))
)
_NEWEST_CHANGES_OF_JURISDICTION = _NEWEST_CHANGES.where(_CHANGE.jurisdiction == bindparam("jurisdiction"))


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """Describe an entity after its last change. ``path`` is root-relative, and ``categories`` maps terms to labels."""

    id: str
    path: str
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
    """Hold a feed.

    ``path`` is the address of the feed without extension, and ``home_path`` the address of the resource whose changes
    it lists. Both are root-relative.
    """

    id: str
    path: str
    home_path: str
    title: str
    updated: datetime
    entries: Sequence[FeedEntry]


def load_changes_feed(session: Session, snapshot: Snapshot) -> Feed:
    """Return the feed of all measures, figures and documents; two SQL statements."""
    return _load_feed(session, snapshot, None, "changes", "/v1/changes", "Legal Landscape: changes")


def load_jurisdiction_feed(session: Session, snapshot: Snapshot, jurisdiction: Row) -> Feed:
    """Return the feed of a jurisdiction's measures and figures; two SQL statements. Documents belong to no jurisdiction."""
    code = jurisdiction["code"]
    return _load_feed(session, snapshot, code, code, f"/v1/jurisdictions/{code}", f"Legal Landscape: {jurisdiction['name']}")


def _load_feed(session: Session, snapshot: Snapshot, code: str | None, name: str, home_path: str, title: str) -> Feed:
    keys = _load_entry_keys(session, snapshot, code)
    entries = [_feed_entry(row) for row in _load_entry_rows(session, snapshot, keys)] if keys else []
    # An empty feed is as old as the record, so that changes elsewhere do not make it look updated.
    updated = entries[0].updated if entries else session.scalars(_FIRST_RECORDED_AT).one()
    return Feed(stable_urn("feed", name), f"/feeds/{name}", home_path, title, updated, entries)


def stable_urn(entity_type: str, id: str) -> str:
    """Return the permanent id of an entity, or of a feed. It is the same in every feed and on every host."""
    return uuid5(_URN_NAMESPACE, f"{entity_type}/{id}").urn


def _load_entry_keys(session: Session, snapshot: Snapshot, code: str | None) -> list[int]:
    """Load the key of each entity's last change, in the order in which the feed lists the entities."""
    statement = _NEWEST_CHANGES_OF_JURISDICTION if code else _NEWEST_CHANGES
    last_change_keys: dict[tuple[str, str], int] = {}
    for noun, id, key in snapshot.execute(session, statement, jurisdiction=code, max_changes=MAX_CHANGES_READ):
        last_change_keys.setdefault((noun, id), key)
    return list(last_change_keys.values())[:MAX_FEED_ENTRIES]


def _load_entry_rows(session: Session, snapshot: Snapshot, keys: Sequence[int]) -> list[Row]:
    rows_by_key = {row["key"]: row for row in snapshot.execute(session, _ENTRIES_BY_KEY, keys=keys).mappings()}
    return [rows_by_key[key] for key in keys]


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


def _feed_entry(row: Row) -> FeedEntry:
    is_retracted = row["action"] == Action.RETRACT
    title = ": ".join(filter(None, (row["place"], row["title"])))
    jurisdiction_category = {row["jurisdiction"]: row["place"]} if row["jurisdiction"] else {}
    return FeedEntry(
        id=stable_urn(row["noun"], row["id"]),
        # A retracted entity has no page any more, but the revision before still has it.
        path=f"/v1/{row['noun']}s/{row['id']}" + (f"?revision={row['revision'] - 1}" if is_retracted else ""),
        title=f"{title} (retracted)" if is_retracted else title,
        published=row["published"],
        updated=row["recorded_at"],
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

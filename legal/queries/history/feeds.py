"""Feeds: everything that was ever published, by its last change, the newest first."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import Integer, Select, and_, bindparam, case, func, select
from sqlalchemy.orm import Session

from legal.db.statements import REVISION, some
from legal.json_types import Row
from legal.models import Change, DocumentVersion, FigureVersion, Jurisdiction, MeasureVersion, Revision, SearchEntry
from legal.queries.core.snapshot import Snapshot
from legal.vocabulary import Action, Cause, DocumentType, Kind, Metric, Noun, Term

MOST_ENTRIES = 50
MOST_READ = 1000
"""Changes that are looked through, the newest; a thing that changes without end must not cost more than one that rests."""

NAMES = UUID("8b1f3c52-7d0e-4c1b-9a53-2f6e0c7b4d19")
"""The namespace of all ids. Were it to change, every reader would get everything again as new."""

UNTOLD = (Noun.ORIGIN, Noun.ROSTER)
"""What has no entry of its own: an origin is part of what traces back to it, and a list is published as its document."""

SORTS: Mapping[str, type[Term]] = {Noun.MEASURE: Kind, Noun.FIGURE: Metric, Noun.DOCUMENT: DocumentType}
"""By which list each noun is sorted into categories."""

CHANGE, RECORDED, PLACE, ENTRY = Change.__table__.c, Revision.__table__.c, Jurisdiction.__table__.c, SearchEntry.__table__.c
MEASURE, FIGURE, DOCUMENT = MeasureVersion.__table__.c, FigureVersion.__table__.c, DocumentVersion.__table__.c

FIRST = select(func.min(RECORDED.recorded_at))
LOG = (
    select(CHANGE.noun, CHANGE.id, CHANGE.key)
    .where(CHANGE.revision <= REVISION, CHANGE.noun.not_in(UNTOLD))
    .order_by(CHANGE.revision.desc(), CHANGE.noun.desc(), CHANGE.id.desc())
    .limit(bindparam("most", type_=Integer))
)
LOG_OF_PLACE = LOG.where(CHANGE.jurisdiction == bindparam("jurisdiction"))


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing as its last change left it: ``path`` is root-relative, ``categories`` are labels by their words."""

    id: str
    path: str
    title: str
    published: datetime
    updated: datetime
    change: str
    summary: str
    categories: Mapping[str, str]

    @property
    def text(self) -> str:
        """All there is to read: what changed, then what the thing says."""
        return f"{self.change}\n\n{self.summary}"


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed: ``path`` is its own without the ending, ``about`` that of what it follows, both root-relative."""

    id: str
    path: str
    about: str
    title: str
    updated: datetime
    entries: Sequence[Entry]


def whole(session: Session, moment: Snapshot) -> Feed:
    """Measures, figures and documents of all places; two statements."""
    return _feed(session, moment, None, "changes", "/v1/changes", "Legal Landscape: changes")


def of_place(session: Session, moment: Snapshot, place: Row) -> Feed:
    """Measures and figures of a place, a row of ``jurisdictions.find``; two statements. Documents belong to no place."""
    code = place["code"]
    return _feed(session, moment, code, code, f"/v1/jurisdictions/{code}", f"Legal Landscape: {place['name']}")


def _feed(session: Session, moment: Snapshot, code: str | None, name: str, about: str, title: str) -> Feed:
    keys = _last_changes(session, moment, code)
    entries = [_entry(row) for row in _told(session, moment, keys)] if keys else []
    # One without entries is as old as the record, so that it does not seem to move when other places do.
    updated = entries[0].updated if entries else session.scalars(FIRST).one()
    return Feed(urn("feed", name), f"/feeds/{name}", about, title, updated, entries)


def urn(noun: str, id: str) -> str:
    """The id that a thing has in every feed and for good, wherever the service is found."""
    return uuid5(NAMES, f"{noun}/{id}").urn


def _last_changes(session: Session, moment: Snapshot, code: str | None) -> list[int]:
    """The keys of the last changes of the things that changed last, the newest first."""
    newest: dict[tuple[str, str], int] = {}
    for noun, id, key in moment.execute(session, LOG_OF_PLACE if code else LOG, jurisdiction=code, most=MOST_READ):
        newest.setdefault((noun, id), key)
    return list(newest.values())[:MOST_ENTRIES]


def _told(session: Session, moment: Snapshot, keys: Sequence[int]) -> Iterable[Row]:
    found = {row["key"]: row for row in moment.execute(session, TOLD, keys=keys).mappings()}
    return [found[key] for key in keys]


def _changes() -> Select[Any]:
    earlier, first, said = Change.__table__.alias("earlier").c, Revision.__table__.alias("first"), SearchEntry.__table__.alias("said").c
    began = select(func.min(earlier.revision)).where(earlier.noun == CHANGE.noun, earlier.id == CHANGE.id).scalar_subquery()
    spoken = select(func.max(said.revision_from)).where(
        said.noun == CHANGE.noun, said.id == CHANGE.id, said.revision_from <= CHANGE.revision
    )
    rows = (
        select(
            *(CHANGE.key, CHANGE.noun, CHANGE.id, CHANGE.action, CHANGE.revision, CHANGE.jurisdiction, PLACE.name.label("place")),
            *(RECORDED.recorded_at, RECORDED.cause, RECORDED.reason, first.c.recorded_at.label("published"), ENTRY.title),
            func.coalesce(MEASURE.kind, FIGURE.metric, DOCUMENT.type).label("sort"),
            func.coalesce(MEASURE.summary, FIGURE.note, DOCUMENT.note).label("text"),
            func.coalesce(FIGURE.date_edtf, DOCUMENT.published_edtf).label("date"),
            func.coalesce(FIGURE.date_basis, DOCUMENT.published_basis).label("basis"),
            DOCUMENT.publisher,
            # A creation names every field, which is much to read and says nothing.
            case((CHANGE.action == Action.AMEND, CHANGE.fields)).label("fields"),
        )
        .join(Revision.__table__, RECORDED.number == CHANGE.revision)
        .join(first, first.c.number == began)
        .join(
            SearchEntry.__table__,
            and_(ENTRY.noun == CHANGE.noun, ENTRY.id == CHANGE.id, ENTRY.revision_from == spoken.scalar_subquery()),
        )
        .outerjoin(Jurisdiction.__table__, PLACE.code == CHANGE.jurisdiction)
        .where(CHANGE.key.in_(some("keys", CHANGE.key)))
    )
    for noun, version, name in (
        (Noun.MEASURE, MeasureVersion, MEASURE.measure),
        (Noun.FIGURE, FigureVersion, FIGURE.figure),
        (Noun.DOCUMENT, DocumentVersion, DOCUMENT.document),
    ):
        table = version.__table__
        rows = rows.outerjoin(table, and_(CHANGE.noun == noun, name == CHANGE.id, table.c.revision_from == ENTRY.revision_from))
    return rows


TOLD = _changes()
"""Changes with when and why, and what the thing said then; before, where it was retracted."""


def _entry(row: Row) -> Entry:
    retracted = row["action"] == Action.RETRACT
    title = ": ".join(filter(None, (row["place"], row["title"])))
    place = {row["jurisdiction"]: row["place"]} if row["jurisdiction"] else {}
    return Entry(
        id=urn(row["noun"], row["id"]),
        # What is retracted has no page any more, but the revision before still shows it.
        path=f"/v1/{row['noun']}s/{row['id']}" + (f"?revision={row['revision'] - 1}" if retracted else ""),
        title=f"{title} (retracted)" if retracted else title,
        published=row["published"],
        updated=row["recorded_at"],
        change=_change(row),
        summary=_summary(row),
        categories={row["sort"]: SORTS[row["noun"]](row["sort"]).label, **place},
    )


def _change(row: Row) -> str:
    """What was done, when, for what cause and reason, in words."""
    action, cause = Action(row["action"]), Cause(row["cause"])
    told = [f"{action.label} in revision {row['revision']}.", f"{cause.label}: {row['reason']}"]
    if action is Action.RETRACT:
        told.append(action.definition)
    if action is Action.AMEND:
        told.append(f"Changed: {', '.join(field['name'].replace('_', ' ') for field in row['fields'])}.")
    return " ".join(told)


def _summary(row: Row) -> str:
    """What the thing says: a measure's own summary; of a figure or document its date, and what is noted."""
    if row["noun"] == Noun.MEASURE:
        return str(row["text"])
    publisher = f"Publisher: {row['publisher']}." if row["publisher"] else None
    date = f"Date: {row['date']} ({row['basis']})." if row["date"] else "Date: unknown."
    return " ".join(filter(None, (publisher, date, row["text"])))

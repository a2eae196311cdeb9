"""Feeds: everything that was ever published, by its last change, the newest first."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session, aliased

from legal.queries.moments import Moment
from legal.records import Change, DocumentVersion, FigureVersion, Jurisdiction, MeasureVersion, Revision, SearchEntry
from legal.vocabulary import Action, Cause, DocumentType, Kind, Metric, Noun, Term

Row = Mapping[Any, Any]

MOST_ENTRIES = 50
MOST_READ = 1000
"""Changes that are looked through, the newest; a thing that changes without end must not cost more than one that rests."""

NAMES = UUID("8b1f3c52-7d0e-4c1b-9a53-2f6e0c7b4d19")
"""The namespace of all ids. Were it to change, every reader would get everything again as new."""

UNTOLD = (Noun.ORIGIN, Noun.ROSTER)
"""What has no entry of its own: an origin is part of what traces back to it, and a list is published as its document."""

SORTS: Mapping[str, type[Term]] = {Noun.MEASURE: Kind, Noun.FIGURE: Metric, Noun.DOCUMENT: DocumentType}
"""By which list each noun is sorted into categories."""


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


def whole(session: Session, moment: Moment) -> Feed:
    """Measures, figures and documents of all places; two statements."""
    return _feed(session, moment, None, "changes", "/v1/changes", "Legal Landscape: changes")


def of_place(session: Session, moment: Moment, place: Row) -> Feed:
    """Measures and figures of a place, a row of ``jurisdictions.find``; two statements. Documents belong to no place."""
    code = place["code"]
    return _feed(session, moment, code, code, f"/v1/jurisdictions/{code}", f"Legal Landscape: {place['name']}")


def _feed(session: Session, moment: Moment, code: str | None, name: str, about: str, title: str) -> Feed:
    keys = _last_changes(session, moment, code)
    entries = [_entry(row) for row in _told(session, keys)] if keys else []
    # One without entries is as old as the record, so that it does not seem to move when other places do.
    updated = entries[0].updated if entries else session.scalars(select(func.min(Revision.recorded_at))).one()
    return Feed(urn("feed", name), f"/feeds/{name}", about, title, updated, entries)


def urn(noun: str, id: str) -> str:
    """The id that a thing has in every feed and for good, wherever the service is found."""
    return uuid5(NAMES, f"{noun}/{id}").urn


def _last_changes(session: Session, moment: Moment, code: str | None) -> list[int]:
    """The keys of the last changes of the things that changed last, the newest first."""
    log = select(Change.noun, Change.id, Change.key).where(Change.revision <= moment.revision, Change.noun.not_in(UNTOLD))
    if code:
        log = log.where(Change.jurisdiction == code)
    newest: dict[tuple[str, str], int] = {}
    for noun, id, key in session.execute(log.order_by(Change.revision.desc(), Change.noun.desc(), Change.id.desc()).limit(MOST_READ)):
        newest.setdefault((noun, id), key)
    return list(newest.values())[:MOST_ENTRIES]


def _told(session: Session, keys: Sequence[int]) -> Iterable[Row]:
    """Changes in the order of their keys, with when and why, and what the thing said then; before, where it was retracted."""
    earlier, first, said = aliased(Change), aliased(Revision), aliased(SearchEntry)
    began = select(func.min(earlier.revision)).where(earlier.noun == Change.noun, earlier.id == Change.id).scalar_subquery()
    spoken = select(func.max(said.revision_from)).where(
        said.noun == Change.noun, said.id == Change.id, said.revision_from <= Change.revision
    )
    entry, measure, figure, document = SearchEntry, MeasureVersion, FigureVersion, DocumentVersion
    figures, documents = figure.__table__.c, document.__table__.c
    rows = (
        select(
            *(Change.key, Change.noun, Change.id, Change.action, Change.revision, Change.jurisdiction, Jurisdiction.name.label("place")),
            *(Revision.recorded_at, Revision.cause, Revision.reason, first.recorded_at.label("published"), entry.title),
            func.coalesce(measure.kind, figure.metric, document.type).label("sort"),
            func.coalesce(measure.summary, figure.note, document.note).label("text"),
            func.coalesce(figures.date_edtf, documents.published_edtf).label("date"),
            func.coalesce(figures.date_basis, documents.published_basis).label("basis"),
            document.publisher,
            # A creation names every field, which is much to read and says nothing.
            case((Change.action == Action.AMEND, Change.fields)).label("fields"),
        )
        .join(Revision, Revision.number == Change.revision)
        .join(first, first.number == began)
        .join(entry, and_(entry.noun == Change.noun, entry.id == Change.id, entry.revision_from == spoken.scalar_subquery()))
        .outerjoin(Jurisdiction, Jurisdiction.code == Change.jurisdiction)
        .where(Change.key.in_(keys))
    )
    for noun, version, name in (
        (Noun.MEASURE, measure, measure.measure),
        (Noun.FIGURE, figure, figure.figure),
        (Noun.DOCUMENT, document, document.document),
    ):
        rows = rows.outerjoin(version, and_(Change.noun == noun, name == Change.id, version.revision_from == entry.revision_from))
    found = {row["key"]: row for row in session.execute(rows).mappings()}
    return [found[key] for key in keys]


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

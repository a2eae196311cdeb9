"""Keep what is searched in step with what is published, in the same transaction."""

import heapq
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from typing import Any

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.orm import Session, selectinload

from legal.db.statements import BATCH_SIZE, batches, some
from legal.models import Agreement, DocumentVersion, FigureVersion, Jurisdiction, MeasureVersion, RosterRow, SearchEntry
from legal.models.search import tag
from legal.rules.in_effect import STEPS
from legal.rules.search.ranking import BREAK
from legal.rules.search.text import stems
from legal.vocabulary import (
    AgencyClass,
    Cohort,
    Comparator,
    Direction,
    DocumentType,
    Geography,
    IdentifierType,
    Kind,
    Metric,
    Noun,
    Term,
    Unit,
)

Version = MeasureVersion | FigureVersion | DocumentVersion
Texts = tuple[str, dict[str, str | None]]

ENTRY, PLACE, AGREEMENT, ROW = SearchEntry.__table__.c, Jurisdiction.__table__.c, Agreement.__table__.c, RosterRow.__table__.c

CLOSING = (
    update(SearchEntry.__table__)
    .where(ENTRY.noun == bindparam("of"), ENTRY.id == bindparam("thing"), ENTRY.revision_to.is_(None))
    .values(revision_to=bindparam("end"))
)
PLACES = select(PLACE.code, PLACE.name)
AGENCIES = select(ENTRY.id, ENTRY.title, ENTRY.texts).where(
    ENTRY.noun == Noun.AGENCY, ENTRY.id.in_(some("ids", ENTRY.id)), ENTRY.revision_to.is_(None)
)
LAST = func.max(ROW.position).label("last")
SPELLINGS = (
    select(AGREEMENT.agency, AGREEMENT.jurisdiction, ROW.agency.label("name"), LAST)
    .join(RosterRow.__table__, ROW.agreement == AGREEMENT.id)
    .where(AGREEMENT.agency.in_(some("ids", AGREEMENT.agency)))
    .group_by(AGREEMENT.agency, AGREEMENT.jurisdiction, ROW.agency)
    .order_by(LAST, ROW.agency)
)


def add(session: Session, versions: Iterable[object]) -> None:
    """Make what these versions say findable, from the revision that published them; sorts that are not searched are left out."""
    _add(session, sorted((one for one in versions if isinstance(one, Version)), key=_order))


def close(session: Session, revision: int, noun: str, id: str) -> None:
    """From this revision on, find a thing no longer by what it said before."""
    session.execute(CLOSING, {"of": noun, "thing": id, "end": revision})


def complete(session: Session) -> None:
    """Index what was published before there was an index, in the order in which it was published.

    Entries are only ever missing from some revision on, because publishing writes them. The caller
    holds the publishing lock.
    """
    done = session.scalar(select(func.max(SearchEntry.revision_from))) or 0
    _add(
        session, heapq.merge(*(_since(session, done, version) for version in (MeasureVersion, FigureVersion, DocumentVersion)), key=_order)
    )


def agencies(session: Session, revision: int, spelled: Mapping[str, str]) -> None:
    """Make the agencies of a list findable; ``spelled`` gives each one's name in it, and its rows are on file.

    An agency goes by its name in the last list that has it, and is found by all that any list has, in
    whatever order the lists are imported.
    """
    known = {row.id: row for row in _entries(session, list(spelled))}
    unsaid = [id for id, name in spelled.items() if id not in known or known[id].title != _composed(name)]
    places = dict(session.execute(PLACES).all())
    rows = []
    for id, (place, names) in _spellings(session, unsaid).items():
        row = _agency(id, place, names, places, revision)
        if id not in known or (known[id].title, known[id].texts) != (row["title"], row["texts"]):
            close(session, revision, Noun.AGENCY, id)
            rows.append(row)
    for portion in batches(rows):
        session.execute(insert(SearchEntry.__table__), portion)


def _entries(session: Session, ids: list[str]) -> Iterable[Any]:
    for portion in batches(ids):
        yield from session.execute(AGENCIES, {"ids": portion})


def _spellings(session: Session, ids: list[str]) -> dict[str, tuple[str, list[str]]]:
    """The place of each agency, and the names that lists have for it, the last list's last."""
    found: dict[str, tuple[str, list[str]]] = {}
    for portion in batches(ids):
        for id, place, name, _ in session.execute(SPELLINGS, {"ids": portion}):
            found.setdefault(id, (place, []))[1].append(name)
    return found


def _agency(id: str, place: str, names: list[str], places: Mapping[str, str], revision: int) -> dict[str, Any]:
    *others, title = map(_composed, names)
    own = {"names": "; ".join(sorted(others)), "jurisdiction": f"{places[place]} ({place})", "id": id}
    return _written(Noun.AGENCY, id, place, title, own, revision, None)


def _since(session: Session, done: int, version: type[Any]) -> Iterable[Version]:
    rows = select(version).where(version.revision_from > done).order_by(version.revision_from, getattr(version, NOUNS[version][0]))
    if version is MeasureVersion:
        rows = rows.options(selectinload(MeasureVersion.events))
    return session.scalars(rows.execution_options(yield_per=BATCH_SIZE))


def _order(version: Version) -> tuple[int, str, str]:
    noun = NOUNS[type(version)][0]
    return version.revision_from, noun, getattr(version, noun)


def _add(session: Session, versions: Iterable[Version]) -> None:
    names = dict(session.execute(PLACES).all())
    rows = (_entry(version, names) for version in versions)
    while portion := list(islice(rows, BATCH_SIZE)):
        session.execute(insert(SearchEntry.__table__), portion)


def _entry(version: Version, names: Mapping[str, str]) -> dict[str, Any]:
    noun, read = NOUNS[type(version)]
    id, place = getattr(version, noun), getattr(version, "jurisdiction", None)
    title, own = read(version)
    own |= {"jurisdiction": f"{names[place]} ({place})" if place else None, "id": id}
    return _written(noun, id, place, _composed(title), own, version.revision_from, version.revision_to)


def _written(
    noun: str, id: str, place: str | None, title: str, own: Mapping[str, str | None], revision_from: int, revision_to: int | None
) -> dict[str, Any]:
    texts = [{"field": name, "text": _composed(text)} for name, text in own.items() if text]
    return {
        "noun": noun,
        "id": id,
        "jurisdiction": place,
        "revision_from": revision_from,
        "revision_to": revision_to,
        "title": title,
        "texts": texts,
        "title_stems": stems(title),
        "body_stems": BREAK.join(stems(one["text"]) for one in texts),
        "tags": " ".join([tag("noun", noun), *([tag("jurisdiction", place)] if place else [])]),
    }


def _composed(text: str) -> str:
    # So that an accent is no break in a word.
    return unicodedata.normalize("NFC", text)


def measure(version: MeasureVersion) -> Texts:
    """A measure's title and the other texts by which it is found."""
    return version.title, {
        "summary": version.summary,
        "kind": Kind(version.kind).label,
        "status": STEPS[version.kind, version.status].label,
        "direction": Direction(version.direction).label,
        "identifiers": "; ".join(map(_numbered, version.identifiers)),
        "actors": "; ".join(f"{actor['name']}, {actor['role']}" for actor in version.actors),
        "binds": _labels(AgencyClass, *version.binds),
        "exceptions": version.exceptions,
        "effective": version.effective_from.edtf,
        "events": " ".join(event.description for event in version.events),
        "notices": " ".join(notice["text"] for notice in version.notices),
    }


def figure(version: FigureVersion) -> Texts:
    """A figure's title, which is put together from what it says, and the other texts by which it is found."""
    hedge = "" if version.comparator == Comparator.EXACT else f"{Comparator(version.comparator).label} "
    counted = f"{hedge}{version.value:,.12g} {Unit(version.unit).label.lower()}"
    return f"{counted[0].upper()}{counted[1:]}: {Metric(version.metric).label.lower()}", {
        "cohort": _labels(Cohort, version.cohort),
        "geography": _labels(Geography, version.geography),
        "agency_class": _labels(AgencyClass, version.agency_class),
        "date": version.date.edtf,
        "note": version.note,
    }


def document(version: DocumentVersion) -> Texts:
    """A document's title, or what stands for one, and the other texts by which it is found."""
    title = version.title or ", ".join(filter(None, (version.publisher, version.published.edtf))) or version.file
    return title, {
        "publisher": version.publisher,
        "author": version.author,
        "republishes": version.republishes,
        "type": DocumentType(version.type).label,
        "published": version.published.edtf,
        "file": version.file,
        "note": version.note,
    }


def _numbered(identifier: Mapping[str, Any]) -> str:
    # Also without its points and spaces: H.B. 1441 is looked for as HB1441 too.
    number = identifier["number"]
    closed = "".join(sign for sign in number if sign.isalnum())
    return " ".join(dict.fromkeys((IdentifierType(identifier["type"]).label, number, closed)))


def _labels(words: type[Term], *values: str | None) -> str:
    return ", ".join(words(value).label for value in values if value)


NOUNS: dict[type[Any], tuple[str, Callable[[Any], Texts]]] = {
    MeasureVersion: (Noun.MEASURE.value, measure),
    FigureVersion: (Noun.FIGURE.value, figure),
    DocumentVersion: (Noun.DOCUMENT.value, document),
}

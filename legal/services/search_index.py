"""Update the search entries in the transaction that changes the published record."""

import heapq
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.orm import Session, selectinload

from legal.db.statements import BATCH_SIZE, bind_list, split_into_batches
from legal.models import Agreement, DocumentVersion, FigureVersion, Jurisdiction, MeasureVersion, Provision, RosterRow, SearchEntry
from legal.models.search import search_tag
from legal.rules.in_effect import STEPS_BY_STATUS
from legal.rules.search.ranking import FIELD_SEPARATOR
from legal.rules.search.text import stem_text
from legal.services.search_words import add_missing_words, add_words
from legal.vocabulary import (
    UNKNOWN_JURISDICTION,
    AgencyClass,
    Cohort,
    Comparator,
    Direction,
    DocumentType,
    EntityType,
    Geography,
    IdentifierType,
    Kind,
    Metric,
    ProvisionType,
    Term,
    Unit,
)

SearchableVersion = MeasureVersion | FigureVersion | DocumentVersion
Texts = tuple[str, dict[str, str | None]]

_ENTRY, _JURISDICTION, _AGREEMENT, _ROW = SearchEntry.__table__.c, Jurisdiction.__table__.c, Agreement.__table__.c, RosterRow.__table__.c

_CLOSE_ENTRY = (
    update(SearchEntry.__table__)
    .where(_ENTRY.noun == bindparam("entity_type"), _ENTRY.id == bindparam("entity_id"), _ENTRY.revision_to.is_(None))
    .values(revision_to=bindparam("closing_revision"))
)
_JURISDICTION_NAMES = select(_JURISDICTION.code, _JURISDICTION.name)
_AGENCY_ENTRIES = select(_ENTRY.id, _ENTRY.title, _ENTRY.texts).where(
    _ENTRY.noun == EntityType.AGENCY, _ENTRY.id.in_(bind_list("ids", _ENTRY.id)), _ENTRY.revision_to.is_(None)
)
_LAST_POSITION = func.max(_ROW.position).label("last")
_ALL_AGENCY_SPELLINGS = (
    select(_AGREEMENT.agency, _AGREEMENT.jurisdiction, _ROW.agency.label("name"), _LAST_POSITION)
    .join(RosterRow.__table__, _ROW.agreement == _AGREEMENT.id)
    .where(_ROW.revision_to.is_(None))
    .group_by(_AGREEMENT.agency, _AGREEMENT.jurisdiction, _ROW.agency)
    .order_by(_LAST_POSITION, _ROW.agency)
)
_AGENCY_SPELLINGS = _ALL_AGENCY_SPELLINGS.where(_AGREEMENT.agency.in_(bind_list("ids", _AGREEMENT.agency)))


def index_versions(session: Session, versions: Iterable[object]) -> None:
    """Add a search entry for each version, valid from the revision that published it. Versions that search does not cover are skipped."""
    _insert_entries(session, sorted((version for version in versions if isinstance(version, SearchableVersion)), key=_publication_order))


def close_entry(session: Session, revision: int, entity_type: str, id: str) -> None:
    """End the entity's current search entry at this revision."""
    session.execute(_CLOSE_ENTRY, {"entity_type": entity_type, "entity_id": id, "closing_revision": revision})


def index_missing_versions(session: Session) -> None:
    """Index the versions that were published before the search index existed, in the order of publication.

    Search entries are written in the order of revisions, so only those after the newest entry can be missing. Words that are
    missing are added as well. The caller must hold the publishing lock.
    """
    add_missing_words(session)
    indexed_through = session.scalar(select(func.max(SearchEntry.revision_from))) or 0
    _insert_entries(
        session,
        heapq.merge(
            *(_load_versions_after(session, indexed_through, model) for model in (MeasureVersion, FigureVersion, DocumentVersion)),
            key=_publication_order,
        ),
    )


def index_agencies(session: Session, revision: int, names_by_id: Mapping[str, str]) -> None:
    """Update the search entries of a roster's agencies; ``names_by_id`` has each agency's name in that roster.

    The rows of the roster must be stored already. An agency's title is its name in the newest roster that lists it, and
    search also finds it by its names in other rosters. The result is the same in whatever order rosters are imported.
    """
    entries = {row.id: row for row in _load_agency_entries(session, list(names_by_id))}
    outdated_ids = [id for id, name in names_by_id.items() if id not in entries or entries[id].title != _normalize(name)]
    reindex_agencies(session, revision, outdated_ids)


def reindex_agencies(session: Session, revision: int, ids: Sequence[str]) -> None:
    """Bring the search entries of agencies up to date with the rows of rosters; an agency that no roster lists loses its entry."""
    entries = {row.id: row for row in _load_agency_entries(session, ids)}
    spellings = _load_spellings(session, ids)
    jurisdiction_names = dict(session.execute(_JURISDICTION_NAMES).all())
    rows = []
    for id, (jurisdiction, names) in spellings.items():
        row = _agency_entry(id, jurisdiction, names, jurisdiction_names, revision)
        if id not in entries or (entries[id].title, entries[id].texts) != (row["title"], row["texts"]):
            close_entry(session, revision, EntityType.AGENCY, id)
            rows.append(row)
    for id in entries.keys() - spellings.keys():
        close_entry(session, revision, EntityType.AGENCY, id)
    for batch in split_into_batches(rows):
        _insert_rows(session, batch)


def load_agency_titles(session: Session) -> dict[str, str]:
    """Return the title that the search entry of each listed agency must have: its name in the newest roster that lists it."""
    titles: dict[str, str] = {}
    for id, _, name, _ in session.execute(_ALL_AGENCY_SPELLINGS):
        titles[id] = _normalize(name)
    return titles


def _load_agency_entries(session: Session, ids: Sequence[str]) -> Iterable[Any]:
    for batch in split_into_batches(ids):
        yield from session.execute(_AGENCY_ENTRIES, {"ids": batch})


def _load_spellings(session: Session, ids: Sequence[str]) -> dict[str, tuple[str | None, list[str]]]:
    """Load each agency's jurisdiction and its names in the rosters, the name in the newest roster last."""
    spellings: dict[str, tuple[str | None, list[str]]] = {}
    for batch in split_into_batches(ids):
        for id, jurisdiction, name, _ in session.execute(_AGENCY_SPELLINGS, {"ids": batch}):
            spellings.setdefault(id, (jurisdiction, []))[1].append(name)
    return spellings


def _agency_entry(
    id: str, jurisdiction: str | None, names: list[str], jurisdiction_names: Mapping[str, str], revision: int
) -> dict[str, Any]:
    *other_names, title = map(_normalize, names)
    jurisdiction_text = f"{jurisdiction_names[jurisdiction]} ({jurisdiction})" if jurisdiction else UNKNOWN_JURISDICTION
    texts = {"names": "; ".join(sorted(other_names)), "jurisdiction": jurisdiction_text, "id": id}
    return _entry_row(EntityType.AGENCY, id, jurisdiction, title, texts, revision, None)


def _load_versions_after(session: Session, indexed_through: int, model: type[Any]) -> Iterable[SearchableVersion]:
    rows = (
        select(model).where(model.revision_from > indexed_through).order_by(model.revision_from, getattr(model, _TEXT_BUILDERS[model][0]))
    )
    if model is MeasureVersion:
        rows = rows.options(selectinload(MeasureVersion.events), selectinload(MeasureVersion.provisions))
    return session.scalars(rows.execution_options(yield_per=BATCH_SIZE))


def _publication_order(version: SearchableVersion) -> tuple[int, str, str]:
    entity_type = _TEXT_BUILDERS[type(version)][0]
    return version.revision_from, entity_type, getattr(version, entity_type)


def _insert_entries(session: Session, versions: Iterable[SearchableVersion]) -> None:
    jurisdiction_names = dict(session.execute(_JURISDICTION_NAMES).all())
    rows = (_version_entry(version, jurisdiction_names) for version in versions)
    while batch := list(islice(rows, BATCH_SIZE)):
        _insert_rows(session, batch)


def _insert_rows(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    session.execute(insert(SearchEntry.__table__), rows)
    add_words(session, rows)


def _version_entry(version: SearchableVersion, jurisdiction_names: Mapping[str, str]) -> dict[str, Any]:
    entity_type, build_texts = _TEXT_BUILDERS[type(version)]
    id, jurisdiction = getattr(version, entity_type), getattr(version, "jurisdiction", None)
    title, texts = build_texts(version)
    texts |= {"jurisdiction": f"{jurisdiction_names[jurisdiction]} ({jurisdiction})" if jurisdiction else None, "id": id}
    return _entry_row(entity_type, id, jurisdiction, _normalize(title), texts, version.revision_from, version.revision_to)


def _entry_row(
    entity_type: str,
    id: str,
    jurisdiction: str | None,
    title: str,
    texts: Mapping[str, str | None],
    revision_from: int,
    revision_to: int | None,
) -> dict[str, Any]:
    indexed_texts = [{"field": name, "text": _normalize(text)} for name, text in texts.items() if text]
    return {
        "noun": entity_type,
        "id": id,
        "jurisdiction": jurisdiction,
        "revision_from": revision_from,
        "revision_to": revision_to,
        "title": title,
        "texts": indexed_texts,
        "title_stems": stem_text(title),
        "body_stems": FIELD_SEPARATOR.join(stem_text(text["text"]) for text in indexed_texts),
        "tags": " ".join([search_tag("noun", entity_type), *([search_tag("jurisdiction", jurisdiction)] if jurisdiction else [])]),
    }


def _normalize(text: str) -> str:
    # A decomposed accent would split a word in two.
    return unicodedata.normalize("NFC", text)


def _measure_texts(version: MeasureVersion) -> Texts:
    """Return a measure's title and its other searchable texts, by field."""
    return version.title, {
        "summary": version.summary,
        "kind": Kind(version.kind).label,
        "status": STEPS_BY_STATUS[version.kind, version.status].label,
        "direction": Direction(version.direction).label,
        "identifiers": "; ".join(map(_identifier_text, version.identifiers)),
        "actors": "; ".join(f"{actor['name']}, {actor['role']}" for actor in version.actors),
        "binds": _join_labels(AgencyClass, *version.binds),
        "exceptions": version.exceptions,
        "effective": version.effective_from.edtf,
        "events": " ".join(event.description for event in version.events),
        "provisions": " ".join(map(_provision_text, version.provisions)),
        "notices": " ".join(notice["text"] for notice in version.notices),
    }


def _figure_texts(version: FigureVersion) -> Texts:
    """Return a title composed from a figure's value, unit and metric, and its other searchable texts, by field.

    The source's words replace a value that no source prints.
    """
    hedge = "" if version.comparator in (None, Comparator.EXACT) else f"{Comparator(version.comparator).label} "
    number = version.printed if version.value is None else f"{version.value:,.12g}"
    quantity = f"{hedge}{number} {Unit(version.unit).label.lower()}"
    return f"{quantity[0].upper()}{quantity[1:]}: {Metric(version.metric).label.lower()}", {
        "subject": version.title,
        "printed": version.printed,
        "cohort": _join_labels(Cohort, version.cohort),
        "geography": _join_labels(Geography, version.geography),
        "agency_class": _join_labels(AgencyClass, version.agency_class),
        "date": version.date.edtf,
        "note": version.note,
    }


def _document_texts(version: DocumentVersion) -> Texts:
    """Return a document's title and its other searchable texts, by field.

    Publisher and date replace a missing title. The file name replaces it if publisher and date are missing too.
    """
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


def _identifier_text(identifier: Mapping[str, Any]) -> str:
    # Readers search for "H.B. 1441" as "HB1441" too.
    number = identifier["number"]
    compact = "".join(character for character in number if character.isalnum())
    return " ".join(dict.fromkeys((IdentifierType(identifier["type"]).label, number, compact)))


def _provision_text(provision: Provision) -> str:
    speaker = f" ({provision.by})" if provision.by else ""
    return f"{ProvisionType(provision.type).label}{speaker}: {provision.text}"


def _join_labels(terms: type[Term], *values: str | None) -> str:
    return ", ".join(terms(value).label for value in values if value)


_TEXT_BUILDERS: dict[type[Any], tuple[str, Callable[[Any], Texts]]] = {
    MeasureVersion: (EntityType.MEASURE.value, _measure_texts),
    FigureVersion: (EntityType.FIGURE.value, _figure_texts),
    DocumentVersion: (EntityType.DOCUMENT.value, _document_texts),
}

"""Load the seed files into the record, as one revision."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from legal.errors import Fault, InvalidInput, RefusedOperation
from legal.models import Jurisdiction, Roster, RosterVersion
from legal.rules.dates import UNKNOWN_DATE
from legal.rules.evidence import cap_at_access_date
from legal.rules.horizons import LegislativeSession
from legal.services import drafts
from legal.services.publishing import (
    CONTRADICTION_ENTITY,
    DOCUMENT_ENTITY,
    FIGURE_ENTITY,
    MEASURE_ENTITY,
    ORIGIN_ENTITY,
    ChangeReason,
    Draft,
    PublishOutcome,
    VersionedEntity,
    begin_publishing,
    load_open_ids,
    publish,
)
from legal.services.rosters import drafts as roster_drafts
from legal.suggestions import suggest
from legal.vocabulary import NATION_CODE, Cause, Kind

SEEDS_ACTOR = "seeds"
SeedFile = tuple[str, str, Mapping[str, Any]]

_ROSTER, _VERSION = Roster.__table__.c, RosterVersion.__table__.c
_HASHES_OF_ROSTERS = select(_ROSTER.id, _ROSTER.sha256).join(
    RosterVersion.__table__, and_(_VERSION.roster == _ROSTER.id, _VERSION.revision_to.is_(None))
)
_ROSTERS_WITH_ROWS = select(_VERSION.roster).where(_VERSION.revision_to.is_(None), _VERSION.read.is_not(None))


def load_seeds(
    session: Session, files: Sequence[SeedFile], cause: str = Cause.SOURCE_ADDED, reason: str = "Read from the documents."
) -> PublishOutcome:
    """Publish the content of the seed files as one revision; write no revision if nothing differs.

    Jurisdictions that are not on file are added by this revision, and no answer at an earlier one has them. They stay if
    later files do not contain them.

    ``files`` are (name, kind, content), as ``schemas.seeds.validate_seed_files`` returns them. Entities that earlier
    seeds published are retracted if the files no longer contain them. Entities that another actor published are not
    retracted.

    Seeds neither amend nor retract a roster that has rows. If the files contain no counts of rosters, no roster is
    retracted.

    Raises:
        InvalidInput: an id occurs twice, or a reference has no target.
        RefusedOperation: an identifier of a jurisdiction, or a permanent column of a measure, differs from the record;
            or a workbook is on file as a roster of another date.
    """
    check_references(files)
    begin_publishing(session)
    new_jurisdictions = _find_new_jurisdictions(session, [content["jurisdiction"] for _, kind, content in files if kind == "jurisdictions"])
    hashes_by_roster = {row.id: row.sha256 for row in session.execute(_HASHES_OF_ROSTERS)}
    rosters_with_rows = set(session.scalars(_ROSTERS_WITH_ROWS))
    seed_drafts = [*build_drafts(files), *_build_roster_drafts(files, hashes_by_roster, rosters_with_rows)]
    draft_keys = {(draft.entity.name, draft.id) for draft in seed_drafts}
    has_roster_counts = any(kind == "rosters" for _, kind, _ in files)
    # A roster's document and origin have its id, and are retracted only with it.
    protected_ids = rosters_with_rows if has_roster_counts else set(hashes_by_roster)
    retractions: list[tuple[VersionedEntity, str]] = [
        (entity, key)
        for entity in (CONTRADICTION_ENTITY, FIGURE_ENTITY, MEASURE_ENTITY, roster_drafts.ROSTER_ENTITY, DOCUMENT_ENTITY, ORIGIN_ENTITY)
        for key in sorted(load_open_ids(session, entity, SEEDS_ACTOR) - protected_ids)
        if (entity.name, key) not in draft_keys
    ]
    return publish(session, seed_drafts, retractions, ChangeReason(cause, reason, SEEDS_ACTOR), new_jurisdictions)


def build_drafts(files: Sequence[SeedFile]) -> Iterable[Draft]:
    """Yield the drafts that seed files make: origins first, then documents, measures, figures and contradictions."""
    documents = _documents_by_id(files)
    dates = {
        key: cap_at_access_date(data["published"] or UNKNOWN_DATE, (data["accessed"] or UNKNOWN_DATE).latest)
        for key, data in documents.items()
    }
    yield from (drafts.origin_draft(data) for _, kind, content in files if kind == "origins" for data in content["origins"])
    yield from (drafts.document_draft(data) for data in documents.values())
    jurisdictions = [content for _, kind, content in files if kind == "jurisdictions"]
    sessions = _sessions_by_jurisdiction(files)
    yield from (
        drafts.measure_draft(data, code, dates, sessions[code])
        for content in jurisdictions
        for code in [content["jurisdiction"]["code"]]
        for data in content["measures"]
    )
    yield from (
        drafts.figure_draft(data, content["jurisdiction"]["code"], dates) for content in jurisdictions for data in content["figures"]
    )
    yield from (
        drafts.contradiction_draft(data, content["jurisdiction"]["code"], dates)
        for content in jurisdictions
        for data in content["contradictions"]
    )


def _build_roster_drafts(files: Sequence[SeedFile], hashes_by_roster: Mapping[str, str], rosters_with_rows: Set[str]) -> Iterable[Draft]:
    """Yield the drafts of the rosters in the files that have no rows on file, each with the drafts of its origin and document."""
    rosters_by_hash = {sha256: roster for roster, sha256 in hashes_by_roster.items()}
    for data in (data for _, kind, content in files if kind == "rosters" for data in content["rosters"]):
        roster_file = roster_drafts.seeded_roster_file(data)
        stored_id = rosters_by_hash.get(roster_file.sha256, roster_file.id)
        if stored_id in rosters_with_rows:
            continue
        if stored_id != roster_file.id:
            raise RefusedOperation(f"{roster_file.name} is on file as {stored_id}, with another date. Nothing was loaded.")
        yield roster_drafts.roster_origin_draft(roster_file)
        yield roster_drafts.roster_document_draft(roster_file)
        yield roster_drafts.counted_roster_draft(data)


def _sessions_by_jurisdiction(files: Sequence[SeedFile]) -> defaultdict[str, list[LegislativeSession]]:
    sessions_by_jurisdiction: defaultdict[str, list[LegislativeSession]] = defaultdict(list)
    for session in (session for _, kind, content in files if kind == "sessions" for session in content["sessions"]):
        sessions_by_jurisdiction[session.jurisdiction].append(session)
    return sessions_by_jurisdiction


def _documents_by_id(files: Sequence[SeedFile]) -> dict[str, Mapping[str, Any]]:
    return {content["document"]["id"]: content["document"] for _, kind, content in files if kind == "documents"}


def _find_new_jurisdictions(session: Session, jurisdictions: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the jurisdictions that are not on file, and check that the others have the identifiers on file."""
    stored_rows = {row["code"]: row for row in session.execute(select(Jurisdiction.__table__)).mappings()}
    for jurisdiction in jurisdictions:
        stored_row = stored_rows.get(jurisdiction["code"], jurisdiction)
        if differing_keys := ", ".join(key for key, value in jurisdiction.items() if stored_row[key] != value):
            raise RefusedOperation(
                f"The identifiers of {jurisdiction['code']} cannot change, but the seeds and the record differ in: {differing_keys}."
            )
    return [jurisdiction for jurisdiction in jurisdictions if jurisdiction["code"] not in stored_rows]


def check_references(files: Sequence[SeedFile]) -> None:
    """Check that ids are unique across the files and that references have a target.

    Raises:
        InvalidInput: lists one fault for each duplicate id and each reference without a target.
    """
    documents = _documents_by_id(files)
    origins = {data["id"] for _, kind, content in files if kind == "origins" for data in content["origins"]}
    faults = [
        *_duplicate_ids(files),
        *(
            fault
            for name, kind, content in files
            if kind == "jurisdictions"
            for fault in _dangling_references(name, content, documents, origins)
        ),
    ]
    faults += _link_faults(files)
    codes = {content["jurisdiction"]["code"] for _, kind, content in files if kind == "jurisdictions"}
    faults += [
        Fault(f"There is no jurisdiction {row['jurisdiction']}.", pointer=f"{name}#/rosters/{index}/counts")
        for name, kind, content in files
        if kind == "rosters"
        for index, data in enumerate(content["rosters"])
        for row in data["counts"]
        if row["jurisdiction"] not in codes
    ]
    for name, kind, content in files:
        if kind == "documents" and content["document"]["origin"] not in {None, *origins}:
            faults.append(Fault(f"There is no origin {content['document']['origin']}.", pointer=f"{name}#/document/origin"))
    if faults:
        raise InvalidInput("The seed files contradict each other. Nothing was loaded.", faults)


def _duplicate_ids(files: Sequence[SeedFile]) -> Iterable[Fault]:
    ids = Counter(
        key
        for _, kind, content in files
        for key in (
            [("origin", data["id"]) for data in content["origins"]]
            if kind == "origins"
            else [("document", content["document"]["id"])]
            if kind == "documents"
            else [("workbook", data["sha256"]) for data in content["rosters"]]
            if kind == "rosters"
            else [("session", f"{session.jurisdiction} {session.name}") for session in content["sessions"]]
            if kind == "sessions"
            else [
                ("jurisdiction", content["jurisdiction"]["code"]),
                # Measures and figures share one set of ids, because a posture names both by id alone.
                *(("measure or figure", data["id"]) for section in ("measures", "figures") for data in content[section]),
                *(("contradiction", data["id"]) for data in content["contradictions"]),
            ]
        )
    )
    return (
        Fault(f"The id of the {entity} {key} occurs {count} times; ids must be unique.")
        for (entity, key), count in ids.items()
        if count > 1
    )


def _dangling_references(file_name: str, content: Mapping[str, Any], documents: Mapping[str, Any], origins: Set[str]) -> Iterable[Fault]:
    measures = {data["id"] for data in content["measures"]}
    units = {data["id"]: data["unit"] for data in content["figures"]}
    yield from _succession_faults(file_name, content["figures"])
    for index, data in enumerate(content["contradictions"]):
        pointer = f"{file_name}#/contradictions/{index}/measures"
        missing_ids = [id for id in data["measures"] if id not in measures]
        yield from (Fault(f"There is no measure {id} in this jurisdiction.", pointer=pointer) for id in missing_ids)
    for section in ("measures", "figures", "contradictions"):
        for index, data in enumerate(content[section]):
            if data.get("measure") is not None and data["measure"] not in measures:
                yield Fault(
                    f"There is no measure {data['measure']} in this jurisdiction.", pointer=f"{file_name}#/{section}/{index}/measure"
                )
            yield from _derivation_faults(
                f"{file_name}#/{section}/{index}/derivation/of", (data.get("derivation") or {"of": []})["of"], units
            )
            pointer = f"{file_name}#/{section}/{index}"
            yield from _citation_faults(f"{pointer}/citations", data["citations"], documents, origins)
            for position, provision in enumerate(data.get("provisions", ())):
                yield from _citation_faults(f"{pointer}/provisions/{position}/citations", provision["citations"], documents, origins)


def _citation_faults(
    pointer: str, citations: Iterable[Mapping[str, Any]], documents: Mapping[str, Any], origins: Set[str]
) -> Iterable[Fault]:
    for position, citation in enumerate(citations):
        document = documents.get(citation["document"])
        if document is None:
            yield Fault(f"There is no document {citation['document']}.", pointer=f"{pointer}/{position}/document")
        elif citation["end"] > document["characters"] or citation["paragraph"] > document["paragraphs"]:
            yield Fault(
                f"The citation ends after the document does: {citation['document']} has {document['paragraphs']} paragraphs "
                f"and {document['characters']} characters.",
                pointer=f"{pointer}/{position}",
            )
        if citation["origin"] not in {None, *origins}:
            yield Fault(f"There is no origin {citation['origin']}.", pointer=f"{pointer}/{position}/origin")


def _link_faults(files: Sequence[SeedFile]) -> Iterable[Fault]:
    """Yield a fault for each link to a measure that does not exist, or to one of another state."""
    measures = [
        (content["jurisdiction"]["code"], f"{name}#/measures/{index}", data)
        for name, kind, content in files
        if kind == "jurisdictions"
        for index, data in enumerate(content["measures"])
    ]
    codes_by_id = {data["id"]: code for code, _, data in measures}
    for code, pointer, data in measures:
        if data["kind"] == Kind.UNNAMED_STATES and code != NATION_CODE:
            yield Fault(f"Only {NATION_CODE} can have a measure of the kind {data['kind']}.", pointer=f"{pointer}/kind")
        for position, link in enumerate(data["acts_on"]):
            target_code = codes_by_id.get(link["id"])
            if target_code is None:
                suggestions = suggest(link["id"], list(codes_by_id), limit=1)
                advice = f" Did you mean {suggestions[0]}?" if suggestions else ""
                yield Fault(f"There is no measure {link['id']}.{advice}", pointer=f"{pointer}/acts_on/{position}/id")
            elif target_code != code and NATION_CODE not in (code, target_code):
                yield Fault(
                    f"{link['id']} is a measure of {target_code}. A measure of {code} can act only on measures of {code} or {NATION_CODE}.",
                    pointer=f"{pointer}/acts_on/{position}/id",
                )


def _succession_faults(file_name: str, figures: Sequence[Mapping[str, Any]]) -> Iterable[Fault]:
    """Yield a fault for each figure that follows one that is missing, counts something else, is itself or follows it in turn."""
    figures_by_id = {data["id"]: data for data in figures}
    for index, data in enumerate(figures):
        if data["follows"] is None:
            continue
        earlier_figure = figures_by_id.get(data["follows"])
        pointer = f"{file_name}#/figures/{index}/follows"
        if earlier_figure is None:
            yield Fault(f"There is no figure {data['follows']} in this jurisdiction.", pointer=pointer)
        elif data["id"] in (earlier_figure["id"], earlier_figure["follows"]):
            yield Fault("A figure cannot follow itself, nor one that follows it.", pointer=pointer)
        elif (earlier_figure["metric"], earlier_figure["unit"]) != (data["metric"], data["unit"]):
            yield Fault(
                f"The figure {earlier_figure['id']} has another metric or unit. Two ends of one statement share both.", pointer=pointer
            )


def _derivation_faults(pointer: str, figure_ids: Sequence[str], units_by_id: Mapping[str, str]) -> Iterable[Fault]:
    missing_ids = [id for id in figure_ids if id not in units_by_id]
    yield from (Fault(f"There is no figure {id} in this jurisdiction.", pointer=pointer) for id in missing_ids)
    if len({units_by_id[id] for id in figure_ids if id in units_by_id}) > 1:
        yield Fault("These figures have different units. A figure can only be derived from figures in one unit.", pointer=pointer)

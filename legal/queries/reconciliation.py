"""Reconcile names with jurisdictions and agencies, and return the values of their properties, as OpenRefine asks."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from legal.json_types import Json, Row
from legal.queries.core.pagination import Paging
from legal.queries.core.snapshot import Snapshot
from legal.queries.record import jurisdictions
from legal.queries.rosters import agencies, in_force
from legal.queries.stance import postures
from legal.rules.reconciliation import Candidate, complete_prefix, rank_candidates
from legal.vocabulary import AgencyType, JurisdictionType

_ALL_AGENCIES = Paging(1_000_000, "id")


@dataclass(frozen=True, slots=True)
class ReconciledType:
    """A type of entity: its name, and the names of its properties by id."""

    id: str
    name: str
    properties: Mapping[str, str]

    def as_json(self) -> Json:
        """Return the type as clients show it."""
        return {"id": self.id, "name": self.name}


JURISDICTION_TYPE = ReconciledType(
    "jurisdiction",
    "Jurisdiction",
    {
        "code": "USPS code",
        "fips": "FIPS code",
        "iso_3166_2": "ISO 3166-2 code",
        "ocd_id": "Open Civic Data id",
        "type": "Type of jurisdiction",
        "posture": "Posture",
        "posture_label": "Posture in words",
        "headline": "Headline",
        "agreements": "Agreements on the roster in force",
        "agencies": "Agencies on the roster in force",
    },
)
AGENCY_TYPE = ReconciledType(
    "agency",
    "Law enforcement agency",
    {
        "jurisdiction": "Jurisdiction",
        "agency_type": "Type of agency",
        "county": "County",
        "county_fips": "FIPS code of the county",
        "agreements": "Active agreements",
    },
)
RECONCILED_TYPES = {type.id: type for type in (JURISDICTION_TYPE, AGENCY_TYPE)}
PROPERTY_NAMES = {id: name for type in RECONCILED_TYPES.values() for id, name in type.properties.items()}


def reconcile_names(session: Session, snapshot: Snapshot, queries: Mapping[str, Json]) -> Json:
    """Return the candidates of each query, best first; five SQL statements.

    A query has ``query``, and may have ``types``, ``limit`` and ``properties``, which maps a property to its accepted values.
    """
    candidates = load_candidates(session, snapshot)
    return {key: {"result": _query_result(query, candidates)} for key, query in queries.items()}


def load_candidates(session: Session, snapshot: Snapshot) -> list[Candidate]:
    """Load all jurisdictions and agencies as candidates; five SQL statements."""
    jurisdiction_rows = jurisdictions.load_jurisdictions(session, snapshot)
    agency_rows, _ = agencies.list_agencies(session, snapshot, {}, _ALL_AGENCIES)
    rows_by_code = {row["code"]: row for row in jurisdiction_rows}
    return [
        *(_jurisdiction_candidate(row) for row in jurisdiction_rows),
        *(_agency_candidate(row, rows_by_code[row["jurisdiction"]]) for row in agency_rows),
    ]


def _jurisdiction_candidate(row: Row) -> Candidate:
    identifiers = [row[name] for name in ("code", "fips", "iso_3166_2", "ocd_id", "slug") if row[name]]
    type_label = JurisdictionType(row["type"]).label
    properties = {name: [row[name]] for name in ("code", "fips", "iso_3166_2", "ocd_id") if row[name]}
    return Candidate(
        row["code"], JURISDICTION_TYPE.id, [row["name"], *identifiers], type_label, properties | {"type": [row["type"], type_label]}
    )


def _agency_candidate(row: Json, jurisdiction: Row) -> Candidate:
    place = ", ".join(filter(None, (row["county"], jurisdiction["name"])))
    agency_type = [row["agency_type"], AgencyType(row["agency_type"]).label] if row["agency_type"] else []
    properties = {
        "jurisdiction": [jurisdiction[name] for name in ("code", "name", "fips", "iso_3166_2", "ocd_id") if jurisdiction[name]],
        "agency_type": agency_type,
        **{name: [row[name]] for name in ("county", "county_fips") if row[name]},
    }
    return Candidate(row["id"], AGENCY_TYPE.id, [row["name"], row["id"]], place, properties)


def _query_result(query: Json, candidates: Sequence[Candidate]) -> list[Json]:
    candidates_of_type = [candidate for candidate in candidates if not query["types"] or candidate.type in query["types"]]
    ranked_candidates = rank_candidates(query["query"], candidates_of_type, query["properties"], query["limit"])
    return [
        {
            "id": item.candidate.id,
            "name": item.candidate.name,
            "description": item.candidate.description,
            "type": [RECONCILED_TYPES[item.candidate.type].as_json()],
            "score": item.score,
            "match": item.is_match,
        }
        for item in ranked_candidates
    ]


def suggest_entities(session: Session, snapshot: Snapshot, prefix: str, limit: int) -> list[Json]:
    """Return the entities whose name begins with a text; five SQL statements."""
    completions = complete_prefix(prefix, load_candidates(session, snapshot), limit)
    return [
        {
            "id": candidate.id,
            "name": candidate.name,
            "description": candidate.description,
            "notable": [RECONCILED_TYPES[candidate.type].as_json()],
        }
        for candidate in completions
    ]


def load_property_values(session: Session, snapshot: Snapshot, ids: Sequence[str], property_ids: Sequence[str]) -> Json:
    """Return the rows of a data extension: for each id, the values of each property; ten SQL statements.

    An unknown id has no values, and neither has a property that the entity's type lacks.
    """
    entities = load_entities(session, snapshot, ids)
    return {id: {property: _property_cells(entities.get(id, {}).get(property)) for property in property_ids} for id in ids}


def load_entities(session: Session, snapshot: Snapshot, ids: Iterable[str]) -> dict[str, Json]:
    """Return the entities with these ids, each with ``type``, ``name`` and its properties; ten SQL statements."""
    wanted_ids = set(ids)
    current_roster = in_force.load_current_roster(session, snapshot)
    posture_rows = postures.load_postures(session, snapshot, current_roster)
    agency_rows, _ = agencies.list_agencies(session, snapshot, {}, _ALL_AGENCIES)
    names_by_code = {row["code"]: row["name"] for row in posture_rows}
    return {
        **{row["code"]: _jurisdiction_entity(row) for row in posture_rows if row["code"] in wanted_ids},
        **{row["id"]: _agency_entity(row, names_by_code) for row in agency_rows if row["id"] in wanted_ids},
    }


def _jurisdiction_entity(row: Json) -> Json:
    return {
        **{name: row[name] for name in ("name", "slug", "code", "fips", "iso_3166_2", "ocd_id", "type")},
        "posture": row["posture"] and row["posture"]["value"],
        "posture_label": row["posture"] and row["posture"]["label"],
        "headline": row["headline"] and row["headline"]["text"],
        **{unit: row["listed"] and row["listed"][unit] for unit in ("agreements", "agencies")},
        "reconciled_type": JURISDICTION_TYPE,
    }


def _agency_entity(row: Json, names_by_code: Mapping[str, str]) -> Json:
    return {
        **{name: row[name] for name in ("name", "agency_type", "county", "county_fips", "agreements")},
        "jurisdiction": {"id": row["jurisdiction"], "name": names_by_code[row["jurisdiction"]]},
        "reconciled_type": AGENCY_TYPE,
    }


def _property_cells(value: Any) -> list[Json]:
    """Return a property's value as the cells of a data extension."""
    if value is None:
        return []
    if isinstance(value, dict):
        return [value]
    return [{"int": value} if isinstance(value, int) else {"str": str(value)}]

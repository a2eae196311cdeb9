"""Small seeds: one document, one origin and the places that a test asks for."""

import hashlib
from typing import Any

from legal.db.engine import Database
from legal.models import FigureVersion
from legal.rules.dates import UNKNOWN
from legal.schemas.seeds import validated
from legal.services import seeds as acts
from legal.services.publishing import FIGURE, Draft, Outcome, Why, lock, publish
from legal.services.seeds import File

TEXT = "Virginia ended its agreements.\n\nTwo sheriffs kept theirs.\n"
WHY = Why("correction", "A test.", "somebody")
Json = dict[str, Any]


def sha256(text: str) -> str:
    """The hash that documents and spans carry."""
    return hashlib.sha256(text.encode()).hexdigest()


def day(edtf: str) -> Json:
    """A date that is printed."""
    return {"edtf": edtf, "basis": "explicit"}


def citation(start: int = 0, end: int = 30, paragraph: int = 1, **changes: Any) -> Json:
    """A pointer into the document."""
    pointed = {"document": "paper", "paragraph": paragraph, "start": start, "end": end, "sha256": sha256(TEXT[start:end])}
    said = {"role": "supports", "speech_act": "asserts", "attributed_to": [], "origin": "announcement", "note": None}
    return {**pointed, **said, **changes}


def measure(id: str = "va-order", **changes: Any) -> Json:
    """An order in force."""
    scope = {"binds": ["state_agencies"], "does_not_bind": [], "agreements": "existing", "prohibits_agreements": True}
    return {
        "id": id,
        "kind": "executive_order",
        "title": "An order",
        "summary": "It ends agreements.",
        "status": "in_force",
        "direction": "limits_cooperation",
        "identifiers": [],
        "scope": {**scope, "exceptions": None, "max_term_months": None},
        "implies": [],
        "agreements": [],
        "actors": [],
        "effective": {"from": day("2026-02-04"), "to": None},
        "events": [{"event": "issued", "date": None, "description": "The governor issued it."}],
        "citations": [citation()],
        **changes,
    }


def figure(id: str = "va-two-sheriffs", **changes: Any) -> Json:
    """Two agencies."""
    return {
        "id": id,
        "measure": None,
        "metric": "participation",
        "unit": "agencies",
        "cohort": "active_at",
        "geography": None,
        "agency_class": None,
        "model": None,
        "derivation": None,
        "comparator": "exact",
        "value": 2,
        "date": None,
        "note": None,
        "citations": [citation(32, 57, paragraph=2)],
        **changes,
    }


def place(code: str = "VA", name: str = "Virginia", **changes: Any) -> Json:
    """A seed file of a state, with an order and a figure unless told otherwise."""
    identifiers = {
        "code": code,
        "name": name,
        "type": "state",
        "fips": {"VA": "51", "MD": "24"}[code],
        "iso_3166_2": f"US-{code}",
        "ocd_id": f"ocd-division/country:us/state:{code.lower()}",
        "slug": name.lower(),
    }
    given = {"measures": [measure(), measure("va-order-2")], "figures": [figure()]} if code == "VA" else {"measures": [], "figures": []}
    return {"jurisdiction": {**identifiers, **changes.pop("identifiers", {})}, **given, **changes}


def document(**changes: Any) -> Json:
    """The seed file of the document."""
    return {
        "document": {
            "id": "paper",
            "type": "article",
            "file": "paper.txt",
            "title": "Virginia and ICE",
            "publisher": None,
            "author": None,
            "republishes": None,
            "published": day("2026-02-04"),
            "url": None,
            "archive_url": None,
            "accessed": day("2026-11-22"),
            "sha256": sha256(TEXT),
            "paragraphs": 2,
            "characters": len(TEXT),
            "origin": "announcement",
            "serve": "quote_only",
            "note": None,
            "set_aside": [],
            **changes,
        }
    }


def origin(id: str = "announcement", **changes: Any) -> Json:
    """What the document traces back to."""
    return {
        "id": id,
        "type": "official_statement",
        "title": "What the governor said",
        "issuer": None,
        "date": None,
        "note": None,
        **changes,
    }


def raw(*places: Json, documents: list[Json] | None = None, origins: list[Json] | None = None) -> list[tuple[str, str, Json]]:
    """Seed files as they are read, before anything is checked."""
    return [
        ("origins.yaml", "origins", {"origins": [origin()] if origins is None else origins}),
        *((f"documents/{one['document']['id']}.yaml", "documents", one) for one in ([document()] if documents is None else documents)),
        *((f"jurisdictions/{one['jurisdiction']['code']}.yaml", "jurisdictions", one) for one in (places or (place(),))),
    ]


def files(*places: Json, documents: list[Json] | None = None, origins: list[Json] | None = None) -> list[File]:
    """Seed files, checked against their shapes."""
    return [*validated(raw(*places, documents=documents, origins=origins))]


def load(database: Database, *places: Json, **others: list[Json]) -> Outcome:
    """Load small seeds."""
    with database.transaction() as session:
        return acts.load(session, files(*places, **others))


def draft(id: str, value: float = 1, jurisdiction: str = "VA") -> Draft:
    """A figure that nobody's seeds know."""
    said = {"metric": "participation", "unit": "agencies", "comparator": "exact", "value": value, "low": value, "high": value}
    content = {**said, "jurisdiction": jurisdiction, "date": UNKNOWN}
    return Draft(FIGURE, id, {"jurisdiction": jurisdiction}, content, lambda filled: FigureVersion(**filled, **content))


def publish_figures(database: Database, *ids: str, value: float = 1, retract: tuple[str, ...] = (), why: Why = WHY) -> Outcome:
    """Publish figures, and retract others, in one transaction."""
    with database.transaction() as session:
        lock(session)
        return publish(session, [draft(id, value) for id in ids], [(FIGURE, id) for id in retract], why)

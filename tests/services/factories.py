"""Small seeds: one document, one origin and the jurisdictions that a test needs."""

import hashlib
from typing import Any

from legal.db.engine import Database
from legal.json_types import Json
from legal.models import FigureVersion
from legal.rules.dates import UNKNOWN_DATE
from legal.schemas.seeds import validate_seed_files
from legal.services.publishing import FIGURE_ENTITY, ChangeReason, Draft, PublishOutcome, acquire_publishing_lock, publish
from legal.services.seeds import SeedFile, load_seeds

PAPER_TEXT = "Virginia ended its agreements.\n\nTwo sheriffs kept theirs.\n"
CHANGE_REASON = ChangeReason("correction", "A test.", "somebody")


def hash_text(text: str) -> str:
    """Return the SHA-256 of a text in UTF-8, as documents and citations have it."""
    return hashlib.sha256(text.encode()).hexdigest()


def explicit_date(edtf: str) -> Json:
    """Build a date with the basis ``explicit``."""
    return {"edtf": edtf, "basis": "explicit"}


def citation_json(start: int = 0, end: int = 30, paragraph: int = 1, **changes: Any) -> Json:
    """Build a citation of the document's first sentence."""
    span = {"document": "paper", "paragraph": paragraph, "start": start, "end": end, "sha256": hash_text(PAPER_TEXT[start:end])}
    attribution = {"role": "supports", "speech_act": "asserts", "attributed_to": [], "origin": "announcement", "note": None}
    return {**span, **attribution, **changes}


def measure_json(id: str = "va-order", **changes: Any) -> Json:
    """Build an executive order in force."""
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
        "acts_on": [],
        "provisions": [],
        "actors": [],
        "effective": {"from": explicit_date("2026-02-04"), "to": None},
        "events": [{"event": "issued", "date": None, "description": "The governor issued it."}],
        "citations": [citation_json()],
        **changes,
    }


def figure_json(id: str = "va-two-sheriffs", **changes: Any) -> Json:
    """Build a figure of two agencies."""
    return {
        "id": id,
        "measure": None,
        "title": "Offices on the day",
        "metric": "participation",
        "quantity": "count",
        "unit": "agencies",
        "cohort": "active_at",
        "geography": None,
        "agency_class": None,
        "model": None,
        "derivation": None,
        "follows": None,
        "printed": "2",
        "comparator": "exact",
        "value": 2,
        "rounded": None,
        "date": None,
        "period": None,
        "note": None,
        "citations": [citation_json(32, 57, paragraph=2)],
        **changes,
    }


def jurisdiction_file(code: str = "VA", name: str = "Virginia", **changes: Any) -> Json:
    """Build a state's seed file; Virginia's has two orders and a figure by default, another's has none."""
    identifiers = {
        "code": code,
        "name": name,
        "type": "state",
        "fips": {"VA": "51", "MD": "24", "OH": "39"}[code],
        "iso_3166_2": f"US-{code}",
        "ocd_id": f"ocd-division/country:us/state:{code.lower()}",
        "slug": name.lower(),
    }
    entities = (
        {"measures": [measure_json(), measure_json("va-order-2")], "figures": [figure_json()]}
        if code == "VA"
        else {"measures": [], "figures": []}
    )
    return {"jurisdiction": {**identifiers, **changes.pop("identifiers", {})}, **entities, **changes}


def document_file(**changes: Any) -> Json:
    """Build the document's seed file."""
    return {
        "document": {
            "id": "paper",
            "type": "article",
            "file": "paper.txt",
            "title": "Virginia and ICE",
            "publisher": None,
            "author": None,
            "republishes": None,
            "published": explicit_date("2026-02-04"),
            "url": None,
            "archive_url": None,
            "accessed": explicit_date("2026-11-22"),
            "sha256": hash_text(PAPER_TEXT),
            "paragraphs": 2,
            "characters": len(PAPER_TEXT),
            "origin": "announcement",
            "serve": "quote_only",
            "note": None,
            "set_aside": [],
            **changes,
        }
    }


def origin_json(id: str = "announcement", **changes: Any) -> Json:
    """Build the origin of the document."""
    return {
        "id": id,
        "type": "official_statement",
        "title": "What the governor said",
        "issuer": None,
        "date": None,
        "note": None,
        **changes,
    }


def seed_files(*jurisdictions: Json, documents: list[Json] | None = None, origins: list[Json] | None = None) -> list[tuple[str, str, Json]]:
    """Build seed files as (name, kind, content), not validated."""
    return [
        ("origins.yaml", "origins", {"origins": [origin_json()] if origins is None else origins}),
        *(
            (f"documents/{content['document']['id']}.yaml", "documents", content)
            for content in ([document_file()] if documents is None else documents)
        ),
        *(
            (f"jurisdictions/{content['jurisdiction']['code']}.yaml", "jurisdictions", content)
            for content in (jurisdictions or (jurisdiction_file(),))
        ),
    ]


def checked_seed_files(*jurisdictions: Json, documents: list[Json] | None = None, origins: list[Json] | None = None) -> list[SeedFile]:
    """Build seed files and load them with their schemas."""
    return [*validate_seed_files(seed_files(*jurisdictions, documents=documents, origins=origins))]


def load_small_seeds(database: Database, *jurisdictions: Json, **documents_and_origins: list[Json]) -> PublishOutcome:
    """Load small seeds into a database."""
    with database.transaction() as session:
        return load_seeds(session, checked_seed_files(*jurisdictions, **documents_and_origins))


def figure_draft(id: str, value: float = 1, jurisdiction: str = "VA") -> Draft:
    """Build the draft of a figure that is in no seed file."""
    number = {"comparator": "exact", "value": value, "low": value, "high": value, "rounded": False}
    ends = {"period_from": UNKNOWN_DATE, "period_to": UNKNOWN_DATE}
    content = {"metric": "participation", "quantity": "count", "unit": "agencies", **number, **ends}
    content |= {"jurisdiction": jurisdiction, "date": UNKNOWN_DATE}
    return Draft(FIGURE_ENTITY, id, {"jurisdiction": jurisdiction}, content, lambda columns: FigureVersion(**columns, **content))


def publish_figures(
    database: Database, *ids: str, value: float = 1, retract_ids: tuple[str, ...] = (), reason: ChangeReason = CHANGE_REASON
) -> PublishOutcome:
    """Publish figures, and retract others, in one transaction."""
    with database.transaction() as session:
        acquire_publishing_lock(session)
        return publish(session, [figure_draft(id, value) for id in ids], [(FIGURE_ENTITY, id) for id in retract_ids], reason)

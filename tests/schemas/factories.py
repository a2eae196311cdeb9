"""Valid data for the schemas of seed files; tests change one value of it."""

from legal.json_types import Json

DATE: Json = {"edtf": "2026-02-04", "basis": "explicit"}


def valid_citation(**changes: object) -> Json:
    """Build a valid citation with the role ``supports``."""
    return {
        "document": "one",
        "paragraph": 1,
        "start": 0,
        "end": 10,
        "sha256": "0" * 64,
        "role": "supports",
        "speech_act": "asserts",
        "attributed_to": [],
        "origin": None,
        "note": None,
    } | changes


def valid_scope(**changes: object) -> Json:
    """Build a valid scope."""
    return {
        "binds": ["state_agencies"],
        "does_not_bind": ["county_sheriffs"],
        "agreements": "new",
        "prohibits_agreements": True,
        "exceptions": None,
        "max_term_months": 12,
    } | changes


def valid_measure(**changes: object) -> Json:
    """Build a valid executive order in force."""
    return {
        "id": "va-order",
        "kind": "executive_order",
        "title": "An order",
        "summary": "It says something.",
        "status": "in_force",
        "direction": "limits_cooperation",
        "identifiers": [{"type": "order", "number": "12", "url": None}],
        "scope": valid_scope(),
        "implies": ["active_agreements"],
        "agreements": [],
        "acts_on": [],
        "provisions": [],
        "actors": [{"name": "Somebody", "role": "governor"}],
        "effective": {"from": DATE, "to": None},
        "events": [{"event": "issued", "date": None, "description": "It was signed."}],
        "citations": [valid_citation()],
    } | changes


def valid_figure(**changes: object) -> Json:
    """Build a valid figure, a count of agreements."""
    return {
        "id": "va-count",
        "measure": None,
        "title": "Agreements on a day",
        "metric": "participation",
        "quantity": "count",
        "unit": "agreements",
        "cohort": "active_at",
        "geography": None,
        "agency_class": None,
        "model": None,
        "derivation": None,
        "follows": None,
        "printed": "more than 40",
        "comparator": "more_than",
        "value": 40,
        "rounded": None,
        "note": None,
        "date": DATE,
        "period": None,
        "citations": [valid_citation()],
    } | changes


def valid_document(**changes: object) -> Json:
    """Build a valid article."""
    return {
        "id": "one",
        "type": "article",
        "file": "one.txt",
        "title": None,
        "publisher": None,
        "author": None,
        "republishes": None,
        "url": "https://example.org/one",
        "archive_url": None,
        "sha256": "0" * 64,
        "paragraphs": 3,
        "characters": 100,
        "origin": None,
        "serve": "quote_only",
        "note": None,
        "set_aside": [{"paragraphs": [2], "why": "It carries no claim."}],
        "published": None,
        "accessed": DATE,
    } | changes


def valid_origin(**changes: object) -> Json:
    """Build a valid origin, an announcement."""
    return {"id": "release", "type": "official_statement", "title": "A release", "issuer": None, "date": DATE, "note": None} | changes


def valid_jurisdiction(**changes: object) -> Json:
    """Build Virginia's identifiers."""
    return {
        "code": "VA",
        "name": "Virginia",
        "type": "state",
        "fips": "51",
        "iso_3166_2": "US-VA",
        "ocd_id": "ocd-division/country:us/state:va",
        "slug": "virginia",
    } | changes

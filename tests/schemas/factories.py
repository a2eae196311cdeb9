"""What a seed file or a proposal may say, as plain data, whole and right; a test changes one thing of it."""

from typing import Any

Json = dict[str, Any]
DATE: Json = {"edtf": "2026-02-04", "basis": "explicit"}


def citation(**more: object) -> Json:
    """A pointer into a document that supports something."""
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
    } | more


def scope(**more: object) -> Json:
    """Whom a measure binds."""
    return {
        "binds": ["state_agencies"],
        "does_not_bind": ["county_sheriffs"],
        "agreements": "new",
        "prohibits_agreements": True,
        "exceptions": None,
        "max_term_months": 12,
    } | more


def measure(**more: object) -> Json:
    """An order in force."""
    return {
        "id": "va-order",
        "kind": "executive_order",
        "title": "An order",
        "summary": "It says something.",
        "status": "in_force",
        "direction": "limits_cooperation",
        "identifiers": [{"type": "order", "number": "12", "url": None}],
        "scope": scope(),
        "implies": ["active_agreements"],
        "agreements": [],
        "actors": [{"name": "Somebody", "role": "governor"}],
        "effective": {"from": DATE, "to": None},
        "events": [{"event": "issued", "date": None, "description": "It was signed."}],
        "citations": [citation()],
    } | more


def figure(**more: object) -> Json:
    """A count of agreements."""
    return {
        "id": "va-count",
        "measure": None,
        "metric": "participation",
        "unit": "agreements",
        "cohort": "active_at",
        "geography": None,
        "agency_class": None,
        "model": None,
        "derivation": None,
        "comparator": "more_than",
        "value": 40,
        "note": None,
        "date": DATE,
        "citations": [citation()],
    } | more


def document(**more: object) -> Json:
    """An article on file."""
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
    } | more


def origin(**more: object) -> Json:
    """An announcement."""
    return {"id": "release", "type": "official_statement", "title": "A release", "issuer": None, "date": DATE, "note": None} | more


def place(**more: object) -> Json:
    """Virginia's identifiers."""
    return {
        "code": "VA",
        "name": "Virginia",
        "type": "state",
        "fips": "51",
        "iso_3166_2": "US-VA",
        "ocd_id": "ocd-division/country:us/state:va",
        "slug": "virginia",
    } | more

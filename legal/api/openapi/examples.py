"""Examples for the description: answers as this service gives them, short ones, by the operation's name."""

from typing import Any

from legal.vocabulary import CODEBOOK_VERSION, Kind

META = {"revision": 1, "as_of": "2026-11-22", "known_at": "2026-11-22T12:00:00Z", "codebook": CODEBOOK_VERSION}
UNKNOWN = {"edtf": None, "earliest": None, "latest": None, "basis": "unknown"}
DIRECTIVE_DAY = {"edtf": "2026-02-04", "earliest": "2026-02-04", "latest": "2026-02-04", "basis": "inferred"}
SILENT: dict[str, Any] = {"knowledge": "no_record", "evidence_through": UNKNOWN, "measures": [], "citations": [], "listed": None}


def place(code: str, name: str, fips: str) -> dict[str, str]:
    """A state's identifiers."""
    return {
        "code": code,
        "name": name,
        "type": "state",
        "fips": fips,
        "iso_3166_2": f"US-{code}",
        "ocd_id": f"ocd-division/country:us/state:{code.lower()}",
        "slug": name.lower(),
    }


ROW: dict[str, Any] = {
    **place("VA", "Virginia", "51"),
    "posture": {"value": "limited_with_agreements", "label": "Limited, agreements on file"},
    "measures": {**{str(kind): 0 for kind in Kind}, "executive_order": 1, "pending_bill": 1, "active_agreements": 2},
}

CARD: dict[str, Any] = {
    **place("WY", "Wyoming", "56"),
    "posture": {
        "value": "no_record",
        "label": "No record",
        "rule": "R12",
        "rule_version": 1,
        "because": [],
        "set_aside": [],
        "could_be": [],
        "would_become": [],
        "confidence": "none",
        "evidence_through": UNKNOWN,
        "stale": False,
    },
    "stance": {str(kind): SILENT for kind in Kind},
    "figures": [],
    "conflicts": [],
    "coverage": {
        "documents_searched": 5,
        "documents_mentioning": 0,
        "latest_document": {"edtf": "2026-02-04/2026", "earliest": "2026-02-04", "latest": "2026-12-31", "basis": "inferred"},
    },
    "cite_as": (
        "Legal Landscape, “Wyoming”, as of 2026-11-22, revision 1 (recorded 2026-11-22), /v1/jurisdictions/WY?as_of=2026-11-22&revision=1"
    ),
    "license": "CC-BY-4.0",
    "links": {
        "self": "/v1/jurisdictions/WY",
        "permalink": "/v1/jurisdictions/WY?as_of=2026-11-22&revision=1",
        "timeline": "/v1/jurisdictions/WY/timeline",
        "html": None,
        "csv": "/v1/measures?jurisdiction=WY&format=csv",
        "feed": "/feeds/WY.atom",
    },
    "meta": META,
}

FIGURE: dict[str, Any] = {
    "id": "va-ordered-to-terminate-5-agreements",
    "jurisdiction": "VA",
    "measure": "va-state-agreements-2025",
    "metric": "ordered_to_terminate",
    "unit": "agreements",
    "cohort": None,
    "geography": None,
    "agency_class": "state_agencies",
    "model": None,
    "derivation": None,
    "comparator": "exact",
    "value": 5,
    "low": 5,
    "high": 5,
    "date": DIRECTIVE_DAY,
    "reported": "yes",
    "note": None,
    "citations": [
        {
            "document": "agreements-retelling-2026",
            "paragraph": 21,
            "start": 8617,
            "end": 8677,
            "sha256": "a30b4d13d8d6dfe2762869b97827a89e73f72a09816dc1ff9334047b33cafaa4",
            "role": "supports",
            "speech_act": "asserts",
            "attributed_to": [],
            "origin": "va-directive-2026-02-04",
            "note": "The month and day are printed; the document's other words put it in 2026.",
            "quote": None,
            "verified": None,
        }
    ],
    "corroboration": {"documents": 1, "publishers": 0, "origins": 1},
    "roster_check": None,
    "derived_check": None,
    "version": 1,
    "links": {"self": "/v1/figures/va-ordered-to-terminate-5-agreements", "jurisdiction": "/v1/jurisdictions/VA"},
    "meta": META,
}

EXAMPLES: dict[str, dict[str, Any]] = {
    "listJurisdictions": {
        "results": [ROW],
        "count": 1,
        "next": None,
        "meta": {**META, "filters": {"kind": ["executive_order"], "q": "virg"}},
    },
    "getJurisdiction": CARD,
    "getFigure": FIGURE,
}

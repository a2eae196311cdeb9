"""Hold example responses for the OpenAPI description, by operation id."""

from legal.json_types import Json
from legal.rules.posture import RULE_PACK
from legal.vocabulary import BACKGROUND_KINDS, CODEBOOK_VERSION, STANCE_KINDS, Kind

EXAMPLE_EPOCH = "4f1c09d2ab"
"""The epoch in examples, of the form that a real one has."""
_META = {
    "revision": 1,
    "as_of": "2026-11-22",
    "known_at": "2026-11-22T12:00:00Z",
    "codebook": CODEBOOK_VERSION,
    "rules": RULE_PACK,
    "epoch": EXAMPLE_EPOCH,
}
_UNKNOWN_DATE = {"edtf": None, "earliest": None, "latest": None, "basis": "unknown"}
_DIRECTIVE_DATE = {"edtf": "2026-02-04", "earliest": "2026-02-04", "latest": "2026-02-04", "basis": "inferred"}
_EMPTY_SLOT: Json = {
    "knowledge": "no_record",
    "evidence_through": _UNKNOWN_DATE,
    "measures": [],
    "because": [],
    "citations": [],
    "listed": None,
}


def _state_identifiers(code: str, name: str, fips: str) -> dict[str, str]:
    """Return the identifiers of a state."""
    return {
        "code": code,
        "name": name,
        "type": "state",
        "fips": fips,
        "iso_3166_2": f"US-{code}",
        "ocd_id": f"ocd-division/country:us/state:{code.lower()}",
        "slug": name.lower(),
    }


def _example_headline(text: str, evidence_through: Json, stale: bool | None) -> Json:
    """Return a headline with the date that all examples use."""
    return {"text": text, "as_of": _META["as_of"], "evidence_through": evidence_through, "stale": stale}


_JURISDICTION_ROW: Json = {
    **_state_identifiers("VA", "Virginia", "51"),
    "posture": {"value": "limited_with_agreements", "label": "Limited, agreements on file"},
    "headline": _example_headline(
        "Law or policy in force in Virginia limits 287(g) cooperation in part, and at least one 287(g) agreement is on file as in effect, "
        "according to evidence published by February 4, 2026. That evidence may be more than 12 months old.",
        _DIRECTIVE_DATE,
        True,
    ),
    "measures": {**{str(kind): 0 for kind in Kind}, "executive_order": 1, "pending_bill": 1, "active_agreements": 2},
    "listed": None,
}

_CARD: Json = {
    **_state_identifiers("WY", "Wyoming", "56"),
    "headline": _example_headline(
        "The documents on file do not say where Wyoming stands on this day; that says nothing about its law or its agreements.",
        _UNKNOWN_DATE,
        None,
    ),
    "posture": {
        "value": "no_record",
        "label": "No record",
        "rule": "R14",
        "rule_version": RULE_PACK,
        "because": [],
        "set_aside": [],
        "could_be": [],
        "would_become": [],
        "confidence": "none",
        "evidence_through": _UNKNOWN_DATE,
        "stale": False,
    },
    "stance": {str(kind): _EMPTY_SLOT for kind in STANCE_KINDS},
    "background": {str(kind): _EMPTY_SLOT for kind in BACKGROUND_KINDS},
    "national_claims": [],
    "figures": [],
    "conflicts": [],
    "coverage": {
        "documents_searched": 5,
        "documents_mentioning": 0,
        "latest_document": {"edtf": "2026-02-04/2026", "earliest": "2026-02-04", "latest": "2026-12-31", "basis": "inferred"},
    },
    "cite_as": (
        "Legal Landscape, “Wyoming: stance on section 287(g) cooperation,” as of November 22, 2026 (revision 1, recorded November 22, 2026; "
        f"rule pack {RULE_PACK}), /v1/jurisdictions/WY?as_of=2026-11-22&revision=1&rules={RULE_PACK}&epoch={EXAMPLE_EPOCH}"
    ),
    "license": "CC-BY-4.0",
    "links": {
        "self": "/v1/jurisdictions/WY",
        "permalink": f"/v1/jurisdictions/WY?as_of=2026-11-22&revision=1&rules={RULE_PACK}&epoch={EXAMPLE_EPOCH}",
        "timeline": "/v1/jurisdictions/WY/timeline",
        "html": "/states/wyoming",
        "csv": "/v1/measures?jurisdiction=WY&format=csv",
        "conflicts": f"/v1/conflicts?jurisdiction=WY&verdict=contradictory,underspecified&as_of=2026-11-22&revision=1&rules={RULE_PACK}&epoch={EXAMPLE_EPOCH}",
        "feed": "/feeds/WY.atom",
    },
    "meta": _META,
}

_FIGURE: Json = {
    "id": "va-ordered-to-terminate-5-agreements",
    "jurisdiction": "VA",
    "measure": "va-state-agreements-2025",
    "title": "Agreements that Virginia's state agencies were ordered to end",
    "metric": "ordered_to_terminate",
    "quantity": "count",
    "unit": "agreements",
    "cohort": None,
    "geography": None,
    "agency_class": "state_agencies",
    "model": None,
    "derivation": None,
    "follows": None,
    "printed": "five",
    "comparator": "exact",
    "rounded": False,
    "value": 5,
    "low": 5,
    "high": 5,
    "date": _DIRECTIVE_DATE,
    "period": None,
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
            "origin": "agreements-retelling-2026-own",
            "note": "The month and day are printed; the document's other words put it in 2026.",
            "quote": None,
            "verified": None,
        }
    ],
    "corroboration": {"documents": 1, "publishers": None, "origins": 1},
    "roster_check": None,
    "derived_check": None,
    "version": 1,
    "links": {"self": "/v1/figures/va-ordered-to-terminate-5-agreements", "jurisdiction": "/v1/jurisdictions/VA"},
    "meta": _META,
}

RESPONSE_EXAMPLES: dict[str, Json] = {
    "listJurisdictions": {
        "results": [_JURISDICTION_ROW],
        "count": 1,
        "next": None,
        "next_cursor": None,
        "meta": {**_META, "filters": {"kind": ["executive_order"], "q": "virg"}},
    },
    "getJurisdiction": _CARD,
    "getFigure": _FIGURE,
}

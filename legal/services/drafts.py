"""Build drafts from validated seed data, with the periods and bounds that the rules compute from them."""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from legal.models import (
    Citation,
    ContradictionVersion,
    DocumentVersion,
    Event,
    FigureVersion,
    MeasureLink,
    MeasureVersion,
    OriginVersion,
    Provision,
    StatusPeriod,
)
from legal.rules.dates import UNKNOWN_DATE, EdtfDate
from legal.rules.evidence import report_bounds
from legal.rules.figures import allowed_interval, is_round_number
from legal.rules.horizons import LegislativeSession
from legal.rules.in_effect import compute_effect_period
from legal.rules.statuses import dated_statuses
from legal.services.publishing import CONTRADICTION_ENTITY, DOCUMENT_ENTITY, FIGURE_ENTITY, MEASURE_ENTITY, ORIGIN_ENTITY, Draft
from legal.vocabulary import Role, SpeechAct

LoadedData = Mapping[str, Any]

_LATER_KEYS = ("agreements", "acts_on", "provisions")
"""Keys that measures got after the first were published."""


def origin_draft(data: LoadedData) -> Draft:
    """Build an origin's draft from data loaded with ``schemas.document.OriginDraft``."""
    content = {**data, "date": data["date"] or UNKNOWN_DATE}
    fields = {key: value for key, value in content.items() if key != "id"}
    return Draft(ORIGIN_ENTITY, data["id"], {}, content, lambda publishing_columns: OriginVersion(**publishing_columns, **fields))


def document_draft(data: LoadedData) -> Draft:
    """Build a document's draft from data loaded with ``schemas.document.DocumentDraft``."""
    content = {**data, "published": data["published"] or UNKNOWN_DATE, "accessed": data["accessed"] or UNKNOWN_DATE}
    fields = {key: value for key, value in content.items() if key != "id"}
    return Draft(DOCUMENT_ENTITY, data["id"], {}, content, lambda publishing_columns: DocumentVersion(**publishing_columns, **fields))


def measure_draft(
    data: LoadedData, jurisdiction: str, document_dates: Mapping[str, EdtfDate], sessions: Sequence[LegislativeSession] = ()
) -> Draft:
    """Build a measure's draft from data loaded with ``schemas.measure.MeasureDraft``, with the period in which it is in effect.

    ``document_dates`` has each document's date by id, capped at the day we read it (``rules.evidence.cap_at_access_date``).
    ``sessions`` are those of the jurisdiction's legislature.
    """
    effective = {end: data["effective"][key] or UNKNOWN_DATE for end, key in (("from", "from_"), ("to", "to"))}
    events = [{**event, "date": event["date"] or UNKNOWN_DATE} for event in data["events"]]
    event_dates = [(event["event"], event["date"]) for event in events]
    source_dates = _source_dates(data["citations"], document_dates)
    period = compute_effect_period(data["kind"], data["status"], effective["from"], effective["to"], event_dates, source_dates, sessions)
    statuses = dated_statuses(data["kind"], data["status"], event_dates, source_dates, period, effective["to"])
    provisions = [{**provision, "date": provision["date"] or UNKNOWN_DATE} for provision in data["provisions"]]
    # These lists are left out if empty: measures published before the keys existed must keep their hash.
    stated_fields = {key: value for key, value in {**data, "provisions": provisions}.items() if key not in _LATER_KEYS or value}
    content = {
        **stated_fields,
        "jurisdiction": jurisdiction,
        "effective": effective,
        "events": events,
        "standing": period,
        "statuses": [dated_status._asdict() for dated_status in statuses],
    }
    scope = data["scope"]
    fields = {
        **{key: data[key] for key in ("kind", "title", "summary", "status", "direction", "identifiers", "implies", "actors")},
        **{key: scope[key] for key in ("binds", "does_not_bind", "prohibits_agreements", "exceptions", "max_term_months")},
        "reach": scope["agreements"],
        "agreements": data["agreements"] or None,
        "jurisdiction": jurisdiction,
        "notices": [],
        "effective_from": effective["from"],
        "effective_to": effective["to"],
        **{field.name: getattr(period, field.name) for field in dataclasses.fields(period)},
    }
    return Draft(
        MEASURE_ENTITY,
        data["id"],
        {"jurisdiction": jurisdiction, "kind": data["kind"]},
        content,
        lambda publishing_columns: MeasureVersion(
            **publishing_columns,
            **fields,
            events=[Event(position=position, **event) for position, event in enumerate(events)],
            status_periods=[StatusPeriod(**dated_status._asdict()) for dated_status in statuses],
            links=[
                MeasureLink(position=position, target=link["id"], effect=link["effect"]) for position, link in enumerate(data["acts_on"])
            ],
            **_build_provisions(data["citations"], provisions),
        ),
    )


def figure_draft(data: LoadedData, jurisdiction: str, document_dates: Mapping[str, EdtfDate]) -> Draft:
    """Build a figure's draft from data loaded with ``schemas.figure.FigureDraft``, with its bounds and the dates of the first report."""
    quantity = data["comparator"], data["value"], data["unit"]
    low, high = (None, None) if data["value"] is None else allowed_interval(*quantity)
    is_rounded = data["value"] is not None and data["rounded"] is not False and is_round_number(*quantity)
    period = data["period"] or {"from_": None, "to": None}
    ends = {"from": period["from_"] or UNKNOWN_DATE, "to": period["to"] or UNKNOWN_DATE}
    date = data["date"] or UNKNOWN_DATE
    reported_earliest, reported_latest = report_bounds(date, _source_dates(data["citations"], document_dates))
    derived_values = {
        "low": low,
        "high": high,
        "rounded": is_rounded,
        "reported_earliest": reported_earliest,
        "reported_latest": reported_latest,
    }
    # A null model is left out: figures published before the key existed must keep their hash.
    stated_fields = {key: value for key, value in data.items() if key != "model" or value}
    content = {**stated_fields, "jurisdiction": jurisdiction, "date": date, "period": data["period"] and ends, **derived_values}
    columns = {key: value for key, value in content.items() if key not in ("id", "citations", "period")}
    fields = {**columns, "period_from": ends["from"], "period_to": ends["to"]}
    return Draft(
        FIGURE_ENTITY,
        data["id"],
        {"jurisdiction": jurisdiction},
        content,
        lambda publishing_columns: FigureVersion(**publishing_columns, **fields, citations=_build_citations(data["citations"])),
    )


def contradiction_draft(data: LoadedData, jurisdiction: str, document_dates: Mapping[str, EdtfDate]) -> Draft:
    """Build a contradiction's draft from data loaded with ``schemas.contradiction.ContradictionDraft``.

    It is on file from the day on which the last of its documents was published.
    """
    reported_dates = latest_bounds(_source_dates(data["citations"], document_dates))
    content = {
        **data,
        "jurisdiction": jurisdiction,
        "reported_earliest": reported_dates.earliest,
        "reported_latest": reported_dates.latest,
    }
    fields = {key: value for key, value in content.items() if key not in ("id", "citations")}
    return Draft(
        CONTRADICTION_ENTITY,
        data["id"],
        {"jurisdiction": jurisdiction},
        content,
        lambda publishing_columns: ContradictionVersion(**publishing_columns, **fields, citations=_build_citations(data["citations"])),
    )


def _build_provisions(citations: Sequence[LoadedData], provisions: Sequence[LoadedData]) -> dict[str, list[Any]]:
    """Build the rows of ``provisions`` and ``citations``. The citations of the measure come first, then those of each provision."""
    all_citations = _build_citations(citations)
    rows = []
    for position, provision in enumerate(provisions):
        provision_citations = _build_citations(provision["citations"], first_position=len(all_citations))
        all_citations += provision_citations
        rows.append(Provision(**{**provision, "position": position, "citations": provision_citations}))
    return {"provisions": rows, "citations": all_citations}


def _build_citations(data: Iterable[LoadedData], first_position: int = 0) -> list[Citation]:
    """Build citation rows. Their ``position`` counts from ``first_position``, in the order of the list."""
    return [Citation(position=position, **citation) for position, citation in enumerate(data, first_position)]


def _source_dates(data: Iterable[LoadedData], document_dates: Mapping[str, EdtfDate]) -> list[EdtfDate]:
    """Return the dates of the documents that support the claim. Citations with the speech act ``predicts`` do not count."""
    return [
        document_dates[citation["document"]]
        for citation in data
        if citation["role"] == Role.SUPPORTS and citation["speech_act"] != SpeechAct.PREDICTS
    ]


def latest_bounds(dates: Sequence[EdtfDate]) -> EdtfDate:
    """Return bounds of the latest of several dates: the largest bounds, and no upper bound if one of them has none."""
    earliest = max((date.earliest for date in dates if date.earliest), default=None)
    upper_bounds = [date.latest for date in dates if date.latest]
    return EdtfDate(None, earliest, max(upper_bounds) if len(upper_bounds) == len(dates) else None, UNKNOWN_DATE.basis)

"""Build drafts from validated seed data, with the periods and bounds that the rules compute from them."""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from legal.models import Citation, DocumentVersion, Event, FigureVersion, MeasureVersion, OriginVersion, StatusPeriod
from legal.rules.dates import UNKNOWN_DATE, EdtfDate
from legal.rules.evidence import report_bounds
from legal.rules.figures import allowed_interval
from legal.rules.horizons import LegislativeSession
from legal.rules.in_effect import compute_effect_period
from legal.rules.statuses import dated_statuses
from legal.services.publishing import DOCUMENT_ENTITY, FIGURE_ENTITY, MEASURE_ENTITY, ORIGIN_ENTITY, Draft
from legal.vocabulary import Role, SpeechAct

LoadedData = Mapping[str, Any]


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
    # An empty list of agreements is left out: measures published before the key existed must keep their hash.
    stated_fields = {key: value for key, value in data.items() if key != "agreements" or value}
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
            citations=_build_citations(data["citations"]),
        ),
    )


def figure_draft(data: LoadedData, jurisdiction: str, document_dates: Mapping[str, EdtfDate]) -> Draft:
    """Build a figure's draft from data loaded with ``schemas.figure.FigureDraft``, with its bounds and the dates of the first report."""
    low, high = allowed_interval(data["comparator"], data["value"], data["unit"])
    date = data["date"] or UNKNOWN_DATE
    reported_earliest, reported_latest = report_bounds(date, _source_dates(data["citations"], document_dates))
    derived_values = {"low": low, "high": high, "reported_earliest": reported_earliest, "reported_latest": reported_latest}
    # A null model is left out: figures published before the key existed must keep their hash.
    stated_fields = {key: value for key, value in data.items() if key != "model" or value}
    content = {**stated_fields, "jurisdiction": jurisdiction, "date": date, **derived_values}
    fields = {key: value for key, value in content.items() if key not in ("id", "citations")}
    return Draft(
        FIGURE_ENTITY,
        data["id"],
        {"jurisdiction": jurisdiction},
        content,
        lambda publishing_columns: FigureVersion(**publishing_columns, **fields, citations=_build_citations(data["citations"])),
    )


def _build_citations(data: Iterable[LoadedData]) -> list[Citation]:
    """Build citation rows, with their index in the list as ``position``."""
    return [Citation(position=position, **citation) for position, citation in enumerate(data)]


def _source_dates(data: Iterable[LoadedData], document_dates: Mapping[str, EdtfDate]) -> list[EdtfDate]:
    """Return the dates of the documents that support the claim. Citations with the speech act ``predicts`` do not count."""
    return [
        document_dates[citation["document"]]
        for citation in data
        if citation["role"] == Role.SUPPORTS and citation["speech_act"] != SpeechAct.PREDICTS
    ]

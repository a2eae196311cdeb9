"""Build drafts from validated seed data, with the periods and bounds that the rules compute from them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from legal.models import Citation, DocumentVersion, Event, FigureVersion, MeasureVersion, OriginVersion
from legal.rules.dates import UNKNOWN_DATE, EdtfDate
from legal.rules.figures import allowed_interval
from legal.rules.in_effect import compute_effect_period
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


def measure_draft(data: LoadedData, jurisdiction: str, document_dates: Mapping[str, EdtfDate]) -> Draft:
    """Build a measure's draft, with its effect period, from data loaded with ``schemas.measure.MeasureDraft``.

    ``document_dates`` has the date of each document, by id, as ``cap_at_access_date`` returns it.
    """
    effective = {end: data["effective"][key] or UNKNOWN_DATE for end, key in (("from", "from_"), ("to", "to"))}
    events = [{**event, "date": event["date"] or UNKNOWN_DATE} for event in data["events"]]
    period = compute_effect_period(
        data["kind"],
        data["status"],
        effective["from"],
        effective["to"],
        [(event["event"], event["date"]) for event in events],
        _source_dates(data["citations"], document_dates),
    )
    # An empty list of agreements is left out: measures published before the key existed must keep their hash.
    stated_fields = {key: value for key, value in data.items() if key != "agreements" or value}
    content = {**stated_fields, "jurisdiction": jurisdiction, "effective": effective, "events": events, "standing": period}
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
        **{key: getattr(period, key) for key in ("begins_earliest", "begins_latest", "ends", "ends_earliest", "ends_latest")},
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
            citations=_build_citations(data["citations"]),
        ),
    )


def figure_draft(data: LoadedData, jurisdiction: str, document_dates: Mapping[str, EdtfDate]) -> Draft:
    """Build a figure's draft from data loaded with ``schemas.figure.FigureDraft``, with its bounds and the dates of the first report."""
    low, high = allowed_interval(data["comparator"], data["value"], data["unit"])
    date = data["date"] or UNKNOWN_DATE
    reported_dates = date if date != UNKNOWN_DATE else earliest_bounds(_source_dates(data["citations"], document_dates))
    derived_values = {"low": low, "high": high, "reported_earliest": reported_dates.earliest, "reported_latest": reported_dates.latest}
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


def earliest_bounds(dates: Sequence[EdtfDate]) -> EdtfDate:
    """Return the bounds of the earliest of several dates: the smallest lower bound and the smallest upper bound."""
    earliest = min((date.earliest for date in dates if date.earliest), default=None)
    latest = min((date.latest for date in dates if date.latest), default=None)
    return EdtfDate(None, earliest, latest, UNKNOWN_DATE.basis)


def cap_at_access_date(published: EdtfDate, accessed: EdtfDate) -> EdtfDate:
    """Return a document's date of publication. Its latest day is at most the day on which we read the document."""
    if accessed.latest is None or (published.latest and published.latest <= accessed.latest):
        return published
    return EdtfDate(published.edtf, published.earliest, accessed.latest, published.basis)

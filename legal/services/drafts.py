"""Turn what a schema has checked into drafts ready to publish, with all that follows from it worked out."""

from collections.abc import Iterable, Mapping
from typing import Any

from legal.models import Citation, DocumentVersion, Event, FigureVersion, MeasureVersion, OriginVersion
from legal.rules.dates import UNKNOWN, When
from legal.rules.figures import interval
from legal.rules.in_effect import span
from legal.services.publishing import DOCUMENT, FIGURE, MEASURE, ORIGIN, Draft
from legal.vocabulary import Role, SpeechAct

Loaded = Mapping[str, Any]


def origin(data: Loaded) -> Draft:
    """An origin, from ``schemas.document.OriginDraft``."""
    content = {**data, "date": data["date"] or UNKNOWN}
    fields = {key: value for key, value in content.items() if key != "id"}
    return Draft(ORIGIN, data["id"], {}, content, lambda filled: OriginVersion(**filled, **fields))


def document(data: Loaded) -> Draft:
    """A document, from ``schemas.document.DocumentDraft``."""
    content = {**data, "published": data["published"] or UNKNOWN, "accessed": data["accessed"] or UNKNOWN}
    fields = {key: value for key, value in content.items() if key != "id"}
    return Draft(DOCUMENT, data["id"], {}, content, lambda filled: DocumentVersion(**filled, **fields))


def measure(data: Loaded, jurisdiction: str, documents: Mapping[str, When]) -> Draft:
    """A measure, from ``schemas.measure.MeasureDraft``, with the span in which it stands.

    ``documents`` gives each document's date, bounded by the day on which it was read (``known_by``).
    """
    effective = {end: data["effective"][key] or UNKNOWN for end, key in (("from", "from_"), ("to", "to"))}
    events = [{**event, "date": event["date"] or UNKNOWN} for event in data["events"]]
    standing = span(
        data["kind"],
        data["status"],
        effective["from"],
        effective["to"],
        [(event["event"], event["date"]) for event in events],
        sources(data["citations"], documents),
    )
    # Agreements are not told where none is named, so that measures from before they could be named keep their hash.
    said = {key: value for key, value in data.items() if key != "agreements" or value}
    content = {**said, "jurisdiction": jurisdiction, "effective": effective, "events": events, "standing": standing}
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
        **{key: getattr(standing, key) for key in ("begins_earliest", "begins_latest", "ends", "ends_earliest", "ends_latest")},
    }
    return Draft(
        MEASURE,
        data["id"],
        {"jurisdiction": jurisdiction, "kind": data["kind"]},
        content,
        lambda filled: MeasureVersion(
            **filled,
            **fields,
            events=[Event(position=position, **event) for position, event in enumerate(events)],
            citations=citations(data["citations"]),
        ),
    )


def figure(data: Loaded, jurisdiction: str, documents: Mapping[str, When]) -> Draft:
    """A figure, from ``schemas.figure.FigureDraft``, with its interval and the day from which it is on file."""
    low, high = interval(data["comparator"], data["value"], data["unit"])
    date = data["date"] or UNKNOWN
    reported = date if date != UNKNOWN else first_reported(sources(data["citations"], documents))
    derived = {"low": low, "high": high, "reported_earliest": reported.earliest, "reported_latest": reported.latest}
    # A model is not told where there is none, so that figures from before it could be told keep their hash.
    said = {key: value for key, value in data.items() if key != "model" or value}
    content = {**said, "jurisdiction": jurisdiction, "date": date, **derived}
    fields = {key: value for key, value in content.items() if key not in ("id", "citations")}
    return Draft(
        FIGURE,
        data["id"],
        {"jurisdiction": jurisdiction},
        content,
        lambda filled: FigureVersion(**filled, **fields, citations=citations(data["citations"])),
    )


def citations(data: Iterable[Loaded]) -> list[Citation]:
    """The rows of a list of citations, in its order."""
    return [Citation(position=position, **citation) for position, citation in enumerate(data)]


def sources(data: Iterable[Loaded], documents: Mapping[str, When]) -> list[When]:
    """The dates of the documents that say so, predictions left out."""
    return [documents[one["document"]] for one in data if one["role"] == Role.SUPPORTS and one["speech_act"] != SpeechAct.PREDICTS]


def first_reported(dates: Iterable[When]) -> When:
    """The earliest bounds among several dates: the day by which one of them had certainly come."""
    known = list(dates)
    earliest = min((one.earliest for one in known if one.earliest), default=None)
    latest = min((one.latest for one in known if one.latest), default=None)
    return When(None, earliest, latest, UNKNOWN.basis)


def known_by(published: When, accessed: When) -> When:
    """A document's date, no later than the day on which it was read: it was out by then."""
    if accessed.latest is None or (published.latest and published.latest <= accessed.latest):
        return published
    return When(published.edtf, published.earliest, accessed.latest, published.basis)

"""Judge how well a claim is sourced, how recent its evidence is, and when the evidence is stale."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from legal.rules.dates import UNKNOWN_DATE, EdtfDate
from legal.vocabulary import Confidence, DocumentType, OriginType, Role

STALE_AFTER = timedelta(days=180)
"""Half a year, because a legislative session has ordinarily ended by then. The codebook serves it."""

CONFIDENCE_ORDER = (
    Confidence.PRIMARY,
    Confidence.OFFICIAL_STATEMENT,
    Confidence.SEVERAL_ORIGINS,
    Confidence.SINGLE_ORIGIN,
    Confidence.NONE,
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A citation with the fields that the evidence rules read: its role, its document, and the origin of that document."""

    document: str
    document_type: str
    publisher: str | None
    origin: str | None
    origin_type: str | None
    role: str
    published: EdtfDate


def claim_confidence(citations: Iterable[Evidence]) -> Confidence:
    """Return the best confidence that the supporting citations of one claim reach. Source: docs/rules.md, "Evidence"."""
    supports = supporting_citations(citations)
    if any(citation.document_type != DocumentType.ARTICLE for citation in supports):
        return Confidence.PRIMARY
    if any(citation.origin_type == OriginType.OFFICIAL_STATEMENT for citation in supports):
        return Confidence.OFFICIAL_STATEMENT
    match len(origin_ids(supports)):
        case 0:
            return Confidence.NONE
        case 1:
            return Confidence.SINGLE_ORIGIN
        case _:
            return Confidence.SEVERAL_ORIGINS


def strongest_confidence(levels: Iterable[Confidence]) -> Confidence:
    """Return the best confidence of several claims that establish the same fact; ``none`` if there are no claims."""
    return min(levels, key=CONFIDENCE_ORDER.index, default=Confidence.NONE)


def weakest_confidence(levels: Iterable[Confidence]) -> Confidence:
    """Return the worst confidence of the facts that a posture rests on; ``none`` if there are no facts."""
    return max(levels, key=CONFIDENCE_ORDER.index, default=Confidence.NONE)


def count_corroboration(citations: Iterable[Evidence]) -> dict[str, int]:
    """Count the documents, publishers and origins that support a claim; copies of one announcement have one origin.

    A document without a publisher on file is counted as a document and adds no publisher.
    """
    supports = supporting_citations(citations)
    return {
        "documents": len({citation.document for citation in supports}),
        "publishers": len({citation.publisher for citation in supports if citation.publisher}),
        "origins": len(origin_ids(supports)),
    }


def supporting_citations(citations: Iterable[Evidence]) -> list[Evidence]:
    """Return the citations with the role ``supports``; context and contradiction do not count."""
    return [citation for citation in citations if citation.role == Role.SUPPORTS]


def origin_ids(citations: Iterable[Evidence]) -> set[str]:
    """Return the ids of the citations' origins; a document that names no origin is its own origin."""
    return {citation.origin or citation.document for citation in citations}


def newest_date(dates: Iterable[EdtfDate]) -> EdtfDate:
    """Return the newest of several dates, compared by earliest and then by latest day; ``UNKNOWN_DATE`` if none has an earliest day."""
    known_dates = (document_date for document_date in dates if document_date.earliest)
    return max(known_dates, key=lambda day: (day.earliest or date.min, day.latest or date.max), default=UNKNOWN_DATE)


def is_stale(evidence_through: EdtfDate, day: date, *, has_claims: bool) -> bool:
    """Return whether the evidence may be more than ``STALE_AFTER`` older than ``day``. Without claims, nothing is stale."""
    if not has_claims:
        return False
    return evidence_through.earliest is None or day - evidence_through.earliest > STALE_AFTER

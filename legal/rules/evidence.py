"""How well a claim is sourced, how far its evidence reaches, and when that is too long ago."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from legal.rules.dates import UNKNOWN, When
from legal.vocabulary import Confidence, DocumentType, OriginType, Role

STALE_AFTER = timedelta(days=180)
"""Half a year: a legislature's session has ordinarily come and gone. Served from the codebook."""

CONFIDENCE_ORDER = (
    Confidence.PRIMARY,
    Confidence.OFFICIAL_STATEMENT,
    Confidence.SEVERAL_ORIGINS,
    Confidence.SINGLE_ORIGIN,
    Confidence.NONE,
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A citation as these rules see it: what it points into and what that traces back to."""

    document: str
    document_type: str
    publisher: str | None
    origin: str | None
    origin_type: str | None
    role: str
    published: When


def confidence(citations: Iterable[Evidence]) -> Confidence:
    """How well one claim is sourced: the best level that any of its supporting citations reaches."""
    supports = supporting(citations)
    if any(one.document_type != DocumentType.ARTICLE for one in supports):
        return Confidence.PRIMARY
    if any(one.origin_type == OriginType.OFFICIAL_STATEMENT for one in supports):
        return Confidence.OFFICIAL_STATEMENT
    match len(origins(supports)):
        case 0:
            return Confidence.NONE
        case 1:
            return Confidence.SINGLE_ORIGIN
        case _:
            return Confidence.SEVERAL_ORIGINS


def strongest(levels: Iterable[Confidence]) -> Confidence:
    """The confidence of what several claims say alike: that of the best of them."""
    return min(levels, key=CONFIDENCE_ORDER.index, default=Confidence.NONE)


def weakest(levels: Iterable[Confidence]) -> Confidence:
    """The confidence of a posture: that of the weakest thing it rests on, and ``none`` where it rests on nothing."""
    return max(levels, key=CONFIDENCE_ORDER.index, default=Confidence.NONE)


def corroboration(citations: Iterable[Evidence]) -> dict[str, int]:
    """How many documents, publishers and origins support a claim; copies of one announcement are one origin.

    A document without a publisher on file counts as a document and adds no publisher.
    """
    supports = supporting(citations)
    return {
        "documents": len({one.document for one in supports}),
        "publishers": len({one.publisher for one in supports if one.publisher}),
        "origins": len(origins(supports)),
    }


def supporting(citations: Iterable[Evidence]) -> list[Evidence]:
    """Those citations that say so, neither context nor contradiction."""
    return [one for one in citations if one.role == Role.SUPPORTS]


def origins(citations: Iterable[Evidence]) -> set[str]:
    """What the citations trace back to; a document that names nothing further back is its own origin."""
    return {one.origin or one.document for one in citations}


def reaches(dates: Iterable[When]) -> When:
    """The date of the newest of several documents: the one that certainly reaches furthest; unknown where none is dated."""
    return max((one for one in dates if one.earliest), key=lambda one: (one.earliest or date.min, one.latest or date.max), default=UNKNOWN)


def stale(through: When, claims: Sequence[object], day: date) -> bool:
    """Whether the evidence may be more than half a year older than ``day``; nothing on file is not stale."""
    if not claims:
        return False
    return through.earliest is None or day - through.earliest > STALE_AFTER

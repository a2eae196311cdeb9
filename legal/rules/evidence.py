"""Judge how well a claim is sourced, how recent its evidence is, and when the evidence is stale."""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, timedelta

from legal.rules.dates import UNKNOWN_DATE, EdtfDate
from legal.rules.horizons import add_months
from legal.vocabulary import Basis, Confidence, DocumentType, OriginType, Role

ROSTER_STALE_AFTER = timedelta(days=60)
"""Two months, because ICE publishes a new roster every few weeks. The codebook serves it."""

DOCUMENT_STALE_MONTHS = 12
"""A year, because most legislatures have met by then. The codebook serves it."""

STALE_DESCRIPTION = (
    f"Whether the evidence is old: something that the answer rests on has no newer source than a roster more than "
    f"{ROSTER_STALE_AFTER.days} days older than the requested day, or another document that may be more than "
    f"{DOCUMENT_STALE_MONTHS} months older or has no date."
)
"""The rule of ``is_stale`` in words, for the descriptions of the API and of exports."""

CONFIDENCE_ORDER = (
    Confidence.PRIMARY,
    Confidence.OFFICIAL_STATEMENT,
    Confidence.SEVERAL_ORIGINS,
    Confidence.SINGLE_ORIGIN,
    Confidence.NONE,
)
"""The levels of confidence, best first. docs/rules.md, "Evidence", gives the reasons for the order."""

_OFFICIAL_ORIGINS = frozenset({OriginType.OFFICIAL_STATEMENT, OriginType.OFFICIAL_RECORD})


@dataclass(frozen=True, slots=True)
class Evidence:
    """A citation with the fields that the evidence rules read: its role, its document, and the origin of the passage.

    ``publisher`` is null if the document names no publisher. ``is_copy`` means that the document republishes the article
    of another publication.
    """

    document: str
    document_type: str
    publisher: str | None
    origin: str | None
    origin_type: str | None
    role: str
    published: EdtfDate
    is_copy: bool = False


def claim_confidence(citations: Iterable[Evidence]) -> Confidence:
    """Return the best confidence that the supporting citations of one claim reach. Source: docs/rules.md, "Evidence"."""
    supports = supporting_citations(citations)
    if any(citation.document_type != DocumentType.ARTICLE for citation in supports):
        return Confidence.PRIMARY
    if any(map(_is_official_on_record, supports)):
        return Confidence.OFFICIAL_STATEMENT
    match count_independent_origins(supports):
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


def count_corroboration(citations: Iterable[Evidence]) -> dict[str, int | None]:
    """Count the documents, the known publishers and the independent origins that support a claim.

    ``publishers`` is null if no document names its publisher: every document has a publisher, known or not.
    """
    supports = supporting_citations(citations)
    publishers = {citation.publisher for citation in supports if citation.publisher}
    return {
        "documents": len({citation.document for citation in supports}),
        "publishers": len(publishers) or None,
        "origins": count_independent_origins(supports),
    }


def supporting_citations(citations: Iterable[Evidence]) -> list[Evidence]:
    """Return the citations with the role ``supports``; context and contradiction do not count."""
    return [citation for citation in citations if citation.role == Role.SUPPORTS]


def count_independent_origins(citations: Iterable[Evidence]) -> int:
    """Count the origins that are independent: those that one document reports are one, and so are copies of one origin.

    A document that names no origin is its own origin. Two origins are also one if a chain of documents connects them.
    """
    parents: dict[tuple[str, str], tuple[str, str]] = {}

    def find_root(node: tuple[str, str]) -> tuple[str, str]:
        while parents.setdefault(node, node) != node:
            node = parents[node]
        return node

    for citation in citations:
        document, origin = ("document", citation.document), ("origin", citation.origin or citation.document)
        parents[find_root(document)] = find_root(origin)
    return sum(node == parent for node, parent in parents.items())


def _is_official_on_record(citation: Evidence) -> bool:
    """Return whether a document that names its publisher, and is not a copy, reports a statement or record of a public body."""
    return citation.origin_type in _OFFICIAL_ORIGINS and citation.publisher is not None and not citation.is_copy


def newest_date(dates: Iterable[EdtfDate]) -> EdtfDate:
    """Return the newest of several dates, compared by earliest and then by latest day; ``UNKNOWN_DATE`` if none has an earliest day."""
    known_dates = (document_date for document_date in dates if document_date.earliest)
    return max(known_dates, key=lambda day: (day.earliest or date.min, day.latest or date.max), default=UNKNOWN_DATE)


def is_stale(grounds: Iterable[Iterable[str]], source_dates: Mapping[str, Sequence[EdtfDate]], roster_ids: Set[str], day: date) -> bool:
    """Return whether one of the grounds of an answer rests on old evidence alone.

    ``grounds`` are groups of ids, each of which would be enough, as ``posture.PostureReading`` has them. ``source_dates``
    are the dates of the documents behind each id.
    """
    return any(
        all(is_old(newest_date(source_dates.get(id, ())).earliest, day, is_roster=id in roster_ids) for id in ground) for ground in grounds
    )


def is_old(published: date | None, day: date, *, is_roster: bool) -> bool:
    """Return whether evidence is stale on a day. ``published`` is the first day on which it can have been published, if there is one."""
    if published is None:
        return True
    return day > (published + ROSTER_STALE_AFTER if is_roster else add_months(published, DOCUMENT_STALE_MONTHS))


def cap_at_access_date(published: EdtfDate, read_by: date | None) -> EdtfDate:
    """Return a document's date of publication, with the day by which we had read it as an upper bound."""
    if read_by is None or (published.latest and published.latest <= read_by):
        return published
    basis = Basis.INFERRED if published.basis is Basis.UNKNOWN else published.basis
    return EdtfDate(f"{published.earliest or '..'}/{read_by}", published.earliest, read_by, basis)


def report_bounds(quantity_date: EdtfDate, sources: Sequence[EdtfDate]) -> tuple[date | None, date | None]:
    """Return the bounds of the day on which a quantity was first reported: when the first of its sources was published.

    A count is reported on or after its day. A goal or a forecast may be reported before its day. Without a source, the
    bounds are those of the quantity's own day.
    """
    dates = sources or [quantity_date]
    earliest = min((source.earliest for source in dates if source.earliest), default=None)
    latest = min((source.latest for source in dates if source.latest), default=None)
    counted_from = quantity_date.earliest
    if counted_from and latest and (earliest or date.min) < counted_from <= latest:
        return counted_from, latest
    return earliest, latest

"""The claims of the shipped record have the confidence and the corroboration that their sources allow."""

import pytest

from legal.db.engine import Database
from legal.queries.core import snapshot
from legal.queries.record import citations, figures, measures
from legal.rules.evidence import Evidence, claim_confidence, count_corroboration
from legal.vocabulary import Confidence

pytestmark = pytest.mark.databases("sqlite")  # tests/system/test_databases.py holds both to one answer


@pytest.fixture
def evidence_by_id(seeded_db: Database) -> dict[str, list[Evidence]]:
    """The citations of each measure and figure, as the rules read them, by id."""
    evidence: dict[str, list[Evidence]] = {}
    with seeded_db.reading() as session:
        latest = snapshot.latest_snapshot(session)
        for noun, statement in (("measure", measures.CURRENT_VERSIONS), ("figure", figures.CURRENT_VERSIONS)):
            ids_by_key = {row["key"]: row[noun] for row in latest.execute(session, statement).mappings()}
            loaded = citations.load_sources(session, latest, citations.CitingVersions(**{f"{noun}s": list(ids_by_key)}))
            evidence |= {ids_by_key[key]: list(sources.evidence) for key, sources in getattr(loaded, f"{noun}s").items()}
    return evidence


@pytest.mark.parametrize(
    ("id", "level"),
    [
        ("fl-encounters-about-3600", Confidence.SINGLE_ORIGIN),  # an official without a name, in a republished article
        ("fl-arrests-about-40000", Confidence.SINGLE_ORIGIN),  # a department's words, on an undated page without a publisher
        ("wv-arrests-about-650", Confidence.SINGLE_ORIGIN),
        ("fl-arrests-40000", Confidence.SINGLE_ORIGIN),  # a spokeswoman's words, retold without a publisher
        ("wa-statewide-ban", Confidence.SINGLE_ORIGIN),  # ICE's website and state records, retold without a publisher
        ("md-bill-2026", Confidence.SINGLE_ORIGIN),
        ("us-participation-1001-agreements", Confidence.OFFICIAL_STATEMENT),  # the announcement, in a newspaper's own article
        ("us-funding-2025", Confidence.OFFICIAL_STATEMENT),
        ("us-authorization-287g-1996", Confidence.SEVERAL_ORIGINS),
    ],
)
def test_claim_has_the_confidence_that_its_sources_allow(evidence_by_id: dict[str, list[Evidence]], id: str, level: Confidence) -> None:
    assert claim_confidence(evidence_by_id[id]) is level


def test_no_claim_of_one_document_has_two_origins(evidence_by_id: dict[str, list[Evidence]]) -> None:
    counts = {id: count_corroboration(evidence) for id, evidence in evidence_by_id.items()}
    assert [id for id, count in counts.items() if count["documents"] == 1 and count["origins"] != 1] == []
    assert 0 not in {count["publishers"] for count in counts.values()}

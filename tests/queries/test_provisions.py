"""Citations of a provision say nothing about the measure: neither its dates nor its confidence."""

from legal.db.engine import Database
from legal.queries.core import snapshot
from legal.queries.record import measures
from legal.rules.dates import parse_date
from tests.queries.clients import client_of
from tests.services.factories import citation_json, document_file, explicit_date, jurisdiction_file, load_small_seeds, measure_json

LATER_DOCUMENT = document_file(id="later", publisher="Gazette", published=explicit_date("2026-05-01"), sha256="1" * 64)
FINDING = {
    "type": "finding",
    "text": "Somebody found something.",
    "citations": [citation_json(document="later"), citation_json(32, 57, paragraph=2)],
}
AGREEMENTS = measure_json(
    "va-agreements", kind="active_agreements", status="active", direction="encourages_cooperation", events=[], provisions=[FINDING]
)


def load_measure_with_finding(database: Database) -> None:
    """Load agreements that a document of February 2026 reports, with a finding that one of May reports."""
    load_small_seeds(database, jurisdiction_file(measures=[AGREEMENTS], figures=[]), documents=[document_file(), LATER_DOCUMENT])


def test_finding_does_not_renew_the_evidence_of_its_measure(empty_db: Database) -> None:
    load_measure_with_finding(empty_db)
    with client_of(empty_db) as client:
        card = client.get("/v1/jurisdictions/VA?as_of=2026-06-01").json
        row = client.get("/v1/jurisdictions?q=virginia&as_of=2026-06-01").json["results"][0]
    assert card["posture"]["evidence_through"]["edtf"] == "2026-02-04"
    assert card["headline"] == row["headline"]
    assert card["headline"]["evidence_through"]["edtf"] == "2026-02-04"
    assert card["coverage"]["documents_mentioning"] == 2


def test_finding_is_no_later_report_of_agreements(empty_db: Database) -> None:
    load_measure_with_finding(empty_db)
    with empty_db.reading() as session:
        rows = snapshot.latest_snapshot(session).execute(session, measures.CURRENT_VERSIONS).mappings().all()
    assert [row["last_reported"] for row in rows] == [parse_date("2026-02-04").latest]


def test_finding_does_not_corroborate_its_measure(empty_db: Database) -> None:
    load_measure_with_finding(empty_db)
    with client_of(empty_db) as client:
        measure = client.get("/v1/measures/va-agreements").json
    assert measure["corroboration"] == {"documents": 1, "publishers": None, "origins": 1}
    assert [citation["document"] for citation in measure["provisions"][0]["citations"]] == ["later", "paper"]

"""Return stance cards: load their inputs, assess them by the rules, and present the result as JSON."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy.orm import Session

from legal.json_types import Json, Row
from legal.queries.core import dates
from legal.queries.core.snapshot import Snapshot, format_rfc3339
from legal.queries.record import conflicts, figures, jurisdictions, measures
from legal.queries.stance.assessment import PostureAssessment, SlotAssessment, StanceAssessment, assess_stance
from legal.queries.stance.card_inputs import CardInputs, load_card_inputs
from legal.queries.stance.postures import posture_json
from legal.rules.posture import RULE_PACK
from legal.vocabulary import Kind, Knowledge, Stands

DATA_LICENSE = "CC-BY-4.0"


def load_stance_card(session: Session, jurisdiction: Row, snapshot: Snapshot) -> Json:
    """Return the stance card of a jurisdiction, given its row; nine SQL statements."""
    return load_stance_cards(session, [jurisdiction], snapshot)[0]


def load_stance_cards(session: Session, jurisdiction_rows: Sequence[Row], snapshot: Snapshot) -> list[Json]:
    """Return the stance cards of several jurisdictions, in the order given; nine SQL statements for any number of them."""
    return [card_json(inputs, assess_stance(inputs)) for inputs in load_card_inputs(session, jurisdiction_rows, snapshot)]


def card_json(inputs: CardInputs, assessment: StanceAssessment) -> Json:
    """Return a stance card as the API shows it."""
    figures_by_id = _figures_json(inputs)
    measure_list = _measures_json(inputs, figures_by_id.values())
    reported_figures = [row for row in inputs.figures if row["figure"] in assessment.reported_figure_ids]
    return {
        **jurisdictions.jurisdiction_json(inputs.jurisdiction),
        "headline": assessment.headline,
        "posture": _card_posture_json(assessment.posture) if assessment.posture else None,
        "stance": {str(kind): _slot_json(kind, slot, measure_list, inputs) for kind, slot in assessment.slots.items()},
        "figures": [figures_by_id[row["figure"]] for row in reported_figures],
        "conflicts": conflicts.conflicts_json(reported_figures, figures_by_id),
        "coverage": {
            "documents_searched": len(inputs.document_dates),
            "documents_mentioning": assessment.documents_mentioning,
            "latest_document": dates.date_json(assessment.latest_document),
        },
        "cite_as": _recommended_citation(inputs.jurisdiction, inputs.snapshot),
        "license": DATA_LICENSE,
        "links": _links_json(inputs.jurisdiction["code"], inputs.snapshot),
        "meta": inputs.snapshot.meta_json(),
    }


def _figures_json(inputs: CardInputs) -> dict[str, Json]:
    rows_by_id = {row["figure"]: row for row in inputs.figures}
    return {
        id: figures.figure_json(row, inputs.snapshot, inputs.figure_citations.get(row["key"], []), rows_by_id, inputs.figure_checks.get(id))
        for id, row in rows_by_id.items()
    }


def _measures_json(inputs: CardInputs, card_figures: Iterable[Json]) -> list[Json]:
    figures_by_measure: dict[str | None, list[Json]] = defaultdict(list)
    for figure in card_figures:
        figures_by_measure[figure["measure"]].append(figure)
    return [
        measures.measure_json(
            row,
            inputs.snapshot,
            inputs.events.get(row["key"], []),
            inputs.measure_citations.get(row["key"], []),
            figures_by_measure[row["measure"]],
        )
        for row in inputs.measures
    ]


def _card_posture_json(assessment: PostureAssessment) -> Json:
    reading = assessment.reading
    return {
        **posture_json(reading.posture),
        "rule": reading.rule,
        "rule_version": RULE_PACK,
        "because": list(reading.because),
        "set_aside": [{"id": id, "why": reason} for id, reason in reading.set_aside],
        "could_be": [str(posture) for posture in reading.could_be],
        "would_become": [{"if": id, "posture": str(posture)} for id, posture in reading.would_become],
        "confidence": str(assessment.confidence),
        "evidence_through": dates.date_json(assessment.evidence_through),
        "stale": assessment.is_stale,
    }


def _slot_json(kind: Kind, slot: SlotAssessment, measure_list: Sequence[Json], inputs: CardInputs) -> Json:
    measures_of_kind = [measure for measure in measure_list if measure["kind"] == kind]
    return {
        "knowledge": str(slot.knowledge),
        "evidence_through": dates.date_json(slot.evidence_through),
        "measures": [measure for measure in measures_of_kind if measure["stands"] != Stands.NO],
        "because": list(slot.claim_ids),
        "citations": _absence_citations(slot, measures_of_kind),
        "listed": inputs.roster_entry.as_json() if inputs.roster_entry and kind is Kind.ACTIVE_AGREEMENTS else None,
    }


def _absence_citations(slot: SlotAssessment, measures_of_kind: Sequence[Json]) -> list[Json]:
    """Return the citations of an absence that a source reports; empty for any other slot."""
    if slot.knowledge is not Knowledge.ABSENT:
        return []
    return [citation for measure in measures_of_kind if measure["id"] in slot.claim_ids for citation in measure["citations"]]


def _recommended_citation(jurisdiction: Row, snapshot: Snapshot) -> str:
    return (
        f"Legal Landscape, “{jurisdiction['name']}”, as of {snapshot.as_of.isoformat()}, revision {snapshot.revision} "
        f"(recorded {format_rfc3339(snapshot.known_at)[:10]}), rule pack {RULE_PACK}, {_permalink(jurisdiction['code'], snapshot)}"
    )


def _permalink(code: str, snapshot: Snapshot) -> str:
    return f"/v1/jurisdictions/{code}?{snapshot.pin}"


def _links_json(code: str, snapshot: Snapshot) -> Mapping[str, str | None]:
    return {
        "self": f"/v1/jurisdictions/{code}",
        "permalink": _permalink(code, snapshot),
        "timeline": f"/v1/jurisdictions/{code}/timeline",
        "html": None,
        "csv": f"/v1/measures?jurisdiction={code}&format=csv",
        "feed": f"/feeds/{code}.atom",
    }

"""Return stance cards: load their inputs, assess them by the rules, and present the result as JSON."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC

from sqlalchemy.orm import Session

from legal.json_types import Json, Row
from legal.queries.core import dates
from legal.queries.core.snapshot import Snapshot
from legal.queries.record import figures, jurisdictions, measures
from legal.queries.stance.assessment import AssessedStance, PostureAssessment, SlotAssessment, load_stances
from legal.queries.stance.card_inputs import CardInputs
from legal.queries.stance.postures import posture_json
from legal.rules.conflicts import CONFLICT_VERDICTS
from legal.rules.headline import day_text
from legal.rules.posture import RULE_PACK
from legal.vocabulary import BACKGROUND_KINDS, STANCE_KINDS, Kind, Knowledge, Posture, Stands

DATA_LICENSE = "CC-BY-4.0"
_SILENT_POSTURES = (Posture.ON_FILE, Posture.NONE_LISTED, Posture.NO_RECORD)


def load_stance_card(session: Session, jurisdiction: Row, snapshot: Snapshot, link_base: str = "") -> Json:
    """Return the stance card of a jurisdiction, given its row; five SQL statements, and those that all cards of a revision share."""
    return load_stance_cards(session, [jurisdiction], snapshot, link_base)[0]


def load_stance_cards(session: Session, jurisdiction_rows: Sequence[Row], snapshot: Snapshot, link_base: str = "") -> list[Json]:
    """Return the stance cards of several jurisdictions, in the order given; as many statements for any number of them as for one.

    The permalink and the citation start with ``link_base``, the public address of the service.
    """
    return [card_json(stance, link_base) for stance in load_stances(session, jurisdiction_rows, snapshot)]


def card_json(stance: AssessedStance, link_base: str) -> Json:
    """Return a stance card as the API shows it."""
    inputs, assessment = stance.inputs, stance.assessment
    figures_by_id = _figures_json(inputs)
    permalink = f"{link_base}{_card_path(inputs.jurisdiction['code'])}?{inputs.snapshot.pin}"
    measure_list = _measures_json(inputs, figures_by_id.values())
    return {
        **jurisdictions.jurisdiction_json(inputs.jurisdiction),
        "headline": assessment.headline,
        "posture": card_posture_json(assessment.posture) if assessment.posture else None,
        "stance": {str(kind): _slot_json(kind, assessment.slots[kind], measure_list, inputs) for kind in STANCE_KINDS},
        "background": {str(kind): _slot_json(kind, assessment.slots[kind], measure_list, inputs) for kind in BACKGROUND_KINDS},
        "national_claims": _national_claims_json(inputs, assessment.posture),
        "figures": [figure for id, figure in figures_by_id.items() if id in assessment.reported_figure_ids],
        "conflicts": stance.conflicts,
        "coverage": {
            "documents_searched": inputs.coverage.number,
            "documents_mentioning": assessment.documents_mentioning,
            "latest_document": dates.date_json(inputs.coverage.latest),
        },
        "cite_as": _recommended_citation(inputs.jurisdiction["name"], inputs.snapshot, permalink),
        "license": DATA_LICENSE,
        "links": _links_json(inputs.jurisdiction, permalink, inputs.snapshot.pin),
        "meta": inputs.snapshot.meta_json(),
    }


def _figures_json(inputs: CardInputs) -> dict[str, Json]:
    rows_by_id = {row["figure"]: row for row in inputs.figures}
    return {
        id: figures.figure_json(row, inputs.snapshot, inputs.figures_json[row["key"]], rows_by_id, inputs.figure_checks.get(id))
        for id, row in rows_by_id.items()
    }


def _measures_json(inputs: CardInputs, card_figures: Iterable[Json]) -> list[Json]:
    figures_by_measure: dict[str | None, list[Json]] = defaultdict(list)
    for figure in card_figures:
        figures_by_measure[figure["measure"]].append(figure)
    return [
        measures.measure_json(row, inputs.snapshot, inputs.measure_details[row["key"]], figures_by_measure[row["measure"]])
        for row in inputs.measures
    ]


def card_posture_json(assessment: PostureAssessment) -> Json:
    """Return a posture as cards show it."""
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


def _national_claims_json(inputs: CardInputs, assessment: PostureAssessment | None) -> list[Json]:
    """Return the claims about unnamed states if little or nothing is on file for the jurisdiction; otherwise return none."""
    if assessment is None or assessment.reading.posture not in _SILENT_POSTURES:
        return []
    claims = [measures.national_claim_json(row, inputs.snapshot) for row in inputs.national_claims]
    return [claim for claim in claims if claim["stands"] != Stands.NO]


def _absence_citations(slot: SlotAssessment, measures_of_kind: Sequence[Json]) -> list[Json]:
    """Return the citations of an absence that a source reports; empty for any other slot."""
    if slot.knowledge is not Knowledge.ABSENT:
        return []
    return [citation for measure in measures_of_kind if measure["id"] in slot.claim_ids for citation in measure["citations"]]


def _recommended_citation(name: str, snapshot: Snapshot, permalink: str) -> str:
    """Return the citation for a footnote. It ends with the address and no period, which readers would copy along with it."""
    recorded = day_text(snapshot.known_at.astimezone(UTC).date())
    return (
        f"Legal Landscape, “{name}: stance on section 287(g) cooperation,” as of {day_text(snapshot.as_of)} "
        f"(revision {snapshot.revision}, recorded {recorded}; rule pack {RULE_PACK}), {permalink}"
    )


def _card_path(code: str) -> str:
    return f"/v1/jurisdictions/{code}"


def _links_json(jurisdiction: Row, permalink: str, pin: str) -> Mapping[str, str]:
    code = jurisdiction["code"]
    return {
        "self": _card_path(code),
        "permalink": permalink,
        "timeline": f"{_card_path(code)}/timeline",
        "html": f"/states/{jurisdiction['slug']}",
        "csv": f"/v1/measures?jurisdiction={code}&format=csv",
        "conflicts": f"/v1/conflicts?jurisdiction={code}&verdict={','.join(CONFLICT_VERDICTS)}&{pin}",
        "feed": f"/feeds/{code}.atom",
    }

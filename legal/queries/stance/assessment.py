"""Assess the stance of a jurisdiction: apply the rules to the inputs of its card, without reading the database."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from legal.json_types import Json, Row
from legal.queries.core.snapshot import Snapshot
from legal.queries.record import conflicts, figures, measures
from legal.queries.stance.card_inputs import CardInputs, load_card_inputs
from legal.queries.stance.headlines import SourceDates, headline_json
from legal.rules import knowledge, posture
from legal.rules.dates import EdtfDate
from legal.rules.evidence import (
    Evidence,
    claim_confidence,
    is_stale,
    newest_date,
    strongest_confidence,
    supporting_citations,
    weakest_confidence,
)
from legal.rules.posture import Claim, PostureReading, Report
from legal.vocabulary import Confidence, JurisdictionType, Kind, Knowledge, Stands

EvidenceById = Mapping[str, Sequence[Evidence]]
"""The evidence for each measure, figure and roster of a stance, by id."""


@dataclass(frozen=True, slots=True)
class SlotAssessment:
    """Hold the level of knowledge of a slot, the ids of the claims behind it, and the date of their newest document."""

    knowledge: Knowledge
    claim_ids: Sequence[str]
    evidence_through: EdtfDate


@dataclass(frozen=True, slots=True)
class PostureAssessment:
    """Hold a posture with its confidence, the date of its newest document, and whether that document is too old."""

    reading: PostureReading
    confidence: Confidence
    evidence_through: EdtfDate
    is_stale: bool


@dataclass(frozen=True, slots=True)
class StanceAssessment:
    """Hold the results of all rules for a jurisdiction. The nation has no posture and no headline."""

    posture: PostureAssessment | None
    headline: Json | None
    slots: Mapping[Kind, SlotAssessment]
    reported_figure_ids: frozenset[str]
    documents_mentioning: int


@dataclass(frozen=True, slots=True)
class AssessedStance:
    """Hold what the card of a jurisdiction says, on a snapshot: its inputs, the results of the rules, and its conflicts."""

    inputs: CardInputs
    assessment: StanceAssessment
    conflicts: Sequence[Json]


def load_stances(session: Session, jurisdictions: Iterable[Row], snapshot: Snapshot) -> list[AssessedStance]:
    """Load and assess the stance of each jurisdiction, in the order given; as many SQL statements as ``load_card_inputs`` sends.

    Cards, pages, comparisons and checks of sentences share the stances of a snapshot: they must not be changed.
    """
    rows_by_key = {(row["code"], snapshot): row for row in jurisdictions}

    def load(keys: list[tuple[str, Snapshot]]) -> dict[tuple[str, Snapshot], AssessedStance]:
        inputs_by_card = load_card_inputs(session, [rows_by_key[key] for key in keys], snapshot)
        return {key: _assess_with_conflicts(inputs) for key, inputs in zip(keys, inputs_by_card, strict=True)}

    stances = snapshot.load_shared_items(session, "stances", rows_by_key, load)
    return [stances[key] for key in rows_by_key]


def _assess_with_conflicts(inputs: CardInputs) -> AssessedStance:
    assessment = assess_stance(inputs)
    reported_figures = [row for row in inputs.figures if row["figure"] in assessment.reported_figure_ids]
    return AssessedStance(inputs, assessment, conflicts.card_conflicts_json(reported_figures, inputs.contradictions))


def assess_stance(inputs: CardInputs) -> StanceAssessment:
    """Return the posture, the headline, the assessment of each slot, the ids of the figures that may be reported, and the coverage."""
    claims = [measures.measure_claim(row, inputs.snapshot) for row in inputs.measures]
    if inputs.roster_entry:
        claims.append(inputs.roster_entry.as_claim())
    reports = [figures.figure_report(row, inputs.snapshot) for row in inputs.figures]
    evidence = _evidence_by_id(inputs)
    source_dates = _source_dates(evidence)
    is_nation = inputs.jurisdiction["type"] == JurisdictionType.NATION
    reading = posture.read_posture(claims, reports)
    return StanceAssessment(
        posture=None if is_nation else _assess_posture(reading, evidence, source_dates, inputs),
        headline=None if is_nation else _assess_headline(claims, reports, reading, source_dates, inputs),
        slots={kind: _assess_slot(kind, claims, source_dates) for kind in Kind},
        reported_figure_ids=frozenset(report.id for report in reports if report.on_file is not Stands.NO),
        documents_mentioning=len(_documents_mentioning(evidence, inputs)),
    )


def _evidence_by_id(inputs: CardInputs) -> EvidenceById:
    entry = inputs.roster_entry
    return {
        **{row["measure"]: inputs.measure_details[row["key"]].sources.evidence for row in inputs.measures},
        **{row["figure"]: inputs.figure_sources[row["key"]].evidence for row in inputs.figures},
        **({entry.roster_id: [entry.as_evidence()]} if entry else {}),
    }


def _documents_mentioning(evidence: EvidenceById, inputs: CardInputs) -> set[str]:
    """Return the ids of the documents that mention the jurisdiction. A roster that does not name it is left out."""
    documents = {citation.document for evidence_of_claim in evidence.values() for citation in evidence_of_claim}
    provisions = [provision for row in inputs.measures for provision in inputs.measure_details[row["key"]].sources.provisions]
    documents |= {citation["document"] for provision in provisions for citation in provision["citations"]}
    entry = inputs.roster_entry
    return documents - ({entry.roster_id} if entry and not entry.counts.agreements else set())


def _assess_posture(reading: PostureReading, evidence: EvidenceById, source_dates: SourceDates, inputs: CardInputs) -> PostureAssessment:
    # Each ground is a set of alternatives: the best-sourced one decides. The weakest ground decides for the posture.
    grounds = [strongest_confidence(claim_confidence(evidence[id]) for id in ground) for ground in reading.grounds]
    return PostureAssessment(
        reading,
        weakest_confidence(grounds),
        _newest_support(reading.because, source_dates),
        is_stale(reading.grounds, source_dates, _roster_ids(inputs), inputs.snapshot.as_of),
    )


def _assess_headline(
    claims: Sequence[Claim], reports: Sequence[Report], reading: PostureReading, source_dates: SourceDates, inputs: CardInputs
) -> Json:
    return headline_json(inputs.jurisdiction["name"], claims, reports, reading, source_dates, inputs.roster_entry, inputs.snapshot)


def _source_dates(evidence: EvidenceById) -> dict[str, list[EdtfDate]]:
    return {id: [citation.published for citation in supporting_citations(evidence_of_claim)] for id, evidence_of_claim in evidence.items()}


def _roster_ids(inputs: CardInputs) -> frozenset[str]:
    return frozenset([inputs.roster_entry.roster_id] if inputs.roster_entry else [])


def _assess_slot(kind: Kind, claims: Sequence[Claim], source_dates: SourceDates) -> SlotAssessment:
    level, claim_ids = knowledge.slot_basis(kind, claims)
    return SlotAssessment(level, claim_ids, _newest_support(claim_ids, source_dates))


def _newest_support(ids: Iterable[str], source_dates: SourceDates) -> EdtfDate:
    return newest_date(published for id in ids for published in source_dates[id])

"""Check a sentence: read it by rule, and hold it against what is on file for the day it speaks of."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from urllib.parse import urlencode

from sqlalchemy import select
from sqlalchemy.orm import Session

from legal.db.statements import visible_at_revision
from legal.errors import Fault, InvalidInput
from legal.json_types import Json, Row
from legal.models import MeasureVersion
from legal.queries.core import dates
from legal.queries.core.snapshot import Snapshot
from legal.queries.record import figures, jurisdictions, measures
from legal.queries.stance.assessment import load_stances
from legal.queries.stance.card_inputs import CardInputs
from legal.queries.stance.cards import DATA_LICENSE, card_json
from legal.rules.dates import EdtfDate
from legal.rules.evidence import is_old, newest_date, supporting_citations
from legal.rules.sentences.counts import roster_sentence
from legal.rules.sentences.facts import Finding, RecordedCounts, RecordedFigure, RecordedMeasure, RecordedStance
from legal.rules.sentences.places import NameIndex, index_names
from legal.rules.sentences.reading import MAX_SENTENCES, ReadClaim, UnreadClause, count_sentences, read_text
from legal.rules.sentences.verdicts import combine_verdicts, judge_claim
from legal.vocabulary import NATION_CODE, SentenceVerdict, Stands

_MEASURE = MeasureVersion.__table__.c
_ACTORS = (
    select(_MEASURE.jurisdiction, _MEASURE.actors).where(visible_at_revision(_MEASURE)).order_by(_MEASURE.jurisdiction, _MEASURE.measure)
)


def check_sentence(session: Session, snapshot: Snapshot, text: str) -> Json:
    """Return the verdict on a text of one or more sentences, with the claims it rests on; sixteen SQL statements.

    A sentence that names a day, by the day asked about, is held against what was so on that day.

    Raises:
        InvalidInput: the text has too many sentences.
    """
    if count_sentences(text) > MAX_SENTENCES:
        fault = Fault(f"Send at most {MAX_SENTENCES} sentences at a time.", parameter="sentence", pointer="/sentence")
        raise InvalidInput(f"The text has more than {MAX_SENTENCES} sentences.", [fault])
    jurisdiction_rows = jurisdictions.load_jurisdictions(session, snapshot)
    reading = read_text(text, _load_name_index(session, snapshot, jurisdiction_rows), snapshot.as_of)
    day_snapshot = replace(snapshot, as_of=reading.day or snapshot.as_of)
    named_codes = {code for clause in reading.clauses for code in clause.codes}
    loaded_stances = load_stances(session, [row for row in jurisdiction_rows if row["code"] in named_codes], day_snapshot)
    inputs_by_code = {stance.inputs.jurisdiction["code"]: stance.inputs for stance in loaded_stances}
    stances = {code: _recorded_stance(inputs) for code, inputs in inputs_by_code.items()}
    results = [result for clause in reading.clauses for result in _judge_clause(clause, stances)]
    cards = [card_json(stance, "") for stance in loaded_stances]
    used_ids = _used_ids(results)
    return {
        "sentence": text,
        "day": day_snapshot.as_of.isoformat(),
        "verdict": str(combine_verdicts([SentenceVerdict(result["verdict"]) for result in results])),
        "claims": results,
        **used_ids,
        "citations": _used_citations(used_ids, cards),
        "wording": _wording(results, cards, stances),
        "evidence_through": dates.date_json(_evidence_through(used_ids, inputs_by_code.values())),
        "links": {"html": f"/check?{urlencode({'sentence': text})}&{snapshot.pin}"},
        "license": DATA_LICENSE,
        "meta": snapshot.meta_json(),
    }


def _load_name_index(session: Session, snapshot: Snapshot, jurisdiction_rows: Iterable[Row]) -> NameIndex:
    actors = [(code, actor["name"]) for code, actors in snapshot.execute(session, _ACTORS) for actor in actors]
    return index_names({row["code"]: row["name"] for row in jurisdiction_rows}, actors)


def _recorded_stance(inputs: CardInputs) -> RecordedStance:
    entry, day = inputs.roster_entry, inputs.snapshot.as_of
    roster = None
    if entry:
        roster = RecordedCounts(entry.roster_id, entry.roster.date, entry.counts, is_old(entry.roster.date, day, is_roster=True))
    return RecordedStance(
        name=inputs.jurisdiction["name"],
        day=day,
        measures=[_recorded_measure(row, inputs) for row in inputs.measures],
        figures=[
            RecordedFigure(
                id=row["figure"],
                range=figures.numeric_range(row),
                when=dates.date_from_row(row, "date"),
                **{name: row[name] for name in ("title", "metric", "unit", "model", "agency_class", "cohort")},
            )
            for row in inputs.figures
            if row["value"] is not None and figures.figure_report(row, inputs.snapshot).on_file is Stands.YES
        ],
        roster=roster,
        roster_claim=entry.as_claim() if entry else None,
    )


def _recorded_measure(row: Row, inputs: CardInputs) -> RecordedMeasure:
    details = inputs.measure_details[row["key"]]
    return RecordedMeasure(
        measures.measure_claim(row, inputs.snapshot),
        row["title"],
        details.events,
        dates.date_from_row(row, "effective_from"),
        details.effects,
    )


def _judge_clause(clause: ReadClaim | UnreadClause, stances: Mapping[str, RecordedStance]) -> list[Json]:
    if isinstance(clause, UnreadClause):
        return [
            _result_json(clause.text, None, code, Finding(SentenceVerdict.NOT_UNDERSTOOD, clause.reason))
            for code in clause.codes or (None,)
        ]
    return [
        _result_json(clause.text, str(clause.topic), code, finding)
        for code in clause.codes
        for finding in judge_claim(clause, stances[code])
    ]


def _result_json(text: str, topic: str | None, code: str | None, finding: Finding) -> Json:
    return {
        "text": text,
        "about": topic,
        "jurisdiction": code,
        "verdict": str(finding.verdict),
        "reason": finding.reason,
        "measures": list(finding.measures),
        "figures": list(finding.figures),
        "rosters": list(finding.rosters),
    }


def _used_ids(results: Sequence[Json]) -> dict[str, list[str]]:
    return {noun: list(dict.fromkeys(id for result in results for id in result[noun])) for noun in ("measures", "figures", "rosters")}


def _used_citations(used_ids: Mapping[str, Sequence[str]], cards: Iterable[Json]) -> list[Json]:
    measure_rows = [row for card in cards for part in ("stance", "background") for slot in card[part].values() for row in slot["measures"]]
    figure_rows = [row for card in cards for row in card["figures"]]
    rows = [
        *(row for row in measure_rows if row["id"] in used_ids["measures"]),
        *(row for row in figure_rows if row["id"] in used_ids["figures"]),
    ]
    unique = {
        (citation["document"], citation["start"], citation["end"], citation["role"]): citation
        for row in rows
        for citation in row["citations"]
    }
    return list(unique.values())


def _wording(results: Sequence[Json], cards: Iterable[Json], stances: Mapping[str, RecordedStance]) -> str | None:
    """Return sentences that the evidence carries: the headlines of the jurisdictions, and for the nation what the roster lists."""
    headlines = [card["headline"]["text"] for card in cards if card["headline"]]
    nation = stances.get(NATION_CODE)
    of_nation = [result for result in results if result["jurisdiction"] == NATION_CODE and result["about"]]
    if nation and nation.roster and any(result["rosters"] for result in of_nation):
        headlines.append(roster_sentence(nation.roster))
    elif of_nation:
        headlines += [result["reason"] for result in of_nation]
    return " ".join(dict.fromkeys(headlines)) or None


def _evidence_through(used_ids: Mapping[str, Sequence[str]], inputs: Iterable[CardInputs]) -> EdtfDate:
    """Return the date of the newest document behind the findings, rosters included."""
    document_dates = []
    for card_inputs in inputs:
        measure_keys = _used_keys(card_inputs.measures, "measure", used_ids["measures"])
        figure_keys = _used_keys(card_inputs.figures, "figure", used_ids["figures"])
        sources = [
            *(card_inputs.measure_details[key].sources for key in measure_keys),
            *(card_inputs.figure_sources[key] for key in figure_keys),
        ]
        evidence = chain.from_iterable(claim_sources.evidence for claim_sources in sources)
        document_dates += [citation.published for citation in supporting_citations(evidence)]
        entry = card_inputs.roster_entry
        document_dates += [entry.roster.publication_date] if entry and entry.roster_id in used_ids["rosters"] else []
    return newest_date(document_dates)


def _used_keys(rows: Iterable[Row], column: str, ids: Sequence[str]) -> list[int]:
    return [row["key"] for row in rows if row[column] in ids]

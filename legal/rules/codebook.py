"""The codebook: every closed list and every rule with its definition, as one document."""

from typing import Any

from legal import vocabulary
from legal.rules.evidence import CONFIDENCE_ORDER, STALE_AFTER
from legal.rules.figures import HEDGE
from legal.rules.maps import MAP_FIGURE
from legal.rules.posture import RULE_PACK, RULES
from legal.rules.rosters.figure_checks import CLOSE, OLDEST, ROSTER_CHECK
from legal.vocabulary import CODEBOOK_VERSION, LIFECYCLES, WHOLE_UNITS, Term

LISTS: dict[str, type[Term]] = {
    "jurisdiction_type": vocabulary.JurisdictionType,
    "kind": vocabulary.Kind,
    "direction": vocabulary.Direction,
    "phase": vocabulary.Phase,
    "event": vocabulary.OtherEvent,
    "agreement_event": vocabulary.AgreementEvent,
    "stands": vocabulary.Stands,
    "knowledge": vocabulary.Knowledge,
    "basis": vocabulary.Basis,
    "agency_class": vocabulary.AgencyClass,
    "scope_agreements": vocabulary.Reach,
    "identifier_type": vocabulary.IdentifierType,
    "metric": vocabulary.Metric,
    "unit": vocabulary.Unit,
    "comparator": vocabulary.Comparator,
    "cohort": vocabulary.Cohort,
    "geography": vocabulary.Geography,
    "operation": vocabulary.Operation,
    "derived_verdict": vocabulary.DerivedVerdict,
    "verdict": vocabulary.Verdict,
    "dimension": vocabulary.Dimension,
    "role": vocabulary.Role,
    "speech_act": vocabulary.SpeechAct,
    "origin_type": vocabulary.OriginType,
    "document_type": vocabulary.DocumentType,
    "serve": vocabulary.Serve,
    "model": vocabulary.Model,
    "agency_type": vocabulary.AgencyType,
    "agreement_status": vocabulary.AgreementStatus,
    "roster_kind": vocabulary.RosterKind,
    "row_outcome": vocabulary.RowOutcome,
    "roster_column": vocabulary.RosterColumn,
    "mend": vocabulary.Mend,
    "doubt": vocabulary.Doubt,
    "county_reading": vocabulary.CountyReading,
    "roster_verdict": vocabulary.RosterVerdict,
    "noun": vocabulary.Noun,
    "action": vocabulary.Action,
    "cause": vocabulary.Cause,
    "posture": vocabulary.Posture,
    "confidence": vocabulary.Confidence,
}


def codebook() -> dict[str, Any]:
    """Shape: ``{"version", "lists": {name: {"definition", "terms"}}, "statuses": {kind: [...]}, "rules": {...}}``."""
    return {
        "version": CODEBOOK_VERSION,
        "lists": {
            name: {
                "definition": (terms.__doc__ or "").strip(),
                "terms": [{"value": str(term), "label": term.label, "definition": term.definition} for term in terms],
            }
            for name, terms in LISTS.items()
        },
        "statuses": {
            str(kind): [
                {"value": step.status, "label": step.label, "definition": step.definition, "phase": str(step.phase), "after": step.after}
                for step in steps
            ]
            for kind, steps in LIFECYCLES.items()
        },
        "rules": {
            "posture": {
                "version": RULE_PACK,
                "definition": "The first rule that matches names the posture. Only what stands for certain counts; what is only possible is set aside and shown in could_be.",
                "rules": [{"rule": rule.name, "when": rule.when, "posture": str(rule.posture)} for rule in RULES],
            },
            "stands": {
                "definition": "A measure stands from its effective date, else from its first event in which it stands, else from the date of the first source that reports it (possible before). It ends after its effective end, else with the event that its status names, and at the latest on the date of the source that reports the end. A month or a year is not a day: a comparison with a day is yes, no or possible.",
            },
            "knowledge": {
                "definition": "present: a measure of the kind stands or may stand. implied: none does, and something that stands presupposes one. absent: a source says that there is none. no_record: the documents on file do not say, which is no finding about the place.",
            },
            "interval": {
                "definition": "The bounds of a figure follow from its comparator and are inclusive; null is unbounded. In counted units the next whole number bounds more_than and nearly.",
                "hedge": HEDGE,
                "counted_units": sorted(str(unit) for unit in WHOLE_UNITS),
            },
            "roster_check": {"definition": ROSTER_CHECK, "oldest_days": OLDEST.days, "close": CLOSE},
            "map_figure": {"definition": MAP_FIGURE},
            "confidence": {
                "definition": "A claim has the best level that any citation in its support reaches. What a rule rests on (a bar, agreements, a challenge) has that of the best claim that says so, and a posture that of the weakest thing it rests on.",
                "order": [str(level) for level in CONFIDENCE_ORDER],
            },
            "stale": {
                "definition": "A posture is stale where its newest source may be older than this many days on the day asked about.",
                "days": STALE_AFTER.days,
            },
            "coverage": {
                "definition": "documents_searched counts the documents on file at the revision; documents_mentioning those of them that are cited for the place.",
            },
        },
    }

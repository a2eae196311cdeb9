"""Assemble the codebook: every closed list and every rule with its definition, as one document."""

from legal import vocabulary
from legal.json_types import Json
from legal.rules.evidence import CONFIDENCE_ORDER, DOCUMENT_STALE_MONTHS, ROSTER_STALE_AFTER
from legal.rules.figures import HEDGE_FRACTION, MIN_ROUNDED_VALUE
from legal.rules.horizons import FIRST_AGREEMENT_POSSIBLE, HORIZONS, PROGRAM_ENACTED
from legal.rules.maps import MAP_FIGURE_DEFINITION
from legal.rules.posture import POSTURE_RULES, RULE_PACK
from legal.rules.rosters.figure_checks import CLOSE_FRACTION, MAX_ROSTER_AGE, ROSTER_CHECK_RULE
from legal.vocabulary import CODEBOOK_VERSION, COUNTED_UNITS, LIFECYCLES, Step, Term

CLOSED_LISTS: dict[str, type[Term]] = {
    "jurisdiction_type": vocabulary.JurisdictionType,
    "kind": vocabulary.Kind,
    "direction": vocabulary.Direction,
    "phase": vocabulary.Phase,
    "event": vocabulary.OtherEvent,
    "agreement_event": vocabulary.AgreementEvent,
    "link_effect": vocabulary.LinkEffect,
    "provision_type": vocabulary.ProvisionType,
    "stands": vocabulary.Stands,
    "knowledge": vocabulary.Knowledge,
    "basis": vocabulary.Basis,
    "agency_class": vocabulary.AgencyClass,
    "scope_agreements": vocabulary.Reach,
    "identifier_type": vocabulary.IdentifierType,
    "metric": vocabulary.Metric,
    "quantity": vocabulary.Quantity,
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
    "mend": vocabulary.Repair,
    "doubt": vocabulary.Flag,
    "county_reading": vocabulary.CountyReading,
    "roster_verdict": vocabulary.RosterVerdict,
    "sentence_verdict": vocabulary.SentenceVerdict,
    "sentence_topic": vocabulary.SentenceTopic,
    "noun": vocabulary.EntityType,
    "action": vocabulary.Action,
    "cause": vocabulary.Cause,
    "posture": vocabulary.Posture,
    "confidence": vocabulary.Confidence,
}
"""Every closed list, by its name in the codebook."""


def codebook_json() -> Json:
    """Return the codebook.

    Shape: ``{"version", "lists": {name: {"definition", "terms"}}, "statuses": {kind: [...]}, "rules": {name: {...}}}``.
    """
    return {
        "version": CODEBOOK_VERSION,
        "lists": {name: _list_json(terms) for name, terms in CLOSED_LISTS.items()},
        "statuses": {str(kind): [_status_json(step) for step in steps] for kind, steps in LIFECYCLES.items()},
        "rules": _rules_json(),
    }


def _list_json(terms: type[Term]) -> Json:
    return {
        "definition": (terms.__doc__ or "").strip(),
        "terms": [{"value": str(term), "label": term.label, "definition": term.definition} for term in terms],
    }


def _status_json(step: Step) -> Json:
    return {
        "value": step.status,
        "label": step.label,
        "definition": step.definition,
        "phase": str(step.phase),
        "after": step.previous_status,
    }


def _rules_json() -> Json:
    return {
        "posture": {
            "version": RULE_PACK,
            "definition": "The first rule that matches gives the posture. Only what is certainly in effect counts. What may or may not be in effect is set aside; could_be lists the other postures that it could lead to.",
            "rules": [{"rule": rule.name, "when": rule.condition, "posture": str(rule.posture)} for rule in POSTURE_RULES],
        },
        "stands": {
            "definition": "A measure is in effect from its effective date. Without one, it is in effect from its first event that puts it in effect. Without such an event, it is certainly in effect from the first day on which the first source that reports it can have been written, and possibly before. It ends after its effective end or, without one, with the event that its status names. It has certainly ended by the date of the last source that reports its end. After its horizon it is possible. A date can be a month or a year, so a comparison with a day gives yes, no or possible.",
        },
        "knowledge": {
            "definition": "The first level that applies, in this order. present: a measure of the kind is in effect, or the roster in force names agencies of the jurisdiction. absent: the roster in force names none. possible: a measure of the kind may be in effect. implied: a measure in effect presupposes one of this kind, and none of this kind is known to have ended. possible: such an implication is uncertain. absent: a source says that there is none. no_record: the documents on file do not say, which is not a finding about the jurisdiction.",
        },
        "interval": {
            "definition": "The bounds of a figure follow from its comparator and are inclusive; null means unbounded. In counted units, both bounds are whole numbers: more_than and nearly exclude the value, and about reaches at least one number either way. A figure whose source prints words and no number has neither value nor bounds.",
            "hedge": HEDGE_FRACTION,
            "counted_units": sorted(str(unit) for unit in COUNTED_UNITS),
        },
        "rounded": {
            "definition": "A number in a counted unit that is printed without a hedge is rounded if it has zeros at its end and is at least as large as rounded_from. It may stand for any number that rounds to it, half up, at the last digit that is not such a zero, or at a tenth of the number if that is smaller. Rounding is never a contradiction.",
            "rounded_from": MIN_ROUNDED_VALUE,
        },
        "roster_check": {"definition": ROSTER_CHECK_RULE, "oldest_days": MAX_ROSTER_AGE.days, "close": CLOSE_FRACTION},
        "map_figure": {"definition": MAP_FIGURE_DEFINITION},
        "confidence": {
            "definition": "A claim has the best level that its supporting citations reach. Origins that one document reports, or that a chain of documents connects, count as one. If several claims establish the same thing (a bar, agreements, a challenge), the best-sourced one counts. A posture has the level of the weakest fact that its rule rests on.",
            "order": [str(level) for level in CONFIDENCE_ORDER],
        },
        "stale": {
            "definition": "A posture is stale if something that its rule rests on has no newer source than this on the requested day: a roster, in days, or another document, in months. A document without a date is stale.",
            "roster_days": ROSTER_STALE_AFTER.days,
            "document_months": DOCUMENT_STALE_MONTHS,
        },
        "horizons": {
            "definition": "The longest time after its newest evidence for which a measure is in effect for certain. After it, the answer is possible, with last_known. Bans, mandates, orders, opinions, settlements and judgments have no horizon: they stand until a source says otherwise. No measure was in effect before section 287(g) was enacted, and no agreement before the year of the first one.",
            "limits": [{"applies_to": horizon.applies_to, "limit": horizon.limit, "reason": horizon.reason} for horizon in HORIZONS],
            "program_enacted": PROGRAM_ENACTED.isoformat(),
            "first_agreement": str(FIRST_AGREEMENT_POSSIBLE.year),
        },
        "status": {
            "definition": "The status on the requested day. A dated event gives its status from the latest day on which it can have happened. The newest status without a dated event holds from the effective date that it names, or else from the first day on which the newest source can have been written. Null: the measure had not begun.",
        },
        "reported": {
            "definition": "Whether a figure had been reported by the requested day: when the first document that reports it was published. It is not the date of the quantity.",
        },
        "coverage": {
            "definition": "documents_searched counts the documents on file at the revision. documents_mentioning counts how many of these are cited for the jurisdiction.",
        },
    }

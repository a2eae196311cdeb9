"""Whether measures stand on a day: for a row in hand, and as a condition that the database can answer."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, case, false, literal, or_

from legal.db.statements import AS_OF, some
from legal.models import MeasureVersion
from legal.rules.in_effect import STEPS, Span, ended, phase_on, stands
from legal.vocabulary import Phase, Stands


def on(row: Mapping[Any, Any], day: date) -> Stands:
    """Whether the measure in a row stands on a day."""
    return stands(span_of(row), row["kind"], row["status"], day)


def over(row: Mapping[Any, Any], day: date) -> bool:
    """Whether the measure in a row had certainly ended by a day."""
    return ended(span_of(row), day) is Stands.YES


def phase(row: Mapping[Any, Any], day: date) -> Phase:
    """Where the measure in a row is in its life on a day."""
    return phase_on(span_of(row), row["kind"], row["status"], day)


def span_of(row: Mapping[Any, Any]) -> Span:
    """The span that a row keeps."""
    return Span(row["begins_earliest"], row["begins_latest"], row["ends"], row["ends_earliest"], row["ends_latest"])


def _answer() -> ColumnElement[str]:
    undated = and_(MEASURE.begins_earliest.is_(None), MEASURE.begins_latest.is_(None))
    begun, not_begun = _not_null(MEASURE.begins_latest <= AS_OF), _not_null(MEASURE.begins_earliest > AS_OF)
    not_over = or_(~MEASURE.ends, _not_null(MEASURE.ends_earliest > AS_OF))
    return case(
        (or_(_in_phase(Phase.ABSENT), and_(_in_phase(Phase.NOT_YET), undated)), Stands.NO),
        (and_(undated, ~MEASURE.ends), Stands.UNKNOWN),
        (or_(and_(not_begun, ~begun), IS_OVER), Stands.NO),
        (and_(begun, not_over), Stands.YES),
        else_=literal(str(Stands.POSSIBLE)),
    )


def _in_phase(phase: Phase) -> ColumnElement[bool]:
    pairs = [(kind, status) for (kind, status), step in STEPS.items() if step.phase is phase]
    return or_(*(and_(MEASURE.kind == kind, MEASURE.status == status) for kind, status in pairs))


def _not_null(comparison: ColumnElement[bool]) -> ColumnElement[bool]:
    # A comparison with a null bound is null, and null is neither true nor false; here it is false.
    return case((comparison, True), else_=false())


MEASURE = MeasureVersion.__table__.c

IS_OVER = and_(MEASURE.ends, _not_null(MEASURE.ends_latest <= AS_OF))
"""That a measure had certainly ended by the day asked about, for the database."""

ANSWER = _answer()
"""What ``rules.standing.stands`` gives; the same rule, for the database. The two are held against each other by a property test."""

IS_ANY = ANSWER.in_(some("stands", ANSWER))
"""That a measure's answer is one of those wanted."""

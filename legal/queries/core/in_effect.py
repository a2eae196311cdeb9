"""Determine which measures are in effect on a day, for rows in Python and as SQL expressions."""

from datetime import date

from sqlalchemy import ColumnElement, and_, case, false, literal, or_

from legal.db.statements import AS_OF, bind_list
from legal.json_types import Row
from legal.models import MeasureVersion
from legal.rules.in_effect import STEPS_BY_STATUS, EffectPeriod, has_ended_by, in_effect_on, phase_on
from legal.vocabulary import Phase, Stands


def measure_in_effect_on(row: Row, day: date) -> Stands:
    """Return whether the measure in a row is in effect on a day."""
    return in_effect_on(effect_period(row), row["kind"], row["status"], day)


def effect_ended_by(row: Row, day: date) -> bool:
    """Return whether the measure in a row has certainly ended, or been suspended, by a day."""
    return has_ended_by(effect_period(row), day) is Stands.YES


def measure_phase_on(row: Row, day: date) -> Phase:
    """Return the phase of the measure in a row on a day."""
    return phase_on(effect_period(row), row["kind"], row["status"], day)


def effect_period(row: Row) -> EffectPeriod:
    """Return the stored period in which the measure in a row is in effect."""
    return EffectPeriod(row["begins_earliest"], row["begins_latest"], row["ends"], row["ends_earliest"], row["ends_latest"])


def _in_effect_expression() -> ColumnElement[str]:
    has_no_beginning = and_(_MEASURE.begins_earliest.is_(None), _MEASURE.begins_latest.is_(None))
    has_begun, not_begun = _false_if_null(_MEASURE.begins_latest <= AS_OF), _false_if_null(_MEASURE.begins_earliest > AS_OF)
    not_ended = or_(~_MEASURE.ends, _false_if_null(_MEASURE.ends_earliest > AS_OF))
    return case(
        (or_(_in_phase(Phase.ABSENT), and_(_in_phase(Phase.NOT_YET), has_no_beginning)), Stands.NO),
        (and_(has_no_beginning, ~_MEASURE.ends), Stands.UNKNOWN),
        (or_(and_(not_begun, ~has_begun), EFFECT_HAS_ENDED), Stands.NO),
        (and_(has_begun, not_ended), Stands.YES),
        else_=literal(str(Stands.POSSIBLE)),
    )


def _in_phase(phase: Phase) -> ColumnElement[bool]:
    pairs = [(kind, status) for (kind, status), step in STEPS_BY_STATUS.items() if step.phase is phase]
    return or_(*(and_(_MEASURE.kind == kind, _MEASURE.status == status) for kind, status in pairs))


def _false_if_null(comparison: ColumnElement[bool]) -> ColumnElement[bool]:
    # SQL compares with a null bound as null, and "not null" is null as well. Here it is false.
    return case((comparison, True), else_=false())


_MEASURE = MeasureVersion.__table__.c

EFFECT_HAS_ENDED = and_(_MEASURE.ends, _false_if_null(_MEASURE.ends_latest <= AS_OF))
"""SQL twin of ``effect_ended_by``, for the requested day."""

IN_EFFECT = _in_effect_expression()
"""SQL twin of ``measure_in_effect_on``, for the requested day. A property test compares the two."""

IN_EFFECT_MATCHES = IN_EFFECT.in_(bind_list("stands", IN_EFFECT))
"""The condition that ``IN_EFFECT`` has one of the values that are bound to ``stands``."""

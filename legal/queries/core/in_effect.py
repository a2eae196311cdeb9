"""Determine which measures are in effect on a day, for rows in Python and as SQL expressions."""

from datetime import date

from sqlalchemy import ColumnElement, String, Text, and_, case, cast, false, literal, not_, or_, select

from legal.db.statements import AS_OF, bind_list, is_version_of
from legal.json_types import Row
from legal.models import MeasureVersion, Roster, RosterVersion, StatusPeriod
from legal.rules.horizons import first_possible_day
from legal.rules.in_effect import STEPS_BY_STATUS, EffectPeriod, has_ended_by, in_effect_on, is_past_horizon, phase_on
from legal.vocabulary import NATION_CODE, Kind, Phase, RosterKind, Stands


def measure_in_effect_on(row: Row, day: date) -> Stands:
    """Return whether the measure in a row is in effect on a day. The row has ``DAY_COLUMNS`` for that day."""
    return in_effect_on(effect_period(row), row["kind"], row["status"], day, is_unlisted=bool(row["is_unlisted"]))


def measure_past_horizon(row: Row, day: date) -> bool:
    """Return whether the evidence for the measure in a row is too old on a day to make it certain."""
    return is_past_horizon(effect_period(row), day)


def effect_ended_by(row: Row, day: date) -> bool:
    """Return whether the measure in a row has certainly ended, or been suspended, by a day."""
    return has_ended_by(effect_period(row), day) is Stands.YES


def measure_phase_on(row: Row, day: date) -> Phase:
    """Return the phase of the measure in a row on a day. The row has ``DAY_COLUMNS`` for that day."""
    return phase_on(effect_period(row), row["kind"], row["status"], row["status_on_day"], day)


def effect_period(row: Row) -> EffectPeriod:
    """Return the stored period in which the measure in a row is in effect."""
    return EffectPeriod(
        row["begins_earliest"],
        row["begins_latest"],
        row["ends"],
        row["ends_earliest"],
        row["ends_latest"],
        row["certain_until"],
        row["last_reported"],
    )


def _in_effect_expression() -> ColumnElement[str]:
    has_no_beginning = and_(_MEASURE.begins_earliest.is_(None), _MEASURE.begins_latest.is_(None))
    has_begun, not_begun = _false_if_null(_MEASURE.begins_latest <= AS_OF), _false_if_null(_MEASURE.begins_earliest > AS_OF)
    not_ended = or_(~_MEASURE.ends, _false_if_null(_MEASURE.ends_earliest > AS_OF))
    return case(
        (or_(IS_UNLISTED, case({kind: first_possible_day(kind) for kind in Kind}, value=_MEASURE.kind) > AS_OF), Stands.NO),
        (or_(_in_phase(Phase.ABSENT), and_(_in_phase(Phase.NOT_YET), has_no_beginning)), Stands.NO),
        (and_(has_no_beginning, ~_MEASURE.ends), Stands.UNKNOWN),
        (or_(and_(not_begun, ~has_begun), EFFECT_HAS_ENDED), Stands.NO),
        (and_(has_begun, not_ended, not_(IS_PAST_HORIZON)), Stands.YES),
        else_=literal(str(Stands.POSSIBLE)),
    )


def _in_phase(phase: Phase) -> ColumnElement[bool]:
    pairs = [(kind, status) for (kind, status), step in STEPS_BY_STATUS.items() if step.phase is phase]
    return or_(*(and_(_MEASURE.kind == kind, _MEASURE.status == status) for kind, status in pairs))


def _false_if_null(comparison: ColumnElement[bool]) -> ColumnElement[bool]:
    # SQL compares with a null bound as null, and "not null" is null as well. Here it is false.
    return case((comparison, True), else_=false())


def _is_unlisted_expression() -> ColumnElement[bool]:
    """Return the condition that the roster in effect is newer than a set of agreements' sources and does not name the jurisdiction."""
    roster, version = Roster.__table__.c, RosterVersion.__table__.c
    in_effect = (
        select(roster.date, cast(version.counts, Text).label("counts"))
        .select_from(Roster.__table__)
        .join(RosterVersion.__table__, is_version_of(version, roster.id))
        .where(roster.kind == RosterKind.PARTICIPATING, roster.date <= AS_OF)
        .order_by(roster.position.desc())
        .limit(1)
        .correlate(None)
    )
    roster_day = in_effect.with_only_columns(roster.date).scalar_subquery()
    counts = in_effect.with_only_columns(cast(version.counts, Text)).scalar_subquery()
    # The counts are JSON whose only keys in capitals are the codes of the jurisdictions that the roster names.
    names_jurisdiction = counts.like(literal('%"', String) + _MEASURE.jurisdiction + literal('"%', String))
    is_outdated = and_(_MEASURE.last_reported < roster_day, not_(names_jurisdiction), _MEASURE.jurisdiction != NATION_CODE)
    return case((and_(_MEASURE.kind == Kind.ACTIVE_AGREEMENTS, is_outdated), True), else_=false())


_MEASURE, _STATUS_PERIOD = MeasureVersion.__table__.c, StatusPeriod.__table__.c

STATUS_ON_DAY = (
    select(_STATUS_PERIOD.status)
    .where(_STATUS_PERIOD.measure_version == _MEASURE.key, _STATUS_PERIOD.from_day <= AS_OF)
    .order_by(_STATUS_PERIOD.from_day.desc())
    .limit(1)
    .correlate(MeasureVersion.__table__)
    .scalar_subquery()
)
"""The status of a measure on the requested day; null before its first one. Publishing stores the periods (``rules.statuses``)."""

IS_UNLISTED = _is_unlisted_expression()
"""Whether a later roster, in effect on the requested day, names no agency of the jurisdiction of a set of agreements."""

DAY_COLUMNS = (STATUS_ON_DAY.label("status_on_day"), IS_UNLISTED.label("is_unlisted"))
"""The columns that the functions for rows need in addition to those of a measure's version."""

EFFECT_HAS_ENDED = and_(_MEASURE.ends, _false_if_null(_MEASURE.ends_latest <= AS_OF))
"""SQL twin of ``effect_ended_by``, for the requested day."""

IS_PAST_HORIZON = _false_if_null(_MEASURE.certain_until < AS_OF)
"""SQL twin of ``measure_past_horizon``, for the requested day."""

IN_EFFECT = _in_effect_expression()
"""SQL twin of ``measure_in_effect_on``, for the requested day. A property test compares the two."""

IN_EFFECT_MATCHES = IN_EFFECT.in_(bind_list("stands", IN_EFFECT))
"""The condition that ``IN_EFFECT`` has one of the values that are bound to ``stands``."""

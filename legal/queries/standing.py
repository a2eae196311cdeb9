"""Whether measures stand on a day: for a row in hand, and as a condition that the database can answer."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, case, false, literal, or_

from legal.records import MeasureVersion
from legal.rules.standing import STEPS, Span, ended, phase_on, stands
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


def is_over(day: date) -> ColumnElement[bool]:
    """That a measure had certainly ended by a day, for the database."""
    return and_(MeasureVersion.ends, _not_null(MeasureVersion.ends_latest <= day))


def is_any(wanted: Iterable[str], day: date) -> ColumnElement[bool]:
    """That a measure's answer is one of those wanted."""
    return answer(day).in_([str(one) for one in wanted])


def answer(day: date) -> ColumnElement[str]:
    """What ``rules.standing.stands`` gives; the same rule, for the database.

    The two are held against each other by a property test.
    """
    version = MeasureVersion
    undated = and_(version.begins_earliest.is_(None), version.begins_latest.is_(None))
    begun, not_begun = _not_null(version.begins_latest <= day), _not_null(version.begins_earliest > day)
    not_over = or_(~version.ends, _not_null(version.ends_earliest > day))
    return case(
        (or_(_in_phase(Phase.ABSENT), and_(_in_phase(Phase.NOT_YET), undated)), Stands.NO),
        (and_(undated, ~version.ends), Stands.UNKNOWN),
        (or_(and_(not_begun, ~begun), is_over(day)), Stands.NO),
        (and_(begun, not_over), Stands.YES),
        else_=literal(str(Stands.POSSIBLE)),
    )


def _in_phase(phase: Phase) -> ColumnElement[bool]:
    pairs = [(kind, status) for (kind, status), step in STEPS.items() if step.phase is phase]
    return or_(*(and_(MeasureVersion.kind == kind, MeasureVersion.status == status) for kind, status in pairs))


def _not_null(comparison: ColumnElement[bool]) -> ColumnElement[bool]:
    # A comparison with a null bound is null, and null is neither true nor false; here it is false.
    return case((comparison, True), else_=false())

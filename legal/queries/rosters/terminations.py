"""Load the agreements that measures name, and the days by which these agreements had ended."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, String, and_, bindparam, false, func, or_, select
from sqlalchemy.orm import Session

from legal.db.statements import bind_list, next_power_of_two, visible_at_revision
from legal.models import Measure, MeasureVersion
from legal.queries.core import in_effect
from legal.queries.core.snapshot import Snapshot
from legal.rules.rosters.admission import POSITION_DAY_LENGTH
from legal.vocabulary import Kind, Phase

_MEASURE = MeasureVersion.__table__.c
_NAMING_MEASURES = select(MeasureVersion.__table__, *in_effect.DAY_COLUMNS).where(
    visible_at_revision(_MEASURE, Measure.__table__.c.kind == Kind.ACTIVE_AGREEMENTS), _MEASURE.agreements.is_not(None)
)


@dataclass(frozen=True, slots=True)
class Terminations:
    """The ids of the measures that name each agreement, and the agreements that measures report as ended, by day.

    The day is the first day on which the measure had certainly ended. The mappings include agreements that no roster
    lists.
    """

    measures_by_agreement: Mapping[str, Sequence[str]]
    agreements_by_end_day: Mapping[date, Sequence[str]]

    @property
    def day_count(self) -> int:
        """Return the number of days that ``is_terminated`` has parameters for.

        It is rounded up to a power of two, so that few statements have to be cached.
        """
        return next_power_of_two(len(self.agreements_by_end_day))

    def bind_values(self) -> dict[str, Any]:
        """Return the values for the parameters of ``is_terminated``; unused parameters get an empty list."""
        ends = [(day.isoformat(), list(ids)) for day, ids in self.agreements_by_end_day.items()]
        ends += [("", [])] * (self.day_count - len(ends))
        days = {f"end_{number}": day for number, (day, _) in enumerate(ends)}
        return days | {f"ended_{number}": ids for number, (_, ids) in enumerate(ends)}


def is_terminated(day_count: int, agreement: Any, last_position: Any) -> ColumnElement[bool]:
    """Return the condition that a measure reports an agreement as ended, and no later participating roster lists it.

    ``last_position`` is the position of the last participating roster that lists the agreement, null if no roster does.
    """
    last_day = func.substr(last_position, 1, POSITION_DAY_LENGTH)
    return or_(
        false(),
        *(
            and_(
                agreement.in_(bind_list(f"ended_{number}", agreement)),
                or_(last_position.is_(None), last_day <= bindparam(f"end_{number}", type_=String)),
            )
            for number in range(day_count)
        ),
    )


def load_terminations(session: Session, snapshot: Snapshot) -> Terminations:
    """Load the measures that name agreements, and the agreements that they report as ended by the requested day.

    This sends one SQL statement, once for a revision and a day.
    """

    def load(days: list[date]) -> dict[date, Terminations]:
        return dict.fromkeys(days, _load_terminations(session, snapshot))

    return snapshot.load_shared_items(session, "terminations", [snapshot.as_of], load)[snapshot.as_of]


def _load_terminations(session: Session, snapshot: Snapshot) -> Terminations:
    rows = snapshot.execute(session, _NAMING_MEASURES).mappings()
    measures_by_agreement: dict[str, list[str]] = defaultdict(list)
    agreements_by_end_day: dict[date, list[str]] = defaultdict(list)
    # Sorted here: with ORDER BY, SQLite would scan all measures and not only the few that name agreements.
    for row in sorted(rows, key=lambda row: str(row["measure"])):
        for agreement in dict.fromkeys(row["agreements"]):
            measures_by_agreement[agreement].append(row["measure"])
        # The effect of a suspended measure has ended for now, but the measure has not.
        if in_effect.effect_ended_by(row, snapshot.as_of) and in_effect.measure_phase_on(row, snapshot.as_of) is Phase.ENDED:
            agreements_by_end_day[row["ends_latest"]] += row["agreements"]
    return Terminations(measures_by_agreement, agreements_by_end_day)

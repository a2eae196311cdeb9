"""Ends: which agreements the measures on file name, and which of those had ended by a day."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, String, and_, bindparam, false, func, or_, select
from sqlalchemy.orm import Session

from legal.db.statements import padded, seen, some
from legal.models import MeasureVersion
from legal.queries.core import in_effect
from legal.queries.core.snapshot import Snapshot
from legal.rules.rosters.admission import DAY
from legal.vocabulary import Phase

MEASURE = MeasureVersion.__table__.c
NAMING = select(MeasureVersion.__table__).where(seen(MEASURE), MEASURE.agreements.is_not(None))


@dataclass(frozen=True, slots=True)
class Named:
    """What measures say of the agreements that they name: ``measures`` by agreement, and agreements by the day of their end.

    A day is the first on which a measure that names them was certainly over. Ids that no list has are among them.
    """

    measures: Mapping[str, Sequence[str]]
    ends: Mapping[date, Sequence[str]]

    @property
    def days(self) -> int:
        """How many days ``ended`` is made for: those of an end, and some on which nothing ended."""
        return padded(len(self.ends))

    def bound(self) -> dict[str, Any]:
        """The values that ``ended`` is bound to."""
        on = [(end.isoformat(), list(ids)) for end, ids in self.ends.items()]
        on += [("", [])] * (self.days - len(on))
        return {f"end_{number}": end for number, (end, _) in enumerate(on)} | {f"ended_{number}": ids for number, (_, ids) in enumerate(on)}


def ended(days: int, agreement: Any, listed: Any) -> ColumnElement[bool]:
    """That an agreement had ended on one of so many days; ``listed`` is the position of the last list of participating agencies with it.

    A list that is dated after the end and has it wins over what a source said before; where there is none, ``listed`` is null.
    """
    last = func.substr(listed, 1, DAY)
    return or_(
        false(),
        *(
            and_(agreement.in_(some(f"ended_{number}", agreement)), or_(listed.is_(None), last <= bindparam(f"end_{number}", type_=String)))
            for number in range(days)
        ),
    )


def named(session: Session, moment: Snapshot) -> Named:
    """What the measures on file say of the agreements that they name; one statement."""
    naming = moment.execute(session, NAMING).mappings()
    by_agreement: dict[str, list[str]] = defaultdict(list)
    by_end: dict[date, list[str]] = defaultdict(list)
    # Asked to sort, SQLite would walk all measures in their order and not the few that name any.
    for row in sorted(naming, key=lambda row: str(row["measure"])):
        for agreement in dict.fromkeys(row["agreements"]):
            by_agreement[agreement].append(row["measure"])
        # What is suspended is over for now and has not ended.
        if in_effect.over(row, moment.as_of) and in_effect.phase(row, moment.as_of) is Phase.ENDED:
            by_end[row["ends_latest"]] += row["agreements"]
    return Named(by_agreement, by_end)

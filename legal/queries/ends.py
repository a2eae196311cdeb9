"""Ends: which agreements the measures on file name, and which of those had ended by a day."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, false, func, or_
from sqlalchemy.orm import Session

from legal.queries import measures, standing
from legal.queries.moments import Moment
from legal.records import MeasureVersion
from legal.rules.lists import DAY
from legal.vocabulary import Phase


@dataclass(frozen=True, slots=True)
class Named:
    """What measures say of the agreements that they name: ``measures`` by agreement, and agreements by the day of their end.

    A day is the first on which a measure that names them was certainly over. Ids that no list has are among them.
    """

    measures: Mapping[str, Sequence[str]]
    ends: Mapping[date, Sequence[str]]

    def ended(self, agreement: SQLColumnExpression[Any], listed: SQLColumnExpression[Any]) -> ColumnElement[bool]:
        """That an agreement had ended; ``listed`` is the position of the last list of participating agencies that has it, or null.

        A list that is dated after the end and has it wins over what a source said before.
        """
        last = func.substr(listed, 1, DAY)
        by_day = (and_(agreement.in_(ids), or_(listed.is_(None), last <= end.isoformat())) for end, ids in self.ends.items())
        return or_(false(), *by_day)


def named(session: Session, moment: Moment) -> Named:
    """What the measures on file say of the agreements that they name; one statement."""
    naming = session.execute(measures.open_at(moment).where(MeasureVersion.agreements.is_not(None))).mappings()
    by_agreement: dict[str, list[str]] = defaultdict(list)
    by_end: dict[date, list[str]] = defaultdict(list)
    # Asked to sort, SQLite would walk all measures in their order and not the few that name any.
    for row in sorted(naming, key=lambda row: str(row["measure"])):
        for agreement in dict.fromkeys(row["agreements"]):
            by_agreement[agreement].append(row["measure"])
        # What is suspended is over for now and has not ended.
        if standing.over(row, moment.as_of) and standing.phase(row, moment.as_of) is Phase.ENDED:
            by_end[row["ends_latest"]] += row["agreements"]
    return Named(by_agreement, by_end)

"""Whether measures stand: the rule in Python and the condition in the database are one rule."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import product

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from sqlalchemy import Boolean, Column, ColumnClause, Connection, Date, Integer, MetaData, String, Table, insert, literal_column, select

from legal.db.engine import Database
from legal.models import MeasureVersion
from legal.queries.core.in_effect import IS_ANY
from legal.rules.in_effect import STEPS, Span, stands
from legal.vocabulary import Phase, Stands
from tests.examples import examples

DAYS = [date(2026, 2, day) for day in (3, 4, 5)]
BOUNDS = [(one, other) for one, other in product([None, *DAYS], repeat=2) if one is None or other is None or one <= other]
SPANS = [Span(*begins, False, None, None) for begins in BOUNDS] + [Span(*begins, True, *ends) for begins in BOUNDS for ends in BOUNDS]
EXAMPLES = {phase: next(pair for pair, step in STEPS.items() if step.phase is phase) for phase in Phase}
CASES = [(span, kind, status) for span in SPANS for kind, status in EXAMPLES.values()]
MEASURES = Table(
    MeasureVersion.__tablename__,
    MetaData(),
    Column("number", Integer),
    Column("kind", String),
    Column("status", String),
    *(Column(f"{end}_{bound}", Date) for end in ("begins", "ends") for bound in ("earliest", "latest")),
    Column("ends", Boolean),
    prefixes=["TEMPORARY"],
)
NUMBER: ColumnClause[int] = literal_column("number", Integer)


def row(number: int, span: Span, kind: str, status: str) -> dict[str, object]:
    """A row of the temporary table, which hides the real one and has just the columns that decide."""
    return {"number": number, "kind": kind, "status": status, **{name: getattr(span, name) for name in Span.__slots__}}


def numbers(connection: Connection, wanted: Iterable[Stands], day: date) -> list[int]:
    """The cases with one of these answers on a day."""
    return [*connection.scalars(select(NUMBER).where(IS_ANY), {"stands": [str(one) for one in wanted], "as_of": day})]


@pytest.fixture(scope="module")
def connection(copies: dict[bool, Database]) -> Iterator[Connection]:
    """A connection with every case in a table of measures."""
    with copies[True].engine.connect() as made:
        MEASURES.create(made)
        made.execute(insert(MEASURES), [row(number, *case) for number, case in enumerate(CASES)])
        yield made
        made.rollback()


@pytest.mark.parametrize("day", [date(2026, 2, 2), *DAYS, date(2026, 2, 6)])
def test_the_database_and_the_rule_agree_on_every_order_of_dates(connection: Connection, day: date) -> None:
    found = {number: answer for answer in Stands for number in numbers(connection, [answer], day)}
    assert found == {number: stands(span, kind, status, day) for number, (span, kind, status) in enumerate(CASES)}


@examples(10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.sampled_from(SPANS), st.sampled_from(sorted(STEPS))), min_size=1, max_size=20),
    st.sets(st.sampled_from(list(Stands))),
    st.dates(date(2026, 2, 1), date(2026, 2, 7)),
)
def test_any_measures_that_stand_as_wanted_are_found(
    connection: Connection, drawn: list[tuple[Span, tuple[str, str]]], wanted: set[Stands], day: date
) -> None:
    cases = [(len(CASES) + number, span, *pair) for number, (span, pair) in enumerate(drawn)]
    with connection.begin_nested() as undone:
        connection.execute(insert(MEASURES), [row(*case) for case in cases])
        found = {number for number in numbers(connection, wanted, day) if number >= len(CASES)}
        undone.rollback()
    assert found == {number for number, span, kind, status in cases if stands(span, kind, status, day) in wanted}

"""Compare the Python rule and the SQL expression for measures in effect."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from itertools import product

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from sqlalchemy import Boolean, Column, ColumnClause, Connection, Date, Integer, MetaData, String, Table, insert, literal_column, select

from legal.db.engine import Database
from legal.db.statements import shape_statement
from legal.models import MeasureVersion
from legal.queries.core.in_effect import IN_EFFECT_MATCHES
from legal.rules.in_effect import STEPS_BY_STATUS, EffectPeriod, in_effect_on
from legal.vocabulary import Phase, Stands
from tests.examples import examples

DAYS = [date(2026, 2, day) for day in (3, 4, 5)]
BOUNDS = [(earliest, latest) for earliest, latest in product([None, *DAYS], repeat=2) if not (earliest and latest) or earliest <= latest]
PERIODS = [EffectPeriod(*begins, False, None, None) for begins in BOUNDS] + [
    EffectPeriod(*begins, True, *ends) for begins in BOUNDS for ends in BOUNDS
]
PERIODS += [replace(period, certain_until=DAYS[1]) for period in PERIODS[::3]]
EXAMPLES = {phase: next(pair for pair, step in STEPS_BY_STATUS.items() if step.phase is phase) for phase in Phase}
CASES = [(period, kind, status) for period in PERIODS for kind, status in EXAMPLES.values()]
MEASURES = Table(
    MeasureVersion.__tablename__,
    MetaData(),
    Column("number", Integer),
    Column("jurisdiction", String),
    Column("kind", String),
    Column("status", String),
    *(Column(f"{end}_{limit}", Date) for end in ("begins", "ends") for limit in ("earliest", "latest")),
    Column("ends", Boolean),
    *(Column(name, Date) for name in ("certain_until", "last_reported")),
    prefixes=["TEMPORARY"],
)
NUMBER: ColumnClause[int] = literal_column("number", Integer)


def case_row(number: int, period: EffectPeriod, kind: str, status: str) -> dict[str, object]:
    """Return a row of the temporary table, which hides the real one and has only the columns that the rule reads."""
    return {"number": number, "kind": kind, "status": status, **{name: getattr(period, name) for name in EffectPeriod.__slots__}}


def matching_numbers(connection: Connection, answers: Iterable[Stands], day: date) -> list[int]:
    """Return the numbers of the cases with one of the answers on a day."""
    statement = shape_statement(select(NUMBER).where(IN_EFFECT_MATCHES), is_newest=False)
    return [*connection.scalars(statement, {"stands": [str(answer) for answer in answers], "as_of": day, "revision": 1})]


@pytest.fixture(scope="module")
def connection(shared_databases: dict[str, Database]) -> Iterator[Connection]:
    """Yield a connection with every case in a temporary table of measures."""
    with shared_databases["seeded"].engine.connect() as cases:
        MEASURES.create(cases)
        cases.execute(insert(MEASURES), [case_row(number, *case) for number, case in enumerate(CASES)])
        yield cases
        cases.rollback()


@pytest.mark.parametrize("day", [date(2026, 2, 2), *DAYS, date(2026, 2, 6)])
def test_sql_and_python_agree_on_every_order_of_dates(connection: Connection, day: date) -> None:
    answers = {number: answer for answer in Stands for number in matching_numbers(connection, [answer], day)}
    assert answers == {number: in_effect_on(period, kind, status, day) for number, (period, kind, status) in enumerate(CASES)}


@examples(10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.sampled_from(PERIODS), st.sampled_from(sorted(STEPS_BY_STATUS))), min_size=1, max_size=20),
    st.sets(st.sampled_from(list(Stands))),
    st.dates(date(2026, 2, 1), date(2026, 2, 7)),
)
def test_filter_finds_exactly_the_measures_with_wanted_answers(
    connection: Connection, drawn_cases: list[tuple[EffectPeriod, tuple[str, str]]], wanted_answers: set[Stands], day: date
) -> None:
    cases = [(len(CASES) + number, period, *pair) for number, (period, pair) in enumerate(drawn_cases)]
    with connection.begin_nested() as savepoint:
        connection.execute(insert(MEASURES), [case_row(*case) for case in cases])
        found_numbers = {number for number in matching_numbers(connection, wanted_answers, day) if number >= len(CASES)}
        savepoint.rollback()
    assert found_numbers == {number for number, period, kind, status in cases if in_effect_on(period, kind, status, day) in wanted_answers}

"""Conditions that several lists offer."""

from sqlalchemy import ColumnElement, or_
from sqlalchemy.orm import InstrumentedAttribute


def words(query: str, *columns: InstrumentedAttribute[str] | InstrumentedAttribute[str | None]) -> list[ColumnElement[bool]]:
    """That each word of the query stands somewhere in the columns, in any case; wildcards are plain characters."""
    return [or_(*(column.icontains(word, autoescape=True) for column in columns)) for word in query.split()]

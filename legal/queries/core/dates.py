"""Dates as rows keep them and as answers show them."""

from datetime import date

from legal.json_types import Row
from legal.rules.dates import When
from legal.vocabulary import Basis


def of(row: Row, prefix: str) -> When:
    """The date that a row keeps in its columns ``<prefix>_edtf``, ``_earliest``, ``_latest`` and ``_basis``."""
    return When(row[f"{prefix}_edtf"], row[f"{prefix}_earliest"], row[f"{prefix}_latest"], Basis(row[f"{prefix}_basis"]))


def shown(when: When) -> dict[str, str | None]:
    """A date as a DATE object of the contract."""
    return {"edtf": when.edtf, "earliest": _iso(when.earliest), "latest": _iso(when.latest), "basis": str(when.basis)}


def column(row: Row, prefix: str) -> dict[str, str | None]:
    """The DATE object of a row's date."""
    return shown(of(row, prefix))


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None

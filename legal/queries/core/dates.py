"""Read dates from rows and write them as the API's DATE objects."""

from datetime import date

from legal.json_types import Row
from legal.rules.dates import EdtfDate
from legal.rules.evidence import cap_at_access_date
from legal.vocabulary import Basis


def date_from_row(row: Row, prefix: str) -> EdtfDate:
    """Return the date in the columns ``<prefix>_edtf``, ``<prefix>_earliest``, ``<prefix>_latest`` and ``<prefix>_basis``."""
    return EdtfDate(row[f"{prefix}_edtf"], row[f"{prefix}_earliest"], row[f"{prefix}_latest"], Basis(row[f"{prefix}_basis"]))


def publication_date(row: Row) -> EdtfDate:
    """Return the publication date of the document in a row; its latest day is at most the day we read it."""
    return cap_at_access_date(date_from_row(row, "published"), row["accessed_latest"])


def date_json(when: EdtfDate) -> dict[str, str | None]:
    """Return a date as a DATE object: ``edtf``, ``earliest``, ``latest`` and ``basis``."""
    return {"edtf": when.edtf, "earliest": _iso_day(when.earliest), "latest": _iso_day(when.latest), "basis": str(when.basis)}


def row_date_json(row: Row, prefix: str) -> dict[str, str | None]:
    """Return the DATE object of the date in a row's ``<prefix>_`` columns."""
    return date_json(date_from_row(row, prefix))


def _iso_day(day: date | None) -> str | None:
    return day.isoformat() if day else None

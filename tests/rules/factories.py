"""Build claims, reports and evidence for the rules, with defaults for everything that a test does not name."""

from datetime import date
from itertools import count

from legal.rules.dates import UNKNOWN_DATE, EdtfDate, parse_date
from legal.rules.evidence import Evidence
from legal.rules.posture import Claim, Report
from legal.vocabulary import Basis, DocumentType, Kind, Metric, OriginType, Role, Stands

id_numbers = count(1)

DEFAULT_STATUSES = {
    Kind.LITIGATION: "filed",
    Kind.PENDING_BILL: "introduced",
    Kind.ACTIVE_AGREEMENTS: "active",
    Kind.LEGAL_OPINION: "issued",
}


def make_claim(kind: str = Kind.BAN, direction: str = "limits_cooperation", stands: Stands = Stands.YES, **fields: object) -> Claim:
    """Return a measure that is in effect."""
    all_fields = {"id": f"m{next(id_numbers)}", "status": DEFAULT_STATUSES.get(Kind(kind), "in_force")} | fields
    return Claim(kind=kind, direction=direction, stands=stands, **all_fields)  # type: ignore[arg-type]


def make_full_ban(**fields: object) -> Claim:
    """Return a law that prohibits agreements, states no exception and exempts no agency."""
    return make_claim(**{"prohibits_agreements": True, "binds": frozenset({"all_agencies"})} | fields)  # type: ignore[arg-type]


def make_partial_limit(**fields: object) -> Claim:
    """Return an order that binds state agencies only."""
    return make_claim(Kind.EXECUTIVE_ORDER, binds=frozenset({"state_agencies"}), prohibits_agreements=True, **fields)  # type: ignore[arg-type]


def make_agreements(**fields: object) -> Claim:
    """Return a standing set of agreements."""
    return make_claim(Kind.ACTIVE_AGREEMENTS, "encourages_cooperation", **fields)  # type: ignore[arg-type]


def make_roster(listed_agreements: int = 1, stands: Stands = Stands.YES) -> Claim:
    """Return what the roster in effect says of a jurisdiction; zero agreements if it does not name it."""
    status, stands = ("active", stands) if listed_agreements else ("reported_absent", Stands.NO)
    return make_agreements(status=status, stands=stands, id="roster", listed_agreements=listed_agreements)


def make_settlement(**fields: object) -> Claim:
    """Return a settlement whose terms restrict existing agreements."""
    return make_claim(Kind.LITIGATION, **{"status": "settled", "reach": "existing"} | fields)  # type: ignore[arg-type]


def make_bill(**fields: object) -> Claim:
    """Return a pending bill that would prohibit all agreements."""
    return make_full_ban(kind=Kind.PENDING_BILL, **fields)


def make_report(metric: str = Metric.ARRESTS, on_file: Stands = Stands.YES, **fields: object) -> Report:
    """Return a figure that has been reported."""
    return Report(**{"id": f"f{next(id_numbers)}", "metric": metric, "on_file": on_file} | fields)  # type: ignore[arg-type]


def make_evidence(**fields: object) -> Evidence:
    """Return a supporting citation of an article that names no origin."""
    defaults = {
        "document": "one",
        "document_type": DocumentType.ARTICLE,
        "publisher": "Gazette",
        "origin": None,
        "origin_type": OriginType.PRESS_REPORT,
        "role": Role.SUPPORTS,
        "published": UNKNOWN_DATE,
    }
    return Evidence(**defaults | fields)  # type: ignore[arg-type]


def parse_day(text: str) -> date:
    """Parse a calendar day."""
    return date.fromisoformat(text)


def undated_but_read_on(day: str) -> EdtfDate:
    """Return the date of a document that prints none and was read on a day."""
    return EdtfDate(None, None, parse_day(day), Basis.UNKNOWN)


SAMPLE_DATES = [
    UNKNOWN_DATE,
    undated_but_read_on("2026-11-22"),
    *map(
        parse_date,
        ("2020", "2024-01-31", "2025", "2025-09/2025-12", "2026-01", "2026-02-04", "2026-03~", "2026-04/..", "../2024-06", "2027"),
    ),
]
"""Dates of every form. Property tests draw from this list, because parsing a date takes milliseconds."""

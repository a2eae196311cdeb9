"""Measures, figures and citations as the rules see them, with as little said as a test needs."""

from datetime import date
from itertools import count

from legal.rules.dates import UNKNOWN, When, when
from legal.rules.evidence import Evidence
from legal.rules.posture import Claim, Report
from legal.vocabulary import Basis, DocumentType, Kind, Metric, OriginType, Role, Stands

numbers = count(1)

ISSUED = {Kind.LITIGATION: "filed", Kind.PENDING_BILL: "introduced", Kind.ACTIVE_AGREEMENTS: "active", Kind.LEGAL_OPINION: "issued"}


def claim(kind: str = Kind.BAN, direction: str = "limits_cooperation", stands: Stands = Stands.YES, **more: object) -> Claim:
    """A measure that stands."""
    said = {"id": f"m{next(numbers)}", "status": ISSUED.get(Kind(kind), "in_force")} | more
    return Claim(kind=kind, direction=direction, stands=stands, **said)  # type: ignore[arg-type]


def full_ban(**more: object) -> Claim:
    """A law that forbids agreements, with no exception and nobody left out."""
    return claim(**{"prohibits_agreements": True, "binds": frozenset({"all_agencies"})} | more)  # type: ignore[arg-type]


def limit(**more: object) -> Claim:
    """An order that binds state agencies only."""
    return claim(Kind.EXECUTIVE_ORDER, binds=frozenset({"state_agencies"}), prohibits_agreements=True, **more)  # type: ignore[arg-type]


def agreements(**more: object) -> Claim:
    """A standing set of agreements."""
    return claim(Kind.ACTIVE_AGREEMENTS, "encourages_cooperation", **more)  # type: ignore[arg-type]


def bill(**more: object) -> Claim:
    """A pending bill that would forbid all agreements."""
    return full_ban(kind=Kind.PENDING_BILL, **more)


def report(metric: str = Metric.ARRESTS, on_file: Stands = Stands.YES, **more: object) -> Report:
    """A figure that had been reported."""
    return Report(**{"id": f"f{next(numbers)}", "metric": metric, "on_file": on_file} | more)  # type: ignore[arg-type]


def evidence(**more: object) -> Evidence:
    """An article of its own origin that supports something."""
    said = {
        "document": "one",
        "document_type": DocumentType.ARTICLE,
        "publisher": "Gazette",
        "origin": None,
        "origin_type": OriginType.PRESS_REPORT,
        "role": Role.SUPPORTS,
        "published": UNKNOWN,
    }
    return Evidence(**said | more)  # type: ignore[arg-type]


def day(text: str) -> date:
    """A calendar day."""
    return date.fromisoformat(text)


def read_on(latest: str) -> When:
    """The date of a document that prints none and was read on a day."""
    return When(None, None, day(latest), Basis.UNKNOWN)


POOL = [
    UNKNOWN,
    read_on("2026-11-22"),
    *map(when, ("2020", "2024-01-31", "2025", "2025-09/2025-12", "2026-01", "2026-02-04", "2026-03~", "2026-04/..", "../2024-06", "2027")),
]
"""A few dates of every sort; a property draws from them, since reading one takes milliseconds."""

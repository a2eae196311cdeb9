"""Test the roster checks of figures over invented rosters: participation, signatures in a period, and the counts shown."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from legal.db.engine import Database
from legal.json_types import Json
from legal.queries.core.snapshot import resolve_snapshot
from legal.queries.record.figures import get_figure
from legal.rules.dates import UNKNOWN_DATE
from legal.schemas.figure import FigureDraft
from legal.services import drafts
from legal.services.publishing import publish
from legal.vocabulary import AgencyType
from tests.services.factories import CHANGE_REASON, citation_json, explicit_date, figure_json
from tests.services.rosters.factories import (
    BAKER,
    DOCUMENT,
    MIAMI,
    PENDING,
    UNION,
    import_rosters,
    parsed_row,
    roster_workbook,
    session_with_rosters,
)

MARCH, MAY, TODAY = "2025-03-10", "2025-05-16", "2025-12-01"
SIGNED_IN_APRIL = {"metric": "new_participation", "cohort": "signed_in", "unit": "agreements", "date": explicit_date("2025-04")}
MARCH_ROSTER = roster_workbook(MARCH, parsed_row(UNION, "2025-02-26"))
MAY_ROSTER = roster_workbook(
    MAY,
    parsed_row(UNION, "2025-04-01"),
    parsed_row(UNION, "2025-04-30", "jail_enforcement"),
    parsed_row(BAKER, "2025-05-01"),
    parsed_row(MIAMI, None),
    parsed_row("Florida Highway Patrol", "2025-04-15", agency_type=AgencyType.STATE_AGENCY, county=None),
    parsed_row("Dallas Police Department", "2025-04-10", jurisdiction="TX", county=None),
    parsed_row("Houston Police Department", "2025-03-31", jurisdiction="TX", county=None),
    parsed_row("Guam Customs", "2025-05-02", jurisdiction="GU", county=None),
)
"""Eight agreements of seven agencies in two states and a territory. Four were signed in April, by three agencies."""


@pytest.fixture
def session(seeded_db: Database) -> Iterable[Session]:
    """A session over the seeds and three rosters that is rolled back."""
    pending_roster = roster_workbook(MAY, parsed_row(UNION, None), kind=PENDING)
    with session_with_rosters(seeded_db, MARCH_ROSTER, MAY_ROSTER, pending_roster) as session:
        yield session


def check_figure(session: Session, jurisdiction: str = "US", as_of: str = TODAY, **fields: Any) -> Json | None:
    """Publish a figure and return its roster check; null if it is not checked."""
    id = f"{jurisdiction.lower()}-invented"
    content = figure_json(id, **{"citations": [citation_json(document=DOCUMENT, origin=None)], **fields})
    publish(session, [drafts.figure_draft(FigureDraft().load(content), jurisdiction, {DOCUMENT: UNKNOWN_DATE})], [], CHANGE_REASON)
    check: Json | None = get_figure(session, resolve_snapshot(session, date.fromisoformat(as_of)), id)["roster_check"]
    return check


def check_counts(session: Session, jurisdiction: str = "US", **fields: Any) -> tuple[int, int]:
    """Publish a figure and return the agreements and agencies that its check counts."""
    check = check_figure(session, jurisdiction, **fields)
    assert check is not None
    return check["counts"]["agreements"], check["counts"]["agencies"]


def test_check_has_verdict_roster_date_and_counts(session: Session) -> None:
    check = check_figure(session, date=explicit_date(MAY), unit="agreements", value=9)
    assert check == {
        "verdict": "off_by",
        "matched_unit": "agreements",
        "fit": "off_by",
        "off_by": 1,
        "likely": "Likely the header row was counted: below it, the roster has 8 rows, one per agreement.",
        "roster": MAY_ROSTER.id,
        "date": {"edtf": MAY, "earliest": MAY, "latest": MAY, "basis": "explicit"},
        "counts": {"agreements": 8, "agencies": 7, "states": 2, "territories": 1, "model": None},
        "nearest": None,
    }


def test_figure_of_a_jurisdiction_has_the_counts_of_that_jurisdiction(session: Session) -> None:
    assert check_counts(session, "TX", date=explicit_date(MAY)) == (2, 2)


def test_share_of_a_model_has_the_counts_of_that_model(session: Session) -> None:
    share = {"metric": "model_share", "unit": "percent", "model": "jail_enforcement", "value": 12}
    check = check_figure(session, date=explicit_date(MAY), **share)
    assert check is not None
    assert (check["verdict"], check["off_by"]) == ("off_by", 0.5)
    assert check["counts"]["model"] == {"model": "jail_enforcement", "agreements": 1, "agencies": 1}


def test_model_that_the_roster_lacks_has_zero_agreements(session: Session) -> None:
    share = {"metric": "model_share", "unit": "percent", "model": "warrant_service_officer", "value": 12}
    check = check_figure(session, date=explicit_date(MAY), **share)
    assert check is not None
    assert check["counts"]["model"] == {"model": "warrant_service_officer", "agreements": 0, "agencies": 0}


def test_signatures_of_the_nation_are_counted_in_every_jurisdiction(session: Session) -> None:
    assert check_counts(session, **SIGNED_IN_APRIL) == (4, 3)


def test_signatures_of_a_jurisdiction_are_counted_only_there(session: Session) -> None:
    assert check_counts(session, "FL", **SIGNED_IN_APRIL) == (3, 2)
    assert check_counts(session, "TX", **SIGNED_IN_APRIL) == (1, 1)


def test_signatures_of_state_agencies_are_counted_separately(session: Session) -> None:
    assert check_counts(session, **SIGNED_IN_APRIL, agency_class="state_agencies") == (1, 1)


def test_signatures_are_counted_in_the_first_roster_after_the_period(session: Session) -> None:
    import_rosters(session, roster_workbook("2025-05-20", parsed_row(BAKER, "2025-04-20")))
    check = check_figure(session, **SIGNED_IN_APRIL, value=4)
    assert check is not None
    assert (check["roster"], check["verdict"], check["matched_unit"]) == (MAY_ROSTER.id, "matches", "agreements")


def test_jurisdiction_without_signatures_in_the_period_has_zero(session: Session) -> None:
    assert check_counts(session, "GU", **SIGNED_IN_APRIL) == (0, 0)


def test_figure_without_a_roster_of_its_date_says_no_roster(session: Session) -> None:
    check = check_figure(session, date=explicit_date("2025-09-17"))
    assert check == {
        "verdict": "no_roster",
        "matched_unit": None,
        "fit": None,
        "off_by": None,
        "likely": None,
        "roster": None,
        "date": None,
        "counts": None,
        "nearest": None,
    }


def test_period_without_a_roster_soon_after_it_says_no_roster(session: Session) -> None:
    check = check_figure(session, **{**SIGNED_IN_APRIL, "date": explicit_date("2025-06")})
    assert check is not None
    assert (check["verdict"], check["counts"]) == ("no_roster", None)


def test_roster_published_after_the_snapshot_is_not_used(session: Session) -> None:
    check = check_figure(session, as_of="2025-05-15", **SIGNED_IN_APRIL)
    assert check is not None
    assert check["verdict"] == "no_roster"


def test_figure_without_a_date_has_the_rosters_nearest_to_it(session: Session) -> None:
    check = check_figure(session, date=None, unit="agreements", value=5)
    assert check is not None
    assert (check["verdict"], check["roster"]) == ("no_roster", None)
    dated_counts = [
        {"roster": roster, "date": {"edtf": day, "earliest": day, "latest": day, "basis": "explicit"}}
        for roster, day in ((MARCH_ROSTER.id, MARCH), (MAY_ROSTER.id, MAY))
    ]
    assert check["nearest"] == [
        {"unit": unit, "from": {**dated_counts[0], "count": 1}, "to": {**dated_counts[1], "count": count}}
        for unit, count in (("agreements", 8), ("agencies", 7))
    ]


def test_rosters_published_later_are_not_near_a_figure_without_a_date(session: Session) -> None:
    check = check_figure(session, as_of="2025-05-15", date=None, unit="agreements", value=5)
    assert check is not None
    assert check["nearest"] == []


@pytest.mark.parametrize("fields", [{"quantity": "goal"}, {"value": None, "comparator": None, "printed": "dozens"}])
def test_goals_and_words_are_not_checked(session: Session, fields: dict[str, Any]) -> None:
    assert check_figure(session, date=explicit_date(MAY), **fields) is None


def test_active_signatures_are_counted_in_the_roster_of_their_day(session: Session) -> None:
    period = {"from": explicit_date("2025-04-01"), "to": explicit_date("2025-04-30")}
    cohort = {"metric": "new_participation", "cohort": "active_signed_in", "unit": "agreements", "period": period}
    check = check_figure(session, date=explicit_date("2025-05-20"), value=4, **cohort)
    assert check is not None
    assert (check["roster"], check["verdict"], check["counts"]["agreements"]) == (MAY_ROSTER.id, "matches", 4)


def test_signature_in_doubt_counts_in_no_period(session: Session) -> None:
    period = {"from": explicit_date("2024-06-01"), "to": explicit_date("2024-06-30")}
    cohort = {"metric": "new_participation", "cohort": "active_signed_in", "unit": "agreements", "period": period}
    rows = [parsed_row(name, "2024-06-15") for name in ("Sample County Sheriff's Office", UNION)]
    import_rosters(session, roster_workbook("2025-03-01", parsed_row(UNION, "2024-06-15")), roster_workbook("2025-05-18", *rows))
    check = check_figure(session, date=explicit_date("2025-05-20"), value=1, **cohort)
    assert check is not None
    assert (check["counts"]["agreements"], check["verdict"]) == (1, "matches")

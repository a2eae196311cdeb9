"""Build small rosters, and databases that have them on file."""

import hashlib
import shutil
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from legal.db.engine import Database
from legal.readers.counties import read_counties
from legal.rules.dates import UNKNOWN_DATE
from legal.rules.rosters.counties import Counties
from legal.rules.rosters.parsed import ParsedRoster, ParsedRow
from legal.schemas.measure import MeasureDraft
from legal.services import drafts
from legal.services.publishing import MEASURE_ENTITY, Draft, publish
from legal.services.rosters import importer
from legal.services.rosters.drafts import RosterWorkbook
from legal.services.rosters.rows import ImportRules
from legal.settings import SEEDS_FOLDER
from legal.vocabulary import AgencyType, Basis, Model, RosterKind, RowOutcome
from tests.conftest import open_app
from tests.databases import postgres_database
from tests.services.factories import CHANGE_REASON, citation_json, explicit_date, measure_json
from tests.session import SessionStore

UNION, BAKER, MIAMI = "Union County Sheriff's Office", "Baker County Sheriff's Office", "City of Miami Police Department"
DOCUMENT = "agreements-retelling-2026"  # in the seeds
PARTICIPATING, PENDING = RosterKind.PARTICIPATING, RosterKind.PENDING
COLUMNS = {"state": "STATE", "agency": "LAW ENFORCEMENT AGENCY", "type": "TYPE", "support_type": "SUPPORT TYPE", "signed": "SIGNED"}


def parsed_row(agency: str = UNION, signed_on: str | None = "2025-02-26", model: str = "task_force", **changes: Any) -> ParsedRow:
    """Return a row of a Florida county that was read as printed. ``roster_workbook`` numbers it."""
    return ParsedRow(
        **{
            "number": 0,
            "outcome": RowOutcome.READ,
            "repairs": (),
            "flags": (),
            "set_aside_reason": None,
            "jurisdiction": "FL",
            "agency": agency,
            "agency_type": AgencyType.COUNTY,
            "county": f"{agency.split(maxsplit=1)[0]} County",
            "model": Model(model),
            "signed_on": date.fromisoformat(signed_on) if signed_on else None,
            "moa_url": None,
            "addendum_url": None,
            "printed_cells": {"agency": agency},
            **changes,
        }
    )


def roster_workbook(
    roster_date: str,
    *rows: ParsedRow,
    kind: RosterKind = PARTICIPATING,
    file_name: str = "list.xlsx",
    basis: Basis = Basis.EXPLICIT,
) -> RosterWorkbook:
    """Return a roster with these rows, numbered from 2. Different rows, dates, kinds or names give a different hash.

    A roster without agreements would be refused, so it comes with a reason to force it.
    """
    numbered_rows = tuple(replace(row, number=number) for number, row in enumerate(rows, 2))
    parsed_roster = ParsedRoster("Sheet1", 1, COLUMNS, kind, (), numbered_rows, (), ("A note.",))
    sha256 = hashlib.sha256(repr((roster_date, kind, file_name, numbered_rows)).encode()).hexdigest()
    force_reason = None if any(row.set_aside_reason is None for row in rows) else "It is of a test."
    return RosterWorkbook(file_name, sha256, parsed_roster, None, kind, date.fromisoformat(roster_date), basis, force_reason)


def import_rosters(session: Session, *workbooks: RosterWorkbook) -> list[str]:
    """Import rosters one after the other and return their ids."""
    return [importer.import_roster(session, workbook, import_rules()).id for workbook in workbooks]


@cache
def import_rules() -> ImportRules:
    """Return rules with the project's counties, no renames and no limit on losses."""
    return ImportRules(Counties(read_counties(SEEDS_FOLDER / "counties.csv")), {}, 100)


def measure_naming(*agreements: str, id: str = "fl-ended", terminated_on: str | None = None, **changes: Any) -> Draft:
    """Return a Florida measure that names agreements and, unless the changes say otherwise, reports their termination."""
    date_json = terminated_on and explicit_date(terminated_on)
    content = {
        "kind": "active_agreements",
        "status": "terminated",
        "agreements": list(agreements),
        "effective": {"from": None, "to": None},
        "events": [{"event": "terminated", "date": date_json, "description": "The sheriff ended it."}],
        "citations": [citation_json(document=DOCUMENT, origin=None)],
        **changes,
    }
    return drafts.measure_draft(MeasureDraft().load(measure_json(id, **content)), "FL", {DOCUMENT: UNKNOWN_DATE})


def publish_measures(session: Session, *measures: Draft, retract_ids: Sequence[str] = ()) -> None:
    """Publish measures and retract others in one revision."""
    publish(session, measures, [(MEASURE_ENTITY, id) for id in retract_ids], CHANGE_REASON)


@contextmanager
def session_with_rosters(database: Database, *workbooks: RosterWorkbook) -> Iterator[Session]:
    """Open a session, import rosters in it, and roll everything back at the end."""
    with Session(database.engine) as session:
        session.connection(execution_options={"writing": True})
        import_rosters(session, *workbooks)
        yield session


SET_ASIDE_ROW = replace(
    parsed_row(), outcome=RowOutcome.SET_ASIDE, jurisdiction=None, agency="Total", model=None, set_aside_reason="It is a total."
)
FAIRFAX_ROW = parsed_row(
    "Fairfax County Sheriff's Office", None, "warrant_service_officer", jurisdiction="VA", printed_cells={"signed": "pending"}
)
GUAM_ROW = parsed_row("Guam Customs", "2025-08-01", jurisdiction="GU", agency_type=None, county=None)
ROSTER_HISTORY = (
    roster_workbook("2025-01-10", parsed_row(), parsed_row(BAKER, "2025-01-05")),
    roster_workbook("2025-03-10", parsed_row(MIAMI, None, agency_type=AgencyType.MUNICIPALITY), FAIRFAX_ROW, kind=PENDING),
    roster_workbook("2025-05-16", parsed_row(moa_url="https://www.ice.gov/union"), parsed_row(model="jail_enforcement"), SET_ASIDE_ROW),
    roster_workbook(
        "2025-09-17",
        parsed_row("UNION COUNTY SHERIFFS OFFICE", "2025-03-01"),
        parsed_row(BAKER, "2025-01-05"),
        GUAM_ROW,
        FAIRFAX_ROW,
        GUAM_ROW,
    ),
)
"""Union is in each participating roster, at last with another date. Baker is missing once. Miami is pending, as Fairfax was at first."""


@pytest.fixture(scope="session")
def rosters_db(
    backend: str,
    template_urls: dict[str, str],
    session_store: SessionStore,
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
) -> Database:
    """A database with the seeds and the rosters of ``ROSTER_HISTORY``, for reading only."""

    @contextmanager
    def open_database() -> Iterator[Database]:
        with ExitStack() as stack:
            template = str(make_url(template_urls["seeded"]).database)
            if backend == "postgresql":
                url = stack.enter_context(postgres_database(request.getfixturevalue("postgres_url"), template))
            else:
                url = f"sqlite:///{shutil.copy(template, tmp_path_factory.mktemp('rosters'))}"
            database = Database(url)
            with database.transaction() as session:
                import_rosters(session, *ROSTER_HISTORY)
            yield database
            database.dispose()

    database: Database = session_store.get_or_create("rosters_db", backend, open_database)
    return database


@pytest.fixture(scope="session")
def rosters_app(backend: str, rosters_db: Database, session_store: SessionStore) -> Flask:
    """The app over ``rosters_db``."""
    app: Flask = session_store.get_or_create("rosters_app", backend, lambda: open_app(rosters_db))
    return app

"""Small lists of agencies, made by hand, and databases that have them on file."""

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
from legal.readers import counties
from legal.rules.dates import UNKNOWN
from legal.rules.rosters.counties import Counties
from legal.rules.rosters.parsed import ParsedRoster, Row
from legal.schemas.measure import MeasureDraft
from legal.services import drafts
from legal.services.publishing import MEASURE, Draft, publish
from legal.services.rosters import importer as acts
from legal.services.rosters.drafts import Workbook
from legal.services.rosters.rows import Known
from legal.settings import SEEDS
from legal.vocabulary import AgencyType, Basis, Model, RosterKind, RowOutcome
from tests.conftest import Store, postgres_database, serving
from tests.services.factories import WHY, citation, day, measure

UNION, BAKER, MIAMI = "Union County Sheriff's Office", "Baker County Sheriff's Office", "City of Miami Police Department"
DOCUMENT = "agreements-retelling-2026"  # one that the seeds have
PARTICIPATING, PENDING = RosterKind.PARTICIPATING, RosterKind.PENDING
COLUMNS = {"state": "STATE", "agency": "LAW ENFORCEMENT AGENCY", "type": "TYPE", "support_type": "SUPPORT TYPE", "signed": "SIGNED"}


def row(agency: str = UNION, signed: str | None = "2025-02-26", model: str = "task_force", **changes: Any) -> Row:
    """A row of a Florida county that was read as it stands; ``put`` numbers it."""
    return Row(
        **{
            "number": 0,
            "outcome": RowOutcome.READ,
            "repairs": (),
            "flags": (),
            "why": None,
            "jurisdiction": "FL",
            "agency": agency,
            "agency_type": AgencyType.COUNTY,
            "county": f"{agency.split(maxsplit=1)[0]} County",
            "model": Model(model),
            "signed": date.fromisoformat(signed) if signed else None,
            "moa_url": None,
            "addendum_url": None,
            "printed": {"agency": agency},
            **changes,
        }
    )


def workbook(day: str, *rows: Row, kind: RosterKind = PARTICIPATING, file: str = "list.xlsx", basis: Basis = Basis.EXPLICIT) -> Workbook:
    """A list of a day, its rows numbered from 2; one with other rows has other bytes."""
    numbered = tuple(replace(one, number=number) for number, one in enumerate(rows, 2))
    listed = ParsedRoster("Sheet1", 1, COLUMNS, kind, (), numbered, (), ("A note.",))
    sha256 = hashlib.sha256(repr((day, kind, file, numbered)).encode()).hexdigest()
    forced = None if any(one.why is None for one in rows) else "It is of a test."  # one without agreements would be refused
    return Workbook(file, sha256, listed, None, kind, date.fromisoformat(day), basis, forced)


def put(session: Session, *workbooks: Workbook) -> list[str]:
    """Put lists on file, one after the other; their ids."""
    return [acts.add(session, one, known()).id for one in workbooks]


@cache
def known() -> Known:
    """The project's counties, no rename, and any fall in rows."""
    return Known(Counties(counties.table(SEEDS / "counties.csv")), {}, 100)


def naming(*agreements: str, id: str = "fl-ended", on: str | None = None, **changes: Any) -> Draft:
    """A measure that names agreements; it says that they were terminated on a day, unless told otherwise."""
    events = [{"event": "terminated", "date": on and day(on), "description": "The sheriff ended it."}]
    dated = {"effective": {"from": None, "to": None}, "events": events, "citations": [citation(document=DOCUMENT, origin=None)]}
    said = {"kind": "active_agreements", "status": "terminated", "agreements": list(agreements), **dated, **changes}
    return drafts.measure(MeasureDraft().load(measure(id, **said)), "FL", {DOCUMENT: UNKNOWN})


def say(session: Session, *said: Draft, retract: Sequence[str] = ()) -> None:
    """Publish measures, and retract others."""
    publish(session, said, [(MEASURE, id) for id in retract], WHY)


@contextmanager
def on_file(database: Database, *workbooks: Workbook) -> Iterator[Session]:
    """A session in which lists are on file; it is rolled back."""
    with Session(database.engine) as session:
        session.connection(execution_options={"writing": True})
        put(session, *workbooks)
        yield session


SET_ASIDE = replace(row(), outcome=RowOutcome.SET_ASIDE, jurisdiction=None, agency="Total", model=None, why="It is a total.")
FAIRFAX = row("Fairfax County Sheriff's Office", None, "warrant_service_officer", jurisdiction="VA", printed={"signed": "pending"})
GUAM = row("Guam Customs", "2025-08-01", jurisdiction="GU", agency_type=None, county=None)
WORLD = (
    workbook("2025-01-10", row(), row(BAKER, "2025-01-05")),
    workbook("2025-03-10", row(MIAMI, None, agency_type=AgencyType.MUNICIPALITY), FAIRFAX, kind=PENDING),
    workbook("2025-05-16", row(moa_url="https://www.ice.gov/union"), row(model="jail_enforcement"), SET_ASIDE),
    workbook("2025-09-17", row("UNION COUNTY SHERIFFS OFFICE", "2025-03-01"), row(BAKER, "2025-01-05"), GUAM, FAIRFAX, GUAM),
)
"""Union is listed throughout and dated anew, Baker is left out once, Miami is pending, and Fairfax was until it signed."""


@pytest.fixture(scope="session")
def rostered(
    backend: str, templates: dict[bool, str], session_store: Store, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Database:
    """A database with the seeds and the lists of ``WORLD``; for reading."""

    @contextmanager
    def made() -> Iterator[Database]:
        with ExitStack() as stack:
            source = str(make_url(templates[True]).database)
            if backend == "postgresql":
                url = stack.enter_context(postgres_database(request.getfixturevalue("postgres"), source))
            else:
                url = f"sqlite:///{shutil.copy(source, tmp_path_factory.mktemp('rostered'))}"
            database = Database(url)
            with database.transaction() as session:
                put(session, *WORLD)
            yield database
            database.dispose()

    found: Database = session_store.once("rostered", backend, made)
    return found


@pytest.fixture(scope="session")
def served(backend: str, rostered: Database, session_store: Store) -> Flask:
    """The app over the same."""

    found: Flask = session_store.once("served", backend, lambda: serving(rostered))
    return found

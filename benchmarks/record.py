"""Create a record of any size to measure: the seeds with invented measures and figures."""

from collections.abc import Iterable, Iterator
from itertools import count, islice
from pathlib import Path

from alembic import command
from alembic.config import Config

from legal.db.engine import Database
from legal.readers import seeds as reader
from legal.rules.dates import UNKNOWN_DATE, EdtfDate, parse_date
from legal.schemas.seeds import validate_seed_files
from legal.services import drafts, seeds
from legal.services.publishing import ChangeReason, Draft, acquire_publishing_lock, publish
from legal.settings import ROOT, SEEDS_FOLDER
from legal.vocabulary import LIFECYCLES, Cause, Kind

_BATCH_SIZE = 5000
_DOCUMENT = "agreements-retelling-2026"
_WORDS = [
    "county",
    "sheriff",
    "jail",
    "agreement",
    "order",
    "bill",
    "court",
    "opinion",
    "state",
    "agency",
    "federal",
    "program",
    "officer",
    "training",
    "term",
]
_FIGURE = {
    **dict.fromkeys(("cohort", "geography", "agency_class", "model", "derivation", "follows", "rounded", "period", "note")),
    "quantity": "count",
    "title": "A made-up number",
    "printed": "a made-up number",
}
"""The fields that all invented figures share."""


def create_benchmark_database(url: str, measure_count: int) -> Database:
    """Return a migrated and seeded database with this many invented measures and a fifth as many figures."""
    database = Database(url)
    config = Config(toml_file=ROOT / "pyproject.toml")
    config.attributes["engine"] = database.engine
    command.upgrade(config, "head")
    with database.transaction() as session:
        seeds.load_seeds(session, validate_seed_files(reader.read_seed_files(SEEDS_FOLDER)))
    codes = sorted(path.stem for path in Path(SEEDS_FOLDER / "jurisdictions").glob("*.yaml"))
    invented_drafts = invent_drafts(codes, measure_count)
    while batch := list(islice(invented_drafts, _BATCH_SIZE)):
        with database.transaction() as session:
            acquire_publishing_lock(session)
            publish(session, batch, [], ChangeReason(Cause.SOURCE_ADDED, "Made up to measure speed.", "benchmark"))
    return database


def invent_drafts(codes: list[str], measure_count: int) -> Iterator[Draft]:
    """Yield measures of every kind and status, spread over jurisdictions and years; every fifth has a figure."""
    document_dates = {_DOCUMENT: parse_date("2026-02-04/2026-11-22", "inferred")}
    kinds = list(Kind)
    for number in range(measure_count):
        kind = kinds[number % len(kinds)]
        code = codes[number % len(codes)]
        status = LIFECYCLES[kind][number % len(LIFECYCLES[kind])].status
        yield invent_measure(number, code, kind, status, document_dates)
        if number % 5 == 0:
            yield invent_figure(number, code, document_dates)


def invent_measure(number: int, code: str, kind: Kind, status: str, document_dates: dict[str, EdtfDate]) -> Draft:
    """Return an invented measure with one event and one citation."""
    start_date = parse_date(f"{2000 + number % 27}-{1 + number % 12:02}-{1 + number % 28:02}")
    summary = " ".join(_WORDS[(number * step + step) % len(_WORDS)] for step in range(1, 9))
    content = {
        "id": f"made-up-{number}",
        "kind": str(kind),
        "title": f"Made-up {kind.label.lower()} {number}",
        "summary": summary,
        "status": status,
        "direction": "limits_cooperation",
        "identifiers": [],
        "scope": {
            "binds": ["state_agencies"],
            "does_not_bind": [],
            "agreements": None,
            "prohibits_agreements": None,
            "exceptions": None,
            "max_term_months": None,
        },
        "implies": [],
        "agreements": [],
        "actors": [],
        "acts_on": [],
        "provisions": [],
        "effective": {"from_": start_date, "to": None},
        "events": [{"event": "reported", "date": start_date, "description": "Made up."}],
        "citations": invent_citations(number),
    }
    return drafts.measure_draft(content, code, document_dates)


def invent_figure(number: int, code: str, document_dates: dict[str, EdtfDate]) -> Draft:
    """Return an invented figure with one citation."""
    values = {
        "id": f"made-up-figure-{number}",
        "measure": f"made-up-{number}",
        "metric": "other",
        "unit": "people",
        "comparator": "about",
        "value": float(number + 1),
        "date": UNKNOWN_DATE if number % 2 else parse_date(f"{2000 + number % 27}"),
        "citations": invent_citations(number),
    }
    return drafts.figure_draft({**_FIGURE, **values}, code, document_dates)


def invent_conflicting_figures(code: str) -> Iterator[Draft]:
    """Yield figures of one jurisdiction on one metric and one day, each with a value of its own."""
    document_dates = {_DOCUMENT: parse_date("2026-02-04/2026-11-22", "inferred")}
    for number in count():
        values = {
            "id": f"made-up-count-{number}",
            "measure": None,
            "metric": "participation",
            "unit": "agreements",
            "comparator": "exact",
            "value": float(1000 + number),
            "date": parse_date("2026-05-20"),
            "citations": invent_citations(number),
        }
        yield drafts.figure_draft({**_FIGURE, **values}, code, document_dates)


def invent_citations(number: int) -> Iterable[dict[str, object]]:
    """Return one citation with an invented span."""
    return [
        {
            "document": _DOCUMENT,
            "paragraph": 1 + number % 30,
            "start": number % 12000,
            "end": number % 12000 + 100,
            "sha256": "0" * 64,
            "role": "supports",
            "speech_act": "asserts",
            "attributed_to": [],
            "origin": None,
            "note": None,
        }
    ]

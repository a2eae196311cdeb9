"""A record of any size to measure on: made-up measures and figures beside the real places and documents."""

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from alembic import command
from alembic.config import Config

from legal.db.engine import Database
from legal.readers import seeds as reader
from legal.rules.dates import UNKNOWN, When, when
from legal.schemas.seeds import validated
from legal.services import drafts, seeds
from legal.services.publishing import Draft, Why, lock, publish
from legal.settings import ROOT, SEEDS
from legal.vocabulary import LIFECYCLES, Cause, Kind

PORTION = 5000
DOCUMENT = "agreements-retelling-2026"
WORDS = [
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


def made(url: str, measures: int) -> Database:
    """A migrated and seeded database with this many made-up measures, and a figure for each fifth of them."""
    database = Database(url)
    config = Config(toml_file=ROOT / "pyproject.toml")
    config.attributes["engine"] = database.engine
    command.upgrade(config, "head")
    with database.transaction() as session:
        seeds.load(session, validated(reader.files(SEEDS)))
    codes = sorted(path.stem for path in Path(SEEDS / "jurisdictions").glob("*.yaml"))
    made_up = everything(codes, measures)
    while portion := list(islice(made_up, PORTION)):
        with database.transaction() as session:
            lock(session)
            publish(session, portion, [], Why(Cause.SOURCE_ADDED, "Made up to measure speed.", "benchmark"))
    return database


def everything(codes: list[str], measures: int) -> Iterator[Draft]:
    """Measures of every kind and status, spread over places and years; a figure goes with each fifth."""
    known = {DOCUMENT: when("2026-02-04/2026-11-22", "inferred")}
    kinds = list(Kind)
    for number in range(measures):
        kind = kinds[number % len(kinds)]
        code = codes[number % len(codes)]
        status = LIFECYCLES[kind][number % len(LIFECYCLES[kind])].status
        yield measure(number, code, kind, status, known)
        if number % 5 == 0:
            yield figure(number, code, known)


def measure(number: int, code: str, kind: Kind, status: str, known: dict[str, When]) -> Draft:
    """One made-up measure with an event and a citation."""
    begun = when(f"{2000 + number % 27}-{1 + number % 12:02}-{1 + number % 28:02}")
    text = " ".join(WORDS[(number * step + step) % len(WORDS)] for step in range(1, 9))
    data = {
        "id": f"made-up-{number}",
        "kind": str(kind),
        "title": f"Made-up {kind.label.lower()} {number}",
        "summary": text,
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
        "effective": {"from_": begun, "to": None},
        "events": [{"event": "reported", "date": begun, "description": "Made up."}],
        "citations": citations(number),
    }
    return drafts.measure(data, code, known)


def figure(number: int, code: str, known: dict[str, When]) -> Draft:
    """One made-up figure with a citation."""
    data = {
        "id": f"made-up-figure-{number}",
        "measure": f"made-up-{number}",
        "metric": "other",
        "unit": "people",
        "cohort": None,
        "geography": None,
        "agency_class": None,
        "derivation": None,
        "comparator": "about",
        "value": float(number + 1),
        "note": None,
        "date": UNKNOWN if number % 2 else when(f"{2000 + number % 27}"),
        "citations": citations(number),
    }
    return drafts.figure(data, code, known)


def citations(number: int) -> Iterable[dict[str, object]]:
    """A pointer to somewhere."""
    return [
        {
            "document": DOCUMENT,
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

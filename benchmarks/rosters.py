"""How imports and answers hold up as lists pile up: ``python -m benchmarks.rosters [LISTS ROWS]`` (250 lists of 1,000 rows).

Writes workbooks of made-up agencies in real counties, imports one, then all of them, through the reader and the act that
``flask rosters import`` uses, and prints the time of an import, the most memory that was in use, and how much slower the
answers are than with a single list. DATABASE_URL is not used: both records are SQLite files of its own.
"""

import csv
import hashlib
import io
import random
import resource
import sys
import tempfile
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from time import perf_counter

import xlsxwriter
from alembic import command
from alembic.config import Config

from benchmarks.timing import analyzed, compared, timed
from legal.db.engine import Database
from legal.readers import counties
from legal.readers import seeds as seed_files
from legal.readers.rosters import parser as reader
from legal.rules.rosters.counties import Counties
from legal.rules.rosters.normalize import PLACES
from legal.schemas.seeds import validated
from legal.services import seeds
from legal.services.rosters import importer
from legal.services.rosters.drafts import Workbook
from legal.services.rosters.rows import Known
from legal.settings import ROOT, SEEDS
from legal.vocabulary import Basis, RosterKind

ADDRESSES = (
    "/v1/agreements",
    "/v1/agreements?status=any",
    "/v1/agreements?status=any&jurisdiction=TX",
    "/v1/agreements?jurisdiction=TX&sort=-signed",
    "/v1/agreements/summary?by=jurisdiction",
    "/v1/agreements/summary?by=month",
    "/v1/agencies",
    "/v1/agencies?jurisdiction=TX",
    "/v1/jurisdictions/TX",
    "/v1/jurisdictions/US",
    "/v1/jurisdictions?limit=57",
    "/v1/jurisdictions/TX/timeline",
    "/v1/map.json",
    "/v1/figures",
    "/v1/rosters",
    "/v1/search?q=sheriff&jurisdiction=TX",
)
FIRST_DAY = date(2019, 1, 1)
MODELS = ("Task Force Model", "Warrant Service Officer", "Jail Enforcement Model ")
CHURN = 5  # rows of a list that its successor lacks, and as many that are new


@cache
def agencies() -> list[tuple[str, str, str]]:
    """State, agency and county: a sheriff and a jail for each county, in an order of no meaning that is always the same."""
    with (SEEDS / "counties.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if not row["to"]]
    random.Random(287).shuffle(rows)  # noqa: S311 - for no secret
    return [
        (PLACES[row["jurisdiction"]].upper(), f"{row['name']} {sort}", row["name"]) for sort in ("Sheriff’s Office", "Jail") for row in rows
    ]


def workbook(number: int, size: int) -> bytes:
    """The list of one day: as many rows as told, of which a few are new and a few are gone since the list before."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["STATE", "LAW ENFORCEMENT AGENCY", "TYPE", "COUNTY", "SUPPORT TYPE", "SIGNED", "MOA"])
        day = book.add_format({"num_format": "mm/dd/yyyy"})
        first = number * CHURN
        for row, (state, agency, county) in enumerate(agencies()[first : first + size], start=1):
            turn = first + row  # of the agency, so that what it signed stays the same from list to list
            sheet.write_row(row, 0, [state, agency, "County", county, MODELS[turn % 3]])
            sheet.write_datetime(row, 5, datetime.combine(FIRST_DAY - timedelta(days=turn % 300), time.min), day)
            sheet.write_url(row, 6, f"https://www.example.org/moa/{turn}.pdf", string="link")
    return made.getvalue()


def imported(url: str, count: int, size: int) -> list[float]:
    """Import so many lists into a record with the seeds; the seconds of each."""
    database = Database(url)
    config = Config(toml_file=ROOT / "pyproject.toml")
    config.attributes["engine"] = database.engine
    command.upgrade(config, "head")
    with database.transaction() as session:
        seeds.load(session, validated(seed_files.files(SEEDS)))
    known = Known(Counties(counties.table(SEEDS / "counties.csv")), {}, 20)
    seconds = []
    for number in range(count):
        data, day, file = workbook(number, size), FIRST_DAY + timedelta(days=10 * number), f"participating{number}.xlsx"
        begun = perf_counter()
        listed = reader.read(data, file, day)
        newest = reader.newest(data, file, listed, date.today())  # noqa: DTZ011 - as the command does
        sha256 = hashlib.sha256(data).hexdigest()
        with database.transaction() as session:
            importer.add(session, Workbook(file, sha256, listed, newest, RosterKind.PARTICIPATING, day, Basis.EXPLICIT), known)
        seconds.append(perf_counter() - begun)
    analyzed(database)
    return seconds


def main() -> None:
    """Import one list and many, and print times, memory and ratios."""
    count, size = (int(given) for given in sys.argv[1:3]) if len(sys.argv) > 2 else (250, 1000)
    with tempfile.TemporaryDirectory() as folder:
        urls = [f"sqlite:///{Path(folder) / name}.sqlite" for name in ("one", "many")]
        [alone] = imported(urls[0], 1, size)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        every = imported(urls[1], count, size)
        after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        print(f"one list of {size:,} rows: {alone:.2f} s; {count} of them: {sum(every):.0f} s, the last {every[-1]:.2f} s")
        print(f"most memory in use: {before / 1024:.0f} MiB after one list, {after / 1024:.0f} MiB after {count}")
        print(*compared(timed(urls[0], ADDRESSES), timed(urls[1], ADDRESSES), "1 list", f"{count} lists"), sep="\n")


if __name__ == "__main__":
    main()

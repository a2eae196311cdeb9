"""Measure how imports and requests slow down as rosters accumulate: ``python -m benchmarks.rosters [ROSTERS ROWS]``.

The default is 250 rosters of 1,000 rows. The benchmark writes workbooks of invented agencies in real counties. It imports one
roster into one database and all of them into another, with the reader and the service that ``flask rosters import`` uses. It
prints the time of an import, the peak memory, and the response times of both databases. DATABASE_URL is not used: both
databases are temporary SQLite files.
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

from benchmarks.timing import analyze_database, comparison_lines, time_requests
from legal.db.engine import Database
from legal.readers.counties import read_counties
from legal.readers.rosters import parser
from legal.readers.seeds import read_seed_files
from legal.rules.rosters.aliases import JURISDICTION_NAMES
from legal.rules.rosters.counties import Counties
from legal.schemas.seeds import validate_seed_files
from legal.services import seeds
from legal.services.rosters import importer
from legal.services.rosters.drafts import RosterWorkbook
from legal.services.rosters.rows import ImportRules
from legal.settings import ROOT, SEEDS_FOLDER
from legal.vocabulary import Basis, RosterKind

_ADDRESSES = (
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
_FIRST_DATE = date(2019, 1, 1)
_MODELS = ("Task Force Model", "Warrant Service Officer", "Jail Enforcement Model ")
_CHURN = 5  # rows that a roster drops, and rows that it adds


@cache
def list_agencies() -> list[tuple[str, str, str]]:
    """Return state, agency and county: a sheriff and a jail for each county, shuffled in the same way each time."""
    with (SEEDS_FOLDER / "counties.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if not row["to"]]
    random.Random(287).shuffle(rows)  # noqa: S311 - not a secret
    return [
        (JURISDICTION_NAMES[row["jurisdiction"]].upper(), f"{row['name']} {suffix}", row["name"])
        for suffix in ("Sheriff’s Office", "Jail")
        for row in rows
    ]


def write_workbook(number: int, row_count: int) -> bytes:
    """Return the workbook of one roster; its rows are those of the roster before, apart from the churn."""
    memory = io.BytesIO()
    with xlsxwriter.Workbook(memory, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["STATE", "LAW ENFORCEMENT AGENCY", "TYPE", "COUNTY", "SUPPORT TYPE", "SIGNED", "MOA"])
        date_format = book.add_format({"num_format": "mm/dd/yyyy"})
        first = number * _CHURN
        for row, (state, agency, county) in enumerate(list_agencies()[first : first + row_count], start=1):
            agency_number = first + row  # the same in each roster, and with it model, signature date and link
            sheet.write_row(row, 0, [state, agency, "County", county, _MODELS[agency_number % 3]])
            sheet.write_datetime(row, 5, datetime.combine(_FIRST_DATE - timedelta(days=agency_number % 300), time.min), date_format)
            sheet.write_url(row, 6, f"https://www.example.org/moa/{agency_number}.pdf", string="link")
    return memory.getvalue()


def time_imports(url: str, roster_count: int, row_count: int) -> list[float]:
    """Import rosters into a new database with the seeds, and return the seconds that each import took."""
    database = Database(url)
    config = Config(toml_file=ROOT / "pyproject.toml")
    config.attributes["engine"] = database.engine
    command.upgrade(config, "head")
    with database.transaction() as session:
        seeds.load_seeds(session, validate_seed_files(read_seed_files(SEEDS_FOLDER)))
    rules = ImportRules(Counties(read_counties(SEEDS_FOLDER / "counties.csv")), {}, 20)
    durations = []
    for number in range(roster_count):
        workbook, roster_date = write_workbook(number, row_count), _FIRST_DATE + timedelta(days=10 * number)
        start_time = perf_counter()
        import_workbook(database, rules, workbook, f"participating{number}.xlsx", roster_date)
        durations.append(perf_counter() - start_time)
    analyze_database(database)
    return durations


def import_workbook(database: Database, rules: ImportRules, workbook: bytes, file_name: str, roster_date: date) -> None:
    """Parse and import one workbook, as the command does."""
    roster = parser.parse_roster(workbook, file_name, roster_date)
    newest_signature = parser.find_newest_signature(workbook, file_name, roster, date.today())  # noqa: DTZ011 - any day after the dates
    sha256, kind = hashlib.sha256(workbook).hexdigest(), RosterKind.PARTICIPATING
    with database.transaction() as session:
        roster_workbook = RosterWorkbook(file_name, sha256, roster, newest_signature, kind, roster_date, Basis.EXPLICIT)
        importer.import_roster(session, roster_workbook, rules)


def peak_memory() -> float:
    """Return the peak memory of this process so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Import one roster and many, and print times, memory and ratios."""
    roster_count, row_count = (int(argument) for argument in sys.argv[1:3]) if len(sys.argv) > 2 else (250, 1000)
    with tempfile.TemporaryDirectory() as folder:
        small_url, large_url = (f"sqlite:///{Path(folder) / name}.sqlite" for name in ("small", "large"))
        [single] = time_imports(small_url, 1, row_count)
        small_memory = peak_memory()
        durations = time_imports(large_url, roster_count, row_count)
        large_memory = peak_memory()
        print(
            f"one roster of {row_count:,} rows: {single:.2f} s; {roster_count} rosters: {sum(durations):.0f} s, the last {durations[-1]:.2f} s"
        )
        print(f"peak memory: {small_memory:.0f} MiB after one roster, {large_memory:.0f} MiB after {roster_count}")
        small_times, large_times = time_requests(small_url, _ADDRESSES), time_requests(large_url, _ADDRESSES)
        print(*comparison_lines(small_times, large_times, "1 roster", f"{roster_count} rosters"), sep="\n")


if __name__ == "__main__":
    main()

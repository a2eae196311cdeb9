"""Measure how imports and requests slow down as rosters accumulate: ``python -m benchmarks.rosters [ROSTERS ROWS]``.

The default is 250 rosters of 1,000 rows. The benchmark writes workbooks of invented agencies in real counties. It imports one
roster into one database and all of them into another, with the reader and the service that ``flask rosters import`` uses. It
prints the time of an import, the peak memory, and the response times of both databases. DATABASE_URL is not used: both
databases are temporary SQLite files.

``python -m benchmarks.rosters folder [ROSTERS]`` measures one ``flask rosters import`` of a folder instead. The folder has 1,100
rosters, several a day, that grow from 135 rows to 1,400. Agencies sign, leave, return and are respelled. The benchmark prints
what the command reports, and the wall time, the time of the processor and the peak memory of its process.
"""

import csv
import hashlib
import io
import os
import random
import resource
import subprocess
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
_HEADER = ["STATE", "LAW ENFORCEMENT AGENCY", "TYPE", "COUNTY", "SUPPORT TYPE", "SIGNED", "MOA"]
_FOLDER_SIZE, _FIRST_ROWS, _LAST_ROWS = 1100, 135, 1400
_MARKS = ("am", "mid", "pm")
_FIRST_DAY_OF_FOLDER = date(2025, 2, 1)
_RESPELLED_FROM = 40  # respelled agencies are at most as many rosters older than the name they get


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
        sheet.write_row(0, 0, _HEADER)
        date_format = book.add_format({"num_format": "mm/dd/yyyy"})
        first = number * _CHURN
        for row, (state, agency, county) in enumerate(list_agencies()[first : first + row_count], start=1):
            agency_number = first + row  # the same in each roster, and with it model, signature date and link
            sheet.write_row(row, 0, [state, agency, "County", county, _MODELS[agency_number % 3]])
            sheet.write_datetime(row, 5, datetime.combine(_FIRST_DATE - timedelta(days=agency_number % 300), time.min), date_format)
            sheet.write_url(row, 6, f"https://www.example.org/moa/{agency_number}.pdf", string="link")
    return memory.getvalue()


def write_folder(folder: Path, roster_count: int) -> None:
    """Write rosters under ICE's names, three a day. Each lists the agencies of the one before, apart from a few."""
    for number in range(roster_count):
        day, mark = _FIRST_DAY_OF_FOLDER + timedelta(days=number // len(_MARKS)), _MARKS[number % len(_MARKS)]
        content = write_growing_workbook(number, _FIRST_ROWS + (_LAST_ROWS - _FIRST_ROWS) * number // roster_count, day)
        (folder / f"participatingAgencies{day:%m%d%Y}{mark}.xlsx").write_bytes(content)


def write_growing_workbook(number: int, row_count: int, day: date) -> bytes:
    """Return the workbook of one roster of a folder.

    Every 397th agency is on no roster whose number divides by 50, as if it had left and come back. Every 61st has "PD" for
    "Police Department" and another word order from a certain roster on. Every 211th has a state with a typing error.
    """
    memory = io.BytesIO()
    with xlsxwriter.Workbook(memory, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, _HEADER)
        date_format = book.add_format({"num_format": "mm/dd/yyyy"})
        listed = [index for index in range(row_count) if index % 397 or number % 50]
        for row, index in enumerate(listed, start=1):
            state, agency, county = list_agencies()[index]
            is_respelled = index % 61 == 0 and number > _RESPELLED_FROM + index % 900
            name = f"Office of the {county} Sheriff, {state.title()}" if is_respelled else agency
            signed = min(day, _FIRST_DAY_OF_FOLDER + timedelta(days=index // 4)) - timedelta(days=index % 7)
            printed_state = f"{state[:-1]}{state[-2:]}" if index % 211 == 0 else state
            sheet.write_row(row, 0, [printed_state, f"{name} " if index % 5 == 0 else name, "County", county, _MODELS[index % 3]])
            sheet.write_datetime(row, 5, datetime.combine(signed, time.min), date_format)
            sheet.write_url(row, 6, f"https://www.example.org/moa/{index}.pdf", string="link")
    return memory.getvalue()


def time_folder(folder: Path, roster_count: int) -> None:
    """Import a folder of rosters with one command into a new database with the seeds, and print what it took."""
    workbooks = folder / "rosters"
    workbooks.mkdir()
    write_folder(workbooks, roster_count)
    url = f"sqlite:///{folder / 'folder.sqlite'}"
    create_database(url).dispose()
    environment = {**os.environ, "DATABASE_URL": url, "FLASK_APP": "app"}
    start_time = perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "flask", "rosters", "import", str(workbooks)], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None  # a pipe was asked for
    *_, summary = process.stdout.read().splitlines()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    seconds, memory = usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024
    print(f"{roster_count:,} rosters with one command: {summary} Exit status {process.returncode}.")
    print(f"{perf_counter() - start_time:.0f} s, of which {seconds:.0f} s on the processor; peak memory {memory:.0f} MiB")


def create_database(url: str) -> Database:
    """Create a database with the newest schema and the seeds, without the counts of ICE's own rosters, which would not fit."""
    database = Database(url)
    config = Config(toml_file=ROOT / "pyproject.toml")
    config.attributes["engine"] = database.engine
    command.upgrade(config, "head")
    with database.transaction() as session:
        files = [file for file in validate_seed_files(read_seed_files(SEEDS_FOLDER)) if file[1] != "rosters"]
        seeds.load_seeds(session, files)
    return database


def time_imports(url: str, roster_count: int, row_count: int) -> list[float]:
    """Import rosters into a new database with the seeds, and return the seconds that each import took."""
    database = create_database(url)
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
    """Import one roster and many, or a folder with one command, and print times, memory and ratios."""
    if sys.argv[1:2] == ["folder"]:
        with tempfile.TemporaryDirectory() as folder:
            time_folder(Path(folder), int(sys.argv[2]) if len(sys.argv) > 2 else _FOLDER_SIZE)
        return
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

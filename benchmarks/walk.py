"""Walk through the tools of a newsroom, and compare the numbers that each gets: ``python -m benchmarks.walk [URL] [DAY]``.

The walk asks three questions of a running service: how many agreements and agencies each state has on a day, which states bar
agreements, and what changed in the year before. It asks through JSON, CSV, a spreadsheet, both exports with SQL, pandas, DuckDB,
Datasette, a feed reader, GeoJSON, OpenRefine's protocol, and clients that openapi-python-client and openapi-typescript generate from
the description that the service publishes. All must give the same numbers. A tool that is not installed is skipped, and the last
line says so. The walk imports nothing of the service, so that it runs with the tools' own Python.

    pip install pandas duckdb datasette openpyxl feedparser openapi-python-client

URL is http://127.0.0.1:8000 unless given, and DAY the day of the newest roster. Exit status 1 if a number differs.
"""

import asyncio
import csv
import io
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import urlopen

DEFAULT_URL = "http://127.0.0.1:8000"
BARRING = ("barred", "barred_with_agreements")
_TIMEOUT = 300
_BATCH = 10  # names in a batch of OpenRefine
_COUNTS_BY_STATE = "SELECT jurisdiction, count(*), count(DISTINCT agency_id) FROM agreements GROUP BY jurisdiction"
_SUMMARY = "SELECT jurisdiction, agreements, agencies FROM agreements_summary"
_BARS = "SELECT jurisdiction FROM postures WHERE value IN ('barred', 'barred_with_agreements')"

# The versions that tests/clients/generated.py uses, too.
_TYPESCRIPT_PACKAGES = ("openapi-typescript@7.13.0", "openapi-fetch@0.17.0", "typescript@5.9.3", "@types/node@20.19.43")
_BINARY_TYPES = ("application/zip", "application/vnd.sqlite3", "application/atom+xml")
_SCRIPTS = Path(__file__).parent

_ROSTER_TITLE = re.compile(r": (?P<agreements>[\d,]+) agreements? of (?P<agencies>[\d,]+) agenc\w+ on ICE's roster of (?P<day>[\d-]+),")

Counts = Mapping[str, tuple[int, int]]
"""Agreements and agencies by USPS code; a state without agreements is left out."""


class ToolMissing(Exception):
    """Report that a tool of the walk is not installed."""


class NotOnFile(Exception):
    """Report that the record cannot answer a question, because it has only counts of a roster."""


@dataclass(frozen=True, slots=True)
class Walk:
    """Ask a service about a day and the same day of the year before. Files are downloaded to ``folder`` once."""

    url: str
    day: date
    folder: Path

    @property
    def days(self) -> tuple[str, str]:
        """Return the day of the year before, and the day."""
        start = date(self.day.year - 1, self.day.month, min(self.day.day, 28))
        return start.isoformat(), self.day.isoformat()

    def get(self, path: str, **parameters: str) -> bytes:
        """Return the body of an address of the service."""
        query = f"?{urlencode(parameters)}" if parameters else ""
        with urlopen(f"{self.url}{path}{query}", timeout=_TIMEOUT) as response:  # noqa: S310 - an address that the user gives
            body: bytes = response.read()
        return body

    def get_json(self, path: str, **parameters: str) -> Any:
        """Return the JSON of an address of the service."""
        return json.loads(self.get(path, **parameters))

    def download(self, extension: str, day: str) -> Path:
        """Return the export of a day as a file."""
        path = self.folder / f"landscape{day.replace('-', '')}.{extension}"
        if not path.exists():
            path.write_bytes(self.get(f"/v1/export/landscape.{extension}", as_of=day))
        return path


def import_tool(name: str) -> Any:
    """Import a tool of the walk.

    Raises:
        ToolMissing: it is not installed.
    """
    try:
        return import_module(name)
    except ImportError as error:
        raise ToolMissing(name) from error


def _as_counts(rows: Any) -> Counts:
    return {str(code): (int(agreements), int(agencies)) for code, agreements, agencies in rows if agreements}


def _has_rows(walk: Walk, day: str) -> bool:
    meta = walk.get_json("/v1/agreements", as_of=day, limit="1")["meta"]
    return meta["in_force"]["participating"] is not None and meta["without_rows"] is None


def count_with_json(walk: Walk, day: str) -> Counts:
    """Count with the summary as JSON: the reference."""
    rows = walk.get_json("/v1/agreements/summary", by="jurisdiction", as_of=day, limit="200")["results"]
    return _as_counts((row["jurisdiction"], row["agreements"], row["agencies"]) for row in rows)


def count_with_csv(walk: Walk, day: str) -> Counts:
    """Count with the map as CSV."""
    rows = csv.DictReader(io.StringIO(walk.get("/v1/map.csv", as_of=day).decode(), newline=""))
    return _as_counts((row["code"], int(row["agreements"] or 0), int(row["agencies"] or 0)) for row in rows)


def count_with_geojson(walk: Walk, day: str) -> Counts:
    """Count with the features of the map."""
    features = walk.get_json("/v1/jurisdictions.geojson", as_of=day)["features"]
    rows = [feature["properties"] for feature in features]
    return _as_counts((row["code"], row["agreements"] or 0, row["agencies"] or 0) for row in rows)


def count_with_spreadsheet(walk: Walk, day: str) -> Counts:
    """Count with the summary as a spreadsheet."""
    body = walk.get("/v1/agreements/summary", by="jurisdiction", as_of=day, limit="200", format="xlsx")
    workbook = import_tool("openpyxl").load_workbook(io.BytesIO(body))
    header, *rows = workbook.worksheets[0].iter_rows(values_only=True)
    columns = [header.index(name) for name in ("jurisdiction", "agreements", "agencies")]
    return _as_counts([row[column] for column in columns] for row in rows)


def count_with_sql(walk: Walk, day: str) -> Counts:
    """Count the agreements of the SQLite export with the first SQL that anyone would write."""
    if not _has_rows(walk, day):
        raise NotOnFile
    return _as_counts(query_sqlite(walk, day, _COUNTS_BY_STATE))


def count_with_sql_summary(walk: Walk, day: str) -> Counts:
    """Count with the summary in the SQLite export, which counts of a roster suffice for."""
    return _as_counts(query_sqlite(walk, day, _SUMMARY))


def query_sqlite(walk: Walk, day: str, statement: str) -> list[Any]:
    """Return the rows of a statement on the SQLite export of a day."""
    with closing(sqlite3.connect(walk.download("sqlite", day))) as connection:
        return connection.execute(statement).fetchall()


def count_with_pandas(walk: Walk, day: str) -> Counts:
    """Count with pandas on the CSV files of the data package."""
    frame = read_table_with_pandas(walk, day, "agreements_summary")
    return _as_counts(frame[["jurisdiction", "agreements", "agencies"]].itertuples(index=False))


def count_rows_with_pandas(walk: Walk, day: str) -> Counts:
    """Count the agreements of the data package with pandas."""
    if not _has_rows(walk, day):
        raise NotOnFile
    groups = read_table_with_pandas(walk, day, "agreements").groupby("jurisdiction").agg({"id": "count", "agency_id": "nunique"})
    return _as_counts(groups.itertuples())


def read_table_with_pandas(walk: Walk, day: str, name: str) -> Any:
    """Return a table of the data package as a frame."""
    pandas = import_tool("pandas")
    with zipfile.ZipFile(walk.download("zip", day)) as archive, archive.open(f"{name}.csv") as file:
        return pandas.read_csv(file, dtype={"county_fips": "str", "jurisdiction": "str"}, keep_default_na=False, na_values=[""])


def count_with_duckdb(walk: Walk, day: str) -> Counts:
    """Count with DuckDB on the CSV files of the data package."""
    return _as_counts(query_duckdb(walk, day, "agreements_summary", _SUMMARY))


def count_rows_with_duckdb(walk: Walk, day: str) -> Counts:
    """Count the agreements of the data package with DuckDB."""
    if not _has_rows(walk, day):
        raise NotOnFile
    return _as_counts(query_duckdb(walk, day, "agreements", _COUNTS_BY_STATE))


def query_duckdb(walk: Walk, day: str, table: str, statement: str) -> list[Any]:
    """Return the rows of a statement on a table of the data package."""
    duckdb = import_tool("duckdb")
    path = walk.folder / f"{day}-{table}.csv"
    with zipfile.ZipFile(walk.download("zip", day)) as archive:
        path.write_bytes(archive.read(f"{table}.csv"))
    with duckdb.connect() as connection:
        connection.execute(f"CREATE VIEW {table} AS SELECT * FROM read_csv('{path}', header = true)")  # noqa: S608 - a path of its own
        rows: list[Any] = connection.execute(statement).fetchall()
    return rows


def count_with_datasette(walk: Walk, day: str) -> Counts:
    """Count with Datasette on the SQLite export."""
    return _as_counts(query_datasette(walk, day, _SUMMARY))


def query_datasette(walk: Walk, day: str, statement: str) -> list[Any]:
    """Return the rows of a statement that Datasette runs on the SQLite export of a day."""
    app = import_tool("datasette.app")
    path = walk.download("sqlite", day)

    async def fetch() -> Any:
        site = app.Datasette([str(path)], settings={"max_returned_rows": 5000, "sql_time_limit_ms": 10_000})
        response = await site.client.get(f"/{path.stem}.json?{urlencode({'sql': statement, '_shape': 'arrays'})}", follow_redirects=True)
        return response.json()["rows"]

    rows: list[Any] = asyncio.run(fetch())
    return rows


def count_with_openrefine(walk: Walk, day: str) -> Counts:
    """Count with OpenRefine's protocol: match a column of names, then add two columns."""
    rows = extend_names(walk, day, "agreements", "agencies")
    cells = {code: [values[unit][0]["int"] if values[unit] else 0 for unit in ("agreements", "agencies")] for code, values in rows.items()}
    return _as_counts((code, *numbers) for code, numbers in cells.items())


def extend_names(walk: Walk, day: str, *properties: str) -> dict[str, Any]:
    """Reconcile the names of all states in batches, and return the properties of what they match, by id."""
    names = [row["name"] for row in walk.get_json("/v1/map.json", as_of=day)["rows"]]
    ids: list[str] = []
    for start in range(0, len(names), _BATCH):
        batch = {f"q{number}": {"query": name, "type": "jurisdiction"} for number, name in enumerate(names[start : start + _BATCH])}
        answer = post_form(walk, day, "queries", batch)
        ids += [answer[key]["result"][0]["id"] for key in batch if answer[key]["result"][0]["match"]]
    extension = {"ids": ids, "properties": [{"id": property} for property in properties]}
    rows: dict[str, Any] = post_form(walk, day, "extend", extension)["rows"]
    return rows


def post_form(walk: Walk, day: str, name: str, value: Any) -> Any:
    """Post a form to the reconciliation service, as OpenRefine does."""
    body = urlencode({name: json.dumps(value)}).encode()
    with urlopen(f"{walk.url}/v1/reconcile?as_of={day}", data=body, timeout=_TIMEOUT) as response:  # noqa: S310 - an address that the user gives
        return json.load(response)


def count_with_feeds(walk: Walk, day: str) -> Counts:
    """Read the newest roster that changed each of the three largest states, as a feed reader shows it."""
    feedparser = import_tool("feedparser")
    counts: dict[str, tuple[int, int]] = {}
    for code in _largest_states(walk, day):
        entries = feedparser.parse(walk.get(f"/feeds/{code}.atom", as_of=day)).entries
        titles = [entry.title for entry in entries if any(tag.term == "roster" for tag in entry.tags)]
        matches = [match for title in titles if (match := _ROSTER_TITLE.search(title))]
        if matches:  # the first roster on file changes nothing
            newest = max(matches, key=lambda match: match["day"])  # a feed has what was told last first, and rosters may come late
            counts[code] = (int(newest["agreements"].replace(",", "")), int(newest["agencies"].replace(",", "")))
    return counts


def _largest_states(walk: Walk, day: str) -> list[str]:
    counts = count_with_json(walk, day)
    return sorted(counts, key=lambda code: -counts[code][0])[:3]


def ask_python_client(walk: Walk, day: str) -> Any:
    """Return the answers that the client of openapi-python-client reads for a day; it is generated once."""
    import_tool("openapi_python_client")
    folder = walk.folder / "python_client"
    if not folder.exists():
        folder.mkdir()
        (folder / "openapi.json").write_bytes(walk.get("/openapi.json"))
        settings = {"content_type_overrides": dict.fromkeys(_BINARY_TYPES, "application/octet-stream"), "post_hooks": []}
        (folder / "config.json").write_text(json.dumps(settings), encoding="utf-8")
        options = ("--config", "config.json", "--meta", "none", "--output-path", "legal_landscape_client")
        run_tool(folder, sys.executable, "-m", "openapi_python_client", "generate", "--path", "openapi.json", *options)
    script = str(_SCRIPTS / "walk_python_client.py")
    return json.loads(run_tool(folder, sys.executable, script, walk.url, day, PYTHONPATH=str(folder)))


def ask_typescript_client(walk: Walk, day: str) -> Any:
    """Return the answers that a program with the types of openapi-typescript reads for a day; it is compiled once."""
    folder, script = walk.folder / "typescript_client", "walk_typescript_client.mts"
    if not (folder / "walk_typescript_client.mjs").exists():
        install_npm_packages(folder)
        (folder / "openapi.json").write_bytes(walk.get("/openapi.json"))
        shutil.copy(_SCRIPTS / script, folder)
        run_tool(folder, "npx", "--no-install", "openapi-typescript", "openapi.json", "--output", "api.d.mts")
        options = ("--strict", "--noUncheckedIndexedAccess", "--target", "es2022", "--module", "nodenext", "--types", "node")
        run_tool(folder, "npx", "--no-install", "tsc", *options, script)
    return json.loads(run_tool(folder, "node", "walk_typescript_client.mjs", walk.url, day))


def install_npm_packages(folder: Path) -> None:
    """Install openapi-typescript and what it needs.

    Raises:
        ToolMissing: npm is not installed, or cannot reach its index.
    """
    name = "openapi-typescript"
    if shutil.which("npm") is None:
        raise ToolMissing(name)
    folder.mkdir(exist_ok=True)
    (folder / "package.json").write_text('{"private": true, "type": "module"}', encoding="utf-8")
    try:
        run_tool(folder, "npm", "install", "--silent", "--no-audit", "--no-fund", *_TYPESCRIPT_PACKAGES)
    except subprocess.CalledProcessError as error:
        raise ToolMissing(name) from error


def run_tool(folder: Path, *command: str, **settings: str) -> str:
    """Run a command in a folder and return its output.

    Raises:
        CalledProcessError: the command fails.
    """
    environment = {**os.environ, **settings}
    return subprocess.run(command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True, check=True).stdout


CLIENTS: Mapping[str, Callable[[Walk, str], Any]] = {
    "client of openapi-python-client": ask_python_client,
    "client of openapi-typescript": ask_typescript_client,
}


def count_with_client(name: str) -> Callable[[Walk, str], Counts]:
    """Return the function that counts with a generated client."""
    return lambda walk, day: _as_counts(CLIENTS[name](walk, day)["counts"])


def bars_with_client(name: str) -> Callable[[Walk, str], set[str]]:
    """Return the function that lists the states that bar agreements with a generated client."""
    return lambda walk, day: set(CLIENTS[name](walk, day)["barring"])


COUNTERS: Mapping[str, Callable[[Walk, str], Counts]] = {
    "JSON": count_with_json,
    "CSV of the map": count_with_csv,
    "GeoJSON": count_with_geojson,
    "spreadsheet": count_with_spreadsheet,
    "SQL on the export, rows": count_with_sql,
    "SQL on the export, summary": count_with_sql_summary,
    "pandas, rows": count_rows_with_pandas,
    "pandas, summary": count_with_pandas,
    "DuckDB, rows": count_rows_with_duckdb,
    "DuckDB, summary": count_with_duckdb,
    "Datasette": count_with_datasette,
    "OpenRefine": count_with_openrefine,
    "feed reader, three states": count_with_feeds,
}


def bars_with_json(walk: Walk, day: str) -> set[str]:
    """List the states that bar agreements, as the README asks: the reference."""
    rows = walk.get_json("/v1/jurisdictions", posture=",".join(BARRING), as_of=day, limit="200")["results"]
    return {row["code"] for row in rows}


def bars_with_spreadsheet(walk: Walk, day: str) -> set[str]:
    """List them from the spreadsheet of all jurisdictions."""
    body = walk.get("/v1/jurisdictions", as_of=day, limit="200", format="xlsx")
    header, *rows = import_tool("openpyxl").load_workbook(io.BytesIO(body)).worksheets[0].iter_rows(values_only=True)
    code, posture = header.index("code"), header.index("posture.value")
    return {row[code] for row in rows if row[posture] in BARRING}


def bars_with_pandas(walk: Walk, day: str) -> set[str]:
    """List them from the CSV of the map with pandas."""
    frame = import_tool("pandas").read_csv(io.BytesIO(walk.get("/v1/map.csv", as_of=day)), dtype={"fips": "str"})
    return set(frame[frame["posture"].isin(BARRING)]["code"])


def bars_with_openrefine(walk: Walk, day: str) -> set[str]:
    """List them from a column that OpenRefine adds."""
    return {code for code, values in extend_names(walk, day, "posture").items() if values["posture"][0]["str"] in BARRING}


BAR_LISTS: Mapping[str, Callable[[Walk, str], set[str]]] = {
    "JSON": bars_with_json,
    "spreadsheet": bars_with_spreadsheet,
    "SQL on the export": lambda walk, day: {row[0] for row in query_sqlite(walk, day, _BARS)},
    "pandas": bars_with_pandas,
    "DuckDB": lambda walk, day: {row[0] for row in query_duckdb(walk, day, "postures", _BARS)},
    "Datasette": lambda walk, day: {row[0] for row in query_datasette(walk, day, _BARS)},
    "OpenRefine": bars_with_openrefine,
}


def changes_between(before: Counts, after: Counts) -> dict[str, int]:
    """Return the change in agreements of each state between two days, without zeros."""
    codes = before.keys() | after.keys()
    changes = {code: after.get(code, (0, 0))[0] - before.get(code, (0, 0))[0] for code in codes}
    return {code: change for code, change in sorted(changes.items()) if change}


@dataclass(slots=True)
class Report:
    """Collect the lines of the walk, and what differs or is missing."""

    differing: list[str]
    missing: set[str]
    not_on_file: int = 0

    def compare(self, question: str, tool: str, answer: Callable[[], Any], reference: Any) -> None:
        """Print whether a tool gives the reference. The feed reader answers for some states only."""
        try:
            value = answer()
        except ToolMissing as error:
            self.missing.add(str(error))
            print(f"  NOT TESTED  {tool}: {error} is not installed")
            return
        except NotOnFile:
            self.not_on_file += 1
            print(f"  NOT TESTED  {tool}: only counts of the roster are on file")
            return
        expected = {code: reference[code] for code in value if code in reference} if tool.startswith("feed reader") else reference
        print(f"  {'same       ' if value == expected else 'DIFFERS    '} {tool}")
        if value != expected:
            self.differing.append(f"{question}, {tool}")


def run_walk(walk: Walk, *, with_clients: bool = False) -> Report:
    """Ask each question through each tool, print the comparison and return what differs. Clients need a minute to generate."""
    report, clients = Report([], set()), CLIENTS if with_clients else ()
    counters = {**COUNTERS, **{name: count_with_client(name) for name in clients}}
    bar_lists = {**BAR_LISTS, **{name: bars_with_client(name) for name in clients}}
    start, day = walk.days
    counts = count_with_json(walk, day)
    print(
        f"Agreements and agencies by state on {day}: {sum(pair[0] for pair in counts.values()):,} agreements, {len(counts)} jurisdictions"
    )
    for tool, counter in counters.items():
        report.compare("counts", tool, lambda counter=counter: counter(walk, day), counts)  # type: ignore[misc]
    barring = bars_with_json(walk, day)
    print(f"States that bar agreements on {day}: {', '.join(sorted(barring))}")
    for tool, lister in bar_lists.items():
        report.compare("bars", tool, lambda lister=lister: lister(walk, day), barring)  # type: ignore[misc]
    changes = changes_between(count_with_json(walk, start), counts)
    print(f"Change in agreements from {start} to {day}: {sum(changes.values()):+,} in {len(changes)} jurisdictions")
    for tool, counter in counters.items():
        if not tool.startswith("feed reader"):
            report.compare(
                "changes",
                tool,
                lambda counter=counter: changes_between(counter(walk, start), counter(walk, day)),  # type: ignore[misc]
                changes,
            )
    return report


def newest_roster_day(url: str) -> date:
    """Return the day of the newest roster of participating agencies, preferably of one with rows."""
    with urlopen(f"{url}/v1/rosters?kind=participating&sort=-date&limit=200", timeout=_TIMEOUT) as response:  # noqa: S310 - as above
        rosters = json.load(response)["results"]
    if not rosters:
        raise SystemExit("Error: the service has no roster on file. Load the seeds, or import a roster.")
    return date.fromisoformat(next((row for row in rosters if row["rows_on_file"]), rosters[0])["date"]["latest"])


def main() -> None:
    """Run the walk and exit with 1 if a number differs."""
    url = (sys.argv[1] if len(sys.argv) > 1 else DEFAULT_URL).rstrip("/")
    day = date.fromisoformat(sys.argv[2]) if len(sys.argv) > 2 else newest_roster_day(url)
    with tempfile.TemporaryDirectory() as folder:
        report = run_walk(Walk(url, day, Path(folder)), with_clients=True)
    for question in report.differing:
        print(f"DIFFERS: {question}")
    if report.missing or report.not_on_file:
        print(
            f"NOT TESTED: tools that are not installed: {', '.join(sorted(report.missing)) or 'none'}; {report.not_on_file} counts of rows."
        )
    sys.exit(1 if report.differing else 0)


if __name__ == "__main__":
    main()

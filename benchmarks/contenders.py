"""Prepare the record to measure, and the servers that answer from it: the service itself and its peers."""

import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import venv
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from app import create_app
from benchmarks.rosters import import_workbook, write_workbook
from benchmarks.servers import HOST, Server
from benchmarks.timing import analyze_database
from legal.db.engine import Database
from legal.readers.counties import read_counties
from legal.rules.rosters.counties import Counties
from legal.services.rosters.rows import ImportRules
from legal.settings import ROOT, SEEDS_FOLDER, Settings

OURS, OURS_UNCACHED = "Legal Landscape", "Legal Landscape, no response cache"
CONSTANT, DATASETTE, FLASK, FASTAPI, NGINX = (
    "WSGI constant",
    "Datasette",
    "Flask, ORM, marshmallow",
    "FastAPI, pydantic, ORM",
    "nginx, static file",
)
CARD = "/v1/jurisdictions/VA"
_PEERS_FOLDER = Path(__file__).parent / "peers"
_PEERS_VENV = ROOT / ".venv-bench"
_PEERS_LOCK = Path(__file__).parent / "requirements.txt"
_ROSTER_DATE, _ROSTER_ROWS = date(2026, 6, 1), 1800
_SECRET = "for the benchmark"  # noqa: S105


@dataclass(frozen=True)
class Record:
    """A record to serve: the service's database, the same as an export, and the body of a card."""

    url: str
    export: Path
    card: Path


def create_record(folder: Path) -> Record:
    """Create the seeds with the counts of all rosters and one roster of invented agencies, on SQLite, and export them."""
    url = f"sqlite:///{folder / 'record.sqlite'}"
    app = create_app(Settings(database_url=url, secret_key=_SECRET, response_cache_bytes=0, export_folder=folder / "exports"))
    runner = app.test_cli_runner()
    for arguments in (["db", "upgrade"], ["seed"]):
        result = runner.invoke(args=arguments)
        assert result.exit_code == 0, result.output
    database: Database = app.extensions["database"]
    workbook = write_workbook(0, _ROSTER_ROWS)
    rules = ImportRules(Counties(read_counties(SEEDS_FOLDER / "counties.csv")), {}, 100)
    import_workbook(database, rules, workbook, f"participatingAgencies{_ROSTER_DATE:%m%d%Y}am.xlsx", _ROSTER_DATE)
    client = app.test_client()
    record = Record(url, folder / "landscape.sqlite", folder / "static" / CARD.strip("/"))
    record.card.parent.mkdir(parents=True)
    for path, file in (("/v1/export/landscape.sqlite", record.export), (CARD, record.card)):
        with client.get(path) as response:
            assert response.status_code == 200, path
            file.write_bytes(response.data)
    analyze_database(database)
    with closing(sqlite3.connect(record.export)) as connection:  # as Datasette's documentation says to do for search
        connection.execute("CREATE VIRTUAL TABLE measures_fts USING fts5(title, summary, content=\"measures\", tokenize='porter')")
        connection.execute("INSERT INTO measures_fts(measures_fts) VALUES ('rebuild')")
        connection.execute("ANALYZE")
        connection.commit()
    return record


def create_own_server(name: str, folder: Path, url: str, cache_bytes: int) -> Server:
    """Return the service as ``make run`` starts it, with one worker, its own folder of exports and no limit on requests."""
    environment = {
        "DATABASE_URL": url,
        "SECRET_KEY": _SECRET,
        "BIND": f"{HOST}:{{port}}",
        "WEB_CONCURRENCY": "1",
        "RESPONSE_CACHE_BYTES": str(cache_bytes),
        "EXPORT_FOLDER": str(folder / f"exports-{hashlib.sha256(name.encode()).hexdigest()[:8]}"),
        "RATE_LIMIT": "off",
    }
    return Server(name, [sys.executable, "-m", "gunicorn", "--log-level", "warning"], ROOT, folder / f"{name}.log", environment, CARD)


def create_peers(folder: Path, record: Record) -> tuple[list[Server], list[str]]:
    """Return the peers that can run here, and for each other one the reason why not."""
    servers, reasons = [_create_constant_server(folder, record)], []
    python, reason = _install_peers()
    if python:
        servers += _create_python_peers(folder, record, python)
    else:
        reasons.append(f"{DATASETTE}; {FLASK}; {FASTAPI}: {reason}")
    nginx = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if nginx:
        servers.append(_create_nginx(folder, nginx))
    else:
        reasons.append(f"{NGINX}: it is not installed")
    return servers, reasons


def _create_constant_server(folder: Path, record: Record) -> Server:
    command = [
        "--config",
        "python:wsgi_settings",
        "--log-level",
        "warning",
        "--workers",
        "1",
        "--bind",
        f"{HOST}:{{port}}",
        "wsgi_constant:app",
    ]
    environment = {"CONSTANT_FILE": str(record.card), "PYTHONPATH": f"{_PEERS_FOLDER}{os.pathsep}{ROOT}"}
    return Server(CONSTANT, [sys.executable, "-m", "gunicorn", *command], folder, folder / "constant.log", environment, CARD)


def _install_peers() -> tuple[Path | None, str]:
    """Return the Python that has the peers' packages, installed from the lock, or the reason why there is none."""
    python, stamp = _PEERS_VENV / "bin" / "python", _PEERS_VENV / "lock.txt"
    if python.exists() and stamp.exists() and stamp.read_bytes() == _PEERS_LOCK.read_bytes():
        return python, ""
    shutil.rmtree(_PEERS_VENV, ignore_errors=True)
    try:
        venv.create(_PEERS_VENV, with_pip=True)
        options = ["--quiet", "--disable-pip-version-check", "--no-input", "--no-deps", "--only-binary", ":all:", "--require-hashes"]
        command = [str(python), "-m", "pip", "install", *options, "--requirement", str(_PEERS_LOCK)]
        subprocess.run(command, check=True, capture_output=True, text=True)
    except (OSError, subprocess.CalledProcessError) as error:
        lines = (getattr(error, "stderr", None) or str(error)).strip().splitlines()
        return None, f"their packages cannot be installed ({lines[-1]})"
    stamp.write_bytes(_PEERS_LOCK.read_bytes())
    return python, ""


def _create_python_peers(folder: Path, record: Record, python: Path) -> Iterator[Server]:
    environment = {"EXPORT_FILE": str(record.export)}
    gunicorn = ["--worker-class", "gthread", "--threads", "4", "--workers", "1", "--log-level", "warning", "--bind", f"{HOST}:{{port}}"]
    uvicorn = ["--host", HOST, "--port", "{port}", "--no-access-log", "--log-level", "warning"]
    datasette = [
        "serve",
        "--immutable",
        str(record.export),
        "--metadata",
        str(_PEERS_FOLDER / "datasette.yml"),
        "--host",
        HOST,
        "--port",
        "{port}",
    ]
    commands = {
        DATASETTE: (["datasette", *datasette], "/landscape/card.json?code=VA&_shape=array"),
        FLASK: (["gunicorn", "--pythonpath", str(_PEERS_FOLDER), *gunicorn, "flask_orm:app"], "/card/VA"),
        FASTAPI: (["uvicorn", "--app-dir", str(_PEERS_FOLDER), *uvicorn, "fastapi_pydantic:app"], "/card/VA"),
    }
    for name, (command, first_path) in commands.items():
        yield Server(name, [str(python), "-m", *command], folder, folder / f"{command[0]}.log", environment, first_path)


def _create_nginx(folder: Path, program: str) -> Server:
    template = (_PEERS_FOLDER / "nginx.conf").read_text(encoding="utf-8")
    shell = (
        f'sed "s/PORT/$PORT/" "{folder}/nginx.template" > "{folder}/nginx.conf" && exec "{program}" -p "{folder}" -c "{folder}/nginx.conf"'
    )
    (folder / "nginx.template").write_text(template.replace("FOLDER", str(folder)), encoding="utf-8")
    return Server(NGINX, ["sh", "-c", shell], folder, folder / "nginx.log", {"PORT": "{port}"}, CARD)

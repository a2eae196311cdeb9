"""Linters accept the API description, and generated clients compile and read real answers. Run by `make clients`.

This needs the package indexes of Python and npm, and Java for one generator. Where one of them is missing, the test is skipped
and the summary says so.
"""

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from werkzeug.serving import make_server

from legal.db.engine import Database
from legal.settings import ROOT
from tests.conftest import make_app
from tests.databases import prepare_database, seed_database

# These versions are not locked: nothing that the service runs or is tested with depends on them.
REDOCLY, SPECTRAL = "@redocly/cli@2.77.0", "@stoplight/spectral-cli@6.16.3"
TYPESCRIPT_PACKAGES = ("openapi-typescript@7.13.0", "openapi-fetch@0.17.0", "typescript@5.9.3", "@types/node@20.19.43")
OPENAPI_PYTHON_CLIENT, OPENAPI_GENERATOR = "openapi-python-client==0.29.1", "openapi-generator-cli==7.26.0"
BINARY_TYPES = ("application/zip", "application/vnd.sqlite3", "application/atom+xml")
CLIENTS_FOLDER = Path(__file__).parent
UV = str(ROOT / ".venv" / "bin" / "uv")


@pytest.fixture(scope="session")
def base_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server of the seeded record on this machine."""
    with serve(prepare_database(f"sqlite:///{tmp_path_factory.mktemp('served') / 'record.sqlite'}", seeded=True)) as url:
        yield url


@pytest.fixture
def shipped_url(tmp_path: Path) -> Iterator[str]:
    """The address of a server of the record as it is shipped, with the counts of ICE's rosters."""
    url = prepare_database(f"sqlite:///{tmp_path / 'shipped.sqlite'}", seeded=False)
    database = Database(url)
    seed_database(database, with_rosters=True)
    database.dispose()
    with serve(url) as address:
        yield address


@contextmanager
def serve(database_url: str) -> Iterator[str]:
    """Serve a database on a free port, and give the address."""
    app = make_app(database_url)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
    app.extensions["database"].dispose()


@pytest.fixture
def description_file(tmp_path: Path) -> Path:
    """A file with the API description."""
    path = tmp_path / "openapi.json"
    path.write_bytes(make_app("sqlite://").test_client().get("/openapi.json").data)
    return path


def run(folder: Path, *command: str, **settings: str) -> str:
    """Run a command in a folder and return its output, after a check that it succeeds."""
    done = run_unchecked(folder, *command, **settings)
    assert done.returncode == 0, f"{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    return done.stdout


def run_unchecked(folder: Path, *command: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a folder."""
    return subprocess.run(  # noqa: S603 - our own commands
        command, cwd=folder, env={**os.environ, **settings}, capture_output=True, text=True, check=False
    )


def prepare(folder: Path, *command: str) -> None:
    """Run a command that downloads packages, or skip the test where that cannot be done."""
    if shutil.which(command[0]) is None:
        pytest.skip(f"NOT TESTED: {Path(command[0]).name} is not installed")
    done = run_unchecked(folder, *command)
    if done.returncode:
        pytest.skip(f"NOT TESTED: `{' '.join(command)}` failed; is the package index out of reach? {done.stderr.strip()[-200:]}")


def install_npm_packages(folder: Path, *packages: str) -> None:
    """Install npm packages into a folder, or skip the test where that cannot be done."""
    (folder / "package.json").write_text('{"private": true, "type": "module"}', encoding="utf-8")
    prepare(folder, "npm", "install", "--silent", "--no-audit", "--no-fund", *packages)


def expected_answers(base_url: str) -> dict[str, Any]:
    """Return what every client must read, asked with plain requests."""
    code = (
        "import json, sys, urllib.request as request\n"
        "get = lambda path: json.load(request.urlopen(sys.argv[1] + path))\n"
        "card = get('/v1/jurisdictions/VA?as_of=2026-03-01')\n"
        "ids = lambda path: [row['id'] for row in get(path)['results']]\n"
        "codes = lambda path: [row['code'] for row in get(path)['results']]\n"
        "difference = get('/v1/diff?jurisdiction=VA&from=2026-02-03&to=2026-02-05')\n"
        "print(json.dumps({\n"
        "    'posture': card['posture']['value'], 'cite_as': card['cite_as'],\n"
        "    'measures': ids('/v1/measures?kind=ban,mandate&as_of=2026-03-01'),\n"
        "    'jurisdictions': codes('/v1/jurisdictions?limit=200&as_of=2026-03-01'),\n"
        "    'compared': codes('/v1/compare?jurisdictions=VA,MD&as_of=2026-03-01'),\n"
        "    'differences': [item['id'] for item in difference['causes']['world_changed']],\n"
        "    'events': get('/v1/jurisdictions/VA/timeline?from=2026-01-01&as_of=2026-03-01')['count'],\n"
        "}))\n"
    )
    answers: dict[str, Any] = json.loads(run(ROOT, sys.executable, "-c", code, base_url))
    assert all(answers.values())
    return answers


def test_redocly_accepts_the_description(description_file: Path) -> None:
    install_npm_packages(description_file.parent, REDOCLY)
    report = run(
        description_file.parent,
        *("npx", "--no-install", "redocly", "lint", description_file.name, "--extends", "recommended", "--format", "json"),
        REDOCLY_TELEMETRY="off",
        REDOCLY_SUPPRESS_UPDATE_NOTICE="true",
    )
    # Warnings do not change the exit status.
    problems = json.loads(report[report.index("{") :])["problems"]
    # OpenRefine's protocol needs an address that only redirects, to the page of an entity.
    assert [problem for problem in problems if "~1v1~1reconcile~1view/get/responses" not in str(problem["location"])] == []


def test_spectral_accepts_the_description(description_file: Path) -> None:
    install_npm_packages(description_file.parent, SPECTRAL)
    (description_file.parent / ".spectral.yaml").write_text('extends: ["spectral:oas"]\n', encoding="utf-8")
    run(description_file.parent, "npx", "--no-install", "spectral", "lint", description_file.name, "--fail-severity", "hint")


def test_client_of_openapi_typescript_compiles_and_reads_answers(description_file: Path, base_url: str) -> None:
    folder, script = description_file.parent, "openapi_typescript.mts"
    install_npm_packages(folder, *TYPESCRIPT_PACKAGES)
    shutil.copy(CLIENTS_FOLDER / script, folder)
    run(folder, "npx", "--no-install", "openapi-typescript", description_file.name, "--output", "api.d.mts")
    options = ("--strict", "--noUncheckedIndexedAccess", "--target", "es2022", "--module", "nodenext", "--types", "node")
    run(folder, "npx", "--no-install", "tsc", *options, script)
    assert json.loads(run(folder, "node", "openapi_typescript.mjs", base_url)) == expected_answers(base_url)


def test_client_of_openapi_python_client_compiles_and_reads_answers(description_file: Path, base_url: str) -> None:
    folder, tool = description_file.parent, (UV, "tool", "run", "--from", OPENAPI_PYTHON_CLIENT, "openapi-python-client")
    prepare(folder, *tool, "--version")
    overrides = {"content_type_overrides": dict.fromkeys(BINARY_TYPES, "application/octet-stream")}
    (folder / "config.json").write_text(json.dumps(overrides), encoding="utf-8")
    options = ("--config", "config.json", "--meta", "none", "--output-path", "legal_landscape_client", "--fail-on-warning")
    run(folder, *tool, "generate", "--path", description_file.name, *options)
    read_with_python_client(folder, "openapi_python_client.py", base_url, "httpx>=0.23.1,<0.29", "attrs>=22.2")


def test_client_of_openapi_generator_compiles_and_reads_answers(description_file: Path, base_url: str) -> None:
    folder, tool = description_file.parent, (UV, "tool", "run", "--from", OPENAPI_GENERATOR, "openapi-generator-cli")
    if shutil.which("java") is None:
        pytest.skip("NOT TESTED: java is not installed")
    prepare(folder, *tool, "version")
    run(folder, *tool, "validate", "--recommend", "--input-spec", description_file.name)
    run(folder, *tool, "generate", "--input-spec", description_file.name, "--generator-name", "python", "--output", "client")
    shutil.move(folder / "client" / "openapi_client", folder)
    requirements = (folder / "client" / "requirements.txt").read_text(encoding="utf-8").splitlines()
    read_with_python_client(folder, "openapi_generator.py", base_url, *filter(None, requirements))


def test_walk_gets_the_same_numbers_with_all_tools(shipped_url: str, tmp_path: Path) -> None:
    tools = ("pandas", "duckdb", "datasette", "openpyxl", "feedparser", OPENAPI_PYTHON_CLIENT)
    python = (UV, "run", "--no-project", *(part for name in tools for part in ("--with", name)), "python")
    prepare(tmp_path, *python, "--version")
    printed = run(tmp_path, *python, "-m", "benchmarks.walk", shipped_url, "2026-05-18", PYTHONPATH=str(ROOT))
    assert "DIFFERS" not in printed
    assert printed.count("same        client of openapi-python-client") == len(("counts", "bars", "changes"))
    assert "tools that are not installed: none" in printed


def read_with_python_client(folder: Path, script: str, base_url: str, *requirements: str) -> None:
    """Compile the client in a folder, read answers with a script that imports it, and compare them with plain requests."""
    python = (UV, "run", "--no-project", *(part for name in requirements for part in ("--with", name)), "python")
    prepare(folder, *python, "--version")
    run(folder, *python, "-W", "error", "-m", "compileall", "-q", ".")
    answers = run(folder, *python, str(CLIENTS_FOLDER / script), base_url, PYTHONPATH=str(folder))
    assert json.loads(answers) == expected_answers(base_url)

"""The tools of a newsroom get the same numbers (``benchmarks/walk.py``), as far as they are installed."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from threading import Thread

import pytest
from flask import Flask
from werkzeug.serving import make_server

from benchmarks import walk
from legal.db.engine import Database
from tests.conftest import open_app
from tests.services.rosters import factories

pytestmark = pytest.mark.databases("sqlite")  # tests/system/test_databases.py holds both to one answer

rosters_db, rosters_app = factories.rosters_db, factories.rosters_app


@contextmanager
def serve(app: Flask) -> Iterator[str]:
    """Serve an app on a free port, and give its URL."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_tools_agree_over_rows_of_rosters(rosters_app: Flask, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with serve(rosters_app) as url:
        report = walk.run_walk(walk.Walk(url, walk.newest_roster_day(url), tmp_path))
    printed = capsys.readouterr().out
    assert (report.differing, report.missing <= {"pandas", "duckdb", "datasette.app"}) == ([], True)
    assert "same        SQL on the export, rows" in printed
    assert "same        OpenRefine" in printed


def test_tools_agree_over_counts_of_rosters(shipped_db: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with open_app(shipped_db) as app, serve(app) as url:
        report = walk.run_walk(walk.Walk(url, date(2026, 5, 18), tmp_path))
    printed = capsys.readouterr().out
    assert report.differing == []
    assert "1,843 agreements, 40 jurisdictions" in printed
    assert "States that bar agreements on 2026-05-18: CA, CT, IL, ME, NJ, NM, OR, WA" in printed
    assert "same        feed reader, three states" in printed


def test_walk_reports_a_number_that_differs(capsys: pytest.CaptureFixture[str]) -> None:
    report = walk.Report([], set())
    report.compare("counts", "a tool", lambda: {"FL": (1, 1)}, {"FL": (2, 1)})
    assert (report.differing, capsys.readouterr().out.split()) == (["counts, a tool"], ["DIFFERS", "a", "tool"])


def test_missing_tool_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    report = walk.Report([], set())
    report.compare("counts", "a tool", lambda: walk.import_tool("no_tool_of_this_name"), {})
    assert (report.differing, report.missing) == ([], {"no_tool_of_this_name"})
    assert "NOT TESTED  a tool: no_tool_of_this_name is not installed" in capsys.readouterr().out


def test_changes_are_those_of_states_on_either_day() -> None:
    assert walk.changes_between({"FL": (3, 2), "TX": (1, 1)}, {"FL": (3, 2), "VA": (2, 2)}) == {"TX": -1, "VA": 2}


def test_walk_exits_with_an_error_without_rosters(seeded_db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_app(seeded_db) as app, serve(app) as url:
        monkeypatch.setattr(sys, "argv", ["walk", url])
        with pytest.raises(SystemExit, match="no roster on file"):
            walk.main()

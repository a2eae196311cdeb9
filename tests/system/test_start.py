"""The service starts without what its first answer does not need."""

import json
import subprocess
import sys
from typing import Any

import pytest

from legal.db.engine import Database
from legal.settings import ROOT

NOT_AT_START = (
    *("alembic", "edtf", "limits", "mcp", "mistune", "prometheus_client", "psycopg", "python_calamine", "resvg_py", "snowballstemmer"),
    "xlsxwriter",
)
"""Libraries that a service on SQLite imports at the first use, if its requests are neither limited nor counted."""
PROGRAM = f"""
import json, sys
from sqlalchemy import event
from sqlalchemy.orm import Mapper
from app import create_app
from legal import api
from legal.settings import Settings

facts = {{"configured": False}}
event.listen(Mapper, "after_configured", lambda: facts.update(configured=True))
app = create_app(Settings(database_url=sys.argv[1], secret_key="a secret of the tests", response_cache_bytes=2**20))
facts["status"] = app.test_client().get("/v1/jurisdictions/VA").status_code
facts["imported"] = [name for name in {NOT_AT_START!r} if name in sys.modules]
facts["described"] = api.render_description.cache_info().currsize > 0
print(json.dumps(facts))
"""
pytestmark = pytest.mark.databases("sqlite")


@pytest.fixture
def start_facts(seeded_db: Database) -> dict[str, Any]:
    """Facts about a process that has answered its first request, for a card."""
    url = seeded_db.engine.url.render_as_string(hide_password=False)
    process = subprocess.run([sys.executable, "-c", PROGRAM, url], cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - a fixed program
    assert process.returncode == 0, process.stderr
    facts: dict[str, Any] = json.loads(process.stdout)
    assert facts["status"] == 200
    return facts


def test_first_card_needs_no_library_of_other_answers(start_facts: dict[str, Any]) -> None:
    assert start_facts["imported"] == []


def test_first_card_does_not_wait_for_the_description_of_the_api(start_facts: dict[str, Any]) -> None:
    assert start_facts["described"] is False


def test_first_card_does_not_configure_the_mappers(start_facts: dict[str, Any]) -> None:
    assert start_facts["configured"] is False

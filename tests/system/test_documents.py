"""The project's documents: links, paths, requests and commands that they name exist."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from flask import Flask

from legal.settings import ROOT
from tests.conftest import make_app

DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob(".github/**/*.md")])
DECISIONS = sorted(ROOT.glob("docs/decisions/[0-9]*.md"))
NOT_YET = {"seeds/documents/ID.yaml", "seeds/jurisdictions/CODE.yaml", "migrations/versions/NNNN_words.py"}
"""Paths of files that a reader is told to make."""
FOLDERS = ("legal", "tests", "docs", "seeds", "migrations", "benchmarks", ".ci", ".github")


def relative(path: Path) -> str:
    """Give a file's path in the project."""
    return str(path.relative_to(ROOT))


def named_paths(text: str) -> Iterator[str]:
    """Find every path of the project that a document sets in backticks."""
    for code in re.findall(r"`([^`\s]+)`", text):
        if (code.split("/")[0] in FOLDERS and "/" in code) or re.fullmatch(r"[\w.-]+\.(md|toml|cff|txt)|app\.py|Makefile", code):
            yield code.rstrip("/")


def anchors(path: Path) -> set[str]:
    """Give the anchors of a document's headings, as hosting platforms make them."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def layout_entries() -> Iterator[str]:
    """Find the paths in the README's layout; what is indented stands in the folder above."""
    block = re.search(r"## Layout\n+```\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert block
    folder = ""
    for line in block[1].splitlines():
        entry = line.split()[0]
        folder = folder if line.startswith(" ") else entry
        yield folder + entry if line.startswith(" ") else entry


@pytest.fixture(scope="module")
def description() -> dict[str, Any]:
    """The API's description, which needs no database."""
    return dict(make_app("sqlite://").test_client().get("/openapi.json").json)


@pytest.mark.parametrize("path", DOCUMENTS, ids=relative)
def test_every_path_in_a_document_exists(path: Path) -> None:
    paths = set(named_paths(path.read_text(encoding="utf-8"))) - NOT_YET
    assert {name for name in paths if not (ROOT / name).exists()} == set()


@pytest.mark.parametrize("path", DOCUMENTS, ids=relative)
def test_every_link_between_documents_leads_somewhere(path: Path) -> None:
    broken_links = set()
    for target, anchor in re.findall(r"\]\(([^)#:]*)(?:#([^)]*))?\)", path.read_text(encoding="utf-8")):
        file = path.parent / target if target else path
        if not file.exists() or (anchor and anchor not in anchors(file)):
            broken_links.add(f"{target}#{anchor}")
    assert broken_links == set()


def test_layout_in_the_readme_names_what_exists() -> None:
    assert {entry for entry in layout_entries() if not (ROOT / entry).exists()} == set()


def test_every_request_in_a_document_is_described(description: dict[str, Any]) -> None:
    patterns = [re.compile(re.sub(r"\\{\w+\\}", r"[^/]+", re.escape(path))) for path in description["paths"]]
    missing = {
        f"{relative(document)}: {request}"
        for document in DOCUMENTS
        for request in re.findall(r"`(?:GET )?(/(?:v1|feeds|healthz|readyz|openapi)[^`?\s]*)", document.read_text(encoding="utf-8"))
        if not any(pattern.fullmatch(request) for pattern in patterns) and request != "/v1" and not request.endswith("/")
    }
    assert missing == set()


@pytest.mark.databases("sqlite")  # tests/system/test_databases.py compares the answers of both
def test_every_request_in_the_readme_is_answered(app: Flask) -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    requests = [request for request in re.findall(r"`(/v1/[^`]+)`", text) if "{" not in request]
    client = app.test_client()
    refused_requests = {}
    for request in requests:
        with client.get(request) as answer:
            if answer.status_code != 200:
                refused_requests[request] = answer.status_code
    assert refused_requests == {}


def test_every_command_in_a_document_exists() -> None:
    commands = make_app("sqlite://").cli
    context = click.Context(commands)
    missing = set()
    for document in DOCUMENTS:
        for first, second in re.findall(r"flask ([a-z]+)(?: ([a-z-]+))?", document.read_text(encoding="utf-8")):
            command = commands.get_command(context, first)
            if command is None or (isinstance(command, click.Group) and second and command.get_command(context, second) is None):
                missing.add(f"{relative(document)}: flask {first} {second}")
    assert missing == set()


@pytest.mark.parametrize("path", DECISIONS, ids=relative)
def test_every_decision_has_the_same_form(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert re.match(r"# \d+\. .+\n\n- Date: \d{4}-\d{2}-\d{2}\n- Status: (Accepted|Superseded by \[.+\]\(.+\))\n", text)
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["Context", "Decision", "Consequences"]


def test_index_of_decisions_repeats_their_headers() -> None:
    index = (ROOT / "docs" / "decisions" / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d+) \| \[(.+)\]\((.+)\) \| ([\d-]+) \| (.+) \|$", index, re.MULTILINE)
    headers = []
    for path in DECISIONS:
        header = re.match(r"# (\d+)\. (.+)\n\n- Date: (.+)\n- Status: (.+)\n", path.read_text(encoding="utf-8"))
        assert header
        number, title, day, status = header.groups()
        headers.append((number, title, path.name, day, status))
    assert rows == headers

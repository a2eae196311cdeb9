"""Test that reference managers can read the citations of pages."""

import json
from datetime import date

import bibtexparser
import pytest
from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.json import CiteProcJSON
from flask.testing import FlaskClient

from legal.site.references import Reference

pytestmark = pytest.mark.databases("sqlite")

PIN = "as_of=2026-02-20&revision=1&rules=2&epoch=4f1c09d2ab"
PERMALINK = f"http://127.0.0.1:8000/states/virginia?{PIN}"


def test_bibtex_is_read_by_a_parser(client: FlaskClient) -> None:
    library = bibtexparser.parse_string(client.get(f"/states/virginia/citation.bib?{PIN}").text)
    assert not library.failed_blocks
    (entry,) = library.entries
    assert (entry.key, entry.entry_type) == ("legal-landscape-virginia-2026-02-20-r1", "misc")
    assert entry["url"] == PERMALINK
    assert "revision 1" in entry["note"]


def test_csl_json_is_formatted_by_citeproc(client: FlaskClient) -> None:
    items = json.loads(client.get(f"/states/virginia/citation.json?{PIN}").text)
    bibliography = CitationStylesBibliography(
        CitationStylesStyle("harvard-cite-them-right", validate=False), CiteProcJSON(items), formatter.plain
    )
    bibliography.register(Citation([CitationItem(items[0]["id"])]))
    text = str(bibliography.bibliography()[0])
    assert "Legal Landscape" in text
    assert "Virginia" in text
    assert items[0]["URL"] == PERMALINK


def test_ris_has_one_tag_on_each_line(client: FlaskClient) -> None:
    response = client.get(f"/states/virginia/citation.ris?{PIN}")
    lines = response.text.split("\r\n")
    assert lines[0] == "TY  - ELEC"
    assert lines[-2:] == ["ER  - ", ""]
    assert f"UR  - {PERMALINK}" in lines
    assert "attachment" in response.headers["Content-Disposition"]


def test_plain_citation_on_the_page_has_the_permanent_link(client: FlaskClient) -> None:
    text = client.get("/states/virginia?as_of=2026-02-20", headers={"Accept": "text/html"}).text
    assert (
        "Legal Landscape, “Virginia: section 287(g) cooperation with ICE,” as of Feb. 20, 2026, revision 1, rule pack 2, recorded" in text
    )
    assert PERMALINK.replace("&", "&amp;") in text


def test_pinned_citation_never_changes(client: FlaskClient) -> None:
    assert "immutable" in client.get(f"/states/virginia/citation.bib?{PIN}").headers["Cache-Control"]


def test_special_characters_are_escaped_for_bibtex() -> None:
    bibtex = Reference("k", "A & B_C 5% #1", "https://x.example", date(2026, 2, 4), "n").bibtex
    assert r"A \& B\_C 5\% \#1" in bibtex

"""Test that a reporter finds the answers to the eight questions of the README by clicking, from the front page only.

Each answer's citation is copied. The number of clicks, choices and fields filled in is bounded.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

# The server's answers are tested on both databases elsewhere.
pytestmark = pytest.mark.databases("sqlite")


@dataclass
class Reporter:
    """A reader who knows nothing but the front page, and counts what it takes."""

    page: Page
    steps: int = 0

    def click(self, name: str, role: Any = "link", within: str = "body") -> None:
        """Click what has exactly this name."""
        self.page.locator(within).get_by_role(role, name=name, exact=True).first.click()
        self.steps += 1

    def choose(self, label: str, option: str) -> None:
        """Choose an option of a list."""
        self.page.locator("main").get_by_label(label, exact=True).select_option(label=option)
        self.steps += 1

    def fill(self, label: str, text: str) -> None:
        """Fill in a field."""
        self.page.locator("main").get_by_label(label, exact=True).fill(text)
        self.steps += 1

    def copy_citation(self) -> str:
        """Copy the citation of the page and return what was copied."""
        self.click("Copy citation", "button")
        expect(self.page.get_by_role("button", name="Copied").first).to_be_visible()
        return str(self.page.evaluate("navigator.clipboard.readText()"))

    def main_text(self) -> str:
        """Return the words of the page."""
        return " ".join(self.page.locator("main").inner_text().split())


@pytest.fixture
def reporter(browser: Browser, site_url: str) -> Iterator[Reporter]:
    """A reporter on the front page."""
    context = browser.new_context(
        base_url=site_url, permissions=["clipboard-read", "clipboard-write"], viewport={"width": 1440, "height": 900}
    )
    page = context.new_page()
    page.goto("/")
    yield Reporter(page)
    context.close()


def assert_cites(citation: str, *parts: str) -> None:
    """Check that a copied citation names the page and pins its answer."""
    assert citation.startswith("Legal Landscape, “")
    for part in (*parts, "as_of=", "revision=1", "rules="):
        assert part in citation


def test_states_that_bar_agreements_and_since_when(reporter: Reporter) -> None:
    reporter.click("Measures", within="header")
    reporter.click("Bans, and since when")
    expect(reporter.page.locator("[data-measure]")).to_have_count(8)
    assert "California" in reporter.main_text()
    assert "The sources do not say" in reporter.main_text()
    assert_cites(reporter.copy_citation(), "kind=ban")
    assert reporter.steps <= 3


def test_what_changed_in_virginia_this_year(reporter: Reporter) -> None:
    reporter.click("Virginia", within="#table")
    reporter.click("What changed this year")
    assert "Governor Spanberger's directive to state agencies" in reporter.main_text()
    assert_cites(reporter.copy_citation(), "What changed in Virginia from Jan. 1, 2026", "jurisdiction=VA")
    assert reporter.steps <= 3


def test_texas_by_model_in_september_2025(reporter: Reporter) -> None:
    reporter.fill("Answer for the day", "2025-09-17")
    reporter.click("Show", "button")
    reporter.click("Texas", within="#table")
    rows = reporter.page.locator("#agreements [data-model]").evaluate_all(
        "rows => rows.map(row => row.innerText.replace(/\\s+/g, ' ').trim())"
    )
    assert rows == ["Jail enforcement 37 37", "Task force 39 39", "Warrant service officer 96 96"]
    assert_cites(reporter.copy_citation(), "Texas", "as_of=2025-09-17")
    assert reporter.steps <= 4


def test_whether_1001_holds(reporter: Reporter) -> None:
    reporter.click("Figures", within="header")
    reporter.fill("Does this number hold?", "1,001")
    reporter.click("Show figures", "button")
    expect(reporter.page.locator("[data-figure]")).to_have_count(2)
    assert "The figure is off by 1 for agreements, not for agencies." in reporter.main_text()
    reporter.click("Nonfederal police agencies that take part, according to DHS")
    assert_cites(reporter.copy_citation(), "us-participation-1001-agencies")
    assert reporter.steps <= 5


def test_citation_of_maryland(reporter: Reporter) -> None:
    reporter.click("Maryland", within="#table")
    assert_cites(reporter.copy_citation(), "Maryland")
    assert reporter.steps <= 2


def test_sheriffs_in_pennsylvania_that_signed_in_2026(reporter: Reporter) -> None:
    reporter.click("Agreements", within="header")
    reporter.choose("State", "Pennsylvania")
    reporter.fill("Words in the agency’s name", "sheriff")
    reporter.fill("Signed from", "2026-01-01")
    reporter.fill("Signed to", "2026-12-31")
    reporter.click("Show agreements", "button")
    # A fresh install has counts only, and the page says what that means.
    assert "is on file here with its rows" in reporter.main_text()
    assert "That is not a finding that there were no agreements." in reporter.main_text()
    assert_cites(reporter.copy_citation(), "jurisdiction=PA", "q=sheriff", "signed_after=2026-01-01", "signed_before=2026-12-31")
    assert reporter.steps <= 7


def test_all_pending_bills(reporter: Reporter) -> None:
    reporter.click("Measures", within="header")
    reporter.click("Pending bills")
    expect(reporter.page.locator("[data-measure]")).to_have_count(4)
    assert_cites(reporter.copy_citation(), "kind=pending_bill")
    assert reporter.steps <= 3


def test_three_states_compared_as_a_table(reporter: Reporter) -> None:
    reporter.click("Compare", within="header")
    for label, state in (("First state", "Virginia"), ("Second state", "Maryland"), ("Third state", "Massachusetts")):
        reporter.choose(label, state)
    reporter.click("Compare", "button")
    expect(reporter.page.locator("table.compare [data-code]")).to_have_count(3)
    with reporter.page.expect_download() as download:
        reporter.click("Download CSV (3 rows)")
    assert download.value.suggested_filename.endswith(".csv")
    assert_cites(reporter.copy_citation(), "Virginia, Maryland, Massachusetts compared", "jurisdictions=VA%2CMD%2CMA")
    assert reporter.steps <= 7


def test_every_question_of_the_front_page_has_an_answer(reporter: Reporter) -> None:
    links = reporter.page.locator("#questions a")
    addresses = links.evaluate_all("links => links.map(link => link.getAttribute('href'))")
    assert len(addresses) == 9
    for address in addresses:
        response = reporter.page.goto(address)
        assert response is not None
        assert response.status == 200
        expect(reporter.page.locator("h1")).to_be_visible()


def test_state_is_added_to_and_removed_from_a_comparison(reporter: Reporter) -> None:
    reporter.page.goto("/compare?jurisdictions=VA,MD")
    reporter.choose("Add a state", "Florida")
    reporter.click("Add", "button")
    expect(reporter.page.locator("h1")).to_have_text("Virginia, Maryland and Florida compared")
    reporter.click("Remove Maryland")
    expect(reporter.page.locator("h1")).to_have_text("Virginia and Florida compared")

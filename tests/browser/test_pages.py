"""Test every page in a real browser: widths, zoom, accessibility, dark mode, and nothing loaded from elsewhere."""

import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.browser.conftest import Watch

# The server's answers are tested on both databases elsewhere.
pytestmark = pytest.mark.databases("sqlite")

PHONE, DESKTOP, ZOOMED = (390, 844), (1440, 900), (720, 450)
"""Widths and heights; a desktop at 200 percent has half as many CSS pixels."""
PAGES = (
    *("/", "/states/virginia", "/states/florida", "/states/vermont", "/states/united-states", "/states/maryland?as_of=2026-02-20"),
    *("/states/virginia?as_of=2021-06-01", "/documents", "/documents/agreements-retelling-2026", "/measures/va-directive-2026-02-04"),
    *("/figures", "/figures/us-participation-1001-agencies", "/compare", "/compare?jurisdictions=VA,MD,MA,CO,FL", "/search?q=county+jails"),
    *("/measures", "/measures?kind=ban&stands=yes,possible", "/agreements", "/agreements?jurisdiction=TX&as_of=2025-09-17"),
    *("/figures?value=1001", "/diff?jurisdiction=VA", "/compare?jurisdictions=VA"),
    *("/check", "/check?sentence=Maryland+has+banned+287(g)+agreements.&as_of=2026-02-20"),
    *("/changes", "/methods", "/glossary", "/use", "/embed/map", "/embed/jurisdictions/VA", "/states/nowhere"),
)
AXE_OPTIONS = {"rules": {"color-contrast-enhanced": {"enabled": True}}, "resultTypes": ["violations"]}
"""Beside the default rules: a contrast of at least 7 to 1."""


def overflow(page: Page) -> int:
    """Return by how many pixels a page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


@pytest.mark.parametrize("path", PAGES)
def test_page_works_at_every_width_and_is_accessible(browser: Browser, site_url: str, path: str) -> None:
    context = browser.new_context(viewport={"width": PHONE[0], "height": PHONE[1]}, base_url=site_url)
    page, watch = context.new_page(), Watch()
    watch.follow(page, site_url)
    page.goto(path)
    assert page.locator("h1").count() == 1
    widths = {}
    for size in (PHONE, ZOOMED, DESKTOP):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        widths[size[0]] = overflow(page)
    glued_sentences = re.findall(r"\w*[a-z]{2}[.:;?!][A-Z]\w+", page.locator("main").inner_text())
    violations = Axe().run(page, options=AXE_OPTIONS).response["violations"]
    context.close()
    assert widths == dict.fromkeys((PHONE[0], ZOOMED[0], DESKTOP[0]), 0)
    assert [(item["id"], [node["html"][:200] for node in item["nodes"]]) for item in violations] == []
    assert glued_sentences == []
    missing_page = ["Failed to load resource: the server responded with a status of 404 (NOT FOUND)"] if path == "/states/nowhere" else []
    assert (watch.messages, watch.other_hosts, watch.failures) == (missing_page, [], [])


@pytest.mark.parametrize(
    "path", ["/", "/states/virginia", "/compare?jurisdictions=VA,MD", "/figures", "/measures", "/agreements", "/diff?jurisdiction=VA"]
)
def test_dark_mode_has_enough_contrast(open_page: Any, path: str) -> None:
    page = open_page(path, color_scheme="dark")
    violations = Axe().run(page, options=AXE_OPTIONS).response["violations"]
    assert [(item["id"], [node["html"][:200] for node in item["nodes"]]) for item in violations] == []
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(23, 22, 20)"

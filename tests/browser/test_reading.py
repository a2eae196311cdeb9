"""Test in a real browser how people use the pages: by keyboard, without script, on paper, and in frames of other sites."""

from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Watch

# The server's answers are tested on both databases elsewhere.
pytestmark = pytest.mark.databases("sqlite")


def test_first_tab_stop_skips_to_the_content(open_page: Any) -> None:
    page = open_page("/states/virginia")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    expect(page.locator(".skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_map_is_walked_by_keyboard_in_alphabetical_order(open_page: Any) -> None:
    page = open_page("/")
    page.locator(".map a").first.focus()
    names = []
    for _ in range(56):
        names.append(page.evaluate("document.activeElement.getAttribute('aria-label')").partition(":")[0])
        page.keyboard.press("Tab")
    assert names == sorted(names)
    assert len(set(names)) == 56


def test_state_on_the_map_opens_its_page(open_page: Any) -> None:
    page = open_page("/?as_of=2026-02-20")
    page.locator(".map a[aria-label^='Virginia:']").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/states/virginia?as_of=2026-02-20")
    expect(page.locator("h1")).to_have_text("Virginia")


def test_source_opens_in_place_by_keyboard(open_page: Any) -> None:
    page = open_page("/states/virginia")
    source = page.locator("details.source").first
    source.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(source.locator("p").first).to_be_visible()
    expect(source).to_contain_text("paragraph 21")


def test_term_is_explained_in_place_and_closes_again(open_page: Any) -> None:
    page = open_page("/states/virginia")
    page.locator("button.term").first.focus()
    meaning = page.locator("#term-posture")
    expect(meaning).to_be_hidden()
    page.keyboard.press("Enter")
    expect(meaning).to_be_visible()
    page.keyboard.press("Escape")
    expect(meaning).to_be_hidden()


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/states/virginia",
        "/measures",
        "/agreements",
        "/figures",
        "/diff?jurisdiction=VA",
        "/compare?jurisdictions=VA,MD",
        "/embed/map",
        "/use",
    ],
)
def test_page_says_the_same_without_script(open_page: Any, path: str) -> None:
    texts = [open_page(path, java_script_enabled=enabled).locator("main").inner_text() for enabled in (True, False)]
    with_script, without_script = (" ".join(text.split()) for text in texts)
    added_words = set(with_script.split()) - set(without_script.split())
    assert added_words <= {"Copy", "citation", "embed", "code", "address", "Or", "the", "day", "of", "a", "roster"}
    assert set(without_script.split()) <= set(with_script.split())


def test_day_is_moved_without_script(open_page: Any) -> None:
    page = open_page("/states/maryland", java_script_enabled=False)
    page.locator("#as_of").fill("2026-02-20")
    page.locator("form.day button").click()
    page.wait_for_url("**/states/maryland?as_of=2026-02-20")
    expect(page.locator(".banner")).to_contain_text("This page answers for Feb. 20, 2026, not for today.")


def test_search_is_reached_from_every_page(open_page: Any) -> None:
    page = open_page("/methods", java_script_enabled=False)
    page.locator("#q").fill("virgina")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=virgina")
    expect(page.locator(".place a").first).to_have_text("Virginia")


def test_slider_moves_the_day_over_the_rosters(open_page: Any) -> None:
    page = open_page("/")
    page.locator("#month").focus()
    page.keyboard.press("Home")
    page.wait_for_url("**/?as_of=2021-01-31")
    expect(page.locator(".banner")).to_contain_text("Jan. 31, 2021")


def test_citation_is_copied(browser: Browser, site_url: str) -> None:
    context = browser.new_context(base_url=site_url, permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto("/states/virginia")
    page.locator("button.copy").first.click()
    expect(page.locator("button.copy").first).to_have_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    context.close()
    assert copied.startswith("Legal Landscape, “Virginia")
    assert "as_of=" in copied
    assert "revision=1" in copied


def test_print_shows_sources_and_hides_controls(open_page: Any) -> None:
    page = open_page("/states/virginia")
    page.emulate_media(media="print")
    assert page.locator("details.source p").first.evaluate("element => element.getBoundingClientRect().height") > 0
    expect(page.locator("header.site nav")).to_be_hidden()
    expect(page.locator("form.day")).to_be_hidden()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.pdf()[:5] == b"%PDF-"


def test_stylesheet_is_obeyed_under_the_policy(open_page: Any) -> None:
    page = open_page("/")
    fill = page.locator(".map path.fill-barred").first.evaluate("element => getComputedStyle(element).fill")
    assert fill == "rgb(1, 102, 94)"


@pytest.mark.parametrize("path", ["/embed/map", "/embed/jurisdictions/NM"])
def test_embed_works_in_a_frame_of_another_site(browser: Browser, site_url: str, path: str) -> None:
    page, watch = browser.new_page(viewport={"width": 640, "height": 800}), Watch()
    # Another origin, yet one that the browser lets reach this machine.
    page.goto(f"{site_url.replace('127.0.0.1', 'localhost')}/robots.txt")
    watch.follow(page, site_url)
    page.set_content(f'<iframe src="{site_url}{path}" title="Embed" width="360" height="600"></iframe>')
    frame = page.frame_locator("iframe")
    expect(frame.locator("h1")).to_be_visible()
    expect(frame.locator("main")).to_contain_text("Legal Landscape, as of")
    page.close()
    assert (watch.messages, watch.other_hosts) == ([], [])

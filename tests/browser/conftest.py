"""Fixtures of the browser tests: a running server, and Debian's Chromium, driven by playwright.

Without Chromium these tests are skipped, and the summary says so. ``.ci/run`` installs it.
"""

import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Request, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from legal.db.engine import Database
from tests.api.factories import database_url
from tests.conftest import make_app

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


class SilentHandler(WSGIRequestHandler):
    """A handler that does not report each request."""

    def log_request(self, *_: object) -> None:
        """Report nothing."""


@pytest.fixture(scope="session")
def site_url(shipped_db: Database) -> Iterator[str]:
    """The address of a server over the record as it ships, with a response cache."""
    app = make_app(database_url(shipped_db), cache_bytes=32 * 1024 * 1024)
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=SilentHandler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
    app.extensions["database"].dispose()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, as the system has it. Playwright keeps an event loop in this thread, which other modules need for their own."""
    path = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if path is None:
        pytest.skip("the pages in a browser: Chromium is not there (apt-get install chromium)")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser: Browser, site_url: str) -> Iterator[Any]:
    """A function that opens a page of the site in a window of its own."""
    contexts = []

    def open_path(path: str, size: tuple[int, int] = (1440, 900), **options: Any) -> Page:
        context = browser.new_context(viewport={"width": size[0], "height": size[1]}, base_url=site_url, **options)
        contexts.append(context)
        page = context.new_page()
        page.goto(path)
        return page

    yield open_path
    for context in contexts:
        context.close()


@dataclass
class Watch:
    """The faults while a page was shown: messages of the console, and requests to other hosts or without success."""

    messages: list[str] = field(default_factory=list)
    other_hosts: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def follow(self, page: Page, site_url: str) -> None:
        """Record what happens on a page."""

        def check_host(request: Request) -> None:
            if not request.url.startswith((f"{site_url}/", "data:")):
                self.other_hosts.append(request.url)

        page.on("request", check_host)
        page.on("requestfailed", lambda request: self.failures.append(request.url))
        page.on("console", lambda message: self.messages.append(message.text))
        page.on("pageerror", lambda error: self.messages.append(str(error)))

"""Ask the service for every address that leads from its front page and its description, all at one revision."""

import html
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import orjson
from werkzeug.test import TestResponse

from legal.cli.mirror.addresses import file_address, is_answerable
from legal.errors import NotReady

Fetch = Callable[[str], TestResponse]

_START = (
    "/",
    "/v1",
    "/docs",
    "/favicon.ico",
    "/robots.txt",
    "/sitemap.xml",
    "/llms.txt",
    "/openapi.json",
    "/feeds/changes.atom",
    "/feeds/changes.json",
)
_JSON_ADDRESS = re.compile(r"/[\w/.%~-]*(\?[\w=&,.%+~-]*)?", re.ASCII)
HTML_LINK = re.compile(r'(?P<before>\b(?P<attribute>href|src|action)=")(?P<address>[^"]*)(?P<after>")')
_KEPT_HEADERS = (
    "Content-Type",
    "Cache-Control",
    "Content-Security-Policy",
    "Referrer-Policy",
    "X-Content-Type-Options",
    "Access-Control-Allow-Origin",
)


@dataclass(frozen=True, slots=True)
class MirroredAnswer:
    """An answer of the service: the address of its file, its headers and its bytes."""

    file: str
    headers: dict[str, str]
    body: bytes

    @property
    def media_type(self) -> str:
        """Return the media type without parameters."""
        return self.headers["Content-Type"].partition(";")[0]


@dataclass(frozen=True, slots=True)
class Crawl:
    """All answers by address, and the revision that they are of. An address that redirects has the answer of its target."""

    answers: dict[str, MirroredAnswer]
    revision: str


def crawl_service(fetch: Fetch, base: str) -> Crawl:
    """Return every answer that can be reached. ``base`` is the public address that absolute links start with.

    Raises:
        NotReady: an answer cannot be had now, an address to start from has none, or a revision was published meanwhile.
    """
    answers: dict[str, MirroredAnswer] = {}
    revisions: set[str] = set()
    pages = dict.fromkeys((*_START, *_described_addresses(fetch)), 1)
    waiting = list(pages)
    while waiting:
        address = waiting.pop()
        response = fetch(re.sub(r"&limit=[0-9]+", "", address))  # a file has every row
        if response.status_code in (302, 308):
            target = to_address(response.headers["Location"], base) or ""
            response = fetch(target)
        is_ok = response.status_code == 200  # noqa: PLR2004 - a status
        if response.status_code >= 500 or (not is_ok and address in _START):  # noqa: PLR2004 - a status
            raise NotReady(f"{address} answers with status {response.status_code}.")
        if not is_ok:  # a text that only looks like an address
            continue
        headers = {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers}
        body = response.get_data()
        media_type = headers["Content-Type"].partition(";")[0]
        answer = answers[address] = MirroredAnswer(file_address(address, media_type, pages[address]), headers, body)
        revisions |= {response.headers["Data-Revision"]} if "Data-Revision" in response.headers else set()
        for link in find_links(answer, base):
            has_cursor = "cursor" in dict(parse_qsl(urlsplit(link).query))
            # Filters of filtered pages would be endless; the pages of a list are not.
            is_followed = "?" not in link or "?" not in address or has_cursor
            if link not in pages and is_answerable(link) and is_followed:
                pages[link] = pages[address] + 1 if has_cursor else 1
                waiting.append(link)
    if len(revisions) != 1:
        raise NotReady("A revision was published meanwhile.")
    return Crawl(answers, revisions.pop())


def _described_addresses(fetch: Fetch) -> Iterator[str]:
    """Yield the addresses of the API's description that need no parameter, and the CSV of those that have one."""
    for path, item in fetch("/openapi.json").get_json()["paths"].items():
        parameters = [*item.get("parameters", ()), *item.get("get", {}).get("parameters", ())]
        if "get" not in item or "{" in path or any(parameter.get("required") for parameter in parameters) or not is_answerable(path):
            continue
        yield path
        if any(parameter.get("name") == "bom" for parameter in parameters):
            yield f"{path}?format=csv"


def find_links(answer: MirroredAnswer, base: str) -> Iterator[str]:
    """Yield the addresses of this service that an answer has links to."""
    if answer.media_type == "text/html":
        links: Iterable[str] = (
            html.unescape(link["address"]) for link in HTML_LINK.finditer(answer.body.decode()) if link["attribute"] != "action"
        )
    elif "json" in answer.media_type:
        links = (text for text in _iterate_strings(orjson.loads(answer.body)) if is_json_address(text, base))
    else:
        return
    for link in links:
        address = to_address(link, base)
        if address is not None:
            yield address


def _iterate_strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _iterate_strings(item)


def is_json_address(text: str, base: str) -> bool:
    """Return whether a string in JSON is an address of this service, and not a text that has one."""
    return _JSON_ADDRESS.fullmatch(text.removeprefix(base)) is not None


def to_address(link: str, base: str) -> str | None:
    """Return a link as an address below ``base``, without its fragment; null if it leads elsewhere."""
    address = link.removeprefix(base).partition("#")[0] if link.startswith((f"{base}/", f"{base}?")) else link.partition("#")[0]
    return address if address.startswith("/") and not address.startswith("//") else None

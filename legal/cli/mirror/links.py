"""Rewrite the links of mirrored answers, so that each leads to a file, to the running service, or to a page that explains."""

import html
import re
from typing import Any

import orjson

from legal.cli.mirror.crawl import HTML_LINK, Crawl, MirroredAnswer, is_json_address, to_address

UNMIRRORED_PATH = "/not-in-this-mirror/"
"""The page to which links lead that no file can answer, if no running service is named."""


class LinkRewriter:
    """Rewrites links. ``base`` is the public address of the mirror, ``service`` that of a running service, or empty."""

    def __init__(self, crawl: Crawl, base: str, service: str) -> None:
        self.files = {address: answer.file for address, answer in crawl.answers.items()}
        self.base = base
        self.service = service
        self._pinned = re.compile(re.escape(base) + r"(/[^\s\"'<>?]*\?[^\s\"'<>]*epoch=[0-9a-f]{10})")

    def rewrite(self, answer: MirroredAnswer) -> bytes:
        """Return the bytes of an answer with its links rewritten. Pictures, exports and the like are returned as they are."""
        if answer.media_type == "text/html":
            text = HTML_LINK.sub(self._rewrite_attribute, answer.body.decode())
            return self._rewrite_citations(text).encode()
        if "json" in answer.media_type and "csl" not in answer.media_type:
            body = orjson.loads(answer.body)
            rewritten = self._rewrite_json(body)
            return answer.body if rewritten == body else self._rewrite_citations(orjson.dumps(rewritten).decode()).encode()
        if answer.media_type.startswith("text/") or answer.media_type.endswith(("xml", "json", "bibtex", "systems")):
            return self._rewrite_citations(self._rewrite_xml(answer)).encode()
        return answer.body

    def _rewrite_attribute(self, match: re.Match[str]) -> str:
        link = html.unescape(match["address"])
        is_form = match["attribute"] == "action"  # a form asks what no file can answer
        target = self._outside(link) if is_form else self.target_of(link)
        return f"{match['before']}{html.escape(target)}{match['after']}"

    def _rewrite_json(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.target_of(value) if is_json_address(value, self.base) else value
        if isinstance(value, dict):
            return {key: self._rewrite_json(item) for key, item in value.items()}
        return [self._rewrite_json(item) for item in value] if isinstance(value, list) else value

    def _rewrite_xml(self, answer: MirroredAnswer) -> str:
        text = answer.body.decode()
        return HTML_LINK.sub(self._rewrite_attribute, text) if answer.media_type.endswith("xml") else text

    def _rewrite_citations(self, text: str) -> str:
        """Return a text whose pinned addresses lead to the running service. No file answers for another day."""
        return self._pinned.sub(rf"{self.service}\1", text) if self.service else text

    def target_of(self, link: str) -> str:
        """Return what a link leads to in the mirror. One that leads elsewhere, or is no address of the service, stays."""
        address = to_address(link, self.base)
        if address is None:
            return link
        _, hash_sign, fragment = link.partition("#")
        prefix = self.base if self.base and link.startswith(self.base) else ""
        if address in self.files:
            return f"{prefix}{self.files[address]}{hash_sign}{fragment}"
        if "?" not in address:
            return link  # a text that only looks like an address, or one that only a program asks for
        return self._outside(f"{address}{hash_sign}{fragment}")

    def _outside(self, address: str) -> str:
        """Return the target for an address that no file answers."""
        return f"{self.service}{address}" if self.service else UNMIRRORED_PATH

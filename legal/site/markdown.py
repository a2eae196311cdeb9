"""Render our own Markdown as HTML: the rules that the repository ships, and lines of the glossary."""

import re
from functools import cache
from itertools import count
from typing import Any

import mistune
from markupsafe import Markup

from legal.settings import ROOT
from legal.site.glossary import word_slug

_RULES = ROOT / "docs" / "rules.md"


class _PageRenderer(mistune.HTMLRenderer):
    """A renderer of our own Markdown for a page: headings with ids, links to pages instead of files."""

    def heading(self, text: str, level: int, **attributes: Any) -> str:
        """Return a heading whose id is its text, as on the repository's own site."""
        return f'<h{level} id="{word_slug(text)}">{text}</h{level}>\n'

    def link(self, text: str, url: str, title: str | None = None) -> str:
        """Return a link; one to another file of the documentation leads to its page."""
        return super().link(text, re.sub(r"^(\w+)\.md", r"/\1", url), title)


_render_page_markdown = mistune.create_markdown(renderer=_PageRenderer(escape=True), plugins=["table"])
_render_line = mistune.create_markdown(escape=True)


@cache
def rules_html() -> Markup:
    """Return the rules as HTML, without their title, which the page has as its own."""
    text = _RULES.read_text(encoding="utf-8").partition("\n")[2]
    parts = str(_render_page_markdown(text)).replace("</table>", "</table></div>").split("<table>")
    tables = (f'<div class="scroll" tabindex="0" role="region" aria-label="Table {number}"><table>' for number in count(1))
    html = parts[0] + "".join(opening + part for opening, part in zip(tables, parts[1:], strict=False))
    return Markup(html)  # noqa: S704 - the text is ours, and HTML in it is escaped


def render_inline_markdown(text: str) -> Markup:
    """Return one line of Markdown as HTML without the paragraph around it."""
    return Markup(str(_render_line(text)).strip().removeprefix("<p>").removesuffix("</p>"))  # noqa: S704 - as above

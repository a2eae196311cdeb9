"""Read the glossary and the rules that the repository ships, for the pages that show and explain them."""

import re
from dataclasses import dataclass
from functools import cache
from itertools import count
from typing import Any

import mistune
from markupsafe import Markup

from legal.settings import ROOT

_RULES = ROOT / "docs" / "rules.md"
_GLOSSARY = ROOT / "docs" / "glossary.md"
_ROW = re.compile(r"^\| (?P<word>[^|]+) \| (?P<meaning>[^|]+) \|$")


@dataclass(frozen=True, slots=True)
class GlossaryEntry:
    """A word with its meaning, as Markdown, and the fragment of its address."""

    word: str
    meaning: str
    slug: str


@cache
def load_glossary() -> dict[str, list[GlossaryEntry]]:
    """Return the entries of the glossary by section, in the order of the file."""
    sections: dict[str, list[GlossaryEntry]] = {}
    section = ""
    for line in _GLOSSARY.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            section = line.removeprefix("## ")
        elif (match := _ROW.match(line)) and match["word"] not in ("word", "---"):
            word = match["word"].strip("` ")
            sections.setdefault(section, []).append(GlossaryEntry(word, match["meaning"].strip(), word_slug(word)))
    return sections


@cache
def entries_by_word() -> dict[str, GlossaryEntry]:
    """Return the entries of the glossary by word."""
    return {entry.word: entry for entries in load_glossary().values() for entry in entries}


def word_slug(word: str) -> str:
    """Return a word as the fragment of an address."""
    return re.sub(r"[^a-z0-9]+", "-", word.lower()).strip("-")


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

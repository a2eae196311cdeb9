"""Read the glossary that the repository ships, for the pages that show and explain it."""

import re
from dataclasses import dataclass
from functools import cache

from legal.settings import ROOT

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

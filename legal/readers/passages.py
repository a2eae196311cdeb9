"""Find a passage in a document's text by its words, so that an editor can cite it without counting characters."""

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from legal.readers.texts import DocumentText

_APOSTROPHE, _HYPHEN = "'", "-"
_QUOTES = "'\"`´‘’‚‛“”„‟‹›«»′″＇＂"
_DASHES = "-‐‑‒–—―−﹘﹣－"
_SAME_LENGTH = str.maketrans({**dict.fromkeys(_QUOTES, _APOSTROPHE), **dict.fromkeys(_DASHES, _HYPHEN), "\t": " ", "\r": " "})
_MIN_SIMILARITY = 60  # of 100


@dataclass(frozen=True, slots=True)
class Passage:
    """A span of a text: its paragraph (from 1), the code-point offsets of its start and end, and the SHA-256 of its UTF-8 bytes."""

    paragraph: int
    start: int
    end: int
    sha256: str


def find_passages(text: DocumentText, words: str) -> list[Passage]:
    """Return every span of the text that matches ``words``, in order.

    Any quote matches any other quote; the same holds for dashes and for spaces. If nothing matches, the search is
    repeated without quotes and dashes, because some texts have lost them. Case matters. A span never crosses a line
    break.
    """
    for ignored_characters in ("", _APOSTROPHE + _HYPHEN):
        if spans := list(_find_matches(text.content, words, ignored_characters)):
            return [_build_passage(text, start, end) for start, end in spans]
    return []


def closest_paragraph(text: DocumentText, words: str) -> int | None:
    """Return the number of the paragraph that is most similar to ``words``; null if none is similar enough."""
    paragraphs = [line for line in text.content.split("\n") if line.strip()]
    best = process.extractOne(words, paragraphs, scorer=fuzz.partial_ratio, score_cutoff=_MIN_SIMILARITY)
    return best[2] + 1 if best else None


def _find_matches(content: str, words: str, ignored_characters: str) -> Iterator[tuple[int, int]]:
    """Yield the start and end offsets of each match, overlapping ones included."""
    haystack, offsets = _normalize_with_offsets(content, lambda character: character in ignored_characters)
    needle = _normalize_with_offsets(words.strip(), lambda character: character in ignored_characters)[0].strip()
    if not needle:
        return
    pattern = r" +".join(map(re.escape, needle.split()))
    for match in re.finditer(f"(?=({pattern}))", haystack):
        yield offsets[match.start(1)], offsets[match.end(1) - 1] + 1


def _normalize_with_offsets(content: str, is_ignored: Callable[[str], bool]) -> tuple[str, list[int]]:
    """Return the text with a single kind of quote, dash and space, and the original offset of each character."""
    pairs = [(" " if _is_blank(character) else character, offset) for offset, character in enumerate(content.translate(_SAME_LENGTH))]
    remaining = [(character, offset) for character, offset in pairs if not is_ignored(character)]
    return "".join(character for character, _ in remaining), [offset for _, offset in remaining]


def _is_blank(character: str) -> bool:
    return character.isspace() and character != "\n"


def _build_passage(text: DocumentText, start: int, end: int) -> Passage:
    digest = hashlib.sha256(text.content[start:end].encode("utf-8")).hexdigest()
    return Passage(text.paragraph_at(start), start, end, digest)

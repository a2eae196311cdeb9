"""Read the texts of documents, and check citation spans against them."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class DocumentText:
    """The text of a document: its file decoded as UTF-8, with line endings unchanged. ``sha256`` is the hash of the file's bytes."""

    sha256: str
    content: str

    def paragraph_at(self, offset: int) -> int:
        """Return the number, from 1, of the paragraph (non-blank line) that contains the code point at ``offset``."""
        return sum(1 for line in self.content[: offset + 1].split("\n") if line.strip())

    def count_paragraphs(self) -> int:
        """Return the number of paragraphs (non-blank lines)."""
        return sum(1 for line in self.content.split("\n") if line.strip())


def read_text(path: Path) -> DocumentText:
    """Read the text of a file.

    Raises:
        OSError: the file cannot be read.
        UnicodeDecodeError: the file is not UTF-8.
    """
    raw = path.read_bytes()
    return DocumentText(hashlib.sha256(raw).hexdigest(), raw.decode("utf-8"))


def span_faults(text: DocumentText, span: Mapping[str, int | str]) -> Iterator[str]:
    """Yield what is wrong with a citation's ``paragraph``, ``start``, ``end`` and ``sha256``; nothing if the span is valid."""
    start, end = int(span["start"]), int(span["end"])
    if end > len(text.content):
        yield f"it ends at {end}, but the text has {len(text.content)} characters"
        return
    passage = text.content[start:end]
    if hashlib.sha256(passage.encode("utf-8")).hexdigest() != span["sha256"]:
        yield "the text between its offsets does not match its hash"
    if "\n" in passage.strip():
        yield "it spans more than one paragraph"
    elif not passage.strip():
        yield "it contains only blanks"
    elif (paragraph := text.paragraph_at(start + len(passage) - len(passage.lstrip()))) != span["paragraph"]:
        yield f"it is in paragraph {paragraph}, not {span['paragraph']}"

"""Read the texts that citations point into, and check each span against them."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Text:
    """A document's text as stored: its file's bytes in UTF-8, line ends untouched."""

    sha256: str
    content: str

    def paragraph_at(self, offset: int) -> int:
        """The number of the non-blank line that the code point at ``offset`` stands in, from 1."""
        return sum(1 for line in self.content[: offset + 1].split("\n") if line.strip())

    def paragraphs(self) -> int:
        """How many non-blank lines there are."""
        return sum(1 for line in self.content.split("\n") if line.strip())


def read(path: Path) -> Text:
    """The text of a file.

    Raises:
        OSError: the file cannot be read.
        UnicodeDecodeError: it is not UTF-8.
    """
    raw = path.read_bytes()
    return Text(hashlib.sha256(raw).hexdigest(), raw.decode("utf-8"))


def span_faults(text: Text, span: Mapping[str, int | str]) -> Iterator[str]:
    """What is off about one citation's ``paragraph``, ``start``, ``end`` and ``sha256``; nothing where it holds."""
    start, end = int(span["start"]), int(span["end"])
    if end > len(text.content):
        yield f"it ends at {end}, beyond the text's {len(text.content)} characters"
        return
    passage = text.content[start:end]
    if hashlib.sha256(passage.encode("utf-8")).hexdigest() != span["sha256"]:
        yield "the text between its offsets does not have its hash"
    if "\n" in passage.strip():
        yield "it runs over more than one paragraph"
    elif not passage.strip():
        yield "it points at blank text"
    elif (paragraph := text.paragraph_at(start + len(passage) - len(passage.lstrip()))) != span["paragraph"]:
        yield f"it stands in paragraph {paragraph}, not {span['paragraph']}"

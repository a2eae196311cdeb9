"""Small folders of seed files and texts with spans."""

import hashlib
from pathlib import Path

from legal.readers.texts import Text


def folder(path: Path, **places: str | bytes) -> Path:
    """A folder with origins, one document and the given places."""
    for below in ("documents", "jurisdictions"):
        (path / below).mkdir(parents=True)
    (path / "origins.yaml").write_text("origins: []")
    (path / "documents" / "one.yaml").write_text("document: {}")
    for code, content in places.items():
        raw = content if isinstance(content, bytes) else content.encode()
        (path / "jurisdictions" / f"{code}.yaml").write_bytes(raw)
    return path


def text(content: str) -> Text:
    """A text as it would be read from a file."""
    return Text(digest(content), content)


def digest(content: str) -> str:
    """SHA-256 of a text in UTF-8."""
    return hashlib.sha256(content.encode()).hexdigest()


def span(content: str, passage: str, paragraph: int, **more: int | str) -> dict[str, int | str]:
    """A pointer to a passage of a text."""
    start = content.index(passage)
    return {"paragraph": paragraph, "start": start, "end": start + len(passage), "sha256": digest(passage)} | more

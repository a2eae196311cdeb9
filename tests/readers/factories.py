"""Build small folders of seed files, and texts with spans."""

import hashlib
from pathlib import Path

from legal.readers.texts import DocumentText


def write_seed_folder(path: Path, **jurisdictions: str | bytes) -> Path:
    """Write a folder with origins, one document, and the content of jurisdiction files by code."""
    for subfolder in ("documents", "jurisdictions"):
        (path / subfolder).mkdir(parents=True)
    (path / "origins.yaml").write_text("origins: []")
    (path / "documents" / "one.yaml").write_text("document: {}")
    for code, content in jurisdictions.items():
        raw = content if isinstance(content, bytes) else content.encode()
        (path / "jurisdictions" / f"{code}.yaml").write_bytes(raw)
    return path


def document_text(content: str) -> DocumentText:
    """Return a text as if read from a file."""
    return DocumentText(sha256_hex(content), content)


def sha256_hex(content: str) -> str:
    """Return the SHA-256 of a text in UTF-8."""
    return hashlib.sha256(content.encode()).hexdigest()


def citation_span(content: str, passage: str, paragraph: int, **changes: int | str) -> dict[str, int | str]:
    """Return a citation span for the first occurrence of a passage."""
    start = content.index(passage)
    return {"paragraph": paragraph, "start": start, "end": start + len(passage), "sha256": sha256_hex(passage)} | changes

"""Folders of seed files and of the texts that they cite."""

import json
from pathlib import Path
from typing import Any

from tests.services.factories import PAPER_TEXT, seed_files


def write_seed_folder(folder: Path, *jurisdictions: Any, **documents_and_origins: Any) -> Path:
    """Write small seed files as JSON, which is also YAML, and return the folder."""
    for name, _, content in seed_files(*jurisdictions, **documents_and_origins):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content), encoding="utf-8")
    return folder


def write_text_folder(folder: Path, text: str = PAPER_TEXT) -> Path:
    """Write the text of the document and return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "paper.txt").write_bytes(text.encode())
    return folder

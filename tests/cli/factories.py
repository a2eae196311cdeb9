"""Folders of seed files, and of the texts that they cite."""

import json
from pathlib import Path
from typing import Any

from tests.services.factories import TEXT, raw


def seed_folder(folder: Path, *places: Any, **others: Any) -> Path:
    """A folder of seed files; JSON is YAML."""
    for name, _, content in raw(*places, **others):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content), encoding="utf-8")
    return folder


def text_folder(folder: Path, text: str = TEXT) -> Path:
    """A folder with the text of the document."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "paper.txt").write_bytes(text.encode())
    return folder

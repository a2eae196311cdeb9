"""Read a folder of seed files, in YAML without implicit conversions."""

import re
from collections.abc import Hashable, Iterator
from pathlib import Path
from typing import Any

import yaml

from legal.errors import Fault, InvalidInput
from legal.readers.roster_counts import FOLDER_NAME, read_roster_counts
from legal.readers.sessions import SESSIONS_FILE, read_sessions

MAX_SEED_FILE_BYTES = 1024 * 1024
_MAX_NESTING = 30
"""Levels of nesting. At about ten thousand the loader overflows its stack and crashes the process."""


class PlainYamlLoader(yaml.CSafeLoader):
    """Load YAML with fewer conversions: dates stay text, only ``true`` and ``false`` are booleans, and ``010`` is not read as 8.

    A key that is repeated is an error.
    """

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        repeated_keys = [key for position, key in enumerate(keys) if key in keys[:position]]
        if repeated_keys:
            raise yaml.constructor.ConstructorError(None, None, f"the key {repeated_keys[0]!r} is repeated", node.start_mark)
        return super().construct_mapping(node, deep)


_REPLACED_TAGS = {f"tag:yaml.org,2002:{name}" for name in ("timestamp", "bool", "int")}
PlainYamlLoader.yaml_implicit_resolvers = {
    character: [(tag, pattern) for tag, pattern in resolvers if tag not in _REPLACED_TAGS]
    for character, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}
for character in "tf":
    PlainYamlLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(true|false)$"), [character])
for character in "-0123456789":  # 010 is not 8, and 12:30 is not 750
    PlainYamlLoader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile("^(0|-?[1-9][0-9]*)$"), [character])


def read_seed_files(folder: Path) -> Iterator[tuple[str, str, Any]]:
    """Yield each seed file as (name, folder, content): ``origins.yaml``, ``documents/*.yaml``, ``jurisdictions/*.yaml``.

    The folder of ``origins.yaml`` is given as ``origins``. The legislative sessions in ``sessions.csv`` and the counts in
    ``rosters/`` come last, if they exist; their folders are given as ``sessions`` and ``rosters``.

    Raises:
        InvalidInput: the folder has no seeds, or a file is too large, is not UTF-8 or is not YAML.
    """
    subfolders = ("documents", "jurisdictions")
    paths = [(path, subfolder) for subfolder in subfolders for path in sorted(folder.glob(f"{subfolder}/*.yaml"))]
    origins = folder / "origins.yaml"
    if not paths or not origins.is_file():
        raise InvalidInput(f"{folder} has no seeds: origins.yaml, documents/ and jurisdictions/ are expected there.")
    for path, subfolder in [(origins, "origins"), *paths]:
        name = str(path.relative_to(folder))
        yield name, subfolder, read_seed_file(path, name)
    if (folder / SESSIONS_FILE).is_file():
        yield SESSIONS_FILE, "sessions", read_sessions(folder / SESSIONS_FILE)
    if (folder / FOLDER_NAME).is_dir():
        yield FOLDER_NAME, FOLDER_NAME, read_roster_counts(folder / FOLDER_NAME)


def read_seed_file(path: Path, name: str) -> Any:
    """Return the content of one file. ``name`` is for error messages.

    Raises:
        InvalidInput: the file is too large, is not UTF-8 or is not YAML.
    """
    if path.stat().st_size > MAX_SEED_FILE_BYTES:
        raise InvalidInput(f"{name} is larger than 1 MiB.")
    try:
        _check_depth(path, name)
        return yaml.load(path.read_text(encoding="utf-8"), Loader=PlainYamlLoader)  # noqa: S506 - derives from the safe loader
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise InvalidInput(
            "A seed file is not valid YAML. Nothing was loaded.", [Fault(" ".join(str(error).split()), pointer=name)]
        ) from error


def _check_depth(path: Path, name: str) -> None:
    depth = 0
    for event in yaml.parse(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _MAX_NESTING:
            raise InvalidInput(f"{name} is nested deeper than {_MAX_NESTING} levels.")


def read_seed_documents(folder: Path) -> list[dict[str, Any]]:
    """Return the documents in the seed files of a folder, without validation.

    A file is skipped if it lacks the id, the file name or the hash of the document.

    Raises:
        InvalidInput: a file is too large, is not UTF-8 or is not YAML.
    """
    contents = [read_seed_file(path, f"documents/{path.name}") for path in sorted(folder.glob("documents/*.yaml"))]
    documents = [content.get("document") for content in contents if isinstance(content, dict)]
    return [
        document
        for document in documents
        if isinstance(document, dict) and all(isinstance(document.get(key), str) for key in ("id", "file", "sha256"))
    ]

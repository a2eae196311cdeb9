"""Read a folder of seed files: YAML in which every value is what it looks like."""

import re
from collections.abc import Hashable, Iterator
from pathlib import Path
from typing import Any

import yaml

from legal.errors import Fault, InvalidInput

LARGEST_FILE = 1024 * 1024
DEEPEST = 30
"""Levels of nesting; the loader's own stack gives out at some ten thousand, and takes the process with it."""


class PlainLoader(yaml.CSafeLoader):
    """YAML without surprises: dates stay text, only true and false are booleans, 010 is no eight, no key twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        twice = [key for position, key in enumerate(keys) if key in keys[:position]]
        if twice:
            raise yaml.constructor.ConstructorError(None, None, f"the key {twice[0]!r} stands twice", node.start_mark)
        return super().construct_mapping(node, deep)


SURPRISING = {f"tag:yaml.org,2002:{sort}" for sort in ("timestamp", "bool", "int")}
PlainLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag not in SURPRISING]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}
for first in "tf":
    PlainLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(true|false)$"), [first])
for first in "-0123456789":  # 010 is not eight, and 12:30 is not 750
    PlainLoader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile("^(0|-?[1-9][0-9]*)$"), [first])


def files(folder: Path) -> Iterator[tuple[str, str, Any]]:
    """Each seed file as (name, sort, content): ``origins.yaml``, ``documents/*.yaml``, ``jurisdictions/*.yaml``.

    Raises:
        InvalidInput: the folder has no seeds, or a file is too large, is not UTF-8 or is not YAML.
    """
    found = [(path, path.parent.name) for sort in ("documents", "jurisdictions") for path in sorted(folder.glob(f"{sort}/*.yaml"))]
    origins = folder / "origins.yaml"
    if not found or not origins.is_file():
        raise InvalidInput(f"{folder} has no seeds: origins.yaml, documents/ and jurisdictions/ are expected there.")
    for path, sort in [(origins, "origins"), *found]:
        name = str(path.relative_to(folder))
        yield name, sort, content(path, name)


def content(path: Path, name: str) -> Any:
    """What one file says; ``name`` is what to call it.

    Raises:
        InvalidInput: it is too large, is not UTF-8 or is not YAML.
    """
    if path.stat().st_size > LARGEST_FILE:
        raise InvalidInput(f"{name} is larger than 1 MiB.")
    try:
        _check_depth(path, name)
        return yaml.load(path.read_text(encoding="utf-8"), Loader=PlainLoader)  # noqa: S506 - derives from the safe loader
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise InvalidInput("A seed file is not YAML; nothing was loaded.", [Fault(" ".join(str(error).split()), pointer=name)]) from error


def _check_depth(path: Path, name: str) -> None:
    depth = 0
    for event in yaml.parse(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise InvalidInput(f"{name} is nested deeper than {DEEPEST} levels.")

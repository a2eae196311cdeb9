"""Read the counts of rosters in a seed folder: ``lists.csv`` has the rosters, ``counts.csv`` their jurisdictions."""

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from legal.errors import Fault, InvalidInput

FOLDER_NAME, _LISTS, _COUNTS = "rosters", "lists.csv", "counts.csv"
_UNUSED_LIST_COLUMNS = ("other_names",)
_MAX_BYTES = 16 * 1024 * 1024


def read_roster_counts(folder: Path) -> dict[str, Any]:
    """Return an object with ``rosters``, a list in which each roster has its ``counts``; values are text, or null if empty.

    Raises:
        InvalidInput: a file is missing, too large or not CSV in UTF-8, or counts belong to no roster.
    """
    rosters = [{key: value or None for key, value in row.items() if key not in _UNUSED_LIST_COLUMNS} for row in _read_rows(folder / _LISTS)]
    counts_by_roster: dict[tuple[str | None, str | None], list[dict[str, Any]]] = {
        (roster.get("file"), roster.get("date")): [] for roster in rosters
    }
    for number, row in enumerate(_read_rows(folder / _COUNTS), 2):
        key = (row.pop("file", None), row.pop("date", None))
        if key not in counts_by_roster:
            raise InvalidInput(
                "The seed files contradict each other. Nothing was loaded.",
                [Fault(f"{_LISTS} has no roster {key[0]} of {key[1]}.", pointer=f"{FOLDER_NAME}/{_COUNTS}#/{number}")],
            )
        counts_by_roster[key].append(row)
    return {"rosters": [{**roster, "counts": counts_by_roster[roster.get("file"), roster.get("date")]} for roster in rosters]}


def _read_rows(path: Path) -> Iterable[dict[str, Any]]:
    name = f"{FOLDER_NAME}/{path.name}"
    if not path.is_file() or path.stat().st_size > _MAX_BYTES:
        raise InvalidInput(f"{name} is missing or larger than 16 MiB.")
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file, strict=True, restkey="surplus", restval=""))
    except (csv.Error, UnicodeDecodeError) as error:
        raise InvalidInput(f"{name} is not CSV in UTF-8. Nothing was loaded.") from error

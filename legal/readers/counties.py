"""Read the project's table of counties and their equivalents."""

import csv
from pathlib import Path

from legal.rules.rosters.counties import County


def table(path: Path) -> list[County]:
    """The rows of a CSV file with the columns ``fips``, ``jurisdiction``, ``name``, ``from`` and ``to``.

    Raises:
        OSError: the file cannot be read.
    """
    with path.open(encoding="utf-8", newline="") as file:
        return [County(row["fips"], row["jurisdiction"], row["name"], _year(row["from"]), _year(row["to"])) for row in csv.DictReader(file)]


def _year(written: str) -> int | None:
    return int(written) if written else None

"""Read the table of counties and county equivalents (``seeds/counties.csv``)."""

import csv
from pathlib import Path

from legal.rules.rosters.counties import County


def read_counties(path: Path) -> list[County]:
    """Return the rows of a CSV file with the columns ``fips``, ``jurisdiction``, ``name``, ``from`` and ``to``.

    Raises:
        OSError: the file cannot be read.
    """
    with path.open(encoding="utf-8", newline="") as file:
        return [
            County(row["fips"], row["jurisdiction"], row["name"], _parse_year(row["from"]), _parse_year(row["to"]))
            for row in csv.DictReader(file)
        ]


def _parse_year(text: str) -> int | None:
    return int(text) if text else None

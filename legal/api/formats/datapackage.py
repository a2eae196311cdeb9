"""The export as a Data Package: a zip of CSV files, of what describes them, and of their hashes."""

import csv
import hashlib
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from sqlalchemy.orm import Session

from legal.api.formats import tabular
from legal.queries.core.snapshot import Snapshot, rfc3339
from legal.queries.export import rows
from legal.queries.export.schema import Column, Table
from legal.queries.export.tables import TABLES
from legal.rules.codebook import codebook

EPOCH = (1980, 1, 1, 0, 0, 0)  # the first moment that a zip can tell: the same content is the same bytes
LICENSES = [
    {
        "name": "CC-BY-4.0",
        "title": "Creative Commons Attribution 4.0 International",
        "path": "https://creativecommons.org/licenses/by/4.0/",
    }
]
ABOUT = (
    "Where each US state, DC and territory stands on working with ICE under section 287(g), every piece tied to the passage it was read from. "
    "no_record means that the documents on file do not say; it never means that there is none. In these CSV files an apostrophe stands before "
    "text that a spreadsheet would run as a formula; arrays and objects are JSON."
)


class Member:
    """A file inside the zip, written piece by piece, with its hash and its size so far."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.sha256 = hashlib.sha256()
        self.bytes = 0

    def write(self, text: str) -> int:
        """Add text, in UTF-8."""
        added = text.encode("utf-8")
        self.sha256.update(added)
        self.bytes += len(added)
        return self.file.write(added)


def write(session: Session, moment: Snapshot, file: IO[bytes]) -> None:
    """Write the whole record at a moment to a file; rows pass through, and none is held."""
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        hashes: dict[str, str] = {}
        resources = []
        for table in TABLES:
            with archive.open(_entry(f"{table.name}.csv"), "w") as opened:
                member = Member(opened)
                writer = csv.writer(member, lineterminator="\r\n")
                writer.writerow(column.name for column in table.columns)
                writer.writerows(map(tabular.cell, row) for row in rows.rows(session, table, moment))
            hashes[f"{table.name}.csv"] = member.sha256.hexdigest()
            resources.append(resource(table, member.bytes, member.sha256.hexdigest()))
        for name, content in (("codebook.json", codebook()), ("datapackage.json", _package(session, moment, resources))):
            told = tabular.json(content)
            hashes[name] = hashlib.sha256(told).hexdigest()
            archive.writestr(_entry(name), told)
        archive.writestr(_entry("SHA256SUMS"), "".join(f"{sha256}  {name}\n" for name, sha256 in sorted(hashes.items())))


def resource(table: Table, size: int, sha256: str) -> dict[str, Any]:
    """A table as Data Package describes it."""
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "path": f"{table.name}.csv",
        "description": table.about,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": size,
        "hash": f"sha256:{sha256}",
        "schema": schema(table),
    }


def schema(table: Table) -> dict[str, Any]:
    """A table's columns and keys as Table Schema describes them."""
    return {
        "fields": [_field(column, table) for column in table.columns],
        "missingValues": [""],
        "primaryKey": list(table.key),
        "foreignKeys": [
            {"fields": [column.name], "reference": {"resource": column.to, "fields": list(_named(column.to).key)}}
            for column in table.columns
            if column.to
        ],
    }


def _field(column: Column, table: Table) -> dict[str, Any]:
    constraints: dict[str, Any] = {
        **({"required": True} if column.required else {}),
        **({"unique": True} if (column.name,) == table.key else {}),
        **({"enum": list(column.terms)} if column.terms else {}),
    }
    return {
        "name": column.name,
        "type": column.type,
        "description": column.about,
        **({"format": "any"} if column.type == "datetime" else {}),
        **({"constraints": constraints} if constraints else {}),
    }


def _named(name: str) -> Table:
    return next(table for table in TABLES if table.name == name)


def _package(session: Session, moment: Snapshot, resources: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "profile": "tabular-data-package",
        "name": "legal-landscape",
        "title": "Legal Landscape",
        "description": ABOUT,
        "version": f"{moment.codebook}.{moment.revision}",
        "created": rfc3339(moment.known_at),
        **moment.meta(),
        "licenses": LICENSES,
        "sources": rows.sources(session, moment),
        "resources": resources,
    }


def _entry(name: str) -> ZipInfo:
    entry = ZipInfo(name, EPOCH)
    entry.compress_type = ZIP_DEFLATED
    entry.create_system = 3  # Unix, wherever it is made: its permissions follow
    entry.external_attr = 0o644 << 16
    return entry

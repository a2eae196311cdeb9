"""Write the export as a Data Package: a zip of CSV files with their descriptions and hashes."""

import csv
import hashlib
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from sqlalchemy.orm import Session

from legal.api.formats import tabular
from legal.json_types import Json
from legal.queries.core.snapshot import Snapshot, format_rfc3339
from legal.queries.export import rows
from legal.queries.export.schema import ExportColumn, ExportTable
from legal.queries.export.tables import EXPORT_TABLES
from legal.rules.codebook import codebook_json

_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time that a zip can store; a fixed time gives the same bytes for the same content
_LICENSES = [
    {
        "name": "CC-BY-4.0",
        "title": "Creative Commons Attribution 4.0 International",
        "path": "https://creativecommons.org/licenses/by/4.0/",
    }
]
_PACKAGE_DESCRIPTION = (
    "The stance of each US state, DC and territory on working with ICE under section 287(g). Every entry cites the passage that supports it. "
    "no_record means that the documents on file do not say; it never means that nothing exists. In these CSV files, an apostrophe precedes "
    "text that a spreadsheet would run as a formula. Arrays and objects are JSON."
)
_CODEBOOK_FILE, _PACKAGE_FILE, _HASHES_FILE = "codebook.json", "datapackage.json", "SHA256SUMS"


class ZipMember:
    """A text file in a zip archive. It counts and hashes the bytes that are written to the file."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.sha256 = hashlib.sha256()
        self.bytes = 0

    def write(self, text: str) -> int:
        """Append text in UTF-8."""
        chunk = text.encode("utf-8")
        self.sha256.update(chunk)
        self.bytes += len(chunk)
        return self.file.write(chunk)


def datapackage_file_names() -> list[str]:
    """Return the names of all files of the package."""
    return [*map(_csv_name, EXPORT_TABLES), _PACKAGE_FILE, _CODEBOOK_FILE, _HASHES_FILE]


def write_datapackage(session: Session, snapshot: Snapshot, file: IO[bytes]) -> None:
    """Write the whole record at a snapshot to a file, one row at a time, so that memory use does not grow with the record."""
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        hashes: dict[str, str] = {}
        resources = []
        for table in EXPORT_TABLES:
            with archive.open(_zip_entry(_csv_name(table)), "w") as member_file:
                member = ZipMember(member_file)
                writer = csv.writer(member, lineterminator="\r\n")
                writer.writerow(column.name for column in table.columns)
                writer.writerows(map(tabular.csv_cell, row) for row in rows.stream_table_rows(session, table, snapshot))
            hashes[_csv_name(table)] = member.sha256.hexdigest()
            resources.append(resource_json(table, member.bytes, member.sha256.hexdigest()))
        for name, content in ((_CODEBOOK_FILE, codebook_json()), (_PACKAGE_FILE, _package_json(session, snapshot, resources))):
            encoded = tabular.encode_json(content)
            hashes[name] = hashlib.sha256(encoded).hexdigest()
            archive.writestr(_zip_entry(name), encoded)
        archive.writestr(_zip_entry(_HASHES_FILE), "".join(f"{sha256}  {name}\n" for name, sha256 in sorted(hashes.items())))


def resource_json(table: ExportTable, size: int, sha256: str) -> Json:
    """Return the description of a table's CSV file, in the form of the Data Package specification (https://specs.frictionlessdata.io)."""
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "path": _csv_name(table),
        "description": table.description,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": size,
        "hash": f"sha256:{sha256}",
        "schema": table_schema_json(table),
    }


def table_schema_json(table: ExportTable) -> Json:
    """Return a table's columns and keys in Table Schema (https://specs.frictionlessdata.io/table-schema/)."""
    return {
        "fields": [_field_json(column, table) for column in table.columns],
        "missingValues": [""],
        "primaryKey": list(table.key),
        "foreignKeys": [
            {"fields": [column.name], "reference": {"resource": column.references, "fields": list(_find_table(column.references).key)}}
            for column in table.columns
            if column.references
        ],
    }


def _field_json(column: ExportColumn, table: ExportTable) -> Json:
    constraints: dict[str, Any] = {
        **({"required": True} if column.required else {}),
        **({"unique": True} if (column.name,) == table.key else {}),
        **({"enum": list(column.terms)} if column.terms else {}),
    }
    return {
        "name": column.name,
        "type": column.type,
        "description": column.description,
        **({"format": "any"} if column.type == "datetime" else {}),
        **({"constraints": constraints} if constraints else {}),
    }


def _find_table(name: str) -> ExportTable:
    return next(table for table in EXPORT_TABLES if table.name == name)


def _csv_name(table: ExportTable) -> str:
    return f"{table.name}.csv"


def _package_json(session: Session, snapshot: Snapshot, resources: list[Json]) -> Json:
    return {
        "profile": "tabular-data-package",
        "name": "legal-landscape",
        "title": "Legal Landscape",
        "description": _PACKAGE_DESCRIPTION,
        "version": f"{snapshot.codebook}.{snapshot.revision}",
        "created": format_rfc3339(snapshot.known_at),
        **snapshot.meta_json(),
        "licenses": _LICENSES,
        "sources": rows.load_sources(session, snapshot),
        "resources": resources,
    }


def _zip_entry(name: str) -> ZipInfo:
    entry = ZipInfo(name, _ZIP_EPOCH)
    entry.compress_type = ZIP_DEFLATED
    entry.create_system = 3  # Unix on every platform; the permissions below depend on it
    entry.external_attr = 0o644 << 16
    return entry

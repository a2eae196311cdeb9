"""Serve the complete record at one revision, as a Data Package or as an SQLite file."""

import hashlib
import os
import sqlite3
import zlib
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from typing import Any

from flask import Response, current_app, request
from werkzeug.exceptions import RequestedRangeNotSatisfiable
from werkzeug.wsgi import wrap_file

from legal.api.formats import datapackage, tabular
from legal.api.query_params import Blueprint, SnapshotQuery
from legal.api.responses import RequestContext, published_endpoint, with_cache_headers
from legal.queries.export import sqlite_file
from legal.queries.export.files import hash_program, open_export
from legal.queries.export.tables import EXPORT_TABLES
from legal.queries.stance.cards import DATA_LICENSE
from legal.rules.codebook import codebook_json

blueprint = Blueprint("exports", __name__, description="The complete record at one revision, in one file.")

_CHUNK_BYTES = 64 * 1024
_ZIP_MEDIA_TYPE, _SQLITE_MEDIA_TYPE = "application/zip", "application/vnd.sqlite3"
_FILE_DESCRIPTION = (
    "The service stores the file, so a second request is fast, and clients can read parts of it (`Range`, and `If-Range` with the ETag). The tables "
    f"{', '.join(f'`{table.name}`' for table in EXPORT_TABLES if table.stream_answers)} hold answers: the API's rows on the day, with the API's "
    "keys as columns and underscores for dots. "
)
_ZIP_DESCRIPTION = _FILE_DESCRIPTION + (
    f"The package contains {', '.join(f'`{name}`' for name in datapackage.datapackage_file_names())}. "
    "Citations have pointers into documents and hashes of the cited text, but not the text itself."
)
_SQLITE_DESCRIPTION = _FILE_DESCRIPTION + (
    f"The file has the tables of the Data Package, with their keys: {', '.join(f'`{table.name}`' for table in EXPORT_TABLES)}. "
    "The table `meta` describes the file and holds the codebook as JSON."
)


@blueprint.read_endpoint(
    "/v1/export/landscape.zip",
    query_schema=SnapshotQuery,
    response_schema={"contentMediaType": _ZIP_MEDIA_TYPE},
    media_type=_ZIP_MEDIA_TYPE,
    operation_id="getExportZip",
    description=_ZIP_DESCRIPTION,
)
@published_endpoint
def export_zip(ctx: RequestContext) -> Response:
    """Export the record at one revision as a Data Package: a zip of CSV files with their schemas and hashes"""
    return _file_response(ctx, "zip", _ZIP_MEDIA_TYPE, lambda path: _write_zip(ctx, path))


@blueprint.read_endpoint(
    "/v1/export/landscape.sqlite",
    query_schema=SnapshotQuery,
    response_schema={"contentMediaType": _SQLITE_MEDIA_TYPE},
    media_type=_SQLITE_MEDIA_TYPE,
    operation_id="getExportSqlite",
    description=_SQLITE_DESCRIPTION,
)
@published_endpoint
def export_sqlite(ctx: RequestContext) -> Response:
    """Export the record at one revision as an SQLite file"""
    return _file_response(ctx, "sqlite", _SQLITE_MEDIA_TYPE, lambda path: _write_sqlite(ctx, path))


def _write_zip(ctx: RequestContext, path: Path) -> None:
    with path.open("wb") as file:
        datapackage.write_datapackage(ctx.session, ctx.snapshot, file)


def _write_sqlite(ctx: RequestContext, path: Path) -> None:
    codebook = tabular.encode_json(codebook_json()).decode("utf-8")
    sqlite_file.write_sqlite_export(ctx.session, ctx.snapshot, path, DATA_LICENSE, codebook)


def _file_response(ctx: RequestContext, extension: str, media_type: str, write_file: Callable[[Path], None]) -> Response:
    """Return an export file, or the range of it that the request asks for. The file is not opened if the client already has it."""
    etag = _export_etag(ctx, media_type)
    response = Response(content_type=media_type)
    response.headers["Content-Disposition"] = tabular.content_disposition("", ctx.snapshot, extension)
    response.headers["Accept-Ranges"] = "bytes"
    response = with_cache_headers(response, ctx, etag)
    strong_tag = f"{ctx.etag_prefix}{etag}"
    # The tag is strong: a client may join ranges of two responses with one tag.
    response.set_etag(strong_tag)
    if response.status_code != HTTPStatus.OK:
        return response
    name = f"landscape-r{ctx.snapshot.revision}-{ctx.snapshot.as_of}-{etag}.{extension}"
    file = open_export(Path(current_app.config["EXPORT_FOLDER"]), name, write_file)
    size = os.fstat(file.fileno()).st_size
    response.content_length = size
    if request.method == "HEAD":
        file.close()
        return response
    response.response = wrap_file(request.environ, file, _CHUNK_BYTES)
    response.direct_passthrough = True
    try:
        response.make_conditional(_range_environ(), accept_ranges=True, complete_length=size)
    except RequestedRangeNotSatisfiable:
        file.close()
        raise
    return response


def _range_environ() -> dict[str, Any]:
    """Return the request's environment, without a Range header for several ranges or for units other than bytes (RFC 9110, 14.2)."""
    is_usable = request.range is not None and request.range.units == "bytes" and len(request.range.ranges) == 1
    return {name: value for name, value in request.environ.items() if name != "HTTP_RANGE" or is_usable}


def _export_etag(ctx: RequestContext, media_type: str) -> str:
    """Return the ETag of an export, computed from everything that determines its content, without writing the export."""
    schemas = [datapackage.table_schema_json(table) for table in EXPORT_TABLES]
    libraries = [sqlite3.sqlite_version, zlib.ZLIB_RUNTIME_VERSION]
    inputs: list[Any] = [media_type, ctx.snapshot.meta_json(), codebook_json(), schemas, hash_program(), libraries]
    return hashlib.sha256(tabular.encode_json(inputs)).hexdigest()[:32]

"""The whole record over HTTP, at one revision: a Data Package, or one SQLite file."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from flask import Response, request
from werkzeug.wsgi import wrap_file

from legal.api.formats import datapackage, tabular
from legal.api.query_params import Blueprint, MomentQuery
from legal.api.responses import RequestContext, kept, published
from legal.queries.export import sqlite_file
from legal.queries.export.tables import TABLES
from legal.queries.stance.cards import LICENSE
from legal.rules.codebook import codebook

blueprint = Blueprint("exports", __name__, description="Everything published at one revision, in one file.")

CHUNK = 64 * 1024  # bytes that are in hand at a time
ZIP, SQLITE = "application/zip", "application/vnd.sqlite3"


@blueprint.read("/v1/export/landscape.zip", takes=MomentQuery, gives={"contentMediaType": ZIP}, media=ZIP, named="getExportZip")
@published
def as_zip(ask: RequestContext) -> Response:
    """Everything at one revision as a Data Package: a CSV file for each noun, their schemas, keys and hashes, and the codebook

    The files are `jurisdictions`, `documents`, `origins`, `measures`, `events`, `figures`, `citations`, `revisions` and
    `postures` (`.csv`), `datapackage.json`, `codebook.json` and `SHA256SUMS`. Citations carry pointers and hashes, never text.
    """
    return _file(ask, "zip", ZIP, lambda path: _zipped(ask, path))


@blueprint.read("/v1/export/landscape.sqlite", takes=MomentQuery, gives={"contentMediaType": SQLITE}, media=SQLITE, named="getExportSqlite")
@published
def as_sqlite(ask: RequestContext) -> Response:
    """Everything at one revision as one SQLite file: the tables of the Data Package with their keys, and `meta`"""
    definitions = tabular.json(codebook()).decode("utf-8")
    return _file(ask, "sqlite", SQLITE, lambda path: sqlite_file.write(ask.session, ask.moment, path, LICENSE, definitions))


def _zipped(ask: RequestContext, path: Path) -> None:
    with path.open("wb") as file:
        datapackage.write(ask.session, ask.moment, file)


def _file(ask: RequestContext, extension: str, media: str, write: Callable[[Path], None]) -> Response:
    """A file that is made on disk and sent in pieces; not made at all where the client has it."""
    made = Response(content_type=media)
    made.headers["Content-Disposition"] = tabular.attachment("", ask.moment.revision, ask.moment.as_of.isoformat(), extension)
    made = kept(made, ask, _tag(ask, media))
    if made.status_code != 200:  # noqa: PLR2004
        return made
    with NamedTemporaryFile(prefix="landscape-") as temporary:
        write(Path(temporary.name))
        # The name goes with this block, the bytes when the last of them has been sent.
        spool = Path(temporary.name).open("rb")  # noqa: SIM115 - the answer closes it
    made.content_length = os.fstat(spool.fileno()).st_size
    made.response = wrap_file(request.environ, spool, CHUNK)
    made.direct_passthrough = True
    return made


def _tag(ask: RequestContext, media: str) -> str:
    """Known before the file is made: the moment, and all that says how it is told."""
    told: list[Any] = [media, ask.moment.meta(), codebook(), [datapackage.schema(table) for table in TABLES]]
    return hashlib.sha256(tabular.json(told)).hexdigest()[:32]

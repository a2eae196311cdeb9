"""Serve the map: one row per jurisdiction, for spreadsheets and for programs that draw maps."""

from flask import Response

from legal.api.formats import tabular
from legal.api.query_params import Blueprint, SnapshotQuery
from legal.api.responses import RequestContext, published_endpoint, with_cache_headers
from legal.json_types import Json
from legal.queries.stance import map as stance_map
from legal.schemas.map import MapSchema

_CSV_EXAMPLE_ROW = '51,VA,Virginia,limited_with_agreements,"Limited, agreements on file",,,,,2026-03-01,/v1/jurisdictions/VA'
_MAP_CSV_SCHEMA = {
    **tabular.CSV_RESPONSE_SCHEMA,
    "examples": [f"{','.join(stance_map.MAP_COLUMNS)}\r\n{_CSV_EXAMPLE_ROW}\r\n"],
}

blueprint = Blueprint("maps", __name__, description="One row per jurisdiction, for maps.")


@blueprint.read_endpoint("/v1/map.json", query_schema=SnapshotQuery, response_schema=MapSchema, operation_id="getMap")
@published_endpoint
def get_map_json(ctx: RequestContext) -> Json:
    """Get one row per state, district and territory, for a map; every release has the same columns

    The bounds `figure_low` and `figure_high` follow from the newest participation figures on file, by the codebook's rule
    `rules.map_figure`. The unit of the figure varies by jurisdiction; see `meta.figure_units`.
    """
    rows, units = stance_map.load_map_rows(ctx.session, ctx.snapshot)
    return {"rows": rows, "columns": list(stance_map.MAP_COLUMNS), "meta": {**ctx.snapshot.meta_json(), "figure_units": units}}


@blueprint.read_endpoint(
    "/v1/map.csv",
    query_schema=SnapshotQuery,
    response_schema=_MAP_CSV_SCHEMA,
    media_type=tabular.MEDIA_TYPES["csv"],
    operation_id="getMapCsv",
)
@published_endpoint
def get_map_csv(ctx: RequestContext) -> Response:
    """Get the rows of the map as CSV (RFC 4180)

    FIPS codes have leading zeros. To keep them, import the column as text. `/v1/map.json` has the unit of each figure.
    """
    rows, _ = stance_map.load_map_rows(ctx.session, ctx.snapshot)
    response = Response(tabular.encode_csv(rows, stance_map.MAP_COLUMNS), content_type=tabular.CSV_CONTENT_TYPE)
    response.headers["Content-Disposition"] = tabular.content_disposition("map", ctx.snapshot, "csv")
    return with_cache_headers(response, ctx)

"""Serve the map: one row per jurisdiction, for spreadsheets and for programs that draw maps."""

from functools import cache

from flask import Response

from legal.api.formats import tabular
from legal.api.query_params import Blueprint, SnapshotQuery
from legal.api.responses import RequestContext, published_endpoint, with_cache_headers
from legal.http.links import public_link
from legal.json_types import Json
from legal.queries.stance import map as stance_map
from legal.readers.shapes import SHAPES_SOURCE, read_shapes
from legal.rules.shapes import MultiPolygon
from legal.schemas.map import FeatureCollectionSchema, MapSchema
from legal.settings import SEEDS_FOLDER

_GEOJSON_MEDIA_TYPE = "application/geo+json"
_CSV_EXAMPLE_ROW = '51,VA,Virginia,limited_with_agreements,"Limited, agreements on file",,,,,2026-03-01,/v1/jurisdictions/VA,,,,2026-02-04/2026-02-17,false'
_MAP_CSV_SCHEMA = {
    **tabular.CSV_RESPONSE_SCHEMA,
    "examples": [f"{','.join(stance_map.MAP_COLUMNS)}\r\n{_CSV_EXAMPLE_ROW}\r\n"],
}

blueprint = Blueprint("maps", __name__, description="One row per jurisdiction, for maps.")


@blueprint.read_endpoint("/v1/map.json", query_schema=SnapshotQuery, response_schema=MapSchema, operation_id="getMap")
@published_endpoint
def get_map_json(ctx: RequestContext) -> Json:
    """Get one row per state, district and territory, for a map; the columns keep their order, and new ones come last

    The bounds `figure_low` and `figure_high` follow from the newest participation figures on file, by the codebook's rule
    `rules.map_figure`. The unit of the figure varies by jurisdiction; see `figure_unit`.
    """
    rows, units = _load_map_rows(ctx)
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

    FIPS codes have leading zeros. To keep them, import the column as text. The unit of the figure varies by jurisdiction.
    """
    rows, _ = _load_map_rows(ctx)
    response = Response(tabular.encode_csv(rows, stance_map.MAP_COLUMNS), content_type=tabular.CSV_CONTENT_TYPE)
    response.headers["Content-Disposition"] = tabular.content_disposition("map", ctx.snapshot, "csv")
    return with_cache_headers(response, ctx)


@blueprint.read_endpoint(
    "/v1/jurisdictions.geojson",
    query_schema=SnapshotQuery,
    response_schema=FeatureCollectionSchema,
    media_type=_GEOJSON_MEDIA_TYPE,
    operation_id="getMapGeojson",
)
@published_endpoint
def get_map_geojson(ctx: RequestContext) -> Response:
    """Get the rows of the map as GeoJSON (RFC 7946), on simplified outlines in the public domain

    The properties of each feature are the columns of the map, and its id is the FIPS code. `source` says where the outlines
    come from. Alaska lies on both sides of the 180th meridian; islands too small to see are left out.
    """
    rows, _ = _load_map_rows(ctx)
    shapes = _load_shapes()
    collection = {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "id": row["fips"],
                "properties": {column: row[column] for column in stance_map.MAP_COLUMNS},
                "geometry": {"type": "MultiPolygon", "coordinates": shapes[row["fips"]]},
            }
            for row in rows
        ],
        "source": SHAPES_SOURCE,
        "meta": ctx.snapshot.meta_json(),
    }
    response = Response(tabular.encode_json(collection), content_type=_GEOJSON_MEDIA_TYPE)
    return with_cache_headers(response, ctx)


def _load_map_rows(ctx: RequestContext) -> tuple[list[Json], dict[str, str]]:
    rows, units = stance_map.load_map_rows(ctx.session, ctx.snapshot)
    return [{**row, "url": public_link(row["url"])} for row in rows], units


@cache
def _load_shapes() -> dict[str, MultiPolygon]:
    return read_shapes(SEEDS_FOLDER / "shapes.json")

"""The map over HTTP, for spreadsheets and for programs that draw."""

from flask import Response

from legal.api.formats import tabular
from legal.api.query_params import Blueprint, MomentQuery
from legal.api.responses import RequestContext, kept, published
from legal.json_types import Json
from legal.queries.stance import map as stance_map
from legal.schemas.map import MapSchema

EXAMPLE = '51,VA,Virginia,limited_with_agreements,"Limited, agreements on file",,,,,2026-03-01,/v1/jurisdictions/VA'
CSV_SHAPE = {**tabular.CSV_SHAPE, "examples": [f"{','.join(stance_map.COLUMNS)}\r\n{EXAMPLE}\r\n"]}

blueprint = Blueprint("maps", __name__, description="Where all places stand, one row each.")


@blueprint.read("/v1/map.json", takes=MomentQuery, gives=MapSchema, named="getMap")
@published
def as_json(ask: RequestContext) -> Json:
    """One row for each place, ready for a map; the columns never change

    The bounds of the figure are those of the newest participation figure on file; the rule is in the codebook
    (`rules.map_figure`). Its unit differs from place to place and is in `meta.figure_units`.
    """
    rows, units = stance_map.rows(ask.session, ask.moment)
    return {"rows": rows, "columns": list(stance_map.COLUMNS), "meta": {**ask.moment.meta(), "figure_units": units}}


@blueprint.read("/v1/map.csv", takes=MomentQuery, gives=CSV_SHAPE, media=tabular.MEDIA["csv"], named="getMapCsv")
@published
def as_csv(ask: RequestContext) -> Response:
    """The same rows as RFC 4180 CSV

    FIPS codes keep their leading zeros; a spreadsheet that drops them has to be told that the column is text. The unit of
    each figure is in `/v1/map.json`.
    """
    rows, _ = stance_map.rows(ask.session, ask.moment)
    made = Response(tabular.csv_table(rows, stance_map.COLUMNS), content_type=tabular.CSV_TYPE)
    made.headers["Content-Disposition"] = tabular.attachment("map", ask.moment.revision, ask.moment.as_of.isoformat(), "csv")
    return kept(made, ask)

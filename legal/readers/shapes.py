"""Read the outlines of states, districts and territories (``seeds/shapes.json``), and make that file from the Census Bureau's outlines."""

import json
from pathlib import Path
from typing import Any

from legal.errors import InvalidInput
from legal.json_types import Json
from legal.rules.shapes import MultiPolygon, simplify_topology

SHAPES_SOURCE = (
    "US Census Bureau, cartographic boundary files, 2017 edition, in the public domain; taken from states-10m.json of the npm "
    "package us-atlas 3.0.1 (ISC license), simplified by `flask seeds shapes`."
)


def read_shapes(path: Path) -> dict[str, MultiPolygon]:
    """Return the outline of each jurisdiction by two-digit FIPS code, as longitudes and latitudes in degrees (WGS 84).

    Outlines are counterclockwise and holes clockwise, as in GeoJSON. The nation has no outline.

    Raises:
        OSError: the file cannot be read.
    """
    features = json.loads(path.read_bytes())["features"]
    return {feature["id"]: feature["geometry"]["coordinates"] for feature in features}


def convert_census_shapes(path: Path) -> Json:
    """Return us-atlas's ``states-10m.json`` as a GeoJSON feature collection: one simplified outline per FIPS code.

    Raises:
        InvalidInput: the file is not TopoJSON with states.
    """
    try:
        topology: Any = json.loads(path.read_bytes())
        shapes = simplify_topology(topology, "states")
    except (ValueError, LookupError, TypeError) as error:
        raise InvalidInput(f"{path.name} is not TopoJSON with the object `states`. Give states-10m.json of us-atlas.") from error
    return {
        "type": "FeatureCollection",
        "source": SHAPES_SOURCE,
        "features": [
            {"type": "Feature", "id": fips, "properties": {}, "geometry": {"type": "MultiPolygon", "coordinates": multipolygon}}
            for fips, multipolygon in shapes.items()
        ],
    }

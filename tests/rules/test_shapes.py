"""Test that outlines are simplified without opening gaps between neighbors."""

import itertools
from collections import Counter
from typing import Any

from legal.readers.shapes import read_shapes
from legal.rules.shapes import MultiPolygon, simplify_topology
from legal.settings import SEEDS_FOLDER
from tests.rules.rosters.test_counties import JURISDICTIONS

SHAPES = read_shapes(SEEDS_FOLDER / "shapes.json")

TWO_SQUARES: dict[str, Any] = {
    "transform": {"scale": [0.001, 0.001], "translate": [10, 20]},
    "objects": {
        "states": {
            "geometries": [
                {"id": "02", "type": "Polygon", "arcs": [[~0, 2]]},
                {"id": "01", "type": "MultiPolygon", "arcs": [[[0, 1], [4]], [[3]], [[5]]]},
            ]
        }
    },
    "arcs": [
        [[1000, 0], [1, 500], [-1, 500]],  # the border, with a bend of a meter
        [[1000, 1000], [-1000, 0], [0, -1000], [1000, 0]],
        [[1000, 0], [1000, 0], [0, 1000], [-1000, 0]],
        [[3000, 0], [0, 400], [400, 0], [0, -400], [-400, 0]],  # an island
        [[400, 400], [0, 200], [200, 0], [0, -200], [-200, 0]],  # a lake
        [[5000, 0], [0, 1], [1, 0], [0, -1], [-1, 0]],  # a rock
    ],
}


def ring_area(ring: list[Any]) -> float:
    """Return the area of a ring, which is positive if the ring runs counterclockwise."""
    return sum(x * next_y - next_x * y for (x, y), (next_x, next_y) in itertools.pairwise(ring)) / 2


def latitudes(shape: MultiPolygon) -> list[float]:
    """Return the latitudes of all positions of an outline."""
    return [position[1] for polygon in shape for ring in polygon for position in ring]


def test_neighbors_share_their_simplified_border() -> None:
    shapes = simplify_topology(TWO_SQUARES, "states")
    border = {(11.0, 20.0), (11.0, 21.0)}
    assert all(border <= set(shapes[id][0][0]) for id in ("01", "02"))
    assert all((11.001, 20.5) not in shapes[id][0][0] for id in ("01", "02"))


def test_shapes_come_in_the_order_of_their_ids() -> None:
    assert list(simplify_topology(TWO_SQUARES, "states")) == ["01", "02"]


def test_a_rock_is_left_out_and_an_island_stays() -> None:
    assert [len(polygon) for polygon in simplify_topology(TWO_SQUARES, "states")["01"]] == [2, 1]


def test_outlines_run_counterclockwise_and_lakes_clockwise() -> None:
    outline, lake = simplify_topology(TWO_SQUARES, "states")["01"][0]
    assert ring_area(outline) > 0 > ring_area(lake)


def test_there_is_a_shape_for_each_jurisdiction_except_the_nation() -> None:
    assert set(SHAPES) == {row["fips"] for row in JURISDICTIONS.values()} - {None}


def test_rings_on_file_are_closed_and_turn_as_geojson_asks() -> None:
    rings = [(ring, number) for shape in SHAPES.values() for polygon in shape for number, ring in enumerate(polygon)]
    assert [ring for ring, _ in rings if ring[0] != ring[-1] or len(ring) < 4] == []
    assert [ring for ring, number in rings if (ring_area(ring) > 0) != (number == 0)] == []


def test_shapes_lie_where_their_jurisdictions_are() -> None:
    assert max(latitudes(SHAPES["60"])) < 0  # American Samoa is south of the equator
    assert min(latitudes(SHAPES["02"])) > 50  # Alaska
    assert all(17 < latitude < 19 for latitude in latitudes(SHAPES["72"]))  # Puerto Rico


def test_neighboring_states_on_file_share_positions() -> None:
    shared = Counter(position for fips in ("20", "29") for position in {tuple(position) for position in SHAPES[fips][0][0]})
    assert sum(number == 2 for number in shared.values()) > 10  # Kansas and Missouri

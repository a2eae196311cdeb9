"""Turn a TopoJSON topology of states and territories into simplified outlines that share their borders.

Sources: https://github.com/topojson/topojson-specification and RFC 7946 (GeoJSON), section 3.1.6.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate, chain, pairwise
from typing import Any

Position = tuple[float, float]
"""Longitude and latitude in degrees."""
MultiPolygon = list[list[list[Position]]]
"""Polygons of rings of positions, as in GeoJSON: the first ring is the outline, the others are holes."""

_MAX_TOLERANCE = 0.05  # degrees, about five kilometers: hardly visible on a map of the nation
_TOLERANCE_SHARE = 0.0035  # of a jurisdiction's extent, so that the small territories keep their form
_SMALLEST_ISLAND_SHARE = 0.0005  # of the area of a jurisdiction's largest polygon
_DECIMALS = 3  # about a hundred meters
_MIN_RING_LENGTH = 4  # positions, the last of which repeats the first


def simplify_topology(topology: Mapping[str, Any], object_name: str) -> dict[str, MultiPolygon]:
    """Return the simplified outline of each geometry of an object, by the geometry's id, in the order of the ids.

    Each arc is simplified once, with the finest tolerance that a geometry on either side of it asks for. Neighbors
    therefore still meet. Islands that would be specks beside the largest part are left out.
    """
    arcs = _decode_arcs(topology)
    geometries = {geometry["id"]: _polygons_of_arcs(geometry) for geometry in topology["objects"][object_name]["geometries"]}
    tolerances = [_MAX_TOLERANCE] * len(arcs)
    for polygons in geometries.values():
        numbers = {_arc_number(index) for index in _arc_indexes(polygons)}
        tolerance = _TOLERANCE_SHARE * _extent([position for number in numbers for position in arcs[number]])
        for number in numbers:
            tolerances[number] = min(tolerances[number], tolerance)
    simple_arcs = [_simplify_line(arc, tolerance) for arc, tolerance in zip(arcs, tolerances, strict=True)]
    return {id: _build_multipolygon(geometries[id], simple_arcs) for id in sorted(geometries)}


def _decode_arcs(topology: Mapping[str, Any]) -> list[list[Position]]:
    """Return the arcs in degrees: a quantized topology stores each position as the difference from the one before."""
    (x_scale, y_scale), (x_start, y_start) = topology["transform"]["scale"], topology["transform"]["translate"]
    return [
        [
            (x * x_scale + x_start, y * y_scale + y_start)
            for x, y in accumulate((tuple(step) for step in arc), lambda position, step: (position[0] + step[0], position[1] + step[1]))
        ]
        for arc in topology["arcs"]
    ]


def _polygons_of_arcs(geometry: Mapping[str, Any]) -> list[list[list[int]]]:
    polygons: list[list[list[int]]] = [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry["arcs"]
    return polygons


def _arc_indexes(polygons: Sequence[Sequence[Sequence[int]]]) -> Iterator[int]:
    return chain.from_iterable(chain.from_iterable(polygons))


def _arc_number(index: int) -> int:
    """Return the number of an arc. A negative index is the complement of the number: the arc runs backwards."""
    return index if index >= 0 else ~index


def _extent(positions: Sequence[Position]) -> float:
    """Return the longer side of the positions' bounding box, in degrees."""
    longitudes, latitudes = [position[0] for position in positions], [position[1] for position in positions]
    return max(max(longitudes) - min(longitudes), max(latitudes) - min(latitudes))


def _simplify_line(line: Sequence[Position], tolerance: float) -> list[Position]:
    """Drop positions that are closer to the line without them than the tolerance; both ends stay (Douglas and Peucker, 1973)."""
    is_essential = [False] * len(line)
    is_essential[0] = is_essential[-1] = True
    sections = [(0, len(line) - 1)]
    while sections:
        first, last = sections.pop()
        distances = [_distance(line[number], line[first], line[last]) for number in range(first + 1, last)]
        if distances and max(distances) > tolerance:
            farthest = first + 1 + distances.index(max(distances))
            is_essential[farthest] = True
            sections += [(first, farthest), (farthest, last)]
    return [position for position, is_kept in zip(line, is_essential, strict=True) if is_kept]


def _distance(position: Position, start: Position, end: Position) -> float:
    """Return the distance of a position from the line between two others, or from the one position if they are the same."""
    (x, y), (start_x, start_y), (end_x, end_y) = position, start, end
    length = math.dist(start, end)
    if not length:
        return math.dist(position, start)
    return abs((end_x - start_x) * (start_y - y) - (start_x - x) * (end_y - start_y)) / length


def _build_multipolygon(polygons_of_arcs: Sequence[Sequence[Sequence[int]]], arcs: Sequence[Sequence[Position]]) -> MultiPolygon:
    """Join arcs to rings; outlines run counterclockwise and holes clockwise, as RFC 7946 asks."""
    multipolygon = []
    for rings_of_arcs in polygons_of_arcs:
        rings = [_join_arcs(ring_of_arcs, arcs) for ring_of_arcs in rings_of_arcs]
        polygon = [_turn_ring(ring, counterclockwise=number == 0) for number, ring in enumerate(rings) if len(ring) >= _MIN_RING_LENGTH]
        multipolygon += [polygon] if len(rings[0]) >= _MIN_RING_LENGTH else []
    areas = [abs(_signed_area(polygon[0])) for polygon in multipolygon]
    return [polygon for polygon, area in zip(multipolygon, areas, strict=True) if area >= _SMALLEST_ISLAND_SHARE * max(areas)]


def _join_arcs(ring_of_arcs: Sequence[int], arcs: Sequence[Sequence[Position]]) -> list[Position]:
    positions: list[Position] = []
    for index in ring_of_arcs:
        for x, y in arcs[index] if index >= 0 else reversed(arcs[~index]):
            position = (round(x, _DECIMALS), round(y, _DECIMALS))
            if not positions or position != positions[-1]:
                positions.append(position)
    return positions


def _turn_ring(ring: list[Position], counterclockwise: bool) -> list[Position]:
    return ring if (_signed_area(ring) > 0) == counterclockwise else ring[::-1]


def _signed_area(ring: Sequence[Position]) -> float:
    """Return the area of a ring in square degrees; it is negative if the ring runs clockwise."""
    return sum(x * next_y - next_x * y for (x, y), (next_x, next_y) in pairwise(ring)) / 2

"""Project the outlines of the jurisdictions onto one drawing, with insets, tiles and labels, once per process.

Projections: conic equal-area (Albers), with the parallels that the US Geological Survey uses. Alaska is drawn at 35 percent.
Source of the formulas: Snyder, Map Projections: A Working Manual (USGS Professional Paper 1395), page 100.
"""

import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from legal.readers.shapes import read_shapes
from legal.settings import SEEDS_FOLDER

MAP_WIDTH, MAP_HEIGHT = 960, 624
_SCALE = 1085
_CENTER_X, _CENTER_Y = 452, 268
TILE_SIZE = 34
_TILES = {
    "DC": (876, 372),
    "PR": (700, 520),
    "VI": (744, 520),
    "GU": (788, 520),
    "MP": (832, 520),
    "AS": (876, 520),
}
"""The top left corners of the tiles that stand for jurisdictions too small or too far away to draw."""
_LEADERS = {
    "VT": (772, 56),
    "NH": (826, 38),
    "MA": (898, 150),
    "RI": (898, 184),
    "CT": (898, 218),
    "NJ": (898, 252),
    "DE": (898, 286),
    "MD": (898, 320),
}
"""The places of the labels of small states, which a line connects with their outline."""
_LABEL_SHIFTS = {
    "FL": (22, 0), "LA": (-10, 0), "MI": (30, 14), "ID": (0, 22), "CA": (-8, 0), "KY": (8, 0), "WV": (-6, 6), "VA": (8, 4), "MN": (-8, 0),
    "NY": (4, 0), "AK": (8, -4), "HI": (26, -18), "OK": (14, 0), "TX": (8, 0), "NE": (4, 0), "MS": (0, 4),
}  # fmt: skip
"""How far a label moves from the middle of its outline to where it fits."""
_MIN_ISLAND_AREA = 3.0  # square pixels
_GRID = 1  # steps in a pixel


@dataclass(frozen=True, slots=True)
class MapShape:
    """A jurisdiction on the map: its path, where its label stands, and its left, top, right and bottom.

    ``leader`` is the line from a label outside, or empty.
    """

    fips: str
    path: str
    label_x: float
    label_y: float
    leader: str
    bounds: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class _Albers:
    """An equal-area conic projection onto the drawing. Angles are in degrees, ``scale`` in pixels per radian."""

    parallels: tuple[float, float]
    center: tuple[float, float]
    scale: float
    origin: tuple[float, float]

    def project(self, longitude: float, latitude: float) -> tuple[float, float]:
        """Return the place of a point on the drawing."""
        x, y = self._project_radians(longitude, latitude)
        center_x, center_y = self._project_radians(*self.center)
        return self.origin[0] + self.scale * (x - center_x), self.origin[1] - self.scale * (y - center_y)

    def _project_radians(self, longitude: float, latitude: float) -> tuple[float, float]:
        first, second = (math.sin(math.radians(parallel)) for parallel in self.parallels)
        cone = (first + second) / 2
        constant = 1 + first * (2 * cone - first)
        radius = math.sqrt(constant - 2 * cone * math.sin(math.radians(latitude))) / cone
        # Alaska reaches across the meridian of 180 degrees.
        angle = cone * math.radians((longitude - self.center[0] + 180) % 360 - 180)
        return radius * math.sin(angle), -radius * math.cos(angle)


_LOWER_48 = _Albers((29.5, 45.5), (-96.0, 38.0), _SCALE, (_CENTER_X, _CENTER_Y))
_PROJECTIONS = {
    "02": _Albers((55.0, 65.0), (-154.0, 58.5), 0.35 * _SCALE, (120, 520)),
    "15": _Albers((8.0, 18.0), (-157.5, 20.6), _SCALE, (312, 532)),
}


@cache
def load_map_shapes(fips_by_code: tuple[tuple[str, str], ...]) -> dict[str, MapShape]:
    """Return the shape of each jurisdiction by code, in the order of the given pairs of codes and FIPS codes."""
    outlines = read_shapes(SEEDS_FOLDER / "shapes.json")
    return {code: _tile(code, fips) if code in _TILES else _outline(code, fips, outlines[fips]) for code, fips in fips_by_code}


def _tile(code: str, fips: str) -> MapShape:
    x, y = _TILES[code]
    path = f"M{x},{y}h{TILE_SIZE}v{TILE_SIZE}h-{TILE_SIZE}z"
    return MapShape(fips, path, x + TILE_SIZE / 2, y + TILE_SIZE / 2, "", (x, y, x + TILE_SIZE, y + TILE_SIZE))


def _outline(code: str, fips: str, multipolygon: Sequence[Sequence[Sequence[tuple[float, float]]]]) -> MapShape:
    projection = _PROJECTIONS.get(fips, _LOWER_48)
    rings = [[projection.project(*position) for position in ring] for polygon in multipolygon for ring in polygon]
    largest = max(rings, key=lambda ring: abs(_area(ring)))
    drawn_rings = [ring for ring in rings if ring is largest or abs(_area(ring)) >= _MIN_ISLAND_AREA]
    path = "".join(map(_ring_path, drawn_rings))
    bounds = _bounds(drawn_rings)
    middle_x, middle_y = _centroid(largest)
    if code in _LEADERS:
        x, y = _LEADERS[code]
        start_x, start_y = (x, y + 8) if code in ("VT", "NH") else (x - 14, y)
        return MapShape(fips, path, x, y, f"M{start_x:g},{start_y:g}L{middle_x:.0f},{middle_y:.0f}", bounds)
    shift_x, shift_y = _LABEL_SHIFTS.get(code, (0, 0))
    return MapShape(fips, path, round(middle_x + shift_x), round(middle_y + shift_y), "", bounds)


def _ring_path(ring: Iterable[tuple[float, float]]) -> str:
    """Return a closed path on a grid of pixels, with relative steps, which are shorter than absolute places.

    Neighbors have the same points along their border, so that rounding opens no gap.
    """
    points = [(round(x * _GRID), round(y * _GRID)) for x, y in ring]
    corners = [points[0]]
    for point in points[1:-1]:
        if point == corners[-1]:
            continue
        if len(corners) > 1 and _is_straight(corners[-2], corners[-1], point):
            corners.pop()
        corners.append(point)
    steps = "".join(f"{_number(next_x - x, ' ')}{_number(next_y - y, ' ')}" for (x, y), (next_x, next_y) in itertools.pairwise(corners))
    return f"M{_number(corners[0][0], '')}{_number(corners[0][1], ' ')}l{steps.lstrip()}z"


def _is_straight(first: tuple[int, int], middle: tuple[int, int], last: tuple[int, int]) -> bool:
    return (middle[0] - first[0]) * (last[1] - middle[1]) == (last[0] - middle[0]) * (middle[1] - first[1])


def _number(value: int, separator: str) -> str:
    """Return a length on the grid in pixels, after a separator unless a minus sign separates it."""
    text = f"{value / _GRID:g}".replace("0.5", ".5") if abs(value) < _GRID else f"{value / _GRID:g}"
    return text if text.startswith("-") else f"{separator}{text}"


def _area(ring: Sequence[tuple[float, float]]) -> float:
    return sum(x * next_y - next_x * y for (x, y), (next_x, next_y) in itertools.pairwise(ring)) / 2


def _bounds(rings: Sequence[Sequence[tuple[float, float]]]) -> tuple[float, float, float, float]:
    xs, ys = [x for ring in rings for x, _ in ring], [y for ring in rings for _, y in ring]
    return min(xs), min(ys), max(xs), max(ys)


def _centroid(ring: Sequence[tuple[float, float]]) -> tuple[float, float]:
    pairs = list(itertools.pairwise(ring))
    weights = [x * next_y - next_x * y for (x, y), (next_x, next_y) in pairs]
    total = sum(weights) * 3
    return (
        sum((x + next_x) * weight for ((x, _), (next_x, _)), weight in zip(pairs, weights, strict=True)) / total,
        sum((y + next_y) * weight for ((_, y), (_, next_y)), weight in zip(pairs, weights, strict=True)) / total,
    )

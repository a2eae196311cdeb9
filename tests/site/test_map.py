"""Test the map: every jurisdiction is drawn, every posture has its own look, and the table says the same."""

import math
import re
from itertools import combinations
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from legal.site import assets
from legal.site.map_drawing import POSTURE_STYLES, draw_map
from legal.site.map_shapes import MAP_HEIGHT, MAP_WIDTH, load_map_shapes
from legal.vocabulary import Posture
from tests.site.markup import Element, parse_page

pytestmark = pytest.mark.databases("sqlite")

HTML = {"Accept": "text/html"}
DAYS = ("2021-06-01", "2026-02-20", "2026-11-25")


def read_page(client: FlaskClient, path: str) -> Element:
    """Return the tree of a page."""
    return parse_page(client.get(path, headers=HTML).text)


@pytest.mark.parametrize("day", DAYS)
def test_map_legend_and_table_say_what_the_api_says(shipped_client: FlaskClient, day: str) -> None:
    rows = shipped_client.get(f"/v1/map.json?as_of={day}").json["rows"]
    page = read_page(shipped_client, f"/?as_of={day}")
    table = {e.attributes["data-code"]: e for e in page.find_all("data-code")}
    assert {code: element.attributes["data-posture"] for code, element in table.items()} == {row["code"]: row["posture"] for row in rows}
    for row in rows:
        cells = [cell.text for cell in table[row["code"]].find_named("td")]
        expected = ["no roster" if row[key] is None else f"{row[key]:,}" for key in ("agreements", "agencies")]
        assert cells[:3] == [row["posture_label"], *expected]
    legend = {e.attributes["data-posture"]: int(e.attributes["data-count"]) for e in page.find_all("data-count")}
    assert legend == {posture: sum(row["posture"] == posture for row in rows) for posture in legend}
    assert sum(legend.values()) == len(rows) == 56
    shapes = [element.attributes["aria-label"] for svg in page.find_named("svg")[:1] for element in svg.find_named("a")]
    assert [text.partition(":")[0] for text in shapes] == sorted(row["name"] for row in rows)


def test_legend_filters_the_table(shipped_client: FlaskClient) -> None:
    page = read_page(shipped_client, "/?posture=barred")
    assert {element.attributes["data-posture"] for element in page.find_all("data-code")} == {"barred"}
    assert len(list(page.find_all("data-code"))) == 7


@pytest.mark.parametrize(("sort", "first"), [("-agreements", "TX"), ("agencies", "AS"), ("-name", "WY"), ("posture_label", "AL")])
def test_table_is_sorted_by_links(shipped_client: FlaskClient, sort: str, first: str) -> None:
    codes = read_page(shipped_client, f"/?sort={sort}&as_of=2026-11-25").values("data-code")
    assert codes[0] == first
    assert len(codes) == 56


def test_rows_without_a_count_come_last_either_way(client: FlaskClient) -> None:
    ascending, descending = (
        read_page(client, f"/?sort={sort}&as_of=2015-01-01").values("data-code") for sort in ("agreements", "-agreements")
    )
    assert ascending == descending


def test_every_posture_has_its_own_look() -> None:
    assert set(POSTURE_STYLES) == set(Posture)
    looks = [(style.fill, style.pattern) for style in POSTURE_STYLES.values()]
    assert [pair for pair in combinations(looks, 2) if pair[0] == pair[1]] == []


def test_every_shape_is_inside_the_drawing(client: FlaskClient) -> None:
    rows = client.get("/v1/map.json").json["rows"]
    shapes = load_map_shapes(tuple((row["code"], row["fips"]) for row in rows))
    assert len(shapes) == 56
    for code, shape in shapes.items():
        left, top, right, bottom = shape.bounds
        assert 0 <= left < right <= MAP_WIDTH, code
        assert 0 <= top < bottom <= MAP_HEIGHT, code
        assert 0 <= shape.label_x <= MAP_WIDTH, code


def test_map_is_small(client: FlaskClient) -> None:
    drawing = draw_map([{**row, "slug": ""} for row in client.get("/v1/map.json").json["rows"]])
    assert sum(len(item.shape.path) for item in drawing.jurisdictions) < 30_000


# Source of the matrices, for linear RGB: Machado, Oliveira and Fernandes, IEEE TVCG 15(6), 2009, severity 1.0.
DEUTERANOPIA = ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881))
PROTANOPIA = ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998))
TRITANOPIA = ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900))
GRAY_PRINT = ((0.2126, 0.7152, 0.0722),) * 3
MIN_DIFFERENCE = 8
"""In CIELAB; 2 is just visible side by side."""


def seen_color(color: str, matrix: tuple[tuple[float, float, float], ...]) -> tuple[float, float, float]:
    """Return a color as CIELAB values, after a matrix of how it is seen or printed."""
    channels = [int(color[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4 for channel in channels]
    red, green, blue = (min(1.0, max(0.0, sum(weight * value for weight, value in zip(row, linear, strict=True)))) for row in matrix)
    x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089
    x, y, z = (value ** (1 / 3) if value > 0.008856 else 7.787 * value + 16 / 116 for value in (x, y, z))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def fills(theme: str) -> dict[str, str]:
    """Return the color of each fill of the map in a theme of the stylesheet, by its class."""
    stylesheet = (Path(assets.__file__).parent / "static" / "site.css").read_text()
    blocks = re.findall(r":root \{(.*?)\}", stylesheet, re.DOTALL)
    colors = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", blocks[("light", "dark").index(theme)]))
    return {style.fill: colors[style.fill.removeprefix("fill-").replace("none", "paper")] for style in POSTURE_STYLES.values()}


@pytest.mark.parametrize("matrix", [DEUTERANOPIA, PROTANOPIA, TRITANOPIA, GRAY_PRINT], ids=["deutan", "protan", "tritan", "gray"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_postures_are_told_apart_without_full_color(theme: str, matrix: tuple[tuple[float, float, float], ...]) -> None:
    colors = {fill: seen_color(color, matrix) for fill, color in fills(theme).items()}
    alike = [
        (str(first), str(second))
        for (first, one), (second, other) in combinations(POSTURE_STYLES.items(), 2)
        if one.pattern == other.pattern and math.dist(colors[one.fill], colors[other.fill]) < MIN_DIFFERENCE
    ]
    assert alike == []

"""Draw pictures that stand alone: the map and a card of each jurisdiction, as SVG, and as PNG from the same SVG.

The day, the revision and the source are inside each picture, because people share pictures without their page.
"""

import base64
import hashlib
from functools import cache
from pathlib import Path
from textwrap import wrap

import font_source_sans_pro
from flask import Response, render_template

from legal.http.reads import RequestContext, with_cache_headers
from legal.json_types import Json
from legal.site.assets import load_assets
from legal.site.map_drawing import POSTURE_STYLES, PostureStyle
from legal.site.map_shapes import MapShape

PICTURE_SIZE = (1200, 630)
"""Width and height of the card of a jurisdiction: what social networks and messengers show beside a link."""
_TEXT_WIDTH, _TEXT_HEIGHT = 1080, 270
_FONT_SIZES = (38, 34, 30, 27, 24, 21)
_MEAN_CHARACTER_WIDTH = 0.47  # of the font size, for English text in Source Sans Pro
_LINE_HEIGHT = 1.28
_FONTS = Path(font_source_sans_pro.__file__).parent / "files"
_FONT_FILES = [str(_FONTS / f"SourceSansPro-{weight}.ttf") for weight in ("Regular", "Semibold")]
_PAPER = "#fffdf9"


@cache
def picture_style() -> str:
    """Return the stylesheet that each picture contains."""
    return load_assets()["picture.css"].body.decode()


@cache
def picture_policy() -> str:
    """Return the content security policy of an SVG picture: nothing but its own stylesheet, by its hash."""
    digest = base64.b64encode(hashlib.sha256(picture_style().encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; frame-ancestors *"


def wrap_headline(text: str) -> tuple[int, list[str]]:
    """Return the largest font size at which a text fits into a picture, and its lines at that size."""
    for size in _FONT_SIZES:
        lines = wrap(text, int(_TEXT_WIDTH / (size * _MEAN_CHARACTER_WIDTH)))
        if len(lines) * size * _LINE_HEIGHT <= _TEXT_HEIGHT:
            break
    return size, lines


def posture_style(card: Json) -> PostureStyle | None:
    """Return how the map draws a jurisdiction's posture; the nation has none."""
    return POSTURE_STYLES[card["posture"]["value"]] if card["posture"] else None


def view_box(shape: MapShape) -> str:
    """Return the part of the map's drawing that a shape fills, with a margin, as an SVG view box."""
    left, top, right, bottom = shape.bounds
    margin = max(right - left, bottom - top) * 0.03
    return f"{left - margin:.1f} {top - margin:.1f} {right - left + 2 * margin:.1f} {bottom - top + 2 * margin:.1f}"


def picture_response(template: str, variables: Json, format_name: str, name: str, ctx: RequestContext) -> Response:
    """Return a picture as ``svg`` or ``png``."""
    svg = render_template(template, **variables, style=picture_style())
    if format_name == "svg":
        response = Response(svg, content_type="image/svg+xml; charset=utf-8")
        response.headers["Content-Security-Policy"] = picture_policy()
    else:
        response = Response(render_png(svg), content_type="image/png")
    day, revision = ctx.snapshot.as_of.isoformat(), ctx.snapshot.revision
    response.headers["Content-Disposition"] = f'inline; filename="legal-landscape-{name}-{day}-r{revision}.{format_name}"'
    return with_cache_headers(response, ctx)


def render_png(svg: str) -> bytes:
    """Return an SVG as a PNG 1,200 pixels wide, with the project's own font, so that it looks the same on any machine."""
    import resvg_py  # noqa: PLC0415 - the renderer is loaded when somebody asks for a PNG, not at start

    return bytes(
        resvg_py.svg_to_bytes(svg_string=svg, width=PICTURE_SIZE[0], background=_PAPER, skip_system_fonts=True, font_files=_FONT_FILES)
    )

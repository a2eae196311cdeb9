"""Draw the map of postures: which fill and pattern each posture has, and what each shape and the legend say."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from legal.json_types import Json
from legal.queries.core.snapshot import Snapshot
from legal.queries.rosters.in_force import RosterRef
from legal.site.map_shapes import MapShape, load_map_shapes
from legal.site.words import day_text, number_with_noun
from legal.vocabulary import Posture


@dataclass(frozen=True, slots=True)
class PostureStyle:
    """The look of a posture on the map: the class of its fill, and a pattern over it, so that color is never alone."""

    fill: str
    pattern: str | None
    marks: str = "mark"


POSTURE_STYLES: Mapping[str, PostureStyle] = {
    Posture.CONFLICTING_LAW: PostureStyle("fill-conflict", "hatch"),
    Posture.BARRED: PostureStyle("fill-barred", None),
    Posture.BARRED_WITH_AGREEMENTS: PostureStyle("fill-barred", "dots", "mark-light"),
    Posture.REQUIRED: PostureStyle("fill-required", "lines", "mark-light"),
    Posture.LIMITED_WITH_AGREEMENTS: PostureStyle("fill-limited", "dots"),
    Posture.LIMITED: PostureStyle("fill-limited", "sparse"),
    Posture.ACTIVE_RESTRICTED: PostureStyle("fill-active", "lines"),
    Posture.ACTIVE_CONTESTED: PostureStyle("fill-active", "diagonal"),
    Posture.ACTIVE: PostureStyle("fill-active", None),
    Posture.CONTESTED: PostureStyle("fill-contested", "diagonal"),
    Posture.ACTIVITY_REPORTED: PostureStyle("fill-contested", "dots"),
    Posture.ON_FILE: PostureStyle("fill-on-file", None),
    Posture.NONE_LISTED: PostureStyle("fill-none", "sparse"),
    Posture.NO_RECORD: PostureStyle("fill-none", None),
}
"""The style of each posture, from a scale of brown to blue-green that is neither party's. Source: ColorBrewer, BrBG.

Fills that are alike in gray print have different patterns; a test simulates print and color blindness.
"""
PATTERNS = ("dots", "sparse", "lines", "diagonal", "hatch")


@dataclass(frozen=True, slots=True)
class DrawnJurisdiction:
    """A jurisdiction as the map draws it, with the name that a screen reader speaks."""

    row: Json
    shape: MapShape
    style: PostureStyle
    text: str


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """A posture in the legend, with the number of jurisdictions that have it."""

    posture: Posture
    count: int
    style: PostureStyle


@dataclass(frozen=True, slots=True)
class MapDrawing:
    """A map: all jurisdictions in the order of their names, which is the order of the keyboard, and the legend."""

    jurisdictions: Sequence[DrawnJurisdiction]
    legend: Sequence[LegendEntry]
    patterns: Sequence[tuple[str, PostureStyle]]


def draw_map(rows: Sequence[Json]) -> MapDrawing:
    """Return the drawing of the rows of the map."""
    shapes = load_map_shapes(tuple((row["code"], row["fips"]) for row in rows))
    drawn = [
        DrawnJurisdiction(row, shapes[row["code"]], POSTURE_STYLES[row["posture"]], _spoken_text(row))
        for row in sorted(rows, key=lambda row: str(row["name"]))
    ]
    counts = Counter(row["posture"] for row in rows)
    legend = [LegendEntry(posture, counts[posture], POSTURE_STYLES[posture]) for posture in Posture if counts[posture]]
    patterns = {pattern_id(entry.style): entry.style for entry in legend if entry.style.pattern}
    return MapDrawing(drawn, legend, list(patterns.items()))


def pattern_id(style: PostureStyle) -> str:
    """Return the id of the pattern of a style."""
    return f"{style.fill.removeprefix('fill-')}-{style.pattern}"


def _spoken_text(row: Json) -> str:
    listed = "" if row["agreements"] is None else f"; {number_with_noun(row['agreements'], 'agreements')} on ICE’s roster"
    return f"{row['name']}: {row['posture_label'].lower()}{listed}"


def credit_lines(snapshot: Snapshot, roster: RosterRef | None) -> list[str]:
    """Return the lines inside the picture that name publisher, day and sources, because people share pictures without their page."""
    source = f", with ICE’s roster of {day_text(roster.date)}" if roster else ""
    return [f"Legal Landscape, as of {day_text(snapshot.as_of)}, revision {snapshot.revision}", f"From the documents on file{source}"]

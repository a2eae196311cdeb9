"""Combine the events of a timeline for the pages."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from legal.json_types import Json


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One event of a measure, or all agreements with the same event on one day: their number, and their agencies with paths."""

    date: Json
    happened: str
    kind: str
    event: str
    description: str
    measure: str | None
    title: str
    agreements: int
    agencies: Sequence[tuple[str, str]]


def combine_events(rows: Iterable[Json]) -> Iterable[TimelineEntry]:
    """Combine the agreements that share an event and a day into one entry."""
    groups: dict[tuple[str | None, ...], list[Json]] = {}
    for row in rows:
        key = (row["measure"], row["event"], row["date"]["edtf"], row["description"] if row["measure"] else None)
        groups.setdefault(key, []).append(row)
    for (measure, *_), events in groups.items():
        paths = {} if measure else {_agency_text(event): event["links"]["self"].removeprefix("/v1") for event in events}
        shared = {name: events[0][name] for name in ("date", "happened", "kind", "event", "description", "measure", "title")}
        yield TimelineEntry(**shared, agreements=len(events), agencies=list(paths.items()))


def _agency_text(event: Json) -> str:
    """Return the agency of an event, with the name that it may have now."""
    successor = event["possibly_renamed_to"]
    return f"{event['title']}, possibly renamed to {successor['agency']}" if successor else str(event["title"])

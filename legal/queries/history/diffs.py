"""Differences: what is not the same on two days, or at two revisions, kept apart by what caused it."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from legal.json_types import Json, Row
from legal.queries.core.snapshot import Snapshot
from legal.queries.history import changes
from legal.queries.record import figures, measures
from legal.queries.rosters import in_force
from legal.queries.rosters.in_force import Current, Listing
from legal.rules import posture
from legal.vocabulary import Action, Cause, JurisdictionType, Noun, RosterKind

Key = tuple[str, str, str]


def of_days(session: Session, place: Row, moment: Snapshot, start: date, end: date) -> Json:
    """What differs between two days as one revision knows them; four statements.

    Between two days of one revision only the world can have changed.
    """
    before, after = replace(moment, as_of=start), replace(moment, as_of=end)
    measure_rows, figure_rows = _rows(session, place, moment)
    shelf = in_force.shelf(session, moment)
    held = [shelf.in_force(RosterKind.PARTICIPATING, day) for day in (start, end)]
    kept = in_force.kept(session, moment, [one.id for one in held if one])
    listings = [Current(one, kept, moment).listing(place["code"]) for one in held]
    found = [
        _listed(*listings),
        *(_item("measure", row["measure"], _day(row, before), _day(row, after)) for row in measure_rows),
        *(_item("figure", row["figure"], _report(row, before), _report(row, after)) for row in figure_rows),
    ]
    postures = [_posture(place, measure_rows, figure_rows, *one) for one in zip(listings, (before, after), strict=True)]
    return _shown(place, before, after, postures, {Cause.WORLD_CHANGED: [item for item in found if item["fields"]]})


def of_revisions(session: Session, place: Row, before: Snapshot, after: Snapshot) -> Json:
    """What differs between two revisions on one day, each change under its revision's cause; nine statements."""
    listings = [in_force.current(session, one).listing(place["code"]) for one in (before, after)]
    postures = [_posture(place, *_rows(session, place, one), listing, one) for listing, one in zip(listings, (before, after), strict=True)]
    rows = after.execute(session, changes.OF_PLACE, after=before.revision, jurisdiction=place["code"]).mappings().all()
    differing = {(item["noun"], item["id"], field["name"]) for item in _net(rows) for field in item["fields"]}
    by_cause = {cause: _net([row for row in rows if row["cause"] == cause], differing) for cause in Cause}
    # A list is of no one place, so that the log does not tell it under this one.
    listed = _listed(*listings)
    by_cause[Cause.SOURCE_ADDED] += [listed] if listed["fields"] else []
    return _shown(place, before, after, postures, by_cause)


def _rows(session: Session, place: Row, moment: Snapshot) -> tuple[list[Row], list[Row]]:
    held, told = (moment.execute(session, noun.OF_PLACES, jurisdictions=[place["code"]]).mappings().all() for noun in (measures, figures))
    return list(held), list(told)


def _posture(place: Row, measure_rows: Iterable[Row], figure_rows: Iterable[Row], listing: Listing | None, moment: Snapshot) -> str | None:
    if place["type"] == JurisdictionType.NATION:
        return None
    claims = [measures.claim(row, moment) for row in measure_rows] + ([listing.claim()] if listing else [])
    return str(posture.read(claims, [figures.report(row, moment) for row in figure_rows]).posture)


def _day(row: Row, moment: Snapshot) -> Json:
    return {"stands": str(measures.claim(row, moment).stands), "phase": str(measures.phase(row, moment))}


def _listed(before: Listing | None, after: Listing | None) -> Json:
    """What the lists in force have for the place; nulls where there is none, or it does not name the place."""
    told = [
        {"roster": one.id, "agreements": one.counts.agreements, "agencies": one.counts.agencies}
        if one
        else dict.fromkeys(("roster", "agreements", "agencies"))
        for one in (before, after)
    ]
    last = after or before
    return _item(str(Noun.ROSTER), last.id if last else "", *told)


def _report(row: Row, moment: Snapshot) -> Json:
    return {"reported": str(figures.report(row, moment).on_file)}


def _item(noun: str, id: str, before: Json, after: Json) -> Json:
    fields = [{"name": name, "before": before[name], "after": after[name]} for name in before if before[name] != after[name]]
    return {"noun": noun, "id": id, "action": str(Action.AMEND), "fields": fields}


def _net(rows: Iterable[Row], differing: Container[Key] | None = None) -> list[Json]:
    """What changes come to, each thing once: what a field was before the first of them and after the last.

    Given ``differing``, a field that it does not name is left out: what one cause did to it, another undid.
    """
    things: dict[tuple[str, str], dict[str, Json]] = {}
    actions: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        fields = things.setdefault((row["noun"], row["id"]), {})
        actions.setdefault((row["noun"], row["id"]), []).append(row["action"])
        for field in row["fields"]:
            known = fields.get(field["name"], field)
            fields[field["name"]] = {**known, "after": field["after"]}
    found = [
        {
            "noun": noun,
            "id": id,
            "action": _net_action(actions[noun, id]),
            "fields": [
                field
                for name, field in fields.items()
                if field["before"] != field["after"] and (differing is None or (noun, id, name) in differing)
            ],
        }
        for (noun, id), fields in things.items()
    ]
    return [item for item in found if item["fields"]]


def _net_action(actions: list[str]) -> str:
    if actions[-1] == Action.RETRACT:
        return str(Action.RETRACT)
    return str(Action.CREATE if actions[0] == Action.CREATE else Action.AMEND)


def _shown(place: Row, before: Snapshot, after: Snapshot, postures: list[str | None], by_cause: Mapping[Any, list[Json]]) -> Json:
    return {
        "jurisdiction": place["code"],
        "from": before.meta(),
        "to": after.meta(),
        "posture": {"before": postures[0], "after": postures[1]},
        "causes": {str(cause): by_cause.get(cause, []) for cause in Cause},
        "meta": after.meta(),
    }

"""Compare a jurisdiction on two days, or at two revisions, and group the differences by cause."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from legal.json_types import Json, Row
from legal.queries.core.snapshot import Snapshot
from legal.queries.history import changes
from legal.queries.record import figures, measures
from legal.queries.rosters import in_force
from legal.queries.rosters.in_force import CurrentRoster, JurisdictionRosterEntry
from legal.rules import posture
from legal.vocabulary import Action, Cause, EntityType, JurisdictionType, RosterKind

_FieldKey = tuple[str, str, str]
"""The entity type, the id and the name of a field."""

_RosterEntries = Sequence[JurisdictionRosterEntry | None]
"""The entry of the roster in force at the earlier and at the later snapshot."""


def compare_days(session: Session, jurisdiction: Row, snapshot: Snapshot, start: date, end: date) -> Json:
    """Compare a jurisdiction on two days at one revision; four SQL statements.

    Both days are read at the same revision, so every difference is a change in the world and not in the record.
    """
    earlier, later = replace(snapshot, as_of=start), replace(snapshot, as_of=end)
    measure_rows, figure_rows = _load_rows(session, jurisdiction, snapshot)
    entries = _load_roster_entries(session, jurisdiction, snapshot, (start, end))
    items = [
        _roster_item(entries),
        *(_item("measure", row["measure"], _effect_fields(row, earlier), _effect_fields(row, later)) for row in measure_rows),
        *(_item("figure", row["figure"], _reported_fields(row, earlier), _reported_fields(row, later)) for row in figure_rows),
    ]
    postures = [
        _posture_value(jurisdiction, measure_rows, figure_rows, entry, on_day)
        for entry, on_day in zip(entries, (earlier, later), strict=True)
    ]
    return _diff_json(jurisdiction, earlier, later, postures, {Cause.WORLD_CHANGED: [item for item in items if item["fields"]]})


def compare_revisions(session: Session, jurisdiction: Row, earlier: Snapshot, later: Snapshot) -> Json:
    """Compare a jurisdiction at two revisions on one day, with the changes grouped by cause; nine SQL statements."""
    entries = [in_force.load_current_roster(session, snapshot).entry_for(jurisdiction["code"]) for snapshot in (earlier, later)]
    postures = [
        _posture_value(jurisdiction, *_load_rows(session, jurisdiction, snapshot), entry, snapshot)
        for entry, snapshot in zip(entries, (earlier, later), strict=True)
    ]
    log = later.execute(session, changes.JURISDICTION_CHANGES_AFTER, after=earlier.revision, jurisdiction=jurisdiction["code"])
    change_rows = log.mappings().all()
    differing = {(item["noun"], item["id"], field["name"]) for item in _net_changes(change_rows) for field in item["fields"]}
    by_cause = {cause: _net_changes([row for row in change_rows if row["cause"] == cause], differing) for cause in Cause}
    # A roster belongs to no single jurisdiction, so that the log of this one does not mention it.
    roster_item = _roster_item(entries)
    by_cause[Cause.SOURCE_ADDED] += [roster_item] if roster_item["fields"] else []
    return _diff_json(jurisdiction, earlier, later, postures, by_cause)


def _load_rows(session: Session, jurisdiction: Row, snapshot: Snapshot) -> tuple[Sequence[Row], Sequence[Row]]:
    """Load the jurisdiction's measures and figures; two SQL statements."""
    codes = [jurisdiction["code"]]
    measure_rows = snapshot.execute(session, measures.BY_JURISDICTION, jurisdictions=codes).mappings().all()
    return measure_rows, snapshot.execute(session, figures.BY_JURISDICTION, jurisdictions=codes).mappings().all()


def _load_roster_entries(session: Session, jurisdiction: Row, snapshot: Snapshot, days: Iterable[date]) -> _RosterEntries:
    """Load the jurisdiction's entry in the roster in force on each day; two SQL statements."""
    rosters = in_force.load_rosters(session, snapshot)
    rosters_by_day = [rosters.roster_in_force(RosterKind.PARTICIPATING, day) for day in days]
    counts = in_force.load_roster_counts(session, snapshot, [roster.id for roster in rosters_by_day if roster])
    return [CurrentRoster(roster, counts, snapshot).entry_for(jurisdiction["code"]) for roster in rosters_by_day]


def _posture_value(
    jurisdiction: Row,
    measure_rows: Iterable[Row],
    figure_rows: Iterable[Row],
    roster_entry: JurisdictionRosterEntry | None,
    snapshot: Snapshot,
) -> str | None:
    if jurisdiction["type"] == JurisdictionType.NATION:
        return None
    claims = [measures.measure_claim(row, snapshot) for row in measure_rows] + ([roster_entry.as_claim()] if roster_entry else [])
    return str(posture.read_posture(claims, [figures.figure_report(row, snapshot) for row in figure_rows]).posture)


def _effect_fields(row: Row, snapshot: Snapshot) -> Json:
    return {"stands": str(measures.measure_claim(row, snapshot).stands), "phase": str(measures.measure_phase(row, snapshot))}


def _reported_fields(row: Row, snapshot: Snapshot) -> Json:
    return {"reported": str(figures.figure_report(row, snapshot).on_file)}


def _roster_item(entries: _RosterEntries) -> Json:
    """Compare the entries of a jurisdiction on two rosters. An entry has nulls if there is no roster."""
    earlier, later = map(_roster_fields, entries)
    newest_entry = next(filter(None, reversed(entries)), None)
    return _item(str(EntityType.ROSTER), newest_entry.roster_id if newest_entry else "", earlier, later)


def _roster_fields(entry: JurisdictionRosterEntry | None) -> Json:
    if entry is None:
        return dict.fromkeys(("roster", "agreements", "agencies"))
    return {"roster": entry.roster_id, "agreements": entry.counts.agreements, "agencies": entry.counts.agencies}


def _item(entity_type: str, id: str, earlier: Json, later: Json) -> Json:
    """Return an entity's change, with the fields whose values differ. ``earlier`` and ``later`` must have the same keys."""
    fields = [{"name": name, "before": earlier[name], "after": later[name]} for name in earlier if earlier[name] != later[name]]
    return {"noun": entity_type, "id": id, "action": str(Action.AMEND), "fields": fields}


def _net_changes(rows: Iterable[Row], differing: Collection[_FieldKey] | None = None) -> list[Json]:
    """Combine all changes of an entity into one item, with the fields' values before the first change and after the last one.

    Fields with the same value before and after are left out. If ``differing`` is given, only the fields in it are kept.
    This leaves out a change that a later change with another cause undid.
    """
    fields_by_entity: dict[tuple[str, str], dict[str, Json]] = {}
    actions_by_entity: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        fields = fields_by_entity.setdefault((row["noun"], row["id"]), {})
        actions_by_entity.setdefault((row["noun"], row["id"]), []).append(row["action"])
        for field in row["fields"]:
            first_change = fields.get(field["name"], field)
            fields[field["name"]] = {**first_change, "after": field["after"]}
    items = [
        {
            "noun": noun,
            "id": id,
            "action": _net_action(actions_by_entity[noun, id]),
            "fields": [
                field
                for name, field in fields.items()
                if field["before"] != field["after"] and (differing is None or (noun, id, name) in differing)
            ],
        }
        for (noun, id), fields in fields_by_entity.items()
    ]
    return [item for item in items if item["fields"]]


def _net_action(actions: Sequence[str]) -> str:
    if actions[-1] == Action.RETRACT:
        return str(Action.RETRACT)
    return str(Action.CREATE if actions[0] == Action.CREATE else Action.AMEND)


def _diff_json(
    jurisdiction: Row, earlier: Snapshot, later: Snapshot, postures: Sequence[str | None], by_cause: Mapping[Cause, list[Json]]
) -> Json:
    return {
        "jurisdiction": jurisdiction["code"],
        "from": earlier.meta_json(),
        "to": later.meta_json(),
        "posture": {"before": postures[0], "after": postures[1]},
        "causes": {str(cause): by_cause.get(cause, []) for cause in Cause},
        "meta": later.meta_json(),
    }

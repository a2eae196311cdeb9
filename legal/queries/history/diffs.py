"""Compare a jurisdiction on two days, or at two revisions, and group the differences by cause."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Select, String, and_, bindparam, cast, func, literal, null, select, union_all
from sqlalchemy.orm import Session

from legal.db.statements import REVISION
from legal.json_types import Json, Row
from legal.models import Figure, FigureVersion, Measure, SearchEntry
from legal.queries.core.snapshot import Snapshot
from legal.queries.history import changes
from legal.queries.record import figures, measures
from legal.queries.rosters import in_force, rosters
from legal.queries.rosters.in_force import CurrentRoster, JurisdictionRosterEntry
from legal.rules import posture
from legal.rules.headline import day_text
from legal.rules.in_effect import UNCERTAIN_ANSWERS
from legal.rules.posture import PostureReading
from legal.vocabulary import Action, Cause, EntityType, JurisdictionType, RosterKind

_ENTRY, _MEASURE, _FIGURE = SearchEntry.__table__.c, Measure.__table__.c, Figure.__table__.c
_FIGURE_VERSION = FigureVersion.__table__.c

_FieldKey = tuple[str, str, str]
"""The entity type, the id and the name of a field."""


def _titles_statement() -> Select[Any]:
    """Return the statement for the last title, by the revision, and the kind of each of a jurisdiction's measures and figures."""
    jurisdiction = bindparam("jurisdiction", type_=String)
    measures_and_figures = union_all(
        select(literal(str(EntityType.MEASURE)).label("noun"), _MEASURE.id, _MEASURE.kind).where(_MEASURE.jurisdiction == jurisdiction),
        select(literal(str(EntityType.FIGURE)), _FIGURE.id, cast(null(), String)).where(_FIGURE.jurisdiction == jurisdiction),
    ).subquery()
    thing, entry = measures_and_figures.c, SearchEntry.__table__.alias("last_entry").c
    last_entry = select(entry.key).where(entry.noun == thing.noun, entry.id == thing.id, entry.revision_from <= REVISION)
    last_key = last_entry.order_by(entry.revision_from.desc()).limit(1).scalar_subquery()
    is_version = and_(
        thing.noun == EntityType.FIGURE, _FIGURE_VERSION.figure == thing.id, _FIGURE_VERSION.revision_from == _ENTRY.revision_from
    )
    return (
        select(thing.noun, thing.id, _ENTRY.title, func.coalesce(thing.kind, _FIGURE_VERSION.metric).label("kind"))
        .select_from(measures_and_figures)
        .join(SearchEntry.__table__, _ENTRY.key == last_key)
        .outerjoin(FigureVersion.__table__, is_version)
    )


_TITLES = _titles_statement()

_RosterEntries = Sequence[JurisdictionRosterEntry | None]
"""The entry of the roster in force at the earlier and at the later snapshot."""


def compare_days(session: Session, jurisdiction: Row, snapshot: Snapshot, start: date, end: date) -> Json:
    """Compare a jurisdiction on two days at one revision; nine SQL statements, two more if the rows of both rosters are on file.

    The record is the same on both days. A difference between two certain answers is a change in the world. A difference
    to or from an uncertain one is listed under ``certainty``: it comes from what the sources leave open, or from their age.
    """
    earlier, later = replace(snapshot, as_of=start), replace(snapshot, as_of=end)
    rows_by_day = [_load_rows(session, jurisdiction, on_day) for on_day in (earlier, later)]
    entries = _load_roster_entries(session, jurisdiction, (earlier, later))
    (earlier_measures, earlier_figures), (later_measures, later_figures) = rows_by_day
    items = [
        _roster_item(entries),
        *(
            _item("measure", before["measure"], _effect_fields(before, earlier), _effect_fields(after, later))
            for before, after in zip(earlier_measures, later_measures, strict=True)
        ),
        *(
            _item("figure", before["figure"], _reported_fields(before, earlier), _reported_fields(after, later))
            for before, after in zip(earlier_figures, later_figures, strict=True)
        ),
    ]
    readings = [
        _posture_reading(jurisdiction, *rows, entry, on_day)
        for rows, entry, on_day in zip(rows_by_day, entries, (earlier, later), strict=True)
    ]
    differing_items = [item for item in items if item["fields"]]
    by_cause = {Cause.WORLD_CHANGED: [item for item in differing_items if not _is_certainty_item(item)]}
    titles = _load_titles(session, jurisdiction, later, entries)
    agreements = _compare_agreements(session, jurisdiction, (earlier, later), entries)
    certainty = list(filter(_is_certainty_item, differing_items))
    return _diff_json(jurisdiction, earlier, later, readings, by_cause, titles, agreements, certainty)


def compare_revisions(session: Session, jurisdiction: Row, earlier: Snapshot, later: Snapshot) -> Json:
    """Compare a jurisdiction at two revisions on one day, with the changes grouped by cause.

    It takes ten SQL statements, and two more if the rows of both rosters are on file.
    """
    entries = [in_force.load_current_roster(session, snapshot).entry_for(jurisdiction["code"]) for snapshot in (earlier, later)]
    readings = [
        _posture_reading(jurisdiction, *_load_rows(session, jurisdiction, snapshot), entry, snapshot)
        for entry, snapshot in zip(entries, (earlier, later), strict=True)
    ]
    log = later.execute(session, changes.JURISDICTION_CHANGES_AFTER, after=earlier.revision, jurisdiction=jurisdiction["code"])
    change_rows = log.mappings().all()
    differing = {(item["noun"], item["id"], field["name"]) for item in _net_changes(change_rows) for field in item["fields"]}
    by_cause = {cause: _net_changes([row for row in change_rows if row["cause"] == cause], differing) for cause in Cause}
    # A roster belongs to no single jurisdiction, so this jurisdiction's log does not mention it.
    roster_item = _roster_item(entries)
    by_cause[Cause.SOURCE_ADDED] += [roster_item] if roster_item["fields"] else []
    titles = _load_titles(session, jurisdiction, later, entries)
    agreements = _compare_agreements(session, jurisdiction, (earlier, later), entries)
    return _diff_json(jurisdiction, earlier, later, readings, by_cause, titles, agreements)


def _load_rows(session: Session, jurisdiction: Row, snapshot: Snapshot) -> tuple[Sequence[Row], Sequence[Row]]:
    """Load the jurisdiction's measures and figures; two SQL statements."""
    codes = [jurisdiction["code"]]
    measure_rows = snapshot.execute(session, measures.BY_JURISDICTION, jurisdictions=codes).mappings().all()
    return measure_rows, snapshot.execute(session, figures.BY_JURISDICTION, jurisdictions=codes).mappings().all()


def _load_roster_entries(session: Session, jurisdiction: Row, snapshots: Sequence[Snapshot]) -> _RosterEntries:
    """Load the jurisdiction's entry in the roster in force on the day of each snapshot, at the first one's revision; two statements."""
    timeline = in_force.load_rosters(session, snapshots[0])
    rosters_by_day = [timeline.roster_in_force(RosterKind.PARTICIPATING, snapshot.as_of) for snapshot in snapshots]
    counts = in_force.load_roster_counts(session, snapshots[0], [roster.id for roster in rosters_by_day if roster])
    return [
        CurrentRoster(roster, counts, snapshot).entry_for(jurisdiction["code"])
        for roster, snapshot in zip(rosters_by_day, snapshots, strict=True)
    ]


def _compare_agreements(session: Session, jurisdiction: Row, snapshots: Sequence[Snapshot], entries: _RosterEntries) -> Json | None:
    """Return which agreements only one of the two rosters in force lists; null unless the rows of both are on file."""
    ends = [(snapshot, entry.roster_id) for snapshot, entry in zip(snapshots, entries, strict=True) if entry and entry.roster.has_rows]
    return rosters.compare_agreements(session, jurisdiction["code"], *ends) if len(ends) == len(entries) else None


def _posture_reading(
    jurisdiction: Row,
    measure_rows: Iterable[Row],
    figure_rows: Iterable[Row],
    roster_entry: JurisdictionRosterEntry | None,
    snapshot: Snapshot,
) -> PostureReading | None:
    if jurisdiction["type"] == JurisdictionType.NATION:
        return None
    claims = [measures.measure_claim(row, snapshot) for row in measure_rows] + ([roster_entry.as_claim()] if roster_entry else [])
    return posture.read_posture(claims, [figures.figure_report(row, snapshot) for row in figure_rows])


def _effect_fields(row: Row, snapshot: Snapshot) -> Json:
    return {
        "stands": str(measures.measure_claim(row, snapshot).stands),
        "status": row["status_on_day"],
        "phase": str(measures.measure_phase(row, snapshot)),
    }


def _reported_fields(row: Row, snapshot: Snapshot) -> Json:
    return {"reported": str(figures.figure_report(row, snapshot).on_file)}


def _is_certainty_item(item: Json) -> bool:
    """Return whether an item differs only because one of its answers is uncertain."""
    return any(field["before"] in UNCERTAIN_ANSWERS or field["after"] in UNCERTAIN_ANSWERS for field in item["fields"])


def _roster_item(entries: _RosterEntries) -> Json:
    """Compare the two roster entries. An entry that does not exist has nulls. A new roster with the same counts is no difference."""
    earlier, later = map(_roster_fields, entries)
    if (earlier["agreements"], earlier["agencies"]) == (later["agreements"], later["agencies"]):
        earlier = later
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


def _load_titles(
    session: Session, jurisdiction: Row, later: Snapshot, entries: _RosterEntries
) -> Mapping[tuple[str, str], Mapping[str, str]]:
    """Load the kind and title of each measure and figure on file at the later snapshot or before; one SQL statement.

    The roster of each entry is added, by its kind and day.
    """
    rows = later.execute(session, _TITLES, jurisdiction=jurisdiction["code"])
    refs = [entry.roster for entry in entries if entry]
    return {
        # A later version replaces an earlier one.
        **{(row.noun, row.id): {"kind": row.kind, "title": row.title} for row in rows},
        **{
            (str(EntityType.ROSTER), roster.id): {
                "kind": roster.kind,
                "title": f"ICE's roster of {roster.kind} agencies, {day_text(roster.date)}",
            }
            for roster in refs
        },
    }


def _diff_json(
    jurisdiction: Row,
    earlier: Snapshot,
    later: Snapshot,
    readings: Sequence[PostureReading | None],
    by_cause: Mapping[Cause, list[Json]],
    titles: Mapping[tuple[str, str], Mapping[str, str]],
    agreements: Json | None,
    certainty: Sequence[Json] = (),
) -> Json:
    def with_title(item: Json) -> Json:
        return {"noun": item["noun"], "id": item["id"], **titles[item["noun"], item["id"]], **item}

    return {
        "jurisdiction": jurisdiction["code"],
        "from": earlier.meta_json(),
        "to": later.meta_json(),
        "posture": _posture_change_json(*readings),
        "causes": {str(cause): [with_title(item) for item in by_cause.get(cause, [])] for cause in Cause},
        "certainty": list(map(with_title, certainty)),
        "agreements": agreements,
        "meta": later.meta_json(),
    }


def _posture_change_json(before: PostureReading | None, after: PostureReading | None) -> Json:
    """Compare two postures. Only the certainty changed if one of the two was already possible at the snapshot of the other."""
    if before is None or after is None:
        return {"before": None, "after": None, "certainty_only": False}
    is_open = after.posture in before.could_be or before.posture in after.could_be
    return {"before": str(before.posture), "after": str(after.posture), "certainty_only": before.posture != after.posture and is_open}

"""Postures: the list of all places, each with its posture and its measures by kind."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Select, Text, cast, func, select
from sqlalchemy.orm import Session

from legal.db.statements import seen
from legal.json_types import Json, Row
from legal.models import FigureVersion, MeasureVersion
from legal.queries.core import in_effect
from legal.queries.core.pagination import Page, Paging, cut
from legal.queries.core.snapshot import Snapshot
from legal.queries.record import jurisdictions
from legal.queries.rosters import in_force
from legal.queries.rosters.in_force import Current, Listing
from legal.rules.dates import reached
from legal.rules.posture import Claim, Report, certain_facts, first_rule
from legal.vocabulary import JurisdictionType, Kind, Posture, Stands

MEASURE, FIGURE = MeasureVersion.__table__.c, FigureVersion.__table__.c


def _alike_measures() -> Select[Any]:
    told = (MEASURE.jurisdiction, MEASURE.kind, MEASURE.status, MEASURE.direction, MEASURE.reach, MEASURE.prohibits_agreements)
    excepted = MEASURE.exceptions.is_not(None).label("excepted")
    scope = (cast(MEASURE.binds, Text).label("binds"), cast(MEASURE.does_not_bind, Text).label("does_not_bind"))
    # Grouped from a subquery: PostgreSQL would not see that two parametrised expressions are one.
    stands = (in_effect.ANSWER.label("stands"), in_effect.IS_OVER.label("over"))
    each = select(*told, excepted, *scope, *stands).where(seen(MEASURE)).subquery()
    return select(*each.c, func.count().label("number")).group_by(*each.c)


ALIKE = _alike_measures()
REPORTS = select(FIGURE.jurisdiction, FIGURE.metric, FIGURE.reported_earliest, FIGURE.reported_latest).distinct().where(seen(FIGURE))


def page(session: Session, moment: Snapshot, filters: Mapping[str, Any], paging: Paging) -> tuple[list[Json], Page]:
    """Places that match, each with its posture and its measures by kind, and the page they are; five statements.

    There are 57 places, and what they are sorted and filtered by is worked out, so that this page is cut here.
    """
    current = in_force.current(session, moment)
    matching = [row for row in listed(session, moment, current) if _matches(row, current.listing(row["code"]), filters)]
    found = cut(matching, _value, lambda row: str(row["code"]), paging)
    return found.rows, found


def listed(session: Session, moment: Snapshot, current: Current) -> list[Json]:
    """All 57 places with their postures and their measures by kind; three statements. ``current`` is the list in force."""
    alike = _alike(session, moment)
    reports = _reports(session, moment)
    return [
        _row(place, alike[place["code"]], reports[place["code"]], current.listing(place["code"]))
        for place in jurisdictions.all_places(session)
    ]


def named(value: Posture) -> Json:
    """A posture in a word and in words."""
    return {"value": str(value), "label": value.label}


def _alike(session: Session, moment: Snapshot) -> dict[str, list[tuple[Claim, int]]]:
    """Each place's measures that the rules cannot tell apart, as one claim with their number.

    A posture rests on what sorts of measure there are, not on how many: the database groups them,
    so that the work here stays the same however many there are.
    """
    found: dict[str, list[tuple[Claim, int]]] = defaultdict(list)
    for row in moment.execute(session, ALIKE).mappings():
        claim = Claim(
            id="",
            kind=row["kind"],
            status=row["status"],
            direction=row["direction"],
            stands=Stands(row["stands"]),
            binds=frozenset(json.loads(row["binds"])),
            does_not_bind=frozenset(json.loads(row["does_not_bind"])),
            reach=row["reach"],
            prohibits_agreements=row["prohibits_agreements"],
            has_exceptions=bool(row["excepted"]),
            over=bool(row["over"]),
        )
        found[row["jurisdiction"]].append((claim, row["number"]))
    return found


def _reports(session: Session, moment: Snapshot) -> dict[str, list[Report]]:
    found: dict[str, list[Report]] = defaultdict(list)
    for row in moment.execute(session, REPORTS):
        found[row.jurisdiction].append(Report("", row.metric, reached(row.reported_earliest, row.reported_latest, moment.as_of)))
    return found


def _row(place: Row, alike: Sequence[tuple[Claim, int]], reports: Iterable[Report], listing: Listing | None) -> Json:
    nation = place["type"] == JurisdictionType.NATION
    kinds: Counter[str] = Counter()
    for claim, number in alike:
        kinds[claim.kind] += number if claim.stands is not Stands.NO else 0
    claims = [claim for claim, _ in alike] + ([listing.claim()] if listing else [])
    facts = certain_facts(claims, list(reports))
    return {
        **jurisdictions.shown(place),
        "posture": None if nation else named(first_rule(facts).posture),
        "measures": {str(kind): kinds[kind] for kind in Kind},
    }


def _value(row: Json, name: str) -> Any:
    if name == "posture":
        return row["posture"] and row["posture"]["value"]
    return row["measures"] if name == "kind" else row[name]


def _matches(row: Json, listing: Listing | None, filters: Mapping[str, Any]) -> bool:
    posture_value = row["posture"] and row["posture"]["value"]
    kinds = {kind for kind, number in row["measures"].items() if number} | ({Kind.ACTIVE_AGREEMENTS} if listing else set())
    called = f"{row['name']} {row['code']} {row['slug']}".lower()
    return (
        (not filters.get("type") or row["type"] in filters["type"])
        and (not filters.get("posture") or posture_value in filters["posture"])
        and (not filters.get("kind") or bool(kinds & set(filters["kind"])))
        and all(word in called for word in filters.get("q", "").lower().split())
    )

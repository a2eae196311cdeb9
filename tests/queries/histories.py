"""Generate random histories of a small record, and compute the expected responses from the log of changes alone."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from itertools import combinations
from typing import Any

from flask.testing import FlaskClient
from hypothesis import strategies as st

from legal.json_types import Json
from legal.rules import knowledge, posture
from legal.rules.conflicts import CONFLICT_VERDICTS, ComparableFigure, Period, compare_figures, pairing_type
from legal.rules.dates import UNKNOWN_DATE, EdtfDate, happened_by
from legal.rules.evidence import cap_at_access_date, report_bounds
from legal.rules.figures import QuantityRange, allowed_interval
from legal.rules.in_effect import compute_effect_period, has_ended_by, in_effect_on, is_past_horizon, phase_on
from legal.rules.posture import Claim, Report
from legal.rules.statuses import dated_statuses, status_on
from legal.services.drafts import _source_dates
from legal.services.seeds import SeedFile
from legal.vocabulary import LIFECYCLES, Basis, Cause, Comparator, Direction, Kind, Metric, OtherEvent, Stands, Unit
from tests.api.factories import walk_pages
from tests.services.factories import (
    checked_seed_files,
    citation_json,
    document_file,
    explicit_date,
    figure_json,
    jurisdiction_file,
    measure_json,
)

EntityKey = tuple[str, str]
"""The type and the id of an entity."""

World = dict[str, Json | None]
"""The content of each entity by id; null if it is retracted."""

Log = tuple[dict[EntityKey, Json], Counter[EntityKey]]
"""The content of each entity at a revision, and the number of its versions by then."""

JURISDICTIONS = {"VA": "Virginia", "MD": "Maryland"}
KINDS = {
    "va-order": Kind.EXECUTIVE_ORDER,
    "va-bill": Kind.PENDING_BILL,
    "va-agreements": Kind.ACTIVE_AGREEMENTS,
    "md-suit": Kind.LITIGATION,
    "md-ban": Kind.BAN,
}
METRICS = {
    "va-arrests": (Metric.ARRESTS, Unit.ARRESTS),
    "va-agencies": (Metric.PARTICIPATION, Unit.AGENCIES),
    "va-sheriffs": (Metric.PARTICIPATION, Unit.AGENCIES),
    "md-agreements": (Metric.PARTICIPATION, Unit.AGREEMENTS),
}
DATES = (None, "2025", "2026-01", "2026-02-04", "2026-02-04/2026-06", "../2026-03", "2026-09/..")
DAYS = ("2024-12-31", "2026-01-15", "2026-02-03", "2026-02-04", "2026-03-31", "2026-12-31")
COMPARED_POSTURE_FIELDS = ("value", "rule", "because", "could_be")
TERMS = [
    {"from": start and explicit_date(start), "to": end and explicit_date(end)}
    for start, end in (
        (None, None),
        ("2025", None),
        ("2026-02-04", None),
        ("2026-01", "2026-03-31"),
        (None, "2026-02"),
        ("../2026-03", "2026/.."),
    )
]

dates = st.sampled_from([edtf and explicit_date(edtf) for edtf in DATES])


@st.composite
def random_measure(draw: st.DrawFn, id: str) -> Json:
    """Draw a measure of the id's kind, with any status and any dates."""
    statuses = [step.status for step in LIFECYCLES[KINDS[id]]]
    events = st.fixed_dictionaries(
        {"event": st.sampled_from([*statuses, OtherEvent.REPORTED.value]), "date": dates, "description": st.just("It happened.")}
    )
    return measure_json(
        id,
        kind=KINDS[id].value,
        status=draw(st.sampled_from(statuses)),
        title=draw(st.sampled_from(["One title", "Another title"])),
        direction=draw(st.sampled_from([direction.value for direction in Direction])),
        implies=draw(st.sampled_from([[], [Kind.ACTIVE_AGREEMENTS.value]])),
        effective=draw(st.sampled_from(TERMS)),
        events=draw(st.lists(events, max_size=2)),
        citations=[citation_json(speech_act=draw(st.sampled_from(["asserts", "predicts"])))],
    )


@st.composite
def random_figure(draw: st.DrawFn, id: str) -> Json:
    """Draw a figure of the id's metric, with any quantity and any date."""
    metric, unit = METRICS[id]
    comparators = [comparator.value for comparator in Comparator]
    quantity = {"comparator": draw(st.sampled_from(comparators)), "value": draw(st.sampled_from([2, 3, 40]))}
    return figure_json(id, metric=metric.value, unit=unit.value, date=draw(dates), **quantity)


entity_changes = st.one_of(
    *(st.tuples(st.just(id), st.none() | random_measure(id)) for id in KINDS),
    *(st.tuples(st.just(id), st.none() | random_figure(id)) for id in METRICS),
    st.tuples(st.just("paper"), st.builds(lambda published: document_file(published=published), dates)),
)
"""An entity's id and its new content, which creates, amends or restores it; null retracts it."""
edits = st.tuples(st.sampled_from([cause.value for cause in Cause]), st.lists(entity_changes, min_size=1, max_size=4))


def apply_edit(world: World, edit: Iterable[tuple[str, Json | None]]) -> World:
    """Return the world after an edit."""
    return world | dict(edit)


def seed_files(world: World) -> list[SeedFile]:
    """Return the seed files of a world."""
    contents = {id: content for id, content in world.items() if content}
    jurisdictions = [
        jurisdiction_file(
            code,
            name,
            measures=[contents[id] for id in KINDS if id in contents and id.startswith(code.lower())],
            figures=[contents[id] for id in METRICS if id in contents and id.startswith(code.lower())],
        )
        for code, name in JURISDICTIONS.items()
    ]
    return checked_seed_files(*jurisdictions, documents=[contents.get("paper", document_file())])


# Expected responses, from the log.


def replay_log(client: FlaskClient, revision: int) -> Log:
    """Apply all changes up to a revision; return the contents and the number of versions of each entity."""
    contents: dict[EntityKey, Json] = {}
    versions: Counter[EntityKey] = Counter()
    for row in walk_pages(client, f"/v1/changes?revision={revision}&limit=200"):
        key = row["noun"], row["id"]
        content = contents.pop(key, {}) | {field["name"]: field["after"] for field in row["fields"]}
        if row["action"] != "retract":
            contents[key] = content
            versions[key] += 1
    return contents, versions


def expected_card(log: Log, code: str, day: date) -> Json:
    """Return the decisive parts of a jurisdiction's card on a day, computed from the log."""
    contents, versions = log
    documents = {
        id: cap_at_access_date(_parse_date(content["published"]), _parse_date(content["accessed"]).latest)
        for (noun, id), content in contents.items()
        if noun == "document"
    }
    measures, figures = _contents_of(contents, "measure", code), _contents_of(contents, "figure", code)
    periods = {id: _effect_period(content, documents) for id, content in measures.items()}
    statuses = {id: _status_on(content, documents, periods[id], day) for id, content in measures.items()}
    claims = [_measure_claim(id, content, statuses[id], periods[id], day) for id, content in measures.items()]
    reports = [Report(id, content["metric"], _reported_by(content, documents, day)) for id, content in figures.items()]
    reading = posture.read_posture(claims, reports)
    on_file = [report.id for report in reports if report.on_file is not Stands.NO]
    return {
        "posture": (reading.posture, reading.rule, [*reading.because], [*reading.could_be]),
        "set_aside": [id for id, _ in reading.set_aside],
        "would_become": [*reading.would_become],
        "knowledge": {str(kind): str(knowledge.slot_basis(kind, claims)[0]) for kind in Kind},
        "measures": {
            claim.id: (
                claim.stands,
                claim.status,
                phase_on(periods[claim.id], claim.kind, measures[claim.id]["status"], claim.status, day),
                measures[claim.id]["title"],
                versions["measure", claim.id],
            )
            for claim in claims
        },
        "figures": {id: (*_value_and_bounds(figures[id]), versions["figure", id]) for id in on_file},
        "conflicts": {
            ("--".join(pair), *comparison)
            for pair in combinations(on_file, 2)
            if _can_be_paired(*(figures[id] for id in pair))
            and (comparison := _compare_pair(*((id, figures[id]) for id in pair)))[0] in CONFLICT_VERDICTS
        },
    }


def served_card(client: FlaskClient, code: str, day: date, revision: int) -> Json:
    """Return the same parts of the card that the API serves, and check that its slots agree with the list of measures."""
    pin = f"as_of={day.isoformat()}&revision={revision}"
    card = client.get(f"/v1/jurisdictions/{code}?{pin}").json
    response = client.get(f"/v1/measures?jurisdiction={code}&limit=200&{pin}")
    assert response.status_code == 200, response.text
    rows = response.json["results"]
    slots = card["stance"] | card["background"]
    in_effect = {kind: [row["id"] for row in rows if row["kind"] == kind and row["stands"] != "no"] for kind in slots}
    assert {kind: [measure["id"] for measure in slot["measures"]] for kind, slot in slots.items()} == in_effect
    return {
        "posture": tuple(card["posture"][key] for key in COMPARED_POSTURE_FIELDS),
        "set_aside": [claim["id"] for claim in card["posture"]["set_aside"]],
        "would_become": [(bill["if"], bill["posture"]) for bill in card["posture"]["would_become"]],
        "knowledge": {kind: slot["knowledge"] for kind, slot in slots.items()},
        "measures": {row["id"]: (row["stands"], row["status"], row["phase"], row["title"], row["version"]) for row in rows},
        "figures": {figure["id"]: (figure["value"], figure["low"], figure["high"], figure["version"]) for figure in card["figures"]},
        "conflicts": {(conflict["id"], conflict["verdict"], conflict["dimension"]) for conflict in card["conflicts"]},
    }


def _contents_of(contents: Mapping[EntityKey, Json], entity_type: str, code: str) -> dict[str, Json]:
    """Return the contents of a jurisdiction's entities of one type by id, in the order of their ids."""
    return {id: contents[noun, id] for noun, id in sorted(contents) if noun == entity_type and contents[noun, id]["jurisdiction"] == code}


def _parse_date(date_json: Json) -> EdtfDate:
    earliest, latest = (date_json[key] and date.fromisoformat(date_json[key]) for key in ("earliest", "latest"))
    return EdtfDate(date_json["edtf"], earliest, latest, Basis(date_json["basis"]))


def _effect_period(content: Json, documents: dict[str, EdtfDate]) -> Any:
    effective = content["effective"]
    source_dates = _source_dates(content["citations"], documents)
    return compute_effect_period(
        content["kind"],
        content["status"],
        _parse_date(effective["from"]),
        _parse_date(effective["to"]),
        _event_dates(content),
        source_dates,
    )


def _event_dates(content: Json) -> list[tuple[str, EdtfDate]]:
    return [(event["event"], _parse_date(event["date"])) for event in content["events"]]


def _status_on(content: Json, documents: dict[str, EdtfDate], period: Any, day: date) -> str | None:
    source_dates = _source_dates(content["citations"], documents)
    effective_to = _parse_date(content["effective"]["to"])
    return status_on(dated_statuses(content["kind"], content["status"], _event_dates(content), source_dates, period, effective_to), day)


def _measure_claim(id: str, content: Json, status: str | None, period: Any, day: date) -> Claim:
    scope = content["scope"]
    return Claim(
        id,
        content["kind"],
        status,
        content["direction"],
        in_effect_on(period, content["kind"], content["status"], day),
        frozenset(scope["binds"]),
        frozenset(scope["does_not_bind"]),
        scope["agreements"],
        scope["prohibits_agreements"],
        scope["exceptions"] is not None,
        frozenset(content["implies"]),
        has_ended_by(period, day) is Stands.YES,
        is_past_horizon=is_past_horizon(period, day),
    )


def _reported_by(content: Json, documents: dict[str, EdtfDate], day: date) -> Stands:
    bounds = report_bounds(_parse_date(content["date"]), _source_dates(content["citations"], documents))
    return happened_by(*bounds, day)


def _value_and_bounds(content: Json) -> tuple[float, float | None, float | None]:
    return content["value"], *allowed_interval(content["comparator"], content["value"], content["unit"])


def _can_be_paired(first: Json, second: Json) -> bool:
    types = {(figure["metric"], pairing_type(figure["metric"], figure["quantity"])) for figure in (first, second)}
    return len(types) == 1 and types.pop()[1] is not None


def _compare_pair(*pair: tuple[str, Json]) -> tuple[str, str]:
    first, second = (
        ComparableFigure(
            id,
            QuantityRange(content["unit"], *_value_and_bounds(content)),
            content["rounded"],
            content.get("cohort"),
            content.get("agency_class"),
            None,
            _parse_date(content["date"]),
            Period(UNKNOWN_DATE, UNKNOWN_DATE),
        )
        for id, content in pair
    )
    comparison = compare_figures(first, second)
    return comparison.verdict, comparison.dimension

"""Random histories of a small record, and what its answers must be, worked out from the log alone."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from itertools import combinations
from typing import Any

from flask.testing import FlaskClient
from hypothesis import strategies as st

from legal.rules import knowledge, posture
from legal.rules.conflicts import HETEROGENEOUS, Reported, compare
from legal.rules.dates import UNKNOWN, When, reached
from legal.rules.figures import Quantity, interval
from legal.rules.in_effect import ended, phase_on, span, stands
from legal.rules.posture import Claim, Report
from legal.services.drafts import first_reported, known_by, sources
from legal.services.seeds import File
from legal.vocabulary import LIFECYCLES, Basis, Cause, Comparator, Direction, Kind, Metric, OtherEvent, Stands, Unit
from tests.api.factories import walked
from tests.services.factories import citation, day, document, figure, files, measure, place

Json = dict[str, Any]
Thing = tuple[str, str]

PLACES = {"VA": "Virginia", "MD": "Maryland"}
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
DECISIVE = ("value", "rule", "because", "could_be")
TERMS = [
    {"from": start and day(start), "to": end and day(end)}
    for start, end in (
        (None, None),
        ("2025", None),
        ("2026-02-04", None),
        ("2026-01", "2026-03-31"),
        (None, "2026-02"),
        ("../2026-03", "2026/.."),
    )
]

dates = st.sampled_from([one and day(one) for one in DATES])


@st.composite
def measures(draw: st.DrawFn, id: str) -> Json:
    """A measure of one kind, in any status, with any dates."""
    statuses = [step.status for step in LIFECYCLES[KINDS[id]]]
    events = st.fixed_dictionaries(
        {"event": st.sampled_from([*statuses, OtherEvent.REPORTED.value]), "date": dates, "description": st.just("It happened.")}
    )
    return measure(
        id,
        kind=KINDS[id].value,
        status=draw(st.sampled_from(statuses)),
        title=draw(st.sampled_from(["One title", "Another title"])),
        direction=draw(st.sampled_from([one.value for one in Direction])),
        implies=draw(st.sampled_from([[], [Kind.ACTIVE_AGREEMENTS.value]])),
        effective=draw(st.sampled_from(TERMS)),
        events=draw(st.lists(events, max_size=2)),
        citations=[citation(speech_act=draw(st.sampled_from(["asserts", "predicts"])))],
    )


@st.composite
def figures(draw: st.DrawFn, id: str) -> Json:
    """A figure of one metric, of any quantity and any date."""
    metric, unit = METRICS[id]
    said = {"comparator": draw(st.sampled_from([one.value for one in Comparator])), "value": draw(st.sampled_from([2, 3, 40]))}
    return figure(id, metric=metric.value, unit=unit.value, date=draw(dates), **said)


things = st.one_of(
    *(st.tuples(st.just(id), st.none() | measures(id)) for id in KINDS),
    *(st.tuples(st.just(id), st.none() | figures(id)) for id in METRICS),
    st.tuples(st.just("paper"), st.builds(lambda published: document(published=published), dates)),
)
"""A thing and what becomes of it: another content, which creates it, amends it or brings it back, or nothing."""
edits = st.tuples(st.sampled_from([cause.value for cause in Cause]), st.lists(things, min_size=1, max_size=4))


def seeded(world: dict[str, Json | None]) -> list[File]:
    """The seed files of what there is."""
    there = {id: content for id, content in world.items() if content}
    contents = [
        place(
            code,
            name,
            measures=[there[id] for id in KINDS if id in there and id.startswith(code.lower())],
            figures=[there[id] for id in METRICS if id in there and id.startswith(code.lower())],
        )
        for code, name in PLACES.items()
    ]
    return files(*contents, documents=[there.get("paper", document())])


# What the log says.


def folded(client: FlaskClient, revision: int) -> tuple[dict[Thing, Json], Counter[Thing]]:
    """What everything said at a revision, and how many versions it had had, from the changes up to it."""
    found: dict[Thing, Json] = {}
    versions: Counter[Thing] = Counter()
    for row in walked(client, f"/v1/changes?revision={revision}&limit=200"):
        key = row["noun"], row["id"]
        content = found.pop(key, {}) | {field["name"]: field["after"] for field in row["fields"]}
        if row["action"] != "retract":
            found[key] = content
            versions[key] += 1
    return found, versions


def expected(log: tuple[dict[Thing, Json], Counter[Thing]], code: str, on: date) -> Json:
    """What the card of a place must say on a day."""
    contents, versions = log
    documents = {
        id: known_by(_when(one["published"]), _when(one["accessed"])) for (noun, id), one in contents.items() if noun == "document"
    }
    held = {id: contents[noun, id] for noun, id in sorted(contents) if noun == "measure" and contents[noun, id]["jurisdiction"] == code}
    told = {id: contents[noun, id] for noun, id in sorted(contents) if noun == "figure" and contents[noun, id]["jurisdiction"] == code}
    spans = {id: _span(one, documents) for id, one in held.items()}
    claims = [_claim(id, one, spans[id], on) for id, one in held.items()]
    reports = [Report(id, one["metric"], _reported(one, documents, on)) for id, one in told.items()]
    reading = posture.read(claims, reports)
    on_file = [report.id for report in reports if report.on_file is not Stands.NO]
    return {
        "posture": (reading.posture, reading.rule, [*reading.because], [*reading.could_be]),
        "set_aside": [id for id, _ in reading.set_aside],
        "would_become": [*reading.would_become],
        "knowledge": {str(kind): str(knowledge.of_slot(kind, claims)) for kind in Kind},
        "measures": {
            claim.id: (
                claim.stands,
                phase_on(spans[claim.id], claim.kind, claim.status, on),
                held[claim.id]["title"],
                versions["measure", claim.id],
            )
            for claim in claims
        },
        "figures": {id: (*_bounds(told[id]), versions["figure", id]) for id in on_file},
        "conflicts": {
            ("--".join(pair), *_compared(*((id, told[id]) for id in pair)))
            for pair in combinations(on_file, 2)
            if told[pair[0]]["metric"] == told[pair[1]]["metric"] not in HETEROGENEOUS
        },
    }


def said(client: FlaskClient, code: str, on: date, revision: int) -> Json:
    """What the API says of the same, in the same form."""
    moment = f"as_of={on.isoformat()}&revision={revision}"
    card = client.get(f"/v1/jurisdictions/{code}?{moment}").json
    rows = client.get(f"/v1/measures?jurisdiction={code}&limit=200&{moment}").json["results"]
    given = card["posture"]
    standing = {kind: [row["id"] for row in rows if row["kind"] == kind and row["stands"] != "no"] for kind in card["stance"]}
    assert {kind: [one["id"] for one in slot["measures"]] for kind, slot in card["stance"].items()} == standing
    return {
        "posture": tuple(given[key] for key in DECISIVE),
        "set_aside": [one["id"] for one in given["set_aside"]],
        "would_become": [(one["if"], one["posture"]) for one in given["would_become"]],
        "knowledge": {kind: slot["knowledge"] for kind, slot in card["stance"].items()},
        "measures": {row["id"]: (row["stands"], row["phase"], row["title"], row["version"]) for row in rows},
        "figures": {one["id"]: (one["value"], one["low"], one["high"], one["version"]) for one in card["figures"]},
        "conflicts": {(one["id"], one["verdict"], one["dimension"]) for one in card["conflicts"]},
    }


def _when(written: Json) -> When:
    first, last = (written[key] and date.fromisoformat(written[key]) for key in ("earliest", "latest"))
    return When(written["edtf"], first, last, Basis(written["basis"]))


def _span(content: Json, documents: dict[str, When]) -> Any:
    effective, happened = content["effective"], [(one["event"], _when(one["date"])) for one in content["events"]]
    read = sources(content["citations"], documents)
    return span(content["kind"], content["status"], _when(effective["from"]), _when(effective["to"]), happened, read)


def _claim(id: str, content: Json, when: Any, on: date) -> Claim:
    scope = content["scope"]
    return Claim(
        id,
        content["kind"],
        content["status"],
        content["direction"],
        stands(when, content["kind"], content["status"], on),
        frozenset(scope["binds"]),
        frozenset(scope["does_not_bind"]),
        scope["agreements"],
        scope["prohibits_agreements"],
        scope["exceptions"] is not None,
        frozenset(content["implies"]),
        ended(when, on) is Stands.YES,
    )


def _reported(content: Json, documents: dict[str, When], on: date) -> Stands:
    own = _when(content["date"])
    when = own if own != UNKNOWN else first_reported(sources(content["citations"], documents))
    return reached(when.earliest, when.latest, on)


def _bounds(content: Json) -> tuple[float, float | None, float | None]:
    return content["value"], *interval(content["comparator"], content["value"], content["unit"])


def _compared(*pair: tuple[str, Json]) -> tuple[str, str]:
    one, other = (
        Reported(
            id,
            Quantity(content["unit"], *_bounds(content)),
            content.get("cohort"),
            content.get("agency_class"),
            None,
            _when(content["date"]),
        )
        for id, content in pair
    )
    found = compare(one, other)
    return found.verdict, found.dimension


def changed(world: dict[str, Json | None], edit: Iterable[tuple[str, Json | None]]) -> dict[str, Json | None]:
    """What there is after an edit."""
    return world | dict(edit)

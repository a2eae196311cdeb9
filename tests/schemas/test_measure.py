"""Schema of measures in seed files: status, events and agreements fit the kind, and a citation supports the measure."""

import pytest
from marshmallow import ValidationError

from legal.rules.dates import parse_date
from legal.schemas.measure import MEASURE_EVENTS, MeasureDraft
from legal.schemas.seeds import flatten_messages
from legal.vocabulary import LIFECYCLES, OtherEvent
from tests.schemas.factories import valid_citation, valid_measure


def measure_faults(**changes: object) -> dict[str, str]:
    """Load an invalid measure and return the messages, by JSON pointer."""
    with pytest.raises(ValidationError) as error:
        MeasureDraft().load(valid_measure(**changes))
    return dict(flatten_messages(error.value.messages))


def build_event(name: str) -> dict[str, object]:
    """Build an undated event."""
    return {"event": name, "date": None, "description": "It happened."}


def test_kind_accepts_every_status_of_its_lifecycle() -> None:
    failures = []
    for kind, step in [(kind, step) for kind, steps in LIFECYCLES.items() for step in steps]:
        measure = valid_measure(kind=kind, status=step.status, direction="encourages_cooperation", events=[build_event(step.status)])
        if faults := MeasureDraft().validate(measure):
            failures.append((kind, step.status, faults))
    assert failures == []


@pytest.mark.parametrize(
    ("kind", "status"), [("ban", "passed_legislature"), ("pending_bill", "in_force"), ("active_agreements", "repealed")]
)
def test_status_of_another_kind_is_rejected_with_the_allowed_ones(kind: str, status: str) -> None:
    faults = measure_faults(kind=kind, status=status, events=[])
    assert list(faults) == ["/status"]
    assert all(step.status in faults["/status"] for step in LIFECYCLES[kind])  # type: ignore[index]


def test_event_of_another_kind_is_rejected_at_its_position() -> None:
    assert measure_faults(events=[build_event("issued"), build_event("vetoed")]) == {
        "/events/1/event": "The kind executive_order has no event vetoed."
    }


@pytest.mark.parametrize("name", OtherEvent)
def test_every_kind_accepts_the_general_events(name: str) -> None:
    assert MeasureDraft().load(valid_measure(events=[build_event(name)]))


def test_only_measures_about_agreements_can_name_agreements() -> None:
    names = {"agreements": ["va-fairfax-county-sheriffs-office-task-force"]}
    faults = measure_faults(**names)
    assert list(faults) == ["/agreements"]
    assert "active_agreements can name agreements" in faults["/agreements"]
    measure = valid_measure(kind="active_agreements", status="active", events=[], **names)
    assert MeasureDraft().load(measure)["agreements"] == names["agreements"]


@pytest.mark.parametrize("id", ["", "Union County", "va--x", "a" * 161, 1])
def test_agreement_must_be_a_valid_id(id: object) -> None:
    assert list(measure_faults(kind="active_agreements", status="active", events=[], agreements=["va-one", id])) == ["/agreements/1"]


@pytest.mark.parametrize("role", ["contradicts", "context"])
def test_measure_needs_a_supporting_citation(role: str) -> None:
    assert list(measure_faults(citations=[valid_citation(role=role)])) == ["/citations"]
    assert MeasureDraft().load(valid_measure(citations=[valid_citation(role=role), valid_citation()]))


def test_all_faults_are_reported_at_once_with_their_pointers() -> None:
    faults = measure_faults(
        kind="law", id="VA", citations=[valid_citation(start=5, end=5), valid_citation(role="says")], events=[{"event": "issued"}]
    )
    assert set(faults) == {
        "/kind",
        "/id",
        "/citations/0/end",
        "/citations/1/role",
        "/events/0/description",
    }


def test_dates_are_loaded_with_their_bounds() -> None:
    loaded = MeasureDraft().load(valid_measure(effective={"from": {"edtf": "2026-01", "basis": "inferred"}, "to": None}))
    assert loaded["effective"] == {"from_": parse_date("2026-01", "inferred"), "to": None}


def test_invalid_date_is_reported_with_its_reason() -> None:
    faults = measure_faults(effective={"from": {"edtf": "2023-02-29", "basis": "explicit"}, "to": {"edtf": "January", "basis": "explicit"}})
    assert list(faults) == ["/effective/from/edtf", "/effective/to/edtf"]
    assert "not a date in EDTF level 1" in faults["/effective/to/edtf"]


def test_events_are_unique() -> None:
    assert len(MEASURE_EVENTS) == len(set(MEASURE_EVENTS))


def test_end_before_the_beginning_is_rejected() -> None:
    effective = {"from": {"edtf": "2026-02", "basis": "explicit"}, "to": {"edtf": "2025", "basis": "explicit"}}
    assert measure_faults(effective=effective) == {"/effective/to": "`to` must not be before `from`."}


@pytest.mark.parametrize("kind", ["authorization", "funding"])
@pytest.mark.parametrize("direction", ["limits_cooperation", "requires_cooperation", "mixed"])
def test_law_that_allows_or_pays_neither_obliges_nor_limits(kind: str, direction: str) -> None:
    faults = measure_faults(kind=kind, events=[], direction=direction)
    assert faults == {"/direction": f"A law of the kind {kind} neither obliges nor limits agencies. Use another kind for one that does."}


def test_measure_cannot_act_on_itself() -> None:
    assert measure_faults(acts_on=[{"id": "va-order", "effect": "ends"}]) == {"/acts_on/0/id": "A measure cannot act on itself."}


def test_measure_acts_on_another_once() -> None:
    links = [{"id": "va-other", "effect": "ends"}, {"id": "va-other", "effect": "bars"}]
    assert measure_faults(acts_on=links) == {"/acts_on/1/id": "va-other is named twice. Name each measure once."}


def test_effect_must_be_a_known_one() -> None:
    assert list(measure_faults(acts_on=[{"id": "va-other", "effect": "ended"}])) == ["/acts_on/0/effect"]


def test_provision_needs_a_supporting_citation() -> None:
    provision = {"type": "condition", "text": "It says so.", "citations": [valid_citation(role="context")]}
    assert list(measure_faults(provisions=[provision])) == ["/provisions/0/citations"]
    loaded = MeasureDraft().load(valid_measure(provisions=[{**provision, "citations": [valid_citation()]}]))
    assert (loaded["provisions"][0]["by"], loaded["provisions"][0]["date"]) == (None, None)

"""A measure's status and events belong to its kind, and something supports it."""

import pytest
from marshmallow import ValidationError

from legal.rules.dates import when
from legal.schemas.measure import EVENTS, MeasureDraft
from legal.schemas.seeds import flattened
from legal.vocabulary import LIFECYCLES, OtherEvent
from tests.schemas.factories import citation, measure


def told(**more: object) -> dict[str, str]:
    """What is found wrong, by JSON pointer."""
    with pytest.raises(ValidationError) as error:
        MeasureDraft().load(measure(**more))
    return dict(flattened(error.value.messages))


def event(name: str) -> dict[str, object]:
    return {"event": name, "date": None, "description": "It happened."}


@pytest.mark.parametrize("kind", LIFECYCLES)
def test_every_status_of_its_kind_is_taken(kind: str) -> None:
    for step in LIFECYCLES[kind]:  # type: ignore[index]
        assert MeasureDraft().load(measure(kind=kind, status=step.status, events=[event(step.status)]))["status"] == step.status


@pytest.mark.parametrize(
    ("kind", "status"), [("ban", "passed_legislature"), ("pending_bill", "in_force"), ("active_agreements", "repealed")]
)
def test_a_status_of_another_kind_is_refused_with_those_it_has(kind: str, status: str) -> None:
    found = told(kind=kind, status=status, events=[])
    assert list(found) == ["/status"]
    assert all(step.status in found["/status"] for step in LIFECYCLES[kind])  # type: ignore[index]


def test_an_event_of_another_kind_is_refused_where_it_stands() -> None:
    assert told(events=[event("issued"), event("vetoed")]) == {"/events/1/event": "vetoed is no event of the kind executive_order."}


@pytest.mark.parametrize("name", OtherEvent)
def test_what_can_happen_to_anything_is_taken_of_any_kind(name: str) -> None:
    assert MeasureDraft().load(measure(events=[event(name)]))


def test_agreements_are_named_by_a_measure_about_agreements_and_by_no_other() -> None:
    named = {"agreements": ["va-fairfax-county-sheriffs-office-task-force"]}
    found = told(**named)
    assert list(found) == ["/agreements"]
    assert "executive_order names no agreements" in found["/agreements"]
    about = measure(kind="active_agreements", status="active", events=[], **named)
    assert MeasureDraft().load(about)["agreements"] == named["agreements"]


@pytest.mark.parametrize("id", ["", "Union County", "va--x", "a" * 161, 1])
def test_an_agreement_is_named_by_an_id(id: object) -> None:
    assert list(told(kind="active_agreements", status="active", events=[], agreements=["va-one", id])) == ["/agreements/1"]


@pytest.mark.parametrize("role", ["contradicts", "context"])
def test_something_must_support_it(role: str) -> None:
    assert list(told(citations=[citation(role=role)])) == ["/citations"]
    assert MeasureDraft().load(measure(citations=[citation(role=role), citation()]))


def test_every_fault_is_told_at_once_and_where_it_stands() -> None:
    found = told(kind="law", id="VA", citations=[citation(start=5, end=5), citation(role="says")], events=[{"event": "issued"}])
    assert set(found) == {
        "/kind",
        "/id",
        "/citations/0/end",
        "/citations/1/role",
        "/events/0/date",
        "/events/0/description",
    }


def test_dates_come_out_with_their_bounds() -> None:
    loaded = MeasureDraft().load(measure(effective={"from": {"edtf": "2026-01", "basis": "inferred"}, "to": None}))
    assert loaded["effective"] == {"from_": when("2026-01", "inferred"), "to": None}


def test_a_date_that_cannot_be_read_is_told_with_its_reason() -> None:
    found = told(effective={"from": {"edtf": "2023-02-29", "basis": "explicit"}, "to": {"edtf": "January", "basis": "explicit"}})
    assert list(found) == ["/effective/from/edtf", "/effective/to/edtf"]
    assert "not a date in EDTF level 1" in found["/effective/to/edtf"]


def test_no_event_is_listed_twice() -> None:
    assert len(EVENTS) == len(set(EVENTS))


def test_what_ends_before_it_begins_is_refused() -> None:
    effective = {"from": {"edtf": "2026-02", "basis": "explicit"}, "to": {"edtf": "2025", "basis": "explicit"}}
    assert told(effective=effective) == {"/effective/to": "It ends before it begins."}

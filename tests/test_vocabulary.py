"""Every closed list has labels and definitions, and every kind has a consistent lifecycle."""

from collections import Counter

from legal.vocabulary import COUNTED_UNITS, LIFECYCLES, Kind, OtherEvent, Phase, Term, Unit

CLOSED_LISTS = Term.__subclasses__()
STEPS = [(kind, step) for kind, steps in LIFECYCLES.items() for step in steps]


def test_every_list_has_a_definition_of_its_own() -> None:
    faults = [terms.__name__ for terms in CLOSED_LISTS if not (terms.__doc__ or "").endswith((".", ").")) or terms.__doc__ == Term.__doc__]
    assert faults == []


def test_every_term_equals_its_value_and_has_a_label_and_a_definition() -> None:
    faults = [
        f"{terms.__name__}.{term.name}"
        for terms in CLOSED_LISTS
        for term in terms
        if not (term == term.value == str(term) and term.label[:1].isupper() and term.definition.endswith("."))
    ]
    assert faults == []


def test_terms_and_labels_of_a_list_are_unique() -> None:
    faults = [
        terms.__name__ for terms in CLOSED_LISTS if not len({term.label for term in terms}) == len(list(terms)) == len(terms.__members__)
    ]
    assert faults == []


def test_every_kind_has_a_lifecycle() -> None:
    assert set(LIFECYCLES) == set(Kind)


def test_statuses_of_a_kind_are_unique() -> None:
    assert [pair for pair, count in Counter((kind, step.status) for kind, step in STEPS).items() if count > 1] == []


def test_every_step_follows_an_earlier_step_of_its_kind() -> None:
    statuses = {kind: [step.status for step in steps] for kind, steps in LIFECYCLES.items()}
    faults = [
        (kind, step.status)
        for kind, step in STEPS
        if step.previous_status is not None and step.previous_status not in statuses[kind][: statuses[kind].index(step.status)]
    ]
    assert faults == []


def test_every_kind_has_one_status_for_a_reported_absence() -> None:
    absences = {kind: [step.status for step in steps if step.phase is Phase.ABSENT] for kind, steps in LIFECYCLES.items()}
    assert absences == {kind: ["reported_absent"] for kind in Kind}


def test_bill_that_passed_is_pending_and_signed_bill_has_ended() -> None:
    phases = {step.status: step.phase for step in LIFECYCLES[Kind.PENDING_BILL]}
    assert (phases["passed_legislature"], phases["signed"]) == (Phase.STANDING, Phase.ENDED)


def test_order_to_terminate_is_not_a_termination() -> None:
    phases = {step.status: step.phase for step in LIFECYCLES[Kind.ACTIVE_AGREEMENTS]}
    assert (phases["ordered_to_terminate"], phases["terminated"]) == (Phase.WINDING_DOWN, Phase.ENDED)


def test_only_two_other_events_share_a_name_with_a_status() -> None:
    assert {event for event in OtherEvent if event in {step.status for _, step in STEPS}} == {"announced", "signed"}


def test_measured_units_are_not_counted_units() -> None:
    assert set(Unit) - COUNTED_UNITS == {Unit.HOURS, Unit.PERCENT, Unit.MONTHS}

"""Every closed list: its words, their labels and definitions, and the lives of the kinds."""

import pytest

from legal.vocabulary import LIFECYCLES, WHOLE_UNITS, Kind, OtherEvent, Phase, Step, Term, Unit

LISTS = Term.__subclasses__()
STEPS = [(kind, step) for kind, steps in LIFECYCLES.items() for step in steps]


@pytest.mark.parametrize("terms", LISTS, ids=lambda terms: terms.__name__)
def test_a_list_says_what_it_is_for(terms: type[Term]) -> None:
    assert (terms.__doc__ or "").endswith((".", ")."))
    assert terms.__doc__ != Term.__doc__


@pytest.mark.parametrize("term", [term for terms in LISTS for term in terms], ids=lambda term: f"{type(term).__name__}-{term}")
def test_a_word_has_a_label_and_a_definition(term: Term) -> None:
    assert term == term.value == str(term)
    assert term.label[:1].isupper()
    assert term.definition.endswith(".")


@pytest.mark.parametrize("terms", LISTS, ids=lambda terms: terms.__name__)
def test_no_two_words_of_a_list_share_a_label(terms: type[Term]) -> None:
    assert len({term.label for term in terms}) == len(list(terms)) == len(terms.__members__)


def test_every_kind_has_a_life() -> None:
    assert set(LIFECYCLES) == set(Kind)


@pytest.mark.parametrize("kind", LIFECYCLES)
def test_no_status_of_a_kind_stands_twice(kind: Kind) -> None:
    names = [step.status for step in LIFECYCLES[kind]]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(("kind", "step"), STEPS, ids=lambda one: one if isinstance(one, str) else one.status)
def test_a_step_comes_after_an_earlier_one_of_its_kind(kind: Kind, step: Step) -> None:
    names = [one.status for one in LIFECYCLES[kind]]
    assert step.after is None or names.index(step.after) < names.index(step.status)


@pytest.mark.parametrize("kind", LIFECYCLES)
def test_a_source_can_say_that_there_is_none_of_any_kind(kind: Kind) -> None:
    assert [step.status for step in LIFECYCLES[kind] if step.phase is Phase.ABSENT] == ["reported_absent"]


def test_a_bill_that_passed_is_pending_and_one_that_was_signed_is_over() -> None:
    phases = {step.status: step.phase for step in LIFECYCLES[Kind.PENDING_BILL]}
    assert (phases["passed_legislature"], phases["signed"]) == (Phase.STANDING, Phase.ENDED)


def test_an_order_to_terminate_is_no_termination() -> None:
    phases = {step.status: step.phase for step in LIFECYCLES[Kind.ACTIVE_AGREEMENTS]}
    assert (phases["ordered_to_terminate"], phases["terminated"]) == (Phase.WINDING_DOWN, Phase.ENDED)


def test_what_can_happen_beside_a_status_is_no_way_around_one() -> None:
    assert {event for event in OtherEvent if event in {step.status for _, step in STEPS}} == {"announced", "signed"}


def test_measured_units_are_not_counted() -> None:
    assert set(Unit) - WHOLE_UNITS == {Unit.HOURS, Unit.PERCENT, Unit.MONTHS}

"""The posture rules: each rule, each boundary, and what must hold whatever is on file."""

from dataclasses import replace
from itertools import chain, combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legal.rules.posture import RULES, Claim, Report, bars_all, read
from legal.vocabulary import LIFECYCLES, Direction, Kind, Metric, Phase, Posture, Reach, Stands
from tests.examples import examples
from tests.rules.factories import agreements, bill, claim, full_ban, limit, report

REQUIRES = Direction.REQUIRES
SUIT, OPINION, MANDATE = Kind.LITIGATION, Kind.LEGAL_OPINION, Kind.MANDATE

REACHED = {
    "R1 conflicting_law": ([limit(), claim(MANDATE, REQUIRES), agreements()], []),
    "R2 barred": ([full_ban(), bill(), claim(SUIT)], [report()]),
    "R3 barred_with_agreements": ([full_ban(), agreements()], []),
    "R4 required": ([claim(MANDATE, REQUIRES), agreements(), bill()], []),
    "R5 limited_with_agreements": ([limit(), agreements(), bill()], []),
    "R6 limited": ([limit(), bill()], []),
    "R7 active_contested": ([agreements(), bill()], [report()]),
    "R8 active": ([agreements()], [report()]),
    "R9 contested": ([claim(SUIT)], [report()]),
    "R10 activity_reported": ([], [report()]),
    "R11 on_file": ([claim(MANDATE, Direction.ENCOURAGES)], []),
    "R12 no_record": ([], []),
}


@pytest.mark.parametrize(("expected", "on_file"), REACHED.items())
def test_every_rule_is_reached(expected: str, on_file: tuple[list[Claim], list[Report]]) -> None:
    reading = read(*on_file)
    assert f"{reading.rule} {reading.posture}" == expected


def test_every_rule_of_the_pack_is_tried_here() -> None:
    assert list(REACHED) == [f"{rule.name} {rule.posture}" for rule in RULES]


def test_every_posture_is_given_by_one_rule() -> None:
    assert [rule.posture for rule in RULES] == list(Posture)


@pytest.mark.parametrize("kind", [Kind.BAN, Kind.EXECUTIVE_ORDER])
def test_a_law_or_an_order_as_wide_bars_all(kind: str) -> None:
    assert read([full_ban(kind=kind)]).posture is Posture.BARRED


def test_a_ban_that_names_nobody_binds_everybody() -> None:
    assert bars_all(full_ban(binds=frozenset()))


def test_a_ban_on_new_agreements_bars_all() -> None:
    assert bars_all(full_ban(reach=Reach.NEW))


@pytest.mark.parametrize(
    "short",
    [
        {"has_exceptions": True},
        {"binds": frozenset({"state_agencies", "local_police"})},
        {"does_not_bind": frozenset({"county_sheriffs"})},
        {"prohibits_agreements": False},
        {"prohibits_agreements": None},
        {"reach": Reach.EXISTING},
    ],
    ids=lambda short: next(iter(short)),
)
def test_a_ban_that_falls_short_limits_in_part(short: dict[str, object]) -> None:
    assert read([full_ban(**short)]).posture is Posture.LIMITED


def test_a_law_that_pushes_both_ways_is_in_conflict_with_itself() -> None:
    assert read([full_ban(direction=Direction.MIXED)]).posture is Posture.CONFLICTING_LAW


@pytest.mark.parametrize("direction", [Direction.ENCOURAGES, Direction.NEUTRAL])
def test_a_law_that_neither_limits_nor_requires_decides_nothing(direction: str) -> None:
    assert read([claim(MANDATE, direction), agreements()]).posture is Posture.ACTIVE


def test_a_mandate_may_limit() -> None:
    assert read([claim(MANDATE, Direction.LIMITS)]).posture is Posture.LIMITED


def test_a_bill_limits_nothing_yet() -> None:
    assert read([bill(), agreements()]).posture is Posture.ACTIVE_CONTESTED


def test_a_bill_that_would_require_contests_nothing() -> None:
    assert read([bill(direction=REQUIRES), agreements()]).posture is Posture.ACTIVE


@pytest.mark.parametrize("kind", [SUIT, OPINION])
@pytest.mark.parametrize("direction", [Direction.LIMITS, Direction.MIXED])
def test_a_suit_or_an_opinion_against_agreements_contests_them(kind: str, direction: str) -> None:
    assert read([claim(kind, direction)]).posture is Posture.CONTESTED
    assert read([claim(kind, direction), agreements()]).posture is Posture.ACTIVE_CONTESTED


@pytest.mark.parametrize("kind", [SUIT, OPINION])
def test_a_suit_or_an_opinion_for_cooperation_challenges_nothing(kind: str) -> None:
    assert read([claim(kind, REQUIRES)]).posture is Posture.ON_FILE


def test_a_settlement_that_still_binds_contests() -> None:
    assert read([claim(SUIT, status="settled"), agreements(status="impaired")]).posture is Posture.ACTIVE_CONTESTED


def test_an_opinion_never_counts_as_law() -> None:
    opinion = claim(OPINION, prohibits_agreements=True, binds=frozenset({"all_agencies"}))
    assert read([opinion]).posture is Posture.CONTESTED
    assert read([opinion, full_ban()]).set_aside == ((opinion.id, "A legal opinion binds nobody, and R2 does not turn on it."),)


def test_agreements_that_are_only_implied_are_not_present() -> None:
    assert read([claim(SUIT, implies=frozenset({Kind.ACTIVE_AGREEMENTS}))]).posture is Posture.CONTESTED


def test_agreements_that_have_ended_are_not_present() -> None:
    gone = agreements(status="terminated", stands=Stands.NO, over=True)
    assert read([full_ban(), gone]).posture is Posture.BARRED


@pytest.mark.parametrize("metric", [Metric.ARRESTS, Metric.ENCOUNTERS])
def test_arrests_and_encounters_are_activity(metric: str) -> None:
    assert read([], [report(metric)]).posture is Posture.ACTIVITY_REPORTED


@pytest.mark.parametrize("metric", sorted(set(Metric) - {Metric.ARRESTS, Metric.ENCOUNTERS}))
def test_no_other_figure_is_activity(metric: str) -> None:
    assert read([], [report(metric)]).posture is Posture.ON_FILE


def test_a_law_that_is_over_is_on_file_and_no_law() -> None:
    assert read([full_ban(status="repealed", stands=Stands.NO, over=True)]).posture is Posture.ON_FILE


def test_a_source_that_says_there_is_none_is_on_file() -> None:
    assert read([agreements(status="reported_absent", stands=Stands.NO)]).posture is Posture.ON_FILE


def test_a_law_that_had_not_begun_says_nothing_of_the_day() -> None:
    assert read([full_ban(stands=Stands.NO)]).posture is Posture.NO_RECORD


def test_a_figure_that_was_reported_later_says_nothing_of_the_day() -> None:
    later = report(on_file=Stands.NO)
    assert read([], [later]).posture is Posture.NO_RECORD
    assert read([], [later]).set_aside == ((later.id, "It was not reported by this day."),)


def test_nothing_on_file_is_no_record_and_nothing_else() -> None:
    reading = read([])
    assert (reading.posture, reading.rule) == (Posture.NO_RECORD, "R12")
    assert not any((reading.because, reading.set_aside, reading.could_be, reading.would_become))


@pytest.mark.parametrize("stands", [Stands.POSSIBLE, Stands.UNKNOWN])
def test_what_only_may_stand_is_set_aside_and_shown_in_could_be(stands: Stands) -> None:
    maybe, held = full_ban(stands=stands), agreements()
    reading = read([maybe, held])
    assert (reading.posture, reading.because, reading.could_be) == (Posture.ACTIVE, (held.id,), (Posture.BARRED_WITH_AGREEMENTS,))
    assert "see could_be" in dict(reading.set_aside)[maybe.id]


def test_a_figure_that_may_have_been_reported_is_shown_in_could_be() -> None:
    maybe = report(on_file=Stands.POSSIBLE)
    reading = read([], [maybe])
    assert reading.could_be == (Posture.ACTIVITY_REPORTED,)
    assert "see could_be" in dict(reading.set_aside)[maybe.id]


def test_because_names_only_what_the_rule_turns_on() -> None:
    law, held, suit, arrests = limit(), agreements(), claim(SUIT), report()
    reading = read([law, held, suit], [arrests])
    assert reading.because == (law.id, held.id)
    assert [key for key, _ in reading.set_aside] == [suit.id, arrests.id]


def test_maryland_would_be_barred_with_agreements() -> None:
    pending, held = bill(), agreements()
    reading = read([pending, held], [report(Metric.PARTICIPATION)])
    assert reading.posture is Posture.ACTIVE_CONTESTED
    assert reading.would_become == ((pending.id, Posture.BARRED_WITH_AGREEMENTS),)


@pytest.mark.parametrize(
    ("direction", "posture"),
    [(REQUIRES, Posture.REQUIRED), (Direction.MIXED, Posture.CONFLICTING_LAW), (Direction.NEUTRAL, Posture.ON_FILE)],
)
def test_a_bill_would_become_law_in_its_own_direction(direction: str, posture: Posture) -> None:
    assert read([bill(direction=direction)]).would_become[0][1] is posture


def test_each_pending_bill_is_tried_alone() -> None:
    forbids, requires = bill(), bill(direction=REQUIRES)
    assert [posture for _, posture in read([forbids, requires]).would_become] == [Posture.BARRED, Posture.REQUIRED]


def test_a_bill_that_may_be_pending_is_tried_and_one_that_has_failed_is_not() -> None:
    maybe, failed = bill(stands=Stands.POSSIBLE), bill(status="failed", stands=Stands.NO, over=True)
    assert [key for key, _ in read([maybe, failed]).would_become] == [maybe.id]


def test_would_become_takes_in_activity_that_is_reported() -> None:
    assert read([bill(direction=Direction.NEUTRAL)], [report()]).would_become[0][1] is Posture.ACTIVITY_REPORTED


def test_what_no_longer_stands_is_set_aside_with_its_status() -> None:
    gone = full_ban(status="repealed", stands=Stands.NO, over=True)
    assert read([gone]).set_aside == ((gone.id, "It does not stand on this day (repealed)."),)


def test_a_pending_bill_that_decides_nothing_points_at_would_become() -> None:
    pending = bill()
    assert dict(read([limit(), pending]).set_aside)[pending.id].endswith("see would_become.")


@st.composite
def claims(draw: st.DrawFn) -> list[Claim]:
    """Measures of one place, of every sort."""
    some = []
    for number in range(draw(st.integers(0, 5))):
        kind = draw(st.sampled_from(list(Kind)))
        step = draw(st.sampled_from(LIFECYCLES[kind]))
        stands = Stands.NO if step.phase is Phase.ABSENT else draw(st.sampled_from(list(Stands)))
        some.append(
            claim(
                kind,
                draw(st.sampled_from(list(Direction))),
                stands,
                id=f"m{number}",
                status=step.status,
                prohibits_agreements=draw(st.sampled_from([True, True, False, None])),
                has_exceptions=draw(st.booleans()),
                binds=draw(st.sampled_from([frozenset(), frozenset({"all_agencies"}), frozenset({"state_agencies"})])),
                reach=draw(st.sampled_from([None, *Reach])),
                over=stands is Stands.NO and draw(st.booleans()),
            )
        )
    return some


@st.composite
def reports(draw: st.DrawFn) -> list[Report]:
    """Figures of one place."""
    metrics = st.sampled_from([Metric.ARRESTS, Metric.PARTICIPATION])
    known = st.sampled_from([Stands.YES, Stands.NO, Stands.POSSIBLE])
    return [report(draw(metrics), draw(known), id=f"f{number}") for number in range(draw(st.integers(0, 2)))]


@given(claims(), reports())
@examples(16)
def test_everything_is_used_or_set_aside_and_never_both(held: list[Claim], reported: list[Report]) -> None:
    reading = read(held, reported)
    named = [*reading.because, *(key for key, _ in reading.set_aside)]
    assert sorted(named) == sorted(one.id for one in [*held, *reported])


@given(claims(), reports())
@examples(16)
def test_could_be_is_what_every_choice_of_the_possible_would_give(held: list[Claim], reported: list[Report]) -> None:
    maybe = [one.id for one in held if one.stands in (Stands.POSSIBLE, Stands.UNKNOWN)]
    maybe += [one.id for one in reported if one.on_file is Stands.POSSIBLE]
    found = set()
    for chosen in chain.from_iterable(combinations(maybe, size) for size in range(len(maybe) + 1)):
        certain = [replace(one, stands=Stands.YES) if one.id in chosen else one for one in held]
        found.add(read(certain, [replace(one, on_file=Stands.YES) if one.id in chosen else one for one in reported]).posture)
    reading = read(held, reported)
    assert set(reading.could_be) | {reading.posture} == found
    assert reading.posture not in reading.could_be


@given(st.data(), claims(), reports())
@examples(12)
def test_the_order_of_what_is_on_file_does_not_matter(data: st.DataObject, held: list[Claim], reported: list[Report]) -> None:
    one, other = read(held, reported), read(data.draw(st.permutations(held)), data.draw(st.permutations(reported)))
    assert (one.posture, one.rule, one.could_be) == (other.posture, other.rule, other.could_be)
    assert sorted(one.because) == sorted(other.because)
    assert sorted(one.would_become) == sorted(other.would_become)


@given(claims(), reports())
@examples(12)
def test_only_what_is_certain_is_a_reason(held: list[Claim], reported: list[Report]) -> None:
    certain = {one.id for one in held if one.stands is Stands.YES} | {one.id for one in reported if one.on_file is Stands.YES}
    assert set(read(held, reported).because) <= certain

"""Each posture rule applies within its bounds, and the reading accounts for everything on file."""

from dataclasses import replace
from itertools import chain, combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legal.rules.posture import POSTURE_RULES, Claim, Report, bars_all_agreements, read_posture
from legal.vocabulary import LIFECYCLES, Direction, Kind, Metric, Phase, Posture, Reach, Stands
from tests.examples import examples
from tests.rules.factories import (
    make_agreements,
    make_bill,
    make_claim,
    make_full_ban,
    make_partial_limit,
    make_report,
    make_roster,
    make_settlement,
)

REQUIRES = Direction.REQUIRES
SUIT, OPINION, MANDATE = Kind.LITIGATION, Kind.LEGAL_OPINION, Kind.MANDATE

RECORDS_BY_RULE = {
    "R1 conflicting_law": ([make_partial_limit(), make_claim(MANDATE, REQUIRES), make_agreements()], []),
    "R2 barred": ([make_full_ban(), make_bill(), make_claim(SUIT)], [make_report()]),
    "R3 barred_with_agreements": ([make_full_ban(), make_agreements()], []),
    "R4 required": ([make_claim(MANDATE, REQUIRES), make_agreements(), make_bill()], []),
    "R5 limited_with_agreements": ([make_partial_limit(), make_agreements(), make_bill()], []),
    "R6 limited": ([make_partial_limit(), make_bill()], []),
    "R7 active_restricted": ([make_agreements(status="impaired"), make_settlement(), make_roster(1), make_bill()], [make_report()]),
    "R8 active_contested": ([make_agreements(), make_bill()], [make_report()]),
    "R9 active": ([make_agreements()], [make_report()]),
    "R10 contested": ([make_claim(SUIT), make_roster(0)], [make_report()]),
    "R11 activity_reported": ([make_roster(0)], [make_report()]),
    "R12 on_file": ([make_claim(MANDATE, Direction.ENCOURAGES), make_roster(0)], []),
    "R13 none_listed": ([make_roster(0)], []),
    "R14 no_record": ([], []),
}
"""A record for each rule and posture: claims and reports."""


def test_every_rule_of_the_pack_applies_to_its_record() -> None:
    readings = [read_posture(claims, reports) for claims, reports in RECORDS_BY_RULE.values()]
    assert [f"{reading.rule} {reading.posture}" for reading in readings] == list(RECORDS_BY_RULE)
    assert list(RECORDS_BY_RULE) == [f"{rule.name} {rule.posture}" for rule in POSTURE_RULES]


def test_every_posture_has_one_rule() -> None:
    assert [rule.posture for rule in POSTURE_RULES] == list(Posture)


# Laws.


@pytest.mark.parametrize("kind", [Kind.BAN, Kind.EXECUTIVE_ORDER])
def test_full_ban_by_law_or_order_is_barred(kind: str) -> None:
    assert read_posture([make_full_ban(kind=kind)]).posture is Posture.BARRED


def test_ban_that_names_no_agency_binds_all() -> None:
    assert bars_all_agreements(make_full_ban(binds=frozenset()))


def test_ban_on_new_agreements_bars_all() -> None:
    assert bars_all_agreements(make_full_ban(reach=Reach.NEW))


@pytest.mark.parametrize(
    "fields",
    [
        {"has_exceptions": True},
        {"binds": frozenset({"state_agencies", "local_police"})},
        {"does_not_bind": frozenset({"county_sheriffs"})},
        {"prohibits_agreements": False},
        {"prohibits_agreements": None},
        {"reach": Reach.EXISTING},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_incomplete_ban_limits_in_part(fields: dict[str, object]) -> None:
    assert read_posture([make_full_ban(**fields)]).posture is Posture.LIMITED


def test_law_with_mixed_direction_is_conflicting_law() -> None:
    assert read_posture([make_full_ban(direction=Direction.MIXED)]).posture is Posture.CONFLICTING_LAW


@pytest.mark.parametrize("direction", [Direction.ENCOURAGES, Direction.NEUTRAL])
def test_law_that_neither_limits_nor_requires_does_not_decide(direction: str) -> None:
    assert read_posture([make_claim(MANDATE, direction), make_agreements()]).posture is Posture.ACTIVE


def test_mandate_may_limit() -> None:
    assert read_posture([make_claim(MANDATE, Direction.LIMITS)]).posture is Posture.LIMITED


# Bills, suits and opinions.


def test_pending_bill_does_not_limit_agreements_but_contests_them() -> None:
    assert read_posture([make_bill(), make_agreements()]).posture is Posture.ACTIVE_CONTESTED


def test_bill_that_would_require_contests_nothing() -> None:
    assert read_posture([make_bill(direction=REQUIRES), make_agreements()]).posture is Posture.ACTIVE


@pytest.mark.parametrize("kind", [SUIT, OPINION])
@pytest.mark.parametrize("direction", [Direction.LIMITS, Direction.MIXED])
def test_suit_or_opinion_against_agreements_contests_them(kind: str, direction: str) -> None:
    assert read_posture([make_claim(kind, direction)]).posture is Posture.CONTESTED
    assert read_posture([make_claim(kind, direction), make_agreements()]).posture is Posture.ACTIVE_CONTESTED


@pytest.mark.parametrize("kind", [SUIT, OPINION])
def test_suit_or_opinion_for_cooperation_challenges_nothing(kind: str) -> None:
    assert read_posture([make_claim(kind, REQUIRES)]).posture is Posture.ON_FILE


@pytest.mark.parametrize("status", ["settled", "judgment"])
def test_terms_in_effect_restrict_impaired_agreements(status: str) -> None:
    terms, agreements, roster = make_settlement(status=status), make_agreements(status="impaired"), make_roster(1)
    reading = read_posture([terms, agreements, roster])
    assert (reading.posture, reading.rule) == (Posture.ACTIVE_RESTRICTED, "R7")
    assert reading.because == (terms.id, agreements.id, roster.id)
    assert read_posture([terms, agreements]).posture is Posture.ACTIVE_RESTRICTED


@pytest.mark.parametrize(
    "claims",
    [
        [make_settlement(reach=None), make_agreements(status="impaired")],
        [make_settlement(reach=Reach.NEW), make_agreements(status="impaired")],
        [make_settlement(status="filed"), make_agreements(status="impaired")],
        [make_settlement(status="on_appeal"), make_agreements(status="impaired")],
        [make_settlement(stands=Stands.POSSIBLE), make_claim(SUIT), make_agreements(status="impaired")],
        [make_claim(OPINION, reach=Reach.EXISTING), make_agreements(status="impaired")],
        [make_settlement(), make_agreements()],
        [make_settlement(), make_agreements(status="impaired"), make_agreements()],
        [make_settlement(), make_agreements(status="impaired"), make_roster(2)],
        [make_settlement(), make_roster(1)],
    ],
    ids=lambda claims: " ".join(claim.status for claim in claims),
)
def test_restriction_of_part_only_contests_agreements(claims: list[Claim]) -> None:
    assert read_posture(claims).posture is Posture.ACTIVE_CONTESTED


def test_possible_unrestricted_agreement_is_shown_in_could_be() -> None:
    reading = read_posture([make_settlement(), make_agreements(status="impaired"), make_agreements(stands=Stands.POSSIBLE)])
    assert (reading.posture, reading.could_be) == (Posture.ACTIVE_RESTRICTED, (Posture.ACTIVE_CONTESTED,))


def test_opinion_never_counts_as_law() -> None:
    opinion = make_claim(OPINION, prohibits_agreements=True, binds=frozenset({"all_agencies"}))
    assert read_posture([opinion]).posture is Posture.CONTESTED
    reading = read_posture([opinion, make_full_ban()])
    assert reading.set_aside == ((opinion.id, "A legal opinion is not binding, and R2 does not depend on it."),)


# Agreements, activity and silence.


def test_implied_agreements_are_not_present() -> None:
    assert read_posture([make_claim(SUIT, implies=frozenset({Kind.ACTIVE_AGREEMENTS}))]).posture is Posture.CONTESTED


def test_ended_agreements_are_not_present() -> None:
    terminated_agreements = make_agreements(status="terminated", stands=Stands.NO, has_ended=True)
    assert read_posture([make_full_ban(), terminated_agreements]).posture is Posture.BARRED


# Rosters.


def test_roster_without_the_jurisdiction_does_not_count_as_agreements() -> None:
    ban, roster = make_full_ban(), make_roster(0)
    reading = read_posture([ban, roster])
    assert (reading.posture, reading.because) == (Posture.BARRED, (ban.id,))
    assert reading.set_aside == ((roster.id, "This roster names no agency of the jurisdiction, and R2 does not depend on it."),)


def test_none_listed_rests_on_the_roster() -> None:
    reading = read_posture([make_roster(0)])
    assert (reading.posture, reading.because, reading.grounds) == (Posture.NONE_LISTED, ("roster",), (("roster",),))


def test_agreements_that_a_later_roster_omits_are_set_aside() -> None:
    agreements = make_agreements(stands=Stands.NO, is_unlisted=True)
    reading = read_posture([agreements, make_roster(0)])
    assert (reading.posture, reading.could_be) == (Posture.ON_FILE, ())
    assert dict(read_posture([agreements, make_roster(0), make_bill()]).set_aside)[agreements.id] == (
        "A roster that was published after its newest source names no agency of the jurisdiction."
    )


def test_agreements_reported_since_the_roster_stand() -> None:
    assert read_posture([make_agreements(), make_roster(0)]).posture is Posture.ACTIVE


def test_roster_past_its_horizon_leaves_active_only_possible() -> None:
    reading = read_posture([make_roster(3, Stands.POSSIBLE)])
    assert (reading.posture, reading.because, reading.could_be) == (Posture.ON_FILE, (), (Posture.ACTIVE,))
    assert reading.grounds == ()


def test_bill_past_its_horizon_is_set_aside_as_too_old() -> None:
    bill = make_bill(status="passed_legislature", stands=Stands.POSSIBLE, is_past_horizon=True)
    reading = read_posture([bill, make_roster()])
    assert (reading.posture, reading.could_be) == (Posture.ACTIVE, (Posture.ACTIVE_CONTESTED,))
    assert dict(reading.set_aside)[bill.id] == (
        "The newest source is too old to show that it is still in effect (status: passed_legislature); see could_be."
    )


def test_measure_without_a_status_on_the_day_is_set_aside() -> None:
    law = make_full_ban(status=None, stands=Stands.NO)
    assert read_posture([law]).set_aside == ((law.id, "It is not in effect on this day."),)


def test_only_arrests_and_encounters_are_activity() -> None:
    postures = {metric: read_posture([], [make_report(metric)]).posture for metric in Metric}
    activity_metrics = {Metric.ARRESTS, Metric.ENCOUNTERS}
    assert postures == {metric: Posture.ACTIVITY_REPORTED if metric in activity_metrics else Posture.ON_FILE for metric in Metric}


def test_ended_law_is_on_file_and_not_law() -> None:
    assert read_posture([make_full_ban(status="repealed", stands=Stands.NO, has_ended=True)]).posture is Posture.ON_FILE


def test_reported_absence_is_on_file() -> None:
    assert read_posture([make_agreements(status="reported_absent", stands=Stands.NO)]).posture is Posture.ON_FILE


def test_law_that_has_not_begun_is_no_record() -> None:
    assert read_posture([make_full_ban(stands=Stands.NO)]).posture is Posture.NO_RECORD


def test_figure_reported_later_is_no_record() -> None:
    later_report = make_report(on_file=Stands.NO)
    assert read_posture([], [later_report]).posture is Posture.NO_RECORD
    assert read_posture([], [later_report]).set_aside == ((later_report.id, "It had not been reported by this day."),)


def test_empty_record_gives_no_record_and_nothing_else() -> None:
    reading = read_posture([])
    assert (reading.posture, reading.rule) == (Posture.NO_RECORD, "R14")
    assert not any((reading.because, reading.set_aside, reading.could_be, reading.would_become))


# The account of a reading.


@pytest.mark.parametrize("stands", [Stands.POSSIBLE, Stands.UNKNOWN])
def test_possible_measure_is_set_aside_and_shown_in_could_be(stands: Stands) -> None:
    possible_ban, agreements = make_full_ban(stands=stands), make_agreements()
    reading = read_posture([possible_ban, agreements])
    assert (reading.posture, reading.because) == (Posture.ACTIVE, (agreements.id,))
    assert reading.could_be == (Posture.BARRED_WITH_AGREEMENTS,)
    assert "see could_be" in dict(reading.set_aside)[possible_ban.id]


def test_possibly_reported_figure_is_shown_in_could_be() -> None:
    possible_report = make_report(on_file=Stands.POSSIBLE)
    reading = read_posture([], [possible_report])
    assert reading.could_be == (Posture.ACTIVITY_REPORTED,)
    assert "see could_be" in dict(reading.set_aside)[possible_report.id]


def test_because_names_only_what_the_rule_depends_on() -> None:
    limit, agreements, suit, arrests = make_partial_limit(), make_agreements(), make_claim(SUIT), make_report()
    reading = read_posture([limit, agreements, suit], [arrests])
    assert reading.because == (limit.id, agreements.id)
    assert [id for id, _ in reading.set_aside] == [suit.id, arrests.id]


def test_maryland_would_be_barred_with_agreements() -> None:
    bill, agreements = make_bill(), make_agreements()
    reading = read_posture([bill, agreements], [make_report(Metric.PARTICIPATION)])
    assert reading.posture is Posture.ACTIVE_CONTESTED
    assert reading.would_become == ((bill.id, Posture.BARRED_WITH_AGREEMENTS),)


@pytest.mark.parametrize(
    ("direction", "posture"),
    [
        (REQUIRES, Posture.REQUIRED),
        (Direction.MIXED, Posture.CONFLICTING_LAW),
        (Direction.NEUTRAL, Posture.ON_FILE),
        (Direction.ENCOURAGES, Posture.ON_FILE),
    ],
)
def test_bill_would_become_law_in_its_own_direction(direction: str, posture: Posture) -> None:
    assert read_posture([make_bill(direction=direction)]).would_become[0][1] is posture


@pytest.mark.parametrize("direction", [Direction.NEUTRAL, Direction.ENCOURAGES])
def test_bill_that_neither_limits_nor_requires_changes_nothing(direction: str) -> None:
    reading = read_posture([make_bill(direction=direction), make_claim(SUIT), make_agreements()])
    assert [posture for _, posture in reading.would_become] == [reading.posture] == [Posture.ACTIVE_CONTESTED]


@pytest.mark.parametrize(
    ("fields", "posture"),
    [
        ({"reach": Reach.BOTH}, Posture.BARRED),
        ({"reach": Reach.EXISTING}, Posture.LIMITED),
        ({"reach": Reach.NEW}, Posture.BARRED_WITH_AGREEMENTS),
        ({"reach": None}, Posture.BARRED_WITH_AGREEMENTS),
        ({"reach": Reach.BOTH, "has_exceptions": True}, Posture.LIMITED_WITH_AGREEMENTS),
        ({"reach": Reach.BOTH, "binds": frozenset({"state_agencies"})}, Posture.LIMITED_WITH_AGREEMENTS),
        ({"reach": Reach.BOTH, "does_not_bind": frozenset({"county_jails"})}, Posture.LIMITED_WITH_AGREEMENTS),
        ({"reach": Reach.BOTH, "prohibits_agreements": None}, Posture.LIMITED_WITH_AGREEMENTS),
        ({"reach": Reach.BOTH, "direction": REQUIRES}, Posture.REQUIRED),
    ],
)
def test_bill_leaves_the_agreements_that_its_scope_leaves(fields: dict[str, object], posture: Posture) -> None:
    claims = [make_bill(**fields), make_agreements(), make_roster(5)]
    assert read_posture(claims).would_become[0][1] is posture


def test_each_pending_bill_is_tried_alone() -> None:
    reading = read_posture([make_bill(), make_bill(direction=REQUIRES)])
    assert [posture for _, posture in reading.would_become] == [Posture.BARRED, Posture.REQUIRED]


def test_possibly_pending_bill_is_tried_and_failed_bill_is_not() -> None:
    possible_bill, failed_bill = make_bill(stands=Stands.POSSIBLE), make_bill(status="failed", stands=Stands.NO, has_ended=True)
    assert [id for id, _ in read_posture([possible_bill, failed_bill]).would_become] == [possible_bill.id]


def test_would_become_includes_reported_activity() -> None:
    assert read_posture([make_bill(direction=Direction.NEUTRAL)], [make_report()]).would_become[0][1] is Posture.ACTIVITY_REPORTED


def test_ended_measure_is_set_aside_with_its_status() -> None:
    repealed_law = make_full_ban(status="repealed", stands=Stands.NO, has_ended=True)
    assert read_posture([repealed_law]).set_aside == ((repealed_law.id, "It is not in effect on this day (status: repealed)."),)


def test_bill_that_does_not_decide_refers_to_would_become() -> None:
    bill = make_bill()
    assert dict(read_posture([make_partial_limit(), bill]).set_aside)[bill.id].endswith("see would_become.")


# Properties.


@st.composite
def generate_claims(draw: st.DrawFn) -> list[Claim]:
    """Generate measures of one jurisdiction, of every kind."""
    claims = []
    for number in range(draw(st.integers(0, 5))):
        kind = draw(st.sampled_from(list(Kind)))
        step = draw(st.sampled_from(LIFECYCLES[kind]))
        stands = Stands.NO if step.phase is Phase.ABSENT else draw(st.sampled_from(list(Stands)))
        claims.append(
            make_claim(
                kind,
                draw(st.sampled_from(list(Direction))),
                stands,
                id=f"m{number}",
                status=step.status,
                prohibits_agreements=draw(st.sampled_from([True, True, False, None])),
                has_exceptions=draw(st.booleans()),
                binds=draw(st.sampled_from([frozenset(), frozenset({"all_agencies"}), frozenset({"state_agencies"})])),
                reach=draw(st.sampled_from([None, *Reach])),
                has_ended=stands is Stands.NO and draw(st.booleans()),
                is_past_horizon=stands is Stands.POSSIBLE and draw(st.booleans()),
            )
        )
    rosters = st.sampled_from([[], [make_roster(0)], [make_roster(1)], [make_roster(2)], [make_roster(2, Stands.POSSIBLE)]])
    return claims + draw(rosters)


@st.composite
def generate_reports(draw: st.DrawFn) -> list[Report]:
    """Generate figures of one jurisdiction."""
    metrics = st.sampled_from([Metric.ARRESTS, Metric.PARTICIPATION])
    answers = st.sampled_from([Stands.YES, Stands.NO, Stands.POSSIBLE])
    return [make_report(draw(metrics), draw(answers), id=f"f{number}") for number in range(draw(st.integers(0, 2)))]


@given(generate_claims(), generate_reports())
@examples(16)
def test_everything_is_either_a_reason_or_set_aside(claims: list[Claim], reports: list[Report]) -> None:
    reading = read_posture(claims, reports)
    ids = [*reading.because, *(id for id, _ in reading.set_aside)]
    assert sorted(ids) == sorted(fact.id for fact in [*claims, *reports])


@given(generate_claims(), generate_reports())
@examples(16)
def test_could_be_has_the_postures_of_every_choice_of_possible_facts(claims: list[Claim], reports: list[Report]) -> None:
    possible_ids = [claim.id for claim in claims if claim.stands in (Stands.POSSIBLE, Stands.UNKNOWN)]
    possible_ids += [report.id for report in reports if report.on_file is Stands.POSSIBLE]
    postures = set()
    for chosen_ids in chain.from_iterable(combinations(possible_ids, size) for size in range(len(possible_ids) + 1)):
        chosen_claims = [replace(claim, stands=Stands.YES) if claim.id in chosen_ids else claim for claim in claims]
        chosen_reports = [replace(report, on_file=Stands.YES) if report.id in chosen_ids else report for report in reports]
        postures.add(read_posture(chosen_claims, chosen_reports).posture)
    reading = read_posture(claims, reports)
    assert set(reading.could_be) | {reading.posture} == postures
    assert reading.posture not in reading.could_be


@given(st.data(), generate_claims(), generate_reports())
@examples(12)
def test_order_of_claims_and_reports_does_not_matter(data: st.DataObject, claims: list[Claim], reports: list[Report]) -> None:
    reading = read_posture(claims, reports)
    permuted_reading = read_posture(data.draw(st.permutations(claims)), data.draw(st.permutations(reports)))
    assert (reading.posture, reading.rule, reading.could_be) == (permuted_reading.posture, permuted_reading.rule, permuted_reading.could_be)
    assert sorted(reading.because) == sorted(permuted_reading.because)
    assert sorted(reading.would_become) == sorted(permuted_reading.would_become)


@given(generate_claims(), generate_reports())
@examples(12)
def test_only_certain_facts_are_reasons(claims: list[Claim], reports: list[Report]) -> None:
    certain_ids = {claim.id for claim in claims if claim.stands is Stands.YES or claim.listed_agreements == 0}
    certain_ids |= {report.id for report in reports if report.on_file is Stands.YES}
    assert set(read_posture(claims, reports).because) <= certain_ids

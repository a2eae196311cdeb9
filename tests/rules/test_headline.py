"""A headline states the posture with its sources and is never stronger than the claims."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legal.rules.dates import UNKNOWN_DATE, EdtfDate
from legal.rules.headline import HeadlineClaim, HeadlineFacts, RosterMention, headline_text
from legal.vocabulary import LIFECYCLES, Basis, Kind, Posture, Stands
from tests.examples import examples
from tests.rules.factories import SAMPLE_DATES

DAY = date(2026, 11, 25)
FEBRUARY_4 = EdtfDate("2026-02-04", date(2026, 2, 4), date(2026, 2, 4), Basis.EXPLICIT)
ROSTER = RosterMention(date(2026, 2, 17), 29, 27, True)
EMPTY_ROSTER = RosterMention(date(2026, 5, 18), 0, 0, False)
NO_FINDING = "The documents on file do not say where Guam stands on this day; that says nothing about its law or its agreements."

FORBIDDEN_INFERENCES = {
    "no_record is not a finding": r"\b(has|have|there (is|are)) no\b|\bwithout (a|any)\b(?! date)|\bnever\b",
    "passed_legislature is not law": r"\b(became(?! of it)|becomes|signed|enacted|is law|into law|new law)\b",
    "ordered_to_terminate is not ended": r"\b(ended|terminated|were ended|cancell?ed)\b",
    "possible is not certain": r"\b(certainly|definitely|proves?|confirms?)\b",
}


def make_headline_claim(
    kind: str = Kind.BAN, status: str = "in_force", stands: Stands = Stands.YES, newest: EdtfDate = FEBRUARY_4
) -> HeadlineClaim:
    """Return a claim that the posture rests on if it is certain."""
    return HeadlineClaim(kind, status, stands, newest, stands is Stands.YES)


def make_headline(posture: Posture, *claims: HeadlineClaim, name: str = "Guam", **fields: object) -> str:
    """Return the headline of a jurisdiction with these claims and, unless the fields say otherwise, no roster."""
    defaults = {"day": DAY, "roster": None, "is_stale": False, "has_other_readings": False}
    return headline_text(HeadlineFacts(name, posture, claims=claims, **defaults | fields))  # type: ignore[arg-type]


def test_no_record_is_no_finding() -> None:
    assert make_headline(Posture.NO_RECORD, is_stale=None) == NO_FINDING


def test_none_listed_says_what_the_roster_says() -> None:
    assert make_headline(Posture.NONE_LISTED, roster=EMPTY_ROSTER) == (
        "ICE's roster of May 18, 2026 names no agency in Guam, and nothing else is on file for this day; that says nothing beyond the roster."
    )


def test_old_roster_gets_a_warning() -> None:
    text = make_headline(Posture.NONE_LISTED, roster=EMPTY_ROSTER, is_stale=True)
    assert text.endswith(" That evidence may be more than 12 months old.")


def test_posture_has_its_sources_and_what_the_roster_lists() -> None:
    assert make_headline(Posture.LIMITED_WITH_AGREEMENTS, make_headline_claim(), roster=ROSTER) == (
        "Law or policy in force in Guam limits 287(g) cooperation in part, and 287(g) agreements are on file as in effect, according to ICE's "
        "roster of February 17, 2026 and evidence published by February 4, 2026. That roster lists 29 agreements of 27 agencies there."
    )


def test_single_agreement_is_in_the_singular() -> None:
    roster = RosterMention(date(2026, 2, 17), 1, 1, True)
    assert make_headline(Posture.ACTIVE, roster=roster) == (
        "At least one 287(g) agreement is on file as in effect in Guam, according to ICE's roster of February 17, 2026. "
        "That roster lists 1 agreement of 1 agency there."
    )


@pytest.mark.parametrize("roster", [None, EMPTY_ROSTER, RosterMention(date(2026, 2, 17), 2, 2, False)])
def test_claims_alone_show_no_more_than_one_agreement(roster: RosterMention | None) -> None:
    text = make_headline(Posture.BARRED_WITH_AGREEMENTS, make_headline_claim(), roster=roster)
    assert "bars 287(g) agreements, and at least one such agreement is on file as in effect, " in text


def test_possible_bill_has_an_unknown_outcome() -> None:
    bill = make_headline_claim(Kind.PENDING_BILL, "passed_legislature", Stands.POSSIBLE)
    assert make_headline(Posture.ON_FILE, bill, roster=EMPTY_ROSTER, has_other_readings=True) == (
        "What is on file about Guam does not settle where it stands on 287(g) agreements. A bill had passed the legislature by February 4, "
        "2026, and no source on file says what became of it; ICE's roster of May 18, 2026 names no agency there."
    )


@pytest.mark.parametrize("newest", [UNKNOWN_DATE, EdtfDate("2026", date(2026, 1, 1), date(2026, 12, 31), Basis.EXPLICIT)])
def test_bill_whose_source_may_be_later_may_be_pending(newest: EdtfDate) -> None:
    bill = make_headline_claim(Kind.PENDING_BILL, "passed_legislature", Stands.POSSIBLE, newest)
    assert "A bill may or may not be pending." in make_headline(Posture.ON_FILE, bill)


def test_agreements_ordered_to_end_have_not_ended() -> None:
    agreements = make_headline_claim(Kind.ACTIVE_AGREEMENTS, "ordered_to_terminate", Stands.POSSIBLE)
    text = make_headline(Posture.LIMITED, make_headline_claim(), agreements, agreements)
    assert text.endswith(" Some agreements have been ordered to end, and no source on file says that they have.")


def test_other_possible_claims_are_mentioned() -> None:
    text = make_headline(Posture.ACTIVE, make_headline_claim(Kind.ACTIVE_AGREEMENTS, "active"), has_other_readings=True)
    assert text.endswith(" Some of what is on file may or may not hold on this day.")


@pytest.mark.parametrize(
    ("newest", "phrase"),
    [
        (FEBRUARY_4, "evidence published by February 4, 2026."),
        (EdtfDate("2026-02", date(2026, 2, 1), date(2026, 2, 28), Basis.EXPLICIT), "evidence published by February 28, 2026."),
        (EdtfDate("2026-02-01/..", date(2026, 2, 1), None, Basis.INFERRED), "evidence published on February 1, 2026 or later."),
        (UNKNOWN_DATE, "evidence without a date."),
    ],
)
def test_date_of_the_evidence_is_not_guessed(newest: EdtfDate, phrase: str) -> None:
    assert make_headline(Posture.BARRED, make_headline_claim(newest=newest)).endswith(phrase)


def test_contest_names_what_contests() -> None:
    claims = [make_headline_claim(Kind.LEGAL_OPINION, "issued"), make_headline_claim(Kind.PENDING_BILL, "introduced")]
    assert make_headline(Posture.CONTESTED, *claims) == (
        "Participation in 287(g) agreements is contested in Guam: a pending bill would limit such agreements and a legal opinion questions "
        "such agreements, according to evidence published by February 4, 2026."
    )


@pytest.mark.parametrize(
    ("status", "phrase"),
    [
        ("filed", "a suit challenges participation in the program"),
        ("on_appeal", "a suit challenges participation in the program"),
        ("settled", "a settlement restricts participation in the program"),
        ("judgment", "a judgment restricts participation in the program"),
    ],
)
def test_lawsuit_is_named_by_its_status(status: str, phrase: str) -> None:
    text = make_headline(Posture.ACTIVE_CONTESTED, make_headline_claim(Kind.LITIGATION, status))
    assert text.startswith(f"At least one 287(g) agreement is on file as in effect in Guam, and {phrase}, according to ")


def test_restriction_does_not_read_as_a_judgment_if_settled() -> None:
    claims = [make_headline_claim(Kind.LITIGATION, "settled"), make_headline_claim(Kind.ACTIVE_AGREEMENTS, "impaired")]
    assert "judgment" not in make_headline(Posture.ACTIVE_RESTRICTED, *claims)


def test_open_answer_gives_the_date_of_what_is_on_file() -> None:
    assert make_headline(Posture.ON_FILE, make_headline_claim()) == (
        "What is on file about Guam, published by February 4, 2026, does not settle where it stands on 287(g) agreements."
    )


@pytest.mark.parametrize("name", ["District of Columbia", "Northern Mariana Islands"])
def test_names_that_need_an_article_have_one(name: str) -> None:
    assert f"do not say where the {name} stands" in make_headline(Posture.NO_RECORD, name=name)


@st.composite
def generate_claims(draw: st.DrawFn) -> list[HeadlineClaim]:
    """Generate claims of every kind and status, and figures."""
    statuses = st.sampled_from([(kind, step.status) for kind, steps in LIFECYCLES.items() for step in steps] + [(None, None)])
    pairs = draw(st.lists(statuses, max_size=4))
    stands = st.sampled_from(list(Stands))
    return [HeadlineClaim(*pair, draw(stands), draw(st.sampled_from(SAMPLE_DATES)), draw(st.booleans())) for pair in pairs]


@given(
    st.sampled_from(list(Posture)),
    generate_claims(),
    st.sampled_from([None, ROSTER, EMPTY_ROSTER]),
    st.sampled_from([None, True, False]),
    st.booleans(),
)
@examples(40)
def test_no_headline_draws_a_forbidden_inference(
    posture: Posture, claims: list[HeadlineClaim], roster: RosterMention | None, is_stale: bool | None, has_other_readings: bool
) -> None:
    if posture is Posture.NONE_LISTED:
        roster = EMPTY_ROSTER
    text = make_headline(posture, *claims, roster=roster, is_stale=is_stale, has_other_readings=has_other_readings)
    assert {rule for rule, pattern in FORBIDDEN_INFERENCES.items() if re.search(pattern, text)} == set()
    assert len(re.findall(r"\.( |$)", text)) <= 2
    assert text[0].isupper() or text[0].isdigit()
    permuted = make_headline(posture, *reversed(claims), roster=roster, is_stale=is_stale, has_other_readings=has_other_readings)
    assert permuted == text

"""Hold sentences against made-up records, for what no jurisdiction on file has: a repealed ban, a mandate, a judgment, no roster."""

from dataclasses import replace
from datetime import date

import pytest

from legal.rules.dates import EdtfDate, parse_date
from legal.rules.figures import QuantityRange
from legal.rules.posture import Claim
from legal.rules.rosters.figure_checks import UnitCounts
from legal.rules.sentences.facts import RecordedCounts, RecordedFigure, RecordedMeasure, RecordedStance
from legal.rules.sentences.places import NameIndex, index_names
from legal.rules.sentences.reading import ReadClaim, UnreadClause, read_text
from legal.rules.sentences.verdicts import combine_verdicts, judge_claim
from legal.vocabulary import Basis, Direction, Kind, SentenceVerdict, Stands

DAY = date(2026, 2, 20)
INDEX: NameIndex = index_names(
    {"US": "United States", "OH": "Ohio", "WV": "West Virginia", "VA": "Virginia", "WA": "Washington"},
    [("OH", "Jane Roe"), ("OH", "Ohio legislature"), ("OH", "Ohio Civil Liberties Foundation Group"), ("OH", "Nine Words"), ("OH", "Cher")],
)
SUPPORTED, PARTLY, CONTRADICTED, NO_RECORD, NOT_UNDERSTOOD = (
    *(SentenceVerdict.SUPPORTED, SentenceVerdict.PARTLY, SentenceVerdict.CONTRADICTED),
    *(SentenceVerdict.NO_RECORD, SentenceVerdict.NOT_UNDERSTOOD),
)


def recorded(
    kind: Kind,
    status: str,
    stands: Stands = Stands.YES,
    direction: Direction = Direction.LIMITS,
    events: tuple[tuple[str, EdtfDate], ...] = (),
    **fields: object,
) -> RecordedMeasure:
    """Return a measure on the day; ``fields`` are those of its claim."""
    claim = replace(Claim(f"oh-{kind}", kind, status, direction, stands), **fields)  # type: ignore[arg-type]
    return RecordedMeasure(claim, f"The {kind}", events)


def judge(
    text: str, *measures: RecordedMeasure, roster: RecordedCounts | None = None, figures: tuple[RecordedFigure, ...] = ()
) -> SentenceVerdict:
    """Return the verdict on a sentence about one jurisdiction with these measures on file."""
    (clause,) = read_text(text, INDEX, DAY).clauses
    assert isinstance(clause, ReadClaim), clause
    stance = RecordedStance("Ohio", DAY, measures, figures, roster)
    return combine_verdicts([finding.verdict for finding in judge_claim(clause, stance)])


BAN = recorded(Kind.BAN, "in_force", prohibits_agreements=True)
REPEALED = recorded(Kind.BAN, "repealed", Stands.NO, has_ended=True, prohibits_agreements=True)
MANDATE = recorded(Kind.MANDATE, "in_force", direction=Direction.REQUIRES)
ORDER = recorded(Kind.EXECUTIVE_ORDER, "in_force", binds=frozenset({"state_agencies"}))
POSSIBLE_ORDER = recorded(Kind.EXECUTIVE_ORDER, "in_force", Stands.POSSIBLE)
PENDING = recorded(Kind.PENDING_BILL, "pending", prohibits_agreements=True)
PASSED = recorded(
    Kind.PENDING_BILL, "passed_legislature", prohibits_agreements=True, events=(("passed_legislature", parse_date("2026-02-10")),)
)
DEAD = recorded(Kind.PENDING_BILL, "failed", Stands.NO, has_ended=True, prohibits_agreements=True)
MAYBE_INTRODUCED = recorded(Kind.PENDING_BILL, "introduced", Stands.POSSIBLE, events=(("introduced", parse_date("2026")),))
SUIT = recorded(Kind.LITIGATION, "filed")
JUDGMENT = recorded(Kind.LITIGATION, "judgment")
POSSIBLE_SUIT = recorded(Kind.LITIGATION, "filed", Stands.POSSIBLE)
OPINION = recorded(Kind.LEGAL_OPINION, "issued", does_not_bind=frozenset({"all_agencies"}))
POSSIBLE_OPINION = recorded(Kind.LEGAL_OPINION, "issued", Stands.POSSIBLE)
ACTIVE = recorded(Kind.ACTIVE_AGREEMENTS, "active", direction=Direction.ENCOURAGES)
POSSIBLE_AGREEMENTS = recorded(Kind.ACTIVE_AGREEMENTS, "active", Stands.POSSIBLE, Direction.ENCOURAGES)
VOIDED = recorded(Kind.ACTIVE_AGREEMENTS, "voided", Stands.NO, Direction.ENCOURAGES, has_ended=True)


@pytest.mark.parametrize(
    ("text", "measure", "verdict"),
    [
        ("Ohio has repealed its ban on 287(g) agreements.", REPEALED, SUPPORTED),
        ("Ohio has repealed its statute on 287(g) agreements.", REPEALED, SUPPORTED),
        ("Ohio has repealed its statutes on 287(g) agreements.", REPEALED, SUPPORTED),
        ("Ohio has not repealed its ban on 287(g) agreements.", REPEALED, CONTRADICTED),
        ("Ohio has not repealed its ban on 287(g) agreements.", BAN, PARTLY),
        ("Ohio no longer bans 287(g) agreements.", BAN, CONTRADICTED),
        ("Ohio bans 287(g) agreements.", REPEALED, NO_RECORD),
        ("Ohio will ban 287(g) agreements.", BAN, PARTLY),
        ("Ohio restricts 287(g) agreements by state agencies.", ORDER, SUPPORTED),
        ("Ohio does not restrict 287(g) agreements.", ORDER, CONTRADICTED),
        ("Ohio restricts existing 287(g) agreements.", ORDER, PARTLY),
        ("Ohio restricts 287(g) agreements by county sheriffs.", ORDER, PARTLY),
        ("Ohio requires sheriffs to join the 287(g) program.", MANDATE, PARTLY),
        ("Ohio law requires participation in the 287(g) program.", MANDATE, SUPPORTED),
        ("Ohio law does not require participation in the 287(g) program.", MANDATE, CONTRADICTED),
        ("Ohio law does not require participation in the 287(g) program.", BAN, PARTLY),
        ("Ohio enacted a law that bans 287(g) agreements.", BAN, PARTLY),
        ("A bill to ban 287(g) agreements is pending in Ohio.", BAN, NO_RECORD),
        ("A bill to ban 287(g) agreements is pending in Ohio.", DEAD, CONTRADICTED),
        ("A bill to ban 287(g) agreements is not pending in Ohio.", DEAD, SUPPORTED),
        ("A bill to ban 287(g) agreements is not pending in Ohio.", PENDING, CONTRADICTED),
        ("Ohio lawmakers introduced a bill to limit 287(g) agreements.", MAYBE_INTRODUCED, PARTLY),
        ("Ohio lawmakers did not introduce a bill to ban 287(g) agreements.", PENDING, CONTRADICTED),
        ("Ohio lawmakers passed a bill to ban 287(g) agreements.", PASSED, SUPPORTED),
        ("Ohio lawmakers passed a bill to end 287(g) agreements.", PASSED, CONTRADICTED),
        ("Ohio's governor has not signed a bill to end 287(g) agreements.", PASSED, PARTLY),
        ("Ohio's governor signed an executive order on 287(g) agreements.", POSSIBLE_ORDER, PARTLY),
        ("Ohio's governor did not issue an executive order that bans 287(g) agreements.", ORDER, PARTLY),
        ("Ohio's governor did not issue an executive order on 287(g) agreements.", ORDER, CONTRADICTED),
        (
            "Ohio's executive order bans 287(g) agreements.",
            replace(ORDER, claim=replace(ORDER.claim, prohibits_agreements=True, binds=frozenset())),
            SUPPORTED,
        ),
        ("A court ruled on 287(g) agreements in Ohio.", JUDGMENT, SUPPORTED),
        ("No lawsuit over 287(g) is pending in Ohio.", SUIT, CONTRADICTED),
        ("A lawsuit in Ohio challenges 287(g) agreements.", POSSIBLE_SUIT, PARTLY),
        ("Ohio's attorney general issued an opinion on 287(g).", POSSIBLE_OPINION, PARTLY),
        ("Ohio's attorney general never issued an opinion on 287(g).", OPINION, CONTRADICTED),
        ("Ohio's attorney general did not issue a binding opinion on 287(g).", OPINION, PARTLY),
        ("Ohio has 287(g) agreements.", POSSIBLE_AGREEMENTS, PARTLY),
        ("Ohio has 287(g) agreements.", BAN, NO_RECORD),
        ("Ohio has ended its 287(g) agreements.", ACTIVE, CONTRADICTED),
        ("Ohio has not ended its 287(g) agreements.", ACTIVE, PARTLY),
        ("Ohio has ended its 287(g) agreements.", VOIDED, PARTLY),
        ("Ohio has ended its 287(g) agreements.", POSSIBLE_AGREEMENTS, PARTLY),
        ("Ohio has ended its 287(g) agreements.", BAN, NO_RECORD),
    ],
)
def test_measure_gives_the_verdict(text: str, measure: RecordedMeasure, verdict: SentenceVerdict) -> None:
    assert judge(text, measure) is verdict


def roster(agreements: int, agencies: int, *, is_old: bool = False) -> RecordedCounts:
    """Return the counts of a roster of three days before."""
    return RecordedCounts("roster", date(2026, 2, 17), UnitCounts(agreements, agencies), is_old)


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Ohio has twenty five 287(g) agreements.", SUPPORTED),
        ("Ohio has two dozen 287(g) agreements.", PARTLY),
        ("Ohio has a dozen 287(g) agreements.", CONTRADICTED),
        ("Ohio does not have 25 287(g) agreements.", CONTRADICTED),
        ("Ohio does not have 90 287(g) agreements.", PARTLY),
        ("Ohio had 25 287(g) agreements in February 2026.", SUPPORTED),
        ("Ohio had 25 287(g) agreements in January 2026.", PARTLY),
        ("Ohio had 25 287(g) agreements on 17 February 2026.", SUPPORTED),
        ("Ohio has no more than 30 287(g) agreements.", SUPPORTED),
        ("Ohio spent 3 months on its 287(g) agreements.", NOT_UNDERSTOOD),
    ],
)
def test_number_is_held_against_the_roster(text: str, verdict: SentenceVerdict) -> None:
    assert judge(text, roster=roster(25, 20)) is verdict


def test_number_without_a_roster_has_no_record() -> None:
    assert judge("Ohio has 25 287(g) agreements.") is NO_RECORD


def test_number_is_within_the_time_of_its_figure() -> None:
    figure = RecordedFigure("f", "Arrests", "arrests", "arrests", QuantityRange("arrests", 90, 90, 90), parse_date("2025-05"))
    assert judge("Ohio reported 90 arrests in 2025.", figures=(figure,)) is SUPPORTED
    assert judge("Ohio reported 90 arrests in 2024.", figures=(figure,)) is PARTLY


def test_share_of_a_model_is_not_held_against_another_models_figure() -> None:
    figure = RecordedFigure("f", "Share", "model_share", "percent", QuantityRange("percent", 60, 60, 60), parse_date("2026-02"))
    text = "60 percent of 287(g) agreements in Ohio follow the task force model."
    assert judge(text, figures=(replace(figure, model="task_force"),)) is PARTLY
    assert judge(text, figures=(replace(figure, model="warrant_service_officer"),)) is NO_RECORD


def test_suit_is_within_the_time_of_its_events() -> None:
    suit = replace(SUIT, events=[("filed", parse_date("2025"))])
    assert judge("A lawsuit over 287(g) was filed in Ohio in 2025.", suit) is SUPPORTED
    assert judge("A lawsuit over 287(g) was filed in Ohio in March 2025.", suit) is PARTLY


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Ohio bans 287(g) agreements in March 2027.", "It speaks of a time after the day asked about."),
        ("Ohio banned 287(g) agreements in 2024 and in 2025.", "It names several dates. Check one at a time."),
        ("287(g) agreements are banned.", "It names no state, district or territory."),
        ("Ohio likes 287(g).", "It makes no claim of a kind that is on file here."),
        ("Summit County, Ohio, signed a 287(g) agreement.", "It is about a city, a county or a publication."),
        ("Ohio = 287(g)", "It has signs that no sentence has."),
    ],
)
def test_clause_that_lacks_something_says_what(text: str, words: str) -> None:
    (clause,) = read_text(text, INDEX, DAY).clauses
    assert isinstance(clause, UnreadClause)
    assert clause.reason.startswith(words)


@pytest.mark.parametrize("text", ["February 30, 2026", "Feb. 30"])
def test_day_that_its_month_does_not_have_is_no_day(text: str) -> None:
    reading = read_text(f"Ohio had 25 287(g) agreements on {text}.", INDEX, DAY)
    assert reading.day is None


@pytest.mark.parametrize(("text", "day"), [("Feb. 4", date(2026, 2, 4)), ("Dec. 4", date(2025, 12, 4))])
def test_day_without_a_year_is_the_last_one(text: str, day: date) -> None:
    assert read_text(f"Ohio banned 287(g) agreements on {text}.", INDEX, DAY).day == day


def test_person_on_file_stands_for_the_jurisdiction() -> None:
    (clause,) = read_text("Roe ordered state agencies to end 287(g) agreements.", INDEX, DAY).clauses
    assert clause.codes == ("OH",)


@pytest.mark.parametrize(
    ("verdicts", "whole"),
    [
        ((SUPPORTED, SUPPORTED), SUPPORTED),
        ((SUPPORTED, CONTRADICTED), PARTLY),
        ((SUPPORTED, NOT_UNDERSTOOD), PARTLY),
        ((CONTRADICTED, NO_RECORD), CONTRADICTED),
        ((CONTRADICTED, NOT_UNDERSTOOD), NOT_UNDERSTOOD),
        ((NO_RECORD, PARTLY), PARTLY),
    ],
)
def test_verdicts_of_parts_give_that_of_the_whole(verdicts: tuple[SentenceVerdict, ...], whole: SentenceVerdict) -> None:
    assert combine_verdicts(verdicts) is whole


def test_unknown_dates_are_of_no_period() -> None:
    order = replace(ORDER, effective_from=EdtfDate(None, None, None, Basis.UNKNOWN))
    assert judge("Ohio's governor issued a directive on 287(g) agreements in 2025.", order) is PARTLY

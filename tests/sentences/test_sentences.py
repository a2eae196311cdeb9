"""Hold the sentences of ``sentences.csv`` against the record, and measure the verdicts."""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from legal.db.engine import Database
from legal.queries.core.snapshot import resolve_snapshot
from legal.queries.stance.sentences import check_sentence
from legal.settings import ROOT
from legal.vocabulary import SentenceVerdict

SENTENCES = list(csv.DictReader((ROOT / "tests" / "sentences" / "sentences.csv").read_text(encoding="utf-8").splitlines()))
FLOORS = {
    SentenceVerdict.SUPPORTED: (1.0, 0.98),
    SentenceVerdict.PARTLY: (0.96, 0.97),
    SentenceVerdict.CONTRADICTED: (0.98, 0.93),
    SentenceVerdict.NO_RECORD: (1.0, 0.98),
    SentenceVerdict.NOT_UNDERSTOOD: (0.92, 0.97),
}
"""The least precision and recall by verdict, at or just below what the rules reach."""
Pair = tuple[str, str]


@pytest.fixture
def session(shipped_db: Database) -> Iterator[Session]:
    """A session on the record of a fresh install."""
    with Session(shipped_db.engine) as open_session:
        yield open_session


def check(session: Session, sentence: str, day: str) -> Any:
    """Return the answer on a sentence for a day."""
    return check_sentence(session, resolve_snapshot(session, date.fromisoformat(day)), sentence)


def count_pairs(session: Session) -> tuple[Counter[Pair], list[str]]:
    """Return how often each expected verdict met each given one, and the sentences that are falsely supported."""
    pairs: Counter[Pair] = Counter()
    falsely_supported = []
    for row in SENTENCES:
        verdict = check(session, row["sentence"], row["as_of"])["verdict"]
        pairs[row["verdict"], verdict] += 1
        if verdict == SentenceVerdict.SUPPORTED != row["verdict"]:
            falsely_supported.append(row["sentence"])
    return pairs, falsely_supported


def measure_verdict(pairs: Counter[Pair], verdict: str) -> tuple[int, int, int]:
    """Return how many sentences got a verdict rightly, how many got it, and how many should have got it."""
    given = sum(number for (_, answer), number in pairs.items() if answer == verdict)
    wanted = sum(number for (expected, _), number in pairs.items() if expected == verdict)
    return pairs[verdict, verdict], given, wanted


def test_verdicts_reach_the_pinned_precision_and_recall(session: Session, capsys: pytest.CaptureFixture[str]) -> None:
    pairs, falsely_supported = count_pairs(session)
    table = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
    measures = {verdict: measure_verdict(pairs, verdict) for verdict in SentenceVerdict}
    with capsys.disabled():
        for verdict, (right, given, wanted) in measures.items():
            print(f"\n{verdict}: precision {right}/{given}, recall {right}/{wanted}", end="")  # noqa: T201 - the figures are the point
    assert falsely_supported == []
    reached = {verdict: (right / given, right / wanted) for verdict, (right, given, wanted) in measures.items()}
    assert {verdict: reached[verdict] for verdict in FLOORS if any(map(float.__lt__, reached[verdict], FLOORS[verdict]))} == {}
    rows = dict(re.findall(r"^\| `(\w+)` \| .* \| (\d+/\d+ and \d+/\d+) \|$", table, re.MULTILINE))
    assert rows == {str(verdict): f"{right}/{given} and {right}/{wanted}" for verdict, (right, given, wanted) in measures.items()}


def test_set_has_the_sentences_that_were_written_before_the_rules() -> None:
    sizes = Counter(row["set"] for row in SENTENCES)
    assert sizes["first"] >= 120
    assert sizes["held_out"] >= 40
    assert len({(row["as_of"], row["sentence"]) for row in SENTENCES}) == len(SENTENCES)


@pytest.mark.parametrize(
    ("day", "verdict", "words"),
    [
        ("2026-02-20", "contradicted_as_stated", "had passed the legislature, and no source on file says that it was signed"),
        ("2026-11-25", "partly", "no source on file says what became of it by this day"),
    ],
)
def test_ban_in_maryland_is_a_bill(session: Session, day: str, verdict: str, words: str) -> None:
    answer = check(session, "Maryland has banned 287(g) agreements.", day)
    assert answer["verdict"] == verdict
    assert answer["measures"] == ["md-bill-2026"]
    assert words in answer["claims"][0]["reason"]
    assert {citation["document"] for citation in answer["citations"]} == {"agreements-retelling-2026"}
    assert answer["evidence_through"]["edtf"] is not None
    assert "Maryland" in answer["wording"]


def test_agencies_and_states_are_checked_each_in_their_unit(session: Session) -> None:
    answer = check(session, "More than 1,000 agencies in 40 states have agreements.", "2025-09-17")
    assert answer["verdict"] == "partly"
    assert [claim["verdict"] for claim in answer["claims"]] == ["partly", "supported"]
    assert "1,000 agreements of 832 agencies in 40 states" in answer["claims"][0]["reason"]
    assert "us-participation-about-1000-agencies" in answer["figures"]
    assert answer["rosters"] != []
    assert answer["evidence_through"]["earliest"] == "2025-09-17"


def test_day_in_the_sentence_is_the_day_that_it_is_held_against(session: Session) -> None:
    answer = check(session, "On September 17, 2025, 832 agencies had 287(g) agreements.", "2026-11-25")
    assert (answer["day"], answer["verdict"], answer["meta"]["as_of"]) == ("2025-09-17", "supported", "2026-11-25")


def test_several_days_are_not_understood(session: Session) -> None:
    text = "On September 17, 2025, 832 agencies had 287(g) agreements. On February 17, 2026, 1,195 agencies had 287(g) agreements."
    answer = check(session, text, "2026-11-25")
    assert {claim["reason"] for claim in answer["claims"]} == {"It names several days. Check one day at a time."}


@pytest.mark.parametrize(
    "sentence", ["Has Maryland banned 287(g) agreements?", "Washington bans 287(g) agreements.", "Hello.", "…", "1 2 3"]
)
def test_sentence_that_is_not_understood_comes_with_help(session: Session, sentence: str) -> None:
    answer = check(session, sentence, "2026-02-20")
    assert answer["verdict"] == "not_understood"
    assert all(len(claim["reason"]) > 10 for claim in answer["claims"])
    assert answer["citations"] == []

"""Claims have a confidence, a corroboration and a newest source, from their supporting citations."""

from datetime import timedelta
from itertools import pairwise

import pytest

from legal.rules.dates import UNKNOWN_DATE, parse_date
from legal.rules.evidence import (
    CONFIDENCE_ORDER,
    cap_at_access_date,
    claim_confidence,
    count_corroboration,
    is_stale,
    newest_date,
    report_bounds,
    strongest_confidence,
    weakest_confidence,
)
from legal.vocabulary import Confidence, DocumentType, OriginType, Role
from tests.rules.factories import make_evidence, parse_day

INSTRUMENT = make_evidence(document_type=DocumentType.INSTRUMENT)
OFFICIAL_STATEMENT = make_evidence(document="two", origin_type=OriginType.OFFICIAL_STATEMENT)
FIRST_ARTICLE, SECOND_ARTICLE = make_evidence(document="three"), make_evidence(document="four")


@pytest.mark.parametrize(
    ("citations", "level"),
    [
        ([INSTRUMENT, OFFICIAL_STATEMENT], Confidence.PRIMARY),
        ([make_evidence(document_type=DocumentType.ROSTER)], Confidence.PRIMARY),
        ([OFFICIAL_STATEMENT, FIRST_ARTICLE, SECOND_ARTICLE], Confidence.OFFICIAL_STATEMENT),
        ([FIRST_ARTICLE, SECOND_ARTICLE], Confidence.SEVERAL_ORIGINS),
        ([FIRST_ARTICLE, FIRST_ARTICLE], Confidence.SINGLE_ORIGIN),
        ([], Confidence.NONE),
    ],
)
def test_claim_has_the_best_level_that_its_citations_reach(citations: list, level: Confidence) -> None:
    assert claim_confidence(citations) is level


def test_article_about_a_public_record_is_not_a_primary_source() -> None:
    assert claim_confidence([make_evidence(origin_type=OriginType.OFFICIAL_RECORD)]) is Confidence.SINGLE_ORIGIN


@pytest.mark.parametrize("role", [Role.CONTEXT, Role.CONTRADICTS])
def test_context_and_contradiction_support_nothing(role: Role) -> None:
    citation = make_evidence(document_type=DocumentType.INSTRUMENT, role=role)
    assert claim_confidence([citation]) is Confidence.NONE
    assert count_corroboration([citation]) == {"documents": 0, "publishers": 0, "origins": 0}


def test_copies_of_one_announcement_have_one_origin() -> None:
    copies = [make_evidence(document=name, publisher=name, origin="release") for name in ("one", "two", "three")]
    assert count_corroboration(copies) == {"documents": 3, "publishers": 3, "origins": 1}
    assert claim_confidence(copies) is Confidence.SINGLE_ORIGIN


def test_two_origins_of_one_document_count_as_two() -> None:
    assert count_corroboration([make_evidence(origin="a"), make_evidence(origin="b")]) == {"documents": 1, "publishers": 1, "origins": 2}


def test_document_without_a_publisher_adds_no_publisher() -> None:
    assert count_corroboration([FIRST_ARTICLE, make_evidence(document="five", publisher=None)]) == {
        "documents": 2,
        "publishers": 1,
        "origins": 2,
    }


def test_strongest_of_two_levels_is_the_better_one() -> None:
    assert [strongest_confidence(pair) for pair in pairwise(CONFIDENCE_ORDER)] == list(CONFIDENCE_ORDER[:-1])


def test_strongest_of_no_levels_is_none() -> None:
    assert strongest_confidence([]) is Confidence.NONE


def test_weakest_of_two_levels_is_the_worse_one() -> None:
    assert [weakest_confidence(pair) for pair in pairwise(CONFIDENCE_ORDER)] == list(CONFIDENCE_ORDER[1:])


def test_weakest_of_no_levels_is_none() -> None:
    assert weakest_confidence([]) is Confidence.NONE


def test_confidence_order_has_every_level_in_the_order_of_the_list() -> None:
    assert list(CONFIDENCE_ORDER) == list(Confidence)


def test_newest_date_is_that_of_the_newest_document() -> None:
    dates = [parse_date("2025-09-17"), parse_date("2026-02-04"), UNKNOWN_DATE, parse_date("2026-01")]
    assert newest_date(dates) == parse_date("2026-02-04")


def test_date_with_the_later_end_is_newer_if_both_begin_together() -> None:
    assert newest_date([parse_date("2026-02-01"), parse_date("2026-02"), parse_date("2026-02/..")]) == parse_date("2026-02/..")


def test_newest_date_of_undated_evidence_is_unknown() -> None:
    assert newest_date([UNKNOWN_DATE]) == newest_date([]) == UNKNOWN_DATE


@pytest.mark.parametrize(("roster_ids", "last_fresh_day"), [({"one"}, "2025-11-16"), (set(), "2026-09-17")])
def test_evidence_is_stale_after_the_limit_of_its_kind(roster_ids: set[str], last_fresh_day: str) -> None:
    dates, day = {"one": [parse_date("2025-09-17")]}, parse_day(last_fresh_day)
    assert not is_stale([["one"]], dates, roster_ids, day)
    assert is_stale([["one"]], dates, roster_ids, day + timedelta(days=1))


def test_one_new_source_keeps_a_ground_fresh_and_not_another_ground() -> None:
    dates = {"old": [parse_date("2020")], "new": [parse_date("2026-02-04")]}
    assert not is_stale([["old", "new"]], dates, set(), parse_day("2026-02-20"))
    assert is_stale([["old"], ["new"]], dates, set(), parse_day("2026-02-20"))


def test_undated_evidence_is_stale() -> None:
    assert is_stale([["one"]], {"one": [UNKNOWN_DATE]}, set(), parse_day("2026-02-04"))


def test_answer_without_grounds_is_not_stale() -> None:
    assert not is_stale([], {}, set(), parse_day("2026-02-04"))


@pytest.mark.parametrize(
    ("published", "capped"),
    [("2026", "2026-01-01/2026-11-22"), ("2026-02-04", "2026-02-04"), ("2026-02-04/..", "2026-02-04/2026-11-22"), (None, "../2026-11-22")],
)
def test_document_is_no_newer_than_the_day_it_was_read(published: str | None, capped: str) -> None:
    assert cap_at_access_date(parse_date(published, "inferred"), parse_day("2026-11-22")) == parse_date(capped, "inferred")


def test_document_without_an_access_day_keeps_its_date() -> None:
    assert cap_at_access_date(parse_date("2026"), None) == parse_date("2026")


def test_figure_is_reported_when_its_first_source_was_published() -> None:
    sources = [parse_date("2026-02-10/2026-02-17"), parse_date("2025-09-17/2025-09-23")]
    assert report_bounds(parse_date("2018"), sources) == (parse_day("2025-09-17"), parse_day("2025-09-23"))


def test_report_is_not_older_than_the_day_that_it_counts() -> None:
    assert report_bounds(parse_date("2026-02-10"), [parse_date("2026-02-04/2026-02-17")]) == (
        parse_day("2026-02-10"),
        parse_day("2026-02-17"),
    )


def test_goal_is_reported_before_its_day() -> None:
    assert report_bounds(parse_date("2026-01"), [parse_date("2025-09-17")]) == (parse_day("2025-09-17"), parse_day("2025-09-17"))


def test_figure_without_a_source_is_dated_by_its_own_day() -> None:
    assert report_bounds(parse_date("2026-02"), []) == (parse_day("2026-02-01"), parse_day("2026-02-28"))

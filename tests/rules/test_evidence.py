"""How well a claim is sourced, and how far its evidence reaches."""

from itertools import pairwise

import pytest

from legal.rules.dates import UNKNOWN, when
from legal.rules.evidence import CONFIDENCE_ORDER, STALE_AFTER, confidence, corroboration, reaches, stale, strongest, weakest
from legal.vocabulary import Confidence, DocumentType, OriginType, Role
from tests.rules.factories import day, evidence

PRIMARY = evidence(document_type=DocumentType.INSTRUMENT)
STATEMENT = evidence(document="two", origin_type=OriginType.OFFICIAL_STATEMENT)
ARTICLE, OTHER = evidence(document="three"), evidence(document="four")


@pytest.mark.parametrize(
    ("citations", "level"),
    [
        ([PRIMARY, STATEMENT], Confidence.PRIMARY),
        ([evidence(document_type=DocumentType.ROSTER)], Confidence.PRIMARY),
        ([STATEMENT, ARTICLE, OTHER], Confidence.OFFICIAL_STATEMENT),
        ([ARTICLE, OTHER], Confidence.SEVERAL_ORIGINS),
        ([ARTICLE, ARTICLE], Confidence.SINGLE_ORIGIN),
        ([], Confidence.NONE),
    ],
)
def test_a_claim_has_the_best_level_of_its_citations(citations: list, level: Confidence) -> None:
    assert confidence(citations) is level


def test_an_article_on_a_public_record_is_no_primary_source() -> None:
    assert confidence([evidence(origin_type=OriginType.OFFICIAL_RECORD)]) is Confidence.SINGLE_ORIGIN


@pytest.mark.parametrize("role", [Role.CONTEXT, Role.CONTRADICTS])
def test_context_and_contradiction_support_nothing(role: Role) -> None:
    citation = evidence(document_type=DocumentType.INSTRUMENT, role=role)
    assert confidence([citation]) is Confidence.NONE
    assert corroboration([citation]) == {"documents": 0, "publishers": 0, "origins": 0}


def test_copies_of_one_announcement_are_one_origin() -> None:
    copies = [evidence(document=name, publisher=name, origin="release") for name in ("one", "two", "three")]
    assert corroboration(copies) == {"documents": 3, "publishers": 3, "origins": 1}
    assert confidence(copies) is Confidence.SINGLE_ORIGIN


def test_two_origins_in_one_document_are_two() -> None:
    assert corroboration([evidence(origin="a"), evidence(origin="b")]) == {"documents": 1, "publishers": 1, "origins": 2}


def test_a_document_without_a_publisher_adds_none() -> None:
    assert corroboration([ARTICLE, evidence(document="five", publisher=None)]) == {"documents": 2, "publishers": 1, "origins": 2}


def test_what_is_said_several_times_is_as_well_sourced_as_its_best_claim() -> None:
    assert [strongest(pair) for pair in pairwise(CONFIDENCE_ORDER)] == list(CONFIDENCE_ORDER[:-1])


def test_what_nobody_says_has_no_source() -> None:
    assert strongest([]) is Confidence.NONE


def test_a_posture_is_as_well_sourced_as_the_weakest_thing_it_rests_on() -> None:
    assert [weakest(pair) for pair in pairwise(CONFIDENCE_ORDER)] == list(CONFIDENCE_ORDER[1:])


def test_a_posture_that_rests_on_nothing_has_no_confidence() -> None:
    assert weakest([]) is Confidence.NONE


def test_every_level_has_its_place_in_the_order() -> None:
    assert list(CONFIDENCE_ORDER) == list(Confidence)


def test_evidence_reaches_as_far_as_its_newest_document() -> None:
    dates = [when("2025-09-17"), when("2026-02-04"), UNKNOWN, when("2026-01")]
    assert reaches(dates) == when("2026-02-04")


def test_of_two_that_begin_together_the_later_end_is_newer() -> None:
    assert reaches([when("2026-02-01"), when("2026-02"), when("2026-02/..")]) == when("2026-02/..")


def test_undated_evidence_reaches_nowhere() -> None:
    assert reaches([UNKNOWN]) == reaches([]) == UNKNOWN


def test_evidence_is_stale_after_half_a_year_and_not_before() -> None:
    last = day("2025-09-17") + STALE_AFTER
    assert not stale(when("2025-09-17"), ["a claim"], last)
    assert stale(when("2025-09-17"), ["a claim"], last.replace(day=last.day + 1))


def test_undated_evidence_may_be_stale() -> None:
    assert stale(UNKNOWN, ["a claim"], day("2026-02-04"))


def test_nothing_on_file_is_not_stale() -> None:
    assert not stale(UNKNOWN, [], day("2026-02-04"))

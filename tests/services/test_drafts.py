"""Drafts contain everything that the rules derive from validated data."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from legal.json_types import Json
from legal.rules.dates import EdtfDate, parse_date
from legal.services import drafts
from legal.services.publishing import Draft
from tests.services.factories import checked_seed_files, citation_json, figure_json, jurisdiction_file, measure_json

PAPER_DATES = {"paper": parse_date("2026-02-04")}
AGREEMENTS_MEASURE = {"kind": "active_agreements", "status": "active", "events": []}


def load_jurisdiction(**changes: list[Json]) -> Json:
    """Load Virginia's seed file with its schema."""
    *_, (_, _, content) = checked_seed_files(jurisdiction_file(**changes))
    return dict(content)


def draft_measure(document_dates: Mapping[str, EdtfDate] = PAPER_DATES, **changes: Any) -> Draft:
    """Load a measure with its schema and return its draft."""
    (measure,) = load_jurisdiction(measures=[measure_json(**changes)])["measures"]
    return drafts.measure_draft(measure, "VA", document_dates)


def draft_figure(**changes: Any) -> Draft:
    """Load a figure with its schema and return its draft."""
    (figure,) = load_jurisdiction(figures=[figure_json(**changes)])["figures"]
    return drafts.figure_draft(figure, "VA", PAPER_DATES)


def test_figure_is_reported_when_its_document_was_published() -> None:
    content = draft_figure(date={"edtf": "2025", "basis": "explicit"}).content
    assert (content["reported_earliest"], content["reported_latest"]) == (date(2026, 2, 4), date(2026, 2, 4))


def test_undated_figure_is_reported_from_the_date_of_its_document() -> None:
    assert draft_figure(date=None).content["reported_latest"] == date(2026, 2, 4)


@pytest.mark.parametrize("changes", [{"role": "context"}, {"role": "contradicts"}, {"speech_act": "predicts"}])
def test_only_supporting_citations_date_a_claim(changes: dict[str, str]) -> None:
    assert drafts._source_dates([citation_json(), citation_json(**changes)], PAPER_DATES) == [PAPER_DATES["paper"]]


def test_bounds_of_a_figure_follow_from_its_comparator() -> None:
    content = draft_figure(comparator="more_than", value=40).content
    assert (content["low"], content["high"]) == (41, None)


def test_effect_period_of_a_measure_is_part_of_its_content() -> None:
    assert draft_measure().content["standing"].begins_latest == date(2026, 2, 4)


def test_same_content_has_the_same_hash() -> None:
    assert draft_measure().sha256 == draft_measure().sha256


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "Another"},
        {"status": "rescinded"},
        {"effective": {"from": None, "to": None}},
        {"events": []},
        {"citations": [citation_json(note="Read twice.")]},
        {"implies": ["active_agreements"]},
    ],
)
def test_any_change_changes_the_hash(changes: dict[str, object]) -> None:
    assert draft_measure(**changes).sha256 != draft_measure().sha256


def test_measure_without_agreements_keeps_the_hash_of_older_versions() -> None:
    assert "agreements" not in draft_measure(**AGREEMENTS_MEASURE).content


def test_naming_an_agreement_changes_the_hash() -> None:
    draft = draft_measure(**AGREEMENTS_MEASURE, agreements=["va-fairfax-county-sheriffs-office-task-force"])
    assert draft.sha256 != draft_measure(**AGREEMENTS_MEASURE).sha256


@pytest.mark.parametrize(("agreements", "stored"), [([], None), (["va-one-task-force"], ["va-one-task-force"])])
def test_empty_list_of_agreements_is_stored_as_null(agreements: list[str], stored: list[str] | None) -> None:
    draft = draft_measure(**AGREEMENTS_MEASURE, agreements=agreements)
    assert draft.build_version({"measure": "va-order"}).agreements == stored  # type: ignore[attr-defined]


def test_date_of_a_source_is_part_of_the_content_it_supports() -> None:
    undated = {"from": None, "to": None}
    later_dates = {"paper": parse_date("2026-03-01")}
    assert draft_measure(effective=undated).sha256 != draft_measure(later_dates, effective=undated).sha256

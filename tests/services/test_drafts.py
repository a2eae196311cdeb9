"""Drafts: what follows from what a schema has checked."""

from datetime import date

import pytest

from legal.rules.dates import UNKNOWN, When, when
from legal.services import drafts
from legal.services.publishing import Draft
from legal.services.seeds import File
from tests.services.factories import citation, figure, files, measure, place

PAPER = {"paper": when("2026-02-04")}


def checked(given: list[File]) -> dict[str, list[dict[str, object]]]:
    """The last file's content."""
    return given[-1][2]  # type: ignore[return-value]


def drafted_measure(**changes: object) -> Draft:
    """A measure's draft, through its schema."""
    return drafts.measure(checked(files(place(measures=[measure(**changes)])))["measures"][0], "VA", PAPER)


def drafted_figure(**changes: object) -> Draft:
    """A figure's draft, through its schema."""
    return drafts.figure(checked(files(place(figures=[figure(**changes)])))["figures"][0], "VA", PAPER)


@pytest.mark.parametrize(
    ("published", "accessed", "latest"),
    [
        (when("2026-02-04"), when("2026-11-22"), date(2026, 2, 4)),
        (when("2025/.."), when("2026-11-22"), date(2026, 11, 22)),
        (when("2026"), when("2026-11-22"), date(2026, 11, 22)),
        (when("2026"), UNKNOWN, date(2026, 12, 31)),
        (UNKNOWN, when("2026-11-22"), date(2026, 11, 22)),
        (UNKNOWN, UNKNOWN, None),
    ],
)
def test_a_document_is_no_younger_than_the_day_it_was_read(published: When, accessed: When, latest: date | None) -> None:
    known = drafts.known_by(published, accessed)
    assert (known.latest, known.earliest, known.edtf) == (latest, published.earliest, published.edtf)


def test_a_figure_is_on_file_from_its_own_date() -> None:
    content = drafted_figure(date={"edtf": "2025", "basis": "explicit"}).content
    assert (content["reported_earliest"], content["reported_latest"]) == (date(2025, 1, 1), date(2025, 12, 31))


def test_an_undated_figure_is_on_file_from_the_document_that_reports_it() -> None:
    assert drafted_figure(date=None).content["reported_latest"] == date(2026, 2, 4)


@pytest.mark.parametrize("changes", [{"role": "context"}, {"role": "contradicts"}, {"speech_act": "predicts"}])
def test_only_a_passage_that_says_so_dates_what_it_supports(changes: dict[str, str]) -> None:
    assert drafts.sources([citation(), citation(**changes)], PAPER) == [PAPER["paper"]]


def test_of_several_documents_the_first_counts() -> None:
    first = drafts.first_reported([when("2026-03"), when("2026-02-04"), UNKNOWN])
    assert (first.earliest, first.latest) == (date(2026, 2, 4), date(2026, 2, 4))


def test_a_figures_bounds_follow_from_its_comparator() -> None:
    content = drafted_figure(comparator="more_than", value=40).content
    assert (content["low"], content["high"]) == (41, None)


def test_a_measures_span_is_part_of_its_content() -> None:
    assert drafted_measure().content["standing"].begins_latest == date(2026, 2, 4)


def test_the_same_content_has_the_same_hash() -> None:
    assert drafted_measure().sha256 == drafted_measure().sha256


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "Another"},
        {"status": "rescinded"},
        {"effective": {"from": None, "to": None}},
        {"events": []},
        {"citations": [citation(note="Read twice.")]},
        {"implies": ["active_agreements"]},
    ],
)
def test_any_change_changes_the_hash(changes: dict[str, object]) -> None:
    assert drafted_measure(**changes).sha256 != drafted_measure().sha256


NAMED = {"kind": "active_agreements", "status": "active", "events": []}


def test_a_measure_that_names_no_agreement_has_the_hash_from_before_it_could() -> None:
    assert "agreements" not in drafted_measure(**NAMED).content


def test_naming_an_agreement_changes_the_hash() -> None:
    named = drafted_measure(**NAMED, agreements=["va-fairfax-county-sheriffs-office-task-force"])
    assert named.sha256 != drafted_measure(**NAMED).sha256


@pytest.mark.parametrize(("named", "kept"), [([], None), (["va-one-task-force"], ["va-one-task-force"])])
def test_agreements_are_kept_where_any_is_named(named: list[str], kept: list[str] | None) -> None:
    made = drafted_measure(**NAMED, agreements=named).version({"measure": "va-order"})
    assert made.agreements == kept  # type: ignore[attr-defined]


def test_the_date_of_a_source_is_part_of_what_it_supports() -> None:
    data = checked(files(place(measures=[measure(effective={"from": None, "to": None})])))["measures"][0]
    later = {"paper": when("2026-03-01")}
    assert drafts.measure(data, "VA", PAPER).sha256 != drafts.measure(data, "VA", later).sha256

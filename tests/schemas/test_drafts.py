"""What every draft refuses: keys it does not know, keys it misses, words and shapes that are not its own."""

import pytest
from marshmallow import Schema, ValidationError

from legal.schemas.citation import CitationDraft
from legal.schemas.document import DocumentDraft, OriginDraft
from legal.schemas.figure import FigureDraft
from legal.schemas.jurisdiction import JurisdictionSchema
from legal.schemas.measure import MeasureDraft
from tests.schemas.factories import DATE, Json, citation, document, figure, measure, origin, place, scope

WHOLE = {
    CitationDraft: citation(),
    DocumentDraft: document(),
    OriginDraft: origin(),
    FigureDraft: figure(),
    JurisdictionSchema: place(),
    MeasureDraft: measure(),
}
SHAPES = pytest.mark.parametrize(("shape", "whole"), WHOLE.items(), ids=lambda one: getattr(one, "__name__", ""))


def refused(shape: type[Schema], said: object) -> set[str]:
    """The keys at which a shape finds something wrong."""
    with pytest.raises(ValidationError) as error:
        shape().load(said)  # type: ignore[arg-type]
    return set(error.value.messages)


@SHAPES
def test_a_whole_draft_is_taken(shape: type[Schema], whole: Json) -> None:
    assert shape().load(whole)


@SHAPES
def test_a_key_it_does_not_know_is_refused(shape: type[Schema], whole: Json) -> None:
    assert refused(shape, whole | {"extra": 1}) == {"extra"}


@SHAPES
def test_no_key_may_be_left_out(shape: type[Schema], whole: Json) -> None:
    for key in whole:
        assert key in refused(shape, {name: value for name, value in whole.items() if name != key})


@SHAPES
@pytest.mark.parametrize("said", [None, [], "text", 1])
def test_what_is_no_object_is_refused(shape: type[Schema], whole: Json, said: object) -> None:
    assert refused(shape, said) == {"_schema"}


@SHAPES
def test_a_value_of_another_type_is_refused(shape: type[Schema], whole: Json) -> None:
    for key in whole:
        assert key in refused(shape, whole | {key: {"an": "object"}})


def test_a_roster_is_imported_and_not_drafted() -> None:
    assert refused(DocumentDraft, document(type="roster")) == {"type"}


@pytest.mark.parametrize("key", ["paragraphs", "characters"])
def test_a_document_that_is_no_roster_has_a_text(key: str) -> None:
    assert refused(DocumentDraft, document(**{key: None})) == {"paragraphs"}


CLOSED = [
    (CitationDraft, citation, "role"),
    (CitationDraft, citation, "speech_act"),
    (DocumentDraft, document, "type"),
    (DocumentDraft, document, "serve"),
    (OriginDraft, origin, "type"),
    (FigureDraft, figure, "metric"),
    (FigureDraft, figure, "unit"),
    (FigureDraft, figure, "cohort"),
    (FigureDraft, figure, "geography"),
    (FigureDraft, figure, "comparator"),
    (JurisdictionSchema, place, "type"),
    (MeasureDraft, measure, "kind"),
    (MeasureDraft, measure, "status"),
    (MeasureDraft, measure, "direction"),
]


@pytest.mark.parametrize(("shape", "made", "key"), CLOSED)
@pytest.mark.parametrize("word", ["", "other thing", "EXACT", "none ", ["ban"]])
def test_a_word_of_a_closed_list_is_one_of_its_words(shape: type[Schema], made: object, key: str, word: object) -> None:
    assert refused(shape, made(**{key: word})) == {key}  # type: ignore[operator]


@pytest.mark.parametrize("short", [{"id": ""}, {"id": "VA"}, {"id": "a--b"}, {"id": "-a"}, {"id": "a_b"}, {"id": "a\n"}, {"id": "a" * 121}])
@pytest.mark.parametrize(
    ("shape", "made"), [(MeasureDraft, measure), (FigureDraft, figure), (DocumentDraft, document), (OriginDraft, origin)]
)
def test_an_identifier_is_lower_case_words_and_hyphens(shape: type[Schema], made: object, short: Json) -> None:
    assert refused(shape, made(**short)) == {"id"}  # type: ignore[operator]


@pytest.mark.parametrize("digest", ["", "0" * 63, "0" * 65, "A" * 64, "0" * 64 + "\n"])
@pytest.mark.parametrize(("shape", "made"), [(CitationDraft, citation), (DocumentDraft, document)])
def test_a_hash_is_64_lower_case_digits(shape: type[Schema], made: object, digest: str) -> None:
    assert refused(shape, made(sha256=digest)) == {"sha256"}  # type: ignore[operator]


@pytest.mark.parametrize("text", ["a\x00b", "a\x1b[31m", "a\x7f", "a\x0c", "\ud800", ""])
def test_text_is_not_empty_and_has_no_control_characters(text: str) -> None:
    assert refused(MeasureDraft, measure(title=text)) == {"title"}


def test_text_may_have_lines_and_any_script() -> None:
    assert MeasureDraft().load(measure(summary="One\tline,\nand “zwei” 😀."))["summary"] == "One\tline,\nand “zwei” 😀."


def test_text_has_an_end() -> None:
    assert MeasureDraft().load(measure(title="x" * 300))
    assert refused(MeasureDraft, measure(title="x" * 301)) == {"title"}


@pytest.mark.parametrize("url", ["javascript:alert(1)", "ftp://example.org/", "example.org", "data:text/html,x", "//example.org"])
def test_a_link_leads_to_the_web(url: str) -> None:
    assert refused(DocumentDraft, document(url=url)) == {"url"}
    assert refused(MeasureDraft, measure(identifiers=[{"type": "bill", "number": "1", "url": url}])) == {"identifiers"}


@pytest.mark.parametrize("key", ["paragraph", "start", "end"])
@pytest.mark.parametrize("number", ["1", 1.5, True, None, -1])
def test_an_offset_is_a_whole_number(key: str, number: object) -> None:
    assert refused(CitationDraft, citation(**{key: number})) == {key}


def test_paragraphs_are_counted_from_one() -> None:
    assert refused(CitationDraft, citation(paragraph=0)) == {"paragraph"}
    assert refused(DocumentDraft, document(set_aside=[{"paragraphs": [0], "why": "None."}])) == {"set_aside"}


@pytest.mark.parametrize("end", [5, 4])
def test_a_span_ends_after_it_starts(end: int) -> None:
    assert refused(CitationDraft, citation(start=5, end=end)) == {"end"}


@pytest.mark.parametrize("key", ["binds", "does_not_bind"])
def test_a_measure_binds_classes_of_the_list_only(key: str) -> None:
    assert refused(MeasureDraft, measure(scope=scope(**{key: ["sheriffs"]}))) == {"scope"}


@pytest.mark.parametrize("answer", ["no", "NO", "off", "false", "true", 2])
def test_whether_agreements_are_prohibited_is_true_false_or_not_said(answer: object) -> None:
    assert refused(MeasureDraft, measure(scope=scope(prohibits_agreements=answer))) == {"scope"}


@pytest.mark.parametrize("months", [0, 1201, 1.5, "12"])
def test_a_term_is_a_number_of_months(months: object) -> None:
    assert refused(MeasureDraft, measure(scope=scope(max_term_months=months))) == {"scope"}


@pytest.mark.parametrize("value", ["40", "1_000", float("nan"), float("inf"), True, None, -1, 1e13, 10**400])
def test_a_value_is_a_number_that_can_be_counted(value: object) -> None:
    assert refused(FigureDraft, figure(value=value)) == {"value"}


@pytest.mark.parametrize(("shape", "made"), [(MeasureDraft, measure), (FigureDraft, figure)])
def test_nothing_is_said_without_a_citation(shape: type[Schema], made: object) -> None:
    assert refused(shape, made(citations=[])) == {"citations"}  # type: ignore[operator]


@pytest.mark.parametrize("derived", ["low", "high", "corroboration", "roster_check"])
def test_what_follows_from_a_figure_is_not_taken_from_outside(derived: str) -> None:
    assert refused(FigureDraft, figure(**{derived: None})) == {derived}


@pytest.mark.parametrize("derived", ["stands", "gaps", "phase", "corroboration", "notices"])
def test_what_follows_from_a_measure_is_not_taken_from_outside(derived: str) -> None:
    assert refused(MeasureDraft, measure(**{derived: None})) == {derived}


@pytest.mark.parametrize("derived", ["earliest", "latest"])
def test_the_bounds_of_a_date_are_not_taken_from_outside(derived: str) -> None:
    assert refused(FigureDraft, figure(date=DATE | {derived: "2026-02-04"})) == {"date"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"code": "va"},
        {"code": "VA\n"},
        {"code": "VIR"},
        {"fips": "5"},
        {"fips": 51},
        {"iso_3166_2": "VA"},
        {"ocd_id": "ocd-division/country:us/state:VA"},
        {"slug": "West Virginia"},
        {"slug": "virginia\n"},
    ],
)
def test_an_identifier_of_a_place_has_its_form(wrong: Json) -> None:
    assert refused(JurisdictionSchema, place(**wrong)) == set(wrong)

"""Schemas of seed files reject unknown keys, missing keys and invalid values."""

from collections.abc import Callable

import pytest
from marshmallow import Schema, ValidationError

from legal.json_types import Json
from legal.schemas.citation import CitationDraft
from legal.schemas.document import DocumentDraft, OriginDraft
from legal.schemas.figure import FigureDraft
from legal.schemas.jurisdiction import JurisdictionSchema
from legal.schemas.measure import MeasureDraft
from legal.schemas.omission import EmptyKeysOptional
from tests.schemas.factories import (
    DATE,
    valid_citation,
    valid_document,
    valid_figure,
    valid_jurisdiction,
    valid_measure,
    valid_origin,
    valid_scope,
)

BUILDERS: dict[type[Schema], Callable[..., Json]] = {
    CitationDraft: valid_citation,
    DocumentDraft: valid_document,
    OriginDraft: valid_origin,
    FigureDraft: valid_figure,
    JurisdictionSchema: valid_jurisdiction,
    MeasureDraft: valid_measure,
}
ALL_SCHEMAS = pytest.mark.parametrize("schema", BUILDERS)
TERM_KEYS = {
    CitationDraft: ("role", "speech_act"),
    DocumentDraft: ("type", "serve"),
    OriginDraft: ("type",),
    FigureDraft: ("metric", "unit", "cohort", "geography", "comparator"),
    JurisdictionSchema: ("type",),
    MeasureDraft: ("kind", "status", "direction"),
}


def rejected_keys(schema: type[Schema], content: object) -> set[str]:
    """Load invalid content and return the keys with a message; fail if the content is valid."""
    with pytest.raises(ValidationError) as error:
        schema().load(content)  # type: ignore[arg-type]
    return set(error.value.messages)


def list_failures(schema: type[Schema], key: str, values: list[object]) -> list[tuple[str, str, object, list[str]]]:
    """List the values of a key with which valid content is not rejected at exactly this key."""
    build = BUILDERS[schema]
    faults = [(value, sorted(schema().validate(build(**{key: value})))) for value in values]
    return [(schema.__name__, key, value, keys) for value, keys in faults if keys != [key]]


@ALL_SCHEMAS
def test_valid_content_is_accepted(schema: type[Schema]) -> None:
    assert schema().load(BUILDERS[schema]())


@ALL_SCHEMAS
def test_unknown_key_is_rejected(schema: type[Schema]) -> None:
    assert rejected_keys(schema, BUILDERS[schema](extra=1)) == {"extra"}


def empty_values(schema: type[Schema]) -> Json:
    """Return the keys that a schema allows to be omitted, with the values that they then have."""
    return schema().empty_values() if issubclass(schema, EmptyKeysOptional) else {}


def load_or_reject(schema: type[Schema], content: Json) -> object:
    """Load content; return the result, or the messages if it is rejected."""
    try:
        return schema().load(content)
    except ValidationError as error:
        return error.messages


@ALL_SCHEMAS
def test_every_key_without_an_empty_value_is_required(schema: type[Schema]) -> None:
    content = BUILDERS[schema]()
    faults = {key: schema().validate({name: content[name] for name in content if name != key}) for key in content}
    assert [key for key in content if key not in faults[key] and key not in empty_values(schema)] == []


@ALL_SCHEMAS
def test_omitting_a_key_equals_giving_its_empty_value(schema: type[Schema]) -> None:
    content = BUILDERS[schema]()
    without_key = {key: {name: content[name] for name in content if name != key} for key in empty_values(schema)}
    with_empty_value = {key: {**content, key: value} for key, value in empty_values(schema).items()}
    assert {key: load_or_reject(schema, without_key[key]) for key in without_key} == {
        key: load_or_reject(schema, with_empty_value[key]) for key in with_empty_value
    }


@ALL_SCHEMAS
@pytest.mark.parametrize("content", [None, [], "text", 1])
def test_content_that_is_no_object_is_rejected(schema: type[Schema], content: object) -> None:
    assert rejected_keys(schema, content) == {"_schema"}


@ALL_SCHEMAS
def test_every_key_rejects_values_of_another_type(schema: type[Schema]) -> None:
    content = BUILDERS[schema]()
    assert [key for key in content if key not in schema().validate({**content, key: {"an": "object"}})] == []


def test_rosters_cannot_be_drafted() -> None:
    assert rejected_keys(DocumentDraft, valid_document(type="roster")) == {"type"}


@pytest.mark.parametrize("key", ["paragraphs", "characters"])
def test_document_needs_numbers_of_paragraphs_and_characters(key: str) -> None:
    assert rejected_keys(DocumentDraft, valid_document(**{key: None})) == {"paragraphs"}


def test_values_outside_a_closed_list_are_rejected() -> None:
    values: list[object] = ["", "other thing", "EXACT", "none ", ["ban"]]
    assert [failure for schema, keys in TERM_KEYS.items() for key in keys for failure in list_failures(schema, key, values)] == []


def test_ids_are_lowercase_words_joined_by_hyphens() -> None:
    values: list[object] = ["", "VA", "a--b", "-a", "a_b", "a\n", "a" * 121]
    schemas = (MeasureDraft, FigureDraft, DocumentDraft, OriginDraft)
    assert [failure for schema in schemas for failure in list_failures(schema, "id", values)] == []


@pytest.mark.parametrize("schema", [CitationDraft, DocumentDraft])
def test_hashes_are_64_lowercase_digits(schema: type[Schema]) -> None:
    assert list_failures(schema, "sha256", ["", "0" * 63, "0" * 65, "A" * 64, "0" * 64 + "\n"]) == []


def test_text_must_not_be_empty_or_contain_control_characters() -> None:
    assert list_failures(MeasureDraft, "title", ["a\x00b", "a\x1b[31m", "a\x7f", "a\x0c", "\ud800", ""]) == []


def test_text_may_contain_lines_and_any_script() -> None:
    assert MeasureDraft().load(valid_measure(summary="One\tline,\nand “zwei” 😀."))["summary"] == "One\tline,\nand “zwei” 😀."


def test_text_has_a_maximum_length() -> None:
    assert MeasureDraft().load(valid_measure(title="x" * 300))
    assert rejected_keys(MeasureDraft, valid_measure(title="x" * 301)) == {"title"}


@pytest.mark.parametrize("url", ["javascript:alert(1)", "ftp://example.org/", "example.org", "data:text/html,x", "//example.org"])
def test_urls_must_be_http_or_https(url: str) -> None:
    assert rejected_keys(DocumentDraft, valid_document(url=url)) == {"url"}
    assert rejected_keys(MeasureDraft, valid_measure(identifiers=[{"type": "bill", "number": "1", "url": url}])) == {"identifiers"}


@pytest.mark.parametrize("key", ["paragraph", "start", "end"])
def test_positions_are_whole_numbers(key: str) -> None:
    assert list_failures(CitationDraft, key, ["1", 1.5, True, None, -1]) == []


def test_paragraphs_count_from_one() -> None:
    assert rejected_keys(CitationDraft, valid_citation(paragraph=0)) == {"paragraph"}
    assert rejected_keys(DocumentDraft, valid_document(set_aside=[{"paragraphs": [0], "why": "None."}])) == {"set_aside"}


@pytest.mark.parametrize("end", [5, 4])
def test_span_ends_after_it_starts(end: int) -> None:
    assert rejected_keys(CitationDraft, valid_citation(start=5, end=end)) == {"end"}


@pytest.mark.parametrize("key", ["binds", "does_not_bind"])
def test_measure_binds_known_classes_of_agencies_only(key: str) -> None:
    assert rejected_keys(MeasureDraft, valid_measure(scope=valid_scope(**{key: ["sheriffs"]}))) == {"scope"}


@pytest.mark.parametrize("answer", ["no", "NO", "off", "false", "true", 2])
def test_prohibits_agreements_is_a_boolean_or_null(answer: object) -> None:
    assert rejected_keys(MeasureDraft, valid_measure(scope=valid_scope(prohibits_agreements=answer))) == {"scope"}


@pytest.mark.parametrize("months", [0, 1201, 1.5, "12"])
def test_term_is_a_number_of_months(months: object) -> None:
    assert rejected_keys(MeasureDraft, valid_measure(scope=valid_scope(max_term_months=months))) == {"scope"}


def test_value_is_a_finite_number_of_limited_size() -> None:
    assert list_failures(FigureDraft, "value", ["40", "1_000", float("nan"), float("inf"), True, -1, 1e13, 10**400]) == []


@pytest.mark.parametrize("schema", [MeasureDraft, FigureDraft])
def test_claim_needs_a_citation(schema: type[Schema]) -> None:
    assert rejected_keys(schema, BUILDERS[schema](citations=[])) == {"citations"}


@pytest.mark.parametrize(
    ("schema", "key"),
    [
        *((FigureDraft, key) for key in ("low", "high", "corroboration", "roster_check")),
        *((MeasureDraft, key) for key in ("stands", "gaps", "phase", "corroboration", "notices")),
    ],
)
def test_computed_fields_are_rejected(schema: type[Schema], key: str) -> None:
    assert rejected_keys(schema, BUILDERS[schema](**{key: None})) == {key}


@pytest.mark.parametrize("key", ["earliest", "latest"])
def test_bounds_of_a_date_are_rejected(key: str) -> None:
    assert rejected_keys(FigureDraft, valid_figure(date=DATE | {key: "2026-02-04"})) == {"date"}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("code", "va"),
        ("code", "VA\n"),
        ("code", "VIR"),
        ("fips", "5"),
        ("fips", 51),
        ("iso_3166_2", "VA"),
        ("ocd_id", "ocd-division/country:us/state:VA"),
        ("slug", "West Virginia"),
        ("slug", "virginia\n"),
    ],
)
def test_identifiers_of_a_jurisdiction_have_their_form(key: str, value: object) -> None:
    assert rejected_keys(JurisdictionSchema, valid_jurisdiction(**{key: value})) == {key}

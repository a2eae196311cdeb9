"""Test the cleaning of texts, and that only listed spellings of jurisdictions, models and agency types are accepted."""

from itertools import chain

import pycountry
import pytest
import us

from legal.rules.rosters import aliases
from legal.rules.rosters.normalize import (
    agency_key,
    clean_text,
    is_spreadsheet_error,
    match_key,
    parse_agency_type,
    parse_jurisdiction,
    parse_model,
    title_case,
)
from legal.rules.rosters.parsed import CellReading
from legal.vocabulary import AgencyType, Flag, Model, Repair


def test_jurisdictions_are_states_district_and_five_territories() -> None:
    codes = {jurisdiction.abbr for jurisdiction in [*us.states.STATES, us.states.DC, *us.states.TERRITORIES]}
    assert set(aliases.JURISDICTION_NAMES) == codes


def test_jurisdictions_have_their_iso_names() -> None:
    iso_names = {code: pycountry.subdivisions.get(code=f"US-{code}").name for code in aliases.JURISDICTION_NAMES if code != "VI"}
    assert {code: name for code, name in aliases.JURISDICTION_NAMES.items() if code != "VI"} == iso_names


def test_jurisdiction_is_read_by_its_name_in_any_case() -> None:
    failures = [
        (code, spelling)
        for code, name in aliases.JURISDICTION_NAMES.items()
        for spelling in (name, name.upper(), name.lower())
        if parse_jurisdiction(spelling) != CellReading(code)
    ]
    assert failures == []


@pytest.mark.parametrize(
    "text", ["TX", "Commonwealth of the Northern Mariana Islands", "U.S. Virgin Islands", "Washington, D.C.", "NORTHCAROLINA"]
)
def test_other_wording_of_a_jurisdiction_is_a_repair(text: str) -> None:
    assert parse_jurisdiction(text).repairs == (Repair.OTHER_WORDING,)


@pytest.mark.parametrize(
    ("text", "code"),
    [("FLORDIA", "FL"), ("PENNSYLVNIA", "PA"), ("MISSISSIPI", "MS"), ("TENNESEE", "TN"), ("WEST VIRGINA", "WV")],
)
def test_misspelled_jurisdiction_is_a_repair(text: str, code: str) -> None:
    assert parse_jurisdiction(text) == CellReading(code, (Repair.MISSPELLING,))


@pytest.mark.parametrize("text", ["Narnia", "United States", "Carolina", "Virginia/Texas", "Floridaa x", "...", "\u200b"])
def test_unlisted_jurisdiction_has_no_value(text: str) -> None:
    assert parse_jurisdiction(text).value is None


@pytest.mark.parametrize(
    ("word_lists"),
    [
        (aliases.JURISDICTION_NAMES, aliases.JURISDICTION_VARIANTS, aliases.JURISDICTION_MISSPELLINGS),
        (aliases.MODEL_NAMES, aliases.MODEL_VARIANTS, aliases.MODEL_MISSPELLINGS),
        (aliases.AGENCY_TYPE_NAMES, aliases.AGENCY_TYPE_VARIANTS, aliases.AGENCY_TYPE_MISSPELLINGS),
    ],
)
def test_no_spelling_stands_for_two_words(word_lists: tuple[dict[str, str | tuple[str, ...]], ...]) -> None:
    entries = [spellings for words in word_lists for spellings in words.values()]
    keys = list(chain.from_iterable([match_key(entry)] if isinstance(entry, str) else map(match_key, entry) for entry in entries))
    assert sorted({key for key in keys if keys.count(key) > 1}) == []


@pytest.mark.parametrize(
    ("text", "repairs"),
    [
        ("Task Force Model", ()),
        ("Task Force Model ", (Repair.OUTER_BLANK,)),
        ("TASK FORCE MODEL", ()),
        ("Task\u00a0Force Model", (Repair.NO_BREAK_SPACE,)),
        ("Task\nForce  Model", (Repair.NEWLINE, Repair.REPEATED_BLANK)),
        ("TFM", (Repair.OTHER_WORDING,)),
        ("Task Froce Model", (Repair.MISSPELLING,)),
    ],
)
def test_repairs_of_a_model_are_recorded(text: str, repairs: tuple[Repair, ...]) -> None:
    assert parse_model(text) == CellReading(Model.TASK_FORCE, repairs)


@pytest.mark.parametrize(
    ("text", "model"), [("Warrant Service Office", Model.WARRANT_SERVICE_OFFICER), ("Jail Enforcement Model ", Model.JAIL_ENFORCEMENT)]
)
def test_misspellings_of_published_rosters_are_read(text: str, model: Model) -> None:
    assert parse_model(text).value == model


def test_two_models_in_one_cell_are_flagged() -> None:
    assert parse_model("Jail Enforcement Model / Task Force Model") == CellReading(None, flag=Flag.UNKNOWN_WORD)


def test_agency_type_has_other_wordings() -> None:
    assert [parse_agency_type("County ").value, parse_agency_type("State").value] == [AgencyType.COUNTY, AgencyType.STATE_AGENCY]


def test_spreadsheet_error_has_no_value() -> None:
    assert parse_jurisdiction("#N/A") == CellReading(None, (Repair.ERROR_CELL,))


def test_blank_has_no_value_and_no_flag() -> None:
    assert parse_jurisdiction("  ") == CellReading(None)


@pytest.mark.parametrize("text", ["#N/A", "#NA", "N/A", " n/a ", "#REF!", "#VALUE!"])
def test_spreadsheet_errors_are_recognized(text: str) -> None:
    assert is_spreadsheet_error(text)


def test_code_of_nebraska_is_not_an_error() -> None:
    assert not is_spreadsheet_error("NE")


@pytest.mark.parametrize(
    ("text", "clean", "repairs"),
    [
        (" Bay County ", "Bay County", (Repair.OUTER_BLANK,)),
        (" Bay  County", "Bay County", (Repair.OUTER_BLANK, Repair.REPEATED_BLANK)),
        ("  ", None, ()),
        ("Sheriff’s Office", "Sheriff's Office", (Repair.CURLY_QUOTE,)),
        ("Sheriff`s Office", "Sheriff's Office", (Repair.CURLY_QUOTE,)),
        ("Bay\u00a0County", "Bay County", (Repair.NO_BREAK_SPACE,)),
        ("Bay County\u00a0", "Bay County", (Repair.NO_BREAK_SPACE,)),
        ("Bay  County", "Bay County", (Repair.REPEATED_BLANK,)),
        ("Bay\r\nCounty", "Bay County", (Repair.NEWLINE,)),
        ("Bay\u200b County\ufeff", "Bay County", (Repair.INVISIBLE_CHARACTER,)),
        ("Don\u0303a Ana", "Doña Ana", ()),
        ("", None, ()),
        ("\u00a0", None, (Repair.NO_BREAK_SPACE,)),
    ],
)
def test_text_is_cleaned_and_repairs_are_recorded(text: str, clean: str | None, repairs: tuple[Repair, ...]) -> None:
    assert clean_text(text) == CellReading(clean, repairs)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("COLBERT COUNTY SHERIFF'S OFFICE", "Colbert County Sheriff's Office"),
        ("town of the miami-dade o'brien", "Town of the Miami-Dade O'Brien"),
        ("DeKalb County", "DeKalb County"),
        ("FDLE", "FDLE"),
        ("", ""),
    ],
)
def test_only_names_all_uppercase_or_lowercase_are_title_cased(text: str, name: str) -> None:
    assert title_case(text) == name


@pytest.mark.parametrize(
    "name",
    [
        *("Bay County Sheriff's Office", "Bay County Sheriff’s Office ", "BAY COUNTY SHERIFFS OFFICE", "Bay\u00a0County  Sheriff's Office"),
        *("Bay County Sheriff’ s Office", "Bay County Sheriff s Office", "Báy County Sheriff`s Office", "Bay-County Sheriff's Office."),
    ],
)
def test_agency_key_ignores_apostrophes_case_and_spaces(name: str) -> None:
    assert agency_key(name) == "bay county sheriffs office"


def test_agency_key_ignores_spaces_around_a_slash() -> None:
    assert agency_key("Commissioners/ Jail") == agency_key("Commissioners /Jail")


def test_agency_key_keeps_commas() -> None:
    assert agency_key("State Attorney, Sixth Circuit") != agency_key("State Attorney Sixth Circuit")

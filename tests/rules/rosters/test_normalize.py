"""What roster words stand for: the written lists hold together, and a word that is on none is not guessed."""

from itertools import chain

import pycountry
import pytest
import us

from legal.rules.rosters import aliases
from legal.rules.rosters.normalize import agency_key, agency_type, cased, folded, is_error, key, model, state
from legal.rules.rosters.parsed import Reading
from legal.vocabulary import AgencyType, Doubt, Mend, Model


def test_the_places_are_the_states_the_district_and_the_five_territories() -> None:
    assert set(aliases.PLACES) == {place.abbr for place in [*us.states.STATES, us.states.DC, *us.states.TERRITORIES]}


@pytest.mark.parametrize(("code", "name"), [(code, name) for code, name in aliases.PLACES.items() if code != "VI"])
def test_a_place_has_the_name_that_iso_gives_it(code: str, name: str) -> None:
    assert pycountry.subdivisions.get(code=f"US-{code}").name == name


@pytest.mark.parametrize(("code", "name"), aliases.PLACES.items())
def test_a_place_is_read_by_its_name_in_any_case(code: str, name: str) -> None:
    assert [state(name), state(name.upper()), state(name.lower())] == [Reading(code)] * 3


@pytest.mark.parametrize(
    "written", ["TX", "Commonwealth of the Northern Mariana Islands", "U.S. Virgin Islands", "Washington, D.C.", "NORTHCAROLINA"]
)
def test_another_wording_is_mended(written: str) -> None:
    assert state(written).mends == (Mend.OTHER_WORDING,)


@pytest.mark.parametrize(
    ("written", "code"),
    [("FLORDIA", "FL"), ("PENNSYLVNIA", "PA"), ("MISSISSIPI", "MS"), ("TENNESEE", "TN"), ("WEST VIRGINA", "WV")],
)
def test_a_misspelt_place_is_mended(written: str, code: str) -> None:
    assert state(written) == Reading(code, (Mend.MISSPELLING,))


@pytest.mark.parametrize("written", ["Narnia", "United States", "Carolina", "Virginia/Texas", "Floridaa x", "...", "\u200b"])
def test_a_place_that_is_on_no_list_is_not_guessed(written: str) -> None:
    assert state(written).value is None


@pytest.mark.parametrize(
    ("lists"),
    [
        (aliases.PLACES, aliases.OTHER_PLACES, aliases.MISSPELT_PLACES),
        (aliases.MODELS, aliases.OTHER_MODELS, aliases.MISSPELT_MODELS),
        (aliases.AGENCY_TYPES, aliases.OTHER_TYPES, aliases.MISSPELT_TYPES),
    ],
)
def test_no_spelling_stands_for_two_things(lists: tuple[dict[str, str | tuple[str, ...]], ...]) -> None:
    pairs = [(word, said) for words in lists for word, said in words.items()]
    spellings = list(chain.from_iterable([key(said)] if isinstance(said, str) else map(key, said) for _, said in pairs))
    assert sorted({spelling for spelling in spellings if spellings.count(spelling) > 1}) == []


@pytest.mark.parametrize(
    ("written", "mends"),
    [
        ("Task Force Model", ()),
        ("Task Force Model ", (Mend.OUTER_BLANK,)),
        ("TASK FORCE MODEL", ()),
        ("Task\u00a0Force Model", (Mend.NO_BREAK_SPACE,)),
        ("Task\nForce  Model", (Mend.NEWLINE, Mend.REPEATED_BLANK)),
        ("TFM", (Mend.OTHER_WORDING,)),
        ("Task Froce Model", (Mend.MISSPELLING,)),
    ],
)
def test_a_model_says_how_it_was_mended(written: str, mends: tuple[Mend, ...]) -> None:
    assert model(written) == Reading(Model.TASK_FORCE, mends)


@pytest.mark.parametrize(
    ("written", "meant"), [("Warrant Service Office", Model.WARRANT_SERVICE_OFFICER), ("Jail Enforcement Model ", Model.JAIL_ENFORCEMENT)]
)
def test_the_published_slips_are_read(written: str, meant: Model) -> None:
    assert model(written).value == meant


def test_two_models_in_one_cell_are_none() -> None:
    assert model("Jail Enforcement Model / Task Force Model") == Reading(None, doubt=Doubt.UNKNOWN_WORD)


def test_a_type_may_be_worded_otherwise() -> None:
    assert [agency_type("County ").value, agency_type("State").value] == [AgencyType.COUNTY, AgencyType.STATE_AGENCY]


def test_an_error_is_no_word() -> None:
    assert state("#N/A") == Reading(None, (Mend.ERROR_CELL,))


def test_a_blank_is_no_word_and_in_no_doubt() -> None:
    assert state("  ") == Reading(None)


@pytest.mark.parametrize("written", ["#N/A", "#NA", "N/A", " n/a ", "#REF!", "#VALUE!"])
def test_what_a_spreadsheet_shows_in_place_of_a_value_is_an_error(written: str) -> None:
    assert is_error(written)


def test_the_state_of_nebraska_is_no_error() -> None:
    assert not is_error("NE")


@pytest.mark.parametrize(
    ("written", "shown", "mends"),
    [
        (" Bay County ", "Bay County", (Mend.OUTER_BLANK,)),
        (" Bay  County", "Bay County", (Mend.OUTER_BLANK, Mend.REPEATED_BLANK)),
        ("  ", None, ()),
        ("Sheriff’s Office", "Sheriff's Office", (Mend.CURLY_QUOTE,)),
        ("Sheriff`s Office", "Sheriff's Office", (Mend.CURLY_QUOTE,)),
        ("Bay\u00a0County", "Bay County", (Mend.NO_BREAK_SPACE,)),
        ("Bay County\u00a0", "Bay County", (Mend.NO_BREAK_SPACE,)),
        ("Bay  County", "Bay County", (Mend.REPEATED_BLANK,)),
        ("Bay\r\nCounty", "Bay County", (Mend.NEWLINE,)),
        ("Bay\u200b County\ufeff", "Bay County", (Mend.INVISIBLE_CHARACTER,)),
        ("Don\u0303a Ana", "Doña Ana", ()),
        ("", None, ()),
        ("\u00a0", None, (Mend.NO_BREAK_SPACE,)),
    ],
)
def test_a_text_is_folded_and_says_how(written: str, shown: str | None, mends: tuple[Mend, ...]) -> None:
    assert folded(written) == Reading(shown, mends)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("COLBERT COUNTY SHERIFF'S OFFICE", "Colbert County Sheriff's Office"),
        ("town of the miami-dade o'brien", "Town of the Miami-Dade O'Brien"),
        ("DeKalb County", "DeKalb County"),
        ("FDLE", "FDLE"),
        ("", ""),
    ],
)
def test_a_name_of_capitals_alone_gets_the_case_of_a_name(written: str, shown: str) -> None:
    assert cased(written) == shown


@pytest.mark.parametrize(
    "written",
    [
        *("Bay County Sheriff's Office", "Bay County Sheriff’s Office ", "BAY COUNTY SHERIFFS OFFICE", "Bay\u00a0County  Sheriff's Office"),
        *("Bay County Sheriff’ s Office", "Bay County Sheriff s Office", "Báy County Sheriff`s Office", "Bay-County Sheriff's Office."),
    ],
)
def test_an_agency_is_the_same_by_any_apostrophe_case_or_blank(written: str) -> None:
    assert agency_key(written) == "bay county sheriffs office"


def test_blanks_about_a_slash_do_not_make_another_agency() -> None:
    assert agency_key("Commissioners/ Jail") == agency_key("Commissioners /Jail")


def test_a_comma_makes_another_agency() -> None:
    assert agency_key("State Attorney, Sixth Circuit") != agency_key("State Attorney Sixth Circuit")

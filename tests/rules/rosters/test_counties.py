"""Test that a county is found by its printed name, or that the reason for not finding it is given."""

import re
from collections import Counter
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from legal.readers.counties import read_counties
from legal.readers.seeds import read_seed_files
from legal.rules.rosters.counties import COUNTY_MISSPELLINGS, FORMER_COUNTIES, Counties, CountyMatch
from legal.settings import SEEDS_FOLDER
from legal.vocabulary import CountyReading

ROWS = read_counties(SEEDS_FOLDER / "counties.csv")
COUNTIES = Counties(ROWS)
JURISDICTIONS = {
    content["jurisdiction"]["name"].upper(): content["jurisdiction"]
    for _, folder, content in read_seed_files(SEEDS_FOLDER)
    if folder == "jurisdictions"
}
NAMES_SHARED_WITH_CITIES = {
    *(("MD", "Baltimore"), ("MO", "St. Louis"), ("VA", "Fairfax"), ("VA", "Franklin"), ("VA", "Richmond"), ("VA", "Roanoke")),
}
COUNTIES_WITHOUT_CODE = {
    ("AR", "Bowie County"): (CountyReading.ELSEWHERE, 3),  # Texarkana is on the border; its part in Arkansas is in Miller County
    ("NC", "Albemarle County"): (CountyReading.ELSEWHERE, 4),  # Albemarle District Jail serves three counties, none of that name
    ("WV", "Washington County"): (CountyReading.ELSEWHERE, 3),  # the state police
    ("LA", "German Coast County"): (CountyReading.FORMER, 3),  # St. Charles Parish's sheriff
}
"""Printed counties of the published rosters that have no code, and the number of rows."""


def find_fips(jurisdiction: str, printed_name: str) -> str | None:
    """Return the code of a printed county."""
    return COUNTIES.find_county(jurisdiction, printed_name).fips


def find_reading(jurisdiction: str, printed_name: str) -> CountyReading:
    """Return how a printed county was read."""
    return COUNTIES.find_county(jurisdiction, printed_name).reading


def count_printed_counties(shared_folder: Path) -> Counter[tuple[str, str]]:
    """Return the number of rows of each state and county as the published rosters print them."""
    row_counts: Counter[tuple[str, str]] = Counter()
    for path in sorted((shared_folder / "rosters").glob("*.xlsx")):
        header, *rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
        columns = [str(name).strip() for name in header]
        if "COUNTY" in columns:
            state, county = columns.index("STATE"), columns.index("COUNTY")
            row_counts.update((JURISDICTIONS[str(row[state]).strip().upper()]["code"], str(row[county])) for row in rows)
    return row_counts


def test_table_has_the_counties_of_2020_and_connecticuts_regions() -> None:
    assert len(ROWS) == 3143 + 78 + 13 + 9


def test_codes_are_unique() -> None:
    assert len({row.fips for row in ROWS}) == len(ROWS)


def test_codes_start_with_the_code_of_their_jurisdiction() -> None:
    prefixes = {jurisdiction["code"]: jurisdiction["fips"] for jurisdiction in JURISDICTIONS.values()}
    assert [row for row in ROWS if not re.fullmatch(rf"{prefixes[row.jurisdiction]}\d{{3}}", row.fips)] == []


def test_every_jurisdiction_but_the_nation_has_counties() -> None:
    assert {row.jurisdiction for row in ROWS} == {jurisdiction["code"] for jurisdiction in JURISDICTIONS.values()} - {"US"}


def test_only_counties_of_connecticut_have_changed() -> None:
    changes = {(row.fips[:3], row.first_year, row.last_year) for row in ROWS if row.first_year or row.last_year}
    assert changes == {("090", None, 2022), ("091", 2022, None)}


def test_names_are_unique_within_a_state() -> None:
    assert len({(row.jurisdiction, row.name) for row in ROWS}) == len(ROWS)


def test_every_county_is_found_by_its_own_name() -> None:
    assert [row for row in ROWS if find_fips(row.jurisdiction, row.name) != row.fips] == []


@pytest.mark.parametrize(
    ("jurisdiction", "printed_name", "code"),
    [
        ("AK", "Chugach Census Area", "02063"),
        ("AK", "Copper River", "02066"),
        ("AK", "Kusilvak Census Area", "02158"),
        ("AK", "Juneau", "02110"),
        ("AK", "City and Borough of Juneau", "02110"),
        ("AK", "Municipality of Anchorage", "02020"),
        ("AS", "Manu’a District", "60020"),
        ("AL", "De Kalb County", "01049"),
        ("CT", "Capitol Planning Region", "09110"),
        ("DC", "District of Columbia", "11001"),
        ("FL", "MIAMI–DADE\N{NO-BREAK SPACE}COUNTY ", "12086"),
        ("FL", "Saint Johns Co.", "12109"),
        ("GA", "Decatur", "13087"),
        ("GU", "Guam", "66010"),
        ("HI", "Hawaiʻi County", "15001"),
        ("LA", "la salle parish", "22059"),
        ("LA", "Parish of St John the Baptist", "22095"),
        ("MD", "Prince Georges County", "24033"),
        ("MD", "St. Mary`s County", "24037"),
        ("MD", "Baltimore City", "24510"),
        ("MD", "Baltimore County", "24005"),
        ("MN", "Lake of the Woods County", "27077"),
        ("MO", "Sainte Genevieve County", "29186"),
        ("MO", "City of St. Louis", "29510"),
        ("MP", "Saipan", "69110"),
        ("NM", "Dona Ana County", "35013"),
        ("NV", "Carson City", "32510"),
        ("PR", "Mayaguez", "72097"),
        ("PR", "Municipio de San Juan", "72127"),
        ("PR", "San Juan Municipality", "72127"),
        ("SD", "Oglala Lakota County", "46102"),
        ("VA", "Alexandria", "51510"),
        ("VA", "City of Richmond", "51760"),
        ("VA", "Richmond County", "51159"),
        ("VA", "Charles City", "51036"),
        ("VA", "Bedford", "51019"),
        ("VA", "King and Queen County", "51097"),
        ("VI", "Saint Croix", "78010"),
    ],
)
def test_variants_of_a_name_are_exact_matches(jurisdiction: str, printed_name: str, code: str) -> None:
    match = COUNTIES.find_county(jurisdiction, printed_name)
    assert (match.fips, match.reading) == (code, CountyReading.EXACT)


def test_match_has_the_name_of_the_table() -> None:
    assert COUNTIES.find_county("GA", "decatur").name == "Decatur County"


def test_only_bare_names_shared_with_a_city_are_ambiguous() -> None:
    bare_names = {(row.jurisdiction, re.sub(r" (County|city)$", "", row.name)) for row in ROWS}
    assert {name for name in bare_names if find_reading(*name) is CountyReading.AMBIGUOUS} == NAMES_SHARED_WITH_CITIES


def test_ambiguous_name_has_no_code() -> None:
    ambiguous = CountyMatch(None, None, CountyReading.AMBIGUOUS)
    assert {COUNTIES.find_county(*name) for name in NAMES_SHARED_WITH_CITIES} == {ambiguous}


def test_every_listed_misspelling_finds_its_county() -> None:
    matches = {name: COUNTIES.find_county(*name) for name in COUNTY_MISSPELLINGS}
    assert {name: match.fips for name, match in matches.items()} == COUNTY_MISSPELLINGS
    assert {match.reading for match in matches.values()} == {CountyReading.MISSPELT}


def test_listed_misspellings_stay_in_their_state() -> None:
    jurisdictions_by_fips = {row.fips: row.jurisdiction for row in ROWS}
    assert [name for name, fips in COUNTY_MISSPELLINGS.items() if jurisdictions_by_fips[fips] != name[0]] == []


def test_misspelling_of_one_state_is_not_accepted_in_another() -> None:
    assert find_fips("TX", "Alleghany County") is None


def test_unlisted_misspelling_is_unknown() -> None:
    assert COUNTIES.find_county("FL", "Lakke County") == (None, None, CountyReading.UNKNOWN, ())


def test_every_former_county_is_found_with_its_successor() -> None:
    matches = {name: COUNTIES.find_county(*name) for name in FORMER_COUNTIES}
    assert {name: match.fips for name, match in matches.items()} == FORMER_COUNTIES
    assert {match.reading for match in matches.values()} == {CountyReading.FORMER}


def test_former_county_of_the_table_keeps_its_code() -> None:
    assert COUNTIES.find_county("CT", "Fairfield") == ("09001", "Fairfield County", CountyReading.FORMER, ())


def test_county_of_another_state_has_no_code() -> None:
    assert COUNTIES.find_county("AR", "Bowie County") == (None, None, CountyReading.ELSEWHERE, ("TX",))


def test_all_states_with_a_county_of_the_name_are_given() -> None:
    assert COUNTIES.find_county("FL", "Decatur County").states_with_name == ("GA", "IA", "IN", "KS", "TN")


@pytest.mark.parametrize(
    ("jurisdiction", "printed_name"),
    [
        ("FL", "Lake County, Polk County"),
        ("FL", "Lake and Polk Counties"),
        ("FL", "Counties of Lake & Polk"),
        ("FL", "Lake Conty/St. Lucie"),
        ("LA", "Allen;\nCaddo Parishes"),
        ("VA", "Richmond and Henrico"),
    ],
)
def test_several_counties_in_one_cell_have_no_code(jurisdiction: str, printed_name: str) -> None:
    assert COUNTIES.find_county(jurisdiction, printed_name) == (None, None, CountyReading.SEVERAL, ())


@pytest.mark.parametrize("printed_name", ["Lake, Lakke", "Lake / Lake County", "Lake, FL"])
def test_one_county_and_another_text_are_not_several(printed_name: str) -> None:
    assert find_reading("FL", printed_name) is CountyReading.UNKNOWN


@pytest.mark.parametrize("printed_name", ["", " ", "\N{NO-BREAK SPACE}", "N/A", "#NA", "#N/A", "n.a.", "—"])
def test_blank_or_error_is_missing(printed_name: str) -> None:
    assert COUNTIES.find_county("FL", printed_name) == (None, None, CountyReading.MISSING, ())


def test_letters_of_another_script_are_not_missing() -> None:
    assert find_reading("FL", "郡") is CountyReading.UNKNOWN


def test_all_but_four_counties_of_published_rosters_have_codes(shared_folder: Path) -> None:
    row_counts: Counter[tuple[str, str, CountyReading]] = Counter()
    for (jurisdiction, printed_name), row_count in count_printed_counties(shared_folder).items():
        match = COUNTIES.find_county(jurisdiction, printed_name)
        if not match.fips and match.reading is not CountyReading.MISSING:
            row_counts[jurisdiction, printed_name.strip(), match.reading] += row_count
    assert row_counts == {(*name, reading): row_count for name, (reading, row_count) in COUNTIES_WITHOUT_CODE.items()}


def test_every_listed_misspelling_is_in_a_published_roster(shared_folder: Path) -> None:
    printed_names = {(jurisdiction, printed_name.strip()) for jurisdiction, printed_name in count_printed_counties(shared_folder)}
    assert set(COUNTY_MISSPELLINGS) - printed_names == set()


def test_missing_table_raises_file_not_found(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_counties(tmp_path / "counties.csv")

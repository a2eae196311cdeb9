"""A county is found by its name, or it is said why not."""

import re
from collections import Counter
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from legal.readers import seeds
from legal.readers.counties import table
from legal.rules.rosters.counties import FORMER, MISSPELT, Counties
from legal.settings import SEEDS
from legal.vocabulary import CountyReading

ROWS = table(SEEDS / "counties.csv")
COUNTIES = Counties(ROWS)
PLACES = {
    content["jurisdiction"]["name"].upper(): content["jurisdiction"] for _, sort, content in seeds.files(SEEDS) if sort == "jurisdictions"
}
SHARED_NAMES = {("MD", "Baltimore"), ("MO", "St. Louis"), ("VA", "Fairfax"), ("VA", "Franklin"), ("VA", "Richmond"), ("VA", "Roanoke")}
LEFT_OVER = {
    ("AR", "Bowie County"): (CountyReading.ELSEWHERE, 3),  # Texarkana straddles the border; its part in Arkansas lies in Miller County
    ("NC", "Albemarle County"): (CountyReading.ELSEWHERE, 4),  # Albemarle District Jail, which serves three counties; none has its name
    ("WV", "Washington County"): (CountyReading.ELSEWHERE, 3),  # the state police
    ("LA", "German Coast County"): (CountyReading.FORMER, 3),  # St. Charles Parish's sheriff
}
"""What the published lists print that is given no code, and in how many rows."""


def fips(jurisdiction: str, printed: str) -> str | None:
    """The code that a printed county is given."""
    return COUNTIES.find(jurisdiction, printed).fips


def how(jurisdiction: str, printed: str) -> CountyReading:
    """CountyReading a printed county was read."""
    return COUNTIES.find(jurisdiction, printed).how


def cells(shared: Path) -> Counter[tuple[str, str]]:
    """Each (state, county) that the published lists print, with its rows."""
    found: Counter[tuple[str, str]] = Counter()
    for path in sorted((shared / "rosters").glob("*.xlsx")):
        header, *rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
        columns = [str(name).strip() for name in header]
        if "COUNTY" in columns:
            state, county = columns.index("STATE"), columns.index("COUNTY")
            found.update((PLACES[str(row[state]).strip().upper()]["code"], str(row[county])) for row in rows)
    return found


def test_the_table_has_the_counties_of_2020_and_connecticuts_regions() -> None:
    assert len(ROWS) == 3143 + 78 + 13 + 9


def test_no_code_stands_twice() -> None:
    assert len({row.fips for row in ROWS}) == len(ROWS)


def test_a_code_begins_with_its_jurisdictions() -> None:
    states = {place["code"]: place["fips"] for place in PLACES.values()}
    assert [row for row in ROWS if not re.fullmatch(rf"{states[row.jurisdiction]}\d{{3}}", row.fips)] == []


def test_every_jurisdiction_but_the_nation_has_one() -> None:
    assert {row.jurisdiction for row in ROWS} == {place["code"] for place in PLACES.values()} - {"US"}


def test_only_connecticut_has_changed_since() -> None:
    assert {(row.fips[:3], row.since, row.until) for row in ROWS if row.since or row.until} == {("090", None, 2022), ("091", 2022, None)}


def test_a_described_name_stands_once_in_its_state() -> None:
    assert len({(row.jurisdiction, row.name) for row in ROWS}) == len(ROWS)


def test_every_county_is_found_by_its_own_name() -> None:
    assert [row for row in ROWS if fips(row.jurisdiction, row.name) != row.fips] == []


@pytest.mark.parametrize(
    ("jurisdiction", "printed", "code"),
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
def test_ways_of_writing_a_name_are_one(jurisdiction: str, printed: str, code: str) -> None:
    found = COUNTIES.find(jurisdiction, printed)
    assert (found.fips, found.how) == (code, CountyReading.EXACT)


def test_a_match_has_the_name_that_the_table_has() -> None:
    assert COUNTIES.find("GA", "decatur").name == "Decatur County"


@pytest.mark.parametrize(("jurisdiction", "printed"), sorted(SHARED_NAMES))
def test_a_bare_name_that_a_county_shares_with_a_city_is_ambiguous(jurisdiction: str, printed: str) -> None:
    assert COUNTIES.find(jurisdiction, printed) == (None, None, CountyReading.AMBIGUOUS, ())


def test_no_other_bare_name_is_ambiguous() -> None:
    bare = {(row.jurisdiction, re.sub(r" (County|city)$", "", row.name)) for row in ROWS}
    assert {one for one in bare if how(*one) is CountyReading.AMBIGUOUS} == SHARED_NAMES


@pytest.mark.parametrize(("place", "code"), MISSPELT.items())
def test_a_misspelling_stands_for_a_county_of_its_state(place: tuple[str, str], code: str) -> None:
    found = COUNTIES.find(*place)
    assert (found.fips, found.how) == (code, CountyReading.MISSPELT)
    assert code.startswith(next(row.fips[:2] for row in ROWS if row.jurisdiction == place[0]))


def test_a_misspelling_of_one_state_is_none_of_another() -> None:
    assert fips("TX", "Alleghany County") is None


def test_a_spelling_that_nobody_judged_is_unknown() -> None:
    assert COUNTIES.find("FL", "Lakke County") == (None, None, CountyReading.UNKNOWN, ())


@pytest.mark.parametrize(("place", "code"), FORMER.items())
def test_a_name_of_a_former_era_is_said_to_be_one(place: tuple[str, str], code: str | None) -> None:
    found = COUNTIES.find(*place)
    assert (found.fips, found.how) == (code, CountyReading.FORMER)


def test_a_former_county_keeps_its_code() -> None:
    assert COUNTIES.find("CT", "Fairfield") == ("09001", "Fairfield County", CountyReading.FORMER, ())


def test_a_county_of_another_state_is_given_no_code() -> None:
    assert COUNTIES.find("AR", "Bowie County") == (None, None, CountyReading.ELSEWHERE, ("TX",))


def test_the_states_that_have_the_name_are_all_told() -> None:
    assert COUNTIES.find("FL", "Decatur County").states == ("GA", "IA", "IN", "KS", "TN")


@pytest.mark.parametrize(
    ("jurisdiction", "printed"),
    [
        ("FL", "Lake County, Polk County"),
        ("FL", "Lake and Polk Counties"),
        ("FL", "Counties of Lake & Polk"),
        ("FL", "Lake Conty/St. Lucie"),
        ("LA", "Allen;\nCaddo Parishes"),
        ("VA", "Richmond and Henrico"),
    ],
)
def test_several_counties_are_not_one(jurisdiction: str, printed: str) -> None:
    assert COUNTIES.find(jurisdiction, printed) == (None, None, CountyReading.SEVERAL, ())


@pytest.mark.parametrize("printed", ["Lake, Lakke", "Lake / Lake County", "Lake, FL"])
def test_one_county_and_something_else_is_not_several(printed: str) -> None:
    assert how("FL", printed) is CountyReading.UNKNOWN


@pytest.mark.parametrize("printed", ["", " ", "\N{NO-BREAK SPACE}", "N/A", "#NA", "#N/A", "n.a.", "—"])
def test_nothing_printed_is_missing(printed: str) -> None:
    assert COUNTIES.find("FL", printed) == (None, None, CountyReading.MISSING, ())


def test_letters_of_another_script_are_not_nothing() -> None:
    assert how("FL", "郡") is CountyReading.UNKNOWN


def test_the_published_lists_leave_only_what_was_judged(shared: Path) -> None:
    left: Counter[tuple[str, str, CountyReading]] = Counter()
    for (jurisdiction, printed), rows in cells(shared).items():
        found = COUNTIES.find(jurisdiction, printed)
        if not found.fips and found.how is not CountyReading.MISSING:
            left[jurisdiction, printed.strip(), found.how] += rows
    assert left == {(*place, why): rows for place, (why, rows) in LEFT_OVER.items()}


def test_every_misspelling_was_seen_in_a_published_list(shared: Path) -> None:
    assert set(MISSPELT) - {(jurisdiction, printed.strip()) for jurisdiction, printed in cells(shared)} == set()


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        table(tmp_path / "counties.csv")

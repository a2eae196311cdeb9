"""Test which misspelled states are read by small distance, and when there is a doubt."""

import pytest

from legal.readers.counties import read_counties
from legal.rules.rosters.counties import Counties
from legal.rules.rosters.states import choose_jurisdiction, similar_jurisdictions
from legal.settings import SEEDS_FOLDER

COUNTIES = Counties(read_counties(SEEDS_FOLDER / "counties.csv"))


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("UTAHJ", ("UT",)),
        ("WEST VIRIGINIA", ("WV",)),
        ("Nrth Carolina", ("NC",)),
        ("NOUTH CAROLINA", ("NC", "SC")),
        ("RKANSAS", ("AR", "KS")),
        ("Washingtonn DC", ("DC",)),
        ("Ohuoo", ()),
        ("", ()),
        ("Guadalajara", ()),
    ],
)
def test_jurisdictions_at_a_small_distance_are_similar(text: str, codes: tuple[str, ...]) -> None:
    assert similar_jurisdictions(text) == codes


@pytest.mark.parametrize(
    ("candidates", "county", "states_of_agency", "code"),
    [
        (("UT",), "Weber County", (), "UT"),
        (("UT",), None, (), "UT"),
        (("UT",), "Pima County", (), None),
        (("UT",), "Pima County", ("UT",), "UT"),
        (("UT",), "Nowhere County", (), "UT"),
        (("NC", "SC"), "Wake County", (), "NC"),
        (("NC", "SC"), "Wake County", ("SC",), "NC"),
        (("NC", "SC"), "Union County", ("SC",), "SC"),
        (("NC", "SC"), None, ("GA", "NC"), "NC"),
        (("NC", "SC"), None, ("NC", "SC"), None),
        (("NC", "SC"), "Union County", (), None),
        ((), "Wake County", ("NC",), None),
    ],
)
def test_candidate_is_chosen_only_without_a_doubt(
    candidates: tuple[str, ...], county: str | None, states_of_agency: tuple[str, ...], code: str | None
) -> None:
    assert choose_jurisdiction(candidates, county, COUNTIES, states_of_agency) == code

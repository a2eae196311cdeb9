"""Possible renames: which agencies may be one under two names, by what the real lists have."""

from datetime import date
from typing import Any

import pytest

from legal.rules.rosters.renames import Party, possible

DAY, OTHER_DAY = date(2025, 4, 14), date(2025, 6, 11)


def party(name: str, **changes: Any) -> Party:
    """An agency of Florida with one task force agreement."""
    signed = frozenset({("task_force", DAY)})
    return Party(**{"id": name, "jurisdiction": "FL", "name": name, "agency_type": None, "county_fips": None, "signed": signed, **changes})


def why(gone: Party, new: Party) -> str | None:
    """Why two agencies may be one; null where nothing says so."""
    found = possible([gone], [new])
    return found[0].why if found else None


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("City of Melbourne Police Department", "Melbourne Police Department"),
        ("Boca Raton Police Department", "Boca Raton Police Services Department"),
        ("Department of Corrections", "Florida Department of Corrections"),
        ("Lake Clark Shores Police Department", "Lake Clarke Shores Police Department"),
        ("Somerville County Sheriff's Office", "Somervell County Sheriff's Office"),
        ("Flathead County Sheriff's Department", "Flathead County Sheriff’s Office"),
        ("University of West Florida Board of Trustees", "University of West Florida Police Department"),
    ],
)
def test_names_that_are_alike_with_an_agreement_of_one_day_may_be_one(before: str, after: str) -> None:
    assert str(why(party(before), party(after))).endswith("an agreement of one model was signed on one day.")


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("Green Forks Police Department", "Greens Fork Police Department", "The names are alike (to 94 of 100)."),
        ("Town of Jay Police", "Jay Police Department", "The names are alike (to 100 of 100)."),
    ],
)
def test_names_that_are_alike_in_every_way_need_no_agreement(before: str, after: str, told: str) -> None:
    assert why(party(before), party(after, signed=frozenset({("task_force", OTHER_DAY)}))) == told


def test_a_name_that_is_alike_but_for_the_sort_of_agency_says_so() -> None:
    found = why(party("Cambria County Sheriff's Office"), party("Cambria County Prison"))
    assert str(found).startswith("The names are alike but for the sort of agency (to 100 of 100), and")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Lee County Sheriff's Office", "Levy County Sheriff's Office"),
        ("Melbourne Police Department", "West Melbourne Police Department"),
        ("Town of Palm Beach Police Department", "North Palm Beach Police Department"),
        ("Jackson County Sheriff's Office", "Jackson Police Department"),
        ("Constable Precinct 1", "Constable Precinct 2"),
        ("Police Department", "Sheriff's Office"),
    ],
)
def test_another_agency_is_not_taken_for_one(before: str, after: str) -> None:
    assert why(party(before), party(after, signed=frozenset({("task_force", OTHER_DAY)}))) is None


def test_numbers_tell_agencies_apart_whatever_else_is_alike() -> None:
    assert why(party("Constable Precinct 1"), party("Constable Precinct 2")) is None


def test_agencies_of_two_places_are_never_one() -> None:
    assert why(party("Jay Police Department"), party("Jay Police Department", jurisdiction="GA")) is None


SHARED: dict[str, Any] = {"county_fips": "47139", "agency_type": "municipality"}


def test_the_same_county_type_models_and_days_may_be_one_agency() -> None:
    gone, new = party("State Constable 4th District", **SHARED), party("Polk County Constable District 4", **SHARED)
    assert why(gone, new) == "County, type, models and days of signature are the same."


@pytest.mark.parametrize(
    "changes",
    [
        {"county_fips": None},
        {"county_fips": "47001"},
        {"agency_type": "county"},
        {"agency_type": None},
        {"signed": frozenset({("task_force", OTHER_DAY)})},
        {"signed": frozenset({("task_force", None)})},
        {"signed": frozenset({("task_force", DAY), ("jail_enforcement", DAY)})},
    ],
)
def test_what_is_not_the_same_or_not_known_tells_nothing(changes: dict[str, Any]) -> None:
    assert why(party("Alpha Constable", **SHARED), party("Omega Marshal", **{**SHARED, **changes})) is None


@pytest.mark.parametrize("changes", [{"county_fips": None}, {"agency_type": None}, {"signed": frozenset({("task_force", None)})}])
def test_two_unknowns_are_not_the_same(changes: dict[str, Any]) -> None:
    given = {**SHARED, **changes}
    assert why(party("Alpha Constable", **given), party("Omega Marshal", **given)) is None


def test_every_pair_is_given_in_the_order_of_the_ids() -> None:
    gone = [party("Jay Police Department", id="b"), party("Town of Jay Police Department", id="a")]
    new = [party("City of Jay Police Department", id="d"), party("Village of Jay Police", id="c")]
    assert [(one.gone.id, one.new.id) for one in possible(gone, new)] == [("a", "c"), ("a", "d"), ("b", "c"), ("b", "d")]

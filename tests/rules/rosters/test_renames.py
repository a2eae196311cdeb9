"""Test which agencies are reported as possible renames, with names from real rosters."""

from datetime import date
from typing import Any

import pytest

from legal.rules.rosters.renames import (
    ListedAgreement,
    RosterAgency,
    Successor,
    find_late_successor,
    find_possible_renames,
    find_successors,
)

APRIL_DAY, JUNE_DAY = date(2025, 4, 14), date(2025, 6, 11)
APRIL_SIGNATURE, JUNE_SIGNATURE = ("task_force", APRIL_DAY), ("task_force", JUNE_DAY)


def florida_agency(name: str, **changes: Any) -> RosterAgency:
    """Return an agency of Florida with one task force agreement."""
    fields = {"id": name, "jurisdiction": "FL", "name": name, "agency_type": None, "county_fips": None}
    return RosterAgency(**{**fields, "signatures": frozenset({APRIL_SIGNATURE}), **changes})


def rename_reason(earlier: RosterAgency, later: RosterAgency) -> str | None:
    """Return the reason to report two agencies as a possible rename; null if they are not reported."""
    renames = find_possible_renames([earlier], [later])
    return renames[0].reason if renames else None


@pytest.mark.parametrize(
    ("old_name", "new_name"),
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
def test_similar_names_with_a_common_signature_are_reported(old_name: str, new_name: str) -> None:
    reason = rename_reason(florida_agency(old_name), florida_agency(new_name))
    assert str(reason).endswith("both signed an agreement of one model on the same day.")


@pytest.mark.parametrize(
    ("old_name", "new_name", "reason"),
    [
        ("Green Forks Police Department", "Greens Fork Police Department", "The names are similar (94 of 100)."),
        ("Town of Jay Police", "Jay Police Department", "The names are similar (100 of 100)."),
    ],
)
def test_names_similar_in_both_ways_need_no_common_signature(old_name: str, new_name: str, reason: str) -> None:
    later = florida_agency(new_name, signatures=frozenset({JUNE_SIGNATURE}))
    assert rename_reason(florida_agency(old_name), later) == reason


def test_names_that_differ_in_the_type_of_agency_say_so() -> None:
    reason = rename_reason(florida_agency("Cambria County Sheriff's Office"), florida_agency("Cambria County Prison"))
    assert str(reason).startswith("The names are similar apart from the type of agency (100 of 100), and both signed")


@pytest.mark.parametrize(
    ("old_name", "new_name"),
    [
        ("Lee County Sheriff's Office", "Levy County Sheriff's Office"),
        ("Melbourne Police Department", "West Melbourne Police Department"),
        ("Town of Palm Beach Police Department", "North Palm Beach Police Department"),
        ("Jackson County Sheriff's Office", "Jackson Police Department"),
        ("Constable Precinct 1", "Constable Precinct 2"),
        ("Police Department", "Sheriff's Office"),
    ],
)
def test_different_agencies_are_not_reported(old_name: str, new_name: str) -> None:
    later = florida_agency(new_name, signatures=frozenset({JUNE_SIGNATURE}))
    assert rename_reason(florida_agency(old_name), later) is None


def test_different_numbers_are_different_agencies_even_with_a_common_signature() -> None:
    assert rename_reason(florida_agency("Constable Precinct 1"), florida_agency("Constable Precinct 2")) is None


def test_agencies_of_two_jurisdictions_are_not_reported() -> None:
    georgia_agency = florida_agency("Jay Police Department", jurisdiction="GA")
    assert rename_reason(florida_agency("Jay Police Department"), georgia_agency) is None


POLK_CONSTABLE: dict[str, Any] = {"county_fips": "47139", "agency_type": "municipality"}


def test_same_county_type_models_and_dates_are_reported() -> None:
    earlier = florida_agency("State Constable 4th District", **POLK_CONSTABLE)
    later = florida_agency("Polk County Constable District 4", **POLK_CONSTABLE)
    assert rename_reason(earlier, later) == "County, type, models and signature dates are the same."


@pytest.mark.parametrize(
    "changes",
    [
        {"county_fips": None},
        {"county_fips": "47001"},
        {"agency_type": "county"},
        {"agency_type": None},
        {"signatures": frozenset({JUNE_SIGNATURE})},
        {"signatures": frozenset({("task_force", None)})},
        {"signatures": frozenset({APRIL_SIGNATURE, ("jail_enforcement", APRIL_DAY)})},
    ],
)
def test_one_different_or_unknown_field_prevents_the_report(changes: dict[str, Any]) -> None:
    earlier = florida_agency("Alpha Constable", **POLK_CONSTABLE)
    assert rename_reason(earlier, florida_agency("Omega Marshal", **{**POLK_CONSTABLE, **changes})) is None


@pytest.mark.parametrize("changes", [{"county_fips": None}, {"agency_type": None}, {"signatures": frozenset({("task_force", None)})}])
def test_two_unknown_values_are_not_the_same(changes: dict[str, Any]) -> None:
    fields = {**POLK_CONSTABLE, **changes}
    assert rename_reason(florida_agency("Alpha Constable", **fields), florida_agency("Omega Marshal", **fields)) is None


def test_all_pairs_are_reported_sorted_by_ids() -> None:
    earlier = [florida_agency("Jay Police Department", id="b"), florida_agency("Town of Jay Police Department", id="a")]
    later = [florida_agency("City of Jay Police Department", id="d"), florida_agency("Village of Jay Police", id="c")]
    renames = find_possible_renames(earlier, later)
    assert [(rename.earlier.id, rename.later.id) for rename in renames] == [("a", "c"), ("a", "d"), ("b", "c"), ("b", "d")]


def listed_agreement(
    name: str, signed: date | None = APRIL_DAY, model: str = "task_force", county: str | None = None, **changes: Any
) -> ListedAgreement:
    """Return an agreement of a Florida agency."""
    id = f"{changes.get('jurisdiction', 'FL')}-{name}-{model}"
    return ListedAgreement(id, florida_agency(name, **changes), model, signed, county)


def find_successor(departed_agreement: ListedAgreement, arrivals: list[ListedAgreement]) -> Successor | None:
    """Return what one agreement may have become."""
    return find_successors([departed_agreement], arrivals).get(departed_agreement.id)


@pytest.mark.parametrize(
    ("arrival", "reason"),
    [
        (listed_agreement("Sample Beach Police"), "The names are similar"),
        (listed_agreement("Sample Beach Police", JUNE_DAY), "The names are similar"),
        (listed_agreement("Something Else"), "The names differ"),
        (
            listed_agreement("Sample Beach Police Department", jurisdiction="GA"),
            "The name, the model and the day of signature are the same",
        ),
    ],
)
def test_arrival_that_resembles_a_departed_agreement_is_its_successor(arrival: ListedAgreement, reason: str) -> None:
    successor = find_successor(listed_agreement("Sample Beach Police Department"), [arrival])
    assert successor is not None
    assert (successor.agreement, successor.reason.startswith(reason)) == (arrival, True)


@pytest.mark.parametrize(
    "arrival",
    [
        listed_agreement("Something Else", JUNE_DAY),
        listed_agreement("Sample Beach Police", model="jail_enforcement"),
        listed_agreement("Sample Beach Police", jurisdiction="GA"),
        listed_agreement("Sample Beach Police Department", None, jurisdiction="GA"),
    ],
)
def test_other_arrivals_are_no_successors(arrival: ListedAgreement) -> None:
    assert find_successor(listed_agreement("Sample Beach Police Department"), [arrival]) is None


def test_likeliest_arrival_is_the_successor() -> None:
    arrivals = [listed_agreement(name) for name in ("Something Else", "Sample Beach Police", "Sample Beech Police")]
    successor = find_successor(listed_agreement("Sample Beach Police Department"), arrivals)
    assert successor is not None
    assert successor.agreement is arrivals[1]


def test_district_of_another_number_is_no_similar_name() -> None:
    departed, arrival = listed_agreement("Sample Constable District 4", None), listed_agreement("Sample Constable District 5", None)
    assert find_successor(departed, [arrival]) is None


def test_similar_name_in_the_same_state_comes_before_a_correction() -> None:
    arrivals = [listed_agreement("Sample Beach Police"), listed_agreement("Sample Beach Police Department", jurisdiction="GA")]
    successor = find_successor(listed_agreement("Sample Beach Police Department"), arrivals)
    assert successor is not None
    assert (successor.agreement, successor.is_correction) == (arrivals[0], False)


@pytest.mark.parametrize(("new_county", "is_correction"), [("SAMPLE", True), (None, True), ("Other County", False)])
def test_correction_needs_the_same_county_where_both_are_given(new_county: str | None, is_correction: bool) -> None:
    departed = listed_agreement("Sample County Sheriff", county="Sample")
    successor = find_successor(departed, [listed_agreement("Sample County Sheriff", county=new_county, jurisdiction="GA")])
    assert (successor is not None and successor.is_correction) == is_correction


def test_agreement_that_may_have_moved_to_two_states_is_not_corrected() -> None:
    arrivals = [listed_agreement("Sample County Sheriff", jurisdiction=code) for code in ("GA", "AL")]
    assert find_successors([listed_agreement("Sample County Sheriff")], arrivals) == {}


def test_state_to_which_two_agreements_may_have_moved_is_no_correction() -> None:
    departed = [listed_agreement("Sample County Sheriff", jurisdiction=code) for code in ("GA", "AL")]
    assert find_successors(departed, [listed_agreement("Sample County Sheriff")]) == {}


def test_corrected_agreement_is_no_successor_of_another() -> None:
    departed = [listed_agreement("Sample County Jail", jurisdiction="GA"), listed_agreement("Something Else")]
    successors = find_successors(departed, [listed_agreement("Sample County Jail")])
    assert {id: successor.is_correction for id, successor in successors.items()} == {departed[0].id: True}


@pytest.mark.parametrize(
    ("arrival", "is_successor"),
    [
        (listed_agreement("Sample Beach Police", JUNE_DAY), True),
        (listed_agreement("Something Else", county_fips="12086"), True),
        (listed_agreement("Something Else", county_fips="12011"), False),
        (listed_agreement("Something Else", JUNE_DAY, county_fips="12086"), False),
    ],
)
def test_late_successor_needs_more_than_the_day_of_signature(arrival: ListedAgreement, is_successor: bool) -> None:
    departed = listed_agreement("Sample Beach Police Department", county_fips="12086")
    assert (find_late_successor(departed, [arrival]) is not None) == is_successor

"""Test which spellings of an agency's name are one agency by rule, and which are not."""

import pytest

from legal.rules.rosters.folding import FOLDING_RULES, FoldedName, fold_agency_name


@pytest.mark.parametrize(
    ("jurisdiction", "names"),
    [
        ("FL", ["Sample Beach PD", "Sample Beach P.D.", "Sample Beach Police Dept.", "City of Sample Beach Police Department"]),
        ("FL", ["Sample County BOCC", "Sample County Board of County Commissioners", "SAMPLE CO. BOARD OF COUNTY COMMISSIONERS"]),
        ("FL", ["Sample County S.O.", "Sample County Sheriff Office", "Sample County Sheriff's Office", "Sample Co. Sheriff’s Office"]),
        ("FL", ["Office of the Sample, First Circuit", "Office of the Sample First Circuit", "Office of the Sample (First Circuit)"]),
        ("FL", ["Saint Sample Police Department", "St. Sample PD"]),
        ("TX", ["Sample DPS", "Sample Dept of Public Safety"]),
        ("TX", ["Texas DPS", "TX DPS", "DPS", "Department of Public Safety", "State of Texas Department of Public Safety"]),
        ("AK", ["Department of Corrections", "Alaska DOC", "State of Alaska Department of Corrections"]),
        ("GU", ["Department of Corrections", "Guam Department of Corrections"]),
    ],
)
def test_spellings_that_differ_by_rule_share_a_key(jurisdiction: str, names: list[str]) -> None:
    assert len({fold_agency_name(name, jurisdiction).key for name in names}) == 1


@pytest.mark.parametrize(
    ("jurisdiction", "first_name", "second_name"),
    [
        ("IA", "Iowa County Sheriff's Office", "County Sheriff's Office"),
        ("OK", "Oklahoma City Police Department", "City Police Department"),
        ("VA", "Virginia Beach Police Department", "Beach Police Department"),
        ("WI", "Town of Sample Police Department", "City of Sample Police Department"),
        ("FL", "Sample County Sheriff's Office", "Sample County Sheriff's Department"),
        ("FL", "City of Sample", "Sample"),
        ("FL", "Łódka Police Department", "Żódka Police Department"),
        ("GU", "警察", "公安"),
    ],
)
def test_names_that_differ_in_more_are_kept_apart(jurisdiction: str, first_name: str, second_name: str) -> None:
    assert fold_agency_name(first_name, jurisdiction).key != fold_agency_name(second_name, jurisdiction).key


def test_folded_name_has_the_labels_of_its_rules() -> None:
    assert fold_agency_name("City of Sample PD", "FL") == FoldedName("sample police department", ("abbreviation", "City of"))


def test_name_in_its_usual_spelling_is_changed_by_no_rule() -> None:
    assert fold_agency_name("Sample Police Department", "FL") == FoldedName("sample police department", ())


def test_labels_of_rules_are_unique() -> None:
    assert len({rule.label for rule in FOLDING_RULES}) == len(FOLDING_RULES)

"""Names are ranked by likeness, and only an exact and unique one is a match."""

import pytest

from legal.rules.reconciliation import Candidate, complete_prefix, rank_candidates


def make_candidate(id: str, name: str, *identifiers: str, **properties: str) -> Candidate:
    """Return a candidate with one value for each property."""
    return Candidate(id, "agency", [name, *identifiers], "", {key: [value] for key, value in properties.items()})


UNION_FL = make_candidate("fl-union", "Union County Sheriff's Office", jurisdiction="FL")
UNION_SC = make_candidate("sc-union", "Union County Sheriff's Office", jurisdiction="SC")
BAKER = make_candidate("fl-baker", "Baker County Sheriff's Office", jurisdiction="FL")
DESOTO = make_candidate("fl-desoto", "DeSoto County Sheriff's Office", jurisdiction="FL")
VIRGINIA, WEST_VIRGINIA = make_candidate("VA", "Virginia", "VA", "51"), make_candidate("WV", "West Virginia", "WV", "54")
AGENCIES = [BAKER, UNION_FL, UNION_SC, DESOTO]


def ranked_ids(text: str, candidates: list[Candidate], **properties: str) -> list[tuple[str, float, bool]]:
    """Return id, score and match of each candidate, best first."""
    wanted = {key: [value] for key, value in properties.items()}
    return [(item.candidate.id, item.score, item.is_match) for item in rank_candidates(text, candidates, wanted, 3)]


@pytest.mark.parametrize("text", ["Virginia", "VIRGINIA ", "va", "51"])
def test_exact_and_unique_name_or_identifier_is_a_match(text: str) -> None:
    assert ranked_ids(text, [WEST_VIRGINIA, VIRGINIA])[0] == ("VA", 100.0, True)


def test_similar_name_is_a_candidate_and_no_match() -> None:
    id, score, is_match = ranked_ids("Virgina", [WEST_VIRGINIA, VIRGINIA])[0]
    assert (id, is_match) == ("VA", False)
    assert 80 < score < 100


def test_name_of_two_agencies_is_no_match_by_itself() -> None:
    assert ranked_ids("Union County Sheriffs Office", AGENCIES)[:2] == [("fl-union", 100.0, False), ("sc-union", 100.0, False)]


def test_property_decides_between_two_agencies_of_one_name() -> None:
    assert ranked_ids("Union County Sheriff's Office", AGENCIES, jurisdiction="sc")[:1] == [("sc-union", 100.0, True)]
    assert ("fl-union", 50.0, False) in ranked_ids("Union County Sheriff's Office", AGENCIES, jurisdiction="SC")


def test_property_that_no_candidate_has_leaves_no_match() -> None:
    assert ranked_ids("Baker County Sheriff's Office", AGENCIES, jurisdiction="TX")[0] == ("fl-baker", 50.0, False)
    assert ranked_ids("Baker County Sheriff's Office", AGENCIES, county="Baker")[0][1] == 50.0


def test_spacing_does_not_matter() -> None:
    assert ranked_ids("De Soto County Sheriff's Office", AGENCIES)[0] == ("fl-desoto", 100.0, True)


@pytest.mark.parametrize("text", ["", "?!", "zzzz"])
def test_text_without_resemblance_has_no_candidates(text: str) -> None:
    assert ranked_ids(text, AGENCIES) == []


def test_number_of_candidates_is_limited() -> None:
    assert len(rank_candidates("County Sheriff's Office", AGENCIES, {}, 2)) == 2


@pytest.mark.parametrize(
    ("prefix", "ids"), [("vir", ["VA", "WV"]), ("west", ["WV"]), ("54", ["WV"]), ("inia", []), ("", []), ("West V", ["WV"])]
)
def test_prefix_completes_names_and_words_in_them(prefix: str, ids: list[str]) -> None:
    assert [candidate.id for candidate in complete_prefix(prefix, [WEST_VIRGINIA, VIRGINIA], 5)] == ids

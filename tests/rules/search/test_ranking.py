"""Queries are parsed, texts are ranked, and matches are highlighted."""

import pytest

from legal.rules.search.ranking import (
    MAX_EXCERPT_LENGTH,
    ParsedQuery,
    contains_any_term,
    contains_terms,
    highlight_matches,
    parse_query,
    score_texts,
)
from legal.rules.search.text import stem_text

NAMES_BY_CODE = {
    "DC": "District of Columbia",
    "IN": "Indiana",
    "MA": "Massachusetts",
    "ME": "Maine",
    "NY": "New York",
    "OR": "Oregon",
    "VA": "Virginia",
    "VI": "US Virgin Islands",
    "WV": "West Virginia",
}


def parse_with_names(query: str) -> ParsedQuery:
    """Parse a query with the names of a few jurisdictions."""
    return parse_query(query, NAMES_BY_CODE)


def list_codes(query: str) -> list[str]:
    """List the codes of the jurisdictions that a query names."""
    return [match.code for match in parse_with_names(query).jurisdictions]


def list_terms(query: str) -> list[str]:
    """List the terms of a query as they are written in it."""
    return [term.text for term in parse_with_names(query).terms]


def score_plain_text(
    query: str, title: str = "", body: str = "", entity_type: str = "measure", jurisdiction: str | None = None
) -> float | None:
    """Score a title and a body, given as plain text."""
    text = (1, entity_type, "id", jurisdiction, stem_text(title), stem_text(body))
    return score_texts(parse_with_names(query), [text])[0]


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("Virginia", ["VA"]),
        ("west virginia", ["WV"]),
        ("Westvirginia", ["WV"]),
        ("Virgina", ["VA"]),
        ("West Virgina", ["WV"]),
        ("Massachusets sheriffs", ["MA"]),
        ("Nwe York", ["NY"]),
        ("sheriffs in Virginia and New York", ["VA", "NY"]),
        ("District of Columbia", ["DC"]),
        ("Washington, D.C.", ["DC"]),
        ("Virgin Islands", ["VI"]),
        ("VA", ["VA"]),
        ("va", []),
        ("OR", []),
        ("main", []),
        ("oen", []),
        ("sheriffs", []),
    ],
)
def test_query_names_jurisdictions(query: str, codes: list[str]) -> None:
    assert list_codes(query) == codes


def test_misspelled_name_matches_as_written_and_as_corrected() -> None:
    assert parse_with_names("Virgina").terms[0].phrases == ("virgina", "virginia")


@pytest.mark.parametrize(("query", "codes"), [('"Virgina"', []), ('"West Virginia"', ["WV"]), ('"Virginia bill"', [])])
def test_phrase_in_quotes_is_taken_literally(query: str, codes: list[str]) -> None:
    assert (list_terms(query), list_codes(query)) == ([query], codes)


@pytest.mark.parametrize(
    ("query", "terms"),
    [
        ("order of the governor", ["order", "governor"]),
        ("of the", ["of", "the"]),
        ('"of the" by', ['"of the"']),
        ("“county jails” sheriff", ['"county jails"', "sheriff"]),
        ('sheriff "county jails', ["sheriff", "county", "jails"]),
        ('""  "', []),
        ("order orders", ["order"]),
        ("-order NOT (jail* OR title:x)", ["order", "jail", "title", "x"]),
    ],
)
def test_terms_are_words_and_phrases(query: str, terms: list[str]) -> None:
    assert list_terms(query) == terms


def test_parsed_query_is_shown_as_json() -> None:
    assert parse_with_names("the Virgina order").as_json() == {
        "terms": ["Virgina", "order"],
        "ignored": ["the"],
        "places": [{"written": "Virgina", "code": "VA", "name": "Virginia"}],
    }


def test_text_without_one_of_the_terms_does_not_match() -> None:
    assert score_plain_text("order sheriff", title="An order") is None


def test_title_scores_more_than_the_body() -> None:
    assert score_plain_text("order", title="Orders") > score_plain_text("order", body="Orders")


def test_text_of_the_jurisdiction_outranks_a_text_that_repeats_its_name() -> None:
    own_score = score_plain_text("Virginia", body="Virginia", jurisdiction="VA")
    assert own_score > score_plain_text("Virginia", title="West Virginia", body="Virginia " * 50, jurisdiction="WV")


def test_match_in_a_long_text_scores_less() -> None:
    assert score_plain_text("order", body="order") > score_plain_text("order", body="order " + "other " * 200)


def test_equal_matches_rank_measures_then_figures_then_documents() -> None:
    scores = [score_plain_text("order", title="order", entity_type=entity_type) for entity_type in ("measure", "figure", "document")]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == 3


def test_phrase_does_not_match_across_two_fields() -> None:
    query = parse_with_names('"county jail"')
    assert score_texts(query, [(1, "measure", "id", None, "", "counti | jail")]) == [None]


def test_scores_are_in_order_and_independent_of_other_texts() -> None:
    query = parse_with_names("De Soto sheriff")
    texts = [(1, "agency", "id", None, stem_text(title), "") for title in ("DeSoto sheriff", "De Soto sheriffs", "Soto sheriff")]
    scores = score_texts(query, texts)
    assert scores == [score_texts(query, [text])[0] for text in texts]
    assert [score is None for score in scores] == [False, False, True]


@pytest.mark.parametrize(
    ("query", "title", "body", "is_match"),
    [
        ("order sheriff", "an order", "sheriff", True),
        ("order sheriff", "an order", "", False),
        ('"county jail"', "", "counti | jail", True),
        ('"county jail"', "counti", "jail", False),
        ("count", "counti", "", False),
    ],
)
def test_index_finds_every_term_and_phrases_across_fields(query: str, title: str, body: str, is_match: bool) -> None:
    assert contains_terms(parse_with_names(query), title, body) is is_match


@pytest.mark.parametrize(("stems", "is_match"), [("an order", True), ("of sheriff", True), ("orderly", False), ("", False)])
def test_text_with_any_term_has_something_to_mark(stems: str, is_match: bool) -> None:
    assert contains_any_term(parse_with_names("order sheriff"), stems) is is_match


@pytest.mark.parametrize(
    ("query", "text", "html"),
    [
        ("orders", "The order stands.", "The <mark>order</mark> stands."),
        ("order", "<b>Order</b> & peace", "&lt;b&gt;<mark>Order</mark>&lt;/b&gt; &amp; peace"),
        ('"county jail"', "County jails, one jail", "<mark>County jails</mark>, one jail"),
        ('"a b" "b c"', "a b c", "<mark>a b c</mark>"),
        ("287g", "The 287(g) program", "The <mark>287(g)</mark> program"),
        ("governor", "the governor's", "the <mark>governor's</mark>"),
        ("sheriff", "An order", None),
    ],
)
def test_matches_are_marked_and_all_other_text_is_escaped(query: str, text: str, html: str | None) -> None:
    assert highlight_matches(text, parse_with_names(query)) == html


@pytest.mark.parametrize(("words_before", "words_after"), [(100, 0), (0, 100), (100, 100), (30, 60)])
def test_long_text_is_cut_to_an_excerpt_around_the_first_match(words_before: int, words_after: int) -> None:
    text = "plain " * words_before + "order" + " words" * words_after + " order" * (words_after > 60)
    html = highlight_matches(text, parse_with_names("order"))
    assert "<mark>order</mark>" in html
    assert len(html) <= MAX_EXCERPT_LENGTH + len("……<mark></mark>")
    assert (html.startswith("…"), html.endswith("…")) == (words_before > 10, words_after > 40)
    assert set(html.strip("…").replace("<mark>", "").replace("</mark>", "").split()) <= {"plain", "order", "words"}


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("De Soto", "DeSoto County Sheriff"),
        ("DeSoto", "De Soto Parish"),
        ("desoto parish", "De Soto Parish"),
        ("La Porte County", "LaPorte County"),
        ("287 g", "A 287(g) agreement"),
        ("287g", "A 287 g agreement"),
        ("No. 287(g)", "A 287(g) agreement"),
        ("nos 287(g)", "A 287(g) agreement"),
        ("Section 287(g)", "A 287(g) agreement"),
        ("287(g)", "A 287g agreement"),
        ("agreement No. 287 g", "A 287(g) agreement"),
    ],
)
def test_spacing_and_number_signs_do_not_matter(query: str, title: str) -> None:
    assert score_plain_text(query, title)


@pytest.mark.parametrize(
    ("query", "title"), [("De Soto", "Soto County"), ("287 h", "A 287(g) agreement"), ("no agreement", "An opinion"), ("DeSoto", "Soto de")]
)
def test_joined_words_must_all_occur(query: str, title: str) -> None:
    assert score_plain_text(query, title) is None


def test_label_of_a_number_is_listed_as_ignored() -> None:
    assert parse_with_names("No. 287(g)").ignored_words == ("No",)
    assert parse_with_names("no agreement").ignored_words == ()


def test_joined_word_is_highlighted() -> None:
    assert highlight_matches("DeSoto County", parse_with_names("De Soto")) == "<mark>DeSoto</mark> County"


def test_repeated_word_is_one_term() -> None:
    assert list_terms("Walla Walla") == ["Walla"]

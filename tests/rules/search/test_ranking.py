"""How a query is read, how a text is ranked, and what is marked in it."""

import pytest

from legal.rules.search.ranking import LONGEST_EXCERPT, Reading, marked, read, score
from legal.rules.search.text import stems

NAMES = {
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


def reading(query: str) -> Reading:
    return read(query, NAMES)


def places(query: str) -> list[str]:
    return [place.code for place in reading(query).places]


def terms(query: str) -> list[str]:
    return [term.written for term in reading(query).terms]


def ranked(query: str, title: str = "", body: str = "", noun: str = "measure", jurisdiction: str | None = None) -> float | None:
    return score(reading(query), noun, jurisdiction, stems(title), stems(body))


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
def test_places_are_read_out_of_a_query(query: str, codes: list[str]) -> None:
    assert places(query) == codes


def test_a_misspelt_place_is_looked_for_as_it_is_written_and_as_it_is_called() -> None:
    assert reading("Virgina").terms[0].phrases == ("virgina", "virginia")


@pytest.mark.parametrize(("query", "codes"), [('"Virgina"', []), ('"West Virginia"', ["WV"]), ('"Virginia bill"', [])])
def test_a_phrase_is_taken_literally(query: str, codes: list[str]) -> None:
    assert (terms(query), places(query)) == ([query], codes)


@pytest.mark.parametrize(
    ("query", "found"),
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
def test_terms_are_words_and_phrases(query: str, found: list[str]) -> None:
    assert terms(query) == found


def test_the_reading_is_told() -> None:
    assert reading("the Virgina order").told() == {
        "terms": ["Virgina", "order"],
        "ignored": ["the"],
        "places": [{"written": "Virgina", "code": "VA", "name": "Virginia"}],
    }


def test_a_text_without_one_of_the_terms_is_no_answer() -> None:
    assert ranked("order sheriff", title="An order") is None


def test_a_title_counts_more_than_what_follows() -> None:
    assert ranked("order", title="Orders") > ranked("order", body="Orders")


def test_a_text_of_the_place_itself_counts_more_than_one_that_says_its_name_often() -> None:
    own = ranked("Virginia", body="Virginia", jurisdiction="VA")
    assert own > ranked("Virginia", title="West Virginia", body="Virginia " * 50, jurisdiction="WV")


def test_a_long_text_says_a_word_more_easily() -> None:
    assert ranked("order", body="order") > ranked("order", body="order " + "other " * 200)


def test_of_equals_a_measure_comes_before_its_figures_and_they_before_documents() -> None:
    found = [ranked("order", title="order", noun=noun) for noun in ("measure", "figure", "document")]
    assert found == sorted(found, reverse=True)
    assert len(set(found)) == 3


def test_no_phrase_runs_from_one_text_into_the_next() -> None:
    assert score(reading('"county jail"'), "measure", None, "", "county | jail") is None


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
def test_what_was_looked_for_is_marked_and_everything_else_escaped(query: str, text: str, html: str | None) -> None:
    assert marked(text, reading(query)) == html


@pytest.mark.parametrize(("before", "after"), [(100, 0), (0, 100), (100, 100), (30, 60)])
def test_a_long_text_is_cut_to_an_excerpt_around_the_first_mark(before: int, after: int) -> None:
    text = "plain " * before + "order" + " words" * after + " order" * (after > 60)
    html = marked(text, reading("order"))
    assert "<mark>order</mark>" in html
    assert len(html) <= LONGEST_EXCERPT + len("……<mark></mark>")
    assert (html.startswith("…"), html.endswith("…")) == (before > 10, after > 40)
    assert set(html.strip("…").replace("<mark>", "").replace("</mark>", "").split()) <= {"plain", "order", "words"}

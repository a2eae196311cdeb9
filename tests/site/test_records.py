"""Test the pages of documents, measures, figures and agencies, and the comparison, the search and the log."""

import pytest
from flask.testing import FlaskClient

from legal.db.engine import Database
from tests.api.factories import database_url
from tests.conftest import Statements, make_app
from tests.services.rosters.factories import BAKER, MIAMI, import_rosters, parsed_row, roster_workbook
from tests.site.markup import Element, parse_page

pytestmark = pytest.mark.databases("sqlite")

HTML = {"Accept": "text/html"}
DOCUMENTS = ("agreements-retelling-2026", "breitbart-2025-09-17", "washington-times-2025-09-17")


def read_page(client: FlaskClient, path: str) -> Element:
    """Return the tree of a page."""
    response = client.get(path, headers=HTML)
    assert response.status_code == 200, response.text
    return parse_page(response.text)


@pytest.mark.parametrize("id", DOCUMENTS)
def test_document_shows_every_passage_that_is_cited(client: FlaskClient, id: str) -> None:
    document = client.get(f"/v1/documents/{id}").json
    cited = [
        (row["id"], str(citation["start"]))
        for rows in document["cited_by"].values()
        for row in rows
        for citation in row["citations"]
        if citation["document"] == id
    ]
    page = read_page(client, f"/documents/{id}")
    shown = [(e.attributes["data-cited-by"], e.attributes["data-passage"]) for e in page.find_all("data-passage")]
    assert sorted(shown) == sorted(cited)


def test_roster_shows_its_counts(shipped_client: FlaskClient) -> None:
    roster = shipped_client.get("/v1/rosters?sort=-date&limit=1").json["results"][0]
    page = read_page(shipped_client, f"/documents/{roster['id']}")
    assert page.values("data-agreements") == [str(roster["counts"]["agreements"])]


def test_all_documents_are_listed(shipped_client: FlaskClient) -> None:
    documents = shipped_client.get("/v1/documents?limit=200").json["results"]
    assert sorted(read_page(shipped_client, "/documents").values("data-document")) == sorted(row["id"] for row in documents)


def test_measure_shows_its_figures(client: FlaskClient) -> None:
    measure = client.get("/v1/measures/va-local-agreements-2025").json
    page = read_page(client, "/measures/va-local-agreements-2025")
    assert page.values("data-measure") == [measure["id"]]
    assert page.values("data-figure") == [figure["id"] for figure in measure["figures"]]


def test_titles_of_linked_measures_take_one_statement(client: FlaskClient, statements: Statements) -> None:
    added_by_pages = []
    for id, link_count in (("us-funding-2025", 0), ("va-directive-2026-02-04", 1)):
        statements.clear()
        measure = client.get(f"/v1/measures/{id}").json
        assert len([*measure["acts_on"], *measure["acted_on_by"]]) == link_count
        count_of_api = len(statements)
        statements.clear()
        read_page(client, f"/measures/{id}")
        added_by_pages.append(len(statements) - count_of_api)
    assert added_by_pages[1] - added_by_pages[0] == 1


def test_log_loads_only_the_titles_that_it_shows(client: FlaskClient, statements: Statements) -> None:
    read_page(client, "/changes")
    tables = ("measure_versions", "figure_versions", "document_versions")
    assert [sum(f"FROM {table}" in statement for statement in statements) for table in tables] == [1, 1, 1]
    assert not any("citations" in statement for statement in statements)


def test_list_of_figures_equals_the_api(shipped_client: FlaskClient) -> None:
    figures = shipped_client.get("/v1/figures?limit=200").json["results"]
    assert sorted(read_page(shipped_client, "/figures").values("data-figure")) == sorted(row["id"] for row in figures)
    off = shipped_client.get("/v1/figures?limit=200&roster_check=off_by").json["results"]
    assert sorted(read_page(shipped_client, "/figures?roster_check=off_by").values("data-figure")) == sorted(row["id"] for row in off)


def test_figures_of_one_state_are_listed(client: FlaskClient) -> None:
    figures = client.get("/v1/figures?jurisdiction=VA").json["results"]
    assert sorted(read_page(client, "/figures?jurisdiction=virginia").values("data-figure")) == sorted(row["id"] for row in figures)


def test_figure_shows_every_comparison(shipped_client: FlaskClient) -> None:
    id = "us-participation-1001-agencies"
    pairs = shipped_client.get("/v1/conflicts?jurisdiction=US&limit=200").json["results"]
    page = read_page(shipped_client, f"/figures/{id}")
    assert sorted(page.values("data-conflict")) == sorted(pair["id"] for pair in pairs if id in {row["id"] for row in pair["figures"]})
    assert (page.values("data-low"), page.values("data-high")) == (["1001"], ["1001"])


@pytest.mark.parametrize(
    ("id", "period"),
    [
        ("wv-arrests-about-650", "its period ends by Feb. 17, 2026"),
        ("fl-encounters-about-3600", "its period begins March 2025 and ends between Sept. 14, 2025 and Sept. 23, 2025"),
    ],
)
def test_period_of_a_figure_has_only_its_known_ends(shipped_client: FlaskClient, id: str, period: str) -> None:
    assert period in " ".join(read_page(shipped_client, f"/figures/{id}").text.split())


def test_passage_names_its_speaker_and_who_relayed_it(shipped_client: FlaskClient) -> None:
    page = read_page(shipped_client, "/measures/md-bill-2026")
    assert "on the word of Wes Moore, by way of local media" in page.text


def test_agency_shows_its_agreements_over_rosters(rosters_client: FlaskClient) -> None:
    agency = rosters_client.get("/v1/agencies/fl-union-county-sheriffs-office?as_of=2025-12-01").json
    page = read_page(rosters_client, "/agencies/fl-union-county-sheriffs-office?as_of=2025-12-01")
    shown = [(e.attributes["data-agreement"], e.attributes["data-status"]) for e in page.find_all("data-agreement")]
    assert shown == [(row["id"], row["status"]) for row in agency["agreements"]]
    assert sum(len(body.find_named("tr")) for body in page.find_named("tbody")) == sum(len(row["listings"]) for row in agency["agreements"])
    assert "No roster says why." in page.text


def test_agency_without_type_or_county_says_so(rosters_client: FlaskClient) -> None:
    agencies = rosters_client.get("/v1/agencies?jurisdiction=GU").json["results"]
    assert "The roster does not give its type." in read_page(rosters_client, f"/agencies/{agencies[0]['id']}").text


def test_comparison_shows_what_the_cards_say(shipped_client: FlaskClient) -> None:
    cards = shipped_client.get("/v1/compare?jurisdictions=VA,MD,MA,US&as_of=2026-02-20").json["results"]
    page = read_page(shipped_client, "/compare?jurisdictions=VA,Maryland,massachusetts,US&as_of=2026-02-20")
    assert page.values("data-code") == [card["code"] for card in cards]
    assert page.values("data-posture") == [card["posture"]["value"] if card["posture"] else "" for card in cards]
    slots = [(e.attributes["data-slot"], e.attributes["data-knowledge"]) for e in page.find_all("data-slot")]
    assert slots == [(kind, card["stance"][kind]["knowledge"]) for kind in cards[0]["stance"] for card in cards]
    measures = [m["id"] for kind in cards[0]["stance"] for card in cards for m in card["stance"][kind]["measures"]]
    assert page.values("data-measure") == measures


def test_comparison_of_an_unknown_state_suggests_one(client: FlaskClient) -> None:
    response = client.get("/compare?jurisdictions=Virgina,MD", headers=HTML)
    assert response.status_code == 422
    assert "Did you mean VA" in response.text


def test_search_shows_the_hits_of_the_api_in_their_order(shipped_client: FlaskClient) -> None:
    hits = shipped_client.get("/v1/search?q=virgina+jail").json["results"]
    page = read_page(shipped_client, "/search?q=virgina+jail")
    assert page.values("data-result") == [f"{hit['noun']}/{hit['id']}" for hit in hits]
    assert "Virginia : go to its page" in page.text
    assert page.find_named("mark")


def test_search_can_be_narrowed_and_paged(shipped_client: FlaskClient) -> None:
    page = read_page(shipped_client, "/search?q=agreements&noun=measure")
    following = [link.attributes["href"] for link in page.find_named("a") if link.attributes.get("rel") == "next"]
    shown = page.values("data-result")
    while following:
        page = read_page(shipped_client, following[0])
        shown += page.values("data-result")
        following = [link.attributes["href"] for link in page.find_named("a") if link.attributes.get("rel") == "next"]
    hits = shipped_client.get("/v1/search?q=agreements&noun=measure&limit=200").json["results"]
    assert shown == [f"measure/{hit['id']}" for hit in hits]


def test_search_for_nothing_on_file_is_no_finding(client: FlaskClient) -> None:
    assert "That is not a finding about the world." in read_page(client, "/search?q=zzzz").text


def test_search_text_is_escaped(client: FlaskClient) -> None:
    text = client.get("/search", query_string={"q": "<script>alert(1)</script>"}, headers=HTML).text
    assert "<script>alert" not in text


def test_log_shows_every_change_newest_first(client: FlaskClient) -> None:
    shown: list[str] = []
    path: str | None = "/changes"
    while path:
        page = read_page(client, path)
        shown += page.values("data-change")
        path = next((link.attributes["href"] for link in page.find_named("a") if link.attributes.get("rel") == "next"), None)
    count = client.get("/v1/changes?limit=1").json["count"]
    assert len(shown) == count
    assert len(set(shown)) == count


def test_log_can_be_narrowed_by_state_and_cause(client: FlaskClient) -> None:
    changes = client.get("/v1/changes?jurisdiction=VA&cause=source_added&limit=200").json["results"]
    page = read_page(client, "/changes?jurisdiction=VA&cause=source_added")
    assert sorted(page.values("data-change")) == sorted(f"{row['noun']}/{row['id']}" for row in changes)


def test_glossary_and_methods_have_the_words_of_the_repository(client: FlaskClient) -> None:
    glossary = read_page(client, "/glossary")
    assert "A list of agencies published by ICE" in glossary.find_id("roster").text
    methods = read_page(client, "/methods")
    assert methods.find_id("posture").name == "h2"
    assert methods.find_id("list-posture").text.startswith("Posture")
    assert all(not link.attributes["href"].endswith(".md") for link in methods.find_named("a"))


def test_term_is_explained_where_it_first_occurs(client: FlaskClient) -> None:
    page = read_page(client, "/states/virginia")
    buttons = page.values("popovertarget")
    assert buttons
    assert len(buttons) == len(set(buttons))
    assert {page.find_id(id).name for id in buttons} == {"span"}


def test_page_to_use_gives_embed_code_that_works(client: FlaskClient) -> None:
    code = read_page(client, "/use").find_id("embed-map").text
    frame = parse_page(code).find_named("iframe")[0]
    assert client.get(frame.attributes["src"].removeprefix("http://127.0.0.1:8000")).status_code == 200


def test_likely_new_name_is_given_and_not_asserted(writable_seeded_db: Database) -> None:
    with writable_seeded_db.transaction() as session:
        import_rosters(session, roster_workbook("2025-03-01", parsed_row(MIAMI), parsed_row(BAKER)))
        import_rosters(session, roster_workbook("2025-05-16", parsed_row("Town of Miami Police Department"), parsed_row(BAKER)))
    app = make_app(database_url(writable_seeded_db))
    client = app.test_client()
    (old,) = client.get("/v1/agreements?jurisdiction=FL&status=unlisted").json["results"]
    agency = read_page(client, f"/agencies/{old['agency_id']}")
    state = read_page(client, "/states/florida").find_id("departures")
    app.extensions["database"].dispose()
    assert agency.values("data-renamed-to") == [old["possibly_renamed_to"]["agency_id"]]
    assert "Possibly renamed To Town of Miami Police Department" in agency.text
    assert "No roster says so." in agency.text
    assert "possibly renamed to Town of Miami Police Department" in state.text

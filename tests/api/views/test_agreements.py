"""Test agreements and agencies over HTTP: lists, counts, and refused parameters."""

import csv
import io
from collections import Counter
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from legal.db.engine import Database
from legal.schemas.agreement import SUMMARY_PAGES, AgencyDetailSchema, AgencyPage, AgreementPage
from tests.api.factories import faults_by_parameter, walk_pages
from tests.conftest import Statements, open_app
from tests.services.rosters import factories

DAY_QUERY = "as_of=2026-01-01"
AGENCY_ID = "fl-union-county-sheriffs-office"
SORTS_BY_LIST = {
    "/v1/agreements": ["id", "jurisdiction", "agency", "model", "signed"],
    "/v1/agreements?status=any": ["id", "jurisdiction", "agency", "model", "signed"],
    "/v1/agreements/summary?by=month": ["month", "agreements", "agencies"],
    "/v1/agreements/summary?by=agency_type&status=any": ["agency_type", "agreements", "agencies"],
    "/v1/agencies": ["id", "name", "jurisdiction"],
}

rosters_db, rosters_app = factories.rosters_db, factories.rosters_app


@pytest.fixture(scope="module")
def app(rosters_app: Flask) -> Flask:
    """The app over a database with rosters."""
    return rosters_app


def add_parameters(path: str, query: str) -> str:
    """Return a path with more parameters."""
    return f"{path}{'&' if '?' in path else '?'}{query}"


@pytest.mark.parametrize("path", ["/v1/agreements", "/v1/agreements?status=any", "/v1/agreements?as_of=2025-03-10&status=pending"])
def test_page_of_agreements_matches_its_schema(client: FlaskClient, path: str) -> None:
    page = client.get(path).json
    assert AgreementPage().validate(page) == {}
    assert page["results"]


def test_summary_by_every_key_matches_its_schema(client: FlaskClient) -> None:
    errors = {by: schema().validate(client.get(f"/v1/agreements/summary?by={by}&status=any").json) for by, schema in SUMMARY_PAGES.items()}
    assert {by: messages for by, messages in errors.items() if messages} == {}


def test_agencies_match_their_schemas(client: FlaskClient) -> None:
    assert AgencyPage().validate(client.get("/v1/agencies").json) == {}
    for row in walk_pages(client, "/v1/agencies"):
        assert AgencyDetailSchema().validate(client.get(row["links"]["self"]).json) == {}


@pytest.mark.parametrize(
    ("query", "statuses"), [("", ["active"]), ("?status=any", ["any"]), ("?status=pending,unlisted", ["pending", "unlisted"])]
)
def test_status_filter_is_echoed_with_its_default(client: FlaskClient, query: str, statuses: list[str]) -> None:
    assert client.get(f"/v1/agreements{query}").json["meta"]["filters"] == {"status": statuses}


def test_pages_in_every_order_contain_every_row_once(client: FlaskClient) -> None:
    failures = []
    for path, sorts in SORTS_BY_LIST.items():
        for sort in [f"{sign}{name}" for name in sorts for sign in ("", "-")]:
            rows = client.get(add_parameters(path, f"sort={sort}&{DAY_QUERY}")).json["results"]
            if not rows or list(walk_pages(client, add_parameters(path, f"sort={sort}&{DAY_QUERY}&limit=1"))) != rows:
                failures.append((path, sort))
    assert failures == []


@pytest.mark.parametrize("sign", ["", "-"])
def test_agreements_without_a_signature_date_come_last(client: FlaskClient, sign: str) -> None:
    dates = [row["signed"]["edtf"] for row in client.get(f"/v1/agreements?sort={sign}signed&status=any").json["results"]]
    known_dates = [date for date in dates if date]
    assert dates == [*sorted(known_dates, reverse=bool(sign)), None, None]


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("/v1/agreements?status=active", ["jurisdiction", "model", "status", "agency_type"]),
        ("/v1/agreements?status=any", ["jurisdiction", "model", "status", "agency_type"]),
        ("/v1/agencies", ["jurisdiction", "agency_type"]),
    ],
)
def test_facets_count_every_row_under_its_value(client: FlaskClient, path: str, names: list[str]) -> None:
    failures = []
    for name in names:
        page = client.get(add_parameters(path, f"facets={name}")).json
        counts = Counter(row[name] for row in page["results"] if row[name] is not None)
        if list(page["facets"]) != [name] or list(page["facets"][name].items()) != sorted(counts.items()):
            failures.append(name)
    assert failures == []


@pytest.mark.parametrize("query", ["", "&status=any", "&jurisdiction=FL", "&q=county&signed_after=2025-02-01", "&as_of=2025-05-16"])
def test_summary_counts_equal_the_rows_of_the_list(client: FlaskClient, query: str) -> None:
    rows = list(walk_pages(client, f"/v1/agreements?{query.removeprefix('&')}"))
    summary = client.get(f"/v1/agreements/summary?by=model{query}").json
    assert sum(row["agreements"] for row in summary["results"]) == len(rows) == summary["meta"]["totals"]["agreements"]
    assert summary["meta"]["totals"]["agencies"] == len({row["agency_id"] for row in rows})


def test_first_column_of_a_summary_in_csv_is_its_key(client: FlaskClient) -> None:
    text = client.get(f"/v1/agreements/summary?by=agency_type&format=csv&{DAY_QUERY}").text
    assert text == "agency_type,agreements,agencies\r\ncounty,3,3\r\n,1,1\r\n"


def test_csv_of_agreements_has_one_row_per_agreement(client: FlaskClient) -> None:
    rows = list(csv.DictReader(io.StringIO(client.get("/v1/agreements?status=any&format=csv").text)))
    assert [row["id"] for row in rows] == [row["id"] for row in client.get("/v1/agreements?status=any").json["results"]]
    assert {"signed.edtf", "unlisted_since.edtf", "first_listed.basis", "links.self"} <= rows[0].keys()


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("agreements?status=gone", "status"),
        ("agreements?model=posse", "model"),
        ("agreements?county_fips=123", "county_fips"),
        ("agreements?county_fips=12125%0A", "county_fips"),
        ("agreements?county_fips=99999", "county_fips"),
        ("agreements?signed_after=2025", "signed_after"),
        ("agreements?jurisdiction=Atlantis", "jurisdiction"),
        ("agreements?sort=status", "sort"),
        ("agreements?by=model", "by"),
        ("agreements/summary", "by"),
        ("agreements/summary?by=county", "by"),
        ("agreements/summary?by=model&sort=month", "sort"),
        ("agreements/summary?by=model&facets=model", "facets"),
        ("agencies?status=any", "status"),
        ("agencies?facets=name", "facets"),
    ],
)
def test_invalid_parameter_is_refused(client: FlaskClient, query: str, parameter: str) -> None:
    response = client.get(f"/v1/{query}")
    assert response.status_code == 422
    assert parameter in faults_by_parameter(response)


def test_county_without_agreements_gives_an_empty_list(client: FlaskClient) -> None:
    assert client.get("/v1/agreements?county_fips=06037").json["results"] == []


def test_unknown_county_gets_suggestions(client: FlaskClient) -> None:
    assert "12125" in faults_by_parameter(client.get("/v1/agreements?county_fips=12126"))["county_fips"]["did_you_mean"]


def test_summary_without_by_lists_the_keys(client: FlaskClient) -> None:
    detail = faults_by_parameter(client.get("/v1/agreements/summary"))["by"]["detail"]
    assert detail == "Give the key to group by: jurisdiction, model, agency_type, month."


def test_cursor_is_refused_with_another_status(client: FlaskClient) -> None:
    next_url = client.get("/v1/agreements?limit=1").json["next"]
    assert client.get(f"{next_url}&status=any").status_code == 422


def test_unknown_agency_is_not_found_with_suggestions(client: FlaskClient) -> None:
    response = client.get("/v1/agencies/fl-union-county-sheriff")
    assert (response.status_code, response.json["did_you_mean"][0]) == (404, AGENCY_ID)


@pytest.mark.parametrize(
    ("path", "count"),
    [
        ("/v1/agreements", 6),
        ("/v1/agreements?limit=1", 7),
        ("/v1/agreements?status=any", 6),
        ("/v1/agreements?as_of=1990-01-01", 6),
        ("/v1/agreements?status=any&facets=model,status", 8),
        ("/v1/agreements/summary?by=month", 4),
        ("/v1/agencies", 5),
        (f"/v1/agencies/{AGENCY_ID}", 9),
    ],
)
def test_request_sends_a_fixed_number_of_statements(client: FlaskClient, statements: Statements, path: str, count: int) -> None:
    assert client.get(path).status_code == 200
    assert len(statements) == count


@pytest.mark.parametrize("path", ["/v1/agreements", "/v1/agreements/summary?by=model", "/v1/agencies", f"/v1/agencies/{AGENCY_ID}"])
def test_pinned_response_is_immutable_and_shows_no_later_roster(client: FlaskClient, path: str) -> None:
    response = client.get(add_parameters(path, "as_of=2025-05-16&revision=4&rules=2"))
    assert "immutable" in response.headers["Cache-Control"]
    assert response.json["meta"]["revision"] == 4
    assert "2025-09-17" not in response.text


def test_every_link_works(client: FlaskClient) -> None:
    paths = ("/v1/agreements?status=any", "/v1/agencies")
    links = {link for path in paths for row in walk_pages(client, path) for link in row["links"].values()}
    assert [link for link in links if client.get(link).status_code != 200] == []


@pytest.fixture
def termination_client(writable_seeded_db: Database) -> Iterator[FlaskClient]:
    """A client over one roster with two agreements of Union County, one of which a measure terminates."""
    rows = (factories.parsed_row(), factories.parsed_row(model="jail_enforcement"))
    with writable_seeded_db.transaction() as session:
        factories.import_rosters(session, factories.roster_workbook("2025-01-10", *rows))
        factories.publish_measures(session, factories.measure_naming(f"{AGENCY_ID}-task-force", terminated_on="2025-03-01"))
    with open_app(writable_seeded_db) as app:
        yield app.test_client()


def test_terminated_agreement_is_listed_as_ended_and_not_as_active(termination_client: FlaskClient) -> None:
    page = termination_client.get("/v1/agreements?status=ended").json
    assert AgreementPage().validate(page) == {}
    assert [(row["id"], row["status"], row["measures"]) for row in page["results"]] == [(f"{AGENCY_ID}-task-force", "ended", ["fl-ended"])]
    assert [row["model"] for row in termination_client.get("/v1/agreements").json["results"]] == ["jail_enforcement"]


def test_status_facet_counts_terminated_agreements(termination_client: FlaskClient) -> None:
    facets = termination_client.get("/v1/agreements?status=any&facets=status").json["facets"]
    assert facets == {"status": {"active": 1, "ended": 1}}


def test_agreement_is_active_before_its_termination(termination_client: FlaskClient) -> None:
    assert termination_client.get("/v1/agreements?as_of=2025-02-28").json["count"] == 2


def test_terminating_measure_and_agency_refer_to_each_other(termination_client: FlaskClient) -> None:
    assert termination_client.get("/v1/measures/fl-ended").json["agreements"] == [f"{AGENCY_ID}-task-force"]
    agency = termination_client.get(f"/v1/agencies/{AGENCY_ID}").json
    assert AgencyDetailSchema().validate(agency) == {}
    assert [(row["status"], row["measures"]) for row in agency["agreements"]] == [("active", []), ("ended", ["fl-ended"])]


def test_measure_that_names_no_agreement_has_an_empty_list(client: FlaskClient) -> None:
    assert {str(row["agreements"]) for row in walk_pages(client, "/v1/measures")} == {"[]"}


@pytest.mark.parametrize("path", ["/v1/agreements", "/v1/agreements?status=any", "/v1/agreements/summary?by=model", "/v1/agencies"])
def test_terminations_need_no_additional_statement(
    writable_seeded_db: Database, termination_client: FlaskClient, client: FlaskClient, statements: Statements, path: str
) -> None:
    sent_statements: list[str] = []
    event.listen(writable_seeded_db.engine, "before_cursor_execute", lambda *arguments: sent_statements.append(arguments[2]))
    termination_client.get(path)
    client.get(path)
    assert len([statement for statement in sent_statements if not statement.startswith(("BEGIN", "PRAGMA"))]) == len(statements)

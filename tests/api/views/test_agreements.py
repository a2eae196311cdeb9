"""Agreements and agencies over HTTP: their lists, their numbers, and what is refused."""

import csv
import io
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from legal.db.engine import Database
from legal.schemas.agreement import SUMMARY_PAGES, AgencyDetailSchema, AgencyPage, AgreementPage
from tests.api.factories import faults, walked
from tests.conftest import Statements, serving
from tests.services.rosters import factories

DAY = "as_of=2026-01-01"
ID = "fl-union-county-sheriffs-office"
LISTS = {
    "/v1/agreements": ["id", "jurisdiction", "agency", "model", "signed"],
    "/v1/agreements?status=any": ["id", "jurisdiction", "agency", "model", "signed"],
    "/v1/agreements/summary?by=month": ["month", "agreements", "agencies"],
    "/v1/agreements/summary?by=agency_type&status=any": ["agency_type", "agreements", "agencies"],
    "/v1/agencies": ["id", "name", "jurisdiction"],
}
SORTED = [(path, f"{sign}{sort}") for path, sorts in LISTS.items() for sort in sorts for sign in ("", "-")]

rostered, served = factories.rostered, factories.served


@pytest.fixture(scope="module")
def app(served: Flask) -> Flask:
    """The app over the lists."""
    return served


def with_(path: str, query: str) -> str:
    """A path with one more parameter."""
    return f"{path}{'&' if '?' in path else '?'}{query}"


@pytest.mark.parametrize("path", ["/v1/agreements", "/v1/agreements?status=any", "/v1/agreements?as_of=2025-03-10&status=pending"])
def test_a_page_of_agreements_has_the_shape_that_is_described(client: FlaskClient, path: str) -> None:
    answer = client.get(path).json
    assert AgreementPage().validate(answer) == {}
    assert answer["results"]


@pytest.mark.parametrize("by", SUMMARY_PAGES)
def test_a_summary_has_the_shape_that_is_described(client: FlaskClient, by: str) -> None:
    assert SUMMARY_PAGES[by]().validate(client.get(f"/v1/agreements/summary?by={by}&status=any").json) == {}


def test_agencies_have_the_shapes_that_are_described(client: FlaskClient) -> None:
    assert AgencyPage().validate(client.get("/v1/agencies").json) == {}
    for row in walked(client, "/v1/agencies"):
        assert AgencyDetailSchema().validate(client.get(row["links"]["self"]).json) == {}


@pytest.mark.parametrize(
    ("query", "echoed"), [("", ["active"]), ("?status=any", ["any"]), ("?status=pending,unlisted", ["pending", "unlisted"])]
)
def test_the_status_is_echoed_also_where_it_is_not_given(client: FlaskClient, query: str, echoed: list[str]) -> None:
    assert client.get(f"/v1/agreements{query}").json["meta"]["filters"] == {"status": echoed}


@pytest.mark.parametrize(("path", "sort"), SORTED)
def test_a_walk_loses_and_repeats_nothing(client: FlaskClient, path: str, sort: str) -> None:
    whole = client.get(with_(path, f"sort={sort}&{DAY}")).json["results"]
    assert list(walked(client, with_(path, f"sort={sort}&{DAY}&limit=1"))) == whole != []


@pytest.mark.parametrize("sign", ["", "-"])
def test_what_has_no_day_of_signature_comes_last_either_way(client: FlaskClient, sign: str) -> None:
    days = [row["signed"]["edtf"] for row in client.get(f"/v1/agreements?sort={sign}signed&status=any").json["results"]]
    known = [day for day in days if day]
    assert days == [*sorted(known, reverse=bool(sign)), None, None]


@pytest.mark.parametrize("name", ["jurisdiction", "model", "status", "agency_type"])
@pytest.mark.parametrize("status", ["active", "any"])
def test_a_facet_counts_every_row_under_its_value(client: FlaskClient, name: str, status: str) -> None:
    answer = client.get(f"/v1/agreements?status={status}&facets={name}").json
    values = [row[name] for row in answer["results"] if row[name] is not None]
    assert answer["facets"] == {name: {value: values.count(value) for value in sorted(values)}}


@pytest.mark.parametrize("name", ["jurisdiction", "agency_type"])
def test_agencies_are_counted_by_facet(client: FlaskClient, name: str) -> None:
    answer = client.get(f"/v1/agencies?facets={name}").json
    values = [row[name] for row in answer["results"] if row[name] is not None]
    assert answer["facets"] == {name: {value: values.count(value) for value in sorted(values)}}


def test_the_numbers_of_a_summary_are_those_of_the_list(client: FlaskClient) -> None:
    for query in ("", "&status=any", "&jurisdiction=FL", "&q=county&signed_after=2025-02-01", "&as_of=2025-05-16"):
        rows = list(walked(client, f"/v1/agreements?{query.removeprefix('&')}"))
        answer = client.get(f"/v1/agreements/summary?by=model{query}").json
        assert sum(row["agreements"] for row in answer["results"]) == len(rows) == answer["meta"]["totals"]["agreements"]
        assert answer["meta"]["totals"]["agencies"] == len({row["agency_id"] for row in rows})


def test_a_summary_is_a_table_with_the_key_that_by_names(client: FlaskClient) -> None:
    text = client.get(f"/v1/agreements/summary?by=agency_type&format=csv&{DAY}").text
    assert text == "agency_type,agreements,agencies\r\ncounty,3,3\r\n,1,1\r\n"


def test_a_table_of_agreements_has_a_row_for_each(client: FlaskClient) -> None:
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
def test_what_does_not_exist_is_refused(client: FlaskClient, query: str, parameter: str) -> None:
    answer = client.get(f"/v1/{query}")
    assert answer.status_code == 422
    assert parameter in faults(answer)


def test_a_county_that_no_agreement_is_in_is_an_empty_answer(client: FlaskClient) -> None:
    assert client.get("/v1/agreements?county_fips=06037").json["results"] == []


def test_a_county_that_does_not_exist_is_helped(client: FlaskClient) -> None:
    assert "12125" in faults(client.get("/v1/agreements?county_fips=12126"))["county_fips"]["did_you_mean"]


def test_a_summary_without_by_names_the_choices(client: FlaskClient) -> None:
    assert faults(client.get("/v1/agreements/summary"))["by"]["detail"] == "Say by what to count: jurisdiction, model, agency_type, month."


def test_a_cursor_of_one_status_is_of_no_use_for_another(client: FlaskClient) -> None:
    following = client.get("/v1/agreements?limit=1").json["next"]
    assert client.get(f"{following}&status=any").status_code == 422


def test_an_agency_that_no_list_had_is_not_found_with_help(client: FlaskClient) -> None:
    answer = client.get("/v1/agencies/fl-union-county-sheriff")
    assert (answer.status_code, answer.json["did_you_mean"][0]) == (404, ID)


@pytest.mark.parametrize(
    ("path", "count"),
    [
        ("/v1/agreements", 6),
        ("/v1/agreements?limit=1", 6),
        ("/v1/agreements?status=any", 6),
        ("/v1/agreements?as_of=1990-01-01", 6),
        ("/v1/agreements?status=any&facets=model,status", 8),
        ("/v1/agreements/summary?by=month", 4),
        ("/v1/agencies", 5),
        (f"/v1/agencies/{ID}", 7),
    ],
)
def test_an_answer_takes_a_fixed_number_of_statements(client: FlaskClient, statements: Statements, path: str, count: int) -> None:
    assert client.get(path).status_code == 200
    assert len(statements) == count


@pytest.mark.parametrize("path", ["/v1/agreements", "/v1/agreements/summary?by=model", "/v1/agencies", f"/v1/agencies/{ID}"])
def test_a_pinned_answer_never_changes(client: FlaskClient, path: str) -> None:
    answer = client.get(with_(path, "as_of=2025-05-16&revision=4"))
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.json["meta"]["revision"] == 4
    assert "2025-09-17" not in answer.text


def test_every_link_leads_somewhere(client: FlaskClient) -> None:
    links: set[Any] = {link for row in walked(client, "/v1/agreements?status=any") for link in row["links"].values()}
    links |= {link for row in walked(client, "/v1/agencies") for link in row["links"].values()}
    assert {client.get(link).status_code for link in links} == {200}


@pytest.fixture
def ended(fresh: Database) -> Iterator[FlaskClient]:
    """A client over one list with two agreements of Union's, of which a source says that the one has ended."""
    with fresh.transaction() as session:
        factories.put(session, factories.workbook("2025-01-10", factories.row(), factories.row(model="jail_enforcement")))
        factories.say(session, factories.naming(f"{ID}-task-force", on="2025-03-01"))
    with serving(fresh) as app:
        yield app.test_client()


def test_what_has_ended_is_listed_as_such_and_not_among_the_active(ended: FlaskClient) -> None:
    answer = ended.get("/v1/agreements?status=ended").json
    assert AgreementPage().validate(answer) == {}
    assert [(row["id"], row["status"], row["measures"]) for row in answer["results"]] == [(f"{ID}-task-force", "ended", ["fl-ended"])]
    assert [row["model"] for row in ended.get("/v1/agreements").json["results"]] == ["jail_enforcement"]


def test_what_has_ended_is_counted_by_facet(ended: FlaskClient) -> None:
    assert ended.get("/v1/agreements?status=any&facets=status").json["facets"] == {"status": {"active": 1, "ended": 1}}


def test_before_its_end_it_is_active(ended: FlaskClient) -> None:
    assert ended.get("/v1/agreements?as_of=2025-02-28").json["count"] == 2


def test_a_measure_and_the_agency_tell_of_each_other(ended: FlaskClient) -> None:
    assert ended.get("/v1/measures/fl-ended").json["agreements"] == [f"{ID}-task-force"]
    agency = ended.get(f"/v1/agencies/{ID}").json
    assert AgencyDetailSchema().validate(agency) == {}
    assert [(one["status"], one["measures"]) for one in agency["agreements"]] == [("active", []), ("ended", ["fl-ended"])]


def test_a_measure_that_names_no_agreement_says_so_with_an_empty_list(client: FlaskClient) -> None:
    assert {str(row["agreements"]) for row in walked(client, "/v1/measures")} == {"[]"}


@pytest.mark.parametrize("path", ["/v1/agreements", "/v1/agreements?status=any", "/v1/agreements/summary?by=model", "/v1/agencies"])
def test_what_has_ended_takes_no_further_statement(
    fresh: Database, ended: FlaskClient, client: FlaskClient, statements: Statements, path: str
) -> None:
    sent: list[str] = []
    event.listen(fresh.engine, "before_cursor_execute", lambda *told: sent.append(told[2]))
    ended.get(path)
    client.get(path)
    assert len([one for one in sent if not one.startswith(("BEGIN", "PRAGMA"))]) == len(statements)

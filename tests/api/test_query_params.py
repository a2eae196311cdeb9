"""Parameters: nothing that a client sends is silently ignored."""

import pytest
from flask.testing import FlaskClient

from tests.api.factories import OPERATION, READS, faults

# What is wrong with a parameter is known before the record is asked.


@pytest.mark.parametrize("path", [*READS, *OPERATION])
def test_an_unknown_parameter_is_refused(client: FlaskClient, path: str) -> None:
    answer = client.get(f"{path}?colour=red")
    assert answer.status_code == 422
    assert "colour" in faults(answer)


@pytest.mark.parametrize(
    ("path", "given", "meant"),
    [
        ("/v1/measures", "jurisdictions=VA", "jurisdiction"),
        ("/v1/measures", "page_limit=3", "limit"),
        ("/v1/measures", "Kind=ban", "kind"),
        ("/v1/figures", "metrics=arrests", "metric"),
        ("/v1/jurisdictions/VA", "asof=2026-01-01", "as_of"),
        ("/v1/codebook", "revison=1", "revision"),
    ],
)
def test_an_unknown_parameter_is_told_what_was_probably_meant(client: FlaskClient, path: str, given: str, meant: str) -> None:
    name = given.partition("=")[0]
    assert faults(client.get(f"{path}?{given}"))[name]["did_you_mean"] == [meant]


def test_an_unknown_parameter_like_no_other_is_told_which_there_are(client: FlaskClient) -> None:
    fault = faults(client.get("/v1/codebook?zzz=1"))["zzz"]
    assert "did_you_mean" not in fault
    assert "as_of, revision, known_at" in fault["detail"]


@pytest.mark.parametrize(("path", "twice"), [("/v1/measures", "kind=ban&kind=mandate"), ("/v1/codebook", "revision=1&revision=1")])
def test_a_parameter_given_twice_is_refused(client: FlaskClient, path: str, twice: str) -> None:
    fault = faults(client.get(f"{path}?{twice}"))[twice.partition("=")[0]]
    assert "2 times" in fault["detail"]


def test_everything_that_is_wrong_is_told_at_once(client: FlaskClient) -> None:
    assert set(faults(client.get("/v1/measures?limit=0&kind=law&as_of=soon"))) == {"limit", "kind", "as_of"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("limit", value) for value in ("0", "201", "-1", "1.5", "many", "", "1_0", "+5", "%D9%A1", "9" * 5000)),
        *(("revision", value) for value in ("0", "-1", "1.0", "x", "", "2147483648")),
        *(("as_of", value) for value in ("2026-02-30", "2026", "20260204", "2026-W06-3", "2026-02-04T00:00", "soon", "", "02/04/2026")),
        *(("known_at", value) for value in ("2026-01-01", "2026-01-01T00:00:00", "yesterday", "")),
        *(("kind", value) for value in ("law", "", "ban,law", "BAN", "ban;mandate")),
        *(("document", value) for value in ("No Such", "", "a" * 121)),
        *(("q", value) for value in ("", "%00", "a%1Fb", "a" * 201)),
        *(("format", value) for value in ("pdf", "", "JSON")),
        ("jurisdiction", ""),
        ("jurisdiction", ",".join(["VA"] * 58)),
        ("cursor", "x" * 2001),
        ("effective_after", "20260101"),
    ],
)
def test_a_value_of_the_wrong_form_is_refused_by_name(client: FlaskClient, name: str, value: str) -> None:
    answer = client.get(f"/v1/measures?{name}={value}")
    assert answer.status_code == 422
    assert set(faults(answer)) == {name}


def test_a_document_that_does_not_exist_is_helped_in_a_filter(client: FlaskClient) -> None:
    fault = faults(client.get("/v1/measures?document=washington-times-2025"))["document"]
    assert "washington-times-2025-09-17" in fault["did_you_mean"]


@pytest.mark.parametrize(
    "query",
    [
        "kind=ban",
        "status=pending",
        "direction=limits_cooperation",
        "stands=yes",
        "jurisdiction=MA",
        "document=breitbart-2025-09-17",
        "effective_after=2026-01-01",
        "effective_before=2025-12-31",
        "q=sheriff",
    ],
)
def test_a_filter_keeps_some_measures_and_drops_some(client: FlaskClient, query: str) -> None:
    everything = client.get("/v1/measures").json["count"]
    assert 0 < client.get(f"/v1/measures?{query}").json["count"] < everything


@pytest.mark.parametrize("query", ["metric=arrests", "unit=agencies", "jurisdiction=WV", "document=breitbart-2025-09-17"])
def test_a_filter_keeps_some_figures_and_drops_some(client: FlaskClient, query: str) -> None:
    everything = client.get("/v1/figures").json["count"]
    assert 0 < client.get(f"/v1/figures?{query}").json["count"] < everything


@pytest.mark.parametrize("wildcard", ["%25", "_", "%5C", "%2F%25"])
def test_wildcards_are_plain_characters(client: FlaskClient, wildcard: str) -> None:
    matching = client.get(f"/v1/documents?q={wildcard}").json["results"]
    plain = {"%25": "%", "_": "_", "%5C": "\\", "%2F%25": "/%"}[wildcard]
    assert all(any(plain in (row[key] or "") for key in ("id", "title", "publisher", "author")) for row in matching)

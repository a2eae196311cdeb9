"""Test the epoch: answers and links of a record whose revision numbers are issued again."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from legal.api.formats import tabular
from legal.db.engine import Database
from legal.db.epoch import EPOCH_PATTERN, make_epoch_token
from legal.services.epochs import begin_epoch
from tests.api.factories import READ_SCHEMAS
from tests.api.test_problems import checked_problem
from tests.api.views.test_agreements import add_parameters
from tests.conftest import make_app, open_app
from tests.databases import EPOCH

EARLIER = "0123456789"


@pytest.fixture
def writable_app(writable_seeded_db: Database) -> Iterator[Flask]:
    """An app on a database that the test may change."""
    with open_app(writable_seeded_db) as app:
        yield app


def restart_history(database: Database) -> str:
    """Begin a new epoch, as restoring a backup does, and return its token."""
    with database.transaction() as session:
        return begin_epoch(session, "A test.")


def test_permalink_and_meta_have_the_epoch(client: FlaskClient) -> None:
    card = client.get("/v1/jurisdictions/VA").json
    assert card["meta"]["epoch"] == EPOCH
    assert card["links"]["permalink"].endswith(f"&epoch={EPOCH}")
    assert card["links"]["permalink"] in card["cite_as"]
    assert client.get(card["links"]["permalink"]).json["posture"] == card["posture"]


def test_every_read_of_an_earlier_epoch_is_gone(client: FlaskClient) -> None:
    assert [path for path in READ_SCHEMAS if client.get(add_parameters(path, f"epoch={EARLIER}")).status_code != 410] == []
    assert [path for path in READ_SCHEMAS if client.get(add_parameters(path, f"epoch={EPOCH}")).status_code != 200] == []


@pytest.mark.parametrize("revision", [1, 99])
def test_problem_of_an_earlier_epoch_leads_to_the_newest_revision(client: FlaskClient, revision: int) -> None:
    problem = checked_problem(client.get(f"/v1/jurisdictions/VA?as_of=2026-02-20&revision={revision}&rules=2&epoch={EARLIER}"), 410)
    assert problem["detail"] == (
        f"The epoch {EARLIER} of this record has ended: its operator has restored a backup, and revision numbers are issued again. "
        f"The present epoch is {EPOCH}, and what a revision said in the earlier one is not on file."
    )
    assert problem["links"]["present"] == "/v1/jurisdictions/VA?as_of=2026-02-20&rules=2"
    assert client.get(problem["links"]["present"]).status_code == 200


def test_address_without_parameters_of_a_revision_stays_bare(client: FlaskClient) -> None:
    assert checked_problem(client.get(f"/v1/measures?epoch={EARLIER}"), 410)["links"]["present"] == "/v1/measures"


@pytest.mark.parametrize("epoch", ["", "1", "4F1C09D2AB", "4f1c09d2ab0", "../../../etc"])
def test_malformed_epoch_is_invalid(client: FlaskClient, epoch: str) -> None:
    assert checked_problem(client.get(f"/v1/measures?epoch={epoch}"), 422)["errors"][0]["parameter"] == "epoch"


def test_no_etag_survives_an_epoch(writable_app: Flask, writable_seeded_db: Database) -> None:
    client = writable_app.test_client()
    paths = [
        "/v1/jurisdictions/VA",
        "/v1/map.csv",
        "/v1/measures?format=csv",
        "/v1/export/landscape.zip",
        "/states/virginia",
        "/feeds/VA.atom",
    ]
    tags = {path: client.get(path, buffered=True).headers["ETag"] for path in paths}
    assert {client.get(path, headers={"If-None-Match": tag}, buffered=True).status_code for path, tag in tags.items()} == {304}
    restart_history(writable_seeded_db)
    assert {client.get(path, headers={"If-None-Match": tag}, buffered=True).status_code for path, tag in tags.items()} == {200}


def test_cached_answers_are_dropped_with_their_epoch(writable_seeded_db: Database) -> None:
    url = writable_seeded_db.engine.url.render_as_string(hide_password=False)
    app = make_app(url, cache_bytes=10**6)
    client = app.test_client()
    before = client.get("/v1/jurisdictions/VA").json["meta"]["epoch"]
    after = restart_history(writable_seeded_db)
    assert (before, client.get("/v1/jurisdictions/VA", headers={"Cache-Control": "no-cache"}).json["meta"]["epoch"]) == (EPOCH, after)
    app.extensions["database"].dispose()


def test_cursor_of_an_earlier_epoch_is_gone(writable_app: Flask, writable_seeded_db: Database) -> None:
    client = writable_app.test_client()
    next_page = client.get("/v1/measures?limit=1").json["next"]
    restart_history(writable_seeded_db)
    assert checked_problem(client.get(next_page), 410)["links"]["present"] == "/v1/measures?limit=1"


def test_page_of_an_earlier_epoch_links_to_the_newest(client: FlaskClient) -> None:
    response = client.get(f"/states/virginia?revision=1&epoch={EARLIER}", headers={"Accept": "text/html"})
    assert response.status_code == 410
    assert 'href="/states/virginia"' in response.text


@pytest.mark.parametrize("change", ["epoch", "recorded_at", "revision"])
def test_download_never_continues_on_another_record(
    writable_app: Flask, writable_seeded_db: Database, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    statement = {
        "epoch": "UPDATE record_epoch SET token = '0123456789'",
        "recorded_at": "UPDATE revisions SET recorded_at = '2020-01-01 00:00:00'",
        "revision": "UPDATE revisions SET number = 7",
    }[change]
    encode = tabular.encode_ndjson

    def replace_the_record(rows: Any) -> bytes:
        with closing(sqlite3.connect(str(writable_seeded_db.engine.url.database), isolation_level=None)) as connection:
            connection.execute(statement)
        return encode(rows)

    monkeypatch.setattr("legal.http.reads._DOWNLOAD_PAGE_ROWS", 2)
    assert len(writable_app.test_client().get("/v1/measures?format=ndjson").text.splitlines()) > 2
    monkeypatch.setattr(tabular, "encode_ndjson", replace_the_record)
    problem = checked_problem(writable_app.test_client().get("/v1/measures?format=ndjson"), 503)
    assert problem["detail"] == "The record was replaced during this download. Start it again."


def test_epoch_token_is_random() -> None:
    tokens = {make_epoch_token() for _ in range(50)}
    assert len(tokens) == 50
    assert all(re.fullmatch(EPOCH_PATTERN, token) for token in tokens)

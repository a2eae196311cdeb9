"""Test that answers with what other answers have loaded are those that a new process gives."""

from collections.abc import Sequence

import pytest
from flask.testing import FlaskClient

from legal.db.engine import Database
from legal.db.shared_results import forget_shared
from tests.conftest import Statements
from tests.databases import clear_database
from tests.queries.clients import client_of
from tests.queries.test_pinned import EDITS
from tests.services.factories import explicit_date, figure_json, jurisdiction_file, load_small_seeds, measure_json

ADDRESSES = [
    "/v1/jurisdictions/VA",
    "/v1/measures",
    "/v1/measures?limit=1",
    "/v1/measures/va-order",
    "/v1/figures",
    "/v1/documents",
    "/states/virginia",
]
ROSTER_DAYS = ("2025-06-01", "2026-03-01")
DAYS = ("2024-12-31", "2026-02-03", "2026-02-04", "2028-01-01")


def find_stale_addresses(database: Database, client: FlaskClient, addresses: Sequence[str]) -> list[str]:
    """Return the addresses whose answers differ if nothing is kept from any other answer."""
    answers = {address: client.get(address).data for address in addresses}
    return [address for address, answer in answers.items() if _get_without_others(database, client, address) != answer]


def _get_without_others(database: Database, client: FlaskClient, address: str) -> bytes:
    forget_shared(database.engine)
    return client.get(address).data


def test_no_answer_is_older_than_the_newest_revision(empty_db: Database) -> None:
    load_small_seeds(empty_db)
    with client_of(empty_db) as client:
        for edit, (files, options) in EDITS.items():
            for address in ADDRESSES:
                client.get(address)
            load_small_seeds(empty_db, *files, **options)
            assert (edit, find_stale_addresses(empty_db, client, ADDRESSES)) == (edit, [])


def test_no_answer_is_that_of_another_day(empty_db: Database) -> None:
    bill = measure_json("va-bill", effective={"from": explicit_date("2026-02-04"), "to": explicit_date("2027")})
    load_small_seeds(empty_db, jurisdiction_file(measures=[bill, measure_json("va-order")], figures=[figure_json(measure="va-bill")]))
    with client_of(empty_db) as client:
        addresses = [f"{address}{'&' if '?' in address else '?'}as_of={day}" for address in ADDRESSES for day in DAYS]
        assert len({client.get(address).data for address in addresses}) == len(addresses)
        assert find_stale_addresses(empty_db, client, addresses) == []


def test_roster_checks_are_those_of_the_day(shipped_db: Database) -> None:
    with client_of(shipped_db) as client:
        addresses = [f"/v1/figures?limit=200&as_of={day}" for day in ROSTER_DAYS]
        verdicts = [[figure["roster_check"] for figure in client.get(address).json["results"]] for address in addresses]
        assert verdicts[0] != verdicts[1]
        assert find_stale_addresses(shipped_db, client, addresses) == []


def test_number_of_matches_is_that_of_the_day(empty_db: Database) -> None:
    periods = {"va-old": "2020-01-01", "va-older": "2019-01-01", "va-new": "2026-02-04"}
    measures = [measure_json(id, events=[], effective={"from": explicit_date(day), "to": None}) for id, day in periods.items()]
    load_small_seeds(empty_db, jurisdiction_file(measures=measures, figures=[]))
    with client_of(empty_db) as client:
        counts = [client.get(f"/v1/measures?limit=1&stands=no,possible,yes&as_of={day}").json["count"] for day in DAYS[1:3]]
        in_effect = [client.get(f"/v1/measures?limit=1&stands=yes&as_of={day}").json["count"] for day in DAYS[1:3]]
    assert (counts, in_effect) == ([3, 3], [2, 3])


def test_restored_record_of_the_same_epoch_is_told_apart(empty_db: Database) -> None:
    with client_of(empty_db) as client:
        for title in ("One title", "Another"):
            clear_database(empty_db)
            load_small_seeds(empty_db, jurisdiction_file(measures=[measure_json(title=title)], figures=[]))
            assert client.get("/v1/measures/va-order?revision=1").json["title"] == title
            assert client.get("/v1/measures").json["results"][0]["title"] == title
            assert title in client.get("/states/virginia?revision=1").text


def load_two_jurisdictions(database: Database) -> None:
    """Load a record with measures of two jurisdictions."""
    load_small_seeds(database, jurisdiction_file(), jurisdiction_file("MD", "Maryland", measures=[measure_json("md-order")], figures=[]))


def test_card_is_the_same_after_a_comparison(empty_db: Database) -> None:
    load_two_jurisdictions(empty_db)
    with client_of(empty_db) as client:
        client.get("/v1/compare?jurisdictions=MD,VA")
        assert find_stale_addresses(empty_db, client, ["/v1/jurisdictions/VA", "/v1/jurisdictions/MD"]) == []


@pytest.mark.parametrize(
    ("first", "second", "count"),
    [
        ("/v1/compare?jurisdictions=VA,MD", "/v1/jurisdictions/VA", 1),
        ("/v1/jurisdictions/VA", "/v1/jurisdictions/VA?as_of=2026-02-03", 3),
        ("/v1/measures?limit=100", "/v1/measures/va-directive-2026-02-04", 2),
    ],
    ids=["a card after a comparison", "a card of another day", "a measure after a list"],
)
def test_answer_loads_nothing_that_another_has_loaded(
    client: FlaskClient, statements: Statements, first: str, second: str, count: int
) -> None:
    client.get(first)
    list.clear(statements)  # what answers share is kept
    assert client.get(second).status_code == 200
    assert len(statements) == count


def test_list_is_counted_once_for_all_its_pages(client: FlaskClient, statements: Statements) -> None:
    client.get(client.get("/v1/measures?limit=1").json["next"])
    client.get("/v1/measures?limit=2&sort=-title")
    assert sum("count(*)" in statement for statement in statements) == 1


def test_list_on_one_page_is_not_counted(client: FlaskClient, statements: Statements) -> None:
    answer = client.get("/v1/measures?limit=200").json
    assert answer["count"] == len(answer["results"])
    assert not any("count(*)" in statement for statement in statements)

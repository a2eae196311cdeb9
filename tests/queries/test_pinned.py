"""Pinned answers: what was said at a revision, for a day, is said again in the same bytes."""

from typing import Any

from legal.db.engine import Database
from tests.queries.served import on
from tests.services.factories import citation, day, document, figure, load, measure, origin, place
from tests.services.rosters.factories import BAKER, MIAMI, put, row, workbook

PIN = "as_of=2026-03-01&revision=1"
EDITS: dict[str, tuple[list[Any], dict[str, Any]]] = {
    "a measure is amended": ([place(measures=[measure(title="Another"), measure("va-order-2")])], {}),
    "a measure is retracted": ([place(measures=[measure()])], {}),
    "a measure is added": ([place(measures=[measure(), measure("va-order-2"), measure("va-order-3")])], {}),
    "a figure is amended": ([place(figures=[figure(value=3)])], {}),
    "all is retracted": ([place(measures=[], figures=[])], {}),
    "a document is amended": ([place()], {"documents": [document(title="Another", published=day("2025"))]}),
    "a document is added": ([place()], {"documents": [document(), document(id="other")]}),
    "an origin is amended": ([place()], {"origins": [origin(type="press_report", title="Another")]}),
    "a citation moves": ([place(measures=[measure(citations=[citation(end=20)]), measure("va-order-2")])], {}),
}
ADDRESSES = [
    "/v1/jurisdictions/VA",
    "/v1/jurisdictions",
    "/v1/measures",
    "/v1/measures?stands=yes",
    "/v1/measures/va-order",
    "/v1/figures",
    "/v1/figures/va-two-sheriffs",
    "/v1/documents",
    "/v1/documents/paper",
]


def test_an_answer_pinned_to_a_revision_never_changes(empty: Database) -> None:
    load(empty)
    pinned = [f"{address}{'&' if '?' in address else '?'}{PIN}" for address in ADDRESSES]
    with on(empty) as client:
        before = {address: client.get(address) for address in pinned}
        assert {answer.status_code for answer in before.values()} == {200}
        for edit, (places, others) in EDITS.items():
            assert load(empty, *places, **others).revision, edit
            changed = [address for address in pinned if client.get(address).data != before[address].data]
            assert (edit, changed) == (edit, [])


def test_an_answer_that_is_not_pinned_follows_the_record(empty: Database) -> None:
    load(empty)
    with on(empty) as client:
        before = client.get("/v1/jurisdictions/VA").json
        load(empty, place(measures=[]))
        after = client.get("/v1/jurisdictions/VA").json
    assert (before["posture"]["value"], after["posture"]["value"]) == ("limited", "on_file")


def test_what_is_retracted_is_gone_now_and_there_then(empty: Database) -> None:
    load(empty)
    load(empty, place(measures=[]))
    with on(empty) as client:
        assert client.get("/v1/measures/va-order").status_code == 404
        assert client.get("/v1/measures/va-order?revision=1").status_code == 200


OF_LISTS = [
    "/v1/agreements?status=any",
    "/v1/agreements/summary?by=model",
    "/v1/agencies",
    "/v1/agencies/fl-union-county-sheriffs-office",
    "/v1/rosters",
    "/v1/jurisdictions/FL",
    "/v1/jurisdictions/FL/timeline",
    "/v1/map.json",
    "/v1/search?q=union",
]


def test_an_answer_about_lists_that_is_pinned_never_changes_whichever_list_follows(fresh: Database) -> None:
    pinned = [f"{address}{'&' if '?' in address else '?'}as_of=2026-03-01&revision=3" for address in OF_LISTS]
    begun = [workbook("2025-01-10", row(), row(BAKER)), workbook("2025-08-01", row())]
    following = [workbook(day, row(), row(BAKER, "2025-02-01"), row(MIAMI)) for day in ("2025-06-01", "2025-01-05", "2025-12-01")]
    with on(fresh) as client:
        with fresh.transaction() as session:
            put(session, *begun)
        before = {address: client.get(address) for address in pinned}
        assert {answer.status_code for answer in before.values()} == {200}
        for one in following:
            with fresh.transaction() as session:
                put(session, one)
            assert [address for address in pinned if client.get(address).data != before[address].data] == []

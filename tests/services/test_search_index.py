"""What is searched is in step with what is published."""

from typing import Any

import pytest
from sqlalchemy import select

from legal.db.engine import Database
from legal.models import SearchEntry
from tests.services import factories

Json = dict[str, Any]


def entries(database: Database) -> list[SearchEntry]:
    with database.reading() as session:
        return list(session.scalars(select(SearchEntry).order_by(SearchEntry.key)))


def texts(database: Database, id: str) -> Json:
    found = [entry for entry in entries(database) if entry.id == id][-1]
    return {"title": found.title} | {one["field"]: one["text"] for one in found.texts}


def with_measure(**changes: Any) -> Json:
    return factories.place(measures=[factories.measure(**changes)], figures=[])


def test_measures_figures_and_documents_are_indexed_and_origins_are_not(empty: Database) -> None:
    factories.load(empty)
    assert [(entry.noun, entry.id) for entry in entries(empty)] == [
        ("document", "paper"),
        ("figure", "va-two-sheriffs"),
        ("measure", "va-order"),
        ("measure", "va-order-2"),
    ]


def test_an_edit_closes_one_entry_and_adds_the_next(empty: Database) -> None:
    factories.load(empty, with_measure())
    factories.load(empty, with_measure(title="Another order"))
    found = [(one.title, one.revision_from, one.revision_to) for one in entries(empty) if one.noun == "measure"]
    assert found == [("An order", 1, 2), ("Another order", 2, None)]


def test_an_entry_that_was_closed_is_left_as_it_was(empty: Database) -> None:
    for title in ("An order", "Another order", "A third order"):
        factories.load(empty, with_measure(title=title))
    assert [(one.revision_from, one.revision_to) for one in entries(empty) if one.noun == "measure"] == [(1, 2), (2, 3), (3, None)]


def test_a_retraction_closes_the_entry(empty: Database) -> None:
    factories.load(empty, with_measure())
    factories.load(empty, factories.place(measures=[], figures=[]))
    assert [(one.revision_from, one.revision_to) for one in entries(empty) if one.noun == "measure"] == [(1, 2)]


def test_a_measure_is_found_by_its_words_its_labels_and_its_place(empty: Database) -> None:
    bill = {"type": "bill", "number": "H.B. 1441", "url": None}
    factories.load(empty, with_measure(identifiers=[bill], actors=[{"name": "Jane Doe", "role": "governor"}]))
    assert texts(empty, "va-order") == {
        "title": "An order",
        "summary": "It ends agreements.",
        "kind": "Executive order",
        "status": "In force",
        "direction": "Limits cooperation",
        "identifiers": "Bill H.B. 1441 HB1441",
        "actors": "Jane Doe, governor",
        "binds": "State agencies",
        "effective": "2026-02-04",
        "events": "The governor issued it.",
        "jurisdiction": "Virginia (VA)",
        "id": "va-order",
    }


@pytest.mark.parametrize(
    ("changes", "title"),
    [
        ({}, "2 agencies: participation"),
        ({"comparator": "more_than", "value": 1001, "unit": "agreements"}, "More than 1,001 agreements: participation"),
        ({"comparator": "nearly", "value": 2.5, "unit": "percent", "metric": "growth"}, "Nearly 2.5 per cent: growth"),
        ({"value": 1234567890}, "1,234,567,890 agencies: participation"),
    ],
)
def test_a_figure_has_a_title_that_says_what_it_is(empty: Database, changes: Json, title: str) -> None:
    factories.load(empty, factories.place(figures=[factories.figure(**changes)]))
    assert texts(empty, "va-two-sheriffs")["title"] == title


@pytest.mark.parametrize(
    ("changes", "title"),
    [
        ({}, "Virginia and ICE"),
        ({"title": None, "publisher": "The Paper"}, "The Paper, 2026-02-04"),
        ({"title": None, "published": None}, "paper.txt"),
    ],
)
def test_a_document_without_a_title_is_given_one(empty: Database, changes: Json, title: str) -> None:
    factories.load(empty, documents=[factories.document(**changes)])
    assert texts(empty, "paper")["title"] == title


def test_accents_are_composed_so_that_they_break_no_word(empty: Database) -> None:
    factories.load(empty, with_measure(title="Pen\u0303a order"))
    assert [entry.title_stems for entry in entries(empty) if entry.noun == "measure"] == ["pena order"]

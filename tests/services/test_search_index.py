"""Search entries follow the published record."""

from typing import Any

from sqlalchemy import select

from legal.db.engine import Database
from legal.json_types import Json
from legal.models import SearchEntry
from tests.services.factories import document_file, figure_json, jurisdiction_file, load_small_seeds, measure_json


def list_entries(database: Database) -> list[SearchEntry]:
    """List all search entries in the order of their keys."""
    with database.reading() as session:
        return list(session.scalars(select(SearchEntry).order_by(SearchEntry.key)))


def measure_periods(database: Database) -> list[tuple[int, int | None]]:
    """List (revision_from, revision_to) of the entries of measures."""
    return [(entry.revision_from, entry.revision_to) for entry in list_entries(database) if entry.noun == "measure"]


def newest_texts(database: Database, id: str) -> Json:
    """Return the title and the texts of an entity's newest entry, by field."""
    entry = [entry for entry in list_entries(database) if entry.id == id][-1]
    return {"title": entry.title} | {text["field"]: text["text"] for text in entry.texts}


def file_with_measure(**changes: Any) -> Json:
    """Build Virginia's seed file with one measure and no figures."""
    return jurisdiction_file(measures=[measure_json(**changes)], figures=[])


def test_measures_figures_and_documents_are_indexed_but_not_origins(empty_db: Database) -> None:
    load_small_seeds(empty_db)
    assert [(entry.noun, entry.id) for entry in list_entries(empty_db)] == [
        ("document", "paper"),
        ("figure", "va-two-sheriffs"),
        ("measure", "va-order"),
        ("measure", "va-order-2"),
    ]


def test_edit_closes_one_entry_and_adds_the_next(empty_db: Database) -> None:
    load_small_seeds(empty_db, file_with_measure())
    load_small_seeds(empty_db, file_with_measure(title="Another order"))
    titles = [entry.title for entry in list_entries(empty_db) if entry.noun == "measure"]
    assert (titles, measure_periods(empty_db)) == (["An order", "Another order"], [(1, 2), (2, None)])


def test_closed_entry_is_never_modified(empty_db: Database) -> None:
    for title in ("An order", "Another order", "A third order"):
        load_small_seeds(empty_db, file_with_measure(title=title))
    assert measure_periods(empty_db) == [(1, 2), (2, 3), (3, None)]


def test_retraction_closes_the_entry(empty_db: Database) -> None:
    load_small_seeds(empty_db, file_with_measure())
    load_small_seeds(empty_db, jurisdiction_file(measures=[], figures=[]))
    assert measure_periods(empty_db) == [(1, 2)]


def test_measure_is_indexed_by_its_texts_labels_and_jurisdiction(empty_db: Database) -> None:
    bill = {"type": "bill", "number": "H.B. 1441", "url": None}
    load_small_seeds(empty_db, file_with_measure(identifiers=[bill], actors=[{"name": "Jane Doe", "role": "governor"}]))
    assert newest_texts(empty_db, "va-order") == {
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


def test_title_of_a_figure_is_composed_from_its_fields(empty_db: Database) -> None:
    titles_and_changes: dict[str, Json] = {
        "2 agencies: participation": {},
        "More than 1,001 agreements: participation": {"comparator": "more_than", "value": 1001, "unit": "agreements"},
        "Nearly 2.5 percent: growth": {"comparator": "nearly", "value": 2.5, "unit": "percent", "metric": "growth"},
        "1,234,567,890 agencies: participation": {"value": 1234567890},
        "Thousands agencies: participation": {"comparator": None, "value": None, "printed": "thousands"},
    }
    titles = []
    for changes in titles_and_changes.values():
        load_small_seeds(empty_db, jurisdiction_file(figures=[figure_json(**changes)]))
        titles.append(newest_texts(empty_db, "va-two-sheriffs")["title"])
    assert titles == list(titles_and_changes)


def test_document_without_title_is_named_by_publisher_and_date_or_file(empty_db: Database) -> None:
    titles_and_changes: dict[str, Json] = {
        "Virginia and ICE": {},
        "The Paper, 2026-02-04": {"title": None, "publisher": "The Paper"},
        "paper.txt": {"title": None, "published": None},
    }
    titles = []
    for changes in titles_and_changes.values():
        load_small_seeds(empty_db, documents=[document_file(**changes)])
        titles.append(newest_texts(empty_db, "paper")["title"])
    assert titles == list(titles_and_changes)


def test_decomposed_accents_do_not_split_words(empty_db: Database) -> None:
    load_small_seeds(empty_db, file_with_measure(title="Pen\u0303a order"))
    assert [entry.title_stems for entry in list_entries(empty_db) if entry.noun == "measure"] == ["pena order"]

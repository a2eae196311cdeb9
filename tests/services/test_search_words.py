"""The words of an entity's search entries are kept together."""

import pytest
from sqlalchemy import select

from legal.db.engine import Database
from legal.models import SearchWords
from legal.services import search_words
from tests.services.factories import jurisdiction_file, load_small_seeds, measure_json

Row = tuple[int, int | None, set[str]]


def publish_titles(database: Database, *titles: str) -> None:
    """Publish a measure with each title in turn."""
    for title in titles:
        load_small_seeds(database, jurisdiction_file(measures=[measure_json(title=title)], figures=[]))


def list_rows(database: Database, *words: str) -> list[Row]:
    """List the rows of the measure: its span of revisions, and which of some words it has."""
    columns = (SearchWords.revision_from, SearchWords.revision_to, SearchWords.words)
    with database.reading() as session:
        rows = session.execute(select(*columns).where(SearchWords.noun == "measure").order_by(SearchWords.revision_from))
        return [(row.revision_from, row.revision_to, set(words) & set(row.words.split(" "))) for row in rows]


def test_amendment_adds_its_words_to_those_before(empty_db: Database) -> None:
    publish_titles(empty_db, "A directive", "A moratorium")
    assert list_rows(empty_db, "direct", "moratorium") == [(1, None, {"direct", "moratorium"})]


def test_words_are_kept_once_and_without_separators(empty_db: Database) -> None:
    publish_titles(empty_db, "Order order", "An order")
    with empty_db.reading() as session:
        words = session.scalars(select(SearchWords.words).where(SearchWords.noun == "measure")).one().split(" ")
    assert len(words) == len(set(words))
    assert "|" not in words
    assert {"order", "nounmeasure", "jurisdictionva"} <= set(words)


def test_retraction_keeps_the_words(empty_db: Database) -> None:
    publish_titles(empty_db, "A directive")
    load_small_seeds(empty_db, jurisdiction_file(measures=[], figures=[]))
    assert list_rows(empty_db, "direct") == [(1, None, {"direct"})]


def test_full_row_ends_and_another_begins(empty_db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    publish_titles(empty_db, "A directive")
    with empty_db.reading() as session:
        words = session.scalars(select(SearchWords.words).where(SearchWords.noun == "measure")).one()
    monkeypatch.setattr(search_words, "MAX_WORDS", len(words.split(" ")) + 1)
    publish_titles(empty_db, "A moratorium", "A ban")
    words_by_row = list_rows(empty_db, "direct", "moratorium", "ban")
    assert words_by_row == [(1, 3, {"direct", "moratorium"}), (3, None, {"ban"})]


def test_text_with_too_many_words_has_a_row_of_its_own(empty_db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_words, "MAX_WORDS", 3)
    publish_titles(empty_db, "A directive", "A moratorium")
    assert list_rows(empty_db, "direct", "moratorium") == [(1, 2, {"direct"}), (2, None, {"moratorium"})]


def test_entity_with_other_words_is_named(empty_db: Database) -> None:
    publish_titles(empty_db, "A directive")
    with empty_db.transaction() as session:
        assert search_words.list_differing_words(session) == []
        session.scalars(select(SearchWords).where(SearchWords.noun == "measure")).one().words += " other"
        session.flush()
        assert search_words.list_differing_words(session) == ["measure va-order"]

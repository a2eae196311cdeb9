"""Test feeds: one entry for each entity, with its last change."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from legal.db.engine import Database
from legal.errors import NotFound
from legal.models import Revision
from legal.queries.core import snapshot
from legal.queries.history import feeds
from legal.queries.history.feeds import Feed, FeedEntry
from legal.queries.record import jurisdictions
from legal.services.publishing import ChangeReason
from legal.vocabulary import Cause
from tests.services.factories import document_file, jurisdiction_file, load_small_seeds, measure_json, publish_figures

pytestmark = pytest.mark.databases("sqlite")  # tests/system/test_databases.py holds both to one answer


def changes_feed(database: Database, revision: int | None = None) -> Feed:
    """Return the feed of all measures, figures and documents."""
    with database.reading() as session:
        return feeds.load_changes_feed(session, snapshot.resolve_snapshot(session, revision=revision))


def jurisdiction_feed(database: Database, code: str) -> Feed:
    """Return the feed of a jurisdiction."""
    with database.reading() as session:
        latest = snapshot.latest_snapshot(session)
        return feeds.load_jurisdiction_feed(session, latest, jurisdictions.find_jurisdiction(session, latest, code))


def entry_of(database: Database, noun: str, id: str, revision: int | None = None) -> FeedEntry:
    """Return the only entry of an entity."""
    (entry,) = (entry for entry in changes_feed(database, revision).entries if entry.id == feeds.stable_urn(noun, id))
    return entry


def recorded_times(database: Database) -> Sequence[datetime]:
    """Return when each revision was recorded, in order."""
    with database.reading() as session:
        return session.scalars(select(Revision.recorded_at).order_by(Revision.number)).all()


@pytest.fixture
def amended_db(empty_db: Database) -> Database:
    """Return a small record in which revision 2 amends the title of an order."""
    load_small_seeds(empty_db)
    load_small_seeds(empty_db, jurisdiction_file(measures=[measure_json(title="Another title"), measure_json("va-order-2")]))
    return empty_db


# The entries of a feed.


def test_measures_figures_and_documents_have_entries_and_origins_do_not(empty_db: Database) -> None:
    load_small_seeds(empty_db)
    entities = [("measure", "va-order-2"), ("measure", "va-order"), ("figure", "va-two-sheriffs"), ("document", "paper")]
    assert {entry.id for entry in changes_feed(empty_db).entries} == {feeds.stable_urn(noun, id) for noun, id in entities}


def test_jurisdiction_feed_has_only_its_own_measures_and_figures(empty_db: Database) -> None:
    load_small_seeds(empty_db, jurisdiction_file(), jurisdiction_file("MD", "Maryland", measures=[measure_json("md-order")]))
    assert [entry.id for entry in jurisdiction_feed(empty_db, "MD").entries] == [feeds.stable_urn("measure", "md-order")]
    assert len(jurisdiction_feed(empty_db, "VA").entries) == 3


def test_entity_with_many_changes_has_one_entry(empty_db: Database) -> None:
    load_small_seeds(empty_db)
    for value in range(4):
        publish_figures(empty_db, "counted", value=value)
    assert entry_of(empty_db, "figure", "counted").title == "Virginia: 3 agencies: participation"


def test_entries_are_sorted_by_last_change_newest_first(amended_db: Database) -> None:
    entries = changes_feed(amended_db).entries
    assert entries[0].id == feeds.stable_urn("measure", "va-order")
    assert [entry.updated for entry in entries] == sorted((entry.updated for entry in entries), reverse=True)


def test_feed_has_the_fifty_newest_entries_at_most(empty_db: Database) -> None:
    load_small_seeds(empty_db)
    publish_figures(empty_db, *(f"counted-{number}" for number in range(60)))
    publish_figures(empty_db, "last")
    entries = changes_feed(empty_db).entries
    assert len(entries) == len({entry.id for entry in entries}) == 50
    assert entries[0].id == feeds.stable_urn("figure", "last")
    assert feeds.stable_urn("document", "paper") not in {entry.id for entry in entries}


def test_number_of_changes_read_is_limited(empty_db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    load_small_seeds(empty_db)
    monkeypatch.setattr(feeds, "MAX_CHANGES_READ", 3)
    for value in range(3):
        publish_figures(empty_db, "counted", value=value)
    assert [entry.id for entry in changes_feed(empty_db).entries] == [feeds.stable_urn("figure", "counted")]


def test_feed_of_an_old_revision_shows_the_record_at_that_revision(amended_db: Database) -> None:
    assert len(changes_feed(amended_db, revision=1).entries) == 4
    assert entry_of(amended_db, "measure", "va-order", revision=1).title == "Virginia: An order"


def test_empty_feed_is_as_old_as_the_record(empty_db: Database) -> None:
    without_claims = jurisdiction_file("MD", "Maryland", measures=[], figures=[])
    load_small_seeds(empty_db, jurisdiction_file(), without_claims)
    load_small_seeds(empty_db, jurisdiction_file(measures=[measure_json(title="Another title")]), without_claims)
    feed = jurisdiction_feed(empty_db, "MD")
    assert (feed.entries, feed.updated) == ([], recorded_times(empty_db)[0])


# The content of an entry.


def test_ids_never_change() -> None:
    assert feeds.stable_urn("measure", "va-directive-2026-02-04") == "urn:uuid:c0707e14-23b6-5a19-8b85-a593e0217d7d"
    assert feeds.stable_urn("feed", "changes") == "urn:uuid:f7926d34-c0eb-5a29-9a96-b7b6863662c0"


def test_measure_and_figure_with_the_same_id_have_different_urns() -> None:
    assert feeds.stable_urn("measure", "one") != feeds.stable_urn("figure", "one")


def test_amendment_changes_updated_and_keeps_published(amended_db: Database) -> None:
    first_time, second_time = recorded_times(amended_db)
    amended_entry, other_entry = entry_of(amended_db, "measure", "va-order"), entry_of(amended_db, "measure", "va-order-2")
    assert (amended_entry.published, other_entry.published) == (first_time, first_time)
    assert second_time <= amended_entry.updated < second_time + timedelta(seconds=1)
    assert first_time <= other_entry.updated < first_time + timedelta(seconds=1)
    assert changes_feed(amended_db).updated == amended_entry.updated


def test_amendment_names_the_changed_fields(amended_db: Database) -> None:
    amended_entry = entry_of(amended_db, "measure", "va-order")
    assert amended_entry.title == "Virginia: Another title"
    assert amended_entry.change == "Amended in revision 2. A source was added: Read from the documents. Changed: title."


def test_creation_does_not_list_fields(empty_db: Database) -> None:
    load_small_seeds(empty_db)
    assert entry_of(empty_db, "measure", "va-order").change == "Created in revision 1. A source was added: Read from the documents."


def test_entry_names_cause_and_reason_for_every_cause(empty_db: Database) -> None:
    load_small_seeds(empty_db)
    without_reason = []
    for cause in Cause:
        publish_figures(empty_db, f"counted-{cause}", reason=ChangeReason(cause, "It says so on page 2.", "somebody"))
        if f"{cause.label}: It says so on page 2." not in entry_of(empty_db, "figure", f"counted-{cause}").change:
            without_reason.append(cause)
    assert without_reason == []


def test_retracted_entity_keeps_an_entry_marked_as_retracted(empty_db: Database) -> None:
    load_small_seeds(empty_db)
    publish_figures(empty_db, "counted")
    publish_figures(empty_db, retract_ids=("counted",))
    retracted_entry = entry_of(empty_db, "figure", "counted")
    assert retracted_entry.title == "Virginia: 1 agencies: participation (retracted)"
    assert retracted_entry.change == "Retracted in revision 3. Correction: A test. It was taken off the record. Its history stays."
    assert (retracted_entry.path, retracted_entry.data_path) == ("/figures/counted?revision=2", "/v1/figures/counted?revision=2")
    assert retracted_entry.categories == {"participation": "Participation", "VA": "Virginia"}


def test_restored_entity_keeps_its_first_publication_time(empty_db: Database) -> None:
    load_small_seeds(empty_db)
    publish_figures(empty_db, "counted")
    publish_figures(empty_db, retract_ids=("counted",))
    publish_figures(empty_db, "counted", value=2)
    restored_entry = entry_of(empty_db, "figure", "counted")
    assert (restored_entry.title, restored_entry.path) == ("Virginia: 2 agencies: participation", "/figures/counted")
    assert restored_entry.published == recorded_times(empty_db)[1]


@pytest.mark.parametrize(
    ("noun", "id", "title", "summary", "categories"),
    [
        ("measure", "va-order", "Virginia: An order", "It ends agreements.", {"executive_order": "Executive order", "VA": "Virginia"}),
        (
            "figure",
            "va-two-sheriffs",
            "Virginia: 2 agencies: participation",
            "Date: unknown.",
            {"participation": "Participation", "VA": "Virginia"},
        ),
        ("document", "paper", "Virginia and ICE", "Publisher: A Paper. Date: 2026-02-04 (explicit). Short.", {"article": "Article"}),
    ],
)
def test_entry_shows_title_summary_and_categories(
    empty_db: Database, noun: str, id: str, title: str, summary: str, categories: dict[str, str]
) -> None:
    load_small_seeds(empty_db, documents=[document_file(publisher="A Paper", note="Short.")])
    entry = entry_of(empty_db, noun, id)
    assert (entry.title, entry.summary, entry.categories) == (title, summary, categories)
    assert entry.content == f"{entry.change}\n\n{summary}"


def test_no_two_entries_have_the_same_time(seeded_db: Database) -> None:
    for feed in (changes_feed(seeded_db), jurisdiction_feed(seeded_db, "VA")):
        times = [entry.updated for entry in feed.entries]
        assert len(set(times)) == len(times) > 3


def test_entry_has_the_same_time_in_every_feed(seeded_db: Database) -> None:
    times = {entry.id: entry.updated for entry in jurisdiction_feed(seeded_db, "VA").entries}
    with seeded_db.reading() as session:
        latest = snapshot.latest_snapshot(session)
        pages = [
            feeds.load_changes_feed(session, latest, page) for page in range(1, feeds.load_changes_feed(session, latest).page_count + 1)
        ]
    times_elsewhere = {entry.id: entry.updated for page in pages for entry in page.entries}
    assert {id: times_elsewhere[id] for id in times} == times


# Pages.


def test_pages_contain_every_entry_once(empty_db: Database) -> None:
    load_small_seeds(empty_db)
    publish_figures(empty_db, *(f"counted-{number}" for number in range(120)))
    with empty_db.reading() as session:
        latest = snapshot.latest_snapshot(session)
        pages = [feeds.load_changes_feed(session, latest, page) for page in (1, 2, 3)]
        with pytest.raises(NotFound, match="The feed has 3 pages"):
            feeds.load_changes_feed(session, latest, 4)
    entries = [entry for page in pages for entry in page.entries]
    assert [len(page.entries) for page in pages] == [50, 50, 24]
    assert len({entry.id for entry in entries}) == 124
    assert [entry.updated for entry in entries] == sorted((entry.updated for entry in entries), reverse=True)
    assert {page.updated for page in pages} == {entries[0].updated}

"""Feeds: one entry for each thing, by its last change."""

from collections.abc import Sequence
from datetime import datetime

import pytest
from sqlalchemy import select

from legal.db.engine import Database
from legal.models import Revision
from legal.queries.core import snapshot
from legal.queries.history import feeds
from legal.queries.history.feeds import Entry, Feed
from legal.queries.record import jurisdictions
from legal.services.publishing import Why
from legal.vocabulary import Cause
from tests.services.factories import document, load, measure, place, publish_figures

pytestmark = pytest.mark.databases("sqlite")  # tests/system/test_databases.py holds both to one answer


def whole(database: Database, revision: int | None = None) -> Feed:
    """The feed of everything."""
    with database.reading() as session:
        return feeds.whole(session, snapshot.resolve(session, revision=revision))


def of(database: Database, code: str) -> Feed:
    """The feed of a place."""
    with database.reading() as session:
        return feeds.of_place(session, snapshot.latest(session), jurisdictions.find(session, code))


def entry(database: Database, noun: str, id: str, revision: int | None = None) -> Entry:
    """The one entry of a thing."""
    (found,) = (one for one in whole(database, revision).entries if one.id == feeds.urn(noun, id))
    return found


def recorded(database: Database) -> Sequence[datetime]:
    """When each revision was recorded."""
    with database.reading() as session:
        return session.scalars(select(Revision.recorded_at).order_by(Revision.number)).all()


@pytest.fixture
def edited(empty: Database) -> Database:
    """A small record whose order got another title in the second revision."""
    load(empty)
    load(empty, place(measures=[measure(title="Another title"), measure("va-order-2")]))
    return empty


# What is in a feed.


def test_every_measure_figure_and_document_has_an_entry_and_no_origin_has(empty: Database) -> None:
    load(empty)
    named = [("measure", "va-order-2"), ("measure", "va-order"), ("figure", "va-two-sheriffs"), ("document", "paper")]
    assert [one.id for one in whole(empty).entries] == [feeds.urn(noun, id) for noun, id in named]


def test_a_place_has_its_own_measures_and_figures(empty: Database) -> None:
    load(empty, place(), place("MD", "Maryland", measures=[measure("md-order")]))
    assert [one.id for one in of(empty, "MD").entries] == [feeds.urn("measure", "md-order")]
    assert len(of(empty, "VA").entries) == 3


def test_a_thing_is_one_entry_however_often_it_changed(empty: Database) -> None:
    load(empty)
    for value in range(4):
        publish_figures(empty, "counted", value=value)
    assert entry(empty, "figure", "counted").title == "Virginia: 3 agencies: participation"


def test_the_newest_change_comes_first(edited: Database) -> None:
    entries = whole(edited).entries
    assert entries[0].id == feeds.urn("measure", "va-order")
    assert [one.updated for one in entries] == sorted((one.updated for one in entries), reverse=True)


def test_there_are_fifty_entries_at_most_and_those_are_the_newest(empty: Database) -> None:
    load(empty)
    publish_figures(empty, *(f"counted-{number}" for number in range(60)))
    publish_figures(empty, "last")
    entries = whole(empty).entries
    assert len(entries) == len({one.id for one in entries}) == 50
    assert entries[0].id == feeds.urn("figure", "last")
    assert feeds.urn("document", "paper") not in {one.id for one in entries}


def test_what_changes_without_end_is_not_read_to_the_end(empty: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    load(empty)
    monkeypatch.setattr(feeds, "MOST_READ", 3)
    for value in range(3):
        publish_figures(empty, "counted", value=value)
    assert [one.id for one in whole(empty).entries] == [feeds.urn("figure", "counted")]


def test_a_feed_of_an_old_revision_says_what_it_said_then(edited: Database) -> None:
    assert whole(edited, revision=1).entries == [
        entry(edited, noun, id, revision=1)
        for noun, id in [("measure", "va-order-2"), ("measure", "va-order"), ("figure", "va-two-sheriffs"), ("document", "paper")]
    ]
    assert entry(edited, "measure", "va-order", revision=1).title == "Virginia: An order"


def test_a_place_of_which_nothing_was_published_is_as_old_as_the_record(edited: Database) -> None:
    load(edited, place(), place("MD", "Maryland"))
    feed = of(edited, "MD")
    assert (feed.entries, feed.updated) == ([], recorded(edited)[0])


# What an entry says.


def test_ids_never_change() -> None:
    assert feeds.urn("measure", "va-directive-2026-02-04") == "urn:uuid:c0707e14-23b6-5a19-8b85-a593e0217d7d"
    assert feeds.urn("feed", "changes") == "urn:uuid:f7926d34-c0eb-5a29-9a96-b7b6863662c0"


def test_a_measure_and_a_figure_of_one_name_are_two_things() -> None:
    assert feeds.urn("measure", "one") != feeds.urn("figure", "one")


def test_an_edit_moves_what_is_updated_and_not_when_it_was_published(edited: Database) -> None:
    first, second = recorded(edited)
    changed, rested = entry(edited, "measure", "va-order"), entry(edited, "measure", "va-order-2")
    assert (changed.published, changed.updated) == (first, second)
    assert (rested.published, rested.updated) == (first, first)
    assert whole(edited).updated == second


def test_an_edit_says_what_changed(edited: Database) -> None:
    changed = entry(edited, "measure", "va-order")
    assert changed.title == "Virginia: Another title"
    assert changed.change == "Amended in revision 2. A source was added: Read from the documents. Changed: title."


def test_what_is_new_does_not_list_its_fields(empty: Database) -> None:
    load(empty)
    assert entry(empty, "measure", "va-order").change == "Created in revision 1. A source was added: Read from the documents."


@pytest.mark.parametrize("cause", Cause)
def test_the_cause_and_the_reason_are_told_in_words(empty: Database, cause: Cause) -> None:
    load(empty)
    publish_figures(empty, "counted", why=Why(cause, "It says so on page 2.", "somebody"))
    assert f"{cause.label}: It says so on page 2." in entry(empty, "figure", "counted").change


def test_what_was_retracted_stays_and_says_so(empty: Database) -> None:
    load(empty)
    publish_figures(empty, "counted")
    publish_figures(empty, retract=("counted",))
    gone = entry(empty, "figure", "counted")
    assert gone.title == "Virginia: 1 agencies: participation (retracted)"
    assert gone.change == "Retracted in revision 3. Correction: A test. It was taken off the record; its history stays."
    assert gone.path == "/v1/figures/counted?revision=2"
    assert gone.categories == {"participation": "Participation", "VA": "Virginia"}


def test_what_was_retracted_and_put_back_is_the_thing_it_was(empty: Database) -> None:
    load(empty)
    publish_figures(empty, "counted")
    publish_figures(empty, retract=("counted",))
    publish_figures(empty, "counted", value=2)
    back = entry(empty, "figure", "counted")
    assert (back.title, back.path) == ("Virginia: 2 agencies: participation", "/v1/figures/counted")
    assert back.published == recorded(empty)[1]


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
def test_an_entry_says_what_the_thing_says(
    empty: Database, noun: str, id: str, title: str, summary: str, categories: dict[str, str]
) -> None:
    load(empty, documents=[document(publisher="A Paper", note="Short.")])
    found = entry(empty, noun, id)
    assert (found.title, found.summary, found.categories) == (title, summary, categories)
    assert found.text == f"{found.change}\n\n{summary}"

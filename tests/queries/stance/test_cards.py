"""Stances: where a place stood on a day, read from the seeds."""

from datetime import date
from typing import Any

import pytest

from legal.db.engine import Database
from legal.errors import InvalidInput, NotFound
from legal.queries.core import snapshot
from legal.queries.record import documents, figures, jurisdictions, measures
from legal.queries.stance import cards

pytestmark = pytest.mark.databases("sqlite")  # tests/system/test_databases.py holds both to one answer


def card(database: Database, ref: str, as_of: date) -> dict[str, Any]:
    """A place's card on a day."""
    with database.reading() as session:
        return cards.card(session, jurisdictions.find(session, ref), snapshot.resolve(session, as_of))


def test_the_day_before_the_directive_virginia_is_active(record: Database) -> None:
    assert card(record, "VA", date(2026, 2, 3))["posture"]["value"] == "active"


def test_what_is_only_possible_is_shown_in_could_be(record: Database) -> None:
    assert card(record, "VA", date(2026, 2, 3))["posture"]["could_be"] == ["active_contested"]


def test_the_day_after_the_directive_virginia_is_limited_with_agreements(record: Database) -> None:
    assert card(record, "VA", date(2026, 2, 5))["posture"]["value"] == "limited_with_agreements"


def test_before_the_directive_its_slot_is_empty(record: Database) -> None:
    slot = card(record, "VA", date(2026, 2, 3))["stance"]["executive_order"]
    assert (slot["knowledge"], slot["measures"]) == ("no_record", [])


@pytest.mark.parametrize("code", ["VA", "MD", "FL", "WV", "WA"])
@pytest.mark.parametrize("day", [date(2026, 2, 3), date(2026, 11, 22)])
def test_every_measure_and_figure_is_used_or_set_aside_once(record: Database, code: str, day: date) -> None:
    with record.reading() as session:
        moment = snapshot.resolve(session, day)
        held = [*measures_of(session, moment, code), *figures_of(session, moment, code)]
    posture = card(record, code, day)["posture"]
    assert sorted(posture["because"] + [one["id"] for one in posture["set_aside"]]) == sorted(held)


def measures_of(session: Any, moment: snapshot.Snapshot, code: str) -> list[str]:
    """The ids of a place's measures."""
    return [row["measure"] for row in moment.execute(session, measures.OF_PLACES, jurisdictions=[code]).mappings()]


def figures_of(session: Any, moment: snapshot.Snapshot, code: str) -> list[str]:
    """The ids of a place's figures."""
    return [row["figure"] for row in moment.execute(session, figures.OF_PLACES, jurisdictions=[code]).mappings()]


def test_a_silent_place_says_how_many_documents_were_searched(record: Database) -> None:
    found = card(record, "WY", date(2026, 11, 22))
    assert {slot["knowledge"] for slot in found["stance"].values()} == {"no_record"}
    assert (found["coverage"]["documents_searched"], found["coverage"]["documents_mentioning"]) == (5, 0)


@pytest.mark.parametrize(
    "ask", [lambda session, moment: measures.one(session, moment, "none"), lambda session, moment: figures.one(session, moment, "none")]
)
def test_what_is_not_on_file_is_not_found(record: Database, ask: Any) -> None:
    with record.reading() as session, pytest.raises(NotFound):
        ask(session, snapshot.latest(session))


def test_a_document_that_is_not_on_file_is_not_found(record: Database) -> None:
    with record.reading() as session, pytest.raises(NotFound):
        documents.one(session, snapshot.latest(session), "none")


def test_a_filter_by_a_misspelt_document_is_helped(record: Database) -> None:
    with record.reading() as session, pytest.raises(InvalidInput) as caught:
        documents.existing(session, snapshot.latest(session), "washington-time-2025-09-17")
    assert caught.value.faults[0].did_you_mean[0] == "washington-times-2025-09-17"

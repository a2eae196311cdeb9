"""Test stance cards on given days, over the seeds."""

from datetime import date
from typing import Any

import pytest

from legal.db.engine import Database
from legal.errors import InvalidInput, NotFound
from legal.queries.core import snapshot
from legal.queries.record import documents, figures, jurisdictions, measures
from legal.queries.stance import cards
from tests.services.factories import explicit_date, jurisdiction_file, load_small_seeds, measure_json

pytestmark = pytest.mark.databases("sqlite")  # tests/system/test_databases.py holds both to one answer


def card_on(database: Database, ref: str, as_of: date) -> dict[str, Any]:
    """Return a jurisdiction's card on a day."""
    with database.reading() as session:
        on_day = snapshot.resolve_snapshot(session, as_of)
        return cards.load_stance_card(session, jurisdictions.find_jurisdiction(session, on_day, ref), on_day)


def test_virginia_is_active_on_the_day_before_the_directive(seeded_db: Database) -> None:
    assert card_on(seeded_db, "VA", date(2026, 2, 3))["posture"]["value"] == "active"


def test_posture_of_possible_measures_is_in_could_be(seeded_db: Database) -> None:
    assert card_on(seeded_db, "VA", date(2026, 2, 3))["posture"]["could_be"] == ["active_contested"]


def test_virginia_is_limited_with_agreements_on_the_day_after_the_directive(seeded_db: Database) -> None:
    assert card_on(seeded_db, "VA", date(2026, 2, 5))["posture"]["value"] == "limited_with_agreements"


def test_slot_of_the_directive_is_empty_before_it(seeded_db: Database) -> None:
    slot = card_on(seeded_db, "VA", date(2026, 2, 3))["stance"]["executive_order"]
    assert (slot["knowledge"], slot["measures"]) == ("no_record", [])


@pytest.mark.parametrize("code", ["VA", "MD", "FL", "WV", "WA"])
@pytest.mark.parametrize("day", [date(2026, 2, 3), date(2026, 11, 22)])
def test_every_measure_and_figure_is_used_or_set_aside_once(seeded_db: Database, code: str, day: date) -> None:
    with seeded_db.reading() as session:
        day_snapshot = snapshot.resolve_snapshot(session, day)
        ids = [*measure_ids(session, day_snapshot, code), *figure_ids(session, day_snapshot, code)]
    posture = card_on(seeded_db, code, day)["posture"]
    assert sorted(posture["because"] + [claim["id"] for claim in posture["set_aside"]]) == sorted(ids)


def measure_ids(session: Any, day_snapshot: snapshot.Snapshot, code: str) -> list[str]:
    """Return the ids of a jurisdiction's measures."""
    return [row["measure"] for row in day_snapshot.execute(session, measures.BY_JURISDICTION, jurisdictions=[code]).mappings()]


def figure_ids(session: Any, day_snapshot: snapshot.Snapshot, code: str) -> list[str]:
    """Return the ids of a jurisdiction's figures."""
    return [row["figure"] for row in day_snapshot.execute(session, figures.BY_JURISDICTION, jurisdictions=[code]).mappings()]


def test_card_without_measures_counts_the_documents_searched(seeded_db: Database) -> None:
    card = card_on(seeded_db, "WY", date(2026, 11, 22))
    assert {slot["knowledge"] for slot in card["stance"].values()} == {"no_record"}
    assert (card["coverage"]["documents_searched"], card["coverage"]["documents_mentioning"]) == (5, 0)


def test_documents_published_after_the_day_are_searched_too(seeded_db: Database) -> None:
    card = card_on(seeded_db, "CO", date(2021, 6, 1))
    assert card["posture"]["value"] == "active"
    assert card["posture"]["evidence_through"]["earliest"] == "2026-02-04"  # an article reports on the years before it
    assert (card["coverage"]["documents_searched"], card["coverage"]["documents_mentioning"]) == (5, 1)


@pytest.mark.parametrize("get_entity", [measures.get_measure, figures.get_figure, documents.get_document])
def test_unknown_id_raises_not_found(seeded_db: Database, get_entity: Any) -> None:
    with seeded_db.reading() as session, pytest.raises(NotFound):
        get_entity(session, snapshot.latest_snapshot(session), "none")


def test_unknown_document_filter_suggests_a_similar_id(seeded_db: Database) -> None:
    with seeded_db.reading() as session, pytest.raises(InvalidInput) as error:
        documents.check_document_exists(session, snapshot.latest_snapshot(session), "washington-time-2025-09-17")
    assert error.value.faults[0].did_you_mean[0] == "washington-times-2025-09-17"


def test_a_reported_absence_is_shown_with_its_citations(empty_db: Database) -> None:
    event = {"event": "reported_absent", "date": explicit_date("2025-10-01"), "description": "A report says that there is no ban."}
    load_small_seeds(empty_db, jurisdiction_file(measures=[measure_json(kind="ban", status="reported_absent", events=[event])], figures=[]))
    slot = card_on(empty_db, "VA", date(2026, 2, 5))["stance"]["ban"]
    assert (slot["knowledge"], slot["measures"]) == ("absent", [])
    assert [citation["document"] for citation in slot["citations"]] == ["paper"]

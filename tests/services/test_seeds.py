"""Loading the seeds: the record becomes what the files say, whole or not at all."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from legal.db.engine import Database
from legal.errors import InvalidInput, Refused
from legal.models import Citation, Event, FigureVersion, Jurisdiction, MeasureVersion, Revision
from legal.services import seeds as acts
from legal.services.publishing import DOCUMENT, FIGURE, MEASURE, ORIGIN
from tests.conftest import migrate, prepared, seed, shipped
from tests.services.factories import TEXT, citation, document, figure, files, load, measure, origin, place, publish_figures

NOUNS = (ORIGIN, DOCUMENT, MEASURE, FIGURE)
ORDER, SECOND = measure(), measure("va-order-2")


def content(database: Database) -> dict[tuple[str, str], tuple[int, str, bool]]:
    """What is open or was: (noun, id) to version, hash and whether it is open; the newest version of each."""
    with database.reading() as session:
        return {
            (noun.name, row[0]): (row[1], row[2], row[3] is None)
            for noun in NOUNS
            for row in session.execute(
                select(noun.column, noun.version.version, noun.version.content_sha256, noun.version.revision_to).order_by(
                    noun.version.version
                )
            )
        }


def revisions(database: Database) -> list[int]:
    """Every revision's number."""
    with database.reading() as session:
        return list(session.scalars(select(Revision.number).order_by(Revision.number)))


def faults(*places: Any, **others: Any) -> dict[str | None, str]:
    """What is told of files that do not fit together: pointer to detail."""
    with pytest.raises(InvalidInput, match="do not fit together; nothing was loaded") as caught:
        acts.check(files(*places, **others))
    return {fault.pointer: fault.detail for fault in caught.value.faults}


def test_everything_is_loaded_in_one_revision(empty: Database) -> None:
    outcome = load(empty)
    assert (outcome.revision, len(outcome.created)) == (1, 5)
    assert revisions(empty) == [1]


def test_loading_twice_makes_no_new_revision(empty: Database) -> None:
    load(empty)
    assert load(empty) == acts.Outcome(None, (), (), (), 5)
    assert revisions(empty) == [1]


def test_loading_the_shipped_seeds_twice_makes_no_new_revision(record: Database) -> None:
    seed(record)
    assert revisions(record) == [1]


def test_editing_one_figure_amends_that_figure_alone(empty: Database) -> None:
    load(empty)
    outcome = load(empty, place(figures=[figure(value=3)]))
    assert outcome == acts.Outcome(2, (), ("va-two-sheriffs",), (), 4)
    with empty.reading() as session:
        rows = session.execute(
            select(FigureVersion.value, FigureVersion.revision_from, FigureVersion.revision_to).order_by(FigureVersion.key)
        )
        assert [tuple(row) for row in rows] == [(2, 1, 2), (3, 2, None)]


def test_what_the_files_no_longer_say_is_retracted(empty: Database) -> None:
    load(empty)
    assert load(empty, place(figures=[], measures=[ORDER])).retracted == ("va-two-sheriffs", "va-order-2")
    assert not content(empty)["figure", "va-two-sheriffs"][2]


def test_what_comes_back_continues_its_numbers(empty: Database) -> None:
    load(empty)
    load(empty, place(measures=[ORDER]))
    load(empty)
    assert content(empty)["measure", "va-order-2"][::2] == (2, True)


def test_a_version_brings_its_own_events_and_citations(empty: Database) -> None:
    load(empty)
    load(empty, place(measures=[measure(title="Another title"), SECOND]))
    with empty.reading() as session:
        newest = session.execute(select(MeasureVersion).where(MeasureVersion.title == "Another title")).scalar_one()
        assert [event.event for event in newest.events] == ["issued"]
        assert [one.document for one in newest.citations] == ["paper"]
        assert (len(session.scalars(select(Event)).all()), len(session.scalars(select(Citation)).all())) == (3, 4)


def test_a_corrected_date_of_a_document_gives_new_bounds_to_what_rests_on_it(empty: Database) -> None:
    undated = measure(effective={"from": None, "to": None})
    load(empty, place(measures=[undated]))
    outcome = load(empty, place(measures=[undated]), documents=[document(published={"edtf": "2025-09-17", "basis": "explicit"})])
    assert outcome.amended == ("paper", "va-order", "va-two-sheriffs")


def test_the_cause_and_the_reason_are_those_given(empty: Database) -> None:
    with empty.transaction() as session:
        acts.load(session, files(), "correction", "We misread it.")
    with empty.reading() as session:
        revision = session.get_one(Revision, 1)
    assert (revision.actor, revision.cause, revision.reason) == ("seeds", "correction", "We misread it.")


def test_what_another_actor_published_is_left_alone(empty: Database) -> None:
    load(empty)
    publish_figures(empty, "va-a")
    assert load(empty).revision is None
    assert content(empty)["figure", "va-a"][2]


def test_a_place_that_is_new_is_added(empty: Database) -> None:
    load(empty)
    load(empty, place(), place("MD", "Maryland", measures=[measure("md-order")]))
    with empty.reading() as session:
        assert session.scalars(select(Jurisdiction.code).order_by(Jurisdiction.code)).all() == ["MD", "VA"]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("name", "Old Dominion"),
        ("fips", "52"),
        ("slug", "old-dominion"),
        ("type", "territory"),
        ("ocd_id", "ocd-division/country:us/state:xx"),
    ],
)
def test_the_identifiers_of_a_place_never_change(empty: Database, key: str, value: str) -> None:
    load(empty)
    with pytest.raises(Refused, match=f"identifiers of VA never change, and the seeds give another {key}"):
        load(empty, place(identifiers={key: value}))


def test_the_kind_of_a_measure_never_changes(empty: Database) -> None:
    load(empty)
    ban = measure(kind="ban", events=[])
    with pytest.raises(Refused, match="va-order is on file with kind executive_order"):
        load(empty, place(measures=[ban, SECOND]))


def test_a_measure_does_not_move_to_another_place(empty: Database) -> None:
    load(empty)
    with pytest.raises(Refused, match="va-order is on file with jurisdiction VA"):
        load(empty, place(measures=[SECOND]), place("MD", "Maryland", measures=[ORDER]))


def test_a_refused_load_changes_nothing(empty: Database) -> None:
    load(empty)
    before = content(empty)
    with pytest.raises(Refused):
        load(empty, place(measures=[measure(title="Another title"), measure("va-order-2", kind="ban", events=[])], figures=[]))
    assert (content(empty), revisions(empty)) == (before, [1])


def test_files_that_do_not_fit_change_nothing(empty: Database) -> None:
    with pytest.raises(InvalidInput):
        load(empty, place(measures=[measure(citations=[citation(origin="hearsay")])]))
    assert (content(empty), revisions(empty)) == ({}, [])


@pytest.mark.parametrize(
    ("changes", "pointer", "detail"),
    [
        ({"document": "rumour"}, "/document", "There is no document rumour."),
        ({"origin": "hearsay"}, "/origin", "There is no origin hearsay."),
        ({"end": len(TEXT) + 1}, "", f"paper has 2 paragraphs and {len(TEXT)} characters."),
        ({"paragraph": 3}, "", f"paper has 2 paragraphs and {len(TEXT)} characters."),
    ],
)
@pytest.mark.parametrize("sort", ["measures", "figures"])
def test_a_citation_of_nothing_is_told_with_its_pointer(sort: str, changes: dict[str, Any], pointer: str, detail: str) -> None:
    made = measure if sort == "measures" else figure
    bad = place(measures=[], figures=[]) | {sort: [made("va-1"), made("va-2", citations=[citation(), citation(**changes)])]}
    assert faults(bad) == {f"jurisdictions/VA.yaml#/{sort}/1/citations/1{pointer}": detail}


def test_a_citation_may_name_no_origin() -> None:
    acts.check(files(place(measures=[measure(citations=[citation(origin=None)])])))


def test_an_order_that_names_agreements_is_refused() -> None:
    with pytest.raises(InvalidInput) as caught:
        files(place(measures=[measure(agreements=["va-one-task-force"])]))
    assert [fault.pointer for fault in caught.value.faults] == ["jurisdictions/VA.yaml#/measures/0/agreements"]


def test_an_agreement_that_is_named_need_not_be_on_file(empty: Database) -> None:
    load(empty, place(measures=[measure(kind="active_agreements", status="active", events=[], agreements=["va-one-task-force"])]))
    with empty.reading() as session:
        assert session.scalars(select(MeasureVersion.agreements)).all() == [["va-one-task-force"]]


def test_a_figure_is_about_a_measure_of_its_own_place() -> None:
    elsewhere = place("MD", "Maryland", figures=[figure("md-1", measure="va-order")])
    assert faults(place(), elsewhere) == {"jurisdictions/MD.yaml#/figures/0/measure": "There is no measure va-order in this place."}


def test_a_figure_follows_from_figures_of_its_own_place() -> None:
    bad = figure("va-sum", derivation={"operation": "sum", "of": ["va-two-sheriffs", "va-nothing"]})
    assert list(faults(place(figures=[figure(), bad])).values()) == ["There is no figure va-nothing in this place."]


def test_a_figure_follows_from_figures_of_one_unit() -> None:
    mixed = figure("va-sum", derivation={"operation": "sum", "of": ["va-two-sheriffs", "va-arrests"]})
    told = faults(place(figures=[figure(), figure("va-arrests", unit="arrests"), mixed]))
    assert list(told.values()) == ["These figures are in two units, which are never compared or added."]


def test_a_documents_origin_exists() -> None:
    assert faults(documents=[document(origin="hearsay")]) == {"documents/paper.yaml#/document/origin": "There is no origin hearsay."}


def test_a_document_may_trace_back_to_nothing() -> None:
    acts.check(files(documents=[document(origin=None)]))


@pytest.mark.parametrize(
    ("places", "others", "detail"),
    [
        ([place(measures=[ORDER, ORDER])], {}, "The measure or figure va-order stands 2 times."),
        ([place(figures=[figure(), figure(value=3)])], {}, "The measure or figure va-two-sheriffs stands 2 times."),
        ([place(), place(measures=[], figures=[])], {}, "VA stands 2 times."),
        ([place()], {"documents": [document(), document()]}, "paper stands 2 times."),
        ([place()], {"origins": [origin(), origin()]}, "announcement stands 2 times."),
    ],
)
def test_an_id_stands_once(places: list[Any], others: dict[str, Any], detail: str) -> None:
    (told,) = faults(*places, **others).values()
    assert told.endswith(detail)


def test_all_that_does_not_fit_is_told_at_once() -> None:
    bad = place(measures=[measure(citations=[citation(document="rumour", origin="hearsay")])], figures=[figure(measure="va-none")])
    assert len(faults(bad)) == 3


def test_deleted_and_seeded_again_it_is_the_same(fresh: Database) -> None:
    before = content(fresh)
    migrate(fresh, "base")
    migrate(fresh)
    seed(fresh)
    assert content(fresh) == before


@pytest.mark.databases("postgresql")  # against SQLite
def test_every_database_holds_the_same_ids_and_hashes(record: Database, tmp_path: Path) -> None:
    other = Database(prepared(f"sqlite:///{tmp_path / 'other.sqlite'}", seeded=True))
    assert content(record) == content(other)
    other.dispose()


def test_the_order_of_the_files_does_not_matter(empty: Database, record: Database) -> None:
    with empty.transaction() as session:
        acts.load(session, shipped()[::-1])
    assert content(empty) == content(record)


def test_loading_does_not_change_what_it_is_given(empty: Database) -> None:
    given = files()
    before = deepcopy(given)
    with empty.transaction() as session:
        acts.load(session, given)
    assert given == before

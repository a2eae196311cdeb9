"""Loading the seeds makes the record equal to the files, completely or not at all."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from legal.db.engine import Database
from legal.errors import InvalidInput, RefusedOperation
from legal.json_types import Json
from legal.models import Citation, Event, FigureVersion, Jurisdiction, MeasureVersion, Revision
from legal.services.publishing import DOCUMENT_ENTITY, FIGURE_ENTITY, MEASURE_ENTITY, ORIGIN_ENTITY, PublishOutcome
from legal.services.seeds import check_references, load_seeds
from tests.databases import load_shipped_seeds, migrate_database, prepare_database, seed_database
from tests.services.factories import (
    PAPER_TEXT,
    checked_seed_files,
    citation_json,
    document_file,
    figure_json,
    jurisdiction_file,
    load_small_seeds,
    measure_json,
    origin_json,
    publish_figures,
)

ENTITIES = (ORIGIN_ENTITY, DOCUMENT_ENTITY, MEASURE_ENTITY, FIGURE_ENTITY)
ORDER, SECOND = measure_json(), measure_json("va-order-2")


def newest_versions(database: Database) -> dict[tuple[str, str], tuple[int, str, bool]]:
    """Return (version, hash, is open) of the newest version of each entity, by (kind of entity, id)."""
    with database.reading() as session:
        return {
            (entity.name, row[0]): (row[1], row[2], row[3] is None)
            for entity in ENTITIES
            for row in session.execute(
                select(
                    entity.id_column, entity.version_model.version, entity.version_model.content_sha256, entity.version_model.revision_to
                ).order_by(entity.version_model.version)
            )
        }


def list_revisions(database: Database) -> list[int]:
    """List the numbers of all revisions."""
    with database.reading() as session:
        return list(session.scalars(select(Revision.number).order_by(Revision.number)))


def reference_faults(*jurisdictions: Any, **documents_and_origins: Any) -> dict[str | None, str]:
    """Check files that contradict each other and return the details of the faults, by pointer."""
    with pytest.raises(InvalidInput, match=r"contradict each other\. Nothing was loaded") as error:
        check_references(checked_seed_files(*jurisdictions, **documents_and_origins))
    return {fault.pointer: fault.detail for fault in error.value.faults}


def test_all_files_are_loaded_in_one_revision(empty_db: Database) -> None:
    outcome = load_small_seeds(empty_db)
    assert (outcome.revision, len(outcome.created_ids)) == (1, 5)
    assert list_revisions(empty_db) == [1]


def test_loading_twice_makes_no_new_revision(empty_db: Database) -> None:
    load_small_seeds(empty_db)
    assert load_small_seeds(empty_db) == PublishOutcome(None, (), (), (), 5)
    assert list_revisions(empty_db) == [1]


def test_loading_the_shipped_seeds_twice_makes_no_new_revision(seeded_db: Database) -> None:
    seed_database(seeded_db)
    assert list_revisions(seeded_db) == [1]


def test_editing_one_figure_amends_that_figure_alone(empty_db: Database) -> None:
    load_small_seeds(empty_db)
    outcome = load_small_seeds(empty_db, jurisdiction_file(figures=[figure_json(value=3)]))
    assert outcome == PublishOutcome(2, (), ("va-two-sheriffs",), (), 4)
    with empty_db.reading() as session:
        rows = session.execute(
            select(FigureVersion.value, FigureVersion.revision_from, FigureVersion.revision_to).order_by(FigureVersion.key)
        )
        assert [tuple(row) for row in rows] == [(2, 1, 2), (3, 2, None)]


def test_entities_missing_from_the_files_are_retracted(empty_db: Database) -> None:
    load_small_seeds(empty_db)
    assert load_small_seeds(empty_db, jurisdiction_file(figures=[], measures=[ORDER])).retracted_ids == ("va-two-sheriffs", "va-order-2")
    assert not newest_versions(empty_db)["figure", "va-two-sheriffs"][2]


def test_restored_entity_continues_its_version_numbers(empty_db: Database) -> None:
    load_small_seeds(empty_db)
    load_small_seeds(empty_db, jurisdiction_file(measures=[ORDER]))
    load_small_seeds(empty_db)
    assert newest_versions(empty_db)["measure", "va-order-2"][::2] == (2, True)


def test_each_version_has_its_own_events_and_citations(empty_db: Database) -> None:
    load_small_seeds(empty_db)
    load_small_seeds(empty_db, jurisdiction_file(measures=[measure_json(title="Another title"), SECOND]))
    with empty_db.reading() as session:
        newest = session.execute(select(MeasureVersion).where(MeasureVersion.title == "Another title")).scalar_one()
        assert [event.event for event in newest.events] == ["issued"]
        assert [citation.document for citation in newest.citations] == ["paper"]
        assert (len(session.scalars(select(Event)).all()), len(session.scalars(select(Citation)).all())) == (3, 4)


def test_corrected_document_date_amends_the_claims_it_supports(empty_db: Database) -> None:
    undated = measure_json(effective={"from": None, "to": None})
    load_small_seeds(empty_db, jurisdiction_file(measures=[undated]))
    outcome = load_small_seeds(
        empty_db, jurisdiction_file(measures=[undated]), documents=[document_file(published={"edtf": "2025-09-17", "basis": "explicit"})]
    )
    assert outcome.amended_ids == ("paper", "va-order", "va-two-sheriffs")


def test_revision_has_the_given_cause_and_reason(empty_db: Database) -> None:
    with empty_db.transaction() as session:
        load_seeds(session, checked_seed_files(), "correction", "We misread it.")
    with empty_db.reading() as session:
        revision = session.get_one(Revision, 1)
    assert (revision.actor, revision.cause, revision.reason) == ("seeds", "correction", "We misread it.")


def test_entities_of_other_actors_are_left_alone(empty_db: Database) -> None:
    load_small_seeds(empty_db)
    publish_figures(empty_db, "va-a")
    assert load_small_seeds(empty_db).revision is None
    assert newest_versions(empty_db)["figure", "va-a"][2]


@pytest.mark.parametrize("measures", [[], [measure_json("md-order")]], ids=["without claims", "with a claim"])
def test_added_jurisdiction_has_the_number_of_the_revision_that_adds_it(empty_db: Database, measures: list[Json]) -> None:
    load_small_seeds(empty_db)
    outcome = load_small_seeds(empty_db, jurisdiction_file(), jurisdiction_file("MD", "Maryland", measures=measures))
    assert (outcome.revision, outcome.added_codes, len(outcome.created_ids)) == (2, ("MD",), len(measures))
    with empty_db.reading() as session:
        rows = session.execute(select(Jurisdiction.code, Jurisdiction.revision_from).order_by(Jurisdiction.code))
        assert [tuple(row) for row in rows] == [("MD", 2), ("VA", 1)]


def test_first_revision_may_have_jurisdictions_alone(empty_db: Database) -> None:
    outcome = load_small_seeds(empty_db, jurisdiction_file(measures=[], figures=[]), documents=[], origins=[])
    assert outcome == PublishOutcome(1, (), (), (), 0, ("VA",))


def test_jurisdiction_stays_without_its_file(empty_db: Database) -> None:
    load_small_seeds(empty_db, jurisdiction_file(), jurisdiction_file("MD", "Maryland"))
    assert load_small_seeds(empty_db).revision is None
    assert load_small_seeds(empty_db, jurisdiction_file(), jurisdiction_file("MD", "Maryland")).revision is None


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
def test_identifiers_of_a_jurisdiction_cannot_change(empty_db: Database, key: str, value: str) -> None:
    load_small_seeds(empty_db)
    with pytest.raises(RefusedOperation, match=f"identifiers of VA cannot change, but the seeds and the record differ in: {key}"):
        load_small_seeds(empty_db, jurisdiction_file(identifiers={key: value}))


def test_kind_of_a_measure_cannot_change(empty_db: Database) -> None:
    load_small_seeds(empty_db)
    ban = measure_json(kind="ban", events=[])
    with pytest.raises(RefusedOperation, match="va-order has kind executive_order, which cannot change"):
        load_small_seeds(empty_db, jurisdiction_file(measures=[ban, SECOND]))


def test_measure_cannot_move_to_another_jurisdiction(empty_db: Database) -> None:
    load_small_seeds(empty_db, jurisdiction_file(), jurisdiction_file("MD", "Maryland", measures=[], figures=[]))
    with pytest.raises(RefusedOperation, match="va-order has jurisdiction VA, which cannot change"):
        load_small_seeds(empty_db, jurisdiction_file(measures=[SECOND]), jurisdiction_file("MD", "Maryland", measures=[ORDER]))


def test_refused_load_changes_nothing(empty_db: Database) -> None:
    load_small_seeds(empty_db)
    versions = newest_versions(empty_db)
    with pytest.raises(RefusedOperation):
        load_small_seeds(
            empty_db,
            jurisdiction_file(
                measures=[measure_json(title="Another title"), measure_json("va-order-2", kind="ban", events=[])], figures=[]
            ),
        )
    assert (newest_versions(empty_db), list_revisions(empty_db)) == (versions, [1])


def test_link_needs_a_target_on_file() -> None:
    order = measure_json(acts_on=[{"id": "va-order-3", "effect": "ends"}])
    faults = reference_faults(jurisdiction_file(measures=[order, measure_json("va-order-2")]))
    assert faults == {"jurisdictions/VA.yaml#/measures/0/acts_on/0/id": "There is no measure va-order-3. Did you mean va-order?"}


def test_link_without_a_similar_target_suggests_nothing() -> None:
    order = measure_json(acts_on=[{"id": "zz", "effect": "ends"}])
    faults = reference_faults(jurisdiction_file(measures=[order]))
    assert faults == {"jurisdictions/VA.yaml#/measures/0/acts_on/0/id": "There is no measure zz."}


def test_measure_of_one_state_cannot_act_on_one_of_another() -> None:
    order = measure_json("md-order", acts_on=[{"id": "va-order", "effect": "ends"}])
    faults = reference_faults(jurisdiction_file(), jurisdiction_file("MD", "Maryland", measures=[order]))
    assert faults == {
        "jurisdictions/MD.yaml#/measures/0/acts_on/0/id": (
            "va-order is a measure of VA. A measure of MD can act only on measures of MD or US."
        )
    }


def test_measures_of_a_state_and_the_nation_can_act_on_each_other() -> None:
    nation_identifiers = {"code": "US", "name": "United States", "type": "nation", "fips": None, "iso_3166_2": "US"}
    nation_identifiers |= {"ocd_id": "ocd-division/country:us", "slug": "united-states"}
    suit = measure_json("us-order", acts_on=[{"id": "va-order", "effect": "challenges"}])
    nation = jurisdiction_file("MD", "Maryland", identifiers=nation_identifiers, measures=[suit])
    state = jurisdiction_file(measures=[measure_json(acts_on=[{"id": "us-order", "effect": "challenges"}])])
    check_references(checked_seed_files(state, nation))


def test_only_the_nation_has_claims_about_unnamed_states() -> None:
    claim = measure_json(kind="unnamed_states", status="said_to_exist", events=[])
    faults = reference_faults(jurisdiction_file(measures=[claim]))
    assert faults == {"jurisdictions/VA.yaml#/measures/0/kind": "Only US can have a measure of the kind unnamed_states."}


def test_citations_of_provisions_are_checked() -> None:
    provision = {"type": "finding", "text": "It was found.", "citations": [citation_json(document="rumor", origin="hearsay")]}
    faults = reference_faults(jurisdiction_file(measures=[measure_json(provisions=[provision])]))
    pointer = "jurisdictions/VA.yaml#/measures/0/provisions/0/citations/0"
    assert faults == {f"{pointer}/document": "There is no document rumor.", f"{pointer}/origin": "There is no origin hearsay."}


def test_contradictory_files_change_nothing(empty_db: Database) -> None:
    with pytest.raises(InvalidInput):
        load_small_seeds(empty_db, jurisdiction_file(measures=[measure_json(citations=[citation_json(origin="hearsay")])]))
    assert (newest_versions(empty_db), list_revisions(empty_db)) == ({}, [])


@pytest.mark.parametrize(
    ("changes", "pointer", "detail"),
    [
        ({"document": "rumor"}, "/document", "There is no document rumor."),
        ({"origin": "hearsay"}, "/origin", "There is no origin hearsay."),
        (
            {"end": len(PAPER_TEXT) + 1},
            "",
            f"The citation ends after the document does: paper has 2 paragraphs and {len(PAPER_TEXT)} characters.",
        ),
        ({"paragraph": 3}, "", f"The citation ends after the document does: paper has 2 paragraphs and {len(PAPER_TEXT)} characters."),
    ],
)
@pytest.mark.parametrize("section", ["measures", "figures"])
def test_citation_without_target_is_reported_with_its_pointer(section: str, changes: dict[str, Any], pointer: str, detail: str) -> None:
    build_entity = measure_json if section == "measures" else figure_json
    entities = [build_entity("va-1"), build_entity("va-2", citations=[citation_json(), citation_json(**changes)])]
    content = jurisdiction_file(measures=[], figures=[]) | {section: entities}
    assert reference_faults(content) == {f"jurisdictions/VA.yaml#/{section}/1/citations/1{pointer}": detail}


def test_citation_needs_no_origin() -> None:
    check_references(checked_seed_files(jurisdiction_file(measures=[measure_json(citations=[citation_json(origin=None)])])))


def test_executive_order_cannot_name_agreements() -> None:
    with pytest.raises(InvalidInput) as error:
        checked_seed_files(jurisdiction_file(measures=[measure_json(agreements=["va-one-task-force"])]))
    assert [fault.pointer for fault in error.value.faults] == ["jurisdictions/VA.yaml#/measures/0/agreements"]


def test_named_agreement_need_not_exist(empty_db: Database) -> None:
    load_small_seeds(
        empty_db,
        jurisdiction_file(measures=[measure_json(kind="active_agreements", status="active", events=[], agreements=["va-one-task-force"])]),
    )
    with empty_db.reading() as session:
        assert session.scalars(select(MeasureVersion.agreements)).all() == [["va-one-task-force"]]


def test_figure_refers_to_a_measure_of_its_own_jurisdiction() -> None:
    maryland = jurisdiction_file("MD", "Maryland", figures=[figure_json("md-1", measure="va-order")])
    assert reference_faults(jurisdiction_file(), maryland) == {
        "jurisdictions/MD.yaml#/figures/0/measure": "There is no measure va-order in this jurisdiction."
    }


def test_figure_is_derived_from_figures_of_its_own_jurisdiction() -> None:
    derived_figure = figure_json("va-sum", derivation={"operation": "sum", "of": ["va-two-sheriffs", "va-nothing"]})
    assert list(reference_faults(jurisdiction_file(figures=[figure_json(), derived_figure])).values()) == [
        "There is no figure va-nothing in this jurisdiction."
    ]


def test_figure_is_derived_from_figures_in_one_unit() -> None:
    derived_figure = figure_json("va-sum", derivation={"operation": "sum", "of": ["va-two-sheriffs", "va-arrests"]})
    figures = [figure_json(), figure_json("va-arrests", unit="arrests"), derived_figure]
    assert list(reference_faults(jurisdiction_file(figures=figures)).values()) == [
        "These figures have different units. A figure can only be derived from figures in one unit."
    ]


@pytest.mark.parametrize(
    ("follows", "earlier", "fault"),
    [
        ("va-nothing", {}, "There is no figure va-nothing in this jurisdiction."),
        ("va-end", {}, "A figure cannot follow itself, nor one that follows it."),
        ("va-begin", {"follows": "va-end"}, "A figure cannot follow itself, nor one that follows it."),
        ("va-begin", {"unit": "agreements"}, "The figure va-begin has another metric or unit. Two ends of one statement share both."),
    ],
)
def test_figure_follows_a_figure_of_its_own_kind(follows: str, earlier: Any, fault: str) -> None:
    figures = [figure_json("va-begin", **earlier), figure_json("va-end", follows=follows)]
    assert fault in reference_faults(jurisdiction_file(figures=figures)).values()


def test_origin_of_a_document_must_exist() -> None:
    assert reference_faults(documents=[document_file(origin="hearsay")]) == {
        "documents/paper.yaml#/document/origin": "There is no origin hearsay."
    }


def test_document_needs_no_origin() -> None:
    check_references(checked_seed_files(documents=[document_file(origin=None)]))


@pytest.mark.parametrize(
    ("jurisdictions", "documents_and_origins", "detail"),
    [
        ([jurisdiction_file(measures=[ORDER, ORDER])], {}, "The id of the measure or figure va-order occurs 2 times; ids must be unique."),
        (
            [jurisdiction_file(figures=[figure_json(), figure_json(value=3)])],
            {},
            "The id of the measure or figure va-two-sheriffs occurs 2 times; ids must be unique.",
        ),
        ([jurisdiction_file(), jurisdiction_file(measures=[], figures=[])], {}, "VA occurs 2 times; ids must be unique."),
        ([jurisdiction_file()], {"documents": [document_file(), document_file()]}, "paper occurs 2 times; ids must be unique."),
        ([jurisdiction_file()], {"origins": [origin_json(), origin_json()]}, "announcement occurs 2 times; ids must be unique."),
    ],
)
def test_ids_are_unique(jurisdictions: list[Any], documents_and_origins: dict[str, Any], detail: str) -> None:
    (fault,) = reference_faults(*jurisdictions, **documents_and_origins).values()
    assert fault.endswith(detail)


def test_all_reference_faults_are_reported_at_once() -> None:
    content = jurisdiction_file(
        measures=[measure_json(citations=[citation_json(document="rumor", origin="hearsay")])], figures=[figure_json(measure="va-none")]
    )
    assert len(reference_faults(content)) == 3


def test_seeding_again_after_a_downgrade_restores_the_same_versions(writable_seeded_db: Database) -> None:
    versions = newest_versions(writable_seeded_db)
    migrate_database(writable_seeded_db, "base")
    migrate_database(writable_seeded_db)
    seed_database(writable_seeded_db)
    assert newest_versions(writable_seeded_db) == versions


@pytest.mark.databases("postgresql")  # compares it with SQLite
def test_both_databases_have_the_same_ids_and_hashes(seeded_db: Database, tmp_path: Path) -> None:
    sqlite_db = Database(prepare_database(f"sqlite:///{tmp_path / 'seeded.sqlite'}", seeded=True))
    assert newest_versions(seeded_db) == newest_versions(sqlite_db)
    sqlite_db.dispose()


def test_order_of_the_files_does_not_matter(empty_db: Database, seeded_db: Database) -> None:
    with empty_db.transaction() as session:
        load_seeds(session, load_shipped_seeds()[::-1])
    assert newest_versions(empty_db) == newest_versions(seeded_db)


def test_loading_does_not_modify_its_input(empty_db: Database) -> None:
    files = checked_seed_files()
    original_files = deepcopy(files)
    with empty_db.transaction() as session:
        load_seeds(session, files)
    assert files == original_files

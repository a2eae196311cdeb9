"""``flask seed``: the seed files are published as a whole, or not at all."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, text

from legal.cli.errors import _MAX_FAULTS_PRINTED
from legal.db.engine import Database
from legal.db.schema import SCHEMA_REVISIONS
from legal.models import Revision
from tests.cli.conftest import assert_refused, database_url, unusable_database_message
from tests.cli.factories import write_seed_folder
from tests.services.factories import citation_json, figure_json, jurisdiction_file, measure_json


def shown_address(database: Database) -> str:
    """Return the database's address as the command prints it."""
    url = database.engine.url
    return str(url.database) if url.get_backend_name() == "sqlite" else url.render_as_string(hide_password=True)


def list_revisions(database: Database) -> list[tuple[str, str]]:
    """Return the cause and the reason of every revision."""
    with database.reading() as session:
        return [tuple(row) for row in session.execute(select(Revision.cause, Revision.reason).order_by(Revision.number))]


def test_the_report_counts_what_was_published(runner_for: Any, empty_db: Database, tmp_path: Path) -> None:
    result = runner_for(database_url(empty_db))("seed", write_seed_folder(tmp_path))
    assert (result.exit_code, result.stdout) == (
        0,
        f"Revision 1 in {shown_address(empty_db)}: 5 created, 0 amended, 0 retracted, 0 unchanged. Jurisdictions added: 1.\n",
    )


def test_the_report_counts_jurisdictions_that_are_added_later(runner_for: Any, empty_db: Database, tmp_path: Path) -> None:
    command = runner_for(database_url(empty_db))
    command("seed", write_seed_folder(tmp_path))
    result = command("seed", write_seed_folder(tmp_path, jurisdiction_file(), jurisdiction_file("MD", "Maryland")))
    assert result.stdout == (
        f"Revision 2 in {shown_address(empty_db)}: 0 created, 0 amended, 0 retracted, 5 unchanged. Jurisdictions added: 1.\n"
    )


def test_publishing_the_same_seeds_again_makes_no_revision(runner_for: Any, empty_db: Database, tmp_path: Path) -> None:
    command = runner_for(database_url(empty_db))
    command("seed", write_seed_folder(tmp_path))
    result = command("seed", tmp_path)
    assert result.stdout == (f"Nothing differs in {shown_address(empty_db)}: 5 records are as the seeds say. There is no new revision.\n")
    assert len(list_revisions(empty_db)) == 1


def test_the_default_folder_is_the_shipped_seeds(runner_for: Any, shipped_db: Database) -> None:
    assert runner_for(database_url(shipped_db))("seed").stdout.startswith("Nothing differs in ")


def test_cause_and_reason_go_into_the_log(runner_for: Any, empty_db: Database, tmp_path: Path) -> None:
    runner_for(database_url(empty_db))("seed", write_seed_folder(tmp_path), "--cause", "correction", "--reason", "We misread it.")
    assert list_revisions(empty_db) == [("correction", "We misread it.")]


AMENDING = jurisdiction_file(measures=[measure_json()], figures=[figure_json(value=3)])
"""Seeds that amend one record and retract another of those in ``seed_folder``."""


def test_the_report_counts_amendments_and_retractions(runner_for: Any, empty_db: Database, tmp_path: Path) -> None:
    command = runner_for(database_url(empty_db))
    command("seed", write_seed_folder(tmp_path))
    result = command("seed", write_seed_folder(tmp_path, AMENDING), "--cause", "correction", "--reason", "We misread it.")
    assert result.stdout == f"Revision 2 in {shown_address(empty_db)}: 0 created, 1 amended, 1 retracted, 3 unchanged.\n"


@pytest.mark.parametrize("options", [(), ("--cause", "correction"), ("--reason", "We misread it.")])
def test_amending_without_cause_and_reason_is_refused(
    runner_for: Any, empty_db: Database, tmp_path: Path, options: tuple[str, ...]
) -> None:
    command = runner_for(database_url(empty_db))
    command("seed", write_seed_folder(tmp_path))
    result = command("seed", write_seed_folder(tmp_path, AMENDING), *options)
    assert_refused(result, "These seeds amend 1 records and retract 1. Say why with --cause and --reason; nothing was published.")
    assert len(list_revisions(empty_db)) == 1


def test_in_a_terminal_the_command_asks_for_cause_and_reason(runner_for: Any, empty_db: Database, tmp_path: Path) -> None:
    command = runner_for(database_url(empty_db))
    command("seed", write_seed_folder(tmp_path))
    result = command("seed", write_seed_folder(tmp_path, AMENDING), answers="correction\nWe misread it.\n")
    assert result.exit_code == 0
    assert list_revisions(empty_db)[-1] == ("correction", "We misread it.")


def test_adding_a_document_later_needs_no_cause(runner_for: Any, empty_db: Database, tmp_path: Path) -> None:
    command = runner_for(database_url(empty_db))
    command("seed", write_seed_folder(tmp_path, jurisdiction_file(figures=[])))
    command("seed", write_seed_folder(tmp_path))
    assert [cause for cause, _ in list_revisions(empty_db)] == ["source_added", "source_added"]


def test_a_file_of_the_wrong_shape_is_reported_with_its_pointer(runner_for: Any, empty_db: Database, tmp_path: Path) -> None:
    result = runner_for(database_url(empty_db))(
        "seed", write_seed_folder(tmp_path, jurisdiction_file(measures=[measure_json(kind="wish")]))
    )
    assert_refused(result, "The seed files are not valid. Nothing was loaded.")
    assert "  jurisdictions/VA.yaml#/measures/0/kind: Must be one of: " in result.stderr
    assert list_revisions(empty_db) == []


def test_a_reference_to_a_missing_origin_is_reported(runner_for: Any, empty_db: Database, tmp_path: Path) -> None:
    result = runner_for(database_url(empty_db))(
        "seed", write_seed_folder(tmp_path, jurisdiction_file(measures=[measure_json(citations=[citation_json(origin="hearsay")])]))
    )
    assert_refused(result, "The seed files contradict each other. Nothing was loaded.")
    assert "  jurisdictions/VA.yaml#/measures/0/citations/0/origin: There is no origin hearsay.\n" in result.stderr


def test_a_duplicate_id_is_reported(runner_for: Any, empty_db: Database, tmp_path: Path) -> None:
    result = runner_for(database_url(empty_db))(
        "seed", write_seed_folder(tmp_path, jurisdiction_file(figures=[figure_json(), figure_json()]))
    )
    assert "va-two-sheriffs occurs 2 times; ids must be unique.\n" in result.stderr


def test_only_the_first_faults_are_printed(runner_for: Any, empty_db: Database, tmp_path: Path) -> None:
    many = [figure_json(f"va-{number}", measure="va-none") for number in range(_MAX_FAULTS_PRINTED + 5)]
    result = runner_for(database_url(empty_db))("seed", write_seed_folder(tmp_path, jurisdiction_file(figures=many)))
    assert result.stderr.count("There is no measure va-none") == _MAX_FAULTS_PRINTED
    assert "  … and 5 more\n" in result.stderr


def test_a_changed_identifier_of_a_jurisdiction_is_refused(runner_for: Any, empty_db: Database, tmp_path: Path) -> None:
    command = runner_for(database_url(empty_db))
    command("seed", write_seed_folder(tmp_path))
    result = command("seed", write_seed_folder(tmp_path, jurisdiction_file(identifiers={"slug": "old-dominion"})))
    assert_refused(result, "The identifiers of VA cannot change, but the seeds and the record differ in: slug.")


@pytest.mark.parametrize("changes", [{"identifiers": {"fips": None}}, {"identifiers": {"type": "nation"}}])
def test_a_constraint_violation_is_one_clear_line(runner_for: Any, empty_db: Database, tmp_path: Path, changes: dict[str, Any]) -> None:
    result = runner_for(database_url(empty_db))("seed", write_seed_folder(tmp_path, jurisdiction_file(**changes)))
    assert (result.exit_code, type(result.exception)) == (1, SystemExit)
    assert result.stderr.startswith("Error: The database rejected the data, and nothing was written: ")
    assert result.stderr.count("\n") == 1


def test_two_jurisdictions_with_one_slug_are_refused(runner_for: Any, empty_db: Database, tmp_path: Path) -> None:
    twin = jurisdiction_file("MD", "Maryland", identifiers={"slug": "virginia"})
    result = runner_for(database_url(empty_db))("seed", write_seed_folder(tmp_path, jurisdiction_file(), twin))
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: The database rejected the data, and nothing was written: ")
    assert list_revisions(empty_db) == []


def test_a_folder_without_seeds_is_refused(runner_for: Any, empty_db: Database, tmp_path: Path) -> None:
    assert_refused(
        runner_for(database_url(empty_db))("seed", tmp_path),
        f"{tmp_path} has no seeds: origins.yaml, documents/ and jurisdictions/ are expected there.",
    )


@pytest.mark.parametrize("words", [("nowhere",), (".", "--cause", "boredom"), (".", ".")])
def test_wrong_usage_is_status_2(runner_for: Any, seeded_db: Database, words: tuple[str, ...]) -> None:
    assert runner_for(database_url(seeded_db))("seed", *words).exit_code == 2


def test_a_missing_schema_is_one_clear_line(runner_for: Any, tmp_path: Path) -> None:
    (tmp_path / "legal.sqlite").touch()
    assert_refused(runner_for(f"sqlite:///{tmp_path / 'legal.sqlite'}")("seed"), "The database has no schema yet. Run `flask db upgrade`.")


def test_a_missing_file_is_one_clear_line_and_is_not_made(runner_for: Any, tmp_path: Path) -> None:
    advice = "The database file is missing. Put it back, or run `flask db upgrade` to make a new one."
    assert_refused(runner_for(f"sqlite:///{tmp_path / 'legal.sqlite'}")("seed"), advice)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_not_a_database_is_one_clear_line(runner_for: Any, tmp_path: Path) -> None:
    (tmp_path / "legal.sqlite").write_text("This is a letter, not a database. " * 50)
    assert_refused(runner_for(f"sqlite:///{tmp_path / 'legal.sqlite'}")("seed"), unusable_database_message("file is not a database"))


REFUSED = 'connection failed: connection to server at "127.0.0.1", port 1 failed: Connection refused'


def test_an_unreachable_server_is_one_clear_line(runner_for: Any) -> None:
    assert_refused(runner_for("postgresql://nobody@127.0.0.1:1/nothing")("seed"), unusable_database_message(REFUSED))


def test_a_refused_seed_makes_no_revision(runner_for: Any, seeded_db: Database, tmp_path: Path) -> None:
    runner_for(database_url(seeded_db))("seed", tmp_path)
    with seeded_db.reading() as session:
        assert session.scalar(select(func.count()).select_from(Revision)) == 1


def test_a_database_of_another_release_is_refused(runner_for: Any, empty_db: Database, tmp_path: Path) -> None:
    with empty_db.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    result = runner_for(database_url(empty_db))("seed", write_seed_folder(tmp_path))
    with empty_db.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": SCHEMA_REVISIONS[-1]})
    assert_refused(
        result,
        "The database has schema 9999, which this release does not know: another release wrote it. "
        f"Run that release, or use a database with schema {SCHEMA_REVISIONS[-1]}.",
    )

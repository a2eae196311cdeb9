"""``flask seed``: the record made what a folder says, or left as it was."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from legal.cli.errors import MOST_FAULTS
from legal.db.engine import Database
from legal.models import Revision
from tests.cli.conftest import address, refused, unusable
from tests.cli.factories import seed_folder
from tests.services.factories import citation, figure, measure, place


def revisions(database: Database) -> list[tuple[str, str]]:
    """Cause and reason of every revision."""
    with database.reading() as session:
        return [tuple(row) for row in session.execute(select(Revision.cause, Revision.reason).order_by(Revision.number))]


def test_it_tells_what_was_done(run: Any, empty: Database, tmp_path: Path) -> None:
    result = run(address(empty))("seed", seed_folder(tmp_path))
    assert (result.exit_code, result.stdout) == (0, "Revision 1: 5 created, 0 amended, 0 retracted, 0 unchanged.\n")


def test_a_second_time_nothing_differs(run: Any, empty: Database, tmp_path: Path) -> None:
    command = run(address(empty))
    command("seed", seed_folder(tmp_path))
    result = command("seed", tmp_path)
    assert result.stdout == "Nothing differs: 5 records are as the seeds say, and there is no new revision.\n"
    assert len(revisions(empty)) == 1


def test_without_a_folder_the_shipped_seeds_are_loaded(run: Any, record: Database) -> None:
    assert run(address(record))("seed").stdout.startswith("Nothing differs: ")


def test_the_cause_and_the_reason_are_the_operators(run: Any, empty: Database, tmp_path: Path) -> None:
    run(address(empty))("seed", seed_folder(tmp_path), "--cause", "correction", "--reason", "We misread it.")
    assert revisions(empty) == [("correction", "We misread it.")]


def test_edits_retractions_and_what_stays_are_counted(run: Any, empty: Database, tmp_path: Path) -> None:
    command = run(address(empty))
    command("seed", seed_folder(tmp_path))
    result = command("seed", seed_folder(tmp_path, place(measures=[measure()], figures=[figure(value=3)])))
    assert result.stdout == "Revision 2: 0 created, 1 amended, 1 retracted, 3 unchanged.\n"


def test_a_file_of_the_wrong_shape_is_told_with_its_pointer(run: Any, empty: Database, tmp_path: Path) -> None:
    result = run(address(empty))("seed", seed_folder(tmp_path, place(measures=[measure(kind="wish")])))
    refused(result, "The seed files do not have the shape they need; nothing was loaded.")
    assert "  jurisdictions/VA.yaml#/measures/0/kind: Must be one of: " in result.stderr
    assert revisions(empty) == []


def test_a_pointer_to_nothing_is_told(run: Any, empty: Database, tmp_path: Path) -> None:
    result = run(address(empty))("seed", seed_folder(tmp_path, place(measures=[measure(citations=[citation(origin="hearsay")])])))
    refused(result, "The seed files do not fit together; nothing was loaded.")
    assert "  jurisdictions/VA.yaml#/measures/0/citations/0/origin: There is no origin hearsay.\n" in result.stderr


def test_a_fault_without_a_pointer_is_told_too(run: Any, empty: Database, tmp_path: Path) -> None:
    result = run(address(empty))("seed", seed_folder(tmp_path, place(figures=[figure(), figure()])))
    assert "va-two-sheriffs stands 2 times.\n" in result.stderr


def test_many_faults_are_not_all_told(run: Any, empty: Database, tmp_path: Path) -> None:
    many = [figure(f"va-{number}", measure="va-none") for number in range(MOST_FAULTS + 5)]
    result = run(address(empty))("seed", seed_folder(tmp_path, place(figures=many)))
    assert result.stderr.count("There is no measure va-none") == MOST_FAULTS
    assert "  … and 5 more\n" in result.stderr


def test_an_identifier_that_changed_is_refused(run: Any, empty: Database, tmp_path: Path) -> None:
    command = run(address(empty))
    command("seed", seed_folder(tmp_path))
    result = command("seed", seed_folder(tmp_path, place(identifiers={"slug": "old-dominion"})))
    refused(result, "The identifiers of VA never change, and the seeds give another slug than is on file.")


@pytest.mark.parametrize("changes", [{"identifiers": {"fips": None}}, {"identifiers": {"type": "nation"}}])
def test_what_the_database_refuses_is_one_clear_line(run: Any, empty: Database, tmp_path: Path, changes: dict[str, Any]) -> None:
    result = run(address(empty))("seed", seed_folder(tmp_path, place(**changes)))
    assert (result.exit_code, type(result.exception)) == (1, SystemExit)
    assert result.stderr.startswith("Error: The database refuses this, and nothing of it was done: ")
    assert result.stderr.count("\n") == 1


def test_two_places_of_one_name_are_refused_by_the_database(run: Any, empty: Database, tmp_path: Path) -> None:
    twin = place("MD", "Maryland", identifiers={"slug": "virginia"})
    result = run(address(empty))("seed", seed_folder(tmp_path, place(), twin))
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: The database refuses this, and nothing of it was done: ")
    assert revisions(empty) == []


def test_a_folder_without_seeds_is_refused(run: Any, empty: Database, tmp_path: Path) -> None:
    refused(
        run(address(empty))("seed", tmp_path), f"{tmp_path} has no seeds: origins.yaml, documents/ and jurisdictions/ are expected there."
    )


@pytest.mark.parametrize("words", [("nowhere",), (".", "--cause", "boredom"), (".", ".")])
def test_wrong_usage_is_status_2(run: Any, record: Database, words: tuple[str, ...]) -> None:
    assert run(address(record))("seed", *words).exit_code == 2


def test_a_schema_that_is_not_there_is_one_clear_line(run: Any, tmp_path: Path) -> None:
    refused(run(f"sqlite:///{tmp_path / 'legal.sqlite'}")("seed"), unusable("no such table: jurisdictions"))


def test_a_file_that_is_no_database_is_one_clear_line(run: Any, tmp_path: Path) -> None:
    (tmp_path / "legal.sqlite").write_text("This is a letter, not a database. " * 50)
    refused(run(f"sqlite:///{tmp_path / 'legal.sqlite'}")("seed"), unusable("file is not a database"))


REFUSED = 'connection failed: connection to server at "127.0.0.1", port 1 failed: Connection refused'


def test_a_server_that_does_not_answer_is_one_clear_line(run: Any) -> None:
    refused(run("postgresql://nobody@127.0.0.1:1/nothing")("seed"), unusable(REFUSED))


def test_loading_counts_no_revision_when_refused(run: Any, record: Database, tmp_path: Path) -> None:
    run(address(record))("seed", tmp_path)
    with record.reading() as session:
        assert session.scalar(select(func.count()).select_from(Revision)) == 1

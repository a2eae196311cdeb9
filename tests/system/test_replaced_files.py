"""Test a running service whose SQLite file is replaced, restored or deleted. The processes are real ones."""

import os
import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from legal.db.engine import Database
from tests.api.factories import publish_edited_title
from tests.conftest import make_app
from tests.servers import RunningService, running_service, wait_until

pytestmark = pytest.mark.databases("sqlite")  # PostgreSQL has no file that an operator could replace

CARD = "/v1/jurisdictions/VA"


@pytest.fixture
def served_file(copy_database: Callable[[str], str]) -> Path:
    """A seeded database at revision 1."""
    return Path(str(make_url(copy_database("seeded")).database))


@pytest.fixture
def other_file(copy_database: Callable[[str], str]) -> Path:
    """Another record in one file: revision 2, in which a measure of Virginia has another title."""
    path = Path(str(make_url(copy_database("seeded")).database))
    publish(path, "The other record")
    return path


@pytest.fixture
def service(served_file: Path, tmp_path: Path) -> Iterator[RunningService]:
    """A service with two workers, each of which has answered from the file."""
    with running_service(tmp_path, f"sqlite:///{served_file}") as running:
        for _ in range(20):
            assert running.get_fresh(CARD).json["meta"]["revision"] == 1
        yield running


def publish(path: Path, title: str) -> None:
    """Publish a revision in which the first measure of Virginia has another title."""
    database = Database(f"sqlite:///{path}")
    publish_edited_title(database, "VA", title)
    database.dispose()


def expected_card(path: Path, tmp_path: Path) -> bytes:
    """Return the card as a service gives it that has only this file."""
    copy = tmp_path / "expected.sqlite"
    shutil.copy(path, copy)
    with running_service(tmp_path / "expected", f"sqlite:///{copy}", workers=1) as running:
        return running.get(CARD).body


def test_committed_transactions_are_in_the_file_itself(served_file: Path) -> None:
    publish(served_file, "A title")
    with closing(sqlite3.connect(served_file)) as reader:
        reader.execute("SELECT 1 FROM revisions").fetchall()
        publish(served_file, "Another title")
        assert Path(f"{served_file}-wal").stat().st_size == 0


def test_replaced_file_is_noticed_and_no_answer_mixes_two_records(
    service: RunningService, served_file: Path, other_file: Path, tmp_path: Path
) -> None:
    (tmp_path / "expected").mkdir()
    bodies = {1: service.get(CARD).body, 2: expected_card(other_file, tmp_path)}
    answers: list[bytes] = []
    is_done = threading.Event()

    def read_repeatedly() -> None:
        while not is_done.is_set():
            answers.append(service.get_fresh(CARD).body)

    reader = threading.Thread(target=read_repeatedly)
    reader.start()
    wait_until(lambda: len(answers) > 20, "answers from the first record")
    other_file.replace(served_file)
    count = len(answers)
    wait_until(lambda: len(answers) > count + 100, "answers from the second record")
    is_done.set()
    reader.join()
    numbers = [next(number for number, body in bodies.items() if body == answer) for answer in answers]
    assert numbers == sorted(numbers)  # never the first record again
    assert set(numbers) == {1, 2}


def test_log_of_the_replaced_file_is_not_applied_to_the_new_one(
    service: RunningService, served_file: Path, other_file: Path, tmp_path: Path
) -> None:
    (tmp_path / "expected").mkdir()
    expected = expected_card(other_file, tmp_path)
    with closing(sqlite3.connect(served_file, isolation_level=None)) as writer:
        writer.execute("PRAGMA journal_mode=WAL")
        writer.execute("UPDATE measure_versions SET title = 'In the log of the first file'")
        assert "In the log of the first file" in service.get("/v1/jurisdictions/MD").body.decode()  # nothing of it is in memory yet
        assert Path(f"{served_file}-wal").stat().st_size > 0
        other_file.replace(served_file)
        assert {service.get_fresh(CARD).body for _ in range(20)} == {expected}
    with closing(sqlite3.connect(served_file)) as reader:
        assert reader.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_older_copy_put_in_place_is_served_and_the_log_says_so(service: RunningService, served_file: Path, tmp_path: Path) -> None:
    backup = tmp_path / "backup.sqlite"
    shutil.copy(served_file, backup)
    publish(served_file, "Published after the backup")
    assert {service.get_fresh(CARD).json["meta"]["revision"] for _ in range(20)} == {2}
    backup.replace(served_file)
    assert {service.get_fresh(CARD).json["meta"]["revision"] for _ in range(20)} == {1}
    assert "went back from revision 2 to 1 in the epoch 4f1c09d2ab. Run `flask db new-epoch`" in service.log.read_text()


def test_restored_backup_is_served_and_later_permalinks_are_gone(service: RunningService, served_file: Path, tmp_path: Path) -> None:
    operator = make_app(f"sqlite:///{served_file}")
    runner = operator.test_cli_runner()
    assert runner.invoke(args=["backup", str(tmp_path / "backup")]).exit_code == 0
    publish(served_file, "Published after the backup")
    card = service.get_fresh(CARD)
    permalink = card.json["links"]["permalink"]
    assert service.get(permalink).status == 200
    assert runner.invoke(args=["restore", "--replace", str(tmp_path / "backup")]).exit_code == 0
    operator.extensions["database"].dispose()
    publish(served_file, "Published after the restore")
    bodies = {service.get_fresh(CARD).body for _ in range(20)}
    assert len(bodies) == 1
    assert b"Published after the restore" in bodies.pop()
    assert service.get(CARD, **{"If-None-Match": card.headers["etag"], "Cache-Control": "no-cache"}).status == 200
    gone = service.get(permalink)
    assert (gone.status, gone.json["links"]["present"]) == (410, f"{CARD}?as_of={card.json['meta']['as_of']}&rules=2")


def test_deleted_file_is_503_until_it_is_back(service: RunningService, served_file: Path, tmp_path: Path) -> None:
    aside = tmp_path / "aside.sqlite"
    served_file.rename(aside)
    for path in ("/readyz", "/v1/measures?limit=3", "/states/virginia"):
        answer = service.get_fresh(path)
        assert (answer.status, answer.headers["retry-after"]) == (503, "5")
    assert service.get("/healthz").status == 200
    assert not served_file.exists()  # SQLite has made no empty one
    aside.rename(served_file)
    assert [service.get_fresh(path).status for path in ("/readyz", "/v1/measures?limit=3", "/states/virginia")] == [200, 200, 200]


def test_deleted_file_can_be_replaced_by_another(service: RunningService, served_file: Path, other_file: Path) -> None:
    served_file.unlink()
    assert service.get_fresh("/readyz").status == 503
    shutil.copy(other_file, f"{served_file}.part")
    os.replace(f"{served_file}.part", served_file)  # noqa: PTH105 - as an operator moves it
    # A worker that has not seen the new file yet answers from its cache, and says that the answer is stale.
    wait_until(lambda: all("warning" not in service.get_fresh(CARD).headers for _ in range(20)), "all workers to see the new file")
    assert {service.get_fresh(CARD).json["meta"]["revision"] for _ in range(20)} == {2}
    assert service.get_fresh("/readyz").json == {"status": "ready", "revision": 2}

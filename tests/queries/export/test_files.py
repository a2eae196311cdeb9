"""Exports are kept as files, written once and one at a time."""

import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from legal.queries.export.files import MAX_KEPT_FILES, hash_program, open_export


def write_text(path: Path) -> None:
    path.write_text("content", encoding="utf-8")


def test_export_is_written_once(tmp_path: Path) -> None:
    written: list[Path] = []

    def write_counted(path: Path) -> None:
        written.append(path)
        time.sleep(0.05)
        write_text(path)

    def read_export(_: int) -> bytes:
        with open_export(tmp_path / "new", "landscape-r1", write_counted) as file:
            return file.read()

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(read_export, range(8))) == {b"content"}
    assert len(written) == 1


def test_exports_are_written_one_at_a_time(tmp_path: Path) -> None:
    running, most = [0], [0]
    guard = threading.Lock()

    def write_watched(path: Path) -> None:
        with guard:
            running[0] += 1
            most[0] = max(most[0], running[0])
        time.sleep(0.02)
        with guard:
            running[0] -= 1
        write_text(path)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda number: open_export(tmp_path, f"landscape-r{number}", write_watched).close(), range(4)))
    assert most == [1]


def test_failed_export_leaves_no_file_and_can_be_repeated(tmp_path: Path) -> None:
    def fail_half_way(path: Path) -> None:
        path.write_text("half", encoding="utf-8")
        raise RuntimeError("disk full")

    with pytest.raises(RuntimeError, match="disk full"):
        open_export(tmp_path, "landscape-r1", fail_half_way)
    assert [path.name for path in tmp_path.iterdir()] == ["lock"]
    with open_export(tmp_path, "landscape-r1", write_text) as file:
        assert file.read() == b"content"


def test_remains_of_a_killed_process_are_replaced(tmp_path: Path) -> None:
    (tmp_path / "landscape-r1.part").write_text("half", encoding="utf-8")

    def write_new(path: Path) -> None:
        assert not path.exists()
        write_text(path)

    with open_export(tmp_path, "landscape-r1", write_new) as file:
        assert file.read() == b"content"


def test_exports_used_longest_ago_are_deleted(tmp_path: Path) -> None:
    for number in range(MAX_KEPT_FILES):
        open_export(tmp_path, f"landscape-r{number}", write_text).close()
        os.utime(tmp_path / f"landscape-r{number}", (number, number))
    open_export(tmp_path, "landscape-r0", write_text).close()  # used again
    open_export(tmp_path, "landscape-r99", write_text).close()
    names = {path.name for path in tmp_path.glob("landscape-*")}
    assert len(names) == MAX_KEPT_FILES
    assert {"landscape-r0", "landscape-r99"} <= names
    assert "landscape-r1" not in names


def test_hash_of_the_program_is_always_the_same() -> None:
    assert hash_program() == hash_program.__wrapped__()
    assert len(hash_program()) == 64

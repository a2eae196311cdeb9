"""Read the sessions of legislatures from a CSV file."""

from pathlib import Path

import pytest

from legal.errors import InvalidInput
from legal.readers.seeds import read_seed_files
from legal.readers.sessions import SESSIONS_FILE, read_sessions
from legal.settings import SEEDS_FOLDER

HEADER = "jurisdiction,identifier,name,classification,start,end\n"


def test_every_session_is_a_row_with_nulls_for_empty_values(tmp_path: Path) -> None:
    (tmp_path / SESSIONS_FILE).write_text(HEADER + "MD,2026,2026 Regular Session,,2026-01-14,2026-04-13\n", encoding="utf-8")
    (session,) = read_sessions(tmp_path / SESSIONS_FILE)["sessions"]
    assert (session["jurisdiction"], session["classification"], session["end"]) == ("MD", None, "2026-04-13")


@pytest.mark.parametrize(
    ("content", "fault"),
    [(b"\xff\xfe", "is not CSV in UTF-8"), (b'a,b\n"open', "is not CSV in UTF-8"), (b"a" * (1024 * 1024 + 1), "is larger than 1 MiB")],
)
def test_unreadable_file_is_refused(tmp_path: Path, content: bytes, fault: str) -> None:
    (tmp_path / SESSIONS_FILE).write_bytes(content)
    with pytest.raises(InvalidInput, match=fault):
        read_sessions(tmp_path / SESSIONS_FILE)


def test_shipped_sessions_are_among_the_seed_files() -> None:
    files = {kind: content for _, kind, content in read_seed_files(SEEDS_FOLDER) if kind == "sessions"}
    assert {session["jurisdiction"] for session in files["sessions"]["sessions"]} >= {"MD", "VA", "NY", "MA"}

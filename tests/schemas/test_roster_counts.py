"""The counts of rosters in the seeds add up."""

from typing import Any

import pytest
from marshmallow import ValidationError

from legal.schemas.roster_counts import CountedRoster

FLORIDA = {"jurisdiction": "FL", "jail_enforcement": "1", "task_force": "2", "warrant_service_officer": "0", "agencies": "2"}
ROSTER = {
    "file": "list.xlsx",
    "date": "2025-05-16",
    "seen_again": None,
    "sha256": "0" * 64,
    "rows": "4",
    "agreements": "3",
    "agencies": "2",
    "states": "1",
    "territories": "0",
    "counts": [FLORIDA],
}


def errors_of(**changes: Any) -> Any:
    """Return the messages about a roster with these changes."""
    with pytest.raises(ValidationError) as error:
        CountedRoster().load({**ROSTER, **changes})
    return error.value.messages


def test_text_of_a_csv_becomes_numbers_and_days() -> None:
    data = CountedRoster().load({**ROSTER, "seen_again": "2025-05-17"})
    assert (data["rows"], data["seen_again"].isoformat(), data["counts"][0]["task_force"]) == (4, "2025-05-17", 2)


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"agreements": "4"}, "agreements"),
        ({"agencies": "3"}, "agencies"),
        ({"states": "2"}, "counts"),
        ({"rows": "2"}, "rows"),
        ({"seen_again": "2025-05-16"}, "seen_again"),
        ({"sha256": "0"}, "sha256"),
        ({"date": "May 16"}, "date"),
        ({"counts": [{**FLORIDA, "agencies": "4"}]}, "counts"),
        ({"counts": [{**FLORIDA, "agencies": "1"}]}, "counts"),
        ({"counts": [FLORIDA, FLORIDA], "agreements": "6", "rows": "6", "agencies": "4", "states": "2"}, "counts"),
        ({"other": "x"}, "other"),
    ],
)
def test_counts_that_do_not_fit_are_refused(changes: dict[str, Any], key: str) -> None:
    assert key in errors_of(**changes)

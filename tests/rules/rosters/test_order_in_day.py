"""Test the order of rosters within a day."""

from datetime import time

import pytest

from legal.rules.rosters.order_in_day import TimeOfDay, operator_time, parse_time_in_name

DAY = "participatingAgencies12042025"


@pytest.mark.parametrize(
    ("earlier_name", "later_name"),
    [
        (f"{DAY}am.xlsx", f"{DAY}mid.xlsx"),
        (f"{DAY}mid.xlsx", f"{DAY}pm.xlsx"),
        (f"{DAY}pm.xlsx", f"{DAY}pm2.xlsx"),
        (f"{DAY}pm2.xlsx", f"{DAY}pm3.xlsx"),
        (f"{DAY}pm.xlsx", f"{DAY}pmB.xlsx"),
        (f"{DAY}pmB.xlsx", f"{DAY}pmC.xlsx"),
        (f"{DAY}am.xlsx", f"{DAY}am_b.xlsx"),
        (f"{DAY}.xlsx", f"{DAY}_b.xlsx"),
        (f"{DAY}am_b.xlsx", f"{DAY}.xlsx"),
        (f"{DAY}am.xlsx", f"{DAY}_pm.xlsx"),
        ("participatingAgencies-20250221093000.xlsx", "participatingAgencies-20250221214937.xlsx"),
        ("participatingAgencies-20250221093000.xlsx", f"{DAY}pm.xlsx"),
    ],
)
def test_later_file_of_a_day_sorts_later(earlier_name: str, later_name: str) -> None:
    assert parse_time_in_name(earlier_name).slot < parse_time_in_name(later_name).slot


@pytest.mark.parametrize(
    ("file_name", "label"),
    [
        (f"{DAY}pm2.xlsx", "pm2"),
        (f"{DAY}am_b.xlsx", "am_b"),
        ("participatingAgencies-20250221214937.xlsx", "21:49:37"),
        (f"{DAY}.xlsx", None),
        ("participatingAgencies-20250221996199.xlsx", None),
        ("am.xlsx", None),
    ],
)
def test_label_says_what_the_order_rests_on(file_name: str, label: str | None) -> None:
    assert parse_time_in_name(file_name).label == label


def test_given_time_sorts_among_the_marks() -> None:
    assert operator_time(time(14, 5)) == TimeOfDay("140500", "14:05")
    assert parse_time_in_name(f"{DAY}mid.xlsx").slot < "140500" < parse_time_in_name(f"{DAY}pm.xlsx").slot

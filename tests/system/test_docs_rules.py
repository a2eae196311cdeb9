"""The tables of docs/rules.md agree with the codebook and with the rules."""

import re
from collections.abc import Iterator
from datetime import date

import pytest

from legal.rules.codebook import codebook_json
from legal.rules.dates import parse_date
from legal.rules.figures import allowed_interval
from legal.rules.rosters.renames import LATE_SUCCESSOR_WINDOW
from legal.settings import ROOT

CODEBOOK = codebook_json()
TEXT = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
COMPLETE_LISTS = (
    *("cause", "basis", "kind", "stands", "phase", "agreement_status", "knowledge", "posture", "role", "confidence", "comparator"),
    *(
        "derived_verdict",
        "dimension",
        "verdict",
        "roster_verdict",
        "quantity",
        "cohort",
        "link_effect",
        "provision_type",
        "sentence_verdict",
        "sentence_topic",
    ),
)
"""The closed lists of which docs/rules.md shows every term, in the codebook's order."""

Table = list[dict[str, str]]


def split_cells(line: str) -> list[str]:
    """Split a line of a Markdown table into its cells."""
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def parse_tables(text: str) -> Iterator[Table]:
    """Parse every table of a Markdown text into rows by column name."""
    for block in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
        header, _, *rows = map(split_cells, block.splitlines())
        yield [dict(zip(header, row, strict=True)) for row in rows]


TABLES = list(parse_tables(TEXT))


def find_table(*columns: str) -> Table:
    """Find the first table that has these columns.

    Raises:
        StopIteration: there is none.
    """
    return next(table for table in TABLES if set(columns) <= set(table[0]))


def codes(cell: str) -> list[str]:
    """List the codes in a cell, which are set in backticks."""
    return re.findall(r"`([^`]+)`", cell)


def list_codes(column: str) -> list[str]:
    """List the codes in a column of the first table that has it, one for each row."""
    return [codes(row[column])[0] for row in find_table(column)]


def parse_interval(cell: str) -> tuple[float | None, float | None]:
    """Parse ``950 to 1,050``, ``1,001 or more`` or ``40 or less`` into bounds; null is unbounded."""
    first, word, second = cell.replace(",", "").split()
    if word == "to":
        return float(first), float(second)
    return (float(first), None) if second == "more" else (None, float(first))


def day(cell: str) -> date | None:
    """Read a bound of a date; ``open`` is no bound."""
    return None if cell == "open" else date.fromisoformat(cell)


@pytest.mark.parametrize("name", COMPLETE_LISTS)
def test_every_term_of_a_list_is_explained_in_order(name: str) -> None:
    assert list_codes(name.replace("_", " ")) == [term["value"] for term in CODEBOOK["lists"][name]["terms"]]


def test_posture_rules_are_those_of_the_pack_in_order() -> None:
    rules = [(row["rule"], *codes(row["posture"])) for row in find_table("rule", "posture")]
    assert rules == [(rule["rule"], rule["posture"]) for rule in CODEBOOK["rules"]["posture"]["rules"]]


def test_rule_pack_has_the_number_in_use() -> None:
    assert re.findall(r"rule pack (\d+)", TEXT) == [str(CODEBOOK["rules"]["posture"]["version"])]


def test_statuses_stand_in_the_phases_that_the_code_gives_them() -> None:
    phases = [term["value"] for term in CODEBOOK["lists"]["phase"]["terms"]]
    table = find_table("kind", *(f"`{phase}`" for phase in phases))
    by_kind = {codes(row["kind"])[0]: {phase: codes(row[f"`{phase}`"]) for phase in phases} for row in table}
    codebook_by_kind = {
        kind: {phase: [status["value"] for status in statuses if status["phase"] == phase] for phase in phases}
        for kind, statuses in CODEBOOK["statuses"].items()
    }
    assert by_kind == codebook_by_kind


@pytest.mark.parametrize(("column", "value", "unit"), [("1,000 agreements", 1000, "agreements"), ("40 percent", 40, "percent")])
def test_intervals_are_those_that_the_code_computes(column: str, value: float, unit: str) -> None:
    intervals = {codes(row["comparator"])[0]: parse_interval(row[column]) for row in find_table(column)}
    assert intervals == {comparator: allowed_interval(comparator, value, unit) for comparator in intervals}


def test_counted_units_are_those_of_the_codebook() -> None:
    assert list_codes("counted units") == CODEBOOK["rules"]["interval"]["counted_units"]


def test_bounds_of_dates_are_those_that_the_code_computes() -> None:
    for row in find_table("EDTF", "earliest", "latest"):
        parsed = parse_date(codes(row["EDTF"])[0])
        assert (parsed.earliest, parsed.latest) == (day(row["earliest"]), day(row["latest"])), row["EDTF"]


def test_levels_of_confidence_are_in_the_order_of_the_rule() -> None:
    assert list_codes("confidence") == CODEBOOK["rules"]["confidence"]["order"]


def test_numbers_are_those_that_the_rules_use() -> None:
    rules = CODEBOOK["rules"]
    assert [row["value"] for row in find_table("number", "value")] == [
        f"{100 * rules['interval']['hedge']:g} percent",
        f"{rules['stale']['roster_days']} days",
        f"{LATE_SUCCESSOR_WINDOW.days} days",
        f"{rules['stale']['document_months']} months",
        f"{rules['roster_check']['oldest_days']} days",
        f"{100 * rules['roster_check']['close']:g} percent",
    ]


def test_every_count_of_days_in_the_text_is_one_in_use() -> None:
    limits = {int(count) for limit in CODEBOOK["rules"]["horizons"]["limits"] for count in re.findall(r"(\d+) days", limit["limit"])}
    in_use = {CODEBOOK["rules"]["stale"]["roster_days"], CODEBOOK["rules"]["roster_check"]["oldest_days"]}
    assert {int(count) for count in re.findall(r"(\d+) days", TEXT)} == in_use | limits


def test_time_limits_are_those_of_the_codebook() -> None:
    limits = [(row["what"], row["in effect for certain until"], row["reason"]) for row in find_table("what", "reason")]
    assert limits == [(limit["applies_to"], limit["limit"], limit["reason"]) for limit in CODEBOOK["rules"]["horizons"]["limits"]]

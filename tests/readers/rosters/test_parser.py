"""Test that rosters are parsed row by row: repairs, flags and reasons are recorded, and no row is dropped."""

from collections import Counter
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from legal.errors import RefusedOperation
from legal.readers.rosters.headers import COLUMN_BY_SPELLING, COLUMN_SPELLINGS, REQUIRED_COLUMNS
from legal.readers.rosters.parser import MAX_AGENCY_NAME_LENGTH, find_newest_signature, parse_roster
from legal.rules.rosters.normalize import agency_key, match_key
from legal.rules.rosters.parsed import TIDYING_REPAIRS, CellFlag, CellRepair, ParsedRoster, ParsedRow
from legal.vocabulary import AgencyType, Flag, Model, Repair, RosterColumn, RosterKind, RowOutcome
from tests.examples import examples
from tests.readers.rosters.strategies import GOOD_CELLS, HEADER, LINKS, MOA_URL, ROWS, SAFELINKS_URL, PrintedValue, row_cells, xlsx_bytes

ROSTER_DATE = date(2025, 9, 17)
MAY_8 = date(2025, 5, 8)
PUBLISHED_ROSTERS = {
    "ParticipatingEntities-20241218025939": date(2024, 12, 18),
    "pendingAgencies05152025am": date(2025, 5, 15),
    "participatingAgencies05162025am": date(2025, 5, 16),
    "participatingAgencies09172025pm": date(2025, 9, 17),
    "participatingAgencies11042025pm": date(2025, 11, 4),
    "pendingAgencies11042025pm": date(2025, 11, 4),
    "participatingAgencies01062025pm": date(2026, 1, 6),
}


@pytest.fixture(scope="module")
def published_rosters(shared_folder: Path) -> dict[str, ParsedRoster]:
    """The seven published rosters, parsed, by name."""
    paths = {name: shared_folder / "rosters" / f"{name}.xlsx" for name in PUBLISHED_ROSTERS}
    return {name: parse_roster(path.read_bytes(), name, PUBLISHED_ROSTERS[name]) for name, path in paths.items()}


@cache
def read_cells_with_openpyxl(shared_folder: Path, name: str) -> list[tuple[Any, ...]]:
    """Return the cells of a published roster, row by row, as another library reads them."""
    return [*load_workbook(shared_folder / "rosters" / f"{name}.xlsx").worksheets[0].iter_rows(values_only=True)]


def parse_rows(workbook: bytes) -> ParsedRoster:
    """Parse a workbook without a roster date."""
    return parse_roster(workbook, "list.xlsx")


def parse_only_row(workbook: bytes) -> ParsedRow:
    """Parse a workbook and return its only row."""
    (row,) = parse_roster(workbook, "list.xlsx", ROSTER_DATE).rows
    return row


def parse_row(**changes: PrintedValue) -> ParsedRow:
    """Parse a good row with some of its cells changed."""
    return parse_only_row(xlsx_bytes([row_cells(**changes)]))


def list_agreements(roster: ParsedRoster) -> set[tuple[str | None, str, Model | None]]:
    """Return jurisdiction, agency and model of each agreement in a roster."""
    return {(row.jurisdiction, agency_key(row.agency or ""), row.model) for row in roster.rows}


def get_row(roster: ParsedRoster, number: int) -> ParsedRow:
    """Return the row with this number."""
    return next(row for row in roster.rows if row.number == number)


def normalize_by_hand(value: object) -> str:
    """Normalize a cell without the project's rules."""
    return " ".join(str(value).replace("’", "'").split()).lower()


@pytest.mark.parametrize("name", PUBLISHED_ROSTERS)
def test_published_roster_has_the_rows_that_openpyxl_finds(
    published_rosters: dict[str, ParsedRoster], shared_folder: Path, name: str
) -> None:
    rows = enumerate(read_cells_with_openpyxl(shared_folder, name), start=1)
    numbers = [number for number, cells in rows if any(value is not None for value in cells)]
    assert [1, *(row.number for row in published_rosters[name].rows)] == numbers


@pytest.mark.parametrize("name", PUBLISHED_ROSTERS)
def test_published_roster_has_the_agreements_that_openpyxl_finds(
    published_rosters: dict[str, ParsedRoster], shared_folder: Path, name: str
) -> None:
    header, *rows = read_cells_with_openpyxl(shared_folder, name)
    columns = [header.index(column) for column in ("STATE", "LAW ENFORCEMENT AGENCY", "SUPPORT TYPE")]
    printed_agreements = {tuple(normalize_by_hand(cells[column]) for column in columns) for cells in rows if cells[0]}
    # The published slips in a model's name are at its end.
    printed_pairs = {(state, model[:20]) for state, _, model in printed_agreements}
    agreements = list_agreements(published_rosters[name])
    assert (len(agreements), len({(state, model) for state, _, model in agreements})) == (len(printed_agreements), len(printed_pairs))


def test_no_row_of_a_published_roster_is_set_aside(published_rosters: dict[str, ParsedRoster]) -> None:
    assert not any(row.set_aside_reason for roster in published_rosters.values() for row in roster.rows)


def test_content_of_published_rosters_implies_their_kinds(published_rosters: dict[str, ParsedRoster]) -> None:
    assert [name for name, roster in published_rosters.items() if roster.kind == RosterKind.PENDING] == [
        "pendingAgencies05152025am",
        "pendingAgencies11042025pm",
    ]


def test_roster_of_september_17_has_the_reported_counts(published_rosters: dict[str, ParsedRoster]) -> None:
    agreements = list_agreements(published_rosters["participatingAgencies09172025pm"])
    agencies = {(state, agency) for state, agency, _ in agreements}
    assert (len(agreements), len(agencies), len({state for state, _, _ in agreements})) == (1000, 832, 40)
    assert Counter(model for _, _, model in agreements)[Model.TASK_FORCE] == 500
    agreement_counts, agency_counts = Counter(state for state, _, _ in agreements), Counter(state for state, _ in agencies)
    assert (agreement_counts["FL"], agency_counts["FL"], agreement_counts["TX"]) == (325, 263, 172)


def test_newest_signature_dates_the_misnamed_roster(published_rosters: dict[str, ParsedRoster]) -> None:
    rows = published_rosters["participatingAgencies01062025pm"].rows
    assert max(row.signed_on for row in rows if row.signed_on) == date(2025, 12, 18)


def test_published_date_without_a_slash_is_read(published_rosters: dict[str, ParsedRoster]) -> None:
    row = get_row(published_rosters["participatingAgencies05162025am"], 545)
    repair = CellRepair(RosterColumn.SIGNED, Repair.DATE_WITHOUT_SLASH, "05/082025", "2025-05-08")
    assert (row.signed_on, row.repairs) == (date(2025, 5, 8), (repair,))


def test_published_url_as_text_is_read(published_rosters: dict[str, ParsedRoster]) -> None:
    row = get_row(published_rosters["participatingAgencies05162025am"], 264)
    assert row.moa_url == "https://www.ice.gov/doclib/287gMOA/UnivFLPDFL_TFM_MOA_041525.pdf"


@pytest.mark.parametrize(
    ("name", "number", "printed_text"),
    [("participatingAgencies05162025am", 454, "link\u00a0|\u00a0addendum"), ("participatingAgencies11042025pm", 835, "Cons")],
)
def test_published_stray_words_are_flagged(published_rosters: dict[str, ParsedRoster], name: str, number: int, printed_text: str) -> None:
    assert get_row(published_rosters[name], number).flags == (CellFlag(RosterColumn.MOA, Flag.NOT_A_LINK, printed_text),)


def test_published_misspelled_model_is_read(published_rosters: dict[str, ParsedRoster]) -> None:
    row = get_row(published_rosters["participatingAgencies01062025pm"], 87)
    assert (row.model, [repair.repair for repair in row.repairs]) == (Model.WARRANT_SERVICE_OFFICER, [Repair.MISSPELLING])


def test_published_error_typed_as_text_is_a_blank(published_rosters: dict[str, ParsedRoster]) -> None:
    row = get_row(published_rosters["participatingAgencies09172025pm"], 48)
    assert row.county is None
    assert CellRepair(RosterColumn.COUNTY, Repair.ERROR_CELL, "#NA", None) in row.repairs


def test_published_links_lead_to_ice_or_the_archive(published_rosters: dict[str, ParsedRoster]) -> None:
    rows = [row for roster in published_rosters.values() for row in roster.rows]
    urls = [url for row in rows for url in (row.moa_url, row.addendum_url) if url]
    assert {url.split("/")[2] for url in urls} == {"www.ice.gov", "web.archive.org"}
    assert not any("?" in url or " " in url for url in urls)


def test_good_row_is_read_as_printed() -> None:
    assert parse_row() == ParsedRow(
        number=2,
        outcome=RowOutcome.READ,
        repairs=(),
        flags=(),
        set_aside_reason=None,
        jurisdiction="FL",
        agency="Bay County Sheriff's Office",
        agency_type=AgencyType.COUNTY,
        county="Bay County",
        model=Model.TASK_FORCE,
        signed_on=date(2025, 5, 8),
        moa_url=None,
        addendum_url=None,
        printed_cells={
            "state": "FLORIDA",
            "agency": "Bay County Sheriff's Office",
            "type": "County",
            "county": "Bay County",
            "support_type": "Task Force Model",
            "signed": "2025-05-08",
            "moa": "link pending",
        },
    )


def test_outer_blanks_and_letter_case_are_repairs() -> None:
    row = parse_row(state="florida ", agency=" BAY COUNTY SHERIFF'S OFFICE ")
    repairs = [(repair.column, repair.repair) for repair in row.repairs]
    assert (row.outcome, row.agency) == (RowOutcome.REPAIRED, "Bay County Sheriff's Office")
    assert repairs == [("state", Repair.OUTER_BLANK), ("agency", Repair.OUTER_BLANK), ("agency", Repair.LETTER_CASE)]


def test_case_of_a_listed_word_is_not_a_repair() -> None:
    assert parse_row(state="Florida", model="TASK FORCE MODEL").outcome is RowOutcome.READ


def test_repaired_row_records_each_repair() -> None:
    row = parse_row(agency="Bay County Sheriff’s  Office")
    assert (row.outcome, [repair.repair for repair in row.repairs]) == (
        RowOutcome.REPAIRED,
        [Repair.CURLY_QUOTE, Repair.REPEATED_BLANK],
    )


def test_flagged_cells_do_not_set_a_row_aside() -> None:
    row = parse_row(signed=date(2025, 12, 25), type="Tribe")
    assert (row.outcome, row.signed_on, row.agency_type) == (RowOutcome.READ, None, None)
    assert row.flags == (
        CellFlag(RosterColumn.TYPE, Flag.UNKNOWN_WORD, "Tribe"),
        CellFlag(RosterColumn.SIGNED, Flag.AFTER_LIST, "2025-12-25"),
    )


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"state": "Narnia", "model": "Foo"}, "Unknown jurisdiction: 'Narnia'. Unknown model: 'Foo'."),
        ({"state": "Grand Total"}, "The row is a total, not an agreement."),
        ({"state": None, "model": "Foo"}, "The jurisdiction is missing. Unknown model: 'Foo'."),
        ({"agency": "#N/A"}, "The agency is missing."),
        ({"agency": "—"}, "Unknown agency: '—'."),
        ({"agency": "A" * (MAX_AGENCY_NAME_LENGTH + 1)}, f"Unknown agency: '{'A' * 80}'."),
        ({"state": "Grand Total", "agency": 1134, "model": None}, "The row is a total, not an agreement."),
        (dict(zip(("state", "agency", "type", "county", "model"), HEADER[:5], strict=True)), "The row repeats the header."),
    ],
)
def test_row_that_names_no_agreement_is_set_aside_with_its_reason(changes: dict[str, PrintedValue], reason: str) -> None:
    row = parse_row(**changes)
    assert (row.outcome, row.set_aside_reason) == (RowOutcome.SET_ASIDE, reason)


def test_row_with_one_stray_cell_is_set_aside_as_printed() -> None:
    row = parse_only_row(xlsx_bytes([[None, None, None, None, None, None, None, None, "note"]]))
    assert (row.outcome, row.printed_cells) == (RowOutcome.SET_ASIDE, {"I": "note"})


def test_second_row_of_an_agreement_is_flagged_with_the_first() -> None:
    cells = [row_cells(), row_cells(agency="BAY COUNTY SHERIFF’S OFFICE"), row_cells(model="Jail Enforcement Model")]
    assert [row.flags for row in parse_rows(xlsx_bytes(cells)).rows] == [(), (CellFlag(None, Flag.REPEATS_ROW, "2"),), ()]


def test_rows_that_are_set_aside_do_not_repeat_each_other() -> None:
    rows = parse_rows(xlsx_bytes([row_cells(state=None), row_cells(state=None)])).rows
    assert [row.flags for row in rows] == [(), ()]


def test_row_with_an_unlisted_state_is_read_without_a_jurisdiction() -> None:
    row = parse_row(state=" Narnia")
    assert (row.outcome, row.jurisdiction, row.printed_state) == (RowOutcome.READ, None, "Narnia")


def test_blank_rows_are_skipped_and_numbers_kept() -> None:
    workbook = xlsx_bytes([row_cells(), [None], row_cells(state="TEXAS")], blank_rows_above=2, hidden_rows=[4])
    assert [row.number for row in parse_rows(workbook).rows] == [4, 6]


def test_unwrapped_link_records_both_urls() -> None:
    row = parse_only_row(xlsx_bytes([row_cells(moa="link")], links={"G2": SAFELINKS_URL}))
    assert (row.moa_url, row.repairs) == (MOA_URL, (CellRepair(RosterColumn.MOA, Repair.LINK_UNWRAPPED, SAFELINKS_URL, MOA_URL),))


def test_addendum_has_its_own_link() -> None:
    assert parse_only_row(xlsx_bytes([row_cells(addendum="link")], links={"H2": MOA_URL})).addendum_url == MOA_URL


def test_null_character_is_replaced() -> None:
    assert parse_row(county="Bay_x0000_County").printed_cells["county"] == "Bay\ufffdCounty"


@pytest.mark.parametrize(
    ("cell", "printed_text"),
    [
        (7.0, "7"),
        (7.5, "7.5"),
        (True, "TRUE"),
        (datetime.fromisoformat("2025-05-08T13:01"), "2025-05-08T13:01:00"),
        (date(2025, 5, 8), "2025-05-08"),
    ],
)
def test_cell_is_stored_as_text(cell: PrintedValue, printed_text: str) -> None:
    assert parse_row(county=cell).printed_cells["county"] == printed_text


def test_header_is_found_up_to_row_20() -> None:
    roster = parse_rows(xlsx_bytes([row_cells()], blank_rows_above=19))
    assert (roster.header_row, len(roster.rows)) == (20, 1)


def test_header_below_row_20_is_not_found() -> None:
    with pytest.raises(RefusedOperation):
        parse_rows(xlsx_bytes([row_cells()], blank_rows_above=20))


@pytest.mark.parametrize("header", [("State ", "AGENCY", "287(g)\nModel"), ("state", "Law\u00a0Enforcement  Agency Name", "Support Type:")])
def test_header_is_recognized_in_other_spellings(header: tuple[str, ...]) -> None:
    roster = parse_rows(xlsx_bytes([("TEXAS", "A Police Department", "Task Force Model")], header=header))
    assert (roster.columns, roster.rows[0].model) == (dict(zip(REQUIRED_COLUMNS, header, strict=True)), Model.TASK_FORCE)


def test_header_spellings_are_unique_match_keys() -> None:
    assert [spelling for spelling in COLUMN_BY_SPELLING if match_key(spelling) != spelling] == []
    assert len(COLUMN_BY_SPELLING) == sum(len(spellings) for spellings in COLUMN_SPELLINGS.values())


def test_missing_columns_are_listed() -> None:
    roster = parse_rows(xlsx_bytes([GOOD_CELLS[:5]], header=HEADER[:5]))
    assert (roster.kind, roster.missing_columns) == (RosterKind.PENDING, (RosterColumn.SIGNED, RosterColumn.MOA, RosterColumn.ADDENDUM))


def test_roster_without_signatures_and_links_is_pending() -> None:
    assert parse_rows(xlsx_bytes([row_cells(signed=None)])).kind == RosterKind.PENDING


def test_unknown_columns_are_noted_and_stored_as_printed() -> None:
    roster = parse_rows(xlsx_bytes([[*row_cells(), "a", "b", None, "c"]], header=[*HEADER, "Remark", "STATE", None, None]))
    assert list(roster.columns)[8:] == ["Remark", "STATE (J)", "L"]
    assert roster.notes == ("Unknown columns, stored as printed: 'Remark', 'STATE (J)', 'L'.",)
    cells = roster.rows[0].printed_cells
    assert {name: cells[name] for name in ("Remark", "STATE (J)", "L")} == {"Remark": "a", "STATE (J)": "b", "L": "c"}


def test_note_names_at_most_ten_unknown_columns() -> None:
    names = [f"Column {number}" for number in range(12)]
    (note,) = parse_rows(xlsx_bytes([[*row_cells(), *names]], header=[*HEADER, *names])).notes
    assert note.endswith("'Column 9' and 2 more.")


def test_formula_without_a_value_is_an_error_cell() -> None:
    roster = parse_rows(xlsx_bytes([["=A1", "=B1", "=C1", None, "=E1"], row_cells(county="=D1")]))
    assert [(row.number, row.outcome) for row in roster.rows] == [(2, RowOutcome.SET_ASIDE), (3, RowOutcome.READ)]
    assert roster.rows[0].printed_cells["agency"] == "#FORMULA"


def test_links_in_other_columns_are_noted() -> None:
    roster = parse_rows(xlsx_bytes([row_cells()], links={"A2": MOA_URL, "B1": MOA_URL}))
    assert roster.notes == ("Links outside the columns MOA and ADDENDUM, not read: 1.",)


def test_other_sheets_are_listed() -> None:
    roster = parse_rows(xlsx_bytes([row_cells()], hidden_sheets={"Pivot": [["Row Labels", "Count"], ["TEXAS", 3]]}))
    assert (roster.sheet, roster.other_sheets, roster.notes) == ("Sheet", ("Pivot",), ())


def test_first_sheet_with_a_header_and_rows_is_read() -> None:
    roster = parse_rows(xlsx_bytes([], hidden_sheets={"Data": [HEADER, row_cells()], "More": [HEADER, row_cells()]}))
    assert (roster.sheet, len(roster.rows)) == ("Data", 1)
    assert roster.notes == tuple(f"The sheet {name!r} also has a header. It was not read." for name in ("Sheet", "More"))


def test_roster_may_have_no_rows() -> None:
    assert parse_rows(xlsx_bytes([])).rows == ()


@pytest.mark.parametrize(
    ("header", "hint"),
    [
        (("STATE", "SIGNED", "MOA"), "The closest row has STATE, SIGNED, MOA."),
        (("a", "b"), "No row has any of them."),
        ((), "No row has any of them."),
    ],
)
def test_workbook_without_the_required_columns_is_refused_with_a_hint(header: tuple[str, ...], hint: str) -> None:
    with pytest.raises(RefusedOperation) as error:
        parse_rows(xlsx_bytes([], header=header))
    assert str(error.value) == f"list.xlsx has no sheet with the columns STATE, AGENCY, SUPPORT TYPE. Nothing was imported. {hint}"


@pytest.mark.parametrize(
    ("printed_date", "newest_date"),
    [(date(2025, 12, 25), date(2025, 12, 25)), (date(5025, 9, 10), date(2025, 9, 10)), (date(2027, 1, 1), MAY_8)],
    ids=["after the roster", "corrected year", "in the future"],
)
def test_newest_signature_may_be_later_than_the_roster_but_not_than_today(printed_date: date, newest_date: date) -> None:
    workbook = xlsx_bytes([row_cells(signed=printed_date), row_cells(agency="A Police Department", signed=MAY_8)])
    roster = parse_roster(workbook, "list.xlsx", ROSTER_DATE)
    newest_signature = find_newest_signature(workbook, "list.xlsx", roster, date(2026, 11, 22))
    assert newest_signature == (newest_date, 2 if newest_date > MAY_8 else 3)


@given(ROWS, LINKS, st.integers(0, 3), st.sets(st.integers(1, 9), max_size=3), st.sampled_from([None, ROSTER_DATE]))
@examples(12)
def test_no_row_is_dropped_whatever_its_cells(
    rows: list[tuple[PrintedValue, ...]], links: dict[str, str], blank_rows: int, hidden_rows: set[int], roster_date: date | None
) -> None:
    workbook = xlsx_bytes(
        rows, blank_rows_above=blank_rows, links=links, hidden_rows=sorted(hidden_rows), hidden_sheets={"Pivot": [["a", "#N/A"]]}
    )
    roster = parse_roster(workbook, "list.xlsx", roster_date)
    numbers = {
        number
        for number, cells in enumerate(rows, start=blank_rows + 2)
        if any(str("" if cell is None else cell).strip() for cell in cells)
    }
    numbers |= {number for cell in links if (number := int(cell[1:])) > blank_rows + 1}  # openpyxl writes a link's URL as its text
    assert [row.number for row in roster.rows] == sorted(numbers)
    assert all(is_consistent(row) for row in roster.rows)
    assert parse_roster(workbook, "list.xlsx", roster_date) == roster


def is_consistent(row: ParsedRow) -> bool:
    """Return true if a row's outcome agrees with its content."""
    names_agreement = None not in {row.jurisdiction or row.printed_state, row.agency, row.model}
    match row.outcome:
        case RowOutcome.SET_ASIDE:
            return bool(row.set_aside_reason)
        case RowOutcome.REPAIRED:
            return names_agreement and bool(row.repairs) and not row.set_aside_reason
        case _:
            return names_agreement and {repair.repair for repair in row.repairs} <= TIDYING_REPAIRS and not row.set_aside_reason

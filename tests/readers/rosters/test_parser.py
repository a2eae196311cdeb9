"""ICE's lists are read row by row: what was mended, doubted or set aside is told, and no row is lost."""

from collections import Counter
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from legal.errors import Refused
from legal.readers.rosters.headers import HEADERS, KNOWN, NEEDED
from legal.readers.rosters.parser import LONGEST_NAME, read
from legal.rules.rosters.normalize import agency_key, key
from legal.rules.rosters.parsed import Flag, ParsedRoster, Repair, Row
from legal.vocabulary import AgencyType, Doubt, Mend, Model, RosterColumn, RosterKind, RowOutcome
from tests.examples import examples
from tests.readers.rosters.strategies import GOOD, HEADER, LINKS, MOA, ROWS, SAFE, Value, row, workbook

LISTED = date(2025, 9, 17)
LISTS = {
    "ParticipatingEntities-20241218025939": date(2024, 12, 18),
    "pendingAgencies05152025am": date(2025, 5, 15),
    "participatingAgencies05162025am": date(2025, 5, 16),
    "participatingAgencies09172025pm": date(2025, 9, 17),
    "participatingAgencies11042025pm": date(2025, 11, 4),
    "pendingAgencies11042025pm": date(2025, 11, 4),
    "participatingAgencies01062025pm": date(2026, 1, 6),
}


@pytest.fixture(scope="module")
def lists(shared: Path) -> dict[str, ParsedRoster]:
    """The seven published lists, as read."""
    return {name: read((shared / "rosters" / f"{name}.xlsx").read_bytes(), name, day) for name, day in LISTS.items()}


@cache
def cells(shared: Path, name: str) -> list[tuple[Any, ...]]:
    """The cells of a published list, line by line, as another library finds them."""
    return [*load_workbook(shared / "rosters" / f"{name}.xlsx").worksheets[0].iter_rows(values_only=True)]


def only(data: bytes, listed_on: date | None = LISTED) -> Row:
    """The one row of a list."""
    (found,) = read(data, "list.xlsx", listed_on).rows
    return found


def one(**more: Value) -> Row:
    """A good row with some of its cells otherwise, as read."""
    return only(workbook([row(**more)]))


def agreements(listed: ParsedRoster) -> set[tuple[str | None, str, Model | None]]:
    """What the list's rows name, each once."""
    return {(found.jurisdiction, agency_key(found.agency or ""), found.model) for found in listed.rows}


def by_row(listed: ParsedRoster, number: int) -> Row:
    """A row by the number that the spreadsheet shows."""
    return next(found for found in listed.rows if found.number == number)


@pytest.mark.parametrize("name", LISTS)
def test_a_published_list_has_the_rows_that_another_library_finds(lists: dict[str, ParsedRoster], shared: Path, name: str) -> None:
    theirs = [number for number, line in enumerate(cells(shared, name), start=1) if any(value is not None for value in line)]
    assert [1, *(found.number for found in lists[name].rows)] == theirs


@pytest.mark.parametrize("name", LISTS)
def test_a_published_list_names_the_agreements_that_another_library_finds(lists: dict[str, ParsedRoster], shared: Path, name: str) -> None:
    header, *lines = cells(shared, name)
    places = [header.index(wanted) for wanted in ("STATE", "LAW ENFORCEMENT AGENCY", "SUPPORT TYPE")]
    theirs = {
        tuple(" ".join(str(line[place]).replace("’", "'").split()).lower()[:20] for place in places[::2]) for line in lines if line[0]
    }
    named = {tuple(" ".join(str(line[place]).replace("’", "'").split()).lower() for place in places) for line in lines if line[0]}
    assert (len(agreements(lists[name])), len({(found[0], found[2]) for found in agreements(lists[name])})) == (len(named), len(theirs))


def test_no_row_of_a_published_list_is_set_aside(lists: dict[str, ParsedRoster]) -> None:
    assert not any(found.why for listed in lists.values() for found in listed.rows)


def test_the_kinds_are_what_the_columns_say(lists: dict[str, ParsedRoster]) -> None:
    assert [name for name, listed in lists.items() if listed.kind == RosterKind.PENDING] == [
        "pendingAgencies05152025am",
        "pendingAgencies11042025pm",
    ]


def test_the_list_of_17_september_has_what_was_reported_of_it(lists: dict[str, ParsedRoster]) -> None:
    found = agreements(lists["participatingAgencies09172025pm"])
    agencies = {named[:2] for named in found}
    assert (len(found), len(agencies), len({named[0] for named in found})) == (1000, 832, 40)
    assert Counter(named[2] for named in found)[Model.TASK_FORCE] == 500
    assert [sum(named[0] == code for named in some) for code, some in (("FL", found), ("FL", agencies), ("TX", found))] == [325, 263, 172]


def test_the_newest_signature_dates_the_list_that_is_misnamed(lists: dict[str, ParsedRoster]) -> None:
    assert max(found.signed for found in lists["participatingAgencies01062025pm"].rows if found.signed) == date(2025, 12, 18)


def test_the_date_without_a_slash_is_read(lists: dict[str, ParsedRoster]) -> None:
    found = by_row(lists["participatingAgencies05162025am"], 545)
    assert (found.signed, found.repairs) == (
        date(2025, 5, 8),
        (Repair(RosterColumn.SIGNED, Mend.DATE_WITHOUT_SLASH, "05/082025", "2025-05-08"),),
    )


def test_the_bare_address_is_read(lists: dict[str, ParsedRoster]) -> None:
    assert (
        by_row(lists["participatingAgencies05162025am"], 264).moa_url == "https://www.ice.gov/doclib/287gMOA/UnivFLPDFL_TFM_MOA_041525.pdf"
    )


@pytest.mark.parametrize(
    ("name", "number", "printed"),
    [("participatingAgencies05162025am", 454, "link\u00a0|\u00a0addendum"), ("participatingAgencies11042025pm", 835, "Cons")],
)
def test_the_stray_words_are_in_doubt(lists: dict[str, ParsedRoster], name: str, number: int, printed: str) -> None:
    assert by_row(lists[name], number).flags == (Flag(RosterColumn.MOA, Doubt.NOT_A_LINK, printed),)


def test_the_misspelt_model_is_read(lists: dict[str, ParsedRoster]) -> None:
    found = by_row(lists["participatingAgencies01062025pm"], 87)
    assert (found.model, [mended.how for mended in found.repairs]) == (Model.WARRANT_SERVICE_OFFICER, [Mend.MISSPELLING])


def test_the_error_typed_as_text_is_a_blank(lists: dict[str, ParsedRoster]) -> None:
    found = by_row(lists["participatingAgencies09172025pm"], 48)
    assert found.county is None
    assert Repair(RosterColumn.COUNTY, Mend.ERROR_CELL, "#NA", None) in found.repairs


def test_every_link_leads_to_ice_or_the_archive(lists: dict[str, ParsedRoster]) -> None:
    urls = [url for listed in lists.values() for found in listed.rows for url in (found.moa_url, found.addendum_url) if url]
    assert {url.split("/")[2] for url in urls} == {"www.ice.gov", "web.archive.org"}
    assert not any("?" in url or " " in url for url in urls)


def test_a_good_row_is_read_as_printed() -> None:
    assert one() == Row(
        *(2, RowOutcome.READ, (), (), None, "FL", "Bay County Sheriff's Office", AgencyType.COUNTY, "Bay County", Model.TASK_FORCE),
        *(date(2025, 5, 8), None, None),
        {"state": "FLORIDA", "agency": GOOD[1], "type": "County", "county": "Bay County", "support_type": GOOD[4]}
        | {"signed": "2025-05-08", "moa": "link pending"},
    )


def test_outer_blanks_and_the_case_of_a_name_are_repaired_and_told() -> None:
    found = one(state="florida ", agency=" BAY COUNTY SHERIFF'S OFFICE ")
    told = [(mended.column, mended.how) for mended in found.repairs]
    assert (found.outcome, found.agency) == (RowOutcome.REPAIRED, "Bay County Sheriff's Office")
    assert told == [("state", Mend.OUTER_BLANK), ("agency", Mend.OUTER_BLANK), ("agency", Mend.LETTER_CASE)]


def test_a_word_in_any_case_is_read_as_it_stands() -> None:
    assert one(state="Florida", model="TASK FORCE MODEL").outcome is RowOutcome.READ


def test_a_mended_row_is_repaired_and_says_how() -> None:
    found = one(agency="Bay County Sheriff’s  Office")
    assert (found.outcome, [mended.how for mended in found.repairs]) == (RowOutcome.REPAIRED, [Mend.CURLY_QUOTE, Mend.REPEATED_BLANK])


def test_a_row_in_doubt_is_still_good() -> None:
    found = one(signed=date(2025, 12, 25), type="Tribe")
    assert (found.outcome, found.signed, found.agency_type) == (RowOutcome.READ, None, None)
    assert found.flags == (Flag(RosterColumn.TYPE, Doubt.UNKNOWN_WORD, "Tribe"), Flag(RosterColumn.SIGNED, Doubt.AFTER_LIST, "2025-12-25"))


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ({"state": "Narnia"}, "'Narnia' is no place that is known."),
        ({"state": None, "model": "Foo"}, "There is no place. 'Foo' is no model that is known."),
        ({"agency": "#N/A"}, "There is no agency."),
        ({"agency": "—"}, "'—' is no agency that is known."),
        ({"agency": "A" * (LONGEST_NAME + 1)}, f"'{'A' * 80}' is no agency that is known."),
        ({"state": "Grand Total", "agency": 1134, "model": None}, "It is a total, not an agreement."),
        (dict(zip(("state", "agency", "type", "county", "model"), HEADER[:5], strict=True)), "It repeats the header."),
    ],
)
def test_a_row_that_names_no_agreement_is_set_aside_with_its_reason(cells: dict[str, Value], why: str) -> None:
    found = one(**cells)
    assert (found.outcome, found.why) == (RowOutcome.SET_ASIDE, why)


def test_a_row_with_one_stray_cell_is_set_aside_and_kept_as_printed() -> None:
    found = only(workbook([[None, None, None, None, None, None, None, None, "note"]]))
    assert (found.outcome, found.printed) == (RowOutcome.SET_ASIDE, {"I": "note"})


def test_a_second_row_of_one_agreement_says_which_it_repeats() -> None:
    rows = read(workbook([row(), row(agency="BAY COUNTY SHERIFF’S OFFICE"), row(model="Jail Enforcement Model")]), "list.xlsx").rows
    assert [found.flags for found in rows] == [(), (Flag(None, Doubt.REPEATS_ROW, "2"),), ()]


def test_rows_set_aside_repeat_nothing() -> None:
    rows = read(workbook([row(state="Narnia"), row(state="Narnia")]), "list.xlsx").rows
    assert [found.flags for found in rows] == [(), ()]


def test_blank_rows_are_passed_over_and_numbers_kept() -> None:
    rows = read(workbook([row(), [None], row(state="TEXAS")], above=2, hidden=[4]), "list.xlsx").rows
    assert [found.number for found in rows] == [4, 6]


def test_a_link_is_unwrapped_and_both_addresses_are_told() -> None:
    found = only(workbook([row(moa="link")], links={"G2": SAFE}))
    assert (found.moa_url, found.repairs) == (MOA, (Repair(RosterColumn.MOA, Mend.LINK_UNWRAPPED, SAFE, MOA),))


def test_an_addendum_has_a_link_of_its_own() -> None:
    assert only(workbook([row(addendum="link")], links={"H2": MOA})).addendum_url == MOA


def test_a_null_character_reaches_no_database() -> None:
    assert one(county="Bay_x0000_County").printed["county"] == "Bay\ufffdCounty"


@pytest.mark.parametrize(
    ("cell", "printed"),
    [
        (7.0, "7"),
        (7.5, "7.5"),
        (True, "TRUE"),
        (datetime.fromisoformat("2025-05-08T13:01"), "2025-05-08T13:01:00"),
        (date(2025, 5, 8), "2025-05-08"),
    ],
)
def test_a_cell_is_kept_as_text(cell: Value, printed: str) -> None:
    assert one(county=cell).printed["county"] == printed


def test_the_header_need_not_be_the_first_row() -> None:
    listed = read(workbook([row()], above=19), "list.xlsx")
    assert (listed.header_row, len(listed.rows)) == (20, 1)


def test_a_header_further_down_is_none() -> None:
    with pytest.raises(Refused):
        read(workbook([row()], above=20), "list.xlsx")


@pytest.mark.parametrize("header", [("State ", "AGENCY", "287(g)\nModel"), ("state", "Law\u00a0Enforcement  Agency Name", "Support Type:")])
def test_a_header_is_known_in_any_dress(header: tuple[str, ...]) -> None:
    listed = read(workbook([("TEXAS", "A Police Department", "Task Force Model")], header=header), "list.xlsx")
    assert (listed.columns, listed.rows[0].model) == (dict(zip(NEEDED, header, strict=True)), Model.TASK_FORCE)


def test_a_header_of_every_name_is_folded_already() -> None:
    assert [spelling for spelling in KNOWN if key(spelling) != spelling] == []
    assert len(KNOWN) == sum(len(spellings) for spellings in HEADERS.values())


def test_columns_that_are_not_there_are_told() -> None:
    listed = read(workbook([GOOD[:5]], header=HEADER[:5]), "list.xlsx")
    assert (listed.kind, listed.missing) == (RosterKind.PENDING, (RosterColumn.SIGNED, RosterColumn.MOA, RosterColumn.ADDENDUM))


def test_a_list_without_any_signature_or_link_is_pending_whatever_its_columns() -> None:
    assert read(workbook([row(signed=None)]), "list.xlsx").kind == RosterKind.PENDING


def test_unknown_columns_are_kept_and_told() -> None:
    listed = read(workbook([[*row(), "a", "b", None, "c"]], header=[*HEADER, "Remark", "STATE", None, None]), "list.xlsx")
    assert list(listed.columns)[8:] == ["Remark", "STATE (J)", "L"]
    assert listed.notes == ("Columns that are not known, whose cells are kept as printed: 'Remark', 'STATE (J)', 'L'.",)
    assert {name: listed.rows[0].printed[name] for name in ("Remark", "STATE (J)", "L")} == {"Remark": "a", "STATE (J)": "b", "L": "c"}


def test_of_many_unknown_columns_a_few_are_named() -> None:
    wide = [f"Column {number}" for number in range(12)]
    (note,) = read(workbook([[*row(), *wide]], header=[*HEADER, *wide]), "list.xlsx").notes
    assert note.endswith("'Column 9' and 2 more.")


def test_a_formula_that_nobody_has_worked_out_is_an_error_and_its_row_is_told() -> None:
    listed = read(workbook([["=A1", "=B1", "=C1", None, "=E1"], row(county="=D1")]), "list.xlsx")
    assert [(found.number, found.outcome) for found in listed.rows] == [(2, RowOutcome.SET_ASIDE), (3, RowOutcome.REPAIRED)]
    assert listed.rows[0].printed["agency"] == "#FORMULA"


def test_links_in_other_columns_are_told() -> None:
    listed = read(workbook([row()], links={"A2": MOA, "B1": MOA}), "list.xlsx")
    assert listed.notes == ("Links in other columns than MOA and ADDENDUM were not read: 1.",)


def test_other_sheets_are_named() -> None:
    listed = read(workbook([row()], sheets={"Pivot": [["Row Labels", "Count"], ["TEXAS", 3]]}), "list.xlsx")
    assert (listed.sheet, listed.other_sheets, listed.notes) == ("Sheet", ("Pivot",), ())


def test_of_two_sheets_with_a_header_the_first_with_rows_is_read() -> None:
    listed = read(workbook([], sheets={"Data": [HEADER, row()], "More": [HEADER, row()]}), "list.xlsx")
    assert (listed.sheet, len(listed.rows)) == ("Data", 1)
    assert listed.notes == tuple(f"The sheet {name!r} has a header too and was not read." for name in ("Sheet", "More"))


def test_a_list_may_have_no_rows() -> None:
    assert read(workbook([]), "list.xlsx").rows == ()


@pytest.mark.parametrize(
    ("header", "found"),
    [
        (("STATE", "SIGNED", "MOA"), "The nearest to a header has STATE, SIGNED, MOA."),
        (("a", "b"), "None of them was found."),
        ((), "None of them was found."),
    ],
)
def test_a_workbook_without_the_columns_is_refused_with_what_was_found(header: tuple[str, ...], found: str) -> None:
    with pytest.raises(Refused) as refused:
        read(workbook([], header=header), "list.xlsx")
    assert str(refused.value) == f"list.xlsx has no sheet with the columns STATE, AGENCY, SUPPORT TYPE; nothing was read. {found}"


@given(ROWS, LINKS, st.integers(0, 3), st.sets(st.integers(1, 9), max_size=3), st.sampled_from([None, LISTED]))
@examples(12)
def test_no_row_is_lost_whatever_is_in_it(
    rows: list[tuple[Value, ...]], links: dict[str, str], above: int, hidden: set[int], listed_on: date | None
) -> None:
    data = workbook(rows, above=above, links=links, hidden=sorted(hidden), sheets={"Pivot": [["a", "#N/A"]]})
    listed = read(data, "list.xlsx", listed_on)
    written = {
        number for number, line in enumerate(rows, start=above + 2) if any(str("" if cell is None else cell).strip() for cell in line)
    }
    written |= {number for cell in links if (number := int(cell[1:])) > above + 1}  # a cell that has a link has its address as text
    assert [found.number for found in listed.rows] == sorted(written)
    assert all(sound(found) for found in listed.rows)
    assert read(data, "list.xlsx", listed_on) == listed


def sound(found: Row) -> bool:
    """Whether a row's outcome is what its parts say."""
    named = None not in {found.jurisdiction, found.agency, found.model}
    match found.outcome:
        case RowOutcome.SET_ASIDE:
            return bool(found.why)
        case RowOutcome.REPAIRED:
            return named and bool(found.repairs) and not found.why
        case _:
            return named and not found.repairs and not found.why

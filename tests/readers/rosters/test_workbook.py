"""Test that a workbook is opened completely or refused with a reason, even if it is damaged or malicious."""

import io
import re
from contextlib import suppress
from datetime import date
from pathlib import Path
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from legal.errors import InvalidInput
from legal.readers.rosters import archive, sheet_xml
from legal.readers.rosters.archive import ENCRYPTED_MARKER, OLE_SIGNATURE
from legal.readers.rosters.sheet_xml import column_letters, parse_position
from legal.readers.rosters.workbook import Sheet, open_workbook
from legal.settings import MAX_WORKBOOK_BYTES
from tests.examples import examples
from tests.readers.rosters.strategies import MOA_URL, read_members, replace_in_member, row_cells, xlsx_bytes, zip_bytes

SHEET_MEMBER = "xl/worksheets/sheet1.xml"
PLAIN_WORKBOOK = xlsx_bytes([row_cells()])
LINKED_WORKBOOK = xlsx_bytes([row_cells(), row_cells()], links={"G2": MOA_URL})


def open_sheets(workbook: bytes) -> list[Sheet]:
    """Open a workbook and return its sheets."""
    return open_workbook(workbook, "list.xlsx")


def open_first_sheet(workbook: bytes) -> Sheet:
    """Open a workbook and return its first sheet."""
    return open_sheets(workbook)[0]


def refusal_of(workbook: bytes) -> str:
    """Return the reason why bytes are refused."""
    with pytest.raises(InvalidInput) as error:
        open_sheets(workbook)
    return str(error.value)


def workbook_with_sheet_data(sheet_data: str) -> bytes:
    """Return a workbook whose first sheet has this XML as its data."""
    members = read_members(PLAIN_WORKBOOK)
    xml = re.sub(r"<sheetData>.*</sheetData>", lambda _: sheet_data, members[SHEET_MEMBER].decode(), flags=re.DOTALL)
    return zip_bytes(members | {SHEET_MEMBER: xml.encode()})


@pytest.mark.parametrize(
    "name", ["participatingAgencies09172025pm", "participatingAgencies05162025am", "ParticipatingEntities-20241218025939"]
)
def test_published_roster_has_the_cells_and_links_that_openpyxl_finds(shared_folder: Path, name: str) -> None:
    path = shared_folder / "rosters" / f"{name}.xlsx"
    (sheet,) = open_workbook(path.read_bytes(), path.name)
    openpyxl_rows = load_workbook(path).worksheets[0].iter_rows()
    openpyxl_cells = {(cell.row, cell.column): cell for cells in openpyxl_rows for cell in cells}
    assert {position: without_midnight(cell.value) for position, cell in openpyxl_cells.items() if cell.value is not None} == {
        (row, column): value for row, values in enumerate(sheet.rows, 1) for column, value in enumerate(values, 1) if value != ""
    }
    assert sheet.links == {position: cell.hyperlink.target for position, cell in openpyxl_cells.items() if cell.hyperlink}


def without_midnight(value: object) -> object:
    """Return the date of a datetime, and any other value unchanged."""
    return value.date() if hasattr(value, "date") else value


def test_rows_and_columns_are_counted_from_the_first() -> None:
    sheet = open_first_sheet(xlsx_bytes([row_cells()], blank_rows_above=3))
    assert [bool(values[0]) for values in sheet.rows] == [False, False, False, True, True]


def test_hidden_rows_and_sheets_are_read() -> None:
    sheets = open_sheets(xlsx_bytes([row_cells(), row_cells()], hidden_rows=[2], hidden_sheets={"Pivot": [["a"]]}))
    assert [(sheet.name, len(sheet.rows)) for sheet in sheets] == [("Sheet", 3), ("Pivot", 1)]


def test_empty_sheet_has_no_rows() -> None:
    memory = io.BytesIO()
    Workbook().save(memory)
    assert open_first_sheet(memory.getvalue()).rows == []


def test_error_cell_has_its_displayed_text() -> None:
    sheet = open_first_sheet(xlsx_bytes([row_cells(county="#N/A"), [None, None, None, "#REF!"]]))
    assert [sheet.rows[1][3], sheet.rows[2][3]] == ["#N/A", "#REF!"]


def test_dates_are_read_in_both_date_systems() -> None:
    # openpyxl writes empty elements with a blank or without, depending on whether lxml is installed.
    element = "<workbookPr />" if b"<workbookPr />" in read_members(PLAIN_WORKBOOK)["xl/workbook.xml"] else "<workbookPr/>"
    mac_workbook = replace_in_member(PLAIN_WORKBOOK, "xl/workbook.xml", element, '<workbookPr date1904="1"/>')
    dates = [open_first_sheet(workbook).rows[1][5] for workbook in (PLAIN_WORKBOOK, mac_workbook)]
    assert dates == [date(2025, 5, 8), date(2029, 5, 9)]


def test_links_are_given_by_cell() -> None:
    assert open_first_sheet(LINKED_WORKBOOK).links == {(2, 7): MOA_URL}


def test_link_may_span_cells_and_have_a_location() -> None:
    workbook = replace_in_member(LINKED_WORKBOOK, SHEET_MEMBER, 'ref="G2"', 'ref="G2:H3" location="page=2"')
    assert open_first_sheet(workbook).links == dict.fromkeys([(2, 7), (2, 8), (3, 7), (3, 8)], f"{MOA_URL}#page=2")


def test_link_within_the_workbook_is_ignored() -> None:
    workbook = replace_in_member(LINKED_WORKBOOK, SHEET_MEMBER, 'r:id="rId1"', 'location="A1"')
    assert open_first_sheet(workbook).links == {}


def test_cells_without_references_are_placed_in_order() -> None:
    sheet_data = '<sheetData><row><c t="str"><v>a</v></c><c t="str"><v>b</v></c></row><row><c><v>1</v></c></row></sheetData>'
    assert open_first_sheet(workbook_with_sheet_data(sheet_data)).rows == [["a", "b"], [1.0, ""]]


@pytest.mark.parametrize(
    ("workbook", "reason"),
    [
        (b"", "not a workbook"),
        (b"STATE,AGENCY", "not a workbook"),
        (OLE_SIGNATURE + b"\0" * 600, "old format"),
        (OLE_SIGNATURE + ENCRYPTED_MARKER, "password"),
        (PLAIN_WORKBOOK[:-200], "damaged or incomplete"),
        (PLAIN_WORKBOOK[: len(PLAIN_WORKBOOK) // 2], "damaged or incomplete"),
        (b"PK\x03\x04", "damaged or incomplete"),
        (zip_bytes({"a.txt": "x"}), "not a workbook"),
        (zip_bytes(read_members(PLAIN_WORKBOOK) | {"xl/vbaProject.bin": b"x"}), "macros"),
        (zip_bytes({"xl/workbook.bin": b"x"}), "binary workbook"),
        (zip_bytes({f"{number}": "" for number in range(archive.MAX_MEMBERS + 1)}), "more than 1,000 parts"),
        (zip_bytes(read_members(PLAIN_WORKBOOK) | {SHEET_MEMBER: b"<worksheet>"}), "not XML"),
        (zip_bytes(read_members(PLAIN_WORKBOOK) | {"xl/styles.xml": b"<styleSheet><a></b>"}), "cannot be read"),
        (zip_bytes({"xl/worksheets/a.xml": "\0" * 80_000_000}), "unpacks to more"),
        (zip_bytes({"xl/worksheets/a.xml": "\0" * 3_000_000}), "unpacks to more"),
        (b"\0" * (MAX_WORKBOOK_BYTES + 1), "larger than 16 MiB"),
    ],
)
def test_unusable_file_is_refused_with_the_reason(workbook: bytes, reason: str) -> None:
    assert reason in refusal_of(workbook)


def test_refusal_names_the_file() -> None:
    assert refusal_of(b"").startswith("list.xlsx is")


def test_member_that_declares_a_false_size_is_refused() -> None:
    bomb = bytearray(zip_bytes({"xl/worksheets/a.xml": b"x" * 3_000_000}))
    declared_size = (3_000_000).to_bytes(4, "little")
    assert bomb.count(declared_size) == 2
    assert "damaged" in refusal_of(bytes(bomb).replace(declared_size, (10).to_bytes(4, "little")))


def test_member_with_another_compression_is_refused() -> None:
    memory = io.BytesIO()
    with ZipFile(memory, "w", ZIP_BZIP2) as archive:
        archive.writestr("xl/workbook.xml", "<a/>")
    assert "damaged" in refusal_of(memory.getvalue())


def test_encrypted_member_is_refused() -> None:
    workbook = bytearray(zip_bytes({"xl/workbook.xml": b"<a/>"}))
    workbook[workbook.index(b"PK\x01\x02") + 8] |= 1
    assert "password" in refusal_of(bytes(workbook))


def test_repeated_member_is_refused() -> None:
    memory = io.BytesIO()
    with ZipFile(memory, "w", ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<a/>")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("xl/workbook.xml", "<b/>")
    assert "twice" in refusal_of(memory.getvalue())


def test_entities_are_never_expanded() -> None:
    xml = '<!DOCTYPE lolz [<!ENTITY lol "lol">]><worksheet>&lol;</worksheet>'
    assert "document type" in refusal_of(zip_bytes(read_members(PLAIN_WORKBOOK) | {SHEET_MEMBER: xml}))


def test_utf_16_is_refused() -> None:
    xml = '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE a [<!ENTITY b "c">]><worksheet/>'.encode("utf-16")
    assert "not XML in UTF-8" in refusal_of(zip_bytes(read_members(PLAIN_WORKBOOK) | {SHEET_MEMBER: xml}))


@pytest.mark.parametrize("reference", ["XFD1048576", "A1048576", "XFD40"])
def test_distant_cell_is_refused_before_memory_is_allocated(reference: str) -> None:
    row = re.sub("[A-Z]", "", reference)
    sheet_data = f'<sheetData><row r="{row}"><c r="{reference}"><v>1</v></c></row></sheetData>'
    assert "more than a roster" in refusal_of(workbook_with_sheet_data(sheet_data))


def test_declared_dimension_is_ignored() -> None:
    xml = re.sub(r'<dimension ref="[^"]*"', '<dimension ref="A1:XFD1048576"', read_members(PLAIN_WORKBOOK)[SHEET_MEMBER].decode())
    assert len(open_first_sheet(zip_bytes(read_members(PLAIN_WORKBOOK) | {SHEET_MEMBER: xml.encode()})).rows) == 2


def test_distant_blank_cell_is_ignored() -> None:
    sheet_data = '<sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"/></row></sheetData>'
    assert open_first_sheet(workbook_with_sheet_data(sheet_data)).rows == [[1.0]]


@pytest.mark.parametrize("cell_range", ["A1:XFD1048576", "A1:A600000"])
def test_link_over_too_many_cells_is_refused(cell_range: str) -> None:
    workbook = replace_in_member(LINKED_WORKBOOK, SHEET_MEMBER, 'ref="G2"', f'ref="{cell_range}"')
    assert "more than a roster" in refusal_of(workbook)


def test_several_links_over_too_many_cells_are_refused() -> None:
    link = '<hyperlink ref="{}" r:id="rId1" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"/>'
    links = "".join(link.format(f"{column}1:{column}300000") for column in "AB")
    assert "more than a roster" in refusal_of(replace_in_member(LINKED_WORKBOOK, SHEET_MEMBER, "<hyperlinks>", f"<hyperlinks>{links}"))


def test_too_deeply_nested_elements_are_refused() -> None:
    xml = "<a>" * (sheet_xml.MAX_DEPTH + 1)
    assert "more than a roster" in refusal_of(zip_bytes(read_members(PLAIN_WORKBOOK) | {SHEET_MEMBER: xml}))


def test_too_many_elements_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet_xml, "MAX_ELEMENTS", 10)
    assert "more than a roster" in refusal_of(PLAIN_WORKBOOK)


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="2"><c r="A2"><v>1</v></c></row><row r="1"><c r="A1"><v>1</v></c></row>',
        '<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>',
        '<row r="1"><c r="A9"><v>1</v></c></row>',
    ],
)
def test_cells_out_of_order_are_refused(rows: str) -> None:
    assert "out of order" in refusal_of(workbook_with_sheet_data(f"<sheetData>{rows}</sheetData>"))


@pytest.mark.parametrize("reference", ["", "A", "1", "A0", "XFE1", "A1048577", "AAAA1", "A1:B2", "é1"])
def test_impossible_cell_reference_is_refused(reference: str) -> None:
    sheet_data = f'<sheetData><row r="1"><c r="{reference}"><v>1</v></c></row></sheetData>'
    assert "there is no cell" in refusal_of(workbook_with_sheet_data(sheet_data))


def test_impossible_row_number_is_refused() -> None:
    assert "there is no cell" in refusal_of(workbook_with_sheet_data(f'<sheetData><row r="{"9" * 5000}"/></sheetData>'))


@pytest.mark.parametrize(("column", "letters"), [(1, "A"), (26, "Z"), (27, "AA"), (702, "ZZ"), (703, "AAA"), (16_384, "XFD")])
def test_column_numbers_and_letters_are_inverse(column: int, letters: str) -> None:
    assert (column_letters(column), parse_position(f"{letters}7", "list.xlsx")) == (letters, (7, column))


@given(st.binary(max_size=200))
@examples(10)
def test_random_bytes_are_refused(tail: bytes) -> None:
    for start in (b"", b"PK\x03\x04", PLAIN_WORKBOOK[:300]):
        refusal_of(start + tail)


def open_or_refuse(workbook: bytes) -> None:
    """Open a workbook; any error other than a refusal fails the test."""
    with suppress(InvalidInput):
        open_sheets(workbook)


@given(st.integers(0, len(PLAIN_WORKBOOK) - 1), st.binary(min_size=1, max_size=4))
@examples(20)
def test_damaged_bytes_are_opened_or_refused(offset: int, replacement: bytes) -> None:
    open_or_refuse(PLAIN_WORKBOOK[:offset] + replacement + PLAIN_WORKBOOK[offset + len(replacement) :])


@given(
    st.sampled_from(
        (SHEET_MEMBER, "xl/worksheets/_rels/sheet1.xml.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml")
    ),
    st.integers(0, 10_000),
    st.sampled_from(('"', "<", "</v>", "<v>", 't="s"', "99999999999", "&#0;", "<row>", "-1", 's="999"')),
)
@examples(30)
def test_damaged_xml_is_opened_or_refused(member: str, position: int, insertion: str) -> None:
    members = read_members(LINKED_WORKBOOK)
    offset = position % len(members[member])
    open_or_refuse(zip_bytes(members | {member: members[member][:offset] + insertion.encode() + members[member][offset:]}))


@pytest.mark.parametrize(
    ("cell", "text", "link"),
    [
        ('<f>HYPERLINK("https://a.gov/x","link")</f><v>1</v>', "1.0", "https://a.gov/x"),
        ('<f>HYPERLINK("https://a.gov/x","link")</f>', "link", "https://a.gov/x"),
        ('<f>hyperlink( "https://a.gov/x" ; "a ""b""" )</f><v></v>', 'a "b"', "https://a.gov/x"),
        ('<f>HYPERLINK("https://a.gov/x")</f>', "https://a.gov/x", "https://a.gov/x"),
        ("<f>HYPERLINK(A9)</f>", "#FORMULA", None),
    ],
)
def test_hyperlink_formula_gives_its_text_and_link(cell: str, text: str, link: str | None) -> None:
    sheet = open_first_sheet(workbook_with_sheet_data(f'<sheetData><row r="1"><c r="A1">{cell}</c></row></sheetData>'))
    assert (str(sheet.rows[0][0]), sheet.links.get((1, 1))) == (text, link)

"""A workbook is opened with all that is in it, or refused with a reason; nothing that is sent can do more than that."""

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
from legal.readers.rosters.archive import OLE, PROTECTED
from legal.readers.rosters.sheet_xml import letters, position
from legal.readers.rosters.workbook import opened
from legal.settings import MAX_WORKBOOK_BYTES
from tests.examples import examples
from tests.readers.rosters.strategies import MOA, archived, changed, members, row, workbook

SHEET = "xl/worksheets/sheet1.xml"
PLAIN = workbook([row()])
LINKED = workbook([row(), row()], links={"G2": MOA})


def refusal(data: bytes) -> str:
    """Why some bytes are not opened."""
    with pytest.raises(InvalidInput) as refused:
        opened(data, "list.xlsx")
    return str(refused.value)


def sheet(content: str) -> bytes:
    """A workbook whose first sheet has this in place of its data."""
    parts = members(PLAIN)
    spoilt = re.sub(r"<sheetData>.*</sheetData>", lambda _: content, parts[SHEET].decode(), flags=re.DOTALL)
    return archived(parts | {SHEET: spoilt.encode()})


@pytest.mark.parametrize(
    "file", ["participatingAgencies09172025pm", "participatingAgencies05162025am", "ParticipatingEntities-20241218025939"]
)
def test_a_published_list_has_the_cells_and_links_that_another_library_finds(shared: Path, file: str) -> None:
    path = shared / "rosters" / f"{file}.xlsx"
    theirs = load_workbook(path).worksheets[0]
    (ours,) = opened(path.read_bytes(), path.name)
    found = {(cell.row, cell.column): cell for line in theirs.iter_rows() for cell in line}
    assert {place: plain(cell.value) for place, cell in found.items() if cell.value is not None} == {
        (number, column): value for number, line in enumerate(ours.rows, 1) for column, value in enumerate(line, 1) if value != ""
    }
    assert ours.links == {place: cell.hyperlink.target for place, cell in found.items() if cell.hyperlink}


def plain(value: object) -> object:
    """A midnight as its day."""
    return value.date() if hasattr(value, "date") else value


def test_rows_and_columns_are_counted_from_the_first() -> None:
    (found,) = opened(workbook([row()], above=3), "list.xlsx")
    assert [bool(line[0]) for line in found.rows] == [False, False, False, True, True]


def test_hidden_rows_and_sheets_are_there() -> None:
    found = opened(workbook([row(), row()], hidden=[2], sheets={"Pivot": [["a"]]}), "list.xlsx")
    assert [(one.name, len(one.rows)) for one in found] == [("Sheet", 3), ("Pivot", 1)]


def test_an_empty_sheet_has_no_rows() -> None:
    book, memory = Workbook(), io.BytesIO()
    book.save(memory)
    assert opened(memory.getvalue(), "list.xlsx")[0].rows == []


def test_an_error_is_a_cell_with_what_it_shows() -> None:
    (found,) = opened(workbook([row(county="#N/A"), [None, None, None, "#REF!"]]), "list.xlsx")
    assert [found.rows[1][3], found.rows[2][3]] == ["#N/A", "#REF!"]


def test_days_are_days_in_either_count_of_days() -> None:
    old = changed(PLAIN, "xl/workbook.xml", "<workbookPr ", '<workbookPr date1904="1" ')
    assert [opened(data, "list.xlsx")[0].rows[1][5] for data in (PLAIN, old)] == [date(2025, 5, 8), date(2029, 5, 9)]


def test_a_link_is_found_by_its_cell() -> None:
    assert opened(LINKED, "list.xlsx")[0].links == {(2, 7): MOA}


def test_a_link_may_span_cells_and_lead_to_a_place() -> None:
    spanning = changed(LINKED, SHEET, 'ref="G2"', 'ref="G2:H3" location="page=2"')
    assert opened(spanning, "list.xlsx")[0].links == dict.fromkeys([(2, 7), (2, 8), (3, 7), (3, 8)], f"{MOA}#page=2")


def test_a_link_within_the_workbook_leads_nowhere() -> None:
    within = changed(LINKED, SHEET, 'r:id="rId1"', 'location="A1"')
    assert opened(within, "list.xlsx")[0].links == {}


def test_cells_need_not_say_where_they_are() -> None:
    (found,) = opened(
        sheet('<sheetData><row><c t="str"><v>a</v></c><c t="str"><v>b</v></c></row><row><c><v>1</v></c></row></sheetData>'), "list.xlsx"
    )
    assert found.rows == [["a", "b"], [1.0, ""]]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "no workbook"),
        (b"STATE,AGENCY", "no workbook"),
        (OLE + b"\0" * 600, "old format"),
        (OLE + PROTECTED, "password"),
        (PLAIN[:-200], "damaged or cut off"),
        (PLAIN[: len(PLAIN) // 2], "damaged or cut off"),
        (b"PK\x03\x04", "damaged or cut off"),
        (archived({"a.txt": "x"}), "no workbook"),
        (archived(members(PLAIN) | {"xl/vbaProject.bin": b"x"}), "macros"),
        (archived({"xl/workbook.bin": b"x"}), "binary workbook"),
        (archived({f"{number}": "" for number in range(archive.MOST_MEMBERS + 1)}), "more than 1,000 parts"),
        (archived(members(PLAIN) | {SHEET: b"<worksheet>"}), "not XML"),
        (archived(members(PLAIN) | {"xl/styles.xml": b"<styleSheet><a></b>"}), "cannot be read"),
        (archived({"xl/worksheets/a.xml": "\0" * 80_000_000}), "unpacks to more"),
        (archived({"xl/worksheets/a.xml": "\0" * 3_000_000}), "unpacks to more"),
        (b"\0" * (MAX_WORKBOOK_BYTES + 1), "larger than 16 MiB"),
    ],
)
def test_what_cannot_be_opened_is_refused_with_its_reason(data: bytes, why: str) -> None:
    assert why in refusal(data)


def test_a_refusal_names_the_file() -> None:
    assert refusal(b"").startswith("list.xlsx is")


def test_a_member_that_hides_its_size_is_refused() -> None:
    bomb = bytearray(archived({"xl/worksheets/a.xml": b"x" * 3_000_000}))
    size = (3_000_000).to_bytes(4, "little")
    assert bomb.count(size) == 2
    assert "damaged" in refusal(bytes(bomb).replace(size, (10).to_bytes(4, "little")))


def test_a_member_under_another_compression_is_refused() -> None:
    memory = io.BytesIO()
    with ZipFile(memory, "w", ZIP_BZIP2) as archive:
        archive.writestr("xl/workbook.xml", "<a/>")
    assert "damaged" in refusal(memory.getvalue())


def test_an_encrypted_member_is_refused() -> None:
    data = bytearray(archived({"xl/workbook.xml": b"<a/>"}))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert "password" in refusal(bytes(data))


def test_a_member_that_stands_twice_is_refused() -> None:
    memory = io.BytesIO()
    with ZipFile(memory, "w", ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<a/>")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("xl/workbook.xml", "<b/>")
    assert "twice" in refusal(memory.getvalue())


def test_entities_are_never_expanded() -> None:
    laughs = '<!DOCTYPE lolz [<!ENTITY lol "lol">]><worksheet>&lol;</worksheet>'
    assert "document type" in refusal(archived(members(PLAIN) | {SHEET: laughs}))


def test_another_encoding_is_not_read() -> None:
    hidden = '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE a [<!ENTITY b "c">]><worksheet/>'.encode("utf-16")
    assert "not XML in UTF-8" in refusal(archived(members(PLAIN) | {SHEET: hidden}))


@pytest.mark.parametrize("reference", ["XFD1048576", "A1048576", "XFD40"])
def test_a_cell_far_out_is_refused_before_room_is_made_for_it(reference: str) -> None:
    number = re.sub("[A-Z]", "", reference)
    assert "more than a list" in refusal(sheet(f'<sheetData><row r="{number}"><c r="{reference}"><v>1</v></c></row></sheetData>'))


def test_a_giant_dimension_costs_nothing() -> None:
    giant = re.sub(r'<dimension ref="[^"]*"', '<dimension ref="A1:XFD1048576"', members(PLAIN)[SHEET].decode())
    assert len(opened(archived(members(PLAIN) | {SHEET: giant.encode()}), "list.xlsx")[0].rows) == 2


def test_a_blank_cell_far_out_costs_nothing() -> None:
    (found,) = opened(
        sheet('<sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"/></row></sheetData>'), "list.xlsx"
    )
    assert found.rows == [[1.0]]


@pytest.mark.parametrize("span", ["A1:XFD1048576", "A1:A600000"])
def test_a_link_over_everything_is_refused(span: str) -> None:
    assert "more than a list" in refusal(changed(LINKED, SHEET, 'ref="G2"', f'ref="{span}"'))


def test_many_links_over_much_are_refused() -> None:
    link = '<hyperlink ref="{}" r:id="rId1" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"/>'
    spans = "".join(link.format(f"{column}1:{column}300000") for column in "AB")
    assert "more than a list" in refusal(changed(LINKED, SHEET, "<hyperlinks>", f"<hyperlinks>{spans}"))


def test_elements_too_deep_are_refused() -> None:
    assert "more than a list" in refusal(archived(members(PLAIN) | {SHEET: "<a>" * (sheet_xml.DEEPEST + 1)}))


def test_too_many_elements_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet_xml, "MOST_ELEMENTS", 10)
    assert "more than a list" in refusal(PLAIN)


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="2"><c r="A2"><v>1</v></c></row><row r="1"><c r="A1"><v>1</v></c></row>',
        '<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>',
        '<row r="1"><c r="A9"><v>1</v></c></row>',
    ],
)
def test_cells_out_of_order_are_refused_since_some_would_be_lost(rows: str) -> None:
    assert "not in order" in refusal(sheet(f"<sheetData>{rows}</sheetData>"))


@pytest.mark.parametrize("reference", ["", "A", "1", "A0", "XFE1", "A1048577", "AAAA1", "A1:B2", "é1"])
def test_a_cell_that_cannot_be_is_refused(reference: str) -> None:
    assert "no cell" in refusal(sheet(f'<sheetData><row r="1"><c r="{reference}"><v>1</v></c></row></sheetData>'))


def test_a_row_that_cannot_be_is_refused() -> None:
    assert "no cell" in refusal(sheet(f'<sheetData><row r="{"9" * 5000}"/></sheetData>'))


@pytest.mark.parametrize(("column", "name"), [(1, "A"), (26, "Z"), (27, "AA"), (702, "ZZ"), (703, "AAA"), (16_384, "XFD")])
def test_a_column_has_its_letters(column: int, name: str) -> None:
    assert (letters(column), position(f"{name}7", "list.xlsx")) == (name, (7, column))


@given(st.binary(max_size=200))
@examples(10)
def test_random_bytes_are_refused(data: bytes) -> None:
    for start in (b"", b"PK\x03\x04", PLAIN[:300]):
        refusal(start + data)


def opened_or_refused(data: bytes) -> None:
    """Open some bytes; only a refusal may come of it."""
    with suppress(InvalidInput):
        opened(data, "list.xlsx")


@given(st.integers(0, len(PLAIN) - 1), st.binary(min_size=1, max_size=4))
@examples(20)
def test_damaged_bytes_are_opened_or_refused(place: int, data: bytes) -> None:
    opened_or_refused(PLAIN[:place] + data + PLAIN[place + len(data) :])


@given(
    st.sampled_from((SHEET, "xl/worksheets/_rels/sheet1.xml.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml")),
    st.integers(0, 10_000),
    st.sampled_from(('"', "<", "</v>", "<v>", 't="s"', "99999999999", "&#0;", "<row>", "-1", 's="999"')),
)
@examples(30)
def test_spoilt_xml_is_opened_or_refused(name: str, place: int, text: str) -> None:
    parts = members(LINKED)
    cut = place % len(parts[name])
    opened_or_refused(archived(parts | {name: parts[name][:cut] + text.encode() + parts[name][cut:]}))

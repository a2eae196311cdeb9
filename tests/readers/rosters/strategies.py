"""Write workbooks as ICE might publish them, intact and damaged, with another library than the one that reads them."""

import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from zipfile import ZIP_DEFLATED, ZipFile

from hypothesis import strategies as st
from openpyxl import Workbook

from tests.readers.factories import sha256_hex

PrintedValue = str | float | bool | date | time | timedelta | None

HEADER = ("STATE", "LAW ENFORCEMENT AGENCY", "TYPE", "COUNTY", "SUPPORT TYPE", "SIGNED", "MOA", "ADDENDUM")
GOOD_CELLS = ("FLORIDA", "Bay County Sheriff's Office", "County", "Bay County", "Task Force Model", date(2025, 5, 8), "link pending", None)
MOA_URL = "https://www.ice.gov/doclib/287gMOA/BayCoFL.pdf"
SAFELINKS_URL = (
    "https://gcc02.safelinks.protection.outlook.com/?url=https%3A%2F%2Fwww.ice.gov%2Fdoclib%2F287gMOA%2FBayCoFL.pdf&data=05%7C02"
)


def xlsx_bytes(
    rows: Sequence[Sequence[PrintedValue]],
    *,
    header: Sequence[PrintedValue] = HEADER,
    blank_rows_above: int = 0,
    links: Mapping[str, str] | None = None,
    hidden_rows: Sequence[int] = (),
    hidden_sheets: Mapping[str, Sequence[Sequence[PrintedValue]]] | None = None,
) -> bytes:
    """Return an .xlsx with the roster on its first sheet. Links are by cell reference and hidden rows by number."""
    book = Workbook()
    sheet = book.worksheets[0]
    for number, values in enumerate([header, *rows], start=1 + blank_rows_above):
        for column, value in enumerate(values, start=1):
            sheet.cell(number, column, value)
    for cell, target in (links or {}).items():
        sheet[cell].hyperlink = target
    for number in hidden_rows:
        sheet.row_dimensions[number].hidden = True
    for title, cells in (hidden_sheets or {}).items():
        hidden_sheet = book.create_sheet(title)
        hidden_sheet.sheet_state = "hidden"
        for values in cells:
            hidden_sheet.append(list(values))
    memory = io.BytesIO()
    book.save(memory)
    return memory.getvalue()


def row_cells(**changes: PrintedValue) -> list[PrintedValue]:
    """Return the cells of a good row, some of them changed, by the names of their columns."""
    names = ("state", "agency", "type", "county", "model", "signed", "moa", "addendum")
    return [changes.get(name, value) for name, value in zip(names, GOOD_CELLS, strict=True)]


def read_members(workbook: bytes) -> dict[str, bytes]:
    """Return the members of an archive."""
    with ZipFile(io.BytesIO(workbook)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zip_bytes(members: Mapping[str, bytes | str]) -> bytes:
    """Return an archive of these members."""
    memory = io.BytesIO()
    with ZipFile(memory, "w", ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return memory.getvalue()


def replace_in_member(workbook: bytes, member: str, old_text: str, new_text: str) -> bytes:
    """Return a workbook with a text in one of its members replaced."""
    members = read_members(workbook)
    assert old_text.encode() in members[member], sha256_hex(members[member].decode())
    return zip_bytes(members | {member: members[member].replace(old_text.encode(), new_text.encode())})


def _odd_values(*values: PrintedValue) -> st.SearchStrategy[PrintedValue]:
    blanks = st.sampled_from((None, "", " ", "\u00a0", "#N/A", "#NA", "N/A", "#REF!", 0, 7.5, True, "\u200b", "\n"))
    misprints = st.sampled_from([value for value in values if isinstance(value, str)]).flatmap(_misprinted_texts)
    texts = st.text(alphabet="aé’ \u00a0\n🙂<&=\"'", max_size=6).map(lambda text: text.lstrip("="))
    return st.sampled_from(values) | misprints | blanks | texts


def _misprinted_texts(text: str) -> st.SearchStrategy[str]:
    return st.sampled_from(
        (text + " ", f"\u00a0{text}", text.replace(" ", "  "), text.replace(" ", "\n"), text.lower(), text.replace("'", "’"), text * 40)
    )


ROWS = st.lists(
    st.tuples(
        _odd_values("FLORIDA", "Flordia", "GUAM", "NORTHERN MARIANA ISLANDS", "TX", "Narnia", "Grand Total", "STATE"),
        _odd_values(
            "Bay County Sheriff's Office", "Bay County Sheriff’s Office", "BAY COUNTY SHERIFF'S OFFICE", "LAW ENFORCEMENT AGENCY", "1,134"
        ),
        _odd_values("County", "Municipality", "State", "Tribe"),
        _odd_values("Bay County", "Allegancy", "#N/A"),
        _odd_values("Task Force Model", "Jail Enforcement Model ", "Warrant Service Office", "Something Else", "SUPPORT TYPE"),
        _odd_values(
            date(2025, 5, 8),
            datetime.fromisoformat("2025-05-08T13:01"),
            date(5025, 5, 8),
            "05/082025",
            "5/8/25",
            45785,
            "soon",
            time(3),
            timedelta(2),
        ),
        _odd_values("link", "link pending", "Cons", MOA_URL, SAFELINKS_URL, "link\u00a0|\u00a0addendum"),
        _odd_values("link", None),
        _odd_values(None, "note"),
    ),
    max_size=6,
)
"""Rows with every oddity of published rosters, and more, in any mixture. The last cell is in a column without a header."""

LINKS = st.dictionaries(
    st.sampled_from(("G2", "G3", "H2", "A2", "G1", "G40")),
    st.sampled_from((MOA_URL, SAFELINKS_URL, "mailto:a@ice.gov", "file:///a", "#Sheet1!A1")),
    max_size=3,
)

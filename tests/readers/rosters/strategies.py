"""Workbooks as ICE might publish them, whole and broken, written by another library than the one that reads them."""

import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from zipfile import ZIP_DEFLATED, ZipFile

from hypothesis import strategies as st
from openpyxl import Workbook

from tests.readers.factories import digest

Value = str | float | bool | date | time | timedelta | None

HEADER = ("STATE", "LAW ENFORCEMENT AGENCY", "TYPE", "COUNTY", "SUPPORT TYPE", "SIGNED", "MOA", "ADDENDUM")
GOOD = ("FLORIDA", "Bay County Sheriff's Office", "County", "Bay County", "Task Force Model", date(2025, 5, 8), "link pending", None)
MOA = "https://www.ice.gov/doclib/287gMOA/BayCoFL.pdf"
SAFE = "https://gcc02.safelinks.protection.outlook.com/?url=https%3A%2F%2Fwww.ice.gov%2Fdoclib%2F287gMOA%2FBayCoFL.pdf&data=05%7C02"


def workbook(
    rows: Sequence[Sequence[Value]],
    *,
    header: Sequence[Value] = HEADER,
    above: int = 0,
    links: Mapping[str, str] | None = None,
    hidden: Sequence[int] = (),
    sheets: Mapping[str, Sequence[Sequence[Value]]] | None = None,
) -> bytes:
    """An .xlsx with the list on its first sheet, ``above`` so many blank rows; links by cell, hidden rows by number, sheets behind."""
    book = Workbook()
    sheet = book.worksheets[0]
    for number, row in enumerate([header, *rows], start=1 + above):
        for column, value in enumerate(row, start=1):
            sheet.cell(number, column, value)
    for cell, target in (links or {}).items():
        sheet[cell].hyperlink = target
    for number in hidden:
        sheet.row_dimensions[number].hidden = True
    for title, cells in (sheets or {}).items():
        behind = book.create_sheet(title)
        behind.sheet_state = "hidden"
        for row in cells:
            behind.append(list(row))
    memory = io.BytesIO()
    book.save(memory)
    return memory.getvalue()


def row(**more: Value) -> list[Value]:
    """A good row with some of its cells otherwise, by the lower-case names of their columns."""
    names = ("state", "agency", "type", "county", "model", "signed", "moa", "addendum")
    return [more.get(name, value) for name, value in zip(names, GOOD, strict=True)]


def members(data: bytes) -> dict[str, bytes]:
    """What is in an archive."""
    with ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def archived(parts: Mapping[str, bytes | str]) -> bytes:
    """An archive of these members."""
    memory = io.BytesIO()
    with ZipFile(memory, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return memory.getvalue()


def changed(data: bytes, part: str, old: str, new: str) -> bytes:
    """A workbook with a text in one of its members replaced."""
    parts = members(data)
    assert old.encode() in parts[part], digest(parts[part].decode())
    return archived(parts | {part: parts[part].replace(old.encode(), new.encode())})


def _odd(*values: Value) -> st.SearchStrategy[Value]:
    blanks = st.sampled_from((None, "", " ", "\u00a0", "#N/A", "#NA", "N/A", "#REF!", 0, 7.5, True, "\u200b", "\n"))
    spoilt = st.sampled_from([value for value in values if isinstance(value, str)]).flatmap(_spoilt)
    return (
        st.sampled_from(values) | spoilt | blanks | st.text(alphabet="aé’ \u00a0\n🙂<&=\"'", max_size=6).map(lambda text: text.lstrip("="))
    )


def _spoilt(text: str) -> st.SearchStrategy[str]:
    return st.sampled_from(
        (text + " ", f"\u00a0{text}", text.replace(" ", "  "), text.replace(" ", "\n"), text.lower(), text.replace("'", "’"), text * 40)
    )


ROWS = st.lists(
    st.tuples(
        _odd("FLORIDA", "Flordia", "GUAM", "NORTHERN MARIANA ISLANDS", "TX", "Narnia", "Grand Total", "STATE"),
        _odd(
            "Bay County Sheriff's Office", "Bay County Sheriff’s Office", "BAY COUNTY SHERIFF'S OFFICE", "LAW ENFORCEMENT AGENCY", "1,134"
        ),
        _odd("County", "Municipality", "State", "Tribe"),
        _odd("Bay County", "Allegancy", "#N/A"),
        _odd("Task Force Model", "Jail Enforcement Model ", "Warrant Service Office", "Something Else", "SUPPORT TYPE"),
        _odd(
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
        _odd("link", "link pending", "Cons", MOA, SAFE, "link\u00a0|\u00a0addendum"),
        _odd("link", None),
        _odd(None, "note"),
    ),
    max_size=6,
)
"""Rows with every oddity that was met, and some more, in any mixture; the last cell stands in a column without a header."""

LINKS = st.dictionaries(
    st.sampled_from(("G2", "G3", "H2", "A2", "G1", "G40")),
    st.sampled_from((MOA, SAFE, "mailto:a@ice.gov", "file:///a", "#Sheet1!A1")),
    max_size=3,
)

"""Unpack the parts of a workbook that somebody sent, within bounds and without taking its header's word."""

import io
import re
import struct
import zlib
from collections.abc import Iterator
from posixpath import basename
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from legal.errors import InvalidInput
from legal.settings import MAX_WORKBOOK_BYTES

MIB = 1024 * 1024
LARGEST_UNPACKED = 64 * MIB
"""A published list unpacks to about one."""
HIGHEST_RATIO = 200
"""Deflate reaches 1,032 to one; a published list some 10. What unpacks to no more than 1 MiB may have any."""
MOST_MEMBERS = 1000

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How a workbook of the old format begins, and one that is protected with a password."""
PROTECTED = "EncryptedPackage".encode("utf-16-le")
UNREADABLE = (BadZipFile, NotImplementedError, RuntimeError, zlib.error, EOFError, struct.error, OSError, ValueError)
"""What ``zipfile`` raises at bytes that are no archive, or a damaged one."""
NEEDED = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|xl/workbook\.xml|xl/_rels/workbook\.xml\.rels|xl/(sharedStrings|styles)\.xml"
    r"|xl/worksheets/([^/]+\.xml|_rels/[^/]+\.xml\.rels)"
)


def unpacked(data: bytes, file: str) -> dict[str, bytes]:
    """The members of a workbook that its values and links are read from, by their names; ``file`` is what to call it.

    Raises:
        InvalidInput: the bytes are no .xlsx, are damaged or protected, or would unpack to more than a list could be.
    """
    _check_format(data, file)
    try:
        with ZipFile(io.BytesIO(data)) as archive:
            _check_members(archive.infolist(), file)
            return dict(_members(archive, file))
    except UNREADABLE as error:
        raise InvalidInput(f"{file} is damaged or cut off; fetch it again.") from error


def packed(members: dict[str, bytes]) -> bytes:
    """An archive of these members and nothing else."""
    memory = io.BytesIO()
    with ZipFile(memory, "w", ZIP_STORED) as archive:
        for name, content in members.items():
            archive.writestr(ZipInfo(name), content)
    return memory.getvalue()


def too_large(file: str) -> InvalidInput:
    """The refusal of a workbook that would fill the memory."""
    return InvalidInput(f"{file} unpacks to more than a list could be; keep only the sheet with the list, and save it anew.")


def _check_format(data: bytes, file: str) -> None:
    if len(data) > MAX_WORKBOOK_BYTES:
        raise InvalidInput(f"{file} is larger than {MAX_WORKBOOK_BYTES // MIB} MiB, and no list is.")
    if data.startswith(OLE) and PROTECTED in data:
        raise InvalidInput(f"{file} is protected with a password; save it without one.")
    if data.startswith(OLE):
        raise InvalidInput(f"{file} is of the old format (.xls) or damaged; save it as .xlsx.")
    if not data.startswith(b"PK"):
        raise InvalidInput(f"{file} is no workbook; save the list as .xlsx.")


def _check_members(infos: list[ZipInfo], file: str) -> None:
    names = [info.filename for info in infos]
    if len(names) > MOST_MEMBERS or len(set(names)) < len(names):
        raise InvalidInput(f"{file} has more than {MOST_MEMBERS:,} parts, or one of them twice; save it anew.")
    if any(info.flag_bits & 1 for info in infos):
        raise InvalidInput(f"{file} is protected with a password; save it without one.")
    if any(basename(name) == "vbaProject.bin" for name in names):
        raise InvalidInput(f"{file} has macros; save it as .xlsx, without them.")
    if "xl/workbook.bin" in names:
        raise InvalidInput(f"{file} is a binary workbook (.xlsb); save it as .xlsx.")
    if sum(info.file_size for info in infos) > LARGEST_UNPACKED:
        raise too_large(file)


def _members(archive: ZipFile, file: str) -> Iterator[tuple[str, bytes]]:
    infos = archive.infolist()
    room = min(LARGEST_UNPACKED, max(MIB, HIGHEST_RATIO * sum(info.compress_size for info in infos)))
    for info in infos:
        if NEEDED.fullmatch(info.filename):
            content = _member(archive, info, room, file)
            room -= len(content)
            yield info.filename, content


def _member(archive: ZipFile, info: ZipInfo, room: int, file: str) -> bytes:
    if info.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
        raise NotImplementedError(f"compression {info.compress_type}")
    with archive.open(info) as member:
        content = member.read(room + 1)
    if len(content) > room:
        raise too_large(file)
    if b"<!DOCTYPE" in content:
        raise InvalidInput(f"{file} declares a document type, which no workbook does; save it anew.")
    if b"\0" in content:  # UTF-16, in which a declaration would not have been seen
        raise InvalidInput(f"{file} is damaged: a part of it is not XML in UTF-8; save it anew.")
    return content

"""Unpack an untrusted workbook within limits, without relying on the sizes that its headers declare."""

import io
import re
import struct
import zlib
from collections.abc import Iterator
from posixpath import basename
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from legal.errors import InvalidInput
from legal.settings import MAX_WORKBOOK_BYTES

_MIB = 1024 * 1024
_MAX_UNPACKED_BYTES = 64 * _MIB
"""A published roster unpacks to about 1 MiB."""
_MAX_COMPRESSION_RATIO = 200
"""Deflate reaches 1,032 to 1, a published roster about 10. The limit does not apply to archives of at most 1 MiB when unpacked."""
MAX_MEMBERS = 1000

OLE_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""First bytes of a workbook in the old .xls format, and of one that is protected with a password."""
ENCRYPTED_MARKER = "EncryptedPackage".encode("utf-16-le")
_ARCHIVE_ERRORS = (BadZipFile, NotImplementedError, RuntimeError, zlib.error, EOFError, struct.error, OSError, ValueError)
"""Errors that ``zipfile`` raises for bytes that are not an archive, or a damaged one."""
_RELEVANT_MEMBER = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|xl/workbook\.xml|xl/_rels/workbook\.xml\.rels|xl/(sharedStrings|styles)\.xml"
    r"|xl/worksheets/([^/]+\.xml|_rels/[^/]+\.xml\.rels)"
)


def unpack_workbook(workbook: bytes, file_name: str) -> dict[str, bytes]:
    """Return the members of a workbook that hold its values and links, by name. ``file_name`` is for error messages.

    Raises:
        InvalidInput: the bytes are not an .xlsx, are damaged or protected, or would exceed the limits when unpacked.
    """
    _check_format(workbook, file_name)
    try:
        with ZipFile(io.BytesIO(workbook)) as archive:
            _check_members(archive.infolist(), file_name)
            return dict(_read_members(archive, file_name))
    except _ARCHIVE_ERRORS as error:
        raise InvalidInput(f"{file_name} is damaged or incomplete. Download it again.") from error


def pack_members(members: dict[str, bytes]) -> bytes:
    """Return an uncompressed archive with exactly these members."""
    memory = io.BytesIO()
    with ZipFile(memory, "w", ZIP_STORED) as archive:
        for name, content in members.items():
            archive.writestr(ZipInfo(name), content)
    return memory.getvalue()


def too_large_error(file_name: str) -> InvalidInput:
    """Return the error for a workbook that would use too much memory."""
    return InvalidInput(f"{file_name} unpacks to more than a roster can be. Keep only the sheet with the roster and save it again.")


def _check_format(workbook: bytes, file_name: str) -> None:
    if len(workbook) > MAX_WORKBOOK_BYTES:
        raise InvalidInput(f"{file_name} is larger than {MAX_WORKBOOK_BYTES // _MIB} MiB, the limit for a roster.")
    if workbook.startswith(OLE_SIGNATURE) and ENCRYPTED_MARKER in workbook:
        raise InvalidInput(f"{file_name} is protected with a password. Save it without one.")
    if workbook.startswith(OLE_SIGNATURE):
        raise InvalidInput(f"{file_name} has the old format (.xls) or is damaged. Save it as .xlsx.")
    if not workbook.startswith(b"PK"):
        raise InvalidInput(f"{file_name} is not a workbook. Save the roster as .xlsx.")


def _check_members(infos: list[ZipInfo], file_name: str) -> None:
    names = [info.filename for info in infos]
    if len(names) > MAX_MEMBERS or len(set(names)) < len(names):
        raise InvalidInput(f"{file_name} has more than {MAX_MEMBERS:,} parts, or the same part twice. Save it again.")
    if any(info.flag_bits & 1 for info in infos):
        raise InvalidInput(f"{file_name} is protected with a password. Save it without one.")
    if any(basename(name) == "vbaProject.bin" for name in names):
        raise InvalidInput(f"{file_name} contains macros. Save it as .xlsx, without macros.")
    if "xl/workbook.bin" in names:
        raise InvalidInput(f"{file_name} is a binary workbook (.xlsb). Save it as .xlsx.")
    if sum(info.file_size for info in infos) > _MAX_UNPACKED_BYTES:
        raise too_large_error(file_name)


def _read_members(archive: ZipFile, file_name: str) -> Iterator[tuple[str, bytes]]:
    infos = archive.infolist()
    compressed_bytes = sum(info.compress_size for info in infos)
    remaining_bytes = min(_MAX_UNPACKED_BYTES, max(_MIB, _MAX_COMPRESSION_RATIO * compressed_bytes))
    for info in infos:
        if _RELEVANT_MEMBER.fullmatch(info.filename):
            content = _read_member(archive, info, remaining_bytes, file_name)
            remaining_bytes -= len(content)
            yield info.filename, content


def _read_member(archive: ZipFile, info: ZipInfo, max_bytes: int, file_name: str) -> bytes:
    if info.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
        raise NotImplementedError(f"compression {info.compress_type}")
    with archive.open(info) as member:
        content = member.read(max_bytes + 1)
    if len(content) > max_bytes:
        raise too_large_error(file_name)
    if b"<!DOCTYPE" in content:
        raise InvalidInput(f"{file_name} declares a document type, which workbooks do not need. Save it again.")
    if b"\0" in content:  # UTF-16, in which the search above would not find a declaration
        raise InvalidInput(f"{file_name} is damaged: a part of it is not XML in UTF-8. Save it again.")
    return content

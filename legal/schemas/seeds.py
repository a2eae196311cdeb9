"""Schemas of seed files, and the validation of all files at once."""

from collections.abc import Iterable, Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from legal.errors import Fault, InvalidInput
from legal.schemas.base import PATTERN_END, StrictSchema, TextField
from legal.schemas.document import DocumentDraft, OriginDraft
from legal.schemas.jurisdiction import JurisdictionFile
from legal.schemas.roster_counts import CountedRostersFile
from legal.schemas.sessions import SessionsFile


class OriginsFile(StrictSchema):
    """A seed file with the origins of documents."""

    origins = fields.List(fields.Nested(OriginDraft), required=True)


class DocumentFile(StrictSchema):
    """A seed file with one document."""

    document = fields.Nested(DocumentDraft, required=True)


class RenameDraft(StrictSchema):
    """An agency's change of name: both names as rosters print them, and the reason for treating them as one agency."""

    jurisdiction = fields.String(required=True, validate=validate.Regexp(rf"^[A-Z]{{2}}{PATTERN_END}"))
    from_ = TextField(300, required=True, data_key="from")
    to = TextField(300, required=True)
    why = TextField(1000, required=True)


class RenamesFile(StrictSchema):
    """A seed file with the agencies that rosters list under two names."""

    renames = fields.List(fields.Nested(RenameDraft), required=True)


SEED_FILE_SCHEMAS: Mapping[str, Schema] = {
    "jurisdictions": JurisdictionFile(),
    "documents": DocumentFile(),
    "origins": OriginsFile(),
    "renames": RenamesFile(),
}
"""The schemas of YAML files, by kind."""

_SCHEMAS: Mapping[str, Schema] = {**SEED_FILE_SCHEMAS, "rosters": CountedRostersFile(), "sessions": SessionsFile()}


def validate_seed_files(seed_files: Iterable[tuple[str, str, Any]]) -> list[tuple[str, str, dict[str, Any]]]:
    """Validate each file, given as (name, kind, content), with the schema of its kind; return the files with their loaded content.

    Raises:
        InvalidInput: lists every fault in every file.
    """
    loaded_files: list[tuple[str, str, dict[str, Any]]] = []
    faults: list[Fault] = []
    for name, kind, content in seed_files:
        try:
            loaded_files.append((name, kind, _SCHEMAS[kind].load(content)))
        except ValidationError as error:
            faults += [Fault(detail, pointer=f"{name}#{pointer}") for pointer, detail in flatten_messages(error.messages)]
    if faults:
        raise InvalidInput("The seed files are not valid. Nothing was loaded.", faults)
    return loaded_files


def flatten_messages(messages: Any, pointer: str = "") -> list[tuple[str, str]]:
    """Flatten Marshmallow's nested messages into a list of (JSON pointer, message)."""
    if isinstance(messages, Mapping):
        return [
            pointer_and_message
            for key, nested in messages.items()
            for pointer_and_message in flatten_messages(
                nested, pointer if key == "_schema" else f"{pointer}/{str(key).replace('~', '~0').replace('/', '~1')}"
            )
        ]
    if isinstance(messages, list):
        return [pointer_and_message for nested in messages for pointer_and_message in flatten_messages(nested, pointer)]
    return [(pointer, str(messages))]

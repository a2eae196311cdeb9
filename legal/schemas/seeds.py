"""A folder of seed files as one whole: each file against its shape, all faults told at once."""

from collections.abc import Iterable, Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from legal.errors import Fault, InvalidInput
from legal.schemas.base import END, Strict, Text
from legal.schemas.document import DocumentDraft, OriginDraft
from legal.schemas.jurisdiction import JurisdictionFile


class OriginsFile(Strict):
    """A seed file: what the documents trace back to."""

    origins = fields.List(fields.Nested(OriginDraft), required=True)


class DocumentFile(Strict):
    """A seed file: one document."""

    document = fields.Nested(DocumentDraft, required=True)


class RenameDraft(Strict):
    """An agency that goes by another name: both names as lists print them, and how we know."""

    jurisdiction = fields.String(required=True, validate=validate.Regexp(rf"^[A-Z]{{2}}{END}"))
    from_ = Text(300, required=True, data_key="from")
    to = Text(300, required=True)
    why = Text(1000, required=True)


class RenamesFile(Strict):
    """A seed file: the agencies that are one although lists name them twice."""

    renames = fields.List(fields.Nested(RenameDraft), required=True)


SHAPES: Mapping[str, Schema] = {
    "jurisdictions": JurisdictionFile(),
    "documents": DocumentFile(),
    "origins": OriginsFile(),
    "renames": RenamesFile(),
}


def validated(files: Iterable[tuple[str, str, Any]]) -> list[tuple[str, str, dict[str, Any]]]:
    """Files as (name, sort, content), each checked against the shape of its sort and loaded.

    Raises:
        InvalidInput: with one fault for each thing wrong in any of the files.
    """
    loaded: list[tuple[str, str, dict[str, Any]]] = []
    faults: list[Fault] = []
    for name, sort, content in files:
        try:
            loaded.append((name, sort, SHAPES[sort].load(content)))
        except ValidationError as error:
            faults += [Fault(detail, pointer=f"{name}#{pointer}") for pointer, detail in flattened(error.messages)]
    if faults:
        raise InvalidInput("The seed files do not have the shape they need; nothing was loaded.", faults)
    return loaded


def flattened(messages: Any, pointer: str = "") -> list[tuple[str, str]]:
    """Marshmallow's tree of messages as (JSON pointer, message), one for each."""
    if isinstance(messages, Mapping):
        return [
            found
            for key, below in messages.items()
            for found in flattened(below, pointer if key == "_schema" else f"{pointer}/{str(key).replace('~', '~0').replace('/', '~1')}")
        ]
    if isinstance(messages, list):
        return [found for below in messages for found in flattened(below, pointer)]
    return [(pointer, str(messages))]

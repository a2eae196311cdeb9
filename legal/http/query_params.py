"""Parse query parameters strictly: refuse unknown, repeated and malformed parameters instead of ignoring them."""

import re
from collections.abc import Container, Iterable, Mapping
from typing import Any, NoReturn

from flask import Request
from marshmallow import RAISE, Schema, ValidationError, fields, validate
from webargs.fields import DelimitedList
from webargs.flaskparser import FlaskParser
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest

from legal.db.epoch import EPOCH_PATTERN
from legal.errors import Fault, InvalidInput
from legal.rules.posture import RULE_PACK
from legal.schemas.base import MAX_REVISION, Day, StrictSchema, TermField, TextField
from legal.suggestions import suggest

_MAX_ECHOED_NAME = 100
_MIN_NAME_SIMILARITY = 85  # of 100; parameter names are short, so names with different meanings differ by few letters
_NAMES_IN_OTHER_SERVICES = {
    **dict.fromkeys(("state", "states", "place", "places"), "jurisdiction"),
    **dict.fromkeys(("page", "offset", "start", "skip"), "cursor"),
    **dict.fromkeys(("per_page", "page_size", "pagesize", "size", "rows", "max"), "limit"),
    **dict.fromkeys(("order", "order_by", "ordering", "sort_by", "orderby"), "sort"),
    **dict.fromkeys(("query", "search", "text"), "q"),
    **dict.fromkeys(("date", "day", "on"), "as_of"),
}
"""Parameters of this service, by what other services call a parameter with that meaning."""

_THOUSANDS = re.compile(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")
_WASHINGTON_DC = re.compile(r"(washington)\s*,(?:\s+dc|\s*d\.\s*c\.?)(?=\s*(?:,|$))", re.IGNORECASE)
"""The name of the capital with its comma. Without a blank and periods, "Washington,DC" lists the state and the District."""


class StrictQueryParser(FlaskParser):
    """A webargs parser that refuses unknown and repeated parameters, and suggests a known name for an unknown one."""

    DEFAULT_UNKNOWN_BY_LOCATION = {**FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION, "query": RAISE}  # noqa: RUF012 - webargs declares it so

    def load_querystring(self, req: Request, schema: Schema) -> Any:
        """Return the query string's parameters.

        Raises:
            BadRequest: the query string contains raw bytes that are not UTF-8.
            InvalidInput: a parameter is unknown, or repeated although it takes one value.
        """
        allowed_names = [field.data_key or name for name, field in schema.fields.items()]
        list_names = {field.data_key or name for name, field in schema.fields.items() if isinstance(field, DelimitedList)}
        try:
            parameters = req.args
        except UnicodeDecodeError:  # raw bytes, not percent-encoded
            raise BadRequest from None
        faults = [*_unknown_parameter_faults(parameters, allowed_names), *_repeated_parameter_faults(parameters, list_names)]
        if faults:
            raise InvalidInput("The query has unknown or repeated parameters.", faults)
        # A list may be given with commas, by repeating its parameter, or both.
        return {name: ",".join(values) for name, values in parameters.lists()}

    def handle_error(self, error: ValidationError, req: Request, schema: Schema, **_: Any) -> NoReturn:
        """Raise the validation errors as an ``InvalidInput`` with one fault for each message.

        Raises:
            InvalidInput: always.
        """
        messages = error.messages.get("query", error.messages) if isinstance(error.messages, Mapping) else {"": error.messages}
        faults = [Fault(detail, parameter=name) for name, details in messages.items() for detail in _flatten_details(details)]
        raise InvalidInput("A parameter has an invalid value.", faults) from error


def _unknown_parameter_faults(parameters: Iterable[str], allowed_names: list[str]) -> Iterable[Fault]:
    allowed = f"Allowed: {', '.join(allowed_names)}." if allowed_names else "This path takes no parameters."
    for name in parameters:
        if name not in allowed_names:
            suggestions = suggest(name, allowed_names, limit=1, min_score=_MIN_NAME_SIMILARITY)
            own_name = _NAMES_IN_OTHER_SERVICES.get(name.lower())
            hint = f" Use {own_name}." if own_name in allowed_names else ""
            yield Fault(f"Unknown parameter.{hint} {allowed}", parameter=name[:_MAX_ECHOED_NAME], did_you_mean=suggestions)


def _repeated_parameter_faults(parameters: MultiDict[str, str], list_names: Container[str]) -> Iterable[Fault]:
    for name, values in parameters.lists():
        if len(values) > 1 and name not in list_names:
            yield Fault(f"The parameter is given {len(values)} times. Give it once.", parameter=name[:_MAX_ECHOED_NAME])


def _flatten_details(details: Any) -> Iterable[str]:
    if isinstance(details, Mapping):
        return [detail for nested in details.values() for detail in _flatten_details(nested)]
    return details if isinstance(details, list) else [str(details)]


class TermList(DelimitedList):
    """Several terms of a closed list, separated by commas."""

    def __init__(self, terms: Iterable[str], example: str, description: str = "One or more of these values, separated by commas.") -> None:
        metadata = {"description": description, "example": [example]}
        super().__init__(TermField(terms), validate=validate.Length(min=1), metadata=metadata)


class JurisdictionList(DelimitedList):
    """Several jurisdictions by identifiers of any kind, separated by commas. The comma in "Washington, D.C." does not separate two of them."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(TextField(100), **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[Any]:
        identifiers: list[Any] = super()._deserialize(_WASHINGTON_DC.sub(r"\1 dc", value), attr, data, **kwargs)  # type: ignore[no-untyped-call]  # webargs leaves it untyped
        return identifiers


class ReportedNumber(fields.Float):
    """A number above zero in ASCII digits, with commas between thousands if the client likes."""

    default_error_messages = {"invalid": "Use a number above zero, such as 1001 or 1,001."}  # noqa: RUF012 - marshmallow declares it so

    def _validated(self, value: Any) -> float:
        if not value.isascii() or "_" in value:
            raise self.make_error("invalid", input=value)
        number = super()._validated(value.replace(",", "") if _THOUSANDS.fullmatch(value) else value)
        if number <= 0:
            raise self.make_error("invalid", input=value)
        return number


class WholeNumber(fields.Integer):
    """A whole number in ASCII digits; ``int`` also accepts ``1_0`` and digits of other scripts."""

    def _validated(self, value: Any) -> int:
        if not re.fullmatch(r"-?[0-9]{1,20}", value):
            raise self.make_error("invalid", input=value)
        return super()._validated(value)


def revision_parameter(description: str, example: int = 1, minimum: int = 1) -> WholeNumber:
    """Return a parameter that is a revision number."""
    return WholeNumber(validate=validate.Range(min=minimum, max=MAX_REVISION), metadata={"description": description, "example": example})


class SnapshotQuery(StrictSchema):
    """The parameters that choose a snapshot (the requested day and a revision of the record) and the rule pack."""

    as_of = Day(
        metadata={"description": "Day that the answer describes (default: today in UTC). It may be in the future.", "example": "2026-11-22"}
    )
    revision = revision_parameter("Revision of the record to read (default: the newest).")
    known_at = fields.AwareDateTime(
        format="iso",
        metadata={
            "description": "Read the record as it was at this time. Must not be in the future. Use either `known_at` or `revision`.",
            "example": "2026-11-22T12:00:00Z",
        },
    )
    rules = WholeNumber(
        validate=validate.Range(min=1, max=MAX_REVISION),
        metadata={
            "description": f"Number of the rule pack that gives postures (default: {RULE_PACK}, the only pack of this service). Other numbers give 410 Gone. "
            "An answer pinned by `as_of`, `revision` and `rules` never changes.",
            "example": RULE_PACK,
        },
    )
    epoch = fields.String(
        validate=validate.Regexp(f"^{EPOCH_PATTERN}$", error="Use the epoch from a permalink or from `meta`, unchanged."),
        metadata={
            "description": "Epoch of the record (default: the present one). It changes when the operator restores a backup, because revision numbers are "
            "issued again then. An earlier epoch gives 410 Gone. `links.permalink` has it.",
            "example": "4f1c09d2ab",
        },
    )


CLOCK_PARAMETERS = tuple(SnapshotQuery().fields)
"""The names of the parameters that choose a snapshot and the rule pack, which every read takes."""

"""Parse query parameters strictly: refuse unknown, repeated and malformed parameters instead of ignoring them."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, NoReturn, ParamSpec, TypeVar

import flask_smorest
from flask import Request
from marshmallow import RAISE, Schema, ValidationError, fields, validate
from webargs.fields import DelimitedList
from webargs.flaskparser import FlaskParser
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest

from legal.api.formats.tabular import MEDIA_TYPES
from legal.errors import Fault, InvalidInput
from legal.rules.posture import RULE_PACK
from legal.schemas.base import StrictSchema, TermField, TextField
from legal.suggestions import suggest

P = ParamSpec("P")
T = TypeVar("T")

MAX_REVISION = 2**31 - 1
"""The largest revision number that fits the database column."""
_MAX_ECHOED_NAME = 100


class StrictQueryParser(FlaskParser):
    """A webargs parser that refuses unknown and repeated parameters, and suggests a known name for an unknown one."""

    DEFAULT_UNKNOWN_BY_LOCATION = {**FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION, "query": RAISE}  # noqa: RUF012 - webargs declares it so

    def load_querystring(self, req: Request, schema: Schema) -> Any:
        """Return the query string's parameters.

        Raises:
            BadRequest: the query string contains raw bytes that are not UTF-8.
            InvalidInput: a parameter is unknown or repeated.
        """
        allowed_names = [field.data_key or name for name, field in schema.fields.items()]
        try:
            parameters = req.args
        except UnicodeDecodeError:  # raw bytes, not percent-encoded
            raise BadRequest from None
        faults = [*_unknown_parameter_faults(parameters, allowed_names), *_repeated_parameter_faults(parameters)]
        if faults:
            raise InvalidInput("The query has unknown or repeated parameters.", faults)
        return super().load_querystring(req, schema)

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
            suggestions = suggest(name, allowed_names, limit=1)
            yield Fault(f"Unknown parameter. {allowed}", parameter=name[:_MAX_ECHOED_NAME], did_you_mean=suggestions)


def _repeated_parameter_faults(parameters: MultiDict[str, str]) -> Iterable[Fault]:
    for name, values in parameters.lists():
        if len(values) > 1:
            yield Fault(f"The parameter is given {len(values)} times. Give it once.", parameter=name[:_MAX_ECHOED_NAME])


def _flatten_details(details: Any) -> Iterable[str]:
    if isinstance(details, Mapping):
        return [detail for nested in details.values() for detail in _flatten_details(nested)]
    return details if isinstance(details, list) else [str(details)]


class Blueprint(flask_smorest.Blueprint):  # type: ignore[misc]  # smorest ships no types
    """A blueprint that parses query parameters strictly."""

    ARGUMENTS_PARSER = StrictQueryParser()

    def read_endpoint(
        self,
        path: str,
        *,
        query_schema: type[Schema],
        response_schema: type[Schema] | Mapping[str, Any],
        operation_id: str,
        path_example: Mapping[str, str] | None = None,
        media_type: str = "application/json",
        description: str | None = None,
    ) -> Callable[[Callable[P, T]], Callable[P, T]]:
        """Register a view for GET and describe it.

        The view's docstring becomes the operation's summary and description. If ``description`` is given, it replaces
        the description from the docstring. ``path_example`` has a value for each variable of the path.
        ``response_schema`` is a marshmallow schema class, or a JSON Schema.
        """
        path_parameters = [{"in": "path", "name": name, "example": value} for name, value in (path_example or {}).items()]
        operation = {"operationId": operation_id, **({"description": description} if description else {})}

        def register_view(view: Callable[P, T]) -> Callable[P, T]:
            documented_view = self.doc(**operation)(
                self.response(200, response_schema, content_type=media_type)(self.arguments(query_schema(), location="query")(view))
            )
            self.route(path, parameters=path_parameters)(documented_view)
            return view

        return register_view


class TermList(DelimitedList):
    """Several terms of a closed list, separated by commas."""

    def __init__(self, terms: Iterable[str], example: str, description: str = "One or more of these values, separated by commas.") -> None:
        metadata = {"description": description, "example": [example]}
        super().__init__(TermField(terms), validate=validate.Length(min=1), metadata=metadata)


class Day(fields.Date):
    """A day as YYYY-MM-DD. Other date formats of ISO 8601 are refused."""

    default_error_messages = {"invalid": "Use a calendar date as YYYY-MM-DD."}  # noqa: RUF012 - marshmallow declares it so

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> date:
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
            raise self.make_error("invalid", input=value, obj_type="date")
        return super()._deserialize(value, *args, **kwargs)


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


class ListQuery(SnapshotQuery):
    """The parameters of every list."""

    limit = WholeNumber(
        load_default=50,
        validate=validate.Range(min=1, max=200),
        metadata={"description": "Maximum number of rows on a page.", "example": 50},
    )
    cursor = fields.String(
        validate=validate.Length(max=2000),
        # No example: a cursor is valid only as long as the server's secret.
        metadata={"description": "Cursor of the page, from the `next` URL of the previous page. Keep the filters unchanged."},
    )
    fields_ = DelimitedList(
        fields.String(validate=validate.Regexp(r"^[a-z0-9_]+(\.[a-z0-9_]+)*$")),
        data_key="fields",
        validate=validate.Length(min=1, max=100),
        metadata={"description": "Keys to return, separated by commas. A dot selects a key of a nested object.", "example": ["links.self"]},
    )
    format = TermField(MEDIA_TYPES, metadata={"description": "Format of the response. Overrides the Accept header."})


def sort_parameter(sort_keys: Iterable[str], default: str) -> fields.Field[Any]:
    """Return the ``sort`` parameter of a list that can be sorted by these keys, ascending or descending."""
    terms = [term for key in sort_keys for term in (key, f"-{key}")]
    description = (
        "Sort key; a leading `-` sorts in descending order. Nulls come last in both directions. Rows with equal values are sorted by id."
    )
    return TermField(terms, load_default=default, metadata={"description": description})


def facets_parameter(facets: Iterable[str]) -> fields.Field[Any]:
    """Return the ``facets`` parameter of a list whose matches can be counted by these keys."""
    terms = list(facets)
    return TermList(
        terms,
        example=terms[0],
        description="One or more of these keys, separated by commas. For each key, all matches are counted by value.",
    )


def jurisdiction_parameter() -> fields.Field[Any]:
    """Return a ``jurisdiction`` parameter that names one jurisdiction."""
    return TextField(100, required=True, metadata={"description": "USPS code or other identifier of a jurisdiction.", "example": "VA"})

"""Query parameters: read strictly, so that nothing a client sends is silently ignored."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, NoReturn, ParamSpec, TypeVar

import flask_smorest
from flask import Request
from marshmallow import RAISE, Schema, ValidationError, fields, validate
from webargs.fields import DelimitedList
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import BadRequest

from legal.errors import Fault, InvalidInput
from legal.schemas.base import Slug, Strict, Text, Word
from legal.suggestions import suggest

P = ParamSpec("P")
T = TypeVar("T")


class Parser(FlaskParser):
    """webargs, with a parameter that is unknown or given twice refused, and told what was probably meant."""

    DEFAULT_UNKNOWN_BY_LOCATION = {**FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION, "query": RAISE}  # noqa: RUF012 - webargs declares it so

    def load_querystring(self, req: Request, schema: Schema) -> Any:
        known = [field.data_key or name for name, field in schema.fields.items()]
        try:
            given = req.args
        except UnicodeDecodeError:  # raw bytes, not percent-encoded
            raise BadRequest from None
        faults = [*_unknown(given, known), *_repeated(given)]
        if faults:
            raise InvalidInput("The query has parameters that this address does not take.", faults)
        return super().load_querystring(req, schema)

    def handle_error(self, error: ValidationError, req: Request, schema: Schema, **_: Any) -> NoReturn:
        found = error.messages.get("query", error.messages) if isinstance(error.messages, Mapping) else {"": error.messages}
        faults = [Fault(detail, parameter=name) for name, details in found.items() for detail in _flat(details)]
        raise InvalidInput("A parameter does not have the form it needs.", faults) from error


def _unknown(given: Iterable[str], known: list[str]) -> Iterable[Fault]:
    for name in given:
        if name not in known:
            meant = suggest(name, known, limit=1)
            taken = f"It takes {', '.join(known)}." if known else "It takes none."
            yield Fault(f"There is no such parameter here. {taken}", parameter=name[:100], did_you_mean=meant)


def _repeated(given: Any) -> Iterable[Fault]:
    for name, values in given.lists():
        if len(values) > 1:
            yield Fault(f"Given {len(values)} times; give it once.", parameter=name[:100])


def _flat(details: Any) -> Iterable[str]:
    if isinstance(details, Mapping):
        return [detail for below in details.values() for detail in _flat(below)]
    return details if isinstance(details, list) else [str(details)]


class Blueprint(flask_smorest.Blueprint):  # type: ignore[misc]  # smorest ships no types
    """A blueprint whose parameters are read by our parser."""

    ARGUMENTS_PARSER = Parser()

    def read(
        self,
        path: str,
        *,
        takes: type[Schema],
        gives: type[Schema] | Mapping[str, Any],
        named: str,
        example: Mapping[str, str] | None = None,
        media: str = "application/json",
    ) -> Callable[[Callable[P, T]], Callable[P, T]]:
        """A GET at ``path``: its parameters, the shape of its answer, its operation's name, examples of what the path names.

        ``media`` is the type of the answer; one that is not JSON has a JSON schema for its shape.
        """
        in_path = [{"in": "path", "name": name, "example": value} for name, value in (example or {}).items()]

        def put(view: Callable[P, T]) -> Callable[P, T]:
            described = self.doc(operationId=named)(
                self.response(200, gives, content_type=media)(self.arguments(takes(), location="query")(view))
            )
            self.route(path, parameters=in_path)(described)
            return view

        return put


class Words(DelimitedList):
    """Several words of a closed list, separated by commas."""

    def __init__(self, words: Iterable[str], example: str, description: str = "Any of these, comma-separated.") -> None:
        told = {"description": description, "example": [example]}
        super().__init__(Word(words), validate=validate.Length(min=1), metadata=told)


class Day(fields.Date):
    """A day as YYYY-MM-DD, and no other of the forms that ISO 8601 has."""

    default_error_messages = {"invalid": "Give a day of the calendar as YYYY-MM-DD."}  # noqa: RUF012 - marshmallow declares it so

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> date:
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
            raise self.make_error("invalid", input=value, obj_type="date")
        return super()._deserialize(value, *args, **kwargs)


class Whole(fields.Integer):
    """A whole number in plain digits; Python's own reading would take ``1_0`` and digits of any script."""

    def _validated(self, value: Any) -> int:
        if not re.fullmatch(r"-?[0-9]{1,20}", value):
            raise self.make_error("invalid", input=value)
        return super()._validated(value)


class MomentQuery(Strict):
    """The moment asked about: a day in the world, and what was on file."""

    as_of = Day(
        metadata={
            "description": "The day in the world that is asked about (default: today, UTC). It may lie ahead.",
            "example": "2026-11-22",
        }
    )
    revision = Whole(
        validate=validate.Range(min=1, max=2**31 - 1),
        metadata={"description": "What was on file at this revision (default: the newest).", "example": 1},
    )
    known_at = fields.AwareDateTime(
        format="iso",
        metadata={
            "description": "What was on file at this moment, which may not lie ahead; not together with revision.",
            "example": "2026-11-22T12:00:00Z",
        },
    )


class ListQuery(MomentQuery):
    """What every list takes."""

    limit = Whole(load_default=50, validate=validate.Range(min=1, max=200), metadata={"description": "Rows a page.", "example": 50})
    cursor = fields.String(
        validate=validate.Length(max=2000),
        metadata={
            # No example: one that was issued holds only as long as the server's secret.
            "description": "Where the page begins; from the `next` of the page before, with the same filters."
        },
    )
    fields_ = DelimitedList(
        fields.String(validate=validate.Regexp(r"^[a-z0-9_]+(\.[a-z0-9_]+)*$")),
        data_key="fields",
        validate=validate.Length(min=1, max=100),
        metadata={"description": "Just these keys, comma-separated; dots reach into objects.", "example": ["links.self"]},
    )
    format = Word(("json", "csv", "ndjson", "xlsx"), metadata={"description": "Wins over the Accept header."})


def sorting(sorts: Iterable[str], default: str) -> fields.Field[Any]:
    """The ``sort`` parameter of a list that can be sorted by these fields, either way."""
    names = [name for field in sorts for name in (field, f"-{field}")]
    return Word(names, load_default=default, metadata={"description": "Nulls come last either way; ties are broken by id."})


def faceting(names: Iterable[str]) -> fields.Field[Any]:
    """The ``facets`` parameter of a list that can be counted by these."""
    known = list(names)
    return Words(known, example=known[0], description="Counts of all that matches by value, for each of these.")


def places() -> fields.Field[Any]:
    """The ``jurisdiction`` filter: identifiers of any form, separated by commas."""
    return DelimitedList(
        Text(100),
        validate=validate.Length(min=1, max=57),
        metadata={"description": "USPS codes or other identifiers, comma-separated.", "example": ["VA", "MD"]},
    )


def place() -> fields.Field[Any]:
    """A ``jurisdiction`` parameter that names one place."""
    return Text(100, required=True, metadata={"description": "A USPS code or another identifier.", "example": "VA"})


def document() -> fields.Field[Any]:
    """The ``document`` filter: what cites it."""
    return Slug(metadata={"description": "What cites this document.", "example": "washington-times-2025-09-17"})


def search_text() -> fields.Field[Any]:
    """The ``q`` parameter."""
    return Text(longest=200, shortest=1, metadata={"description": "Words that all have to occur, in any case.", "example": "virginia"})

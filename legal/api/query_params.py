"""Define the parameters that several endpoints of the API share, and the blueprint that parses and describes them."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, ParamSpec, TypeVar

import flask_smorest
from marshmallow import Schema, fields, validate
from webargs.fields import DelimitedList

from legal.api.formats.tabular import MEDIA_TYPES
from legal.http.query_params import (
    JurisdictionList,
    ReportedNumber,
    SnapshotQuery,
    StrictQueryParser,
    TermList,
    WholeNumber,
    revision_parameter,
)
from legal.schemas.base import Day, TermField, TextField

__all__ = [
    "Blueprint",
    "Day",
    "FormatQuery",
    "JurisdictionList",
    "ListQuery",
    "ReportedNumber",
    "SnapshotQuery",
    "StrictQueryParser",
    "TableQuery",
    "TermList",
    "WholeNumber",
    "facets_parameter",
    "jurisdiction_parameter",
    "revision_parameter",
    "sort_parameter",
]

P = ParamSpec("P")
T = TypeVar("T")


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


class FormatQuery(SnapshotQuery):
    """The parameters of an endpoint that can also return a table."""

    format = TermField(MEDIA_TYPES, metadata={"description": "Format of the response. Overrides the Accept header."})
    bom = fields.Boolean(
        load_default=False,
        truthy={"true"},
        falsy={"false"},
        metadata={
            "description": "Whether CSV starts with a byte order mark, which Excel needs to read accents. Other formats have none.",
            "example": False,
        },
    )


class TableQuery(FormatQuery):
    """The parameters of an endpoint that returns rows, as JSON or as a table."""

    fields_ = DelimitedList(
        fields.String(validate=validate.Regexp(r"^[a-z0-9_]+(\.[a-z0-9_]+)*$")),
        data_key="fields",
        validate=validate.Length(min=1, max=100),
        metadata={"description": "Keys to return, separated by commas. A dot selects a key of a nested object.", "example": ["links.self"]},
    )


class ListQuery(TableQuery):
    """The parameters of every list."""

    limit = WholeNumber(
        load_default=50,
        validate=validate.Range(min=1, max=200),
        metadata={
            "description": "Maximum number of rows on a page. CSV, NDJSON and XLSX without `limit` have every row.",
            "example": 50,
        },
    )
    cursor = fields.String(
        validate=validate.Length(max=2000),
        # No example: a cursor is valid only as long as the server's secret.
        metadata={"description": "Cursor of the page: `next_cursor` of the previous page. Keep the filters unchanged."},
    )


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

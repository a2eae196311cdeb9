"""The OpenAPI description: what smorest gathers from the views, completed with what all of them share."""

import functools
from collections.abc import Callable, Mapping
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from apispec.ext.marshmallow.openapi import OpenAPIConverter
from marshmallow import Schema, fields

from legal.api.formats import tabular
from legal.api.openapi.examples import EXAMPLES
from legal.api.problems import MEDIA, SORTS, ProblemSchema, Sort
from legal.schemas.base import END
from legal.vocabulary import CODEBOOK_VERSION

ABOUT = """\
Where each US state, DC and territory stands on working with ICE under section 287(g), every piece tied to the passage
it was read from. All reads take `as_of` (a day in the world) and `revision` or `known_at` (what was on file then).
`no_record` means that the documents on file do not say; it never means that there is none.
"""
OPTIONS = {
    "info": {"description": ABOUT, "license": {"name": "CC BY 4.0 (data)", "identifier": "CC-BY-4.0"}},
    "servers": [{"url": "/", "description": "This server."}],
}
HEADERS = {
    "ETag": {"description": "A weak tag of the answer.", "schema": {"type": "string"}},
    "Cache-Control": {"description": "How long caches may hold it.", "schema": {"type": "string"}},
}
REVISION = {"Data-Revision": {"description": "The revision that was read.", "schema": {"type": "integer"}}}
SOME_KEYS = {
    "type": "object",
    "description": "A page of a list whose rows have just the keys that `fields` named.",
    "required": ["results", "count", "next", "meta"],
    "properties": {
        "results": {"type": "array", "items": {"type": "object"}},
        "count": {"type": "integer"},
        "next": {"type": ["string", "null"]},
        "meta": {"type": "object"},
    },
}
NAMED = {
    "ref": "USPS code, name, slug, FIPS code, ISO 3166-2 code or OCD id, in any case.",
    "slug": "The last part of a problem's type.",
}
LINK = {"Link": {"description": 'The next page, `rel="next"`; not on the last.', "schema": {"type": "string"}}}


def named(schema: type[Schema] | Schema) -> str:
    """A shape's name in the description: its class's, without the suffix."""
    kind = schema if isinstance(schema, type) else type(schema)
    return kind.__name__.removesuffix("Schema")


class Converter(OpenAPIConverter):
    """Reads shapes; their patterns become such as every engine knows, not only Python's."""

    def field2pattern(self, field: fields.Field[Any], **kwargs: Any) -> dict[str, str]:
        """A pattern without Python's own end of text, and without surrogates, which JSON in UTF-8 cannot hold."""
        found = super().field2pattern(field, **kwargs)
        return {key: pattern.replace(END, "$").replace(r"\ud800-\udfff", "") for key, pattern in found.items()}


class Plugin(MarshmallowPlugin):
    """The plugin that reads shapes, with the converter of ours."""

    Converter = Converter


def plugin() -> MarshmallowPlugin:
    """The plugin that reads shapes, with names of ours."""
    return Plugin(schema_name_resolver=named)


def renderer(spec: APISpec) -> Callable[[], bytes]:
    """A function that gives the description as JSON, made once."""
    return functools.cache(lambda: tabular.json(completed(spec)))


def completed(spec: APISpec) -> dict[str, Any]:
    """The description with problems, headers and formats on every operation."""
    spec.components.schema("Problem", schema=ProblemSchema)
    described: dict[str, Any] = spec.to_dict()
    described["components"]["schemas"]["SomeKeys"] = SOME_KEYS
    described["components"].setdefault("responses", {}).update({sort.slug: _problem(status, sort) for status, sort in SORTS.items()})
    for path, methods in described["paths"].items():
        for parameter in methods.get("parameters", []):
            parameter.setdefault("description", NAMED.get(parameter["name"], "An identifier, as lists give it."))
        for operation in methods.values():
            if isinstance(operation, dict):
                _complete(path, operation)
    described["x-codebook"] = CODEBOOK_VERSION
    return described


def _complete(path: str, operation: dict[str, Any]) -> None:
    if operation["operationId"] in EXAMPLES:
        operation["responses"]["200"]["content"]["application/json"]["example"] = EXAMPLES[operation["operationId"]]
    published = path.startswith(("/v1/", "/feeds/"))
    answers = {code: answer for code, answer in operation["responses"].items() if code == "200"}
    is_list = any(parameter.get("name") == "cursor" for parameter in operation.get("parameters", []))
    for answer in answers.values():
        answer["headers"] = {**HEADERS, **(REVISION if published else {}), **(LINK if is_list else {})}
        if is_list:
            whole = answer["content"]["application/json"]
            whole["schema"] = {"anyOf": [whole["schema"], {"$ref": "#/components/schemas/SomeKeys"}]}
            answer["content"]["text/csv"] = {"schema": {"type": "string", "description": "RFC 4180 with a header."}}
            answer["content"]["application/x-ndjson"] = {"schema": {"type": "string", "description": "One object a line."}}
            answer["content"][tabular.MEDIA["xlsx"]] = {"schema": {"contentMediaType": tabular.MEDIA["xlsx"]}}
    if published:
        answers["304"] = {"description": "The client has it already.", "headers": {**HEADERS, **REVISION}}
    if path.startswith(("/v1/jurisdictions/{ref}", "/feeds/{code}")):
        answers["308"] = {"description": "The canonical address.", "headers": {"Location": {"schema": {"type": "string"}}}}
    for status in (400, 404, 405, 406, 422, 500, 503):
        answers[str(status)] = {"$ref": f"#/components/responses/{SORTS[status].slug}"}
    operation["responses"] = answers


def _problem(status: int, sort: Sort) -> Mapping[str, Any]:
    example = {
        "type": f"/problems/{sort.slug}",
        "title": sort.title,
        "status": status,
        "detail": sort.description,
        "instance": "/v1/measures",
    }
    return {"description": sort.description, "content": {MEDIA: {"schema": {"$ref": "#/components/schemas/Problem"}, "example": example}}}

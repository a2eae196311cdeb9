"""The OpenAPI description: what smorest gathers from the views, completed with what all of them share."""

import functools
from collections.abc import Callable, Mapping
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from marshmallow import Schema

from legal.api import formats
from legal.api.problems import MEDIA, SORTS, ProblemSchema
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
LINK = {"Link": {"description": 'The next page, `rel="next"`; not on the last.', "schema": {"type": "string"}}}


def named(schema: type[Schema] | Schema) -> str:
    """A shape's name in the description: its class's, without the suffix."""
    kind = schema if isinstance(schema, type) else type(schema)
    return kind.__name__.removesuffix("Schema")


def plugin() -> MarshmallowPlugin:
    """The plugin that reads shapes, with names of ours."""
    return MarshmallowPlugin(schema_name_resolver=named)


def renderer(spec: APISpec) -> Callable[[], bytes]:
    """A function that gives the description as JSON, made once."""
    return functools.cache(lambda: formats.json(completed(spec)))


def completed(spec: APISpec) -> dict[str, Any]:
    """The description with problems, headers and formats on every operation."""
    if "Problem" not in spec.components.schemas:
        spec.components.schema("Problem", schema=ProblemSchema)
    described: dict[str, Any] = spec.to_dict()
    described["components"].setdefault("responses", {}).update({sort.slug: _problem(sort.description) for sort in SORTS.values()})
    for path, methods in described["paths"].items():
        for operation in methods.values():
            if isinstance(operation, dict):
                _complete(path, operation)
    described["x-codebook"] = CODEBOOK_VERSION
    return described


def _complete(path: str, operation: dict[str, Any]) -> None:
    published = path.startswith("/v1/")
    answers = {code: answer for code, answer in operation["responses"].items() if code == "200"}
    is_list = any(parameter.get("name") == "cursor" for parameter in operation.get("parameters", []))
    for answer in answers.values():
        answer["headers"] = {**HEADERS, **(REVISION if published else {}), **(LINK if is_list else {})}
        if is_list:
            answer["content"]["text/csv"] = {"schema": {"type": "string", "description": "RFC 4180 with a header."}}
            answer["content"]["application/x-ndjson"] = {"schema": {"type": "string", "description": "One object a line."}}
    if published:
        answers["304"] = {"description": "The client has it already.", "headers": {**HEADERS, **REVISION}}
    if path == "/v1/jurisdictions/{ref}":
        answers["308"] = {"description": "The canonical address.", "headers": {"Location": {"schema": {"type": "string"}}}}
    for status in (400, 404, 405, 406, 422, 500, 503):
        answers[str(status)] = {"$ref": f"#/components/responses/{SORTS[status].slug}"}
    operation["responses"] = answers


def _problem(text: str) -> Mapping[str, Any]:
    return {"description": text, "content": {MEDIA: {"schema": {"$ref": "#/components/schemas/Problem"}}}}

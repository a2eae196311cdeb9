"""Build the OpenAPI description: the operations that flask-smorest collects from the views, and the parts that all share."""

import functools
from collections.abc import Callable, Mapping

from apispec import APISpec
from marshmallow import Schema

from legal.api.formats import tabular
from legal.api.openapi.examples import RESPONSE_EXAMPLES
from legal.api.problems import PROBLEM_MEDIA_TYPE, PROBLEM_TYPES, ProblemSchema, ProblemType
from legal.json_types import Json
from legal.schemas.json_schema import PortablePlugin
from legal.vocabulary import CODEBOOK_VERSION

_API_DESCRIPTION = """\
The stance of each US state, DC and territory on working with ICE under section 287(g). Every entry cites the passage
that supports it. All reads accept `as_of` (the day that the answer describes), `revision` or `known_at` (a state of the record), and
`rules` (the rule pack, the numbered set of rules that gives postures). An answer pinned by `as_of`, `revision` and `rules` never changes.
`no_record` means that the documents on file do not say; it never means that nothing exists.
"""
SPEC_OPTIONS = {
    "info": {"description": _API_DESCRIPTION, "license": {"name": "CC BY 4.0 (data)", "identifier": "CC-BY-4.0"}},
    "servers": [{"url": "/", "description": "This server."}],
}
_CACHE_HEADERS = {
    "ETag": {"description": "Weak entity tag of the response.", "schema": {"type": "string"}},
    "Cache-Control": {"description": "Whether and how long caches may store the response.", "schema": {"type": "string"}},
}
_REVISION_HEADER = {"Data-Revision": {"description": "Revision of the record that was read.", "schema": {"type": "integer"}}}
_LINK_HEADER = {"Link": {"description": 'URL of the next page, with `rel="next"`. Absent on the last page.', "schema": {"type": "string"}}}
_SOME_KEYS_SCHEMA = {
    "type": "object",
    "description": "A page of a list whose rows have only the keys in `fields`.",
    "required": ["results", "count", "next", "meta"],
    "properties": {
        "results": {"type": "array", "items": {"type": "object"}},
        "count": {"type": "integer"},
        "next": {"type": ["string", "null"]},
        "meta": {"type": "object"},
    },
}
_LIST_FORMAT_SCHEMAS: Mapping[str, Json] = {
    "csv": tabular.CSV_RESPONSE_SCHEMA,
    "ndjson": {"type": "string", "description": "One JSON object per line."},
    "xlsx": {"contentMediaType": tabular.MEDIA_TYPES["xlsx"]},
}
"""The schemas of a list's formats other than JSON."""
_PATH_PARAMETER_DESCRIPTIONS = {
    "ref": "USPS code, name, slug, FIPS code, ISO 3166-2 code or OCD ID, in any case.",
    "slug": "Last part of the problem's `type`.",
}
_DEFAULT_PATH_PARAMETER_DESCRIPTION = "Identifier, as returned by lists."
_ERROR_STATUSES = (400, 404, 405, 406, 422, 500, 503)
"""The problems that any operation may return."""


def component_name(schema: type[Schema] | Schema) -> str:
    """Return the name under which a schema is published: its class name without the suffix ``Schema``."""
    schema_class = schema if isinstance(schema, type) else type(schema)
    return schema_class.__name__.removesuffix("Schema")


def schema_plugin() -> PortablePlugin:
    """Return the apispec plugin that converts marshmallow schemas and names their components."""
    return PortablePlugin(schema_name_resolver=component_name)


def description_renderer(spec: APISpec) -> Callable[[], bytes]:
    """Return a function that returns the description as JSON, built at the first call."""
    return functools.cache(lambda: tabular.encode_json(complete_description(spec)))


def complete_description(spec: APISpec) -> Json:
    """Return the description with the problems, headers and formats that operations share."""
    spec.components.schema("Problem", schema=ProblemSchema)
    description: Json = spec.to_dict()
    description["components"]["schemas"]["SomeKeys"] = _SOME_KEYS_SCHEMA
    responses = {problem_type.slug: _problem_component(status, problem_type) for status, problem_type in PROBLEM_TYPES.items()}
    description["components"].setdefault("responses", {}).update(responses)
    for path, path_item in description["paths"].items():
        for parameter in path_item.get("parameters", []):
            text = _PATH_PARAMETER_DESCRIPTIONS.get(parameter["name"], _DEFAULT_PATH_PARAMETER_DESCRIPTION)
            parameter.setdefault("description", text)
        for operation in path_item.values():
            if isinstance(operation, dict):
                _complete_operation(path, operation)
    description["x-codebook"] = CODEBOOK_VERSION
    return description


def _complete_operation(path: str, operation: Json) -> None:
    if operation["operationId"] in RESPONSE_EXAMPLES:
        operation["responses"]["200"]["content"]["application/json"]["example"] = RESPONSE_EXAMPLES[operation["operationId"]]
    is_published = path.startswith(("/v1/", "/feeds/"))
    is_list = any(parameter.get("name") == "cursor" for parameter in operation.get("parameters", []))
    responses = {status: response for status, response in operation["responses"].items() if status == "200"}
    for response in responses.values():
        response["headers"] = {**_CACHE_HEADERS, **(_REVISION_HEADER if is_published else {}), **(_LINK_HEADER if is_list else {})}
        if is_list:
            _add_list_formats(response["content"])
    if is_published:
        responses["304"] = {
            "description": "Not modified: the client has the current response.",
            "headers": {**_CACHE_HEADERS, **_REVISION_HEADER},
        }
    if path.startswith(("/v1/jurisdictions/{ref}", "/feeds/{code}")):
        responses["308"] = {"description": "Redirect to the canonical path.", "headers": {"Location": {"schema": {"type": "string"}}}}
    has_rule_pack = any(parameter.get("name") == "rules" for parameter in operation.get("parameters", []))
    for status in (*_ERROR_STATUSES, *((410,) if has_rule_pack else ())):
        responses[str(status)] = {"$ref": f"#/components/responses/{PROBLEM_TYPES[status].slug}"}
    operation["responses"] = responses


def _add_list_formats(content: Json) -> None:
    page = content["application/json"]
    page["schema"] = {"anyOf": [page["schema"], {"$ref": "#/components/schemas/SomeKeys"}]}
    for format_name, schema in _LIST_FORMAT_SCHEMAS.items():
        content[tabular.MEDIA_TYPES[format_name]] = {"schema": schema}


def _problem_component(status: int, problem_type: ProblemType) -> Json:
    example = {
        "type": f"/problems/{problem_type.slug}",
        "title": problem_type.title,
        "status": status,
        "detail": problem_type.description,
        "instance": "/v1/measures",
    }
    content = {PROBLEM_MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}, "example": example}}
    return {"description": problem_type.description, "content": content}

"""Build the OpenAPI description: the operations that flask-smorest collects from the views, and the parts that all share."""

import re
from collections.abc import Mapping

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
`epoch`, which permalinks have too, changes only when the operator restores a backup: revision numbers are issued again then.
`no_record` means that the documents on file do not say; it never means that nothing exists.
"""
SPEC_OPTIONS = {
    "info": {
        "description": _API_DESCRIPTION,
        "contact": {"name": "The operator of this service"},
        "license": {"name": "CC BY 4.0 (data)", "identifier": "CC-BY-4.0"},
    },
    "servers": [{"url": "/", "description": "This server."}],
    "security": [],
}
_LIST_DESCRIPTION = (
    "Filters are combined; a filter with several values, given with commas, by repeating it, or both, selects rows with any of them. "
    "JSON comes in pages, with `next` and `next_cursor`. CSV, NDJSON and XLSX have every row, or a page if `limit` is given."
)
_READ_DESCRIPTION = (
    "The answer describes the day in `as_of` (default: today) at the revision in `revision` or `known_at` (default: the newest)."
)
_OPERATION_DESCRIPTION = "This does not read the record."
_CACHE_HEADERS = {
    "ETag": {"description": "Weak entity tag of the response.", "schema": {"type": "string"}},
    "Cache-Control": {"description": "Whether and how long caches may store the response.", "schema": {"type": "string"}},
}
_REVISION_HEADER = {"Data-Revision": {"description": "Revision of the record that was read.", "schema": {"type": "integer"}}}
_LINK_HEADER = {"Link": {"description": 'URL of the next page, with `rel="next"`. Absent on the last page.', "schema": {"type": "string"}}}
_SOME_KEYS_SCHEMA = {
    "type": "object",
    "description": "A page of a list whose rows have only the keys in `fields`.",
    "required": ["results", "count", "next", "next_cursor", "meta"],
    "properties": {
        "results": {"type": "array", "items": {"type": "object"}},
        "count": {"type": "integer"},
        "next": {"type": ["string", "null"]},
        "next_cursor": {"type": ["string", "null"]},
        "meta": {"type": "object"},
    },
}
_SOME_ROWS_SCHEMA = {
    "type": "object",
    "description": "The answer, whose rows have only the keys in `fields`.",
    "required": ["meta"],
    "properties": {"meta": {"type": "object"}},
}
_TABLE_FORMAT_SCHEMAS: Mapping[str, Json] = {
    "csv": tabular.CSV_RESPONSE_SCHEMA,
    "ndjson": {"type": "string", "description": "One JSON object per line."},
    "xlsx": {"contentMediaType": tabular.MEDIA_TYPES["xlsx"]},
}
"""The schemas of the formats of a table, other than JSON."""
_PATH_PARAMETER_DESCRIPTIONS = {
    "ref": "USPS code, name, slug, FIPS code, ISO 3166-2 code or OCD ID, in any case.",
    "slug": "Last part of the problem's `type`.",
}
_DEFAULT_PATH_PARAMETER_DESCRIPTION = "Identifier, as returned by lists."
_NEEDED_PARAMETERS = {("getDiff", "from")}
"""Optional parameters of which an operation needs one or another; their example fills it in."""
_ERROR_STATUSES = (400, 404, 405, 406, 414, 422, 431, 500, 503)
"""The problems that any operation may return."""


def component_name(schema: type[Schema] | Schema) -> str:
    """Return the name under which a schema is published: its class name without the suffix ``Schema``."""
    schema_class = schema if isinstance(schema, type) else type(schema)
    return schema_class.__name__.removesuffix("Schema")


def schema_plugin() -> PortablePlugin:
    """Return the apispec plugin that converts marshmallow schemas and names their components."""
    return PortablePlugin(schema_name_resolver=component_name)


def complete_description(spec: APISpec) -> Json:
    """Return the description with the problems, headers and formats that operations share."""
    spec.components.schema("Problem", schema=ProblemSchema)
    description: Json = spec.to_dict()
    description["components"]["schemas"] |= {"SomeKeys": _SOME_KEYS_SCHEMA, "SomeRows": _SOME_ROWS_SCHEMA}
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
    _remove_unused_components(description)
    return description


def _complete_operation(path: str, operation: Json) -> None:
    if operation["operationId"] in RESPONSE_EXAMPLES:
        operation["responses"]["200"]["content"]["application/json"]["example"] = RESPONSE_EXAMPLES[operation["operationId"]]
    parameter_names = {parameter.get("name") for parameter in operation.get("parameters", [])}
    is_published, is_list = path == "/v1" or path.startswith(("/v1/", "/feeds/")), "cursor" in parameter_names
    _complete_text(operation, is_published, is_list)
    responses = {status: response for status, response in operation["responses"].items() if status == "200"}
    for response in responses.values():
        response["headers"] = {**_CACHE_HEADERS, **(_REVISION_HEADER if is_published else {}), **(_LINK_HEADER if is_list else {})}
        if "fields" in parameter_names:
            page = response["content"]["application/json"]
            page["schema"] = {"anyOf": [page["schema"], {"$ref": f"#/components/schemas/{'SomeKeys' if is_list else 'SomeRows'}"}]}
        _complete_content(response["content"], has_formats="format" in parameter_names)
    if is_published:
        responses["304"] = {
            "description": "Not modified: the client has the current response.",
            "headers": {**_CACHE_HEADERS, **_REVISION_HEADER},
        }
    if path.startswith(("/v1/jurisdictions/{ref}", "/feeds/{code}")):
        responses["308"] = {"description": "Redirect to the canonical path.", "headers": {"Location": {"schema": {"type": "string"}}}}
    body_statuses = (413, 415) if "requestBody" in operation else ()
    for status in (*_ERROR_STATUSES, *body_statuses, *((410,) if "rules" in parameter_names else ())):
        responses[str(status)] = {"$ref": f"#/components/responses/{PROBLEM_TYPES[status].slug}"}
    operation["responses"] = responses


def _complete_text(operation: Json, is_published: bool, is_list: bool) -> None:
    """Complete the description of an operation, and write the examples of optional parameters into theirs.

    Clients that fill in a form from examples send all of them at once. Optional parameters that are sent together would
    select nothing or exclude each other. Only required parameters therefore keep an example that programs read.
    """
    shared_text = _LIST_DESCRIPTION if is_list else _READ_DESCRIPTION if is_published else _OPERATION_DESCRIPTION
    operation["description"] = "\n\n".join(filter(None, (operation.get("description"), shared_text)))
    for parameter in operation.get("parameters", []):
        schema = parameter["schema"]
        is_needed = parameter.get("required") or (operation["operationId"], parameter["name"]) in _NEEDED_PARAMETERS
        if parameter["in"] == "query" and not is_needed and "example" in schema:
            example = schema.pop("example")
            parameter["x-example"] = ",".join(example) if isinstance(example, list) else example
            parameter["description"] += f" Example: `{encode_example(parameter['x-example'])}`."


def encode_example(example: object) -> str:
    """Return an example in the form that it has in a query string, before percent-encoding."""
    return str(example).lower() if isinstance(example, bool) else str(example)


def _complete_content(content: Json, *, has_formats: bool) -> None:
    if has_formats:
        content |= {tabular.MEDIA_TYPES[format_name]: {"schema": schema} for format_name, schema in _TABLE_FORMAT_SCHEMAS.items()}
    for media in content.values():
        if set(media["schema"]) == {"contentMediaType"}:
            # Generators of clients know binary content by its format, which OpenAPI 3.1 leaves out.
            media["schema"] = {"type": "string", "format": "binary", **media["schema"]}


def _remove_unused_components(description: Json) -> None:
    """Remove the components that nothing refers to, such as those that smorest adds for its own errors."""
    components = description["components"]
    while True:
        references = set(re.findall(r'"#/components/(\w+)/([^"]+)"', tabular.encode_json(description).decode()))
        unused_names = [(group, name) for group, members in components.items() for name in members if (group, name) not in references]
        if not unused_names:
            return
        for group, name in unused_names:
            del components[group][name]


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

"""Serve OpenRefine's reconciliation protocol 0.2 over jurisdictions and agencies."""

import html
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

import orjson
from flask import Response, redirect, request
from marshmallow import Schema, ValidationError, validate
from marshmallow.exceptions import SCHEMA

from legal.api.formats import tabular
from legal.api.query_params import Blueprint, SnapshotQuery, WholeNumber
from legal.api.reconciliation_requests import ExtensionQuerySchema, ReconciliationQuerySchema
from legal.api.responses import RequestContext, published_endpoint, with_cache_headers
from legal.errors import Fault, InvalidInput, NotFound
from legal.http.links import absolute_url
from legal.json_types import Json
from legal.queries import reconciliation
from legal.queries.reconciliation import JURISDICTION_TYPE, PROPERTY_NAMES, RECONCILED_TYPES
from legal.schemas.base import TermField, TextField
from legal.schemas.reconcile import ProposedPropertiesSchema, SuggestedEntitiesSchema, SuggestionsSchema
from legal.suggestions import suggest

PATH = "/v1/reconcile"
MAX_QUERIES = 100
_SUGGESTIONS = 10
_BODY_FIELDS = ("queries", "extend")
_FORM_MEDIA_TYPE = "application/x-www-form-urlencoded"
_NO_EFFECT = "Clients of the protocol send it. It has no effect here."
_QUERIES_EXAMPLE = '{"q0": {"query": "Virgina", "type": "jurisdiction", "limit": 3}}'
_EXTEND_EXAMPLE = '{"ids": ["VA"], "properties": [{"id": "fips"}, {"id": "posture"}]}'
_QUERIES_DESCRIPTION = (
    f"Up to {MAX_QUERIES} queries as a JSON object with keys of your choice. Each has `query`, and may have `type` "
    f"({', '.join(f'`{type}`' for type in RECONCILED_TYPES)}), `limit` and `properties` (`pid`, `v`), which narrow the choice."
)
_EXTEND_DESCRIPTION = f"A data extension as JSON: `ids` and `properties`. Properties: {', '.join(f'`{name}`' for name in PROPERTY_NAMES)}."
_ANSWER_SCHEMA = {
    "type": "object",
    "description": "The manifest; or for each key of `queries` an object with `result`; or the `meta` and `rows` of `extend`.",
}
_REQUEST_BODY = {
    "required": True,
    "content": {
        _FORM_MEDIA_TYPE: {
            "schema": {
                "type": "object",
                "properties": {
                    "queries": {"type": "string", "description": _QUERIES_DESCRIPTION},
                    "extend": {"type": "string", "description": _EXTEND_DESCRIPTION},
                },
                "additionalProperties": False,
                "minProperties": 1,
                "maxProperties": 1,
            },
            "example": {"queries": _QUERIES_EXAMPLE},
        }
    },
}
_PREVIEW_POLICY = "default-src 'none'; style-src 'unsafe-inline'"

blueprint = Blueprint("reconcile", __name__, description="OpenRefine's reconciliation protocol.")


class ReconcileQuery(SnapshotQuery):
    """The parameters of a reconciliation over GET. Without ``queries``, the manifest is served."""

    queries = TextField(100_000, metadata={"description": _QUERIES_DESCRIPTION, "example": _QUERIES_EXAMPLE})


class PrefixQuery(SnapshotQuery):
    """The parameters of a suggestion, with those that OpenRefine sends along."""

    prefix = TextField(200, required=True, metadata={"description": "The text typed so far.", "example": "virg"})
    cursor_ = WholeNumber(data_key="cursor", metadata={"description": _NO_EFFECT, "example": 0})
    limit = WholeNumber(
        load_default=_SUGGESTIONS,
        validate=validate.Range(min=1, max=50),
        metadata={"description": "Maximum number of suggestions.", "example": 10},
    )
    type = TextField(200, 0, metadata={"description": _NO_EFFECT, "example": "jurisdiction"})
    type_strict = TextField(20, 0, metadata={"description": _NO_EFFECT, "example": "any"})
    lang = TextField(20, 0, metadata={"description": _NO_EFFECT, "example": "en"})


class PropertiesQuery(SnapshotQuery):
    """The parameters of the list of properties."""

    type = TermField(RECONCILED_TYPES, load_default=JURISDICTION_TYPE.id, metadata={"description": "Type of the entities."})
    limit = WholeNumber(
        load_default=50, validate=validate.Range(min=1, max=50), metadata={"description": "Maximum number of properties.", "example": 50}
    )


class EntityQuery(SnapshotQuery):
    """The parameter that names an entity."""

    id = TextField(200, required=True, metadata={"description": "Id of a jurisdiction or an agency.", "example": "VA"})


@blueprint.read_endpoint(PATH, query_schema=ReconcileQuery, response_schema=_ANSWER_SCHEMA, operation_id="getReconciliation")
@published_endpoint
def get_reconciliation(ctx: RequestContext) -> Json:
    """Get the manifest of the reconciliation service, or reconcile names, for OpenRefine

    Give this address to OpenRefine as a standard service. A name is a match by itself only if exactly one entity has it.
    """
    return _reconcile_or_extend(ctx, {"queries": ctx.query["queries"]}) if "queries" in ctx.query else manifest_json()


@published_endpoint
def reconcile(ctx: RequestContext) -> Response:
    """Reconcile names with jurisdictions and agencies, or get their properties, for OpenRefine

    The form has either `queries` or `extend`. Names, types and limits are those of `queries` over GET.
    """
    unknown_names = [name for name in request.form if name not in _BODY_FIELDS]
    if unknown_names:
        faults = [Fault("Unknown field. Allowed: queries, extend.", parameter=name[:100]) for name in unknown_names]
        raise InvalidInput("The form has unknown fields.", faults)
    members = request.form.to_dict()
    if not members:
        raise InvalidInput(f"Send either `queries` or `extend` as {_FORM_MEDIA_TYPE}.")
    response = Response(tabular.encode_json(_reconcile_or_extend(ctx, members)), mimetype=tabular.MEDIA_TYPES["json"])
    response.headers["Cache-Control"] = "no-store"
    response.headers["Data-Revision"] = str(ctx.snapshot.revision)
    return response


@blueprint.read_endpoint(
    f"{PATH}/suggest/entity", query_schema=PrefixQuery, response_schema=SuggestedEntitiesSchema, operation_id="suggestEntities"
)
@published_endpoint
def suggest_entities(ctx: RequestContext) -> Json:
    """Suggest jurisdictions and agencies whose name begins with a text"""
    return {"result": reconciliation.suggest_entities(ctx.session, ctx.snapshot, ctx.query["prefix"], ctx.query["limit"])}


@blueprint.read_endpoint(f"{PATH}/suggest/type", query_schema=PrefixQuery, response_schema=SuggestionsSchema, operation_id="suggestTypes")
@published_endpoint
def suggest_types(ctx: RequestContext) -> Json:
    """Suggest types whose name begins with a text"""
    return {"result": _complete_prefix(ctx, {type.id: type.name for type in RECONCILED_TYPES.values()})}


@blueprint.read_endpoint(
    f"{PATH}/suggest/property", query_schema=PrefixQuery, response_schema=SuggestionsSchema, operation_id="suggestProperties"
)
@published_endpoint
def suggest_properties(ctx: RequestContext) -> Json:
    """Suggest properties whose name begins with a text"""
    return {"result": _complete_prefix(ctx, PROPERTY_NAMES)}


@blueprint.read_endpoint(
    f"{PATH}/properties", query_schema=PropertiesQuery, response_schema=ProposedPropertiesSchema, operation_id="proposeProperties"
)
@published_endpoint
def propose_properties(ctx: RequestContext) -> Json:
    """List the properties that entities of a type have"""
    properties = list(RECONCILED_TYPES[ctx.query["type"]].properties.items())[: ctx.query["limit"]]
    return {
        "type": ctx.query["type"],
        "limit": ctx.query["limit"],
        "properties": [{"id": id, "name": name} for id, name in properties],
    }


@blueprint.read_endpoint(
    f"{PATH}/preview",
    query_schema=EntityQuery,
    response_schema={"type": "string", "description": "A small page."},
    media_type="text/html",
    operation_id="previewEntity",
)
@published_endpoint
def preview_entity(ctx: RequestContext) -> Response:
    """Get a small page on an entity, which OpenRefine shows in a frame"""
    entity = _find_entity(ctx)
    type = entity["reconciled_type"]
    text = entity.get("headline") or ", ".join(filter(None, (entity.get("county"), entity.get("jurisdiction", {}).get("name"))))
    count = entity["agreements"]
    agreements = "" if count is None else f"<p>{count:,} {'agreement' if count == 1 else 'agreements'} on {ctx.snapshot.as_of}</p>"
    body = (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{html.escape(entity["name"])}</title>'
        f'<body style="font: 13px sans-serif"><h1 style="font-size: 15px">{html.escape(entity["name"])}</h1>'
        f"<p>{html.escape(type.name)}</p><p>{html.escape(text)}</p>{agreements}</body></html>"
    )
    response = Response(body, content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = _PREVIEW_POLICY
    return with_cache_headers(response, ctx)


@published_endpoint
def view_entity(ctx: RequestContext) -> Response:
    """Go to the page of an entity"""
    entity = _find_entity(ctx)
    path = f"/states/{entity['slug']}" if entity["reconciled_type"] is JURISDICTION_TYPE else f"/agencies/{ctx.query['id']}"
    return redirect(path, HTTPStatus.FOUND, Response)  # type: ignore[return-value]  # redirect returns the given class


def manifest_json() -> Json:
    """Return the manifest: what the service reconciles, and the addresses of its parts."""
    base = absolute_url(PATH)
    return {
        "versions": ["0.1", "0.2"],
        "name": "Legal Landscape: states and agencies under section 287(g)",
        "identifierSpace": absolute_url("/v1/"),
        "schemaSpace": absolute_url("/v1/codebook"),
        "defaultTypes": [type.as_json() for type in RECONCILED_TYPES.values()],
        "view": {"url": f"{base}/view?id={{{{id}}}}"},
        "preview": {"url": f"{base}/preview?id={{{{id}}}}", "width": 420, "height": 220},
        "suggest": {noun: {"service_url": base, "service_path": f"/suggest/{noun}"} for noun in ("entity", "type", "property")},
        "extend": {"propose_properties": {"service_url": base, "service_path": "/properties"}, "property_settings": []},
    }


def _reconcile_or_extend(ctx: RequestContext, members: Mapping[str, str]) -> Json:
    if len(members) > 1:
        raise InvalidInput("Use either queries or extend, not both.", [Fault("Remove queries or extend.", parameter="extend")])
    ((name, text),) = members.items()
    body = _parse_json(name, text)
    if name == "extend":
        return _extension_json(ctx, _load_part(ExtensionQuerySchema(), body, name, ""))
    if not isinstance(body, dict) or not 1 <= len(body) <= MAX_QUERIES:
        raise InvalidInput(
            "queries must be a JSON object.", [Fault(f"Send 1 to {MAX_QUERIES} queries as an object with a key for each.", parameter=name)]
        )
    queries = {key: _load_part(ReconciliationQuerySchema(), query, name, f"/{key}") for key, query in body.items()}
    for key, query in queries.items():
        _check_ids(query["types"], RECONCILED_TYPES, "type", name, f"/{key}/type")
        _check_ids(query["properties"], PROPERTY_NAMES, "property", name, f"/{key}/properties")
    return reconciliation.reconcile_names(ctx.session, ctx.snapshot, queries)


def _extension_json(ctx: RequestContext, extension: Json) -> Json:
    property_ids = [item["id"] for item in extension["properties"]]
    _check_ids(property_ids, PROPERTY_NAMES, "property", "extend", "/properties")
    meta = [
        {"id": id, "name": PROPERTY_NAMES[id], **({"type": JURISDICTION_TYPE.as_json()} if id == JURISDICTION_TYPE.id else {})}
        for id in property_ids
    ]
    return {"meta": meta, "rows": reconciliation.load_property_values(ctx.session, ctx.snapshot, extension["ids"], property_ids)}


def _parse_json(name: str, text: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise InvalidInput(f"{name} is not JSON.", [Fault(str(error), parameter=name)]) from error


def _load_part(schema: Schema, part: Any, parameter: str, pointer: str) -> Any:
    try:
        return schema.load(part)
    except ValidationError as error:
        details = error.messages if isinstance(error.messages, dict) else {SCHEMA: error.messages}
        faults = [
            Fault(_first_message(detail), parameter=parameter, pointer=pointer if field == SCHEMA else f"{pointer}/{field}")
            for field, detail in details.items()
        ]
        raise InvalidInput(f"A part of {parameter} is not valid.", faults) from error


def _first_message(detail: Any) -> str:
    while not isinstance(detail, str):
        detail = next(iter(detail.values() if isinstance(detail, dict) else detail))
    return detail


def _check_ids(ids: Iterable[str], known_ids: Mapping[str, Any], noun: str, parameter: str, pointer: str) -> None:
    faults = [
        Fault(
            f"There is no {noun} {id[:100]!r}. Use one of {', '.join(known_ids)}.",
            parameter=parameter,
            pointer=pointer,
            did_you_mean=suggest(id, list(known_ids)),
        )
        for id in ids
        if id not in known_ids
    ]
    if faults:
        raise InvalidInput(f"A part of {parameter} is not valid.", faults)


def _complete_prefix(ctx: RequestContext, names_by_id: Mapping[str, str]) -> list[Json]:
    prefix = ctx.query["prefix"].lower()
    completions = [{"id": id, "name": name} for id, name in names_by_id.items() if name.lower().startswith(prefix) or id.startswith(prefix)]
    return completions[: ctx.query["limit"]]


def _find_entity(ctx: RequestContext) -> Json:
    id = ctx.query["id"]
    entity = reconciliation.load_entities(ctx.session, ctx.snapshot, [id]).get(id)
    if entity is None:
        raise NotFound(f"There is no jurisdiction or agency {id[:100]!r}.")
    return entity


def _register_view(path: str, method: str, operation: Json, status: HTTPStatus, query_schema: type[Schema], view: Any) -> None:
    """Register a view that is not a plain read, and describe it."""
    describe = blueprint.response(status, operation.pop("response_schema", None), description=operation.pop("response_description", None))
    documented_view = blueprint.doc(**operation)(describe(blueprint.arguments(query_schema(), location="query")(view)))
    blueprint.route(path, methods=[method])(documented_view)


_register_view(
    PATH,
    "POST",
    {"operationId": "reconcile", "requestBody": _REQUEST_BODY, "response_schema": _ANSWER_SCHEMA},
    HTTPStatus.OK,
    SnapshotQuery,
    reconcile,
)
_register_view(
    f"{PATH}/view",
    "GET",
    {"operationId": "viewEntity", "response_description": "The HTML page of the entity."},
    HTTPStatus.FOUND,
    EntityQuery,
    view_entity,
)

"""Test that the OpenAPI description is valid, complete and consistent with the routes."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import OpenAPIV31SpecValidator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from legal.api.openapi.examples import RESPONSE_EXAMPLES
from legal.api.problems import PROBLEM_TYPES
from tests.conftest import make_app

METHODS = {"get", "post", "put", "patch", "delete"}
NO_EXAMPLE = {"cursor"}  # a cursor is valid only as long as the server's secret
Json = dict[str, Any]


@pytest.fixture(scope="module")
def description_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """An app without a database, which the description does not need."""
    return make_app(f"sqlite:///{tmp_path_factory.mktemp('description') / 'none.sqlite'}")


@pytest.fixture(scope="module")
def description(description_app: Flask) -> Json:
    """The description as served."""
    return dict(description_app.test_client().get("/openapi.json").json)


def iterate_operations(description: Json) -> Iterator[tuple[str, str, Json]]:
    """Yield each operation with its path and method."""
    for path, methods in description["paths"].items():
        yield from ((path, method, operation) for method, operation in methods.items() if method in METHODS)


def iterate_parameters(description: Json) -> Iterator[tuple[str, Json]]:
    """Yield each parameter with its path."""
    for path, methods in description["paths"].items():
        for part in (methods, *(operation for method, operation in methods.items() if method in METHODS)):
            yield from ((path, parameter) for parameter in part.get("parameters", []))


def schema_errors(description: Json, schema: Json, value: Any) -> list[str]:
    """Return the errors of a value by a schema of the description."""
    registry = Registry().with_resource("urn:description", Resource(contents=description, specification=DRAFT202012))
    resolvable_schema = json.loads(json.dumps(schema).replace('"#/', '"urn:description#/'))
    return [error.message for error in OAS31Validator(resolvable_schema, registry=registry).iter_errors(value)]


def test_description_is_valid(description: Json) -> None:
    assert [error.message for error in OpenAPIV31SpecValidator(description).iter_errors()] == []


def test_openapi_version_is_3_1(description: Json) -> None:
    assert description["openapi"].startswith("3.1.")


def test_operation_ids_are_unique(description: Json) -> None:
    operation_ids = [operation["operationId"] for _, _, operation in iterate_operations(description)]
    assert len(set(operation_ids)) == len(operation_ids)


def test_described_operations_equal_the_routes(description_app: Flask, description: Json) -> None:
    routes = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in description_app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.endpoint.partition(".")[0] != "site"
    }
    assert routes == {(path, method) for path, method, _ in iterate_operations(description)}


def test_every_operation_has_a_summary(description: Json) -> None:
    assert [path for path, _, operation in iterate_operations(description) if not operation.get("summary")] == []


def test_every_parameter_has_a_description(description: Json) -> None:
    assert [(path, parameter["name"]) for path, parameter in iterate_parameters(description) if not parameter.get("description")] == []


def test_every_parameter_has_an_example_or_a_closed_list(description: Json) -> None:
    def has_example(parameter: Json) -> bool:
        schema = parameter["schema"]
        return bool({"example", "x-example"} & {*parameter, *schema}) or "enum" in schema or parameter["name"] in NO_EXAMPLE

    assert [(path, parameter["name"]) for path, parameter in iterate_parameters(description) if not has_example(parameter)] == []


def test_every_parameter_example_matches_its_schema(description: Json) -> None:
    for path, parameter in iterate_parameters(description):
        is_list = parameter["schema"].get("type") == "array"
        text_examples = [parameter["x-example"].split(",") if is_list else parameter["x-example"]] if "x-example" in parameter else []
        for example in (*text_examples, *(part["example"] for part in (parameter, parameter["schema"]) if "example" in part)):
            assert schema_errors(description, parameter["schema"], example) == [], (path, parameter["name"])


def test_only_needed_parameters_have_an_example_that_clients_send(description: Json) -> None:
    optional_parameters = [
        (path, parameter["name"])
        for path, parameter in iterate_parameters(description)
        if not parameter.get("required") and {"example", "examples"} & {*parameter, *parameter["schema"]}
    ]
    assert optional_parameters == [("/v1/diff", "from")]


def test_example_of_an_optional_parameter_stands_in_its_text(description: Json) -> None:
    parameters = {parameter["name"]: parameter for path, parameter in iterate_parameters(description) if path == "/v1/measures"}
    assert parameters["jurisdiction"]["description"].endswith(" Example: `VA,MD`.")
    assert parameters["bom"]["description"].endswith(" Example: `false`.")


def test_every_property_example_matches_its_schema(description: Json) -> None:
    for name, component in description["components"]["schemas"].items():
        for key, schema in component.get("properties", {}).items():
            assert "example" not in schema or schema_errors(description, schema, schema["example"]) == [], (name, key)


def test_every_response_example_matches_its_schema(description: Json) -> None:
    count = 0
    for path, _, operation in iterate_operations(description):
        for media in operation["responses"].get("200", {}).get("content", {}).values():
            if "example" in media:
                count += 1
                assert schema_errors(description, media["schema"], media["example"]) == [], path
    assert count == len(RESPONSE_EXAMPLES)


def test_every_problem_type_has_a_valid_example(description: Json) -> None:
    published_slugs = set(description["components"]["responses"])
    assert published_slugs <= {problem_type.slug for problem_type in PROBLEM_TYPES.values()}
    for problem_type in (problem_type for problem_type in PROBLEM_TYPES.values() if problem_type.slug in published_slugs):
        media = description["components"]["responses"][problem_type.slug]["content"]["application/problem+json"]
        assert schema_errors(description, media["schema"], media["example"]) == []
        assert media["example"]["type"] == f"/problems/{problem_type.slug}"


def test_every_operation_lists_its_problems(description: Json) -> None:
    for path, _, operation in iterate_operations(description):
        assert {"400", "404", "405", "414", "422", "431", "500", "503"} <= set(operation["responses"]), path


def test_every_component_is_used(description: Json) -> None:
    text = json.dumps(description)
    names = [(group, name) for group, members in description["components"].items() for name in members]
    assert [(group, name) for group, name in names if f'"#/components/{group}/{name}"' not in text] == []


def test_no_operation_needs_a_key(description: Json) -> None:
    assert description["security"] == []


def test_every_operation_has_a_description(description: Json) -> None:
    assert [path for path, _, operation in iterate_operations(description) if not operation.get("description")] == []


def test_binary_formats_are_described_as_binary(description: Json) -> None:
    contents = [operation["responses"].get("200", {}).get("content", {}) for _, _, operation in iterate_operations(description)]
    binary_types = {
        media_type for content in contents for media_type, media in content.items() if media["schema"].get("format") == "binary"
    }
    assert binary_types == {
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/zip",
        "application/vnd.sqlite3",
    }


def test_every_reference_has_a_target(description: Json) -> None:
    text = json.dumps(description)
    for reference in set(re.findall(r'"\$ref": "#/([^"]+)"', text)):
        target: Any = description
        for key in reference.split("/"):
            target = target[key]
        assert target


def test_description_has_the_same_bytes_every_time(description_app: Flask) -> None:
    client = description_app.test_client()
    assert client.get("/openapi.json").data == client.get("/openapi.json").data


def test_description_explains_no_record(description: Json) -> None:
    assert "no_record" in description["info"]["description"]


def test_every_pattern_works_outside_python(description: Json) -> None:
    patterns = set(re.findall(r'"pattern": "((?:[^"\\]|\\.)*)"', json.dumps(description)))
    assert patterns
    assert not [pattern for pattern in patterns if "(?" in pattern or "ud800" in pattern]

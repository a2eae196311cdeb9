"""The OpenAPI description: valid, complete, and true of what is answered."""

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

from legal.api.openapi.examples import EXAMPLES
from legal.api.problems import SORTS
from tests.conftest import make_app

METHODS = {"get", "post", "put", "patch", "delete"}
NO_EXAMPLE = {"cursor"}  # one that was issued holds only as long as the server's secret
Json = dict[str, Any]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """An app; the description needs no database."""
    return make_app(f"sqlite:///{tmp_path_factory.mktemp('description') / 'none.sqlite'}")


@pytest.fixture(scope="module")
def description(house: Flask) -> Json:
    """The description as it is served."""
    return dict(house.test_client().get("/openapi.json").json)


def operations(description: Json) -> Iterator[tuple[str, str, Json]]:
    """Every operation with its path and method."""
    for path, methods in description["paths"].items():
        yield from ((path, method, operation) for method, operation in methods.items() if method in METHODS)


def parameters(description: Json) -> Iterator[tuple[str, Json]]:
    """Every parameter with the path it belongs to."""
    for path, methods in description["paths"].items():
        for part in (methods, *(operation for method, operation in methods.items() if method in METHODS)):
            yield from ((path, parameter) for parameter in part.get("parameters", []))


def faults(description: Json, schema: Json, value: Any) -> list[str]:
    """What is wrong with a value by a schema of the description."""
    registry = Registry().with_resource("urn:description", Resource(contents=description, specification=DRAFT202012))
    whole = json.loads(json.dumps(schema).replace('"#/', '"urn:description#/'))
    return [error.message for error in OAS31Validator(whole, registry=registry).iter_errors(value)]


def test_the_description_is_valid(description: Json) -> None:
    assert [error.message for error in OpenAPIV31SpecValidator(description).iter_errors()] == []


def test_it_is_of_version_3_1(description: Json) -> None:
    assert description["openapi"].startswith("3.1.")


def test_no_two_operations_share_a_name(description: Json) -> None:
    names = [operation["operationId"] for _, _, operation in operations(description)]
    assert len(set(names)) == len(names)


def test_every_route_of_the_api_is_described_and_the_other_way_round(house: Flask, description: Json) -> None:
    routes = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in house.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.endpoint.partition(".")[0] != "site"
    }
    assert routes == {(path, method) for path, method, _ in operations(description)}


def test_every_operation_says_what_it_does(description: Json) -> None:
    assert [path for path, _, operation in operations(description) if not operation.get("summary")] == []


def test_every_parameter_says_what_it_is(description: Json) -> None:
    assert [(path, parameter["name"]) for path, parameter in parameters(description) if not parameter.get("description")] == []


def test_every_parameter_has_an_example_or_a_closed_list(description: Json) -> None:
    def shown(parameter: Json) -> bool:
        schema = parameter["schema"]
        return bool({"example", "examples"} & {*parameter, *schema}) or "enum" in schema or parameter["name"] in NO_EXAMPLE

    assert [(path, parameter["name"]) for path, parameter in parameters(description) if not shown(parameter)] == []


def test_every_example_of_a_parameter_has_its_shape(description: Json) -> None:
    for path, parameter in parameters(description):
        for example in (part["example"] for part in (parameter, parameter["schema"]) if "example" in part):
            assert faults(description, parameter["schema"], example) == [], (path, parameter["name"])


def test_every_example_of_a_shape_has_that_shape(description: Json) -> None:
    for name, shape in description["components"]["schemas"].items():
        for key, schema in shape.get("properties", {}).items():
            assert "example" not in schema or faults(description, schema, schema["example"]) == [], (name, key)


def test_every_example_of_an_answer_has_the_shape_of_the_answer(description: Json) -> None:
    shown = 0
    for path, _, operation in operations(description):
        for media in operation["responses"].get("200", {}).get("content", {}).values():
            if "example" in media:
                shown += 1
                assert faults(description, media["schema"], media["example"]) == [], path
    assert shown == len(EXAMPLES)


@pytest.mark.parametrize("slug", [sort.slug for sort in SORTS.values()])
def test_every_problem_is_described_with_an_example_of_its_shape(description: Json, slug: str) -> None:
    media = description["components"]["responses"][slug]["content"]["application/problem+json"]
    assert faults(description, media["schema"], media["example"]) == []
    assert media["example"]["type"] == f"/problems/{slug}"


def test_every_operation_names_what_can_go_wrong(description: Json) -> None:
    for path, _, operation in operations(description):
        assert {"400", "404", "405", "422", "500", "503"} <= set(operation["responses"]), path


def test_a_link_to_nothing_is_nowhere(description: Json) -> None:
    text = json.dumps(description)
    for reference in set(re.findall(r'"\$ref": "#/([^"]+)"', text)):
        found: Any = description
        for key in reference.split("/"):
            found = found[key]
        assert found


def test_it_is_the_same_bytes_every_time(house: Flask) -> None:
    client = house.test_client()
    assert client.get("/openapi.json").data == client.get("/openapi.json").data


def test_it_says_that_no_record_is_not_a_fact(description: Json) -> None:
    assert "no_record" in description["info"]["description"]


def test_every_pattern_is_one_that_any_engine_reads(description: Json) -> None:
    patterns = set(re.findall(r'"pattern": "((?:[^"\\]|\\.)*)"', json.dumps(description)))
    assert patterns
    assert not [pattern for pattern in patterns if "(?" in pattern or "ud800" in pattern]

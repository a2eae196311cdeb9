"""Test with schemathesis that responses to described requests match the description."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck
from schemathesis.specs.openapi.checks import positive_data_acceptance
from werkzeug.test import run_wsgi_app

from tests.conftest import make_app
from tests.databases import prepare_database
from tests.examples import EXAMPLES_FACTOR, examples

# These parameters have rules that a schema cannot express: signed cursors, names of existing entities, keys of the response, pairs of
# parameters, rosters of the same kind, sort keys that depend on another parameter, and JSON within a form. A rule pack that the program does not carry is 410.
CHECKED_BEYOND_SCHEMA = {
    "cursor",
    "county_fips",
    "known_at",
    "jurisdiction",
    "jurisdictions",
    "document",
    "fields",
    "from",
    "to",
    "from_revision",
    "to_revision",
    "against",
    "sort",
    "queries",
    "extend",
}

# The description does not depend on the database.
schema = schemathesis.openapi.from_wsgi("/openapi.json", make_app("sqlite:///:memory:"))
schema.config.phases.coverage.enabled = EXAMPLES_FACTOR > 1  # in `make check`; it tests every bound of every parameter


@pytest.fixture(scope="module")
def seeded_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The app over the seeds as a WSGI app that reads and closes its responses, which schemathesis does not do."""
    app = make_app(prepare_database(f"sqlite:///{tmp_path_factory.mktemp('schemathesis') / 'seeded.sqlite'}", seeded=True))

    def respond(environ: Any, start_response: Any) -> Any:
        body, status, headers = run_wsgi_app(app, environ, buffered=True)
        start_response(status, list(headers))
        return body

    yield respond
    app.extensions["database"].dispose()


@schema.parametrize()
@examples(3, suppress_health_check=list(HealthCheck))
def test_every_response_matches_the_description(case: Any, seeded_app: Any) -> None:
    response = case.call(app=seeded_app)
    faults = response.json().get("errors", []) if response.status_code == 422 else []
    names_what_has_ended = response.status_code == 410 and {"rules", "epoch"} & case.query.keys()
    breaks_other_rule = (bool(faults) and {fault.get("parameter") for fault in faults} <= CHECKED_BEYOND_SCHEMA) or names_what_has_ended
    case.validate_response(
        response, excluded_checks=[positive_data_acceptance] if breaks_other_rule else [], transport_kwargs={"app": seeded_app}
    )

"""schemathesis over the whole description: what it sends by the description is answered as the description says."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck
from schemathesis.specs.openapi.checks import positive_data_acceptance
from werkzeug.test import run_wsgi_app

from tests.conftest import make_app, prepared
from tests.examples import TIMES, examples

# Refused for what they name or go with, which no schema can say: a signed cursor, something on file, a key of the answer, two moments,
# a second list of the same kind, the key that a summary is by.
BY_SENSE = {
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
}

# The description is the same whatever the database, and needs none.
schema = schemathesis.openapi.from_wsgi("/openapi.json", make_app("sqlite:///:memory:"))
schema.config.phases.coverage.enabled = TIMES > 1  # in `make check`: it goes through every bound of every parameter


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The app over the seeds; its answers are read to the end and closed, which schemathesis itself does not do."""
    made = make_app(prepared(f"sqlite:///{tmp_path_factory.mktemp('schemathesis') / 'seeded.sqlite'}", seeded=True))

    def answer(environ: Any, start_response: Any) -> Any:
        body, status, headers = run_wsgi_app(made, environ, buffered=True)
        start_response(status, list(headers))
        return body

    yield answer
    made.extensions["database"].dispose()


@schema.parametrize()
@examples(3, suppress_health_check=list(HealthCheck))
def test_every_answer_is_as_described(case: Any, served: Any) -> None:
    response = case.call(app=served)
    faults = response.json().get("errors", []) if response.status_code == 422 else []
    by_sense = bool(faults) and {fault.get("parameter") for fault in faults} <= BY_SENSE
    case.validate_response(response, excluded_checks=[positive_data_acceptance] if by_sense else [], transport_kwargs={"app": served})

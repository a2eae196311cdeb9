"""Answer the walk's questions with the client that openapi-python-client generates; print them as JSON. Run by ``benchmarks.walk``."""

import json
import sys
from datetime import date
from importlib import import_module
from typing import Any

PAGE_SIZE = 40


def read_pages(operation: Any, **parameters: Any) -> list[Any]:
    """Return the results of all pages of a list."""
    page = operation.sync(limit=PAGE_SIZE, **parameters)
    results: list[Any] = page.results
    while page.next_cursor:
        page = operation.sync(limit=PAGE_SIZE, cursor=page.next_cursor, **parameters)
        results += page.results
    return results


def main() -> None:
    """Print agreements and agencies by state, and the states that bar agreements, on a day."""
    url, day = sys.argv[1], date.fromisoformat(sys.argv[2])
    package = "legal_landscape_client"
    client = import_module(package).Client(base_url=url, raise_on_unexpected_status=True, timeout=300)
    summarize, list_jurisdictions = (
        import_module(f"{package}.api.{name}") for name in ("agreements.summarize_agreements", "jurisdictions.list_jurisdictions")
    )
    models = import_module(f"{package}.models")
    by_jurisdiction = models.SummarizeAgreementsBy.JURISDICTION
    rows = read_pages(summarize, client=client, by=by_jurisdiction, as_of=day)
    barring = [models.ListJurisdictionsPostureItem(value) for value in ("barred", "barred_with_agreements")]
    jurisdictions = read_pages(list_jurisdictions, client=client, posture=barring, as_of=day)
    answers = {
        "counts": [[row.jurisdiction, row.agreements, row.agencies] for row in rows],
        "barring": [row.code for row in jurisdictions],
    }
    sys.stdout.write(json.dumps(answers))


if __name__ == "__main__":
    main()

"""Read answers with the client that openapi-generator generates; print what they say as JSON. Not a test by itself."""

import json
import sys
from datetime import date

from openapi_client import ApiClient, Configuration, HistoryApi, JurisdictionsApi, MeasuresApi

DAY = date(2026, 3, 1)
with ApiClient(Configuration(host=sys.argv[1])) as client:
    jurisdictions, history = JurisdictionsApi(client), HistoryApi(client)
    card = jurisdictions.get_jurisdiction("VA", as_of=DAY)
    measures = MeasuresApi(client).list_measures(kind=["ban", "mandate"], as_of=DAY)
    first_page = jurisdictions.list_jurisdictions(limit=40, as_of=DAY).actual_instance
    second_page = jurisdictions.list_jurisdictions(limit=40, as_of=DAY, cursor=first_page.next_cursor).actual_instance
    comparison = jurisdictions.compare_jurisdictions(["VA", "MD"], as_of=DAY)
    difference = history.get_diff("VA", var_from=date(2026, 2, 3), to=date(2026, 2, 5))
    timeline = history.get_timeline("VA", var_from=date(2026, 1, 1), as_of=DAY)
answers = {
    "posture": card.posture.value,
    "cite_as": card.cite_as,
    "measures": [measure.id for measure in measures.actual_instance.results],
    "jurisdictions": [row.code for row in (*first_page.results, *second_page.results)],
    "compared": [compared.code for compared in comparison.actual_instance.results],
    "differences": [item.id for item in difference.causes.world_changed],
    "events": timeline.actual_instance.count,
}
sys.stdout.write(json.dumps(answers))

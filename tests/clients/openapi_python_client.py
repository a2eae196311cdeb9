"""Read answers with the client that openapi-python-client generates; print what they say as JSON. Not a test by itself."""

import json
import sys
from datetime import date
from typing import Any

from legal_landscape_client import Client
from legal_landscape_client.api.history import get_diff, get_timeline
from legal_landscape_client.api.jurisdictions import compare_jurisdictions, get_jurisdiction, list_jurisdictions
from legal_landscape_client.api.measures import list_measures
from legal_landscape_client.models import ListMeasuresKindItem

DAY = date(2026, 3, 1)
client = Client(base_url=sys.argv[1], raise_on_unexpected_status=True)
card: Any = get_jurisdiction.sync("VA", client=client, as_of=DAY)
measures: Any = list_measures.sync(client=client, kind=[ListMeasuresKindItem.BAN, ListMeasuresKindItem.MANDATE], as_of=DAY)
first_page: Any = list_jurisdictions.sync(client=client, limit=40, as_of=DAY)
second_page: Any = list_jurisdictions.sync(client=client, limit=40, as_of=DAY, cursor=first_page.next_cursor)
comparison: Any = compare_jurisdictions.sync(client=client, jurisdictions=["VA", "MD"], as_of=DAY)
difference: Any = get_diff.sync(client=client, jurisdiction="VA", from_=date(2026, 2, 3), to=date(2026, 2, 5))
timeline: Any = get_timeline.sync("VA", client=client, from_=date(2026, 1, 1), as_of=DAY)
answers = {
    "posture": card.posture.value.value,
    "cite_as": card.cite_as,
    "measures": [measure.id for measure in measures.results],
    "jurisdictions": [row.code for row in (*first_page.results, *second_page.results)],
    "compared": [compared.code for compared in comparison.results],
    "differences": [item.id for item in difference.causes.world_changed],
    "events": timeline.count,
}
sys.stdout.write(json.dumps(answers))

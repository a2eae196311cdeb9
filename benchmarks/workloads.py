"""List what is measured: hits, answers without a body, pages, misses and exports, each beside the peers that run."""

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing

from benchmarks.contenders import CARD, CONSTANT, DATASETTE, FASTAPI, FLASK, NGINX, OURS, OURS_UNCACHED, Record
from benchmarks.load import fetch
from benchmarks.measure import Contender, Workload
from benchmarks.servers import Server

HIT, UNCHANGED, LIST_HIT, PAGE_HIT = "card, cached", "card, unchanged (304)", "list of measures, cached", "page of a state, cached"
COLD_CARD, COLD_LIST, COLD_AGREEMENTS = "card, cold", "list of measures, cold", "list of 100 agreements, cold"
COLD_SEARCH, COLD_PAGE, EXPORT = "search, cold", "page of a state, cold", "export of everything (ZIP), again"
EXPORT_PATH = "/v1/export/landscape.zip"


def list_workloads(record: Record, servers: Mapping[str, Server]) -> list[Workload]:
    """Return all workloads, each with those of its contenders that serve."""
    codes = list_codes(record)
    cards = {DATASETTE: "/landscape/card.json?code={}&_shape=array", FLASK: "/card/{}", FASTAPI: "/card/{}"}
    measures = {DATASETTE: "/landscape/measures.json?_size=100&_shape=array", FLASK: "/measures?limit=100", FASTAPI: "/measures?limit=100"}
    agreements = {
        DATASETTE: "/landscape/agreements.json?_size=100&_shape=array",
        FLASK: "/agreements?limit=100",
        FASTAPI: "/agreements?limit=100",
    }
    searches = {
        DATASETTE: "/landscape/measures.json?_search=sheriff&_shape=array",
        FLASK: "/search?q=sheriff",
        FASTAPI: "/search?q=sheriff",
    }

    def ask(title: str, paths: Mapping[str, str], codes: Sequence[str] = ("VA",)) -> Workload:
        contenders = [Contender(servers[name], [path.format(code) for code in codes]) for name, path in paths.items() if name in servers]
        return Workload(title, contenders)

    return [
        ask(HIT, {OURS: CARD, CONSTANT: CARD, NGINX: CARD, **cards}),
        Workload(UNCHANGED, [_ask_whether_changed(servers[name]) for name in (OURS, NGINX) if name in servers]),
        ask(LIST_HIT, {OURS: "/v1/measures?limit=100", **measures}),
        ask(PAGE_HIT, {OURS: "/states/virginia"}),
        ask(COLD_CARD, {OURS_UNCACHED: "/v1/jurisdictions/{}", **cards}, codes),
        ask(COLD_LIST, {OURS_UNCACHED: "/v1/measures?limit=100", **measures}),
        ask(COLD_AGREEMENTS, {OURS_UNCACHED: "/v1/agreements?limit=100", **agreements}),
        ask(COLD_SEARCH, {OURS_UNCACHED: "/v1/search?q=sheriff", **searches}),
        ask(COLD_PAGE, {OURS_UNCACHED: "/states/virginia"}),
        ask(EXPORT, {OURS: EXPORT_PATH}),
    ]


def _ask_whether_changed(server: Server) -> Contender:
    """Return a contender whose client has the card already."""
    return Contender(server, [CARD], {"If-None-Match": fetch(server.address, CARD)[0]["etag"]}, 304)


def list_codes(record: Record) -> list[str]:
    """List the codes of the jurisdictions that have measures or figures."""
    with closing(sqlite3.connect(record.export)) as connection:
        rows = connection.execute("SELECT jurisdiction FROM measures UNION SELECT jurisdiction FROM figures ORDER BY 1").fetchall()
    return [code for (code,) in rows]

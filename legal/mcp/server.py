"""Assemble the server of the Model Context Protocol from the tools and resources."""

import orjson
from mcp.server.mcpserver import MCPServer
from mcp.types import ToolAnnotations

from legal.db.engine import Database
from legal.mcp.tools import RecordTools
from legal.rules.codebook import codebook_json

_INSTRUCTIONS = (
    "Each US state's stance on working with ICE under section 287(g), on any day, every claim tied to the passage it was read from. "
    "Quote headlines and `wording` as they are, with their day, and give `cite_as`. Never turn `no_record` into “there is none”, and never "
    "fill in what is `possible` or has no date. Check a sentence of your own with check_sentence before you give it to someone."
)
_READ_ONLY = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)


def create_server(database: Database, link_base: str) -> MCPServer[None]:
    """Create the server over a database. ``link_base`` is the public address of the service."""
    server: MCPServer[None] = MCPServer("legal-landscape", title="Legal Landscape", instructions=_INSTRUCTIONS, log_level="WARNING")
    tools = RecordTools(database, link_base)
    for tool in (tools.get_stance, tools.compare_stances, tools.search, tools.list_changes, tools.list_figures, tools.check_sentence):
        server.add_tool(tool, annotations=_READ_ONLY)

    @server.resource("landscape://codebook", mime_type="application/json")
    def codebook() -> str:
        """Every term and rule, with its definition."""
        return _as_text(codebook_json())

    @server.resource("landscape://jurisdictions", mime_type="application/json")
    def places() -> str:
        """The 57 jurisdictions, with codes and names."""
        return _as_text(tools.list_jurisdictions())

    @server.resource("landscape://jurisdictions/{code}", mime_type="application/json")
    def stance(code: str) -> str:
        """The stance card of a jurisdiction for today, by its USPS code."""
        return _as_text(tools.get_stance(code))

    return server


def _as_text(body: object) -> str:
    return orjson.dumps(body, option=orjson.OPT_NON_STR_KEYS).decode()

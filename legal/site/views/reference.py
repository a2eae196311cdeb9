"""Show the rules, the glossary, and how to use the service in a newsroom."""

from flask import Blueprint

from legal.http.links import absolute_url
from legal.http.reads import RequestContext
from legal.json_types import Json
from legal.queries.record import jurisdictions
from legal.queries.stance.cards import DATA_LICENSE
from legal.rules.codebook import codebook_json
from legal.site.glossary import load_glossary
from legal.site.pages import page_endpoint

blueprint = Blueprint("reference", __name__)


@blueprint.get("/methods")
@page_endpoint("methods.html")
def show_methods(ctx: RequestContext) -> Json:
    """Show the rules, and every term of the codebook."""
    from legal.site import markdown  # noqa: PLC0415 - mistune is imported for the first page that needs it, not at start

    return {"rules": markdown.rules_html(), "codebook": codebook_json()}


@blueprint.get("/glossary")
@page_endpoint("glossary.html")
def show_glossary(ctx: RequestContext) -> Json:
    """Show the words of the service with their meaning."""
    return {"sections": load_glossary()}


@blueprint.get("/use")
@page_endpoint("use.html")
def show_use(ctx: RequestContext) -> Json:
    """Show what newsrooms can take: embed code, pictures, feeds and files."""
    return {
        "jurisdictions": sorted(jurisdictions.load_jurisdictions(ctx.session, ctx.snapshot), key=lambda row: str(row["name"])),
        "license": DATA_LICENSE.replace("-", " "),
        "embed_map": absolute_url("/embed/map"),
        "embed_state": absolute_url("/embed/jurisdictions/VA"),
        "map_feed": absolute_url("/v1/map.csv"),
    }

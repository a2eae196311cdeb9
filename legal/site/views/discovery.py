"""Serve what crawlers, assistants and browsers look for: robots.txt, sitemap.xml, llms.txt and the favicon."""

from xml.etree import ElementTree as ET

from flask import Blueprint, Response, redirect, render_template

from legal.http.links import absolute_url
from legal.http.reads import RequestContext, public_endpoint, with_cache_headers, with_etag
from legal.queries.record import documents, figures, jurisdictions, measures
from legal.site.assets import asset_path
from legal.site.pages import page_endpoint
from legal.site.paging import all_rows

blueprint = Blueprint("discovery", __name__)

_FIXED_PAGES = (
    "/",
    "/measures",
    "/agreements",
    "/figures",
    "/compare",
    "/check",
    "/documents",
    "/changes",
    "/methods",
    "/glossary",
    "/use",
    "/docs",
)
_SITEMAP_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


@blueprint.get("/robots.txt")
@public_endpoint
def send_robots() -> Response:
    """Send the rules for crawlers: pages may be read; searches and other days are not worth a crawl."""
    return with_etag(Response(render_template("robots.txt", sitemap=absolute_url("/sitemap.xml")), mimetype="text/plain"))


@blueprint.get("/sitemap.xml")
@page_endpoint()
def send_sitemap(ctx: RequestContext) -> Response:
    """Send the addresses of all pages that answer for today."""
    paths = [
        *_FIXED_PAGES,
        *(f"/states/{row['slug']}" for row in jurisdictions.load_jurisdictions(ctx.session, ctx.snapshot)),
        *(f"/documents/{row['id']}" for row in documents.load_documents(ctx.session, ctx.snapshot)),
        *(f"/measures/{row['id']}" for row in measures.list_measures(ctx.session, ctx.snapshot, {}, all_rows("id"))[0]),
        *(f"/figures/{row['id']}" for row in figures.list_figures(ctx.session, ctx.snapshot, {}, all_rows("id"))[0]),
    ]
    ET.register_namespace("", _SITEMAP_NAMESPACE)
    root = ET.Element(f"{{{_SITEMAP_NAMESPACE}}}urlset")
    for path in paths:
        url = ET.SubElement(root, f"{{{_SITEMAP_NAMESPACE}}}url")
        ET.SubElement(url, f"{{{_SITEMAP_NAMESPACE}}}loc").text = absolute_url(path)
    body = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return with_cache_headers(Response(body, mimetype="application/xml"), ctx)


@blueprint.get("/llms.txt")
@page_endpoint()
def send_llms_text(ctx: RequestContext) -> Response:
    """Send a guide for language models: what is here, where, and how to quote it without making it stronger."""
    rows = jurisdictions.load_jurisdictions(ctx.session, ctx.snapshot)
    text = render_template("llms.txt", jurisdictions=rows, absolute_url=absolute_url, snapshot=ctx.snapshot)
    return with_cache_headers(Response(text, mimetype="text/plain"), ctx)


@blueprint.get("/favicon.ico")
@public_endpoint
def redirect_to_favicon() -> Response:
    """Redirect browsers that guess the address of the favicon to the real one."""
    return redirect(asset_path("favicon.svg"), 302, Response)  # type: ignore[return-value]  # redirect returns the given class

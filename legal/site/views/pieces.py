"""Serve pieces for other pages: embeds, pictures, and oEmbed."""

import re
from urllib.parse import urlencode, urlsplit

import orjson
from flask import Blueprint, Response, render_template
from marshmallow import fields, validate
from werkzeug.exceptions import NotImplemented as UnsupportedFormat

from legal.errors import NotFound
from legal.http.links import absolute_url
from legal.http.query_params import WholeNumber
from legal.http.reads import RequestContext, redirect_to_canonical, with_cache_headers
from legal.json_types import Json, Row
from legal.queries.record import jurisdictions
from legal.queries.rosters import in_force
from legal.queries.stance import cards
from legal.queries.stance import map as stance_map
from legal.schemas.base import StrictSchema, TextField
from legal.site import pictures
from legal.site.map_drawing import credit_lines, draw_map
from legal.site.map_shapes import load_map_shapes
from legal.site.pages import page_endpoint
from legal.vocabulary import RosterKind

blueprint = Blueprint("pieces", __name__)

_MAP_TITLE = "Where each state stands on 287(g) agreements with ICE"
_MAP_SIZE, _STATE_SIZE = (960, 760), (640, 460)
"""Width and height in pixels that the frames of the embeds get."""
_FEDERAL = "Federal law is the background, not a stance."


@blueprint.get("/embed/map")
@page_endpoint("embed_map.html", is_embed=True)
def show_map_embed(ctx: RequestContext) -> Json:
    """Show the map and its legend for a frame in another page."""
    return {**_map_variables(ctx), "permalink": absolute_url(f"/?{ctx.snapshot.pin}")}


@blueprint.get("/embed/jurisdictions/<ref>")
@page_endpoint("embed_state.html", is_embed=True)
def show_state_embed(ctx: RequestContext, ref: str) -> Json | Response:
    """Show a jurisdiction's headline and posture for a frame in another page."""
    jurisdiction = jurisdictions.find_jurisdiction(ctx.session, ctx.snapshot, ref)
    if ref != jurisdiction["code"]:
        return redirect_to_canonical(f"/embed/jurisdictions/{jurisdiction['code']}")
    card = cards.load_stance_card(ctx.session, jurisdiction, ctx.snapshot)
    return {"card": card, "style": pictures.posture_style(card), "permalink": _state_permalink(card, ctx)}


@blueprint.get("/pictures/map.<any(svg, png):format_name>")
@page_endpoint()
def send_map_picture(ctx: RequestContext, format_name: str) -> Response:
    """Send the map as a picture."""
    variables = {**_map_variables(ctx), "title": _MAP_TITLE, "address": absolute_url(f"/?{ctx.snapshot.pin}")}
    return pictures.picture_response("picture_map.svg", variables, format_name, "map", ctx)


@blueprint.get("/pictures/states/<ref>.<any(svg, png):format_name>")
@page_endpoint()
def send_state_picture(ctx: RequestContext, ref: str, format_name: str) -> Response:
    """Send a jurisdiction's headline as a picture."""
    jurisdiction = jurisdictions.find_jurisdiction(ctx.session, ctx.snapshot, ref)
    card = cards.load_stance_card(ctx.session, jurisdiction, ctx.snapshot)
    headline = card["headline"]["text"] if card["headline"] else _FEDERAL
    font_size, lines = pictures.wrap_headline(headline)
    shape = load_map_shapes(((card["code"], card["fips"]),))[card["code"]] if card["fips"] else None
    variables = {
        "card": card,
        "headline": headline,
        "font_size": font_size,
        "lines": lines,
        "posture_style": pictures.posture_style(card),
        "shape": shape,
        "view_box": pictures.view_box(shape) if shape else "",
        "address": _state_permalink(card, ctx),
    }
    return pictures.picture_response("picture_state.svg", variables, format_name, card["slug"], ctx)


def _map_variables(ctx: RequestContext) -> Json:
    rows, _ = stance_map.load_map_rows(ctx.session, ctx.snapshot)
    slugs = {row["code"]: row["slug"] for row in jurisdictions.load_jurisdictions(ctx.session, ctx.snapshot)}
    roster = in_force.load_rosters(ctx.session, ctx.snapshot).roster_in_force(RosterKind.PARTICIPATING, ctx.snapshot.as_of)
    return {
        "drawing": draw_map([{**row, "slug": slugs[row["code"]]} for row in rows]),
        "credit_lines": credit_lines(ctx.snapshot, roster),
    }


def _state_permalink(card: Json, ctx: RequestContext) -> str:
    return absolute_url(f"/states/{card['slug']}?{ctx.snapshot.pin}")


class OembedQuery(StrictSchema):
    """The parameters of an oEmbed consumer. Source: https://oembed.com, section 2.2."""

    url = TextField(500, required=True)
    maxwidth = WholeNumber(validate=validate.Range(min=1))
    maxheight = WholeNumber(validate=validate.Range(min=1))
    format = fields.String(load_default="json")


@blueprint.get("/oembed")
@page_endpoint(query_schema=OembedQuery)
def send_oembed(ctx: RequestContext) -> Response:
    """Send the embed code for the address of the front page or of a state's page."""
    if ctx.query["format"] != "json":
        raise UnsupportedFormat
    address = urlsplit(ctx.query["url"])
    query = f"?{address.query}" if address.query else ""
    if address.path in ("", "/"):
        return _oembed_response(ctx, _MAP_TITLE, absolute_url(f"/embed/map{query}"), _MAP_SIZE, absolute_url("/pictures/map.png"))
    jurisdiction = _jurisdiction_of_page(ctx, address.path)
    source = absolute_url(f"/embed/jurisdictions/{jurisdiction['code']}{query}")
    picture = absolute_url(f"/pictures/states/{jurisdiction['slug']}.png")
    return _oembed_response(ctx, f"{jurisdiction['name']} and 287(g) agreements with ICE", source, _STATE_SIZE, picture)


def _jurisdiction_of_page(ctx: RequestContext, path: str) -> Row:
    match = re.fullmatch(r"/(?:states|embed/jurisdictions)/([^/]+)/?", path)
    if match is None:
        raise NotFound("This address has no embed. The front page and the pages of states have one.")
    return jurisdictions.find_jurisdiction(ctx.session, ctx.snapshot, match[1])


def _oembed_response(ctx: RequestContext, title: str, source: str, size: tuple[int, int], picture: str) -> Response:
    width, height = min(size[0], ctx.query.get("maxwidth", size[0])), min(size[1], ctx.query.get("maxheight", size[1]))
    body = {
        "version": "1.0",
        "type": "rich",
        "provider_name": "Legal Landscape",
        "provider_url": absolute_url("/"),
        "title": title,
        "cache_age": 3600,
        "width": width,
        "height": height,
        "thumbnail_url": picture,
        "thumbnail_width": pictures.PICTURE_SIZE[0],
        "thumbnail_height": pictures.PICTURE_SIZE[1],
        "html": render_template("oembed_frame.html", source=source, title=title, width=width, height=height).strip(),
    }
    return with_cache_headers(Response(orjson.dumps(body), mimetype="application/json"), ctx)


def oembed_path(url: str) -> str:
    """Return the path of the oEmbed answer for a page."""
    return f"/oembed?{urlencode({'url': url})}"

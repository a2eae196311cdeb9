"""Serve feeds of changes, as Atom (RFC 4287) and JSON Feed 1.1."""

import re
from collections.abc import Callable
from xml.etree import ElementTree as ET

from flask import Response
from marshmallow import validate

from legal.api.formats import tabular
from legal.api.query_params import Blueprint, SnapshotQuery, WholeNumber
from legal.api.responses import RequestContext, published_endpoint, redirect_to_canonical, with_cache_headers
from legal.http.links import absolute_url
from legal.json_types import Json
from legal.queries.core.snapshot import format_rfc3339
from legal.queries.history import feeds, posture_moves, roster_differences
from legal.queries.history.feeds import Feed, FeedEntry
from legal.queries.record import jurisdictions
from legal.queries.stance.cards import DATA_LICENSE
from legal.schemas.feed import JSON_FEED_VERSION, FeedSchema


class FeedQuery(SnapshotQuery):
    """The parameters of a feed."""

    page = WholeNumber(
        load_default=1,
        validate=validate.Range(min=1, max=1000),
        metadata={"description": "Number of the page; page 1 has the newest entries.", "example": 1},
    )


blueprint = Blueprint("feeds", __name__, description="Recent changes, for feed readers.")

_ATOM_MEDIA_TYPE, _JSON_FEED_MEDIA_TYPE = "application/atom+xml", "application/feed+json"
_ATOM_RESPONSE_SCHEMA = {"type": "string", "description": "Atom feed (RFC 4287)."}
_AUTHOR, _LANGUAGE = "Legal Landscape", "en-US"
_SUBTITLE = "Each item appears once, with its last change; the newest changes come first. Retracted items stay and are marked as retracted."
_FEED_DESCRIPTION = (
    f"A page has at most {feeds.MAX_FEED_ENTRIES} entries, newest first; the feed reaches back over the newest {feeds.MAX_CHANGES_READ:,} "
    "changes. Atom links to the other pages as in RFC 5005, JSON Feed with `next_url`. Links lead to pages for people; Atom's `related` "
    "links and `_landscape.api_url` lead to the API."
)
_JURISDICTION_FEED_DESCRIPTION = (
    f"Besides measures and figures, the feed reports when the posture moved (over the newest {posture_moves.MAX_REVISIONS} revisions that concern "
    f"the jurisdiction, and the days since), and what each of the newest {roster_differences.MAX_ROSTERS} rosters changed there. "
    f"{_FEED_DESCRIPTION} Other identifiers of the jurisdiction redirect (308) to its USPS code and keep the query string."
)
_NON_XML_CHARACTERS = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 does not allow, not even as character references (https://www.w3.org/TR/xml/#charsets)."""


@blueprint.read_endpoint(
    "/feeds/changes.atom",
    query_schema=FeedQuery,
    response_schema=_ATOM_RESPONSE_SCHEMA,
    media_type=_ATOM_MEDIA_TYPE,
    operation_id="getChangesAtom",
    description=_FEED_DESCRIPTION,
)
@published_endpoint
def get_changes_atom(ctx: RequestContext) -> Response:
    """Get the latest changes to measures, figures and documents, as Atom"""
    return _feed_response(ctx, render_atom(feeds.load_changes_feed(ctx.session, ctx.snapshot, ctx.query["page"])), _ATOM_MEDIA_TYPE)


@blueprint.read_endpoint(
    "/feeds/changes.json",
    query_schema=FeedQuery,
    response_schema=FeedSchema,
    media_type=_JSON_FEED_MEDIA_TYPE,
    operation_id="getChangesFeed",
    description=_FEED_DESCRIPTION,
)
@published_endpoint
def get_changes_json_feed(ctx: RequestContext) -> Response:
    """Get the latest changes to measures, figures and documents, as JSON Feed"""
    return _feed_response(
        ctx, render_json_feed(feeds.load_changes_feed(ctx.session, ctx.snapshot, ctx.query["page"])), _JSON_FEED_MEDIA_TYPE
    )


@blueprint.read_endpoint(
    "/feeds/<path:code>.atom",
    query_schema=FeedQuery,
    response_schema=_ATOM_RESPONSE_SCHEMA,
    media_type=_ATOM_MEDIA_TYPE,
    operation_id="getJurisdictionAtom",
    path_example={"code": "VA"},
    description=_JURISDICTION_FEED_DESCRIPTION,
)
@published_endpoint
def get_jurisdiction_atom(ctx: RequestContext, code: str) -> Response:
    """Get the latest changes to a jurisdiction's posture, measures, figures and agreements on rosters, as Atom"""
    return _jurisdiction_feed_response(ctx, code, "atom", lambda feed: _feed_response(ctx, render_atom(feed), _ATOM_MEDIA_TYPE))


@blueprint.read_endpoint(
    "/feeds/<path:code>.json",
    query_schema=FeedQuery,
    response_schema=FeedSchema,
    media_type=_JSON_FEED_MEDIA_TYPE,
    operation_id="getJurisdictionFeed",
    path_example={"code": "VA"},
    description=_JURISDICTION_FEED_DESCRIPTION,
)
@published_endpoint
def get_jurisdiction_json_feed(ctx: RequestContext, code: str) -> Response:
    """Get the latest changes to a jurisdiction's posture, measures, figures and agreements on rosters, as JSON Feed"""
    return _jurisdiction_feed_response(ctx, code, "json", lambda feed: _feed_response(ctx, render_json_feed(feed), _JSON_FEED_MEDIA_TYPE))


def _jurisdiction_feed_response(ctx: RequestContext, ref: str, extension: str, respond: Callable[[Feed], Response]) -> Response:
    jurisdiction = jurisdictions.find_jurisdiction(ctx.session, ctx.snapshot, ref)
    if ref != jurisdiction["code"]:
        return redirect_to_canonical(f"/feeds/{jurisdiction['code']}.{extension}")
    return respond(feeds.load_jurisdiction_feed(ctx.session, ctx.snapshot, jurisdiction, ctx.query["page"]))


def _feed_response(ctx: RequestContext, body: bytes, media_type: str) -> Response:
    return with_cache_headers(Response(body, mimetype=media_type), ctx)


def render_atom(feed: Feed) -> bytes:
    """Return the feed as Atom, in UTF-8."""
    root = ET.Element("feed", {"xmlns": "http://www.w3.org/2005/Atom", "xml:lang": _LANGUAGE})
    _add_element(root, "id", feed.id)
    _add_element(root, "title", feed.title)
    _add_element(root, "subtitle", _SUBTITLE)
    _add_element(root, "updated", format_rfc3339(feed.updated))
    _add_element(_add_element(root, "author"), "name", _AUTHOR)
    _add_element(root, "rights", DATA_LICENSE)
    for relation, page in _page_links(feed).items():
        _add_element(root, "link", rel=relation, type=_ATOM_MEDIA_TYPE, href=_page_url(feed, "atom", page))
    _add_element(root, "link", rel="alternate", type="text/html", href=absolute_url(feed.home_path))
    for entry in feed.entries:
        _add_entry_element(root, entry)
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return document


def _add_entry_element(root: ET.Element, entry: FeedEntry) -> None:
    element = _add_element(root, "entry")
    _add_element(element, "id", entry.id)
    _add_element(element, "title", entry.title)
    _add_element(element, "updated", format_rfc3339(entry.updated))
    _add_element(element, "published", format_rfc3339(entry.published))
    _add_element(element, "link", rel="alternate", type="text/html", href=absolute_url(entry.path))
    _add_element(element, "link", rel="related", type="application/json", href=absolute_url(entry.data_path))
    for term, label in entry.categories.items():
        _add_element(element, "category", term=term, label=label)
    _add_element(element, "summary", entry.summary)
    _add_element(element, "content", entry.content, type="text")


def _page_links(feed: Feed) -> dict[str, int]:
    """Return the pages that a page links to, by relation (https://www.rfc-editor.org/rfc/rfc5005#section-3)."""
    links = {"self": feed.page, "first": 1, "last": feed.page_count, "previous": feed.page - 1, "next": feed.page + 1}
    return {relation: page for relation, page in links.items() if 1 <= page <= feed.page_count}


def _page_url(feed: Feed, extension: str, page: int) -> str:
    """Return the address of a page. The first is the address to subscribe to; the others are pinned to one state of the record."""
    path = f"{feed.path}.{extension}"
    return absolute_url(path if page == 1 else f"{path}?{feed.pin}&page={page}")


def _add_element(parent: ET.Element, name: str, text: str = "", **attributes: str) -> ET.Element:
    """Add a child element, with characters that XML does not allow replaced by U+FFFD."""
    child = ET.SubElement(parent, name, {key: _NON_XML_CHARACTERS.sub("\ufffd", value) for key, value in attributes.items()})
    child.text = _NON_XML_CHARACTERS.sub("\ufffd", text)
    return child


def render_json_feed(feed: Feed) -> bytes:
    """Return the feed as JSON Feed (https://www.jsonfeed.org/version/1.1/)."""
    return tabular.encode_json(
        {
            "version": JSON_FEED_VERSION,
            "title": feed.title,
            "description": _SUBTITLE,
            "home_page_url": absolute_url(feed.home_path),
            "feed_url": _page_url(feed, "json", feed.page),
            **({"next_url": _page_url(feed, "json", feed.page + 1)} if feed.page < feed.page_count else {}),
            "language": _LANGUAGE,
            "authors": [{"name": _AUTHOR}],
            "items": [_json_feed_item(entry) for entry in feed.entries],
        }
    )


def _json_feed_item(entry: FeedEntry) -> Json:
    return {
        "id": entry.id,
        "url": absolute_url(entry.path),
        "_landscape": {"api_url": absolute_url(entry.data_path)},
        "title": entry.title,
        "summary": entry.summary,
        "content_text": entry.content,
        "date_published": format_rfc3339(entry.published),
        "date_modified": format_rfc3339(entry.updated),
        "tags": list(entry.categories),
    }

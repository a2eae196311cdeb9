"""Feeds over HTTP, for readers that watch: Atom (RFC 4287) and JSON Feed 1.1."""

import re
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree as ET

from flask import Response, current_app

from legal.api.formats import tabular
from legal.api.query_params import Blueprint, MomentQuery
from legal.api.responses import RequestContext, canonical, kept, published
from legal.queries.core.snapshot import rfc3339
from legal.queries.history import feeds
from legal.queries.history.feeds import Feed
from legal.queries.record import jurisdictions
from legal.queries.stance.cards import LICENSE
from legal.schemas.feed import VERSION, FeedSchema

blueprint = Blueprint("feeds", __name__, description="What changed last, for feed readers.")

ATOM, JSON_FEED = "application/atom+xml", "application/feed+json"
ATOM_SHAPE = {"type": "string", "description": "An Atom feed, RFC 4287."}
NAME, LANGUAGE = "Legal Landscape", "en-US"
SUBTITLE = "Each thing once, by its last change and the newest first. What was retracted stays, and says so."
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot hold, not even as references."""


@blueprint.read("/feeds/changes.atom", takes=MomentQuery, gives=ATOM_SHAPE, media=ATOM, named="getChangesAtom")
@published
def changes_as_atom(ask: RequestContext) -> Response:
    """The fifty measures, figures and documents that changed last, as Atom"""
    return _sent(ask, atom(feeds.whole(ask.session, ask.moment)), ATOM)


@blueprint.read("/feeds/changes.json", takes=MomentQuery, gives=FeedSchema, media=JSON_FEED, named="getChangesFeed")
@published
def changes_as_json(ask: RequestContext) -> Response:
    """The fifty measures, figures and documents that changed last, as JSON Feed"""
    return _sent(ask, json_feed(feeds.whole(ask.session, ask.moment)), JSON_FEED)


@blueprint.read(
    "/feeds/<path:code>.atom", takes=MomentQuery, gives=ATOM_SHAPE, media=ATOM, named="getJurisdictionAtom", example={"code": "VA"}
)
@published
def place_as_atom(ask: RequestContext, code: str) -> Response:
    """The fifty measures and figures of a place that changed last, as Atom; another identifier of the place is redirected (308)"""
    return _of_place(ask, code, "atom", lambda feed: _sent(ask, atom(feed), ATOM))


@blueprint.read(
    "/feeds/<path:code>.json", takes=MomentQuery, gives=FeedSchema, media=JSON_FEED, named="getJurisdictionFeed", example={"code": "VA"}
)
@published
def place_as_json(ask: RequestContext, code: str) -> Response:
    """The fifty measures and figures of a place that changed last, as JSON Feed; another identifier of the place is redirected (308)"""
    return _of_place(ask, code, "json", lambda feed: _sent(ask, json_feed(feed), JSON_FEED))


def _of_place(ask: RequestContext, code: str, ending: str, answer: Callable[[Feed], Response]) -> Response:
    place = jurisdictions.find(ask.session, code)
    if code != place["code"]:
        return canonical(f"/feeds/{place['code']}.{ending}")
    return answer(feeds.of_place(ask.session, ask.moment, place))


def _sent(ask: RequestContext, body: bytes, media: str) -> Response:
    return kept(Response(body, mimetype=media), ask)


def atom(feed: Feed) -> bytes:
    """The feed as Atom, in UTF-8."""
    root = ET.Element("feed", {"xmlns": "http://www.w3.org/2005/Atom", "xml:lang": LANGUAGE})
    _add(root, "id", feed.id)
    _add(root, "title", feed.title)
    _add(root, "subtitle", SUBTITLE)
    _add(root, "updated", rfc3339(feed.updated))
    _add(_add(root, "author"), "name", NAME)
    _add(root, "rights", LICENSE)
    _add(root, "link", rel="self", type=ATOM, href=_absolute(f"{feed.path}.atom"))
    # Without a type: readers take one that is JSON for no page, and would open the id instead.
    _add(root, "link", rel="alternate", href=_absolute(feed.about))
    for one in feed.entries:
        entry = _add(root, "entry")
        _add(entry, "id", one.id)
        _add(entry, "title", one.title)
        _add(entry, "updated", rfc3339(one.updated))
        _add(entry, "published", rfc3339(one.published))
        _add(entry, "link", rel="alternate", href=_absolute(one.path))
        for word, label in one.categories.items():
            _add(entry, "category", term=word, label=label)
        _add(entry, "summary", one.summary)
        _add(entry, "content", one.text, type="text")
    made: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return made


def _add(parent: ET.Element, name: str, text: str = "", **attributes: str) -> ET.Element:
    """A child of an element; a character that XML cannot hold becomes the one that stands for such."""
    child = ET.SubElement(parent, name, {key: NOT_XML.sub("\ufffd", value) for key, value in attributes.items()})
    child.text = NOT_XML.sub("\ufffd", text)
    return child


def json_feed(feed: Feed) -> bytes:
    """The feed as JSON Feed."""
    items: list[dict[str, Any]] = [
        {
            "id": one.id,
            "url": _absolute(one.path),
            "title": one.title,
            "summary": one.summary,
            "content_text": one.text,
            "date_published": rfc3339(one.published),
            "date_modified": rfc3339(one.updated),
            "tags": list(one.categories),
        }
        for one in feed.entries
    ]
    return tabular.json(
        {
            "version": VERSION,
            "title": feed.title,
            "description": SUBTITLE,
            "home_page_url": _absolute(feed.about),
            "feed_url": _absolute(f"{feed.path}.json"),
            "language": LANGUAGE,
            "authors": [{"name": NAME}],
            "items": items,
        }
    )


def _absolute(path: str) -> str:
    """An address as readers need it, who know of no host: made with the setting ``PUBLIC_URL``, never with what a request says."""
    return f"{current_app.config['PUBLIC_URL']}{path}"

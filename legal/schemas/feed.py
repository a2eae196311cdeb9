"""A feed as it is served in JSON: JSON Feed 1.1."""

from marshmallow import fields, validate

from legal.schemas.base import Strict

VERSION = "https://jsonfeed.org/version/1.1"


class FeedAuthorSchema(Strict):
    """Who publishes a feed."""

    name = fields.String(required=True, metadata={"example": "Legal Landscape"})


class FeedItemSchema(Strict):
    """A measure, figure or document by its last change."""

    id = fields.String(
        required=True,
        metadata={"description": "Never changes.", "example": "urn:uuid:c0707e14-23b6-5a19-8b85-a593e0217d7d"},
    )
    url = fields.URL(required=True, require_tld=False)
    title = fields.String(required=True)
    summary = fields.String(required=True, metadata={"description": "What the thing says."})
    content_text = fields.String(
        required=True, metadata={"description": "What its last change was, with cause and reason, then what the thing says."}
    )
    date_published = fields.AwareDateTime(required=True, metadata={"description": "When it was first published here."})
    date_modified = fields.AwareDateTime(required=True, metadata={"description": "When its last change was recorded."})
    tags = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "A measure's kind, a figure's metric or a document's type, then the place.", "example": ["ban", "VA"]},
    )


class FeedSchema(Strict):
    """A feed, the newest change first."""

    version = fields.String(required=True, validate=validate.Equal(VERSION))
    title = fields.String(required=True)
    description = fields.String(required=True)
    home_page_url = fields.URL(required=True, require_tld=False)
    feed_url = fields.URL(required=True, require_tld=False)
    language = fields.String(required=True, metadata={"example": "en-US"})
    authors = fields.List(fields.Nested(FeedAuthorSchema), required=True)
    items = fields.List(fields.Nested(FeedItemSchema), required=True, validate=validate.Length(max=50))

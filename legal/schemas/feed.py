"""Schemas of a feed in JSON Feed 1.1 (https://jsonfeed.org/version/1.1)."""

from marshmallow import fields, validate

from legal.schemas.base import StrictSchema

JSON_FEED_VERSION = "https://jsonfeed.org/version/1.1"


class FeedAuthorSchema(StrictSchema):
    """The publisher of a feed."""

    name = fields.String(required=True, metadata={"example": "Legal Landscape"})


class FeedItemExtensionSchema(StrictSchema):
    """The members that this service adds to an item (https://www.jsonfeed.org/version/1.1/#extensions)."""

    api_url = fields.URL(required=True, require_tld=False, metadata={"description": "The same item in the API."})


class FeedItemSchema(StrictSchema):
    """The latest change of a measure, figure or document, a move of a posture, or what a roster changed."""

    id = fields.String(
        required=True,
        metadata={"description": "A permanent identifier of the item.", "example": "urn:uuid:c0707e14-23b6-5a19-8b85-a593e0217d7d"},
    )
    url = fields.URL(required=True, require_tld=False, metadata={"description": "An HTML page."})
    _landscape = fields.Nested(FeedItemExtensionSchema, required=True)
    title = fields.String(required=True)
    summary = fields.String(required=True, metadata={"description": "A summary of the item."})
    content_text = fields.String(
        required=True, metadata={"description": "The latest change with its cause and reason, followed by the summary."}
    )
    date_published = fields.AwareDateTime(
        required=True, metadata={"description": "The time at which this service first published the measure, figure or document."}
    )
    date_modified = fields.AwareDateTime(required=True, metadata={"description": "The time of the latest change."})
    tags = fields.List(
        fields.String(),
        required=True,
        metadata={
            "description": "The kind of the measure, metric of the figure or type of the document, followed by the jurisdiction's code.",
            "example": ["ban", "VA"],
        },
    )


class FeedSchema(StrictSchema):
    """A feed with the newest change first."""

    version = fields.String(required=True, validate=validate.Equal(JSON_FEED_VERSION))
    title = fields.String(required=True)
    description = fields.String(required=True)
    home_page_url = fields.URL(required=True, require_tld=False)
    feed_url = fields.URL(required=True, require_tld=False)
    next_url = fields.URL(require_tld=False, metadata={"description": "The next page; missing on the last one."})
    language = fields.String(required=True, metadata={"example": "en-US"})
    authors = fields.List(fields.Nested(FeedAuthorSchema), required=True)
    items = fields.List(fields.Nested(FeedItemSchema), required=True, validate=validate.Length(max=50))

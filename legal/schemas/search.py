"""Schemas of search results."""

from marshmallow import fields

from legal.rules.search.ranking import ENTITY_WEIGHTS
from legal.schemas.base import LinksSchema, ListMetaSchema, StrictSchema, TermField, page_schema

SEARCHABLE_ENTITIES = tuple(ENTITY_WEIGHTS)


class HighlightSchema(StrictSchema):
    """A text that contains a match."""

    field = fields.String(required=True, metadata={"description": "The name of the field that contains the text.", "example": "title"})
    text = fields.String(
        required=True,
        metadata={
            "description": "HTML with matches in `<mark>` elements; everything else is escaped. Long texts are cut to an excerpt.",
            "example": "Governor Spanberger's <mark>directive</mark> to state agencies on five 287(g) agreements",
        },
    )


class FoundSchema(StrictSchema):
    """A search result with its matching texts."""

    noun = TermField(SEARCHABLE_ENTITIES, required=True)
    id = fields.String(required=True, metadata={"example": "va-directive-2026-02-04"})
    jurisdiction = fields.String(required=True, allow_none=True, metadata={"description": "Null for documents.", "example": "VA"})
    title = fields.String(
        required=True,
        metadata={
            "description": "Plain text. The title of a figure, or of a document without a printed title, is composed from its fields."
        },
    )
    highlights = fields.List(fields.Nested(HighlightSchema), required=True)
    score = fields.Float(
        required=True,
        metadata={"description": "Relevance. Scores of different searches must not be compared.", "example": 12.3},
    )
    links = fields.Nested(LinksSchema, required=True)


class PlaceReadSchema(StrictSchema):
    """A jurisdiction that the query was interpreted to name."""

    written = fields.String(
        required=True, metadata={"description": "The words of the query that name the jurisdiction.", "example": "Virgina"}
    )
    code = fields.String(required=True, metadata={"example": "VA"})
    name = fields.String(required=True, metadata={"example": "Virginia"})


class ReadingSchema(StrictSchema):
    """The interpretation of the query."""

    terms = fields.List(
        fields.String(), required=True, metadata={"description": "The terms that every result contains; phrases are in quotes."}
    )
    ignored = fields.List(fields.String(), required=True, metadata={"description": "Common words that were ignored."})
    places = fields.List(
        fields.Nested(PlaceReadSchema),
        required=True,
        metadata={"description": "Jurisdictions that the query names, possibly misspelled. Results about them are ranked first."},
    )


class SearchMetaSchema(ListMetaSchema):
    """The snapshot of a search, and the interpretation of the query."""

    complete = fields.Boolean(
        required=True,
        metadata={"description": "False if more than 1,000 entities match. Then only the newest 1,000 are ranked, listed and counted."},
    )
    interpreted_as = fields.Nested(ReadingSchema, required=True)


class SearchPage(page_schema(FoundSchema, "SearchPage")):  # type: ignore[misc]  # mypy does not know classes made at run time
    """A page of search results, best first."""

    meta = fields.Nested(SearchMetaSchema, required=True)

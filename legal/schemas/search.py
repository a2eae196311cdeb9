"""What a search gives."""

from marshmallow import fields

from legal.rules.search.ranking import OF_NOUN
from legal.schemas.base import LinksSchema, ListMetaSchema, Strict, Word, page_of

NOUNS = tuple(OF_NOUN)


class HighlightSchema(Strict):
    """A text in which something was found."""

    field = fields.String(required=True, metadata={"description": "Which of its texts it is.", "example": "title"})
    text = fields.String(
        required=True,
        metadata={
            "description": "HTML: what was looked for stands in `<mark>`, everything else is escaped. A long text is cut to an excerpt.",
            "example": "Governor Spanberger's <mark>directive</mark> ending state agencies' 287(g) agreements",
        },
    )


class FoundSchema(Strict):
    """Something that was found, and where in it."""

    noun = Word(NOUNS, required=True)
    id = fields.String(required=True, metadata={"example": "va-directive-2026-02-04"})
    jurisdiction = fields.String(required=True, allow_none=True, metadata={"description": "Null for documents.", "example": "VA"})
    title = fields.String(
        required=True,
        metadata={"description": "Plain text. Figures, and documents that print none, are given one that says what they are."},
    )
    highlights = fields.List(fields.Nested(HighlightSchema), required=True)
    score = fields.Float(
        required=True,
        metadata={"description": "How well it answers: of use only for comparing the results of one search.", "example": 12.3},
    )
    links = fields.Nested(LinksSchema, required=True)


class PlaceReadSchema(Strict):
    """A place that the query was read to name."""

    written = fields.String(required=True, metadata={"description": "As the query has it.", "example": "Virgina"})
    code = fields.String(required=True, metadata={"example": "VA"})
    name = fields.String(required=True, metadata={"example": "Virginia"})


class ReadingSchema(Strict):
    """How the query was read."""

    terms = fields.List(fields.String(), required=True, metadata={"description": "What has to occur, each of it; phrases in quotes."})
    ignored = fields.List(fields.String(), required=True, metadata={"description": "Small words that were left out."})
    places = fields.List(
        fields.Nested(PlaceReadSchema),
        required=True,
        metadata={"description": "Places that it names, a misspelt name included; what is about them comes first."},
    )


class SearchMetaSchema(ListMetaSchema):
    """The moment that a search is for, and how it was read."""

    complete = fields.Boolean(
        required=True,
        metadata={"description": "False where more than a thousand things match: the newest thousand are ranked, listed and counted."},
    )
    interpreted_as = fields.Nested(ReadingSchema, required=True)


class SearchPage(page_of(FoundSchema, "SearchPage")):  # type: ignore[misc]  # the envelope is made, so that mypy does not know it
    """A page of what was found, best first."""

    meta = fields.Nested(SearchMetaSchema, required=True)

"""What every shape shares: strictness, words of closed lists, safe text, dates and the envelope of an answer."""

from collections.abc import Iterable, Mapping
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, post_load, validate

from legal.errors import InvalidInput
from legal.rules.dates import When, when
from legal.vocabulary import Basis

END = r"$(?!\n)"  # in Python, but not in a description's readers, $ alone lets a last line end through
SLUG = rf"^[a-z0-9]+(-[a-z0-9]+)*{END}"
SHA256 = rf"^[0-9a-f]{{64}}{END}"
CONTROL_FREE = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]*$"


class Strict(Schema):
    """A shape that refuses a key it does not know."""

    class Meta:
        unknown = RAISE


class Word(fields.String):
    """A word of a closed list."""

    def __init__(self, words: Iterable[str], **kwargs: Any) -> None:
        super().__init__(validate=validate.OneOf([str(word) for word in words]), **kwargs)


class Text(fields.String):
    """Text without control characters and unpaired surrogates, which no database and no reader wants."""

    def __init__(self, longest: int = 2000, shortest: int = 1, **kwargs: Any) -> None:
        checks = [validate.Length(min=shortest, max=longest), validate.Regexp(CONTROL_FREE, error="Control characters are not allowed.")]
        super().__init__(validate=checks, **kwargs)


class Quantity(fields.Float):
    """A finite number that is written as one; the library would read text, "1_000" too."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(allow_nan=False, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> float:
        if isinstance(value, str):
            raise self.make_error("invalid", input=value)
        return super()._deserialize(value, attr, data, **kwargs)


class Slug(fields.String):
    """A stable identifier: lower-case words joined by hyphens."""

    def __init__(self, longest: int = 120, **kwargs: Any) -> None:
        super().__init__(
            validate=[validate.Length(max=longest), validate.Regexp(SLUG, error="Use lower-case words joined by hyphens.")], **kwargs
        )


class Sha256(fields.String):
    """A SHA-256 digest in lower-case hexadecimal."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(validate=validate.Regexp(SHA256, error="Use 64 lower-case hexadecimal digits."), **kwargs)


class DateDraft(Strict):
    """A date as it is written down: EDTF level 1 and where it comes from; its bounds follow."""

    edtf = fields.String(required=True, validate=validate.Length(max=64))
    basis = Word((basis for basis in Basis if basis is not Basis.UNKNOWN), required=True)

    @post_load
    def read(self, data: Mapping[str, str], **_: object) -> When:
        """The date with its bounds."""
        try:
            return when(data["edtf"], data["basis"])
        except InvalidInput as error:
            raise ValidationError(str(error), "edtf") from error


class DateSchema(Strict):
    """A date with its bounds; an unknown one has all nulls and the basis ``unknown``."""

    edtf = fields.String(required=True, allow_none=True, metadata={"description": "EDTF (ISO 8601-2) level 1", "example": "2026-02-04"})
    earliest = fields.Date(required=True, allow_none=True, metadata={"example": "2026-02-04"})
    latest = fields.Date(required=True, allow_none=True, metadata={"example": "2026-02-04"})
    basis = Word(Basis, required=True, metadata={"example": "inferred"})


class MetaSchema(Strict):
    """The moment that an answer is for, on both clocks."""

    revision = fields.Integer(required=True, metadata={"description": "The revision that was read.", "example": 1})
    as_of = fields.Date(required=True, metadata={"description": "The day in the world that was asked about."})
    known_at = fields.AwareDateTime(required=True, metadata={"description": "When that revision was recorded."})
    codebook = fields.String(required=True, metadata={"example": "1.0"})


class ListMetaSchema(MetaSchema):
    """The moment that a list is for, and the filters that were understood."""

    filters = fields.Dict(keys=fields.String(), values=fields.Raw(), required=True)


class LinksSchema(Strict):
    """Where a thing has its own address."""

    self = fields.String(required=True)


class PlaceLinksSchema(LinksSchema):
    """Where a thing has its own address, and where its place has."""

    jurisdiction = fields.String(required=True)


def page_of(item: type[Schema], name: str) -> type[Schema]:
    """The envelope of a list of ``item``; ``name`` is the page's own in the description."""
    return type(
        name,
        (Strict,),
        {
            "__doc__": f"A page of a list of {item.__name__.removesuffix('Schema').lower()}s.",
            "results": fields.List(fields.Nested(item), required=True),
            "count": fields.Integer(required=True, metadata={"description": "How many match in all."}),
            "next": fields.String(required=True, allow_none=True, metadata={"description": "Where the next page is; null on the last."}),
            "facets": fields.Dict(
                keys=fields.String(),
                values=fields.Dict(keys=fields.String(), values=fields.Integer()),
                metadata={"description": "Counts of all that matches, by facet and value; there where asked for."},
            ),
            "meta": fields.Nested(ListMetaSchema, required=True),
        },
    )

"""Base schema, custom fields, and the schemas of dates, metadata, links and pages that the other schemas use."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, post_load, validate

from legal.errors import InvalidInput
from legal.rules.dates import EdtfDate, parse_date
from legal.rules.evidence import STALE_DESCRIPTION
from legal.vocabulary import Basis

PATTERN_END = r"$(?!\n)"  # Python's $ alone also matches before a final newline; the OpenAPI description uses plain $
MAX_REVISION = 2**31 - 1
"""The largest revision number that fits the database column."""
_SLUG = rf"^[a-z0-9]+(-[a-z0-9]+)*{PATTERN_END}"
_SHA256 = rf"^[0-9a-f]{{64}}{PATTERN_END}"
_CONTROL_FREE = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]*$"


class StrictSchema(Schema):
    """A schema that rejects unknown keys."""

    class Meta:
        unknown = RAISE


class TermField(fields.String):
    """A term of a closed list."""

    def __init__(self, terms: Iterable[str], **kwargs: Any) -> None:
        super().__init__(validate=validate.OneOf([str(term) for term in terms]), **kwargs)


class TextField(fields.String):
    """Text without control characters and unpaired surrogates, which PostgreSQL or JSON readers reject."""

    def __init__(self, max_length: int = 2000, min_length: int = 1, **kwargs: Any) -> None:
        validators = [
            validate.Length(min=min_length, max=max_length),
            validate.Regexp(_CONTROL_FREE, error="Control characters are not allowed."),
        ]
        super().__init__(validate=validators, **kwargs)


class Day(fields.Date):
    """A day as YYYY-MM-DD. Other date formats of ISO 8601 are refused."""

    default_error_messages = {"invalid": "Use a calendar date as YYYY-MM-DD."}  # noqa: RUF012 - marshmallow declares it so

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> date:
        if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
            raise self.make_error("invalid", input=value, obj_type="date")
        return super()._deserialize(value, *args, **kwargs)


class QuantityField(fields.Float):
    """A finite JSON number. Marshmallow's ``Float`` would also accept text such as "1_000"."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(allow_nan=False, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> float:
        if isinstance(value, str):
            raise self.make_error("invalid", input=value)
        return super()._deserialize(value, attr, data, **kwargs)


class SlugField(fields.String):
    """A stable identifier of lowercase words joined by hyphens."""

    def __init__(self, max_length: int = 120, **kwargs: Any) -> None:
        super().__init__(
            validate=[validate.Length(max=max_length), validate.Regexp(_SLUG, error="Use lowercase words joined by hyphens.")], **kwargs
        )


class Sha256Field(fields.String):
    """A SHA-256 digest in lowercase hexadecimal."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(validate=validate.Regexp(_SHA256, error="Use 64 lowercase hexadecimal digits."), **kwargs)


class DateDraft(StrictSchema):
    """A date in a seed file: EDTF level 1 and its basis. The bounds are computed."""

    edtf = fields.String(required=True, validate=validate.Length(max=64))
    basis = TermField((basis for basis in Basis if basis is not Basis.UNKNOWN), required=True)

    @post_load
    def compute_bounds(self, data: Mapping[str, str], **_: object) -> EdtfDate:
        """Return the date with its bounds."""
        try:
            return parse_date(data["edtf"], data["basis"])
        except InvalidInput as error:
            raise ValidationError(str(error), "edtf") from error


class DateSchema(StrictSchema):
    """A date with its bounds. An unknown date has nulls and the basis ``unknown``."""

    edtf = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "The date in EDTF (ISO 8601-2) level 1; null if it is unknown.", "example": "2026-02-04"},
    )
    earliest = fields.Date(required=True, allow_none=True, metadata={"example": "2026-02-04"})
    latest = fields.Date(required=True, allow_none=True, metadata={"example": "2026-02-04"})
    basis = TermField(Basis, required=True, metadata={"example": "inferred"})


class HeadlineSchema(StrictSchema):
    """One or two generated sentences on where a jurisdiction stands. Quote them together with the citation."""

    text = fields.String(
        required=True,
        metadata={
            "description": "The sentences. They never say more than their sources.",
            "example": "The documents on file do not say where Wyoming stands on this day; that says nothing about its law or its agreements.",
        },
    )
    as_of = fields.Date(required=True, metadata={"description": "The day that the sentences describe."})
    evidence_through = fields.Nested(
        DateSchema, required=True, metadata={"description": "Date of the newest document that the sentences rest on."}
    )
    stale = fields.Boolean(
        required=True,
        allow_none=True,
        metadata={"description": f"{STALE_DESCRIPTION} Null if nothing is on file."},
    )


class MetaSchema(StrictSchema):
    """The snapshot that a response describes: its day and its revision."""

    revision = fields.Integer(required=True, metadata={"description": "The revision of the record.", "example": 1})
    as_of = fields.Date(required=True, metadata={"description": "The day that the response describes."})
    known_at = fields.AwareDateTime(required=True, metadata={"description": "The time at which the revision was published."})
    codebook = fields.String(required=True, metadata={"example": "1.0"})
    rules = fields.Integer(
        required=True, metadata={"description": "Number of the rule pack, the set of rules that gives postures.", "example": 2}
    )
    epoch = fields.String(
        required=True,
        metadata={
            "description": "Token of the record's history. It changes when the operator restores a backup: revision numbers are issued again then.",
            "example": "4f1c09d2ab",
        },
    )


class ListMetaSchema(MetaSchema):
    """The snapshot of a list and the filters that were applied."""

    filters = fields.Dict(keys=fields.String(), values=fields.Raw(), required=True)


class LinksSchema(StrictSchema):
    """Links of a resource."""

    self = fields.String(required=True)


class PlaceLinksSchema(LinksSchema):
    """Links of a resource and of its jurisdiction."""

    jurisdiction = fields.String(required=True)


def page_schema(item: type[Schema], name: str) -> type[Schema]:
    """Return the schema of a page of items; ``name`` is the page's component name in the OpenAPI description."""
    return type(
        name,
        (StrictSchema,),
        {
            "__doc__": f"A page of a list whose items are described by {item.__name__}.",
            "results": fields.List(fields.Nested(item), required=True),
            "count": fields.Integer(required=True, metadata={"description": "The total number of matches, on all pages."}),
            "next": fields.String(
                required=True, allow_none=True, metadata={"description": "Link to the next page; null on the last page."}
            ),
            "next_cursor": fields.String(
                required=True, allow_none=True, metadata={"description": "`cursor` of the next page; null on the last page."}
            ),
            "facets": fields.Dict(
                keys=fields.String(),
                values=fields.Dict(keys=fields.String(), values=fields.Integer()),
                metadata={"description": "Numbers of matches by facet and value. Present only if `facets` was given."},
            ),
            "meta": fields.Nested(ListMetaSchema, required=True),
        },
    )

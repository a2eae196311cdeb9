"""Define the filters that several lists share, and check that filter values exist.

A filter of one list only, such as ``signed_after``, is defined in the list's view.
"""

from functools import cache

from marshmallow import fields, validate

from legal.api.query_params import JurisdictionList
from legal.api.responses import RequestContext
from legal.errors import Fault, InvalidInput
from legal.http.query_params import CLOCK_PARAMETERS
from legal.json_types import Json
from legal.queries.record import documents, jurisdictions
from legal.readers import counties
from legal.schemas.base import PATTERN_END, SlugField, TextField
from legal.settings import SEEDS_FOLDER
from legal.suggestions import suggest

_NON_FILTER_PARAMETERS = frozenset({*CLOCK_PARAMETERS, "limit", "cursor", "fields_", "format", "bom", "sort", "facets"})


def jurisdiction_filter() -> JurisdictionList:
    """Return the ``jurisdiction`` filter: identifiers of any kind, separated by commas."""
    return JurisdictionList(
        validate=validate.Length(min=1, max=57),
        metadata={
            "description": "USPS codes or other identifiers of jurisdictions, separated by commas.",
            "example": ["VA", "MD"],
        },
    )


def county_filter() -> fields.String:
    """Return the ``county_fips`` filter."""
    return fields.String(
        validate=validate.Regexp(rf"^[0-9]{{5}}{PATTERN_END}", error="Use the five digits of a county FIPS code."),
        metadata={"description": "County FIPS code. Agreements without a county code are excluded.", "example": "12125"},
    )


def document_filter() -> SlugField:
    """Return the ``document`` filter, which selects the rows that cite a document."""
    return SlugField(metadata={"description": "Only rows that cite this document.", "example": "washington-times-2025-09-17"})


def search_text_filter() -> TextField:
    """Return the ``q`` filter."""
    return TextField(
        max_length=200,
        min_length=1,
        metadata={
            "description": "Words that must all occur in the names and identifiers. Case, accents, quotes and punctuation do not matter.",
            "example": "virginia",
        },
    )


def resolve_filters(ctx: RequestContext) -> Json:
    """Return the filters of a list request, with jurisdictions as USPS codes, after a check that each value exists.

    Raises:
        InvalidInput: a filter names a jurisdiction, a document or a county that does not exist.
    """
    filters = {name: value for name, value in ctx.query.items() if name not in _NON_FILTER_PARAMETERS}
    if "jurisdiction" in filters:
        rows = jurisdictions.find_jurisdictions(ctx.session, ctx.snapshot, filters["jurisdiction"], "jurisdiction")
        filters["jurisdiction"] = [row["code"] for row in rows]
    if "document" in filters:
        documents.check_document_exists(ctx.session, ctx.snapshot, filters["document"])
    if "county_fips" in filters:
        _check_county_exists(filters["county_fips"])
    return filters


def _check_county_exists(code: str) -> None:
    if code not in _county_codes():
        suggestions = suggest(code, _county_codes(), limit=3)
        fault = Fault(f"There is no county {code}.", parameter="county_fips", did_you_mean=suggestions)
        raise InvalidInput("A filter names a county that does not exist.", [fault])


@cache
def _county_codes() -> tuple[str, ...]:
    """Return the FIPS codes of all present and former counties."""
    return tuple(county.fips for county in counties.read_counties(SEEDS_FOLDER / "counties.csv"))

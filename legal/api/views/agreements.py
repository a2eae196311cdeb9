"""Agreements over HTTP."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, post_load, validate
from webargs.fields import DelimitedList

from legal.api.query_params import Blueprint, Day, ListQuery, Words, faceting, places, search_text, sorting
from legal.api.responses import RequestContext, listing, published
from legal.json_types import Json
from legal.queries.rosters import agreements
from legal.schemas.agreement import SUMMARIES, SUMMARY_PAGES, AgreementPage, AgreementSchema
from legal.schemas.base import END, Word
from legal.vocabulary import AgencyType, AgreementStatus, Model

blueprint = Blueprint("agreements", __name__, description="Agreements under section 287(g), as ICE's lists show them.")


class AgreementFilters(ListQuery):
    """By what agreements are selected."""

    jurisdiction = places()
    model = Words(Model, example="task_force")
    status = DelimitedList(
        Word((*AgreementStatus, agreements.ANY)),
        load_default=[AgreementStatus.ACTIVE.value],
        validate=validate.Length(min=1),
        metadata={
            "description": "On the day asked about; `any` for all. Any of these, comma-separated.",
            "default": [AgreementStatus.ACTIVE.value],  # as described: what is sent is one text
            "example": ["active"],
        },
    )
    agency_type = Words(AgencyType, example="county")
    county_fips = fields.String(
        validate=validate.Regexp(rf"^[0-9]{{5}}{END}", error="Give the five digits of a county's FIPS code."),
        metadata={"description": "Of this county; those whose county could not be told are left out.", "example": "12125"},
    )
    signed_after = Day(metadata={"description": "Signed on or after this day.", "example": "2025-01-20"})
    signed_before = Day(metadata={"description": "Signed on or before this day.", "example": "2025-12-31"})
    q = search_text()


class AgreementQuery(AgreementFilters):
    """What the list of agreements takes."""

    facets = faceting(agreements.FACETS)
    sort = sorting(agreements.SORTS, default="id")


class SummaryQuery(AgreementFilters):
    """What the summary of agreements takes."""

    by = Word(
        agreements.BY,
        required=True,
        error_messages={"required": f"Say by what to count: {', '.join(agreements.BY)}."},
        metadata={"description": "What the rows are for.", "example": "jurisdiction"},
    )
    sort = Word(
        [f"{sign}{name}" for name in (*agreements.BY, *agreements.UNITS) for sign in ("", "-")],
        metadata={"description": "What `by` names (the default) or a number, either way; nulls come last."},
    )

    @post_load
    def sorted_by_a_key(self, data: dict[str, Any], **_: object) -> Mapping[str, Any]:
        """The parameters with the order that the rows have if none is asked for."""
        if data.get("sort", data["by"]).removeprefix("-") not in (data["by"], *agreements.UNITS):
            raise ValidationError(f"These rows can be sorted by {data['by']}, {' or '.join(agreements.UNITS)}.", "sort")
        return {"sort": data["by"], **data}


@blueprint.read("/v1/agreements", takes=AgreementQuery, gives=AgreementPage, named="listAgreements")
@published
def listed(ask: RequestContext) -> Json:
    """Agreements as the lists in force on the day show them, one for each agency and model; active ones unless `status` says otherwise"""
    filters = ask.filters()
    rows, page, in_force = agreements.listed(ask.session, ask.moment, filters, ask.paging)
    answer = listing(ask, filters, rows, page, AgreementSchema)
    return {**answer, "meta": {**answer["meta"], "in_force": in_force}}


@blueprint.read("/v1/agreements/summary", takes=SummaryQuery, gives={"anyOf": [*SUMMARY_PAGES.values()]}, named="summarizeAgreements")
@published
def summary(ask: RequestContext) -> Json:
    """How many agreements and agencies there are, by what `by` names; always both units"""
    filters = ask.filters()
    by = filters["by"]
    rows, page, totals, in_force = agreements.summary(ask.session, ask.moment, filters, by, ask.paging)
    answer = listing(ask, filters, rows, page, SUMMARIES[by])
    return {**answer, "meta": {**answer["meta"], "totals": totals, "in_force": in_force}}

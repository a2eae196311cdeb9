"""Serve agreements, and their counts."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, post_load, validate
from webargs.fields import DelimitedList

from legal.api.query_params import Blueprint, Day, ListQuery, SnapshotQuery, TermList, facets_parameter, sort_parameter
from legal.api.responses import RequestContext, list_envelope, published_endpoint
from legal.api.shared_filters import county_filter, jurisdiction_filter, resolve_filters, search_text_filter
from legal.json_types import Json
from legal.queries.rosters import agreement_history, agreements, counts
from legal.schemas.agreement import (
    EXAMPLE_AGENCY,
    HISTORY_PAGES,
    HISTORY_SCHEMAS,
    SUMMARY_PAGES,
    SUMMARY_SCHEMAS,
    AgreementDetailSchema,
    AgreementPage,
    AgreementSchema,
)
from legal.schemas.base import TermField
from legal.vocabulary import AgencyType, AgreementStatus, Model

blueprint = Blueprint("agreements", __name__, description="Agreements under section 287(g), as shown on ICE's rosters.")

_GROUP_KEYS = ", ".join(agreements.GROUP_COLUMNS)


class AgreementFilters(ListQuery):
    """The filters that the list and the summary of agreements share."""

    jurisdiction = jurisdiction_filter()
    model = TermList(Model, example="task_force")
    status = DelimitedList(
        TermField((*AgreementStatus, agreements.ANY_STATUS)),
        load_default=[AgreementStatus.ACTIVE.value],
        validate=validate.Length(min=1),
        metadata={
            "description": (
                f"Status on the requested day. One or more of these values, separated by commas; `{agreements.ANY_STATUS}` selects every status."
            ),
            "default": [AgreementStatus.ACTIVE.value],  # as the description shows it; a request sends text
            "example": ["active"],
        },
    )
    agency_type = TermList(AgencyType, example="county")
    county_fips = county_filter()
    signed_after = Day(metadata={"description": "Signed on or after this day.", "example": "2025-01-20"})
    signed_before = Day(metadata={"description": "Signed on or before this day.", "example": "2025-12-31"})
    doubtful_dates = TermField(
        agreements.DOUBTFUL_DATES,
        metadata={
            "description": (
                "Whether filters by date and counts by month use dates of signature that are long before the first roster with the "
                "agreement (`signed_flag`). Without it, such dates count as unknown."
            ),
            "example": "include",
        },
    )
    q = search_text_filter()


class AgreementQuery(AgreementFilters):
    """The parameters of the list of agreements."""

    facets = facets_parameter(agreements.FACETS)
    sort = sort_parameter(agreements.SORTS, default="id")


class SummaryQuery(AgreementFilters):
    """The parameters of the summary of agreements."""

    by = TermField(
        agreements.GROUP_COLUMNS,
        required=True,
        error_messages={"required": f"Give the key to group by: {_GROUP_KEYS}."},
        metadata={"description": "Key to group by. There is a row for each value of the key.", "example": "jurisdiction"},
    )
    sort = TermField(
        [f"{sign}{name}" for name in (*agreements.GROUP_COLUMNS, *agreements.COUNT_COLUMNS) for sign in ("", "-")],
        metadata={
            "description": (
                f"Sort key: the key in `by` (the default), {' or '.join(f'`{name}`' for name in agreements.COUNT_COLUMNS)}. "
                "A leading `-` sorts in descending order. Nulls come last."
            )
        },
    )

    @post_load
    def check_sort(self, parameters: dict[str, Any], **_: object) -> Mapping[str, Any]:
        """Return the parameters with ``sort``, which defaults to the key to group by.

        Raises:
            ValidationError: ``sort`` is neither the key to group by nor a count.
        """
        sort_keys = (parameters["by"], *agreements.COUNT_COLUMNS)
        if parameters.get("sort", parameters["by"]).removeprefix("-") not in sort_keys:
            raise ValidationError(f"These rows can be sorted by {' or '.join(sort_keys)}.", "sort")
        return {"sort": parameters["by"], **parameters}


class HistoryQuery(ListQuery):
    """The parameters of counts over time."""

    by = TermField(
        counts.HISTORY_KEYS,
        required=True,
        error_messages={"required": f"Give the keys to group by: {' or '.join(counts.HISTORY_KEYS)}."},
        metadata={"description": "Keys to group by. There is a row for each roster and each value of the keys.", "example": "jurisdiction"},
    )
    jurisdiction = jurisdiction_filter()
    sort = sort_parameter(("date", *agreements.COUNT_COLUMNS), default="date")


@blueprint.read_endpoint("/v1/agreements", query_schema=AgreementQuery, response_schema=AgreementPage, operation_id="listAgreements")
@published_endpoint
def list_agreements(ctx: RequestContext) -> Json:
    """List agreements, one per agency and model, with their status on the requested day; only active agreements by default

    If only the counts of the roster in force are on file, the agreements come from the last roster with rows. `meta`
    names both rosters, and `meta.note` says which one was used.
    """
    filters = resolve_filters(ctx)
    rows, page, meta = agreements.list_agreements(ctx.session, ctx.snapshot, filters, ctx.paging)
    envelope = list_envelope(ctx, filters, rows, page, AgreementSchema)
    return {**envelope, "meta": {**envelope["meta"], **meta}}


@blueprint.read_endpoint(
    "/v1/agreements/summary",
    query_schema=SummaryQuery,
    response_schema={"anyOf": [*SUMMARY_PAGES.values()]},
    operation_id="summarizeAgreements",
)
@published_endpoint
def summarize_agreements(ctx: RequestContext) -> Json:
    """Count agreements and agencies, grouped by the key in `by`

    If only the counts of the roster in force are on file, `by=jurisdiction` and `by=model` use these counts for active
    agreements. Other keys, statuses and filters use the last roster with rows. `meta.note` names the source.
    """
    filters = resolve_filters(ctx)
    by = filters["by"]
    rows, page, meta = agreements.summarize_agreements(ctx.session, ctx.snapshot, filters, by, ctx.paging)
    envelope = list_envelope(ctx, filters, rows, page, SUMMARY_SCHEMAS[by])
    return {**envelope, "meta": {**envelope["meta"], **meta}}


@blueprint.read_endpoint(
    "/v1/agreements/<id>",
    query_schema=SnapshotQuery,
    response_schema=AgreementDetailSchema,
    operation_id="getAgreement",
    path_example={"id": f"{EXAMPLE_AGENCY}-task-force"},
)
@published_endpoint
def get_agreement(ctx: RequestContext, id: str) -> Json:
    """Get an agreement, with every roster that names it"""
    return {**agreement_history.get_agreement(ctx.session, ctx.snapshot, id), "meta": ctx.snapshot.meta_json()}


@blueprint.read_endpoint(
    "/v1/agreements/history",
    query_schema=HistoryQuery,
    response_schema={"anyOf": [*HISTORY_PAGES.values()]},
    operation_id="listAgreementHistory",
)
@published_endpoint
def list_history(ctx: RequestContext) -> Json:
    """List the numbers of agreements and agencies on each roster of participating agencies published by the requested day

    Counts are as published; agreements that a measure reports as ended since are still included. A roster lists no
    agreement in a jurisdiction that it does not name.
    """
    filters = resolve_filters(ctx)
    by = filters["by"]
    rows, page = counts.list_history(ctx.session, ctx.snapshot, by, filters.get("jurisdiction", ()), ctx.paging)
    return list_envelope(ctx, filters, rows, page, HISTORY_SCHEMAS[by])

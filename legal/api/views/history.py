"""Serve the history of the record: the log of changes, the versions of a measure, timelines and comparisons."""

from collections.abc import Iterator
from typing import Any

from flask import Response

from legal.api.query_params import (
    Blueprint,
    Day,
    FormatQuery,
    ListQuery,
    TermList,
    facets_parameter,
    jurisdiction_parameter,
    revision_parameter,
    sort_parameter,
)
from legal.api.responses import Query, RequestContext, Table, list_envelope, published_endpoint, redirect_to_canonical, with_table
from legal.api.shared_filters import jurisdiction_filter, resolve_filters
from legal.errors import Fault, InvalidInput
from legal.json_types import Json
from legal.queries.core.snapshot import resolve_snapshot
from legal.queries.history import changes, diffs, timelines
from legal.queries.record import jurisdictions
from legal.schemas.change import (
    ChangePage,
    ChangeSchema,
    DifferenceRowSchema,
    DiffSchema,
    TimelineEventSchema,
    TimelinePage,
    VersionPage,
    VersionSchema,
)
from legal.vocabulary import LOGGED_ENTITIES, Action, Cause

blueprint = Blueprint("history", __name__, description="Changes to the record, with their dates and causes.")


class ChangeQuery(ListQuery):
    """The parameters of the log of changes."""

    after = revision_parameter("Only changes after this revision.", example=0, minimum=0)
    since = Day(metadata={"description": "Only changes recorded on or after this day, in UTC.", "example": "2026-01-01"})
    jurisdiction = jurisdiction_filter()
    noun = TermList(LOGGED_ENTITIES, example="measure")
    action = TermList(Action, example="create")
    cause = TermList(Cause, example="source_added")
    facets = facets_parameter(changes.CHANGE_FACETS)
    sort = sort_parameter(changes.CHANGE_SORTS, default="revision")


class VersionQuery(ListQuery):
    """The parameters of the list of a measure's versions."""

    facets = facets_parameter(("action", "cause"))
    sort = sort_parameter(changes.CHANGE_SORTS, default="revision")


class TimelineQuery(ListQuery):
    """The parameters of a timeline."""

    from_ = Day(
        data_key="from",
        metadata={
            "description": "Only events on or after this day. An imprecise date matches if any day in its range does.",
            "example": "2025-01-01",
        },
    )
    to = Day(
        metadata={
            "description": "Only events on or before this day. An imprecise date matches if any day in its range does.",
            "example": "2026-12-31",
        }
    )
    facets = facets_parameter(timelines.TIMELINE_FACETS)
    sort = sort_parameter(timelines.TIMELINE_SORTS, default="date")


class DiffQuery(FormatQuery):
    """The parameters of a comparison: two days or two revisions."""

    jurisdiction = jurisdiction_parameter()
    from_ = Day(data_key="from", metadata={"description": "First day to compare.", "example": "2026-02-03"})
    to = Day(metadata={"description": "Second day to compare (default: the day in `as_of`, or today in UTC).", "example": "2026-02-05"})
    from_revision = revision_parameter("First revision to compare.")
    to_revision = revision_parameter("Second revision to compare.")


@blueprint.read_endpoint("/v1/changes", query_schema=ChangeQuery, response_schema=ChangePage, operation_id="listChanges")
@published_endpoint
def list_changes(ctx: RequestContext) -> Json:
    """List what each revision changed, oldest first"""
    filters = resolve_filters(ctx)
    rows, page = changes.list_changes(ctx.session, ctx.snapshot, filters, ctx.paging)
    return list_envelope(ctx, filters, rows, page, ChangeSchema)


@blueprint.read_endpoint(
    "/v1/measures/<id>/versions",
    query_schema=VersionQuery,
    response_schema=VersionPage,
    operation_id="listVersions",
    path_example={"id": "va-directive-2026-02-04"},
)
@published_endpoint
def list_measure_versions(ctx: RequestContext, id: str) -> Json:
    """List the versions of a measure, each with its revision, its cause and the changed fields"""
    rows, page = changes.list_measure_versions(ctx.session, ctx.snapshot, id, ctx.paging)
    return list_envelope(ctx, {}, rows, page, VersionSchema)


@blueprint.read_endpoint(
    "/v1/jurisdictions/<path:ref>/timeline",
    query_schema=TimelineQuery,
    response_schema=TimelinePage,
    operation_id="getTimeline",
    path_example={"ref": "VA"},
)
@published_endpoint
def list_timeline_events(ctx: RequestContext, ref: str) -> Json | Response:
    """List the dated events of a jurisdiction's measures and agreements, oldest first; events without a date come last

    With `from` or `to`, events without a date are left out.
    """
    code = jurisdictions.find_jurisdiction(ctx.session, ctx.snapshot, ref)["code"]
    if ref != code:
        return redirect_to_canonical(f"/v1/jurisdictions/{code}/timeline")
    days = {name: ctx.query[key] for key, name in (("from_", "from"), ("to", "to")) if key in ctx.query}
    rows, page = timelines.list_timeline_events(ctx.session, code, ctx.snapshot, days, ctx.paging)
    return list_envelope(ctx, {"jurisdiction": [code], **days}, rows, page, TimelineEventSchema)


@blueprint.read_endpoint("/v1/diff", query_schema=DiffQuery, response_schema=DiffSchema, operation_id="getDiff")
@published_endpoint
def get_diff(ctx: RequestContext) -> Json:
    """Compare two days (`from`, `to`) or two revisions (`from_revision`, `to_revision`), with differences grouped by cause

    As a table, it has one row for each field that differs.
    """
    jurisdiction = jurisdictions.find_jurisdictions(ctx.session, ctx.snapshot, [ctx.query["jurisdiction"]], "jurisdiction")[0]
    days = _parameter_pair(_with_default_day(ctx), "from_", "to")
    revisions = _parameter_pair(ctx.query, "from_revision", "to_revision")
    if (days is None) == (revisions is None):
        fault = Fault("Use from and to, or from_revision and to_revision.", parameter="from")
        raise InvalidInput("Compare either two days or two revisions.", [fault])
    _check_snapshot_parameters(ctx.query, compares_days=days is not None)
    if days:
        difference = diffs.compare_days(ctx.session, jurisdiction, ctx.snapshot, *days)
    else:
        earlier, later = (resolve_snapshot(ctx.session, ctx.snapshot.as_of, number) for number in revisions or ())
        # A jurisdiction that a still later revision added is not found.
        jurisdiction = jurisdictions.find_jurisdictions(ctx.session, later, [ctx.query["jurisdiction"]], "jurisdiction")[0]
        difference = diffs.compare_revisions(ctx.session, jurisdiction, earlier, later)
    return with_table(difference, Table(list(_difference_rows(difference)), DifferenceRowSchema, body_key=None))


def _with_default_day(ctx: RequestContext) -> Query:
    """Return the query with the snapshot's day as ``to`` if only ``from`` is given."""
    return {**ctx.query, "to": ctx.snapshot.as_of} if "from_" in ctx.query and "to" not in ctx.query else ctx.query


def _check_snapshot_parameters(query: Query, *, compares_days: bool) -> None:
    """Check that the query does not set what the comparison sets: the second day, or both revisions.

    Raises:
        InvalidInput: the query sets one of them.
    """
    set_by_comparison = (("as_of",) if "to" in query else ()) if compares_days else ("revision", "known_at")
    for name in set_by_comparison:
        if name in query:
            fault = Fault("Remove this parameter. The comparison sets it.", parameter=name)
            raise InvalidInput("A parameter does not apply to this comparison.", [fault])


def _difference_rows(difference: Json) -> Iterator[Json]:
    # Differences of certainty have no cause.
    for cause, items in (*difference["causes"].items(), (None, difference["certainty"])):
        for item in items:
            entity = {name: item[name] for name in ("noun", "id", "kind", "title", "action")}
            yield from ({"jurisdiction": difference["jurisdiction"], "cause": cause, **entity, **field} for field in item["fields"])


def _parameter_pair(query: Query, first_name: str, second_name: str) -> tuple[Any, Any] | None:
    """Return the values of two parameters, or None if neither is given.

    Raises:
        InvalidInput: only one is given, or the second value is less than the first.
    """
    names = [name for name in (first_name, second_name) if name in query]
    published_name = first_name.rstrip("_")
    if len(names) == 1:
        missing_name = second_name if names == [first_name] else published_name
        fault = Fault("Required for this comparison.", parameter=missing_name)
        raise InvalidInput(f"Use {published_name} and {second_name} together.", [fault])
    if names and query[first_name] > query[second_name]:
        fault = Fault("Swap the two values.", parameter=second_name)
        raise InvalidInput(f"{second_name} must not be earlier than {published_name}.", [fault])
    return (query[first_name], query[second_name]) if names else None

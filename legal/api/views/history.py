"""The record's history over HTTP: the log, a measure's versions, a place's timeline, and what differs."""

from typing import Any

from flask import Response
from marshmallow import validate

from legal.api.query_params import Blueprint, Day, ListQuery, MomentQuery, Whole, Words, faceting, place, places, sorting
from legal.api.responses import RequestContext, canonical, listing, published
from legal.errors import Fault, InvalidInput
from legal.json_types import Json
from legal.queries.core import snapshot
from legal.queries.history import changes, diffs, timelines
from legal.queries.record import jurisdictions
from legal.schemas.change import ChangePage, ChangeSchema, DiffSchema, TimelineEventSchema, TimelinePage, VersionPage, VersionSchema
from legal.vocabulary import LOGGED, Action, Cause

blueprint = Blueprint("history", __name__, description="What changed, when, and why.")


class ChangeQuery(ListQuery):
    """What the log takes."""

    after = Whole(
        validate=validate.Range(min=0, max=2**31 - 1), metadata={"description": "Changes of later revisions than this.", "example": 0}
    )
    jurisdiction = places()
    noun = Words(LOGGED, example="measure")
    action = Words(Action, example="create")
    cause = Words(Cause, example="source_added")
    facets = faceting(changes.FACETS)
    sort = sorting(changes.SORTS, default="revision")


class VersionQuery(ListQuery):
    """What a measure's versions take."""

    facets = faceting(("action", "cause"))
    sort = sorting(changes.SORTS, default="revision")


class TimelineQuery(ListQuery):
    """What a timeline takes."""

    facets = faceting(timelines.FACETS)
    sort = sorting(timelines.SORTS, default="date")


class DiffQuery(MomentQuery):
    """What a difference takes: two days, or two revisions."""

    jurisdiction = place()
    from_ = Day(data_key="from", metadata={"description": "The first day.", "example": "2026-02-03"})
    to = Day(metadata={"description": "The second day.", "example": "2026-02-05"})
    from_revision = Whole(validate=validate.Range(min=1, max=2**31 - 1), metadata={"description": "The first revision.", "example": 1})
    to_revision = Whole(validate=validate.Range(min=1, max=2**31 - 1), metadata={"description": "The second revision.", "example": 1})


@blueprint.read("/v1/changes", takes=ChangeQuery, gives=ChangePage, named="listChanges")
@published
def log(ask: RequestContext) -> Json:
    """What each revision did to each thing, oldest first"""
    filters = ask.filters()
    rows, page = changes.listed(ask.session, ask.moment, filters, ask.paging)
    return listing(ask, filters, rows, page, ChangeSchema)


@blueprint.read(
    "/v1/measures/<id>/versions", takes=VersionQuery, gives=VersionPage, named="listVersions", example={"id": "va-directive-2026-02-04"}
)
@published
def versions(ask: RequestContext, id: str) -> Json:
    """Every version of a measure, with its revision, its cause and the fields that changed"""
    rows, page = changes.versions(ask.session, ask.moment, id, ask.paging)
    return listing(ask, {}, rows, page, VersionSchema)


@blueprint.read(
    "/v1/jurisdictions/<path:ref>/timeline", takes=TimelineQuery, gives=TimelinePage, named="getTimeline", example={"ref": "VA"}
)
@published
def timeline(ask: RequestContext, ref: str) -> Json | Response:
    """The dated events of a place's measures, oldest first; those without a date come last"""
    code = jurisdictions.find(ask.session, ref)["code"]
    if ref != code:
        return canonical(f"/v1/jurisdictions/{code}/timeline")
    rows, page = timelines.listed(ask.session, code, ask.moment, ask.paging)
    return listing(ask, {"jurisdiction": [code]}, rows, page, TimelineEventSchema)


@blueprint.read("/v1/diff", takes=DiffQuery, gives=DiffSchema, named="getDiff")
@published
def diff(ask: RequestContext) -> Json:
    """What differs between two days (`from`, `to`) or two revisions (`from_revision`, `to_revision`), split by cause"""
    found = jurisdictions.chosen(ask.session, [ask.query["jurisdiction"]], "jurisdiction")[0]
    days, revisions = _both(ask.query, "from_", "to"), _both(ask.query, "from_revision", "to_revision")
    if (days is None) == (revisions is None):
        faults = [Fault("Give from and to, or from_revision and to_revision.", parameter="from")]
        raise InvalidInput("Two days or two revisions are compared, one or the other.", faults)
    settled = [name for name in (("as_of",) if days else ("revision", "known_at")) if name in ask.query]
    if settled:
        fault = Fault("What is compared settles this already; leave it out.", parameter=settled[0])
        raise InvalidInput("A parameter would have no effect.", [fault])
    if days:
        return diffs.of_days(ask.session, found, ask.moment, *days)
    before, after = (snapshot.resolve(ask.session, ask.moment.as_of, number) for number in revisions or ())
    return diffs.of_revisions(ask.session, found, before, after)


def _both(query: Any, first: str, second: str) -> tuple[Any, Any] | None:
    given = [name for name in (first, second) if name in query]
    if len(given) == 1:
        missing = (second if given == [first] else first).rstrip("_")
        raise InvalidInput("Only one of two moments was given.", [Fault("It is needed too.", parameter=missing)])
    if given and query[first] > query[second]:
        fault = Fault("The second moment lies before the first; give them the other way round.", parameter=second)
        raise InvalidInput("A difference runs forward.", [fault])
    return (query[first], query[second]) if given else None

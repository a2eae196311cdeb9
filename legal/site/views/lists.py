"""Show the lists of measures, figures and agreements, each with a form for its filters."""

from flask import Blueprint
from marshmallow import fields, validate

from legal.http.query_params import CLOCK_PARAMETERS, JurisdictionList, ReportedNumber, SnapshotQuery, TermList
from legal.http.reads import RequestContext
from legal.json_types import Json, Row
from legal.queries.core.pagination import Paging
from legal.queries.record import documents, figures, jurisdictions, measures
from legal.queries.rosters import agreements
from legal.schemas.base import Day, TermField, TextField
from legal.site.pages import page_endpoint
from legal.site.paging import all_rows, next_page_path
from legal.vocabulary import AgreementStatus, Direction, Kind, Metric, Model, RosterVerdict, Stands, Unit

blueprint = Blueprint("lists", __name__)

_NO_CHECK = "none"
_AGREEMENTS_ON_A_PAGE = 100
_MAX_TEXT, _MAX_CURSOR = 200, 2000


class MeasureListQuery(SnapshotQuery):
    """The parameters of the list of measures."""

    jurisdiction = JurisdictionList()
    kind = TermList(Kind, example="ban")
    direction = TermList(Direction, example="limits_cooperation")
    stands = TermList(Stands, example="yes")
    q = TextField(_MAX_TEXT)


class FigureListQuery(SnapshotQuery):
    """The parameters of the list of figures."""

    jurisdiction = JurisdictionList()
    metric = TermList(Metric, example="participation")
    unit = TermList(Unit, example="agreements")
    value = ReportedNumber()
    roster_check = TermField((*RosterVerdict, _NO_CHECK))


class AgreementListQuery(SnapshotQuery):
    """The parameters of the list of agreements."""

    jurisdiction = JurisdictionList()
    model = TermList(Model, example="task_force")
    status = TermField((*AgreementStatus, agreements.ANY_STATUS), load_default=str(AgreementStatus.ACTIVE))
    signed_after = Day()
    signed_before = Day()
    q = TextField(_MAX_TEXT)
    cursor = fields.String(validate=validate.Length(max=_MAX_CURSOR))


@blueprint.get("/measures")
@page_endpoint("measures.html", MeasureListQuery)
def show_measures(ctx: RequestContext) -> Json:
    """Show all measures that match: what each is, whether it is in effect, since when, and whom it binds."""
    filters = _load_filters(ctx)
    rows, _ = measures.list_measures(ctx.session, ctx.snapshot, filters, all_rows("jurisdiction"))
    by_code = load_jurisdictions_by_code(ctx)
    return {
        "measures": _sort_by_jurisdiction_name(rows, by_code),
        "filters": filters,
        "documents": {document["id"]: document for document in documents.load_documents(ctx.session, ctx.snapshot)},
        "jurisdictions": by_code,
    }


@blueprint.get("/figures")
@page_endpoint("figures.html", FigureListQuery)
def show_figures(ctx: RequestContext) -> Json:
    """Show all reported figures that match, with the verdict of the roster check."""
    filters = _load_filters(ctx)
    wanted_verdict = filters.pop("roster_check", None)
    rows, _ = figures.list_figures(ctx.session, ctx.snapshot, filters, all_rows("jurisdiction"))
    by_code = load_jurisdictions_by_code(ctx)
    return {
        "figures": [row for row in _sort_by_jurisdiction_name(rows, by_code) if wanted_verdict in (None, _verdict(row))],
        "filters": filters,
        "verdicts": {verdict: sum(_verdict(row) == verdict for row in rows) for verdict in (*map(str, RosterVerdict), _NO_CHECK)},
        "wanted_verdict": wanted_verdict,
        "jurisdictions": by_code,
    }


def _verdict(figure: Json) -> str:
    return str(figure["roster_check"]["verdict"]) if figure["roster_check"] else _NO_CHECK


@blueprint.get("/agreements")
@page_endpoint("agreements.html", AgreementListQuery)
def show_agreements(ctx: RequestContext) -> Json:
    """Show the agreements that match by agency, and how many there are under each model."""
    filters = _load_filters(ctx)
    filters["status"] = [filters["status"]]
    paging = Paging(_AGREEMENTS_ON_A_PAGE, "id", start_after=ctx.start_after)
    rows, page, rows_meta = agreements.list_agreements(ctx.session, ctx.snapshot, filters, paging)
    models, _, summary_meta = agreements.summarize_agreements(ctx.session, ctx.snapshot, filters, "model", all_rows("model"))
    return {
        "agreements": rows,
        "count": page.count,
        "rows_meta": rows_meta,
        "models": models,
        "summary_meta": summary_meta,
        "counted_roster": counted_roster(filters, summary_meta),
        "filters": filters,
        "jurisdictions": load_jurisdictions_by_code(ctx),
        "next_path": next_page_path(ctx, page),
    }


def counted_roster(filters: Json, summary_meta: Json) -> Json | None:
    """Return the roster that a summary by model counts: the newest, if its counts alone suffice, else the last one with rows."""
    from_counts = summary_meta["without_rows"] if agreements.counts_suffice(filters, "model") else None
    return from_counts or summary_meta["in_force"]["participating"]  # type: ignore[no-any-return]  # a part of a JSON object


def _load_filters(ctx: RequestContext) -> Json:
    """Return the filters of a request, with jurisdictions as USPS codes.

    Raises:
        InvalidInput: no jurisdiction has an identifier that is given.
    """
    not_filters = {*CLOCK_PARAMETERS, "cursor"}
    filters = {name: value for name, value in ctx.query.items() if name not in not_filters}
    if "jurisdiction" in filters:
        rows = jurisdictions.find_jurisdictions(ctx.session, ctx.snapshot, filters["jurisdiction"], "jurisdiction")
        filters["jurisdiction"] = [row["code"] for row in rows]
    return filters


def _sort_by_jurisdiction_name(rows: list[Json], by_code: dict[str, Row]) -> list[Json]:
    return sorted(rows, key=lambda row: str(by_code[row["jurisdiction"]]["name"]))


def load_jurisdictions_by_code(ctx: RequestContext) -> dict[str, Row]:
    """Load the jurisdictions by code, in the order of their names."""
    return {
        row["code"]: row for row in sorted(jurisdictions.load_jurisdictions(ctx.session, ctx.snapshot), key=lambda row: str(row["name"]))
    }

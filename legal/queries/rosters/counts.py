"""Summarize one roster, and list counts over time, from the stored counts of rosters. No roster row is read."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from legal.json_types import Json
from legal.models import Jurisdiction
from legal.queries.core import dates
from legal.queries.core.pagination import Page, Paging, slice_page
from legal.queries.core.snapshot import Snapshot
from legal.queries.rosters import in_force
from legal.queries.rosters.in_force import RosterCounts, RosterRef
from legal.vocabulary import NATION_CODE, UNKNOWN_JURISDICTION, JurisdictionType, Model, RosterKind

_JURISDICTION = Jurisdiction.__table__.c
_TERRITORIES = select(_JURISDICTION.code).where(_JURISDICTION.type == JurisdictionType.TERRITORY)

HISTORY_KEYS = {"jurisdiction": ("jurisdiction",), "model": ("model",), "jurisdiction,model": ("jurisdiction", "model")}
"""The ways to group a history, each with the keys of its rows."""

_Pair = tuple[int, int]
"""Numbers of agreements and agencies."""


def summarize_counts(
    session: Session, snapshot: Snapshot, roster: RosterRef, filters: Mapping[str, Any], by: str, paging: Paging
) -> tuple[list[Json], Page, Json]:
    """Summarize a roster by ``jurisdiction`` or ``model``; return the rows of one page, the page, and the totals; two SQL statements.

    ``filters`` may have jurisdictions and at most one model.
    """
    counts = in_force.load_roster_counts(session, snapshot, [roster.id])[roster.id]
    territories = set(session.scalars(_TERRITORIES))
    codes, models = filters.get("jurisdiction", ()), filters.get("model", ())
    selected_codes = counts.by_jurisdiction.keys() if not codes or NATION_CODE in codes else counts.by_jurisdiction.keys() & set(codes)
    by_jurisdiction = {code: _jurisdiction_pair(counts, code, models) for code in selected_codes}
    by_jurisdiction = {code: pair for code, pair in by_jurisdiction.items() if pair[0]}
    by_model = {model: _model_pair(counts, by_jurisdiction, model) for model in map(str, Model) if not models or model in models}
    pairs = by_jurisdiction if by == "jurisdiction" else {model: pair for model, pair in by_model.items() if pair[0]}
    rows = [{by: _known_value(value), "agreements": agreements, "agencies": agencies} for value, (agreements, agencies) in pairs.items()]
    page = slice_page(rows, lambda row, name: row[name], lambda row: str(row[by]), paging)
    agreements, agencies = (sum(pair[index] for pair in by_jurisdiction.values()) for index in (0, 1))
    territory_count = len(territories & by_jurisdiction.keys())
    unknown_count, _ = by_jurisdiction.get(UNKNOWN_JURISDICTION, (0, 0))
    states = len(by_jurisdiction.keys() - {UNKNOWN_JURISDICTION}) - territory_count
    totals = {"agreements": agreements, "agencies": agencies, "states": states, "territories": territory_count}
    return page.rows, page, {**totals, "jurisdiction_unknown": unknown_count}


def _known_value(value: str) -> str | None:
    return None if value == UNKNOWN_JURISDICTION else value


def _jurisdiction_pair(counts: RosterCounts, code: str, models: Collection[str]) -> _Pair:
    """Return the counts of a jurisdiction under the only model in ``models``, or under all models if it is empty."""
    if models:
        return _model_pair(counts, [code], next(iter(models)))
    agreements, agencies = counts.by_jurisdiction[code]
    return agreements, agencies


def _model_pair(counts: RosterCounts, codes: Iterable[str], model: str) -> _Pair:
    """Return the counts of a model in these jurisdictions. Agencies equal agreements: an agency has one agreement per model."""
    agreements = sum(counts.models_by_jurisdiction.get(code, {}).get(model, 0) for code in codes)
    return agreements, agreements


def list_history(session: Session, snapshot: Snapshot, by: str, codes: Collection[str], paging: Paging) -> tuple[list[Json], Page]:
    """List one page of the counts of all participating rosters published by the requested day; one SQL statement.

    ``by`` is a key of ``HISTORY_KEYS``. Without ``codes``, there is a row for each jurisdiction that a roster names,
    and models are counted in the whole roster. With ``codes``, there is a row for each of these codes, with zeros if
    the roster does not name the jurisdiction. The code of the nation gives the totals.
    """
    rows = [
        row
        for roster, counts in in_force.load_counts_over_time(session, snapshot, RosterKind.PARTICIPATING)
        for row in _history_rows(roster, counts, by, codes)
    ]
    keys = HISTORY_KEYS[by]
    page = slice_page(
        rows,
        # Positions also sort the rosters of one day.
        lambda row, name: row["position"] if name == "date" else row.get(name),
        lambda row: " ".join([row["position"], *(row[key] for key in keys)]),
        paging,
    )
    return [{key: _known_value(value) for key, value in row.items() if key != "position"} for row in page.rows], page


def _history_rows(roster: RosterRef, counts: RosterCounts, by: str, codes: Collection[str]) -> Iterator[Json]:
    common = {"position": roster.position, "date": dates.date_json(roster.publication_date), "roster": roster.id}
    for values, (agreements, agencies) in _grouped_pairs(counts, by, codes):
        yield {**common, **dict(zip(HISTORY_KEYS[by], values, strict=True)), "agreements": agreements, "agencies": agencies}


def _grouped_pairs(counts: RosterCounts, by: str, codes: Collection[str]) -> Iterator[tuple[tuple[str, ...], _Pair]]:
    """Yield pairs of the values of the keys in ``by`` and the counts (agreements, agencies) of this group."""
    named_codes = codes or counts.by_jurisdiction.keys()
    match by:
        case "jurisdiction":
            for code in named_codes:
                unit_counts = counts.counts_for(code)
                yield (code,), (unit_counts.agreements, unit_counts.agencies)
        case "model":
            for model in map(str, Model):
                yield (model,), _model_pair(counts, _with_members(counts, named_codes), model)
        case _:
            for code in named_codes:
                for model in map(str, Model):
                    yield (code, model), _model_pair(counts, _with_members(counts, [code]), model)


def _with_members(counts: RosterCounts, codes: Collection[str]) -> Collection[str]:
    """Return ``codes`` or, if they include the nation, the codes of all jurisdictions that the roster names."""
    return counts.by_jurisdiction.keys() if NATION_CODE in codes else codes

"""Define the tables of an export that hold answers: what the API says at the snapshot, in the API's columns.

A column has the name of the API's key, with underscores for the dots.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from sqlalchemy.orm import Session

from legal.json_types import Json
from legal.queries.core.pagination import Page, Paging
from legal.queries.core.snapshot import Snapshot
from legal.queries.export.schema import ExportColumn, ExportTable
from legal.queries.record import conflicts, figures, jurisdictions
from legal.queries.rosters import agencies, agreements, counts, rosters
from legal.queries.stance.assessment import assess_stance
from legal.queries.stance.card_inputs import load_card_inputs
from legal.queries.stance.cards import card_posture_json
from legal.rules.evidence import STALE_DESCRIPTION
from legal.vocabulary import (
    AgencyType,
    AgreementStatus,
    Basis,
    Confidence,
    Dimension,
    Flag,
    JurisdictionType,
    Metric,
    Model,
    Posture,
    RosterKind,
    RosterVerdict,
    Unit,
    Verdict,
)

_ROWS_PER_PAGE = 1000
_JURISDICTIONS_PER_STEP = 8
"""How many stances are in memory at a time."""
_ACTIVE = {"status": [str(AgreementStatus.ACTIVE)]}
_NOT_ACTIVE = {"status": [str(status) for status in AgreementStatus if status is not AgreementStatus.ACTIVE]}

ListPage = Callable[[Paging], tuple[list[Json], Page]]


def flatten_json(value: Json, prefix: str = "") -> dict[str, Any]:
    """Return an object's values by column name: nested keys are joined with underscores, and nested objects stay as well."""
    flat: dict[str, Any] = {}
    for key, item in value.items():
        flat[f"{prefix}{key}"] = item
        if isinstance(item, dict):
            flat |= flatten_json(item, f"{prefix}{key}_")
    return flat


def _stream_pages(list_page: ListPage, sort: str = "id") -> Iterator[Json]:
    """Yield the rows of all pages of a list."""
    start_after = None
    while True:
        rows, page = list_page(Paging(_ROWS_PER_PAGE, sort, start_after=start_after))
        yield from rows
        start_after = page.next_position
        if start_after is None:
            return


def _answer_column(
    name: str, type: str, description: str, *, required: bool = False, terms: Iterable[str] = (), references: str | None = None
) -> ExportColumn:
    return ExportColumn(name, type, description, required, tuple(map(str, terms)), references)


def _date_columns(prefix: str, description: str) -> tuple[ExportColumn, ...]:
    """Return the four columns of a DATE object of the API."""
    return (
        _answer_column(f"{prefix}_edtf", "string", f"{description}, in EDTF level 1. Null: unknown."),
        _answer_column(f"{prefix}_earliest", "date", "The earliest day that the date allows. Null: no lower bound."),
        _answer_column(f"{prefix}_latest", "date", "The latest day that the date allows. Null: no upper bound."),
        _answer_column(f"{prefix}_basis", "string", "Where the date comes from.", terms=Basis),
    )


def _jurisdiction_column(description: str = "The jurisdiction.", *, required: bool = True) -> ExportColumn:
    return _answer_column("jurisdiction", "string", description, required=required, references="jurisdictions")


def _printed_jurisdiction_column() -> ExportColumn:
    return _jurisdiction_column("The jurisdiction. Null: the printed state cannot be read.", required=False)


def _successor_columns() -> tuple[ExportColumn, ...]:
    """Return the columns of the agreement that a later roster may list under another name, and of corrections of its state."""
    return (
        _answer_column("possibly_renamed_to_agreement", "string", "The agreement that a later roster may list in its place. Null: none."),
        _answer_column("possibly_renamed_to_agency", "string", "The agency of that agreement, as that roster names it."),
        _answer_column("possibly_renamed_to_agency_id", "string", "The id of that agency."),
        _answer_column("possibly_renamed_to_roster", "string", "That roster.", references="rosters"),
        _answer_column("possibly_renamed_to_why", "string", "What the two have in common. No roster says that they are one."),
        *_correction_columns("corrected_to", "to which a roster moved it"),
        *_correction_columns("corrected_from", "from which a roster moved it"),
    )


def _correction_columns(prefix: str, relation: str) -> tuple[ExportColumn, ...]:
    return (
        _answer_column(
            f"{prefix}_jurisdiction", "string", f"The jurisdiction {relation}, as ICE corrected its state.", references="jurisdictions"
        ),
        _answer_column(f"{prefix}_agreement", "string", "The agreement there. Null: no correction."),
        _answer_column(f"{prefix}_agency", "string", "Its agency, as rosters name it there."),
        _answer_column(f"{prefix}_agency_id", "string", "The id of that agency."),
        _answer_column(f"{prefix}_roster", "string", "The roster that corrected the state.", references="rosters"),
        _answer_column(f"{prefix}_why", "string", "What the two have in common."),
    )


def _unit_columns(description: str) -> tuple[ExportColumn, ...]:
    return tuple(_answer_column(unit, "integer", f"Number of {unit}{description}", required=True) for unit in agreements.COUNT_COLUMNS)


def _stream_postures(session: Session, snapshot: Snapshot) -> Iterator[Json]:
    """Yield the posture of each jurisdiction by code, with the stances of a few jurisdictions in memory at a time."""
    rows = [row for row in jurisdictions.load_jurisdictions(session, snapshot) if row["type"] != JurisdictionType.NATION]
    for start in range(0, len(rows), _JURISDICTIONS_PER_STEP):
        for inputs in load_card_inputs(session, rows[start : start + _JURISDICTIONS_PER_STEP], snapshot):
            assessment = assess_stance(inputs)
            assert assessment.posture is not None, "Only the nation has no posture."  # noqa: S101 - a programming error
            assert assessment.headline is not None, "Only the nation has no headline."  # noqa: S101 - a programming error
            posture = card_posture_json(assessment.posture)
            yield {"jurisdiction": inputs.jurisdiction["code"], **posture, "headline_text": assessment.headline["text"]}


def _stream_conflicts(session: Session, snapshot: Snapshot) -> Iterator[Json]:
    for pair in _stream_pages(lambda paging: conflicts.list_conflicts(session, snapshot, {}, paging)):
        yield {**pair, "figures": [figure["id"] for figure in pair["figures"]]}


def _stream_roster_checks(session: Session, snapshot: Snapshot) -> Iterator[Json]:
    for figure in _stream_pages(lambda paging: figures.list_figures(session, snapshot, {}, paging)):
        if figure["roster_check"]:
            yield {"figure": figure["id"], **figure["roster_check"]}


ROSTERS_TABLE = ExportTable(
    "rosters",
    "Rosters published by ICE by the day of the export, with the numbers of rows by outcome, and of agreements, agencies, states and territories.",
    ("id",),
    (
        _answer_column("id", "string", "Stable identifier.", required=True),
        _answer_column("kind", "string", "The kind of roster.", required=True, terms=RosterKind),
        *_date_columns("date", "The day on which the roster was published"),
        _answer_column("document", "string", "The document that contains the roster.", required=True, references="documents"),
        _answer_column("file", "string", "The name of the file as received.", required=True),
        _answer_column("sha256", "string", "SHA-256 of the file.", required=True),
        _answer_column("rows_on_file", "boolean", "Whether the rows of the roster are on file, and not its counts alone.", required=True),
        _answer_column("time_of_day", "string", "What orders it among the rosters of its day. Null: nothing does."),
        *_date_columns("seen_again", "The last later day on which the same file was archived"),
        _answer_column("counts_rows", "integer", "Number of rows.", required=True),
        _answer_column("counts_read", "integer", "Number of rows read as printed. Null: no rows are on file."),
        _answer_column(
            "counts_tidied", "integer", "Number of rows, among those read, in which only blanks or an N/A were tidied. Null: unknown."
        ),
        _answer_column("counts_repaired", "integer", "Number of rows read with repairs. Null: no rows are on file."),
        _answer_column("counts_set_aside", "integer", "Number of rows that could not be read. Null: no rows are on file."),
        _answer_column("counts_agreements", "integer", "Number of agreements in the roster.", required=True),
        _answer_column("counts_agencies", "integer", "Number of agencies in the roster.", required=True),
        _answer_column("counts_states", "integer", "Number of states in the roster, including DC.", required=True),
        _answer_column("counts_territories", "integer", "Number of territories in the roster.", required=True),
        _answer_column("forced", "string", "Why the roster was imported although it was refused. Null: it was not refused."),
        _answer_column("version", "integer", "The version of this row, counted from 1.", required=True),
    ),
    stream_answers=lambda session, snapshot: _stream_pages(lambda paging: rosters.list_rosters(session, snapshot, {}, paging)),
)
AGENCIES_TABLE = ExportTable(
    "agencies",
    "Law enforcement agencies named in a roster published by the day of the export, as the newest row that names them prints them.",
    ("id",),
    (
        _answer_column("id", "string", "Stable identifier.", required=True),
        _answer_column("name", "string", "The agency's name as printed.", required=True),
        _printed_jurisdiction_column(),
        _answer_column("agency_type", "string", "The type of agency.", terms=AgencyType),
        _answer_column("county", "string", "The county as printed."),
        _answer_column("county_fips", "string", "The county's FIPS code, as text with its leading zero."),
        _answer_column("agreements", "integer", "Number of agreements that are active on the day.", required=True),
        *_successor_columns(),
    ),
    stream_answers=lambda session, snapshot: _stream_pages(lambda paging: agencies.list_agencies(session, snapshot, {}, paging)),
)

_AGREEMENT_COLUMNS = (
    _answer_column("id", "string", "Stable identifier.", required=True),
    _printed_jurisdiction_column(),
    _answer_column("agency", "string", "The agency's name as printed in `row` of `roster`.", required=True),
    _answer_column("agency_id", "string", "The agency.", required=True, references="agencies"),
    _answer_column("agency_type", "string", "The type of agency.", terms=AgencyType),
    _answer_column("county", "string", "The county as printed."),
    _answer_column("county_fips", "string", "The county's FIPS code, as text with its leading zero."),
    _answer_column("model", "string", "The model of the agreement.", required=True, terms=Model),
    _answer_column("status", "string", "The status on the day of the export.", required=True, terms=AgreementStatus),
    *_date_columns("unlisted_since", "The first roster that omits it after the last one that lists it"),
    *_date_columns("signed", "The day on which the agreement was signed"),
    _answer_column("signed_flag", "string", "Why the date of signature is in doubt.", terms=Flag),
    *_successor_columns(),
    _answer_column("signed_printed", "string", "The cell as printed, if no date could be read from it."),
    *_date_columns("first_listed", "The first roster of the kind of `roster` that lists it"),
    *_date_columns("last_listed", "The date of `roster`"),
    _answer_column("moa_url", "string", "URL of the agreement."),
    _answer_column("addendum_url", "string", "URL of the addendum to the agreement."),
    _answer_column(
        "roster", "string", "The newest roster that lists it, among those that decide its status.", required=True, references="rosters"
    ),
    _answer_column("row", "integer", "The number of the row in the roster's spreadsheet.", required=True),
    _answer_column("measures", "array", "The ids of the measures that name it.", required=True),
)


def _agreements_table(name: str, description: str, filters: Json) -> ExportTable:
    def stream_agreements(session: Session, snapshot: Snapshot) -> Iterator[Json]:
        return _stream_pages(lambda paging: agreements.list_agreements(session, snapshot, filters, paging)[:2])

    return ExportTable(name, description, ("id",), _AGREEMENT_COLUMNS, stream_answers=stream_agreements)


AGREEMENTS_TABLE = _agreements_table(
    "agreements",
    "Active agreements on the day of the export, one row per agency and model, as /v1/agreements lists them: count(*) counts agreements, "
    "count(distinct agency_id) agencies.",
    _ACTIVE,
)
OTHER_AGREEMENTS_TABLE = _agreements_table(
    "other_agreements",
    "Agreements that are pending, unlisted or ended on the day of the export, with the columns of agreements.",
    _NOT_ACTIVE,
)
SUMMARY_TABLE = ExportTable(
    "agreements_summary",
    "Active agreements and agencies by jurisdiction on the day of the export, as /v1/agreements/summary gives them. If only the counts of the "
    "roster in force are on file, these are those counts, and the table agreements has the last roster with rows.",
    ("jurisdiction",),
    (_jurisdiction_column(), *_unit_columns(" that are active on the day.")),
    stream_answers=lambda session, snapshot: _stream_pages(
        lambda paging: agreements.summarize_agreements(session, snapshot, _ACTIVE, "jurisdiction", paging)[:2], "jurisdiction"
    ),
)
HISTORY_TABLE = ExportTable(
    "agreements_history",
    "Agreements and agencies by jurisdiction on each roster of participating agencies published by the day, as /v1/agreements/history gives them.",
    ("roster", "jurisdiction"),
    (
        *_date_columns("date", "The day on which the roster was published"),
        _answer_column("roster", "string", "The roster.", required=True, references="rosters"),
        _jurisdiction_column(),
        *_unit_columns(" in the roster as published."),
    ),
    stream_answers=lambda session, snapshot: _stream_pages(
        lambda paging: counts.list_history(session, snapshot, "jurisdiction", (), paging), "date"
    ),
)
POSTURES_TABLE = ExportTable(
    "postures",
    "The posture of each state, DC and territory on the day of the export, with the rule that gives it and how well it is sourced.",
    ("jurisdiction",),
    (
        _jurisdiction_column("The jurisdiction. The nation has no posture."),
        _answer_column("value", "string", "The posture.", required=True, terms=Posture),
        _answer_column("label", "string", "The posture's label.", required=True),
        _answer_column("rule", "string", "The rule that gives the posture.", required=True),
        _answer_column("rule_version", "integer", "The version of the rules.", required=True),
        _answer_column("because", "array", "The ids of the measures, figures and rosters that the posture rests on.", required=True),
        _answer_column(
            "set_aside", "array", "The other measures, figures and rosters, each with the reason why it was set aside.", required=True
        ),
        _answer_column(
            "could_be", "array", "The other postures that would follow if some or all of what is only possible were certain.", required=True
        ),
        _answer_column("would_become", "array", "The posture that would result from each pending bill, were it in force.", required=True),
        _answer_column("confidence", "string", "How well the posture is sourced.", required=True, terms=Confidence),
        *_date_columns("evidence_through", "The date of the newest document that the posture rests on"),
        _answer_column(
            "stale",
            "boolean",
            STALE_DESCRIPTION,
            required=True,
        ),
        _answer_column("headline_text", "string", "One or two sentences that answer where the jurisdiction stands.", required=True),
    ),
    stream_answers=_stream_postures,
)
CONFLICTS_TABLE = ExportTable(
    "conflicts",
    "Pairs of figures on one metric and jurisdiction, with the verdict on whether they agree. Nothing is averaged.",
    ("id",),
    (
        _answer_column("id", "string", "Stable identifier.", required=True),
        _answer_column("metric", "string", "What the figures measure. Null: statements without a number.", terms=Metric),
        _jurisdiction_column(),
        _answer_column("verdict", "string", "Whether the figures agree.", required=True, terms=Verdict),
        _answer_column("dimension", "string", "The property of the figures that decides the verdict.", required=True, terms=Dimension),
        _answer_column("why", "string", "The reason for the verdict.", required=True),
        _answer_column("figures", "array", "The ids of the two figures. Empty: statements without a number.", required=True),
        _answer_column("measures", "array", "The ids of the measures that statements are about.", required=True),
        _answer_column("citations", "array", "The passages with the statements.", required=True),
    ),
    stream_answers=_stream_conflicts,
)
ROSTER_CHECKS_TABLE = ExportTable(
    "roster_checks",
    "Figures compared with the roster in force on their date. Figures that rosters cannot check are not in this table.",
    ("figure",),
    (
        _answer_column("figure", "string", "The figure.", required=True, references="figures"),
        _answer_column("verdict", "string", "The verdict of the comparison.", required=True, terms=RosterVerdict),
        _answer_column("matched_unit", "string", "The unit whose count is closest to the figure.", terms=Unit),
        _answer_column("fit", "string", "How the figure fits the count in that unit.", terms=RosterVerdict),
        _answer_column("off_by", "number", "Distance of the count from the range that the figure allows, in the figure's unit."),
        _answer_column("likely", "string", "A likely explanation of the figure's number. It is our inference; no source states it."),
        _answer_column("roster", "string", "The roster. Null: none was in force.", references="rosters"),
        *_date_columns("date", "The date of the roster"),
        _answer_column("counts_agreements", "integer", "Number of agreements on the roster, in the figure's jurisdiction."),
        _answer_column("counts_agencies", "integer", "Number of agencies on the roster, in the figure's jurisdiction."),
        _answer_column("counts_states", "integer", "Number of states on the roster. Null unless the jurisdiction is the nation."),
        _answer_column("counts_territories", "integer", "Number of territories on the roster. Null unless the jurisdiction is the nation."),
        _answer_column("counts_model_model", "string", "The model that the figure is limited to.", terms=Model),
        _answer_column("counts_model_agreements", "integer", "Number of agreements under that model."),
        _answer_column("counts_model_agencies", "integer", "Number of agencies under that model."),
        _answer_column("nearest", "array", "For a figure without a date: the rosters between which its number lies."),
    ),
    stream_answers=_stream_roster_checks,
)

"""Turn the parsed rows of a roster into rows to store: resolve the county, and derive the ids of agency and agreement."""

from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace

from legal.json_types import Json
from legal.rules.rosters import admission
from legal.rules.rosters.counties import Counties, CountyMatch
from legal.rules.rosters.folding import fold_agency_name
from legal.rules.rosters.normalize import agency_key
from legal.rules.rosters.parsed import CellFlag, CellRepair, ParsedRow
from legal.rules.rosters.states import choose_jurisdiction, similar_jurisdictions
from legal.vocabulary import UNKNOWN_JURISDICTION, CountyReading, Flag, Repair, RosterColumn, RowOutcome

_AgencyName = tuple[str, str]
"""A jurisdiction's postal code and the folded key of an agency's name."""

_COUNTY_REPAIRS = {CountyReading.MISSPELT: Repair.MISSPELLING, CountyReading.FORMER: Repair.FORMER_COUNTY}
_COUNTY_FLAGS = {
    CountyReading.FORMER: Flag.COUNTY_FORMER,
    CountyReading.AMBIGUOUS: Flag.COUNTY_AMBIGUOUS,
    CountyReading.SEVERAL: Flag.COUNTY_SEVERAL,
    CountyReading.ELSEWHERE: Flag.COUNTY_ELSEWHERE,
    CountyReading.UNKNOWN: Flag.COUNTY_UNKNOWN,
}


@dataclass(frozen=True, slots=True)
class ImportRules:
    """The inputs of an import other than the workbook.

    ``renames_by_jurisdiction`` maps old agency keys to new ones. The percentages are limits of the admission rules.
    """

    counties: Counties
    renames_by_jurisdiction: Mapping[str, Mapping[str, str]]
    max_loss_percent: int
    max_set_aside_percent: int = 100


def read_states(parsed_rows: Sequence[ParsedRow], counties: Counties, stored_agencies: Set[str]) -> list[ParsedRow]:
    """Return the rows with a jurisdiction, or a flag that it is unknown, where the state is misspelled in a new way.

    ``stored_agencies`` has those ids of ``possible_agencies`` that are on file.
    """
    codes_by_name: dict[str, set[str]] = defaultdict(set)
    for row in parsed_rows:
        if row.jurisdiction and row.agency and not row.set_aside_reason:
            codes_by_name[agency_key(row.agency)].add(row.jurisdiction)
    return [
        _read_state(row, counties, codes_by_name[agency_key(row.agency or "")], stored_agencies) if _lacks_state(row) else row
        for row in parsed_rows
    ]


def possible_agencies(parsed_rows: Sequence[ParsedRow]) -> set[str]:
    """Return the ids that agencies would have in the states that a misspelled one may stand for."""
    return {
        _agency_id(code, row.agency or "")
        for row in parsed_rows
        if _lacks_state(row)
        for code in similar_jurisdictions(row.printed_state or "")
    }


def _lacks_state(row: ParsedRow) -> bool:
    return row.printed_state is not None and not row.set_aside_reason


def _agency_id(jurisdiction: str, name: str) -> str:
    return admission.agency_id(jurisdiction, fold_agency_name(name, jurisdiction).key)


def _read_state(row: ParsedRow, counties: Counties, codes_in_roster: Set[str], stored_agencies: Set[str]) -> ParsedRow:
    candidates = similar_jurisdictions(row.printed_state or "")
    on_file = {code for code in candidates if _agency_id(code, row.agency or "") in stored_agencies}
    code = choose_jurisdiction(candidates, row.county, counties, codes_in_roster | on_file)
    printed_text = row.printed_cells[RosterColumn.STATE]
    if code is None:
        return replace(row, flags=(*row.flags, CellFlag(RosterColumn.STATE, Flag.STATE_UNKNOWN, printed_text)))
    return replace(
        row,
        jurisdiction=code,
        outcome=RowOutcome.REPAIRED,
        repairs=(*row.repairs, CellRepair(RosterColumn.STATE, Repair.NEAREST_STATE, printed_text, code)),
        flags=(*row.flags, CellFlag(RosterColumn.STATE, Flag.STATE_INFERRED, printed_text)),
    )


def build_rows(parsed_rows: Sequence[ParsedRow], rules: ImportRules) -> list[Json]:
    """Return the rows to store as objects with a key for each database column, and with ``agency_id`` and ``agency_name``.

    ``counted`` is true in the first row of each agreement, and false in rows that repeat it or name none.
    """
    distinct_names = _agencies_with_two_names(parsed_rows)
    rows = [_build_row(parsed_row, distinct_names, rules) for parsed_row in parsed_rows]
    counted_agreements: set[str | None] = {None}
    for row in rows:
        row["counted"] = row["agreement"] not in counted_agreements
        counted_agreements.add(row["agreement"])
    return rows


def _agencies_with_two_names(rows: Sequence[ParsedRow]) -> Set[_AgencyName]:
    """Return the jurisdiction and folded key of agencies that a roster lists under two names.

    The counts of a roster are as published, so rules for spellings must not merge two of its agencies.
    """
    spellings_by_name: dict[_AgencyName, set[str]] = defaultdict(set)
    for row in rows:
        if row.agency and not row.set_aside_reason:
            jurisdiction = row.jurisdiction or UNKNOWN_JURISDICTION
            spellings_by_name[jurisdiction, fold_agency_name(row.agency, jurisdiction).key].add(agency_key(row.agency))
    return {name for name, spellings in spellings_by_name.items() if len(spellings) > 1}


def _build_row(row: ParsedRow, distinct_names: Set[_AgencyName], rules: ImportRules) -> Json:
    match = rules.counties.find_county(row.jurisdiction, row.county) if row.jurisdiction and row.county else None
    county_repairs, county_flags = _county_repairs(row, match), _county_flags(row, match)
    outcome = RowOutcome.REPAIRED if county_repairs and row.outcome is RowOutcome.READ else row.outcome
    is_plain = outcome is RowOutcome.READ and not (row.flags or county_flags or set(row.printed_cells) - set(RosterColumn))
    return {
        "number": row.number,
        "outcome": outcome,
        "jurisdiction": row.jurisdiction,
        "agency": row.agency,
        "agency_type": row.agency_type,
        "model": row.model,
        "signed": row.signed_on,
        "moa_url": row.moa_url,
        "addendum_url": row.addendum_url,
        "why": row.set_aside_reason,
        "county": match.name if county_repairs and match else row.county,
        "county_fips": match.fips if match else None,
        "signed_printed": None if row.signed_on else row.printed_cells.get(RosterColumn.SIGNED),
        "repairs": [*map(_repair_json, row.repairs), *county_repairs],
        "flags": [*map(_flag_json, row.flags), *county_flags],
        "printed": None if is_plain else row.printed_cells,
        **_agreement_ids(row, distinct_names, rules),
    }


def _repair_json(repair: CellRepair) -> Json:
    return {"column": repair.column, "how": repair.repair, "printed": repair.printed_text, "read": repair.read_as}


def _flag_json(flag: CellFlag) -> Json:
    return {"column": flag.column, "what": flag.flag, "printed": flag.printed_text, "note": None}


def _county_repairs(row: ParsedRow, match: CountyMatch | None) -> list[Json]:
    if match is None or match.fips is None or match.reading not in _COUNTY_REPAIRS:
        return []
    return [{"column": RosterColumn.COUNTY, "how": _COUNTY_REPAIRS[match.reading], "printed": row.county, "read": match.name}]


def _county_flags(row: ParsedRow, match: CountyMatch | None) -> list[Json]:
    if match is None or match.fips or match.reading not in _COUNTY_FLAGS:
        return []
    note = f"A county of {', '.join(match.states_with_name)}." if match.states_with_name else None
    return [{"column": RosterColumn.COUNTY, "what": _COUNTY_FLAGS[match.reading], "printed": row.county, "note": note}]


def _agreement_ids(row: ParsedRow, distinct_names: Set[_AgencyName], rules: ImportRules) -> Json:
    """Return the agency's key and id and the agreement's id; all null for a row that was set aside."""
    if row.set_aside_reason or row.agency is None or row.model is None:
        return {"agency_name": None, "agency_id": None, "agreement": None}
    jurisdiction = row.jurisdiction or UNKNOWN_JURISDICTION
    folded_key = fold_agency_name(row.agency, jurisdiction).key
    key = agency_key(row.agency) if (jurisdiction, folded_key) in distinct_names else folded_key
    name = admission.current_name(key, rules.renames_by_jurisdiction.get(jurisdiction, {}))
    agency_id = admission.agency_id(jurisdiction, name)
    return {"agency_name": name, "agency_id": agency_id, "agreement": f"{agency_id}-{row.model.replace('_', '-')}"}

"""What a row of a list is kept as: its county found, its agency and its agreement named."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from legal.json_types import Json
from legal.rules.rosters import admission
from legal.rules.rosters.counties import Counties, Match
from legal.rules.rosters.normalize import agency_key
from legal.rules.rosters.parsed import Row
from legal.vocabulary import CountyReading, Doubt, Mend, RosterColumn, RowOutcome

READ = ("jurisdiction", "agency", "agency_type", "model", "signed", "moa_url", "addendum_url", "why")
COUNTY_MENDS = {CountyReading.MISSPELT: Mend.MISSPELLING, CountyReading.FORMER: Mend.FORMER_COUNTY}
COUNTY_DOUBTS = {
    CountyReading.FORMER: Doubt.COUNTY_FORMER,
    CountyReading.AMBIGUOUS: Doubt.COUNTY_AMBIGUOUS,
    CountyReading.SEVERAL: Doubt.COUNTY_SEVERAL,
    CountyReading.ELSEWHERE: Doubt.COUNTY_ELSEWHERE,
    CountyReading.UNKNOWN: Doubt.COUNTY_UNKNOWN,
}


@dataclass(frozen=True, slots=True)
class Known:
    """What an import goes by beside the workbook: counties, renames (both names folded, by place), the largest fall in per cent."""

    counties: Counties
    renames: Mapping[str, Mapping[str, str]]
    largest_fall: int


def kept(rows: Sequence[Row], known: Known) -> list[Json]:
    """The rows with their columns as they are kept, and ``agency_id`` and ``agency_name`` beside them; each agreement is counted once."""
    found = [_kept(row, known) for row in rows]
    seen: set[str | None] = {None}
    for row in found:
        row["counted"] = row["agreement"] not in seen
        seen.add(row["agreement"])
    return found


def _kept(row: Row, known: Known) -> Json:
    county = known.counties.find(row.jurisdiction, row.county) if row.jurisdiction and row.county else None
    mended, odd = _county_mended(row, county), _county_odd(row, county)
    outcome = RowOutcome.REPAIRED if mended and row.outcome is RowOutcome.READ else row.outcome
    plain = outcome is RowOutcome.READ and not (row.flags or odd or set(row.printed) - set(RosterColumn))
    return {
        "number": row.number,
        "outcome": outcome,
        **{key: getattr(row, key) for key in READ},
        "county": county.name if mended and county else row.county,
        "county_fips": county.fips if county else None,
        "signed_printed": None if row.signed else row.printed.get(RosterColumn.SIGNED),
        "repairs": [*({"column": one.column, "how": one.how, "printed": one.printed, "read": one.read} for one in row.repairs), *mended],
        "flags": [*({"column": one.column, "what": one.what, "printed": one.printed, "note": None} for one in row.flags), *odd],
        "printed": None if plain else row.printed,
        **_named(row, known),
    }


def _county_mended(row: Row, county: Match | None) -> list[Json]:
    if county is None or county.fips is None or county.how not in COUNTY_MENDS:
        return []
    return [{"column": RosterColumn.COUNTY, "how": COUNTY_MENDS[county.how], "printed": row.county, "read": county.name}]


def _county_odd(row: Row, county: Match | None) -> list[Json]:
    if county is None or county.fips or county.how not in COUNTY_DOUBTS:
        return []
    where = f"A county of {', '.join(county.states)}." if county.states else None
    return [{"column": RosterColumn.COUNTY, "what": COUNTY_DOUBTS[county.how], "printed": row.county, "note": where}]


def _named(row: Row, known: Known) -> Json:
    if row.why or row.jurisdiction is None or row.agency is None or row.model is None:
        return {"agency_name": None, "agency_id": None, "agreement": None}
    name = admission.canonical(agency_key(row.agency), known.renames.get(row.jurisdiction, {}))
    agency = admission.agency_id(row.jurisdiction, name)
    return {"agency_name": name, "agency_id": agency, "agreement": f"{agency}-{row.model.replace('_', '-')}"}

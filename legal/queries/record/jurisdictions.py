"""Find jurisdictions by any of their identifiers, and suggest codes for a wrong one."""

import re
from collections.abc import Callable, Sequence
from typing import TypeVar

from rapidfuzz import fuzz
from sqlalchemy import select
from sqlalchemy.orm import Session

from legal.db.shared_results import load_shared
from legal.errors import Fault, InvalidInput, NotFound
from legal.json_types import Json, Row
from legal.models import Jurisdiction
from legal.queries.core.snapshot import Snapshot
from legal.suggestions import suggest

T = TypeVar("T")
_ALL = select(Jurisdiction.__table__).order_by(Jurisdiction.__table__.c.code)
_MAX_SUGGESTIONS = 5
_MAX_CODE_LENGTH = 3  # longer references are names
_MIN_SIMILARITY = 50  # of 100; low, because a suggestion is never applied by itself
_IDENTIFIERS = ("code", "name", "slug", "fips", "iso_3166_2", "ocd_id")
_OPEN_STATES_ID = re.compile(r"ocd-jurisdiction/(country:us(?:/[a-z]+:[a-z]{2})?)/government")
"""The id that Open States gives to a government; its middle is that of the OCD division."""
_DISTRICT_NAME = re.compile(r"washington[ ,-]*d\.? ?c\.?")
_CODES_BY_ABBREVIATION = {
    abbreviation: code
    for code, abbreviation in (
        *(("AL", "ala"), ("AZ", "ariz"), ("AR", "ark"), ("CA", "calif"), ("CO", "colo"), ("CT", "conn"), ("DE", "del"), ("FL", "fla")),
        *(("IL", "ill"), ("IN", "ind"), ("KS", "kan"), ("MA", "mass"), ("MI", "mich"), ("MN", "minn"), ("MS", "miss"), ("MT", "mont")),
        *(("NE", "neb"), ("NV", "nev"), ("OK", "okla"), ("OR", "ore"), ("TN", "tenn"), ("WA", "wash"), ("WV", "wva"), ("WI", "wis")),
        ("WY", "wyo"),
    )
}
"""The abbreviations of the Associated Press that are not USPS codes with periods, without their periods and blanks."""


def find_jurisdiction(session: Session, snapshot: Snapshot, ref: str) -> Row:
    """Return the jurisdiction with this identifier (of any kind, in upper or lower case); one SQL statement.

    Raises:
        NotFound: no jurisdiction has this identifier; the error has similar codes, best first.
    """
    jurisdiction = match_jurisdiction(session, snapshot, ref)
    if jurisdiction is None:
        raise NotFound(f"There is no jurisdiction {ref[:100]!r}.", suggest_codes(load_jurisdictions(session, snapshot), ref))
    return jurisdiction


def find_jurisdictions(session: Session, snapshot: Snapshot, refs: Sequence[str], parameter: str) -> list[Row]:
    """Return the jurisdictions that a parameter names, in its order and without duplicates; one SQL statement.

    An identifier may be of any kind, in upper or lower case.

    Raises:
        InvalidInput: an identifier names no jurisdiction; each fault has similar codes.
    """
    matches = {ref: match_jurisdiction(session, snapshot, ref) for ref in refs}
    unknown_refs = [ref for ref, match in matches.items() if match is None]
    jurisdictions = load_jurisdictions(session, snapshot) if unknown_refs else ()
    faults = [
        Fault(f"There is no jurisdiction {ref[:100]!r}.", parameter=parameter, did_you_mean=tuple(suggest_codes(jurisdictions, ref)))
        for ref in unknown_refs
    ]
    if faults:
        raise InvalidInput("A parameter names a jurisdiction that does not exist.", faults)
    return list({match["code"]: match for match in matches.values() if match}.values())


def match_jurisdiction(session: Session, snapshot: Snapshot, ref: str) -> Row | None:
    """Return the jurisdiction with this identifier (of any kind, in upper or lower case), or None.

    This sends one SQL statement, once for each state of the record.

    Besides the identifiers of the record, these are accepted: the id of the government at Open States, a FIPS code without
    its leading zero, an abbreviation with periods ("N.Y.", "Calif.", "W. Va."), and "Washington, D.C.".
    """
    row = _load_all(session, snapshot, _index_by_identifier).get(_normalize_identifier(ref))
    return row if row and row["revision_from"] <= snapshot.revision else None


def _index_by_identifier(rows: Sequence[Row]) -> dict[str, Row]:
    index: dict[str, Row] = {}
    for row in rows:
        for name in _IDENTIFIERS:
            if row[name]:
                index.setdefault(row[name].lower(), row)
    return index


def _normalize_identifier(ref: str) -> str:
    """Return the record's form of an identifier in any accepted spelling, in lower case."""
    identifier = " ".join(ref.lower().split())
    if government := _OPEN_STATES_ID.fullmatch(identifier):
        identifier = f"ocd-division/{government[1]}"
    # The District of Columbia has two OCD ids, one as a state and one as a district.
    identifier = identifier.replace("country:us/state:dc", "country:us/district:dc")
    if re.fullmatch("[0-9]", identifier):
        return f"0{identifier}"
    if _DISTRICT_NAME.fullmatch(identifier):
        return "dc"
    # A name has no periods, so only an abbreviation changes.
    abbreviation = re.sub(r"[. ]", "", identifier) if "." in identifier else identifier
    return _CODES_BY_ABBREVIATION.get(abbreviation, abbreviation).lower()


def load_jurisdictions(session: Session, snapshot: Snapshot) -> Sequence[Row]:
    """Load the jurisdictions that are on file at the revision (57 in the seeds), sorted by code.

    This sends one SQL statement, once for each state of the record.
    """
    rows = _load_all(session, snapshot, list)
    return rows if snapshot.is_newest else [row for row in rows if row["revision_from"] <= snapshot.revision]


def _load_all(session: Session, snapshot: Snapshot, build: Callable[[Sequence[Row]], T]) -> T:
    # All revisions share one list: a jurisdiction is added by a new revision and stays. Its rows say by which.
    # A database restored without a new epoch issues the numbers of revisions again, but not their times.
    return load_shared(session, _ALL, build, (snapshot.epoch, snapshot.newest, snapshot.newest_at), {})


def suggest_codes(jurisdictions: Sequence[Row], ref: str) -> list[str]:
    """Return the codes of the jurisdictions whose code, name or slug is most similar to a text, best first."""
    last_part = re.split(r"[/:]", ref[:100])[-1].strip().lower().removeprefix("us-")
    identifiers = ("code",) if len(last_part) <= _MAX_CODE_LENGTH else ("name", "slug")
    candidates = {f"{row['code']} {name}": row[name].lower() for row in jurisdictions for name in identifiers}
    keys = suggest(last_part, candidates, 2 * _MAX_SUGGESTIONS, fuzz.ratio, _MIN_SIMILARITY)
    return list(dict.fromkeys(key.partition(" ")[0] for key in keys))[:_MAX_SUGGESTIONS]


def jurisdiction_json(row: Row) -> Json:
    """Return a jurisdiction's identifiers as the API shows them."""
    return {key: row[key] for key in ("code", "name", "type", "fips", "iso_3166_2", "ocd_id", "slug")}

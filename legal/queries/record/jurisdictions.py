"""Find jurisdictions by any of their identifiers, and suggest codes for a wrong one."""

import re
from collections.abc import Sequence

from rapidfuzz import fuzz
from sqlalchemy import select
from sqlalchemy.orm import Session

from legal.errors import Fault, InvalidInput, NotFound
from legal.json_types import Json, Row
from legal.models import Jurisdiction
from legal.suggestions import suggest

_ALL = select(Jurisdiction.__table__).order_by(Jurisdiction.__table__.c.code)
_MAX_SUGGESTIONS = 5
_MAX_CODE_LENGTH = 3  # longer references are names
_MIN_SIMILARITY = 50  # of 100; low, because a suggestion is never applied by itself
_IDENTIFIERS = ("code", "name", "slug", "fips", "iso_3166_2", "ocd_id")


def find_jurisdiction(session: Session, ref: str) -> Row:
    """Return the jurisdiction with this identifier (of any kind, in upper or lower case); one SQL statement.

    Raises:
        NotFound: no jurisdiction has this identifier; the error has similar codes, best first.
    """
    jurisdictions = load_jurisdictions(session)
    jurisdiction = match_jurisdiction(jurisdictions, ref)
    if jurisdiction is None:
        raise NotFound(f"There is no jurisdiction {ref[:100]!r}.", suggest_codes(jurisdictions, ref))
    return jurisdiction


def find_jurisdictions(session: Session, refs: Sequence[str], parameter: str) -> list[Row]:
    """Return the jurisdictions that a parameter names, in its order and without duplicates; one SQL statement.

    An identifier may be of any kind, in upper or lower case.

    Raises:
        InvalidInput: an identifier names no jurisdiction; each fault has similar codes.
    """
    jurisdictions = load_jurisdictions(session)
    matches = {ref: match_jurisdiction(jurisdictions, ref) for ref in refs}
    faults = [
        Fault(f"There is no jurisdiction {ref[:100]!r}.", parameter=parameter, did_you_mean=tuple(suggest_codes(jurisdictions, ref)))
        for ref, match in matches.items()
        if match is None
    ]
    if faults:
        raise InvalidInput("A parameter names a jurisdiction that does not exist.", faults)
    return list({match["code"]: match for match in matches.values() if match}.values())


def match_jurisdiction(jurisdictions: Sequence[Row], ref: str) -> Row | None:
    """Return the jurisdiction with this identifier (of any kind, in upper or lower case), or None."""
    # The District of Columbia has two OCD ids, one as a state and one as a district.
    identifier = ref.strip().lower().replace("country:us/state:dc", "country:us/district:dc")
    return next((row for row in jurisdictions if any(row[name] and row[name].lower() == identifier for name in _IDENTIFIERS)), None)


def load_jurisdictions(session: Session) -> Sequence[Row]:
    """Load all 57 jurisdictions, sorted by code; one SQL statement."""
    return session.execute(_ALL).mappings().all()


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

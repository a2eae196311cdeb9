"""Jurisdictions: one by any of its identifiers, with help for a wrong one, and the list of all."""

import re
from collections.abc import Sequence
from typing import Any

from rapidfuzz import fuzz
from sqlalchemy import select
from sqlalchemy.orm import Session

from legal.errors import Fault, InvalidInput, NotFound
from legal.json_types import Row
from legal.models import Jurisdiction
from legal.suggestions import suggest

ALL = select(Jurisdiction.__table__).order_by(Jurisdiction.__table__.c.code)
MOST_SUGGESTIONS = 5
LONGEST_CODE = 3  # anything longer was meant as a name
LEAST_ALIKE = 50  # of 100; a suggestion is never accepted unasked, so it may be bold
FORMS = ("code", "name", "slug", "fips", "iso_3166_2", "ocd_id")


def find(session: Session, ref: str) -> Row:
    """The place that an identifier of any form and case names; one statement.

    Raises:
        NotFound: no place is called that; carries the codes that were probably meant, best first.
    """
    places = all_places(session)
    found = named(places, ref)
    if found is None:
        raise NotFound(f"There is no jurisdiction {ref[:100]!r}.", suggestions(places, ref))
    return found


def chosen(session: Session, refs: Sequence[str], parameter: str) -> list[Row]:
    """The places that a parameter names, in any form and case, each once and in its order; one statement.

    Raises:
        InvalidInput: one of them names no place; with what was probably meant.
    """
    places = all_places(session)
    found = {ref: named(places, ref) for ref in refs}
    faults = [
        Fault(f"There is no jurisdiction {ref[:100]!r}.", parameter=parameter, did_you_mean=tuple(suggestions(places, ref)))
        for ref, place in found.items()
        if place is None
    ]
    if faults:
        raise InvalidInput("A parameter names a jurisdiction that does not exist.", faults)
    return list({place["code"]: place for place in found.values() if place}.values())


def named(places: Sequence[Row], ref: str) -> Row | None:
    """The place that an identifier of any form and case names."""
    # The district is known by both divisions; every other state: division is a state's own.
    wanted = ref.strip().lower().replace("country:us/state:dc", "country:us/district:dc")
    return next((place for place in places if any(place[form] and place[form].lower() == wanted for form in FORMS)), None)


def all_places(session: Session) -> Sequence[Row]:
    """All 57, by code; one statement."""
    return session.execute(ALL).mappings().all()


def suggestions(places: Sequence[Row], ref: str) -> list[str]:
    """The codes of the places that are called most like a wrong reference, best first; none where none is like it."""
    last = re.split(r"[/:]", ref[:100])[-1].strip().lower().removeprefix("us-")
    forms = ("code",) if len(last) <= LONGEST_CODE else ("name", "slug")
    names = {f"{place['code']} {form}": place[form].lower() for place in places for form in forms}
    keys = suggest(last, names, 2 * MOST_SUGGESTIONS, fuzz.ratio, LEAST_ALIKE)
    return list(dict.fromkeys(key.partition(" ")[0] for key in keys))[:MOST_SUGGESTIONS]


def shown(row: Row) -> dict[str, Any]:
    """A place's identifiers, as the contract shows them."""
    return {key: row[key] for key in ("code", "name", "type", "fips", "iso_3166_2", "ocd_id", "slug")}

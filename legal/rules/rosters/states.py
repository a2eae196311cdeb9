"""Find the state that a roster misspells in a way that no list has: by small distance, confirmed by the county or the agency."""

from collections.abc import Collection

from rapidfuzz.distance import OSA

from legal.rules.rosters.aliases import JURISDICTION_NAMES, JURISDICTION_VARIANTS
from legal.rules.rosters.counties import Counties
from legal.rules.rosters.normalize import match_key
from legal.vocabulary import CountyReading

_LETTERS_PER_ERROR = 5
_MAX_ERRORS = 2
_COUNTY_IN_STATE = {CountyReading.EXACT, CountyReading.MISSPELT, CountyReading.FORMER, CountyReading.AMBIGUOUS, CountyReading.SEVERAL}

_KEYS_BY_CODE = {code: [match_key(name), *map(match_key, JURISDICTION_VARIANTS.get(code, ()))] for code, name in JURISDICTION_NAMES.items()}


def similar_jurisdictions(text: str) -> tuple[str, ...]:
    """Return the codes of the jurisdictions whose names are at a small distance from a text, nearest first.

    The distance counts letters that are missing, added, replaced or swapped with a neighbor: one in a name of up to nine
    letters, two in a longer one.
    """
    key = match_key(text)
    distances = {code: min(_spelling_distance(key, name) for name in names) for code, names in _KEYS_BY_CODE.items()}
    return tuple(
        sorted((code for code, distance in distances.items() if distance <= _MAX_ERRORS), key=lambda code: (distances[code], code))
    )


def _spelling_distance(key: str, name: str) -> int:
    """Return the number of letters in which two keys differ, or ``_MAX_ERRORS + 1`` if it is too large for a name of this length."""
    distance = OSA.distance(key, name, score_cutoff=_MAX_ERRORS)
    allowed = min(_MAX_ERRORS, max(1, len(name) // _LETTERS_PER_ERROR))
    return distance if distance <= allowed else _MAX_ERRORS + 1


def choose_jurisdiction(
    candidates: Collection[str], county: str | None, counties: Counties, states_of_agency: Collection[str]
) -> str | None:
    """Return the one candidate that nothing contradicts, or None if there is a doubt.

    The county decides if it lies in one candidate only, then the agency if it is known in one candidate only. A single
    candidate needs no confirmation, but a county that only other states have contradicts it.
    """
    readings = {code: counties.find_county(code, county or "").reading for code in candidates}
    in_state = [code for code in candidates if readings[code] in _COUNTY_IN_STATE]
    with_agency = [code for code in candidates if code in states_of_agency]
    possible = [code for code in candidates if readings[code] is not CountyReading.ELSEWHERE]
    return next((codes[0] for codes in (in_state, with_agency, possible) if len(codes) == 1), None)

"""Counties that a filter may name: those of the project's own table, in which each code stands once."""

from functools import cache

from legal.errors import Fault, InvalidInput
from legal.readers import counties
from legal.settings import SEEDS
from legal.suggestions import suggest


def existing(code: str) -> None:
    """Check that a filter names a county that there is or was.

    Raises:
        InvalidInput: it does not; with the codes that were probably meant.
    """
    known = _codes()
    if code not in known:
        raise InvalidInput(
            "A filter names a county that does not exist.",
            [Fault(f"There is no county {code}.", parameter="county_fips", did_you_mean=suggest(code, known, limit=3))],
        )


@cache
def _codes() -> tuple[str, ...]:
    return tuple(county.fips for county in counties.table(SEEDS / "counties.csv"))

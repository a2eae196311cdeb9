"""Compare a reported figure with the roster that was in force on its date.

Source: docs/decisions/0015-figures-are-checked-in-every-unit.md and docs/rules.md. The codebook serves the rule as
``roster_check``.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from legal.rules.dates import EdtfDate
from legal.rules.figures import QuantityRange, lower_limit, upper_limit
from legal.vocabulary import AgencyClass, Cohort, Comparator, Geography, Metric, RosterVerdict, Unit

MAX_ROSTER_AGE = timedelta(days=31)
"""The longest time between a figure's date and the roster that it is compared with. ICE replaces rosters within days."""
CLOSE_FRACTION = 0.01
"""The largest distance of a close count, as a fraction of the figure. A count that is off by one is always close."""
_INTERCHANGEABLE_UNITS = frozenset({Unit.AGREEMENTS, Unit.AGENCIES, Unit.JURISDICTIONS})
"""Units that the press uses interchangeably when it reports on a roster."""
_MIN_ROUNDED_VALUE = 100
"""The smallest figure whose trailing zeros are taken as a sign of rounding."""
ROSTER_CHECK_RULE = (
    "A count of participation, or the share of a model, is compared with the last roster of participating agencies published by the end of the "
    f"figure's date, if that roster was published at most {MAX_ROSTER_AGE.days} days before the date begins. A count of agreements signed in a period is "
    "compared with the signature dates in the first roster after the period, if that roster came within "
    f"{MAX_ROSTER_AGE.days} days. Agreements signed in the period that this roster no longer lists are not counted. A figure in agreements, agencies or "
    "jurisdictions is compared with the roster's number of agreements and with its number of agencies; matched_unit names the unit "
    "that fits best, or the figure's unit if both fit equally well. matches: the count lies in the figure's interval (nearly excludes the "
    "value itself). rounds_to: the count, rounded as the figure is, gives the value. Shares are rounded to whole percent; a value of "
    f"{_MIN_ROUNDED_VALUE} or more that ends in zeros is taken to be rounded to that place. off_by: the count is not zero and is within 1 of the "
    f"figure's interval, or within {100 * CLOSE_FRACTION:g} percent of the value. off_by gives the distance in the figure's unit; for a share, in percentage "
    "points. differs: the count is further off. no_list: no such roster published by the requested day is on file. A figure is not checked if it "
    f"has no date, if it counts active participation and its date spans more than {MAX_ROSTER_AGE.days} days, if it counts a class of "
    "agencies that rosters do not distinguish, if it counts one model in one jurisdiction, or if it counts agreements of one model signed in "
    "a period."
)


@dataclass(frozen=True, slots=True)
class FigureClaim:
    """A figure with the fields that the roster check reads. ``is_national`` is true if it counts the whole roster."""

    metric: str
    quantity: QuantityRange
    comparator: str
    cohort: str | None
    geography: str | None
    agency_class: str | None
    model: str | None
    date: EdtfDate
    is_national: bool


@dataclass(frozen=True, slots=True)
class UnitCounts:
    """Counts of a roster, in one jurisdiction or in total. ``models`` maps each model to [agreements, agencies]."""

    agreements: int
    agencies: int
    states: int | None = None
    territories: int | None = None
    models: Mapping[str, Sequence[int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FigureCheck:
    """The result of a roster check. ``off_by`` is the distance of the count from the figure's interval, in the figure's unit."""

    verdict: RosterVerdict
    matched_unit: Unit | None = None
    off_by: float | None = None
    likely: str | None = None


def is_checkable(claim: FigureClaim) -> bool:
    """Return true if a roster can confirm or contradict a figure of this metric, unit, date and geography."""
    if claim.date.earliest is None or claim.date.latest is None or (claim.model and not claim.is_national):
        return False
    if counts_signatures(claim):
        return (
            claim.quantity.unit in _INTERCHANGEABLE_UNITS and claim.agency_class in (None, AgencyClass.STATE_AGENCIES) and not claim.model
        )
    if claim.agency_class or claim.cohort != Cohort.ACTIVE_AT or claim.date.latest - claim.date.earliest > MAX_ROSTER_AGE:
        return False
    if claim.metric == Metric.MODEL_SHARE:
        return claim.quantity.unit == Unit.PERCENT and claim.model is not None
    return claim.metric == Metric.PARTICIPATION and (
        claim.quantity.unit in _INTERCHANGEABLE_UNITS or (claim.quantity.unit == Unit.STATES and claim.is_national)
    )


def counts_signatures(claim: FigureClaim) -> bool:
    """Return true if a figure counts signatures in a period, rather than participation on a date."""
    return claim.metric == Metric.NEW_PARTICIPATION and claim.cohort == Cohort.SIGNED_IN


def find_roster_index(claim: FigureClaim, roster_dates: Sequence[date]) -> int | None:
    """Return the index in ``roster_dates`` (ascending) of the roster to compare a checkable figure with; null if none fits."""
    earliest, latest = claim.date.earliest or date.min, claim.date.latest or date.max
    if counts_signatures(claim):
        index = min((index for index, day in enumerate(roster_dates) if day >= latest), default=None)
        return index if index is not None and roster_dates[index] - latest <= MAX_ROSTER_AGE else None
    index = max((index for index, day in enumerate(roster_dates) if day <= latest), default=None)
    return index if index is not None and earliest - roster_dates[index] <= MAX_ROSTER_AGE else None


def check_figure(claim: FigureClaim, counts: UnitCounts) -> FigureCheck:
    """Compare a figure with a roster's counts in every unit that the source may have meant, and return the best match."""
    checks = [_compare_count(claim, unit, count) for unit, count in _counts_by_unit(claim, counts)]
    verdicts = list(RosterVerdict)
    ranked_checks = sorted(
        checks, key=lambda check: (verdicts.index(check.verdict), check.off_by or 0, check.matched_unit != claim.quantity.unit)
    )
    best = ranked_checks[0] if ranked_checks else FigureCheck(RosterVerdict.DIFFERS)
    if best.verdict is RosterVerdict.DIFFERS:
        return FigureCheck(RosterVerdict.DIFFERS)
    return FigureCheck(best.verdict, best.matched_unit, best.off_by, _likely_reason(claim, best, counts))


def _counts_by_unit(claim: FigureClaim, counts: UnitCounts) -> Iterable[tuple[Unit, float]]:
    agreements, agencies = counts.models.get(claim.model, (0, 0)) if claim.model else (counts.agreements, counts.agencies)
    if claim.metric == Metric.MODEL_SHARE:
        return [(Unit.AGREEMENTS, 100 * agreements / counts.agreements)] if counts.agreements else []
    if claim.quantity.unit == Unit.STATES:
        states, territories = counts.states or 0, counts.territories or 0
        with_territories, states_only = (Unit.STATES, states + territories), (Unit.STATES, states)
        match claim.geography:
            case Geography.STATES:
                return [states_only]
            case Geography.STATES_AND_TERRITORIES:
                return [with_territories]
            case _:
                return [states_only, with_territories]
    return [(Unit.AGREEMENTS, agreements), (Unit.AGENCIES, agencies)]


def _compare_count(claim: FigureClaim, unit: Unit, count: float) -> FigureCheck:
    quantity = claim.quantity
    distance = max(lower_limit(quantity.low) - count, count - upper_limit(quantity.high), 0)
    # Exactly half is not nearly half. In counted units the interval excludes the value already.
    if distance == 0 and not (claim.comparator == Comparator.NEARLY and count == quantity.value):
        return FigureCheck(RosterVerdict.MATCHES, unit)
    if claim.comparator in (Comparator.EXACT, Comparator.ABOUT, Comparator.NEARLY) and _round_like_figure(claim, count) == quantity.value:
        return FigureCheck(RosterVerdict.ROUNDS_TO, unit)
    is_close = count > 0 and distance <= max(1, CLOSE_FRACTION * quantity.value)
    return FigureCheck(RosterVerdict.OFF_BY, unit, max(round(distance, 1), 0.1)) if is_close else FigureCheck(RosterVerdict.DIFFERS, unit)


def _round_like_figure(claim: FigureClaim, count: float) -> float:
    """Round a count half up to the place of the figure's trailing zeros, at most to a tenth of its value; percent to whole percent."""
    value, step = claim.quantity.value, 1
    while claim.quantity.unit != Unit.PERCENT and value >= _MIN_ROUNDED_VALUE * step and value % (step * 10) == 0:
        step *= 10
    return (count + step / 2) // step * step


def _likely_reason(claim: FigureClaim, check: FigureCheck, counts: UnitCounts) -> str | None:
    """Return a counting mistake that would explain the figure's number, as a sentence; null if there is none."""
    if check.matched_unit is not Unit.AGREEMENTS or claim.metric != Metric.PARTICIPATION:
        return None
    count_with_header = counts.agreements + 1
    claimed_count = {Comparator.EXACT: claim.quantity.value, Comparator.MORE_THAN: claim.quantity.value + 1}.get(
        Comparator(claim.comparator)
    )
    is_off_by = check.verdict is RosterVerdict.OFF_BY
    if is_off_by and claim.is_national and not claim.model and claimed_count == count_with_header:
        return f"Likely the header row was counted: below it, the roster has {counts.agreements:,} rows, one per agreement."
    if not is_off_by and claim.quantity.unit != Unit.AGREEMENTS:
        return "Likely the rows of the roster were counted: each row is an agreement, and an agency can have several."
    return None

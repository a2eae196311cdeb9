"""Compare a reported figure with the roster that was in force on its date.

Source: docs/decisions/0015-figures-are-checked-in-every-unit.md and docs/rules.md. The codebook serves the rule as
``roster_check``.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import groupby, pairwise
from operator import itemgetter

from legal.rules.conflicts import Period
from legal.rules.dates import EdtfDate
from legal.rules.figures import MIN_ROUNDED_VALUE, QuantityRange, lower_limit, rounding_step, upper_limit
from legal.vocabulary import AgencyClass, Cohort, Comparator, Geography, Metric, Quantity, RosterVerdict, Unit

MAX_ROSTER_AGE = timedelta(days=31)
"""The longest time between a figure's date and the roster that it is compared with. ICE replaces rosters within days."""
CLOSE_FRACTION = 0.01
"""The largest distance of a close count, as a fraction of the figure. A count that is off by one is always close."""
_INTERCHANGEABLE_UNITS = frozenset({Unit.AGREEMENTS, Unit.AGENCIES, Unit.JURISDICTIONS})
"""Units that the press uses for one another when it reads a roster."""
CHECKED_QUANTITIES = frozenset({Quantity.COUNT, Quantity.SHARE})
"""The types of figure that a roster can confirm or contradict."""
_HOLDING_VERDICTS = (RosterVerdict.MATCHES, RosterVerdict.ROUNDS_TO)
_SIGNATURE_COHORTS = (Cohort.SIGNED_IN, Cohort.ACTIVE_SIGNED_IN)
ROSTER_CHECK_RULE = (
    "A count of participation, or the share of a model, is compared with the last roster of participating agencies published by the end of the "
    f"figure's date, if that roster was published at most {MAX_ROSTER_AGE.days} days before the date begins. A count of agreements signed in a period is "
    "compared with the signature dates in the first roster after the period, if that roster came within "
    f"{MAX_ROSTER_AGE.days} days. Agreements that had left the roster by then are not counted. A count of agreements that were active on a "
    "date and signed in a period is compared with the signature dates in the roster of that date, or else in the first roster after the "
    "period. Agreements, agencies and jurisdictions are different units, which the press uses for one another. A figure in one of them is "
    "compared with the roster's agreements and with its agencies. matches: the count in the figure's own unit lies in its interval (nearly "
    "excludes the value itself). rounds_to: that count, rounded as the figure is, gives the value. Shares round to whole percent; a number "
    f"of {MIN_ROUNDED_VALUE} or more is taken to be as round as the zeros at its end. off_by: that count is not zero and is within 1 of the "
    f"figure, or within {100 * CLOSE_FRACTION:g} percent of its value. off_by gives the distance in the figure's unit; for a share, in percentage "
    "points. matches_other_unit: the number holds for the count in matched_unit, and not for the unit that the source names; fit says "
    "whether it matches, rounds to or is off by little. A count that is off by little in the figure's own unit comes before one that is so in "
    "another. No roster counts jurisdictions, so a figure in jurisdictions can only match in another unit. differs: every count is "
    "further off. no_roster: no such roster is on file by the requested day, or the figure has no date. A figure without a date gets "
    "nearest: for each unit, the stretches of rosters at which the count lies in the figure's interval, or passes it between one roster and "
    f"the next. A figure is not checked if it counts active participation and its date spans more than {MAX_ROSTER_AGE.days} days, if its "
    "source prints words and no number, if it is a goal, a cap or an estimate, if it counts a class of agencies that rosters do not "
    "distinguish, if it counts one model in one jurisdiction, or if it counts agreements of one model signed in a period."
)


@dataclass(frozen=True, slots=True)
class FigureClaim:
    """A figure with the fields that the roster check reads. ``is_national`` is true if it counts the whole roster."""

    metric: str
    quantity: QuantityRange
    comparator: str
    is_rounded: bool
    cohort: str | None
    geography: str | None
    agency_class: str | None
    model: str | None
    date: EdtfDate
    period: Period
    is_national: bool

    @property
    def signing_days(self) -> tuple[dt.date, dt.date] | None:
        """Return the first and the last day of the period in which the signatures were made; null if it is not bounded.

        A count of signatures without a period uses its date instead.
        """
        earliest, latest = self.period.begins.earliest, self.period.ends.latest
        if self.cohort == Cohort.SIGNED_IN and self.period.begins.edtf is None and self.period.ends.edtf is None:
            earliest, latest = self.date.earliest, self.date.latest
        return (earliest, latest) if earliest and latest else None


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
    """The result of a comparison. ``off_by`` is the distance of the count from the figure's interval, in the figure's unit.

    ``fit`` is the verdict on the count in ``matched_unit`` alone: it matches, rounds to the figure or is off by little.
    """

    verdict: RosterVerdict
    matched_unit: Unit | None = None
    fit: RosterVerdict | None = None
    off_by: float | None = None
    likely: str | None = None


@dataclass(frozen=True, slots=True)
class Crossing:
    """Successive rosters whose counts lie in a figure's interval, or two successive rosters between which the count crosses it.

    ``first`` and ``last`` are positions in the list of rosters. For a share, the counts are percentages.
    """

    unit: Unit
    first: int
    first_count: float
    last: int
    last_count: float


def is_checkable(claim: FigureClaim) -> bool:
    """Return true if a roster can confirm or contradict a figure of this metric, unit, date and geography."""
    if claim.model and not claim.is_national:
        return False
    if counts_signatures(claim):
        is_countable = claim.quantity.unit in _INTERCHANGEABLE_UNITS and claim.agency_class in (None, AgencyClass.STATE_AGENCIES)
        return is_countable and not claim.model and claim.signing_days is not None
    if claim.agency_class or claim.cohort != Cohort.ACTIVE_AT or _is_long(claim.date):
        return False
    if claim.metric == Metric.MODEL_SHARE:
        return claim.quantity.unit == Unit.PERCENT and claim.model is not None
    return claim.metric == Metric.PARTICIPATION and (
        claim.quantity.unit in _INTERCHANGEABLE_UNITS or (claim.quantity.unit == Unit.STATES and claim.is_national)
    )


def _is_long(figure_date: EdtfDate) -> bool:
    return (
        figure_date.earliest is not None and figure_date.latest is not None and figure_date.latest - figure_date.earliest > MAX_ROSTER_AGE
    )


def has_no_date(claim: FigureClaim) -> bool:
    """Return true if a bound of the figure's date is missing, so no roster is known to be of that date."""
    return not counts_signatures(claim) and None in (claim.date.earliest, claim.date.latest)


def counts_signatures(claim: FigureClaim) -> bool:
    """Return true if a figure counts signatures in a period, rather than participation on a date."""
    return claim.metric == Metric.NEW_PARTICIPATION and claim.cohort in _SIGNATURE_COHORTS


def find_roster_index(claim: FigureClaim, roster_dates: Sequence[dt.date]) -> int | None:
    """Return the index of the roster to compare a checkable figure with; null if no roster fits. The dates are in ascending order."""
    index = None if claim.cohort == Cohort.SIGNED_IN else _index_on_date(claim.date, roster_dates)
    if index is None and counts_signatures(claim) and claim.signing_days:
        return _index_after_period(claim.signing_days[1], roster_dates)
    return index


def _index_on_date(figure_date: EdtfDate, roster_dates: Sequence[dt.date]) -> int | None:
    if figure_date.earliest is None or figure_date.latest is None:
        return None
    index = max((index for index, day in enumerate(roster_dates) if day <= figure_date.latest), default=None)
    return index if index is not None and figure_date.earliest - roster_dates[index] <= MAX_ROSTER_AGE else None


def _index_after_period(last_day: dt.date, roster_dates: Sequence[dt.date]) -> int | None:
    index = min((index for index, day in enumerate(roster_dates) if day >= last_day), default=None)
    return index if index is not None and roster_dates[index] - last_day <= MAX_ROSTER_AGE else None


def check_figure(claim: FigureClaim, counts: UnitCounts) -> FigureCheck:
    """Compare a figure with the counts of a roster in every unit that it may mean, and return the best match.

    A match in the figure's own unit comes first, then a match in another unit, then a count that is off by little.
    """
    checks = [_compare_count(claim, unit, count) for unit, count in _counts_by_unit(claim, counts)]
    verdicts = list(RosterVerdict)
    ranked_checks = sorted(
        (check for check in checks if check.verdict is not RosterVerdict.DIFFERS),
        key=lambda check: (
            check.verdict not in _HOLDING_VERDICTS,
            _is_other_unit(claim, check),
            verdicts.index(check.verdict),
            check.off_by or 0,
        ),
    )
    if not ranked_checks:
        return FigureCheck(RosterVerdict.DIFFERS)
    best = replace(ranked_checks[0], likely=_likely_reason(claim, ranked_checks[0], counts))
    return replace(best, verdict=RosterVerdict.MATCHES_OTHER_UNIT) if _is_other_unit(claim, best) else best


def _is_other_unit(claim: FigureClaim, check: FigureCheck) -> bool:
    """Return true if a count is in another unit than the source names. A share is of agreements, and its unit is percent."""
    return claim.metric != Metric.MODEL_SHARE and check.matched_unit != claim.quantity.unit


def find_crossings(claim: FigureClaim, counts_over_time: Sequence[UnitCounts]) -> list[Crossing]:
    """Return where an undated figure's number lies among the counts of successive rosters, for each unit that it may mean.

    A stretch at which the count lies in the interval is one crossing. Otherwise, two successive rosters are one if the count
    is below the interval at one and above it at the other.
    """
    tolerated_range = claim.quantity.widen_to_rounding() if claim.is_rounded else claim.quantity
    points_by_reading: dict[int, list[tuple[int, Unit, float]]] = defaultdict(list)
    for position, counts in enumerate(counts_over_time):
        # A count of states can be read with and without territories: two series in one unit.
        for reading, (unit, count) in enumerate(_counts_by_unit(claim, counts)):
            points_by_reading[reading].append((position, unit, count))
    return [crossing for points in points_by_reading.values() for crossing in _find_crossings_of_series(tolerated_range, points)]


def _find_crossings_of_series(quantity: QuantityRange, points: Sequence[tuple[int, Unit, float]]) -> list[Crossing]:
    sides = [_side_of_interval(quantity, count) for _, _, count in points]
    runs = [[position for position, _ in run] for _, run in groupby(enumerate(sides), key=itemgetter(1))]
    inner_runs = [(run[0], run[-1]) for run in runs if sides[run[0]] == 0]
    steps = [(index, index + 1) for index, (side, next_side) in enumerate(pairwise(sides)) if side * next_side == -1]
    return [
        Crossing(points[first][1], points[first][0], points[first][2], points[last][0], points[last][2])
        for first, last in sorted(inner_runs + steps)
    ]


def _side_of_interval(quantity: QuantityRange, count: float) -> int:
    """Return -1 for a count below the interval, 1 for one above it, and 0 for one that lies in it."""
    if count < lower_limit(quantity.low):
        return -1
    return 1 if count > upper_limit(quantity.high) else 0


def _counts_by_unit(claim: FigureClaim, counts: UnitCounts) -> Iterable[tuple[Unit, float]]:
    """Return the counts of a roster that a figure may mean, each with its unit; for a share, the percentage."""
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
        return FigureCheck(RosterVerdict.MATCHES, unit, RosterVerdict.MATCHES)
    if _rounds_like_figure(claim, count):
        return FigureCheck(RosterVerdict.ROUNDS_TO, unit, RosterVerdict.ROUNDS_TO)
    is_close = count > 0 and distance <= max(1, CLOSE_FRACTION * quantity.value)
    if not is_close:
        return FigureCheck(RosterVerdict.DIFFERS, unit)
    return FigureCheck(RosterVerdict.OFF_BY, unit, RosterVerdict.OFF_BY, max(round(distance, 1), 0.1))


def _rounds_like_figure(claim: FigureClaim, count: float) -> bool:
    """Return true if a count, rounded as the figure is, gives the figure: half up, as newspapers do. Shares are whole percents."""
    if claim.comparator not in (Comparator.EXACT, Comparator.ABOUT, Comparator.NEARLY):
        return False
    is_as_printed = claim.quantity.unit == Unit.PERCENT or (claim.comparator == Comparator.EXACT and not claim.is_rounded)
    step = 1 if is_as_printed else rounding_step(claim.quantity.value)
    return (count + step / 2) // step * step == claim.quantity.value


def _likely_reason(claim: FigureClaim, check: FigureCheck, counts: UnitCounts) -> str | None:
    """Return a counting mistake that would explain the figure's number, as a sentence; null if there is none."""
    if check.matched_unit is not Unit.AGREEMENTS or claim.metric != Metric.PARTICIPATION:
        return None
    count_with_header = counts.agreements + 1
    claimed_count = {Comparator.EXACT: claim.quantity.value, Comparator.MORE_THAN: claim.quantity.value + 1}.get(
        Comparator(claim.comparator)
    )
    is_off_by = check.fit is RosterVerdict.OFF_BY
    if is_off_by and claim.is_national and not claim.model and claimed_count == count_with_header:
        return f"Likely the header row was counted: below it, the roster has {counts.agreements:,} rows, one per agreement."
    if not is_off_by and claim.quantity.unit != Unit.AGREEMENTS:
        return "Likely the rows of the roster were counted: each row is an agreement, and an agency can have several."
    return None

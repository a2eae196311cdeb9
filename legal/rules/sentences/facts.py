"""Hold what the record has on a day about one jurisdiction, in the form in which sentences are held against it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from legal.rules.dates import UNKNOWN_DATE, EdtfDate
from legal.rules.figures import QuantityRange
from legal.rules.posture import Claim
from legal.rules.rosters.figure_checks import UnitCounts
from legal.vocabulary import SentenceVerdict


@dataclass(frozen=True, slots=True)
class RecordedMeasure:
    """A measure on one day, with its title, its dated events and the span of its effect."""

    claim: Claim
    title: str
    events: Sequence[tuple[str, EdtfDate]] = ()
    effective_from: EdtfDate = UNKNOWN_DATE
    acts_on_effects: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class RecordedFigure:
    """A reported figure with what a number is compared with."""

    id: str
    title: str
    metric: str
    unit: str
    range: QuantityRange
    when: EdtfDate
    model: str | None = None
    agency_class: str | None = None
    cohort: str | None = None


@dataclass(frozen=True, slots=True)
class RecordedCounts:
    """The counts of the roster in force for one jurisdiction, its id and date, and whether it is old on the day."""

    roster_id: str
    publication_day: date
    counts: UnitCounts
    is_old: bool


@dataclass(frozen=True, slots=True)
class RecordedStance:
    """The measures, figures and roster on file for one jurisdiction on one day. ``claims`` of the roster are not in ``measures``."""

    name: str
    day: date
    measures: Sequence[RecordedMeasure] = ()
    figures: Sequence[RecordedFigure] = ()
    roster: RecordedCounts | None = None
    roster_claim: Claim | None = None

    @property
    def claims(self) -> list[Claim]:
        """Return the measures and the roster as the input of the rules on knowledge."""
        return [*(measure.claim for measure in self.measures), *([self.roster_claim] if self.roster_claim else [])]


@dataclass(frozen=True, slots=True)
class Finding:
    """A verdict on one claim about one jurisdiction, its reason in words, and the ids that it rests on."""

    verdict: SentenceVerdict
    reason: str
    measures: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()
    rosters: tuple[str, ...] = ()

"""Hold a number against the roster in force and the figures on file, by unit and date."""

from collections.abc import Sequence
from dataclasses import replace

from legal.rules.conflicts import Period
from legal.rules.dates import UNKNOWN_DATE, EdtfDate
from legal.rules.figures import is_round_number
from legal.rules.headline import count_text, day_text
from legal.rules.rosters.figure_checks import MAX_ROSTER_AGE, FigureCheck, FigureClaim, UnitCounts, check_figure
from legal.rules.sentences.facts import Finding, RecordedCounts, RecordedFigure, RecordedStance
from legal.rules.sentences.quantities import StatedQuantity
from legal.rules.sentences.reading import ReadClaim
from legal.vocabulary import Basis, Cohort, Metric, Model, RosterVerdict, SentenceTopic, SentenceVerdict, Unit

_S, _P, _C, _N = SentenceVerdict.SUPPORTED, SentenceVerdict.PARTLY, SentenceVerdict.CONTRADICTED, SentenceVerdict.NO_RECORD
_HOLDS = (RosterVerdict.MATCHES, RosterVerdict.ROUNDS_TO)
_ROSTER_UNITS = (Unit.AGREEMENTS, Unit.AGENCIES, Unit.JURISDICTIONS, Unit.STATES)
_MODEL_WORDS = (("task", Model.TASK_FORCE), ("warrant", Model.WARRANT_SERVICE_OFFICER), ("jail", Model.JAIL_ENFORCEMENT))
_METRICS_BY_UNIT = {
    Unit.ARRESTS: Metric.ARRESTS,
    Unit.ENCOUNTERS: Metric.ENCOUNTERS,
    Unit.PEOPLE: Metric.ENCOUNTERS,
    Unit.HOURS: Metric.TRAINING_TIME,
    Unit.MONTHS: Metric.TERM_LIMIT,
}
_METRICS_BY_TOPIC = {
    SentenceTopic.AGREEMENTS: Metric.PARTICIPATION,
    SentenceTopic.SUIT: Metric.PARTICIPATION,
    SentenceTopic.AGREEMENTS_ENDED: Metric.VOIDED,
    SentenceTopic.ORDER: Metric.ORDERED_TO_TERMINATE,
}
"""What a number of agreements, agencies, jurisdictions or states counts in a clause about a topic; of others, nothing on file."""
_METRICS_BY_WORD = (("overtime", Metric.OVERTIME_CAP), ("growth", Metric.GROWTH), ("grew", Metric.GROWTH), ("grown", Metric.GROWTH))
_GROWTH_WORDS = ("rose", "risen", "increased", "increase", "jumped")


def find_count(claim: ReadClaim, quantity: StatedQuantity, stance: RecordedStance) -> Finding:
    """Return the finding on one number of a claim.

    What counts agencies, agreements, jurisdictions or states is held against the roster in force, and then against the
    figures of the same metric and unit. Everything else is held against figures alone.
    """
    metric = _find_metric(claim, quantity)
    if metric is None:
        return Finding(SentenceVerdict.NOT_UNDERSTOOD, "It does not say what its number counts, in words that are read here.")
    figures = [
        figure
        for figure in stance.figures
        if figure.metric == metric
        and figure.unit == quantity.range.unit
        and (metric is not Metric.MODEL_SHARE or figure.model == _find_model(metric, claim))
        and (metric is not Metric.PARTICIPATION or (figure.cohort == Cohort.ACTIVE_AT and figure.agency_class == claim.agency_class))
    ]
    if metric is Metric.MODEL_SHARE or (metric is Metric.PARTICIPATION and claim.agency_class is None):
        return _join(_find_on_roster(metric, claim, quantity, stance), _find_in_figures(quantity, figures, stance, is_dated=True))
    return _find_in_figures(quantity, figures, stance) or Finding(_N, f"No figure of this kind is on file for {stance.name}.")


def _find_metric(claim: ReadClaim, quantity: StatedQuantity) -> Metric | None:
    unit = Unit(quantity.range.unit)
    if unit in _ROSTER_UNITS:
        metric = _METRICS_BY_TOPIC.get(claim.topic)
        return metric if metric is Metric.PARTICIPATION or unit is not Unit.STATES else None
    if unit is Unit.PERCENT:
        words = claim.metric_words
        if words & {"task", "warrant", "jail", "jailhouse"}:
            return Metric.MODEL_SHARE
        return next((metric for word, metric in _METRICS_BY_WORD if word in words), Metric.GROWTH if words & {*_GROWTH_WORDS} else None)
    return _METRICS_BY_UNIT.get(unit)


def _find_model(metric: Metric, claim: ReadClaim) -> Model | None:
    """Return the model whose share a claim states; null for another metric."""
    return next((model for word, model in _MODEL_WORDS if word in claim.metric_words), None) if metric is Metric.MODEL_SHARE else None


def _find_on_roster(metric: Metric, claim: ReadClaim, quantity: StatedQuantity, stance: RecordedStance) -> Finding:
    roster = stance.roster
    if roster is None:
        return Finding(_N, "No roster was in force on this day.")
    check = _check_against(roster.counts, metric, claim, quantity, stance)
    verdict = _P
    if check.verdict in _HOLDS and not claim.unread_words:
        verdict = _S
    elif check.verdict is RosterVerdict.DIFFERS or (check.verdict is RosterVerdict.MATCHES_OTHER_UNIT and check.fit not in _HOLDS):
        verdict = _C
    reason = _roster_reason(roster, metric, claim)
    if roster.is_old:
        reason = f"{reason} That roster is old on this day."
        verdict = {_S: _P, _C: _N}.get(verdict, verdict)
    return Finding(verdict, reason, rosters=(roster.roster_id,))


def _check_against(counts: UnitCounts, metric: Metric, claim: ReadClaim, quantity: StatedQuantity, stance: RecordedStance) -> FigureCheck:
    if quantity.counts_territories:
        counts = replace(counts, states=counts.territories, territories=0)
    stated_range = quantity.range
    figure = FigureClaim(
        metric=metric,
        quantity=stated_range,
        comparator=quantity.comparator,
        is_rounded=is_round_number(quantity.comparator, stated_range.value, stated_range.unit),
        cohort=Cohort.ACTIVE_AT,
        geography=None,
        agency_class=None,
        model=_find_model(metric, claim),
        date=EdtfDate(stance.day.isoformat(), stance.day, stance.day, Basis.EXPLICIT),
        period=Period(UNKNOWN_DATE, UNKNOWN_DATE),
        is_national=counts.states is not None,
    )
    return check_figure(figure, counts)


def _roster_reason(roster: RecordedCounts, metric: Metric, claim: ReadClaim) -> str:
    model = _find_model(metric, claim)
    if model is None:
        return roster_sentence(roster)
    agreements = roster.counts.models.get(model, (0, 0))[0]
    return f"{roster_sentence(roster)} {count_text(agreements, 'agreement')} of these follow this model."


def roster_sentence(roster: RecordedCounts) -> str:
    """Return what a roster lists for a jurisdiction, or in all for the nation, as a sentence that may be quoted."""
    return f"{roster_text(roster)}."


def roster_text(roster: RecordedCounts) -> str:
    """Return what a roster lists for a jurisdiction, or in all for the nation, as a clause without a period."""
    counts = roster.counts
    text = f"{count_text(counts.agreements, 'agreement')} of {count_text(counts.agencies, 'agency', 'agencies')}"
    if counts.states is not None:
        text = f"{text} in {count_text(counts.states, 'state')}"
    if counts.territories:
        text = f"{text} and {count_text(counts.territories, 'territory', 'territories')}"
    return f"ICE's roster of {day_text(roster.publication_day)} lists {text}"


def _find_in_figures(
    quantity: StatedQuantity, figures: Sequence[RecordedFigure], stance: RecordedStance, *, is_dated: bool = False
) -> Finding | None:
    """Return the finding by the figures of one metric and unit; null if there are none. With ``is_dated``, only those of about the day count."""
    if is_dated:
        figures = [figure for figure in figures if figure.when.latest and abs(stance.day - figure.when.latest) <= MAX_ROSTER_AGE]
    if not figures:
        return None
    fitting = [figure for figure in figures if _fits(quantity, figure)]
    near = [figure for figure in figures if quantity.range.overlaps(figure.range)]
    verdict, used_figures = (_S, fitting) if fitting else (_P, near) if near else (_C, figures)
    reason = f"Reported figures on file: {'; '.join(f'{figure.title} ({figure.range.value:,g})' for figure in used_figures)}."
    return Finding(verdict, reason, figures=tuple(figure.id for figure in used_figures))


def _fits(quantity: StatedQuantity, figure: RecordedFigure) -> bool:
    """Return whether a figure bears a stated number out: its number is the same, or all that it allows is allowed by the sentence."""
    stated_range = quantity.range
    return stated_range.contains(figure.range) or (stated_range.value == figure.range.value and stated_range.overlaps(figure.range))


def _join(on_roster: Finding, in_figures: Finding | None) -> Finding:
    """Join what the roster shows with what sources report. The roster decides; a report that agrees makes a count ``partly`` so."""
    if in_figures is None or in_figures.verdict is _C:
        return on_roster
    verdict = on_roster.verdict if on_roster.verdict is _S else _P
    return Finding(verdict, f"{on_roster.reason} {in_figures.reason}", (), in_figures.figures, on_roster.rosters)

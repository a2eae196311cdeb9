"""Put dates, numbers and terms into words for the pages. No text claims more than the value that it renders."""

import calendar
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

from legal.json_types import Json
from legal.rules.codebook import CLOSED_LISTS
from legal.vocabulary import LIFECYCLES, Comparator, Kind, SpeechAct, Stands, Step, Unit

_AP_MONTHS = (*("Jan.", "Feb.", "March", "April", "May", "June", "July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec."),)
"""The names of months before a day, in the style of the Associated Press; alone, a month is spelled out."""

_COMPARATORS: Mapping[str, str] = {
    Comparator.EXACT: "",
    Comparator.ABOUT: "about ",
    Comparator.MORE_THAN: "more than ",
    Comparator.AT_LEAST: "at least ",
    Comparator.NEARLY: "nearly ",
    Comparator.AT_MOST: "at most ",
}
_SINGULAR_UNITS: Mapping[str, str] = {
    Unit.AGREEMENTS: "agreement",
    Unit.AGENCIES: "agency",
    Unit.JURISDICTIONS: "jurisdiction",
    Unit.STATES: "state",
    Unit.ARRESTS: "arrest",
    Unit.ENCOUNTERS: "encounter",
    Unit.PEOPLE: "person",
    Unit.REMOVALS: "removal",
    Unit.HOURS: "hour",
    Unit.MONTHS: "month",
}
_EFFECTS: Mapping[str, str] = {Kind.PENDING_BILL: "pending", Kind.LITIGATION: "pending or binding"}
"""The words for being in effect, where the kind has its own."""
_SPEECH: Mapping[str, str] = {
    SpeechAct.ASSERTS: "The document says so in its own voice",
    SpeechAct.REPORTS: "The document reports a statement",
    SpeechAct.QUOTES: "The document quotes someone’s own words",
    SpeechAct.PREDICTS: "The speaker says what will or may happen",
    SpeechAct.OPINES: "The speaker gives an opinion",
}


def day_text(day: date | str) -> str:
    """Return a day as ``Feb. 4, 2026``."""
    day = date.fromisoformat(day) if isinstance(day, str) else day
    return f"{_AP_MONTHS[day.month - 1]} {day.day}, {day.year}"


def time_text(timestamp: str) -> str:
    """Return the day of an RFC 3339 timestamp, as ``Feb. 4, 2026``."""
    return day_text(datetime.fromisoformat(timestamp).date())


def date_text(when: Json) -> str:
    """Return a DATE object in words, no more precise than it is: ``January 2026``, ``by Feb. 4, 2026``, ``date not given``."""
    earliest, latest = when["earliest"], when["latest"]
    if earliest is None and latest is None:
        return "date not given"
    if earliest is None:
        return f"by {day_text(latest)}"
    if latest is None:
        return f"{day_text(earliest)}, or later"
    return _bounded_date_text(date.fromisoformat(earliest), date.fromisoformat(latest))


def _bounded_date_text(earliest: date, latest: date) -> str:
    if earliest == latest:
        return day_text(earliest)
    if (earliest.month, earliest.day, latest.month, latest.day) == (1, 1, 12, 31):
        return str(earliest.year) if earliest.year == latest.year else f"between {earliest.year} and {latest.year}"
    if earliest.day == 1 and latest == latest.replace(day=calendar.monthrange(latest.year, latest.month)[1]):
        first, last = f"{earliest:%B} {earliest.year}", f"{latest:%B} {latest.year}"
        return first if first == last else f"between {first} and {last}"
    return f"between {day_text(earliest)} and {day_text(latest)}"


def capitalize(text: str) -> str:
    """Return a text with its first letter in upper case and the rest unchanged."""
    return text[:1].upper() + text[1:]


def count_text(number: float, unit: str) -> str:
    """Return a number with its unit, as ``1 agency``, ``1,001 agencies`` or ``50 percent``."""
    return f"{number:,} {unit_text(number, unit)}"


def unit_text(number: float, unit: str) -> str:
    """Return the word for a unit after a number."""
    return _SINGULAR_UNITS.get(unit, unit) if number == 1 else unit


def quantity_text(figure: Json) -> str:
    """Return the quantity of a figure with its hedge and unit, as ``more than 24 agencies``; without a number, the source's words."""
    if figure["value"] is None:
        return f"{figure['printed']} ({figure['unit']}; the source gives no number)"
    return _COMPARATORS[figure["comparator"]] + count_text(figure["value"], figure["unit"])


def interval_text(figure: Json) -> str:
    """Return what a figure allows: its bounds, inclusive."""
    low, high = figure["low"], figure["high"]
    if low is None and high is None:
        return "no number"
    if low is None:
        return f"{high:,} or less"
    if high is None:
        return f"{low:,} or more"
    return f"{low:,}" if low == high else f"{low:,} to {high:,}"


def figure_title(figure: Json) -> str:
    """Return the title of a figure, or its quantity, metric and class if it has none."""
    if figure.get("title"):
        return str(figure["title"])
    classes = f" ({term_label('agency_class', figure['agency_class']).lower()})" if figure["agency_class"] else ""
    return capitalize(f"{quantity_text(figure)}{classes}: {term_label('metric', figure['metric']).lower()}")


def term_label(list_name: str, value: str) -> str:
    """Return the label of a term of a closed list of the codebook."""
    return CLOSED_LISTS[list_name](value).label


def term_choices(list_name: str) -> list[tuple[str, str]]:
    """Return the values of a closed list of the codebook, each with its label."""
    return [(str(term), term.label) for term in CLOSED_LISTS[list_name]]


def term_definition(list_name: str, value: str) -> str:
    """Return the definition of a term of a closed list of the codebook."""
    return CLOSED_LISTS[list_name](value).definition


def status_label(kind: str, status: str | None) -> str:
    """Return the label of a status of a kind. Before a measure began, it has no status."""
    return _step(kind, status).label if status else "Not begun"


def status_definition(kind: str, status: str | None) -> str:
    """Return the definition of a status of a kind."""
    return _step(kind, status).definition if status else "No source on file says that it had begun by this day."


def _step(kind: str, status: str) -> Step:
    return next(step for step in LIFECYCLES[Kind(kind)] if step.status == status)


@cache
def event_label(kind: str, event: str) -> str:
    """Return the label of an event of a measure or an agreement. An event is a status, or it is on a list of others."""
    labels = {
        **{str(term): term.label for name in ("agreement_event", "event") for term in CLOSED_LISTS[name]},
        **{step.status: step.label for step in LIFECYCLES[Kind(kind)]},
    }
    return labels[event]


def stands_text(measure: Json, day: str, *, short: bool = False) -> str:
    """Return whether a measure is in effect on a day, as the end of a sentence, in the words for its kind.

    With ``short``, the day is left out, for a table that names it in its head.
    """
    effect = _EFFECTS.get(measure["kind"], "in effect")
    on_day = "" if short else f" on {day_text(day)}"
    return {
        Stands.YES: f"{effect}{on_day}",
        Stands.NO: f"not {effect}{on_day}",
        Stands.POSSIBLE: f"may or may not be {effect}{on_day}",
        Stands.UNKNOWN: "not placed in time by anything on file",
    }[Stands(measure["stands"])]


def speech_text(citation: Json) -> str:
    """Return the speaker of a cited passage and the sources that the speaker relies on, nearest first."""
    names = citation["attributed_to"]
    source = f", on the word of {', by way of '.join(names)}" if names else ""
    return f"{_SPEECH[citation['speech_act']]}{source}."


def document_name(document: Json) -> str:
    """Return a name for a document: its title, else its publisher, else its type, so that no title is made up."""
    if document["title"]:
        return str(document["title"])
    if document["publisher"]:
        return f"{document['publisher']}, untitled"
    return f"{capitalize(term_label('document_type', document['type']).lower())} without title or publisher ({document['id']})"


def list_text(items: Sequence[Any], conjunction: str = "and") -> str:
    """Return items as a phrase: ``a``, ``a and b``, ``a, b and c``."""
    texts = [str(item) for item in items]
    return f" {conjunction} ".join([", ".join(texts[:-1]), texts[-1]] if len(texts) > 1 else texts)


def plain_words(value: str) -> str:
    """Return a term's value as words, for a value that no list defines."""
    return re.sub(r"[_-]+", " ", value)


def roster_check_text(figure: Json) -> str:
    """Return the comparison of a figure with the roster of its date, in sentences."""
    check = figure["roster_check"]
    if check["nearest"]:
        return f"The figure has no date. {' '.join(map(_nearest_text, check['nearest']))}"
    if not check["roster"]:
        return "No roster on file is close enough to this figure’s date to check it."
    sentences = [f"ICE’s roster of {date_text(check['date'])} has {_roster_counts_text(check['counts'], figure['cohort'])}."]
    sentences.append(_verdict_text(figure, check))
    return " ".join([*sentences, *([check["likely"]] if check["likely"] else [])])


def _nearest_text(stretch: Json) -> str:
    ends = [
        f"{count_text(end['count'], stretch['unit'])} on the roster of {date_text(end['date'])}" for end in (stretch["from"], stretch["to"])
    ]
    return f"Its number lies between {' and '.join(ends)}."


def _roster_counts_text(counts: Json, cohort: str | None) -> str:
    text = f"{count_text(counts['agreements'], 'agreements')} of {count_text(counts['agencies'], 'agencies')}"
    if counts["states"]:
        text += f" in {count_text(counts['states'], 'states')}"
    if counts["territories"]:
        text += f" and {counts['territories']:,} {'territory' if counts['territories'] == 1 else 'territories'}"
    if counts["model"]:
        model = term_label("model", counts["model"]["model"]).lower()
        text += f", of which {count_text(counts['model']['agreements'], 'agreements')} under the {model} model"
    return text + (" signed in that period" if cohort == "signed_in" else "")


def _verdict_text(figure: Json, check: Json) -> str:
    matched_unit, unit = check["matched_unit"], figure["unit"]
    is_other_unit = matched_unit is not None and matched_unit != unit and unit in _SINGULAR_UNITS
    for_unit = f" for {matched_unit}, not for {unit}" if is_other_unit else f" for {matched_unit}" if matched_unit else ""
    match check["fit"]:
        case "matches":
            return f"The figure holds{for_unit}."
        case "rounds_to":
            return f"Rounded as the figure is, the count gives the figure{for_unit}."
        case "off_by":
            return f"The figure is off by {check['off_by']:,}{for_unit}."
        case _:
            return "No count of that roster is close to the figure."


def reason_text(reason: str) -> str:
    """Return a reason for setting something aside, with the API's names of terms and keys as words."""
    reason = reason.replace("see would_become", "see “What could change this”").replace("see could_be", "see “What could change this”")
    return re.sub(r"\b[a-z]+(?:_[a-z]+)+\b", lambda match: plain_words(match[0]), reason)


def days_between(earlier: str, later: str) -> int:
    """Return the number of days from one day to another."""
    return (date.fromisoformat(later) - date.fromisoformat(earlier)).days


def number_with_noun(number: float, noun: str) -> str:
    """Return a number with a noun in the plural form given, or in the singular after 1."""
    singular = _SINGULAR_UNITS.get(noun, noun.removesuffix("s"))
    return f"{number:,} {singular if number == 1 else noun}"


def labels_text(list_name: str, values: Sequence[str], conjunction: str = "and", *, quote: bool = False) -> str:
    """Return the labels of several terms as a phrase."""
    labels = [term_label(list_name, value) for value in values]
    return list_text([f"“{label}”" for label in labels] if quote else [labels[0], *(label.lower() for label in labels[1:])], conjunction)


def changed_value_text(value: Any) -> str:
    """Return the value of a field in the log of changes, in words. Texts are listed; the parts of anything else are counted."""
    if value is None or value in ([], {}):
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return date_text(value) if "edtf" in value else number_with_noun(len(value), "parts")  # type: ignore[arg-type]
    if isinstance(value, list):
        is_text = all(isinstance(item, str) for item in value)
        return list_text([plain_words(item) for item in value]) if is_text else number_with_noun(len(value), "parts")
    return f"{value:,}" if isinstance(value, int) else str(value)


def end_sentence(text: str) -> str:
    """Return a text with a period at its end, unless it has one or another mark."""
    return text if text.endswith((".", "!", "?")) else f"{text}."


def decapitalize(text: str) -> str:
    """Return a text with its first letter in lower case, unless it is an abbreviation."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]

"""How a search is read, how a text that it finds is ranked, and which of its words are marked.

All of it is a function of the query and of the one text, never of what else is on file: a search
of an old revision ranks as it did, and both databases rank alike.
"""

import html
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from legal.rules.search.text import Word, letters, stems, words
from legal.vocabulary import Noun

BREAK = " | "
"""Stands between the stems of two fields, so that no phrase runs from one into the other."""

QUOTES = re.compile(r'["“”„]')
STOP_WORDS = frozenset(
    [
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "been",
        "but",
        "by",
        "did",
        "do",
        "does",
        "for",
        "from",
        "had",
        "has",
        "have",
        "how",
        "if",
        "in",
        "into",
        "is",
        "it",
        "its",
        "not",
        "of",
        "on",
        "or",
        "that",
        "the",
        "their",
        "them",
        "there",
        "they",
        "this",
        "to",
        "was",
        "were",
        "what",
        "when",
        "where",
        "which",
        "who",
        "why",
        "will",
        "with",
    ]
)
ALIKE = 90  # of 100; with less, Indiana and India or Main and Maine would be one
SHORTEST_NAME = 4  # letters; anything shorter is like too much
OTHER_NAMES = {"DC": ("DC", "Washington DC"), "VI": ("Virgin Islands",), "MP": ("Northern Marianas",), "US": ("USA",)}

Called = Mapping[str, tuple[str, int]]
"""By what places are called, in letters alone: their codes, and of how many words that is."""

IN_TITLE = 4.0
OF_PLACE = 8.0  # more than words alone can bring, so that Virginia is not outranked by West Virginia
OF_NOUN: Mapping[str, float] = {Noun.MEASURE: 0.2, Noun.FIGURE: 0.1, Noun.DOCUMENT: 0.0, Noun.AGENCY: 0.0}
TYPICAL = 60  # words of a text; a longer one says a word more easily
LONGEST_EXCERPT = 280
LEAD = 60  # characters shown before the first mark of a long text


@dataclass(frozen=True, slots=True)
class Term:
    """Something that has to occur: any of these phrases of stems; ``place`` is the code of the place that it names."""

    written: str
    phrases: tuple[str, ...]
    place: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A place that was read out of a query: as it is written there, its code and its name."""

    written: str
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Reading:
    """How a query was read: what has to occur, what was left out, and the places that it names."""

    terms: tuple[Term, ...]
    ignored: tuple[str, ...]
    places: tuple[Place, ...]

    def told(self) -> dict[str, Any]:
        """What the answer says of it."""
        return {
            "terms": [term.written for term in self.terms],
            "ignored": list(self.ignored),
            "places": [{"written": place.written, "code": place.code, "name": place.name} for place in self.places],
        }


def read(query: str, names: Mapping[str, str]) -> Reading:
    """Read any text as a query; ``names`` are the places' by code.

    Words in quotes are a phrase, taken literally. Outside of them small words are left out where
    there are others, and a place's name is one term, whether it has two words or a slip in it.
    Nothing is an operator.
    """
    called = {letters(name): (code, len(words(name))) for code, own in names.items() for name in (own, *OTHER_NAMES.get(code, ()))}
    parts = QUOTES.split(unicodedata.normalize("NFC", query))
    quoted, plain = parts[1::2], parts[::2]
    if len(parts) % 2 == 0:  # the last quote was never closed
        plain.append(quoted.pop())
    phrases = [Term(f'"{part.strip()}"', (stems(part),), called.get(letters(part), (None, 0))[0]) for part in quoted if words(part)]
    loose = [term for part in plain for term in _terms(part, names, called)]
    telling = [term for term in loose if term.place or term.written.lower() not in STOP_WORDS]
    terms = [*phrases, *telling] or loose
    ignored = dict.fromkeys(term.written for term in loose if term not in terms)
    places = dict.fromkeys(Place(term.written, term.place, names[term.place]) for term in terms if term.place)
    once = {term.phrases: term for term in reversed(terms)}
    return Reading(tuple(reversed(once.values())), tuple(ignored), tuple(places))


def _terms(text: str, names: Mapping[str, str], called: Called) -> Iterable[Term]:
    found = words(text)
    position = 0
    while position < len(found):
        size, code = _place(text, found[position:], names, called)
        taken = found[position : position + size]
        written = text[taken[0].start : taken[-1].end]
        own = " ".join(word.stem for word in taken)
        if code is None:
            yield Term(written, (own,))
        else:
            yield Term(written, tuple(dict.fromkeys((own, stems(names[code])))), code)
        position += size


def _place(text: str, ahead: Sequence[Word], names: Mapping[str, str], called: Called) -> tuple[int, str | None]:
    """How many of the words ahead name a place, and which: the longest name that is right, else the longest that is nearly so."""
    sizes = range(min(4, len(ahead)), 0, -1)
    for size in sizes:
        written = "".join(word.letters for word in ahead[:size])
        if written in called:
            return size, called[written][0]
    for size in sizes:
        written = "".join(word.letters for word in ahead[:size])
        close = [
            (fuzz.ratio(written, name), code) for name, (code, length) in called.items() if size in (1, length) and _alike(written, name)
        ]
        if close:
            return size, max(close)[1]
    code = text[ahead[0].start : ahead[0].end]
    return 1, code if code in names and code.lower() not in STOP_WORDS else None


def _alike(written: str, name: str) -> bool:
    if min(len(written), len(name)) < SHORTEST_NAME:
        return False
    # Two neighbours that changed places are one slip of the hand, however short the name.
    return fuzz.ratio(written, name) >= ALIKE or (sorted(written) == sorted(name) and OSA.distance(written, name) == 1)


def score(reading: Reading, noun: str, jurisdiction: str | None, title: str, body: str) -> float | None:
    """How well a text answers; null where a term does not occur. ``title`` and ``body`` are stems.

    Each term counts where it stands and how often, ever less the oftener, and less in a long text;
    a term that names the text's own place counts most.
    """
    title, body = f" {title} ", f" {body} "
    length = 0.5 + 0.5 * body.count(" ") / TYPICAL
    total = OF_NOUN[noun]
    for term in reading.terms:
        in_title = sum(title.count(f" {phrase} ") for phrase in term.phrases)
        in_body = sum(body.count(f" {phrase} ") for phrase in term.phrases)
        if not (in_title or in_body):
            return None
        total += IN_TITLE * _sated(in_title) + _sated(in_body / length) + (OF_PLACE if term.place and term.place == jurisdiction else 0)
    return round(total, 4)


def _sated(times: float) -> float:
    return times / (times + 1.2)


def marked(text: str, reading: Reading) -> str | None:
    """The text as HTML, with what was looked for in ``<mark>``; an excerpt where it is long, null where nothing is in it."""
    found = words(text)
    spans = _spans(found, [phrase.split() for term in reading.terms for phrase in term.phrases])
    if not spans:
        return None
    start, end = _window(text, found, spans[0])
    shown, at = ["…" if start else ""], start
    for first, last in spans:
        if last <= end:
            shown += [html.escape(text[at:first], quote=False), "<mark>", html.escape(text[first:last], quote=False), "</mark>"]
            at = last
    return "".join([*shown, html.escape(text[at:end], quote=False), "…" if end < len(text) else ""])


def _spans(found: Sequence[Word], phrases: Iterable[Sequence[str]]) -> list[tuple[int, int]]:
    """Where the phrases stand in the text, in order; those that overlap are one."""
    own = [word.stem for word in found]
    hits = sorted(
        (found[at].start, found[at + len(phrase) - 1].end)
        for phrase in map(list, phrases)
        for at in range(len(own) - len(phrase) + 1)
        if own[at : at + len(phrase)] == phrase
    )
    merged: list[tuple[int, int]] = []
    for start, end in hits:
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _window(text: str, found: Sequence[Word], first: tuple[int, int]) -> tuple[int, int]:
    """From where to where a long text is shown: whole words around the first mark."""
    if len(text) <= LONGEST_EXCERPT:
        return 0, len(text)
    earliest = max(0, min(first[0] - LEAD, len(text) - LONGEST_EXCERPT))
    start = 0 if earliest == 0 else next(word.start for word in found if word.start >= earliest)
    latest = max(start + LONGEST_EXCERPT, first[1])
    end = len(text) if latest >= len(text) else max(word.end for word in found if word.end <= latest)
    return start, end

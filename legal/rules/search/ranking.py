"""Parse search queries, rank the texts that match, and highlight the matches.

The score of a text depends on the query and on that text alone, never on the rest of the record. A search of an old
revision therefore gives the same order today as it did then, and both databases give the same order. Source:
docs/decisions/0010-search-is-ranked-in-our-own-code.md.
"""

import html
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from legal.json_types import Json
from legal.rules.search.text import Token, fold_letters, split_words, stem_text
from legal.vocabulary import EntityType

FIELD_SEPARATOR = " | "
"""Separator between the stems of two fields. No phrase can match across it."""

_QUOTES = re.compile(r'["“”„]')
_STOP_WORDS = frozenset(
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
_NUMBER_LABELS = frozenset(["no", "nos", "sec", "section"])  # "No. 287(g)" and "section 287(g)" look for 287(g)
_DIGITS_AND_LETTERS = re.compile(r"(\d+)([^\W\d_]+)")
_NAME_PREFIX_LENGTHS = (2, 3)  # DeSoto, LaPorte, VanBuren
_MIN_REST_LENGTH = 3
_MIN_SIMILARITY = 90  # of 100; a lower limit would confuse Indiana with India, or Main with Maine
_MIN_FUZZY_LENGTH = 4  # letters; shorter names are similar to too many words
_ALIASES = {"DC": ("DC", "Washington DC"), "VI": ("Virgin Islands",), "MP": ("Northern Marianas",), "US": ("USA",)}

SearchableText = Sequence[Any]
"""A text to score: the key of its search entry, its entity type, id and jurisdiction or null, and the stems of its title and body."""

_CodesByName = Mapping[str, tuple[str, int]]
"""Folded names and aliases of jurisdictions, each with the jurisdiction's code and the name's number of words."""

_TITLE_WEIGHT = 4.0
_JURISDICTION_WEIGHT = 8.0  # more than words alone can score: West Virginia must not outrank Virginia
ENTITY_WEIGHTS: Mapping[str, float] = {EntityType.MEASURE: 0.2, EntityType.FIGURE: 0.1, EntityType.DOCUMENT: 0.0, EntityType.AGENCY: 0.0}
"""The entity types with search entries. The weight breaks ties between types."""
JURISDICTION_HIT = "jurisdiction"
HIT_WEIGHTS: Mapping[str, float] = {JURISDICTION_HIT: 4.0, **ENTITY_WEIGHTS}
"""Everything that a search can find. A jurisdiction comes before what is on file about it."""

_TYPICAL_LENGTH = 60  # words of a text; a longer text contains any word more easily
MAX_EXCERPT_LENGTH = 280
_EXCERPT_LEAD = 60  # characters shown before the first match of a long text


@dataclass(frozen=True)
class SearchTerm:
    """A search term. At least one of its ``phrases``, which are stems, must occur.

    ``jurisdiction`` is the code of the jurisdiction that the term names, if any. A common word is a stop word, or the label of the number after it. It is ignored if there are other terms.
    """

    text: str
    phrases: tuple[str, ...]
    jurisdiction: str | None = None
    is_common: bool = False

    @cached_property
    def spaced_phrases(self) -> tuple[str, ...]:
        """Return the phrases with a space on either side, as they occur in stems that have these spaces, too."""
        return tuple(f" {phrase} " for phrase in self.phrases)

    @cached_property
    def stems_of_phrases(self) -> tuple[list[str], ...]:
        """Return the stems of each phrase, in order."""
        return tuple(phrase.split() for phrase in self.phrases)


@dataclass(frozen=True, slots=True)
class MatchedJurisdiction:
    """A jurisdiction that a query names: the text in the query, its code and its name."""

    text: str
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class ParsedQuery:
    """A query as it was parsed: the terms that must occur, the words that were ignored, and the jurisdictions that it names."""

    terms: tuple[SearchTerm, ...]
    ignored_words: tuple[str, ...]
    jurisdictions: tuple[MatchedJurisdiction, ...]

    def as_json(self) -> Json:
        """Return the query as the API shows it in ``interpreted_as``."""
        return {
            "terms": [term.text for term in self.terms],
            "ignored": list(self.ignored_words),
            "places": [{"written": match.text, "code": match.code, "name": match.name} for match in self.jurisdictions],
        }


def parse_query(query: str, names_by_code: Mapping[str, str]) -> ParsedQuery:
    """Parse any text as a query; ``names_by_code`` are the jurisdictions' names.

    Words in quotes are a phrase and are taken literally. Outside quotes, stop words are ignored unless the query has
    no other words. The name of a jurisdiction is one term, even if it has several words or is misspelled. Two words next
    to each other also match as one word, and a word with a short prefix as two: De Soto and DeSoto are the same. There
    are no operators.
    """
    codes_by_name = _index_names(tuple(names_by_code.items()))
    parts = _QUOTES.split(unicodedata.normalize("NFC", query))
    quoted_parts, plain_parts = parts[1::2], parts[::2]
    if len(parts) % 2 == 0:  # the last quote was never closed
        plain_parts.append(quoted_parts.pop())
    phrases = [
        SearchTerm(f'"{part.strip()}"', (stem_text(part),), codes_by_name.get(fold_letters(part), (None, 0))[0])
        for part in quoted_parts
        if split_words(part)
    ]
    plain_terms = [term for part in plain_parts for term in _parse_terms(part, names_by_code, codes_by_name)]
    significant_terms = [term for term in plain_terms if not term.is_common]
    terms = [*phrases, *significant_terms] or plain_terms
    ignored_words = dict.fromkeys(term.text for term in plain_terms if term not in terms)
    jurisdictions = dict.fromkeys(
        MatchedJurisdiction(term.text, term.jurisdiction, names_by_code[term.jurisdiction]) for term in terms if term.jurisdiction
    )
    unique_terms = {term.phrases if term.jurisdiction else term.phrases[0]: term for term in reversed(terms)}
    return ParsedQuery(tuple(reversed(unique_terms.values())), tuple(ignored_words), tuple(jurisdictions))


def jurisdiction_texts(code: str) -> list[dict[str, str]]:
    """Return the texts, other than its name, by which search finds a jurisdiction: its code and its other names."""
    aliases = "; ".join(alias for alias in _ALIASES.get(code, ()) if alias != code)
    return [{"field": "code", "text": code}, *([{"field": "names", "text": aliases}] if aliases else [])]


@lru_cache(maxsize=8)
def _index_names(names: tuple[tuple[str, str], ...]) -> _CodesByName:
    return {fold_letters(alias): (code, len(split_words(alias))) for code, name in names for alias in (name, *_ALIASES.get(code, ()))}


def _parse_terms(text: str, names_by_code: Mapping[str, str], codes_by_name: _CodesByName) -> Iterable[SearchTerm]:
    tokens = split_words(text)
    position = 0
    previous: Token | None = None  # the word before, unless it is common or part of a jurisdiction's name
    while position < len(tokens):
        size, code = _match_jurisdiction(text, tokens[position:], names_by_code, codes_by_name)
        term_tokens = tokens[position : position + size]
        position += size
        term_text = text[term_tokens[0].start : term_tokens[-1].end]
        if code is not None:
            phrase = " ".join(token.stem for token in term_tokens)
            yield SearchTerm(term_text, tuple(dict.fromkeys((phrase, stem_text(names_by_code[code])))), code)
            previous = None
            continue
        (token,) = term_tokens
        following = next(iter(tokens[position:]), None)
        is_common = _is_common(token, following)
        joined = [] if is_common else _join_words(previous, token) + _join_words(token, following)
        yield SearchTerm(term_text, tuple(dict.fromkeys((token.stem, *joined, *_split_word(token)))), is_common=is_common)
        previous = None if is_common else token


def _is_common(token: Token, following: Token | None) -> bool:
    is_label = token.letters in _NUMBER_LABELS and following is not None and following.letters[0].isdigit()
    return is_label or token.letters in _STOP_WORDS


def _join_words(first: Token | None, second: Token | None) -> list[str]:
    """Return the stem of two words written as one, in a list: ``DeSoto`` for ``De Soto``; empty if there is no second word."""
    if first is None or second is None or _is_common(first, second) or _is_common(second, None):
        return []
    return [stem_text(first.letters + second.letters)]


def _split_word(token: Token) -> list[str]:
    """Return the stems of a word written as two: digits and letters apart, or letters after a short prefix."""
    letters = token.letters
    if match := _DIGITS_AND_LETTERS.fullmatch(letters):
        return [stem_text(f"{match[1]} {match[2]}")]
    lengths = [length for length in _NAME_PREFIX_LENGTHS if letters.isalpha() and len(letters) >= length + _MIN_REST_LENGTH]
    return [stem_text(f"{letters[:length]} {letters[length:]}") for length in lengths]


def _match_jurisdiction(
    text: str, tokens: Sequence[Token], names_by_code: Mapping[str, str], codes_by_name: _CodesByName
) -> tuple[int, str | None]:
    """Match the first tokens against names of jurisdictions; return the number of tokens used and the code.

    The longest exact name wins, then the longest similar name, then a code in capitals. If nothing matches, the
    result is one token and no code.
    """
    sizes = range(min(4, len(tokens)), 0, -1)
    for size in sizes:
        letters = "".join(token.letters for token in tokens[:size])
        if letters in codes_by_name:
            return size, codes_by_name[letters][0]
    for size in sizes:
        letters = "".join(token.letters for token in tokens[:size])
        similar_names = [
            (fuzz.ratio(letters, name), code)
            for name, (code, word_count) in codes_by_name.items()
            if size in (1, word_count) and _is_similar(letters, name)
        ]
        if similar_names:
            return size, max(similar_names)[1]
    code = text[tokens[0].start : tokens[0].end]
    return 1, code if code in names_by_code and code.lower() not in _STOP_WORDS else None


def _is_similar(letters: str, name: str) -> bool:
    if min(len(letters), len(name)) < _MIN_FUZZY_LENGTH:
        return False
    # Two adjacent letters in the wrong order are one typing error, however short the name is.
    return fuzz.ratio(letters, name) >= _MIN_SIMILARITY or (sorted(letters) == sorted(name) and OSA.distance(letters, name) == 1)


def score_texts(query: ParsedQuery, texts: Sequence[SearchableText]) -> list[float | None]:
    """Score how well each text matches the query; the score of a text in which a term does not occur is null.

    A term scores more in the title than in the body. A term scores more if it is frequent, up to a limit, and less in a
    long text. A term that names the jurisdiction of the text scores most.
    """
    terms = _find_phrases(query, texts)
    scores: list[float | None] = []
    for _, entity_type, _, jurisdiction, title_stems, body_stems in texts:
        spaced_title, spaced_body = f" {title_stems} ", f" {body_stems} "
        word_count = spaced_body.count(" ")
        total = HIT_WEIGHTS[entity_type]
        for term, phrases in terms:
            title_count = body_count = 0
            for phrase in phrases:
                title_count += spaced_title.count(phrase)
                body_count += spaced_body.count(phrase)
            if not (title_count or body_count):
                scores.append(None)
                break
            total += _score_term(title_count, body_count, word_count)
            if term.jurisdiction and term.jurisdiction == jurisdiction:
                total += _JURISDICTION_WEIGHT
        else:
            scores.append(round(total, 4))
    return scores


def _find_phrases(query: ParsedQuery, texts: Sequence[SearchableText]) -> list[tuple[SearchTerm, list[str]]]:
    """Return the terms, each with those of its phrases that occur in a text; most of the phrases occur in none."""
    all_stems = f" {' '.join([f'{text[4]} {text[5]}' for text in texts])} "
    return [(term, [phrase for phrase in term.spaced_phrases if phrase in all_stems]) for term in query.terms]


@lru_cache(maxsize=2**12)
def _score_term(title_count: int, body_count: int, word_count: int) -> float:
    length_factor = 0.5 + 0.5 * word_count / _TYPICAL_LENGTH
    return _TITLE_WEIGHT * _saturate(title_count) + _saturate(body_count / length_factor)


def _saturate(frequency: float) -> float:
    return frequency / (frequency + 1.2)


def contains_terms(query: ParsedQuery, title_stems: str, body_stems: str) -> bool:
    """Return whether each term occurs in a text.

    As in the full-text indexes, a phrase may begin in one field of the body and end in the next. ``score_text`` drops such texts.
    """
    title_stems, body_stems = f" {title_stems} ", f" {body_stems.replace(FIELD_SEPARATOR, ' ')} "
    return all(any(phrase in title_stems or phrase in body_stems for phrase in term.spaced_phrases) for term in query.terms)


def contains_any_term(query: ParsedQuery, stems: str) -> bool:
    """Return whether a term occurs in the stems of a text, so that ``highlight_matches`` has something to mark."""
    spaced_stems = f" {stems} "
    return any(phrase in spaced_stems for term in query.terms for phrase in term.spaced_phrases)


def highlight_matches(text: str, query: ParsedQuery) -> str | None:
    """Return the text as HTML with the matches in ``<mark>``: an excerpt if it is long, null if nothing matches."""
    tokens = split_words(text)
    spans = _match_spans(tokens, [stems for term in query.terms for stems in term.stems_of_phrases])
    if not spans:
        return None
    start, end = _excerpt_window(text, tokens, spans[0])
    fragments, position = ["…" if start else ""], start
    for first, last in spans:
        if last <= end:
            fragments += [html.escape(text[position:first], quote=False), "<mark>", html.escape(text[first:last], quote=False), "</mark>"]
            position = last
    return "".join([*fragments, html.escape(text[position:end], quote=False), "…" if end < len(text) else ""])


def _match_spans(tokens: Sequence[Token], phrases: Iterable[list[str]]) -> list[tuple[int, int]]:
    """Return the spans of the text that match a phrase, in order; overlapping spans are merged."""
    stems = [token.stem for token in tokens]
    matches = sorted(
        (tokens[index].start, tokens[index + len(phrase) - 1].end)
        for phrase in phrases
        if phrase[0] in stems
        for index in range(len(stems) - len(phrase) + 1)
        if stems[index] == phrase[0] and stems[index : index + len(phrase)] == phrase
    )
    merged_spans: list[tuple[int, int]] = []
    for start, end in matches:
        if merged_spans and start < merged_spans[-1][1]:
            merged_spans[-1] = (merged_spans[-1][0], max(end, merged_spans[-1][1]))
        else:
            merged_spans.append((start, end))
    return merged_spans


def _excerpt_window(text: str, tokens: Sequence[Token], first_match: tuple[int, int]) -> tuple[int, int]:
    """Return the start and end of the excerpt to show: the whole text, or whole words around the first match."""
    if len(text) <= MAX_EXCERPT_LENGTH:
        return 0, len(text)
    earliest = max(0, min(first_match[0] - _EXCERPT_LEAD, len(text) - MAX_EXCERPT_LENGTH))
    start = 0 if earliest == 0 else next(token.start for token in tokens if token.start >= earliest)
    latest = max(start + MAX_EXCERPT_LENGTH, first_match[1])
    end = len(text) if latest >= len(text) else max(token.end for token in tokens if token.end <= latest)
    return start, end

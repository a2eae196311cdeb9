"""Find the jurisdictions, and the people and bodies on file, that a clause names."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from legal.rules.sentences import lexicon
from legal.rules.sentences.text import normalize_sentence, split_plain_words

Phrase = tuple[str, ...]
_WASHINGTON: Phrase = ("washington",)
_ALIASES: Mapping[Phrase, str] = {
    ("washington", "state"): "WA",
    ("state", "of", "washington"): "WA",
    ("washington", "dc"): "DC",
    ("dc",): "DC",
    ("virgin", "islands"): "VI",
    ("united", "states"): "US",
}
_MIN_ACRONYM_WORDS = 4


@dataclass(frozen=True, slots=True)
class NameIndex:
    """The phrases that name jurisdictions, and those that name people and bodies on file, with the codes of jurisdictions."""

    places: Mapping[Phrase, str]
    actors: Mapping[Phrase, frozenset[str]]


@dataclass(frozen=True, slots=True)
class FoundNames:
    """The jurisdictions and actors that a clause names, in order, and the positions of their words.

    ``actor_codes`` has the codes of the jurisdictions where all these actors are on file; null if none is named.
    """

    codes: tuple[str, ...]
    actor_codes: frozenset[str] | None
    positions: frozenset[int]
    names_body: bool
    is_washington_unclear: bool


def index_names(names_by_code: Mapping[str, str], actors: Iterable[tuple[str, str]]) -> NameIndex:
    """Return the index of the names of jurisdictions and of the actors of measures, given as pairs (code, name).

    A person is found by the last name, and a body of four or more words by its initials, unless that is another word of a
    sentence.
    """
    places = {tuple(split_plain_words(normalize_sentence(name))): code for code, name in names_by_code.items()}
    codes_by_phrase: defaultdict[Phrase, set[str]] = defaultdict(set)
    for code, name in actors:
        words = tuple(split_plain_words(normalize_sentence(name)))
        if lexicon.BODY_WORDS & set(words):
            continue  # "Maryland legislature" is a place and a word of its own
        codes_by_phrase[words].add(code)
        initials = "".join(word[0] for word in words)
        short_form = words[-1] if len(words) == 2 else initials if len(words) >= _MIN_ACRONYM_WORDS else ""  # noqa: PLR2004 - first and last name
        if short_form and short_form not in lexicon.ALL_WORDS:
            codes_by_phrase[(short_form,)].add(code)
    return NameIndex({**places, **_ALIASES}, {phrase: frozenset(codes) for phrase, codes in codes_by_phrase.items()})


def find_names(words: Sequence[str], index: NameIndex) -> FoundNames:
    """Return the jurisdictions and actors that words name. The longest phrase counts: West Virginia is not Virginia."""
    codes: list[str] = []
    actor_codes: frozenset[str] | None = None
    positions: set[int] = set()
    names_body = is_unclear = False
    longest = max(map(len, [*index.places, *index.actors]))
    position = 0
    while position < len(words):
        phrases = [tuple(words[position : position + length]) for length in range(min(longest, len(words) - position), 0, -1)]
        phrase = next((phrase for phrase in phrases if phrase in index.places or phrase in index.actors), ())
        if phrase in index.actors:
            actor_codes = index.actors[phrase] if actor_codes is None else actor_codes & index.actors[phrase]
            names_body = names_body or len(phrase) >= _MIN_ACRONYM_WORDS
        elif phrase:
            is_unclear = is_unclear or phrase == _WASHINGTON
            codes.append(index.places[phrase])
        positions |= set(range(position, position + len(phrase)))
        position += max(len(phrase), 1)
    return FoundNames(tuple(dict.fromkeys(codes)), actor_codes, frozenset(positions), names_body, is_unclear)


def names_locality(words: Sequence[str], positions: frozenset[int]) -> bool:
    """Return whether words name a place, office or publication below the state; ``positions`` has the positions of names on file."""
    for position, word in enumerate(words):
        if position in positions:
            continue
        if word in lexicon.LOCALITY_SIGNS:
            return True
        following = words[position + 1] if position + 1 < len(words) else ""
        is_generic = following in ("sheriffs", "jails", "jail", "police", "agencies", "officers", "sheriff")
        previous = words[position - 1] if position else ""
        is_proper = (position - 1) in positions or previous not in lexicon.ALL_WORDS | {""}
        if word == "county" and is_proper and not (is_generic and (position - 1) in positions):
            return True
    return False

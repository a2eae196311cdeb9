"""Fold the spellings of an agency's name that differ by rule alone, so that a respelled agency is still the same agency.

Only mechanical differences are here: punctuation, listed abbreviations, "City of", and the state's name before a state agency.
Other names that look like the same agency are reported and never merged (docs/decisions/0023-spellings-are-folded-by-rule.md).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from legal.rules.rosters.aliases import JURISDICTION_NAMES
from legal.rules.rosters.normalize import agency_key

_PUNCTUATION = re.compile(r" *[,;:()\[\]]+ *")

ABBREVIATIONS = {
    "pd": "police department",
    "dept": "department",
    "dps": "department of public safety",
    "bocc": "board of county commissioners",
    "doc": "department of corrections",
    "twp": "township",
    "univ": "university",
    "saint": "st",
    "ft": "fort",
    "mt": "mount",
}
"""Words, as agency keys have them, and the words that they stand for."""

_WORDINGS = (
    (re.compile(r"\b(county|parish) so$"), r"\1 sheriffs office"),
    (re.compile(r"\bco (?=sheriff|jail|board|constable|detention)"), "county "),
    (re.compile(r"\bsheriff (?=office\b|department\b)"), "sheriffs "),
)
"""Wordings that are replaced only next to certain other words."""

_CITY_OF = re.compile(r"^city of (?=\S+ \S)")
_STATE_OF = "state of "

STATE_AGENCY_WORDS = (
    *("department of", "division of", "bureau of", "office of the attorney general", "attorney generals office"),
    *("highway patrol", "state police", "state patrol", "national guard", "state guard", "fish and wildlife", "fish and game"),
)
"""The first words of a state agency's name that rosters print with and without the state's name in front."""


@dataclass(frozen=True, slots=True)
class FoldingRule:
    """One rule for spellings: its label, as reports and documents show it, and the change that it makes to an agency key."""

    label: str
    apply: Callable[[str, str], str]
    """Takes the key and the jurisdiction's postal code."""


@dataclass(frozen=True, slots=True)
class FoldedName:
    """The folded key of an agency's name, which its spellings share, and the labels of the rules that changed the key."""

    key: str
    rules: tuple[str, ...]


def _fold_punctuation(key: str, _: str) -> str:
    return _PUNCTUATION.sub(" ", key).strip()


def _expand_abbreviations(key: str, _: str) -> str:
    return " ".join(ABBREVIATIONS.get(word, word) for word in key.split(" "))


def _replace_wordings(key: str, _: str) -> str:
    for pattern, replacement in _WORDINGS:
        key = pattern.sub(replacement, key)
    return key


def _drop_city_of(key: str, _: str) -> str:
    return _CITY_OF.sub("", key)


def _add_state_name(key: str, jurisdiction: str) -> str:
    """Add the state's name to a state agency's name. Rosters print such a name with the state's name, with its code, or alone."""
    state = agency_key(JURISDICTION_NAMES.get(jurisdiction, ""))
    for prefix in (f"{_STATE_OF}{state} ", _STATE_OF, f"{jurisdiction.lower()} "):
        if key.removeprefix(prefix).startswith(STATE_AGENCY_WORDS):
            key = key.removeprefix(prefix)
            break
    return f"{state} {key}" if state and key.startswith(STATE_AGENCY_WORDS) else key


FOLDING_RULES = (
    FoldingRule("punctuation", _fold_punctuation),
    FoldingRule("abbreviation", _expand_abbreviations),
    FoldingRule("usual wording", _replace_wordings),
    FoldingRule("City of", _drop_city_of),
    FoldingRule("state's name", _add_state_name),
)
"""The rules in their order; each works on what the ones before it leave."""


@lru_cache(maxsize=2**13)
def fold_agency_name(name: str, jurisdiction: str) -> FoldedName:
    """Return the key of an agency's name in a jurisdiction: ``Sample Beach PD`` and ``Sample Beach Police Department`` share one."""
    key, labels = agency_key(name), []
    for rule in FOLDING_RULES:
        folded_key = rule.apply(key, jurisdiction)
        labels += [rule.label] if folded_key != key else []
        key = folded_key
    return FoldedName(key, tuple(labels))

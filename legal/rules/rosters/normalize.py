"""Normalize the words of a roster: clean cell texts, resolve known words and misspellings, and compare agency names."""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import TypeVar

from legal.rules.rosters.aliases import (
    AGENCY_TYPE_MISSPELLINGS,
    AGENCY_TYPE_NAMES,
    AGENCY_TYPE_VARIANTS,
    JURISDICTION_MISSPELLINGS,
    JURISDICTION_NAMES,
    JURISDICTION_VARIANTS,
    MODEL_MISSPELLINGS,
    MODEL_NAMES,
    MODEL_VARIANTS,
)
from legal.rules.rosters.parsed import CELL_CACHE_SIZE, CellReading
from legal.vocabulary import AgencyType, Flag, Model, Repair

Word = TypeVar("Word", bound=str)

_SPREADSHEET_ERRORS = {
    "#FORMULA",
    "#N/A",
    "#NA",
    "N/A",
    "NA",
    "#REF!",
    "#VALUE!",
    "#NAME?",
    "#DIV/0!",
    "#NULL!",
    "#NUM!",
    "#SPILL!",
    "#CALC!",
    "#GETTING_DATA",
}

_LINE_BREAKS = re.compile(r"[\t\n\v\f\r\x1c-\x1f\x85\u2028\u2029]+")
_WIDE_SPACES = re.compile(r"[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_TYPOGRAPHIC_QUOTES = str.maketrans("‘’‚‛′´`ʹʻʼ＇“”„‟″", "'" * 11 + '"' * 5)
_LOWERCASE_WORDS = {"of", "the", "and", "for", "in", "at", "on", "to"}


def clean_text(text: str) -> CellReading[str]:
    """Return a text with single spaces, straight quotes and no invisible characters; the value is null if nothing is left."""
    repairs: list[Repair] = []

    def note_repair(old_text: str, new_text: str, repair: Repair) -> str:
        repairs.extend([repair] if new_text != old_text else [])
        return new_text

    if text.isascii() and text.isprintable() and "  " not in text and "`" not in text:  # nearly every cell
        stripped_text = text.strip()
        return CellReading(stripped_text or None, (Repair.OUTER_BLANK,) if stripped_text and stripped_text != text else ())
    has_outer_blank = text.strip() and text != text.strip(" ")
    text = note_repair(text, _LINE_BREAKS.sub(" ", text), Repair.NEWLINE)
    text = note_repair(text, _WIDE_SPACES.sub(" ", text), Repair.NO_BREAK_SPACE)
    visible_text = "".join(character for character in text if unicodedata.category(character)[0] != "C")
    text = note_repair(text, visible_text, Repair.INVISIBLE_CHARACTER)
    text = note_repair(text, text.translate(_TYPOGRAPHIC_QUOTES), Repair.CURLY_QUOTE).strip()
    repairs.extend([Repair.OUTER_BLANK] if has_outer_blank else [])
    text = note_repair(text, " ".join(text.split()), Repair.REPEATED_BLANK)
    return CellReading(unicodedata.normalize("NFC", text) or None, tuple(repairs))


def title_case(text: str) -> str:
    """Return a name in title case if it has several words and is all uppercase or all lowercase; return any other text unchanged."""
    if " " not in text or text not in {text.upper(), text.lower()}:
        return text
    words = [word if word in _LOWERCASE_WORDS else _capitalize_word(word) for word in text.lower().split(" ")]
    return " ".join([_capitalize_word(words[0]), *words[1:]])


def _capitalize_word(word: str) -> str:
    """Capitalize each part of a word: ``miami-dade`` becomes Miami-Dade, ``o'brien`` O'Brien, ``sheriff's`` Sheriff's."""
    return re.sub(r"(?:^|(?<=[-/(.&])|(?<=\b[od]'))[^\W\d_]", lambda letter: letter[0].upper(), word)


def is_spreadsheet_error(text: str) -> bool:
    """Return true for a text that a spreadsheet shows in place of a value, such as ``#N/A``."""
    return text.strip().upper() in _SPREADSHEET_ERRORS


def match_key(text: str) -> str:
    """Return the letters and digits of a text, in lowercase and without accents."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKD", text).casefold()))


@lru_cache(maxsize=CELL_CACHE_SIZE)
def agency_key(name: str) -> str:
    """Return the key under which two printed names are the same name: ``Sheriff’s  Office`` and ``SHERIFFS OFFICE`` share one.

    The key ignores case, spaces, apostrophes, accents, points and hyphens, and reads ``&`` as ``and``. It keeps commas, and
    letters of any script. ``folding.fold_agency_name`` goes further and gives the key of an agency.
    """
    clean_name = (clean_text(name).value or "").replace("&", " and ")
    plain_name = unicodedata.normalize("NFKD", clean_name).casefold().replace("-", " ")
    key = re.sub(" *(/) *", r"\1", "".join(filter(_belongs_to_key, plain_name)))
    return re.sub(r"(?<=[a-z]) s\b", "s", " ".join(re.sub(" +(?=[,;])", "", key).split()))


def _belongs_to_key(character: str) -> bool:
    return character not in "'\"." if character.isascii() else character.isalnum()


def _lookup_table(*word_lists: tuple[Repair | None, Mapping[Word, str | tuple[str, ...]]]) -> dict[str, tuple[Word, Repair | None]]:
    """Return the word and the repair for each spelling, by match key. If two lists have the same spelling, the earlier one counts."""
    entries = [
        (repair, word, (spellings,) if isinstance(spellings, str) else spellings)
        for repair, words in word_lists
        for word, spellings in words.items()
    ]
    return {match_key(spelling): (word, repair) for repair, word, spellings in reversed(entries) for spelling in spellings}


_JURISDICTIONS_BY_KEY = _lookup_table(
    (None, JURISDICTION_NAMES),
    (Repair.OTHER_WORDING, {code: code for code in JURISDICTION_NAMES}),
    (Repair.OTHER_WORDING, JURISDICTION_VARIANTS),
    (Repair.MISSPELLING, JURISDICTION_MISSPELLINGS),
)
_MODELS_BY_KEY = _lookup_table((None, MODEL_NAMES), (Repair.OTHER_WORDING, MODEL_VARIANTS), (Repair.MISSPELLING, MODEL_MISSPELLINGS))
_AGENCY_TYPES_BY_KEY = _lookup_table(
    (None, AGENCY_TYPE_NAMES), (Repair.OTHER_WORDING, AGENCY_TYPE_VARIANTS), (Repair.MISSPELLING, AGENCY_TYPE_MISSPELLINGS)
)


@lru_cache(maxsize=CELL_CACHE_SIZE)
def parse_jurisdiction(text: str) -> CellReading[str]:
    """Return the postal code of a state, DC or a territory, from its name, its code or a known variant or misspelling."""
    return _look_up_word(text, _JURISDICTIONS_BY_KEY, JURISDICTION_NAMES)


@lru_cache(maxsize=CELL_CACHE_SIZE)
def parse_model(text: str) -> CellReading[Model]:
    """Return the model that a cell in the column "Support type" names."""
    return _look_up_word(text, _MODELS_BY_KEY, MODEL_NAMES)


@lru_cache(maxsize=CELL_CACHE_SIZE)
def parse_agency_type(text: str) -> CellReading[AgencyType]:
    """Return the agency type that a cell in the column "Type" names."""
    return _look_up_word(text, _AGENCY_TYPES_BY_KEY, AGENCY_TYPE_NAMES)


def _look_up_word(text: str, table: Mapping[str, tuple[Word, Repair | None]], names: Mapping[Word, str]) -> CellReading[Word]:
    """Return the word that a table has for a text. A blank or a spreadsheet error has no value; an unknown text is flagged."""
    reading = clean_text(text)
    if reading.value is None or is_spreadsheet_error(reading.value):
        return CellReading(None, (Repair.ERROR_CELL,) if reading.value else reading.repairs)
    if match_key(reading.value) not in table:
        return CellReading(None, flag=Flag.UNKNOWN_WORD)
    word, listed_repair = table[match_key(reading.value)]
    # The match key drops points and spaces, so "NewYork" is found; it counts as another wording.
    repair = listed_repair or (Repair.OTHER_WORDING if reading.value.casefold() != names[word].casefold() else None)
    return CellReading(word, reading.repairs + ((repair,) if repair else ()))

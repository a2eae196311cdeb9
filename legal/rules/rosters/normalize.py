"""What the words of a roster stand for, and how its names are shown and compared."""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import TypeVar

from legal.rules.rosters.aliases import (
    AGENCY_TYPES,
    MISSPELT_MODELS,
    MISSPELT_PLACES,
    MISSPELT_TYPES,
    MODELS,
    OTHER_MODELS,
    OTHER_PLACES,
    OTHER_TYPES,
    PLACES,
)
from legal.rules.rosters.parsed import Reading
from legal.vocabulary import AgencyType, Doubt, Mend, Model

Word = TypeVar("Word", bound=str)

ERRORS = {
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

LINE_BREAKS = re.compile(r"[\t\n\v\f\r\x1c-\x1f\x85\u2028\u2029]+")
WIDE_BLANKS = re.compile(r"[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
QUOTES = str.maketrans("‘’‚‛′´`ʹʻʼ＇“”„‟″", "'" * 11 + '"' * 5)
SMALL_WORDS = {"of", "the", "and", "for", "in", "at", "on", "to"}


def folded(text: str) -> Reading[str]:
    """A text as it may be shown: one blank between words, straight apostrophes, nothing invisible; no value where nothing is left."""
    mends: list[Mend] = []

    def mended(before: str, after: str, mend: Mend) -> str:
        mends.extend([mend] if after != before else [])
        return after

    if text.isascii() and text.isprintable() and "  " not in text and "`" not in text:  # nearly every cell
        plain = text.strip()
        return Reading(plain or None, (Mend.OUTER_BLANK,) if plain and plain != text else ())
    outer = text.strip() and text != text.strip(" ")
    text = mended(text, LINE_BREAKS.sub(" ", text), Mend.NEWLINE)
    text = mended(text, WIDE_BLANKS.sub(" ", text), Mend.NO_BREAK_SPACE)
    text = mended(text, "".join(sign for sign in text if unicodedata.category(sign)[0] != "C"), Mend.INVISIBLE_CHARACTER)
    text = mended(text, text.translate(QUOTES), Mend.CURLY_QUOTE).strip()
    mends.extend([Mend.OUTER_BLANK] if outer else [])
    text = mended(text, " ".join(text.split()), Mend.REPEATED_BLANK)
    return Reading(unicodedata.normalize("NFC", text) or None, tuple(mends))


def cased(text: str) -> str:
    """A name of several words that is all capitals, or has none, in the case of a name; any other as it is."""
    if " " not in text or text not in {text.upper(), text.lower()}:
        return text
    words = [word if word in SMALL_WORDS else _capital(word) for word in text.lower().split(" ")]
    return " ".join([_capital(words[0]), *words[1:]])


def _capital(word: str) -> str:
    """``miami-dade`` is Miami-Dade, ``o'brien`` is O'Brien, ``sheriff's`` is Sheriff's."""
    return re.sub(r"(?:^|(?<=[-/(.&])|(?<=\b[od]'))[^\W\d_]", lambda found: found[0].upper(), word)


def is_error(text: str) -> bool:
    """Whether a text is what a spreadsheet shows in place of a value."""
    return text.strip().upper() in ERRORS


def key(text: str) -> str:
    """A text's letters and digits alone, without accents and in lower case."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKD", text).casefold()))


@lru_cache(maxsize=2**12)
def agency_key(name: str) -> str:
    """What makes two spellings one agency of a place: ``Sheriff’s  Office`` and ``SHERIFFS OFFICE`` are both ``sheriffs office``.

    Case, blanks, apostrophes, accents, points and hyphens do not count, and ``&`` is ``and``. A comma does count: what
    only looks like the same agency is for the list of renames.
    """
    shown = unicodedata.normalize("NFKD", (folded(name).value or "").replace("&", " and ")).casefold().replace("-", " ")
    plain = re.sub(" *(/) *", r"\1", "".join(sign for sign in shown if sign.isascii() and sign not in "'\"."))
    return re.sub(r"(?<=[a-z]) s\b", "s", " ".join(re.sub(" +(?=[,;])", "", plain).split()))


def _table(*lists: tuple[Mend | None, Mapping[Word, str | tuple[str, ...]]]) -> dict[str, tuple[Word, Mend | None]]:
    pairs = [(mend, word, (said,) if isinstance(said, str) else said) for mend, words in lists for word, said in words.items()]
    return {key(spelling): (word, mend) for mend, word, spellings in reversed(pairs) for spelling in spellings}


STATES = _table(
    (None, PLACES),
    (Mend.OTHER_WORDING, {code: code for code in PLACES}),
    (Mend.OTHER_WORDING, OTHER_PLACES),
    (Mend.MISSPELLING, MISSPELT_PLACES),
)
MODEL_WORDS = _table((None, MODELS), (Mend.OTHER_WORDING, OTHER_MODELS), (Mend.MISSPELLING, MISSPELT_MODELS))
TYPE_WORDS = _table((None, AGENCY_TYPES), (Mend.OTHER_WORDING, OTHER_TYPES), (Mend.MISSPELLING, MISSPELT_TYPES))


def state(text: str) -> Reading[str]:
    """The postal code of a state, the District or a territory, by its name, its code, or a spelling on the list."""
    return _known(text, STATES, PLACES)


def model(text: str) -> Reading[Model]:
    """The model that a support type names."""
    return _known(text, MODEL_WORDS, MODELS)


def agency_type(text: str) -> Reading[AgencyType]:
    """The sort of agency that a type names."""
    return _known(text, TYPE_WORDS, AGENCY_TYPES)


def _known(text: str, table: Mapping[str, tuple[Word, Mend | None]], names: Mapping[Word, str]) -> Reading[Word]:
    """The word that a text stands for: none for a blank or an error, in doubt where the text is not in the table."""
    shown = folded(text)
    if shown.value is None or is_error(shown.value):
        return Reading(None, (Mend.ERROR_CELL,) if shown.value else shown.mends)
    if key(shown.value) not in table:
        return Reading(None, doubt=Doubt.UNKNOWN_WORD)
    word, mend = table[key(shown.value)]
    # The key leaves points and blanks out: "NewYork" is another wording too.
    how = mend or (Mend.OTHER_WORDING if shown.value.casefold() != names[word].casefold() else None)
    return Reading(word, shown.mends + ((how,) if how else ()))

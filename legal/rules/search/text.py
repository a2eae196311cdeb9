"""Words as the search takes them: cut out of a text, folded to plain letters and digits, and brought to their stems."""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

import snowballstemmer

LONGEST = 60
"""Characters of a word that count; PostgreSQL refuses to look for a word beyond two thousand bytes."""

PATTERN = re.compile(
    r"(?<!\d)\d{1,3}(?:,\d{3})+(?!\d)"  # 1,001 is one number
    r"|\d+(?:\([^\W_]{1,3}\))+"  # 287(g) is one section
    r"|[^\W_]+(?:['’][^\W_]+)*"  # governor's is one word
)


class Word(NamedTuple):
    """A word of a text: its letters, its stem, and where it stands, in code points."""

    letters: str
    stem: str
    start: int
    end: int


def words(text: str) -> list[Word]:
    """The words of a text, in their order."""
    found = (Word(*_read(match[0]), *match.span()) for match in PATTERN.finditer(text))
    return [word for word in found if word.letters]


def stems(text: str) -> str:
    """The stems of a text's words, with a space between them: what is indexed, and what is looked for."""
    return " ".join(word.stem for word in words(text))


def letters(text: str) -> str:
    """A text's letters and digits alone, without accents and in lower case: ``U.S. Virgin Islands`` is ``usvirginislands``."""
    return "".join(word.letters for word in words(text))


@lru_cache(maxsize=2**16)
def _read(word: str) -> tuple[str, str]:
    # A fraction is no run of digits: ½ would come apart into 12.
    kept = "".join(sign for sign in word if sign.isalpha() or sign.isdecimal())
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", kept).casefold() if sign.isalnum())[:LONGEST]
    # A stemmer of its own for each word: it keeps the word in itself while it works, and threads would mix theirs up.
    return plain, snowballstemmer.stemmer("english").stemWord(plain)

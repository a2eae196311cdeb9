"""Split text into words for the search: fold each word to plain letters and digits, and reduce it to its stem."""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

MAX_WORD_LENGTH = 60
"""The number of characters of a word that are used. PostgreSQL rejects words of 2 kilobytes or more."""

_WORD_PATTERN = re.compile(
    r"(?<!\d)\d{1,3}(?:,\d{3})+(?!\d)"  # 1,001 is one number
    r"|\d+(?:\([^\W_]{1,3}\))+"  # 287(g) is one section
    r"|[^\W_]+(?:['’][^\W_]+)*"  # governor's is one word
)


class Token(NamedTuple):
    """A word of a text: its folded letters, its stem, and its span in code points."""

    letters: str
    stem: str
    start: int
    end: int


def split_words(text: str) -> list[Token]:
    """Split a text into its words, in order."""
    tokens = []
    for match in _WORD_PATTERN.finditer(text):
        letters, stem = _fold_and_stem(match[0])
        if letters:
            tokens.append(Token(letters, stem, *match.span()))
    return tokens


def stem_text(text: str) -> str:
    """Return the stems of a text's words, separated by spaces. Both the index and the queries use this form."""
    return " ".join(token.stem for token in split_words(text))


def fold_letters(text: str) -> str:
    """Return a text's letters and digits, without accents and in lower case: ``U.S. Virgin Islands`` → ``usvirginislands``."""
    return "".join(token.letters for token in split_words(text))


def fold_text(text: str) -> str:
    """Return a text's letters and digits, without accents and in lower case; quotes, spaces and punctuation are dropped.

    Filters compare texts in this form. PostgreSQL computes it in SQL, so it has no rule that SQL cannot express.
    """
    return "".join(character for character in unicodedata.normalize("NFKD", text).lower() if character.isalnum())


@lru_cache(maxsize=2**16)
def _fold_and_stem(word: str) -> tuple[str, str]:
    # Fractions are dropped first: normalization would turn ½ into 12.
    letters_and_digits = "".join(character for character in word if character.isalpha() or character.isdecimal())
    folded_text = unicodedata.normalize("NFKD", letters_and_digits).casefold()
    letters = "".join(character for character in folded_text if character.isalnum())[:MAX_WORD_LENGTH]
    import snowballstemmer  # noqa: PLC0415 - it imports the stemmers of all languages, for which no start should wait

    # One stemmer per call: a stemmer stores the word that it works on, so threads must not share one.
    return letters, snowballstemmer.stemmer("english").stemWord(letters)

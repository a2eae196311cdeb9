"""Turn a text into sentences, clauses and plain lower-case words, before anything is read into them."""

import re
import unicodedata
from collections.abc import Callable, Sequence

_ABBREVIATIONS = (
    (r"\bu\.\s?s\.", "us"),
    (r"\bd\.\s?c\.", "dc"),
    (r"\bgov\.", "governor"),
    (r"\batty\.\s?gen\.", "attorney general"),
    (r"\b(jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec|st|dept)\.", r"\1"),
    (r"\b287\s?\(?\s?g\b(?:\s?\))?", "287g"),
    (r"\bcan(?:'|no)t\b", "can not"),
    (r"\bwon't\b", "will not"),
    (r"n't\b", " not"),
    (r"(?<=\w)'s\b", ""),
    (r"(?<=s)'(?!\w)", ""),
    (r"(?<=\d)\s?%", " percent"),
)
_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "“": '"', "”": '"', "–": "-", "—": " - "})
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"')]*\s+")
_CLAUSE_END = re.compile(r";\s+|,?\s+but\s+|,?\s+while\s+|,?\s+whereas\s+")
_WORD = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.\d+|[^\W_]+(?:'[^\W_]+)*|[.,]")


def normalize_sentence(text: str) -> str:
    """Return a text in lower case with plain quotes, written-out abbreviations, ``287g`` for the section, and no format characters.

    ``Md.``-like abbreviations of states are left alone: some of them are words.
    """
    compatible_text = unicodedata.normalize("NFKC", text).translate(_APOSTROPHES)
    visible_text = "".join(character for character in compatible_text if unicodedata.category(character) != "Cf")
    plain_text = " ".join(visible_text.casefold().split())
    for pattern, replacement in _ABBREVIATIONS:
        plain_text = re.sub(pattern, replacement, plain_text)
    return plain_text


def split_sentences(plain_text: str) -> list[str]:
    """Split a normalized text into its sentences, in order."""
    return [sentence for sentence in (part.strip() for part in _SENTENCE_END.split(plain_text)) if sentence]


def split_clauses(sentence: str, says_something: Callable[[Sequence[str]], bool]) -> list[list[str]]:
    """Split a sentence into clauses, each a list of words.

    An ``and`` separates clauses if ``says_something`` is true of the words on both sides.
    """
    clauses = []
    for part in _CLAUSE_END.split(sentence):
        words = split_plain_words(part)
        start = 0
        for position in (index for index, word in enumerate(words) if word == "and"):
            if says_something(words[start:position]) and says_something(words[position + 1 :]):
                clauses.append(words[start:position])
                start = position + 1
        clauses.append(words[start:])
    return [clause for clause in clauses if clause]


def split_plain_words(text: str) -> list[str]:
    """Return the words and numbers of a normalized text, in order, without punctuation."""
    return [word for word in _WORD.findall(text) if word not in ".,"]

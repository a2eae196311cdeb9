"""Read what a sentence claims: about which jurisdictions, of what kind, with which polarity, certainty, scope, time and numbers.

Nothing is guessed. A clause that these rules do not read is an ``UnreadClause`` with the reason. Source: docs/rules.md,
"How a sentence is read".
"""

from collections.abc import Callable, Collection, Sequence, Set
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from legal.rules.sentences import lexicon
from legal.rules.sentences.places import FoundNames, NameIndex, find_names, names_locality
from legal.rules.sentences.quantities import StatedPeriod, StatedQuantity, find_periods, find_quantities
from legal.rules.sentences.text import normalize_sentence, split_clauses, split_plain_words, split_sentences
from legal.vocabulary import NATION_CODE, AgencyClass, Reach, SentenceTopic, Unit

MAX_SENTENCE_LENGTH = 1000
"""The most characters of a text that is checked."""
MAX_SENTENCES = 5
"""The most sentences of a text that is checked."""
MAX_UNREAD_WORDS = 1
"""How many words of a clause may be unknown before the clause counts as not understood."""
_ACTIVITY_UNITS = (Unit.ARRESTS, Unit.ENCOUNTERS, Unit.REMOVALS, Unit.PEOPLE, Unit.HOURS)


class Effect(StrEnum):
    """The effect on agreements that a law, bill, order or opinion is said to have."""

    BAN = "ban"
    END = "end"
    LIMIT = "limit"


class BillStep(StrEnum):
    """The step that a bill is said to have taken."""

    PENDING = "pending"
    INTRODUCTION = "introduced"
    PASSAGE = "passed"
    SIGNATURE = "signed"
    FAILURE = "failed"


class SuitStep(StrEnum):
    """The step that a suit is said to have reached."""

    FILING = "filed"
    SETTLEMENT = "settled"
    DECISION = "decided"


@dataclass(frozen=True, slots=True)
class ReadClaim:
    """A claim about each jurisdiction in ``codes``, as a clause makes it.

    ``unread_words`` are those that the rules do not know, so that nothing was held against them. ``is_weakened`` means that a
    word in it (only, first, one chamber) says more than the rules check.
    """

    text: str
    codes: tuple[str, ...]
    topic: SentenceTopic
    is_negative: bool = False
    is_hedged: bool = False
    is_future: bool = False
    is_universal: bool = False
    is_weakened: bool = False
    is_of_roster: bool = False
    effect: Effect | None = None
    bill_step: BillStep = BillStep.PENDING
    suit_step: SuitStep = SuitStep.FILING
    agency_class: AgencyClass | None = None
    reach: Reach | None = None
    is_binding: bool = False
    period: StatedPeriod | None = None
    quantities: tuple[StatedQuantity, ...] = ()
    metric_words: frozenset[str] = frozenset()
    unread_words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UnreadClause:
    """A clause that is not understood: its text, the reason in words, and the jurisdictions that it names."""

    text: str
    reason: str
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TextReading:
    """The clauses of a text, in order, and the one day that it names; null if it names none."""

    clauses: tuple[ReadClaim | UnreadClause, ...]
    day: date | None


def read_text(text: str, index: NameIndex, today: date) -> TextReading:
    """Read the clauses of a text. A day that it names must not be later than ``today``, the day that is asked about."""
    sentences = split_sentences(normalize_sentence(text))
    clauses: list[ReadClaim | UnreadClause] = []
    for sentence in sentences:
        context_words: frozenset[str] = frozenset()
        for words in split_clauses(sentence, lambda words: _is_complete(words, index)):
            clause = _read_clause(words, sentence, context_words, index, today)
            clauses.append(clause)
            context_words = context_words | frozenset(words)
    days = {clause.period.last for clause in clauses if isinstance(clause, ReadClaim) and clause.period and clause.period.is_day}
    if len(days) > 1:
        reason = "It names several days. Check one day at a time."
        return TextReading(tuple(UnreadClause(clause.text, reason, clause.codes) for clause in clauses), None)
    return TextReading(tuple(clauses) or (UnreadClause(text.strip(), "It has no words."),), next(iter(days), None))


def find_named_day(text: str, today: date) -> date | None:
    """Return the one day that a text names; null if it names none or several. A day without a year is the last one by ``today``."""
    periods, _ = find_periods(split_plain_words(normalize_sentence(text)), today)
    days = {period.last for period in periods if period.is_day}
    return days.pop() if len(days) == 1 else None


def count_sentences(text: str) -> int:
    """Return the number of sentences of a text."""
    return len(split_sentences(normalize_sentence(text)))


_VERBS = (
    lexicon.BAN_WORDS
    | lexicon.LIMIT_WORDS
    | lexicon.END_WORDS
    | lexicon.REPEAL_WORDS
    | lexicon.REQUIRE_WORDS
    | lexicon.PASS_WORDS
    | lexicon.ISSUE_WORDS
    | lexicon.SUIT_WORDS
    | frozenset(["has", "have", "had", "is", "are", "was", "were", "does", "do", "did"])
)


def _is_complete(words: Sequence[str], index: NameIndex) -> bool:
    """Return whether words name a place or a number, and have a verb: then they can say something by themselves."""
    names = find_names(words, index)
    return bool(names.codes or names.actor_codes or find_quantities(words)[0]) and bool(_VERBS & set(words))


def _read_clause(words: Sequence[str], sentence: str, context_words: Set[str], index: NameIndex, today: date) -> ReadClaim | UnreadClause:
    names = find_names(words, index)
    text = " ".join(words)
    problem = next((reason for reason, applies in _PROBLEMS if applies(words, sentence, names)), None)
    if problem:
        return UnreadClause(text, problem, names.codes)
    periods, period_positions = find_periods(words, today)
    quantities, quantity_positions = find_quantities([("" if at in period_positions else word) for at, word in enumerate(words)])
    used_positions = names.positions | period_positions | quantity_positions
    open_words = [word for at, word in enumerate(words) if at not in used_positions and word]
    vocabulary = frozenset(open_words)
    topic = _find_topic(open_words, quantities)
    codes = _claim_codes(names, quantities)
    reason = _missing_part(topic, codes, frozenset(words) | context_words, quantities, names, periods, today)
    if topic is None or reason:
        return UnreadClause(text, reason or "It makes no claim of a kind that is on file here.", names.codes)
    unread_words = tuple(dict.fromkeys(word for word in open_words if word not in lexicon.WORDS_BY_TOPIC[topic]))
    if len(unread_words) > MAX_UNREAD_WORDS:
        return UnreadClause(text, f"These words are not understood: {', '.join(unread_words[:10])}.", codes)
    return ReadClaim(
        text=text,
        codes=codes,
        topic=topic,
        is_negative=bool(_negation_positions(words, quantity_positions)),
        is_hedged=bool(lexicon.HEDGE_WORDS & vocabulary),
        is_future=bool(lexicon.FUTURE_WORDS & vocabulary) or _has_phrase(words, ("going", "to")),
        is_universal=bool(lexicon.UNIVERSAL_WORDS & vocabulary),
        is_weakened=_is_weakened(topic, words, names, index),
        is_of_roster="roster" in vocabulary or {"ice"} < vocabulary & lexicon.ROSTER_WORDS,
        effect=_find_effect(vocabulary),
        bill_step=_find_bill_step(open_words),
        suit_step=_find_suit_step(vocabulary),
        agency_class=next((term for phrase, term in lexicon.AGENCY_CLASS_PHRASES if _has_phrase(words, phrase)), None),
        reach=Reach.NEW if "new" in vocabulary else Reach.EXISTING if "existing" in vocabulary else None,
        is_binding=any(word == "binding" and words[max(at - 1, 0)] not in ("not", "non") for at, word in enumerate(words)),
        period=periods[0] if periods else None,
        quantities=tuple(quantities),
        metric_words=frozenset(words) & lexicon.METRIC_WORDS | frozenset(words) & {"task", "warrant", "jail"},
        unread_words=unread_words,
    )


_CODE_CHARACTERS = frozenset("<>{}=|\\^~`#@*_")
Problem = tuple[str, Callable[[Sequence[str], str, FoundNames], bool]]


def _has_any(signs: Collection[str]) -> Callable[[Sequence[str], str, FoundNames], bool]:
    return lambda words, sentence, names: any(word in signs for at, word in enumerate(words) if at not in names.positions)


_PROBLEMS: tuple[Problem, ...] = (
    ("It has signs that no sentence has.", lambda words, sentence, names: bool(_CODE_CHARACTERS & set(sentence))),
    (
        "This is a question. Write it as a statement, and its answer is checked.",
        lambda words, sentence, names: sentence.rstrip("\"')").endswith("?") or words[0] in lexicon.QUESTION_OPENERS,
    ),
    (
        "“Washington” may be the state or the capital. Write “Washington state” or “Washington, D.C.”",
        lambda words, sentence, names: names.is_washington_unclear,
    ),
    (
        "It is about a city, a county or a publication. Sentences are checked for states, territories and the nation.",
        lambda words, sentence, names: names_locality(words, names.positions),
    ),
    ("It gives an opinion or a judgment, which no record can confirm.", _has_any(lexicon.OPINION_SIGNS)),
    ("It reports what someone says. Leave that out, and what they say is checked.", _has_any(lexicon.ATTRIBUTION_SIGNS)),
    (
        "It states a condition. Write what is so.",
        lambda words, sentence, names: (
            _has_any(lexicon.CONDITION_SIGNS - {"would"})(words, sentence, names)
            or ("would" in words and not (lexicon.BILL_WORDS | lexicon.PENDING_WORDS) & set(words))
        ),
    ),
    (
        "It compares or explains, which is not checked. State each part by itself.",
        lambda words, sentence, names: (
            _has_any(lexicon.COMPARISON_SIGNS)(words, sentence, names)
            or any(
                word == "than" and (words[at - 1] not in ("more", "fewer", "less") or not _is_number(words, at + 1))
                for at, word in enumerate(words)
            )
        ),
    ),
    (
        "Its verb turns its meaning around in a way that is not read. Write plainly what is so.",
        lambda words, sentence, names: any(_has_phrase(words, phrase) for phrase in lexicon.UNREAD_VERB_PHRASES),
    ),
    (
        "It has more than one “not.” Write it with one or none.",
        lambda words, sentence, names: len(_negation_positions(words, find_quantities(words)[1])) > 1,
    ),
)
"""What keeps a clause from being read: the reason in words, and when it applies, in the order in which they are tried."""


def _is_number(words: Sequence[str], position: int) -> bool:
    return position < len(words) and (words[position][0] in "0123456789" or words[position] in (*lexicon.NUMBER_WORDS, "half", "a"))


def _has_phrase(words: Sequence[str], phrase: Sequence[str]) -> bool:
    return any(tuple(words[at : at + len(phrase)]) == tuple(phrase) for at in range(len(words)))


def _negation_positions(words: Sequence[str], quantity_positions: Collection[int]) -> list[int]:
    """Return the positions of words that deny. "No more than" is a comparator, "no longer" an end."""
    return [
        at
        for at, word in enumerate(words)
        if word in lexicon.NEGATION_WORDS
        and at not in quantity_positions
        and words[at + 1 : at + 2] != ["longer"]
        and words[at + 1 : at + 2] != ["binding"]
        and not (word == "nor" and "neither" in words[:at])
    ]


def _claim_codes(names: FoundNames, quantities: Sequence[StatedQuantity]) -> tuple[str, ...]:
    if names.codes:
        return names.codes
    if names.actor_codes and len(names.actor_codes) == 1:
        return tuple(names.actor_codes)
    return (NATION_CODE,) if quantities and not names.actor_codes else ()


def _is_elsewhere(names: FoundNames) -> bool:
    """Return whether an actor on file is named together with a jurisdiction where that actor is not on file."""
    return names.actor_codes is not None and not set(names.codes) <= names.actor_codes


_BE_WORDS = frozenset(["is", "are", "was", "were", "be", "been"])
_SUIT_VERBS = frozenset(["sued", "sues", "filed", "files", "settled", "went"])


_LAWMAKERS = frozenset(["attorney", "legislature", "legislators", "lawmakers", "assembly", "senate", "congress"])
_PRESENT_EFFECTS = frozenset(["bans", "bars", "prohibits", "forbids", "outlaws", "ends", "terminates", "abolishes"])
"""What a bill is said to do now, as if it were law."""


def _names_place_at(words: Sequence[str], position: int, index: NameIndex) -> bool:
    """Return whether a place name ends at a position, so that it is the subject of the verb that follows."""
    return any(tuple(words[start : position + 1]) in index.places for start in range(position + 1))


def _is_weakened(topic: SentenceTopic, words: Sequence[str], names: FoundNames, index: NameIndex) -> bool:
    """Return whether a word says more than the rules check: who acts, which one of several, what a bill or order does besides."""
    vocabulary = frozenset(word for at, word in enumerate(words) if at not in names.positions)
    verb = next((at for at, word in enumerate(words) if word in lexicon.BAN_WORDS | lexicon.LIMIT_WORDS | _SUIT_VERBS), 0)
    acts_as_agency = bool(lexicon.AGENCY_WORDS & set(words[:verb])) and not _BE_WORDS & set(words[:verb])
    is_law = topic in (SentenceTopic.BAN, SentenceTopic.BILL, SentenceTopic.ORDER, SentenceTopic.MANDATE)
    effects = bool(vocabulary & lexicon.BAN_WORDS), bool(vocabulary & (lexicon.END_WORDS | lexicon.LIMIT_WORDS))
    return any(
        (
            bool((lexicon.EXCLUSIVE_WORDS | {"house", "chamber", "senate"}) & vocabulary),
            _is_elsewhere(names),
            topic in (SentenceTopic.BAN, SentenceTopic.SUIT) and acts_as_agency,
            topic is SentenceTopic.BAN and bool((lexicon.BODY_WORDS - {"policy", "policies"}) & vocabulary),
            topic is SentenceTopic.SUIT and (verb - 1) in names.positions and _names_place_at(words, verb - 1, index),
            topic is SentenceTopic.ORDER
            and (bool(_LAWMAKERS & vocabulary) or any(_has_phrase(words, (order, "ice")) for order in lexicon.ORDER_WORDS)),
            topic is SentenceTopic.BILL and bool(_PRESENT_EFFECTS & vocabulary) and not {"would", "to", "that", "which"} & vocabulary,
            topic is SentenceTopic.AGREEMENTS
            and bool(vocabulary & {"task", "warrant", "model", "new", "officers", "customs", "act", "law"})
            and not _is_police(words),
            is_law and (words[0] in ("ice", "dhs", "congress") or "federal" in vocabulary),
            topic in (SentenceTopic.BILL, SentenceTopic.ORDER) and not any(effects) and bool(lexicon.JOIN_WORDS & vocabulary),
            topic is SentenceTopic.BILL and all(effects) and "and" not in vocabulary,
        )
    )


def _is_police(words: Sequence[str]) -> bool:
    """Return whether "law" is part of "law enforcement", and nothing else makes a claim about agreements special."""
    return _has_phrase(words, ("law", "enforcement")) and not {"task", "warrant", "model", "new"} & set(words)


def _missing_part(
    topic: SentenceTopic | None,
    codes: Sequence[str],
    words: Set[str],
    quantities: Sequence[StatedQuantity],
    names: FoundNames,
    periods: Sequence[StatedPeriod],
    today: date,
) -> str | None:
    """Return what a clause lacks to be held against the record, in words; null if nothing."""
    is_activity = any(quantity.range.unit in _ACTIVITY_UNITS for quantity in quantities)
    names_agreements = bool(lexicon.OBJECT_WORDS & words) and (
        bool({"287g", "ice", "immigration"} & words) or (bool(quantities) and bool({"agreements", "agreement"} & words))
    )
    names_roster = {"ice"} < words & lexicon.ROSTER_WORDS
    checks = (
        (
            not (names_agreements or is_activity or names_roster or names.names_body),
            "It does not speak of 287(g) agreements, the 287(g) program or a figure on file.",
        ),
        (topic is None, "It makes no claim of a kind that is on file here."),
        (not codes, "It names no state, district or territory."),
        (bool(periods) and periods[0].first > today, "It speaks of a time after the day asked about."),
        (len(periods) > 1, "It names several dates. Check one at a time."),
    )
    return next((reason for is_missing, reason in checks if is_missing), None)


_DONE_ENDS = frozenset(
    ["ended", "terminated", "canceled", "cancelled", "abolished", "voided", "revoked", "withdrew", "withdrawn", "suspended"]
)
"""Words that say an end has come about; an order to end something is not that."""


def _find_topic(words: Sequence[str], quantities: Sequence[StatedQuantity]) -> SentenceTopic | None:
    vocabulary = frozenset(words)
    has_ended = bool(lexicon.REPEAL_WORDS & vocabulary) or "longer" in vocabulary
    is_ban = bool(lexicon.BAN_WORDS & vocabulary)
    ends = bool(lexicon.END_WORDS & vocabulary)
    is_act = _is_enactment(words)
    is_of_legislature = bool(vocabulary & {"legislature", "lawmakers", "legislators", "assembly", "senate", "house"}) and bool(
        vocabulary & (lexicon.PASS_WORDS | lexicon.INTRODUCE_WORDS | lexicon.PENDING_WORDS | lexicon.VETO_WORDS)
    )
    rules = (
        (SentenceTopic.SUIT, bool((lexicon.SUIT_WORDS | lexicon.SETTLE_WORDS) & vocabulary)),
        (SentenceTopic.OPINION, bool(lexicon.OPINION_WORDS & vocabulary)),
        (
            SentenceTopic.BILL,
            bool(lexicon.BILL_WORDS & vocabulary) or is_act or is_of_legislature or _has_phrase(words, ("became", "law")),
        ),
        (SentenceTopic.AGREEMENTS_ENDED, bool(_DONE_ENDS & vocabulary) and not {"be", "that"} & vocabulary),
        (SentenceTopic.ORDER, bool(lexicon.ORDER_WORDS & vocabulary)),
        (SentenceTopic.MANDATE, bool((lexicon.REQUIRE_WORDS - ({"forces"} if "task" in vocabulary else set())) & vocabulary)),
        (SentenceTopic.BAN_ENDED, (is_ban or _names_law(words)) and (has_ended or ends)),
        (SentenceTopic.BAN, is_ban),
        (SentenceTopic.AGREEMENTS_ENDED, ends or has_ended),
        (SentenceTopic.BAN, bool(lexicon.LIMIT_WORDS & vocabulary) and not quantities),
        (SentenceTopic.FIGURE, bool(quantities) and (quantities[0].range.unit in (*_ACTIVITY_UNITS, Unit.PERCENT, Unit.MONTHS))),
        (SentenceTopic.AGREEMENTS, bool((lexicon.AGREEMENT_VERBS | {"there", "lists", "names"}) & vocabulary) or bool(quantities)),
    )
    return next((topic for topic, applies in rules if applies), None)


def _is_enactment(words: Sequence[str]) -> bool:
    """Return whether words say that a law was made: "enacted a ban", "passed a law"."""
    vocabulary = frozenset(words)
    is_signed = bool((lexicon.PASS_WORDS | {"signed", "signs"}) & vocabulary)
    return bool(vocabulary & {"enacted", "enact", "enacts"}) or (is_signed and _names_law(words))


def _names_law(words: Sequence[str]) -> bool:
    """Return whether words speak of a law; "law enforcement" does not."""
    return any(
        word in ("law", "laws", "statute", "statutes") and words[at + 1 : at + 2] != ["enforcement"] for at, word in enumerate(words)
    )


def _find_effect(vocabulary: Set[str]) -> Effect | None:
    effects = ((Effect.BAN, lexicon.BAN_WORDS), (Effect.END, lexicon.END_WORDS), (Effect.LIMIT, lexicon.LIMIT_WORDS))
    return next((effect for effect, words in effects if words & vocabulary), None)


def _find_bill_step(words: Sequence[str]) -> BillStep:
    vocabulary = frozenset(words)
    steps = (
        (BillStep.FAILURE, bool(lexicon.VETO_WORDS & vocabulary)),
        (BillStep.SIGNATURE, bool({"signed", "signs"} & vocabulary) or _is_enactment(words) or _has_phrase(words, ("became", "law"))),
        (BillStep.PASSAGE, bool(lexicon.PASS_WORDS & vocabulary)),
        (BillStep.INTRODUCTION, bool(lexicon.INTRODUCE_WORDS & vocabulary)),
    )
    return next((step for step, applies in steps if applies), BillStep.PENDING)


def _find_suit_step(vocabulary: Set[str]) -> SuitStep:
    if lexicon.SETTLE_WORDS & vocabulary:
        return SuitStep.SETTLEMENT
    return (
        SuitStep.DECISION
        if (lexicon.DECISION_WORDS | {"judge", "judges"} | lexicon.END_WORDS | lexicon.BAN_WORDS) & vocabulary
        else SuitStep.FILING
    )

"""List the words that a sentence is read by. A word in none of these lists is not understood, and the verdict says so.

Source: docs/rules.md, "How a sentence is read".
"""

from legal.vocabulary import AgencyClass, Comparator, SentenceTopic, Unit


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _forms(*verbs: str) -> frozenset[str]:
    """Return the forms of regular verbs; a verb ending in a doubled consonant is given with it: ``bann`` for "ban"."""
    forms: set[str] = set()
    for verb in verbs:
        stem = verb[:-1] if verb.endswith("e") else verb
        base = verb[:-1] if len(verb) > 2 and verb[-1] == verb[-2] and verb not in ("pass",) else verb  # noqa: PLR2004 - a doubled letter
        third_person = f"{base}es" if base.endswith(("s", "sh", "ch")) else f"{base}s"
        forms |= {base, third_person, f"{stem}ed", f"{stem}ing"}
    return frozenset(forms)


BAN_WORDS = _forms("bann", "barr", "prohibit", "outlaw") | _words("forbid forbids forbade forbidden forbidding prohibition")
LIMIT_WORDS = _forms("limit", "restrict", "curtail", "curb") | _words("condition conditions restriction restrictions")
END_WORDS = _forms("end", "terminate", "cancel", "abolish", "void", "revoke", "withdraw", "suspend") | _words(
    "withdrew withdrawn canceled cancelled"
)
REPEAL_WORDS = _forms("repeal", "rescind", "lift", "overturn")
REQUIRE_WORDS = _forms("require", "mandate", "compell", "oblige") | _words("forced forces forcing")
AGREEMENT_VERBS = _forms("sign", "enter", "join", "participate", "partner", "cooperate", "list") | _words(
    "has have had having with hold holds held active effect participation part take takes taking took"
)
BILL_WORDS = _words("bill bills legislation proposal proposals measure")
PENDING_WORDS = _forms("consider", "debate", "weigh") | _words("pending before")
INTRODUCE_WORDS = _forms("introduce", "propose", "file", "sponsor")
PASS_WORDS = _forms("pass", "approve", "vote")
VETO_WORDS = _forms("veto", "reject") | _words("vetoes died dies failed")
LAW_WORDS = _words("law laws statute statutes enacted enact enacts")
ORDER_WORDS = _words("directive directives order orders ordered ordering directed directs directing instructed instructs instructing")
ISSUE_WORDS = _forms("issue", "sign", "announce")
SUIT_WORDS = _forms("sue") | _words("lawsuit lawsuits suit suits litigation court courts judge judges case cases went reached")
SETTLE_WORDS = _forms("settle") | _words("settlement settlements")
DECISION_WORDS = _words("ruled rules ruling struck strikes won wins win lost loses judgment found blocked dismissed")
CHALLENGE_WORDS = _forms("challenge", "question", "contest", "concern") | _words("over against legality lawfulness")
OPINION_WORDS = _words("opinion opinions")
ACTIVITY_WORDS = _words("reported made produced yielded credited led encountered operations sweep traffic stops")
OBJECT_WORDS = _words(
    "287g agreement agreements contract contracts partnership partnerships memorandum memorandums memoranda program programs deal deals"
)
ROSTER_WORDS = _words("ice roster rosters list lists listed names named")

SUBJECT_WORDS = _words(
    "state states statewide agency agencies police sheriff sheriffs department departments office offices local county counties jail jails "
    "immigration customs enforcement authorities officers law jurisdiction jurisdictions troopers it them so act section model task force "
    "forces warrant service nationwide nationally country nation united"
)
BODY_WORDS = _words(
    "governor legislature legislators lawmakers assembly senate house chamber attorney general officials government congress democrats "
    "republicans executive policy policies dhs"
)
"""Who makes law and orders. A sentence that says such a body has agreements, or bans them, says more than is on file."""
AGENCY_WORDS = _words("agency agencies police sheriff sheriffs department departments office offices county counties jail jails troopers")
FUNCTION_WORDS = _words(
    "a an the of in on to with by for and or at from under into across within as that which who whose its their his her they these those this "
    "there is are was were be been being has have had having do does did also still now already currently today s both all any every each about "
    "concerning regarding recently reportedly officially together between new existing other up out through over against binding "
    "nonbinding non advisory certain some number total single set sets alone many throughout during since per"
)
NEGATION_WORDS = _words("not no never none without neither nor nobody")
HEDGE_WORDS = _words("may might could possibly perhaps probably likely apparently allegedly seems appears potentially")
FUTURE_WORDS = _words("will shall plans planning soon")
UNIVERSAL_WORDS = _words("all every each any statewide entirely completely altogether outright")
EXCLUSIVE_WORDS = _words("only sole solely first most largest biggest highest last")

OPINION_SIGNS = _words(
    "should ought must wrong right rightly best worst better worse good bad great safer safe dangerous unfair unjust terrible outrageous "
    "sanctuary unconstitutional immoral illegal legal unlawful lawful smart foolish shameful brave happy sad love loves hate hates"
)
ATTRIBUTION_SIGNS = _words(
    "said say says saying claim claims claimed argue argues argued believe believes believed think thinks thought according told tells warn "
    "warned warns allege alleges alleged insists insisted tweeted suggests suggested"
)
CONDITION_SIGNS = _words("if unless would provided until when whenever")
COMPARISON_SIGNS = _words("unlike like including such because although though despite instead except rather")
"""Words of a relation between things that the record does not hold."""
LOCALITY_SIGNS = _words("city town township village mayor mayors borough parish municipal municipality university college beach post times")
"""Words of a place, office or publication below the state."""
UNREAD_VERB_PHRASES = (
    ("used", "to"),
    ("failed", "to"),
    ("refused", "to"),
    ("declined", "to"),
    ("stopped", "short"),
    ("fell", "short"),
    ("reported", "that"),
)
"""Verbs that turn the meaning of a sentence around, or say who said it, in a way that these rules do not read."""

AGENCY_CLASS_PHRASES = (
    (("county", "sheriffs"), AgencyClass.COUNTY_SHERIFFS),
    (("county", "jails"), AgencyClass.COUNTY_JAILS),
    (("regional", "jails"), AgencyClass.REGIONAL_JAILS),
    (("state", "agencies"), AgencyClass.STATE_AGENCIES),
    (("state", "agency"), AgencyClass.STATE_AGENCIES),
    (("state", "police"), AgencyClass.STATE_AGENCIES),
    (("state", "troopers"), AgencyClass.STATE_AGENCIES),
    (("state", "law", "enforcement"), AgencyClass.STATE_AGENCIES),
    (("troopers",), AgencyClass.STATE_AGENCIES),
    (("local", "police"), AgencyClass.LOCAL_POLICE),
    (("police", "departments"), AgencyClass.LOCAL_POLICE),
    (("sheriffs",), AgencyClass.COUNTY_SHERIFFS),
    (("sheriff",), AgencyClass.COUNTY_SHERIFFS),
)
"""Phrases for a class of agencies; the longest comes first."""

UNIT_WORDS = {
    **dict.fromkeys(_words("agency agencies departments department offices"), Unit.AGENCIES),
    **dict.fromkeys(_words("sheriffs sheriff"), Unit.AGENCIES),
    **dict.fromkeys(
        _words("agreement agreements contract contracts partnership partnerships memorandums memoranda deals"), Unit.AGREEMENTS
    ),
    **dict.fromkeys(_words("jurisdictions jurisdiction communities counties"), Unit.JURISDICTIONS),
    **dict.fromkeys(_words("states state"), Unit.STATES),
    **dict.fromkeys(_words("arrests arrest"), Unit.ARRESTS),
    **dict.fromkeys(_words("encounters encounter"), Unit.ENCOUNTERS),
    **dict.fromkeys(_words("removals deportations"), Unit.REMOVALS),
    **dict.fromkeys(_words("people immigrants persons"), Unit.PEOPLE),
    **dict.fromkeys(_words("percent"), Unit.PERCENT),
    **dict.fromkeys(_words("hours hour"), Unit.HOURS),
    **dict.fromkeys(_words("months month"), Unit.MONTHS),
}
TERRITORY_WORDS = _words("territory territories")
METRIC_WORDS = _words(
    "training takes take lasts overtime cap capped limit term training growth grew grown rose risen increased increase jumped follow follows use "
    "uses jailhouse half"
)

COMPARATOR_PHRASES = (
    (("no", "more", "than"), Comparator.AT_MOST, 0),
    (("no", "fewer", "than"), Comparator.AT_LEAST, 0),
    (("not", "fewer", "than"), Comparator.AT_LEAST, 0),
    (("not", "more", "than"), Comparator.AT_MOST, 0),
    (("more", "than"), Comparator.MORE_THAN, 0),
    (("fewer", "than"), Comparator.AT_MOST, 1),
    (("less", "than"), Comparator.AT_MOST, 1),
    (("at", "least"), Comparator.AT_LEAST, 0),
    (("at", "most"), Comparator.AT_MOST, 0),
    (("up", "to"), Comparator.AT_MOST, 0),
    (("as", "many", "as"), Comparator.AT_MOST, 0),
    (("as", "few", "as"), Comparator.AT_LEAST, 0),
    (("close", "to"), Comparator.NEARLY, 0),
    (("over",), Comparator.MORE_THAN, 0),
    (("above",), Comparator.MORE_THAN, 0),
    (("under",), Comparator.AT_MOST, 1),
    (("below",), Comparator.AT_MOST, 1),
    (("about",), Comparator.ABOUT, 0),
    (("around",), Comparator.ABOUT, 0),
    (("roughly",), Comparator.ABOUT, 0),
    (("approximately",), Comparator.ABOUT, 0),
    (("some",), Comparator.ABOUT, 0),
    (("nearly",), Comparator.NEARLY, 0),
    (("almost",), Comparator.NEARLY, 0),
    (("only",), Comparator.EXACT, 0),
    (("just",), Comparator.EXACT, 0),
    (("exactly",), Comparator.EXACT, 0),
    (("all",), Comparator.EXACT, 0),
)
"""Words before a number, with the comparator and what is taken off the number: "fewer than 10" is at most 9."""

NUMBER_WORDS = {
    word: value
    for value, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
    )
} | dict(zip(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], range(20, 100, 10), strict=True))
MULTIPLIERS = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "dozen": 12}
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("january", "jan"),
            ("february", "feb"),
            ("march", "mar"),
            ("april", "apr"),
            ("may",),
            ("june", "jun"),
            ("july", "jul"),
            ("august", "aug"),
            ("september", "sept", "sep"),
            ("october", "oct"),
            ("november", "nov"),
            ("december", "dec"),
        ),
        start=1,
    )
    for name in names
}
QUESTION_OPENERS = _words("is are was were do does did has have had can could will would should which who what where when why how")
_COMMON_WORDS = frozenset().union(
    *(
        OBJECT_WORDS,
        ROSTER_WORDS,
        SUBJECT_WORDS,
        FUNCTION_WORDS,
        NEGATION_WORDS,
        HEDGE_WORDS,
        FUTURE_WORDS,
        UNIVERSAL_WORDS,
        EXCLUSIVE_WORDS,
    ),
    *(AGREEMENT_VERBS, ("going", "longer")),
)
_EFFECT_WORDS = BAN_WORDS | LIMIT_WORDS | END_WORDS
_BILL_VOCABULARY = frozenset().union(
    *(BILL_WORDS, PENDING_WORDS, INTRODUCE_WORDS, PASS_WORDS, VETO_WORDS, LAW_WORDS, BODY_WORDS, _EFFECT_WORDS),
    ("became", "becomes", "become", "would", "signed", "signs"),
)
WORDS_BY_TOPIC = {
    SentenceTopic.BAN: _COMMON_WORDS | BAN_WORDS | LIMIT_WORDS | LAW_WORDS | BODY_WORDS,
    SentenceTopic.BAN_ENDED: _COMMON_WORDS | BAN_WORDS | END_WORDS | REPEAL_WORDS | LAW_WORDS | BODY_WORDS,
    SentenceTopic.BILL: _COMMON_WORDS | _BILL_VOCABULARY,
    SentenceTopic.ORDER: _COMMON_WORDS | ORDER_WORDS | ISSUE_WORDS | REQUIRE_WORDS | BODY_WORDS | _EFFECT_WORDS,
    SentenceTopic.SUIT: _COMMON_WORDS
    | SUIT_WORDS
    | SETTLE_WORDS
    | DECISION_WORDS
    | CHALLENGE_WORDS
    | INTRODUCE_WORDS
    | PENDING_WORDS
    | BODY_WORDS
    | _EFFECT_WORDS
    | {"federal"},
    SentenceTopic.OPINION: _COMMON_WORDS | OPINION_WORDS | ISSUE_WORDS | CHALLENGE_WORDS | BODY_WORDS | _EFFECT_WORDS,
    SentenceTopic.MANDATE: _COMMON_WORDS | REQUIRE_WORDS | LAW_WORDS | BODY_WORDS,
    SentenceTopic.AGREEMENTS: _COMMON_WORDS | {"file", "dhs", "announced"},
    SentenceTopic.AGREEMENTS_ENDED: _COMMON_WORDS | END_WORDS | REPEAL_WORDS | ORDER_WORDS | BODY_WORDS,
    SentenceTopic.FIGURE: _COMMON_WORDS | METRIC_WORDS | ACTIVITY_WORDS | ISSUE_WORDS | {"dhs"},
}
"""The words that are understood in a clause about each topic. In "Oregon considers a ban", the verb is not."""
ALL_WORDS = frozenset().union(*WORDS_BY_TOPIC.values())
JOIN_WORDS = _words("sign join enter participate cooperate")

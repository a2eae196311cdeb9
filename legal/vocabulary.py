"""Define every closed list of the service: each term with its label and its definition.

This is the only definition of each list. The database's constraints, the schemas, the rules and ``GET /v1/codebook``
are all built from these classes. Labels, definitions and class docstrings are published; if one changes, raise
``CODEBOOK_VERSION``.
"""

from enum import StrEnum
from typing import NamedTuple, Self

CODEBOOK_VERSION = "1.4"
NATION_CODE = "US"
"""Jurisdiction code of the nation. Federal law is the background, so the nation has no posture."""


class Term(StrEnum):
    """A term of a closed list. It equals its own value and has a ``label`` and a ``definition``."""

    label: str
    definition: str

    def __new__(cls, value: str, label: str = "", definition: str = "") -> Self:
        term = str.__new__(cls, value)
        term._value_ = value
        term.label = label
        term.definition = definition
        return term


class JurisdictionType(Term):
    """The type of a jurisdiction. A jurisdiction has the power to make law on cooperation with ICE."""

    STATE = "state", "State", "One of the fifty states."
    DISTRICT = "district", "District", "The District of Columbia."
    TERRITORY = "territory", "Territory", "American Samoa, Guam, the Northern Mariana Islands, Puerto Rico or the US Virgin Islands."
    NATION = "nation", "Nation", "The United States. Federal law is the background of every stance, so the nation has no posture."


class Kind(Term):
    """The kind of a measure. The kind does not imply whether the measure pushes for or against cooperation."""

    BAN = "ban", "Ban", "A law or statewide policy that forbids or restricts 287(g) agreements. Its scope says which ones."
    MANDATE = (
        "mandate",
        "Mandate",
        "A law that calls for cooperation. Its direction says whether it requires cooperation or only favors it.",
    )
    EXECUTIVE_ORDER = (
        "executive_order",
        "Executive order",
        "An order or directive of a president or governor to the agencies under that office.",
    )
    PENDING_BILL = "pending_bill", "Pending bill", "A bill before a legislature or awaiting signature. It is not binding."
    LITIGATION = (
        "litigation",
        "Litigation",
        "A lawsuit over participation or over a measure, including the settlement or judgment that ended it.",
    )
    ACTIVE_AGREEMENTS = (
        "active_agreements",
        "Active agreements",
        "A standing set of 287(g) agreements between ICE and agencies of the jurisdiction.",
    )
    LEGAL_OPINION = "legal_opinion", "Legal opinion", "An opinion of an attorney general or a comparable adviser. It is not binding."
    AUTHORIZATION = "authorization", "Authorization", "A law that allows cooperation and obliges no agency to take part."
    FUNDING = "funding", "Funding", "A law or program that pays for cooperation and obliges no agency to take part."
    UNNAMED_STATES = (
        "unnamed_states",
        "Measures of unnamed states",
        "Measures that a source credits to states without naming the states. The claim is on file with the nation and says nothing about any one state.",
    )


BACKGROUND_KINDS = (Kind.AUTHORIZATION, Kind.FUNDING, Kind.UNNAMED_STATES)
"""Kinds that set no stance. A card has their slots in ``background``."""

STANCE_KINDS = tuple(kind for kind in Kind if kind not in BACKGROUND_KINDS)
"""Kinds that have a slot in a stance, in the order of the slots."""


class Direction(Term):
    """The direction of a measure: whether it pushes for or against cooperation. The kind does not imply the direction."""

    LIMITS = "limits_cooperation", "Limits cooperation", "The measure forbids, ends, narrows or contests cooperation."
    REQUIRES = "requires_cooperation", "Requires cooperation", "The measure obliges agencies to cooperate."
    ENCOURAGES = (
        "encourages_cooperation",
        "Encourages cooperation",
        "The measure allows, invites or funds cooperation, or is itself cooperation, but obliges no state or local agency.",
    )
    NEUTRAL = "neutral", "Neutral", "The measure pushes neither for nor against cooperation."
    MIXED = "mixed", "Mixed", "Some parts of the measure push for cooperation and others against it."


class Phase(Term):
    """The stage in the life of a measure, as its status gives it. ``stands`` is computed from the phase and the dates."""

    NOT_YET = "not_yet", "Not yet", "The measure is not in effect yet."
    STANDING = "standing", "Standing", "The measure is in effect."
    IMPAIRED = "impaired", "Impaired", "The measure is in effect, and something else reduces its effect."
    WINDING_DOWN = "winding_down", "Winding down", "An authority has ordered the measure's end; no source says that it has ended."
    SUSPENDED = "suspended", "Suspended", "The measure exists and has no effect for now."
    ENDED = "ended", "Ended", "The measure is no longer in effect."
    ABSENT = "absent", "Absent", "A source says that there is no such measure."


class Step(NamedTuple):
    """A status of a kind of measure, with its phase and the status that ordinarily comes just before."""

    status: str
    label: str
    definition: str
    phase: Phase
    previous_status: str | None = None


def _reported_absent_step(noun: str) -> Step:
    return Step("reported_absent", "Reported absent", f"A source says that the jurisdiction has no {noun}.", Phase.ABSENT)


def _law_steps(noun: str) -> tuple[Step, ...]:
    return (
        Step("enacted", "Enacted", f"The {noun} has been enacted and has not taken effect.", Phase.NOT_YET),
        Step("in_force", "In force", f"The {noun} is in effect.", Phase.STANDING, "enacted"),
        Step("partly_enjoined", "Partly enjoined", "A court has blocked part of it.", Phase.STANDING, "in_force"),
        Step("enjoined", "Enjoined", "A court has blocked it for now.", Phase.SUSPENDED, "in_force"),
        Step("struck_down", "Struck down", "A court has invalidated it.", Phase.ENDED, "in_force"),
        Step("repealed", "Repealed", "The lawmaker has ended it.", Phase.ENDED, "in_force"),
        Step("expired", "Expired", "Its own term has run out.", Phase.ENDED, "in_force"),
        _reported_absent_step(noun),
    )


LIFECYCLES: dict[Kind, tuple[Step, ...]] = {
    Kind.BAN: _law_steps("ban"),
    Kind.MANDATE: _law_steps("mandate"),
    Kind.EXECUTIVE_ORDER: (
        Step("issued", "Issued", "The order has been signed and has not taken effect.", Phase.NOT_YET),
        Step("in_force", "In force", "The order is in effect.", Phase.STANDING, "issued"),
        Step("partly_enjoined", "Partly enjoined", "A court has blocked part of it.", Phase.STANDING, "in_force"),
        Step("enjoined", "Enjoined", "A court has blocked it for now.", Phase.SUSPENDED, "in_force"),
        Step("struck_down", "Struck down", "A court has invalidated it.", Phase.ENDED, "in_force"),
        Step("rescinded", "Rescinded", "The office that issued it has withdrawn it.", Phase.ENDED, "in_force"),
        Step("superseded", "Superseded", "A later order has replaced it.", Phase.ENDED, "in_force"),
        Step("expired", "Expired", "Its own term has run out.", Phase.ENDED, "in_force"),
        _reported_absent_step("such order"),
    ),
    Kind.PENDING_BILL: (
        Step("proposed", "Proposed", "The bill has been announced or drafted and not introduced.", Phase.NOT_YET),
        Step("pending", "Pending", "The source puts the bill before the legislature and does not say at which step it is.", Phase.STANDING),
        Step("introduced", "Introduced", "The bill has been filed in a chamber.", Phase.STANDING),
        Step("passed_one_chamber", "Passed one chamber", "One chamber has passed the bill.", Phase.STANDING, "introduced"),
        Step(
            "passed_legislature",
            "Passed the legislature",
            "The whole legislature has passed the bill. No source says that it became law, so it does not count as law.",
            Phase.STANDING,
            "passed_one_chamber",
        ),
        Step(
            "signed",
            "Signed",
            "The bill has been signed into law. The law is a measure of its own.",
            Phase.ENDED,
            "passed_legislature",
        ),
        Step("became_law", "Became law", "The bill became law without a signature or over a veto.", Phase.ENDED, "passed_legislature"),
        Step("vetoed", "Vetoed", "The governor vetoed the bill, and the veto was not overridden.", Phase.ENDED, "passed_legislature"),
        Step("failed", "Failed", "The bill was voted down, or had not passed when the session ended.", Phase.ENDED, "introduced"),
        Step("withdrawn", "Withdrawn", "Its sponsors have withdrawn the bill.", Phase.ENDED, "introduced"),
        _reported_absent_step("such bill"),
    ),
    Kind.LITIGATION: (
        Step("announced", "Announced", "A party says that it will sue.", Phase.NOT_YET),
        Step("filed", "Filed", "The suit has been brought, and no source says how it ended.", Phase.STANDING),
        Step("preliminary_relief", "Preliminary relief", "A court has granted relief until it decides.", Phase.STANDING, "filed"),
        Step("settled", "Settled", "The parties have settled, and no source says that the terms no longer bind.", Phase.STANDING, "filed"),
        Step("judgment", "Judgment", "A court has decided, and no source says that the judgment no longer binds.", Phase.STANDING, "filed"),
        Step("on_appeal", "On appeal", "A judgment is before a higher court.", Phase.STANDING, "judgment"),
        Step("dismissed", "Dismissed", "A court has ended the suit without relief.", Phase.ENDED, "filed"),
        Step("dropped", "Dropped", "The plaintiffs have withdrawn the suit.", Phase.ENDED, "filed"),
        Step("terms_ended", "Terms ended", "A settlement or judgment no longer binds.", Phase.ENDED, "filed"),
        _reported_absent_step("such suit"),
    ),
    Kind.ACTIVE_AGREEMENTS: (
        Step("applied", "Applied", "Agencies have asked for agreements that ICE has not signed.", Phase.NOT_YET),
        Step("active", "Active", "The agreements are in effect.", Phase.STANDING),
        Step(
            "impaired",
            "Impaired",
            "The agreements are in effect, and a court, a settlement or an order reduces their effect.",
            Phase.IMPAIRED,
            "active",
        ),
        Step(
            "ordered_to_terminate",
            "Ordered to terminate",
            "An authority has ordered termination; no source says that the agreements have ended.",
            Phase.WINDING_DOWN,
            "active",
        ),
        Step("suspended", "Suspended", "The agreements are on hold.", Phase.SUSPENDED, "active"),
        Step("voided", "Voided", "An agency that signed has withdrawn.", Phase.ENDED, "active"),
        Step("terminated", "Terminated", "The agreements have been terminated.", Phase.ENDED, "active"),
        Step("expired", "Expired", "Their own term has run out.", Phase.ENDED, "active"),
        _reported_absent_step("active agreements"),
    ),
    Kind.LEGAL_OPINION: (
        Step("issued", "Issued", "The opinion has been given, and no source says that it was withdrawn.", Phase.STANDING),
        Step("withdrawn", "Withdrawn", "The office that gave it has withdrawn it.", Phase.ENDED, "issued"),
        Step("superseded", "Superseded", "A later opinion has replaced it.", Phase.ENDED, "issued"),
        _reported_absent_step("such opinion"),
    ),
    Kind.AUTHORIZATION: _law_steps("law"),
    Kind.FUNDING: _law_steps("law"),
    Kind.UNNAMED_STATES: (
        Step("said_to_exist", "Said to exist", "Some states are said to have such measures. None is named.", Phase.STANDING),
        Step(
            "said_to_be_proposed",
            "Said to be proposed",
            "Some states, or officials of them, are said to prepare such measures. None is named.",
            Phase.STANDING,
        ),
        Step(
            "said_to_be_considered",
            "Said to be considered",
            "Officials of some states are said to consider such steps. None is named.",
            Phase.STANDING,
        ),
        Step("named", "Named", "A later source names the states. Their measures are on file with them.", Phase.ENDED, "said_to_exist"),
        _reported_absent_step("such measure in any state"),
    ),
}
"""The statuses of each kind, as steps. A step is listed after the step that ordinarily precedes it."""


class OtherEvent(Term):
    """An event in the life of a measure that is not one of its statuses."""

    ANNOUNCED = "announced", "Announced", "Someone said publicly that a step would follow or had been taken."
    SIGNED = "signed", "Signed", "Agreements were signed, or a document was put into effect."
    AMENDED = "amended", "Amended", "The text of the measure was changed."
    FROZEN = "frozen", "Frozen", "No new agreements were being signed."
    PARTLY_TERMINATED = "partly_terminated", "Partly terminated", "Some of the agreements were ended."
    REPORTED = "reported", "Reported", "A source says that the measure was in effect at that time."
    DEPUTIZED = "deputized", "Deputized", "Officers were authorized to help ICE. The source names no agreement."


class LinkEffect(Term):
    """The effect that one measure has on another, or would have. A link does not say that the effect has come about."""

    ENDS = (
        "ends",
        "Orders or would order the end of",
        "The measure orders the end of the other measure, or would. The link does not say that the other measure has ended.",
    )
    RESTRICTS = "restricts", "Restricts or would restrict", "The measure puts conditions or limits on the other measure, or would."
    BARS = (
        "bars",
        "Bars or would bar",
        "The measure prohibits agreements like those of the other measure, or would. The link does not say what becomes of existing agreements.",
    )
    CHALLENGES = "challenges", "Challenges", "The measure questions or disputes that the other measure is lawful, and decides nothing."
    ENACTS = "enacts", "Enacts", "The measure is the law that the other measure, a bill, became."


class ProvisionType(Term):
    """The type of a provision: a part of a measure, or what somebody found or intends about the measure. No rule reads a provision as a status."""

    TERM = "term", "Term", "A term of a settlement, agreement or program."
    CONCESSION = "concession", "Concession", "Something that a party concedes in a settlement. A concession is not a finding of a court."
    RESTRICTION = "restriction", "Restriction", "A restriction that a party takes on or that a measure imposes."
    CONDITION = "condition", "Condition", "A condition that a measure sets, or would set, for agreements."
    FINDING = (
        "finding",
        "Finding",
        "A finding that a source credits to an overseer or another party. It is theirs and not ours.",
    )
    INTENTION = "intention", "Stated intention", "A plan that somebody stated. It is not a step in the life of the measure."


class AgreementEvent(Term):
    """An event in the life of an agreement, as ICE's rosters show it."""

    SIGNED = "signed", "Signed", "The agreement was signed on this day, according to the last roster that names it."
    LISTED = "listed", "Listed", "The first roster on file that names the agreement was published."
    UNLISTED = "unlisted", "Unlisted", "The first roster that no longer names the agreement was published. No roster says why."
    CORRECTED = "corrected", "Corrected", "A roster was published that lists the agreement in another jurisdiction than the one before."


class Stands(Term):
    """The answer to whether a measure is in effect on a day. Its legal force follows from its kind and status, not from this answer."""

    YES = "yes", "Yes", "The measure is in effect on that day."
    NO = "no", "No", "The measure is not in effect on that day: not yet, or no longer."
    POSSIBLE = "possible", "Possible", "The dates or the sources leave open whether the measure is in effect on that day."
    UNKNOWN = "unknown", "Unknown", "Nothing on file says when the measure is in effect."


class Knowledge(Term):
    """The level of knowledge about one kind of measure in a jurisdiction."""

    PRESENT = "present", "Present", "A measure of this kind is in effect, or the roster in force names agencies of the jurisdiction."
    POSSIBLE = "possible", "Possible", "A measure of this kind may be in effect. Nothing on file makes that certain."
    IMPLIED = "implied", "Implied", "No source reports such a measure, but another measure that is in effect presupposes one."
    ABSENT = (
        "absent",
        "Absent",
        "A cited source says that there is none; or the roster in force names no agency, and nothing more is known.",
    )
    NO_RECORD = (
        "no_record",
        "No record",
        "The documents on file do not say whether there is such a measure. This is not a finding that there is none.",
    )


class Basis(Term):
    """The basis of a date: where it comes from."""

    EXPLICIT = "explicit", "Explicit", "The source prints the date."
    INFERRED = (
        "inferred",
        "Inferred",
        "The date is not printed. The source's own words, the dates of what it reports as past, or ICE's rosters imply it.",
    )
    RELATIVE = "relative", "Relative", "The source gives the date by reference to another dated event."
    UNKNOWN = "unknown", "Unknown", "No source gives the date, and it is not guessed."


class AgencyClass(Term):
    """A class of agencies that a measure can bind."""

    STATE_AGENCIES = "state_agencies", "State agencies", "Agencies under the governor or the state."
    LOCAL_POLICE = "local_police", "Local police", "Municipal and county police departments."
    COUNTY_SHERIFFS = "county_sheriffs", "County sheriffs", "Sheriffs and their offices."
    COUNTY_JAILS = "county_jails", "County jails", "Jails and jail authorities run by a county."
    REGIONAL_JAILS = "regional_jails", "Regional jails", "Jails that several localities share."
    ALL_AGENCIES = "all_agencies", "All agencies", "Every law enforcement agency of the jurisdiction, state and local."


class Reach(Term):
    """The agreements that a measure covers."""

    NEW = "new", "New", "Agreements signed after the measure was made."
    EXISTING = "existing", "Existing", "Agreements that existed when the measure was made."
    BOTH = "both", "Both", "New and existing agreements."


class IdentifierType(Term):
    """The type of an official number that a measure has."""

    BILL = "bill", "Bill", "The number of a bill."
    ORDER = "order", "Order", "The number of an executive order or directive."
    SESSION_LAW = "session_law", "Session law", "The number of an act in the laws of a session."
    CODE = "code", "Code", "A section of a code or statute."
    DOCKET = "docket", "Docket", "The number of a court case."


class Metric(Term):
    """The quantity that a figure counts or measures."""

    PARTICIPATION = (
        "participation",
        "Participation",
        "The number of agencies, jurisdictions or states in the program, or of their agreements.",
    )
    NEW_PARTICIPATION = (
        "new_participation",
        "New participation",
        "The number of agencies or jurisdictions that joined in a period, or of their agreements.",
    )
    GROWTH = "growth", "Growth", "The increase in participation."
    MODEL_SHARE = "model_share", "Share of a model", "The share of agreements that follow one model."
    ARRESTS = "arrests", "Arrests", "The number of arrests credited to the program, or to agencies that help ICE."
    ENCOUNTERS = "encounters", "Encounters", "The number of encounters, or of people who were met and turned over. The unit says which."
    TRAINING_TIME = "training_time", "Training time", "The length of an officer's training."
    OVERTIME_CAP = "overtime_cap", "Overtime cap", "The limit on reimbursed overtime."
    ORDERED_TO_TERMINATE = (
        "ordered_to_terminate",
        "Ordered to terminate",
        "The number of agreements, in any unit, that were ordered to end.",
    )
    VOIDED = "voided", "Voided", "The number of agreements or agencies that withdrew."
    TERM_LIMIT = "term_limit", "Term limit", "The longest term that an agreement may have."
    OTHER = "other", "Other", "Another quantity. The note of its citation says which."


class Unit(Term):
    """The unit of a figure. Figures in different units are never compared or added."""

    AGREEMENTS = "agreements", "Agreements", "Signed agreements. One agency can have several."
    AGENCIES = "agencies", "Agencies", "Law enforcement agencies, whatever the source calls them: departments, offices, authorities."
    JURISDICTIONS = "jurisdictions", "Jurisdictions", "Jurisdictions, if the source uses that word without saying what it counts."
    STATES = "states", "States", "States. The geography says whether territories are included."
    ARRESTS = "arrests", "Arrests", "Arrests, not people: one person can be arrested twice."
    ENCOUNTERS = "encounters", "Encounters", "Encounters: one person can be met more than once."
    REMOVALS = "removals", "Removals", "Removals from the country, not people: one person can be removed twice."
    PEOPLE = "people", "People", "People, not what happened to them: one person can have several encounters, arrests or removals."
    HOURS = "hours", "Hours", "Hours."
    PERCENT = "percent", "Percent", "Hundredths of a whole."
    MONTHS = "months", "Months", "Calendar months."


MEASURED_UNITS = frozenset({Unit.HOURS, Unit.PERCENT, Unit.MONTHS})
"""Units that come in fractions."""
COUNTED_UNITS = frozenset(Unit) - MEASURED_UNITS
"""Units that come in whole numbers."""


class Quantity(Term):
    """The type of number that a figure is. Figures of different types are not paired, except that an estimate is paired with a count."""

    COUNT = "count", "Count", "What the source says was counted, or how much it says there was."
    SHARE = "share", "Share", "A part of a whole, in percent."
    GOAL = "goal", "Goal", "What someone wants to reach. It is not a count, and never paired with one."
    CAP = "cap", "Cap", "The most that a rule allows."
    RATE = "rate", "Rate", "A change in relation to what there was before, or an amount for each unit of time."
    ESTIMATE = "estimate", "Estimate", "What the source puts forward without a count."


class Comparator(Term):
    """The way in which a source hedges a number. The comparator gives the figure's interval, from ``low`` to ``high``."""

    EXACT = (
        "exact",
        "Exact",
        "The number as printed, without a hedge: low and high are the value. If rounded is true, the number is round and may stand for any "
        "that rounds to it.",
    )
    ABOUT = (
        "about",
        "About",
        "Five percent either way: low is 0.95 times the value and high is 1.05 times the value. In counted units, low and high are the "
        "outermost whole numbers in between, and at least one away from the value.",
    )
    MORE_THAN = (
        "more_than",
        "More than",
        "Above the value, with no upper bound. In counted units, low is the next whole number above; "
        "in measured units, low is the value, which itself is not included.",
    )
    AT_LEAST = "at_least", "At least", "The value or more, with no upper bound."
    NEARLY = (
        "nearly",
        "Nearly",
        "Up to five percent below the value: low is 0.95 times the value. In counted units, low is the next whole number above that, and "
        "high the next whole number below the value; in measured units, high is the value.",
    )
    AT_MOST = "at_most", "At most", "The value or less, with no lower bound."


class Cohort(Term):
    """The agreements or agencies that a count includes."""

    ACTIVE_AT = "active_at", "Active at", "Those that were active on the figure's date."
    EVER_SINCE = "ever_since", "Ever since", "All that took part at any time since a start date, which the citation's note gives."
    SIGNED_IN = (
        "signed_in",
        "Signed in",
        "Those that signed in a period, whether or not they still take part. The figure's date is that period.",
    )
    ACTIVE_SIGNED_IN = (
        "active_signed_in",
        "Active and signed in",
        "Those that were active on the figure's date and had signed in its period. Those that signed then and left are not included.",
    )
    ACTIVE_SIGNED_UNDER = (
        "active_signed_under",
        "Active and signed under",
        "Those that were active on the figure's date and had signed under a president, whose term is the figure's period. Those that signed "
        "then and left are not included.",
    )


class Geography(Term):
    """The jurisdictions that a count includes."""

    STATES = "states", "States", "States only."
    STATES_AND_TERRITORIES = "states_and_territories", "States and territories", "States and territories together."
    UNSPECIFIED = "unspecified", "Unspecified", "The source does not say."


class Operation(Term):
    """The calculation that derives a figure from other figures. The calculation is repeated to check the figure."""

    GROWTH = "growth", "Growth", "The percentage by which the second figure exceeds the first."
    SHARE = "share", "Share", "The first figure as a percentage of the second."
    SUM = "sum", "Sum", "The sum of all the figures, which have one unit."


class DerivedVerdict(Term):
    """The result of recomputing a figure from the figures that it is derived from."""

    FOLLOWS = (
        "follows",
        "Follows",
        "The figure's interval contains every result that the other figures allow, at the precision of the printed figure.",
    )
    MAY_FOLLOW = "may_follow", "May follow", "The figure's interval contains some of the results that the other figures allow."
    DOES_NOT_FOLLOW = (
        "does_not_follow",
        "Does not follow",
        "The figure's interval contains none of the results that the other figures allow.",
    )


class Verdict(Term):
    """The result of comparing two figures on one metric and jurisdiction."""

    COMPATIBLE = "compatible", "Compatible", "Both are about the same thing, and both can be true."
    CONTRADICTORY = "contradictory", "Contradictory", "Both are about the same thing on the same date, and they cannot both be true."
    SUCCESSION = "succession", "Succession", "Both are about the same thing on different dates."
    NOT_COMPARABLE = "not_comparable", "Not comparable", "They are about different things."
    UNDERSPECIFIED = "underspecified", "Underspecified", "A source leaves out something that would decide how they compare."


class Dimension(Term):
    """A property in which two figures are compared. The first property that decides gives the verdict."""

    UNIT = "unit", "Unit", "The unit of the figures."
    COHORT = "cohort", "Cohort", "Which agreements or agencies the counts include."
    AGENCY_CLASS = "agency_class", "Agency class", "The class of agencies that is counted."
    GEOGRAPHY = "geography", "Geography", "Which jurisdictions the counts include."
    DATE = "date", "Date", "The dates of the figures."
    COMPARATOR = "comparator", "Comparator", "The intervals that the sources' wording allows. They overlap."
    ROUNDING = "rounding", "Rounding", "A round number, and a number that rounds to it."
    STATEMENT = "statement", "Statement", "What the sources say in words, without a number."
    VALUE = "value", "Value", "The quantities themselves."


class Role(Term):
    """The role of a cited passage for the claim that cites it."""

    SUPPORTS = "supports", "Supports", "The passage says what the claim says."
    CONTRADICTS = "contradicts", "Contradicts", "The passage says something that is incompatible with the claim."
    CONTEXT = "context", "Context", "The passage helps to understand the claim but does not state it."


class SpeechAct(Term):
    """The act that the speaker of a passage performs."""

    ASSERTS = "asserts", "Asserts", "The document says it in its own voice."
    REPORTS = "reports", "Reports", "The document reports the statement of someone else."
    QUOTES = "quotes", "Quotes", "The document quotes someone's own words."
    PREDICTS = "predicts", "Predicts", "The speaker says what will or may happen."
    OPINES = "opines", "Opines", "The speaker gives an opinion."


class OriginType(Term):
    """The type of an origin. An origin is the announcement, record or filing that documents trace back to."""

    OFFICIAL_STATEMENT = (
        "official_statement",
        "Official statement",
        "An announcement or statement that a named official or an agency made on the record, with the terms published with it.",
    )
    OFFICIAL_RECORD = "official_record", "Official record", "A statute, order, vote, opinion, list or database of a public body."
    COURT_FILING = "court_filing", "Court filing", "A filing in a court case. A party's announcement of a case is a party statement."
    PARTY_STATEMENT = "party_statement", "Party statement", "A statement of an organization or person outside government."
    PRESS_REPORT = (
        "press_report",
        "Press report",
        "A news outlet's own reporting, which names no earlier source or only somebody without a name.",
    )


class DocumentType(Term):
    """The type of a document. An article is never a primary source of law."""

    ARTICLE = "article", "Article", "A news article or an account of one."
    INSTRUMENT = "instrument", "Instrument", "The law, order, opinion, agreement or filing itself."
    ROSTER = "roster", "Roster", "A list of agreements published by ICE."


class Serve(Term):
    """The part of a document's text that may be shown."""

    FULL = "full", "Full", "The whole text may be served."
    QUOTE_ONLY = "quote_only", "Quotes only", "Only cited passages may be served."
    NONE = "none", "None", "No text may be served; only pointers and hashes."


class Model(Term):
    """The model of a 287(g) agreement. The model says which immigration functions the agency's officers may perform."""

    JAIL_ENFORCEMENT = (
        "jail_enforcement",
        "Jail enforcement",
        "Officers question and process people who are held in the agency's jail.",
    )
    TASK_FORCE = "task_force", "Task force", "Officers enforce immigration law during their ordinary duties."
    WARRANT_SERVICE_OFFICER = (
        "warrant_service_officer",
        "Warrant service officer",
        "Officers serve ICE's administrative warrants on people who are held in the agency's jail.",
    )


class AgencyType(Term):
    """The type of an agency, as ICE's roster gives it."""

    COUNTY = "county", "County", "An agency of a county or its equivalent."
    MUNICIPALITY = "municipality", "Municipality", "An agency of a city, town or village."
    STATE_AGENCY = "state_agency", "State agency", "An agency of the state or territory."


class AgreementStatus(Term):
    """The status of an agreement on a day, from the rosters in force and from sources that report its end."""

    ACTIVE = "active", "Active", "The participating roster in force on that day names it, and no source says that it has ended since."
    PENDING = (
        "pending",
        "Pending",
        "The pending roster in force on that day names it, and no participating roster of that time or later does.",
    )
    UNLISTED = (
        "unlisted",
        "Unlisted",
        "An earlier participating roster named it and the one in force does not. No roster says why.",
    )
    CORRECTED = (
        "corrected",
        "Corrected",
        "The next participating roster lists it in another jurisdiction, with the same agency, model and day of signature: ICE corrected the state.",
    )
    APPLICATION_UNLISTED = (
        "application_unlisted",
        "Application unlisted",
        "An earlier pending roster named it and the one in force does not; no participating roster has named it. As far as rosters show, it never was an agreement.",
    )
    ENDED = (
        "ended",
        "Ended",
        "A source says that it had ended by that day, and no participating roster dated after its end names it.",
    )


UNKNOWN_JURISDICTION = "unknown"
"""Stands for the jurisdiction of agreements whose state cannot be read, in stored counts and in the ids of their agencies."""


class RosterKind(Term):
    """The kind of a roster. ICE publishes two."""

    PARTICIPATING = "participating", "Participating", "Agencies with a signed agreement."
    PENDING = "pending", "Pending", "Agencies that have asked for an agreement."


class RowOutcome(Term):
    """The outcome of reading one row of a roster's workbook."""

    READ = "read", "Read", "The row was read as printed. At most, blanks were tidied or an N/A was read as blank."
    REPAIRED = "repaired", "Repaired", "Something in the row was corrected to its evident meaning; the row says what."
    SET_ASIDE = "set_aside", "Set aside", "No agreement could be read from the row; the row says why."


class RosterColumn(Term):
    """The known columns of ICE's rosters. The label is the column's usual header."""

    STATE = "state", "STATE", "The state or territory of the agency."
    AGENCY = "agency", "LAW ENFORCEMENT AGENCY", "The agency's name."
    TYPE = "type", "TYPE", "The agency's type."
    COUNTY = "county", "COUNTY", "The agency's county."
    SUPPORT_TYPE = "support_type", "SUPPORT TYPE", "The model of the agreement."
    SIGNED = "signed", "SIGNED", "The day on which the agreement was signed."
    MOA = "moa", "MOA", "A link to the memorandum of agreement."
    ADDENDUM = "addendum", "ADDENDUM", "A link to an addendum to the memorandum."


class Repair(Term):
    """A change that was made to a cell so that it could be read."""

    NO_BREAK_SPACE = "no_break_space", "No-break space", "A no-break space was replaced by a plain space."
    NEWLINE = "newline", "Line break", "A line break or tab was replaced by a space."
    INVISIBLE_CHARACTER = "invisible_character", "Invisible character", "An invisible character was removed."
    OUTER_BLANK = "outer_blank", "Outer blank", "A space before or after the text was removed."
    LETTER_CASE = "letter_case", "Letter case", "A name that was all uppercase or all lowercase was put into title case."
    REPEATED_BLANK = "repeated_blank", "Repeated blank", "Several spaces in a row were replaced by one."
    CURLY_QUOTE = "curly_quote", "Curly quote", "A typographic apostrophe, quote or accent was replaced by the straight one."
    MISSPELLING = "misspelling", "Misspelling", "A misspelling on the list of known ones was corrected."
    OTHER_WORDING = (
        "other_wording",
        "Other wording",
        "Another wording on the list of known ones, or other punctuation or spacing, was replaced by the usual wording.",
    )
    NEAREST_STATE = (
        "nearest_state",
        "Nearest state",
        "A state misspelled in a way that no list has was read as the one state at a small distance, or as the one that the county or the agency confirms.",
    )
    ERROR_CELL = (
        "error_cell",
        "Error cell",
        "A spreadsheet error, such as #N/A, or a formula without a value was read as blank.",
    )
    DATE_AS_TEXT = "date_as_text", "Date as text", "A date typed as text was read, month first."
    DATE_WITHOUT_SLASH = "date_without_slash", "Date without a slash", "A date that lacks a separator was read."
    DAY_FIRST = "day_first", "Day first", "A date was read day first, because its first number cannot be a month."
    TWO_DIGIT_YEAR = "two_digit_year", "Two-digit year", "A two-digit year was expanded to the only year possible under 287(g)."
    SERIAL_NUMBER = "serial_number", "Serial number", "A spreadsheet serial number was read as the date that it represents."
    TIME_OF_DAY = "time_of_day", "Time of day", "A time of day next to the date was removed."
    YEAR_DIGIT = (
        "year_digit",
        "Digit of the year",
        "A year in the future was corrected to the only possible year that a single typing error explains.",
    )
    LINK_UNWRAPPED = (
        "link_unwrapped",
        "Link unwrapped",
        "The address was extracted from the link of a mail scanner or viewer that had wrapped it.",
    )
    URL_ENCODED = "url_encoded", "Address encoded", "Spaces and other characters that are not allowed in an address were percent-encoded."
    FORMER_COUNTY = "former_county", "Former county", "A former county was mapped to its single successor."


class Flag(Term):
    """A problem with a cell or row. The row is kept; a value that cannot be read is shown as printed, and a flagged county gets no code."""

    NOT_A_DATE = "not_a_date", "Not a date", "The cell cannot be read as one date."
    BEFORE_PROGRAM = "before_program", "Before the program", "The date is earlier than the law that allows agreements."
    AFTER_LIST = "after_list", "After the list", "The date is later than the roster's own date."
    LONG_BEFORE_LISTING = (
        "long_before_listing",
        "Long before the listing",
        "The date is long before the first roster that lists the agreement, and the roster before that one does not. The year may be wrong.",
    )
    NOT_A_LINK = "not_a_link", "Not a link", "The cell has neither an address nor a word that says why there is none."
    UNKNOWN_WORD = "unknown_word", "Unknown word", "The text is not one of the known words for this column."
    REPEATS_ROW = "repeats_row", "Repeats a row", "An earlier row names the same agreement. The printed value is the number of that row."
    STATE_INFERRED = "state_inferred", "State inferred", "The state is misspelled in a way that no list has. It was repaired."
    STATE_UNKNOWN = (
        "state_unknown",
        "State unknown",
        "The printed state cannot be read as one jurisdiction. The agreement counts, and its jurisdiction is unknown.",
    )
    COUNTY_FORMER = "county_former", "Former county", "The county was divided among several counties."
    COUNTY_AMBIGUOUS = "county_ambiguous", "Ambiguous county", "A county and a city of the state have the same name."
    COUNTY_SEVERAL = "county_several", "Several counties", "The cell names several counties."
    COUNTY_ELSEWHERE = "county_elsewhere", "County of another state", "The state has no such county, but another state does."
    COUNTY_UNKNOWN = "county_unknown", "Unknown county", "No state has such a county."


class CountyReading(Term):
    """The way in which a printed county was found in the table of counties. Only the first three can give a county code."""

    EXACT = "exact", "Exact", "It is the county's name, apart from case, spacing, accents and words such as County or Parish."
    MISSPELT = "misspelt", "Misspelled", "A misspelling on the list of known ones was read as the county that it stands for."
    FORMER = "former", "Former", "It is a former county. It gets the code of its successor if there is only one."
    AMBIGUOUS = "ambiguous", "Ambiguous", "A county and a city of the state have the same name."
    SEVERAL = "several", "Several", "The cell names several counties."
    ELSEWHERE = "elsewhere", "Elsewhere", "The state has no such county, but another state does."
    UNKNOWN = "unknown", "Unknown", "No state has such a county."
    MISSING = "missing", "Missing", "The cell is blank or says that there is no county."


class RosterVerdict(Term):
    """The result of comparing a reported figure with the roster in force on its date."""

    MATCHES = "matches", "Matches", "The figure allows the roster's count in the unit that the source names."
    ROUNDS_TO = "rounds_to", "Rounds to", "The roster's count in that unit, rounded as the figure is, gives the figure."
    OFF_BY = (
        "off_by",
        "Off by",
        "The roster's count in that unit does not match the figure but is close to it; `off_by` has the difference.",
    )
    MATCHES_OTHER_UNIT = (
        "matches_other_unit",
        "Matches another unit",
        "The number holds for the roster's count in matched_unit, and not for the unit that the source names. fit says how closely.",
    )
    DIFFERS = "differs", "Differs", "No count of the roster is close to the figure, in any unit."
    NO_ROSTER = "no_roster", "No roster", "No roster on file is close enough to the figure's date, or the figure has no date."


class SentenceVerdict(Term):
    """The verdict on a sentence that is held against the record on a day."""

    SUPPORTED = "supported", "Supported", "What is certain on file for the day says so, in every part."
    PARTLY = (
        "partly",
        "Partly so",
        "Part of it is so; or it may be so; or it is so of another unit, date, class of agencies or degree of certainty.",
    )
    CONTRADICTED = (
        "contradicted_as_stated",
        "Contradicted as stated",
        "What is on file for the day says otherwise. That is no finding that no other source could say so.",
    )
    NO_RECORD = (
        "no_record",
        "No record",
        "The sentence is understood, and nothing on file for the day says it or says otherwise. That is no finding that it is wrong.",
    )
    NOT_UNDERSTOOD = (
        "not_understood",
        "Not understood",
        "The rules cannot read the sentence, or it is no claim that a record can hold. The reason says what would help.",
    )


class SentenceTopic(Term):
    """The topic of a clause of a sentence."""

    BAN = "ban", "A ban or limit in force", "A law, policy or order that bars or limits agreements."
    BAN_ENDED = "ban_ended", "The end of a ban", "That a law, policy or order that bars agreements is no longer in force."
    BILL = "bill", "A bill", "A bill that would limit agreements, and the step that it has taken."
    ORDER = "executive_order", "An executive order", "An order or directive of a governor or the president."
    SUIT = "litigation", "A suit", "A suit, a settlement or a decision of a court."
    OPINION = "legal_opinion", "A legal opinion", "An opinion of an attorney general."
    MANDATE = "mandate", "A duty to cooperate", "A law that requires agencies to cooperate or to sign."
    AGREEMENTS = "agreements", "Agreements", "That agencies have agreements, or how many do."
    AGREEMENTS_ENDED = "agreements_ended", "The end of agreements", "That agreements have ended or been voided, or how many have."
    FIGURE = "figure", "A number", "A number of something else: arrests, hours, a share."


class EntityType(Term):
    """The type of an entity on the record."""

    ORIGIN = "origin", "Origin", "The announcement, record, filing or reporting that documents trace back to."
    DOCUMENT = "document", "Document", "Something published that was read."
    MEASURE = "measure", "Measure", "One legal instrument, proceeding or standing set of agreements."
    FIGURE = "figure", "Figure", "One reported quantity."
    CONTRADICTION = "contradiction", "Contradiction", "Statements of sources that contradict one another in words, without a number."
    ROSTER = "roster", "Roster", "A list published by ICE: one row for each agreement of an agency under a model."
    AGENCY = "agency", "Agency", "A law enforcement agency that a roster names."
    RENAME = "rename", "Rename", "Two names under which rosters list one agency."


LOGGED_ENTITIES = tuple(entity_type for entity_type in EntityType if entity_type is not EntityType.AGENCY)
"""Types that are published in versions and logged. Agencies are not: they are derived from the rows of rosters."""


class Action(Term):
    """The action of a revision on an entity."""

    CREATE = "create", "Created", "It was put on file, for the first time or again."
    AMEND = "amend", "Amended", "Some of its fields changed."
    RETRACT = "retract", "Retracted", "It was taken off the record. Its history stays."


class Cause(Term):
    """The cause of a change of the record."""

    WORLD_CHANGED = "world_changed", "The world changed", "Something happened, and the record follows."
    SOURCE_ADDED = "source_added", "A source was added", "We found a source for something that was already so."
    CORRECTION = "correction", "Correction", "The record was wrong."
    RULE_CHANGED = "rule_changed", "A rule changed", "The facts are the same; we apply another rule to them."


class Posture(Term):
    """The short label that the posture rules give to a stance."""

    CONFLICTING_LAW = "conflicting_law", "Law in conflict", "Law or policy in force both limits and requires cooperation."
    BARRED = "barred", "Agreements barred", "Law or policy in force bars all agreements, and none is on file as in effect."
    BARRED_WITH_AGREEMENTS = (
        "barred_with_agreements",
        "Barred, agreements on file",
        "Law or policy in force bars all agreements, and some are on file as in effect.",
    )
    REQUIRED = "required", "Cooperation required", "Law or policy in force requires cooperation."
    LIMITED_WITH_AGREEMENTS = (
        "limited_with_agreements",
        "Limited, agreements on file",
        "Law or policy in force limits some agencies or agreements, and agreements are on file as in effect.",
    )
    LIMITED = (
        "limited",
        "Limited in part",
        "Law or policy in force limits some agencies or agreements, and no agreement is on file as in effect.",
    )
    ACTIVE_RESTRICTED = (
        "active_restricted",
        "Active and restricted",
        "Agreements are on file as in effect, and a settlement or judgment on file as in effect restricts all of them.",
    )
    ACTIVE_CONTESTED = (
        "active_contested",
        "Active and contested",
        "Agreements are on file as in effect, and a pending bill would limit such agreements or a suit or opinion challenges or questions them.",
    )
    ACTIVE = "active", "Active agreements", "Agreements are on file as in effect."
    CONTESTED = (
        "contested",
        "Contested",
        "No agreement is on file as in effect, and a pending bill would limit agreements or a suit or opinion challenges or questions them.",
    )
    ACTIVITY_REPORTED = (
        "activity_reported",
        "Activity reported",
        "Activity credited to the 287(g) program is reported, and no agreement is on file as in effect.",
    )
    ON_FILE = "on_file", "Something on file", "Something is on file, and no other rule applies."
    NONE_LISTED = (
        "none_listed",
        "None listed",
        "The roster in force names no agency, and nothing else is on file for the day. Nothing is known beyond that roster.",
    )
    NO_RECORD = (
        "no_record",
        "No record",
        "The documents on file do not say where the jurisdiction stands on the day. This is not a finding that there is nothing.",
    )


class Confidence(Term):
    """The strength of a claim's sources. A posture has the confidence of the weakest fact that its rule rests on."""

    PRIMARY = "primary", "Primary", "Read from the instrument or the roster itself."
    OFFICIAL_STATEMENT = (
        "official_statement",
        "Official statement",
        "A document that names its publisher, and is not a copy, reports the claim from a statement on the record or a record of a public body.",
    )
    SEVERAL_ORIGINS = "several_origins", "Several origins", "Two or more independent origins say so. Origins of one document are one."
    SINGLE_ORIGIN = "single_origin", "Single origin", "One independent origin says so."
    NONE = "none", "None", "Nothing on file says so."

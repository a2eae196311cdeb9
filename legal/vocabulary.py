"""Every closed list of the service, each word with its label and its definition.

A list lives here and nowhere else: the database's constraints, the schemas, the rules and
``GET /v1/codebook`` are all built from these classes.
"""

from enum import StrEnum
from typing import NamedTuple, Self

CODEBOOK_VERSION = "1.0"
NATION = "US"
"""The code of the place whose law is the background, not a stance."""


class Term(StrEnum):
    """A word of a closed list; it is its own value, and carries ``label`` and ``definition``."""

    label: str
    definition: str

    def __new__(cls, value: str, label: str = "", definition: str = "") -> Self:
        term = str.__new__(cls, value)
        term._value_ = value
        term.label = label
        term.definition = definition
        return term


class JurisdictionType(Term):
    """What sort of place can make law on cooperation."""

    STATE = "state", "State", "One of the fifty states."
    DISTRICT = "district", "District", "The District of Columbia."
    TERRITORY = "territory", "Territory", "American Samoa, Guam, the Northern Mariana Islands, Puerto Rico or the US Virgin Islands."
    NATION = "nation", "Nation", "The United States: federal law is the background, not a stance."


class Kind(Term):
    """What a measure is. The kind says nothing about which way the measure pushes."""

    BAN = "ban", "Ban", "A law or statewide policy that forbids or restricts 287(g) agreements; how far it goes is in its scope."
    MANDATE = (
        "mandate",
        "Mandate",
        "A law that calls for cooperation: it requires it, authorises it or pays for it; which of these is its direction.",
    )
    EXECUTIVE_ORDER = (
        "executive_order",
        "Executive order",
        "An order or directive of a president or governor to the agencies under that office.",
    )
    PENDING_BILL = "pending_bill", "Pending bill", "A bill before a legislature or awaiting signature; it binds nobody."
    LITIGATION = "litigation", "Litigation", "A suit over participation or over a measure, with the settlement or judgment that ended it."
    ACTIVE_AGREEMENTS = (
        "active_agreements",
        "Active agreements",
        "A standing set of 287(g) agreements between ICE and agencies of the place.",
    )
    LEGAL_OPINION = "legal_opinion", "Legal opinion", "An opinion of an attorney general or comparable adviser; it binds nobody."


class Direction(Term):
    """Which way a measure pushes cooperation; never implied by its kind."""

    LIMITS = "limits_cooperation", "Limits cooperation", "It forbids, ends, narrows or contests cooperation."
    REQUIRES = "requires_cooperation", "Requires cooperation", "It obliges agencies to cooperate."
    ENCOURAGES = (
        "encourages_cooperation",
        "Encourages cooperation",
        "It allows, invites, pays for or itself amounts to cooperation, and obliges nobody.",
    )
    NEUTRAL = "neutral", "Neutral", "It pushes neither way."
    MIXED = "mixed", "Mixed", "Parts of it push one way and parts the other."


class Phase(Term):
    """Where in its life a status puts a measure; what ``stands`` is computed from."""

    NOT_YET = "not_yet", "Not yet", "It has not begun to stand."
    STANDING = "standing", "Standing", "It stands."
    IMPAIRED = "impaired", "Impaired", "It stands, with its effect cut down by something else."
    WINDING_DOWN = "winding_down", "Winding down", "Its end has been ordered; no source says that it has ended."
    SUSPENDED = "suspended", "Suspended", "It exists and has no effect for now."
    ENDED = "ended", "Ended", "It no longer stands."
    ABSENT = "absent", "Absent", "A source says that there is none."


class Step(NamedTuple):
    """One status of a kind: its phase, and the step that ordinarily comes just before it."""

    status: str
    label: str
    definition: str
    phase: Phase
    after: str | None = None


def _absent(what: str) -> Step:
    return Step("reported_absent", "Reported absent", f"A source says that the place has no {what}.", Phase.ABSENT)


def _law(word: str) -> tuple[Step, ...]:
    return (
        Step("enacted", "Enacted", f"The {word} has been made and has not taken effect.", Phase.NOT_YET),
        Step("in_force", "In force", f"The {word} is in effect.", Phase.STANDING, "enacted"),
        Step("partly_enjoined", "Partly enjoined", "A court has stopped part of it.", Phase.STANDING, "in_force"),
        Step("enjoined", "Enjoined", "A court has stopped it for now.", Phase.SUSPENDED, "in_force"),
        Step("struck_down", "Struck down", "A court has ended it.", Phase.ENDED, "in_force"),
        Step("repealed", "Repealed", "The lawmaker has ended it.", Phase.ENDED, "in_force"),
        Step("expired", "Expired", "Its own term has run out.", Phase.ENDED, "in_force"),
        _absent(word),
    )


LIFECYCLES: dict[Kind, tuple[Step, ...]] = {
    Kind.BAN: _law("ban"),
    Kind.MANDATE: _law("mandate"),
    Kind.EXECUTIVE_ORDER: (
        Step("issued", "Issued", "Signed, and not in effect yet.", Phase.NOT_YET),
        Step("in_force", "In force", "The order is in effect.", Phase.STANDING, "issued"),
        Step("partly_enjoined", "Partly enjoined", "A court has stopped part of it.", Phase.STANDING, "in_force"),
        Step("enjoined", "Enjoined", "A court has stopped it for now.", Phase.SUSPENDED, "in_force"),
        Step("struck_down", "Struck down", "A court has ended it.", Phase.ENDED, "in_force"),
        Step("rescinded", "Rescinded", "The office that issued it has withdrawn it.", Phase.ENDED, "in_force"),
        Step("superseded", "Superseded", "A later order has taken its place.", Phase.ENDED, "in_force"),
        Step("expired", "Expired", "Its own term has run out.", Phase.ENDED, "in_force"),
        _absent("such order"),
    ),
    Kind.PENDING_BILL: (
        Step("proposed", "Proposed", "Announced or drafted, and not introduced.", Phase.NOT_YET),
        Step("pending", "Pending", "Before the legislature; the source does not say at which step.", Phase.STANDING),
        Step("introduced", "Introduced", "Filed in a chamber.", Phase.STANDING),
        Step("passed_one_chamber", "Passed one chamber", "Passed by one chamber.", Phase.STANDING, "introduced"),
        Step(
            "passed_legislature",
            "Passed the legislature",
            "Passed by the whole legislature; not signed, so not law.",
            Phase.STANDING,
            "passed_one_chamber",
        ),
        Step("signed", "Signed", "Signed into law; the law itself is a measure of its own.", Phase.ENDED, "passed_legislature"),
        Step("became_law", "Became law", "Became law without a signature or over a veto.", Phase.ENDED, "passed_legislature"),
        Step("vetoed", "Vetoed", "Refused by the governor, and the refusal stood.", Phase.ENDED, "passed_legislature"),
        Step("failed", "Failed", "Voted down, or left when the session ended.", Phase.ENDED, "introduced"),
        Step("withdrawn", "Withdrawn", "Taken back by its sponsors.", Phase.ENDED, "introduced"),
        _absent("such bill"),
    ),
    Kind.LITIGATION: (
        Step("announced", "Announced", "A party says that it will sue.", Phase.NOT_YET),
        Step("filed", "Filed", "The suit is before a court.", Phase.STANDING),
        Step("preliminary_relief", "Preliminary relief", "A court has granted relief until it decides.", Phase.STANDING, "filed"),
        Step("settled", "Settled", "The parties have settled, and the terms still bind.", Phase.STANDING, "filed"),
        Step("judgment", "Judgment", "A court has decided, and the judgment still binds.", Phase.STANDING, "filed"),
        Step("on_appeal", "On appeal", "A judgment is before a higher court.", Phase.STANDING, "judgment"),
        Step("dismissed", "Dismissed", "A court has ended the suit without relief.", Phase.ENDED, "filed"),
        Step("dropped", "Dropped", "Those who sued have withdrawn the suit.", Phase.ENDED, "filed"),
        Step("terms_ended", "Terms ended", "A settlement or judgment no longer binds.", Phase.ENDED, "filed"),
        _absent("such suit"),
    ),
    Kind.ACTIVE_AGREEMENTS: (
        Step("applied", "Applied", "Agencies have asked for agreements that ICE has not signed.", Phase.NOT_YET),
        Step("active", "Active", "The agreements are in effect.", Phase.STANDING),
        Step(
            "impaired",
            "Impaired",
            "The agreements exist, with their effect cut down by a court, a settlement or an order.",
            Phase.IMPAIRED,
            "active",
        ),
        Step(
            "ordered_to_terminate",
            "Ordered to terminate",
            "Somebody with the power has ordered their end; no source says that they have ended.",
            Phase.WINDING_DOWN,
            "active",
        ),
        Step("suspended", "Suspended", "The agreements are on hold.", Phase.SUSPENDED, "active"),
        Step("voided", "Voided", "An agency that signed has withdrawn.", Phase.ENDED, "active"),
        Step("terminated", "Terminated", "The agreements have been ended.", Phase.ENDED, "active"),
        Step("expired", "Expired", "Their own term has run out.", Phase.ENDED, "active"),
        _absent("active agreements"),
    ),
    Kind.LEGAL_OPINION: (
        Step("issued", "Issued", "The opinion has been given and not withdrawn.", Phase.STANDING),
        Step("withdrawn", "Withdrawn", "The office that gave it has taken it back.", Phase.ENDED, "issued"),
        Step("superseded", "Superseded", "A later opinion has taken its place.", Phase.ENDED, "issued"),
        _absent("such opinion"),
    ),
}


class OtherEvent(Term):
    """What can happen to a measure beside reaching one of its statuses."""

    ANNOUNCED = "announced", "Announced", "Somebody said publicly that a step would follow or had been taken."
    SIGNED = "signed", "Signed", "Agreements were signed, or a paper put into effect."
    AMENDED = "amended", "Amended", "Its text was changed."
    FROZEN = "frozen", "Frozen", "No new agreements were being signed."
    PARTLY_TERMINATED = "partly_terminated", "Partly terminated", "Some of the agreements were ended."
    REPORTED = "reported", "Reported", "A source says that it stood then."


class AgreementEvent(Term):
    """What ICE's lists tell of an agreement over time."""

    SIGNED = "signed", "Signed", "Signed on this day, as the last list that has it prints."
    LISTED = "listed", "Listed", "The first list on file that has it came out."
    UNLISTED = "unlisted", "Unlisted", "The first list that lacks it came out; no list says why."


class Stands(Term):
    """Whether a measure holds on a day; legal force is its kind and status, not this."""

    YES = "yes", "Yes", "It stands on that day."
    NO = "no", "No", "It does not stand on that day: not yet, or no longer."
    POSSIBLE = "possible", "Possible", "The dates or the sources leave it open whether it stands on that day."
    UNKNOWN = "unknown", "Unknown", "Nothing on file places it in time."


class Knowledge(Term):
    """What a slot of the stance rests on."""

    PRESENT = "present", "Present", "A measure of this kind stands, or may stand."
    IMPLIED = "implied", "Implied", "No source states it; something that stands presupposes it."
    ABSENT = "absent", "Absent", "A source says that there is none, and is cited."
    NO_RECORD = "no_record", "No record", "The documents on file do not say. This is not a finding that there is none."


class Basis(Term):
    """Where a date comes from."""

    EXPLICIT = "explicit", "Explicit", "The source prints the date."
    INFERRED = "inferred", "Inferred", "The source's own words imply it."
    RELATIVE = "relative", "Relative", "The source gives it by reference to another dated thing."
    UNKNOWN = "unknown", "Unknown", "No source gives it, and it is not guessed."


class AgencyClass(Term):
    """Whom a measure can bind."""

    STATE_AGENCIES = "state_agencies", "State agencies", "Agencies under the governor or the state."
    LOCAL_POLICE = "local_police", "Local police", "Municipal and county police departments."
    COUNTY_SHERIFFS = "county_sheriffs", "County sheriffs", "Sheriffs and their offices."
    COUNTY_JAILS = "county_jails", "County jails", "Jails and jail authorities run by a county."
    REGIONAL_JAILS = "regional_jails", "Regional jails", "Jails that several localities share."
    ALL_AGENCIES = "all_agencies", "All agencies", "Every law enforcement agency of the place, state and local."


class Reach(Term):
    """Which agreements a measure is about."""

    NEW = "new", "New", "Agreements that would still be entered into."
    EXISTING = "existing", "Existing", "Agreements that were there when it was made."
    BOTH = "both", "Both", "New and existing agreements alike."


class IdentifierType(Term):
    """What sort of official number a measure carries."""

    BILL = "bill", "Bill", "The number of a bill."
    ORDER = "order", "Order", "The number of an executive order or directive."
    SESSION_LAW = "session_law", "Session law", "The number of an act in a session's laws."
    CODE = "code", "Code", "A section of a code or statute."
    DOCKET = "docket", "Docket", "The number of a case before a court."


class Metric(Term):
    """What a figure counts or measures."""

    PARTICIPATION = "participation", "Participation", "How many take part, in whatever unit."
    NEW_PARTICIPATION = "new_participation", "New participation", "How many joined in a period."
    GROWTH = "growth", "Growth", "By how much participation rose."
    MODEL_SHARE = "model_share", "Share of a model", "What part of the agreements follows one model."
    ARRESTS = "arrests", "Arrests", "How many arrests are credited to agencies that take part."
    ENCOUNTERS = "encounters", "Encounters", "How many people were stopped and handed over."
    TRAINING_TIME = "training_time", "Training time", "How long the training of an officer takes."
    OVERTIME_CAP = "overtime_cap", "Overtime cap", "The ceiling on overtime that is reimbursed."
    ORDERED_TO_TERMINATE = "ordered_to_terminate", "Ordered to terminate", "How many were ordered to end."
    VOIDED = "voided", "Voided", "How many withdrew."
    TERM_LIMIT = "term_limit", "Term limit", "How long an agreement may run."
    OTHER = "other", "Other", "A quantity of another sort; its citation's note says which."


class Unit(Term):
    """The unit of a figure. Two units are never compared or added."""

    AGREEMENTS = "agreements", "Agreements", "Signed agreements; one agency can hold several."
    AGENCIES = "agencies", "Agencies", "Law enforcement agencies, whatever the source calls them: departments, offices, authorities."
    JURISDICTIONS = "jurisdictions", "Jurisdictions", "Jurisdictions, where the source uses that word without saying what it counts."
    STATES = "states", "States", "States, with or without territories as the geography says."
    ARRESTS = "arrests", "Arrests", "Arrests, not people: one person can be arrested twice."
    ENCOUNTERS = "encounters", "Encounters", "Encounters, not people."
    PEOPLE = "people", "People", "Persons."
    HOURS = "hours", "Hours", "Hours."
    PERCENT = "percent", "Per cent", "Hundredths of a whole."
    MONTHS = "months", "Months", "Calendar months."


WHOLE_UNITS = frozenset({Unit.AGREEMENTS, Unit.AGENCIES, Unit.JURISDICTIONS, Unit.STATES, Unit.ARRESTS, Unit.ENCOUNTERS, Unit.PEOPLE})


class Comparator(Term):
    """How the source hedges a figure, and the interval that follows (``rules/figures.py``)."""

    EXACT = "exact", "Exact", "The number as printed: low and high are the value."
    ABOUT = "about", "About", "Five per cent either way: low is 0.95 and high is 1.05 times the value."
    MORE_THAN = (
        "more_than",
        "More than",
        "Above the value, with no upper bound: low is the next whole number in units that are counted, else the value, itself left out.",
    )
    AT_LEAST = "at_least", "At least", "The value or above, with no upper bound."
    NEARLY = (
        "nearly",
        "Nearly",
        "Up to five per cent below: low is 0.95 times the value, high the whole number before it in units that are counted, else the value.",
    )
    AT_MOST = "at_most", "At most", "The value or below, with no lower bound."


class Cohort(Term):
    """Which agreements or agencies a count takes in."""

    ACTIVE_AT = "active_at", "Active at", "Those active on the figure's date."
    EVER_SINCE = "ever_since", "Ever since", "All that took part at any time since a start that the citation's note gives."
    SIGNED_IN = "signed_in", "Signed in", "Those that signed in the period that is the figure's date."


class Geography(Term):
    """What a count of places takes in."""

    STATES = "states", "States", "States only."
    STATES_AND_TERRITORIES = "states_and_territories", "States and territories", "States and territories together."
    UNSPECIFIED = "unspecified", "Unspecified", "The source does not say."


class Operation(Term):
    """How a figure follows from other figures, so that it can be worked out again."""

    GROWTH = "growth", "Growth", "Per cent by which the second figure exceeds the first."
    SHARE = "share", "Share", "Per cent that the first figure is of the second."
    SUM = "sum", "Sum", "All the figures added; they have one unit."


class DerivedVerdict(Term):
    """What working a figure out again gives."""

    FOLLOWS = (
        "follows",
        "Follows",
        "Every quantity that the other figures allow is one that this figure allows, at the precision it is printed in.",
    )
    MAY_FOLLOW = "may_follow", "May follow", "Some quantities that the other figures allow are ones that this figure allows."
    DOES_NOT_FOLLOW = "does_not_follow", "Does not follow", "No quantity that the other figures allow is one that this figure allows."


class Verdict(Term):
    """What two figures on one metric and place say of each other."""

    COMPATIBLE = "compatible", "Compatible", "They speak of the same thing, and both can be so."
    CONTRADICTORY = "contradictory", "Contradictory", "They speak of the same thing on the same date, and cannot both be so."
    SUCCESSION = "succession", "Succession", "They speak of the same thing on different dates."
    NOT_COMPARABLE = "not_comparable", "Not comparable", "They speak of different things."
    UNDERSPECIFIED = "underspecified", "Underspecified", "A source leaves out what would decide it."


class Dimension(Term):
    """What decides how two figures compare."""

    UNIT = "unit", "Unit", "The unit of the figures."
    COHORT = "cohort", "Cohort", "Which agreements or agencies the counts take in."
    AGENCY_CLASS = "agency_class", "Agency class", "Which class of agencies the counts are of."
    GEOGRAPHY = "geography", "Geography", "Which places the counts take in."
    DATE = "date", "Date", "The dates that the figures are of."
    COMPARATOR = "comparator", "Comparator", "How the sources hedge: the intervals meet."
    VALUE = "value", "Value", "The quantities themselves."


class Role(Term):
    """What a cited passage does for the thing that cites it."""

    SUPPORTS = "supports", "Supports", "The passage says so."
    CONTRADICTS = "contradicts", "Contradicts", "The passage says otherwise."
    CONTEXT = "context", "Context", "The passage helps to read it, and does not say so."


class SpeechAct(Term):
    """What the speaker of a passage is doing."""

    ASSERTS = "asserts", "Asserts", "The document says it in its own voice."
    REPORTS = "reports", "Reports", "The document passes on what somebody else says."
    QUOTES = "quotes", "Quotes", "The document gives somebody's words as that person's own."
    PREDICTS = "predicts", "Predicts", "The speaker says what will or may come."
    OPINES = "opines", "Opines", "The speaker judges."


class OriginType(Term):
    """What a document traces back to."""

    OFFICIAL_STATEMENT = (
        "official_statement",
        "Official statement",
        "An announcement or statement that an official or agency made on the record.",
    )
    OFFICIAL_RECORD = "official_record", "Official record", "A statute, order, vote, opinion, list or database of a public body."
    COURT_FILING = "court_filing", "Court filing", "Papers of a case before a court, or its parties' announcement of them."
    PARTY_STATEMENT = "party_statement", "Party statement", "A statement of an organisation or person outside government."
    PRESS_REPORT = "press_report", "Press report", "A news outlet's own reporting, where it names nothing further back."


class DocumentType(Term):
    """What sort of thing a document is. An article is never a primary source of law."""

    ARTICLE = "article", "Article", "A news article or an account of one."
    INSTRUMENT = "instrument", "Instrument", "The law, order, opinion, agreement or filing itself."
    ROSTER = "roster", "Roster", "A list of agreements published by ICE."


class Serve(Term):
    """How much of a document's text may be shown."""

    FULL = "full", "Full", "The whole text may be served."
    QUOTE_ONLY = "quote_only", "Quotes only", "Cited spans may be served."
    NONE = "none", "None", "No text may be served; pointers and hashes only."


class Model(Term):
    """What a 287(g) agreement lets an agency's officers do."""

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
    """What sort of agency ICE's list says that one is."""

    COUNTY = "county", "County", "An agency of a county or its equivalent."
    MUNICIPALITY = "municipality", "Municipality", "An agency of a city, town or village."
    STATE_AGENCY = "state_agency", "State agency", "An agency of the state or territory."


class AgreementStatus(Term):
    """What the lists in force on a day, and the sources that tell of its end, say of an agreement."""

    ACTIVE = "active", "Active", "The list of participating agencies in force that day has it, and no source says that it has ended since."
    PENDING = (
        "pending",
        "Pending",
        "The list of pending agencies in force that day has it, and no later list of participating agencies had it.",
    )
    UNLISTED = "unlisted", "Unlisted", "An earlier list had it and the one in force does not; no list says why."
    ENDED = (
        "ended",
        "Ended",
        "A source says that it had ended by that day, and no list of participating agencies dated after its end has it.",
    )


class RosterKind(Term):
    """Which of ICE's two lists a workbook is."""

    PARTICIPATING = "participating", "Participating", "Agencies with a signed agreement."
    PENDING = "pending", "Pending", "Agencies that have asked for an agreement."


class RowOutcome(Term):
    """What became of one row of a workbook."""

    READ = "read", "Read", "It was read as printed."
    REPAIRED = "repaired", "Repaired", "Something in it was read as what it was evidently meant to be; the row says what."
    SET_ASIDE = "set_aside", "Set aside", "It names no agreement that could be read; the row says why."


class RosterColumn(Term):
    """The columns of ICE's lists that are known, by its own words."""

    STATE = "state", "STATE", "The state or territory of the agency."
    AGENCY = "agency", "LAW ENFORCEMENT AGENCY", "The agency's name."
    TYPE = "type", "TYPE", "What sort of agency it is."
    COUNTY = "county", "COUNTY", "The county that it is in."
    SUPPORT_TYPE = "support_type", "SUPPORT TYPE", "The model of the agreement."
    SIGNED = "signed", "SIGNED", "The day of signature."
    MOA = "moa", "MOA", "A link to the memorandum of agreement."
    ADDENDUM = "addendum", "ADDENDUM", "A link to what was added to it."


class Mend(Term):
    """What was done to a cell so that it could be read."""

    NO_BREAK_SPACE = "no_break_space", "No-break space", "A no-break space was taken as a plain one."
    NEWLINE = "newline", "Line break", "A line break or tab was taken as a blank."
    INVISIBLE_CHARACTER = "invisible_character", "Invisible character", "A character that prints nothing was left out."
    OUTER_BLANK = "outer_blank", "Outer blank", "A blank before or after the text was left out."
    LETTER_CASE = "letter_case", "Letter case", "A name all in capitals, or without any, was given those of a name."
    REPEATED_BLANK = "repeated_blank", "Repeated blank", "Several blanks in a row were taken as one."
    CURLY_QUOTE = "curly_quote", "Curly quote", "A typographic apostrophe, quote or accent was taken as the straight one."
    MISSPELLING = "misspelling", "Misspelling", "A misspelling on the written list was taken as the word it stands for."
    OTHER_WORDING = (
        "other_wording",
        "Other wording",
        "Another wording on the written list, or other points and blanks, was taken for the usual one.",
    )
    ERROR_CELL = (
        "error_cell",
        "Error cell",
        "An error of the spreadsheet, such as #N/A, or a formula without its value, was taken as a blank.",
    )
    DATE_AS_TEXT = "date_as_text", "Date as text", "A date typed as text was read, the month first."
    DATE_WITHOUT_SLASH = "date_without_slash", "Date without a slash", "A date that lacks a separator was read."
    DAY_FIRST = "day_first", "Day first", "A date whose first number is no month was read with the day first."
    TWO_DIGIT_YEAR = "two_digit_year", "Two-digit year", "The year was completed to the only one that the program allows."
    SERIAL_NUMBER = "serial_number", "Serial number", "The spreadsheet's count of days was read as the date that it stands for."
    TIME_OF_DAY = "time_of_day", "Time of day", "A time of day beside the date was left out."
    YEAR_DIGIT = "year_digit", "Digit of the year", "A year still to come was read as the only possible one that a single slip leads to."
    LINK_UNWRAPPED = "link_unwrapped", "Link unwrapped", "The address that a mail scanner or a viewer had wrapped was taken out of it."
    URL_ENCODED = "url_encoded", "Address encoded", "Blanks and other characters that no address may have were percent-encoded."
    FORMER_COUNTY = "former_county", "Former county", "A county of before was taken as the one county that took it in."


class Doubt(Term):
    """What is odd about a cell or row that is kept: what could not be read stays as printed, a county without its code."""

    NOT_A_DATE = "not_a_date", "Not a date", "It cannot be read as one date."
    BEFORE_PROGRAM = "before_program", "Before the program", "The date is earlier than the law that allows agreements."
    AFTER_LIST = "after_list", "After the list", "The date is later than the list's own."
    NOT_A_LINK = "not_a_link", "Not a link", "There is neither an address nor a word that says why."
    UNKNOWN_WORD = "unknown_word", "Unknown word", "It is none of the words that the column is known to have."
    REPEATS_ROW = "repeats_row", "Repeats a row", "An earlier row names the same agreement; what is printed is its number."
    COUNTY_FORMER = "county_former", "Former county", "It was divided among several counties."
    COUNTY_AMBIGUOUS = "county_ambiguous", "Ambiguous county", "A county and a city of the state share the name."
    COUNTY_SEVERAL = "county_several", "Several counties", "The cell names several counties."
    COUNTY_ELSEWHERE = "county_elsewhere", "County of another state", "The state has no such county, and another state has."
    COUNTY_UNKNOWN = "county_unknown", "Unknown county", "No state has such a county."


class CountyReading(Term):
    """How the county that a list prints was found in the table of counties; only the first three may give its code."""

    EXACT = "exact", "Exact", "It is the county's name; case, blanks, accents and the words for a county aside."
    MISSPELT = "misspelt", "Misspelt", "A misspelling on the written list was taken as the county it stands for."
    FORMER = "former", "Former", "It is a county of before; it has a code where one county took it in."
    AMBIGUOUS = "ambiguous", "Ambiguous", "A county and a city of the state share the name."
    SEVERAL = "several", "Several", "The cell names several counties."
    ELSEWHERE = "elsewhere", "Elsewhere", "The state has no such county, and another state has."
    UNKNOWN = "unknown", "Unknown", "No state has such a county."
    MISSING = "missing", "Missing", "The cell is blank or says so."


class RosterVerdict(Term):
    """How a reported figure compares with the list in force on its date."""

    MATCHES = "matches", "Matches", "The list's count is one that the figure allows."
    ROUNDS_TO = "rounds_to", "Rounds to", "The list's count, rounded as the figure is, gives the figure."
    OFF_BY = "off_by", "Off by", "The list's count is close to the figure and is not it; the check says by how much."
    DIFFERS = "differs", "Differs", "No count of the list is close to the figure."
    NO_LIST = "no_list", "No list", "No list on file was in force on the figure's date."


class Noun(Term):
    """What the record is made of."""

    ORIGIN = "origin", "Origin", "What documents trace back to."
    DOCUMENT = "document", "Document", "Something published that was read."
    MEASURE = "measure", "Measure", "One legal instrument, proceeding or standing set of agreements."
    FIGURE = "figure", "Figure", "One reported quantity."
    ROSTER = "roster", "Roster", "A list published by ICE: one row for each agreement of an agency under a model."
    AGENCY = "agency", "Agency", "A law enforcement agency that a list names."


LOGGED = tuple(noun for noun in Noun if noun is not Noun.AGENCY)
"""What is published in versions, and told in the log; an agency is what the rows of lists make of it."""


class Action(Term):
    """What a revision did to a thing."""

    CREATE = "create", "Created", "It was put on file, or put there again."
    AMEND = "amend", "Amended", "Some of its fields changed."
    RETRACT = "retract", "Retracted", "It was taken off the record; its history stays."


class Cause(Term):
    """Why the record changed."""

    WORLD_CHANGED = "world_changed", "The world changed", "Something happened, and the record follows."
    SOURCE_ADDED = "source_added", "A source was added", "We learned something that was so before."
    CORRECTION = "correction", "Correction", "We were wrong."
    RULE_CHANGED = "rule_changed", "A rule changed", "We read the same facts by another rule."


class Posture(Term):
    """The one-word reading of a stance by the posture rules (``rules/posture.py``)."""

    CONFLICTING_LAW = "conflicting_law", "Law in conflict", "Law in force both limits and requires cooperation."
    BARRED = "barred", "Agreements barred", "Law in force bars all agreements, and none is on file as present."
    BARRED_WITH_AGREEMENTS = (
        "barred_with_agreements",
        "Barred, agreements on file",
        "Law in force bars all agreements, and some are on file as present.",
    )
    REQUIRED = "required", "Cooperation required", "Law in force requires cooperation."
    LIMITED_WITH_AGREEMENTS = (
        "limited_with_agreements",
        "Limited, agreements on file",
        "Law in force limits some agencies or agreements, and agreements are on file as present.",
    )
    LIMITED = "limited", "Limited in part", "Law in force limits some agencies or agreements, and none is on file as present."
    ACTIVE_CONTESTED = (
        "active_contested",
        "Active and contested",
        "Agreements are on file as present, and a bill, suit or opinion would limit them.",
    )
    ACTIVE = "active", "Active agreements", "Agreements are on file as present."
    CONTESTED = "contested", "Contested", "A bill, suit or opinion would limit agreements, and none is on file as present."
    ACTIVITY_REPORTED = "activity_reported", "Activity reported", "Activity under agreements is reported, and no agreement is on file."
    ON_FILE = "on_file", "Something on file", "Something is on file that no other rule reads."
    NO_RECORD = "no_record", "No record", "The documents on file do not say. This is not a finding that there is nothing."


class Confidence(Term):
    """How well the claims behind a posture are sourced; a posture has that of the weakest thing it rests on."""

    PRIMARY = "primary", "Primary", "Read from the instrument or list itself."
    OFFICIAL_STATEMENT = "official_statement", "Official statement", "Said on the record by an official or agency."
    SEVERAL_ORIGINS = "several_origins", "Several origins", "Two or more origins that do not trace back to one another say so."
    SINGLE_ORIGIN = "single_origin", "Single origin", "One origin says so."
    NONE = "none", "None", "Nothing on file says so."

"""The tables of an export: for each noun its columns, its keys, what they point at, and where they are read from."""

from sqlalchemy import String, case, cast, literal, or_

from legal.db.statements import REVISION, seen
from legal.models import Citation, DocumentVersion, Event, FigureVersion, Jurisdiction, MeasureVersion, OriginVersion, Revision
from legal.queries.core import in_effect
from legal.queries.export.roster_tables import AGENCIES, AGREEMENTS, ROSTER_ROWS, ROSTERS
from legal.queries.export.schema import Column, Table, column, date, meant, versioned
from legal.rules.in_effect import STEPS
from legal.vocabulary import (
    AgencyClass,
    Cause,
    Cohort,
    Comparator,
    Direction,
    DocumentType,
    Geography,
    JurisdictionType,
    Kind,
    Metric,
    Model,
    OriginType,
    OtherEvent,
    Posture,
    Reach,
    Role,
    Serve,
    SpeechAct,
    Stands,
    Unit,
)

STATUSES = sorted({status for _, status in STEPS})

PLACE, RECORDED = Jurisdiction.__table__.c, Revision.__table__.c
ORIGIN, DOCUMENT = OriginVersion.__table__.c, DocumentVersion.__table__.c
MEASURE, EVENT = MeasureVersion.__table__.c, Event.__table__.c
FIGURE, CITATION = FigureVersion.__table__.c, Citation.__table__.c

JURISDICTIONS = Table(
    "jurisdictions",
    "The 57 places, with every identifier the field uses for them.",
    ("code",),
    (
        column(PLACE.code, "USPS code."),
        column(PLACE.name, "Name in English."),
        column(PLACE.type, "What sort of place.", terms=JurisdictionType),
        column(PLACE.fips, "FIPS code; text, with its leading zero. Null for the nation."),
        column(PLACE.iso_3166_2, "ISO 3166-2 code."),
        column(PLACE.ocd_id, "Open Civic Data division."),
        column(PLACE.slug, "The name in an address."),
    ),
    lambda chosen: chosen.order_by(PLACE.code),
)
REVISIONS = Table(
    "revisions",
    "Every published change up to the revision of this export.",
    ("number",),
    (
        column(RECORDED.number, "Counts without gaps, in the order of publication."),
        column(RECORDED.recorded_at, "When it was published, in UTC.", type="datetime"),
        column(RECORDED.cause, "Why the record changed.", terms=Cause),
        column(RECORDED.reason, "The reason given."),
        column(RECORDED.actor, "On whose hand."),
        column(RECORDED.rule_pack, "The posture rules in force."),
        column(RECORDED.codebook, "The codebook's version."),
    ),
    lambda chosen: chosen.where(RECORDED.number <= REVISION).order_by(RECORDED.number),
)
ORIGINS = Table(
    "origins",
    "The announcements, records, filings and interviews that documents trace back to.",
    ("id",),
    (
        column(ORIGIN.origin, "Stable identifier.", name="id"),
        column(ORIGIN.type, "What sort of origin.", terms=OriginType),
        column(ORIGIN.title, "What it is called here."),
        column(ORIGIN.issuer, "Who issued it."),
        column(ORIGIN.note, "A remark."),
        *date(ORIGIN, "date", "When it was issued"),
        *versioned(ORIGIN),
    ),
    lambda chosen: chosen.where(seen(ORIGIN)).order_by(ORIGIN.origin),
)
DOCUMENTS = Table(
    "documents",
    "What was read. The texts themselves are not part of the export.",
    ("id",),
    (
        column(DOCUMENT.document, "Stable identifier.", name="id"),
        column(DOCUMENT.type, "What sort of document.", terms=DocumentType),
        column(DOCUMENT.file, "The file's own name as it reached us."),
        column(DOCUMENT.title, "Null where the document prints none."),
        column(DOCUMENT.publisher, "Who published it."),
        column(DOCUMENT.author, "Who wrote it."),
        column(DOCUMENT.republishes, "The publication whose article this is a copy of."),
        *date(DOCUMENT, "published", "When it was published"),
        column(DOCUMENT.url, "Where it was published."),
        column(DOCUMENT.archive_url, "Where it is archived."),
        *date(DOCUMENT, "accessed", "When it was read"),
        column(DOCUMENT.sha256, "Of the file's bytes."),
        column(DOCUMENT.paragraphs, "Non-blank lines."),
        column(DOCUMENT.characters, "Code points; citations point into these."),
        column(ORIGIN.origin, "What it traces back to.", name="origin", to="origins", required=False),
        column(DOCUMENT.serve, "How much of its text may be shown.", terms=Serve),
        column(DOCUMENT.note, "A remark."),
        column(DOCUMENT.set_aside, "Paragraphs that nothing cites, and why."),
        *versioned(DOCUMENT),
    ),
    lambda chosen: (
        chosen.select_from(DocumentVersion.__table__)
        .outerjoin(OriginVersion.__table__, meant(ORIGIN, ORIGIN.origin, DOCUMENT.origin))
        .where(seen(DOCUMENT))
        .order_by(DOCUMENT.document)
    ),
)
MEASURES = Table(
    "measures",
    "Legal instruments, proceedings and standing sets of agreements.",
    ("id",),
    (
        column(MEASURE.measure, "Stable identifier.", name="id"),
        column(MEASURE.jurisdiction, "The place.", to="jurisdictions"),
        column(MEASURE.kind, "What it is.", terms=Kind),
        column(MEASURE.title, "What it is called here."),
        column(MEASURE.summary, "What it does, in our words."),
        column(MEASURE.status, "Where it is in the life of its kind.", terms=STATUSES),
        column(MEASURE.direction, "Which way it pushes cooperation.", terms=Direction),
        column(MEASURE.identifiers, "Official numbers."),
        column(MEASURE.notices, "Public notes on changes."),
        column(MEASURE.binds, "Whom it binds; empty: not said.", name="scope_binds"),
        column(MEASURE.does_not_bind, "Whom a source says it leaves alone.", name="scope_does_not_bind"),
        column(MEASURE.reach, "Which agreements it is about.", name="scope_agreements", terms=Reach),
        column(MEASURE.prohibits_agreements, "Whether it forbids or ends agreements.", name="scope_prohibits_agreements"),
        column(MEASURE.exceptions, "The exceptions stated.", name="scope_exceptions"),
        column(MEASURE.max_term_months, "The longest term it allows, in months.", name="scope_max_term_months"),
        column(MEASURE.implies, "Kinds of measure whose existence this presupposes."),
        column(MEASURE.agreements, "The agreements of ICE's lists that it is about, by id; null where it names none."),
        column(MEASURE.actors, "Who has a part in it."),
        *date(MEASURE, "effective_from", "From when it is effective"),
        *date(MEASURE, "effective_to", "Up to when, that day included"),
        column(MEASURE.begins_earliest, "The first day that may be its first."),
        column(MEASURE.begins_latest, "The day by which it had certainly begun."),
        column(MEASURE.ends, "Whether anything speaks of an end."),
        column(MEASURE.ends_earliest, "The first day that may be the first after its last."),
        column(MEASURE.ends_latest, "The day by which it had certainly ended."),
        *versioned(MEASURE),
        Column("stands", "string", "Whether it stands on the day of the export.", required=True, terms=tuple(map(str, Stands))),
    ),
    lambda chosen: chosen.where(seen(MEASURE)).order_by(MEASURE.measure),
    lambda row, moment: [str(in_effect.on(row, moment.as_of))],
)
EVENTS = Table(
    "events",
    "Dated steps in the lives of measures.",
    ("measure", "position"),
    (
        column(MEASURE.measure, "Whose step.", to="measures"),
        column(EVENT.position, "Counts the measure's steps from 0."),
        column(EVENT.event, "What happened.", terms=sorted({*STATUSES, *OtherEvent})),
        column(EVENT.description, "What happened, in our words."),
        *date(EVENT, "date", "When"),
    ),
    lambda chosen: (
        chosen.select_from(Event.__table__)
        .join(MeasureVersion.__table__, meant(MEASURE, MEASURE.key, EVENT.measure_version))
        .order_by(MEASURE.measure, EVENT.position)
    ),
)
FIGURES = Table(
    "figures",
    "Reported quantities. Two units are never added or compared.",
    ("id",),
    (
        column(FIGURE.figure, "Stable identifier.", name="id"),
        column(FIGURE.jurisdiction, "The place.", to="jurisdictions"),
        column(MEASURE.measure, "The measure it is about, where it is about one that is on file.", to="measures", required=False),
        column(FIGURE.metric, "What is counted.", terms=Metric),
        column(FIGURE.unit, "In what.", terms=Unit),
        column(FIGURE.cohort, "Which of them.", terms=Cohort),
        column(FIGURE.geography, "What a count of places takes in.", terms=Geography),
        column(FIGURE.agency_class, "The class of agencies that is counted, where it is one.", terms=AgencyClass),
        column(FIGURE.model, "The model whose share or number it is, where it is of one.", terms=Model),
        column(FIGURE.derivation, "The figures it follows from, and how.", type="object"),
        column(FIGURE.comparator, "How the source hedges it.", terms=Comparator),
        column(FIGURE.value, "The printed value."),
        column(FIGURE.low, "The least that it allows; null is unbounded."),
        column(FIGURE.high, "The most that it allows; null is unbounded."),
        column(FIGURE.note, "A remark."),
        *date(FIGURE, "date", "The date that the figure is for"),
        column(FIGURE.reported_earliest, "The first day on which it may have been reported."),
        column(FIGURE.reported_latest, "The day by which it had certainly been reported."),
        *versioned(FIGURE),
    ),
    lambda chosen: (
        chosen.select_from(FigureVersion.__table__)
        .outerjoin(MeasureVersion.__table__, meant(MEASURE, MEASURE.measure, FIGURE.measure))
        .where(seen(FIGURE))
        .order_by(FIGURE.figure)
    ),
)
CITED_BY = case((MEASURE.measure.is_not(None), literal("measures/") + MEASURE.measure), else_=literal("figures/") + FIGURE.figure)
CITATIONS = Table(
    "citations",
    "Pointers from measures and figures into documents, with the hash of the span; never its text.",
    ("id",),
    (
        Column(
            "id",
            "string",
            "What cites, and the position there.",
            required=True,
            source=CITED_BY + literal("/") + cast(CITATION.position, String),
        ),
        column(MEASURE.measure, "The measure that cites; null where a figure does.", to="measures", required=False),
        column(FIGURE.figure, "The figure that cites; null where a measure does.", to="figures", required=False),
        column(CITATION.position, "Counts the citations of what cites from 0."),
        column(CITATION.document, "The document that is cited.", to="documents"),
        column(CITATION.paragraph, "Counts the document's non-blank lines from 1."),
        column(CITATION.start, "Offset of the first code point."),
        column(CITATION.end, "Offset after the last code point."),
        column(CITATION.sha256, "Of the span, in UTF-8."),
        column(CITATION.role, "What the passage does for what cites it.", terms=Role),
        column(CITATION.speech_act, "What the speaker is doing.", terms=SpeechAct),
        column(CITATION.attributed_to, "On whose word, nearest first."),
        column(ORIGIN.origin, "What the passage traces back to.", to="origins", required=False),
        column(CITATION.note, "A remark."),
    ),
    lambda chosen: (
        chosen.select_from(Citation.__table__)
        .outerjoin(MeasureVersion.__table__, meant(MEASURE, MEASURE.key, CITATION.measure_version))
        .outerjoin(FigureVersion.__table__, meant(FIGURE, FIGURE.key, CITATION.figure_version))
        .join(DocumentVersion.__table__, meant(DOCUMENT, DOCUMENT.document, CITATION.document))
        .outerjoin(OriginVersion.__table__, meant(ORIGIN, ORIGIN.origin, CITATION.origin))
        .where(or_(MEASURE.key.is_not(None), FIGURE.key.is_not(None)))
        .order_by(MEASURE.measure.is_(None), MEASURE.measure, FIGURE.figure, CITATION.position)
    ),
)
POSTURES = Table(
    "postures",
    "The one-word reading of each place's stance on the day of the export, with the rule that gave it.",
    ("jurisdiction",),
    (
        Column("jurisdiction", "string", "The place; the nation has no posture.", required=True, to="jurisdictions"),
        Column("posture", "string", "The reading.", required=True, terms=tuple(map(str, Posture))),
        Column("label", "string", "The reading in words.", required=True),
        Column("rule", "string", "The rule that gave it.", required=True),
        Column("rule_version", "integer", "The pack that the rule belongs to.", required=True),
        Column("because", "array", "The measures, figures and lists that it rests on.", required=True),
        Column("set_aside", "array", "The others, each with the reason.", required=True),
        Column("could_be", "array", "What it would be if something that is only possible stands.", required=True),
        Column("would_become", "array", "What it would be with each pending bill in force.", required=True),
    ),
    None,
)
TABLES = (
    *(REVISIONS, JURISDICTIONS, ORIGINS, DOCUMENTS, MEASURES, EVENTS, FIGURES, CITATIONS),
    *(ROSTERS, AGENCIES, AGREEMENTS, ROSTER_ROWS, POSTURES),
)
"""In an order in which each points only at those before it."""

"""Define the tables of an export, and the order in which they are written."""

from sqlalchemy import String, and_, case, cast, literal, or_

from legal.db.statements import REVISION, is_version_of, visible_at_revision
from legal.models import (
    Citation,
    ContradictionVersion,
    DocumentVersion,
    Event,
    FigureVersion,
    Jurisdiction,
    MeasureLink,
    MeasureVersion,
    OriginVersion,
    Provision,
    Revision,
)
from legal.queries.core import in_effect
from legal.queries.export.answer_tables import (
    AGENCIES_TABLE,
    AGREEMENTS_TABLE,
    CONFLICTS_TABLE,
    HISTORY_TABLE,
    OTHER_AGREEMENTS_TABLE,
    POSTURES_TABLE,
    ROSTER_CHECKS_TABLE,
    ROSTERS_TABLE,
    SUMMARY_TABLE,
)
from legal.queries.export.roster_tables import ROSTER_ROWS_TABLE
from legal.queries.export.schema import ExportColumn, ExportTable, date_columns, stored_column, version_columns
from legal.rules.conflicts import CONFLICT_VERDICTS
from legal.rules.dates import happened_by
from legal.rules.in_effect import STEPS_BY_STATUS
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
    LinkEffect,
    Metric,
    Model,
    OriginType,
    OtherEvent,
    ProvisionType,
    Quantity,
    Reach,
    Role,
    Serve,
    SpeechAct,
    Stands,
    Unit,
)

_STATUSES = sorted({status for _, status in STEPS_BY_STATUS})

_JURISDICTION, _REVISION_ROW = Jurisdiction.__table__.c, Revision.__table__.c
_ORIGIN, _DOCUMENT = OriginVersion.__table__.c, DocumentVersion.__table__.c
_MEASURE, _EVENT = MeasureVersion.__table__.c, Event.__table__.c
_LINK, _PROVISION, _TARGET = MeasureLink.__table__.c, Provision.__table__.c, MeasureVersion.__table__.alias("target")
_FIGURE, _CITATION, _CONTRADICTION = FigureVersion.__table__.c, Citation.__table__.c, ContradictionVersion.__table__.c

_JURISDICTIONS_TABLE = ExportTable(
    "jurisdictions",
    "The 57 jurisdictions (50 states, DC, five territories and the nation) with their standard identifiers.",
    ("code",),
    (
        stored_column(_JURISDICTION.code, "USPS code; US for the nation."),
        stored_column(_JURISDICTION.name, "Name in English."),
        stored_column(_JURISDICTION.type, "The type of jurisdiction.", terms=JurisdictionType),
        stored_column(_JURISDICTION.fips, "FIPS code, as text with its leading zero. Null for the nation."),
        stored_column(_JURISDICTION.iso_3166_2, "ISO 3166-2 code."),
        stored_column(_JURISDICTION.ocd_id, "Open Civic Data division id."),
        stored_column(_JURISDICTION.slug, "The name as used in URLs."),
        stored_column(_JURISDICTION.revision_from, "The revision that added the jurisdiction.", references="revisions"),
    ),
    lambda statement: statement.where(_JURISDICTION.revision_from <= REVISION).order_by(_JURISDICTION.code),
)
_REVISIONS_TABLE = ExportTable(
    "revisions",
    "All revisions up to the one exported. Each is one published change of the record.",
    ("number",),
    (
        stored_column(_REVISION_ROW.number, "The revision's number: without gaps, in the order of publication."),
        stored_column(_REVISION_ROW.recorded_at, "When the revision was published, in UTC.", type="datetime"),
        stored_column(_REVISION_ROW.cause, "Why the record changed.", terms=Cause),
        stored_column(_REVISION_ROW.reason, "The reason given for the change."),
        stored_column(_REVISION_ROW.actor, "Actor that published the revision."),
        stored_column(_REVISION_ROW.rule_pack, "The version of the posture rules at that revision."),
        stored_column(_REVISION_ROW.codebook, "The version of the codebook at that revision."),
    ),
    lambda statement: statement.where(_REVISION_ROW.number <= REVISION).order_by(_REVISION_ROW.number),
)
_ORIGINS_TABLE = ExportTable(
    "origins",
    "The announcements, records, filings and interviews that documents trace back to.",
    ("id",),
    (
        stored_column(_ORIGIN.origin, "Stable identifier.", name="id"),
        stored_column(_ORIGIN.type, "The type of origin.", terms=OriginType),
        stored_column(_ORIGIN.title, "The title used here for the origin."),
        stored_column(_ORIGIN.issuer, "Who issued the origin."),
        stored_column(_ORIGIN.note, "A note about the origin."),
        *date_columns(_ORIGIN, "date", "When the origin was issued"),
        *version_columns(_ORIGIN),
    ),
    lambda statement: statement.where(visible_at_revision(_ORIGIN)).order_by(_ORIGIN.origin),
)
_DOCUMENTS_TABLE = ExportTable(
    "documents",
    "The documents that were read. The export does not contain their texts.",
    ("id",),
    (
        stored_column(_DOCUMENT.document, "Stable identifier.", name="id"),
        stored_column(_DOCUMENT.type, "The type of document.", terms=DocumentType),
        stored_column(_DOCUMENT.file, "The name of the file as received."),
        stored_column(_DOCUMENT.title, "The printed title. Null: the document has none."),
        stored_column(_DOCUMENT.publisher, "Who published the document."),
        stored_column(_DOCUMENT.author, "Who wrote the document."),
        stored_column(_DOCUMENT.republishes, "The publication whose article this document copies."),
        *date_columns(_DOCUMENT, "published", "When the document was published"),
        stored_column(_DOCUMENT.url, "URL at which the document was published."),
        stored_column(_DOCUMENT.archive_url, "URL of an archived copy."),
        *date_columns(_DOCUMENT, "accessed", "When the document was read"),
        stored_column(_DOCUMENT.sha256, "SHA-256 of the file."),
        stored_column(_DOCUMENT.paragraphs, "The number of non-blank lines."),
        stored_column(_DOCUMENT.characters, "The number of Unicode code points. Citations count offsets in code points."),
        stored_column(_ORIGIN.origin, "The origin that the document traces back to.", name="origin", references="origins", required=False),
        stored_column(_DOCUMENT.serve, "How much of the document's text may be shown.", terms=Serve),
        stored_column(_DOCUMENT.note, "A note about the document."),
        stored_column(_DOCUMENT.set_aside, "Paragraphs that are not cited, with the reason."),
        *version_columns(_DOCUMENT),
    ),
    lambda statement: (
        statement.select_from(DocumentVersion.__table__)
        .outerjoin(OriginVersion.__table__, is_version_of(_ORIGIN, _DOCUMENT.origin))
        .where(visible_at_revision(_DOCUMENT))
        .order_by(_DOCUMENT.document)
    ),
)
_MEASURES_TABLE = ExportTable(
    "measures",
    "Legal instruments, proceedings and standing sets of agreements.",
    ("id",),
    (
        stored_column(_MEASURE.measure, "Stable identifier.", name="id"),
        stored_column(_MEASURE.jurisdiction, "The jurisdiction.", references="jurisdictions"),
        stored_column(_MEASURE.kind, "The kind of measure.", terms=Kind),
        stored_column(_MEASURE.title, "The title used here for the measure."),
        stored_column(_MEASURE.summary, "A summary of what the measure does."),
        stored_column(
            in_effect.STATUS_ON_DAY,
            "The status of the measure on the day of the export, in the life cycle of its kind. Null: it had not begun.",
            name="status",
            terms=_STATUSES,
            required=False,
        ),
        stored_column(_MEASURE.direction, "Whether the measure limits, requires or encourages cooperation.", terms=Direction),
        stored_column(_MEASURE.identifiers, "Official numbers of the measure."),
        stored_column(_MEASURE.notices, "Public notes about changes to this entry."),
        stored_column(_MEASURE.binds, "The classes of agencies that the measure binds. Empty: the sources do not say.", name="scope_binds"),
        stored_column(
            _MEASURE.does_not_bind, "The classes of agencies that a source says the measure does not bind.", name="scope_does_not_bind"
        ),
        stored_column(
            _MEASURE.reach,
            "The agreements that the measure covers: new, existing or both. Null: not stated.",
            name="scope_agreements",
            terms=Reach,
        ),
        stored_column(
            _MEASURE.prohibits_agreements,
            "Whether the measure prohibits or ends agreements. Null: not stated, or not applicable.",
            name="scope_prohibits_agreements",
        ),
        stored_column(_MEASURE.exceptions, "The exceptions that the measure states.", name="scope_exceptions"),
        stored_column(
            _MEASURE.max_term_months, "The longest term of an agreement that the measure allows, in months.", name="scope_max_term_months"
        ),
        stored_column(_MEASURE.implies, "The kinds of measures whose existence this measure presupposes."),
        stored_column(
            _MEASURE.agreements, "The ids of the agreements on ICE's rosters that the measure is about. Null: the sources name none."
        ),
        stored_column(_MEASURE.actors, "The persons and bodies that have a role in the measure."),
        *date_columns(_MEASURE, "effective_from", "The day from which the measure is effective"),
        *date_columns(_MEASURE, "effective_to", "The last day on which the measure is effective"),
        stored_column(_MEASURE.begins_earliest, "The earliest possible first day of the measure's effect."),
        stored_column(_MEASURE.begins_latest, "The day by which the measure's effect had certainly begun."),
        stored_column(_MEASURE.ends, "Whether the record limits the measure's effect in time."),
        stored_column(_MEASURE.ends_earliest, "The earliest possible first day after the measure's effect."),
        stored_column(_MEASURE.ends_latest, "The day by which the measure's effect had certainly ended."),
        stored_column(_MEASURE.certain_until, "The last day on which the evidence makes the measure certain. Null: no limit."),
        stored_column(_MEASURE.last_reported, "The last day on which the newest source of the measure can have been written."),
        *version_columns(_MEASURE),
        stored_column(
            in_effect.IN_EFFECT,
            "Whether the measure is in effect on the day of the export.",
            name="stands",
            terms=Stands,
            required=True,
        ),
    ),
    lambda statement: statement.where(visible_at_revision(_MEASURE)).order_by(_MEASURE.measure),
)
_EVENTS_TABLE = ExportTable(
    "events",
    "The dated events of each measure.",
    ("measure", "position"),
    (
        stored_column(_MEASURE.measure, "The measure that the event belongs to.", references="measures"),
        stored_column(_EVENT.position, "The position among the measure's events, counted from 0."),
        stored_column(_EVENT.event, "The type of event.", terms=sorted({*_STATUSES, *OtherEvent})),
        stored_column(_EVENT.description, "A description of the event."),
        *date_columns(_EVENT, "date", "When the event happened"),
    ),
    lambda statement: (
        statement.select_from(Event.__table__)
        .join(MeasureVersion.__table__, and_(_MEASURE.key == _EVENT.measure_version, visible_at_revision(_MEASURE)))
        .order_by(_MEASURE.measure, _EVENT.position)
    ),
)
_MEASURE_LINKS_TABLE = ExportTable(
    "measure_links",
    "The effects that measures have, or would have, on other measures. A link does not say that the effect has come about.",
    ("measure", "position"),
    (
        stored_column(_MEASURE.measure, "The measure that acts.", references="measures"),
        stored_column(_LINK.position, "The position among the links of the measure that acts, counted from 0."),
        stored_column(_TARGET.c.measure, "The measure that is acted on.", name="acts_on", references="measures"),
        stored_column(_LINK.effect, "What the first measure does to the second, or would do.", terms=LinkEffect),
    ),
    lambda statement: (
        statement.select_from(MeasureLink.__table__)
        .join(MeasureVersion.__table__, and_(_MEASURE.key == _LINK.measure_version, visible_at_revision(_MEASURE)))
        .join(_TARGET, is_version_of(_TARGET.c, _LINK.target))
        .order_by(_MEASURE.measure, _LINK.position)
    ),
)
_PROVISIONS_TABLE = ExportTable(
    "provisions",
    "Terms, concessions, restrictions, conditions, findings and stated intentions that measures report. None is a status.",
    ("measure", "position"),
    (
        stored_column(_MEASURE.measure, "The measure that the provision belongs to.", references="measures"),
        stored_column(_PROVISION.position, "The position among the measure's provisions, counted from 0."),
        stored_column(_PROVISION.type, "The type of provision.", terms=ProvisionType),
        stored_column(_PROVISION.text, "The provision in our own words."),
        stored_column(_PROVISION.by, "Who concedes, found or intends it. Null: not named."),
        *date_columns(_PROVISION, "date", "When it was agreed, found or said"),
    ),
    lambda statement: (
        statement.select_from(Provision.__table__)
        .join(MeasureVersion.__table__, and_(_MEASURE.key == _PROVISION.measure_version, visible_at_revision(_MEASURE)))
        .order_by(_MEASURE.measure, _PROVISION.position)
    ),
)
_FIGURES_TABLE = ExportTable(
    "figures",
    "Reported quantities. Figures with different units are never added or compared.",
    ("id",),
    (
        stored_column(_FIGURE.figure, "Stable identifier.", name="id"),
        stored_column(_FIGURE.jurisdiction, "The jurisdiction.", references="jurisdictions"),
        stored_column(
            _MEASURE.measure,
            "The measure that the figure is about. Null: it is about no measure, or about none on file.",
            references="measures",
            required=False,
        ),
        stored_column(_FIGURE.title, "What the number is. Null in old versions."),
        stored_column(_FIGURE.metric, "What the figure measures.", terms=Metric),
        stored_column(_FIGURE.quantity, "The type of number.", terms=Quantity),
        stored_column(_FIGURE.unit, "The unit.", terms=Unit),
        stored_column(_FIGURE.cohort, "Which agreements or agencies a count includes.", terms=Cohort),
        stored_column(_FIGURE.geography, "Which jurisdictions a count includes.", terms=Geography),
        stored_column(_FIGURE.agency_class, "The class of agencies that is counted. Null: not limited to one class.", terms=AgencyClass),
        stored_column(_FIGURE.model, "The model that is counted or whose share is given. Null: not limited to one model.", terms=Model),
        stored_column(_FIGURE.derivation, "The figures that this figure is derived from, and the operation.", type="object"),
        stored_column(_FIGURE.follows, "The id of the figure at the earlier end of the same statement."),
        stored_column(_FIGURE.printed, "The source's words for the number. Null in old versions."),
        stored_column(
            _FIGURE.comparator,
            "How the source qualifies the value, for example as a minimum. Null: the source prints words and no number.",
            terms=Comparator,
        ),
        stored_column(_FIGURE.value, "The value as printed. Null: the source prints words and no number."),
        stored_column(_FIGURE.rounded, "Whether the value is round and unhedged, so that it may stand for any that rounds to it."),
        stored_column(_FIGURE.low, "The lowest value that the figure allows. Null: no lower bound."),
        stored_column(_FIGURE.high, "The highest value that the figure allows. Null: no upper bound."),
        stored_column(_FIGURE.note, "A note about the figure."),
        *date_columns(_FIGURE, "date", "The date that the figure is for"),
        *date_columns(_FIGURE, "period_from", "The beginning of the period that the figure covers"),
        *date_columns(_FIGURE, "period_to", "The end of the period that the figure covers"),
        stored_column(_FIGURE.reported_earliest, "The earliest day on which the figure may have been reported."),
        stored_column(_FIGURE.reported_latest, "The day by which the figure had certainly been reported."),
        *version_columns(_FIGURE),
        ExportColumn(
            "reported",
            "string",
            "Whether the figure had been reported by the day of the export.",
            required=True,
            terms=tuple(map(str, Stands)),
        ),
    ),
    lambda statement: (
        statement.select_from(FigureVersion.__table__)
        .outerjoin(MeasureVersion.__table__, is_version_of(_MEASURE, _FIGURE.measure))
        .where(visible_at_revision(_FIGURE))
        .order_by(_FIGURE.figure)
    ),
    lambda row, snapshot: [str(happened_by(row["reported_earliest"], row["reported_latest"], snapshot.as_of))],
)
_CONTRADICTIONS_TABLE = ExportTable(
    "contradictions",
    "Statements of sources that contradict one another in words, without a number. The citations have the passages.",
    ("id",),
    (
        stored_column(_CONTRADICTION.contradiction, "Stable identifier.", name="id"),
        stored_column(_CONTRADICTION.jurisdiction, "The jurisdiction.", references="jurisdictions"),
        stored_column(_CONTRADICTION.verdict, "Whether both can be true, or a source leaves it open.", terms=CONFLICT_VERDICTS),
        stored_column(_CONTRADICTION.why, "What each source says, and what is left open."),
        stored_column(_CONTRADICTION.measures, "The ids of the measures that the statements are about."),
        stored_column(_CONTRADICTION.reported_earliest, "The earliest day on which all of the sources may have been published."),
        stored_column(_CONTRADICTION.reported_latest, "The day by which all of the sources had certainly been published."),
        *version_columns(_CONTRADICTION),
    ),
    lambda statement: statement.where(visible_at_revision(_CONTRADICTION)).order_by(_CONTRADICTION.contradiction),
)
_CITING_ENTITY = case(
    (_MEASURE.measure.is_not(None), literal("measures/") + _MEASURE.measure),
    (_FIGURE.figure.is_not(None), literal("figures/") + _FIGURE.figure),
    else_=literal("contradictions/") + _CONTRADICTION.contradiction,
)
_CITATIONS_TABLE = ExportTable(
    "citations",
    "Citations: pointers from measures, figures and contradictions to spans of documents, with the hash of each span and without its text.",
    ("id",),
    (
        ExportColumn(
            "id",
            "string",
            "Stable identifier: the citing measure, figure or contradiction, and the position.",
            required=True,
            source=_CITING_ENTITY + literal("/") + cast(_CITATION.position, String),
        ),
        stored_column(_MEASURE.measure, "The citing measure. Null: something else cites.", references="measures", required=False),
        stored_column(_FIGURE.figure, "The citing figure. Null: something else cites.", references="figures", required=False),
        stored_column(
            _CONTRADICTION.contradiction,
            "The citing contradiction. Null: something else cites.",
            references="contradictions",
            required=False,
        ),
        stored_column(
            _PROVISION.position,
            "The position of the measure's provision that cites. Null: what cites does so as a whole.",
            name="provision",
            required=False,
        ),
        stored_column(_CITATION.position, "The position among the citations of what cites, counted from 0."),
        stored_column(_CITATION.document, "The cited document.", references="documents"),
        stored_column(_CITATION.paragraph, "The paragraph: the document's non-blank lines, counted from 1."),
        stored_column(_CITATION.start, "Offset of the span's first code point."),
        stored_column(_CITATION.end, "Offset after the span's last code point."),
        stored_column(_CITATION.sha256, "SHA-256 of the span in UTF-8."),
        stored_column(
            _CITATION.role, "Whether the passage supports or contradicts the measure or figure that cites it, or gives context.", terms=Role
        ),
        stored_column(_CITATION.speech_act, "Whether the speaker asserts, reports, quotes, predicts or opines.", terms=SpeechAct),
        stored_column(_CITATION.attributed_to, "The speakers to whom the passage attributes the statement, nearest first."),
        stored_column(_ORIGIN.origin, "The origin that the passage traces back to.", references="origins", required=False),
        stored_column(_CITATION.note, "A note about the citation."),
    ),
    lambda statement: (
        statement.select_from(Citation.__table__)
        .outerjoin(MeasureVersion.__table__, and_(_MEASURE.key == _CITATION.measure_version, visible_at_revision(_MEASURE)))
        .outerjoin(Provision.__table__, _PROVISION.key == _CITATION.provision)
        .outerjoin(FigureVersion.__table__, and_(_FIGURE.key == _CITATION.figure_version, visible_at_revision(_FIGURE)))
        .outerjoin(
            ContradictionVersion.__table__, and_(_CONTRADICTION.key == _CITATION.contradiction_version, visible_at_revision(_CONTRADICTION))
        )
        .join(DocumentVersion.__table__, is_version_of(_DOCUMENT, _CITATION.document))
        .outerjoin(OriginVersion.__table__, is_version_of(_ORIGIN, _CITATION.origin))
        .where(or_(_MEASURE.key.is_not(None), _FIGURE.key.is_not(None), _CONTRADICTION.key.is_not(None)))
        .order_by(
            *(_MEASURE.measure.is_(None), _MEASURE.measure, _FIGURE.figure.is_(None), _FIGURE.figure),
            *(_CONTRADICTION.contradiction, _CITATION.position),
        )
    ),
)
EXPORT_TABLES = (
    *(
        _REVISIONS_TABLE,
        _JURISDICTIONS_TABLE,
        _ORIGINS_TABLE,
        _DOCUMENTS_TABLE,
        _MEASURES_TABLE,
        _EVENTS_TABLE,
        _MEASURE_LINKS_TABLE,
        _PROVISIONS_TABLE,
        _FIGURES_TABLE,
        _CONTRADICTIONS_TABLE,
        _CITATIONS_TABLE,
    ),
    *(ROSTERS_TABLE, AGENCIES_TABLE, AGREEMENTS_TABLE, OTHER_AGREEMENTS_TABLE, ROSTER_ROWS_TABLE, SUMMARY_TABLE, HISTORY_TABLE),
    *(POSTURES_TABLE, CONFLICTS_TABLE, ROSTER_CHECKS_TABLE),
)
"""All tables, each after the tables that it references."""

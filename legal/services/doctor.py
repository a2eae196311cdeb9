"""Check what must hold in every record, whichever way its rows came into the database."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, exists, func, or_, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from legal.db.schema import SCHEMA_REVISIONS, load_schema_revision
from legal.models import (
    Agreement,
    Base,
    Change,
    Citation,
    DocumentVersion,
    FigureVersion,
    MeasureVersion,
    RecordEpoch,
    Revision,
    RosterRow,
    RosterVersion,
    SearchEntry,
    SearchWords,
)
from legal.services.publishing import (
    CONTRADICTION_ENTITY,
    DOCUMENT_ENTITY,
    FIGURE_ENTITY,
    MEASURE_ENTITY,
    ORIGIN_ENTITY,
)
from legal.services.rosters.drafts import ROSTER_ENTITY, count_rows
from legal.services.rosters.renaming import RENAME_ENTITY
from legal.services.search_index import load_agency_titles
from legal.services.search_words import list_differing_words
from legal.vocabulary import Action, EntityType

_ENTITIES = (ORIGIN_ENTITY, DOCUMENT_ENTITY, MEASURE_ENTITY, FIGURE_ENTITY, CONTRADICTION_ENTITY, ROSTER_ENTITY, RENAME_ENTITY)
_SEARCHABLE_MODELS = ((EntityType.MEASURE, MeasureVersion), (EntityType.FIGURE, FigureVersion), (EntityType.DOCUMENT, DocumentVersion))
_MAX_NAMED = 5
_RESTORE = "Restore the newest backup that passes `flask doctor`, and publish again what came after it."


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The result of one check: what was found, and what the operator can do if ``is_sound`` is false."""

    name: str
    is_sound: bool
    finding: str
    advice: str = ""


def examine_record(session: Session) -> Iterator[CheckResult]:
    """Yield the result of each check. Without the schema of this release, the first one is the last."""
    schema_result = _check_schema(session)
    yield schema_result
    if schema_result.is_sound:
        for check in (
            _check_database_file,
            _check_epoch,
            _check_revisions,
            _check_open_versions,
            _check_version_order,
            _check_log,
            _check_spans,
            _check_roster_counts,
            _check_search_entries,
            _check_search_words,
            _check_foreign_keys,
        ):
            yield check(session)


def _result(name: str, faults: Sequence[str], finding: str, advice: str) -> CheckResult:
    """Return a result: ``finding`` if there are no faults, else the first of them."""
    if not faults:
        return CheckResult(name, True, finding)
    more = f" … and {len(faults) - _MAX_NAMED} more" if len(faults) > _MAX_NAMED else ""
    return CheckResult(name, False, f"{'; '.join(faults[:_MAX_NAMED])}{more}.", advice)


def _check_schema(session: Session) -> CheckResult:
    revision, needed_revision = load_schema_revision(session), SCHEMA_REVISIONS[-1]
    if revision != needed_revision:
        advice = (
            "Run `flask db upgrade`." if revision is None or revision in SCHEMA_REVISIONS else "Run the release that wrote the database."
        )
        return _result("schema", [f"The database has schema {revision or 'none'} instead of {needed_revision}"], "", advice)
    faults = []
    for table in Base.metadata.sorted_tables:
        try:
            with session.begin_nested():
                session.execute(select(table).limit(0))
        except DBAPIError:
            faults.append(f"the table {table.name} or one of its columns is missing")
    return _result("schema", faults, f"{needed_revision}, with {len(Base.metadata.tables)} tables", _RESTORE)


def _check_database_file(session: Session) -> CheckResult:
    if session.get_bind().dialect.name != "sqlite":
        return CheckResult("database file", True, "PostgreSQL checks its own files")
    lines = [str(line) for line in session.scalars(text("PRAGMA quick_check"))]
    return _result("database file", [line for line in lines if line != "ok"], "SQLite finds no damage", _RESTORE)


def _check_epoch(session: Session) -> CheckResult:
    rows = session.execute(select(RecordEpoch.token, RecordEpoch.started_at)).all()
    faults = [] if len(rows) == 1 else [f"The record has {len(rows)} epochs instead of 1"]
    return _result("epoch", faults, rows[0].token if rows else "", "Run `flask db new-epoch`.")


def _check_revisions(session: Session) -> CheckResult:
    rows = session.execute(select(Revision.number, Revision.recorded_at).order_by(Revision.number)).all()
    faults = [f"Revision {expected} is missing" for expected in sorted({*range(1, len(rows) + 1)} - {row.number for row in rows})]
    faults += [
        f"Revision {later.number} was recorded before revision {earlier.number}"
        for earlier, later in itertools.pairwise(rows)
        if later.recorded_at < earlier.recorded_at
    ]
    return _result("revisions", faults, f"{len(rows)} without a gap, in the order of their times", _RESTORE)


def _check_open_versions(session: Session) -> CheckResult:
    faults = []
    open_count = 0
    for entity in _ENTITIES:
        statement = select(entity.id_column, func.count()).where(entity.columns.revision_to.is_(None)).group_by(entity.id_column)
        counts = session.execute(statement).all()
        open_count += len(counts)
        faults += [f"The {entity.name} {id} has {count} open versions" for id, count in counts if count > 1]
    return _result("open versions", faults, f"{open_count}, at most one of each thing", _RESTORE)


def _check_version_order(session: Session) -> CheckResult:
    faults = []
    version_count = 0
    for entity in _ENTITIES:
        columns = entity.columns
        statement = select(entity.id_column, columns.version, columns.revision_from, columns.revision_to)
        previous: Any = None
        for row in session.execute(statement.order_by(entity.id_column, columns.version)):
            version_count += 1
            is_first = previous is None or previous[0] != row[0]
            if row.version != (1 if is_first else previous.version + 1):
                faults.append(f"The {entity.name} {row[0]} lacks a version before {row.version}")
            elif not is_first and (previous.revision_to is None or previous.revision_to > row.revision_from):
                faults.append(f"The versions {previous.version} and {row.version} of the {entity.name} {row[0]} overlap")
            previous = row
    return _result("version order", faults, f"{version_count} versions, none overlaps another of its thing", _RESTORE)


def _check_log(session: Session) -> CheckResult:
    """Check that the log has the change that published each version, and no other."""
    faults = []
    for entity in _ENTITIES:
        columns = entity.columns
        version_keys = set(session.execute(select(entity.id_column, columns.revision_from)))
        logged_changes = select(Change.id, Change.revision).where(Change.noun == entity.name, Change.action != Action.RETRACT)
        faults += [
            f"The log and the versions of the {entity.name} {id} differ at revision {revision}"
            for id, revision in sorted(version_keys.symmetric_difference(session.execute(logged_changes)))
        ]
    count = session.scalar(select(func.count()).select_from(Change))
    return _result("log", faults, f"{count} changes, one for each version and retraction", _RESTORE)


def _check_spans(session: Session) -> CheckResult:
    """Check that cited spans lie in their documents, and that one span of one document has one hash.

    The texts of documents are not in the database; ``flask documents verify`` compares the spans with them.
    """
    faults = []
    hashes: dict[tuple[str, int, int], str] = {}
    paragraphs = dict(
        session.execute(select(DocumentVersion.document, func.max(DocumentVersion.paragraphs)).group_by(DocumentVersion.document)).all()
    )
    statement = select(Citation.document, Citation.start, Citation.end, Citation.sha256, Citation.paragraph).distinct()
    for document, start, end, sha256, paragraph in session.execute(statement.order_by(Citation.document, Citation.start, Citation.end)):
        if paragraph > (paragraphs.get(document) or paragraph):
            faults.append(f"A citation names paragraph {paragraph} of {document}, which has {paragraphs[document]}")
        if hashes.setdefault((document, start, end), sha256) != sha256:
            faults.append(f"The span {start}–{end} of {document} has two hashes")
    finding = (
        f"{len(hashes)} spans agree with each other; their texts are not loaded, so run `flask documents verify FOLDER` to compare them"
    )
    return _result("spans", faults, finding, "Correct the citations in seeds/ and run `flask seed`.")


def _check_roster_counts(session: Session) -> CheckResult:
    """Check that the kept counts of each roster with rows equal the counts of its rows at the revision of the version."""
    faults = []
    versions = session.execute(select(RosterVersion.__table__).where(RosterVersion.read.is_not(None))).all()
    for version in versions:
        is_visible = and_(
            RosterRow.revision_from <= version.revision_from,
            or_(RosterRow.revision_to.is_(None), RosterRow.revision_to > version.revision_from),
        )
        rows = session.execute(
            select(RosterRow.jurisdiction, RosterRow.model, Agreement.agency.label("agency_id"))
            .join(Agreement, Agreement.id == RosterRow.agreement)
            .where(RosterRow.roster == version.roster, RosterRow.counted, is_visible)
        ).mappings()
        counted_rows = [dict(row) for row in rows]
        agencies = {row["agency_id"] for row in counted_rows}
        if (version.counts, version.agreements, version.agencies) != (count_rows(counted_rows), len(counted_rows), len(agencies)):
            faults.append(f"The counts of version {version.version} of the roster {version.roster} are not those of its rows")
    finding = f"{len(versions)} versions of rosters with rows have the counts of their rows"
    return _result("roster counts", faults, finding, "Withdraw each roster with `flask rosters withdraw` and import its workbook again.")


def _check_search_entries(session: Session) -> CheckResult:
    """Check that each version and each listed agency has its search entry, valid for the same revisions."""
    faults = []
    entry_key = (SearchEntry.noun, SearchEntry.id, SearchEntry.revision_from, SearchEntry.revision_to)
    stored_keys = {tuple(row) for row in session.execute(select(*entry_key).where(SearchEntry.noun != EntityType.AGENCY))}
    expected_keys = {
        (str(noun), *row)
        for noun, model in _SEARCHABLE_MODELS
        for row in session.execute(select(getattr(model, noun.value), model.revision_from, model.revision_to))
    }
    faults += [
        f"The search entry of the {noun} {id} from revision {revision} differs"
        for noun, id, revision, _ in sorted(stored_keys ^ expected_keys, key=str)
    ]
    open_titles = select(SearchEntry.id, SearchEntry.title).where(SearchEntry.noun == EntityType.AGENCY, SearchEntry.revision_to.is_(None))
    stored_titles = dict(session.execute(open_titles).all())
    titles = load_agency_titles(session)
    faults += [
        f"The search entry of the agency {id} differs"
        for id in sorted(stored_titles.keys() | titles.keys())
        if stored_titles.get(id) != titles.get(id)
    ]
    return _result("search entries", faults, f"{len(stored_keys) + len(stored_titles)} equal those made anew", _RESTORE)


def _check_search_words(session: Session) -> CheckResult:
    """Check that the words of each entity are those of all its search entries."""
    faults = [f"The words of the {entity} are not those of its search entries" for entity in list_differing_words(session)]
    count = session.scalar(select(func.count()).select_from(SearchWords))
    advice = "Delete the rows of the table search_words, and run `flask db upgrade`, which makes them anew."
    return _result("search words", faults, f"{count} rows have the words of the search entries", advice)


def _check_foreign_keys(session: Session) -> CheckResult:
    faults = []
    statements = list(_dangling_rows())
    for name, statement in statements:
        if count := session.scalar(statement):
            faults.append(f"{count} rows of {name} point to nothing")
    return _result("foreign keys", faults, f"{len(statements)}, every row points to something", _RESTORE)


def _dangling_rows() -> Iterator[tuple[str, Select[Any]]]:
    """Yield, for each foreign key, its name and the statement that counts the rows that point to nothing."""
    for table in Base.metadata.sorted_tables:
        for constraint in sorted(table.foreign_key_constraints, key=lambda constraint: str(constraint.name)):
            target = constraint.referred_table.alias()
            columns = [key.parent for key in constraint.elements]
            is_found = exists().where(*(target.c[key.column.name] == key.parent for key in constraint.elements))
            is_given = and_(*(column.is_not(None) for column in columns))
            name = f"{table.name} ({', '.join(column.name for column in columns)})"
            yield name, select(func.count()).select_from(table).where(is_given, ~is_found)

"""Constraints of the tables: the database itself rejects invalid rows, whatever the application does."""

# ruff: noqa: S608 - the statements contain no input from outside

from collections.abc import Iterable

import pytest
from sqlalchemy import CheckConstraint, text
from sqlalchemy.exc import IntegrityError

from legal.db.engine import Database
from legal.models import Base

ENTITY_BY_VERSION_TABLE = {
    f"{entity}_versions": entity for entity in ("origin", "document", "measure", "figure", "contradiction", "roster")
}
DATE_COLUMNS = [
    ("origin_versions", "date"),
    ("document_versions", "published"),
    ("document_versions", "accessed"),
    ("measure_versions", "effective_from"),
    ("measure_versions", "effective_to"),
    ("events", "date"),
    ("provisions", "date"),
    ("figure_versions", "date"),
    ("figure_versions", "period_from"),
    ("figure_versions", "period_to"),
]
TOO_SHORT, DAY = "'abc'", "'2026-02-04'"


def date_assignments(prefix: str, edtf: str, basis: str, earliest: str, latest: str) -> str:
    """Return SQL that sets all four columns of a date."""
    return f"{prefix}_edtf = {edtf}, {prefix}_basis = {basis}, {prefix}_earliest = {earliest}, {prefix}_latest = {latest}"


INVALID_ASSIGNMENTS = [
    ("jurisdictions", "type = 'planet'", "type"),
    ("jurisdictions", "code = lower(code)", "code"),
    ("jurisdictions", "fips = CASE code WHEN 'US' THEN '00' ELSE fips END", "fips"),
    ("jurisdictions", "fips = CASE code WHEN 'WY' THEN NULL ELSE fips END", "fips"),
    ("record_epoch", "key = 2", "key"),
    ("revisions", "number = 0", "number"),
    ("revisions", "cause = 'boredom'", "cause"),
    ("origin_versions", "type = 'rumor'", "type"),
    ("document_versions", "type = 'tweet'", "type"),
    ("document_versions", "serve = 'half'", "serve"),
    ("document_versions", f"sha256 = {TOO_SHORT}", "sha256"),
    ("document_versions", "paragraphs = -1", "paragraphs"),
    ("document_versions", "paragraphs = characters + 1", "paragraphs"),
    ("document_versions", "type = 'roster', paragraphs = 1, characters = 1", "text"),
    ("document_versions", "type = 'article', paragraphs = NULL, characters = NULL", "text"),
    ("measures", "kind = 'wish'", "kind"),
    ("measure_versions", "status = 'wished'", "status"),
    ("measure_versions", "direction = 'sideways'", "direction"),
    ("measure_versions", "reach = 'most'", "reach"),
    ("measure_versions", "max_term_months = 0", "max_term_months"),
    ("measure_versions", "agreements = '[]'", "agreements"),
    ("measure_versions", "begins_earliest = '2026-02-05', begins_latest = '2026-02-04'", "begins_bounds"),
    ("measure_versions", "ends = true, ends_earliest = '2026-02-05', ends_latest = '2026-02-04'", "ends_bounds"),
    ("measure_versions", "ends = false, ends_latest = '2026-02-04'", "ends"),
    ("events", "event = 'sneezed'", "event"),
    ("figure_versions", "metric = 'mood'", "metric"),
    ("figure_versions", "quantity = 'guess'", "quantity"),
    ("figure_versions", "unit = 'dozens'", "unit"),
    ("figure_versions", "cohort = 'some'", "cohort"),
    ("figure_versions", "geography = 'moon'", "geography"),
    ("figure_versions", "agency_class = 'coast_guard'", "agency_class"),
    ("figure_versions", "model = 'toy'", "model"),
    ("figure_versions", "comparator = 'ish'", "comparator"),
    ("figure_versions", "low = 2, high = 1", "bounds"),
    ("figure_versions", "low = NULL, high = NULL", "bounded"),
    ("figure_versions", "value = 1, low = 1, comparator = NULL, rounded = false", "compared"),
    ("figure_versions", "rounded = true, comparator = 'about', value = 1, low = 1", "rounded"),
    ("figure_versions", "reported_earliest = '2026-02-05', reported_latest = '2026-02-04'", "reported_bounds"),
    ("contradiction_versions", "verdict = 'compatible'", "verdict"),
    ("contradiction_versions", "reported_earliest = '2026-02-05', reported_latest = '2026-02-04'", "reported_bounds"),
    ("status_periods", "status = 'asleep'", "status"),
    ("changes", "noun = 'weather'", "noun"),
    ("changes", "action = 'shout'", "action"),
    ("changes", "number = 0", "number"),
    ("change_series", "noun = 'weather'", "noun"),
    ("change_series", "action = 'shout'", "action"),
    ("change_series", "cause = 'boredom'", "cause"),
    ("change_counts", "total = 0", "total"),
    ("search_entries", "noun = 'weather'", "noun"),
    ("search_entries", "revision_to = revision_from", "revisions"),
    ("search_words", "noun = 'weather'", "noun"),
    ("search_words", "revision_to = revision_from", "revisions"),
    ("citations", "measure_version = NULL, figure_version = NULL", "one_owner"),
    (
        "citations",
        "measure_version = (SELECT min(key) FROM measure_versions), figure_version = (SELECT min(key) FROM figure_versions)",
        "one_owner",
    ),
    ("citations", "measure_version = NULL, figure_version = (SELECT min(key) FROM figure_versions), position = key", "provision_owner"),
    ("measure_links", "effect = 'tickles'", "effect"),
    ("provisions", "type = 'wish'", "type"),
    ("citations", "paragraph = 0", "paragraph"),
    ("citations", "start = -1", "span"),
    ("citations", '"end" = start', "span"),
    ("citations", f"sha256 = {TOO_SHORT}", "sha256"),
    ("citations", "role = 'decorates'", "role"),
    ("citations", "speech_act = 'sings'", "speech_act"),
    ("rosters", "kind = 'shopping'", "kind"),
    ("rosters", "date_basis = 'relative'", "date_basis"),
    ("rosters", f"sha256 = {TOO_SHORT}", "sha256"),
    ("roster_versions", "rows = rows + 1", "rows"),
    *(("roster_versions", f"{column} = NULL", "rows_on_file") for column in ("sheet", "read", "repaired", "set_aside")),
    ("roster_versions", "agencies = agreements + 1", "counts"),
    ("roster_versions", "agreements = rows + 1", "counts"),
    ("agreements", "model = 'toy'", "model"),
    ("roster_rows", "outcome = 'lost'", "outcome"),
    ("roster_rows", "kind = 'shopping'", "kind"),
    ("roster_rows", "agency_type = 'club'", "agency_type"),
    ("roster_rows", "model = 'toy'", "model"),
    ("roster_rows", "number = 0", "number"),
    ("roster_rows", "outcome = 'set_aside', why = 'So.'", "agreement"),
    ("roster_rows", "why = 'So.'", "why"),
    ("roster_rows", "agency = NULL", "named"),
    ("roster_rows", "counted = true", "counted"),
    ("roster_rows", "revision_to = revision_from", "revisions"),
    ("roster_versions", "tidied = read + 1", "tidied"),
    ("agreement_departures", "reason = 'So.', successor = NULL, successor_agency = NULL, successor_roster = NULL", "successor"),
    ("agreement_departures", "successor_agency = 'Union', reason = NULL, successor = NULL, successor_roster = NULL", "successor_agency"),
    ("agreement_departures", "successor_roster = roster, successor_agency = NULL, reason = NULL, successor = NULL", "successor_roster"),
    (
        "agreement_departures",
        "is_correction = true, successor = NULL, successor_agency = NULL, successor_roster = NULL, reason = NULL",
        "is_correction",
    ),
    ("agreement_departures", "revision_to = revision_from", "revisions"),
    ("doubtful_signatures", "revision_to = revision_from", "revisions"),
    ("rename_versions", "revision_to = revision_from", "revisions"),
    ("rename_versions", "version = 0", "version"),
    ("rename_versions", f"content_sha256 = {TOO_SHORT}", "content_sha256"),
    *((table, "version = 0", "version") for table in ENTITY_BY_VERSION_TABLE),
    *((table, "revision_to = revision_from", "revisions") for table in ENTITY_BY_VERSION_TABLE),
    *((table, f"content_sha256 = {TOO_SHORT}", "content_sha256") for table in ENTITY_BY_VERSION_TABLE),
    *((table, date_assignments(date, "'2026'", "'guessed'", DAY, DAY), f"{date}_basis") for table, date in DATE_COLUMNS),
    *((table, date_assignments(date, "'2026'", "'unknown'", DAY, DAY), f"{date}_unknown") for table, date in DATE_COLUMNS),
    *((table, date_assignments(date, "NULL", "'explicit'", "NULL", "NULL"), f"{date}_unknown") for table, date in DATE_COLUMNS),
    *((table, date_assignments(date, "NULL", "'unknown'", "NULL", DAY), f"{date}_given") for table, date in DATE_COLUMNS),
    *((table, date_assignments(date, "'2026'", "'explicit'", "NULL", "NULL"), f"{date}_given") for table, date in DATE_COLUMNS),
    *((table, date_assignments(date, "'2026'", "'explicit'", "'2026-02-05'", DAY), f"{date}_bounds") for table, date in DATE_COLUMNS),
]
COLUMNS_WITHOUT_KEY = {
    table: [column.name for column in Base.metadata.tables[table].columns if column.name != "key"] for table in ENTITY_BY_VERSION_TABLE
}


def rejection(database: Database, *statements: str) -> str | None:
    """Execute statements and roll them back; return the driver's message if the last one violates a constraint."""
    with database.engine.connect() as connection, connection.begin() as transaction:
        for statement in statements[:-1]:
            connection.execute(text(statement))
        try:
            connection.execute(text(statements[-1]))
        except IntegrityError as error:
            return str(error.orig)
        finally:
            transaction.rollback()
    return None


def list_failures(database: Database, statements: Iterable[str], word: str) -> list[tuple[str, str | None]]:
    """List the statements that the database does not reject with a message that contains a word, with the message."""
    messages = ((statement, rejection(database, statement)) for statement in statements)
    return [(statement, message) for statement, message in messages if word not in (message or "").lower()]


PREPARATIONS = {
    "doubtful_signatures": [
        "INSERT INTO doubtful_signatures (agreement, signed, roster, previous_roster, revision_from) "
        "SELECT min(agreements.id), '2020-01-01', max(rosters.id), min(rosters.id), 1 FROM agreements, rosters"
    ],
    "rename_versions": [
        "INSERT INTO renames (id, jurisdiction) VALUES ('fl-old', 'FL')",
        "INSERT INTO rename_versions (rename, old_name, new_name, reason, version, revision_from, content_sha256) "
        f"VALUES ('fl-old', 'Old', 'New', 'So.', 1, 1, '{'0' * 64}')",
    ],
}
"""Statements that put a row into tables that are empty in ``rosters_db``."""


def test_every_check_rejects_invalid_values(rosters_db: Database) -> None:
    failures = []
    for table, assignment, constraint in INVALID_ASSIGNMENTS:
        message = rejection(rosters_db, *PREPARATIONS.get(table, ()), f"UPDATE {table} SET {assignment}")
        if f"ck_{table}_{constraint}" not in (message or ""):
            failures.append((table, assignment, constraint, message))
    assert failures == []


def test_every_check_is_tested() -> None:
    names = {
        str(constraint.name)
        for table in Base.metadata.tables.values()
        for constraint in table.constraints
        if isinstance(constraint, CheckConstraint)
    }
    assert {f"ck_{table}_{constraint}" for table, _, constraint in INVALID_ASSIGNMENTS} == names


@pytest.mark.parametrize(
    ("kind", "status"),
    [("executive_order", "passed_legislature"), ("pending_bill", "in_force"), ("ban", "active"), ("active_agreements", "settled")],
)
def test_status_of_another_kind_is_rejected(rosters_db: Database, kind: str, status: str) -> None:
    message = rejection(rosters_db, f"UPDATE measure_versions SET status = '{status}' WHERE kind = '{kind}'")
    assert "ck_measure_versions_status" in (message or "")


def test_reference_without_target_is_rejected(rosters_db: Database) -> None:
    statements = [
        "UPDATE citations SET document = 'rumor'",
        "UPDATE citations SET origin = 'hearsay'",
        "UPDATE citations SET measure_version = 999999 WHERE key = (SELECT min(key) FROM citations WHERE measure_version IS NOT NULL)",
        "UPDATE citations SET figure_version = 999999 WHERE key = (SELECT min(key) FROM citations WHERE figure_version IS NOT NULL)",
        "DELETE FROM measure_versions",
        "DELETE FROM figure_versions",
        "DELETE FROM documents",
        "DELETE FROM revisions",
        "UPDATE events SET measure_version = 999999 WHERE key = (SELECT min(key) FROM events)",
        "UPDATE measure_versions SET jurisdiction = 'WY'",
        "UPDATE measure_versions SET kind = 'legal_opinion', status = 'issued'",
        "UPDATE measure_versions SET revision_from = 9999",
        "UPDATE measure_versions SET revision_to = 9999",
        "UPDATE figure_versions SET jurisdiction = 'WY'",
        "UPDATE figure_versions SET measure = 'md-bill-2026' WHERE jurisdiction = 'VA'",
        "UPDATE measures SET jurisdiction = 'ZZ'",
        "UPDATE document_versions SET origin = 'hearsay'",
    ]
    assert list_failures(rosters_db, statements, "foreign key") == []


def test_identifiers_of_jurisdictions_are_unique(rosters_db: Database) -> None:
    assignments = ["fips = '51'", "slug = 'virginia'", "name = 'Virginia'", "iso_3166_2 = 'US-VA'", "ocd_id = 'x'"]
    statements = [f"UPDATE jurisdictions SET {assignment} WHERE type = 'state'" for assignment in assignments]
    assert list_failures(rosters_db, statements, "unique") == []


def test_positions_within_a_version_are_unique(rosters_db: Database) -> None:
    owners = [
        *(("citations", f"{entity}_version") for entity in ("measure", "figure", "contradiction")),
        ("events", "measure_version"),
    ]
    statements = [f"UPDATE {table} SET position = 0 WHERE {owner} IS NOT NULL" for table, owner in owners]
    assert list_failures(rosters_db, statements, "unique") == []


def copy_statement(table: str, **expressions: str) -> str:
    """Return SQL that inserts a copy of one version with other expressions in some columns."""
    columns = ", ".join(COLUMNS_WITHOUT_KEY[table])
    values = ", ".join(expressions.get(column, column) for column in COLUMNS_WITHOUT_KEY[table])
    return f"INSERT INTO {table} ({columns}) SELECT {values} FROM {table} ORDER BY key LIMIT 1"


ADD_REVISION = "INSERT INTO revisions SELECT 99, recorded_at, cause, reason, actor, rule_pack, codebook FROM revisions WHERE number = 1"


@pytest.mark.parametrize(("table", "entity"), ENTITY_BY_VERSION_TABLE.items())
def test_entity_has_at_most_one_open_version(rosters_db: Database, table: str, entity: str) -> None:
    message = rejection(rosters_db, ADD_REVISION, copy_statement(table, version="version + 1", revision_from="99"))
    assert message == f"UNIQUE constraint failed: {table}.{entity}" or f"uq_{table}_open_{entity}" in (message or "")


@pytest.mark.parametrize(("table", "entity"), ENTITY_BY_VERSION_TABLE.items())
def test_version_numbers_of_an_entity_are_unique(rosters_db: Database, table: str, entity: str) -> None:
    close_versions = f"UPDATE {table} SET revision_to = 99"
    message = rejection(rosters_db, ADD_REVISION, close_versions, copy_statement(table, revision_from="99", revision_to="NULL"))
    assert message == f"UNIQUE constraint failed: {table}.{entity}, {table}.version" or f"uq_{table}_{entity}_version" in (message or "")


@pytest.mark.parametrize(("table", "entity"), ENTITY_BY_VERSION_TABLE.items())
def test_revision_publishes_one_version_of_an_entity(rosters_db: Database, table: str, entity: str) -> None:
    close_versions = f"UPDATE {table} SET revision_to = 99"
    message = rejection(rosters_db, ADD_REVISION, close_versions, copy_statement(table, version="version + 1", revision_to="NULL"))
    constraint = f"uq_{table}_{entity}_revision_from"
    assert message == f"UNIQUE constraint failed: {table}.{entity}, {table}.revision_from" or constraint in (message or "")

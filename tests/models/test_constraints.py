"""Constraints: what the database itself refuses, whatever the code above it does."""

# ruff: noqa: S608 - the statements are those of this file

import pytest
from sqlalchemy import CheckConstraint, text
from sqlalchemy.exc import IntegrityError

from legal.db.engine import Database
from legal.models import Base

VERSIONS = {f"{noun}_versions": noun for noun in ("origin", "document", "measure", "figure", "roster")}
DATES = [
    ("origin_versions", "date"),
    ("document_versions", "published"),
    ("document_versions", "accessed"),
    ("measure_versions", "effective_from"),
    ("measure_versions", "effective_to"),
    ("events", "date"),
    ("figure_versions", "date"),
]
SHORT, DAY = "'abc'", "'2026-02-04'"


def date_of(prefix: str, edtf: str, basis: str, earliest: str, latest: str) -> str:
    """A setting of all four columns of a date."""
    return f"{prefix}_edtf = {edtf}, {prefix}_basis = {basis}, {prefix}_earliest = {earliest}, {prefix}_latest = {latest}"


SETTINGS = [
    ("jurisdictions", "type = 'planet'", "type"),
    ("jurisdictions", "code = lower(code)", "code"),
    ("jurisdictions", "fips = CASE code WHEN 'US' THEN '00' ELSE fips END", "fips"),
    ("jurisdictions", "fips = CASE code WHEN 'WY' THEN NULL ELSE fips END", "fips"),
    ("revisions", "number = 0", "number"),
    ("revisions", "cause = 'boredom'", "cause"),
    ("origin_versions", "type = 'rumour'", "type"),
    ("document_versions", "type = 'tweet'", "type"),
    ("document_versions", "serve = 'half'", "serve"),
    ("document_versions", f"sha256 = {SHORT}", "sha256"),
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
    ("figure_versions", "unit = 'dozens'", "unit"),
    ("figure_versions", "cohort = 'some'", "cohort"),
    ("figure_versions", "geography = 'moon'", "geography"),
    ("figure_versions", "agency_class = 'coast_guard'", "agency_class"),
    ("figure_versions", "model = 'toy'", "model"),
    ("figure_versions", "comparator = 'ish'", "comparator"),
    ("figure_versions", "low = 2, high = 1", "bounds"),
    ("figure_versions", "low = NULL, high = NULL", "bounded"),
    ("figure_versions", "reported_earliest = '2026-02-05', reported_latest = '2026-02-04'", "reported_bounds"),
    ("changes", "noun = 'weather'", "noun"),
    ("changes", "action = 'shout'", "action"),
    ("search_entries", "noun = 'weather'", "noun"),
    ("search_entries", "revision_to = revision_from", "revisions"),
    ("citations", "measure_version = NULL, figure_version = NULL", "one_owner"),
    (
        "citations",
        "measure_version = (SELECT min(key) FROM measure_versions), figure_version = (SELECT min(key) FROM figure_versions)",
        "one_owner",
    ),
    ("citations", "paragraph = 0", "paragraph"),
    ("citations", "start = -1", "span"),
    ("citations", '"end" = start', "span"),
    ("citations", f"sha256 = {SHORT}", "sha256"),
    ("citations", "role = 'decorates'", "role"),
    ("citations", "speech_act = 'sings'", "speech_act"),
    ("rosters", "kind = 'shopping'", "kind"),
    ("rosters", "date_basis = 'relative'", "date_basis"),
    ("rosters", f"sha256 = {SHORT}", "sha256"),
    ("roster_versions", "rows = rows + 1", "rows"),
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
    *((table, "version = 0", "version") for table in VERSIONS),
    *((table, "revision_to = revision_from", "revisions") for table in VERSIONS),
    *((table, f"content_sha256 = {SHORT}", "content_sha256") for table in VERSIONS),
    *((table, date_of(date, "'2026'", "'guessed'", DAY, DAY), f"{date}_basis") for table, date in DATES),
    *((table, date_of(date, "'2026'", "'unknown'", DAY, DAY), f"{date}_unknown") for table, date in DATES),
    *((table, date_of(date, "NULL", "'explicit'", "NULL", "NULL"), f"{date}_unknown") for table, date in DATES),
    *((table, date_of(date, "NULL", "'unknown'", "NULL", DAY), f"{date}_given") for table, date in DATES),
    *((table, date_of(date, "'2026'", "'explicit'", "NULL", "NULL"), f"{date}_given") for table, date in DATES),
    *((table, date_of(date, "'2026'", "'explicit'", "'2026-02-05'", DAY), f"{date}_bounds") for table, date in DATES),
]
COLUMNS = {table: [column.name for column in Base.metadata.tables[table].columns if column.name != "key"] for table in VERSIONS}


@pytest.fixture
def record(rostered: Database) -> Database:
    """The seeds and a few lists; what a test does to them is rolled back."""
    return rostered


def refusal(database: Database, *statements: str) -> str:
    """What the database says of the last of these statements; nothing of them stays."""
    with database.engine.connect() as connection, connection.begin() as transaction:
        for statement in statements[:-1]:
            connection.execute(text(statement))
        with pytest.raises(IntegrityError) as caught:
            connection.execute(text(statements[-1]))
        transaction.rollback()
    return str(caught.value.orig)


@pytest.mark.parametrize(("table", "setting", "constraint"), SETTINGS)
def test_a_value_that_makes_no_sense_is_refused(record: Database, table: str, setting: str, constraint: str) -> None:
    assert f"ck_{table}_{constraint}" in refusal(record, f"UPDATE {table} SET {setting}")


def test_no_check_is_left_untested() -> None:
    known = {str(one.name) for table in Base.metadata.tables.values() for one in table.constraints if isinstance(one, CheckConstraint)}
    assert {f"ck_{table}_{constraint}" for table, _, constraint in SETTINGS} == known


@pytest.mark.parametrize(
    ("kind", "status"),
    [("executive_order", "passed_legislature"), ("pending_bill", "in_force"), ("ban", "active"), ("active_agreements", "settled")],
)
def test_the_status_of_another_kind_is_refused(record: Database, kind: str, status: str) -> None:
    told = refusal(record, f"UPDATE measure_versions SET status = '{status}' WHERE kind = '{kind}'")
    assert "ck_measure_versions_status" in told


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE citations SET document = 'rumour'",
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
    ],
)
def test_a_pointer_to_nothing_is_refused(record: Database, statement: str) -> None:
    assert "foreign key" in refusal(record, statement).lower()


@pytest.mark.parametrize("statement", ["fips = '51'", "slug = 'virginia'", "name = 'Virginia'", "iso_3166_2 = 'US-VA'", "ocd_id = 'x'"])
def test_two_places_do_not_share_an_identifier(record: Database, statement: str) -> None:
    assert "unique" in refusal(record, f"UPDATE jurisdictions SET {statement} WHERE type = 'state'").lower()


@pytest.mark.parametrize(
    ("table", "owner"), [("citations", "measure_version"), ("citations", "figure_version"), ("events", "measure_version")]
)
def test_two_things_do_not_stand_in_one_position(record: Database, table: str, owner: str) -> None:
    assert "unique" in refusal(record, f"UPDATE {table} SET position = 0 WHERE {owner} IS NOT NULL").lower()


def another(table: str, **given: str) -> str:
    """A statement that copies one version of a table, with other values in some columns."""
    columns = ", ".join(COLUMNS[table])
    values = ", ".join(given.get(column, column) for column in COLUMNS[table])
    return f"INSERT INTO {table} ({columns}) SELECT {values} FROM {table} ORDER BY key LIMIT 1"


ANOTHER_REVISION = "INSERT INTO revisions SELECT 99, recorded_at, cause, reason, actor, rule_pack, codebook FROM revisions WHERE number = 1"


@pytest.mark.parametrize(("table", "noun"), VERSIONS.items())
def test_two_open_versions_of_one_thing_are_refused(record: Database, table: str, noun: str) -> None:
    told = refusal(record, ANOTHER_REVISION, another(table, version="version + 1", revision_from="99"))
    assert f"uq_{table}_open_{noun}" in told or told == f"UNIQUE constraint failed: {table}.{noun}"


@pytest.mark.parametrize(("table", "noun"), VERSIONS.items())
def test_a_version_is_numbered_once(record: Database, table: str, noun: str) -> None:
    closed = f"UPDATE {table} SET revision_to = 99"
    told = refusal(record, ANOTHER_REVISION, closed, another(table, revision_from="99", revision_to="NULL"))
    assert f"uq_{table}_{noun}_version" in told or told == f"UNIQUE constraint failed: {table}.{noun}, {table}.version"


@pytest.mark.parametrize(("table", "noun"), VERSIONS.items())
def test_a_revision_publishes_one_version_of_a_thing(record: Database, table: str, noun: str) -> None:
    closed = f"UPDATE {table} SET revision_to = 99"
    told = refusal(record, ANOTHER_REVISION, closed, another(table, version="version + 1", revision_to="NULL"))
    assert f"uq_{table}_{noun}_revision_from" in told or told == f"UNIQUE constraint failed: {table}.{noun}, {table}.revision_from"

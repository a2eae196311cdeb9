"""Report the state of the database: its migration, its first missing table or column, and the newest revision of the record."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.orm import Session

from legal.db.engine import Database
from legal.db.schema import describe_missing_part, load_schema_revision
from legal.models import Base, Revision


@dataclass(frozen=True, slots=True)
class Readiness:
    """Hold the database's migration, its newest revision and its first missing table or column. Null stands for none."""

    schema: str | None
    revision: int | None
    missing_part: str | None = None


def load_newest_revision(database: Database) -> int | None:
    """Return the newest revision, or null if there is none or the database does not respond.

    The result decides whether requests are sent to the database until the next call.
    """
    try:
        with database.answering(is_check=True) as session:
            revision = session.scalar(select(func.max(Revision.number)))
    except SQLAlchemyError as error:
        # A table that is missing is no outage: the answers to requests say what is wrong.
        database.is_answering = isinstance(error, DBAPIError) and describe_missing_part(error) is not None
        return None
    database.is_answering = True
    return revision


def load_readiness(session: Session) -> Readiness:
    """Return the readiness of the session's database.

    To find a missing table or column, every column of every table is selected, without rows.
    """
    schema = load_schema_revision(session)
    if schema is None:
        return Readiness(None, None)
    try:
        for table in Base.metadata.sorted_tables:
            session.execute(select(table).limit(0))
        return Readiness(schema, session.scalar(select(func.max(Revision.number))))
    except DBAPIError as error:
        missing_part = describe_missing_part(error)
        if missing_part is None:
            raise
        return Readiness(schema, None, missing_part)

"""Report the state of the database: its migration, its first missing table or column, and the newest revision of the record."""

import logging
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.orm import Session

from legal.db.engine import Database
from legal.db.schema import describe_missing_part, load_schema_revision
from legal.errors import NotReady
from legal.models import Base, Revision
from legal.queries.core.snapshot import EPOCH

_LOGGER = logging.getLogger("legal")
_NEWEST_STATE = select(func.max(Revision.__table__.c.number), EPOCH)


@dataclass(frozen=True, slots=True)
class Readiness:
    """Hold the database's migration, its newest revision and its first missing table or column. Null stands for none."""

    schema: str | None
    revision: int | None
    missing_part: str | None = None


class RecordState(NamedTuple):
    """A state of the record: its newest revision, its epoch, and the number of the database's opening.

    A database file that is replaced by another with the same revision and epoch still counts as another state.
    """

    revision: int
    epoch: str
    opening: int


def load_record_state(database: Database) -> RecordState | None:
    """Return the state of the record, or null if there is no revision or the database does not respond.

    The result decides whether requests are sent to the database until the next call. The log says when that changes.
    """
    try:
        with database.answering(is_check=True) as session:
            revision, epoch = session.execute(_NEWEST_STATE).one()
            opening = database.opening
    except NotReady:  # the file is missing, which each request notices by itself
        return None
    except SQLAlchemyError as error:
        # A table that is missing is no outage: the answers to requests say what is wrong.
        is_answering = isinstance(error, DBAPIError) and describe_missing_part(error) is not None
        if database.is_answering and not is_answering:
            cause = str(getattr(error, "orig", None) or error).partition("\n")[0]
            _LOGGER.error("The database does not answer, and requests are refused: %s", cause)  # noqa: TRY400 - one line
        database.is_answering = is_answering
        return None
    if not database.is_answering:
        _LOGGER.warning("The database answers again.")
    database.is_answering = True
    return RecordState(revision, epoch, opening) if revision else None


def describe_step_back(earlier_state: RecordState | None, later_state: RecordState | None) -> str | None:
    """Return a warning for the operator if the newest revision became lower within one epoch; else null."""
    if (
        earlier_state is None
        or later_state is None
        or earlier_state.epoch != later_state.epoch
        or earlier_state.revision <= later_state.revision
    ):
        return None
    return (
        f"The record went back from revision {earlier_state.revision} to {later_state.revision} in the epoch {later_state.epoch}. "
        "Run `flask db new-epoch`, so that no permalink and no cache takes a later revision for an earlier one of its number."
    )


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

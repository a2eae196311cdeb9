"""Whether the record can be read: the schema's revision and the newest one of the record."""

from dataclasses import dataclass
from functools import cache

from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import func, inspect, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from legal.db.engine import Database
from legal.models import Revision
from legal.settings import ROOT


@dataclass(frozen=True, slots=True)
class Readiness:
    """The migration that the schema is at and the newest revision; null where there is none."""

    schema: str | None
    revision: int | None


@cache
def expected_schema() -> str | None:
    """The migration that this code was written for."""
    return ScriptDirectory.from_config(Config(toml_file=ROOT / "pyproject.toml")).get_current_head()


def newest_revision(database: Database) -> int | None:
    """The newest revision; null where there is none or the database does not answer."""
    try:
        with database.reading() as session:
            return session.scalar(select(func.max(Revision.number)))
    except SQLAlchemyError:
        return None


def of(session: Session) -> Readiness:
    """How ready the database behind this session is; two statements once it is."""
    if not inspect(session.connection()).has_table("alembic_version"):
        return Readiness(None, None)
    schema = session.scalar(text("SELECT version_num FROM alembic_version"))
    if schema is None:
        return Readiness(None, None)
    return Readiness(schema, session.scalar(select(func.max(Revision.number))))

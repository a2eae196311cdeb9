"""The base of all models: names of constraints, checks of closed lists and dates, and the columns of versions."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, CheckConstraint, DateTime, Dialect, ForeignKey, Index, MetaData, String, Table, UniqueConstraint, text
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column
from sqlalchemy.types import TypeDecorator

from legal.vocabulary import Basis

_CONSTRAINT_NAMES = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
}
# JSONB would reorder the keys, and no query searches inside the values.
_JSON = JSON(none_as_null=True)


class UtcDateTime(TypeDecorator[datetime]):
    """A time in UTC. Python values have the time zone UTC on both databases, although SQLite stores no time zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value and (value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC))


class Base(DeclarativeBase):
    """The base class of the models. It maps Python types in annotations to column types."""

    __table__: ClassVar[Table]  # SQLAlchemy's own annotation allows any FromClause
    metadata = MetaData(naming_convention=_CONSTRAINT_NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        list[str]: _JSON,
        list[dict[str, Any]]: _JSON,
        dict[str, Any]: _JSON,
        datetime: UtcDateTime(),
        Basis: String(),
    }


def allowed_values(column: str, values: Iterable[str]) -> CheckConstraint:
    """Return the check that a column has one of the values. Null passes the check."""
    quoted_values = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({quoted_values})", name=column)


def date_checks(prefix: str) -> tuple[CheckConstraint, ...]:
    """Return the checks of a date: bounds in order, a basis from the closed list, which is ``unknown`` if and only if there is no date."""
    return (
        CheckConstraint(f"{prefix}_earliest <= {prefix}_latest", name=f"{prefix}_bounds"),
        allowed_values(f"{prefix}_basis", Basis),
        CheckConstraint(f"({prefix}_edtf IS NULL) = ({prefix}_basis = 'unknown')", name=f"{prefix}_unknown"),
        CheckConstraint(f"(({prefix}_earliest IS NULL) AND ({prefix}_latest IS NULL)) = ({prefix}_edtf IS NULL)", name=f"{prefix}_given"),
    )


class VersionMixin:
    """Columns of an append-only version, valid from ``revision_from`` until just before ``revision_to``."""

    key: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(comment="1, 2, 3 … for each entity")
    revision_to: Mapped[int | None] = mapped_column(
        ForeignKey("revisions.number"), comment="the revision that closed it; null while it is open"
    )
    content_sha256: Mapped[str] = mapped_column(String(64), comment="of the canonical JSON of its content")

    @declared_attr
    def revision_from(cls) -> Mapped[int]:
        return mapped_column(ForeignKey("revisions.number"), comment="the revision that published it")


def version_constraints(column: str, table: str) -> tuple[CheckConstraint | UniqueConstraint | Index, ...]:
    """Return the constraints of a version table: unique numbers, revisions in order, at most one open version per entity.

    An open version has no ``revision_to``.
    """
    return (
        UniqueConstraint(column, "version"),
        UniqueConstraint(column, "revision_from"),
        CheckConstraint("version >= 1", name="version"),
        CheckConstraint("revision_to > revision_from", name="revisions"),
        CheckConstraint("length(content_sha256) = 64", name="content_sha256"),
        open_version_index(table, column, unique=True),
    )


def open_version_index(table: str, *columns: str, unique: bool = False) -> Index:
    """Return an index over the open versions (those without ``revision_to``)."""
    # PostgreSQL uses a partial index only if its predicate has no bound parameters.
    is_open = text("revision_to IS NULL")
    name = f"{'uq' if unique else 'ix'}_{table}_open_{'_'.join(columns)}"
    return Index(name, *columns, unique=unique, sqlite_where=is_open, postgresql_where=is_open)

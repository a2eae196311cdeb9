"""What all tables share: the naming of constraints, the closed lists as checks, dates with bounds, versions."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, CheckConstraint, DateTime, Dialect, ForeignKey, Index, MetaData, String, Table, UniqueConstraint, text
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column
from sqlalchemy.types import TypeDecorator

from legal.vocabulary import Basis

NAMING = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
}
# Not JSONB: it would put keys in an order of its own, and nothing is searched inside.
Json = JSON(none_as_null=True)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC, aware of it on both databases (SQLite itself keeps no zone)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value and (value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC))


class Base(DeclarativeBase):
    """Every table; a column without a type of its own takes it from here."""

    __table__: ClassVar[Table]  # and nothing else that could be selected from
    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        list[str]: Json,
        list[dict[str, Any]]: Json,
        dict[str, Any]: Json,
        datetime: UtcDateTime(),
        Basis: String(),
    }


def one_of(column: str, values: Iterable[str]) -> CheckConstraint:
    """A closed list as a check; null passes where the column allows it."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


def in_order(prefix: str) -> tuple[CheckConstraint, ...]:
    """A date's checks: bounds in order, a basis from the list, and ``unknown`` exactly where no date is given."""
    return (
        CheckConstraint(f"{prefix}_earliest <= {prefix}_latest", name=f"{prefix}_bounds"),
        one_of(f"{prefix}_basis", Basis),
        CheckConstraint(f"({prefix}_edtf IS NULL) = ({prefix}_basis = 'unknown')", name=f"{prefix}_unknown"),
        CheckConstraint(f"(({prefix}_earliest IS NULL) AND ({prefix}_latest IS NULL)) = ({prefix}_edtf IS NULL)", name=f"{prefix}_given"),
    )


class Versioned:
    """An append-only version: it holds from one revision up to, and without, another."""

    key: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(comment="1, 2, 3 … of one thing")
    revision_to: Mapped[int | None] = mapped_column(
        ForeignKey("revisions.number"), comment="the revision that closed it; null while it is open"
    )
    content_sha256: Mapped[str] = mapped_column(String(64), comment="of the canonical JSON of its content")

    @declared_attr
    def revision_from(cls) -> Mapped[int]:
        return mapped_column(ForeignKey("revisions.number"), comment="the revision that published it")


def versions_of(column: str, table: str) -> tuple[CheckConstraint | UniqueConstraint | Index, ...]:
    """A version table's constraints: numbered once, closed after it was opened, and one open version at most."""
    return (
        UniqueConstraint(column, "version"),
        UniqueConstraint(column, "revision_from"),
        CheckConstraint("version >= 1", name="version"),
        CheckConstraint("revision_to > revision_from", name="revisions"),
        CheckConstraint("length(content_sha256) = 64", name="content_sha256"),
        open_index(table, column, unique=True),
    )


def open_index(table: str, *columns: str, unique: bool = False) -> Index:
    """An index over the open versions alone."""
    # The predicate is a literal: bound, PostgreSQL would not use the index.
    still_open = text("revision_to IS NULL")
    name = f"{'uq' if unique else 'ix'}_{table}_open_{'_'.join(columns)}"
    return Index(name, *columns, unique=unique, sqlite_where=still_open, postgresql_where=still_open)

"""Publish drafts: number the revision, close the open versions, add the new ones and log the changes."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

import orjson
from sqlalchemy import Select, Update, and_, bindparam, func, insert, select, text, update
from sqlalchemy.orm import Session

from legal.db.schema import check_schema_revision, load_schema_revision
from legal.db.statements import bind_list, cached_statement, split_into_batches
from legal.errors import RefusedOperation
from legal.models import (
    Change,
    Citation,
    Contradiction,
    ContradictionVersion,
    Document,
    DocumentVersion,
    Figure,
    FigureVersion,
    Jurisdiction,
    Measure,
    MeasureLink,
    MeasureVersion,
    Origin,
    OriginVersion,
    Revision,
)
from legal.rules.posture import RULE_PACK
from legal.services import change_counts, search_index
from legal.vocabulary import CODEBOOK_VERSION, Action

_PUBLISHING_LOCK = 0x287_9
"""Key of the PostgreSQL advisory lock that every publisher takes, so that revisions are numbered in commit order."""

Content = Mapping[str, Any]
T = TypeVar("T")

_REVISION, _CHANGE = Revision.__table__.c, Change.__table__.c
_IDS = bind_list("ids", _CHANGE.id)
_NEWEST_REVISION = select(func.max(_REVISION.number), func.max(_REVISION.recorded_at))
_CHANGE_LOG = select(_CHANGE.id, _CHANGE.fields).where(_CHANGE.noun == bindparam("noun"), _CHANGE.id.in_(_IDS)).order_by(_CHANGE.revision)


@dataclass(frozen=True, slots=True)
class VersionedEntity:
    """A type of entity that is published in versions, with the models of its permanent row and of its versions."""

    name: str
    identity_model: type[Any]
    version_model: type[Any]

    @property
    def columns(self) -> Any:
        """Return the columns of the version table."""
        return self.version_model.__table__.c

    @property
    def id_column(self) -> Any:
        """Return the version table's column that holds the entity's id."""
        return self.columns[self.name]


ORIGIN_ENTITY = VersionedEntity("origin", Origin, OriginVersion)
DOCUMENT_ENTITY = VersionedEntity("document", Document, DocumentVersion)
MEASURE_ENTITY = VersionedEntity("measure", Measure, MeasureVersion)
FIGURE_ENTITY = VersionedEntity("figure", Figure, FigureVersion)
CONTRADICTION_ENTITY = VersionedEntity("contradiction", Contradiction, ContradictionVersion)


@dataclass(frozen=True, slots=True)
class Draft:
    """The content that one entity has from the next revision on.

    ``identity`` has the columns of the permanent row, without the id. ``content`` has everything that the version says;
    it is hashed and logged. ``build_version`` builds the version's row from the columns that ``publish`` fills: the
    entity's id, ``version``, ``revision_from`` and ``content_sha256``.
    """

    entity: VersionedEntity
    id: str
    identity: Content
    content: Content
    build_version: Callable[[dict[str, Any]], object]

    @property
    def sha256(self) -> str:
        """Return the SHA-256 of the content as canonical JSON; equal content has an equal hash on every machine."""
        return hashlib.sha256(self._canonical_json()).hexdigest()

    def as_json(self) -> dict[str, Any]:
        """Return the content as plain JSON values, as the log of changes stores it."""
        content: dict[str, Any] = orjson.loads(self._canonical_json())
        return content

    def _canonical_json(self) -> bytes:
        return orjson.dumps(self.content, option=orjson.OPT_SORT_KEYS)


@dataclass(frozen=True, slots=True)
class PublishOutcome:
    """The effect of a call of ``publish``. ``revision`` is null if nothing differed and therefore nothing was written.

    ``added_codes`` are those of new jurisdictions. The log of changes does not mention them.
    """

    revision: int | None
    created_ids: tuple[str, ...]
    amended_ids: tuple[str, ...]
    retracted_ids: tuple[str, ...]
    unchanged_count: int
    added_codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChangeReason:
    """The cause, the reason and the actor of a revision."""

    cause: str
    reason: str
    actor: str


def begin_publishing(session: Session) -> None:
    """Check the schema and wait for the publishing lock. Every service that publishes calls this first.

    Raises:
        SchemaMismatch: another release wrote the database.
    """
    check_schema_revision(load_schema_revision(session))
    acquire_publishing_lock(session)


def acquire_publishing_lock(session: Session) -> None:
    """Wait for other publishers, and make new ones wait until the transaction ends. SQLite needs no lock: it allows one writer only."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _PUBLISHING_LOCK})


def publish(
    session: Session,
    drafts: Iterable[Draft],
    retractions: Iterable[tuple[VersionedEntity, str]],
    change_reason: ChangeReason,
    new_jurisdictions: Sequence[Content] = (),
) -> PublishOutcome:
    """Publish one revision that creates or amends the entity of each draft, and retracts each entity of ``retractions``.

    ``new_jurisdictions`` are the identifiers of jurisdictions to add. They make a revision even if nothing else changes.

    A draft with the same content as the open version changes nothing. If nothing changes at all, no revision is
    written. The caller must hold the publishing lock and must commit. Version objects that the session has already
    loaded are not refreshed: they keep their old ``revision_to``.

    Raises:
        RefusedOperation: a draft would change a column that never changes, such as the kind of a measure.
    """
    drafts, retractions = list(drafts), list(retractions)
    ids_by_entity = _group_by_entity([*((draft.entity, draft.id) for draft in drafts), *retractions])
    open_hashes = _load_open_hashes(session, ids_by_entity)
    created_drafts = [draft for draft in drafts if (draft.entity, draft.id) not in open_hashes]
    amended_drafts = [draft for draft in drafts if open_hashes.get((draft.entity, draft.id), draft.sha256) != draft.sha256]
    retracted_keys = [key for key in retractions if key in open_hashes]
    unchanged_count = len(drafts) - len(created_drafts) - len(amended_drafts)
    if not (created_drafts or amended_drafts or retracted_keys or new_jurisdictions):
        return PublishOutcome(None, (), (), (), unchanged_count)
    _check_identities(session, drafts)
    revision = _insert_revision(session, change_reason)
    if new_jurisdictions:
        session.execute(insert(Jurisdiction.__table__), [{**identifiers, "revision_from": revision} for identifiers in new_jurisdictions])
    for entity, key in [*((draft.entity, draft.id) for draft in amended_drafts), *retracted_keys]:
        for statement in _close_statements(entity):
            session.execute(statement, {"entity_id": key, "closing_revision": revision})
        search_index.close_entry(session, revision, entity.name, key)
    latest_versions = _load_latest_versions(session, ids_by_entity)
    _log_changes(session, revision, change_reason.cause, created_drafts, amended_drafts, retracted_keys)
    for entity, new_drafts in _group_by_entity(
        (draft.entity, draft) for draft in created_drafts if (draft.entity, draft.id) not in latest_versions
    ).items():
        session.execute(insert(entity.identity_model.__table__), [{"id": draft.id, **draft.identity} for draft in new_drafts])
    versions = [
        draft.build_version(
            {
                draft.entity.name: draft.id,
                "version": latest_versions.get((draft.entity, draft.id), 0) + 1,
                "revision_from": revision,
                "content_sha256": draft.sha256,
            }
        )
        for draft in [*created_drafts, *amended_drafts]
    ]
    session.add_all(versions)
    session.flush()
    search_index.index_versions(session, versions)
    return PublishOutcome(
        revision,
        tuple(d.id for d in created_drafts),
        tuple(d.id for d in amended_drafts),
        tuple(key for _, key in retracted_keys),
        unchanged_count,
        tuple(identifiers["code"] for identifiers in new_jurisdictions),
    )


def load_open_ids(session: Session, entity: VersionedEntity, actor: str) -> set[str]:
    """Return the ids of the entities whose open (current) version was published by ``actor``."""
    return set(session.scalars(_open_ids_statement(entity), {"actor": actor}))


@cached_statement
def _open_ids_statement(entity: VersionedEntity) -> Select[Any]:
    open_ids = select(entity.id_column).join(Revision.__table__, _REVISION.number == entity.columns.revision_from)
    return open_ids.where(entity.columns.revision_to.is_(None), _REVISION.actor == bindparam("actor"))


def _log_changes(
    session: Session,
    revision: int,
    cause: str,
    created_drafts: Iterable[Draft],
    amended_drafts: Sequence[Draft],
    retracted_keys: Sequence[tuple[VersionedEntity, str]],
) -> None:
    contents = _load_contents(session, _group_by_entity([*((draft.entity, draft.id) for draft in amended_drafts), *retracted_keys]))
    changes: list[tuple[VersionedEntity, str, Action, Content, Content]] = [
        (draft.entity, draft.id, Action.CREATE, {}, draft.as_json()) for draft in created_drafts
    ]
    changes += [(draft.entity, draft.id, Action.AMEND, contents[draft.entity, draft.id], draft.as_json()) for draft in amended_drafts]
    changes += [(entity, id, Action.RETRACT, contents[entity, id], {}) for entity, id in retracted_keys]
    rows = [
        {
            "revision": revision,
            "noun": entity.name,
            "id": id,
            "jurisdiction": (new or old).get("jurisdiction"),
            "action": str(action),
            "fields": changed_fields(old, new),
        }
        for entity, id, action, old, new in changes
    ]
    if rows:
        change_counts.count_changes(session, revision, cause, rows)
        session.execute(insert(Change.__table__), rows)


def changed_fields(old: Content, new: Content) -> list[dict[str, Any]]:
    """Return the fields with different values in two contents, sorted by name; a missing field counts as null."""
    names = sorted({*old, *new})
    return [{"name": name, "before": old.get(name), "after": new.get(name)} for name in names if old.get(name) != new.get(name)]


def _load_contents(
    session: Session, ids_by_entity: Mapping[VersionedEntity, list[str]]
) -> dict[tuple[VersionedEntity, str], dict[str, Any]]:
    """Return the current content of entities: the last value of each field in the log of changes."""
    contents: dict[tuple[VersionedEntity, str], dict[str, Any]] = defaultdict(dict)
    for entity, ids in ids_by_entity.items():
        for batch in split_into_batches(ids):
            for id, fields in session.execute(_CHANGE_LOG, {"noun": entity.name, "ids": batch}):
                contents[entity, id] |= {field["name"]: field["after"] for field in fields}
    return contents


def _insert_revision(session: Session, change_reason: ChangeReason) -> int:
    newest_number, newest_time = session.execute(_NEWEST_REVISION).one()
    now = datetime.now(UTC)
    number: int = (newest_number or 0) + 1
    provenance = {
        "cause": change_reason.cause,
        "reason": change_reason.reason,
        "actor": change_reason.actor,
        "rule_pack": RULE_PACK,
        "codebook": CODEBOOK_VERSION,
    }
    # Recorded time must not run backwards, even if the machine's clock was set back.
    session.execute(insert(Revision.__table__), {"number": number, "recorded_at": max(now, newest_time or now), **provenance})
    return number


def _check_identities(session: Session, drafts: Iterable[Draft]) -> None:
    drafts_with_identity = [draft for draft in drafts if draft.identity]
    rows_by_key = {
        (entity, row["id"]): row
        for entity, ids in _group_by_entity((draft.entity, draft.id) for draft in drafts_with_identity).items()
        for batch in split_into_batches(ids)
        for row in session.execute(_identities_statement(entity), {"ids": batch}).mappings()
    }
    for draft in drafts_with_identity:
        row = rows_by_key.get((draft.entity, draft.id), draft.identity)
        for column, value in draft.identity.items():
            if row[column] != value:
                raise RefusedOperation(
                    f"The {draft.entity.name} {draft.id} has {column} {row[column]}, which cannot change. "
                    f"Use a new id for the {draft.entity.name} with {column} {value}."
                )


def _group_by_entity(pairs: Iterable[tuple[VersionedEntity, T]]) -> dict[VersionedEntity, list[T]]:
    values_by_entity: dict[VersionedEntity, list[T]] = defaultdict(list)
    for entity, value in pairs:
        values_by_entity[entity].append(value)
    return values_by_entity


def _load_open_hashes(session: Session, ids_by_entity: Mapping[VersionedEntity, list[str]]) -> dict[tuple[VersionedEntity, str], str]:
    return {(entity, key): sha256 for entity, key, sha256 in _load_values(session, ids_by_entity, _open_hashes_statement)}


def _load_latest_versions(session: Session, ids_by_entity: Mapping[VersionedEntity, list[str]]) -> dict[tuple[VersionedEntity, str], int]:
    return {(entity, key): number for entity, key, number in _load_values(session, ids_by_entity, _latest_versions_statement)}


def _load_values(
    session: Session, ids_by_entity: Mapping[VersionedEntity, list[str]], build_statement: Callable[[VersionedEntity], Select[Any]]
) -> Iterator[tuple[VersionedEntity, str, Any]]:
    for entity, ids in ids_by_entity.items():
        for batch in split_into_batches(ids):
            for key, value in session.execute(build_statement(entity), {"ids": batch}):
                yield entity, key, value


@cached_statement
def _open_hashes_statement(entity: VersionedEntity) -> Select[Any]:
    return select(entity.id_column, entity.columns.content_sha256).where(entity.id_column.in_(_IDS), entity.columns.revision_to.is_(None))


@cached_statement
def _latest_versions_statement(entity: VersionedEntity) -> Select[Any]:
    return select(entity.id_column, func.max(entity.columns.version)).where(entity.id_column.in_(_IDS)).group_by(entity.id_column)


@cached_statement
def _identities_statement(entity: VersionedEntity) -> Select[Any]:
    table = entity.identity_model.__table__
    return select(table).where(table.c.id.in_(_IDS))


@cached_statement
def _close_statements(entity: VersionedEntity) -> tuple[Update, ...]:
    """Return the statements that close the open version of an entity, and what repeats its closing revision."""
    is_open = and_(entity.id_column == bindparam("entity_id"), entity.columns.revision_to.is_(None))
    open_keys = select(entity.columns.key).where(is_open)
    owner = f"{entity.name}_version"
    parts = [table.__table__ for table in (Citation, MeasureLink) if owner in table.__table__.c]
    closing: dict[str, Any] = {"revision_to": bindparam("closing_revision")}
    return (
        *(update(table).where(table.c[owner].in_(open_keys)).values(closing) for table in parts),
        update(entity.version_model.__table__).where(is_open).values(closing),
    )

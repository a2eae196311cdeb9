"""Publish versions: the numbering of revisions, and the closing and opening of versions under them."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

import orjson
from sqlalchemy import Select, Update, bindparam, func, insert, select, text, update
from sqlalchemy.orm import Session

from legal.db.statements import batches, built_once, some
from legal.errors import Refused
from legal.models import Change, Document, DocumentVersion, Figure, FigureVersion, Measure, MeasureVersion, Origin, OriginVersion, Revision
from legal.rules.posture import RULE_PACK
from legal.services import search_index
from legal.vocabulary import CODEBOOK_VERSION, Action

PUBLISHING_LOCK = 0x287_9
"""PostgreSQL's advisory lock that every publisher takes, so that numbers follow commits."""

Content = Mapping[str, Any]
T = TypeVar("T")

RECORDED, CHANGE = Revision.__table__.c, Change.__table__.c
THINGS = some("things", CHANGE.id)
NEWEST = select(func.max(RECORDED.number), func.max(RECORDED.recorded_at))
LOG = select(CHANGE.id, CHANGE.fields).where(CHANGE.noun == bindparam("noun"), CHANGE.id.in_(THINGS)).order_by(CHANGE.revision)


@dataclass(frozen=True, slots=True)
class Noun:
    """A sort of thing that is published in versions: its identity's table, its versions' and the column that joins them."""

    name: str
    identity: type[Any]
    version: type[Any]

    @property
    def columns(self) -> Any:
        """The columns of a version."""
        return self.version.__table__.c

    @property
    def column(self) -> Any:
        """The version's column that names the thing."""
        return self.columns[self.name]


ORIGIN = Noun("origin", Origin, OriginVersion)
DOCUMENT = Noun("document", Document, DocumentVersion)
MEASURE = Noun("measure", Measure, MeasureVersion)
FIGURE = Noun("figure", Figure, FigureVersion)


@dataclass(frozen=True, slots=True)
class Draft:
    """What one thing is to be from the next revision on.

    ``identity`` are the columns of its lasting row, ``content`` all that the version says (what is
    hashed), and ``version`` makes the version's row, given the columns that publishing fills.
    """

    noun: Noun
    id: str
    identity: Content
    content: Content
    version: Callable[[dict[str, Any]], object]

    @property
    def sha256(self) -> str:
        """The hash of the content in canonical JSON: the same content, the same hash, on any machine."""
        return hashlib.sha256(self._canonical()).hexdigest()

    def plain(self) -> dict[str, Any]:
        """The content as plain JSON values, as the log keeps it."""
        plain: dict[str, Any] = orjson.loads(self._canonical())
        return plain

    def _canonical(self) -> bytes:
        return orjson.dumps(self.content, option=orjson.OPT_SORT_KEYS)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a publication did; ``revision`` is null where nothing differed and nothing was written."""

    revision: int | None
    created: tuple[str, ...]
    amended: tuple[str, ...]
    retracted: tuple[str, ...]
    unchanged: int


@dataclass(frozen=True, slots=True)
class Why:
    """Why the record changes, and on whose hand."""

    cause: str
    reason: str
    actor: str


def lock(session: Session) -> None:
    """Wait for every other publisher; held until the transaction ends. SQLite's writers wait on their own."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": PUBLISHING_LOCK})


def publish(session: Session, drafts: Iterable[Draft], retract: Iterable[tuple[Noun, str]], why: Why) -> Outcome:
    """Make one revision in which each draft is what it says and each thing of ``retract`` is gone.

    A draft whose content is already the open version's changes nothing; where nothing changes at
    all there is no revision. The caller holds ``lock`` and the transaction; versions that its session has
    loaded do not learn that they are closed.
    """
    drafts, retract = list(drafts), list(retract)
    touched = _by_noun([*((draft.noun, draft.id) for draft in drafts), *retract])
    opened = _open_hashes(session, touched)
    created = [draft for draft in drafts if (draft.noun, draft.id) not in opened]
    amended = [draft for draft in drafts if opened.get((draft.noun, draft.id), draft.sha256) != draft.sha256]
    gone = [key for key in retract if key in opened]
    unchanged = len(drafts) - len(created) - len(amended)
    if not (created or amended or gone):
        return Outcome(None, (), (), (), unchanged)
    _refuse_other_identity(session, drafts)
    revision = _next_revision(session, why)
    for noun, key in [*((draft.noun, draft.id) for draft in amended), *gone]:
        session.execute(_closing(noun), {"thing": key, "end": revision})
        search_index.close(session, revision, noun.name, key)
    latest = _latest_numbers(session, touched)
    _log(session, revision, created, amended, gone)
    for noun, new in _by_noun((draft.noun, draft) for draft in created if (draft.noun, draft.id) not in latest).items():
        session.execute(insert(noun.identity.__table__), [{"id": draft.id, **draft.identity} for draft in new])
    versions = [
        draft.version(
            {
                draft.noun.name: draft.id,
                "version": latest.get((draft.noun, draft.id), 0) + 1,
                "revision_from": revision,
                "content_sha256": draft.sha256,
            }
        )
        for draft in [*created, *amended]
    ]
    session.add_all(versions)
    session.flush()
    search_index.add(session, versions)
    return Outcome(revision, tuple(d.id for d in created), tuple(d.id for d in amended), tuple(key for _, key in gone), unchanged)


def open_ids(session: Session, noun: Noun, actor: str) -> set[str]:
    """The things whose open version ``actor`` published."""
    return set(session.scalars(_published_by(noun), {"actor": actor}))


@built_once
def _published_by(noun: Noun) -> Select[Any]:
    made = select(noun.column).join(Revision.__table__, RECORDED.number == noun.columns.revision_from)
    return made.where(noun.columns.revision_to.is_(None), RECORDED.actor == bindparam("actor"))


def _log(session: Session, revision: int, created: Iterable[Draft], amended: Sequence[Draft], gone: Sequence[tuple[Noun, str]]) -> None:
    known = _contents(session, _by_noun([*((draft.noun, draft.id) for draft in amended), *gone]))
    changes: list[tuple[Noun, str, Action, Content, Content]] = [
        (draft.noun, draft.id, Action.CREATE, {}, draft.plain()) for draft in created
    ]
    changes += [(draft.noun, draft.id, Action.AMEND, known[draft.noun, draft.id], draft.plain()) for draft in amended]
    changes += [(noun, id, Action.RETRACT, known[noun, id], {}) for noun, id in gone]
    rows = [
        {
            "revision": revision,
            "noun": noun.name,
            "id": id,
            "jurisdiction": (after or before).get("jurisdiction"),
            "action": str(action),
            "fields": differing(before, after),
        }
        for noun, id, action, before, after in changes
    ]
    session.execute(insert(Change.__table__), rows)


def differing(before: Content, after: Content) -> list[dict[str, Any]]:
    """The fields that differ between two contents, by name, with both values; a missing one is null."""
    names = sorted({*before, *after})
    return [{"name": name, "before": before.get(name), "after": after.get(name)} for name in names if before.get(name) != after.get(name)]


def _contents(session: Session, touched: Mapping[Noun, list[str]]) -> dict[tuple[Noun, str], dict[str, Any]]:
    """What things say now, put together from the log: each field's last value."""
    found: dict[tuple[Noun, str], dict[str, Any]] = defaultdict(dict)
    for noun, ids in touched.items():
        for portion in batches(ids):
            for id, changed in session.execute(LOG, {"noun": noun.name, "things": portion}):
                found[noun, id] |= {field["name"]: field["after"] for field in changed}
    return found


def _next_revision(session: Session, why: Why) -> int:
    newest, latest = session.execute(NEWEST).one()
    now = datetime.now(UTC)
    number: int = (newest or 0) + 1
    told = {"cause": why.cause, "reason": why.reason, "actor": why.actor, "rule_pack": RULE_PACK, "codebook": CODEBOOK_VERSION}
    # A clock that was set back must not make recorded time run backwards.
    session.execute(insert(Revision.__table__), {"number": number, "recorded_at": max(now, latest or now), **told})
    return number


def _refuse_other_identity(session: Session, drafts: Iterable[Draft]) -> None:
    lasting = [draft for draft in drafts if draft.identity]
    known = {
        (noun, row["id"]): row
        for noun, ids in _by_noun((draft.noun, draft.id) for draft in lasting).items()
        for portion in batches(ids)
        for row in session.execute(_identities(noun), {"things": portion}).mappings()
    }
    for draft in lasting:
        row = known.get((draft.noun, draft.id), draft.identity)
        for column, value in draft.identity.items():
            if row[column] != value:
                raise Refused(
                    f"The {draft.noun.name} {draft.id} is on file with {column} {row[column]}, which never changes; "
                    f"give the one with {column} {value} an id of its own."
                )


def _by_noun(told: Iterable[tuple[Noun, T]]) -> dict[Noun, list[T]]:
    grouped: dict[Noun, list[T]] = defaultdict(list)
    for noun, one in told:
        grouped[noun].append(one)
    return grouped


def _open_hashes(session: Session, touched: Mapping[Noun, list[str]]) -> dict[tuple[Noun, str], str]:
    return {(noun, key): sha256 for noun, key, sha256 in _of_each(session, touched, _hashes)}


def _latest_numbers(session: Session, touched: Mapping[Noun, list[str]]) -> dict[tuple[Noun, str], int]:
    return {(noun, key): number for noun, key, number in _of_each(session, touched, _numbers)}


def _of_each(session: Session, touched: Mapping[Noun, list[str]], asked: Callable[[Noun], Select[Any]]) -> Iterator[tuple[Noun, str, Any]]:
    for noun, ids in touched.items():
        for portion in batches(ids):
            for key, value in session.execute(asked(noun), {"things": portion}):
                yield noun, key, value


@built_once
def _hashes(noun: Noun) -> Select[Any]:
    return select(noun.column, noun.columns.content_sha256).where(noun.column.in_(THINGS), noun.columns.revision_to.is_(None))


@built_once
def _numbers(noun: Noun) -> Select[Any]:
    return select(noun.column, func.max(noun.columns.version)).where(noun.column.in_(THINGS)).group_by(noun.column)


@built_once
def _identities(noun: Noun) -> Select[Any]:
    table = noun.identity.__table__
    return select(table).where(table.c.id.in_(THINGS))


@built_once
def _closing(noun: Noun) -> Update:
    closed = update(noun.version.__table__).where(noun.column == bindparam("thing"), noun.columns.revision_to.is_(None))
    return closed.values(revision_to=bindparam("end"))

"""Publish versions: the numbering of revisions, and the closing and opening of versions under them."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import func, insert, select, text, update
from sqlalchemy.orm import Session

from legal.acts import indexing
from legal.acts.batches import batched
from legal.errors import Refused
from legal.records import Change, Document, DocumentVersion, Figure, FigureVersion, Measure, MeasureVersion, Origin, OriginVersion, Revision
from legal.rules.posture import RULE_PACK
from legal.vocabulary import CODEBOOK_VERSION, Action

PUBLISHING_LOCK = 0x287_9
"""PostgreSQL's advisory lock that every publisher takes, so that numbers follow commits."""

Content = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Noun:
    """A sort of thing that is published in versions: its identity's table, its versions' and the column that joins them."""

    name: str
    identity: type[Any]
    version: type[Any]

    @property
    def column(self) -> Any:
        """The version's column that names the thing."""
        return getattr(self.version, self.name)


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
    all there is no revision. The caller holds ``lock`` and the transaction.
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
        session.execute(update(noun.version).where(noun.column == key, noun.version.revision_to.is_(None)).values(revision_to=revision))
        indexing.close(session, revision, noun.name, key)
    latest = _latest_numbers(session, touched)
    _log(session, revision, created, amended, gone)
    for draft in created:
        if (draft.noun, draft.id) not in latest:
            session.execute(insert(draft.noun.identity).values(id=draft.id, **draft.identity))
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
    indexing.add(session, versions)
    return Outcome(revision, tuple(d.id for d in created), tuple(d.id for d in amended), tuple(key for _, key in gone), unchanged)


def open_ids(session: Session, noun: Noun, actor: str) -> set[str]:
    """The things whose open version ``actor`` published."""
    made_by = select(noun.column).join(Revision, Revision.number == noun.version.revision_from)
    return set(session.scalars(made_by.where(noun.version.revision_to.is_(None), Revision.actor == actor)))


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
    session.execute(insert(Change), rows)


def differing(before: Content, after: Content) -> list[dict[str, Any]]:
    """The fields that differ between two contents, by name, with both values; a missing one is null."""
    names = sorted({*before, *after})
    return [{"name": name, "before": before.get(name), "after": after.get(name)} for name in names if before.get(name) != after.get(name)]


def _contents(session: Session, touched: Mapping[Noun, list[str]]) -> dict[tuple[Noun, str], dict[str, Any]]:
    """What things say now, put together from the log: each field's last value."""
    found: dict[tuple[Noun, str], dict[str, Any]] = defaultdict(dict)
    for noun, ids in touched.items():
        for some in batched(ids):
            log = select(Change.id, Change.fields).where(Change.noun == noun.name, Change.id.in_(some)).order_by(Change.revision)
            for id, changed in session.execute(log):
                found[noun, id] |= {field["name"]: field["after"] for field in changed}
    return found


def _next_revision(session: Session, why: Why) -> int:
    number = (session.scalar(select(func.max(Revision.number))) or 0) + 1
    now = datetime.now(UTC)
    latest = session.scalar(select(func.max(Revision.recorded_at)))
    # A clock that was set back must not make recorded time run backwards.
    session.execute(
        insert(Revision).values(
            number=number,
            recorded_at=max(now, latest or now),
            cause=why.cause,
            reason=why.reason,
            actor=why.actor,
            rule_pack=RULE_PACK,
            codebook=CODEBOOK_VERSION,
        )
    )
    return number


def _refuse_other_identity(session: Session, drafts: Iterable[Draft]) -> None:
    for draft in drafts:
        known = session.get(draft.noun.identity, draft.id) if draft.identity else None
        for column, value in draft.identity.items():
            if known is not None and getattr(known, column) != value:
                raise Refused(
                    f"The {draft.noun.name} {draft.id} is on file with {column} {getattr(known, column)}, which never changes; "
                    f"give the one with {column} {value} an id of its own."
                )


def _by_noun(keys: Iterable[tuple[Noun, str]]) -> dict[Noun, list[str]]:
    grouped: dict[Noun, list[str]] = defaultdict(list)
    for noun, key in keys:
        grouped[noun].append(key)
    return grouped


def _open_hashes(session: Session, touched: Mapping[Noun, list[str]]) -> dict[tuple[Noun, str], str]:
    return {
        (noun, key): sha256
        for noun, ids in touched.items()
        for some in batched(ids)
        for key, sha256 in session.execute(
            select(noun.column, noun.version.content_sha256).where(noun.column.in_(some), noun.version.revision_to.is_(None))
        )
    }


def _latest_numbers(session: Session, touched: Mapping[Noun, list[str]]) -> dict[tuple[Noun, str], int]:
    return {
        (noun, key): number
        for noun, ids in touched.items()
        for some in batched(ids)
        for key, number in session.execute(
            select(noun.column, func.max(noun.version.version)).where(noun.column.in_(some)).group_by(noun.column)
        )
    }

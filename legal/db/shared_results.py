"""Keep what all answers at a revision share, such as the list of rosters, so that it is loaded once and not for each answer."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, Executable
from sqlalchemy.orm import Session

from legal.json_types import Row

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")
MAX_RESULTS = 256
"""The results to keep for each database; the ones used longest ago are dropped.

With the seeds, the results of a revision are six and take 300 KB, so that about forty revisions fit, in 12 MB. With the rows of a
roster of 1,400 agreements they take 700 KB.
"""

MAX_ITEMS = 2000
"""The items to keep for each database, likewise.

With the seeds, the items of a revision and a day are four hundred and take 2 MB, so that about five such states fit, in 10 MB.
The largest, the stance of a jurisdiction, takes 40 KB.
"""

_results_by_engine: WeakKeyDictionary[Engine, OrderedDict[Hashable, Any]] = WeakKeyDictionary()
_items_by_engine: WeakKeyDictionary[Engine, OrderedDict[Hashable, Any]] = WeakKeyDictionary()
_lock = threading.Lock()


def load_shared(
    session: Session, statement: Executable, build: Callable[[Sequence[Row]], T], state: Hashable, values: Mapping[str, Any]
) -> T:
    """Return what ``build`` makes of a statement's rows, from memory if it had the same values at the same state of the record.

    ``state`` must tell apart all states in which the rows may differ. The result is shared: it must not be changed.
    """
    key = (statement, build, state, *(tuple(value) if isinstance(value, list) else value for value in values.values()))
    engine = session.get_bind().engine
    with _lock:
        results = _results_by_engine.setdefault(engine, OrderedDict())
        if key in results:
            results.move_to_end(key)
            result: T = results[key]
            return result
    result = build(session.execute(statement, values).mappings().all())
    with _lock:
        results[key] = result
        while len(results) > MAX_RESULTS:
            results.popitem(last=False)
    return result


def load_shared_items(
    session: Session, kind: str, state: Hashable, keys: Iterable[K], load: Callable[[list[K]], Mapping[K, T]]
) -> dict[K, T]:
    """Return the item of each key, from memory if it was loaded at the same state of the record, so that answers with other keys share it.

    ``load`` is called once with the keys of all other items, and returns an item for each of them. ``kind`` says what the
    items are. They are shared: they must not be changed.
    """
    engine = session.get_bind().engine
    items_by_key: dict[K, T] = {}
    missing_keys: list[K] = []
    with _lock:
        items = _items_by_engine.setdefault(engine, OrderedDict())
        for key in dict.fromkeys(keys):
            shared_key = (kind, state, key)
            if shared_key in items:
                items.move_to_end(shared_key)
                items_by_key[key] = items[shared_key]
            else:
                missing_keys.append(key)
    if not missing_keys:
        return items_by_key
    new_items = load(missing_keys)
    with _lock:
        items.update(((kind, state, key), new_items[key]) for key in missing_keys)
        while len(items) > MAX_ITEMS:
            items.popitem(last=False)
    return {**items_by_key, **new_items}


def forget_shared(engine: Engine) -> None:
    """Drop what is kept for a database."""
    with _lock:
        _results_by_engine.pop(engine, None)
        _items_by_engine.pop(engine, None)

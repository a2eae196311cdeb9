"""Keep what all answers at a revision share, such as the list of rosters, so that it is loaded once and not for each answer."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, Executable
from sqlalchemy.orm import Session

from legal.json_types import Row

T = TypeVar("T")
MAX_RESULTS = 64
"""The results to keep for each database; the ones used longest ago are dropped. Each is small: these are no lists of claims."""

_results_by_engine: WeakKeyDictionary[Engine, OrderedDict[Hashable, Any]] = WeakKeyDictionary()
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


def forget_shared(engine: Engine) -> None:
    """Drop what is kept for a database."""
    with _lock:
        _results_by_engine.pop(engine, None)

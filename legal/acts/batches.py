"""Portions that every database takes as the parameters of one statement."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

T = TypeVar("T")
AT_ONCE = 500


def batched(items: Sequence[T], size: int = AT_ONCE) -> Iterable[Sequence[T]]:
    """The items in portions of at most ``size``, in their order."""
    return (items[start : start + size] for start in range(0, len(items), size))

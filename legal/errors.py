"""What can go wrong, in the words the caller will read; the two faces turn these into answers."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with an input: where it stands, what to do about it, what was probably meant."""

    detail: str
    parameter: str | None = None
    pointer: str | None = None
    did_you_mean: tuple[str, ...] = ()


class LandscapeError(Exception):
    """Base of everything this service refuses; ``str()`` is one sentence fit to show to anybody."""


class InvalidInput(LandscapeError):
    """An input that does not have the shape or the sense it needs; carries its faults."""

    def __init__(self, detail: str, faults: Sequence[Fault] = ()) -> None:
        super().__init__(detail)
        self.faults = tuple(faults)


class NotFound(LandscapeError):
    """A thing that is asked for by its identifier and is not there."""

    def __init__(self, detail: str, did_you_mean: Sequence[str] = ()) -> None:
        super().__init__(detail)
        self.did_you_mean = tuple(did_you_mean)


class NotReady(LandscapeError):
    """The database cannot be reached, or its schema is not the one this code was written for."""


class Refused(LandscapeError):
    """An act that would break the record; nothing of it was done."""

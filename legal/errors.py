"""Define the errors of the service. Their messages are shown to callers; the API, the pages and the CLI turn them into answers."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One problem with an input: its location, what to do about it, and likely intended values."""

    detail: str
    parameter: str | None = None
    pointer: str | None = None
    did_you_mean: tuple[str, ...] = ()


class LandscapeError(Exception):
    """Base class of all errors of this service. ``str()`` gives one sentence that is safe to show to anyone."""


class InvalidInput(LandscapeError):
    """An input is malformed or inconsistent. ``faults`` lists the problems, if there are several or they have a location."""

    def __init__(self, detail: str, faults: Sequence[Fault] = ()) -> None:
        super().__init__(detail)
        self.faults = tuple(faults)


class NotFound(LandscapeError):
    """No entity has the requested identifier. ``did_you_mean`` suggests similar identifiers."""

    def __init__(self, detail: str, did_you_mean: Sequence[str] = ()) -> None:
        super().__init__(detail)
        self.did_you_mean = tuple(did_you_mean)


class Gone(LandscapeError):
    """The service no longer carries what was requested. ``present_path`` is the address of its successor."""

    def __init__(self, detail: str, present_path: str) -> None:
        super().__init__(detail)
        self.present_path = present_path


class NotReady(LandscapeError):
    """The service cannot answer yet: the database cannot be reached, or nothing has been published."""


class SchemaMismatch(LandscapeError):
    """The database does not have the schema that this release needs. Trying again does not help; an operator must act."""


class RefusedOperation(LandscapeError):
    """An operation would make the record inconsistent or cannot use its input. Nothing was changed."""

"""Define the errors of the service. The API, the pages and the CLI show their messages to callers."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One problem with an input: a sentence for the caller, the location in the input, and values that were probably meant."""

    detail: str
    parameter: str | None = None
    pointer: str | None = None
    did_you_mean: tuple[str, ...] = ()


class LandscapeError(Exception):
    """Base class of all errors of this service. ``str()`` gives one sentence that is safe to show to anyone."""


class InvalidInput(LandscapeError):
    """An input is malformed or inconsistent. ``faults`` lists the problems if there are several, or if their location is known."""

    def __init__(self, detail: str, faults: Sequence[Fault] = ()) -> None:
        super().__init__(detail)
        self.faults = tuple(faults)


class NotFound(LandscapeError):
    """Nothing has the requested identifier. ``did_you_mean`` has similar identifiers."""

    def __init__(self, detail: str, did_you_mean: Sequence[str] = ()) -> None:
        super().__init__(detail)
        self.did_you_mean = tuple(did_you_mean)


class Gone(LandscapeError):
    """The requested resource is no longer served. ``present_path`` is the path of the resource that replaces it."""

    def __init__(self, detail: str, present_path: str) -> None:
        super().__init__(detail)
        self.present_path = present_path


class EpochMismatch(LandscapeError):
    """The request names another epoch of the record: a backup was restored since, and revision numbers were issued again."""


class NotReady(LandscapeError):
    """The service cannot answer yet: the database cannot be reached, or nothing has been published."""


class SchemaMismatch(LandscapeError):
    """The database does not have the schema that this release needs. Retrying does not help; an operator must act."""


class RefusedOperation(LandscapeError):
    """An operation was refused because it would make the record inconsistent or cannot use its input. Nothing was changed."""

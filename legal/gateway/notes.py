"""Hold what the layers in front of the app note about a request for the layers further out."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

_KEY = "legal.notes"


@dataclass(slots=True)
class RequestNotes:
    """Hold how the response cache answered, and what is left of the client's rate limit; null if it was not counted."""

    cache: str = "bypass"
    limit: int | None = None
    remaining: int = 0
    reset_seconds: int = 0


def attach_notes(environ: "WSGIEnvironment") -> RequestNotes:
    """Attach empty notes to a request and return them. A copy of the environment shares them."""
    notes: RequestNotes = environ.setdefault(_KEY, RequestNotes())
    return notes

"""Resources that live as long as a test session."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import Any


class SessionStore:
    """Resources created once in a session, by name and backend.

    A parametrized session fixture alone would be created again at every change of its parameter.
    """

    def __init__(self, stack: ExitStack) -> None:
        self.stack = stack
        self.resources: dict[tuple[str, str], Any] = {}

    @contextmanager
    def lend(self, name: str, create: Callable[[], AbstractContextManager[Any]]) -> Iterator[Any]:
        """Give a resource to one test at a time; if the test fails to restore it, the resource is discarded."""
        resource = self.get_or_create(name, "", create)
        del self.resources[name, ""]
        yield resource
        self.resources[name, ""] = resource

    def get_or_create(self, name: str, backend: str, create: Callable[[], AbstractContextManager[Any]]) -> Any:
        """Return the resource of this name; create it on the first call and close it at the end of the session."""
        if (name, backend) not in self.resources:
            self.resources[name, backend] = self.stack.enter_context(create())
        return self.resources[name, backend]

"""Define why the server refuses a request before the app sees it."""

from http import HTTPStatus


class RefusedRequest(Exception):
    """A request is too slow or too large. ``status`` is the status of the answer."""

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status.phrase)
        self.status = status

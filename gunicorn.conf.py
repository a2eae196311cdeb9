"""How gunicorn serves the app; every value can be overridden on its command line."""

import os
from typing import Any

wsgi_app = "app:create_app()"
bind = os.environ.get("BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "gthread"
threads = 4
preload_app = True
timeout = 30
# The control socket would be opened in the home folder, which a service account may not have.
control_socket_disable = True
limit_request_line = 8190
accesslog = None
errorlog = "-"


def post_fork(server: Any, worker: Any) -> None:
    """A forked worker opens connections of its own: a shared one would mix up two answers."""
    worker.app.wsgi().extensions["database"].dispose()


def post_worker_init(worker: Any) -> None:
    """What gunicorn refuses before the app sees it is a problem too, and not a page of gunicorn's own."""
    from gunicorn import util  # noqa: PLC0415 - in the worker, where it is used

    from legal.api.problems import unread  # noqa: PLC0415 - this file is read before the app's folder can be imported from

    def write(client: Any, status: int, reason: str, _message: str) -> None:
        body = unread(status)
        head = f"HTTP/1.1 {status} {reason}\r\nConnection: close\r\nContent-Type: application/problem+json\r\nContent-Length: {len(body)}\r\n\r\n"
        util.write_nonblock(client, head.encode("ascii") + body)

    util.write_error = write

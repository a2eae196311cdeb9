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

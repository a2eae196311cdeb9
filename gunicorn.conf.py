"""Configure gunicorn to serve the app. Command-line options of gunicorn override these values."""

import errno
import gc
import os
import socket
import sys
import tempfile
from pathlib import Path
from typing import Any

wsgi_app = "app:create_app()"
bind = os.environ.get("BIND", "127.0.0.1:8000")
try:
    workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
except ValueError:
    raise SystemExit("Error: WEB_CONCURRENCY must be a whole number, the number of worker processes.") from None
worker_class = "legal.server.worker.BufferedWorker"
threads = 4
keepalive = 15  # a connection that waits holds no thread
preload_app = True
timeout = 30
# The control socket would be opened in the home folder, which a service account may not have.
control_socket_disable = True
limit_request_line = 8190
# Headers that speak for a proxy are believed from the addresses only that the operator names. Gunicorn itself would believe this machine.
forwarded_allow_ips = os.environ.get("TRUSTED_PROXIES", "")
forwarder_headers = ""  # SCRIPT_NAME and PATH_INFO would let a header rewrite the path
accesslog = None
errorlog = "-"


if os.environ.get("METRICS", "off") != "off":
    # The workers count in files of this folder, which are added up. It must be known before the app is imported.
    os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", tempfile.mkdtemp(prefix="legal-landscape-metrics-"))


def child_exit(_server: Any, worker: Any) -> None:
    """Keep what a worker that ended has counted, and forget its gauges."""
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        from prometheus_client import multiprocess  # noqa: PLC0415 - where metrics are on only

        multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


# The garbage collector finds next to nothing while the app is imported, and would take a sixth of the start to look for it. What is
# there before a fork is exempt from it for good, so that workers go on sharing that memory with their parent.
gc.disable()


def pre_fork(_server: Any, _worker: Any) -> None:
    """Turn the garbage collector on, for what comes from now on."""
    gc.freeze()
    gc.enable()


def on_starting(server: Any) -> None:
    """Stop with one line if the address is not available. Gunicorn itself would try five times and report each failure."""
    # Sockets that systemd or the server that this one replaces has opened are expected to be in use.
    if server.cfg.reuse_port or {"LISTEN_FDS", "GUNICORN_FD"} & os.environ.keys():
        return
    for address in server.cfg.address:
        try:
            _try_to_bind(address)
        except OSError as error:
            reason = "it is in use already" if error.errno == errno.EADDRINUSE else error.strerror or error
            other = "127.0.0.1:8002" if address[1] == 8001 else "127.0.0.1:8001"  # noqa: PLR2004 - a port
            advice = f"To use another address: BIND={other} make run"
            raise SystemExit(f"Error: cannot listen on {_format_address(address)}: {reason}. {advice}") from None


def _try_to_bind(address: Any) -> None:
    if isinstance(address, int):  # a file descriptor that another process opened
        return
    local = isinstance(address, str)
    family = socket.AF_UNIX if local else socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    with socket.socket(family) as probe:
        if local and Path(address).is_socket():
            # gunicorn replaces a socket that is left over, and would also replace one that another server still answers on.
            if probe.connect_ex(address) == 0:
                raise OSError(errno.EADDRINUSE, os.strerror(errno.EADDRINUSE))
            return
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as gunicorn does, so that a restart need not wait
        probe.bind(address)
    if local:
        Path(address).unlink()


def _format_address(address: Any) -> str:
    if isinstance(address, str):
        return f"unix:{address}"
    host, port = address
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def post_fork(server: Any, worker: Any) -> None:
    """Drop the database connections that a forked worker inherits. Workers that share a connection would mix up their answers."""
    worker.app.wsgi().extensions["database"].dispose()
    if folder := os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        from legal.gateway.metrics import reserve_counter_files  # noqa: PLC0415 - where metrics are on only

        reserve_counter_files(Path(folder))


def post_worker_init(worker: Any) -> None:
    """Answer requests that gunicorn cannot parse with a problem instead of gunicorn's own page, answer quick requests first, and print the server's address."""
    from gunicorn import util  # noqa: PLC0415 - in the worker, where it is used

    from legal.api.problems import problem_for_unparsed_request  # noqa: PLC0415 - this file is read before the app's folder can be imported from

    def write(client: Any, status: int, reason: str, _message: str) -> None:
        body = problem_for_unparsed_request(status)
        head = f"HTTP/1.1 {status} {reason}\r\nConnection: close\r\nContent-Type: application/problem+json\r\nContent-Length: {len(body)}\r\nX-Content-Type-Options: nosniff\r\nCache-Control: no-store\r\n\r\n"
        util.write_nonblock(client, head.encode("ascii") + body)

    util.write_error = write
    cache = worker.wsgi.extensions.get("response_cache")
    if cache:
        worker.is_quick = lambda request: cache.can_answer_at_once(request.method, request.path, request.query, _accept_header(request))
    if worker.age == worker.cfg.workers:  # the last of the first workers, so all of them serve
        _announce([str(listener) for listener in worker.sockets])


def _accept_header(request: Any) -> str:
    return next((value for name, value in request.headers if name == "ACCEPT"), "")


def _announce(addresses: list[str]) -> None:
    first, path = addresses[0], "/v1/jurisdictions/VA"
    if first.startswith("unix:"):
        request = f"--unix-socket {first.removeprefix('unix:')} http://localhost{path}"
    else:
        # A client cannot connect to the wildcard address, and zsh expands brackets.
        request = first.replace("//0.0.0.0:", "//127.0.0.1:").replace("//[::]:", "//[::1]:") + path
        request = f"'{request}'" if "[" in request else request
    sys.stdout.write(f"Serving at {', '.join(addresses)} — try: curl {request}\n")
    sys.stdout.flush()

"""Measure how long a server lets others wait while slow clients hold on to it.

``python -m benchmarks.slow_clients`` seeds a database, starts gunicorn as the project ships it, and asks for a cached card and
for ``/healthz`` one after the other: first alone, then while 20 clients drip a header line a second, 20 clients read an export
at 2 KB a second and 4 clients fetch exports in a loop. Arguments are passed to gunicorn, to compare other workers:

    python -m benchmarks.slow_clients --worker-class gthread --threads 64
"""

import http.client
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing import Process
from pathlib import Path

_SECONDS = 10.0
_SLOW_SENDERS = _SLOW_READERS = 20
_EXPORT_LOOPS = 4
_PATIENCE_SECONDS = 5.0
_CARD_PATH, _HEALTH_PATH = "/v1/jurisdictions/VA", "/healthz"
_EXPORT_PATHS = ("/v1/export/landscape.zip", "/v1/export/landscape.sqlite")
_ROOT = Path(__file__).resolve().parent.parent


@contextmanager
def _serve(folder: Path, options: list[str]) -> Iterator[int]:
    """Give the port of a server on a seeded database, with options of gunicorn."""
    settings = {"DATABASE_URL": f"sqlite:///{folder / 'legal.sqlite'}", "SECRET_KEY": "of the benchmark", "EXPORT_FOLDER": str(folder)}
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    environment = os.environ | settings | {"BIND": f"127.0.0.1:{port}"}
    for command in (["flask", "db", "upgrade"], ["flask", "seed"]):
        subprocess.run([sys.executable, "-m", *command], env=environment, cwd=_ROOT, check=True, stdout=subprocess.DEVNULL)
    command = [sys.executable, "-m", "gunicorn", *options]
    with subprocess.Popen(command, env=environment, cwd=_ROOT, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        server.stdout.readline()  # it says that it serves
        yield port
        server.terminate()


def _drip_headers(port: int) -> None:
    while True:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port)) as client:
            client.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n")
            while True:
                time.sleep(1)
                client.sendall(b"X-Slow: 1\r\n")


def _read_slowly(port: int) -> None:
    while True:
        with suppress(OSError), socket.socket() as client:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            client.connect(("127.0.0.1", port))
            client.sendall(f"GET {_EXPORT_PATHS[1]} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            while client.recv(2048):
                time.sleep(1)


def _fetch_exports(port: int) -> None:
    while True:
        for path in _EXPORT_PATHS:
            with suppress(OSError, http.client.HTTPException):
                connection = http.client.HTTPConnection("127.0.0.1", port)
                connection.request("GET", path)
                connection.getresponse().read()
                connection.close()


def _run_threads(function: Callable[[int], None], count: int, port: int) -> None:
    threads = [threading.Thread(target=function, args=(port,), daemon=True) for _ in range(count)]
    for thread in threads:
        thread.start()
    threads[0].join()


@contextmanager
def _load(port: int) -> Iterator[None]:
    """Run all slow clients, in processes of their own so that they do not slow down the probes."""
    groups = ((_drip_headers, _SLOW_SENDERS), (_read_slowly, _SLOW_READERS), (_fetch_exports, _EXPORT_LOOPS))
    processes = [Process(target=_run_threads, args=(function, count, port), daemon=True) for function, count in groups]
    for process in processes:
        process.start()
    time.sleep(3)
    yield
    for process in processes:
        process.kill()


def _probe(port: int) -> dict[str, tuple[list[float], int]]:
    """Return the seconds of each answer and the number of failed probes, for each path."""
    results: dict[str, tuple[list[float], int]] = {}
    seconds: dict[str, list[float]] = {_CARD_PATH: [], _HEALTH_PATH: []}
    failures = dict.fromkeys(seconds, 0)
    until = time.monotonic() + _SECONDS
    while time.monotonic() < until:
        for path, times in seconds.items():
            started = time.perf_counter()
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE_SECONDS)
            try:
                connection.request("GET", path)
                assert connection.getresponse().read()
                times.append(time.perf_counter() - started)
            except (OSError, http.client.HTTPException):
                failures[path] += 1
            connection.close()
            time.sleep(0.002)
    for path, times in seconds.items():
        results[path] = (times, failures[path])
    return results


def _print_results(label: str, results: dict[str, tuple[list[float], int]]) -> None:
    for path, (times, failures) in results.items():
        cuts = statistics.quantiles(times, n=100) if len(times) > 1 else [float("inf")] * 99
        worst = max(times, default=float("inf"))
        figures = f"{cuts[49] * 1000:8.2f} {cuts[98] * 1000:8.2f} {worst * 1000:8.2f} {len(times):8} {failures:6}"
        print(f"{label:18} {path:22} {figures}", flush=True)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder_name, _serve(Path(folder_name), sys.argv[1:]) as server_port:
        print(f"{'':18} {'':22} {'p50 ms':>8} {'p99 ms':>8} {'max ms':>8} {'answers':>8} {'failed':>6}")
        _probe(server_port)  # fills the cache, and the export files
        for export_path in _EXPORT_PATHS:
            warm_up = http.client.HTTPConnection("127.0.0.1", server_port)
            warm_up.request("GET", export_path)
            print(f"{export_path}: {len(warm_up.getresponse().read())} bytes")
            warm_up.close()
        _print_results("alone", _probe(server_port))
        with _load(server_port):
            _print_results("with slow clients", _probe(server_port))

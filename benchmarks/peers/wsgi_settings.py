"""Give gunicorn the service's own settings for an app that is not the service, so that only the app differs."""

import runpy
from pathlib import Path

_ROOT = Path(__file__).resolve().parent.parent.parent
_SETTINGS = runpy.run_path(str(_ROOT / "gunicorn.conf.py"))
_COPIED = ("worker_class", "threads", "worker_connections", "keepalive", "timeout", "control_socket_disable", "limit_request_line")
globals().update({name: _SETTINGS[name] for name in _COPIED if name in _SETTINGS})

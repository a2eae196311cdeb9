"""The files in ``deploy/`` agree with the program and with each other."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from legal.settings import ROOT

_DEPLOY = ROOT / "deploy"


def test_proxies_of_both_kinds_are_configured_alike() -> None:
    lines = (_DEPLOY / "nginx.conf").read_text(encoding="utf-8").replace("127.0.0.1:8000", "landscape:8000").splitlines()
    expected = [line for line in lines if "Copy to" not in line]
    assert (_DEPLOY / "nginx.compose.conf").read_text(encoding="utf-8").splitlines() == expected


def test_deployed_settings_are_documented() -> None:
    services = yaml.safe_load((_DEPLOY / "compose.yaml").read_text(encoding="utf-8"))["services"]
    names = set(services["landscape"]["environment"])
    names |= set(re.findall(r"^Environment=(\w+)=", (_DEPLOY / "landscape.service").read_text(encoding="utf-8"), re.MULTILINE))
    documented = (ROOT / "docs" / "operators.md").read_text(encoding="utf-8")
    assert {name for name in names if f"| `{name}` |" not in documented} == set()


def test_every_file_says_how_far_it_was_tried() -> None:
    readme = (_DEPLOY / "README.md").read_text(encoding="utf-8")
    assert [path.name for path in _DEPLOY.iterdir() if f"`{path.name}`" not in readme and path.name != "README.md"] == []


def test_proxy_accepts_its_configuration(tmp_path: Path) -> None:
    program = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
    if program is None:
        pytest.skip("the configuration of nginx: nginx is not installed")
    text = (_DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    text = text.replace("/var/cache/nginx/landscape", str(tmp_path / "cache")).replace("listen 80;", "listen 127.0.0.1:8680;")
    text = text.replace("include landscape_proxy.inc", f"include {_DEPLOY / 'landscape_proxy.inc'}")
    configuration = tmp_path / "nginx.conf"
    head = f"pid {tmp_path / 'pid'}; error_log {tmp_path / 'errors'}; events {{}}"
    configuration.write_text(f"{head} http {{ access_log off;\n{text} }}", encoding="utf-8")
    result = subprocess.run([program, "-t", "-c", str(configuration)], capture_output=True, text=True, check=False)  # noqa: S603 - Debian's nginx
    assert result.returncode == 0, result.stderr

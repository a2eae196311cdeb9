"""No pinned package has a known vulnerability, and no file holds a secret. Run by `make audits`; skipped where the network is out of reach."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from legal.settings import ROOT

PIP_AUDIT, DETECT_SECRETS = "pip-audit==2.10.1", "detect-secrets==1.5.0"
# Entropy and the word "secret" say nothing here: the seeds are full of hashes, and the tests of names.
DISABLED_PLUGINS = ("HexHighEntropyString", "Base64HighEntropyString", "KeywordDetector")
EXAMPLES = {
    "legal/db/engine.py",
    "tests/api/views/test_operation.py",
    "tests/rules/rosters/test_links.py",
    "tests/test_app.py",
}
"""Files with a URL that has a made-up password, as an example or to show that it is never printed."""


def run_tool(package: str, *command: str, folder: Path = ROOT) -> str:
    """Run a tool from the package index in an environment of its own, and return its output; skip the test if that cannot be done."""
    uv = str(ROOT / ".venv" / "bin" / "uv")
    installed = subprocess.run(  # noqa: S603 - a pinned tool
        [uv, "tool", "run", "--from", package, command[0], "--help"], capture_output=True, text=True, check=False, timeout=300
    )
    if installed.returncode:
        pytest.skip(f"NOT TESTED: {package} cannot be installed; is the package index out of reach? {installed.stderr.strip()[-200:]}")
    done = subprocess.run(  # noqa: S603 - a pinned tool
        [uv, "tool", "run", "--from", package, *command], cwd=folder, capture_output=True, text=True, check=False, timeout=600
    )
    if not done.stdout.strip():
        pytest.skip(f"NOT TESTED: `{command[0]}` gave no result; is its service out of reach? {done.stderr.strip()[-200:]}")
    return done.stdout


def audit(*requirements: str) -> list[dict[str, Any]]:
    """Return what pip-audit says of each package in files of requirements."""
    files = [option for name in requirements for option in ("--requirement", name)]
    output = run_tool(
        PIP_AUDIT, "pip-audit", "--disable-pip", "--require-hashes", "--format=json", "--progress-spinner=off", "--desc=off", *files
    )
    packages: list[dict[str, Any]] = json.loads(output)["dependencies"]
    return packages


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-dev.txt"])
def test_no_pinned_package_has_a_known_vulnerability(lock: str) -> None:
    packages = audit(lock)
    found = {
        f"{package['name']} {package['version']}": [each["id"] for each in package["vulns"]] for package in packages if package.get("vulns")
    }
    assert found == {}
    unknown = [package["name"] for package in packages if "skip_reason" in package]
    if unknown:
        pytest.skip(
            f"NOT TESTED: the vulnerability service does not know {len(unknown)} of {len(packages)} packages of {lock}; is it out of reach?"
        )


def find_secrets(folder: Path) -> dict[str, list[dict[str, Any]]]:
    """Return the secrets in the files of a folder that git knows, by file."""
    disabled = [option for plugin in DISABLED_PLUGINS for option in ("--disable-plugin", plugin)]
    results: dict[str, list[dict[str, Any]]] = json.loads(run_tool(DETECT_SECRETS, "detect-secrets", "scan", *disabled, folder=folder))[
        "results"
    ]
    return results


def test_no_file_holds_a_secret() -> None:
    found = find_secrets(ROOT)
    assert {
        name: [(each["type"], each["line_number"]) for each in secrets] for name, secrets in found.items() if name not in EXAMPLES
    } == {}
    assert {each["type"] for secrets in found.values() for each in secrets} == {"Basic Auth Credentials"}


def test_planted_key_is_found(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)  # noqa: S607 - git of this machine
    (tmp_path / "settings.py").write_text("KEY = '-----BEGIN RSA PRIVATE" + " KEY-----'\n", encoding="utf-8")
    subprocess.run(["git", "add", "settings.py"], cwd=tmp_path, check=True)  # noqa: S607 - git of this machine
    assert list(find_secrets(tmp_path)) == ["settings.py"]

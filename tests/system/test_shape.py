"""The shape of the system: what holds of every route, module, setting and file."""

import ast
import re
import shutil
import subprocess
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest

from legal.settings import ROOT
from tests.conftest import LONGEST, make_app

TOP = {
    *("app.py", "legal", "migrations", "seeds", "tests", "requirements.txt", "README.md", "Makefile", "pyproject.toml", "gunicorn.conf.py"),
    *("requirements-dev.txt", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "CITATION.cff", "LICENSE", "docs", "benchmarks", "deploy"),
    *(".ci", ".editorconfig", ".git", ".github", ".gitignore", ".pre-commit-config.yaml"),
}
IGNORED = [line.rstrip("/") for line in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines() if line.strip()]


def ignored(name: str) -> bool:
    """Whether git would leave a file or folder of this name out."""
    return any(fnmatch(name, pattern) for pattern in IGNORED)


def walk(folder: Path) -> Iterator[Path]:
    """Every file of the project under a folder."""
    for path in sorted(folder.iterdir()):
        if ignored(path.name) or path.name == ".git":
            continue
        if path.is_dir():
            yield from walk(path)
        else:
            yield path


FILES = list(walk(ROOT))
MODULES = [path for path in FILES if path.suffix == ".py" and path.stat().st_size]


def opening(path: Path) -> str:
    """A module's docstring."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return ast.get_docstring(tree) or "" if isinstance(tree.body[0], ast.Expr) else ""


def named(path: Path) -> str:
    """A file's path in the project."""
    return str(path.relative_to(ROOT))


def test_every_route_has_a_declared_access() -> None:
    app = make_app("sqlite://")
    undeclared = {
        rule.rule
        for rule in app.url_map.iter_rules()
        # Flask makes the view of a blueprint's static folder, which has nothing in it but assets.
        if not rule.endpoint.endswith(".static") and not hasattr(app.view_functions[rule.endpoint], "access")
    }
    assert undeclared == set()


def test_every_module_opens_with_a_sentence() -> None:
    assert [named(path) for path in MODULES if not opening(path)] == []


def test_every_module_of_the_service_opens_with_a_whole_sentence() -> None:
    ours = [path for path in MODULES if path.is_relative_to(ROOT / "legal") or path.parent == ROOT]
    assert [named(path) for path in ours if not opening(path).split("\n\n")[0].endswith((".", "``"))] == []


def test_only_what_the_design_names_stands_at_the_top() -> None:
    assert {path.name for path in ROOT.iterdir() if not ignored(path.name)} - TOP == set()


def environment() -> set[str]:
    """The name of every environment variable that the service reads."""
    sources = [path for path in MODULES if path.is_relative_to(ROOT / "legal") or path.name in ("gunicorn.conf.py", "app.py")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    return set(re.findall(r"""os\.(?:environ(?:\.get\(|\[)|getenv\()\s*["']([A-Z_]+)["']""", text))


def test_the_environment_is_read_by_names_that_can_be_found() -> None:
    assert {"DATABASE_URL", "SECRET_KEY"} <= environment()


def test_every_setting_is_described_for_operators() -> None:
    told = (ROOT / "docs" / "operators.md").read_text(encoding="utf-8")
    assert {name for name in environment() if not re.search(rf"\b{name}\b", told)} == set()


def test_the_readmes_commands_exist() -> None:
    told = (ROOT / "README.md").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    asked = set(re.findall(r"^\s*(?:\$ )?make ([a-z]+)|`make ([a-z]+)`", told, re.MULTILINE))
    assert {one or other for one, other in asked} - targets == set()


@pytest.mark.parametrize("command", ["make run", "make test"])
def test_the_readme_shows_the_two_commands(command: str) -> None:
    assert command in (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_requirement_is_pinned_with_hashes(name: str) -> None:
    blocks = re.split(r"\n(?=\S)", (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " "))
    pinned = [block for block in blocks if block.strip() and not block.startswith("#")]
    assert pinned
    assert [block.split()[0] for block in pinned if not re.match(r"[\w.\[\],-]+==\S+.*--hash=sha256:[0-9a-f]{64}", block, re.DOTALL)] == []


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_requirements_name_no_registry(name: str) -> None:
    assert re.search(r"://|--(extra-)?index-url|--find-links", (ROOT / name).read_text(encoding="utf-8")) is None


def test_no_file_knows_a_machines_paths() -> None:
    machine = re.compile(rf"(?<![\w.])(/{'work'}/|/{'root'}/|/{'Users'}/|{re.escape(str(ROOT))}/)".encode())
    assert [named(path) for path in FILES if machine.search(path.read_bytes())] == []


def test_imports_go_down_the_floors_only() -> None:
    command = shutil.which("lint-imports", path=str(ROOT / ".venv" / "bin")) or shutil.which("lint-imports")
    assert command
    done = subprocess.run([command, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - our own gate
    assert done.returncode == 0, done.stdout


def test_the_files_that_are_begun_with_are_there() -> None:
    assert [name for name in LONGEST if not list((ROOT / "tests").rglob(name))] == []

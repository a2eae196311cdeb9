"""Properties of every route, module, setting and file."""

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

TOP_LEVEL_NAMES = {
    *("app.py", "legal", "migrations", "seeds", "tests", "requirements.txt", "README.md", "Makefile", "pyproject.toml", "gunicorn.conf.py"),
    *("requirements-dev.txt", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "CITATION.cff", "LICENSE", "docs", "benchmarks", "deploy"),
    *(".ci", ".editorconfig", ".git", ".github", ".gitignore", ".pre-commit-config.yaml"),
}
LOCKS = ("requirements.txt", "requirements-dev.txt", "benchmarks/requirements.txt")
IGNORED_PATTERNS = [line.rstrip("/") for line in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines() if line.strip()]


def is_ignored(name: str) -> bool:
    """Return whether git ignores files and folders of this name."""
    return any(fnmatch(name, pattern) for pattern in IGNORED_PATTERNS)


def walk_files(folder: Path) -> Iterator[Path]:
    """Find every file of the project under a folder."""
    for path in sorted(folder.iterdir()):
        if is_ignored(path.name) or path.name == ".git":
            continue
        if path.is_dir():
            yield from walk_files(path)
        else:
            yield path


FILES = list(walk_files(ROOT))
MODULES = [path for path in FILES if path.suffix == ".py" and path.stat().st_size]


def module_docstring(path: Path) -> str:
    """Return a module's docstring, or an empty string if the module does not open with one."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return ast.get_docstring(tree) or "" if isinstance(tree.body[0], ast.Expr) else ""


def relative_path(path: Path) -> str:
    """Return a file's path in the project."""
    return str(path.relative_to(ROOT))


def test_every_route_has_a_declared_access() -> None:
    app = make_app("sqlite://")
    routes_without_access = {
        rule.rule
        for rule in app.url_map.iter_rules()
        # Flask creates the view of a blueprint's static folder, which contains assets only.
        if not rule.endpoint.endswith(".static") and not hasattr(app.view_functions[rule.endpoint], "access")
    }
    assert routes_without_access == set()


def test_every_module_has_a_docstring() -> None:
    assert [relative_path(path) for path in MODULES if not module_docstring(path)] == []


def test_docstrings_of_modules_are_complete_sentences() -> None:
    paths = [path for path in MODULES if path.is_relative_to(ROOT / "legal") or path.parent == ROOT]
    assert [relative_path(path) for path in paths if not module_docstring(path).split("\n\n")[0].endswith((".", "``"))] == []


def test_top_folder_contains_expected_names_only() -> None:
    assert {path.name for path in ROOT.iterdir() if not is_ignored(path.name)} - TOP_LEVEL_NAMES == set()


def environment_variables() -> set[str]:
    """Find the names of the environment variables that the service reads."""
    sources = [path for path in MODULES if path.is_relative_to(ROOT / "legal") or path.name in ("gunicorn.conf.py", "app.py")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    return set(re.findall(r"""os\.(?:environ(?:\.get\(|\[)|getenv\()\s*["']([A-Z_]+)["']""", text))


def test_environment_variables_are_found_in_the_code() -> None:
    assert {"DATABASE_URL", "SECRET_KEY"} <= environment_variables()


def test_every_setting_is_in_the_operators_guide() -> None:
    guide = (ROOT / "docs" / "operators.md").read_text(encoding="utf-8")
    assert {name for name in environment_variables() if not re.search(rf"\b{name}\b", guide)} == set()


def test_commands_in_the_readme_exist() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    commands = re.findall(r"^\s*(?:\$ )?make ([a-z]+)|`make ([a-z]+)`", readme, re.MULTILINE)
    assert {in_block or in_text for in_block, in_text in commands} - targets == set()


@pytest.mark.parametrize("command", ["make run", "make test"])
def test_readme_shows_how_to_run_and_test(command: str) -> None:
    assert command in (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", LOCKS)
def test_every_requirement_is_pinned_with_hashes(name: str) -> None:
    blocks = re.split(r"\n(?=\S)", (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " "))
    requirements = [block for block in blocks if block.strip() and not block.startswith("#")]
    assert requirements
    assert [
        block.split()[0] for block in requirements if not re.match(r"[\w.\[\],-]+==\S+.*--hash=sha256:[0-9a-f]{64}", block, re.DOTALL)
    ] == []


@pytest.mark.parametrize("name", LOCKS)
def test_requirements_contain_no_registry_url(name: str) -> None:
    assert re.search(r"://|--(extra-)?index-url|--find-links", (ROOT / name).read_text(encoding="utf-8")) is None


def test_no_file_contains_paths_of_a_machine() -> None:
    machine = re.compile(rf"(?<![\w.])(/{'work'}/|/{'root'}/|/{'Users'}/|{re.escape(str(ROOT))}/)".encode())
    assert [relative_path(path) for path in FILES if machine.search(path.read_bytes())] == []


def test_imports_go_down_the_layers_only() -> None:
    command = shutil.which("lint-imports", path=str(ROOT / ".venv" / "bin")) or shutil.which("lint-imports")
    assert command
    process = subprocess.run([command, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - a fixed command
    assert process.returncode == 0, process.stdout


def test_longest_test_files_exist() -> None:
    assert [name for name in LONGEST if not list((ROOT / "tests").rglob(name))] == []

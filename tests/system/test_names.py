"""Names and docstrings follow the rules for names in CONTRIBUTING.md, as far as they can be measured."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple

import pytest

from legal.settings import ROOT

MOST_BARE_BINDINGS = 0.005
MOST_BARE_FUNCTIONS = 0.010
MOST_BARE_TEST_FUNCTIONS = 0.03
MOST_ONE_WORD_FUNCTIONS = 0.45
MOST_SHARED_CONSTANTS = 5
MOST_WORDS_IN_A_TEST_NAME = 12
DATA_MODULES = ("legal/models/", "legal/schemas/", "legal/vocabulary.py")
"""Modules whose class attributes are published data: columns, JSON keys and terms. Their names cannot change."""


def split_words(text: str) -> frozenset[str]:
    """Return the words of a text as a set."""
    return frozenset(text.split())


IRREGULAR_PARTICIPLES = split_words(
    "been begun bent bitten blown born borne bound bred broken brought built burnt bought caught chosen clung cut dealt done drawn"
    " driven eaten fallen fed felt flown forbidden forgotten fought found frozen given gone grown heard held hidden hit hung hurt kept"
    " knelt known laid led left lent let lost made meant met mistaken paid proven put ridden risen rung said seen sent shaken"
    " shed shot shown shrunk shut slept sold sought spent split spoken spread stood stolen stricken struck stuck sung sunk swept sworn"
    " taken taught thought thrown told torn understood undone woken won worn woven written"
)
PRONOUNS_AND_PREPOSITIONS = split_words(
    "above after against alike along alone among another any apart around aside away before behind below beneath beside between beyond"
    " both but during each either every except for from her here his how if into it its mine neither none one onto other others our ours"
    " same several so some something such than that their them then there these they this those though through toward under unless upon"
    " us we what whatever where whether which while who whole whom whose why with within without"
)
ED_WORDS_THAT_ARE_NO_PARTICIPLES = split_words("bed breed deed embed exceed feed hundred id indeed need proceed red seed shed speed")
TERMS_OF_THE_FIELD = split_words(
    "allowed authenticated cached created decoded deleted disabled enabled encoded escaped expected expired filtered indexed modified"
    " nested ordered paginated parsed quoted registered required reversed selected sorted updated"
)


class Function(NamedTuple):
    """A function or method, and where it is defined, as ``path:line``."""

    name: str
    location: str


def is_bare(name: str) -> bool:
    """Return whether a name is nothing but a participle, a pronoun or a preposition."""
    word = name.strip("_").lower()
    if word in TERMS_OF_THE_FIELD:
        return False
    is_regular_participle = re.fullmatch(r"[a-z]+ed", word) is not None and word not in ED_WORDS_THAT_ARE_NO_PARTICIPLES
    return is_regular_participle or word in IRREGULAR_PARTICIPLES or word in PRONOUNS_AND_PREPOSITIONS


@cache
def parse_modules(folder: str) -> Mapping[str, ast.Module]:
    """Parse every module under a folder of the project, by path."""
    paths = sorted((ROOT / folder).rglob("*.py"))
    return {str(path.relative_to(ROOT)): ast.parse(path.read_text(encoding="utf-8")) for path in paths}


def list_functions(folder: str) -> list[Function]:
    """List the functions and methods under a folder, without Python's own ``__names__``."""
    return [
        Function(node.name, f"{path}:{node.lineno}")
        for path, module in parse_modules(folder).items()
        for node in ast.walk(module)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("__")
    ]


def assigned_targets(statement: ast.stmt) -> list[ast.expr]:
    """Return the targets of an assignment, and nothing for other statements."""
    if isinstance(statement, ast.Assign):
        return statement.targets
    return [statement.target] if isinstance(statement, ast.AnnAssign) else []


def class_attributes(module: ast.Module) -> set[ast.Name]:
    """Return the nodes of the attributes that the module's classes assign in their body."""
    statements = [statement for node in ast.walk(module) if isinstance(node, ast.ClassDef) for statement in node.body]
    return {target for statement in statements for target in assigned_targets(statement) if isinstance(target, ast.Name)}


def bound_names(path: str, module: ast.Module) -> Iterator[str]:
    """Find each name that a module binds: functions, classes, parameters and assigned names, once for each binding.

    The attributes of classes in ``DATA_MODULES`` are left out.
    """
    data_names = class_attributes(module) if path.startswith(DATA_MODULES) else set()
    for node in ast.walk(module):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield node.name
            case ast.arg() if node.arg not in ("self", "cls"):
                yield node.arg
            case ast.Name(ctx=ast.Store()) if node not in data_names:
                yield node.id


def public_constants(module: ast.Module) -> Iterator[str]:
    """Find the public constants that a module assigns at its top level."""
    for statement in module.body:
        for target in assigned_targets(statement):
            for node in ast.walk(target):
                if isinstance(node, ast.Name) and len(node.id) > 1 and node.id.isupper() and not node.id.startswith("_"):
                    yield node.id


def find_homonyms(paths_by_name: Mapping[str, set[str]]) -> dict[str, list[str]]:
    """Return the names that several modules define, with those modules."""
    return {name: sorted(paths) for name, paths in paths_by_name.items() if len(paths) > 1}


def find_docstrings(folder: str) -> Iterator[tuple[str, str]]:
    """Find every docstring under a folder, with the location of its module, class or function."""
    for path, module in parse_modules(folder).items():
        for node in ast.walk(module):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and (text := ast.get_docstring(node)):
                yield f"{path}:{getattr(node, 'lineno', 1)}", text


def test_bare_words_are_distinguished_from_names() -> None:
    assert [name for name in ("found", "_kept", "LISTED", "shown", "each", "whose", "Versioned", "beside") if not is_bare(name)] == []
    assert [name for name in ("matches", "seed", "cached", "load_kept", "listed_at", "row", "feed", "id") if is_bare(name)] == []


def test_few_bindings_are_bare_words() -> None:
    names = [name for path, module in parse_modules("legal").items() for name in bound_names(path, module)]
    bare_names = [name for name in names if is_bare(name)]
    assert len(names) > 3000
    assert len(bare_names) <= MOST_BARE_BINDINGS * len(names), sorted(bare_names)


@pytest.mark.parametrize(("folder", "limit"), [("legal", MOST_BARE_FUNCTIONS), ("tests", MOST_BARE_TEST_FUNCTIONS)])
def test_few_functions_are_bare_words(folder: str, limit: float) -> None:
    functions = list_functions(folder)
    bare_functions = [function for function in functions if is_bare(function.name)]
    assert len(functions) > 300
    assert len(bare_functions) <= limit * len(functions), bare_functions


def test_most_functions_have_two_words() -> None:
    functions = list_functions("legal")
    one_word_functions = [function for function in functions if "_" not in function.name.strip("_")]
    assert len(one_word_functions) <= MOST_ONE_WORD_FUNCTIONS * len(functions), one_word_functions


def test_class_names_are_unique() -> None:
    paths_by_class: dict[str, set[str]] = defaultdict(set)
    for path, module in parse_modules("legal").items():
        for statement in module.body:
            if isinstance(statement, ast.ClassDef):
                paths_by_class[statement.name].add(path)
    assert find_homonyms(paths_by_class) == {}


def test_few_public_constants_share_a_name() -> None:
    paths_by_constant: dict[str, set[str]] = defaultdict(set)
    for path, module in parse_modules("legal").items():
        for name in public_constants(module):
            paths_by_constant[name].add(path)
    homonyms = find_homonyms(paths_by_constant)
    assert len(homonyms) <= MOST_SHARED_CONSTANTS, homonyms


@pytest.mark.parametrize("folder", ["legal", "migrations"])
def test_no_docstring_opens_with_a_subordinate_clause(folder: str) -> None:
    assert parse_modules(folder) != {}
    openers = re.compile(r"(What|That|Whether|How|Where|Which|Those|Whose|Whom)\b")
    assert [f"{location} {text.splitlines()[0]}" for location, text in find_docstrings(folder) if openers.match(text)] == []


def test_test_names_have_at_most_twelve_words() -> None:
    names = {
        function.name.removeprefix("test_"): function.location for function in list_functions("tests") if function.name.startswith("test_")
    }
    assert {name: location for name, location in names.items() if len(name.split("_")) > MOST_WORDS_IN_A_TEST_NAME} == {}

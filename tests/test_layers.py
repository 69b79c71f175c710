"""The package's shape: data goes one way through its folders, the engine has one door, nothing calls out."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "smartpick_expert"
PIPELINE = (
    "version",
    "shipped",
    "diagnostics",
    "writing",
    "language",
    "knowledge",
    "workspace",
    "intake",
    "engine",
    "explain",
    "programs",
    "chances",
    "selection",
    "planning",
    "lists",
    "report",
    "audit",
    "consulting",
    "running",
    "advice",
    "sources",
    "inquiry",
    "replay",
    "giving",
    "recall",
    "identifying",
    "authoring",
    "cohort",
    "cli",
    "__main__",
)
NETWORK = (
    "aiohttp",
    "ftplib",
    "http",
    "httpx",
    "imaplib",
    "nntplib",
    "poplib",
    "requests",
    "smtplib",
    "socket",
    "socketserver",
    "ssl",
    "telnetlib",
    "urllib.request",
    "urllib3",
    "websockets",
    "xmlrpc",
)
LONGEST = 400

MODULES = {path.relative_to(PACKAGE).as_posix(): path for path in sorted(PACKAGE.rglob("*.py"))}


def imported(module: str, source: str) -> list[str]:
    """The dotted names that a module's source imports, wherever in it; relative ones spelled out."""
    folder = (PACKAGE.name, *module.split("/")[:-1])
    names = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            start = folder[: len(folder) - node.level + 1] if node.level else ()
            origin = [*start, *filter(None, [node.module])]
            names += [".".join([*origin, alias.name]) for alias in node.names]
    return names


def layer(module: str) -> str:
    """The folder at the package's top that a module belongs to, or its own name if it stands there itself."""
    return module.partition("/")[0].removesuffix(".py")


def upward(module: str, source: str) -> list[str]:
    """What a module imports of the package from a place after its own, or from no place in the pipeline."""
    allowed = PIPELINE[: PIPELINE.index(layer(module)) + 1]
    ours = [name.split(".") for name in imported(module, source) if name.split(".")[0] == PACKAGE.name]
    return [".".join(parts) for parts in ours if len(parts) == 1 or parts[1] not in allowed]


def importers(*libraries: str) -> list[str]:
    """The modules that import one of the libraries, or a part of one."""
    starts = tuple(f"{library}." for library in libraries)
    names = {module: imported(module, path.read_text("utf-8")) for module, path in MODULES.items()}
    return [module for module in MODULES if any(f"{name}.".startswith(starts) for name in names[module])]


def test_every_module_has_its_place_in_the_pipeline():
    assert {layer(module) for module in MODULES} - {"__init__", *PIPELINE} == set()


@pytest.mark.parametrize("module", [module for module in MODULES if layer(module) in PIPELINE])
def test_a_module_imports_only_from_its_own_folder_and_those_before_it(module: str):
    assert upward(module, MODULES[module].read_text("utf-8")) == []


def test_only_one_module_knows_durable_rules():
    assert importers("durable_rules_engine", "durable") == ["engine/durable.py"]


def test_only_one_module_knows_the_solver():
    assert importers("highspy") == []
    known = [module for module, path in MODULES.items() if '"highspy"' in path.read_text("utf-8")]
    assert known == ["selection/highs.py"]


def test_no_module_can_reach_the_network():
    assert importers(*NETWORK) == []


def test_no_module_is_too_long_to_read_at_a_sitting():
    lengths = {module: len(path.read_text("utf-8").splitlines()) for module, path in MODULES.items()}
    assert {module: lines for module, lines in lengths.items() if lines > LONGEST} == {}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("from smartpick_expert.language.model import Rule", []),
        ("from .derivation import Fact", []),
        ("from .. import language, report", ["smartpick_expert.report"]),
        ("from ..report.view import View", ["smartpick_expert.report.view.View"]),
        ("def late():\n    import smartpick_expert.cli.main", ["smartpick_expert.cli.main"]),
        ("from smartpick_expert import advise", ["smartpick_expert.advise"]),
        ("import smartpick_expert", ["smartpick_expert"]),
    ],
)
def test_the_check_sees_every_way_to_import(source: str, expected: list[str]):
    assert upward("engine/session.py", source) == expected

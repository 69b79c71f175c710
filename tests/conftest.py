"""What several test files share: the shipped workspace, the day, and golden files."""

from __future__ import annotations

import gc
import os
import sys
from datetime import date
from functools import cache, lru_cache
from inspect import getclosurevars
from pathlib import Path
from types import CodeType
from typing import Any

import pytest

from smartpick_expert import workspace as workspaces
from smartpick_expert.language import source
from smartpick_expert.report.sandbox import Bounded
from smartpick_expert.workspace import Workspace, load_workspace

ROOT = Path(__file__).parent.parent
GOLDEN = Path(__file__).parent / "golden"
# All personas but every fourth.
UNMEASURED = {path.stem for place, path in enumerate(sorted((ROOT / "knowledge/personas").glob("*.yaml"))) if place % 4}
# Bases with a fault in them, each laid over another one by the tests that want it: their cases are nobody's by themselves.
collect_ignore = ["seeded"]


def pytest_addoption(parser: pytest.Parser):
    parser.addoption("--record-golden", action="store_true", help="Write the golden files anew; review the diff.")


def pytest_configure():
    """The commands that the tests run read the same files again and again: each text is parsed once, a base of the checkout read once.

    Both depend on nothing but the texts, and what they give is frozen. A base elsewhere, which a test may have changed, is read each
    time, and so is one of the checkout of which a file is not as it was.
    """
    build, read = source._Builder.build, workspaces.read_workspace
    built = lru_cache(maxsize=4_000)(lambda *text: build(source._Builder(*text)))
    read_as_it_is = cache(lambda root, _: read(root))

    def read_workspace(root: Path, other_rules: Path | None = None):
        if other_rules is None and root.is_absolute() and root.is_relative_to(ROOT):
            return read_as_it_is(root, states(root))
        return read(root, other_rules)

    compile_templates_once()
    # Nearly all that the tests make is kept, so that looking for what is not takes a fifth of their time.
    gc.set_threshold(20_000, 20, 20)
    source._Builder.build = lambda self: built(self.text, self.name, self.language)
    workspaces.read_workspace = read_workspace


def pytest_collection_finish():
    """What was loaded to collect the tests stays, and is not looked at again for what could be thrown away."""
    gc.collect()
    gc.freeze()


def compile_templates_once():
    """Jinja takes longer to compile the templates than to fill them in, and each replay lays them in a folder of its own.

    A template is compiled anew where its text, its name or what its environment makes of values is another; a fault in one that was
    compiled before is told with the place of its own file.
    """
    compile_template, known = Bounded.compile, {}

    def compile_once(self: Bounded, source: Any, name: str | None = None, filename: str | None = None, **how: Any):
        if not isinstance(source, str) or filename is None or how:
            return compile_template(self, source, name, filename, **how)
        options = (self.autoescape, self.trim_blocks, self.lstrip_blocks, self.keep_trailing_newline)
        key = (source, name, options, getclosurevars(self.finalize).nonlocals["finalize"])
        if key not in known:
            known[key] = compile_template(self, source, name, filename)
        return placed(known[key], filename)

    Bounded.compile = compile_once


def placed(code: CodeType, filename: str) -> CodeType:
    """Compiled code as if it came from another file."""
    inner = tuple(placed(one, filename) if isinstance(one, CodeType) else one for one in code.co_consts)
    return code.replace(co_filename=filename, co_consts=inner)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item):
    """Coverage makes a test take twice as long. Of what goes over all personas it is measured with a few; `unmeasured` tests do without."""
    library = sys.modules.get("coverage")
    measured = library.Coverage.current() if library is not None and is_unmeasured(item) else None
    if measured is None:
        return (yield)
    measured.stop()
    try:
        return (yield)
    finally:
        measured.start()


def is_unmeasured(item: pytest.Item) -> bool:
    """Whether a test is marked so, or is about a persona that is not one of the few."""
    called = getattr(item, "callspec", None)
    given = [value for value in called.params.values() if isinstance(value, str)] if called is not None else []
    return item.get_closest_marker("unmeasured") is not None or any(name in UNMEASURED for name in given)


def states(root: Path) -> tuple[tuple[Path, int, int], ...]:
    """What changes when a file is written that a base is read from."""
    files = [*root.glob("*.yaml"), *(path for part in ("rules", "knowledge") for path in (root / part).rglob("*.yaml"))]
    return tuple((path, path.stat().st_mtime_ns, path.stat().st_size) for path in sorted(files))


@pytest.fixture(scope="session", autouse=True)
def ledger_of_the_tests(tmp_path_factory: pytest.TempPathFactory):
    """No test enters anything in the ledger of whoever runs it."""
    os.environ["SMARTPICK_LEDGER"] = str(tmp_path_factory.mktemp("ledger") / "ledger.sqlite")


@pytest.fixture(scope="session", autouse=True)
def as_wide_as_we_print():
    """What a command prints is wrapped as anywhere else, whatever the terminal is that the tests were begun in."""
    os.environ.pop("COLUMNS", None)


@pytest.fixture(scope="session")
def workspace() -> Workspace:
    """What this checkout ships."""
    return load_workspace(ROOT)


@pytest.fixture(scope="session")
def as_of() -> date:
    """The day on which all advice in the tests is given."""
    return date(2026, 9, 10)


@pytest.fixture
def golden(request: pytest.FixtureRequest):
    """`golden(name, text)` compares a text with `tests/golden/<name>`, byte for byte, or records it when asked to."""
    record = request.config.getoption("--record-golden")

    def compare(name: str, text: str):
        path = GOLDEN / name
        if record:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode("utf-8"))
        assert path.is_file(), f"{path} is not recorded; run pytest --record-golden, and review it"
        assert text == path.read_bytes().decode("utf-8")

    return compare

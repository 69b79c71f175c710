"""What several test files share: the shipped workspace, the day, and golden files."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from smartpick_expert.workspace import Workspace, load_workspace

ROOT = Path(__file__).parent.parent
GOLDEN = Path(__file__).parent / "golden"
# Bases with a fault in them, each laid over another one by the tests that want it: their cases are nobody's by themselves.
collect_ignore = ["seeded"]


def pytest_addoption(parser: pytest.Parser):
    parser.addoption("--record-golden", action="store_true", help="Write the golden files anew; review the diff.")


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

"""The pytest plugin: `*.cases.yaml` files are collected as tests, each case an item, failures shown without traceback."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from smartpick_expert.authoring.cases import SUFFIX, Case, read_cases, run_case
from smartpick_expert.diagnostics import Problems, render
from smartpick_expert.engine.session import Matcher, make_matcher
from smartpick_expert.workspace import Workspace, find_root, load_workspace


@cache
def _workspace(root: Path) -> Workspace:
    return load_workspace(root)


@cache
def _matcher() -> Matcher:
    return make_matcher()


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.File | None:
    """Collect case files."""
    if file_path.name.endswith(SUFFIX):
        return CaseFile.from_parent(parent, path=file_path)
    return None


class CaseFailure(Exception):  # noqa: N818 - shown to people as a sentence
    """A case that does not hold."""


class CaseFile(pytest.File):
    """One case file."""

    def collect(self) -> Iterator[pytest.Item]:
        """An item for each case."""
        workspace = _workspace(find_root(self.path.parent))
        try:
            cases = read_cases(self.path, workspace)
        except Problems as problems:
            raise self.CollectError("\n".join(render(d) for d in problems.diagnostics)) from None
        for case in cases:
            yield CaseItem.from_parent(self, name=case.name, case=case, workspace=workspace)


class CaseItem(pytest.Item):
    """One case."""

    def __init__(self, *, case: Case, workspace: Workspace, name: str, parent: pytest.Collector) -> None:
        super().__init__(name, parent)
        self.case = case
        self.workspace = workspace

    def runtest(self) -> None:
        """Run the case; a failure is a sentence."""
        outcome = run_case(self.case, self.workspace, _matcher())
        if outcome.failures:
            raise CaseFailure("; ".join(outcome.failures))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: object = None) -> str:  # noqa: ARG002 - pytest's own signature
        """`path:line:col: case 'name': what is wrong`, without a traceback."""
        if isinstance(excinfo.value, CaseFailure | Problems):
            return f"{self.case.location}: case '{self.case.name}': {excinfo.value}"
        return str(super().repr_failure(excinfo))

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where the case stands."""
        return self.path, max(self.case.location.line - 1, 0), self.name

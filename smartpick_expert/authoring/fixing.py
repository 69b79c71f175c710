"""`rules check --fix`: the findings that have one safe repair, repaired, with every comment and every meaning kept.

A check whose module has `repair(of, finding)` says how; only rule files are changed. Repairs are made in a copy of the
workspace, again until nothing is left, and the rules are read once more and held against what they were: the files of the
workspace are written when the two come to the same, all together or none.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from smartpick_expert.authoring import silences
from smartpick_expert.authoring.checks.base import Finding
from smartpick_expert.authoring.checks.registry import all_checks
from smartpick_expert.authoring.normal_form import normal_rules
from smartpick_expert.authoring.review import check
from smartpick_expert.diagnostics import Diagnostic
from smartpick_expert.language.rewriting import Replacement, rewritten
from smartpick_expert.language.spans import read_spanned
from smartpick_expert.workspace import Workspace, read_workspace
from smartpick_expert.writing import write_all

_FOLDERS = ("rules", "knowledge")
# No file needs as many rounds: each leaves less to repair.
_ROUNDS = 100


@dataclass(frozen=True, slots=True)
class Fixed:
    """What was repaired: each finding, and each changed file with its text before and after. Empty where nothing could be."""

    repaired: tuple[Diagnostic, ...] = ()
    files: tuple[tuple[str, str, str], ...] = ()


class MeaningChangedError(Exception):
    """A repair would have changed what a rule means; nothing was written. It is a fault of the check that proposed it."""


def fix(root: Path, as_of: date, concerns: Callable[[Diagnostic], bool] = lambda _: True) -> Fixed:
    """Repair the findings of a workspace that `concerns` lets through and that have one safe repair.

    A base with errors is left alone. Raises OSError where a file cannot be written, MeaningChangedError; the files are then as before.
    """
    before, _ = read_workspace(root)
    if before is None:
        return Fixed()
    with tempfile.TemporaryDirectory(prefix="smartpick-") as name:
        copy = Path(name)
        for folder in _FOLDERS:
            shutil.copytree(root / folder, copy / folder)
        repaired: list[Diagnostic] = []
        changed: set[str] = set()
        for _round in range(_ROUNDS):
            done = _repair_once(copy, as_of, concerns)
            if not done:
                break
            repaired += done
            changed |= {finding.location.path for finding in done}
        after, _ = read_workspace(copy)
        if not _mean_the_same(before, after):
            raise MeaningChangedError(", ".join(sorted({finding.code for finding in repaired})))
        files = {path: ((root / path).read_bytes(), (copy / path).read_bytes()) for path in sorted(changed)}
    write_all({root / path: new for path, (_, new) in files.items()})
    texts = tuple((path, old.decode("utf-8"), new.decode("utf-8")) for path, (old, new) in files.items())
    return Fixed(tuple(repaired), texts)


def _repair_once(root: Path, as_of: date, concerns: Callable[[Diagnostic], bool]) -> tuple[Diagnostic, ...]:
    """Repair what can be repaired side by side; the findings that were."""
    repairs = {one.code: one.repair for one in all_checks() if one.repair is not None} | {
        silences.CODE: silences.repair
    }
    checked = check(root, as_of)
    done: list[Diagnostic] = []
    by_file: dict[str, list[Finding]] = {}
    for finding in checked.findings if checked.reviewed else ():
        if isinstance(finding, Finding) and finding.code in repairs and concerns(finding):
            by_file.setdefault(finding.location.path, []).append(finding)
    for path, findings in by_file.items():
        of = read_spanned(root / path, path)
        kept: list[Replacement] = []
        for finding in findings:
            new = repairs[finding.code](of, finding)
            if new and not any(_touch(one, other) for one in new for other in kept):
                kept += new
                done.append(finding)
        if kept:
            (root / path).write_bytes(rewritten(of, kept).encode("utf-8"))
    return tuple(done)


def _touch(one: Replacement, other: Replacement) -> bool:
    return one.start <= other.end and other.start <= one.end


def _mean_the_same(before: Workspace, after: Workspace | None) -> bool:
    return after is not None and normal_rules(before.ruleset.rules) == normal_rules(after.ruleset.rules)

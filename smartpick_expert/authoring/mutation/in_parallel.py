"""The same work for each of many rules, on as many processes as there are processors; the results in the order of the rules."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Final, TypeVar

from smartpick_expert.authoring.mutation.own_cases import OwnCases, own_cases
from smartpick_expert.language.model import Rule
from smartpick_expert.workspace import load_workspace

Result = TypeVar("Result")
Work = Callable[[Rule, OwnCases], Result]
# Below this many rules a second process has not begun before the first is done.
_WORTH_IT: Final = 60
_SHARE: Final = 8


def for_each(work: Work[Result], rules: Sequence[Rule], own: OwnCases, workers: int | None = None) -> list[Result]:
    """What comes of the work for each rule. `work` is a function of a module, its results can be pickled.

    Raises Problems as the work does.
    """
    several = min(workers or os.cpu_count() or 1, len(rules) // (_WORTH_IT // 2))
    if several < 2 or len(rules) < _WORTH_IT:  # noqa: PLR2004 - one process is this one
        return [work(rule, own) for rule in rules]
    # Workers begin anew and read the workspace themselves: that is the same on every system.
    with ProcessPoolExecutor(several, get_context("spawn"), _begin, (own.workspace.root,)) as pool:
        return list(pool.map(partial(_do, work), [rule.id for rule in rules], chunksize=_SHARE))


_own: OwnCases | None = None


def _begin(root: Path) -> None:
    global _own  # noqa: PLW0603 - a worker has one workspace for all its life
    _own = own_cases(load_workspace(root))


def _do(work: Work[Result], rule_id: str) -> Result:
    if _own is None:
        message = "a worker was asked before it had begun"
        raise RuntimeError(message)
    rule = _own.workspace.ruleset.get(rule_id)
    if rule is None:
        message = f"the workspace changed under way: rule {rule_id} is gone"
        raise RuntimeError(message)
    return work(rule, _own)

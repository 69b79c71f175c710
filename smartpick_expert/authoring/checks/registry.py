"""The checks there are, found below this folder and run in the order of their codes."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from types import ModuleType

import smartpick_expert.authoring.checks as folder
from smartpick_expert.authoring.checks.base import Base, Finding
from smartpick_expert.diagnostics import Severity
from smartpick_expert.language.rewriting import Replacement
from smartpick_expert.language.spans import SpannedText


@dataclass(frozen=True, slots=True)
class Check:
    """One check. `finds` says in a line what is wrong where it finds something.

    `alone` says that it looks at single things as they were read, so that it may run although others have errors.
    `may_be_silenced` is false where a finding has a better answer than to be silenced. `repair` gives the one safe repair of
    a finding in its file, where there is one: it never changes what a rule means.
    """

    code: str
    finds: str
    severity: Severity
    run: Callable[[Base], Iterator[Finding]]
    alone: bool = False
    may_be_silenced: bool = True
    repair: Callable[[SpannedText, Finding], tuple[Replacement, ...]] | None = None


@cache
def all_checks() -> tuple[Check, ...]:
    """Every check there is, in the order of their codes. Raises TypeError where a module lacks a part, or two share a code."""
    found = [_check_of(module) for module in _modules() if hasattr(module, "CODE")]
    codes = [check.code for check in found]
    twice = sorted({code for code in codes if codes.count(code) > 1})
    if twice:
        message = f"two modules have the code {', '.join(twice)}"
        raise TypeError(message)
    return tuple(sorted(found, key=lambda check: check.code))


def run_checks(base: Base, *, alone: bool = False) -> Iterator[Finding]:
    """The findings of every check, or of those that look at single things alone."""
    for check in all_checks():
        if check.alone or not alone:
            yield from check.run(base)


def _modules() -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(folder.__path__, f"{folder.__name__}."):
        yield import_module(found.name)


def _check_of(module: ModuleType) -> Check:
    missing = [name for name in ("FINDS", "SEVERITY", "check") if not hasattr(module, name)]
    if missing:
        message = f"{module.__name__} is a check without {', '.join(missing)}"
        raise TypeError(message)
    return Check(
        module.CODE,
        module.FINDS,
        module.SEVERITY,
        module.check,
        alone=getattr(module, "ALONE", False),
        may_be_silenced=getattr(module, "MAY_BE_SILENCED", True),
        repair=getattr(module, "repair", None),
    )

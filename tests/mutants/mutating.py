"""Broken variants of the code that gives rules their meaning: of the naive reading, and of the engine itself.

A variant is a replacement in a module's source, done in memory. A replacement whose old text is not found is an error:
when the code has changed, its mutants are to be thought over.
"""

from __future__ import annotations

import faulthandler
import importlib
import importlib.abc
import importlib.util
import json
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from itertools import islice
from multiprocessing.connection import Connection
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import yaml

from tests import naive, readings
from tests.generators import scenario_of
from tests.naive import NaiveResult
from tests.scenarios import Scenario

HERE: Final = Path(__file__).parent
SEEDS: Final = HERE / "seeds.json"
ENGINE: Final = "smartpick_expert.engine"
# The naive reading takes some milliseconds; a variant that takes this long would take for ever.
MOST_SECONDS: Final = 5


@dataclass(frozen=True)
class Mutant:
    """A variant: what it is called, which sentence of the meaning it breaks, and how. `module` is what it changes."""

    name: str
    sentence: str
    module: str
    replacements: tuple[tuple[str, str], ...]

    def source(self) -> str:
        """The module's source, changed. Raises LookupError where there is nothing to change."""
        text = _source_of(self.module)
        for old, new in self.replacements:
            if old not in text:
                raise LookupError(f"{self.module} holds no longer what mutant '{self.name}' changes:\n{old}")
            text = text.replace(old, new, 1)
        return text


@cache
def _source_of(module: str) -> str:
    return Path(importlib.util.find_spec(module).origin).read_text("utf-8")


@cache
def naive_mutants() -> tuple[Mutant, ...]:
    """The variants of the naive reading."""
    return tuple(
        Mutant(entry["name"], group["sentence"], naive.__name__, _replacements(entry))
        for group in _data("naive.yaml")
        for entry in group["mutants"]
    )


@cache
def intake_mutants() -> tuple[Mutant, ...]:
    """The variants of what the intake makes of a profile."""
    return tuple(
        Mutant(entry["name"], entry["sentence"], "smartpick_expert.intake.facts", _replacements(entry))
        for entry in _data("intake.yaml")
    )


@cache
def engine_mutants() -> tuple[Mutant, ...]:
    """The variants of the engine."""
    return tuple(
        Mutant(entry["name"], entry["sentence"], f"{ENGINE}.{group['module']}", _replacements(entry))
        for group in _data("engine.yaml")
        for entry in group["mutants"]
    )


def _data(name: str) -> Any:
    return yaml.safe_load((HERE / name).read_text("utf-8"))


def _replacements(entry: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple((pair["old"], pair["new"] or "") for pair in entry["replace"])


def recorded() -> dict[str, dict[str, list[int]]]:
    """By kind (`naive`, `engine`) and mutant, the seeds of scenarios that notice it."""
    return json.loads(SEEDS.read_text("utf-8"))


# --- variants of one module, used beside the true one -----------------------------------------------------------------


@cache
def variant(mutant: Mutant) -> ModuleType:
    """The module, changed."""
    module = ModuleType(f"changed_{abs(hash(mutant)):x}")
    sys.modules[module.__name__] = module  # where dataclasses look for the types of their fields
    exec(compile(mutant.source(), f"<{mutant.name}>", "exec"), module.__dict__)  # noqa: S102 - our own source
    return module


def naive_notices(mutant: Mutant, scenario: Scenario, truth: NaiveResult | None) -> bool:
    """Whether the changed reading makes something else of a scenario than the true one, or fails."""
    module = variant(mutant)
    try:
        with _at_most(MOST_SECONDS):
            found = module.consult_naively(scenario.live_rules, scenario.vocabulary, scenario.facts)
    except module.NotStratifiableError:
        return truth is not None
    except Exception:  # noqa: BLE001 - whatever it fails with
        return True
    return truth is None or any(getattr(found, part) != getattr(truth, part) for part in readings.PARTS)


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """Raise TimeoutError after so long, where the system can: a tally that is read in a circle counts for ever."""
    if not hasattr(signal, "SIGALRM"):
        yield
        return

    def ring(*_: object):
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


# --- variants of the engine -------------------------------------------------------------------------------------------


class _Changed(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds one module, and loads it changed."""

    def __init__(self, mutant: Mutant) -> None:
        self.name = mutant.module
        self.code = compile(mutant.source(), f"<{mutant.name}>", "exec")

    def find_spec(self, name: str, _path: Any, _target: Any = None) -> Any:
        """The changed module where it is the one asked for, else nothing."""
        return importlib.util.spec_from_loader(name, self) if name == self.name else None

    def exec_module(self, module: ModuleType):
        """Run the changed source as the module."""
        exec(self.code, module.__dict__)  # noqa: S102 - our own source


@contextmanager
def engine_variant(mutant: Mutant) -> Iterator[ModuleType]:
    """`tests.readings` on an engine loaded anew with one module changed; afterwards all is as before."""
    finder = _Changed(mutant)
    mine = [name for name in sys.modules if name == ENGINE or name.startswith(f"{ENGINE}.")]
    before = {name: sys.modules.pop(name) for name in [*mine, readings.__name__]}
    sys.meta_path.insert(0, finder)
    try:
        yield importlib.import_module(readings.__name__)
    finally:
        sys.meta_path.remove(finder)
        for name in [name for name in sys.modules if name.startswith(f"{ENGINE}.")]:
            del sys.modules[name]
        sys.modules.update(before)
        for name, module in before.items():
            parent, _, child = name.rpartition(".")
            setattr(sys.modules[parent], child, module)


def noticing(mutant: Mutant, seeds: Iterable[int], enough: int | None = None) -> list[int]:
    """Those of the seeds on which readings differ once the engine is changed, at most `enough` of them.

    What changes how the C core is spoken to may break it too, at once or a while later: that is tried in a process of its
    own, where a crash counts as noticed.
    """
    if mutant.module.rpartition(".")[2] not in _SPEAKS_TO_THE_CORE:
        return list(islice(_noticing(mutant, seeds), enough))
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=_report, args=(mutant, list(seeds), enough, theirs))
    child.start()
    theirs.close()
    found: list[int] = []
    under_way = None
    while True:
        try:
            under_way, is_noticed = ours.recv()
        except EOFError:
            break
        found += [under_way] if is_noticed else []
    child.join()
    if child.exitcode and under_way is not None and under_way not in found:
        found.append(under_way)
    return found


_SPEAKS_TO_THE_CORE: Final = ("durable", "encoding")


def _noticing(mutant: Mutant, seeds: Iterable[int], say: Callable[[int], None] = lambda _: None) -> Iterator[int]:
    with engine_variant(mutant) as changed:
        for seed in seeds:
            say(seed)
            if changed.read(scenario_of(seed), seed=seed).disagreement:
                yield seed


def _report(mutant: Mutant, seeds: list[int], enough: int | None, pipe: Connection):
    # It may well crash, and that is an answer too: nobody wants to read the core's last words.
    faulthandler.disable()
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    for seed in islice(_noticing(mutant, seeds, lambda seed: pipe.send((seed, False))), enough):
        pipe.send((seed, True))
    pipe.close()
    # Whatever the core has become by now, Python is not to tidy it up.
    os._exit(0)

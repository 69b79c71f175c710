"""The C core of durable-rules, driven by hand: rulesets that are handed facts and drained, and child processes.

Only the standard library and the core are needed, so that a child process starts quickly.
"""

from __future__ import annotations

import json
import os
import platform
import re
import signal
import subprocess
import sys
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, ClassVar

from smartpick_expert.engine.encoding import dump

try:
    import durable_rules_engine as engine
except ImportError:
    import pytest

    pytest.skip("durable-rules is not installed", allow_module_level=True)

ROOT = Path(__file__).parent.parent.parent
# Where the faults were measured. Elsewhere a difference is reported and is no failure.
MEASURED = ("2.0.28", "cpython", "linux", "x86_64")
HERE = (version("durable-rules"), sys.implementation.name, sys.platform, platform.machine().lower())

# Always true of two facts that carry `_`, the first of them under the alias p0.
ALWAYS = {"_": {"p0": "_"}}

Batches = list[tuple[str, list[dict[str, str]]]]


class Ruleset:
    """A ruleset of the core. A rule called boot, and the fact that fires it, make its state safe to delete."""

    boot_rule: ClassVar[dict[str, Any]] = {"all": [{"boot": {"boot": True}}]}
    boot_fact: ClassVar[dict[str, Any]] = {"id": "boot", "boot": True}

    def __init__(self, rules: dict[str, Any] | str) -> None:
        text = rules if isinstance(rules, str) else dump(rules)
        boot = dump({"boot": self.boot_rule}).removesuffix("}")
        self.handle = engine.create_ruleset("contract", boot + "," + text.removeprefix("{"))
        self.first = self.told(self.boot_fact)[1]

    def told(self, *facts: Any) -> tuple[int, Batches]:
        """The core's code for these facts (or this text), and each batch: the rule, and its matches as ids by alias."""
        text = facts[0] if facts and isinstance(facts[0], str) else dump(list(facts))
        code, state = engine.assert_facts(self.handle, text)
        return code, self.drained(state)

    def fired(self, *facts: Any) -> list[str]:
        """The rules that these facts fire, in the core's order."""
        return [name for name, matches in self.told(*facts)[1] for _ in matches]

    def code(self, fact: Any) -> int:
        """The core's code for a fact handed over alone: an answer, or the number of an error."""
        try:
            return engine.assert_fact(self.handle, fact if isinstance(fact, str) else dump(fact))[0]
        except engine.error as error:
            return number_of(error)

    def drained(self, state: int) -> Batches:
        """All that waits to be fired."""
        started = engine.start_action_for_state(self.handle, state)
        result = started[1] if started else None
        batches = []
        while result:
            for name, found in json.loads(result).items():
                matches = found if isinstance(found, list) else [found]
                batches.append((name, [{alias: fact.get("id") for alias, fact in match.items()} for match in matches]))
            result = engine.complete_and_start_action(self.handle, state)
        return batches

    def retracted(self, fact: Any) -> int:
        """The state from which a fact was taken back."""
        return engine.retract_fact(self.handle, dump(fact))[1]

    def forget(self) -> None:
        """Delete the state."""
        engine.delete_state(self.handle, "0")

    def close(self) -> None:
        """Give the ruleset back."""
        engine.delete_ruleset(self.handle)


def when(*patterns: Any, **settings: Any) -> dict[str, Any]:
    """A rule over these patterns; what they match is called p0, p1, ..."""
    return {"all": [{f"p{place}": pattern} for place, pattern in enumerate(patterns)], **settings}


def joined(*joins: Any, first: Any = None, **settings: Any) -> dict[str, Any]:
    """A rule that joins facts of two kinds."""
    return when(first or {"t": 1}, {"$and": [{"t": 2}, *joins]}, dist=0, **settings)


def fires(pattern: Any, fact: Any) -> bool:
    """Whether a pattern matches a fact; both may be given as the texts that the core reads."""
    spelt = pattern if isinstance(pattern, str) else dump(pattern)
    text = fact if isinstance(fact, str) else dump(fact)
    ruleset = Ruleset('{"r":{"all":[{"p0":' + spelt + "}]}}")
    try:
        return bool(ruleset.told('[{"id":"1",' + text.removeprefix("{") + "]")[1])
    finally:
        ruleset.forget()
        ruleset.close()


def refusal(rules: dict[str, Any] | str) -> int:
    """The number of the error with which rules are refused; 0 if they are not."""
    try:
        engine.delete_ruleset(engine.create_ruleset("contract", rules if isinstance(rules, str) else dump(rules)))
    except engine.error as error:
        return number_of(error)
    return 0


def number_of(error: Exception) -> int:
    """The number that is all an error of the core says."""
    found = re.fullmatch(r"Could not [a-z ]+, error code: (\d+)", str(error))
    assert found, error
    return int(found[1])


# --- child processes ----------------------------------------------------------------------------------------------

_PRELUDE = """
import sys
try:
    import resource
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, ({cpu}, {cpu} + 1))
except ImportError:
    pass
from tests.contract.core import *
"""


@dataclass(frozen=True)
class Ended:
    """How a child process ended: `how` is empty, "exit N", or the name of the signal that killed it."""

    how: str
    output: str
    errors: str


def in_child(code: str, cpu: int = 2, **environment: str) -> Ended:
    """Run code, which sees all of this module, in a process of its own for at most so many seconds of computing.

    One that would not end is killed by SIGXCPU: seconds of computing, unlike those of a clock, do not pass faster where
    the machine is busy.
    """
    command = [sys.executable, "-W", "ignore", "-c", _PRELUDE.format(cpu=cpu) + code]
    environ = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=120, check=False)
    how = signal.Signals(-done.returncode).name if done.returncode < 0 else f"exit {done.returncode}"
    return Ended(how if done.returncode else "", done.stdout.strip(), done.stderr.strip())


KILLED = "SIGSEGV"
ENDLESS = "SIGXCPU"

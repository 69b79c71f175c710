"""The gates of programs, read out of a run of the rules: passed, blocked, or not known, and by which firings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from smartpick_expert.engine.derivation import Derivation, Firing
from smartpick_expert.engine.doubts import with_doubts
from smartpick_expert.language.facts import Fact
from smartpick_expert.language.values import ABSENT

PROGRAM: Final = "program"
REQUIREMENT: Final = "requirement"
FILTER: Final = "program_filter"
KNOWN: Final = "known_name"
# The words of the vocabulary for what a gate does; one without a result is passed by being concluded.
_PASSES: Final = ("met", "passed", ABSENT)
# What is concluded to be not known yet, because a result of the applicant's is to come.
_AWAITED: Final = "awaited"
_PREFERRED: Final = "preferred"


class Result(StrEnum):
    """What a gate does to a file."""

    PASSED = "passed"
    BLOCKED = "blocked"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Gate:
    """One gate of a program: its sequence (a type of conclusions), its name, and what it does.

    `is_decided` tells a gate that was concluded from one that is only possible; one that waits for a result of the applicant's is
    concluded to be not known. `is_strict` tells a requirement from a preference; filters are strict. `firings` are those that
    decided it, or that would where it is not known, on the facts of `program`, which stands for all that are alike; `opened_by` is
    what would open it, by the vocabulary's word; `missing` are the facts and fields that it waits for.
    """

    sequence: str
    name: str
    result: Result
    is_strict: bool
    program: Fact
    firings: tuple[Firing, ...]
    opened_by: str = ""
    missing: tuple[tuple[Fact, str], ...] = ()
    is_decided: bool = True


_Key = tuple[str, bool]
_Found = dict[str, dict[_Key, list[tuple[Fact, Firing]]]]


class GateReader:
    """Reads the gates of one sequence out of a run."""

    def __init__(self, derivation: Derivation, sequence: str) -> None:
        self._sequence = sequence
        self._vocabulary = derivation.compiled.vocabulary
        self._certain = self._by_program(derivation.firings)
        open_ = tuple(
            one for one in derivation.possible_firings if any(fact.type == sequence for fact in one.conclusions)
        )
        self._possible = self._by_program(with_doubts(replace(derivation, possible_firings=open_)).possible_firings)

    def gates(self, program: Fact) -> tuple[Gate, ...]:
        """The gates of a program, in the vocabulary's order, of one name the strict one first."""
        label = str(program.get("id"))
        certain, possible = self._certain.get(label, {}), self._possible.get(label, {})
        keys = sorted({*certain, *possible}, key=self._place)
        gates = (self._gate(program, key, certain.get(key, ()), possible.get(key, ())) for key in keys)
        return tuple(gate for gate in gates if gate is not None)

    def _place(self, key: _Key) -> tuple[int, bool]:
        name, is_strict = key
        field = "name" if "name" in self._vocabulary.types[self._sequence].fields else "through"
        return self._vocabulary.rank(self._sequence, field, name), not is_strict

    def _gate(
        self,
        program: Fact,
        key: _Key,
        decided: Sequence[tuple[Fact, Firing]],
        open_: Sequence[tuple[Fact, Firing]],
    ) -> Gate | None:
        name, is_strict = key
        if decided:
            blocking = [pair for pair in decided if pair[0].get("result") not in (*_PASSES, _AWAITED)]
            awaited = [pair for pair in decided if pair[0].get("result") == _AWAITED]
            shown = blocking or awaited or decided
            opened_by = next((slot for fact, _ in shown if isinstance(slot := fact.get("opened_by"), str)), "")
            result = Result.BLOCKED if blocking else Result.UNKNOWN if awaited else Result.PASSED
            return Gate(self._sequence, name, result, is_strict, program, _each(f for _, f in shown), opened_by)
        if not is_strict:
            # A preference that is not stated is no question to anybody.
            return None
        firings = _each(firing for _, firing in open_)
        missing = dict.fromkeys(pair for firing in firings for doubt in firing.doubts for pair in doubt.fields)
        return Gate(
            self._sequence, name, Result.UNKNOWN, is_strict, program, firings, "", tuple(missing), is_decided=False
        )

    def _by_program(self, firings: Iterable[Firing]) -> _Found:
        found: _Found = defaultdict(lambda: defaultdict(list))
        for firing in firings:
            for fact in firing.conclusions:
                if fact.type == self._sequence:
                    name = fact.get("name")
                    key = (str(fact.get("through") if name is ABSENT else name), fact.get("strictness") != _PREFERRED)
                    found[str(fact.get(PROGRAM))][key].append((fact, firing))
        return found


def _each(firings: Iterable[Firing]) -> tuple[Firing, ...]:
    return tuple(dict.fromkeys(firings))

"""Programs that no rule can tell apart: of each such group one is consulted, and what comes of it holds for all.

A catalogue of thousands of programs holds few that differ in anything a rule looks at: a score is above every stated minimum
that it is above. Two programs are alike where each of their fields stands on the same side of every limit that a rule holds it
against, and where nothing else names either of them. `explain/held.py` says what a field is held against.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from datetime import date
from decimal import Decimal

from smartpick_expert.engine.compiled import CompiledRules
from smartpick_expert.engine.readers import readers_of
from smartpick_expert.explain.held import OPEN_LIMIT, Held
from smartpick_expert.language.facts import Fact
from smartpick_expert.language.values import Slot
from smartpick_expert.language.vocabulary import FactType, FieldType

# What every program has of its own, and rules use to say which they mean.
_OWN = ("id", "name")


class Alike:
    """Tells programs apart as the rules do, on the facts of one applicant (`known`, those of the catalogue left out)."""

    def __init__(self, compiled: CompiledRules, known: Iterable[Fact], program: FactType) -> None:
        facts = tuple(known)
        held = Held(compiled, facts)
        read = {field for one in readers_of(compiled).get(program.name, ()) for field in one.fields | one.joined}
        # A field that is read counts even where nothing stands beside it yet: whether it is known is seen all the same.
        self._limits = {
            name: frozenset(limit for limit, _ in held.against(program.name, name))
            for name in program.fields
            if name in read and name not in _OWN
        }
        self._named = _labels(facts, compiled)

    def signature(self, program: Fact) -> Hashable:
        """What rules can see of a program; those of one signature come to the same."""
        seen = tuple(_side(program.get(name), limits) for name, limits in self._limits.items())
        label = program.get("id")
        return (seen, label) if label in self._named else seen

    def groups(self, programs: Sequence[Fact]) -> list[list[int]]:
        """The places of programs that are alike, each group in their order, the groups in the order of their first."""
        found: dict[Hashable, list[int]] = {}
        for place, program in enumerate(programs):
            found.setdefault(self.signature(program), []).append(place)
        return list(found.values())


def _side(slot: Slot, limits: frozenset[Slot]) -> Hashable:
    """The value as far as its limits show it. Beside a limit that is not known beforehand it is itself."""
    if OPEN_LIMIT in limits or isinstance(slot, bool) or not isinstance(slot, int | Decimal | date):
        return slot
    if isinstance(slot, date):
        days = [limit for limit in limits if isinstance(limit, date)]
        return ("date", sum(slot > day for day in days), slot in days)
    numbers = [limit for limit in limits if isinstance(limit, int | Decimal) and not isinstance(limit, bool)]
    return ("number", sum(slot > number for number in numbers), slot in numbers)


def _labels(facts: Iterable[Fact], compiled: CompiledRules) -> frozenset[Slot]:
    """Every label and text in the facts: whatever names a program sets it apart."""
    types = compiled.vocabulary.types
    return frozenset(
        slot
        for fact in facts
        for name, slot in fact.values
        if isinstance(slot, str) and types[fact.type].fields[name].type in (FieldType.LABEL, FieldType.TEXT)
    )

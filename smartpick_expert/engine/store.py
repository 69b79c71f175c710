"""Working memory of one consultation: the certain facts, and the possible ones (the certain are among them)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from enum import Enum

from smartpick_expert.language.facts import Fact
from smartpick_expert.language.values import UNKNOWN, Slot


class Mode(Enum):
    """What is asked: what surely holds, or what holds for some value of the unknowns."""

    CERTAIN = "certain"
    POSSIBLE = "possible"


class FactSet:
    """Facts by type, each once, in the order they came; indexed by a field's value as soon as somebody looks."""

    def __init__(self) -> None:
        self._by_type: dict[str, dict[Fact, None]] = {}
        self._index: dict[tuple[str, str], dict[Slot, list[Fact]]] = {}

    def add(self, fact: Fact) -> bool:
        """Add a fact; False where it was there already."""
        facts = self._by_type.setdefault(fact.type, {})
        if fact in facts:
            return False
        facts[fact] = None
        for (type_name, field), index in self._index.items():
            if type_name == fact.type:
                index.setdefault(fact.get(field), []).append(fact)
        return True

    def __contains__(self, fact: Fact) -> bool:
        return fact in self._by_type.get(fact.type, ())

    def of(self, type_name: str) -> Collection[Fact]:
        """All facts of a type."""
        return self._by_type.get(type_name, {}).keys()

    def holding(self, type_name: str, field: str, value: Slot) -> list[Fact]:
        """The facts of a type that hold, or may hold, this value in this field."""
        index = self._index.get((type_name, field))
        if index is None:
            index = {}
            for fact in self.of(type_name):
                index.setdefault(fact.get(field), []).append(fact)
            self._index[(type_name, field)] = index
        if value is UNKNOWN:
            return list(self.of(type_name))
        return [*index.get(value, ()), *index.get(UNKNOWN, ())]

    def all(self) -> Iterable[Fact]:
        """Every fact."""
        for facts in self._by_type.values():
            yield from facts


class Stores:
    """Both sets of facts, and which types hold any doubt: an unknown field, or a fact that is only possible."""

    def __init__(self) -> None:
        self.certain = FactSet()
        self.possible = FactSet()
        self.doubtful: set[str] = set()

    def add_certain(self, fact: Fact) -> bool:
        """Add a fact that surely holds; it is possible too. False where it was certain already."""
        self.possible.add(fact)
        if fact.has_unknown:
            self.doubtful.add(fact.type)
        return self.certain.add(fact)

    def add_possible(self, fact: Fact) -> bool:
        """Add a fact that may hold. False where it was possible already."""
        if not self.possible.add(fact):
            return False
        self.doubtful.add(fact.type)
        return True

    def take_back(self, facts: Iterable[Fact]) -> None:
        """Forget facts that were only possible."""
        gone = set(facts)
        kept = FactSet()
        for fact in self.possible.all():
            if fact not in gone:
                kept.add(fact)
        self.possible = kept

    def facts(self, mode: Mode) -> FactSet:
        """The set a question is asked of."""
        return self.certain if mode is Mode.CERTAIN else self.possible

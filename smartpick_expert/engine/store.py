"""Working memory of one consultation: the certain facts, and the possible ones (the certain are among them)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from enum import Enum

from smartpick_expert.language.facts import Fact
from smartpick_expert.language.model import Rule
from smartpick_expert.language.values import UNKNOWN, Slot

# So many take some ten seconds. The shipped rules look at a few thousand facts in a consultation.
MAX_VISITS = 5_000_000
# A rule that fires this often is a cross product of everything with everything.
MAX_FIRINGS = 100_000
# And all rules together: each firing is kept, at about two kilobytes.
MAX_ALL_FIRINGS = 300_000


# The engine tells facts apart by their numbers, and the first two that it takes for one are at 797,186.
MAX_FACTS = 500_000


class ExhaustedError(Exception):
    """More facts were looked at, or concluded, than any sensible rule asks for; `rule` is the one under way."""

    def __init__(self, rule: Rule | None = None) -> None:
        super().__init__()
        self.rule = rule


class Mode(Enum):
    """What is asked: what surely holds, or what holds for some value of the unknowns."""

    CERTAIN = "certain"
    POSSIBLE = "possible"


class FactSet:
    """Facts by type, each once, in the order they came; indexed by a field's value as soon as somebody looks."""

    def __init__(self, facts: Iterable[Fact] = ()) -> None:
        self._arrived: list[Fact] = []
        self._by_type: dict[str, dict[Fact, None]] = {}
        self._index: dict[str, dict[str, dict[Slot, list[Fact]]]] = {}
        for fact in facts:
            self.add(fact)

    def add(self, fact: Fact) -> bool:
        """Add a fact; False where it was there already."""
        facts = self._by_type.get(fact.type)
        if facts is None:
            facts = self._by_type[fact.type] = {}
        elif fact in facts:
            return False
        facts[fact] = None
        self._arrived.append(fact)
        for field, index in self._index.get(fact.type, _NO_INDEX).items():
            index.setdefault(fact.get(field), []).append(fact)
        return True

    def __contains__(self, fact: Fact) -> bool:
        return fact in self._by_type.get(fact.type, ())

    def of(self, type_name: str) -> Collection[Fact]:
        """All facts of a type."""
        return self._by_type.get(type_name, _NO_FACTS).keys()

    def holding(self, type_name: str, field: str, value: Slot) -> Collection[Fact]:
        """The facts of a type that hold this value in this field."""
        if type_name not in self._by_type:
            return ()
        indices = self._index.setdefault(type_name, {})
        index = indices.get(field)
        if index is None:
            index = indices[field] = {}
            for fact in self.of(type_name):
                index.setdefault(fact.get(field), []).append(fact)
        return index.get(value, ())

    def largest_group(self, type_name: str, field: str) -> int:
        """How many facts of a type hold the same value in this field, at the most."""
        self.holding(type_name, field, UNKNOWN)
        return max(map(len, self._index.get(type_name, _NO_INDEX).get(field, {}).values()), default=0)

    def perhaps_holding(self, type_name: str, field: str, value: Slot) -> Collection[Fact]:
        """The facts of a type that hold, or may hold, this value in this field."""
        if value is UNKNOWN:
            return self.of(type_name)
        return [*self.holding(type_name, field, value), *self.holding(type_name, field, UNKNOWN)]

    def __iter__(self) -> Iterator[Fact]:
        return iter(self._arrived)

    def __len__(self) -> int:
        return len(self._arrived)

    @property
    def most_of_a_type(self) -> int:
        """How many facts the type has that has most of them."""
        return max(map(len, self._by_type.values()), default=0)

    def since(self, number: int) -> list[Fact]:
        """The facts that came after so many had come."""
        return self._arrived[number:]


class Branch(FactSet):
    """A copy that may lose facts as well. It shares with the set it came from all types in which it does not differ.

    Facts come in no order here, and `since` knows of none; for whoever changes a few facts and looks a few up.
    """

    def __init__(self, origin: FactSet) -> None:
        super().__init__()
        self._by_type = dict(origin._by_type)  # noqa: SLF001 - another of its kind
        # What either looks up in a type that both have alike, the other has looked up too.
        self._index = origin._index | {}  # noqa: SLF001 - another of its kind
        self._own: set[str] = set()

    def add(self, fact: Fact) -> bool:
        """Add a fact; False where it was there already."""
        if fact in self:
            return False
        self._part_with(fact.type)[fact] = None
        return True

    def remove(self, fact: Fact) -> None:
        """Take a fact out, if it is there."""
        if fact in self:
            del self._part_with(fact.type)[fact]

    def _part_with(self, type_name: str) -> dict[Fact, None]:
        self._index.pop(type_name, None)
        if type_name not in self._own:
            self._own.add(type_name)
            self._by_type[type_name] = dict(self._by_type.get(type_name, _NO_FACTS))
        return self._by_type[type_name]

    def __iter__(self) -> Iterator[Fact]:
        for facts in self._by_type.values():
            yield from facts

    def __len__(self) -> int:
        return sum(map(len, self._by_type.values()))


_NO_FACTS: dict[Fact, None] = {}
_NO_INDEX: dict[str, dict[Slot, list[Fact]]] = {}


class Stores:
    """Both sets of facts, and which types hold any doubt: an unknown field, or a fact that is only possible.

    Both are one set until the first fact that is only possible: a complete profile pays for certainty alone.
    """

    def __init__(self) -> None:
        self.certain = FactSet()
        self.possible = self.certain
        self.doubtful: set[str] = set()
        self.visits = 0

    def visit(self, number: int = 1) -> None:
        """Count facts that are looked at. Raises ExhaustedError past MAX_VISITS: nobody waits for such a consultation."""
        self.visits += number
        if self.visits > MAX_VISITS:
            raise ExhaustedError

    def add_certain(self, fact: Fact) -> bool:
        """Add a fact that surely holds; it is possible too. False where it was certain already."""
        if fact.has_unknown:
            self.doubtful.add(fact.type)
        if len(self.certain) >= MAX_FACTS and fact not in self.certain:
            raise ExhaustedError
        if self.possible is not self.certain:
            self.possible.add(fact)
        return self.certain.add(fact)

    def add_possible(self, fact: Fact) -> bool:
        """Add a fact that may hold. False where it was possible already."""
        if fact in self.possible:
            return False
        if self.possible is self.certain:
            self.possible = FactSet(self.certain)
        self.doubtful.add(fact.type)
        return self.possible.add(fact)

    def take_back(self, facts: Iterable[Fact]) -> None:
        """Forget facts that were only possible."""
        gone = set(facts)
        self.possible = FactSet(fact for fact in self.possible if fact not in gone)

    def facts(self, mode: Mode) -> FactSet:
        """The set a question is asked of."""
        return self.certain if mode is Mode.CERTAIN else self.possible

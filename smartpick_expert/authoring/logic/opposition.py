"""Rules that conclude two different things of which the vocabulary allows one, on the same applicant.

Pairs are told apart by their constants first. Of those that are left it is reckoned whether both can fire; where they
can, a profile is made up, all rules are fired on it, and only what then really is in conflict is reported.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations, islice
from typing import Final

from smartpick_expert.authoring.logic.backward import Backward
from smartpick_expert.authoring.logic.foreseen import foreseeing
from smartpick_expert.authoring.logic.gathering import conclusion_of
from smartpick_expert.authoring.logic.models import Entries, Wish, models
from smartpick_expert.authoring.logic.readied import Readied
from smartpick_expert.authoring.logic.reckoned import Same
from smartpick_expert.authoring.logic.situations import IS, IS_NOT, Demand, Fired, Needed, Place, Situation
from smartpick_expert.authoring.logic.trying import derived
from smartpick_expert.engine.conflicts import Conflict, conflicts
from smartpick_expert.language.model import Conclusion, Constant, Rule, Test
from smartpick_expert.language.vocabulary import FactType, Supplier

# Profiles tried for one pair, and for all pairs together; each is a whole consultation.
_TRIALS_OF_A_PAIR: Final = 6
_ALL_TRIALS: Final = 150


@dataclass(frozen=True, slots=True)
class Opposed:
    """Two rules that fire on one applicant and conclude what cannot both be so."""

    first: Rule
    second: Rule
    conflict: Conflict
    entries: Entries
    as_of: date


@dataclass(frozen=True, slots=True)
class Pair:
    """Two rules, with the conclusion of each that may be in conflict with the other's."""

    first: tuple[Rule, Conclusion]
    second: tuple[Rule, Conclusion]
    fact_type: FactType


def opposed(base: Readied) -> Iterator[Opposed]:
    """Every pair of rules that was seen to conclude opposite things."""
    left = _ALL_TRIALS
    for pair in pairs(base):
        search = _Search(base, pair, min(left, _TRIALS_OF_A_PAIR))
        found = search.run()
        left -= search.tried
        if found is not None:
            yield found


def pairs(base: Readied) -> Iterator[Pair]:
    """The pairs whose constants leave open that they conclude opposite things."""
    for fact_type in base.vocabulary.types.values():
        if fact_type.one_per is None:
            continue
        for first, second in combinations(base.concluding.get(fact_type.name, ()), 2):
            if first[0].id != second[0].id and _may_differ(first[1], second[1], fact_type.one_per):
                yield Pair(first, second, fact_type)


def _may_differ(first: Conclusion, second: Conclusion, keys: tuple[str, ...]) -> bool:
    """Whether two conclusions may agree in the keys and differ elsewhere."""
    one, other = dict(first.values), dict(second.values)
    if any(_values_differ(one.get(key), other.get(key)) for key in keys):
        return False
    rest = [name for name in {**one, **other} if name not in keys]
    return any(_values_differ(one.get(n), other.get(n)) or not _both_constant(one.get(n), other.get(n)) for n in rest)


def _both_constant(one: object, other: object) -> bool:
    return isinstance(one, Constant) and isinstance(other, Constant)


def _values_differ(one: object, other: object) -> bool:
    if isinstance(one, Constant) and isinstance(other, Constant):
        return one.value != other.value
    return (one is None) != (other is None)


class _Search:
    """The search for a profile on which one pair is in conflict."""

    def __init__(self, base: Readied, pair: Pair, most: int) -> None:
        self.base = base
        self.pair = pair
        self.most = most
        self.tried = 0

    def run(self) -> Opposed | None:
        """The first profile that shows it, or None."""
        for situation in self._together():
            backward = Backward(self.base, Same(one_per=True, but=self.pair.fact_type.name))
            for given in backward.ways(situation):
                for entries in self._proposed(given):
                    if self.tried >= self.most:
                        return None
                    found = self._try(entries)
                    if found is not None:
                        return found
        return None

    def _proposed(self, given: Situation) -> Iterator[Entries]:
        """Entries with nothing from which would come what must not, and entries that look no further than the situation."""
        for variant in dict.fromkeys((foreseeing(self.base, given), given)):
            yield from islice(models(variant, self.base.vocabulary, self._wish(given)), 1)

    def _together(self) -> Iterator[Situation]:
        """Both rules fired, their conclusions there and agreeing in the keys."""
        for one in self.base.situations(self.pair.first[0]):
            for other in self.base.situations(self.pair.second[0]):
                yield from self._both(one, other)

    def _both(self, one: Fired, other: Fired) -> Iterator[Situation]:
        together, shift = one.situation.beside(other.situation)
        names = {name: fact + shift for name, fact in other.names.items()}
        others = [(c, one.names) for c in self.pair.first[0].then if c is not self.pair.first[1]]
        others += [(c, names) for c in self.pair.second[0].then if c is not self.pair.second[1]]
        first = conclusion_of(self.pair.first[1], one.names)
        second = conclusion_of(self.pair.second[1], names)
        if first is None or second is None:
            return
        number = len(together.needed)
        keys = tuple(
            Demand(key, IS, (Place(number, key),), Test(key, IS, ())) for key in self.pair.fact_type.one_per or ()
        )
        second = replace(second, demands=(*second.demands, *keys, *self._differing(number)))
        rest: list[Needed] = [made for c, bound in others if (made := conclusion_of(c, bound)) is not None]
        yield replace(together, needed=(*together.needed, first, second, *rest))

    def _differing(self, number: int) -> tuple[Demand, ...]:
        """That the conclusions differ, where there is but one field in which they may."""
        one, other = dict(self.pair.first[1].values), dict(self.pair.second[1].values)
        keys = self.pair.fact_type.one_per or ()
        may = [
            n
            for n in {**one, **other}
            if n not in keys and not (_both_constant(one.get(n), other.get(n)) and one[n] == other[n])
        ]
        if len(may) != 1 or may[0] not in one or may[0] not in other:
            return ()
        return (Demand(may[0], IS_NOT, (Place(number, may[0]),), Test(may[0], IS_NOT, ())),)

    def _wish(self, situation: Situation) -> Wish:
        """The day of the check, wherever the day does not matter."""
        return Wish(
            {
                Place(number, "date"): (self.base.as_of,)
                for number, one in enumerate(situation.needed)
                if self.base.vocabulary.types[one.type].supplied_by is Supplier.CONSULTATION
            }
        )

    def _try(self, entries: Entries) -> Opposed | None:
        self.tried += 1
        days = [one.values.get("date") for one in entries if one.type == "today"]
        as_of = next((day for day in days if isinstance(day, date)), self.base.as_of)
        derivation = derived(entries, self.base.workspace, as_of)
        if derivation is None:
            return None
        wanted = {self.pair.first[0].id, self.pair.second[0].id}
        for conflict in conflicts(derivation):
            by = {f.rule_id for fact in conflict.facts for f in derivation.justifications.get(fact, ())}
            if conflict.type == self.pair.fact_type.name and wanted <= by:
                return Opposed(self.pair.first[0], self.pair.second[0], conflict, entries, as_of)
        return None

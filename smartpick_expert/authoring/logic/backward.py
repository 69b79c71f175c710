"""From a situation back to what a profile must give: each concluded fact in it replaced by a rule that concludes it.

A fact may be concluded in many ways; they are gone through one after another, those that cannot be left out at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from smartpick_expert.authoring.logic.gathering import conclusion_of
from smartpick_expert.authoring.logic.readied import Readied
from smartpick_expert.authoring.logic.reckoned import ImpossibleError, Same
from smartpick_expert.authoring.logic.reckoning import reckon
from smartpick_expert.authoring.logic.situations import IS, Demand, Needed, Place, Situation
from smartpick_expert.language.facts import Fact
from smartpick_expert.language.model import Constant, Test
from smartpick_expert.language.values import Missing
from smartpick_expert.language.vocabulary import Supplier

# So many situations are looked at on the way back from one.
_MOST: Final = 60
# A way back that needs more facts than this leads to no profile that anybody would read.
_MAX_NEEDED: Final = 40


class Backward:
    """Ways back from one situation. `is_exhausted` says that there were more than were looked at."""

    def __init__(self, base: Readied, same: Same) -> None:
        self.base = base
        self.same = same
        self.looked_at = 0

    @property
    def is_exhausted(self) -> bool:
        """Whether some ways were left out."""
        return self.looked_at >= _MOST

    def ways(self, situation: Situation) -> Iterator[Situation]:
        """Situations of nothing but given facts in which the one at hand comes about."""
        if self.is_exhausted or len(situation.needed) > _MAX_NEEDED:
            return
        self.looked_at += 1
        try:
            reckoned = reckon(situation, self.base.vocabulary, self.same)
        except ImpossibleError:
            return
        for number in reckoned.facts():
            needed = situation.needed[number]
            supplier = self.base.vocabulary.types[needed.type].supplied_by
            if not needed.concluded and supplier in (Supplier.RULES, Supplier.KNOWLEDGE):
                for earlier in self._earlier(situation, number, supplier):
                    yield from self.ways(earlier)
                return
        yield situation

    def _earlier(self, situation: Situation, number: int, supplier: Supplier) -> Iterator[Situation]:
        """The situation with one fact accounted for, in each way in which it may be."""
        needed = situation.needed[number]
        if supplier is Supplier.KNOWLEDGE:
            for fact in self.base.supplied.get(needed.type, ()):
                yield _marked(situation, number, _as_supplied(fact))
            return
        for other, one in enumerate(situation.needed):
            if one.concluded and one.type == needed.type and other != number:
                fields = [demand.field for demand in one.demands]
                if _names_only(needed, fields):
                    yield _marked(situation, number, tuple(_equal(name, Place(other, name)) for name in fields))
        for rule, conclusion in self.base.concluding.get(needed.type, ()):
            for fired in self.base.situations(rule):
                together, shift = situation.beside(fired.situation)
                names = {name: fact + shift for name, fact in fired.names.items()}
                made = conclusion_of(conclusion, names)
                if made is not None and _names_only(needed, [demand.field for demand in made.demands]):
                    yield _marked(together, number, made.demands)


def _marked(situation: Situation, number: int, demands: tuple[Demand, ...]) -> Situation:
    """The situation with more known of a fact that need no longer be given."""
    more = situation.demanding(number, *demands)
    needed = list(more.needed)
    needed[number] = replace(needed[number], concluded=True)
    return replace(more, needed=tuple(needed))


def _names_only(needed: Needed, fields: list[str]) -> bool:
    """Whether nothing but these fields need have a value: a conclusion is without all others."""
    return all(demand.field in fields or demand.operator.name == "unknown" for demand in needed.demands)


def _equal(field: str, term: Place | Constant) -> Demand:
    return Demand(field, IS, (term,), Test(field, IS, ()))


def _as_supplied(fact: Fact) -> tuple[Demand, ...]:
    return tuple(_equal(n, Constant(slot)) for n, slot in fact.values if not isinstance(slot, Missing | tuple))

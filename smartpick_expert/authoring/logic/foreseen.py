"""What a profile must not hold lest something be concluded that must not be.

A situation says that there is no flag of a kind on a letter; which letters get that flag, rules say. Where such a rule
looks at one entry alone, no entry may be such as it asks for. Other rules are left to the engine, which tries what is made
up; and stages that a rule asks for are not looked at, so more may be forbidden than need be.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from smartpick_expert.authoring.logic.readied import Readied
from smartpick_expert.authoring.logic.situations import Demand, Excluded, Fired, Situation
from smartpick_expert.language.model import Conclusion, Constant, Reference
from smartpick_expert.language.operators import Truth, truth
from smartpick_expert.language.values import ABSENT
from smartpick_expert.language.vocabulary import Supplier

# What is concluded from what is concluded is followed so far.
_DEPTH: Final = 2


def foreseeing(base: Readied, situation: Situation) -> Situation:
    """The situation with what no entry may be, so that nothing is concluded that it excludes."""
    known = list(situation.excluded)
    newest = known
    for _ in range(_DEPTH):
        newest = [found for excluded in newest for found in _leading_to(base, excluded)]
        known += newest
    return replace(situation, excluded=tuple(dict.fromkeys(known)))


def _leading_to(base: Readied, excluded: Excluded) -> Iterator[Excluded]:
    """The entries from each of which alone a rule would conclude what must not be there."""
    if base.vocabulary.types[excluded.type].supplied_by is not Supplier.RULES:
        return
    for rule, conclusion in base.concluding.get(excluded.type, ()):
        for fired in base.situations(rule):
            found = _entry(base, excluded, fired, conclusion)
            if found is not None:
                yield found


def _entry(base: Readied, excluded: Excluded, fired: Fired, conclusion: Conclusion) -> Excluded | None:
    """The one entry that a rule looks at, with what it asks of it and what the excluded fact would take from it."""
    needed = fired.situation.needed
    entries = [number for number, one in enumerate(needed) if not base.vocabulary.types[one.type].one]
    if len(entries) != 1 or fired.situation.excluded:
        return None
    [number] = entries
    demands = [demand for demand in needed[number].demands if not demand.soft]
    if not all(demand.is_constant for demand in demands):
        return None
    values = dict(conclusion.values)
    for demand in excluded.demands:
        value = values.get(demand.field)
        if isinstance(value, Reference) and fired.names.get(value.name) == number:
            demands.append(replace(demand, field=value.field, test=replace(demand.test, field=value.field)))
        elif isinstance(value, Reference) or not _may_be(
            demand, value.value if isinstance(value, Constant) else ABSENT
        ):
            return None
    return Excluded(needed[number].type, tuple(demands))


def _may_be(demand: Demand, slot: object) -> bool:
    """Whether a conclusion with this value may be what is excluded."""
    terms = tuple(term.value for term in demand.terms if isinstance(term, Constant))
    if len(terms) != len(demand.terms):
        return slot is not ABSENT
    return truth(demand.operator, slot, terms, settled=False) is not Truth.NO  # type: ignore[arg-type]

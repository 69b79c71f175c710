"""What a rule needs, as facts that must be there and facts that must not: the form in which rules are reckoned with.

A rule's conditions come apart into situations, one for each way through its choices (`any`), and the rule fires only
where one of them holds (`gathering.py`). A situation may leave something out: one that cannot be is proof that the rule
cannot fire, and one that can be is only a proposal, to be tried with the engine.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from smartpick_expert.language.model import (
    Constant,
    Test,
)
from smartpick_expert.language.operators import OPERATORS, Operator
from smartpick_expert.language.values import Number

IS: Final = OPERATORS["is"]
IS_NOT: Final = OPERATORS["is_not"]


class Place(NamedTuple):
    """A field of the fact with that number in a situation."""

    fact: int
    field: str


@dataclass(frozen=True, slots=True)
class Moved:
    """The value of a place, moved by a number."""

    place: Place
    by: Number


Term = Constant | Place | Moved


@dataclass(frozen=True, slots=True)
class Demand:
    """One test of a field in a situation. `test` is what was written. What is `soft` is only a proposal for a value."""

    field: str
    operator: Operator
    terms: tuple[Term, ...]
    test: Test
    soft: bool = False

    @property
    def is_constant(self) -> bool:
        """Whether it is held against values alone."""
        return all(isinstance(term, Constant) for term in self.terms)

    def moved(self, numbers: Mapping[int, int]) -> Demand:
        """The same demand where the facts have other numbers."""
        return replace(self, terms=tuple(_renumbered(term, numbers) for term in self.terms))


def _renumbered(term: Term, numbers: Mapping[int, int]) -> Term:
    if isinstance(term, Constant):
        return term
    if isinstance(term, Moved):
        return Moved(Place(numbers[term.place.fact], term.place.field), term.by)
    return Place(numbers[term.fact], term.field)


@dataclass(frozen=True, slots=True)
class Needed:
    """A fact that must be there. `concluded` marks what the rules themselves conclude from the rest."""

    type: str
    demands: tuple[Demand, ...] = ()
    concluded: bool = False


@dataclass(frozen=True, slots=True)
class Excluded:
    """A fact that must not be there, nor possibly."""

    type: str
    demands: tuple[Demand, ...]


@dataclass(frozen=True, slots=True)
class Situation:
    """Facts that must be there, by number, and facts that must not."""

    needed: tuple[Needed, ...] = ()
    excluded: tuple[Excluded, ...] = ()

    def beside(self, other: Situation) -> tuple[Situation, int]:
        """Both together, and by how much the numbers of the other's facts have grown."""
        shift = len(self.needed)
        numbers = {number: number + shift for number in range(len(other.needed))}
        needed = (replace(one, demands=tuple(demand.moved(numbers) for demand in one.demands)) for one in other.needed)
        excluded = (
            replace(one, demands=tuple(demand.moved(numbers) for demand in one.demands)) for one in other.excluded
        )
        return Situation((*self.needed, *needed), (*self.excluded, *excluded)), shift

    def demanding(self, number: int, *demands: Demand) -> Situation:
        """The situation with more demanded of one of its facts."""
        needed = list(self.needed)
        needed[number] = replace(needed[number], demands=(*needed[number].demands, *demands))
        return replace(self, needed=tuple(needed))


@dataclass(frozen=True, slots=True)
class Fired:
    """A situation in which a rule's conditions are met, with the numbers of the facts its names stand for."""

    situation: Situation
    names: Mapping[str, int]

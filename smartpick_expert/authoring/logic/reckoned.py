"""What is left of a situation once it was reckoned with: which places hold one value, which values, which facts are one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from smartpick_expert.authoring.logic.domains import Domain
from smartpick_expert.authoring.logic.situations import Demand, Moved, Place, Situation
from smartpick_expert.language.model import Constant, Test
from smartpick_expert.language.values import Slot
from smartpick_expert.language.vocabulary import Vocabulary


class ImpossibleError(Exception):
    """The situation cannot be. `demands` are those that cannot hold together, as far as they are known."""

    def __init__(self, demands: Iterable[Demand] = ()) -> None:
        super().__init__()
        self.demands = tuple(demands)


@dataclass(frozen=True, slots=True)
class Same:
    """What is known of facts beyond what the rules say, in a consultation that goes well.

    With `labels` no two entries of a section have one label; with `one_per` no two conclusions are in conflict, but those
    of the type `but`.
    """

    labels: bool = True
    one_per: bool = False
    but: str = ""


@dataclass
class Group:
    """Places that hold one value: the points left of it. `joined` says that it must be known, being equal to another."""

    places: list[Place]
    demands: list[Demand]
    domain: Domain | None = None
    points: tuple[Slot, ...] | None = None
    joined: bool = False


@dataclass
class Reckoned:
    """A situation that was not refused: for each place its group, and which facts are one and the same."""

    situation: Situation
    vocabulary: Vocabulary
    groups: dict[Place, Group] = field(default_factory=dict)
    same_as: list[int] = field(default_factory=list)

    def own(self, number: int) -> int:
        """The first of the facts that are one with this one."""
        while self.same_as[number] != number:
            number = self.same_as[number]
        return number

    def place(self, place: Place) -> Place:
        """The place in the fact that stands for all that are one with its fact."""
        return Place(self.own(place.fact), place.field)

    def facts(self) -> list[int]:
        """The numbers of the facts, each once."""
        return [number for number in range(len(self.situation.needed)) if self.same_as[number] == number]


def places_in(demand: Demand) -> Iterator[Place]:
    """The places of other facts that a demand looks at."""
    for term in demand.terms:
        if not isinstance(term, Constant):
            yield term.place if isinstance(term, Moved) else term


def as_test(demand: Demand) -> Test:
    """A demand against values, as a test."""
    operands = tuple(term for term in demand.terms if isinstance(term, Constant))
    return replace(demand.test, field=demand.field, operator=demand.operator, operands=operands)

"""Whether a situation can be: fields that must be equal taken together, and what is left of the values each may have.

Only what follows for certain is used: equal fields, limits of values, limits against one another, the vocabulary's own
bounds, and facts that must not be there. So a situation that is refused cannot be; one that is left may still be refused
by the engine.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import Final

from smartpick_expert.authoring.logic.bounds import Bounds
from smartpick_expert.authoring.logic.domains import allows, constants, domain_of, is_listed
from smartpick_expert.authoring.logic.reckoned import Group, ImpossibleError, Reckoned, Same, as_test, places_in
from smartpick_expert.authoring.logic.situations import IS, Demand, Excluded, Moved, Place, Situation
from smartpick_expert.language.model import Constant
from smartpick_expert.language.operators import Truth
from smartpick_expert.language.values import ABSENT, UNKNOWN, Missing, Value
from smartpick_expert.language.vocabulary import Field, FieldType, Vocabulary

# The operators that hold values against one another by their order.
_ORDER: Final = ("at_least", "at_most", "above", "below", "between")


def reckon(situation: Situation, vocabulary: Vocabulary, same: Same) -> Reckoned:
    """What is left of a situation. Raises ImpossibleError where nothing is."""
    return _Reckoning(situation, vocabulary, same).run()


class _Reckoning:
    def __init__(self, situation: Situation, vocabulary: Vocabulary, same: Same) -> None:
        self.situation = situation
        self.vocabulary = vocabulary
        self.same = same
        self.parent: dict[Place, Place] = {}
        self.joined: set[Place] = set()
        self.same_as = list(range(len(situation.needed)))
        self.reckoned = Reckoned(situation, vocabulary, {}, self.same_as)
        self.exact = [
            (Place(number, demand.field), term.value)
            for number, one in enumerate(situation.needed)
            for demand in one.demands
            if demand.operator is IS
            for term in demand.terms
            if isinstance(term, Constant) and not isinstance(term.value, Missing)
        ]

    def run(self) -> Reckoned:
        for number, one in enumerate(self.situation.needed):
            for demand in one.demands:
                self._find(Place(number, demand.field))
                for place in places_in(demand):
                    self._find(place)
                if demand.operator is IS and isinstance(demand.terms[0], Place) and not demand.soft:
                    self._equate(Place(number, demand.field), demand.terms[0], joined=True)
        while self._merge_facts():
            pass
        self._group()
        self._refuse_unequal()
        self._refuse_order()
        while self._exclude():
            pass
        return self.reckoned

    # Which places hold one value

    def _find(self, place: Place) -> Place:
        parent = self.parent
        root = parent.setdefault(place, place)
        if root is place:
            return root
        while (above := parent[root]) != root:
            root = above
        parent[place] = root
        return root

    def _equate(self, one: Place, other: Place, *, joined: bool) -> None:
        first, second = sorted((self._find(one), self._find(other)))
        self.parent[second] = first
        if joined or second in self.joined:
            self.joined.add(first)

    def _merge_facts(self) -> bool:
        """Make facts one that can only be one; whether there were any."""
        merged = False
        of_type: dict[str, list[int]] = {}
        for number in self.reckoned.facts():
            of_type.setdefault(self.situation.needed[number].type, []).append(number)
        for name, numbers in of_type.items():
            for first, second in combinations(numbers, 2):
                if self.reckoned.own(first) != self.reckoned.own(second) and self._are_one(name, first, second):
                    self._merge(self.reckoned.own(first), self.reckoned.own(second))
                    merged = True
        return merged

    def _are_one(self, name: str, first: int, second: int) -> bool:
        fact_type = self.vocabulary.types[name]
        if fact_type.one:
            return True
        if self.same.labels and fact_type.label and is_listed(fact_type):
            return self._is_one_value(first, second, fact_type.label)
        needed = self.situation.needed
        conflicting = name == self.same.but and needed[first].concluded and needed[second].concluded
        if self.same.one_per and fact_type.one_per is not None and not conflicting:
            return all(self._is_one_value(first, second, key) for key in fact_type.one_per)
        return False

    def _is_one_value(self, first: int, second: int, field_name: str) -> bool:
        one, other = self._find(Place(first, field_name)), self._find(Place(second, field_name))
        if one == other and one in self.joined:
            return True
        values = [self._value_of(root) for root in (one, other)]
        return values[0] is not None and values[0] == values[1]

    def _value_of(self, root: Place) -> Value | None:
        """The one constant that a place is held to by `is`."""
        return next((value for place, value in self.exact if self._find(place) == root), None)

    def _merge(self, first: int, second: int) -> None:
        low, high = sorted((first, second))
        self.same_as[high] = low
        for name in self.vocabulary.types[self.situation.needed[low].type].fields:
            places = [Place(number, name) for number in (low, high)]
            if any(place in self.parent for place in places):
                self._equate(*places, joined=False)

    # Which values are left

    def _group(self) -> None:
        members: dict[Place, Group] = {}
        for place in sorted(self.parent):
            group = members.setdefault(self._find(place), Group([], []))
            group.places.append(place)
            group.joined = self._find(place) in self.joined
            self.reckoned.groups[place] = group
        for number, one in enumerate(self.situation.needed):
            for demand in one.demands:
                self.reckoned.groups[Place(number, demand.field)].demands.append(demand)
        for group in members.values():
            self._narrow(group)

    def _narrow(self, group: Group) -> None:
        hard = [demand for demand in group.demands if not demand.soft]
        tests = [as_test(demand) for demand in hard if demand.is_constant]
        limits = constants([*tests, *(as_test(d) for d in group.demands if d.soft and d.is_constant)])
        limits = (*limits, *self._excluded_limits(group))
        kinds = dict.fromkeys((self.situation.needed[place.fact].type, place.field) for place in group.places)
        fields = [self.vocabulary.types[type_name].fields[name] for type_name, name in kinds]
        bounds = (bound for one in fields for bound in (one.minimum, one.maximum) if bound is not None)
        # Of equal fields that which can have the fewest values says which they are; the others may refuse some.
        type_name, name = min(kinds, key=lambda kind: _width(self.vocabulary.types[kind[0]].fields[kind[1]]))
        domain = domain_of(self.vocabulary.types[type_name], name, (*limits, *(bounds if len(fields) > 1 else ())))
        if domain is None:
            return
        group.domain = domain
        left = tuple(
            point
            for point in domain.points
            if (isinstance(point, Missing) or all(allows(one, point) for one in fields))
            and domain.verdict(tests, point) is Truth.YES
        )
        if group.joined:
            left = tuple(point for point in left if point is not UNKNOWN and point is not ABSENT)
        if not left:
            raise ImpossibleError(hard)
        group.points = left

    def _excluded_limits(self, group: Group) -> tuple[Value, ...]:
        kinds = {(self.situation.needed[place.fact].type, place.field) for place in group.places}
        return constants(
            as_test(demand)
            for one in self.situation.excluded
            for demand in one.demands
            if demand.is_constant and (one.type, demand.field) in kinds
        )

    # What cannot be between them

    def _places(self) -> Iterator[tuple[Place, Demand]]:
        for number, one in enumerate(self.situation.needed):
            for demand in one.demands:
                if not demand.soft:
                    yield Place(number, demand.field), demand

    def _refuse_unequal(self) -> None:
        for place, demand in self._places():
            (term, *_) = demand.terms or (None,)
            if demand.operator.name != "is_not" or not isinstance(term, Place):
                continue
            one, other = self.reckoned.groups[place], self.reckoned.groups.get(term)
            alone = one.points is not None and other is not None and other.points is not None
            if one is other or (alone and len(one.points or ()) == 1 and one.points == other.points and _is_exact(one)):  # type: ignore[union-attr]
                raise ImpossibleError([demand])

    def _refuse_order(self) -> None:
        demands = [(place, demand) for place, demand in self._places() if demand.operator.name in _ORDER]
        if any(not demand.is_constant for _, demand in demands):
            bounds = Bounds()
            for group in {id(group): group for group in self.reckoned.groups.values()}.values():
                bounds.within(id(group), group.domain.field if group.domain is not None else None)
            for place, demand in [*demands, *self._exactly()]:
                bounds.add(id(self.reckoned.groups[place]), demand, self._key)
            if bounds.are_impossible():
                raise ImpossibleError([demand for _, demand in demands])

    def _exactly(self) -> list[tuple[Place, Demand]]:
        """What says that a number is a certain one, or another one moved."""
        return [
            (place, demand)
            for place, demand in self._places()
            if demand.operator is IS and isinstance(demand.terms[0], Constant | Moved)
        ]

    def _key(self, place: Place) -> int | None:
        group = self.reckoned.groups.get(place)
        return id(group) if group is not None else None

    # What must not be there

    def _exclude(self) -> bool:
        """Take away values with which a fact would be one that must not be there; whether there were any."""
        changed = False
        for excluded in self.situation.excluded:
            for number in self.reckoned.facts():
                one = self.situation.needed[number]
                if one.type == excluded.type and self._narrowed_by(excluded, number):
                    changed = True
        return changed

    def _narrowed_by(self, excluded: Excluded, number: int) -> bool:
        open_demands = [demand for demand in excluded.demands if not self._surely(number, demand)]
        if not open_demands:
            raise ImpossibleError([*excluded.demands, *self._asked(excluded, number)])
        if len(open_demands) > 1 or not open_demands[0].is_constant:
            return False
        (demand,) = open_demands
        group = self._group_of(number, demand.field)
        if group is None or group.points is None or group.domain is None:
            return False
        left = tuple(p for p in group.points if group.domain.verdict([as_test(demand)], p) is Truth.NO)
        if not left:
            raise ImpossibleError([*excluded.demands, *group.demands])
        if left == group.points:
            return False
        group.points = left
        return True

    def _asked(self, excluded: Excluded, number: int) -> Iterator[Demand]:
        """What makes a fact pass the demands of an excluded one."""
        for demand in excluded.demands:
            if (group := self._group_of(number, demand.field)) is not None:
                yield from group.demands

    def _group_of(self, number: int, field_name: str) -> Group | None:
        """The group of a place, of whichever of the facts that are one."""
        for other, _ in enumerate(self.situation.needed):
            if self.reckoned.own(other) == number and Place(other, field_name) in self.reckoned.groups:
                return self.reckoned.groups[Place(other, field_name)]
        return None

    def _surely(self, number: int, demand: Demand) -> bool:
        """Whether a fact cannot but pass, or perhaps pass, what one demand of an excluded fact asks."""
        group = self._group_of(number, demand.field)
        if demand.is_constant:
            if group is None or group.points is None or group.domain is None:
                return False
            return all(group.domain.verdict([as_test(demand)], point) is not Truth.NO for point in group.points)
        if demand.operator is not IS or not isinstance(demand.terms[0], Place):
            return False
        term = demand.terms[0]
        if self.reckoned.own(term.fact) == number and term.field == demand.field:
            return not self._may_be_absent(number, demand.field)
        return group is not None and group.joined and group is self.reckoned.groups.get(term)

    def _may_be_absent(self, number: int, field_name: str) -> bool:
        domain = domain_of(self.vocabulary.types[self.situation.needed[number].type], field_name, ())
        return domain is None or ABSENT in domain.missing


def clash(situations: Iterable[Situation], vocabulary: Vocabulary) -> tuple[Demand, ...] | None:
    """What cannot hold together, where none of the situations can be; None where one can, or there is none."""
    found: dict[int, Demand] = {}
    is_none = True
    for situation in situations:
        is_none = False
        try:
            reckon(situation, vocabulary, Same())
        except ImpossibleError as error:
            found.update({id(demand): demand for demand in error.demands})
        else:
            return None
    return None if is_none else tuple(found.values())


def _width(one: Field) -> int:
    """How many values a field may have, roughly, next to others that it is equal to."""
    return 0 if one.type is FieldType.CHOICE else 1 if one.whole else 2


def _is_exact(group: Group) -> bool:
    """Whether the one point that is left is the one value that is, and does not stand for others like it."""
    return any(demand.operator is IS and demand.is_constant for demand in group.demands)

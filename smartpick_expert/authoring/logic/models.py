"""Made-up entries that meet a situation: a value for every field that counts, chosen among the points that are left.

What comes out is a proposal. Whether rules do on it what the situation says is for the engine to tell (`trying.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from smartpick_expert.authoring.logic.domains import domain_of, is_listed, is_own_label, verdict
from smartpick_expert.authoring.logic.reckoned import ImpossibleError, Reckoned, Same, as_test, places_in
from smartpick_expert.authoring.logic.reckoning import reckon
from smartpick_expert.authoring.logic.situations import Demand, Excluded, Moved, Place, Situation, Term
from smartpick_expert.explain.limits import ANYTHING_ELSE
from smartpick_expert.language.model import Constant
from smartpick_expert.language.operators import Truth, truth
from smartpick_expert.language.values import (
    ABSENT,
    UNKNOWN,
    Missing,
    Number,
    Slot,
    exact_difference,
    exact_sum,
)
from smartpick_expert.language.vocabulary import Field, Vocabulary

# So many choices of values are tried before a situation is given up.
_MAX_TRIALS: Final = 1_000


@dataclass(frozen=True, slots=True)
class GivenFact:
    """A fact made up: its type, and the value of each field. What an entry of a profile leaves out is unknown."""

    type: str
    values: Mapping[str, Slot]


Entries = tuple[GivenFact, ...]


@dataclass(frozen=True, slots=True)
class Wish:
    """The values to try first for some places, by place."""

    values: Mapping[Place, tuple[Slot, ...]] = field(default_factory=dict)


def models(situation: Situation, vocabulary: Vocabulary, wish: Wish | None = None) -> Iterator[Entries]:
    """Entries that meet the situation, one set after another. Raises nothing; yields none where it cannot be."""
    try:
        reckoned = reckon(situation, vocabulary, Same())
    except ImpossibleError:
        return
    yield from _Search(reckoned, vocabulary, wish or Wish()).run()


def model(situation: Situation, vocabulary: Vocabulary, wish: Wish | None = None) -> Entries | None:
    """The first such entries, or None."""
    return next(models(situation, vocabulary, wish), None)


class _Search:
    """Values chosen place after place, going back where demands do not hold."""

    def __init__(self, reckoned: Reckoned, vocabulary: Vocabulary, wish: Wish) -> None:
        self.reckoned = reckoned
        self.vocabulary = vocabulary
        self.wish = wish
        self.situation = reckoned.situation
        self.trials = 0
        # Each variable is a set of places that hold one value, named by the first of them.
        self.variable: dict[Place, Place] = {}
        self.candidates: dict[Place, tuple[Slot, ...]] = {}
        self.chosen: dict[Place, Slot] = {}
        self._gather()
        # The demands that look at a variable, so that only those are asked again when it is chosen.
        self.looking: dict[Place, list[tuple[Place, Demand, bool]]] = {}
        for owner, demand in self._demands():
            settled = is_listed(self.vocabulary.types[self.situation.needed[owner.fact].type])
            places = {self.variable.get(place) for place in (owner, *map(self.reckoned.place, places_in(demand)))}
            for place in places - {None}:
                self.looking.setdefault(place, []).append((owner, demand, settled))  # type: ignore[arg-type]

    def _gather(self) -> None:
        groups = {id(group): group for group in self.reckoned.groups.values()}
        for group in groups.values():
            if not group.demands and not group.joined:
                continue
            first = group.places[0]
            for place in group.places:
                self.variable[self.reckoned.place(place)] = first
            self.candidates[first] = self._of_group(first, group.places, group.points, group.demands)
        for number in self.reckoned.facts():
            for name in self._wanted(number):
                place = Place(number, name)
                if place not in self.variable:
                    self.variable[place] = place
                    self.candidates[place] = self._free(number, name)

    def _wanted(self, number: int) -> list[str]:
        """The fields of a fact that need a value though nothing is demanded of them."""
        one = self.situation.needed[number]
        if one.concluded:
            return []
        fact_type = self.vocabulary.types[one.type]
        looked_at = {
            d.field for excluded in self.situation.excluded if excluded.type == one.type for d in excluded.demands
        }
        named = {
            term.field if isinstance(term, Place) else term.place.field
            for each in self.situation.needed
            for demand in each.demands
            for term in demand.terms
            if not isinstance(term, Constant) and self.reckoned.own(_fact(term)) == number
        }
        # Equal conclusions are one fact: several that are needed must differ in something.
        alike = not is_listed(fact_type) and sum(1 for each in self.situation.needed if each.type == one.type) > 1
        wanted = [
            name
            for name, one_field in fact_type.fields.items()
            if alike or name in looked_at or name in named or one_field.required or is_own_label(fact_type, name)
        ]
        # A computed field has the value that those it is made from give it.
        demanded = [place.field for place in self.variable if place.fact == number]
        for name in dict.fromkeys((*wanted, *demanded)):
            wanted += fact_type.fields[name].computed or ()
        return list(dict.fromkeys(wanted))

    def _of_group(
        self, first: Place, places: list[Place], points: tuple[Slot, ...] | None, demands: list[Demand]
    ) -> tuple[Slot, ...]:
        wished = [v for place in places for v in self.wish.values.get(place, ())]
        known = points if points is not None else self._free(first.fact, first.field)
        soft = [as_test(demand) for demand in demands if demand.soft and demand.is_constant]
        known = tuple(point for point in known if all(verdict(test, point, settled=True) is Truth.YES for test in soft))
        ordered = (*(v for v in wished if v in known), *sorted(known, key=lambda point: isinstance(point, Missing)))
        return tuple(dict.fromkeys(self._named(first, point) for point in ordered))

    def _free(self, number: int, name: str) -> tuple[Slot, ...]:
        """Values for a field of which nothing is demanded, those first that are the least likely to matter."""
        one = self.situation.needed[number]
        limits = [
            term.value
            for excluded in self.situation.excluded
            if excluded.type == one.type
            for demand in excluded.demands
            if demand.field == name
            for term in demand.terms
            if isinstance(term, Constant) and not isinstance(term.value, Missing)
        ]
        flat = [v for value in limits for v in (value if isinstance(value, tuple) else (value,))]
        domain = domain_of(self.vocabulary.types[one.type], name, flat)
        if domain is None:
            return (UNKNOWN,)
        place = Place(number, name)
        return (
            *self.wish.values.get(place, ()),
            *(self._named(place, p) for p in reversed(domain.known)),
            *domain.missing,
        )

    def _named(self, place: Place, point: Slot) -> Slot:
        """Any other text as one that no other entry has."""
        if point == ANYTHING_ELSE:
            return f"{self.situation.needed[place.fact].type}-{place.fact + 1}".replace("_", "-")
        return point

    def run(self) -> Iterator[Entries]:
        yield from self._choose(sorted(self.candidates, key=self._order), 0)

    def _order(self, place: Place) -> tuple[int, int, Place]:
        """Computed fields first, then those with the fewest candidates."""
        computed = self._field(place).computed is not None
        return (0 if computed else 1, len(self.candidates[place]), place)

    def _field(self, place: Place) -> Field:
        return self.vocabulary.types[self.situation.needed[place.fact].type].fields[place.field]

    def _choose(self, order: list[Place], depth: int) -> Iterator[Entries]:
        if depth == len(order):
            entries = self._entries()
            if self._excludes_all() and self._differ(entries):
                yield entries
            return
        place = order[depth]
        for value in (*self._follows(place), *self.candidates[place]):
            self.trials += 1
            if self.trials > _MAX_TRIALS:
                return
            self.chosen[place] = value
            if self._agrees(place):
                yield from self._choose(order, depth + 1)
        self.chosen.pop(place, None)

    def _follows(self, place: Place) -> tuple[Slot, ...]:
        """The value that a computed field already chosen leaves for one that it is made from, and limits against others."""
        found: list[Slot] = []
        number = self.reckoned.own(place.fact)
        fact_type = self.vocabulary.types[self.situation.needed[number].type]
        for name, one in fact_type.fields.items():
            if one.computed is None or place.field not in one.computed:
                continue
            first, second = one.computed
            whole = self._value(Place(number, name))
            other = self._value(Place(number, second if place.field == first else first))
            if isinstance(whole, int | Decimal) and isinstance(other, int | Decimal):
                made = exact_sum(whole, other) if place.field == first else exact_difference(other, whole)
                found.append(made)
        for owner, demand in self._demands():
            for term in demand.terms:
                if isinstance(term, Constant):
                    continue
                base = term.place if isinstance(term, Moved) else term
                by = term.by if isinstance(term, Moved) else 0
                here, there = self.variable.get(owner), self.variable.get(self.reckoned.place(base))
                if here == place:
                    found += self._near(there, by)
                elif there == place:
                    found += self._near(here, exact_difference(0, by))
        return tuple(value for value in found if self._allowed(place, value))

    def _near(self, variable: Place | None, by: Number) -> list[Slot]:
        """The numbers about what was chosen for a place, or about what may be."""
        if variable is None:
            return []
        slots = (self.chosen[variable],) if variable in self.chosen else self.candidates[variable]
        numbers = [exact_sum(s, by) for s in slots if isinstance(s, int | Decimal) and not isinstance(s, bool)]
        return [exact_sum(number, shift) for number in numbers for shift in (0, 1, -1)]

    def _allowed(self, place: Place, value: Slot) -> bool:
        fact_type = self.vocabulary.types[self.situation.needed[place.fact].type]
        domain = domain_of(fact_type, place.field, (value,) if not isinstance(value, Missing) else ())
        if domain is None or value not in domain.known:
            return False
        tests = [as_test(d) for p, d in self._demands() if self.variable.get(p) == place and d.is_constant]
        return domain.verdict(tests, value) is Truth.YES

    def _demands(self) -> Iterator[tuple[Place, Demand]]:
        for number, one in enumerate(self.situation.needed):
            for demand in one.demands:
                yield self.reckoned.place(Place(number, demand.field)), demand

    def _value(self, place: Place) -> Slot | None:
        """What was chosen for a place; None where nothing was yet."""
        variable = self.variable.get(self.reckoned.place(place))
        return self.chosen.get(variable) if variable is not None else None

    def _term(self, term: Term) -> Slot | None:
        if isinstance(term, Constant):
            return term.value
        base = self._value(term.place if isinstance(term, Moved) else term)
        if isinstance(term, Moved):
            return exact_sum(base, term.by) if isinstance(base, int | Decimal) else base
        return base

    def _agrees(self, place: Place) -> bool:
        """Whether all demands that can be told by now hold, and computed fields are what they are made from."""
        for owner, demand, settled in self.looking.get(place, ()):
            slot = self._value(owner)
            terms = tuple(self._term(term) for term in demand.terms)
            if slot is None or None in terms:
                continue
            if truth(demand.operator, slot, terms, settled=settled) is not Truth.YES:  # type: ignore[arg-type]
                return False
        number = self.reckoned.own(place.fact)
        fact_type = self.vocabulary.types[self.situation.needed[number].type]
        return all(self._is_computed(number, name, one) for name, one in fact_type.fields.items() if one.computed)

    def _is_computed(self, number: int, name: str, one: Field) -> bool:
        first, second = one.computed or ("", "")
        whole, left, right = (self._value(Place(number, each)) for each in (name, first, second))
        if whole is None or left is None or right is None:
            return True
        if isinstance(left, int | Decimal) and isinstance(right, int | Decimal):
            return whole == exact_difference(left, right)
        return whole is (ABSENT if ABSENT in (left, right) else UNKNOWN)

    def _excludes_all(self) -> bool:
        """Whether no fact is one that must not be there."""
        return not any(
            self._may_match(excluded, number)
            for excluded in self.situation.excluded
            for number in self.reckoned.facts()
            if self.situation.needed[number].type == excluded.type
        )

    def _may_match(self, excluded: Excluded, number: int) -> bool:
        settled = is_listed(self.vocabulary.types[excluded.type])
        for demand in excluded.demands:
            slot = self._value(Place(number, demand.field))
            terms = tuple(self._term(term) for term in demand.terms)
            if slot is None or None in terms:
                continue
            if truth(demand.operator, slot, terms, settled=settled) is Truth.NO:  # type: ignore[arg-type]
                return False
        return True

    def _differ(self, entries: Entries) -> bool:
        derived = [(e.type, tuple(e.values.items())) for e in entries if not is_listed(self.vocabulary.types[e.type])]
        return len(derived) == len(set(derived))

    def _entries(self) -> Entries:
        found = []
        for number in self.reckoned.facts():
            one = self.situation.needed[number]
            if one.concluded:
                continue
            fact_type = self.vocabulary.types[one.type]
            values: dict[str, Slot] = {}
            for name, its in fact_type.fields.items():
                value = self._value(Place(number, name))
                # What a conclusion does not name is absent, and need not be said; what an entry leaves out is unknown.
                unsaid = UNKNOWN if is_listed(fact_type) else ABSENT
                if value is not None and value not in (UNKNOWN, unsaid) and its.computed is None:
                    values[name] = value
            found.append(GivenFact(one.type, values))
        return tuple(found)


def _fact(term: Term) -> int:
    if isinstance(term, Constant):
        return -1
    return term.place.fact if isinstance(term, Moved) else term.fact

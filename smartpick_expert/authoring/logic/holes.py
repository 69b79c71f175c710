"""Limits that sort a number into classes, and values between two of the classes that none of them takes.

What counts as such limits is narrow, so that nothing is reported of rules that mean to say nothing in the middle: rules
that conclude different things of which the vocabulary allows one, alike in everything but the limits of one field. What
lies outside the outermost limits is no hole, and neither is what another rule may sort.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from smartpick_expert.authoring.logic.domains import Domain, constants, domain_of, is_constant
from smartpick_expert.authoring.logic.gathering import TooManyWaysError, conclusion_of, situations_of
from smartpick_expert.authoring.logic.implied import follow
from smartpick_expert.authoring.logic.models import Entries
from smartpick_expert.authoring.logic.readied import Readied
from smartpick_expert.authoring.logic.reckoned import ImpossibleError, Same
from smartpick_expert.authoring.logic.reckoning import reckon
from smartpick_expert.authoring.logic.showing import firing
from smartpick_expert.authoring.logic.situations import IS, Demand, Place
from smartpick_expert.authoring.logic.tallied import VALUE, tally_field
from smartpick_expert.authoring.logic.trying import fires
from smartpick_expert.language.model import Conclusion, Condition, Constant, Pattern, Rule, Tally, Test
from smartpick_expert.language.operators import OPERATORS, Truth
from smartpick_expert.language.values import Value
from smartpick_expert.language.vocabulary import FactType, FieldType, Supplier

_KNOWN: Final = OPERATORS["known"]


@dataclass(frozen=True, slots=True)
class Sorting:
    """A rule that sorts by one field: the tests of that field, the rule without them, and what it concludes."""

    rule: Rule
    conclusion: Conclusion
    place: int
    what: str
    field: str
    fact_type: FactType
    tests: tuple[Test, ...]
    rest: tuple[Condition, ...]

    def with_value(self, value: Value) -> Rule:
        """The rule with nothing asked of the field but that it has this value."""
        test = Test(self.field, IS, (Constant(value),), self.tests[0].location)
        condition = self.rule.when[self.place]
        asked: Condition = condition
        if isinstance(condition, Tally):
            asked = replace(condition, limits=(test,))
        elif isinstance(condition, Pattern):
            others = tuple(other for other in condition.tests if other.field != self.field)
            asked = replace(condition, tests=(*others, test))
        when = (*self.rule.when[: self.place], asked, *self.rule.when[self.place + 1 :])
        return replace(self.rule, when=when)


@dataclass(frozen=True, slots=True)
class Hole:
    """Values from `first` to `last` that no rule sorts, a made-up applicant with one of them, and the rules on either side."""

    sortings: tuple[Sorting, ...]
    first: Value
    last: Value
    entries: Entries


def holes(base: Readied) -> Iterator[Hole]:
    """The holes between the limits of rules that sort by one field."""
    for group in _groups(base):
        hole = _hole(base, group)
        if hole is not None:
            yield hole


def _groups(base: Readied) -> Iterator[tuple[Sorting, ...]]:
    """Rules alike in everything but the limits of one field, which do not all conclude the same."""
    alike: dict[tuple[object, ...], list[list[Sorting]]] = {}
    for fact_type in base.vocabulary.types.values():
        if fact_type.one_per is None:
            continue
        for rule, conclusion in base.concluding.get(fact_type.name, ()):
            for sorting in _sortings(base, rule, conclusion, fact_type.one_per):
                key = (fact_type.name, sorting.what, *_constant_keys(conclusion, fact_type.one_per))
                groups = alike.setdefault(key, [])
                own = next((group for group in groups if _are_alike(base, group[0], sorting)), None)
                if own is None:
                    groups.append([sorting])
                else:
                    own.append(sorting)
    for groups in alike.values():
        for group in groups:
            if len({one.conclusion.values for one in group}) > 1:
                yield tuple(group)


def _constant_keys(conclusion: Conclusion, keys: tuple[str, ...]) -> tuple[object, ...]:
    values = dict(conclusion.values)
    return tuple(value.value if isinstance(value := values.get(key), Constant) else "" for key in keys)


def _are_alike(base: Readied, one: Sorting, other: Sorting) -> bool:
    return follow(one.rest, other.rest, base.vocabulary) and follow(other.rest, one.rest, base.vocabulary)


def _sortings(base: Readied, rule: Rule, conclusion: Conclusion, keys: tuple[str, ...]) -> Iterator[Sorting]:
    # That two rules speak of the same thing is asked together with what they ask: as if of a fact of the kind concluded.
    values = tuple((name, value) for name, value in conclusion.values if name in keys)
    about = Pattern(conclusion.fact_type, tuple(Test(name, IS, (value,)) for name, value in values), "about~")
    for place, condition in enumerate(rule.when):
        before, after = rule.when[:place], rule.when[place + 1 :]
        if isinstance(condition, Tally):
            limits = tuple(limit for limit in condition.limits if is_constant(limit))
            if limits and len(limits) == len(condition.limits):
                fact_type = FactType(
                    "tally", "", Supplier.CONSULTATION, {VALUE: tally_field(condition, base.vocabulary)}
                )
                asked: Condition = replace(condition, limits=())
                what = f"the {condition.kind} of {condition.pattern.fact_type}"
                tests = tuple(replace(limit, field=VALUE) for limit in limits)
                yield Sorting(rule, conclusion, place, what, VALUE, fact_type, tests, (about, *before, asked, *after))
        elif isinstance(condition, Pattern) and not condition.hidden:
            fact_type = base.vocabulary.types[condition.fact_type]
            for name, field in fact_type.fields.items():
                own = [test for test in condition.tests if test.field == name]
                if not own or field.type not in (FieldType.NUMBER, FieldType.DATE) or not all(map(is_constant, own)):
                    continue
                others = tuple(test for test in condition.tests if test.field != name)
                marked = replace(condition, tests=(*others, Test(name, _KNOWN, ())))
                rest = (about, *before, marked, *after)
                yield Sorting(rule, conclusion, place, f"{fact_type.name}.{name}", name, fact_type, tuple(own), rest)


def _hole(base: Readied, group: tuple[Sorting, ...]) -> Hole | None:
    first = group[0]
    domain = domain_of(first.fact_type, first.field, constants(test for one in group for test in one.tests))
    if domain is None:
        return None
    for below, run, above in _between(domain, group):
        entries = _unsorted(base, group, run)
        if entries is not None:
            ends = [one for one in group if any(_takes(domain, one, end) for end in (below, above))]
            return Hole(tuple(ends), run[0], run[-1], entries)
    return None


def _takes(domain: Domain, one: Sorting, value: Value) -> bool:
    return domain.verdict(one.tests, value) is Truth.YES


def _between(domain: Domain, group: tuple[Sorting, ...]) -> Iterator[tuple[Value, list[Value], Value]]:
    """The runs of values that no rule of the group takes, each with the values beside it, which some do."""
    run: list[Value] = []
    below: Value | None = None
    for point in domain.known:
        if not any(_takes(domain, one, point) for one in group):
            run.append(point)
            continue
        if run and below is not None:
            yield below, run, point
        run, below = [], point


def _unsorted(base: Readied, group: tuple[Sorting, ...], run: list[Value]) -> Entries | None:
    """Facts with a value of the run on which no rule of the group fires; None where another rule may sort them."""
    for value in run:
        asking = group[0].with_value(value)
        if _may_be_sorted(base, group, asking):
            return None
    for value in run:
        for one in group:
            entries = firing(base, one.with_value(value))
            if entries is not None and not any(fires(each.rule, entries, base.workspace, base.as_of) for each in group):
                return entries
    return None


def _may_be_sorted(base: Readied, group: tuple[Sorting, ...], asking: Rule) -> bool:
    """Whether any rule outside the group may conclude something of the same thing where these conditions hold."""
    fact_type = base.vocabulary.types[group[0].conclusion.fact_type]
    own = {one.rule.id for one in group}
    keys = fact_type.one_per or ()
    try:
        mine = situations_of(asking, base.vocabulary)
    except TooManyWaysError:
        return True
    for rule, conclusion in base.concluding.get(fact_type.name, ()):
        if rule.id in own:
            continue
        others = base.situations(rule)
        if not others:
            return True
        for one in mine:
            for other in others:
                together, shift = one.situation.beside(other.situation)
                first = conclusion_of(group[0].conclusion, one.names)
                second = conclusion_of(conclusion, {name: fact + shift for name, fact in other.names.items()})
                if first is None or second is None:
                    return True
                number = len(together.needed)
                same = tuple(Demand(key, IS, (Place(number, key),), Test(key, IS, ())) for key in keys)
                # The asking rule concludes nothing here: only what it would be about counts.
                first = replace(first, demands=tuple(demand for demand in first.demands if demand.field in keys))
                second = replace(second, demands=(*second.demands, *same))
                needed = (*together.needed, first, second)
                try:
                    reckon(replace(together, needed=needed), base.vocabulary, Same(one_per=True, but=fact_type.name))
                except ImpossibleError:
                    continue
                return True
    return False

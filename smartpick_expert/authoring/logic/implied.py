"""Whether conditions follow from others: whenever the ones hold, the others do, whatever the applicant.

It goes by the form of the conditions: each of the general ones is found again among the special ones, asked as strictly
or more so, with names changed. What follows in less direct ways is not seen; what is said to follow does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Final

from smartpick_expert.authoring.logic.domains import constants, domain_of, is_constant
from smartpick_expert.authoring.logic.renaming import bound_names, gathered, renamed, renamed_test, told_apart
from smartpick_expert.authoring.logic.tallied import tally_domain
from smartpick_expert.language.model import (
    AnyOf,
    Condition,
    Negation,
    Pattern,
    Reference,
    Tally,
    Test,
)
from smartpick_expert.language.vocabulary import FactType, Vocabulary

Names = dict[str, str]
# So many ways to lay names onto names are looked at; rules have four or five patterns, and most have one way.
_MAX_WAYS: Final = 2_000
# What is put before the general conditions' own names, so that none is taken for one of the special ones.
_MINE: Final = "general~"


def names_under_which(
    general: Sequence[Condition], special: Sequence[Condition], vocabulary: Vocabulary
) -> Iterator[Names]:
    """Every way to lay the general conditions' names onto the special ones', so that the general follow from the special."""
    strict = _named(gathered(tuple(special), vocabulary))
    own = gathered(tuple(general), vocabulary)
    mine = {name: f"{_MINE}{name}" for name in bound_names(own)}
    loose = tuple(renamed(condition, mine) for condition in own)
    back = {new: old for old, new in mine.items()}
    for found in _Following(strict, vocabulary, count()).ways(loose, {}):
        yield {back[name]: target for name, target in found.items() if name in back}


def follow(general: Sequence[Condition], special: Sequence[Condition], vocabulary: Vocabulary) -> bool:
    """Whether the general conditions hold wherever the special ones do."""
    return next(names_under_which(general, special, vocabulary), None) is not None


def tests_follow(general: Sequence[Test], special: Sequence[Test], fact_type: FactType) -> bool:
    """Whether a fact that passes the special tests passes the general ones, certainly and possibly."""
    return _Equal(()).tests_follow(general, special, fact_type, "")


def _named(conditions: tuple[Condition, ...], mark: str = "") -> tuple[Condition, ...]:
    """The conditions with a name for every pattern, so that others can be laid onto it."""
    return tuple(
        Pattern(c.fact_type, c.tests, f"unnamed~{mark}{number}", c.hidden, c.location)
        if isinstance(c, Pattern) and not c.name
        else c
        for number, c in enumerate(conditions)
    )


class _Equal:
    """Which fields of which names are equal, by the tests with `is` among conditions."""

    def __init__(self, conditions: Sequence[Condition]) -> None:
        self._parent: dict[tuple[str, str], tuple[str, str]] = {}
        for pattern in conditions:
            if isinstance(pattern, Pattern) and pattern.name:
                for test in pattern.tests:
                    (operand, *_) = test.operands or (None,)
                    if test.operator.name == "is" and isinstance(operand, Reference):
                        one = self._find((pattern.name, test.field))
                        self._parent[one] = self._find((operand.name, operand.field))

    def _find(self, place: tuple[str, str]) -> tuple[str, str]:
        while place in self._parent and self._parent[place] != place:
            place = self._parent[place]
        return place

    def are(self, one: tuple[str, str], other: tuple[str, str]) -> bool:
        """Whether two places are held equal; a place that is held to nothing may be unknown, and is not."""
        return one in self._parent_or_target() and self._find(one) == self._find(other)

    def _parent_or_target(self) -> set[tuple[str, str]]:
        return {*self._parent, *self._parent.values()}

    def tests_follow(self, general: Sequence[Test], special: Sequence[Test], fact_type: FactType, name: str) -> bool:
        """Whether the special tests of a fact of that name make it pass the general ones."""
        return all(self._follows(test, special, fact_type, name) for test in general)

    def _follows(self, test: Test, special: Sequence[Test], fact_type: FactType, name: str) -> bool:
        if any(self._is_same(test, other) for other in special):
            return True
        if not is_constant(test):
            (operand, *_) = test.operands or (None,)
            if test.operator.name != "is" or not isinstance(operand, Reference) or not name:
                return False
            return self.are((name, test.field), (operand.name, operand.field))
        mine = [other for other in special if other.field == test.field and is_constant(other)]
        domain = domain_of(fact_type, test.field, constants([test, *mine]))
        return domain is not None and all(domain.verdict(mine, p) <= domain.verdict([test], p) for p in domain.points)

    def _is_same(self, one: Test, other: Test) -> bool:
        if one.field != other.field or one.operator.name != other.operator.name:
            return False
        if one.operands == other.operands:
            return True
        return len(one.operands) == len(other.operands) == 1 and all(
            isinstance(a, Reference) and isinstance(b, Reference) and self.are((a.name, a.field), (b.name, b.field))
            for a, b in zip(one.operands, other.operands, strict=True)
        )


@dataclass(frozen=True, slots=True)
class _Following:
    """The special conditions, which others are held against. `tries` counts the ways that were looked at."""

    special: tuple[Condition, ...]
    vocabulary: Vocabulary
    tries: count[int]

    def ways(self, general: tuple[Condition, ...], outer: Mapping[str, str]) -> Iterator[Names]:
        """Every way to lay the names of these conditions onto special ones so that all of them follow."""
        patterns = [c for c in general if isinstance(c, Pattern)]
        equal = _Equal(self.special)
        for names in self._laid(patterns, dict(outer)):
            if not all(self._passes(pattern, names, equal) for pattern in patterns):
                continue
            rest = [c for c in general if not isinstance(c, Pattern)]
            tallies = [c for c in rest if isinstance(c, Tally)]
            for complete in self._tallied(tallies, names, equal):
                if all(self._holds(c, complete, equal) for c in rest if not isinstance(c, Tally)):
                    yield complete

    def _laid(self, patterns: list[Pattern], names: Names) -> Iterator[Names]:
        """Every way to lay named patterns onto special patterns of their types."""
        named = [pattern for pattern in patterns if pattern.name]
        if not named:
            yield names
            return
        first, *others = named
        fact_type = self.vocabulary.types[first.fact_type]
        plain = [test for test in first.tests if is_constant(test)]
        for target in self.special:
            if not isinstance(target, Pattern) or target.fact_type != first.fact_type:
                continue
            if next(self.tries) > _MAX_WAYS:
                return
            if tests_follow(plain, target.tests, fact_type):
                yield from self._laid(others, {**names, first.name: target.name})

    def _passes(self, pattern: Pattern, names: Names, equal: _Equal) -> bool:
        """Whether a special pattern asks for such a fact: the one its name is laid onto, or any."""
        fact_type = self.vocabulary.types[pattern.fact_type]
        tests = [renamed_test(test, names) for test in pattern.tests]
        targets = (
            target
            for target in self.special
            if isinstance(target, Pattern)
            and target.fact_type == pattern.fact_type
            and (not pattern.name or target.name == names[pattern.name])
        )
        return any(equal.tests_follow(tests, target.tests, fact_type, target.name) for target in targets)

    def _holds(self, condition: Condition, names: Names, equal: _Equal) -> bool:
        if isinstance(condition, Negation):
            return self._excludes(condition.pattern, names, equal)
        if isinstance(condition, AnyOf):
            return self._chooses(condition, names)
        return False

    def _excludes(self, pattern: Pattern, names: Names, equal: _Equal) -> bool:
        """Whether the special conditions exclude at least such facts."""
        fact_type = self.vocabulary.types[pattern.fact_type]
        tests = [renamed_test(test, names) for test in pattern.tests]
        return any(
            equal.tests_follow(other.pattern.tests, tests, fact_type, "")
            for other in self.special
            if isinstance(other, Negation) and other.pattern.fact_type == pattern.fact_type
        )

    def _chooses(self, condition: AnyOf, names: Names) -> bool:
        """Whether a branch follows; or for each branch of a special choice one does, if that branch is taken."""
        if any(self.branch_follows(branch, names) for branch in condition.branches):
            return True
        return any(
            all(
                any(taken.branch_follows(branch, names) for branch in condition.branches)
                for taken in self._taken(number, other)
            )
            for number, other in enumerate(self.special)
            if isinstance(other, AnyOf)
        )

    def _taken(self, number: int, choice: AnyOf) -> Iterator[_Following]:
        """For each branch of a special choice the special conditions, that branch in the place of the choice."""
        rest = (*self.special[:number], *self.special[number + 1 :])
        for place, branch in enumerate(choice.branches):
            mark = f"{number}.{place}/"
            yield _Following((*rest, *_named(told_apart(branch, mark), mark)), self.vocabulary, self.tries)

    def branch_follows(self, branch: tuple[Condition, ...], names: Names) -> bool:
        """Whether a branch of a general choice follows."""
        apart = told_apart(branch, "branch")
        return next(self.ways(apart, names), None) is not None

    def _tallied(self, tallies: list[Tally], names: Names, equal: _Equal) -> Iterator[Names]:
        """Every way to lay tallies onto special ones that are made of the same facts and keep their limits."""
        if not tallies:
            yield names
            return
        first, *others = tallies
        for target in self.special:
            if isinstance(target, Tally) and self._tally_follows(first, target, names, equal):
                laid = {**names, first.name: target.name} if first.name and target.name else names
                if target.name or not first.name:
                    yield from self._tallied(others, laid, equal)

    def _tally_follows(self, general: Tally, special: Tally, names: Names, equal: _Equal) -> bool:
        if (general.kind, general.of, general.pattern.fact_type) != (
            special.kind,
            special.of,
            special.pattern.fact_type,
        ):
            return False
        fact_type = self.vocabulary.types[general.pattern.fact_type]
        tests = [renamed_test(test, names) for test in general.pattern.tests]
        others = special.pattern.tests
        same = equal.tests_follow(tests, others, fact_type, "") and equal.tests_follow(others, tests, fact_type, "")
        return same and self._limits_follow(general, special, names)

    def _limits_follow(self, general: Tally, special: Tally, names: Names) -> bool:
        limits = [renamed_test(limit, names) for limit in general.limits]
        open_limits = [limit for limit in limits if limit not in special.limits]
        if not all(is_constant(limit) for limit in open_limits):
            return False
        theirs = [limit for limit in special.limits if is_constant(limit)]
        domain = tally_domain(general, self.vocabulary, constants([*open_limits, *theirs]))
        return domain is not None and all(
            domain.verdict(theirs, point) <= domain.verdict(open_limits, point) for point in domain.known
        )

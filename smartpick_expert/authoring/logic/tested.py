"""Every field that a rule tests, wherever in it, with the tests that it must pass together.

What a tally comes to counts as a field, with the tally's limits as its tests.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from smartpick_expert.authoring.logic.domains import Domain, constants, domain_of, is_constant, tests_by_field
from smartpick_expert.authoring.logic.tallied import VALUE, tally_field
from smartpick_expert.language.model import (
    AnyOf,
    Condition,
    Negation,
    Pattern,
    Rule,
    Tally,
    TallyKind,
    Test,
    inner_patterns,
    inner_tallies,
)
from smartpick_expert.language.operators import Truth
from smartpick_expert.language.values import ABSENT, UNKNOWN, Slot, Value
from smartpick_expert.language.vocabulary import FactType, Supplier, Vocabulary


@dataclass(frozen=True, slots=True)
class Tested:
    """The tests of one field in one pattern of a rule that are held against values alone, in the order written."""

    rule: Rule
    what: str
    fact_type: FactType
    field: str
    tests: tuple[Test, ...]
    is_count: bool = False

    @property
    def domain(self) -> Domain | None:
        """The points of the field that these tests tell apart. How many facts there are is at least none, known or not."""
        domain = domain_of(self.fact_type, self.field, constants(self.tests))
        return replace(domain, missing=()) if self.is_count and domain is not None else domain


def fields_tested(rule: Rule, vocabulary: Vocabulary) -> Iterator[Tested]:
    """What a rule tests, its hidden patterns left out: nobody wrote those as tests."""
    for condition in rule.when:
        for pattern in inner_patterns(condition):
            if pattern.hidden:
                continue
            fact_type = vocabulary.types[pattern.fact_type]
            for name, tests in tests_by_field(t for t in pattern.tests if is_constant(t)).items():
                yield Tested(rule, f"{fact_type.name}.{name}", fact_type, name, tuple(tests))
        for tally in inner_tallies(condition):
            limits = tuple(limit for limit in tally.limits if is_constant(limit))
            if limits:
                made = FactType("tally", "", Supplier.CONSULTATION, {VALUE: tally_field(tally, vocabulary)})
                yield Tested(rule, _named(tally), made, VALUE, limits, is_count=tally.kind is TallyKind.COUNT)


def _named(tally: Tally) -> str:
    of = f"{tally.pattern.fact_type}.{tally.of}" if tally.of else tally.pattern.fact_type
    return f"the {tally.kind} of {of}"


def passes_nothing(domain: Domain, tests: tuple[Test, ...]) -> bool:
    """Whether no point surely passes the tests."""
    return not any(domain.verdict(tests, point) is Truth.YES for point in domain.points)


def passes_all_known(domain: Domain, tests: tuple[Test, ...]) -> bool:
    """Whether every answer passes the tests, `none` among them where it is one; for what asks for presence, every point."""
    points = domain.points if any(not test.operands for test in tests) else domain.known
    if domain.field.may_be_none:
        points = (*points, ABSENT)
    return bool(points) and all(domain.verdict(tests, point) is Truth.YES for point in points)


def says_any_value(domain: Domain, test: Test) -> bool:
    """Whether a test that every value passes says "whatever the value is, once it is known".

    Nothing else in the language does: `known` is no at once where an entry leaves the value out, and this is open until it is
    told. Whoever writes `at_least` with the field's own lowest value, or all its words, means it.
    """
    least = test.operator.name == "at_least" and constants((test,)) == (domain.field.minimum,)
    return UNKNOWN in domain.missing and (least or test.operator.name == "in")


def is_needless(domain: Domain, test: Test, others: tuple[Test, ...]) -> bool:
    """Whether a test changes nothing beside others, for unknown values as for known ones."""
    together = (*others, test)
    settled = (domain.settled,) if domain.settled else (True, False)
    return all(
        replace(domain, settled=each).verdict(together, point) is replace(domain, settled=each).verdict(others, point)
        for each in settled
        for point in domain.points
    )


def without(conditions: tuple[Condition, ...], test: Test) -> tuple[Condition, ...]:
    """The conditions without one test, told by its being that very object."""
    return tuple(_without(condition, test) for condition in conditions)


def _without(condition: Condition, test: Test) -> Condition:
    if isinstance(condition, AnyOf):
        return replace(condition, branches=tuple(without(branch, test) for branch in condition.branches))
    if isinstance(condition, Pattern):
        return replace(condition, tests=_left(condition.tests, test))
    pattern = replace(condition.pattern, tests=_left(condition.pattern.tests, test))
    if isinstance(condition, Negation):
        return replace(condition, pattern=pattern)
    return replace(condition, pattern=pattern, limits=_left(condition.limits, test))


def _left(tests: tuple[Test, ...], test: Test) -> tuple[Test, ...]:
    return tuple(one for one in tests if one is not test)


def nearest_passing(domain: Domain, tests: tuple[Test, ...]) -> tuple[Slot, ...]:
    """The known values that pass the tests, those first that are nearest to a limit."""
    passing: list[Value] = [point for point in domain.known if domain.verdict(tests, point) is Truth.YES]
    names = {test.operator.name for test in tests}
    return (
        tuple(reversed(passing))
        if names & {"at_most", "below"} and not names & {"at_least", "above"}
        else tuple(passing)
    )

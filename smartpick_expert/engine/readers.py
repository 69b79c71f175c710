"""Who looks at the facts of a type, and at what in them: one reader for every pattern of every rule.

From this it can be told, without firing anything, that a change in a fact is nothing to a rule.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from smartpick_expert.engine.compiled import CompiledRules
from smartpick_expert.engine.evaluator import Bindings, Check, check_of
from smartpick_expert.engine.plans import ById
from smartpick_expert.language.facts import Fact
from smartpick_expert.language.model import (
    Conclusion,
    Pattern,
    Reference,
    Rule,
    Tally,
    Test,
    inner_patterns,
    inner_tallies,
    inner_tests,
)
from smartpick_expert.language.operators import Truth

_NOTHING_BOUND: Bindings = {}


@dataclass(frozen=True, slots=True, eq=False)
class Reader:
    """One pattern of a rule.

    `tests` are those of its tests that hold a fact against constants, and `fields` the fields they test. `joined` are the
    fields that the rule takes further: holds against other facts, concludes something from, or tallies.
    """

    rule: Rule
    pattern: Pattern
    tests: tuple[tuple[str, Check], ...]
    fields: frozenset[str]
    joined: frozenset[str]

    def verdict(self, fact: Fact, but: frozenset[str] = frozenset()) -> Truth:
        """What the tests of constants say of a fact, those of the fields in `but` left out."""
        verdict = Truth.YES
        for field, check in self.tests:
            if field not in but:
                found = check(fact, _NOTHING_BOUND)
                if found is Truth.NO:
                    return found
                if found is Truth.UNKNOWN:
                    verdict = found
        return verdict

    def tells_apart(self, one: Fact | None, other: Fact | None) -> bool:
        """Whether it may make a difference to the rule which of two facts there is; None stands for none."""
        verdict = Truth.NO if one is None else self.verdict(one)
        if verdict is not (Truth.NO if other is None else self.verdict(other)):
            return True
        if verdict is Truth.NO or one is None or other is None:
            return False
        return any(one.get(field) != other.get(field) for field in self.joined)


def references_to(rule: Rule, name: str) -> Iterator[tuple[Reference, Test | Conclusion]]:
    """Where a rule takes up a field of what is bound to a name: in a test, or in a conclusion."""
    for condition in rule.when:
        for test in inner_tests(condition):
            for reference in test.references():
                if reference.name == name:
                    yield reference, test
    for conclusion in rule.then:
        for _, operand in conclusion.values:
            if isinstance(operand, Reference) and operand.name == name:
                yield operand, conclusion


def _readers(compiled: CompiledRules) -> Mapping[str, tuple[Reader, ...]]:
    found: dict[str, list[Reader]] = defaultdict(list)
    for rule in compiled.rules:
        tallied = {id(tally.pattern): tally for condition in rule.when for tally in inner_tallies(condition)}
        for condition in rule.when:
            for pattern in inner_patterns(condition):
                found[pattern.fact_type].append(_reader(rule, pattern, tallied.get(id(pattern))))
    return {name: tuple(several) for name, several in found.items()}


def _reader(rule: Rule, pattern: Pattern, tally: Tally | None) -> Reader:
    plain = [test for test in pattern.tests if not any(test.references())]
    joined = {test.field for test in pattern.tests if any(test.references())}
    if pattern.name:
        joined |= {reference.field for reference, _ in references_to(rule, pattern.name)}
    if tally is not None and tally.of:
        joined.add(tally.of)
    return Reader(
        rule,
        pattern,
        tuple((test.field, check_of(test)) for test in plain),
        frozenset(test.field for test in plain),
        frozenset(joined),
    )


# The readers of the facts of each type, made once for each rule base or slice of one.
readers_of: ById[CompiledRules, Mapping[str, tuple[Reader, ...]]] = ById(_readers, most=32)

"""What a condition comes to under a binding: its truth, and the facts tried for it with every test, in words and as data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from smartpick_expert.diagnostics import Location
from smartpick_expert.engine.evaluator import Leaf, slot_of
from smartpick_expert.engine.match import Bound
from smartpick_expert.explain.binding_search import Search, truth_of
from smartpick_expert.explain.comparisons import limits_truth
from smartpick_expert.explain.condition_text import ConditionWords, both, marked_text, words_of
from smartpick_expert.explain.nearness import Gap, Miss, gap_of, is_about_another, limit_gap, number_of
from smartpick_expert.knowledge.phrases import said
from smartpick_expert.language.facts import Fact, fact_id
from smartpick_expert.language.model import AnyOf, Condition, Negation, Pattern, Rule, Tally
from smartpick_expert.language.operators import Truth
from smartpick_expert.language.values import UNKNOWN, Number, Slot
from smartpick_expert.language.vocabulary import FactType, Field, Supplier

# How many facts that do not pass are shown for a condition, where not all are asked for.
NEAREST: Final = 3


@dataclass(frozen=True, slots=True)
class TestResult:
    """One test on one fact, or one limit of a tally: in words, what was found, what it was held against, by how much it fails.

    `found_words` and `against` are the values in words; `against` is empty where the words of the test say it already.
    `is_stranger` says that it fails because the fact is about something else, `is_of_profile` that a profile says what was
    found.
    """

    field: str
    words: str
    truth: Truth
    found: Slot
    found_words: str
    operands: tuple[Slot, ...]
    against: str = ""
    gap: Gap | None = None
    is_stranger: bool = False
    is_of_profile: bool = False


@dataclass(frozen=True, slots=True)
class TriedFact:
    """A fact held against a pattern: every test, and whether the fact passes. What is only possible never surely does."""

    fact: Fact = field(repr=False)
    name: str
    truth: Truth
    is_certain: bool
    tests: tuple[TestResult, ...]

    @property
    def is_stranger(self) -> bool:
        """Whether the fact is about something else than what is asked about."""
        return any(test.is_stranger for test in self.tests)


@dataclass(frozen=True, slots=True)
class Reckoned:
    """What a tally comes to: its range (None where it has no end), and each of its limits."""

    low: Number | None
    high: Number | None
    may_exist: bool
    limits: tuple[TestResult, ...]


@dataclass(frozen=True, slots=True)
class BranchResult:
    """One branch of an `any`, numbered from 1 as it is written, at its nearest."""

    number: int
    truth: Truth
    conditions: tuple[ConditionResult, ...]


@dataclass(frozen=True, slots=True)
class ConditionResult:
    """What one condition comes to.

    `tried` are the facts held against it, the nearest first: of a named pattern the one it is bound to, of a negation
    those in the way, of a tally those that are counted and then the nearest that are not. `others` more were tried,
    and `there_are` so many of the type in all.
    `waits_for` are names no fact stands for, so that it cannot be asked. `bound` is what the names stand for.
    """

    number: int
    condition: Condition = field(repr=False)
    words: str
    truth: Truth
    location: Location
    hidden: bool = False
    name: str = ""
    waits_for: tuple[str, ...] = ()
    tried: tuple[TriedFact, ...] = ()
    others: int = 0
    there_are: int = 0
    reckoned: Reckoned | None = None
    branches: tuple[BranchResult, ...] = ()
    bound: Bound = field(default_factory=dict, repr=False, compare=False)


class Examiner:
    """Says what the conditions of one rule come to; `measure` which branch of an `any` is the nearest.

    In brief, nothing is told of what was tried for a condition that holds.
    """

    def __init__(
        self,
        search: Search,
        rule: Rule,
        measure: Callable[[tuple[Condition, ...], Bound], Miss],
        *,
        full: bool = False,
        brief: bool = False,
    ) -> None:
        self.search = search
        self.measure = measure
        self.rule = rule
        self.words = ConditionWords(rule, search.vocabulary)
        self.most = None if full else NEAREST
        self.brief = brief

    def results(self, conditions: tuple[Condition, ...], bound: Bound) -> tuple[ConditionResult, ...]:
        """What conditions come to under a binding of the names they need, in their order."""
        return tuple(self._result(number, condition, bound) for number, condition in enumerate(conditions, start=1))

    def _result(self, number: int, condition: Condition, bound: Bound) -> ConditionResult:
        truth = truth_of(self.search.miss(condition, bound))
        waits_for = self.search.waits_for(condition, bound)
        tried: list[TriedFact] = []
        others = 0
        reckoned = None
        branches: tuple[BranchResult, ...] = ()
        if self.brief and truth is Truth.YES:
            if isinstance(condition, Tally):
                reckoned = self._reckoned(condition, bound)
        elif isinstance(condition, AnyOf):
            branches = self._branches(condition, bound)
        elif isinstance(condition, Pattern) and condition.name:
            fact = bound.get(condition.name)
            tried = [self._tried(condition, fact, bound)] if isinstance(fact, Fact) else []
        elif not waits_for:
            pattern = condition if isinstance(condition, Pattern) else condition.pattern
            passing, missing = self._all_tried(pattern, bound)
            if isinstance(condition, Negation):
                missing = []
            nearest = missing[: self.most]
            tried, others = [*passing, *nearest], len(missing) - len(nearest)
            if isinstance(condition, Tally):
                reckoned = self._reckoned(condition, bound)
        return ConditionResult(
            number=number,
            condition=condition,
            words=self.words.condition(condition),
            truth=truth,
            location=condition.location,
            hidden=isinstance(condition, Pattern) and condition.hidden,
            name="" if isinstance(condition, AnyOf | Negation) else condition.name,
            waits_for=tuple(words_of(name) for name in waits_for if name != getattr(condition, "name", "")),
            tried=tuple(tried),
            others=others,
            there_are=0 if isinstance(condition, AnyOf) else len(self.search.facts(_type_of(condition))),
            reckoned=reckoned,
            branches=branches,
            bound=bound,
        )

    def _branches(self, condition: AnyOf, bound: Bound) -> tuple[BranchResult, ...]:
        nearest = []
        for number, branch in enumerate(condition.branches, start=1):
            candidate = self.search.branch(branch, bound)
            nearest.append((self.measure(branch, candidate.bound), number, branch, candidate))
        nearest.sort(key=lambda entry: entry[:2])
        return tuple(
            BranchResult(number, truth_of(candidate.miss), self.results(branch, candidate.bound))
            for _, number, branch, candidate in nearest
        )

    def _all_tried(self, pattern: Pattern, bound: Bound) -> tuple[list[TriedFact], list[TriedFact]]:
        """The facts that pass a pattern, the sure ones first, and the others, the nearest first."""
        judged = [
            (miss, self.search.places[fact], fact)
            for fact in self.search.facts(pattern.fact_type)
            for miss in [self.search.compared(pattern, fact, bound).miss]
        ]
        passing: list[TriedFact] = []
        missing: list[TriedFact] = []
        for miss, _, fact in sorted(judged, key=lambda entry: entry[:2]):
            (missing if miss.failed else passing).append(self._tried(pattern, fact, bound))
        return passing, missing

    def _tried(self, pattern: Pattern, fact: Fact, bound: Bound) -> TriedFact:
        found = self.search.compared(pattern, fact, bound)
        fact_type = self.search.vocabulary.types[fact.type]
        tests = tuple(self._tested(one, fact_type) for one in found.leaves)
        return TriedFact(fact, self._name(fact), found.truth, fact in self.search.stores.certain, tests)

    def _tested(self, one: Leaf, fact_type: FactType) -> TestResult:
        tested = fact_type.fields.get(one.test.field)
        return TestResult(
            field=one.test.field,
            words=self.words.test(one.test, tested),
            truth=one.truth,
            found=one.found,
            found_words=marked_text(one.found, tested),
            operands=one.operands,
            against=_against(one, tested),
            gap=gap_of(one, tested),
            is_stranger=is_about_another(one, fact_type),
            is_of_profile=fact_type.supplied_by is Supplier.PROFILE,
        )

    def _reckoned(self, tally: Tally, bound: Bound) -> Reckoned:
        found = self.search.range_of(tally, bound)
        fields = self.search.vocabulary.types[tally.pattern.fact_type].fields
        tallied = fields.get(tally.of) if tally.kind.value != "count" else None
        unit = tallied.unit if tallied is not None else ""
        limits = []
        for limit in tally.limits:
            truth = limits_truth((limit,), found, bound)
            operands = tuple(slot_of(operand, bound) for operand in limit.operands)
            fails = truth is Truth.NO and found.may_exist
            limits.append(
                TestResult(
                    field="",
                    words=self.words.limit(limit),
                    truth=truth,
                    found=found.value,
                    found_words=_range_text(number_of(found.low), number_of(found.high), may_exist=found.may_exist),
                    operands=operands,
                    against=both(marked_text(one) for one in operands) if any(limit.references()) else "",
                    gap=limit_gap(limit.operator.name, found, operands, unit) if fails else None,
                )
            )
        return Reckoned(number_of(found.low), number_of(found.high), found.may_exist, tuple(limits))

    def _name(self, fact: Fact) -> str:
        return fact_id(self.search.vocabulary, fact)


def _type_of(condition: Pattern | Negation | Tally) -> str:
    return condition.fact_type if isinstance(condition, Pattern) else condition.pattern.fact_type


def _against(one: Leaf, tested: Field | None) -> str:
    """What a test was held against, where its words only name it: fields of other facts, and parameters without a value."""
    if not any(one.test.references()) and UNKNOWN not in one.operands:
        return ""
    return both(marked_text(operand, tested) for operand in one.operands)


def _range_text(low: Number | None, high: Number | None, *, may_exist: bool) -> str:
    if not may_exist:
        return said("none")
    if low is None and high is None:
        return said("not_known")
    if low == high:
        return marked_text(low) if low is not None else ""
    if low is None or high is None:
        if low is not None:
            return said("at_least", value=marked_text(low))
        return said("at_most", value=marked_text(high or 0))
    return said("from_low_to_high", low=marked_text(low), high=marked_text(high))

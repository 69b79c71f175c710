"""Attempts: a binding of a rule's names, and what every condition of the rule comes to under it.

An attempt is what a firing of the rule is, would have been, or may yet be. Where a rule fired, its own bindings are
attempts at which nothing fails; the others follow, the nearest first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from smartpick_expert.engine.derivation import Firing
from smartpick_expert.engine.evaluator import Tallied
from smartpick_expert.engine.match import Bound
from smartpick_expert.explain.binding_search import ANY, WIDTH, Allowed, Candidate, Search, truth_of
from smartpick_expert.explain.condition_results import NEAREST, ConditionResult, Examiner
from smartpick_expert.explain.nearness import Miss
from smartpick_expert.language.facts import Fact, fact_id
from smartpick_expert.language.model import Condition, Rule
from smartpick_expert.language.operators import Truth

# How far conditions are from holding under a binding.
Measure = Callable[[tuple[Condition, ...], Bound], Miss]


@dataclass(frozen=True, slots=True)
class Attempt:
    """One binding of a rule's names, and what its conditions come to under it; of a name that no fact stands for, the fact is empty.

    `miss` is how far it is from firing by what there is, `way` the same by what its nearest way back takes.
    """

    truth: Truth
    miss: Miss
    way: Miss
    binding: tuple[tuple[str, str], ...]
    conditions: tuple[ConditionResult, ...]
    bound: Bound = field(default_factory=dict, repr=False, compare=False)

    @property
    def failed(self) -> tuple[ConditionResult, ...]:
        """The conditions that do not hold."""
        return tuple(one for one in self.conditions if one.truth is Truth.NO)

    @property
    def unknown(self) -> tuple[ConditionResult, ...]:
        """The conditions that may hold or not."""
        return tuple(one for one in self.conditions if one.truth is Truth.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Attempts:
    """The attempts of one rule, nearest first: how often it fired and possibly did, and how many attempts are left out."""

    fired: int
    possibly: int
    found: tuple[Attempt, ...]
    left_out: int = 0


def attempts_of(
    rule: Rule,
    search: Search,
    *,
    is_live: bool = True,
    allowed: Allowed = ANY,
    most: int | None = NEAREST,
    full: bool = False,
    beyond_firings: bool = False,
    measure: Measure | None = None,
    brief: bool = False,
) -> Attempts:
    """The nearest attempts of a rule whose parameters are put in: `most` of them, or all that were found.

    `allowed` are the facts that a name may stand for, where not any. In full all facts that were tried are told, and not
    only the nearest. `beyond_firings` leaves out the attempts at which the rule fired, for who asks why it did not once
    more. A rule that is not live fired on nothing, so its attempts say on what it would have. `measure` says what is
    nearest, where not what misses least by itself. In brief, nothing is told of what was tried for conditions that hold.
    """
    ranked = Ranked(
        rule,
        search,
        is_live=is_live,
        allowed=allowed,
        full=full,
        beyond_firings=beyond_firings,
        measure=measure,
        brief=brief,
    )
    return ranked.nearest(most)


class Ranked:
    """The bindings of a rule in the order of their attempts, as `attempts_of` has them.

    What each comes to is found when it is asked for.
    """

    def __init__(
        self,
        rule: Rule,
        search: Search,
        *,
        is_live: bool,
        allowed: Allowed,
        full: bool,
        beyond_firings: bool,
        measure: Measure | None,
        brief: bool,
    ) -> None:
        found = candidates_of(rule, search, is_live=is_live, allowed=allowed, beyond_firings=beyond_firings)
        judge = measure or search.miss_of_all
        ways = [(judge(rule.when, one.bound), one.places, one) for one in found]
        self._ways = sorted(ways, key=lambda entry: entry[:2])
        self._examiner = Examiner(search, rule, judge, full=full, brief=brief)
        derivation = search.derivation
        self._fired = len(_bindings(derivation.firings_by_rule, rule, allowed)) if is_live else 0
        self._possibly = len(_bindings(derivation.possible_firings_by_rule, rule, allowed)) if is_live else 0
        self._made: list[Attempt] = []

    def nearest(self, most: int | None) -> Attempts:
        """So many of the attempts, or all."""
        for way, _, one in self._ways[len(self._made) : most]:
            self._made.append(_attempt(one, way, self._examiner))
        attempts = tuple(self._made[:most])
        return Attempts(self._fired, self._possibly, attempts, len(self._ways) - len(attempts))


def candidates_of(
    rule: Rule, search: Search, *, is_live: bool = True, allowed: Allowed = ANY, beyond_firings: bool = False
) -> Sequence[Candidate]:
    """The bindings that a rule fired under, and the nearest of the others.

    A binding that takes another fact than the one a name is about, where there is that one, is no attempt: of another
    program than the typical one nothing is asked. Where there is nothing else, the nearest of them is one.
    """
    if allowed:
        return _candidates(rule, search, allowed, is_live=is_live, beyond_firings=beyond_firings)
    # Where names may stand for any fact, the same is asked on every way that leads through the rule.
    key = (id(rule), is_live, beyond_firings)
    if key not in search.candidates:
        found = _candidates(rule, search, allowed, is_live=is_live, beyond_firings=beyond_firings)
        search.candidates[key] = rule, found
    return search.candidates[key][1]


def _candidates(
    rule: Rule, search: Search, allowed: Allowed, *, is_live: bool, beyond_firings: bool
) -> Sequence[Candidate]:
    derivation = search.derivation
    fired = _bindings(derivation.firings_by_rule, rule, allowed) if is_live else []
    fired += _bindings(derivation.possible_firings_by_rule, rule, allowed) if is_live else []
    found = {one.places: one for one in (search.judged(rule.when, bound) for bound in fired)}
    # Of a rule that was cut off, or never asked, no firing is kept; and others come near besides those that fire.
    for one in search.nearest(rule.when, {}, WIDTH, allowed):
        found.setdefault(one.places, one)
    about = [one for one in found.values() if not search.is_beside(rule.when, one.bound, allowed)]
    if beyond_firings:
        return [one for one in about if truth_of(one.miss) is not Truth.YES]
    return about or sorted(found.values(), key=lambda one: (one.miss, one.places))[:1]


def _bindings(firings: Mapping[str, Iterable[Firing]], rule: Rule, allowed: Allowed) -> list[Bound]:
    return [
        {**dict(firing.bindings), **{name: Tallied(value) for name, value in firing.tallies}}
        for firing in firings.get(rule.id, ())
        if all(fact in allowed.get(name, (fact,)) for name, fact in firing.bindings)
    ]


def _attempt(candidate: Candidate, way: Miss, examiner: Examiner) -> Attempt:
    bound, vocabulary = candidate.bound, examiner.search.vocabulary
    binding = tuple(
        (pattern.name, fact_id(vocabulary, fact) if isinstance(fact := bound.get(pattern.name), Fact) else "")
        for pattern in examiner.rule.bound()
        if not pattern.hidden
    )
    results = examiner.results(examiner.rule.when, bound)
    return Attempt(truth_of(candidate.miss), candidate.miss, way, binding, results, bound)

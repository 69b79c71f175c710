"""What a firing rested on besides the facts it names, worked out once the facts are complete.

Kept apart from matching so that the record is the same whatever facts an engine happened to meet first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from smartpick_expert.engine.derivation import Firing, Support
from smartpick_expert.engine.evaluator import Bindings, Tallied
from smartpick_expert.engine.match import solutions, witnesses
from smartpick_expert.engine.store import Mode, Stores
from smartpick_expert.engine.tallies import matching
from smartpick_expert.language.facts import Fact
from smartpick_expert.language.model import AnyOf, Condition, Negation, Pattern, Rule, Tally


def support_of(rule: Rule, firing: Firing, stores: Stores, places: Mapping[Fact, tuple[object, ...]]) -> Firing:
    """The firing with its support filled in, facts in the order of their places."""
    bound: Bindings = {**dict(firing.bindings), **{name: Tallied(value) for name, value in firing.tallies}}
    found: list[Support] = []
    for number, condition in enumerate(rule.when):
        if isinstance(condition, Negation) or (isinstance(condition, Pattern) and condition.name):
            continue
        facts = sorted(set(behind(condition, bound, stores)), key=places.__getitem__)
        if facts:
            found.append(Support(number, tuple(facts)))
    return replace(firing, support=tuple(found)) if found else firing


def behind(condition: Condition, bound: Bindings, stores: Stores) -> Iterator[Fact]:
    """The facts by which a condition surely holds: none for a negation."""
    if isinstance(condition, Pattern):
        yield from witnesses(condition, bound, stores, Mode.CERTAIN)
    elif isinstance(condition, Tally):
        yield from matching(condition, bound, stores)[0]
    elif isinstance(condition, AnyOf):
        for branch in condition.branches:
            for solution in solutions(branch, bound, stores, Mode.CERTAIN):
                for part in branch:
                    if isinstance(part, Pattern) and part.name:
                        fact = solution[part.name]
                        if isinstance(fact, Fact):
                            yield fact
                    else:
                        yield from behind(part, solution, stores)

"""The order of the rules: strata, so that whatever is negated, offered as a choice or tallied is finished before it is read.

A rule must come before another if one of its conclusions may match a pattern of the other; strictly before, if that
pattern stands in a not, any or tally. Constants that differ make no such edge. A circle with a strict edge has no
meaning and is refused by name.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from smartpick_expert.diagnostics import Diagnostic, Problems
from smartpick_expert.language.model import Conclusion, Constant, Pattern, Rule, inner_patterns
from smartpick_expert.language.operators import Truth, truth
from smartpick_expert.language.values import ABSENT, UNKNOWN, Slot

CODE = "rule.circle"
# For each rule (by index): the rules that read what it concludes, and whether strictly.
Edges = dict[int, dict[int, bool]]


def stratify(rules: tuple[Rule, ...]) -> tuple[tuple[Rule, ...], ...]:
    """The strata, first to last, each ordered by rule id. Raises Problems naming every circle through a negation."""
    edges = feeding(rules)
    component = _components(edges, len(rules))
    problems = list(_circles(rules, edges, component))
    if problems:
        raise Problems(problems)
    level = _levels(edges, component, len(rules))
    strata: dict[int, list[Rule]] = defaultdict(list)
    for index, rule in enumerate(rules):
        strata[level[index]].append(rule)
    return tuple(tuple(sorted(strata[number], key=lambda rule: rule.id)) for number in sorted(strata))


def feeding(rules: tuple[Rule, ...]) -> Edges:
    """For each rule (by its place) the rules that read what it concludes, and whether strictly."""
    readers: dict[str, list[tuple[int, Pattern, bool]]] = defaultdict(list)
    for index, rule in enumerate(rules):
        for condition in rule.when:
            strict = not isinstance(condition, Pattern)
            for pattern in inner_patterns(condition):
                readers[pattern.fact_type].append((index, pattern, strict))
    edges: Edges = {index: {} for index in range(len(rules))}
    for index, rule in enumerate(rules):
        for conclusion in rule.then:
            for reader, pattern, strict in readers[conclusion.fact_type]:
                if may_match(conclusion, pattern):
                    edges[index][reader] = edges[index].get(reader, False) or strict
    return edges


def may_match(conclusion: Conclusion, pattern: Pattern) -> bool:
    """Whether some fact the conclusion yields could pass the pattern, going by constants alone."""
    values = dict(conclusion.values)
    for test in pattern.tests:
        operand = values.get(test.field)
        slot: Slot = ABSENT if operand is None else operand.value if isinstance(operand, Constant) else UNKNOWN
        if isinstance(operand, Constant) or operand is None:
            limits = tuple(o.value if isinstance(o, Constant) else UNKNOWN for o in test.operands)
            if truth(test.operator, slot, limits, settled=False) is Truth.NO:
                return False
    return True


def _components(edges: Edges, size: int) -> list[int]:
    """The strongly connected component of each rule (Tarjan's method, without recursion)."""
    number = [-1] * size
    low = [0] * size
    component = [-1] * size
    stack: list[int] = []
    counter = 0
    found = 0
    for root in range(size):
        if number[root] >= 0:
            continue
        work: list[tuple[int, Iterator[int]]] = [(root, iter(edges[root]))]
        number[root] = low[root] = counter
        counter += 1
        stack.append(root)
        while work:
            node, successors = work[-1]
            for successor in successors:
                if number[successor] < 0:
                    number[successor] = low[successor] = counter
                    counter += 1
                    stack.append(successor)
                    work.append((successor, iter(edges[successor])))
                    break
                if component[successor] < 0:
                    low[node] = min(low[node], number[successor])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == number[node]:
                    while True:
                        member = stack.pop()
                        component[member] = found
                        if member == node:
                            break
                    found += 1
    return component


def _circles(rules: tuple[Rule, ...], edges: Edges, component: list[int]) -> Iterator[Diagnostic]:
    seen: set[int] = set()
    for index in range(len(rules)):
        for reader, strict in edges[index].items():
            if strict and component[index] == component[reader] and component[index] not in seen:
                seen.add(component[index])
                path = _path(edges, component, reader, index)
                names = " -> ".join(rules[step].id for step in [*path, reader])
                what = (
                    f"Rule {rules[reader].id} waits for itself, through a not, any or tally, so that it could never be decided."
                    if reader == index
                    else "These rules wait for one another, through a not, any or tally, so that none could ever be "
                    f"decided: {names}."
                )
                yield Diagnostic(
                    CODE,
                    what,
                    "Break the circle: let a rule in it look at something that does not depend on what it concludes.",
                    rules[reader].location,
                    related=tuple((rules[step].location, f"rule {rules[step].id}") for step in path if step != reader),
                )


def _path(edges: Edges, component: list[int], start: int, goal: int) -> list[int]:
    """A shortest way from one rule to another within their component."""
    before: dict[int, int] = {start: start}
    queue = [start]
    for node in queue:
        if node == goal:
            break
        for successor in edges[node]:
            if component[successor] == component[start] and successor not in before:
                before[successor] = node
                queue.append(successor)
    path = [goal]
    while path[-1] != start:
        path.append(before[path[-1]])
    return path[::-1]


def _levels(edges: Edges, component: list[int], size: int) -> list[int]:
    """The stratum of each rule: the most strict edges on any way that leads to it."""
    level: dict[int, int] = defaultdict(int)
    # Tarjan numbers components against the direction of the edges, so the highest number comes first.
    for index in sorted(range(size), key=lambda i: -component[i]):
        for reader, strict in edges[index].items():
            if component[reader] != component[index]:
                level[component[reader]] = max(level[component[reader]], level[component[index]] + strict)
    return [level[component[index]] for index in range(size)]

"""The rules that can have a part in one gate, and no others: those on visas need not be asked about a score.

A gate is the conclusions of one type with one name. Its rules are closed backwards, as a slice is (`engine/slices.py`), and the
name is followed: where a rule hands on the name that it was given, only what is concluded under that name is gone back to.
So each gate depends on few fields of a program, and few programs differ in those.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from smartpick_expert.engine.compiled import CompiledRules
from smartpick_expert.engine.plans import ById
from smartpick_expert.language.model import Constant, Pattern, Reference, Rule, inner_patterns

NAME: Final = "name"
_IS: Final = ("is", "in")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Conclusions of a type: those of one name, or (without) all of them."""

    fact_type: str
    name: str = ""


def rules_for(compiled: CompiledRules, wanted: Wanted) -> CompiledRules:
    """The rules from which such a conclusion can be reached, in their strata. They are found once."""
    made = _MADE(compiled)
    if wanted not in made:
        made[wanted] = _reached(compiled, wanted)
    return made[wanted]


def _reached(compiled: CompiledRules, wanted: Wanted) -> CompiledRules:
    waiting, seen = [wanted], {wanted}
    kept: set[int] = set()
    while waiting:
        one = waiting.pop()
        for rule in compiled.rules:
            for given in _ways(rule, one):
                kept.add(id(rule))
                new = {demand for demand in _demands(rule, given) if demand not in seen}
                seen |= new
                waiting += new
    strata = (tuple(rule for rule in stratum if id(rule) in kept) for stratum in compiled.strata)
    return replace(compiled, strata=tuple(stratum for stratum in strata if stratum))


def _ways(rule: Rule, wanted: Wanted) -> Iterator[Mapping[Reference, str]]:
    """How a rule may conclude what is wanted: for each way, the names that its references then stand for."""
    for conclusion in rule.then:
        if conclusion.fact_type != wanted.fact_type:
            continue
        operand = dict(conclusion.values).get(NAME)
        if not wanted.name or operand is None:
            yield {}
        elif isinstance(operand, Reference):
            yield {operand: wanted.name}
        elif not isinstance(operand, Constant) or operand.value == wanted.name:
            yield {}


def _demands(rule: Rule, given: Mapping[Reference, str]) -> Iterator[Wanted]:
    """What a rule looks at where its references stand for these names."""
    for condition in rule.when:
        for pattern in inner_patterns(condition):
            names = _names(pattern, given)
            yield from (Wanted(pattern.fact_type, name) for name in names)


def _names(pattern: Pattern, given: Mapping[Reference, str]) -> tuple[str, ...]:
    """The names under which a pattern looks; an empty one where it looks under any."""
    own = given.get(Reference(pattern.name, NAME)) if pattern.name else None
    if own is not None:
        return (own,)
    for test in pattern.tests:
        if test.field != NAME or test.operator.name not in _IS:
            continue
        found: list[str] = []
        for operand in test.operands:
            if isinstance(operand, Constant):
                values = operand.value if isinstance(operand.value, tuple) else (operand.value,)
                found += [value if isinstance(value, str) else "" for value in values]
            else:
                found.append(given.get(operand, "") if isinstance(operand, Reference) else "")
        if found and all(found):
            return tuple(found)
    return ("",)


def _none_yet(_: CompiledRules) -> dict[Wanted, CompiledRules]:
    return {}


_MADE: ById[CompiledRules, dict[Wanted, CompiledRules]] = ById(_none_yet, most=16)

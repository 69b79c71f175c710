"""The rules that can have a part in conclusions of some types, and no others.

Who asks what would become of the sorting if a score were another one need not fire rules on what is said in a room. A
slice is closed backwards: with a rule it holds every rule whose conclusions may pass any of its patterns, in a not, any
or tally too. So its certain and possible facts of those types are those of the whole, with one exception. A rule that is
cut off leaves an open fact that passes patterns which none of its conclusions could pass; where a consultation cut off
any rule, the whole rule base is therefore its own slice (`slice_of`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from smartpick_expert.engine.compiled import CompiledRules
from smartpick_expert.engine.derivation import Derivation
from smartpick_expert.engine.plans import ById
from smartpick_expert.engine.strata import feeding


def slice_of(derivation: Derivation, types: Iterable[str]) -> CompiledRules:
    """The rules that had, or could have had, a part in a consultation's facts of these types."""
    return derivation.compiled if derivation.cut_off else slice_for(derivation.compiled, types)


def slice_for(compiled: CompiledRules, types: Iterable[str]) -> CompiledRules:
    """The rules from which a conclusion of one of the types can be reached, in their strata. It is made once."""
    made = _slices(compiled)
    wanted = frozenset(types)
    if wanted not in made:
        made[wanted] = _slice(compiled, wanted)
    return made[wanted]


def _slice(compiled: CompiledRules, types: frozenset[str]) -> CompiledRules:
    rules = compiled.rules
    fed_by: dict[int, list[int]] = defaultdict(list)
    for feeder, readers in feeding(rules).items():
        for reader in readers:
            fed_by[reader].append(feeder)
    reached = [number for number, rule in enumerate(rules) if any(one.fact_type in types for one in rule.then)]
    seen = set(reached)
    for number in reached:
        new = [feeder for feeder in fed_by[number] if feeder not in seen]
        seen.update(new)
        reached += new
    kept = {id(rules[number]) for number in seen}
    strata = (tuple(rule for rule in stratum if id(rule) in kept) for stratum in compiled.strata)
    return replace(compiled, strata=tuple(stratum for stratum in strata if stratum))


def _none_yet(_: CompiledRules) -> dict[frozenset[str], CompiledRules]:
    return {}


_slices: ById[CompiledRules, dict[frozenset[str], CompiledRules]] = ById(_none_yet, most=16)

"""What a scenario may turn out to be once its unknowns are known; and when a vague fact stands for a fuller one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from random import Random

from smartpick_expert.language.facts import Fact, Origin, listed
from smartpick_expert.language.model import AnyOf, Condition, Pattern
from smartpick_expert.language.operators import Takes
from smartpick_expert.language.values import ABSENT, UNKNOWN, Slot
from smartpick_expert.language.vocabulary import FactType, Field, FieldType, Supplier, Vocabulary
from tests.drawing import FIELDS, Draw, draw_value, parameter_name
from tests.generators import scenario_of
from tests.naive import Firing, NaiveResult
from tests.readings import ALL, MAX_POSSIBLE, as_naive, counting, derive
from tests.scenarios import Scenario


def completed(scenario: Scenario, draw: Draw, *, wholly: bool = True) -> Scenario:
    """The scenario with its unknowns filled: all of them, or some where it is not `wholly`.

    A field gets any value of its pool or, where the vocabulary says that it may be none, none. An open section gets no
    entry or a few. A parameter without a value gets one.
    """
    facts: list[Fact] = []
    for fact in scenario.facts:
        kind = scenario.vocabulary.types[fact.type]
        if fact.origin is Origin.LISTED:
            slots = {name: fact.get(name) for name in kind.fields}
            facts.append(listed(kind, _filled(scenario, draw, kind, slots, wholly=wholly), fact.position))
        elif not wholly and draw.often(3):
            facts.append(fact)
        else:
            unknown: dict[str, Slot] = dict.fromkeys(kind.fields, UNKNOWN)
            sizes = (1, 0) if _has_long_join(scenario) else (1, 2, 0, 3)
            entries = [_filled(scenario, draw, kind, unknown, wholly=wholly) for _ in range(draw.one_of(sizes))]
            facts += [listed(kind, entry, position) for position, entry in enumerate(entries)]
    return replace(scenario, facts=tuple(facts), parameters=_all_parameters(scenario, draw, wholly=wholly))


def _has_long_join(scenario: Scenario) -> bool:
    """Whether more than a fact or two of a type would take the naive reading minutes."""
    return any(len(rule.bound()) > 6 for rule in scenario.rules)


def _filled(
    scenario: Scenario, draw: Draw, kind: FactType, slots: Mapping[str, Slot], *, wholly: bool
) -> dict[str, Slot]:
    return {
        name: _fill(scenario, draw, kind.fields[name]) if slot is UNKNOWN and (wholly or draw.often(6)) else slot
        for name, slot in slots.items()
    }


def _fill(scenario: Scenario, draw: Draw, field: Field) -> Slot:
    if field.may_be_none and draw.often(2):
        return ABSENT
    return draw_value(draw, scenario.pools, field)


def _all_parameters(scenario: Scenario, draw: Draw, *, wholly: bool) -> Mapping[str, Slot]:
    some = FIELDS[0]
    drawn = {
        parameter_name(of_type, many=many): draw_value(draw, scenario.pools, replace(some, type=of_type, many=many))
        for of_type in FieldType
        for many in (False, True)
    }
    return {
        name: scenario.parameters.get(name, value)
        for name, value in drawn.items()
        if name in scenario.parameters or wholly or draw.often(6)
    }


def where_nothing_is_none(scenario: Scenario) -> Scenario:
    """The scenario with a vocabulary in which every field has a value, known or not."""
    types = {
        kind.name: replace(kind, fields={f.name: replace(f, may_be_none=False) for f in kind.fields.values()})
        for kind in scenario.vocabulary.types.values()
    }
    return replace(scenario, vocabulary=Vocabulary(types))


def without_presence(scenario: Scenario) -> Scenario:
    """The scenario without the tests that ask of a profile's facts whether a field is known.

    They answer of the profile and not of the applicant: what they say is meant to change when a field is filled.
    """
    rules = tuple(
        replace(rule, when=tuple(no_presence(condition, scenario.vocabulary) for condition in rule.when))
        for rule in scenario.rules
    )
    return replace(scenario, rules=rules)


def no_presence(condition: Condition, vocabulary: Vocabulary) -> Condition:
    """The condition without tests of presence on facts that no rule concludes."""
    if isinstance(condition, AnyOf):
        branches = tuple(tuple(no_presence(part, vocabulary) for part in branch) for branch in condition.branches)
        return replace(condition, branches=branches)
    if not isinstance(condition, Pattern):
        return replace(condition, pattern=no_presence(condition.pattern, vocabulary))
    if vocabulary.types[condition.fact_type].supplied_by is Supplier.RULES:
        return condition
    return replace(condition, tests=tuple(t for t in condition.tests if t.operator.takes is not Takes.PRESENCE))


# --- what stands for what ---------------------------------------------------------------------------------------------


def stands_for(vague: Fact, other: Fact) -> bool:
    """Whether one fact says of another nothing but what is so, perhaps less: an unknown may also turn out absent."""
    if vague.type != other.type:
        return False
    if vague.origin is Origin.OPEN:
        return True
    if (vague.origin, vague.position) != (other.origin, other.position):
        return False
    names = {*vague.slots, *other.slots}
    return all(vague.get(name) in (UNKNOWN, other.get(name)) for name in names)


def without_counterpart(before: NaiveResult, after: NaiveResult) -> list[tuple[str, object]]:
    """What was certain before and is not so after; and what is so after and was not possible before.

    A rule that was cut off before may fire in any way after: an open fact stood for what it might conclude.
    """
    found: list[tuple[str, object]] = []
    found += [("no longer certain", f) for f in before.certain if not _any_fact([f], after.certain)]
    found += [("was not possible", f) for f in after.possible if not _any_fact(before.possible, [f])]
    sure_after = _by_rule(after.firings)
    found += [
        ("fires no more", one)
        for one in before.firings
        if not any(_firing_stands_for(one, other) for other in sure_after.get(one[0], ()))
    ]
    all_before = before.firings | before.possible_firings
    by_rule = _by_rule(all_before)
    found += [
        ("could not fire", one)
        for one in after.firings | after.possible_firings
        if one[0] not in before.cut_off
        and one not in all_before
        and not any(_firing_stands_for(other, one) for other in by_rule.get(one[0], ()))
    ]
    return found


def _any_fact(vague: Iterable[Fact], others: Iterable[Fact]) -> bool:
    fuller = list(others)
    return any(stands_for(one, other) for one in vague for other in fuller)


def _firing_stands_for(vague: Firing, other: Firing) -> bool:
    return all(stands_for(one, its) for (_, one), (_, its) in zip(vague[1], other[1], strict=True))


def _by_rule(firings: Iterable[Firing]) -> dict[str, list[Firing]]:
    found: dict[str, list[Firing]] = {}
    for firing in firings:
        found.setdefault(firing[0], []).append(firing)
    return found


# --- the property itself ------------------------------------------------------------------------------------------------

Read = Callable[[Scenario], NaiveResult | None]


def read_plainly(scenario: Scenario) -> NaiveResult | None:
    """What the plain engine makes of the scenario; None if it refuses the rules as a circle."""
    derivation = derive(scenario, "plain")
    return derivation and as_naive(derivation)


def surprises(scenario: Scenario, read: Read, seed: int, most: int = MAX_POSSIBLE) -> list[tuple[str, object]]:
    """What three completions of a scenario, two of them whole, make of it that it did not foresee.

    The scenario is read with rules cut off that possibly fire more than `most` times. A completion is read to the end: an
    open section may turn out to be many entries, so that a rule would be cut off that was not before, and what was certain
    or impossible would be in doubt for no other reason.
    """
    with counting(most):
        before = read(scenario)
    if before is None:
        return []
    draw = Draw(Random(seed))
    with counting(ALL):
        completions = [read(completed(scenario, draw, wholly=wholly)) for wholly in (True, True, False)]
    return [surprise for after in completions for surprise in without_counterpart(before, after)]


def completable(seed: int) -> Scenario:
    """The scenario of a seed without tests of presence, whose answers knowing more may well change."""
    return without_presence(scenario_of(seed))

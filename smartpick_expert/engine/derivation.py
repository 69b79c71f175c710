"""What a consultation concluded, from what, by which rule: the record everything later is explained from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from smartpick_expert.engine.compiled import CompiledRules
from smartpick_expert.language.facts import Fact
from smartpick_expert.language.model import Rule
from smartpick_expert.language.values import Slot


@dataclass(frozen=True, slots=True)
class Support:
    """What a firing rested on besides the facts it names: a condition (by its place in `when`) and the facts behind it.

    For a pattern without a name, the facts that pass it; for a tally, those that surely match; for `any`, those that
    its branches rest on. A negation rests on the absence of facts, so it has none.
    """

    condition: int
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Doubt:
    """A condition (by its place in `when`) of a firing that is only possible: one that does not surely hold.

    `fields` are those that are not known, of facts that the condition looks at, and `parameters` those without a value.
    Where there are none, it waits for facts that are only possible themselves.
    """

    condition: int
    fields: tuple[tuple[Fact, str], ...] = ()
    parameters: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Firing:
    """A rule with the facts bound to its names; it happens once. `tallies` are the values of its named tallies.

    A firing that is only possible comes without support and doubts; `doubts.with_doubts` fills them in. Its support then
    names, for a condition in doubt, the facts by which it may hold, and for a negation in doubt those by which it may fail.
    """

    rule_id: str
    stratum: int
    bindings: tuple[tuple[str, Fact], ...]
    tallies: tuple[tuple[str, Slot], ...]
    conclusions: tuple[Fact, ...]
    support: tuple[Support, ...] = ()
    doubts: tuple[Doubt, ...] = ()

    @property
    def premises(self) -> tuple[Fact, ...]:
        """Every fact the firing rests on, each once."""
        facts = [fact for _, fact in self.bindings]
        facts += [fact for support in self.support for fact in support.facts]
        return tuple(dict.fromkeys(facts))


@dataclass(frozen=True)
class Derivation:
    """All that came out, in one order whatever the order of files, rules and facts, and whatever the engine.

    `possible` holds everything that may be so, the certain facts among it. `possible_firings` are those that are not
    certain. Facts are ordered by type and fields, firings by stratum, rule and bound facts.

    `cut_off` names the rules that would possibly fire too often to be worth counting, by id. None of their possible
    firings is kept; one open fact of each type they conclude is possible in place of whatever they might conclude.
    """

    compiled: CompiledRules
    certain: tuple[Fact, ...]
    possible: tuple[Fact, ...]
    firings: tuple[Firing, ...]
    possible_firings: tuple[Firing, ...]
    cut_off: tuple[str, ...] = ()

    @property
    def rules(self) -> Mapping[str, Rule]:
        """The live rules by id."""
        return self.compiled.by_id

    @cached_property
    def justifications(self) -> Mapping[Fact, tuple[Firing, ...]]:
        """The firings that concluded each certain fact."""
        return _by_conclusion(self.firings)

    @cached_property
    def possible_justifications(self) -> Mapping[Fact, tuple[Firing, ...]]:
        """The firings that would conclude each fact that is only possible."""
        return _by_conclusion((*self.firings, *self.possible_firings))

    @cached_property
    def firings_by_rule(self) -> Mapping[str, tuple[Firing, ...]]:
        """The firings of each rule that fired, by its id."""
        return _by_rule(self.firings)

    @cached_property
    def possible_firings_by_rule(self) -> Mapping[str, tuple[Firing, ...]]:
        """The firings that are only possible of each rule that has any, by its id."""
        return _by_rule(self.possible_firings)

    @cached_property
    def open(self) -> tuple[Fact, ...]:
        """The facts that are possible and not certain."""
        certain = set(self.certain)
        return tuple(fact for fact in self.possible if fact not in certain)

    def of(self, type_name: str) -> tuple[Fact, ...]:
        """The certain facts of a type."""
        return tuple(fact for fact in self.certain if fact.type == type_name)

    def open_of(self, type_name: str) -> tuple[Fact, ...]:
        """The facts of a type that are possible and not certain."""
        return tuple(fact for fact in self.open if fact.type == type_name)


def _by_rule(firings: tuple[Firing, ...]) -> Mapping[str, tuple[Firing, ...]]:
    found: dict[str, list[Firing]] = {}
    for firing in firings:
        found.setdefault(firing.rule_id, []).append(firing)
    return {rule_id: tuple(several) for rule_id, several in found.items()}


def _by_conclusion(firings: tuple[Firing, ...]) -> Mapping[Fact, tuple[Firing, ...]]:
    found: dict[Fact, list[Firing]] = {}
    for firing in firings:
        for fact in firing.conclusions:
            found.setdefault(fact, []).append(firing)
    return {fact: tuple(several) for fact, several in found.items()}

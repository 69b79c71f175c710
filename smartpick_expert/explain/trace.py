"""One run as plain data: what an explanation is made from, and what the audit record keeps.

A trace needs neither rules nor knowledge to be read: every fact, firing, rule, source and parameter that took part stands
in it with its words and its place. So what is explained years later is the run as it was. Names (`id`) are unique in a
trace; values are as JSON holds them (see `language.values.plain`), `text` is how a person reads them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from smartpick_expert.language.values import Plain

Supply = Literal["profile", "knowledge", "consultation", "rules"]


@dataclass(frozen=True, slots=True)
class TracedField:
    """A field with its value. `line` is that of the profile, 0 where the value stands in none."""

    name: str
    value: Plain
    text: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class TracedFact:
    """A fact that certainly or only possibly holds.

    `key` is what makes it one thing in two runs: a bucket is a bucket, whichever it is. `place` is where it stands: a line
    of the profile (`line 12`) or a file of the workspace with its line; empty for what rules conclude. `is_open` marks
    what stands for a section that was left out. `waits_for` are the paths of unknowns, for a bucket that is not settled.
    `label_field` is the field that `label` stands in.
    """

    id: str
    type: str
    key: str
    supply: Supply
    certain: bool
    fields: tuple[TracedField, ...]
    label: str = ""
    place: str = ""
    verified: str = ""
    is_open: bool = False
    waits_for: tuple[str, ...] = ()
    label_field: str = ""

    def field(self, name: str) -> TracedField | None:
        """A field that is not absent."""
        return next((one for one in self.fields if one.name == name), None)


@dataclass(frozen=True, slots=True)
class TracedCondition:
    """A condition of a rule in words. `name` is what its fact is bound to, `reads` the fields it and the words look at.

    `rests_on_absence` says that no fact stands behind it when it holds; there is no fact of the type `absent` then that
    is as it says. A hidden one was added by the language.
    """

    text: str
    name: str = ""
    reads: tuple[str, ...] = ()
    rests_on_absence: bool = False
    hidden: bool = False
    absent: str = ""


@dataclass(frozen=True, slots=True)
class TracedRule:
    """A rule that took part, as it was: `place` is its file and line, `standing` the weakest of its sources."""

    id: str
    title: str
    topic: str
    kind: str
    standing: str
    status: str
    audience: tuple[str, ...]
    sources: tuple[str, ...]
    parameters: tuple[str, ...]
    conditions: tuple[TracedCondition, ...]
    place: str


@dataclass(frozen=True, slots=True)
class TracedBinding:
    """A name of the rule and the fact it stood for."""

    name: str
    fact: str


@dataclass(frozen=True, slots=True)
class TracedSupport:
    """A condition, by its number, and the facts behind it.

    Of one that is open, the facts by which it may hold; of one that is open and rests on absence, those by which it may fail.
    """

    condition: int
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TracedDoubt:
    """A condition, by its number, that is open: it does not surely hold. `waits_for` are the paths of unknowns it looks at.

    Without any it waits for the facts behind it that are only possible.
    """

    condition: int
    waits_for: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TracedFiring:
    """A rule that fired (or, not certain, would fire for some value of the unknowns), on what, and what it said.

    `open` are the conditions that do not surely hold, where it is not certain.
    """

    id: str
    rule: str
    stratum: int
    certain: bool
    because: str
    bindings: tuple[TracedBinding, ...]
    support: tuple[TracedSupport, ...]
    tallies: dict[str, Plain]
    conclusions: tuple[str, ...]
    open: tuple[TracedDoubt, ...] = ()

    def premises(self) -> tuple[str, ...]:
        """Every fact it rests on, each once."""
        facts = [binding.fact for binding in self.bindings]
        facts += [fact for support in self.support for fact in support.facts]
        return tuple(dict.fromkeys(facts))


@dataclass(frozen=True, slots=True)
class TracedParameter:
    """A number of the knowledge as it read on the day. `season` is the one it is of, if it has one; a table has no value here."""

    name: str
    value: Plain
    text: str
    season: int | None
    stands_in: bool
    basis: str
    source: str
    place: str


@dataclass(frozen=True, slots=True)
class TracedSource:
    """A claim or an evidence entry that a rule cites: what it says, in our words, and how far it can be relied on."""

    id: str
    standing: str
    says: str
    place: str


@dataclass(frozen=True, slots=True)
class TracedStatement:
    """A statement of the advice, and the firings it was made of; none for an assumption."""

    id: str
    title: str
    text: str
    kind: str
    standing: str
    audience: tuple[str, ...]
    rule: str
    firings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TracedSection:
    """A section of the profile without an entry: given as empty, on a line (0 where it is not known), or assumed to be."""

    type: str
    assumed: bool
    line: int = 0


@dataclass(frozen=True)
class Trace:
    """One run. Facts and firings are in the derivation's order; `live` names every rule that took part or might have.

    `empty` are the sections that hold nothing. `types` are all fact types there are, and `actions` what was advised, first things first.
    """

    season: int
    facts: tuple[TracedFact, ...]
    firings: tuple[TracedFiring, ...]
    rules: tuple[TracedRule, ...]
    parameters: tuple[TracedParameter, ...]
    sources: tuple[TracedSource, ...]
    statements: tuple[TracedStatement, ...]
    actions: tuple[str, ...]
    first_actions: tuple[str, ...]
    live: tuple[str, ...]
    types: tuple[str, ...]
    cut_off: tuple[str, ...] = ()
    empty: tuple[TracedSection, ...] = ()

    @cached_property
    def fact(self) -> dict[str, TracedFact]:
        """The facts by id."""
        return {one.id: one for one in self.facts}

    @cached_property
    def firing(self) -> dict[str, TracedFiring]:
        """The firings by id."""
        return {one.id: one for one in self.firings}

    @cached_property
    def premises(self) -> dict[str, tuple[str, ...]]:
        """What each firing rests on, by its id: every fact once."""
        return {one.id: one.premises() for one in self.firings}

    @cached_property
    def resting_on(self) -> dict[str, tuple[TracedFiring, ...]]:
        """The firings that rest on each fact, by its id, in their order."""
        found: dict[str, list[TracedFiring]] = {}
        for firing in self.firings:
            for fact in self.premises[firing.id]:
                found.setdefault(fact, []).append(firing)
        return {fact: tuple(firings) for fact, firings in found.items()}

    @cached_property
    def rule(self) -> dict[str, TracedRule]:
        """The rules that fired or possibly fired, by id."""
        return {one.id: one for one in self.rules}

    @cached_property
    def source(self) -> dict[str, TracedSource]:
        """The sources by id."""
        return {one.id: one for one in self.sources}

    @cached_property
    def parameter(self) -> dict[str, TracedParameter]:
        """The parameters by name."""
        return {one.name: one for one in self.parameters}

    @cached_property
    def justifications(self) -> dict[str, tuple[TracedFiring, ...]]:
        """The firings behind each concluded fact; for one that is only possible, those that would conclude it."""
        found: dict[str, list[TracedFiring]] = {}
        for firing in self.firings:
            for fact in firing.conclusions:
                if firing.certain or not self.fact[fact].certain:
                    found.setdefault(fact, []).append(firing)
        return {fact: tuple(firings) for fact, firings in found.items()}

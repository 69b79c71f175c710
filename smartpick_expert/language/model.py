"""The rules as data: frozen, typed, and unaware of any engine.

What the author wrote is kept (every node knows its place); what the language adds for its own sake is marked `hidden`.
The meaning of each node is in the design of the rule language (docs/architecture.md) and in `engine/evaluator.py`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from smartpick_expert.diagnostics import Location
from smartpick_expert.language.operators import Operator
from smartpick_expert.language.values import Number, Slot
from smartpick_expert.language.vocabulary import Vocabulary

# Where things stand that nobody wrote. Places never count when rules are compared.
_NOWHERE = Location("")
# How a source begins, by what it is.
CLAIM = "claim:"
EVIDENCE = "evidence:"


class Kind(StrEnum):
    """Whether a rule says what committees are said to think, or what was measured. Never mixed in print."""

    PERCEPTION = "perception"
    MEASURED = "measured"


class Status(StrEnum):
    """A draft fires only on request; a retired rule never."""

    DRAFT = "draft"
    STABLE = "stable"
    RETIRED = "retired"


class Audience(StrEnum):
    """Whom a statement is for."""

    APPLICANT = "applicant"
    ADVISOR = "advisor"


@dataclass(frozen=True, slots=True)
class Constant:
    """A value written in the rule, or put in place of a parameter (then `parameter` names it). Lists are tuples."""

    value: Slot
    parameter: str = ""


@dataclass(frozen=True, slots=True)
class ParameterReference:
    """A dated number or list of the knowledge, by its full name; replaced by a Constant before a consultation."""

    name: str


@dataclass(frozen=True, slots=True)
class Reference:
    """A field of the fact bound to `name`, or the value of a tally."""

    name: str
    field: str


@dataclass(frozen=True, slots=True)
class Shifted:
    """A limit moved by a fixed number."""

    base: Reference | ParameterReference | Constant
    by: Number


Operand = Constant | ParameterReference | Reference | Shifted


@dataclass(frozen=True, slots=True)
class Test:
    """One test of a field; for the limit of a tally, `field` is empty."""

    field: str
    operator: Operator
    operands: tuple[Operand, ...]
    location: Location = dataclasses.field(default=_NOWHERE, compare=False)

    def references(self) -> Iterator[Reference]:
        """The fields of other facts that the test looks at."""
        for operand in self.operands:
            base = operand.base if isinstance(operand, Shifted) else operand
            if isinstance(base, Reference):
                yield base


@dataclass(frozen=True, slots=True)
class Pattern:
    """A fact of a type that passes tests. With `name`: for each such fact. Without: there is one."""

    fact_type: str
    tests: tuple[Test, ...] = ()
    name: str = ""
    hidden: bool = False
    location: Location = dataclasses.field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Negation:
    """There is no such fact."""

    pattern: Pattern
    location: Location = dataclasses.field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one branch holds; a branch is a group of conditions whose names stay inside."""

    branches: tuple[tuple[Condition, ...], ...]
    location: Location = dataclasses.field(default=_NOWHERE, compare=False)


class TallyKind(StrEnum):
    """What is made of the facts that match."""

    COUNT = "count"
    HIGHEST = "highest"
    LOWEST = "lowest"
    TOTAL = "total"


@dataclass(frozen=True, slots=True)
class Tally:
    """A number made of all matching facts, held against limits. `of` is the field tallied (a count may do without)."""

    kind: TallyKind
    pattern: Pattern
    of: str
    limits: tuple[Test, ...]
    name: str = ""
    location: Location = dataclasses.field(default=_NOWHERE, compare=False)


Condition = Pattern | Negation | AnyOf | Tally


@dataclass(frozen=True, slots=True)
class Conclusion:
    """A fact to be concluded: constants and bound fields, nothing computed."""

    fact_type: str
    values: tuple[tuple[str, Constant | ParameterReference | Reference], ...]
    location: Location = dataclasses.field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Words:
    """A `because` text: literal pieces and references, in order."""

    parts: tuple[str | Reference | ParameterReference, ...]
    source: str
    location: Location = dataclasses.field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Silence:
    """A check that an author wants no more findings of on this rule, and why. It changes nothing that the rule means."""

    check: str
    reason: str
    location: Location = dataclasses.field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule with everything an author says about it. `when` begins with the hidden patterns the language adds.

    A rule carries the claims among its `sources`: it says what they say. `warns_against` are ids of claims that it
    speaks up against. `formerly` are ids that it had before.
    """

    id: str
    title: str
    topic: str
    kind: Kind
    status: Status
    sources: tuple[str, ...]
    owner: str
    review_by: date | None
    when: tuple[Condition, ...]
    then: tuple[Conclusion, ...]
    because: Words
    rationale: str
    audience: tuple[Audience, ...] = (Audience.APPLICANT, Audience.ADVISOR)
    stages: tuple[str, ...] = ()
    warns_against: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    silences: tuple[Silence, ...] = dataclasses.field(default=(), compare=False)
    formerly: tuple[str, ...] = ()
    location: Location = dataclasses.field(default=_NOWHERE, compare=False)

    def names(self) -> tuple[str, ...]:
        """The id of the rule and those it had before: records of then know it by these."""
        return (self.id, *self.formerly)

    def carries(self) -> tuple[str, ...]:
        """The ids of the claims that the rule carries: those it cites as its sources."""
        return tuple(source.removeprefix(CLAIM) for source in self.sources if source.startswith(CLAIM))

    def patterns(self) -> tuple[Pattern, ...]:
        """The positive patterns at the top of `when`."""
        return tuple(c for c in self.when if isinstance(c, Pattern))

    def bound(self) -> tuple[Pattern, ...]:
        """The positive patterns with a name: firings are counted by what these are bound to."""
        return tuple(p for p in self.patterns() if p.name)

    def settled(self) -> tuple[Condition, ...]:
        """The conditions that are decided on finished facts: not, any and tallies."""
        return tuple(c for c in self.when if not isinstance(c, Pattern))

    def is_live(self, as_of: date, *, with_drafts: bool = False) -> bool:
        """Whether the rule takes part in a consultation as of a day."""
        if self.status is Status.RETIRED or (self.status is Status.DRAFT and not with_drafts):
            return False
        return (self.valid_from is None or self.valid_from <= as_of) and (
            self.valid_to is None or as_of <= self.valid_to
        )


@dataclass(frozen=True, slots=True)
class RuleSet:
    """All rules with the vocabulary they speak, ordered by id whatever the order of files."""

    rules: tuple[Rule, ...]
    vocabulary: Vocabulary
    topics: tuple[tuple[str, str], ...] = ()

    def get(self, rule_id: str) -> Rule | None:
        """The rule of that id, or None."""
        return next((rule for rule in self.rules if rule.id == rule_id), None)

    def now(self, rule_id: str) -> Rule | None:
        """The rule of that id, or the one that had it before; None where there is neither."""
        return self.get(rule_id) or next((rule for rule in self.rules if rule_id in rule.formerly), None)


def inner_patterns(condition: Condition) -> Iterator[Pattern]:
    """Every pattern in a condition, however deep."""
    if isinstance(condition, Pattern):
        yield condition
    elif isinstance(condition, Negation | Tally):
        yield condition.pattern
    else:
        for branch in condition.branches:
            for part in branch:
                yield from inner_patterns(part)


def inner_tallies(condition: Condition) -> Iterator[Tally]:
    """Every tally in a condition, however deep."""
    if isinstance(condition, Tally):
        yield condition
    elif isinstance(condition, AnyOf):
        for branch in condition.branches:
            for part in branch:
                yield from inner_tallies(part)


def inner_tests(condition: Condition) -> Iterator[Test]:
    """Every test in a condition, limits of tallies included, however deep."""
    if isinstance(condition, AnyOf):
        for branch in condition.branches:
            for part in branch:
                yield from inner_tests(part)
        return
    for pattern in inner_patterns(condition):
        yield from pattern.tests
    if isinstance(condition, Tally):
        yield from condition.limits

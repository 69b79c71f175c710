"""The answers to "why not", as data: frozen, with their words, and independent of how they are shown."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from smartpick_expert.diagnostics import Location
from smartpick_expert.explain.attempts import Attempt
from smartpick_expert.explain.condition_results import ConditionResult
from smartpick_expert.explain.nearness import Gap, Miss
from smartpick_expert.language.facts import Fact
from smartpick_expert.language.values import Number


@dataclass(frozen=True, slots=True)
class RuleHead:
    """What is to be known of a rule before its conditions: what it says, how far it may be relied on, where it stands."""

    id: str
    title: str
    kind: str
    status: str
    standing: str
    sources: tuple[str, ...]
    location: Location


@dataclass(frozen=True, slots=True)
class Amount:
    """What a tally of a rule that fired came to, and what it would have to come to for the rule not to fire.

    `otherwise` says what, in words; `over` by how much it is too much or too little for that, of a count in whole facts.
    """

    words: str
    value: Number
    otherwise: str
    over: Gap
    is_count: bool


@dataclass(frozen=True, slots=True)
class Behind:
    """A fact that a rule rested on, and the rules that concluded it."""

    name: str
    rules: tuple[RuleHead, ...]


@dataclass(frozen=True, slots=True)
class Because:
    """A rule that concluded a fact, its words, and the names of the facts it rested on.

    `amounts` are what its tallies came to, and `behind` those of the facts that rules concluded.
    """

    rule: RuleHead
    text: str
    rests_on: tuple[str, ...]
    amounts: tuple[Amount, ...] = ()
    behind: tuple[Behind, ...] = ()


@dataclass(frozen=True, slots=True)
class Ground:
    """A fact with the rules that concluded it; none of these for what a profile or the knowledge says."""

    fact: Fact = field(repr=False)
    name: str
    rules: tuple[Because, ...]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something unknown: its path, and what it means."""

    path: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Open:
    """A fact that is only possible: the rules that would conclude it, and the unknowns behind it."""

    fact: Fact = field(repr=False)
    name: str
    rules: tuple[str, ...]
    unknowns: tuple[Waiting, ...]


@dataclass(frozen=True, slots=True)
class Obstacle:
    """A condition that does not hold, followed further back.

    `blocked_by` are facts that must not be there, or are too many; `missing` is what would have to be concluded. Where
    `told_above` is set, that was followed before, or leads back to itself. Where `goes_on` is set, it is the name of what
    rules could conclude and was not followed.
    """

    condition: ConditionResult
    blocked_by: tuple[Ground, ...] = ()
    missing: WhyNotConclusion | None = None
    told_above: str = ""
    goes_on: str = ""


@dataclass(frozen=True, slots=True)
class WhyNotRule:
    """What keeps one rule from firing.

    `not_live` says why it was not asked on the day; empty where it was. `fired` and `possibly` count its firings. The
    attempts come nearest first, `left_out` more were found; a rule that evidence alone leaves out was not tried, and has none.
    `obstacles` are those of the first attempt, `unknowns` what the possible firings wait for.
    """

    rule: RuleHead
    as_of: date
    not_live: str
    fired: int
    possibly: int
    is_cut_off: bool
    attempts: tuple[Attempt, ...]
    left_out: int = 0
    obstacles: tuple[Obstacle, ...] = ()
    unknowns: tuple[Waiting, ...] = ()

    @property
    def way(self) -> Miss:
        """How far the nearest attempt is from firing, the whole way back."""
        return self.attempts[0].way


@dataclass(frozen=True, slots=True)
class WhyNotConclusion:
    """What keeps a fact of a type from being concluded; `words` say which.

    `concluded` are such facts that there are after all, `possible` those that there may be. `instead` is what was
    concluded in its place, where there can be one only. `another` says that one more such fact is missed than there
    are. `rules` could conclude it, nearest first; `further` more could. `left_out` could, and take no part where evidence
    alone counts.
    `supplied_by` says who supplies facts of this type.
    """

    type: str
    words: str
    supplied_by: str
    another: bool = False
    concluded: tuple[Ground, ...] = ()
    possible: tuple[Open, ...] = ()
    instead: tuple[Ground, ...] = ()
    rules: tuple[WhyNotRule, ...] = ()
    further: int = 0
    left_out: tuple[RuleHead, ...] = ()

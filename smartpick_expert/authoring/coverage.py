"""What the cases of a rule base exercise: which rules, which of their conditions, branches and sides of limits; and what not.

A part of a rule is exercised by a case in which it makes the difference (`mutation/sides.py` says when it does).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from smartpick_expert.authoring.mutation.damage import Damage, Kind
from smartpick_expert.authoring.mutation.made_cases import MadeCase, made_case
from smartpick_expert.authoring.mutation.missing_words import missing
from smartpick_expert.authoring.mutation.own_cases import OwnCases
from smartpick_expert.authoring.mutation.rule_runs import Given, Ready, tells_apart
from smartpick_expert.authoring.mutation.sides import LIMIT, Part, parts_of
from smartpick_expert.authoring.mutation.telling_apart import Teller
from smartpick_expert.diagnostics import Diagnostic, Location
from smartpick_expert.language.model import Rule

RULE: Final = "rule"
# In which order the kinds of parts are counted and told.
KINDS: Final = (RULE, "condition", "test", "branch", LIMIT)


class State(StrEnum):
    """Whether a side is exercised: a case does it, none does, or none can."""

    COVERED = "covered"
    MISSING = "missing"
    OUT_OF_REACH = "out of reach"


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a part. `case` is the name of a case that exercises it, `words` what is missing or why none can.

    `made` is a made-up case that would.
    """

    name: str
    state: State
    case: str = ""
    words: str = ""
    made: MadeCase | None = None


@dataclass(frozen=True, slots=True)
class PartCoverage:
    """A part of a rule, in words, where it stands, and how its sides are exercised."""

    kind: str
    words: str
    location: Location
    sides: tuple[Side, ...]

    @property
    def state(self) -> State:
        """Missing where one side is; out of reach where no side can be exercised."""
        states = {side.state for side in self.sides}
        if State.MISSING in states:
            return State.MISSING
        return State.COVERED if State.COVERED in states else State.OUT_OF_REACH


@dataclass(frozen=True, slots=True)
class RuleCoverage:
    """What the cases of one rule exercise of it. The first part is the rule itself: it fires in a case, and rests in one."""

    rule_id: str
    topic: str
    title: str
    location: Location
    cases: int
    parts: tuple[PartCoverage, ...]
    failing: tuple[Diagnostic, ...]

    @property
    def missing(self) -> tuple[tuple[PartCoverage, Side], ...]:
        """The sides that no case exercises, though one could."""
        return tuple((part, side) for part in self.parts for side in part.sides if side.state is State.MISSING)


def cover(rule: Rule, own: OwnCases) -> RuleCoverage:
    """What is exercised of a rule. Raises Problems for a rule that never comes to an end."""
    ready, failing = own.ready(rule)
    setting = own.setting(rule, ready)
    coverer = _Coverer(setting.ready(rule), ready, setting, own)
    parts = (coverer.whole(), *(coverer.part(part) for part in parts_of(coverer.rule, own.workspace.vocabulary)))
    return RuleCoverage(rule.id, rule.topic, rule.title, rule.location, len(ready), parts, failing)


class _Coverer:
    def __init__(self, rule: Rule, ready: tuple[Ready, ...], setting: Given, own: OwnCases) -> None:
        self.rule = rule
        self.ready = ready
        self.setting = setting
        self.vocabulary = own.workspace.vocabulary
        self.teller = Teller(rule, setting, self.vocabulary, own.habits)

    def whole(self) -> PartCoverage:
        """The rule as a whole."""
        fires = next((one for one in self.ready if one.firings), None)
        rests = next((one for one in self.ready if not one.firings), None)
        words = {"fires": "lets it fire", "rests": "lets it rest"}
        sides = tuple(
            Side(name, State.COVERED, one.case.name) if one is not None else Side(name, State.MISSING, "", words[name])
            for name, one in (("fires", fires), ("rests", rests))
        )
        return PartCoverage(RULE, self.rule.title, self.rule.location, sides)

    def part(self, part: Part) -> PartCoverage:
        """One part."""
        return PartCoverage(part.what, part.words, part.location, tuple(self._side(damage) for damage in part.sides))

    def _side(self, damage: Damage) -> Side:
        name = _NAMES.get(damage.kind, "") or ("upwards" if damage.by > 0 else "downwards")
        by = next((one.case.name for one in self.ready if tells_apart(one, damage.of(one.rule))), None)
        if by is not None:
            return Side(name, State.COVERED, by)
        search = self.teller.tell(damage)
        if search.world is None:
            return Side(name, State.OUT_OF_REACH, "", f"{search.tried:,} made-up files, and none of them shows it")
        words = missing(damage, self.rule, self.vocabulary)
        made = made_case(self.rule.id, words, search.world, search.firings, self.setting.as_of, self.vocabulary)
        return Side(name, State.MISSING, "", words, made)


_NAMES: Final = {
    Kind.NEVER_HOLDS: "met",
    Kind.BRANCH_DROPPED: "met",
    Kind.TEST_DROPPED: "missed",
    Kind.CONDITION_DROPPED: "missed",
}


def counted(results: Iterable[RuleCoverage]) -> dict[str, tuple[int, int]]:
    """How many parts of each kind are exercised on every side, and how many could be."""
    covered: Counter[str] = Counter()
    several: Counter[str] = Counter()
    for result in results:
        for part in result.parts:
            if part.state is not State.OUT_OF_REACH:
                several[part.kind] += 1
                covered[part.kind] += part.state is State.COVERED
    return {kind: (covered[kind], several[kind]) for kind in KINDS}


def by_topic(results: Iterable[RuleCoverage]) -> Iterator[tuple[str, list[RuleCoverage]]]:
    """The results topic by topic, in the order of their names."""
    found: dict[str, list[RuleCoverage]] = {}
    for result in results:
        found.setdefault(result.topic, []).append(result)
    yield from sorted(found.items())

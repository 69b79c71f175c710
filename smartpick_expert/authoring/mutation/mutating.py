"""How many mutants of each rule its cases catch; of those they do not, the case that would, or why there can be none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from smartpick_expert.authoring.mutation.damage import Damage, Kind
from smartpick_expert.authoring.mutation.made_cases import MadeCase, made_case
from smartpick_expert.authoring.mutation.made_facts import World
from smartpick_expert.authoring.mutation.missing_words import missing
from smartpick_expert.authoring.mutation.mutants import mutants_of
from smartpick_expert.authoring.mutation.own_cases import OwnCases
from smartpick_expert.authoring.mutation.rule_runs import Firings, Given, firings_of, given, notices, seen
from smartpick_expert.authoring.mutation.telling_apart import Teller
from smartpick_expert.diagnostics import Diagnostic, Location
from smartpick_expert.language.model import Rule


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change of a rule as data: what kind it is, what is changed, what becomes of it, where it stands."""

    kind: Kind
    what: str
    becomes: str
    location: Location


@dataclass(frozen=True, slots=True)
class Survivor:
    """A mutant that no case notices. `case` numbers the made-up case that would, among those of its rule."""

    mutant: Mutant
    case: int


@dataclass(frozen=True, slots=True)
class Equivalent:
    """A mutant that changes nothing, and the reason; `tried` made-up files have been looked at."""

    mutant: Mutant
    reason: str
    tried: int


@dataclass(frozen=True, slots=True)
class RuleMutation:
    """What the cases of one rule notice. `cases` is how many it has; `made` are those that would catch the survivors."""

    rule_id: str
    location: Location
    cases: int
    caught: int
    survivors: tuple[Survivor, ...]
    equivalent: tuple[Equivalent, ...]
    made: tuple[MadeCase, ...]
    failing: tuple[Diagnostic, ...]

    @property
    def telling(self) -> int:
        """How many mutants there are that change something."""
        return self.caught + len(self.survivors)


@dataclass(slots=True)
class _World:
    """A made-up world on which a survivor shows. `is_counted` where only the number of firings tells one that it is for."""

    missing: str
    world: World
    given: Given
    firings: Firings
    is_counted: bool = False

    def tells(self, other: Rule) -> bool:
        """Whether the other rule shows here; noted, where it takes the number of firings to see it."""
        number, concluded = seen(self.firings)
        found, others = seen(firings_of(other, self.given))
        self.is_counted = self.is_counted or (concluded == others and number != found and bool(number and found))
        return (number, concluded) != (found, others)


def mutate(rule: Rule, own: OwnCases) -> RuleMutation:
    """Try every mutant of a rule on its cases. Raises Problems for a rule that never comes to an end."""
    workspace, vocabulary = own.workspace, own.workspace.vocabulary
    ready, failing = own.ready(rule)
    setting = own.setting(rule, ready)
    read = setting.ready(rule)
    damages = mutants_of(read, vocabulary)
    left = [damage for damage in damages if not any(notices(one, damage.of(one.rule), workspace) for one in ready)]
    teller = Teller(read, setting, vocabulary, own.habits)
    survivors: list[Survivor] = []
    equivalent: list[Equivalent] = []
    worlds: list[_World] = []
    for damage in left:
        mutant = Mutant(damage.kind, damage.what, damage.becomes, damage.location)
        other = damage.of(read)
        known = next((number for number, world in enumerate(worlds) if world.tells(other)), None)
        if known is None:
            search = teller.tell(damage)
            if search.world is None:
                equivalent.append(Equivalent(mutant, _reason(damage, search.tried), search.tried))
                continue
            known = len(worlds)
            there = given(search.facts, setting.as_of, setting.parameters)
            worlds.append(_World(missing(damage, read, vocabulary), search.world, there, search.firings))
            worlds[known].tells(other)
        survivors.append(Survivor(mutant, known))
    made = [
        made_case(
            rule.id,
            f"Of {rule.id} no other case {one.missing}",
            one.world,
            one.firings,
            setting.as_of,
            vocabulary,
            counted=one.is_counted,
        )
        for one in worlds
    ]
    caught = len(damages) - len(left)
    return RuleMutation(
        rule.id, rule.location, len(ready), caught, tuple(survivors), tuple(equivalent), tuple(made), failing
    )


def _reason(damage: Damage, tried: int) -> str:
    files = f"{tried:,} made-up file{'s' if tried != 1 else ''} at and around its limits"
    if damage.kind is Kind.LIMIT_MOVED:
        return f"no value that the vocabulary allows lies between the two limits, as far as the rest of the rule lets it matter ({files})"
    if damage.kind is Kind.BRANCH_DROPPED:
        return f"wherever this branch is met, another one is too ({files})"
    if damage.kind in (Kind.TEST_DROPPED, Kind.CONDITION_DROPPED):
        return f"the rest of the rule sees to it already ({files})"
    return f"the rule comes to the same either way ({files})"


def share_caught(results: Iterable[RuleMutation]) -> float:
    """The share caught of the mutants that change something; 1 where there is none."""
    several = tuple(results)
    telling = sum(result.telling for result in several)
    return sum(result.caught for result in several) / telling if telling else 1.0

"""An impact as a whole, to be approved: how many people, how the sorting moves, which actions, and through which rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from smartpick_expert.audit.versions import Changes
from smartpick_expert.authoring.impact import SAID, Fate, Outcome
from smartpick_expert.explain.difference import Change, Part
from smartpick_expert.explain.names import ACTION


@dataclass(frozen=True, slots=True)
class Turn:
    """So many people who were sorted one way and would be sorted another, or the same."""

    before: str
    after: str
    people: int


@dataclass(frozen=True, slots=True)
class Tally:
    """For how many people a thing comes, goes, or is said otherwise."""

    name: str
    title: str
    comes: int
    goes: int
    otherwise: int

    @property
    def people(self) -> int:
        """How many people it concerns."""
        return self.comes + self.goes + self.otherwise


@dataclass(frozen=True, slots=True)
class Through:
    """A rule through which advice moves: for how many people, and how often it fires over everybody, before and after.

    `is_changed` says that the rule, or a parameter it reads, was itself changed; the others follow from those.
    """

    rule: str
    title: str
    people: int
    before: int
    after: int
    is_changed: bool


@dataclass(frozen=True)
class Impact:
    """The whole of it: between what, of whom, everybody's outcome, and what they come to together.

    `old`, `new` and `whom` are in words. `firings` are the rules that fire more or less often over everybody, or were
    changed themselves, each with whether advice moves through it.
    """

    old: str
    new: str
    whom: str
    as_of: str
    changes: Changes
    outcomes: tuple[Outcome, ...]
    fates: Mapping[Fate, int]
    turns: tuple[Turn, ...]
    actions: tuple[Tally, ...]
    statements: tuple[Tally, ...]
    through: tuple[Through, ...]
    firings: Mapping[str, tuple[int, int]] = field(repr=False)

    @property
    def people(self) -> int:
        """How many people were looked at."""
        return len(self.outcomes)

    @property
    def moved(self) -> tuple[Outcome, ...]:
        """Those whose advice says something else, in their order."""
        return self.of(Fate.MOVED)

    def of(self, *fates: Fate) -> tuple[Outcome, ...]:
        """The people with these fates, in their order."""
        return tuple(one for one in self.outcomes if one.fate in fates)

    @property
    def turned(self) -> tuple[Turn, ...]:
        """The turns in which the sorting is another."""
        return tuple(turn for turn in self.turns if turn.before != turn.after)


def summed(
    outcomes: Iterable[Outcome],
    old: str,
    new: str,
    whom: str,
    as_of: str,
    changes: Changes,
    changed_rules: frozenset[str],
    titles: Mapping[str, str],
) -> Impact:
    """Everybody's outcome, and what they come to together. `titles` are those of the rules, by id."""
    everybody = tuple(outcomes)
    fates = Counter(one.fate for one in everybody)
    moved = tuple(one for one in everybody if one.fate is Fate.MOVED)
    turns = Counter(
        (one.before.bucket, one.after.bucket) for one in everybody if one.before.is_advised and one.after.is_advised
    )
    firings = _firings(everybody)
    return Impact(
        old=old,
        new=new,
        whom=whom,
        as_of=as_of,
        changes=changes,
        outcomes=everybody,
        fates={fate: fates.get(fate, 0) for fate in Fate},
        turns=tuple(
            Turn(*pair, people) for pair, people in sorted(turns.items(), key=lambda item: (-item[1], item[0]))
        ),
        actions=_tallied(moved, Part.ACTIONS, _action_of),
        statements=_tallied(moved, Part.STATEMENTS, _rule_of(titles)),
        through=_through(moved, firings, changed_rules, titles),
        firings=firings,
    )


def _firings(outcomes: Sequence[Outcome]) -> dict[str, tuple[int, int]]:
    """How often each rule fires over everybody who is advised by both, before and after; only where it fires at all."""
    before, after = Counter[str](), Counter[str]()
    for one in outcomes:
        if one.before.fired is not None and one.after.fired is not None:
            before.update(one.before.fired)
            after.update(one.after.fired)
    return {rule: (before[rule], after[rule]) for rule in sorted(before.keys() | after.keys())}


def _tallied(
    moved: Sequence[Outcome], part: Part, name_of: Callable[[Change, Outcome], tuple[str, str]]
) -> tuple[Tally, ...]:
    """Things of a part by how many people they concern, most first; each person counts once for each way."""
    ways: dict[str, dict[str, set[str]]] = {}
    titles: dict[str, str] = {}
    for one in moved:
        for change in one.difference.of(part):
            name, titles_as = name_of(change, one)
            titles[name] = titles_as
            ways.setdefault(name, {}).setdefault(_way(change), set()).add(one.person)
    tallies = (
        Tally(name, titles[name], *(len(found.get(way, ())) for way in ("comes", "goes", "otherwise")))
        for name, found in ways.items()
    )
    return tuple(sorted(tallies, key=lambda tally: (-tally.people, tally.name)))


def _way(change: Change) -> str:
    if not (change.before.sure or change.before.perhaps):
        return "comes"
    return "otherwise" if change.after.sure or change.after.perhaps else "goes"


def _action_of(change: Change, outcome: Outcome) -> tuple[str, str]:
    # Under its own heading an action needs no word before it that says what it is.
    about = outcome.difference.names.get(change.key, change.key)
    return change.key, about.removeprefix(f"{ACTION} (").removesuffix(")") if about.startswith(ACTION) else about


def _rule_of(titles: Mapping[str, str]) -> Callable[[Change, Outcome], tuple[str, str]]:
    """Statements are counted by the rule that makes them: their own ids bear people's labels."""

    def rule_of(change: Change, _: Outcome) -> tuple[str, str]:
        rule = next(iter((*change.after.through, *change.before.through)), change.key)
        return rule, titles.get(rule, rule)

    return rule_of


def _through(
    moved: Sequence[Outcome],
    firings: Mapping[str, tuple[int, int]],
    changed: frozenset[str],
    titles: Mapping[str, str],
) -> tuple[Through, ...]:
    """The rules through which advice moves: those that were changed first, then by how many people."""
    people = Counter[str]()
    for one in moved:
        changes = [
            change for found in (one.difference, one.told) if found for part in SAID for change in found.of(part)
        ]
        people.update({rule for change in changes for rule in (*change.came, *change.went, *change.stayed)})
    rows = (
        Through(rule, titles.get(rule, rule), people[rule], *firings.get(rule, (0, 0)), rule in changed)
        for rule in {*people, *changed}
    )
    return tuple(sorted(rows, key=lambda row: (not row.is_changed, -row.people, row.rule)))

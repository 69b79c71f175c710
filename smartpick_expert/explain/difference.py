"""What differs between two runs: the one comparison that what-if, plans, previews and replays all use.

A run is taken as what it says of each thing (`Said`): surely, or perhaps. Two runs are compared thing by thing. So a
bucket that turns is one change, whichever facts stand for it, and what only becomes possible is never told as certain.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, TypeVar

from smartpick_expert.explain.names import ACTION
from smartpick_expert.explain.trace import Trace, TracedFact, TracedField
from smartpick_expert.language.values import UNKNOWN, plain

BUCKET: Final = "bucket"
_UNKNOWN: Final = plain(UNKNOWN)
# What a committee is said to weigh, as against what is only told.
WEIGHED: Final = ("reason", "gate", "weighing")


@dataclass(frozen=True, slots=True)
class Said:
    """What one run says of one thing: surely (empty: nothing), and what it may come to. `through` are the rules that say so."""

    sure: str = ""
    perhaps: frozenset[str] = frozenset()
    through: tuple[str, ...] = field(default=(), compare=False)


NOTHING: Final = Said()
_Key = TypeVar("_Key", bound=Hashable)


def differing(before: Mapping[_Key, Said], after: Mapping[_Key, Said]) -> dict[_Key, tuple[Said, Said]]:
    """Every thing of which two runs do not say the same, with what each says; in the order of the first run, then the second."""
    pairs = {key: (before.get(key, NOTHING), after.get(key, NOTHING)) for key in {**before, **after}}
    return {key: pair for key, pair in pairs.items() if pair[0] != pair[1]}


class Part(StrEnum):
    """The parts of a run that are compared, in the order in which a person asks; last, the words of the documents around them."""

    GIVEN = "given"
    PARAMETERS = "parameters"
    BUCKET = "bucket"
    WEIGHED = "weighed"
    ACTIONS = "actions"
    CONCLUDED = "concluded"
    STATEMENTS = "statements"
    RULES = "rules"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs. `came` and `went` are rules that say so in the one run only: through them it changed.

    Where there are none, `stayed` are the rules that speak of it in both runs, and say something else of it now.
    """

    part: Part
    key: str
    before: Said
    after: Said
    came: tuple[str, ...] = ()
    went: tuple[str, ...] = ()
    stayed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """All that differs from one run to the other, part after part. `titles` words rules, and `names` what conclusions are about."""

    changes: tuple[Change, ...]
    titles: Mapping[str, str]
    names: Mapping[str, str]

    def of(self, part: Part) -> tuple[Change, ...]:
        """The changes of one part."""
        return tuple(change for change in self.changes if change.part is part)

    @property
    def is_nothing(self) -> bool:
        """Whether the runs say the same of everything."""
        return not self.changes


def difference(before: Trace, after: Trace) -> Difference:
    """What differs from one run to the other."""
    both = before.fact.keys() & after.fact.keys()
    parts = {part: (_said(before, part, both), _said(after, part, both)) for part in Part}
    changes = [
        _change(part, key, then, now)
        for part, (first, second) in parts.items()
        for key, (then, now) in differing(first, second).items()
    ]
    titles = {rule.id: rule.title for trace in (before, after) for rule in trace.rules}
    names = {fact.key: _about(fact) for trace in (before, after) for fact in trace.facts if fact.supply == "rules"}
    return Difference(tuple(changes), titles, names)


def _change(part: Part, key: str, then: Said, now: Said) -> Change:
    came, went = _without(now.through, then.through), _without(then.through, now.through)
    return Change(part, key, then, now, came, went, () if came or went else now.through)


def _without(rules: tuple[str, ...], others: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(rule for rule in rules if rule not in others)


def _said(trace: Trace, part: Part, both: AbstractSet[str]) -> dict[str, Said]:
    if part is Part.GIVEN:
        return _given(trace, both)
    if part is Part.PARAMETERS:
        return {one.name: Said(_with_season(one.text, one.season)) for one in trace.parameters}
    if part is Part.STATEMENTS:
        return {one.id: Said(one.text, through=(one.rule,) if one.rule else ()) for one in trace.statements}
    if part is Part.RULES:
        return _fired(trace)
    if part is Part.WORDS:
        # They are no part of a run: templates place what it said.
        return {}
    return _concluded(trace, part)


def _given(trace: Trace, both: AbstractSet[str]) -> dict[str, Said]:
    """What the profile and the knowledge give: field by field of what both runs have, else the entry as a whole."""
    found: dict[str, Said] = {}
    for fact in trace.facts:
        if fact.supply == "rules":
            continue
        if fact.is_open:
            found[fact.type] = Said("left out, so not known")
        elif fact.id in both:
            found |= {f"{fact.id}.{one.name}": Said(one.text) for one in fact.fields}
        else:
            known = [one for one in fact.fields if one.text != fact.label and one.value != _UNKNOWN]
            found[fact.id] = Said(_listed(known) or "there")
    return found


def _with_season(text: str, season: int | None) -> str:
    return f"{text} (season {season})" if season is not None else text


def _fired(trace: Trace) -> dict[str, Said]:
    """How often each rule fired; one that only may fire is said so."""
    counts: dict[str, int] = {}
    possible: dict[str, None] = dict.fromkeys(trace.cut_off)
    for firing in trace.firings:
        if firing.certain:
            counts[firing.rule] = counts.get(firing.rule, 0) + 1
        else:
            possible[firing.rule] = None
    return {rule: _firings(counts.get(rule, 0), may_fire=rule in possible) for rule in {**counts, **possible}}


def _firings(count: int, *, may_fire: bool) -> Said:
    sure = "fires" if count == 1 else f"fires {count} times" if count else ""
    return Said(sure, frozenset({"fires more" if count else "fires"} if may_fire else ()))


def _concluded(trace: Trace, part: Part) -> dict[str, Said]:
    sure: dict[str, str] = {}
    perhaps: dict[str, set[str]] = {}
    through: dict[str, dict[str, None]] = {}
    for fact in trace.facts:
        if fact.supply != "rules" or part_of(fact.type) is not part:
            continue
        words = words_of_fact(fact)
        if fact.certain:
            sure[fact.key] = f"{sure[fact.key]}; {words}" if fact.key in sure else words
        else:
            perhaps.setdefault(fact.key, set()).add(words)
        rules = through.setdefault(fact.key, {})
        rules |= dict.fromkeys(firing.rule for firing in trace.justifications.get(fact.id, ()))
    return {
        key: Said(sure.get(key, ""), frozenset(perhaps.get(key, ())), tuple(rules)) for key, rules in through.items()
    }


def part_of(type_name: str) -> Part:
    """The part under which conclusions of a type are compared."""
    if type_name == BUCKET:
        return Part.BUCKET
    if type_name == ACTION:
        return Part.ACTIONS
    return Part.WEIGHED if type_name in WEIGHED else Part.CONCLUDED


def words_of_fact(fact: TracedFact) -> str:
    """What a conclusion says of what it is about: `strength moderate`; of one field its value alone."""
    left = [one for one in fact.fields if f"{one.name}=" not in fact.key]
    return left[0].text if len(left) == 1 else _listed(left) or "so"


def _about(fact: TracedFact) -> str:
    """What a conclusion is about, in words: `reason (an unknown school, against)`."""
    named = [one.text for one in fact.fields if f"{one.name}=" in fact.key]
    type_words = fact.type.replace("_", " ")
    return f"{type_words} ({', '.join(named)})" if named else type_words


def _listed(fields: Iterable[TracedField]) -> str:
    return ", ".join(f"{one.name.replace('_', ' ')} {one.text}" for one in fields)


def data_of(found: Difference) -> dict[str, object]:
    """The difference as plain data: each part with its changes."""
    return {
        part.value: [
            {
                "key": change.key,
                "before": _said_data(change.before),
                "after": _said_data(change.after),
                "came_through": _rules(change.came, found),
                "went_with": _rules(change.went, found),
                "still_through": _rules(change.stayed, found),
            }
            for change in found.of(part)
        ]
        for part in Part
    }


def _said_data(said: Said) -> dict[str, object]:
    return {"certain": said.sure or None, "possible": sorted(said.perhaps)}


def _rules(rules: Iterable[str], found: Difference) -> list[dict[str, str]]:
    return [{"rule": rule, "title": found.titles.get(rule, "")} for rule in rules]

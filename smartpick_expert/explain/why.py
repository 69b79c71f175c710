"""Why: the chain from a conclusion or a statement back to lines of the profile and entries of the knowledge.

Made from a trace alone, so that a kept record answers as the run itself did. Each fact is gone into once. Justifications
that rest on what they justify are marked and not followed: what they justify has others, which end in what is given.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace

from smartpick_expert.explain.absence import absence_text
from smartpick_expert.explain.names import Named
from smartpick_expert.explain.trace import Trace, TracedCondition, TracedFact, TracedFiring, TracedRule
from smartpick_expert.knowledge.phrases import named, said

# What a person takes in at a glance; `full` shows all.
MANY_FACTS = 6
MANY_JUSTIFICATIONS = 3
_NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Premise:
    """A condition that held, and the facts behind it. `left_out` says how many more there were.

    One that `is_open` may hold, by these facts; where it `rests_on_absence`, it may fail by them. `waits_for` are the paths
    of unknowns that it looks at itself. `absence` says what an absence rests on.
    """

    condition: str
    facts: tuple[str, ...]
    rests_on_absence: bool = False
    left_out: int = 0
    is_open: bool = False
    waits_for: tuple[str, ...] = ()
    absence: str = ""


@dataclass(frozen=True, slots=True)
class Justification:
    """A rule that fired, on what. `in_circle` names the premise that itself rests on what this one justifies."""

    firing: str
    rule: str
    title: str
    kind: str
    standing: str
    place: str
    sources: tuple[tuple[str, str], ...]
    parameters: tuple[str, ...]
    because: str
    certain: bool
    premises: tuple[Premise, ...]
    in_circle: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """A field as it counts here: its words, and the line of the profile, 0 where it stands in none."""

    name: str
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Step:
    """A fact of the chain: what it says, where it comes from, and the rules that concluded it (none for what is given).

    `label` is what it is called, and stands in the field `label_field`.
    """

    fact: str
    type: str
    label: str
    supply: str
    certain: bool
    place: str
    verified: str
    fields: tuple[Held, ...]
    justifications: tuple[Justification, ...]
    left_out: int = 0
    waits_for: tuple[str, ...] = ()
    label_field: str = ""


@dataclass(frozen=True, slots=True)
class Why:
    """The answer: what was asked, the conclusions (or firings) asked about, and every step by the fact's id, in order.

    `used_by` are the rules, with their titles, that fired on a place of the profile, where one was asked about. `says` is
    the text of an assumption that was asked about.
    """

    asked: str
    conclusions: tuple[str, ...]
    firings: tuple[Justification, ...]
    steps: tuple[Step, ...]
    used_by: tuple[tuple[str, str], ...] = ()
    says: str = ""


def why(named: Named, trace: Trace, *, full: bool = False) -> Why:
    """The chain behind what was named. Without `full`, what the language added and what is the same again is left out."""
    return _Explainer(trace, full=full).why(named)


def why_each(several: Iterable[Named], trace: Trace) -> Iterator[Why]:
    """The chain behind each of several things, as `why` has it; what all of them take is found once."""
    explainer = _Explainer(trace, full=False)
    return (explainer.why(one) for one in several)


def ranks_of(trace: Trace, without: str = "") -> dict[str, int]:
    """How many rules it takes, at the least, from what is given to each fact: a justification by lower ranks is no circle.

    What follows only by way of the fact `without` is left out, and so is that fact.
    """
    ranks = {fact.id: 0 for fact in trace.facts if fact.supply != "rules" or fact.is_open}
    steps = [
        (fact, trace.premises[firing.id])
        for fact, firings in trace.justifications.items()
        if fact != without
        for firing in firings
    ]
    changed = True
    while changed:
        changed = False
        for fact, premises in steps:
            if all(name in ranks for name in premises):
                rank = 1 + max((ranks[name] for name in premises), default=0)
                if rank < ranks.get(fact, rank + 1):
                    ranks[fact] = rank
                    changed = True
    return ranks


class _Explainer:
    """Answers one question after another; what does not hang on which is asked is made once."""

    def __init__(self, trace: Trace, *, full: bool) -> None:
        self.trace = trace
        self.full = full
        self.ranks = ranks_of(trace)
        self.reads = _fields_read(trace)
        self.steps: dict[str, Step] = {}
        self._first_steps: dict[tuple[str, str], Step] = {}
        self._justifications: dict[tuple[str, str], Justification] = {}

    def why(self, named: Named) -> Why:
        self.steps = {}
        firings = tuple(self._justification(self.trace.firing[name]) for name in named.firings)
        for firing in firings:
            for premise in firing.premises:
                self._go_into(premise.facts, firing.rule)
        self._go_into(named.facts, "", frozenset({named.field} - {""}))
        steps, used = tuple(self.steps.values()), tuple(self._used_by(named))
        return Why(named.asked, named.facts, firings, steps, used, named.says)

    def _used_by(self, named: Named) -> Iterable[tuple[str, str]]:
        given = {name for name in named.facts if self.trace.fact[name].supply != "rules"}
        resting = {one.id for name in given for one in self.trace.resting_on.get(name, ())}
        rules = {
            firing.rule: self.trace.rule[firing.rule].title
            for firing in (self.trace.firings if resting else ())
            if firing.id in resting and firing.certain and self._reads(firing, given, named.field)
        }
        return rules.items()

    def _reads(self, firing: TracedFiring, given: set[str], field: str) -> bool:
        types = {self.trace.fact[name].type for name in given}
        return not field or any(field in self.reads.get((firing.rule, name), _NOTHING) for name in types)

    def _go_into(self, facts: Iterable[str], rule: str, asked: frozenset[str] = _NOTHING) -> None:
        for name in facts:
            if name in self.steps:
                self._add_fields(name, rule, asked)
                continue
            self.steps[name] = step = self._step(name, rule, asked)
            for one in step.justifications:
                if not one.in_circle:
                    for premise in one.premises:
                        self._go_into(premise.facts, one.rule)

    def _first_things_first(self, firing: TracedFiring) -> tuple[bool, int]:
        return (not firing.certain, max(map(self._rank, self.trace.premises[firing.id]), default=0))

    def _rank(self, fact: str) -> int:
        """Its rank; above all others for what nothing given leads to, which no run of ours holds."""
        return self.ranks.get(fact, len(self.trace.facts))

    def _step(self, name: str, rule: str, asked: frozenset[str]) -> Step:
        """A fact as a rule looks at it, or as it is asked for."""
        if asked:
            return self._made(name, rule, asked)
        if (name, rule) not in self._first_steps:
            self._first_steps[name, rule] = self._made(name, rule, asked)
        return self._first_steps[name, rule]

    def _made(self, name: str, rule: str, asked: frozenset[str]) -> Step:
        fact = self.trace.fact[name]
        behind = sorted(self.trace.justifications.get(name, ()), key=self._first_things_first)
        shown = behind if self.full else behind[:MANY_JUSTIFICATIONS]
        return Step(
            fact=fact.id,
            type=fact.type,
            label=fact.label,
            supply=fact.supply,
            certain=fact.certain,
            place=fact.place,
            verified=fact.verified,
            fields=self._fields(fact, self.reads.get((rule, fact.type), _NOTHING) | asked),
            justifications=tuple(self._justification(firing, self._circle(firing, name)) for firing in shown),
            left_out=len(behind) - len(shown),
            waits_for=fact.waits_for,
            label_field=fact.label_field,
        )

    def _add_fields(self, name: str, rule: str, asked: frozenset[str]) -> None:
        """Another rule that looks at the same fact may look at other fields of it."""
        step = self.steps[name]
        if step.supply == "rules":
            return
        fact = self.trace.fact[name]
        shown = {field.name for field in step.fields} | self.reads.get((rule, fact.type), _NOTHING) | asked
        fields = self._fields(fact, shown)
        if fields != step.fields:
            self.steps[name] = replace(step, fields=fields)

    def _fields(self, fact: TracedFact, names: Collection[str]) -> tuple[Held, ...]:
        """Of what rules conclude every field; of what is given those that were looked at."""
        everything = self.full or fact.supply == "rules"
        return tuple(
            Held(field.name, field.text, field.line) for field in fact.fields if everything or field.name in names
        )

    def _circle(self, firing: TracedFiring, fact: str) -> str:
        """The premise that does not hold without the fact which this firing justifies; empty where each does."""
        premises = self.trace.premises[firing.id]
        if all(self._rank(name) < self._rank(fact) for name in premises):
            return ""
        held = ranks_of(self.trace, without=fact)
        return next((name for name in premises if name not in held), "")

    def _justification(self, firing: TracedFiring, in_circle: str = "") -> Justification:
        key = (firing.id, in_circle)
        if key not in self._justifications:
            self._justifications[key] = self._justified(firing, in_circle)
        return self._justifications[key]

    def _justified(self, firing: TracedFiring, in_circle: str) -> Justification:
        rule = self.trace.rule[firing.rule]
        premises = tuple(self._premises(firing, rule))
        return Justification(
            firing=firing.id,
            rule=rule.id,
            title=rule.title,
            kind=rule.kind,
            standing=rule.standing,
            place=rule.place,
            sources=tuple((name, self.trace.source[name].standing) for name in rule.sources),
            parameters=tuple(f"{name} = {self._parameter(name)}" for name in rule.parameters),
            because=firing.because,
            certain=firing.certain,
            premises=premises,
            in_circle=in_circle,
        )

    def _parameter(self, name: str) -> str:
        known = self.trace.parameter.get(name)
        if known is None:
            return said("not_known")
        shown = {"value": known.text, "basis": named(known.basis), "place": known.place}
        if known.season is None:
            return said("parameter_value", **shown)
        return said("parameter_of_season", **shown, season=known.season)

    def _premises(self, firing: TracedFiring, rule: TracedRule) -> Iterable[Premise]:
        bound = {binding.name: binding.fact for binding in firing.bindings}
        behind = {support.condition: support.facts for support in firing.support}
        waiting = {doubt.condition: doubt.waits_for for doubt in firing.open}
        for number, condition in enumerate(rule.conditions):
            if condition.hidden and not self.full and number not in waiting:
                continue
            facts = (bound[condition.name],) if condition.name in bound else behind.get(number, ())
            shown = facts if self.full else facts[:MANY_FACTS]
            text = _with_tally(condition, firing)
            yield Premise(
                condition=text,
                facts=shown,
                rests_on_absence=condition.rests_on_absence,
                left_out=len(facts) - len(shown),
                is_open=number in waiting,
                waits_for=waiting.get(number, ()),
                absence="" if number in waiting else absence_text(condition.absent, self.trace),
            )


def _with_tally(condition: TracedCondition, firing: TracedFiring) -> str:
    value = firing.tallies.get(condition.name) if condition.name else None
    return said("tally_here", condition=condition.text, value=value) if isinstance(value, int) else condition.text


def _fields_read(trace: Trace) -> dict[tuple[str, str], set[str]]:
    """The fields that a rule looks at of the facts of a type, by rule and type."""
    found: dict[tuple[str, str], set[str]] = {}
    for firing in trace.firings:
        conditions = trace.rule[firing.rule].conditions
        of_name = {condition.name: condition for condition in conditions if condition.name}
        for binding in firing.bindings:
            if binding.name in of_name:
                key = (firing.rule, trace.fact[binding.fact].type)
                found.setdefault(key, set()).update(of_name[binding.name].reads)
        for support in firing.support:
            for name in support.facts:
                key = (firing.rule, trace.fact[name].type)
                found.setdefault(key, set()).update(conditions[support.condition].reads)
    return found

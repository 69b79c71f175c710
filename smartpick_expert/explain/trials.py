"""What would come of one thing being otherwise: the sorting and the actions, found by firing the rules again.

Nothing is guessed, and nothing is said of several things being otherwise at once. Only the rules that can have a part in
it are asked (`engine/rerun.py`), with all else as it is.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from smartpick_expert.diagnostics import Problems
from smartpick_expert.engine.derivation import Derivation
from smartpick_expert.engine.rerun import Change, Outcome, Rerun
from smartpick_expert.engine.store import ExhaustedError
from smartpick_expert.explain.limits import Limits
from smartpick_expert.language.facts import Fact, listed
from smartpick_expert.language.model import Audience
from smartpick_expert.language.values import ABSENT, UNKNOWN, Slot, exact_difference
from smartpick_expert.language.vocabulary import Vocabulary

BUCKET, ACTION, CONTRADICTION = "bucket", "action", "contradiction"
TYPES: Final = frozenset({BUCKET, ACTION, CONTRADICTION})
# More facts than these are not looked at for one advice, which takes seconds. A complete profile takes a twentieth.
MAX_LOOKED_AT = 500_000


@dataclass(frozen=True, slots=True, order=True)
class Advised:
    """An action that is advised, when, and whether to the applicant (or by rules for the advisor alone)."""

    name: str
    when: str
    to_applicant: bool


@dataclass(frozen=True, slots=True)
class Result:
    """What comes out: the buckets that are possible (the best first), those settled, the actions, and whether entries contradict."""

    buckets: tuple[str, ...]
    settled: tuple[Fact, ...]
    actions: tuple[Advised, ...]
    contradicts: bool

    def schedule(self, audience: Audience) -> Mapping[str, str]:
        """When each action is advised that a reader is told of, by name."""
        return {one.name: one.when for one in self.actions if one.to_applicant or audience is Audience.ADVISOR}

    def turns(self, now: Result) -> bool:
        """Whether the sorting or the actions are not those of now, in a profile that does not contradict itself."""
        return not self.contradicts and (self.buckets, self.actions) != (now.buckets, now.actions)


@dataclass(frozen=True, slots=True)
class ActionTurn:
    """What becomes of an action: when it is advised now and would be advised then; empty where it is not."""

    name: str
    before: str
    after: str


def action_turns(before: Result, after: Result, audience: Audience) -> tuple[ActionTurn, ...]:
    """The actions that would come, go, or be advised at another time, by name."""
    then, now = after.schedule(audience), before.schedule(audience)
    names = sorted(name for name in {**now, **then} if now.get(name) != then.get(name))
    return tuple(ActionTurn(name, now.get(name, ""), then.get(name, "")) for name in names)


class Trials:
    """Tries changes of the facts of one consultation, each once. `facts` are those that it was given."""

    def __init__(self, derivation: Derivation, facts: Iterable[Fact]) -> None:
        self.facts = tuple(facts)
        self.vocabulary: Vocabulary = derivation.compiled.vocabulary
        self._rerun = Rerun(derivation, self.facts, TYPES)
        self.limits = Limits(self._rerun.compiled, derivation.possible)
        self._audience = {rule.id: rule.audience for rule in self._rerun.compiled.rules}
        self._known: dict[Hashable, Result | None] = {}
        self.looked_at = 0
        self.tried = 0
        self.now = self._result(self._rerun.after(()))

    def with_field(self, fact: Fact, field: str, slot: Slot) -> Result | None:
        """What comes of a field having another value; None where it was not tried."""
        changed = otherwise(fact, field, slot, self.vocabulary)
        key = (fact, field, self.limits.signature(fact, field, changed))
        if key == (fact, field, self.limits.signature(fact, field, fact)):
            return self.now
        return self._try(key, [(fact, changed)])

    def without(self, fact: Fact) -> Result | None:
        """What comes of a fact not being there, nor any mention of an entry in others; None where it was not tried."""
        mentions = (
            (other, changed)
            for other in self.facts
            if other != fact and (changed := _without_mention(other, fact, self.vocabulary)) != other
        )
        return self._try((fact,), [(fact, None), *mentions])

    def _try(self, key: Hashable, changes: Sequence[Change]) -> Result | None:
        if key not in self._known:
            self._known[key] = self._tried(changes)
        return self._known[key]

    def _tried(self, changes: Sequence[Change]) -> Result | None:
        if self.looked_at > MAX_LOOKED_AT:
            return None
        try:
            outcome = self._rerun.after(changes)
        except (ExhaustedError, Problems):
            return None
        self.tried += 1
        self.looked_at += outcome.visits + len(self.facts)
        return self._result(outcome)

    def _result(self, outcome: Outcome) -> Result:
        stores = outcome.stores
        settled = stores.certain.of(BUCKET)
        possible = stores.possible.of(BUCKET)
        names = {str(fact.get("name")) for fact in settled or possible if fact.get("name") is not UNKNOWN}
        is_open = any(fact not in stores.certain for fact in possible)
        advised = (
            Advised(
                str(fact.get("name")),
                str(fact.get("when")),
                any(Audience.APPLICANT in self._audience[rule_id] for rule_id in outcome.concluded_by.get(fact, ())),
            )
            for fact in stores.certain.of(ACTION)
        )
        return Result(
            tuple(sorted(names, key=lambda name: self.vocabulary.rank(BUCKET, "name", name))),
            () if is_open else tuple(sorted(settled, key=str)),
            tuple(sorted(advised)),
            bool(stores.certain.of(CONTRADICTION)),
        )


def otherwise(fact: Fact, field_name: str, slot: Slot, vocabulary: Vocabulary) -> Fact:
    """A listed fact with another value in one field, and in those computed from it."""
    fact_type = vocabulary.types[fact.type]
    values: dict[str, Slot] = {name: fact.get(name) for name in fact_type.fields}
    values[field_name] = slot
    for field in fact_type.fields.values():
        if field.computed and field_name in field.computed:
            first, second = (values[name] for name in field.computed)
            if isinstance(first, int | Decimal) and isinstance(second, int | Decimal):
                values[field.name] = exact_difference(first, second)
            else:
                values[field.name] = ABSENT if ABSENT in (first, second) else UNKNOWN
    return listed(fact_type, values, fact.position)


def _without_mention(fact: Fact, gone: Fact, vocabulary: Vocabulary) -> Fact:
    """A fact that names none where it named the one that is gone."""
    fact_type, label = vocabulary.types.get(fact.type), gone.get(vocabulary.types[gone.type].label)
    for field in fact_type.fields.values() if fact_type is not None else ():
        if field.of == gone.type and isinstance(label, str) and fact.get(field.name) == label:
            fact = otherwise(fact, field.name, ABSENT if field.may_be_none else UNKNOWN, vocabulary)
    return fact

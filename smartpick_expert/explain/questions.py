"""What would settle what is open: every unknown behind the bucket or an action, tried with the answers it could have.

Each answer is put into the facts and the rules are run again. So what is said about a question is found, not guessed.
Answers of numbers and dates are tried on both sides of every limit that a rule holds them against.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from smartpick_expert.engine.derivation import Derivation
from smartpick_expert.explain.limits import ANYTHING_ELSE
from smartpick_expert.explain.trials import ACTION, BUCKET, Result, Trials, action_turns
from smartpick_expert.explain.unknowns import PARAMETER, Tracer, Unknown, waiting_rules
from smartpick_expert.language.facts import Fact, Origin, fact_order
from smartpick_expert.language.model import Audience
from smartpick_expert.language.values import ABSENT, Slot
from smartpick_expert.language.vocabulary import FieldType, Vocabulary

# More questions than these are not tried out, only named: nobody reads on, and each costs a run for every answer.
MAX_TRIED = 24
MAX_ANSWERS = 16


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer to a question and what comes of it. `slot` is None for the answer that a section holds nothing.

    `outcome` are the buckets that are then settled, none where it stays open; `result` is None where it was not tried.
    """

    slot: Slot | None
    outcome: tuple[Fact, ...]
    result: Result | None


@dataclass(frozen=True, slots=True)
class Question:
    """An unknown behind something open: the bucket (`keeps_bucket_open`) or an action. Without `answers` it was not tried."""

    unknown: Unknown
    answers: tuple[Answer, ...]
    keeps_bucket_open: bool = True

    @property
    def settled(self) -> int:
        """How many of the answers tried settle the bucket."""
        return sum(1 for answer in self.answers if answer.outcome)

    @property
    def settles(self) -> bool:
        """Whether every possible answer was tried and settles it; a whole section is never tried in full."""
        return self.unknown.fact is not None and bool(self.answers) and self.settled == len(self.answers)

    def turns(self, now: Result) -> tuple[Answer, ...]:
        """The answers after which the sorting or some action would be otherwise."""
        return tuple(one for one in self.answers if one.result is not None and one.result.turns(now))


def questions(derivation: Derivation, trials: Trials) -> tuple[Question, ...]:
    """What keeps the bucket open, the smallest question that settles it first, and then what keeps actions open."""
    tracer = Tracer(derivation)
    behind = {name: _behind(derivation, tracer, name) for name in (BUCKET, ACTION)}
    waits = {unknown: len(rules) for unknown, rules in waiting_rules(derivation)}
    # A bucket that is certain has nothing open about it, whatever other one may seem possible.
    of_bucket = set() if derivation.of(BUCKET) else behind[BUCKET]
    ordered = _ordered(of_bucket, trials.vocabulary)
    tried = [_try(unknown, trials) for unknown in ordered[:MAX_TRIED]]
    rest = [Question(unknown, ()) for unknown in ordered[MAX_TRIED:]]

    def smallest_first(question: Question) -> tuple[object, ...]:
        answers = len(question.answers) if question.settles else 0
        waiting = waits.get(question.unknown, 0)
        return (not question.settles, answers, -_share(question), -waiting, _order(question.unknown, trials.vocabulary))

    others = _ordered((behind[BUCKET] | behind[ACTION]) - of_bucket, trials.vocabulary)
    others.sort(key=lambda unknown: -waits.get(unknown, 0))
    of_actions = [_try(unknown, trials, keeps_bucket_open=False) for unknown in others[:MAX_TRIED]]
    untried = [Question(unknown, (), keeps_bucket_open=False) for unknown in others[MAX_TRIED:]]
    return (*sorted(tried, key=smallest_first), *rest, *of_actions, *untried)


def deciding(asked: tuple[Question, ...], now: Result, audience: Audience) -> tuple[Question, ...]:
    """Those questions an answer to which would change the sorting or the actions: the sorting first, then the most actions."""

    def weight(question: Question) -> tuple[object, ...]:
        turns = question.turns(now)
        changes = {name for one in turns if one.result for name in _changed(now, one.result, audience)}
        touches_bucket = any(one.result is not None and one.result.buckets != now.buckets for one in turns)
        return (not question.settles, not touches_bucket, -question.settled, -len(changes))

    return tuple(sorted((question for question in asked if question.turns(now)), key=weight))


def _changed(now: Result, then: Result, audience: Audience) -> Iterator[str]:
    return (turn.name for turn in action_turns(now, then, audience))


def _behind(derivation: Derivation, tracer: Tracer, type_name: str) -> set[Unknown]:
    return {unknown for fact in derivation.open_of(type_name) for unknown in tracer.behind(fact)}


def _share(question: Question) -> float:
    return question.settled / len(question.answers) if question.answers else 0.0


def _ordered(unknowns: set[Unknown], vocabulary: Vocabulary) -> list[Unknown]:
    return sorted(unknowns, key=lambda unknown: _order(unknown, vocabulary))


def _order(unknown: Unknown, vocabulary: Vocabulary) -> tuple[object, ...]:
    place = vocabulary.order.get(unknown.type, 0)
    if unknown.fact is None:
        return (1, place, (), unknown.field)
    return (0, place, fact_order(vocabulary, unknown.fact)[:2], unknown.field)


def _try(unknown: Unknown, trials: Trials, *, keeps_bucket_open: bool = True) -> Question:
    answers = (Answer(slot, result.settled if result else (), result) for slot, result in _results(unknown, trials))
    return Question(unknown, tuple(answers), keeps_bucket_open)


def _results(unknown: Unknown, trials: Trials) -> Iterator[tuple[Slot | None, Result | None]]:
    """Each answer with what comes of it. A section left out is tried with the answer that there is nothing."""
    if unknown.type == PARAMETER:
        return
    if unknown.fact is None:
        for fact in trials.facts:
            if fact.type == unknown.type and fact.origin is Origin.OPEN:
                yield None, trials.without(fact)
        return
    for slot in possible_answers(unknown.fact, unknown.field, trials):
        yield slot, trials.with_field(unknown.fact, unknown.field, slot)


def possible_answers(fact: Fact, field_name: str, trials: Trials) -> tuple[Slot, ...]:
    """The answers worth trying, no more than are worth reading."""
    field = trials.vocabulary.types[fact.type].fields[field_name]
    values = trials.limits.values(fact, field_name)
    if field.many or field.type in (FieldType.BOOLEAN, FieldType.CHOICE):
        return values
    on_scale = tuple(slot for slot in values if slot not in (ABSENT, ANYTHING_ELSE))[:MAX_ANSWERS]
    return (*on_scale, *(slot for slot in values if slot in (ABSENT, ANYTHING_ELSE)))

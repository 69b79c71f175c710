"""What would settle an open conclusion: every unknown behind it, tried with the answers it could have.

Each answer is put into the facts and the rules are run again (by the plain engine, which computes the same). So what is
said about a question is found, not guessed. Answers of numbers and dates are tried on both sides of every limit that a
rule holds them against.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from smartpick_expert.engine.derivation import Derivation
from smartpick_expert.engine.session import fire
from smartpick_expert.explain.unknowns import PARAMETER, Tracer, Unknown, waiting_rules
from smartpick_expert.language.facts import Fact, Origin, fact_order, listed
from smartpick_expert.language.model import Constant, Pattern, Reference, Rule, Shifted, Test, inner_patterns
from smartpick_expert.language.values import ABSENT, UNKNOWN, Slot, Value, exact_difference, exact_sum, normal_number
from smartpick_expert.language.vocabulary import Field, FieldType, Vocabulary

# More questions than these are not tried out, only named: nobody reads on, and each costs a run for every answer.
MAX_TRIED = 24
MAX_ANSWERS = 16


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer to a question and what comes of it: the conclusions that are then certain, none where it stays open."""

    slot: Slot | None
    outcome: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """An unknown behind an open conclusion. `answers` is empty where it was not tried out."""

    unknown: Unknown
    answers: tuple[Answer, ...]

    @property
    def settled(self) -> int:
        """How many of the answers tried settle the conclusion."""
        return sum(1 for answer in self.answers if answer.outcome)

    @property
    def settles(self) -> bool:
        """Whether every possible answer was tried and settles it; a whole section is never tried in full."""
        return self.unknown.fact is not None and bool(self.answers) and self.settled == len(self.answers)


def questions(derivation: Derivation, facts: tuple[Fact, ...], type_name: str) -> tuple[Question, ...]:
    """What keeps the conclusions of a type open, the smallest question that settles them first."""
    vocabulary = derivation.compiled.vocabulary
    tracer = Tracer(derivation)
    found: set[Unknown] = set()
    for fact in derivation.open_of(type_name):
        found |= tracer.behind(fact)
    ordered = sorted(found, key=lambda unknown: _order(unknown, vocabulary))
    tried = [_try(unknown, derivation, facts, type_name) for unknown in ordered[:MAX_TRIED]]
    rest = [Question(unknown, ()) for unknown in ordered[MAX_TRIED:]]
    waits = {unknown: len(rules) for unknown, rules in waiting_rules(derivation)}

    def smallest_first(question: Question) -> tuple[object, ...]:
        answers = len(question.answers) if question.settles else 0
        waiting = waits.get(question.unknown, 0)
        return (not question.settles, answers, -_share(question), -waiting, _order(question.unknown, vocabulary))

    ranked = sorted(tried, key=smallest_first)
    return (*ranked, *rest)


def _share(question: Question) -> float:
    return question.settled / len(question.answers) if question.answers else 0.0


def _order(unknown: Unknown, vocabulary: Vocabulary) -> tuple[object, ...]:
    place = vocabulary.order.get(unknown.type, 0)
    if unknown.fact is None:
        return (1, place, (), "")
    return (0, place, fact_order(vocabulary, unknown.fact)[:2], unknown.field)


def _try(unknown: Unknown, derivation: Derivation, facts: tuple[Fact, ...], type_name: str) -> Question:
    answers: list[Answer] = []
    for slot, changed in _changes(unknown, derivation, facts):
        again = fire(derivation.compiled, changed, "plain")
        outcome = again.of(type_name) if not again.open_of(type_name) else ()
        answers.append(Answer(slot, outcome))
    return Question(unknown, tuple(answers))


def _changes(
    unknown: Unknown, derivation: Derivation, facts: tuple[Fact, ...]
) -> Iterator[tuple[Slot | None, list[Fact]]]:
    """Each answer with the facts as they are then. A section left out is tried with the answer that there is nothing."""
    if unknown.type == PARAMETER:
        return
    if unknown.fact is None:
        yield None, [fact for fact in facts if not (fact.type == unknown.type and fact.origin is Origin.OPEN)]
        return
    vocabulary = derivation.compiled.vocabulary
    for slot in possible_answers(unknown, derivation, facts):
        answered = _answered(unknown.fact, unknown.field, slot, vocabulary)
        yield slot, [answered if fact == unknown.fact else fact for fact in facts]


def _answered(fact: Fact, field_name: str, slot: Slot, vocabulary: Vocabulary) -> Fact:
    fact_type = vocabulary.types[fact.type]
    values: dict[str, Slot] = {name: fact.get(name) for name in fact_type.fields}
    values[field_name] = slot
    for field in fact_type.fields.values():
        if field.computed and field_name in field.computed:
            first, second = (values[name] for name in field.computed)
            if isinstance(first, int | Decimal) and isinstance(second, int | Decimal):
                values[field.name] = exact_difference(first, second)
            elif ABSENT in (first, second):
                values[field.name] = ABSENT
    return listed(fact_type, values, fact.position)


def possible_answers(unknown: Unknown, derivation: Derivation, facts: tuple[Fact, ...]) -> tuple[Slot, ...]:
    """The answers worth trying: all of a choice; for numbers and dates one on each side of every limit."""
    field = derivation.compiled.vocabulary.types[unknown.type].fields[unknown.field]
    extra: tuple[Slot, ...] = (ABSENT,) if field.may_be_none else ()
    if field.type is FieldType.BOOLEAN:
        return (True, False)
    if field.type is FieldType.CHOICE and not field.many:
        return (*field.values, *extra)
    limits = sorted(set(_limits(unknown, derivation, facts)), key=str)
    if field.type is FieldType.NUMBER:
        # A number that a rule waits for is one that is reported; `none` is no answer worth trying.
        return _numbers(field, (n for n in limits if isinstance(n, int | Decimal)))
    if field.type is FieldType.DATE:
        days = [day for day in limits if isinstance(day, date)] or [derivation.compiled.as_of]
        return (
            *sorted({day + timedelta(days=shift) for day in days for shift in (-1, 0, 1)})[:MAX_ANSWERS],
            *extra,
        )
    if field.many:
        return ((), *((item,) for item in limits if isinstance(item, str)))
    words = [word for word in limits if isinstance(word, str)]
    return (*words[:MAX_ANSWERS], "(anything else)", *extra)


def _numbers(field: Field, limits: Iterable[int | Decimal]) -> tuple[Slot, ...]:
    step = 1 if field.whole else field.step
    points = {point for limit in limits for point in (limit - step, limit, limit + step)}
    if field.minimum is not None:
        points.add(field.minimum)
    if field.maximum is not None:
        points.add(field.maximum)
    low = field.minimum if field.minimum is not None else min(points, default=0)
    high = field.maximum if field.maximum is not None else max(points, default=0)
    fitting = sorted(point for point in points if low <= point <= high)
    return tuple(normal_number(point) for point in fitting[:MAX_ANSWERS])


def _limits(unknown: Unknown, derivation: Derivation, facts: tuple[Fact, ...]) -> Iterator[Value]:
    """Whatever a rule compares the field with, or compares a field computed from it with, turned back."""
    fact_type = derivation.compiled.vocabulary.types[unknown.type]
    known: dict[str, set[Fact]] = {}
    for fact in facts:
        known.setdefault(fact.type, set()).add(fact)
    for rule in derivation.compiled.rules:
        names = {p.name: p.fact_type for c in rule.when for p in inner_patterns(c) if p.name}
        for pattern in (p for c in rule.when for p in inner_patterns(c)):
            if pattern.fact_type == unknown.type:
                for test in pattern.tests:
                    if test.field == unknown.field:
                        yield from _operand_values(test, names, known)
                    computed = fact_type.fields[test.field].computed
                    if computed and unknown.field in computed and unknown.fact is not None:
                        yield from _turned_back(unknown, computed, _operand_values(test, names, known))
            yield from _mirrored(pattern, unknown, rule, known)


def _mirrored(pattern: Pattern, unknown: Unknown, rule: Rule, known: Mapping[str, set[Fact]]) -> Iterator[Value]:
    """Fields elsewhere that are compared with the unknown one."""
    names = {p.name for c in rule.when for p in inner_patterns(c) if p.fact_type == unknown.type and p.name}
    for test in pattern.tests:
        for reference in test.references():
            if reference.name in names and reference.field == unknown.field:
                for fact in known.get(pattern.fact_type, ()):
                    value = fact.get(test.field)
                    if value is not UNKNOWN and value is not ABSENT:
                        yield value


def _operand_values(test: Test, names: Mapping[str, str], known: Mapping[str, set[Fact]]) -> Iterator[Value]:
    for operand in test.operands:
        base = operand.base if isinstance(operand, Shifted) else operand
        by = operand.by if isinstance(operand, Shifted) else 0
        slots: Iterable[Slot] = ()
        if isinstance(base, Constant):
            slots = base.value if isinstance(base.value, tuple) else (base.value,)
        elif isinstance(base, Reference):
            slots = (fact.get(base.field) for fact in known.get(names.get(base.name, ""), ()))
        for slot in slots:
            if slot is UNKNOWN or slot is ABSENT:
                continue
            if by and isinstance(slot, int | Decimal):
                yield exact_sum(slot, by)
            elif not isinstance(slot, tuple):
                yield slot


def _turned_back(unknown: Unknown, computed: tuple[str, str], limits: Iterable[Value]) -> Iterator[Value]:
    first, second = computed
    other = unknown.fact.get(second if unknown.field == first else first) if unknown.fact else UNKNOWN
    for limit in limits:
        if isinstance(limit, int | Decimal) and isinstance(other, int | Decimal):
            yield exact_sum(limit, other) if unknown.field == first else exact_difference(other, limit)

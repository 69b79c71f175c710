"""What the advice hangs on: for each thing a profile says, what would come of it being otherwise.

Every given field that a rule looks at is tried with the other values that rules can tell apart, and every entry of a
section that has several as if it were not there. What a profile could not say without contradicting itself is left out,
since its check would notice. So are labels, what rules may not look at, what rules may only count, and the season, with
which everything else would be of another year.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from smartpick_expert.explain.trials import Result, Trials
from smartpick_expert.language.facts import Fact, Origin, fact_order
from smartpick_expert.language.values import UNKNOWN, Slot, exact_difference
from smartpick_expert.language.vocabulary import Field, FieldType, Supplier

# The figures that are read, and the day's facts, go by this one.
_SEASON = ("applicant", "season")


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another value and what would come of it: None where it was not tried. For an entry, `slot` is None: it is not there."""

    slot: Slot | None
    result: Result | None


@dataclass(frozen=True, slots=True)
class Bearing:
    """Something that a profile says, by its fact and field (empty for the entry itself), and what else it might have said.

    The alternatives of a number or a date stand in their order, the present value's own stretch among them.
    """

    fact: Fact
    field: str
    alternatives: tuple[Alternative, ...]


@dataclass(frozen=True, slots=True)
class Bearings:
    """All that bears on the sorting or on an action, as it is `now`, and what there was no time to try."""

    now: Result
    found: tuple[Bearing, ...]
    untried: tuple[tuple[Fact, str], ...]


def bearings(trials: Trials) -> Bearings:
    """Each given thing without which, or with another value of which, the sorting or some action would be otherwise."""
    found: list[Bearing] = []
    untried: list[tuple[Fact, str]] = []
    for fact, field in _given(trials):
        one = Bearing(fact, field, tuple(_alternatives(fact, field, trials)))
        if any(alternative.result is None for alternative in one.alternatives):
            untried.append((fact, field))
        if any(
            alternative.result is not None and alternative.result.turns(trials.now) for alternative in one.alternatives
        ):
            found.append(one)
    return Bearings(trials.now, tuple(found), tuple(untried))


def distance(now: Slot, slot: Slot | None, field: Field) -> float:
    """How far a value is from another, in steps of its field, or in days; endless where values have no order."""
    if isinstance(now, date) and isinstance(slot, date):
        return abs((slot - now).days)
    if field.type is FieldType.NUMBER and isinstance(now, int | Decimal) and isinstance(slot, int | Decimal):
        return abs(float(exact_difference(slot, now)) / float(field.step))
    return float("inf")


def _given(trials: Trials) -> Iterator[tuple[Fact, str]]:
    """What is tried: each entry of several, then its fields."""
    vocabulary = trials.vocabulary
    numbers = Counter(fact.type for fact in trials.facts if fact.origin is Origin.LISTED)
    for fact in sorted(trials.facts, key=lambda fact: fact_order(vocabulary, fact)):
        fact_type = vocabulary.types[fact.type]
        label = fact_type.fields.get(fact_type.label)
        if fact_type.supplied_by is not Supplier.PROFILE or fact.origin is not Origin.LISTED or fact_type.counted_only:
            continue
        if not fact_type.one and numbers[fact.type] > 1 and (label is None or label.protected is None):
            yield fact, ""
        for field in fact_type.given_fields:
            is_given = fact.get(field.name) is not UNKNOWN and (fact.type, field.name) != _SEASON
            is_open_to_rules = field.protected is None and (fact_type.one or field.name != fact_type.label)
            if is_given and is_open_to_rules and trials.limits.is_read(fact, field.name):
                yield fact, field.name


def _alternatives(fact: Fact, field: str, trials: Trials) -> Iterator[Alternative]:
    if not field:
        yield Alternative(None, trials.without(fact))
        return
    for slot in trials.limits.values(fact, field):
        if slot != fact.get(field):
            yield Alternative(slot, trials.with_field(fact, field, slot))

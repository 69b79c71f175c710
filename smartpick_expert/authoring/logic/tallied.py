"""Tallies as facts: what a tally comes to is a fact with one field, the same for all tallies made of the same facts.

So two rules that hold one total against different limits are seen to look at one number. A tally that looks at other
facts of its rule is a different one for each of them, and is left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from smartpick_expert.authoring.logic.domains import Domain, domain_of, is_constant
from smartpick_expert.language.model import Rule, Tally, TallyKind, inner_tallies
from smartpick_expert.language.values import Value
from smartpick_expert.language.vocabulary import FactType, Field, FieldType, Supplier, Vocabulary

VALUE: Final = "value"


def tally_type(tally: Tally) -> str:
    """The name of the type of what a tally comes to; empty where it looks at other facts of its rule."""
    if not all(is_constant(test) for test in tally.pattern.tests):
        return ""
    tests = sorted(
        f"{t.field} {t.operator.name} {[getattr(o, 'value', '') for o in t.operands]}" for t in tally.pattern.tests
    )
    return f"{tally.kind} {tally.of} of {tally.pattern.fact_type} ({'; '.join(tests)})"


def with_tallies(vocabulary: Vocabulary, rules: Iterable[Rule]) -> Vocabulary:
    """The vocabulary with a type for everything that the rules tally."""
    found = {
        name: FactType(name, "", Supplier.CONSULTATION, {VALUE: tally_field(tally, vocabulary)}, one=True)
        for rule in rules
        for condition in rule.when
        for tally in inner_tallies(condition)
        if (name := tally_type(tally))
    }
    return replace(vocabulary, types={**vocabulary.types, **found})


def tally_field(tally: Tally, vocabulary: Vocabulary) -> Field:
    """What a tally may come to, as a field: a count is whole, a total has no upper end."""
    if tally.kind is TallyKind.COUNT:
        return Field(VALUE, FieldType.NUMBER, "how many", whole=True, minimum=0)
    of = vocabulary.types[tally.pattern.fact_type].fields[tally.of]
    of = replace(of, name=VALUE, computed=None, may_be_none=False, required=False)
    if tally.kind is not TallyKind.TOTAL:
        return of
    low = None if of.minimum is None else min(of.minimum, 0)
    high = None if of.maximum is None or of.maximum > 0 else 0
    return replace(of, minimum=low, maximum=high)


def tally_domain(tally: Tally, vocabulary: Vocabulary, limits: Iterable[Value]) -> Domain | None:
    """The values that a tally may come to and limits can tell apart."""
    made = FactType("tally", "", Supplier.CONSULTATION, {VALUE: tally_field(tally, vocabulary)})
    return domain_of(made, VALUE, limits)

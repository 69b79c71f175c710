"""Rules that take in others: they fire wherever the others do, and conclude as much."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, permutations

from smartpick_expert.authoring.logic.implied import Names, names_under_which
from smartpick_expert.authoring.logic.readied import Readied
from smartpick_expert.authoring.logic.reckoning import clash
from smartpick_expert.language.model import Conclusion, Constant, Reference, Rule
from smartpick_expert.language.vocabulary import Vocabulary


def duplicates(base: Readied) -> Iterator[tuple[Rule, Rule]]:
    """Pairs of rules that ask the same and conclude the same, the one that is written first before the other."""
    for one, other in combinations(base.rules, 2):
        if _heads(one) == _heads(other) and _are_the_same(one, other, base.vocabulary):
            yield one, other


def subsumed(base: Readied) -> Iterator[tuple[Rule, Rule]]:
    """Pairs of a rule and one that it takes in: the general one first.

    A rule that cites something the other does not says something of its own, though it concludes the same. One that never
    fires is a finding of another kind.
    """
    for general, special in permutations(base.rules, 2):
        if (
            _heads(special) <= _heads(general)
            and set(special.sources) <= set(general.sources)
            and set(special.warns_against) <= set(general.warns_against)
            and set(special.audience) <= set(general.audience)
            and takes_in(general, special, base.vocabulary)
            and not _are_the_same(general, special, base.vocabulary)
            and clash((fired.situation for fired in base.situations(special)), base.vocabulary) is None
        ):
            yield general, special


def takes_in(general: Rule, special: Rule, vocabulary: Vocabulary) -> bool:
    """Whether one rule fires wherever another does, and then concludes all that the other concludes.

    What committees are said to think and what was measured stand beside one another on purpose, and neither takes in the other.
    """
    return general.kind is special.kind and any(
        _concludes(general, special, names, vocabulary)
        for names in names_under_which(general.when, special.when, vocabulary)
    )


def _are_the_same(one: Rule, other: Rule, vocabulary: Vocabulary) -> bool:
    same_words = (one.audience, one.kind) == (other.audience, other.kind)
    return same_words and takes_in(one, other, vocabulary) and takes_in(other, one, vocabulary)


def _heads(rule: Rule) -> frozenset[tuple[object, ...]]:
    """What a rule concludes, as far as its constants say."""
    return frozenset(_head(conclusion) for conclusion in rule.then)


def _head(conclusion: Conclusion) -> tuple[object, ...]:
    constants = ((name, value.value) for name, value in conclusion.values if isinstance(value, Constant))
    return (conclusion.fact_type, *sorted(constants, key=lambda pair: pair[0]))


def _concludes(general: Rule, special: Rule, names: Names, vocabulary: Vocabulary) -> bool:
    """Whether the general rule's conclusions, its names laid onto the special one's, hold all of the special one's."""
    ones = {
        pattern.name: pattern.fact_type for pattern in special.patterns() if vocabulary.types[pattern.fact_type].one
    }
    mine = {_named(conclusion, names) for conclusion in general.then}
    return {_named(conclusion, ones) for conclusion in special.then} <= mine


def _named(conclusion: Conclusion, names: Names) -> tuple[object, ...]:
    values = (
        (name, Reference(names.get(value.name, value.name), value.field) if isinstance(value, Reference) else value)
        for name, value in conclusion.values
    )
    return (conclusion.fact_type, *sorted(values, key=lambda pair: pair[0]))

"""What may rest on measurement alone rests on an opinion: what committees are said to think would move a number.

The vocabulary marks such a type (`measured`). Only measured rules conclude it, and they look at nothing that a perception concludes,
nor at what was concluded from that by however many rules.
"""

from __future__ import annotations

from collections.abc import Iterator

from smartpick_expert.diagnostics import Diagnostic
from smartpick_expert.language.model import Kind, Rule, Status, inner_patterns
from smartpick_expert.language.vocabulary import Vocabulary

CODE = "rule.measured-alone"


def check(rules: tuple[Rule, ...], vocabulary: Vocabulary) -> Iterator[Diagnostic]:
    """Yield a finding for each conclusion of such a type by a perception, and for each look of its rules at one's conclusions."""
    measured = {fact_type.name for fact_type in vocabulary.types.values() if fact_type.measured}
    if not measured:
        return
    opinions = _opinions(rules)
    for rule in rules:
        concluded = [one for one in rule.then if one.fact_type in measured]
        if rule.kind is not Kind.MEASURED:
            for one in concluded:
                yield Diagnostic(
                    CODE,
                    f"'{one.fact_type}' moves a number, and this rule says what committees are said to think.",
                    "Conclude something else, or make it a measured rule with its evidence if there is some.",
                    one.location,
                )
        elif concluded:
            for condition in rule.when:
                for pattern in inner_patterns(condition):
                    if pattern.fact_type in opinions and not pattern.hidden:
                        yield Diagnostic(
                            CODE,
                            f"'{pattern.fact_type}' rests on '{opinions[pattern.fact_type]}', which says what committees are said to "
                            f"think, and this rule concludes '{concluded[0].fact_type}', which moves a number.",
                            "Look at something that the profile or a program states, or that was measured.",
                            pattern.location,
                        )


def _opinions(rules: tuple[Rule, ...]) -> dict[str, str]:
    """The types of which some fact may rest on a perception, each with the id of one such rule."""
    kept = [rule for rule in rules if rule.status is not Status.RETIRED]
    found: dict[str, str] = {}
    for rule in kept:
        if rule.kind is Kind.PERCEPTION:
            found |= {one.fact_type: rule.id for one in rule.then if one.fact_type not in found}
    before = -1
    while len(found) != before:
        before = len(found)
        for rule in kept:
            looked = (pattern.fact_type for condition in rule.when for pattern in inner_patterns(condition))
            source = next((found[name] for name in looked if name in found), "")
            if source:
                found |= {one.fact_type: source for one in rule.then if one.fact_type not in found}
    return found

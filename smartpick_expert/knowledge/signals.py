"""How many program signals a season gives, as facts: one for each specialty and tier of which a count is known.

The counts are parameters, one for each specialty and tier. As facts they can be joined with what an applicant aims at, so that
no rule has to be written for each specialty, and a rule can say of which season the count is.
"""

from __future__ import annotations

from decimal import Decimal

from smartpick_expert.knowledge.parameters import Figures
from smartpick_expert.language.facts import Fact, listed
from smartpick_expert.language.values import Slot
from smartpick_expert.language.vocabulary import Vocabulary

SIGNAL_COUNT = "signal_count"
# How the names of the parameters begin that become facts.
TOPIC = "signals."


def signal_facts(figures: Figures, vocabulary: Vocabulary) -> list[Fact]:
    """The counts of one advice. What is not known, or is of a specialty that the vocabulary does not have, is left out."""
    fact_type = vocabulary.types.get(SIGNAL_COUNT)
    if fact_type is None:
        return []
    specialties, tiers = (fact_type.fields[name].values for name in ("specialty", "tier"))
    found: list[Fact] = []
    for name, figure in sorted(figures.by_name.items()):
        specialty, _, tier = name.removeprefix(TOPIC).partition(".")
        if not name.startswith(TOPIC) or specialty not in specialties or tier not in tiers:
            continue
        if isinstance(figure.value, int | Decimal) and figure.season is not None:
            values: dict[str, Slot] = {
                "specialty": specialty,
                "tier": tier,
                "count": figure.value,
                "season": figure.season,
            }
            found.append(listed(fact_type, values, len(found)))
    return found

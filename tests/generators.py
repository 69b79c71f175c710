"""Made-up vocabularies, rules and facts, small enough to be consulted naively and mean enough to tell engines apart.

A scenario has layers: the types that rules conclude stand one above another, and a rule negates, chooses among and
tallies what lies below its own layer (now and then beside it, which may be a circle; whoever consults drops those).
Values come from pools of three or four, so that things join; much is unknown, and conclusions carry the unknowns upwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from random import Random

from smartpick_expert.language.facts import Fact, listed, open_fact
from smartpick_expert.language.model import Rule, Status
from smartpick_expert.language.values import ABSENT, UNKNOWN, Slot
from smartpick_expert.language.vocabulary import FactType, Field, Supplier, Vocabulary
from tests.drawing import FIELDS, Draw, draw_parameters, draw_pools, draw_type, draw_value
from tests.rule_maker import HISTORIES, JOINS, PLAIN, PROBES, RuleMaker
from tests.scenarios import AS_OF, Pools, Scenario


def scenario_of(seed: int) -> Scenario:
    """The scenario of a seed."""
    return make_scenario(Random(seed))


def make_scenario(chance: Random) -> Scenario:
    """A scenario of every kind of condition; or of tallies above all, or of a long join, which chance seldom meets."""
    draw = Draw(chance)
    kind = draw.below(100)
    return _tallies(draw) if kind < 30 else _long_join(draw) if kind < 32 else _mixture(draw)


def _mixture(draw: Draw) -> Scenario:
    """Rules that look at finished facts below their own layer, with few exceptions.

    The first rules of a type only hand facts on, unknowns included. The last ones conclude what nobody reads: that they
    fire, possibly fire or do not is what each condition comes to.
    """
    pools = draw_pools(draw)
    fields = [FIELDS[0], FIELDS[1 + draw.below(3)], *draw.some_of(FIELDS[4:], 1, 2)]
    given = _draw_given_types(draw, fields)
    layers = _draw_layers(draw, fields)
    derived = [fact_type for layer in layers for fact_type in layer]
    last = draw_type(draw, "last", Supplier.RULES, fields)
    rules: list[Rule] = []
    for depth, layer in enumerate(layers):
        below = [*given, *(fact_type for lower in layers[:depth] for fact_type in lower)]
        maker = RuleMaker(draw, pools, below, layer)
        for fact_type in layer:
            rules += [maker.rule(fact_type, shapes) for shapes in draw.one_of(HISTORIES)]
    probing = RuleMaker(draw, pools, [*given, *derived], [last])
    rules += [probing.rule(last, shapes) for shapes in (PROBES,) * 4 + (JOINS,) * 3]
    rules += [rule for _ in range(2) for rule in probing.tallies(last)]
    return _scenario(draw, pools, given, [*derived, last], rules)


def _tallies(draw: Draw) -> Scenario:
    """Facts handed on, unknowns included, and tallied in many ways."""
    pools = draw_pools(draw)
    fields = [*FIELDS[:3], *draw.some_of(FIELDS[3:], 0, 1)]
    given = [draw_type(draw, "given_0", Supplier.PROFILE, fields)]
    derived = FactType("derived_0", "derived_0", Supplier.RULES, {field.name: field for field in fields})
    last = draw_type(draw, "last", Supplier.RULES, fields)
    handing_on = RuleMaker(draw, pools, given, [derived])
    rules = [handing_on.rule(derived, PLAIN) for _ in range(draw.one_of((1, 2, 3)))]
    probing = RuleMaker(draw, pools, [*given, derived], [last])
    rules += [rule for _ in range(6) for rule in probing.tallies(last)]
    return _scenario(draw, pools, given, [derived, last], rules)


def _long_join(draw: Draw) -> Scenario:
    """One rule of ten or more patterns, each joined with one before it, over a fact or two of each type."""
    pools = draw_pools(draw)
    fields = list(FIELDS[:3])
    given = [draw_type(draw, f"given_{number}", Supplier.PROFILE, fields) for number in range(2)]
    last = draw_type(draw, "last", Supplier.RULES, fields)
    maker = RuleMaker(draw, pools, given, [last])
    rules = [maker.long_join(last, 9 + draw.below(4)), maker.rule(last, PROBES)]
    return _scenario(draw, pools, given, [last], rules, sizes=(1, 1, 2))


def _scenario(
    draw: Draw,
    pools: Pools,
    given: Sequence[FactType],
    derived: Sequence[FactType],
    rules: Sequence[Rule],
    sizes: Sequence[int] = (2, 3, 3, 4, 5, 1, 0),
) -> Scenario:
    vocabulary = Vocabulary({fact_type.name: fact_type for fact_type in (*given, *derived)})
    numbered = tuple(
        replace(rule, id=f"made.rule-{number:02}", **_draw_life(draw)) for number, rule in enumerate(rules)
    )
    facts = [fact for fact_type in given for fact in _draw_facts(draw, pools, fact_type, sizes)]
    return Scenario(vocabulary, numbered, tuple(facts), draw_parameters(draw, pools), pools)


def _draw_life(draw: Draw) -> dict[str, object]:
    """What takes a rule out of the day, or nearly: few rules have anything of it."""
    if draw.below(12):
        return {}
    days = [AS_OF + timedelta(days=number) for number in (-1, 0, 1)]
    return draw.one_of(
        (
            {"status": Status.RETIRED},
            {"status": Status.DRAFT},
            {"valid_from": draw.one_of(days)},
            {"valid_to": draw.one_of(days)},
            {"valid_from": days[1], "valid_to": days[1]},
        )
    )


def _draw_given_types(draw: Draw, fields: Sequence[Field]) -> list[FactType]:
    many = draw.one_of((1, 2, 2, 3))
    types = [draw_type(draw, f"given_{number}", Supplier.PROFILE, fields) for number in range(many)]
    if many == 1 or draw.often(3):
        types.append(draw_type(draw, "person", Supplier.PROFILE, fields, one=True))
    return types


def _draw_layers(draw: Draw, fields: Sequence[Field]) -> list[list[FactType]]:
    """The types that rules conclude, lowest first; each has a layer of its own or shares that of the one before."""
    layers: list[list[FactType]] = []
    for number in range(draw.one_of((1, 2, 2, 3))):
        fact_type = draw_type(draw, f"derived_{number}", Supplier.RULES, fields)
        if layers and draw.often(2):
            layers[-1].append(fact_type)
        else:
            layers.append([fact_type])
    return layers


def _draw_facts(draw: Draw, pools: Pools, fact_type: FactType, sizes: Sequence[int]) -> list[Fact]:
    """The entries of a section, or the one open fact that stands for a section left out.

    Some fields of a type are always known, others seldom: so one field may be tallied while another is in doubt.
    """
    doubts = {name: draw.one_of((0, 0, 3, 5, 7)) for name in fact_type.fields}

    def entry() -> dict[str, Slot]:
        return {name: _draw_slot(draw, pools, field, doubts[name]) for name, field in fact_type.fields.items()}

    left_out = draw.often(1)
    if fact_type.one:
        return [listed(fact_type, {} if left_out else entry(), 0)]
    if left_out:
        return [] if fact_type.assume else [open_fact(fact_type)]
    entries: list[dict[str, Slot]] = []
    for _ in range(draw.one_of(sizes)):
        entries.append(entries[-1] if entries and draw.often(1) else entry())
    return [listed(fact_type, values, position) for position, values in enumerate(entries)]


def _draw_slot(draw: Draw, pools: Pools, field: Field, doubts: int) -> Slot:
    if draw.often(doubts):
        return UNKNOWN
    return ABSENT if draw.below(12) == 0 else draw_value(draw, pools, field)

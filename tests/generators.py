"""Made-up vocabularies, rules and facts, small enough to be consulted naively and mean enough to tell engines apart.

A scenario has layers: the types that rules conclude stand one above another, and a rule negates, chooses among and
tallies what lies below its own layer (now and then beside it, which may be a circle; whoever consults drops those).
Values come from pools of three or four, so that things join; much is unknown, and conclusions carry the unknowns upwards.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from time import monotonic
from typing import TYPE_CHECKING, Any, Final

from hypothesis import strategies as st

from smartpick_expert.language.facts import Fact, Origin, listed, open_fact
from smartpick_expert.language.model import (
    AnyOf,
    Conclusion,
    Condition,
    Constant,
    Kind,
    Negation,
    Operand,
    Pattern,
    Reference,
    Rule,
    Shifted,
    Status,
    Tally,
    TallyKind,
    Test,
    Words,
    inner_patterns,
)
from smartpick_expert.language.operators import OPERATORS
from smartpick_expert.language.values import ABSENT, UNKNOWN, Slot, Value
from smartpick_expert.language.vocabulary import FactType, Field, FieldType, Supplier, Vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from random import Random

    Pools = Mapping[FieldType, tuple[Value, ...]]
    Scope = tuple[tuple[str, Field], ...]

_CHOICES: Final = {"low": "low", "high": "high"}


def _field(name: str, of_type: FieldType, *, many: bool = False) -> Field:
    values = _CHOICES if of_type is FieldType.CHOICE else {}
    return Field(name, of_type, name, many=many, values=values, may_be_none=True)


# Some are called as the engine calls things of its own.
_FIELDS: Final = (
    _field("size", FieldType.NUMBER),
    _field("kind", FieldType.CHOICE),
    _field("open", FieldType.BOOLEAN),
    _field("weight", FieldType.NUMBER),
    _field("id", FieldType.LABEL),
    _field("word", FieldType.TEXT),
    _field("since", FieldType.DATE),
    _field("items", FieldType.TEXT, many=True),
    _field("sid", FieldType.TEXT),
    _field("until", FieldType.DATE),
    _field("sizes", FieldType.NUMBER, many=True),
    _field("kinds", FieldType.CHOICE, many=True),
    _field("owner", FieldType.LABEL),
    _field("days", FieldType.DATE, many=True),
    _field("answers", FieldType.BOOLEAN, many=True),
)
_VALUE: Final = _field("value", FieldType.NUMBER)
_NUMBERS: Final = (
    (1, 2, -2, 3),
    (1, 2, -1, 0),
    (1, -2, -1, 3),
    (Decimal("0.1"), Decimal("0.2"), Decimal("0.3"), Decimal("-0.1")),
    (1, Decimal("0.5"), Decimal("1.5"), 2),
    (2**53, 2**53 - 1, -(2**53), 1),
    (100, Decimal("7.25"), -3, 10),
    (Decimal("0.000001"), Decimal("123456789.012345"), 0, Decimal("0.00000000000001")),
)
_TEXTS: Final = (
    ("low", "high", "middle"),
    ("high", "Zürich", "北京"),
    ("low", "true", "1"),
    ('say "low"\\', "$low", ""),
    ("low", "Low", "a\nb\u2028c 🩺"),
)
_DATES: Final = (
    (date(2026, 9, 1), date(2026, 9, 2), date(2025, 12, 31)),
    (date(1, 1, 1), date(2000, 2, 29), date(9999, 12, 31)),
)
_LABELS: Final = (("one", "two", "three"), ("1", "01", "true"))


@dataclass(frozen=True)
class Scenario:
    """Rules, the vocabulary they speak, and facts to consult them about."""

    vocabulary: Vocabulary
    rules: tuple[Rule, ...]
    facts: tuple[Fact, ...]

    def __repr__(self) -> str:
        return f"Scenario(\n{describe(self)})"

    def _repr_pretty_(self, printer: Any, _: bool) -> None:
        """How hypothesis shows it."""
        printer.text(repr(self))


def scenarios() -> st.SearchStrategy[Scenario]:
    """Scenarios, each from a seed: hypothesis would take far longer to draw them choice by choice."""
    return st.randoms(use_true_random=True).map(make_scenario)


class _Draw:
    """Where choices come from."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance

    def below(self, end: int) -> int:
        """A number from 0 up to, and without, the end."""
        return self._chance.randrange(end)

    def one_of(self, items: Sequence[Any]) -> Any:
        """One of them."""
        return self._chance.choice(items)

    def often(self, tenths: int) -> bool:
        """True that many times in ten."""
        return self.below(10) < tenths

    def some_of(self, items: Sequence[Any], least: int, most: int) -> list[Any]:
        """Some of them, in any order."""
        return self._chance.sample(items, min(least + self.below(most - least + 1), len(items)))


def make_scenario(chance: Random) -> Scenario:
    """A scenario of every kind of condition, or of tallies above all, whose rarer sentences chance alone seldom meets."""
    draw = _Draw(chance)
    return _tallies(draw) if draw.often(3) else _mixture(draw)


def _mixture(draw: _Draw) -> Scenario:
    """Rules that look at finished facts below their own layer, with few exceptions.

    The first rules of a type only hand facts on, unknowns included. The last ones conclude what nobody reads: that they
    fire, possibly fire or do not is what each condition comes to.
    """
    pools = _draw_pools(draw)
    fields = [_FIELDS[0], _FIELDS[1 + draw.below(3)], *draw.some_of(_FIELDS[4:], 1, 2)]
    given = _draw_given_types(draw, fields)
    layers = _draw_layers(draw, fields)
    derived = [fact_type for layer in layers for fact_type in layer]
    last = _draw_type(draw, "last", Supplier.RULES, fields)
    rules: list[Rule] = []
    for depth, layer in enumerate(layers):
        below = [*given, *(fact_type for lower in layers[:depth] for fact_type in lower)]
        maker = _RuleMaker(draw, pools, below, layer)
        for fact_type in layer:
            rules += [maker.rule(fact_type, shapes) for shapes in draw.one_of(_HISTORIES)]
    probing = _RuleMaker(draw, pools, [*given, *derived], [last])
    rules += [probing.rule(last, shapes) for shapes in (_PROBES,) * 4 + (_JOINS,) * 3]
    rules += [rule for _ in range(2) for rule in probing.tallies(last)]
    return _scenario(draw, pools, given, [*derived, last], rules)


def _tallies(draw: _Draw) -> Scenario:
    """Facts handed on, unknowns included, and tallied in many ways."""
    pools = _draw_pools(draw)
    fields = [*_FIELDS[:3], *draw.some_of(_FIELDS[3:], 0, 1)]
    given = [_draw_type(draw, "given_0", Supplier.PROFILE, fields)]
    derived = FactType("derived_0", "derived_0", Supplier.RULES, {field.name: field for field in fields})
    last = _draw_type(draw, "last", Supplier.RULES, fields)
    handing_on = _RuleMaker(draw, pools, given, [derived])
    rules = [handing_on.rule(derived, _PLAIN) for _ in range(draw.one_of((1, 2, 3)))]
    probing = _RuleMaker(draw, pools, [*given, derived], [last])
    rules += [rule for _ in range(6) for rule in probing.tallies(last)]
    return _scenario(draw, pools, given, [derived, last], rules)


def _scenario(
    draw: _Draw, pools: Pools, given: Sequence[FactType], derived: Sequence[FactType], rules: Sequence[Rule]
) -> Scenario:
    vocabulary = Vocabulary({fact_type.name: fact_type for fact_type in (*given, *derived)})
    numbered = tuple(replace(rule, id=f"made.rule-{number:02}") for number, rule in enumerate(rules))
    facts = [fact for fact_type in given for fact in _draw_facts(draw, pools, fact_type)]
    return Scenario(vocabulary, numbered, tuple(facts))


def _draw_pools(draw: _Draw) -> Pools:
    return {
        FieldType.BOOLEAN: (True, False),
        FieldType.NUMBER: draw.one_of(_NUMBERS),
        FieldType.TEXT: draw.one_of(_TEXTS),
        FieldType.DATE: draw.one_of(_DATES),
        FieldType.CHOICE: tuple(_CHOICES),
        FieldType.LABEL: draw.one_of(_LABELS),
    }


# --- vocabularies and facts ---------------------------------------------------------------------------------------


def _draw_type(draw: _Draw, name: str, supplier: Supplier, fields: Sequence[Field], *, one: bool = False) -> FactType:
    """A type of two or three fields; all types draw from the same few, and most have a number to tally."""
    first = draw.one_of(fields) if draw.often(1) else fields[0]
    others = draw.some_of([field for field in fields if field is not first], 1, 2)
    return FactType(name, name, supplier, {field.name: field for field in (first, *others)}, one=one)


def _draw_given_types(draw: _Draw, fields: Sequence[Field]) -> list[FactType]:
    many = draw.one_of((1, 2, 2, 3))
    types = [_draw_type(draw, f"given_{number}", Supplier.PROFILE, fields) for number in range(many)]
    if many == 1 or draw.often(3):
        types.append(_draw_type(draw, "person", Supplier.PROFILE, fields, one=True))
    return types


def _draw_layers(draw: _Draw, fields: Sequence[Field]) -> list[list[FactType]]:
    """The types that rules conclude, lowest first; each has a layer of its own or shares that of the one before."""
    layers: list[list[FactType]] = []
    for number in range(draw.one_of((1, 2, 2, 3))):
        fact_type = _draw_type(draw, f"derived_{number}", Supplier.RULES, fields)
        if layers and draw.often(2):
            layers[-1].append(fact_type)
        else:
            layers.append([fact_type])
    return layers


def _draw_value(draw: _Draw, pools: Pools, field: Field) -> Value:
    """A value that the field can hold; a list may be empty, and may repeat itself."""
    if not field.many:
        return draw.one_of(pools[field.type])
    return tuple(draw.one_of(pools[field.type]) for _ in range(draw.one_of((1, 2, 2, 0))))


def _draw_facts(draw: _Draw, pools: Pools, fact_type: FactType) -> list[Fact]:
    """The entries of a section, or the one open fact that stands for a section left out.

    Some fields of a type are always known, others seldom: so one field may be tallied while another is in doubt.
    """
    doubts = {name: draw.one_of((0, 0, 3, 5, 7)) for name in fact_type.fields}

    def entry() -> dict[str, Slot]:
        return {name: _draw_slot(draw, pools, field, doubts[name]) for name, field in fact_type.fields.items()}

    if fact_type.one:
        return [listed(fact_type, entry(), 0)]
    if draw.often(1):
        return [open_fact(fact_type)]
    entries: list[dict[str, Slot]] = []
    for _ in range(draw.one_of((2, 3, 3, 4, 5, 1, 0))):
        entries.append(entries[-1] if entries and draw.often(1) else entry())
    return [listed(fact_type, values, position) for position, values in enumerate(entries)]


def _draw_slot(draw: _Draw, pools: Pools, field: Field, doubts: int) -> Slot:
    if draw.often(doubts):
        return UNKNOWN
    return ABSENT if draw.below(12) == 0 else _draw_value(draw, pools, field)


# --- rules --------------------------------------------------------------------------------------------------------


def _comparable(field: Field, other: Field) -> bool:
    """Whether two fields hold values of one type: words are words, whether chosen or free."""
    words = (FieldType.TEXT, FieldType.CHOICE)
    return field.type is other.type or (field.type in words and other.type in words)


@dataclass(frozen=True)
class _RuleMaker:
    """Draws one rule. `below` are the types whose facts are finished, `beside` those of the rule's own layer."""

    draw: _Draw
    pools: Pools
    below: Sequence[FactType]
    beside: Sequence[FactType]

    def rule(self, concluded_type: FactType, shapes: Sequence[str]) -> Rule:
        """A rule that concludes a fact of the type, and perhaps another of the same layer."""
        persons = [fact_type for fact_type in self.below if fact_type.one and self.draw.often(3)]
        hidden = tuple(Pattern(person.name, (), person.name, hidden=True) for person in persons)
        outer = tuple((person.name, field) for person in persons for field in person.fields.values())
        when, scope = self._conditions(outer, shapes)
        then = [self._conclusion(concluded_type, scope, references=9 if shapes is _PLAIN else 6)]
        if self.draw.often(2):
            then.append(self._conclusion(self.draw.one_of(self.beside), scope))
        return Rule(
            "made.rule", "made rule", "made", Kind.PERCEPTION, Status.STABLE, (), "editorial", None,
            (*hidden, *when), tuple(then), Words((), ""), "",
        )  # fmt: skip

    def tallies(self, concluded_type: FactType) -> Iterator[Rule]:
        """Rules that tally the same, each with other limits."""
        rule = self.rule(concluded_type, _TALLY)
        yield rule
        for _ in range(3):
            when = tuple(replace(c, limits=self._limits(c, ())) if isinstance(c, Tally) else c for c in rule.when)
            yield replace(rule, when=when)

    def _conditions(self, outer: Scope, shapes: Sequence[str], depth: int = 0) -> tuple[tuple[Condition, ...], Scope]:
        """Conditions that all must hold, and the names that may be used beside them; inside `any` where depth > 0."""
        shape = self.draw.one_of(shapes)
        named: list[Pattern] = []
        scope = list(outer)
        for number in range(shape.count("n")):
            fact_type = self._type(positive=depth == 0) if number < 2 else self.draw.one_of(self.below[:1])
            named.append(Pattern(fact_type.name, (), f"{'abc'[number]}{depth or ''}"))
            scope += [(named[-1].name, field) for field in fact_type.fields.values()]
        fields = {fact_type.name: fact_type.fields for fact_type in (*self.below, *self.beside)}
        conditions: list[Condition] = []
        for number in range(shape.count("t")):
            tally = self._tally(tuple(scope), f"t{number}{depth or ''}")
            conditions.append(replace(tally, limits=self._limits(tally, tuple(scope))))
            if tally.name:
                scope.append((tally.name, _VALUE))
        whole = tuple(scope)
        conditions += [
            self._tested(p, tuple(fields[p.fact_type].values()), whole, plain=shapes is _PLAIN) for p in named
        ]
        conditions += [self._pattern(whole, positive=depth == 0) for _ in range(shape.count("p"))]
        conditions += [Negation(self._pattern(whole)) for _ in range(shape.count("!"))]
        conditions += [self._any(whole, depth + 1) for _ in range(shape.count("o"))]
        if len(conditions) > 1 and self.draw.often(5):
            conditions = self.draw.some_of(conditions, len(conditions), len(conditions))
        return tuple(conditions), whole

    def _tested(self, pattern: Pattern, fields: tuple[Field, ...], scope: Scope, *, plain: bool) -> Pattern:
        """The named pattern with tests: few where the rule only hands facts on, else often a join with another name."""
        if plain and self.draw.often(6):
            return pattern
        others = tuple(pair for pair in scope if pair[0] != pattern.name)
        joins = [
            (field, Reference(name, other.name), _joining(field, other))
            for field in fields
            for name, other in others
            if _comparable(field, other) and not (field.many and other.many)
        ]
        if joins and self.draw.often(4):
            field, reference, operators = self.draw.one_of(joins)
            return replace(pattern, tests=(Test(field.name, OPERATORS[self.draw.one_of(operators)], (reference,)),))
        return replace(pattern, tests=self._tests(fields, scope if self.draw.often(1) else others))

    def _type(self, *, positive: bool = False) -> FactType:
        """A type to look at: a derived one rather than a given one, and one of the same layer now and then."""
        if positive and self.draw.often(1):
            return self.draw.one_of(self.beside)
        derived = [fact_type for fact_type in self.below if fact_type.supplied_by is Supplier.RULES]
        return self.draw.one_of([*self.below, *derived, *derived])

    def _any(self, scope: Scope, depth: int) -> AnyOf:
        shapes = _BRANCHES if depth == 1 else _LEAVES
        return AnyOf(tuple(self._conditions(scope, shapes, depth)[0] for _ in range(self.draw.one_of((2, 2, 3)))))

    def _pattern(self, scope: Scope, *, positive: bool = False) -> Pattern:
        """A pattern without a name. Where it needs finished facts it may still look beside, at facts of one word."""
        fact_type = self._type(positive=positive)
        apart: tuple[Test, ...] = ()
        if not positive and self.draw.often(1):
            beside = self.draw.one_of(self.beside)
            words = [field for field in beside.fields.values() if field.type is FieldType.CHOICE and not field.many]
            if words:
                fact_type = beside
                apart = (Test(words[0].name, OPERATORS["is"], (Constant(self.draw.one_of(tuple(_CHOICES))),)),)
        return Pattern(fact_type.name, (*apart, *self._tests(fact_type.fields.values(), scope)))

    def _tally(self, scope: Scope, name: str) -> Tally:
        """A tally still without limits."""
        pattern = self._pattern(scope)
        if self.draw.often(4):
            pattern = replace(pattern, tests=self._even_test(pattern))
        owner = next(t for t in (*self.below, *self.beside) if t.name == pattern.fact_type)
        numbers = [f.name for f in owner.fields.values() if f.type is FieldType.NUMBER and not f.many]
        kinds = ("count", "of", "total", "highest", "lowest", "total") if numbers else ("count", "of")
        kind = self.draw.one_of(kinds)
        as_name = name if self.draw.often(5) else ""
        if kind == "count":
            return Tally(TallyKind.COUNT, pattern, "", (), as_name)
        if kind == "of":
            return Tally(TallyKind.COUNT, pattern, self.draw.one_of(tuple(owner.fields)), (), as_name)
        return Tally(TallyKind(kind), pattern, self.draw.one_of(numbers), (), as_name)

    def _even_test(self, pattern: Pattern) -> tuple[Test, ...]:
        """A test that about half of the known values pass."""
        owner = next(t for t in (*self.below, *self.beside) if t.name == pattern.fact_type)
        halves = (FieldType.CHOICE, FieldType.BOOLEAN)
        fields = [field for field in owner.fields.values() if field.type in halves and not field.many]
        if not fields:
            return pattern.tests
        field = self.draw.one_of(fields)
        return (Test(field.name, OPERATORS["is"], (Constant(self.draw.one_of(self.pools[field.type])),)),)

    def _limits(self, tally: Tally, scope: Scope) -> tuple[Test, ...]:
        """Limits for a tally; one whose value has a name may do without."""
        amounts: tuple[Value, ...] = (1, 2, 0, 3, Decimal("1.5"))
        if tally.kind is not TallyKind.COUNT:
            pool = self.pools[FieldType.NUMBER]
            amounts = (*pool, 0, sum(pool[:2]))
        maker = replace(self, pools={**self.pools, FieldType.NUMBER: amounts})
        count = self.draw.one_of((1, 1, 1, 1, 2, 0 if tally.name else 1))
        return tuple(maker._test(replace(_VALUE, name=""), scope, _LIMITS) for _ in range(count))

    def _tests(self, fields: Iterable[Field], scope: Scope) -> tuple[Test, ...]:
        count = self.draw.one_of((1, 0, 0, 1, 2))
        return tuple(self._test(self.draw.one_of(tuple(fields)), scope) for _ in range(count))

    def _test(self, field: Field, scope: Scope, names: Sequence[str] = ()) -> Test:
        """A test of the field, with an operand of its type: a value, or a field of whatever is in scope."""
        name = self.draw.one_of(names or _operators(field))
        operator = OPERATORS[name]
        operands = tuple(self._operand(field, name, scope) for _ in range(operator.operands))
        if all(isinstance(operand, Constant) and operand.value is not UNKNOWN for operand in operands):
            operands = tuple(sorted(operands, key=lambda operand: operand.value))
        return Test(field.name, operator, operands)

    def _operand(self, field: Field, operator: str, scope: Scope) -> Operand:
        many = operator in ("in", "not_in")
        fitting = [(name, its) for name, its in scope if its.many is many and _comparable(field, its)]
        base: Operand
        if fitting and self.draw.often(5):
            name, other = self.draw.one_of(fitting)
            base = Reference(name, other.name)
        else:
            size = self.draw.one_of((1, 2, 2, 3, 4, 0)) if many else 1
            values = tuple(self.draw.one_of(self.pools[field.type]) for _ in range(size))
            base = Constant(values if many else values[0])
            if self.draw.below(30) == 29:
                base = Constant(UNKNOWN, "made.unset")  # a parameter without a value for the day
        if field.type is FieldType.NUMBER and not many and operator != "contains" and self.draw.often(1):
            return Shifted(base, self.draw.one_of((1, -1, *self.pools[FieldType.NUMBER])))
        return base

    def _conclusion(self, fact_type: FactType, scope: Scope, references: int = 6) -> Conclusion:
        """A conclusion that takes most of its fields from what is bound, and leaves some out."""
        values: list[tuple[str, Constant | Reference]] = []
        for field in fact_type.fields.values():
            fitting = [(name, its) for name, its in scope if its.many is field.many and _comparable(field, its)]
            if fitting and self.draw.often(references):
                name, other = self.draw.one_of(fitting)
                values.append((field.name, Reference(name, other.name)))
            elif not self.draw.often(2):
                values.append((field.name, Constant(_draw_value(self.draw, self.pools, field))))
        return Conclusion(fact_type.name, tuple(sorted(values, key=lambda pair: pair[0])))


# What a rule consists of: n a pattern with a name, p one without, ! a negation, o an `any`, t a tally.
_PLAIN: Final = ("n",)
_TALLY: Final = ("t",)
_PROBES: Final = ("nt", "nt", "nt", "tt", "!", "n!", "n", "p", "o")
_JOINS: Final = ("nn", "nn", "nnn", "nnt", "nn!", "nno", "nnp")
_SHAPES: Final = (
    *("n", "nn", "n!", "nt", "no", "np", "t", "nt", "n!t", "nnt", "nno", "nn!", "nott", "n!o", "nnp", "nnn"),
    *("tt", "ntt", "nt", "t", "!", "o", "p"),
)
_HISTORIES: Final = ((_PLAIN,), (_PLAIN, _SHAPES), (_PLAIN, _PLAIN, _SHAPES), (_SHAPES,), (_SHAPES, _SHAPES))
_LEAVES: Final = ("p", "n", "!", "t", "np", "n!", "nt", "nn", "p!")
_BRANCHES: Final = (*_LEAVES, "o", "no")
_LIMITS: Final = ("at_least", "at_most", "is", "above", "below", "between", "is_not", "in", "not_in")


def _operators(field: Field) -> tuple[str, ...]:
    if field.many:
        return ("contains", "lacks", "known", "unknown", "contains", "lacks")
    common = ("is", "is", "is", "is_not", "in", "not_in", "known", "unknown", "is_not", "in")
    return (*common, "at_least", "at_most", "above", "below", "between", "between") if field.has_order else common


def _joining(field: Field, other: Field) -> tuple[str, ...]:
    """The operators by which a field joins another one."""
    if field.many:
        return ("contains", "lacks")
    if other.many:
        return ("in", "not_in")
    return ("is", "is", "is", "is_not", "at_least" if field.has_order else "is")


# --- smaller scenarios --------------------------------------------------------------------------------------------


def reduced(scenario: Scenario, is_bad: Callable[[Scenario], bool], seconds: float = 60) -> Scenario:
    """A scenario as bad as this one of which nothing can be left out, as far as time allows."""
    end = monotonic() + seconds
    while True:
        smaller = next((one for one in _less(scenario) if monotonic() > end or is_bad(one)), None)
        if smaller is None or monotonic() > end:
            return scenario
        scenario = smaller


def _less(scenario: Scenario) -> Iterator[Scenario]:
    """The scenario without one of its parts, the largest parts first."""
    for rules in _without_one(scenario.rules):
        yield replace(scenario, rules=rules)
    for facts in _without_one(scenario.facts):
        yield replace(scenario, facts=facts)
    for place, rule in enumerate(scenario.rules):
        for simpler in _simpler_rules(rule):
            yield replace(scenario, rules=(*scenario.rules[:place], simpler, *scenario.rules[place + 1 :]))
    used = {test.field for rule in scenario.rules for c in rule.when for p in inner_patterns(c) for test in p.tests}
    text = describe(scenario)
    for fact_type in scenario.vocabulary.types.values():
        for name in set(fact_type.fields) - used:
            if f"{name}: " not in text.partition("  rule ")[2] and f" of {name}" not in text and f".{name}" not in text:
                yield _without_field(scenario, fact_type, name)


def _without_one(items: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    return (items[:place] + items[place + 1 :] for place in range(len(items)))


def _without_field(scenario: Scenario, fact_type: FactType, name: str) -> Scenario:
    fields = {other: field for other, field in fact_type.fields.items() if other != name}
    types = {**scenario.vocabulary.types, fact_type.name: replace(fact_type, fields=fields)}
    facts = tuple(
        replace(fact, values=tuple(pair for pair in fact.values if pair[0] != name))
        if fact.type == fact_type.name
        else fact
        for fact in scenario.facts
    )
    return replace(scenario, vocabulary=Vocabulary(types), facts=facts)


def _simpler_rules(rule: Rule) -> Iterator[Rule]:
    for when in _simpler_conditions(rule.when):
        if when:
            yield replace(rule, when=when)
    for then in _without_one(rule.then):
        yield replace(rule, then=then)
    for place, conclusion in enumerate(rule.then):
        for values in _without_one(conclusion.values):
            simpler = replace(conclusion, values=values)
            yield replace(rule, then=(*rule.then[:place], simpler, *rule.then[place + 1 :]))


def _simpler_conditions(conditions: tuple[Condition, ...]) -> Iterator[tuple[Condition, ...]]:
    yield from _without_one(conditions)
    for place, condition in enumerate(conditions):
        for simpler in _simpler_condition(condition):
            yield (*conditions[:place], simpler, *conditions[place + 1 :])


def _simpler_condition(condition: Condition) -> Iterator[Condition]:
    if isinstance(condition, Pattern):
        yield from (replace(condition, tests=tests) for tests in _without_one(condition.tests))
        if condition.name:
            yield replace(condition, name="")
    elif isinstance(condition, Negation):
        yield from (replace(condition, pattern=simpler) for simpler in _simpler_condition(condition.pattern))
    elif isinstance(condition, Tally):
        yield from (replace(condition, limits=limits) for limits in _without_one(condition.limits))
        yield from (replace(condition, pattern=simpler) for simpler in _simpler_condition(condition.pattern))
        if condition.name:
            yield replace(condition, name="")
    else:
        yield from (replace(condition, branches=branches) for branches in _without_one(condition.branches))
        for place, branch in enumerate(condition.branches):
            for simpler in _simpler_conditions(branch):
                if simpler:
                    branches = (*condition.branches[:place], simpler, *condition.branches[place + 1 :])
                    yield replace(condition, branches=branches)


# --- how a scenario reads -----------------------------------------------------------------------------------------


def describe(scenario: Scenario) -> str:
    """The scenario as a person reads it; `?` is unknown, `none` absent."""
    lines = []
    for fact_type in scenario.vocabulary.types.values():
        fields = ", ".join(f"{f.name}: {f.type}{' list' if f.many else ''}" for f in fact_type.fields.values())
        lines.append(f"  type {fact_type.name}{' (one)' if fact_type.one else ''}: {fields}")
    lines += [f"  fact {describe_fact(fact, scenario.vocabulary)}" for fact in scenario.facts]
    for rule in scenario.rules:
        lines.append(f"  rule {rule.id}")
        lines += [f"    when {_describe_condition(condition)}" for condition in rule.when]
        lines += [f"    then {c.fact_type} {_describe_values(c.values)}" for c in rule.then]
    return "\n".join(lines) + "\n"


def describe_fact(fact: Fact, vocabulary: Vocabulary) -> str:
    """The fact as a person reads it."""
    fields = ", ".join(f"{name}: {_describe_slot(fact.get(name))}" for name in vocabulary.types[fact.type].fields)
    place = f"#{fact.position} " if fact.origin is Origin.LISTED else f"{fact.origin.value} "
    return f"{place}{fact.type} {{{fields}}}"


def _describe_slot(slot: Slot) -> str:
    return "?" if slot is UNKNOWN else "none" if slot is ABSENT else str(slot) if isinstance(slot, date) else repr(slot)


def _describe_operand(operand: Operand) -> str:
    if isinstance(operand, Shifted):
        return f"({_describe_operand(operand.base)} plus {operand.by})"
    if isinstance(operand, Reference):
        return f"${operand.name}.{operand.field}"
    return _describe_slot(operand.value) if isinstance(operand, Constant) else str(operand)


def _describe_values(values: Iterable[tuple[str, Any]]) -> str:
    return f"{{{', '.join(f'{name}: {_describe_operand(value)}' for name, value in values)}}}"


def _describe_tests(tests: Iterable[Test]) -> str:
    words = (" ".join((t.field, t.operator.name, *map(_describe_operand, t.operands))).strip() for t in tests)
    return f"{{{', '.join(words)}}}"


def _describe_condition(condition: Condition) -> str:
    if isinstance(condition, Pattern):
        name = f" as {condition.name}" if condition.name else ""
        return (
            f"{condition.fact_type}{name}{' (hidden)' if condition.hidden else ''} {_describe_tests(condition.tests)}"
        )
    if isinstance(condition, Negation):
        return f"not {_describe_condition(condition.pattern)}"
    if isinstance(condition, Tally):
        of, name = (
            f" {word} {value}" if value else "" for word, value in (("of", condition.of), ("as", condition.name))
        )
        return (
            f"{condition.kind}{of} ({_describe_condition(condition.pattern)}){name} {_describe_tests(condition.limits)}"
        )
    branches = (" and ".join(map(_describe_condition, branch)) for branch in condition.branches)
    return "any [" + " | ".join(branches) + "]"

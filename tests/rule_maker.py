"""Made-up rules: one condition of every kind, in every place that the language gives it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from smartpick_expert.language.model import (
    AnyOf,
    Conclusion,
    Condition,
    Constant,
    Kind,
    Negation,
    Operand,
    ParameterReference,
    Pattern,
    Reference,
    Rule,
    Shifted,
    Status,
    Tally,
    TallyKind,
    Test,
    Words,
)
from smartpick_expert.language.operators import OPERATORS
from smartpick_expert.language.values import Value
from smartpick_expert.language.vocabulary import FactType, Field, FieldType, Supplier
from tests.drawing import CHOICES, TALLIED, Draw, draw_value, in_domain, parameter_name
from tests.scenarios import Pools

Scope = tuple[tuple[str, Field], ...]


def _comparable(field: Field, other: Field) -> bool:
    """Whether two fields hold values of one type: words are words, whether chosen or free."""
    words = (FieldType.TEXT, FieldType.CHOICE)
    return field.type is other.type or (field.type in words and other.type in words)


@dataclass(frozen=True)
class RuleMaker:
    """Draws one rule. `below` are the types whose facts are finished, `beside` those of the rule's own layer."""

    draw: Draw
    pools: Pools
    below: Sequence[FactType]
    beside: Sequence[FactType]

    def rule(self, concluded_type: FactType, shapes: Sequence[str]) -> Rule:
        """A rule that concludes a fact of the type, and perhaps another of the same layer."""
        persons = [fact_type for fact_type in self.below if fact_type.one and self.draw.often(3)]
        hidden = tuple(Pattern(person.name, (), person.name, hidden=True) for person in persons)
        outer = tuple((person.name, field) for person in persons for field in person.fields.values())
        when, scope = self._conditions(outer, shapes)
        then = [self._conclusion(concluded_type, scope, references=9 if shapes is PLAIN else 6)]
        if self.draw.often(2):
            then.append(self._conclusion(self.draw.one_of(self.beside), scope))
        return rule_of((*hidden, *when), tuple(then))

    def long_join(self, concluded_type: FactType, size: int) -> Rule:
        """A rule of that many patterns, each tested against one before it where their fields allow it."""
        named: list[Pattern] = []
        scope: list[tuple[str, Field]] = []
        for number in range(size):
            fact_type = self.draw.one_of(self.below)
            fields = tuple(fact_type.fields.values())
            pattern = self._joined(Pattern(fact_type.name, (), f"p{number}"), fields, tuple(scope[-6:]))
            named.append(pattern or Pattern(fact_type.name, (), f"p{number}"))
            scope += [(named[-1].name, field) for field in fields]
        then = self._conclusion(concluded_type, tuple(scope), references=9)
        return rule_of(self.draw.shuffled(named), (then,))

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
                scope.append((tally.name, TALLIED))
        whole = tuple(scope)
        conditions += [
            self._tested(p, tuple(fields[p.fact_type].values()), whole, plain=shapes is PLAIN) for p in named
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
        joined = self._joined(pattern, fields, others) if self.draw.often(4) else None
        return joined or replace(pattern, tests=self._tests(fields, scope if self.draw.often(1) else others))

    def _joined(self, pattern: Pattern, fields: Sequence[Field], others: Scope) -> Pattern | None:
        """The pattern, joined with another name; None where nothing can be compared."""
        joins = [
            (field, Reference(name, other.name), _joining(field, other))
            for field in fields
            for name, other in others
            if _comparable(field, other) and not (field.many and other.many)
        ]
        if not joins:
            return None
        field, reference, operators = self.draw.one_of(joins)
        return replace(pattern, tests=(Test(field.name, OPERATORS[self.draw.one_of(operators)], (reference,)),))

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
        if not positive and self.draw.below(20) == 0:
            beside = self.draw.one_of(self.beside)
            words = [field for field in beside.fields.values() if field.type is FieldType.CHOICE and not field.many]
            if words:
                fact_type = beside
                apart = (Test(words[0].name, OPERATORS["is"], (Constant(self.draw.one_of(tuple(CHOICES))),)),)
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
            amounts = (*pool, 0, in_domain(sum(pool[:2])))
        maker = replace(self, pools={**self.pools, FieldType.NUMBER: amounts})
        count = self.draw.one_of((1, 1, 1, 1, 2, 0 if tally.name else 1))
        return tuple(maker._test(replace(TALLIED, name=""), scope, _LIMITS) for _ in range(count))

    def _tests(self, fields: Iterable[Field], scope: Scope) -> tuple[Test, ...]:
        count = self.draw.one_of((1, 0, 0, 1, 2))
        return tuple(self._test(self.draw.one_of(tuple(fields)), scope) for _ in range(count))

    def _test(self, field: Field, scope: Scope, names: Sequence[str] = ()) -> Test:
        """A test of the field, with an operand of its type: a value, or a field of whatever is in scope."""
        name = self.draw.one_of(names or _operators(field))
        operator = OPERATORS[name]
        operands = tuple(self._operand(field, name, scope) for _ in range(operator.operands))
        if all(isinstance(operand, Constant) for operand in operands):
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
            if self.draw.below(20) == 0:
                base = ParameterReference(parameter_name(field.type, many=many))
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
                values.append((field.name, Constant(draw_value(self.draw, self.pools, field))))
        return Conclusion(fact_type.name, tuple(sorted(values, key=lambda pair: pair[0])))


def rule_of(when: tuple[Condition, ...], then: tuple[Conclusion, ...]) -> Rule:
    """A rule with nothing remarkable about it but its conditions and conclusions."""
    return Rule(
        "made.rule", "made rule", "made", Kind.PERCEPTION, Status.STABLE, ("claim:made",), "editorial", None,
        when, then, Words((), ""), "",
    )  # fmt: skip


# What a rule consists of: n a pattern with a name, p one without, ! a negation, o an `any`, t a tally.
PLAIN: Final = ("n",)
_TALLY: Final = ("t",)
PROBES: Final = ("nt", "nt", "nt", "tt", "!", "n!", "n", "p", "o")
JOINS: Final = ("nn", "nn", "nnn", "nnt", "nn!", "nno", "nnp")
_SHAPES: Final = (
    *("n", "nn", "n!", "nt", "no", "np", "t", "nt", "n!t", "nnt", "nno", "nn!", "nott", "n!o", "nnp", "nnn"),
    *("tt", "ntt", "nt", "t", "!", "o", "p"),
)
HISTORIES: Final = ((PLAIN,), (PLAIN, _SHAPES), (PLAIN, PLAIN, _SHAPES), (_SHAPES,), (_SHAPES, _SHAPES))
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

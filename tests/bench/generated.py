"""Rule bases made for the bench: of any size, shaped like the one we ship, each the same whenever it is made.

The given facts are one person and about twenty documents, events, places and ties. Findings stand in layers: a rule of a
layer reads given facts and findings of the layers below, whether by a pattern, a join, a negation, a choice or a tally,
in about the proportions of the shipped rules. The more rules, the more layers and kinds of finding, so that a few dozen
rules fire whatever the size. Values are words, truths and whole numbers, which all engines hold alike.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any, Final

from smartpick_expert.engine.compiled import compile_rules
from smartpick_expert.language.facts import Fact, listed
from smartpick_expert.language.model import (
    AnyOf,
    Conclusion,
    Condition,
    Constant,
    Kind,
    Negation,
    Pattern,
    Reference,
    Rule,
    RuleSet,
    Status,
    Tally,
    TallyKind,
    Test,
    Words,
)
from smartpick_expert.language.operators import OPERATORS
from smartpick_expert.language.values import Value
from smartpick_expert.language.vocabulary import FactType, Field, FieldType, Supplier, Vocabulary
from tests.bench.subjects import Subject

AS_OF: Final = date(2026, 9, 10)
_WORDS: Final = ("red", "green", "blue", "black", "white")
_MOST: Final = 100
# The given types beside the person, and how many facts of each a consultation has.
_GIVEN: Final = {"document": 6, "event": 6, "place": 4, "tie": 4}


def generated(rules: int, consultations: int = 12) -> Subject:
    """A rule base of so many rules, with the facts of so many consultations."""
    chance = Random(rules)
    strictness = 1 + (rules >= 500) + (rules >= 2000)
    maker = _Maker(chance, max(6, min(20, rules // 40)), max(5, rules // 90), strictness)
    vocabulary = Vocabulary({one.name: one for one in (*_given_types(), *maker.findings)})
    made = tuple(maker.rule(number, number * maker.layers // rules) for number in range(rules))
    several = tuple(_facts(vocabulary, Random(seed)) for seed in range(consultations))
    return Subject(f"{rules} rules", compile_rules(RuleSet(made, vocabulary), {}, AS_OF), several)


def thresholds(rules: int = 100, consultations: int = 40) -> Subject:
    """Rules of one or two thresholds each, all on the one fact of a person."""
    chance = Random(rules)
    number_fields = [f"number_{place}" for place in range(10)]
    person = _type("person", Supplier.PROFILE, [_field(name, FieldType.NUMBER) for name in number_fields], one=True)
    finding = _type("finding", Supplier.RULES, [_field("kind", FieldType.NUMBER)])
    made = []
    for number in range(rules):
        names = chance.sample(number_fields, chance.choice((1, 2)))
        tests = [_test(name, chance.choice(("at_least", "below")), chance.randrange(5, _MOST - 5)) for name in names]
        conclusion = Conclusion("finding", (("kind", Constant(number)),))
        made.append(_rule(number, [Pattern("person", tuple(tests))], conclusion))
    vocabulary = Vocabulary({"person": person, "finding": finding})
    several = []
    for seed in range(consultations):
        values = {name: Random(f"{seed} {name}").randrange(_MOST) for name in number_fields}
        several.append((listed(person, values, 0),))
    compiled = compile_rules(RuleSet(tuple(made), vocabulary), {}, AS_OF)
    return Subject(f"{rules} thresholds", compiled, tuple(several))


def offers(many: int) -> Subject:
    """Twenty rules that join one person, so many offers and half as many answers to them."""
    person = _type(
        "person", Supplier.PROFILE, [_field("score", FieldType.NUMBER), _field("colour", FieldType.TEXT)], one=True
    )
    offer = _type(
        "offer", Supplier.PROFILE, [_LABEL, _field("floor", FieldType.NUMBER), _field("colour", FieldType.TEXT)]
    )
    answer = _type(
        "answer", Supplier.PROFILE, [_LABEL, _field("offer", FieldType.LABEL), _field("size", FieldType.NUMBER)]
    )
    finding = _type("finding", Supplier.RULES, [_field("about", FieldType.LABEL), _field("kind", FieldType.NUMBER)])
    chance = Random(0)
    facts = [listed(person, {"score": 50, "colour": "red"}, 0)]
    for place in range(many):
        values = {"label": f"offer-{place}", "floor": chance.randrange(_MOST), "colour": chance.choice(_WORDS)}
        facts.append(listed(offer, values, place))
    for place in range(many // 2):
        values = {
            "label": f"answer-{place}",
            "offer": f"offer-{chance.randrange(many)}",
            "size": chance.randrange(_MOST),
        }
        facts.append(listed(answer, values, place))
    vocabulary = Vocabulary({one.name: one for one in (person, offer, answer, finding)})
    compiled = compile_rules(RuleSet(tuple(_joining_rule(number) for number in range(20)), vocabulary), {}, AS_OF)
    return Subject(f"{many} offers", compiled, (tuple(facts),))


def _joining_rule(number: int) -> Rule:
    """Every other rule compares an offer with the person; the others join it with its answers by name as well."""
    me = Pattern("person", (), "me")
    colour = _test("colour", "is", _WORDS[number % len(_WORDS)])
    within = Test("floor", OPERATORS["at_most"], (Reference("me", "score"),))
    offer = Pattern("offer", (colour, within), "offer")
    conclusion = Conclusion("finding", (("about", Reference("offer", "label")), ("kind", Constant(number))))
    if number % 2 == 0:
        return _rule(number, [me, offer], conclusion)
    joined = Test("offer", OPERATORS["is"], (Reference("offer", "label"),))
    answer = Pattern("answer", (joined, _test("size", "at_least", 5 * number)), "answer")
    return _rule(number, [me, offer, answer], conclusion)


# --- vocabulary and facts -----------------------------------------------------------------------------------------


def _field(name: str, field_type: FieldType) -> Field:
    return Field(name, field_type, name)


def _type(name: str, supplier: Supplier, fields: Sequence[Field], *, one: bool = False) -> FactType:
    return FactType(name, name, supplier, {field.name: field for field in fields}, one=one)


_LABEL: Final = _field("label", FieldType.LABEL)
_FIELDS: Final = (
    *(_field(f"word_{place}", FieldType.TEXT) for place in range(4)),
    *(_field(f"number_{place}", FieldType.NUMBER) for place in range(4)),
    *(_field(f"truth_{place}", FieldType.BOOLEAN) for place in range(2)),
)


def _given_types() -> list[FactType]:
    person = _type("person", Supplier.PROFILE, _FIELDS, one=True)
    to = _field("to", FieldType.LABEL)
    return [person, *(_type(name, Supplier.PROFILE, [_LABEL, to, *_FIELDS]) for name in _GIVEN)]


def _facts(vocabulary: Vocabulary, chance: Random) -> tuple[Fact, ...]:
    """One person and the facts about it; each names another fact, so that there is something to join."""
    labels = [f"{name}-{place}" for name, many in _GIVEN.items() for place in range(many)]
    facts = [listed(vocabulary.types["person"], _values(chance), 0)]
    for name, many in _GIVEN.items():
        for place in range(many):
            values = {"label": f"{name}-{place}", "to": chance.choice(labels), **_values(chance)}
            facts.append(listed(vocabulary.types[name], values, place))
    return tuple(facts)


def _values(chance: Random) -> dict[str, Value]:
    return {field.name: _value(chance, field) for field in _FIELDS}


def _value(chance: Random, field: Field) -> Value:
    if field.type is FieldType.TEXT:
        return chance.choice(_WORDS)
    return chance.random() < 0.5 if field.type is FieldType.BOOLEAN else chance.randrange(_MOST)


# --- rules --------------------------------------------------------------------------------------------------------


def _test(name: str, operator: str, value: Any) -> Test:
    return Test(name, OPERATORS[operator], (Constant(value),))


def _rule(number: int, when: Sequence[Condition], then: Conclusion) -> Rule:
    return Rule(
        f"made.rule-{number:04}", "made rule", "made", Kind.PERCEPTION, Status.STABLE, (), "editorial", None,
        tuple(when), (then,), Words((), ""), "",
    )  # fmt: skip


@dataclass(frozen=True)
class _Maker:
    """Draws rules for layers; each layer has findings of a type of its own, of so many kinds.

    `strictness` is how many tests a given fact is put to at least.
    """

    chance: Random
    layers: int
    kinds: int
    strictness: int

    @property
    def findings(self) -> list[FactType]:
        """The types that rules conclude, one a layer."""
        fields = [_field("kind", FieldType.TEXT), _field("about", FieldType.LABEL), _field("points", FieldType.NUMBER)]
        return [_type(f"finding_{layer}", Supplier.RULES, fields) for layer in range(self.layers)]

    def rule(self, number: int, layer: int) -> Rule:
        """A rule of a layer: the lowest reads given facts alone."""
        shapes: tuple[Callable[[int], list[Condition]], ...] = (self._facts_alone, self._facts_alone, self._linked)
        if layer:
            shapes = (
                self._facts_alone, self._follows, self._follows, self._each_follows, self._each_follows,
                self._denied, self._denied, self._denied, self._chosen, self._counted, self._linked,
            )  # fmt: skip
        when = self.chance.choice(shapes)(layer)
        named = next((c for c in when if isinstance(c, Pattern) and c.name and c.name != "person"), None)
        about = Reference(named.name, "label") if named is not None else Constant("person")
        values = (("about", about), ("kind", Constant(self._kind())), ("points", Constant(self.chance.randrange(10))))
        return _rule(number, when, Conclusion(f"finding_{layer}", values))

    def _kind(self) -> str:
        return f"kind_{self.chance.randrange(self.kinds)}"

    def _facts_alone(self, _: int) -> list[Condition]:
        """The person, and something given about it."""
        return [self._person(2), self._given("one", 3)]

    def _linked(self, _: int) -> list[Condition]:
        """Two given facts, of which one names the other."""
        linked = Test("to", OPERATORS["is"], (Reference("one", "label"),))
        return [self._given("one", 2), self._given("other", 1, linked)]

    def _follows(self, layer: int) -> list[Condition]:
        """A finding, and what the person is like."""
        return [self._person(1), self._finding(layer)]

    def _each_follows(self, layer: int) -> list[Condition]:
        """Given facts about which there is a finding."""
        one = self._given("one", 1)
        return [one, self._finding(layer, about="one")]

    def _denied(self, layer: int) -> list[Condition]:
        """Given facts about which there is one finding and not another."""
        one = self._given("one", 2)
        return [one, Negation(self._finding(layer, about="one")), Negation(self._finding(layer))]

    def _chosen(self, layer: int) -> list[Condition]:
        """The person, and either of two findings."""
        return [
            self._person(1),
            AnyOf(((self._finding(layer),), (self._finding(layer), Negation(self._finding(layer))))),
        ]

    def _counted(self, layer: int) -> list[Condition]:
        """As many findings as are asked for, or so many points."""
        below = f"finding_{self.chance.randrange(max(0, layer - 2), layer)}"
        kind = self.chance.choice((TallyKind.COUNT, TallyKind.TOTAL))
        limit = _test("", "at_least", self.chance.randrange(2, 5) * (1 if kind is TallyKind.COUNT else 7))
        return [self._person(2), Tally(kind, Pattern(below), "" if kind is TallyKind.COUNT else "points", (limit,))]

    def _person(self, tests: int) -> Pattern:
        return Pattern("person", tuple(self._tests(tests)), "person", hidden=True)

    def _given(self, name: str, tests: int, *more: Test) -> Pattern:
        return Pattern(self.chance.choice(list(_GIVEN)), (*self._tests(tests), *more), name)

    def _finding(self, layer: int, about: str = "") -> Pattern:
        """A finding of one of the two layers below."""
        below = self.chance.randrange(max(0, layer - 2), layer)
        tests = [_test("kind", "is", self._kind())]
        if about:
            tests.append(Test("about", OPERATORS["is"], (Reference(about, "label"),)))
        return Pattern(f"finding_{below}", tuple(tests))

    def _tests(self, many: int) -> list[Test]:
        tests = []
        for field in self.chance.sample(_FIELDS, many + self.strictness - 1):
            if field.type is FieldType.NUMBER:
                operator = self.chance.choice(("at_least", "below"))
                tests.append(_test(field.name, operator, self.chance.randrange(20, 80)))
            elif field.type is FieldType.TEXT and self.chance.random() < 0.3:
                tests.append(_test(field.name, "in", tuple(self.chance.sample(_WORDS, 2))))
            else:
                tests.append(_test(field.name, "is", _value(self.chance, field)))
        return tests

"""Patterns, tests and tallies as CLIPS text, within one rule."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from smartpick_expert.language.model import Constant, Operand, Pattern, Reference, Shifted, Tally, TallyKind, Test
from smartpick_expert.language.values import ABSENT
from tests.bench.clips_fields import Shapes
from tests.bench.clips_words import NO_VALUE, NOTHING, NotTranslatableError, Symbols, both, fold, meaning


@dataclass
class Name:
    """What a name stands for in a rule: a fact type with a variable for each field, or a tally with its call."""

    fact_type: str = ""
    call: str = ""
    variables: dict[str, str] = field(default_factory=dict)


class PatternText:
    """What the conditions of one rule are made of, and the names bound so far. `functions` gathers those of its tallies."""

    def __init__(self, shapes: Shapes, symbols: Symbols, functions: list[str]) -> None:
        self.shapes, self.symbols, self.functions = shapes, symbols, functions
        self.names: dict[str, Name] = {}
        self._variables = 0

    def nameless(self, pattern: Pattern) -> str:
        """A pattern that binds nothing."""
        return self.pattern(pattern.fact_type, pattern.tests, Name(pattern.fact_type), ())

    def pattern(self, fact_type: str, tests: Iterable[Test], name: Name, kept: Iterable[str]) -> str:
        """A pattern with these tests; the fields kept get a variable each, which `name` remembers."""
        slots: dict[str, list[Test]] = {one: [] for one in kept}
        for test in tests:
            slots.setdefault(test.field, []).append(test)
        for one in kept:
            name.variables[one] = self._new_variable()
        names = self.shapes.slots[fact_type]
        texts = [f"({names[one]} {self._constraint(fact_type, one, several, name)})" for one, several in slots.items()]
        return f"({' '.join([self.shapes.templates[fact_type], *texts])})"

    def _constraint(self, fact_type: str, field_name: str, tests: list[Test], name: Name) -> str:
        variable = name.variables.get(field_name)
        many = self.shapes.many(fact_type, field_name)
        # CLIPS refuses constants that contradict each other, which rules may do.
        parts = [None if many or len(tests) > 1 else self._native(fact_type, test) for test in tests]
        if None in parts:
            variable = variable or self._new_variable()
            parts = [f":{self.predicate(test, fact_type, variable)}" for test in tests]
        if variable is not None:
            parts.insert(0, f"${variable}" if many else variable)
        return "&".join(parts)

    def _native(self, fact_type: str, test: Test) -> str | None:
        """A test as a slot says it, or None where it takes an expression."""
        symbols = self.symbols
        there = f"&~{NOTHING}" if self.shapes.may_be_absent(fact_type, test.field) else ""
        if test.operator.name in ("known", "unknown"):
            return NOTHING if test.operator.name == "unknown" else f"~{NOTHING}"
        operand = test.operands[0]
        if isinstance(operand, Constant) and operand.value is not ABSENT:
            if test.operator.name == "is":
                return symbols.literal(operand.value)
            if test.operator.name == "is_not":
                return f"~{symbols.literal(operand.value)}{there}"
            if test.operator.name == "in" and operand.value:
                return "|".join(symbols.literal(item) for item in operand.value)
        if isinstance(operand, Reference) and test.operator.name == "is" and self.names[operand.name].fact_type:
            return f"{self.operand(operand)}{there}"
        return None

    def predicate(self, test: Test, fact_type: str, left: str) -> str:
        """A test as an expression."""
        many = fact_type != "" and self.shapes.many(fact_type, test.field)
        nothing = f"(create$ {NOTHING})" if many else NOTHING
        if test.operator.name in ("known", "unknown"):
            return f"({'eq' if test.operator.name == 'unknown' else 'neq'} {left} {nothing})"
        guards = [f"(neq {left} {nothing})"] if self.shapes.may_be_absent(fact_type, test.field) else []
        guards += [guard for operand in test.operands for guard in self._guards(operand)]
        meant = meaning(test, left, [self.operand(operand) for operand in test.operands], number=fact_type == "")
        return both([*guards, meant])

    def _guards(self, operand: Operand) -> list[str]:
        base = operand.base if isinstance(operand, Shifted) else operand
        if not isinstance(base, Reference):
            return ["FALSE"] if isinstance(base, Constant) and base.value is ABSENT else []
        name = self.names[base.name]
        if not name.fact_type or not self.shapes.may_be_absent(name.fact_type, base.field):
            return []
        nothing = f"(create$ {NOTHING})" if self.shapes.many(name.fact_type, base.field) else NOTHING
        return [f"(neq {self.operand(base)} {nothing})"]

    def operand(self, operand: Operand) -> str:
        """A value as an expression."""
        if isinstance(operand, Constant):
            text = self.symbols.literal(operand.value)
            return f"(create$ {text})" if isinstance(operand.value, tuple) else text
        if isinstance(operand, Shifted):
            return f"(+ {self.operand(operand.base)} {self.symbols.literal(operand.by)})"
        if isinstance(operand, Reference):
            return self.names[operand.name].call or self.variable(operand.name, operand.field)
        raise NotTranslatableError(f"parameter {operand.name} was not put in")

    def variable(self, name: str, field_name: str) -> str:
        """The variable of a field that was kept."""
        return self.names[name].variables[field_name]

    def _new_variable(self) -> str:
        self._variables += 1
        return f"?v{self._variables}"

    def tally(self, tally: Tally) -> str:
        """The test that the tally holds; its name, if it has one, stands for a call that gives its value."""
        functions = self.functions
        number = len(functions)
        references = dict.fromkeys(
            self.operand(reference)
            for test in tally.pattern.tests
            for reference in test.references()
            if reference.name != tally.pattern.name
        )
        # A tally in terms of another is given the value of the other.
        parameters = {text: text if text.startswith("?") else f"?t{place}" for place, text in enumerate(references)}
        value = f"(tally-{number} {' '.join(references)})" if references else f"(tally-{number})"
        functions.append(self._function(number, tally, parameters))
        name = Name(call=value)
        limits = [self.predicate(limit, "", value) for limit in tally.limits]
        exists = [f"(neq {value} {NO_VALUE})"] if tally.kind in (TallyKind.HIGHEST, TallyKind.LOWEST) else []
        if tally.name:
            self.names[tally.name] = name
        conditions = [*exists, *limits]
        return f"(test {both(conditions) if conditions else '(eq 0 0)'})"

    def _function(self, number: int, tally: Tally, parameters: dict[str, str]) -> str:
        pattern = tally.pattern
        looked_at = {one: f"?x:{slot}" for one, slot in self.shapes.slots[pattern.fact_type].items()}
        if pattern.name:
            self.names[pattern.name] = Name(pattern.fact_type, variables=looked_at)
        tests = [self.predicate(test, pattern.fact_type, looked_at[test.field]) for test in pattern.tests]
        value = looked_at.get(tally.of, "")
        if tally.of and self.shapes.many(pattern.fact_type, tally.of):
            # A list within a list would come apart.
            value = f"(implode$ {value})"
            tests.append(f'(neq {value} "{NOTHING}")')
        elif tally.of and self.shapes.may_be_absent(pattern.fact_type, tally.of):
            tests.append(f"(neq {value} {NOTHING})")
        query = both(tests)
        for text, parameter in parameters.items():
            query = query.replace(text, parameter) if text != parameter else query
        start, step, end = fold(tally, value)
        template = self.shapes.templates[pattern.fact_type]
        facts = f"(do-for-all-facts ((?x {template})) {query} {step})"
        return f"(deffunction tally-{number} ({' '.join(parameters.values())}) (bind ?n {start}) {facts} {end})"

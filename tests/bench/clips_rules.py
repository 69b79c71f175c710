"""Rules in CLIPS: the certain reading of facts without unknowns, as constructs that CLIPS runs as fast as it can.

Strata are saliences. Tests on constants stand in the slots, equal fields share a variable (CLIPS hashes such joins),
`not`, `any` and patterns without a name are CLIPS's own negations. A tally is a function over the facts, called in a
test behind a gate: a fact that appears once the strata below are finished. Equal conclusions are one fact, since CLIPS
keeps no duplicates; entries of a profile are numbered, so that two that read alike stay two. Every firing adds to a
note, which a last rule makes one text of: that is cheaper to hand over than facts are. Names are short because CLIPS
reads the facts of each consultation as text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from smartpick_expert.engine.compiled import CompiledRules, has_unknown_constant
from smartpick_expert.language.model import (
    AnyOf,
    Condition,
    Constant,
    Negation,
    Operand,
    Pattern,
    Reference,
    Rule,
    Shifted,
    Tally,
    TallyKind,
    Test,
    inner_patterns,
    inner_tests,
)
from smartpick_expert.language.values import ABSENT, Slot, decimal_text
from smartpick_expert.language.vocabulary import Supplier, Vocabulary

NOTHING = "none"
NO_VALUE = "void"
# Notes are joined piece by piece, since every addition copies the piece.
PIECE = 100
# What the notes of a run are gathered in; CLIPS empties it with every reset.
_NOTES = (
    "(defglobal ?*note* = (create$))",
    "(defglobal ?*notes* = (create$))",
    '(defglobal ?*text* = "")',
    f"(deffunction note ($?items) (bind ?*note* (create$ ?*note* ?items)) (if (> (length$ ?*note*) {PIECE}) then"
    ' (bind ?*notes* (create$ ?*notes* (implode$ ?*note*) " ")) (bind ?*note* (create$))))',
    "(defrule hand-over (declare (salience -10000)) => "
    "(bind ?*text* (str-cat (expand$ ?*notes*) (implode$ ?*note*))))",
)
_MIRRORED = {"is": "is", "is_not": "is_not", "at_least": "at_most", "at_most": "at_least", "above": "below", "below": "above"}
_COMPARISONS = {"at_least": ">=", "at_most": "<=", "above": ">", "below": "<"}


class NotTranslatableError(ValueError):
    """A rule says what this translation has no words for."""


class Symbols:
    """Texts as CLIPS symbols: `s0`, `s1`, ... in the order in which they are met. Numbers, dates and booleans are CLIPS's own."""

    def __init__(self) -> None:
        self._of: dict[str, str] = {}
        self.texts: dict[str, str] = {}

    def text(self, text: str) -> str:
        """The symbol of a text."""
        symbol = self._of.get(text)
        if symbol is None:
            symbol = self._of[text] = f"s{len(self._of)}"
            self.texts[symbol] = text
        return symbol

    def literal(self, slot: Slot) -> str:
        """A value as CLIPS reads it; a list as its items."""
        if isinstance(slot, str):
            return self.text(slot)
        if isinstance(slot, bool):
            return "TRUE" if slot else "FALSE"
        if isinstance(slot, int):
            return str(slot)
        if isinstance(slot, Decimal):
            return decimal_text(slot)
        if isinstance(slot, date):
            return str(slot.toordinal())
        if isinstance(slot, tuple):
            return " ".join(map(self.literal, slot))
        if slot is ABSENT:
            return NOTHING
        raise NotTranslatableError("an unknown has no place in CLIPS")


@dataclass(frozen=True)
class Program:
    """A rule base as CLIPS constructs. Firings name a rule by its place in `rules`.

    `templates` names the template of each type, `slots` the slot of each of its fields.
    """

    constructs: tuple[str, ...]
    rules: tuple[Rule, ...]
    slots: dict[str, dict[str, str]]
    templates: dict[str, str]
    vocabulary: Vocabulary
    symbols: Symbols


def translate(compiled: CompiledRules) -> Program:
    """The rules as CLIPS reads them. Raises NotTranslatableError naming the rule."""
    return _Translation(compiled).program()


class _Translation:
    """What holds for all rules: the types and their slots, which fields can be absent, the functions of the tallies."""

    def __init__(self, compiled: CompiledRules) -> None:
        self.compiled = compiled
        self.types = compiled.vocabulary.types
        self.symbols = Symbols()
        self.functions: list[str] = []
        read = _fields_read(compiled)
        self.slots = {name: {one: f"f{place}" for place, one in enumerate(fields)} for name, fields in read.items()}
        self.templates = {name: f"t{place}" for place, name in enumerate(read)}
        self._absent = _absent_fields(compiled)

    def program(self) -> Program:
        numbered = [(level, rule) for level, stratum in enumerate(self.compiled.strata) for rule in stratum]
        texts = [_RuleText(self, number, level, rule).construct() for number, (level, rule) in enumerate(numbered)]
        gates = [_gate(level) for level in sorted({level for level, rule in numbered if _tallies(rule.when)})]
        templates = [self._template(name) for name in self.slots]
        return Program(
            (*_NOTES, *templates, *self.functions, *gates, *texts),
            tuple(rule for _, rule in numbered),
            self.slots,
            self.templates,
            self.compiled.vocabulary,
            self.symbols,
        )

    def _template(self, name: str) -> str:
        slots = [
            f"({'multislot' if self.many(name, one) else 'slot'} {slot} (default {NOTHING}))"
            for one, slot in self.slots[name].items()
        ]
        return f"(deftemplate {self.templates[name]} (slot n (default -1)) {' '.join(slots)})"

    def many(self, type_name: str, field_name: str) -> bool:
        """Whether the field is a list."""
        return type_name != "" and self.types[type_name].fields[field_name].many

    def may_be_absent(self, type_name: str, field_name: str) -> bool:
        """Whether some fact of the type can be without the field."""
        return (type_name, field_name) in self._absent


def _gate(level: int) -> str:
    return f"(defrule gate-{level} (declare (salience {1 - 2 * level})) => (assert (gate {level})))"


def _fields_read(compiled: CompiledRules) -> dict[str, dict[str, None]]:
    """The fields of each type that some rule reads or concludes; what no rule looks at stays out of CLIPS."""
    fields: dict[str, dict[str, None]] = {}
    for rule in compiled.rules:
        names = _note_fields(rule.when, {}, fields)
        for conclusion in rule.then:
            fields.setdefault(conclusion.fact_type, {}).update({name: None for name, _ in conclusion.values})
            for _, operand in conclusion.values:
                if isinstance(operand, Reference) and operand.name in names:
                    fields[names[operand.name]][operand.field] = None
    return fields


def _note_fields(
    conditions: Sequence[Condition], outer: dict[str, str], fields: dict[str, dict[str, None]]
) -> dict[str, str]:
    """Note what the conditions read; the types of the names that may be used beside them."""
    names = outer | {c.name: c.fact_type for c in conditions if isinstance(c, Pattern) and c.name}
    for condition in conditions:
        if isinstance(condition, AnyOf):
            for branch in condition.branches:
                _note_fields(branch, names, fields)
            continue
        pattern = next(iter(inner_patterns(condition)))
        inner = names | ({pattern.name: pattern.fact_type} if pattern.name else {})
        read = fields.setdefault(pattern.fact_type, {})
        read.update({test.field: None for test in pattern.tests})
        if isinstance(condition, Tally) and condition.of:
            read[condition.of] = None
        for reference in (reference for test in inner_tests(condition) for reference in test.references()):
            if reference.name in inner:
                fields.setdefault(inner[reference.name], {})[reference.field] = None
    return names


def _absent_fields(compiled: CompiledRules) -> set[tuple[str, str]]:
    """The fields that some fact can be without, as far as the vocabulary and the conclusions tell."""
    absent = {
        (kind.name, one.name)
        for kind in compiled.vocabulary.types.values()
        if kind.supplied_by is not Supplier.RULES
        for one in kind.fields.values()
        if one.may_be_none or one.computed
    }
    while True:
        more = set(_conclusions_without(compiled, absent)) - absent
        if not more:
            return absent
        absent |= more


def _conclusions_without(compiled: CompiledRules, absent: set[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    for rule in compiled.rules:
        types = {p.name: p.fact_type for p in rule.patterns() if p.name}
        for conclusion in rule.then:
            values = dict(conclusion.values)
            for name in compiled.vocabulary.types[conclusion.fact_type].fields:
                value = values.get(name)
                left_out = value is None or (isinstance(value, Constant) and value.value is ABSENT)
                taken = isinstance(value, Reference) and (types.get(value.name, ""), value.field) in absent
                if left_out or taken:
                    yield conclusion.fact_type, name


def _tallies(conditions: Iterable[Condition]) -> list[Tally]:
    """Every tally in the conditions, however deep."""
    found: list[Tally] = []
    for condition in conditions:
        if isinstance(condition, Tally):
            found.append(condition)
        elif isinstance(condition, AnyOf):
            for branch in condition.branches:
                found += _tallies(branch)
    return found


@dataclass
class _Name:
    """What a name stands for in a rule: a fact type with a variable for each field, or a tally with its call."""

    fact_type: str = ""
    call: str = ""
    variables: dict[str, str] = field(default_factory=dict)


class _RuleText:
    """One rule as a defrule."""

    def __init__(self, translation: _Translation, number: int, level: int, rule: Rule) -> None:
        if has_unknown_constant(rule):
            raise NotTranslatableError(f"{rule.id}: a parameter has no value")
        self.translation = translation
        self.number, self.level, self.rule = number, level, rule
        self.names: dict[str, _Name] = {}
        self.variables = 0

    def construct(self) -> str:
        wanted = [o for conclusion in self.rule.then for _, o in conclusion.values if isinstance(o, Reference)]
        left = self._group(self.rule.when, wanted, addresses=True)
        right = [self._conclusion(place) for place in range(len(self.rule.then))]
        named = [f"(fact-index ?fact-{pattern.name})" for pattern in sorted(self.rule.bound(), key=lambda p: p.name)]
        note = f"(note {' '.join([str(self.number), *named, *right])})"
        return f"(defrule r{self.number} (declare (salience {-2 * self.level})) {' '.join(left)} => {note})"

    def _conclusion(self, place: int) -> str:
        """What is noted of a conclusion: the index of its fact, and the values that the rule does not fix."""
        conclusion = self.rule.then[place]
        fixed = [(name, operand) for name, operand in conclusion.values if isinstance(operand, Constant)]
        bound = [(name, operand) for name, operand in conclusion.values if not isinstance(operand, Constant)]
        names = self.translation.slots[conclusion.fact_type]
        slots = [f"({names[name]} {self.translation.symbols.literal(operand.value)})" for name, operand in fixed]
        slots += [f"({names[name]} {self._operand(operand)})" for name, operand in bound]
        asserted = f"(fact-index (assert ({self.translation.templates[conclusion.fact_type]} {' '.join(slots)})))"
        noted = [
            f"(length$ {text}) {text}" if self.translation.many(conclusion.fact_type, name) else text
            for name, text in ((name, self._operand(operand)) for name, operand in bound)
        ]
        return " ".join([asserted, *noted])

    # --- groups of conditions: those of the rule, and those of a branch of `any` ---

    def _group(self, conditions: Sequence[Condition], wanted: Iterable[Reference], *, addresses: bool) -> list[str]:
        """The conditions in the order in which CLIPS joins them best: few facts first, finished facts last."""
        references = [*wanted, *_looked_at_by_others(conditions)]
        named = [c for c in conditions if isinstance(c, Pattern) and c.name]
        tallies = _in_order([c for c in conditions if isinstance(c, Tally)])
        late_names = {tally.name for tally in tallies if tally.name}
        for pattern in named:
            self.names[pattern.name] = _Name(pattern.fact_type)
        parts = self._joins(named, references, late_names, addresses=addresses)
        others = [c for c in conditions if not isinstance(c, Tally) and not (isinstance(c, Pattern) and c.name)]
        early = [c for c in others if not _tallies([c]) and not _mentions(c, self._tally_names() | late_names)]
        for condition in sorted(early, key=_cost):
            parts += self._condition(condition)
        if tallies or len(early) < len(others):
            parts.append(f"(gate {self.level})")
        for tally in tallies:
            parts.append(self._tally(tally))
        for owner in named:
            for test in owner.tests:
                if any(reference.name in late_names for reference in test.references()):
                    parts.append(f"(test {self._late(owner, test)})")
        for condition in others:
            if condition not in early:
                parts += self._condition(condition)
        return parts

    def _tally_names(self) -> set[str]:
        return {name for name, one in self.names.items() if one.call}

    def _joins(
        self, named: list[Pattern], references: list[Reference], late: set[str], *, addresses: bool
    ) -> list[str]:
        """The named patterns, each with the tests whose other sides are bound by then, and tests that stand beside."""
        mine = {pattern.name for pattern in named}
        pending = [(p, t) for p in named for t in p.tests if not any(r.name in late for r in t.references())]
        places: list[tuple[Pattern, list[Test], list[tuple[Pattern, Test]]]] = []
        bound: set[str] = set()
        for pattern in self._join_order(named):
            bound.add(pattern.name)
            unbound = mine - bound
            ready = [e for e in pending if e[0].name in bound and not any(r.name in unbound for r in e[1].references())]
            pending = [entry for entry in pending if entry not in ready]
            here = [t for p, t in ready if p is pattern and not any(r.name == pattern.name for r in t.references())]
            beside = [(p, t) for p, t in ready if not (p is pattern and t in here)]
            mirrored = [(entry, _mirrored(*entry, pattern.name)) for entry in beside]
            here += [test for _, test in mirrored if test is not None]
            places.append((pattern, here, [entry for entry, test in mirrored if test is None]))
        # A field needs a variable where something else looks at it.
        kept = {(r.name, r.field) for r in references}
        kept |= {(r.name, r.field) for _, here, _ in places for test in here for r in test.references()}
        apart = [entry for _, _, beside in places for entry in beside]
        apart += [(p, t) for p in named for t in p.tests if any(r.name in late for r in t.references())]
        kept |= {(owner.name, test.field) for owner, test in apart}
        kept |= {(r.name, r.field) for _, test in apart for r in test.references()}
        parts: list[str] = []
        for pattern, here, beside in places:
            address = f"?fact-{pattern.name} <- " if addresses else ""
            fields = [name for owner, name in sorted(kept) if owner == pattern.name]
            parts.append(address + self._pattern(pattern.fact_type, here, self.names[pattern.name], fields))
            parts += [f"(test {self._late(owner, test)})" for owner, test in beside]
        return parts

    def _late(self, owner: Pattern, test: Test) -> str:
        """A test of a named pattern as an expression of its own."""
        return self._predicate(test, owner.fact_type, self._variable(owner.name, test.field))

    def _join_order(self, named: list[Pattern]) -> Iterator[Pattern]:
        """Types of one fact first, then along equal fields, the pattern with the most constant tests next."""
        left = sorted(named, key=lambda p: (not self.translation.types[p.fact_type].one, -_constants(p)))
        bound: set[str] = set()
        while left:
            chosen = next((p for p in left if self._is_single(p) or _is_joined(p, left, bound)), left[0])
            left.remove(chosen)
            bound.add(chosen.name)
            yield chosen

    def _is_single(self, pattern: Pattern) -> bool:
        return self.translation.types[pattern.fact_type].one

    def _condition(self, condition: Condition) -> list[str]:
        """A condition without a name at the top, and no tally."""
        if isinstance(condition, Pattern):
            text = self._nameless(condition)
            return [text if self._is_single(condition) else f"(exists {text})"]
        if isinstance(condition, Negation):
            return [f"(not {self._nameless(condition.pattern)})"]
        if isinstance(condition, AnyOf):
            branches = [self._absence_of(branch) for branch in condition.branches]
            return [f"(not (and {' '.join(branches)}))" if len(branches) > 1 else f"(not {branches[0]})"]
        raise AssertionError(condition)

    def _absence_of(self, branch: tuple[Condition, ...]) -> str:
        """That a branch of `any` does not hold."""
        if len(branch) == 1 and isinstance(branch[0], Pattern) and not branch[0].name:
            return f"(not {self._nameless(branch[0])})"
        parts = self._group(branch, (), addresses=False)
        return f"(not {parts[0]})" if len(parts) == 1 else f"(not (and {' '.join(parts)}))"

    # --- patterns and tests ---

    def _nameless(self, pattern: Pattern) -> str:
        return self._pattern(pattern.fact_type, pattern.tests, _Name(pattern.fact_type), ())

    def _pattern(self, fact_type: str, tests: Iterable[Test], name: _Name, kept: Iterable[str]) -> str:
        slots: dict[str, list[Test]] = {one: [] for one in kept}
        for test in tests:
            slots.setdefault(test.field, []).append(test)
        for one in kept:
            name.variables[one] = self._new_variable()
        names = self.translation.slots[fact_type]
        texts = [f"({names[one]} {self._constraint(fact_type, one, several, name)})" for one, several in slots.items()]
        return f"({' '.join([self.translation.templates[fact_type], *texts])})"

    def _constraint(self, fact_type: str, field_name: str, tests: list[Test], name: _Name) -> str:
        variable = name.variables.get(field_name)
        many = self.translation.many(fact_type, field_name)
        # CLIPS refuses constants that contradict each other, which rules may do.
        parts = [None if many or len(tests) > 1 else self._native(fact_type, test) for test in tests]
        if None in parts:
            variable = variable or self._new_variable()
            parts = [f":{self._predicate(test, fact_type, variable)}" for test in tests]
        if variable is not None:
            parts.insert(0, f"${variable}" if many else variable)
        return "&".join(parts)

    def _native(self, fact_type: str, test: Test) -> str | None:
        """A test as a slot says it, or None where it takes an expression."""
        symbols = self.translation.symbols
        there = f"&~{NOTHING}" if self.translation.may_be_absent(fact_type, test.field) else ""
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
            return f"{self._operand(operand)}{there}"
        return None

    def _predicate(self, test: Test, fact_type: str, left: str) -> str:
        """A test as an expression."""
        many = self.translation.many(fact_type, test.field)
        nothing = f"(create$ {NOTHING})" if many else NOTHING
        if test.operator.name in ("known", "unknown"):
            return f"({'eq' if test.operator.name == 'unknown' else 'neq'} {left} {nothing})"
        guards = [f"(neq {left} {nothing})"] if self.translation.may_be_absent(fact_type, test.field) else []
        guards += [guard for operand in test.operands for guard in self._guards(operand)]
        holds = _holds(test, left, [self._operand(operand) for operand in test.operands], number=fact_type == "")
        return _all([*guards, holds])

    def _guards(self, operand: Operand) -> list[str]:
        base = operand.base if isinstance(operand, Shifted) else operand
        if not isinstance(base, Reference):
            return ["FALSE"] if isinstance(base, Constant) and base.value is ABSENT else []
        name = self.names[base.name]
        if not name.fact_type or not self.translation.may_be_absent(name.fact_type, base.field):
            return []
        nothing = f"(create$ {NOTHING})" if self.translation.many(name.fact_type, base.field) else NOTHING
        return [f"(neq {self._operand(base)} {nothing})"]

    def _operand(self, operand: Operand) -> str:
        if isinstance(operand, Constant):
            text = self.translation.symbols.literal(operand.value)
            return f"(create$ {text})" if isinstance(operand.value, tuple) else text
        if isinstance(operand, Shifted):
            return f"(+ {self._operand(operand.base)} {self.translation.symbols.literal(operand.by)})"
        if isinstance(operand, Reference):
            return self.names[operand.name].call or self._variable(operand.name, operand.field)
        raise NotTranslatableError(f"{self.rule.id}: a parameter was not put in")

    def _variable(self, name: str, field_name: str) -> str:
        return self.names[name].variables[field_name]

    def _new_variable(self) -> str:
        self.variables += 1
        return f"?v{self.variables}"

    # --- tallies ---

    def _tally(self, tally: Tally) -> str:
        """The test that the tally holds; its name, if it has one, stands for a call that gives its value."""
        functions = self.translation.functions
        number = len(functions)
        references = dict.fromkeys(
            self._operand(reference)
            for test in tally.pattern.tests
            for reference in test.references()
            if reference.name != tally.pattern.name
        )
        # A tally in terms of another is given the value of the other.
        parameters = {text: text if text.startswith("?") else f"?t{place}" for place, text in enumerate(references)}
        value = f"(tally-{number} {' '.join(references)})" if references else f"(tally-{number})"
        functions.append(self._function(number, tally, parameters))
        name = _Name(call=value)
        limits = [self._predicate(limit, "", value) for limit in tally.limits]
        exists = [f"(neq {value} {NO_VALUE})"] if tally.kind in (TallyKind.HIGHEST, TallyKind.LOWEST) else []
        if tally.name:
            self.names[tally.name] = name
        conditions = [*exists, *limits]
        return f"(test {_all(conditions) if conditions else '(eq 0 0)'})"

    def _function(self, number: int, tally: Tally, parameters: dict[str, str]) -> str:
        pattern = tally.pattern
        looked_at = {one: f"?x:{slot}" for one, slot in self.translation.slots[pattern.fact_type].items()}
        if pattern.name:
            self.names[pattern.name] = _Name(pattern.fact_type, variables=looked_at)
        tests = [self._predicate(test, pattern.fact_type, looked_at[test.field]) for test in pattern.tests]
        if tally.of and self.translation.may_be_absent(pattern.fact_type, tally.of):
            tests.append(f"(neq {looked_at[tally.of]} {NOTHING})")
        query = _all(tests)
        for text, parameter in parameters.items():
            query = query.replace(text, parameter) if text != parameter else query
        start, step, end = _fold(tally, looked_at.get(tally.of, ""))
        template = self.translation.templates[pattern.fact_type]
        facts = f"(do-for-all-facts ((?x {template})) {query} {step})"
        return f"(deffunction tally-{number} ({' '.join(parameters.values())}) (bind ?n {start}) {facts} {end})"


def _fold(tally: Tally, value: str) -> tuple[str, str, str]:
    """How a tally begins, what each fact does to it, what it gives."""
    if tally.kind is TallyKind.COUNT and not tally.of:
        return "0", "(bind ?n (+ ?n 1))", "?n"
    if tally.kind is TallyKind.COUNT:
        return "(create$)", f"(if (not (member$ {value} ?n)) then (bind ?n (create$ ?n {value})))", "(length$ ?n)"
    if tally.kind is TallyKind.TOTAL:
        # CLIPS tells 3.0 from 3.
        return "0", f"(bind ?n (+ ?n {value}))", "(if (= ?n (integer ?n)) then (integer ?n) else ?n)"
    better = ">" if tally.kind is TallyKind.HIGHEST else "<"
    return NO_VALUE, f"(if (or (eq ?n {NO_VALUE}) ({better} {value} ?n)) then (bind ?n {value}))", "?n"


def _holds(test: Test, left: str, operands: list[str], *, number: bool) -> str:
    """What an operator says of values that are there."""
    name = test.operator.name
    shifted = number or any(isinstance(operand, Shifted) for operand in test.operands)
    right = operands[0]
    if name in ("is", "is_not"):
        equal = ("=" if name == "is" else "<>") if shifted else ("eq" if name == "is" else "neq")
        return f"({equal} {left} {right})"
    if name in ("in", "not_in"):
        among = f"(member$ {left} {right})"
        return among if name == "in" else f"(not {among})"
    if name == "contains":
        return f"(member$ {right} {left})"
    if name == "lacks":
        return f"(not (member$ {right} {left}))"
    if name == "between":
        return f"(<= {right} {left} {operands[1]})"
    return f"({_COMPARISONS[name]} {left} {right})"


def _all(tests: list[str]) -> str:
    return f"(and {' '.join(tests)})" if len(tests) > 1 else tests[0] if tests else "TRUE"


def _mirrored(owner: Pattern, test: Test, at: str) -> Test | None:
    """A test of an earlier pattern against this one, said the other way about; None where it cannot be."""
    operand = test.operands[0] if len(test.operands) == 1 else None
    if not isinstance(operand, Reference) or operand.name != at or owner.name == at or test.operator.name not in _MIRRORED:
        return None
    from smartpick_expert.language.operators import OPERATORS

    return Test(operand.field, OPERATORS[_MIRRORED[test.operator.name]], (Reference(owner.name, test.field),))


def _looked_at_by_others(conditions: Iterable[Condition]) -> list[Reference]:
    """What conditions other than named patterns refer to, and what these refer to of themselves or of a tally."""
    found: list[Reference] = []
    for condition in conditions:
        for test in inner_tests(condition):
            own = isinstance(condition, Pattern) and condition.name
            found += [r for r in test.references() if not own or r.name == own]
    return found


def _constants(pattern: Pattern) -> int:
    return sum(1 for test in pattern.tests if not tuple(test.references()))


def _is_joined(pattern: Pattern, left: list[Pattern], bound: set[str]) -> bool:
    mine = any(t.operator.name == "is" and r.name in bound for t in pattern.tests for r in t.references())
    return mine


def _mentions(condition: Condition, names: set[str]) -> bool:
    return any(reference.name in names for test in inner_tests(condition) for reference in test.references())


def _cost(condition: Condition) -> int:
    """The order of conditions without names: patterns, negations, choices."""
    return 0 if isinstance(condition, Pattern) else 1 if isinstance(condition, Negation) else 2


def _in_order(tallies: list[Tally]) -> list[Tally]:
    """Tallies so that each comes after those in whose terms it is written."""
    left, ordered = list(tallies), []
    while left:
        waiting = {tally.name for tally in left if tally.name}
        ready = next((t for t in left if not _mentions(t, waiting - {t.name})), left[0])
        left.remove(ready)
        ordered.append(ready)
    return ordered

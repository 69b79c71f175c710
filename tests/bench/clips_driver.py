"""CLIPS driven through clipspy's library, the cheapest way that was found: one text of facts in, one text of notes out.

What was tried beside it, on the shipped rules: a fact builder, slot by slot, took about as long as the text; facts
asserted one text each took twice as long; reading the firings and conclusions slot by slot took four times as long.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import clips
from clips._clips import ffi, lib

from smartpick_expert.language.facts import Fact, concluded
from smartpick_expert.language.model import Constant, Rule
from smartpick_expert.language.values import ABSENT, Missing, Slot, decimal_text, normal_number
from smartpick_expert.language.vocabulary import FieldType
from tests.bench.clips_rules import Program
from tests.bench.clips_words import NOTHING, Symbols

Values = tuple[tuple[str, Slot], ...]
Firings = frozenset[tuple[str, tuple[tuple[str, Fact], ...]]]


@dataclass(frozen=True)
class Record:
    """What CLIPS made of the facts: conclusions by index as type and values, firings as rule and indices of its facts."""

    given: list[Fact]
    conclusions: dict[int, tuple[str, Values]]
    firings: list[tuple[int, ...]]


class ClipsEngine:
    """A CLIPS environment with the rules loaded; consultations use it again and again."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.environment = clips.Environment()
        for construct in program.constructs:
            self.environment.build(construct)
        self._env = self.environment._env
        # clipspy's router for errors is asked, in Python, for every character that CLIPS reads from a text.
        lib.DeactivateRouter(self._env, b"python-error-router")
        self._text = lib.FindDefglobal(self._env, b"text")
        self._value = ffi.new("CLIPSValue *")
        self._forms = {name: self._form(name) for name in program.slots}
        self._spelling = _spelling(program.symbols)
        self._readers = [_NoteReader(program, rule) for rule in program.rules]

    def _form(self, name: str) -> tuple[str, tuple[str, ...], bool]:
        slots = self.program.slots[name]
        one = self.program.vocabulary.types[name].one
        number = [] if one else ["(n %s)"]
        form = "".join([f"({self.program.templates[name]}", *number, *(f"({slot} %s)" for slot in slots.values()), ")"])
        return form, tuple(slots), one

    def consult(self, facts: Iterable[Fact]) -> Record:
        """One consultation, from our facts to what CLIPS concluded and fired."""
        forms, spelling, env = self._forms, self._spelling, self._env
        given: list[Fact] = []
        texts: list[str] = []
        for fact in facts:
            form = forms.get(fact.type)
            if form is not None:
                text, fields, one = form
                given.append(fact)
                get = fact.slots.get
                slots = [spelling[type(slot)](slot) for slot in [get(name, ABSENT) for name in fields]]
                texts.append(text % tuple(slots if one else (fact.position, *slots)))
        text = "".join(texts).encode()
        lib.Reset(env)
        if texts and not lib.LoadFactsFromString(env, text, len(text)):
            raise RuntimeError(f"CLIPS refused the facts: {text!r}")
        lib.Run(env, -1)
        lib.DefglobalGetValue(self._text, self._value)
        return self._record(given, iter(ffi.string(self._value.lexemeValue.contents).decode().split()))

    def _record(self, given: list[Fact], notes: Iterator[str]) -> Record:
        conclusions: dict[int, tuple[str, Values]] = {}
        firings: list[tuple[int, ...]] = []
        readers = self._readers
        for note in notes:
            number = int(note)
            firings.append((number, *readers[number].read(notes, conclusions)))
        return Record(given, conclusions, firings)


def _spelling(symbols: Symbols) -> dict[type, Callable[[Any], str]]:
    """How the values of each Python type are written."""
    return {
        str: symbols.text,
        bool: lambda value: "TRUE" if value else "FALSE",
        int: str,
        Decimal: decimal_text,
        date: lambda value: str(value.toordinal()),
        tuple: symbols.literal,
        Missing: symbols.literal,
    }


class _NoteReader:
    """Reads what a firing of one rule noted: indices of named facts, then of conclusions, with the values left open."""

    def __init__(self, program: Program, rule: Rule) -> None:
        self.named = len(rule.bound())
        self.conclusions = []
        for conclusion in rule.then:
            fields = program.vocabulary.types[conclusion.fact_type].fields
            fixed = [(name, operand.value) for name, operand in conclusion.values if isinstance(operand, Constant)]
            open_ones = [name for name, operand in conclusion.values if not isinstance(operand, Constant)]
            readers = [(name, _reader(program.symbols, fields[name].type), fields[name].many) for name in open_ones]
            self.conclusions.append((conclusion.fact_type, fixed, readers))

    def read(self, notes: Iterator[str], conclusions: dict[int, tuple[str, Values]]) -> list[int]:
        indices = [int(next(notes)) for _ in range(self.named)]
        for fact_type, fixed, readers in self.conclusions:
            index = int(next(notes))
            values = list(fixed)
            for name, read, many in readers:
                several = [next(notes) for _ in range(int(next(notes)))] if many else [next(notes)]
                if several != [NOTHING]:
                    values.append((name, tuple(map(read, several)) if many else read(several[0])))
            if index not in conclusions:
                conclusions[index] = (fact_type, tuple(values))
        return indices


def _reader(symbols: Symbols, field_type: FieldType) -> Callable[[str], Slot]:
    if field_type is FieldType.DATE:
        return lambda text: date.fromordinal(int(text))
    if field_type is FieldType.BOOLEAN:
        return lambda text: text == "TRUE"
    if field_type is FieldType.NUMBER:
        return lambda text: int(text) if text.lstrip("-").isdigit() else normal_number(Decimal(text))
    return symbols.texts.__getitem__


def outcome(program: Program, record: Record) -> tuple[frozenset[Fact], Firings]:
    """The record in our own words: the certain facts that rules look at or conclude, and the firings."""
    facts = dict(enumerate(record.given, 1))
    facts |= {index: concluded(name, values) for index, (name, values) in record.conclusions.items()}
    firings = []
    for number, *indices in record.firings:
        rule = program.rules[number]
        names = sorted(pattern.name for pattern in rule.bound())
        firings.append((rule.id, tuple((name, facts[index]) for name, index in zip(names, indices, strict=True))))
    return frozenset(facts.values()), frozenset(firings)

"""CLIPS driven through clipspy's library, the cheapest way that was found: one text of facts in, indices and slots out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import clips
from clips._clips import ffi, lib

from smartpick_expert.language.facts import Fact, concluded
from smartpick_expert.language.values import Slot
from smartpick_expert.language.vocabulary import FieldType
from tests.bench.clips_rules import NOTHING, NUMBER_SLOT, Program


@dataclass(frozen=True)
class Record:
    """What CLIPS made of the facts: conclusions by index as type and values, firings as rule and indices of its facts."""

    given: list[Fact]
    conclusions: dict[int, tuple[str, tuple[tuple[str, Slot], ...]]]
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
        self._written = {name: self._writer(name) for name in program.slots}
        self._value = ffi.new("CLIPSValue *")
        self._fired = self._template("fired")
        self._readers = {self._template(f"t-{name}"): (name, self._fields(name)) for name in program.slots}
        self._no_slot = ffi.NULL

    def _template(self, name: str) -> Any:
        return lib.FindDeftemplate(self._env, name.encode())

    def _writer(self, name: str) -> tuple[str, tuple[str, ...]]:
        slots = self.program.slots[name]
        return f"(t-{name} ({NUMBER_SLOT} %d) {' '.join(f'(f-{slot} %s)' for slot in slots)})", slots

    def _fields(self, name: str) -> list[tuple[str, bytes, Callable[[Any], Slot]]]:
        fields = self.program.vocabulary.types[name].fields
        return [(slot, f"f-{slot}".encode(), self._reader(fields[slot].type)) for slot in sorted(self.program.slots[name])]

    def _reader(self, field_type: FieldType) -> Callable[[Any], Slot]:
        texts = self.program.symbols.texts
        if field_type is FieldType.DATE:
            return lambda value: date.fromordinal(value)
        if field_type is FieldType.BOOLEAN:
            return lambda value: value == "TRUE"
        if field_type is FieldType.NUMBER:
            return lambda value: Decimal(repr(value)) if isinstance(value, float) else value
        return lambda value: texts[value]

    def consult(self, facts: Iterable[Fact]) -> Record:
        """One consultation, from our facts to what CLIPS concluded and fired."""
        literal = self.program.symbols.literal
        given: list[Fact] = []
        texts: list[str] = []
        for fact in facts:
            written = self._written.get(fact.type)
            if written is not None:
                form, slots = written
                given.append(fact)
                texts.append(form % (fact.position, *[literal(fact.get(slot)) for slot in slots]))
        text = "".join(texts).encode()
        env = self._env
        lib.Reset(env)
        if not lib.LoadFactsFromString(env, text, len(text)) and texts:
            raise RuntimeError(f"CLIPS refused the facts: {text!r}")
        lib.Run(env, -1)
        return self._harvest(given)

    def _harvest(self, given: list[Fact]) -> Record:
        conclusions: dict[int, tuple[str, tuple[tuple[str, Slot], ...]]] = {}
        firings: list[tuple[int, ...]] = []
        env, value, known = self._env, self._value, len(given)
        fact = lib.GetNextFact(env, ffi.NULL)
        while fact != ffi.NULL:
            index = lib.FactIndex(fact)
            if index > known:
                template = lib.FactDeftemplate(fact)
                if template == self._fired:
                    lib.GetFactSlot(fact, ffi.NULL, value)
                    several = value.multifieldValue
                    firings.append(tuple((several.contents + i).integerValue.contents for i in range(several.length)))
                elif template in self._readers:
                    name, fields = self._readers[template]
                    conclusions[index] = (name, self._read(fact, fields))
            fact = lib.GetNextFact(env, fact)
        return Record(given, conclusions, firings)

    def _read(self, fact: Any, fields: list[tuple[str, bytes, Callable[[Any], Slot]]]) -> tuple[tuple[str, Slot], ...]:
        found = []
        for name, slot, read in fields:
            lib.GetFactSlot(fact, slot, self._value)
            plain = _plain(self._value)
            if isinstance(plain, tuple):
                if plain != (NOTHING,):
                    found.append((name, tuple(map(read, plain))))
            elif plain != NOTHING:
                found.append((name, read(plain)))
        return tuple(found)


_SYMBOL, _INTEGER, _FLOAT, _MULTIFIELD = 2, 1, 0, 4


def _plain(value: Any) -> Any:
    kind = value.header.type
    if kind == _SYMBOL:
        return ffi.string(value.lexemeValue.contents).decode()
    if kind == _INTEGER:
        return value.integerValue.contents
    if kind == _MULTIFIELD:
        several = value.multifieldValue
        return tuple(_plain(several.contents + i) for i in range(several.length))
    return value.floatValue.contents


def outcome(program: Program, record: Record) -> tuple[frozenset[Fact], frozenset[tuple[str, tuple[tuple[str, Fact], ...]]]]:
    """The record in our own words: the certain facts that rules look at or conclude, and the firings."""
    facts = dict(enumerate(record.given, 1))
    facts |= {index: concluded(name, values) for index, (name, values) in record.conclusions.items()}
    firings = []
    for number, *indices in record.firings:
        rule = program.rules[number]
        names = sorted(pattern.name for pattern in rule.bound())
        firings.append((rule.id, tuple((name, facts[index]) for name, index in zip(names, indices, strict=True))))
    return frozenset(facts.values()), frozenset(firings)

"""A gate of one program in words: why, by how much, what would open it, what it waits for.

A gate was decided on the program that stands for its group; here its firings speak of the program that was asked about.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from smartpick_expert.engine.compiled import CompiledRules
from smartpick_expert.engine.derivation import Derivation, Firing
from smartpick_expert.engine.evaluator import Bindings, Tallied, slot_of
from smartpick_expert.explain.nearness import undone
from smartpick_expert.explain.wording import because_text, value_text, with_unit
from smartpick_expert.knowledge.phrases import said
from smartpick_expert.language.facts import Fact
from smartpick_expert.language.model import Pattern, Reference, Rule, Tally, Test
from smartpick_expert.language.vocabulary import Field, Vocabulary
from smartpick_expert.programs.gates import PROGRAM, Gate, Result


@dataclass(frozen=True, slots=True)
class GateView:
    """One gate in words. `amounts` say by how much it blocks; `missing` are paths of what it waits for, with their meanings.

    `asks` are those that the program itself could tell, each with the question that a message puts.
    """

    sequence: str
    name: str
    title: str
    result: str
    strict: bool
    kind: str
    rules: tuple[str, ...]
    sentences: tuple[str, ...]
    amounts: tuple[str, ...] = ()
    opened_by: str = ""
    missing: tuple[tuple[str, str], ...] = ()
    asks: tuple[tuple[str, str], ...] = ()


class GateWords:
    """Words gates, by the rules, the parameters and the vocabulary of one consultation."""

    def __init__(self, derivation: Derivation) -> None:
        self._compiled = derivation.compiled
        self._rules = derivation.compiled.by_id
        self._vocabulary = derivation.compiled.vocabulary

    def view(self, gate: Gate, program: Fact) -> GateView:
        """A gate as it stands for a program of its group."""
        firings = gate.firings
        missing = tuple(dict.fromkeys(self._missing(gate, program)))
        return GateView(
            gate.sequence,
            gate.name,
            self.title(gate.sequence, gate.name),
            gate.result.value,
            gate.is_strict,
            next((self._rules[firing.rule_id].kind.value for firing in firings), ""),
            tuple(dict.fromkeys(firing.rule_id for firing in firings)),
            tuple(dict.fromkeys(sentence_of(firing, gate.program, program, self._compiled) for firing in firings))
            if gate.is_decided
            else (),
            tuple(self._amounts(gate, program)) if gate.result is Result.BLOCKED else (),
            self._opened_by(gate),
            tuple((path, meaning) for path, meaning, _ in missing),
            tuple((field, self._question(field)) for _, _, field in missing if field),
        )

    def title(self, sequence: str, name: str) -> str:
        """What a gate is called, by the vocabulary."""
        fields = self._vocabulary.types[sequence].fields
        field = fields.get("name") or fields.get("through")
        return value_text(name, field)

    def _opened_by(self, gate: Gate) -> str:
        field = self._vocabulary.types[gate.sequence].fields.get("opened_by")
        return value_text(gate.opened_by, field) if gate.opened_by else ""

    def _question(self, name: str) -> str:
        field = self._vocabulary.types[PROGRAM].fields[name]
        return field.asked or field.meaning

    def _amounts(self, gate: Gate, program: Fact) -> Iterator[str]:
        for firing in gate.firings:
            rule = self._rules[firing.rule_id]
            bindings = bound(firing, dict(firing.bindings), gate.program, program)
            for found, test, field in _held(rule, bindings, self._vocabulary):
                operands = tuple(slot_of(operand, bindings) for operand in test.operands)
                gap = undone(test.operator.name, found, operands)
                if gap is not None and gap[1].by:
                    by = with_unit(gap[1].by, field) if field is not None else str(gap[1].by)
                    phrase = "above_limit" if gap[0] == "at most" else "below_limit"
                    yield said(phrase, by=by, limit=value_text(operands[0], field))

    def _missing(self, gate: Gate, program: Fact) -> Iterator[tuple[str, str, str]]:
        """Each field that a gate waits for: its path, its meaning, and its name where the program could tell it."""
        for fact, name in gate.missing:
            fact_type = self._vocabulary.types[fact.type]
            meaning = fact_type.fields[name].meaning
            is_program = fact.type == PROGRAM and fact.get("id") == gate.program.get("id")
            label = program.get("id") if is_program else fact.get(fact_type.label) if fact_type.label else ""
            at = f"[{label}]" if isinstance(label, str) and label else ""
            yield f"{fact.type}{at}.{name}", meaning, name if is_program else ""


def sentence_of(firing: Firing, stands_for: Fact, program: Fact, compiled: CompiledRules) -> str:
    """Why a rule fired, said of another program of the group than it fired on."""
    words = compiled.by_id[firing.rule_id].because
    names = [part.name for part in words.parts if isinstance(part, Reference)]
    bindings = bound(firing, names, stands_for, program)
    return " ".join(because_text(words, bindings, compiled.parameters, compiled.vocabulary).split())


def bound(firing: Firing, names: Iterable[str], stands_for: Fact, program: Fact) -> Bindings:
    """Some names of a firing with what they stand for, said of another program of the group than it was decided on."""
    facts = dict(firing.bindings)
    found: dict[str, Fact | Tallied] = {name: Tallied(value) for name, value in firing.tallies}
    for name in names:
        if name in facts:
            found[name] = _of(facts[name], stands_for, program)
    return found


def _of(fact: Fact, stands_for: Fact, program: Fact) -> Fact:
    if fact is stands_for or fact == stands_for:
        return program
    label, other = stands_for.get("id"), program.get("id")
    if not any(slot == label for _, slot in fact.values):
        return fact
    return replace(fact, values=tuple((name, other if slot == label else slot) for name, slot in fact.values))


def _held(rule: Rule, bindings: Bindings, vocabulary: Vocabulary) -> Iterator[tuple[int | Decimal, Test, Field | None]]:
    """Each number that a rule holds against a limit under a binding, with the test and the field it is of."""
    for condition in rule.when:
        if isinstance(condition, Pattern):
            # Of a type that there is one of, its name is the type's.
            fact = bindings.get(condition.name or condition.fact_type)
            fields: Mapping[str, Field] = vocabulary.types[condition.fact_type].fields
            tests = [(fact.get(one.field), one, fields.get(one.field)) for one in condition.tests] if fact else []
        elif isinstance(condition, Tally) and condition.name:
            field = vocabulary.types[condition.pattern.fact_type].fields.get(condition.of)
            tests = [(bindings[condition.name].get("value"), one, field) for one in condition.limits]
        else:
            continue
        for slot, test, field in tests:
            if isinstance(slot, int | Decimal) and not isinstance(slot, bool):
                yield slot, test, field


def is_of_program(path: str) -> bool:
    """Whether what is missing is for a program to say, and not for the profile."""
    return path.startswith(f"{PROGRAM}[")

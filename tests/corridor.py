"""Made-to-measure rules, as short as can be, and what both engines make of them: for tests of one limit at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from smartpick_expert.diagnostics import Problems
from smartpick_expert.engine.compiled import CompiledRules, compile_rules
from smartpick_expert.engine.derivation import Derivation
from smartpick_expert.engine.session import Matcher, consult
from smartpick_expert.language.facts import Fact, listed
from smartpick_expert.language.loader import KnownNames, load_rules
from smartpick_expert.language.operators import OPERATORS
from smartpick_expert.language.source import parse
from smartpick_expert.language.vocabulary_loader import load_vocabulary

# The fields of each type, all numbers unless a type is named behind a colon: "size", "word:text".
Types = Mapping[str, Iterable[str]]
TYPE = """
  {name}:
    meaning: A thing.
    supplied_by: {supplier}
    fields:
"""
RULE = """
  - id: made.rule-{number}
    title: A rule
    kind: perception
    status: stable
    sources: [claim:x]
    owner: somebody
    review_by: 2027-06-01
    when: [{when}]
    then: [{then}]
    because: You are many.
    rationale: None.
"""
AS_OF = date(2026, 9, 10)


def rules(types: Types, *whens: str, **concluded: Iterable[str]) -> CompiledRules:
    """Rules, each given as its conditions, or as `conditions -> conclusion`; without one it concludes its number."""
    vocabulary = "types:" + "".join(_type(name, fields, "profile") for name, fields in types.items())
    vocabulary += "".join(_type(name, fields, "rules") for name, fields in {"fired": ["rule"], **concluded}.items())
    text = "topic: made\nabout: Made to measure.\nrules:\n"
    for number, rule in enumerate(whens):
        when, _, then = rule.partition(" -> ")
        text += RULE.format(number=number, when=when, then=then or f"{{fired: {{rule: {number}}}}}")
    read = load_vocabulary([parse(vocabulary, "vocabulary.yaml")], {}, OPERATORS)
    names = KnownNames(sources=frozenset({"claim:x"}))
    return compile_rules(load_rules([parse(text, "rules.yaml")], read, names)[0], {}, AS_OF)


def _type(name: str, fields: Iterable[str], supplier: str) -> str:
    lines = ""
    for field in fields:
        called, _, kind = field.partition(":")
        lines += f"      {called}: {{type: {kind or 'number'}, meaning: Something}}\n"
    return TYPE.format(name=name, supplier=supplier) + lines


def facts(compiled: CompiledRules, *several: tuple[str, Mapping[str, Any]]) -> list[Fact]:
    """Facts as a profile lists them, each with its type; a field that is left out is unknown."""
    types = compiled.vocabulary.types
    return [listed(types[name], dict(values), place) for place, (name, values) in enumerate(several)]


def fired(compiled: CompiledRules, several: Iterable[Fact], engine: Matcher | str = "durable") -> list[int]:
    """The numbers of the rules that fire, each as often as it does."""
    derivation = agreed(compiled, list(several), engine)
    return sorted(int(firing.rule_id.rpartition("-")[2]) for firing in derivation.firings)


def agreed(compiled: CompiledRules, several: list[Fact], engine: Matcher | str = "durable") -> Derivation:
    """What an engine derives; it must be what the plain engine derives."""
    plain, derived = consult(compiled, several, "plain"), consult(compiled, several, engine)
    assert (derived.certain, derived.firings) == (plain.certain, plain.firings)
    return derived


def refused(types: Types, *whens: str) -> list[str]:
    """The codes with which rules are refused."""
    try:
        rules(types, *whens)
    except Problems as problems:
        return [problem.code for problem in problems.diagnostics]
    return []

"""The two worlds that inputs are tried in: what is shipped, and a small mean vocabulary; with facts to consult about.

Everything here is made once and never changes, so that an input costs only what is its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import count, islice
from pathlib import Path
from random import Random
from typing import Final

from smartpick_expert.diagnostics import Problems
from smartpick_expert.engine.compiled import CompiledRules, compile_rules
from smartpick_expert.engine.consultation import consult_profile
from smartpick_expert.engine.plans import rule_plan_of
from smartpick_expert.engine.session import Matcher, make_matcher
from smartpick_expert.intake.facts import make_facts
from smartpick_expert.intake.profile import profile_from_node, read_profile, require
from smartpick_expert.knowledge.parameters import values_at
from smartpick_expert.language.facts import Fact, concluded
from smartpick_expert.language.loader import KnownNames, read_rules
from smartpick_expert.language.model import Rule, RuleSet
from smartpick_expert.language.operands import ParameterType
from smartpick_expert.language.operators import OPERATORS
from smartpick_expert.language.source import Node, parse, read_file
from smartpick_expert.language.values import UNKNOWN, Missing, Slot
from smartpick_expert.language.vocabulary import FieldType, Supplier, Vocabulary
from smartpick_expert.language.vocabulary_loader import load_vocabulary
from tests.fuzz import corpus, file_grammar, rule_grammar
from tests.fuzz.draw import Draw
from tests.fuzz.trees import Pairs, written
from tests.profiles import AS_OF, WORKSPACE, partial_profile, profile_of

_PROFILES: Final = 12
# Parameters of the small world: what a rule may know of each, and what it is worth.
_SMALL: Final[dict[str, tuple[ParameterType, Slot]]] = {
    "made.number": (ParameterType(FieldType.NUMBER), 2),
    "made.points": (ParameterType(FieldType.NUMBER, "points"), UNKNOWN),
    "made.numbers": (ParameterType(FieldType.NUMBER, "", many=True), (1, 2, 230)),
    "made.words": (ParameterType(FieldType.TEXT, "", many=True), ("low", "a", "")),
    "made.none": (ParameterType(FieldType.TEXT, "", many=True), ()),
    "made.word": (ParameterType(FieldType.TEXT), "high"),
    "made.day": (ParameterType(FieldType.DATE), AS_OF),
    "made.truth": (ParameterType(FieldType.BOOLEAN), False),
}


@dataclass(frozen=True)
class World:
    """What files of a world may name, and several sets of facts to consult rules about."""

    vocabulary: Vocabulary
    names: KnownNames
    parameters: dict[str, Slot]
    facts: tuple[tuple[Fact, ...], ...]

    @cached_property
    def seen(self) -> dict[tuple[str, str], tuple[Slot, ...]]:
        """The single values that the facts hold, by type and field: what tests should ask for, to hold now and then."""
        found: dict[tuple[str, str], dict[Slot, None]] = {}
        for fact in (fact for facts in self.facts for fact in facts):
            for name, slot in fact.values:
                if not isinstance(slot, tuple | Missing):
                    found.setdefault((fact.type, name), {})[slot] = None
        return {key: tuple(values) for key, values in found.items()}


def world(sort: str) -> World:
    """The world in which files of a sort are tried."""
    return _small() if sort.startswith("small-") else _shipped()


@cache
def _shipped() -> World:
    personas = [
        require(*read_profile(path, WORKSPACE.vocabulary)) for path in sorted(WORKSPACE.personas.glob("*.yaml"))
    ]
    made = [profile_of(partial_profile(Random(number))) for number in range(_PROFILES)]
    derivations = [consult_profile(profile, WORKSPACE, AS_OF, "plain").derivation for profile in (*personas, *made)]
    # What rules concluded is among the facts, so that a single rule that rests on it may fire.
    facts = tuple((*d.certain, *d.open[:40]) for d in derivations)
    parameters = values_at(WORKSPACE.knowledge.parameters.values(), AS_OF)
    return World(WORKSPACE.vocabulary, WORKSPACE.knowledge.names, parameters, facts)


@cache
def _small() -> World:
    vocabulary = load_vocabulary([read_file(Path(__file__).parent / "vocabulary.yaml")], {}, OPERATORS)
    names = KnownNames({name: known for name, (known, _) in _SMALL.items()}, frozenset({"claim:x", "evidence:x"}))
    facts = tuple(facts_of(vocabulary, Random(number)) for number in range(2 * _PROFILES))
    return World(vocabulary, names, {name: value for name, (_, value) in _SMALL.items()}, facts)


def facts_of(vocabulary: Vocabulary, chance: Random) -> tuple[Fact, ...]:
    """Facts of a made-up profile of a vocabulary, with a few of those that rules and the knowledge would add."""
    node = parse(written(file_grammar.profile(vocabulary, chance, slips=0), chance), "profile")
    profile, _ = profile_from_node(node, "profile", vocabulary)
    added: list[Fact] = []
    for kind in vocabulary.supplied_by(Supplier.RULES, Supplier.KNOWLEDGE):
        entries = [file_grammar.entry(kind, place, Draw(chance, 0)) for place in range(2)]
        tree = Pairs([[kind.name, entries[0] if kind.one else entries]])
        given, _ = profile_from_node(parse(written(tree, chance), "facts"), "facts", vocabulary, any_type=True)
        added += [concluded(kind.name, entry.values.items()) for entry in given.entries]
    return make_facts(profile, vocabulary, added, AS_OF).facts


@cache
def engines() -> tuple[str, ...]:
    """The engines that can be had here."""
    try:
        make_matcher("durable").close()
    except Problems:
        return ("plain",)
    return ("plain", "durable")


@cache
def matcher(engine: str) -> Matcher:
    """A matcher for rules that stay; rules that are tried once get one of their own."""
    return make_matcher(engine)


@cache
def all_rules() -> CompiledRules:
    """The whole shipped rule base."""
    return compile_rules(WORKSPACE.ruleset, _shipped().parameters, AS_OF)


@cache
def few_rules(sort: str) -> CompiledRules:
    """Rules to try profiles with: the shipped ones that look at given facts alone, or some made-up ones of the small world."""
    here = world(sort)
    rules = _made_rules(here) if sort.startswith("small-") else _first_rules(WORKSPACE.ruleset.rules, here.vocabulary)
    return compile_rules(RuleSet(tuple(rules), here.vocabulary), here.parameters, AS_OF)


def _first_rules(rules: Iterable[Rule], vocabulary: Vocabulary) -> Iterator[Rule]:
    derived = {kind.name for kind in vocabulary.supplied_by(Supplier.RULES)}
    yield from islice((rule for rule in rules if not rule_plan_of(rule).mentioned & derived), 0, None, 6)


def _made_rules(here: World) -> Iterator[Rule]:
    """Ten made-up rules, each in no circle, that look at given facts alone."""
    derived = {kind.name for kind in here.vocabulary.supplied_by(Supplier.RULES)}
    return islice(
        (rule for number in count() for rule in _made_rule(here, number) if not rule_plan_of(rule).mentioned & derived),
        10,
    )


def _made_rule(here: World, number: int) -> tuple[Rule, ...]:
    chance = Random(number)
    text = written(rule_grammar.RuleWriter(here.vocabulary, here.names, chance, here.seen).file(), chance).replace(
        ".rule-", f".rule-{number}-"
    )
    try:
        rules, _, found = read_rules([parse(text, "made.yaml")], here.vocabulary, here.names)
    except Problems:
        return ()
    return () if found else rules


@cache
def shipped_nodes(sort: str) -> tuple[tuple[str, Node], ...]:
    """The shipped files of a sort, parsed."""
    return tuple((source.path, parse(source.text, source.path)) for source in corpus.sources(sort))

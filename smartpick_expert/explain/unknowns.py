"""Which unknowns keep a conclusion open: from a fact that is only possible, back to what the profile does not say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from smartpick_expert.engine.derivation import Derivation, Firing
from smartpick_expert.engine.evaluator import Bindings, Tallied, leaves
from smartpick_expert.engine.match import solutions
from smartpick_expert.engine.store import Mode, Stores
from smartpick_expert.knowledge.phrases import said
from smartpick_expert.language.facts import Fact, Origin, fact_id
from smartpick_expert.language.model import (
    AnyOf,
    Audience,
    Condition,
    Constant,
    Negation,
    Pattern,
    Reference,
    Rule,
    Shifted,
    Tally,
    Test,
    inner_patterns,
    inner_tests,
)
from smartpick_expert.language.operators import Truth
from smartpick_expert.language.values import UNKNOWN
from smartpick_expert.language.vocabulary import Supplier, Vocabulary

PARAMETER = "parameter"


@dataclass(frozen=True, slots=True)
class Unknown:
    """Something that is not known: a field of a listed fact, a whole section, or a number of the knowledge.

    With `fact` None it is the section of that type, left out; or, where the type is `parameter`, the parameter named by
    `field`, which has no value on the day.
    """

    type: str
    fact: Fact | None = None
    field: str = ""

    def path(self, vocabulary: Vocabulary) -> str:
        """Its name in the grammar of paths: `exam[step2_ck].score`, or the section's name."""
        if self.fact is not None:
            return f"{fact_id(vocabulary, self.fact)}.{self.field}"
        return f"{PARAMETER}.{self.field}" if self.type == PARAMETER else self.type


@dataclass(frozen=True, slots=True)
class Hole:
    """An unknown field of a conclusion: nobody can be asked for it, only for what it came from."""

    fact: Fact
    field: str


@dataclass(frozen=True, slots=True)
class CutOff:
    """A rule whose possible firings were too many to be kept: none says what a fact that it may conclude came from."""

    rule_id: str


# What is walked through on the way back to the unknowns.
Node = Fact | Hole | CutOff


def stores_of(derivation: Derivation) -> Stores:
    """The facts of a finished consultation, to be asked again."""
    stores = Stores()
    for fact in derivation.certain:
        stores.add_certain(fact)
    for fact in derivation.open:
        stores.add_possible(fact)
    return stores


def unknowns_behind(derivation: Derivation, target: Fact) -> frozenset[Unknown]:
    """Everything unknown that keeps an open fact from being certain or from being ruled out."""
    return Tracer(derivation).behind(target)


class Tracer:
    """Walks from open facts back to unknowns. Results are kept, so that many facts can be asked about cheaply."""

    def __init__(self, derivation: Derivation) -> None:
        self.derivation = derivation
        self.vocabulary = derivation.compiled.vocabulary
        self.stores = stores_of(derivation)
        self._direct: dict[Node, tuple[frozenset[Unknown], frozenset[Node]]] = {}
        self._only_possible = {id(firing) for firing in derivation.possible_firings}

    def behind(self, target: Fact) -> frozenset[Unknown]:
        """The unknowns behind one open fact, however far back."""
        return self._behind(set(), {target}, [target])

    def behind_firing(self, firing: Firing) -> frozenset[Unknown]:
        """The unknowns that keep one rule from surely firing on these facts."""
        unknowns, nodes = _parted(self._firing(firing))
        return self._behind(set(unknowns), set(nodes), sorted(nodes, key=str))

    def behind_cut_off(self, rule_id: str) -> frozenset[Unknown]:
        """The unknowns that a rule that was cut off waits for, on whatever facts."""
        rule = CutOff(rule_id)
        return self._behind(set(), {rule}, [rule])

    def _behind(self, found: set[Unknown], seen: set[Node], queue: list[Node]) -> frozenset[Unknown]:
        for node in queue:
            if node not in self._direct:
                self._direct[node] = _parted(self._before(node))
            unknowns, nodes = self._direct[node]
            found |= unknowns
            queue += sorted(nodes - seen, key=str)
            seen |= nodes
        return frozenset(found)

    def _before(self, node: Node) -> Iterator[Unknown | Node]:
        """What a node rests on directly: unknowns, and other nodes."""
        if isinstance(node, Hole):
            yield from self._concluded_slot(node.fact, node.field)
            return
        if isinstance(node, CutOff):
            yield from self._anything(self.derivation.rules[node.rule_id])
            return
        if node.origin is Origin.OPEN and self._is_asked(node):
            yield Unknown(node.type)
        yield from self._cut_off(node.type)
        for firing in self.derivation.possible_justifications.get(node, ()):
            yield from self._firing(firing)

    def _is_asked(self, fact: Fact) -> bool:
        """Whether an open fact stands for a section; one of a concluded type stands for what was cut off."""
        return self.vocabulary.types[fact.type].supplied_by is not Supplier.RULES

    def _cut_off(self, type_name: str) -> Iterator[CutOff]:
        """The rules that were cut off and may conclude any fact of the type."""
        for rule_id in self.derivation.cut_off:
            if any(conclusion.fact_type == type_name for conclusion in self.derivation.rules[rule_id].then):
                yield CutOff(rule_id)

    def _anything(self, rule: Rule) -> Iterator[Unknown | Node]:
        """Whatever is unknown in what the rule may be about."""
        for condition in rule.when:
            for test in inner_tests(condition):
                yield from _without_value(test)
            for pattern in inner_patterns(condition):
                alone = replace(pattern, tests=tuple(test for test in pattern.tests if not any(test.references())))
                for fact in self.stores.possible.of(pattern.fact_type):
                    if self._truth(alone, fact, {}) is Truth.NO:
                        continue
                    if fact not in self.stores.certain:
                        yield fact
                    for name, slot in fact.values:
                        if slot is UNKNOWN:
                            yield from self._slot(fact, name)

    def _firing(self, firing: Firing) -> Iterator[Unknown | Node]:
        rule, bound = self.derivation.rules[firing.rule_id], _bound(firing)
        for condition in rule.when:
            yield from self._condition(condition, bound)

    def _condition(self, condition: Condition, bound: Bindings) -> Iterator[Unknown | Node]:
        if isinstance(condition, Pattern) and condition.name:
            fact = bound[condition.name]
            if isinstance(fact, Fact):
                yield from self._doubt(condition, fact, bound)
        elif isinstance(condition, AnyOf):
            for branch in condition.branches:
                for solution in solutions(branch, bound, self.stores, Mode.POSSIBLE):
                    for part in branch:
                        yield from self._condition(part, solution)
        else:
            pattern = condition.pattern if isinstance(condition, Negation | Tally) else condition
            for fact in self.stores.possible.of(pattern.fact_type):
                yield from self._doubt(pattern, fact, bound)
            if isinstance(condition, Tally):
                yield from self._tallied(condition, bound)

    def _tallied(self, tally: Tally, bound: Bindings) -> Iterator[Unknown | Node]:
        """The tallied field may be unknown though the pattern matches, or the fact may stand for several."""
        for fact in self.stores.possible.of(tally.pattern.fact_type):
            if not fact.has_unknown or self._truth(tally.pattern, fact, bound) is Truth.NO:
                continue
            for name, slot in fact.values:
                if slot is UNKNOWN and (name == tally.of or fact.may_be_several):
                    yield from self._slot(fact, name)
        for limit in tally.limits:
            yield from _without_value(limit)
            for reference in limit.references():
                yield from self._reference(reference, bound)

    def _truth(self, pattern: Pattern, fact: Fact, bound: Bindings) -> Truth:
        return min((leaf.truth for leaf in leaves(pattern, fact, bound)), default=Truth.YES)

    def _doubt(self, pattern: Pattern, fact: Fact, bound: Bindings) -> Iterator[Unknown | Node]:
        """Why it is not settled whether this fact passes this pattern; nothing where it is."""
        if self._truth(pattern, fact, bound) is Truth.NO:
            return
        if fact not in self.stores.certain:
            yield fact
        inner = {**bound, pattern.name: fact} if pattern.name else bound
        for leaf in leaves(pattern, fact, bound):
            if leaf.truth is not Truth.UNKNOWN:
                continue
            yield from _without_value(leaf.test)
            if leaf.found is UNKNOWN:
                yield from self._slot(fact, leaf.test.field)
            for reference in leaf.test.references():
                yield from self._reference(reference, inner)

    def _reference(self, reference: Reference, bound: Bindings) -> Iterator[Unknown | Node]:
        fact = bound.get(reference.name)
        if isinstance(fact, Fact) and fact.get(reference.field) is UNKNOWN:
            yield from self._slot(fact, reference.field)

    def _slot(self, fact: Fact, field_name: str) -> Iterator[Unknown | Node]:
        if fact.origin is Origin.OPEN:
            yield Unknown(fact.type) if self._is_asked(fact) else fact
        elif fact.origin is Origin.LISTED:
            field = self.vocabulary.types[fact.type].fields[field_name]
            for name in field.computed or (field_name,):
                if fact.get(name) is UNKNOWN:
                    yield Unknown(fact.type, fact, name)
        else:
            yield Hole(fact, field_name)

    def _concluded_slot(self, fact: Fact, field_name: str) -> Iterator[Unknown | Node]:
        """A concluded unknown came from a bound field, or from a tally: ask what that one waits for.

        A firing that is only possible may conclude another fact like it, so what that firing waits for is asked too.
        """
        yield from self._cut_off(fact.type)
        for firing in self.derivation.possible_justifications.get(fact, ()):
            if id(firing) in self._only_possible:
                yield from self._firing(firing)
            rule = self.derivation.rules[firing.rule_id]
            bound = _bound(firing)
            for conclusion in rule.then:
                operand = dict(conclusion.values).get(field_name)
                if conclusion.fact_type != fact.type or not isinstance(operand, Reference):
                    continue
                source = bound[operand.name]
                if isinstance(source, Fact):
                    yield from self._slot(source, operand.field) if source.get(operand.field) is UNKNOWN else ()
                else:
                    tally = next(c for c in rule.when if isinstance(c, Tally) and c.name == operand.name)
                    yield from self._condition(tally, bound)


def _parted(found: Iterable[Unknown | Node]) -> tuple[frozenset[Unknown], frozenset[Node]]:
    """Unknowns apart from what is yet to be walked through."""
    several = frozenset(found)
    unknowns = frozenset(one for one in several if isinstance(one, Unknown))
    return unknowns, frozenset(one for one in several if not isinstance(one, Unknown))


def _bound(firing: Firing) -> dict[str, Fact | Tallied]:
    """What the names of the rule stand for in a firing."""
    return {**dict(firing.bindings), **{name: Tallied(value) for name, value in firing.tallies}}


def _without_value(test: Test) -> Iterator[Unknown]:
    """The parameters in a test that have no value on the day."""
    for operand in test.operands:
        base = operand.base if isinstance(operand, Shifted) else operand
        if isinstance(base, Constant) and base.parameter and base.value is UNKNOWN:
            yield Unknown(PARAMETER, None, base.parameter)


def waiting_rules(derivation: Derivation) -> tuple[tuple[Unknown, tuple[str, ...]], ...]:
    """Each unknown with the rules for the applicant that wait for it (ids), those that hold up the most rules first."""
    tracer = Tracer(derivation)
    waiting: dict[Unknown, dict[str, None]] = {}
    for firing in derivation.possible_firings:
        if Audience.APPLICANT in derivation.rules[firing.rule_id].audience:
            for unknown in tracer.behind_firing(firing):
                waiting.setdefault(unknown, {})[firing.rule_id] = None
    for rule_id in derivation.cut_off:
        if Audience.APPLICANT in derivation.rules[rule_id].audience:
            for unknown in tracer.behind_cut_off(rule_id):
                waiting.setdefault(unknown, {})[rule_id] = None
    vocabulary = derivation.compiled.vocabulary
    ordered = sorted(waiting.items(), key=lambda item: (-len(item[1]), item[0].path(vocabulary)))
    return tuple((unknown, tuple(rules)) for unknown, rules in ordered)


def meaning_of(unknown: Unknown, vocabulary: Vocabulary) -> str:
    """What an unknown is, in the vocabulary's words."""
    if unknown.type == PARAMETER:
        return said("number_without_value")
    fact_type = vocabulary.types[unknown.type]
    return fact_type.fields[unknown.field].meaning if unknown.fact is not None else fact_type.meaning

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
from dataclasses import dataclass
from typing import Final

from smartpick_expert.engine.compiled import CompiledRules
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
    Test,
    inner_tallies,
    inner_tests,
)
from smartpick_expert.language.operators import OPERATORS
from smartpick_expert.language.values import UNKNOWN
from smartpick_expert.language.vocabulary import Vocabulary
from tests.bench.clips_fields import Shapes
from tests.bench.clips_patterns import Name, PatternText
from tests.bench.clips_words import NOTES, NotTranslatableError, Symbols

# An operator when its two sides change places.
_MIRRORED: Final = {
    "is": "is",
    "is_not": "is_not",
    "at_least": "at_most",
    "at_most": "at_least",
    "above": "below",
    "below": "above",
}


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
    shapes, symbols, functions = Shapes(compiled), Symbols(), []
    numbered = [(level, rule) for level, stratum in enumerate(compiled.strata) for rule in stratum]
    texts = [
        _RuleText(shapes, symbols, functions, number, level, rule).construct()
        for number, (level, rule) in enumerate(numbered)
    ]
    gated = {level for level, rule in numbered if any(True for c in rule.when for _ in inner_tallies(c))}
    return Program(
        (*NOTES, *shapes.constructs(), *functions, *map(_gate, sorted(gated)), *texts),
        tuple(rule for _, rule in numbered),
        shapes.slots,
        shapes.templates,
        compiled.vocabulary,
        symbols,
    )


def _gate(level: int) -> str:
    """The fact behind which the tallies of a stratum wait; its salience lies between the strata."""
    return f"(defrule gate-{level} (declare (salience {1 - 2 * level})) => (assert (gate {level})))"


class _RuleText(PatternText):
    """One rule as a defrule."""

    def __init__(
        self, shapes: Shapes, symbols: Symbols, functions: list[str], number: int, level: int, rule: Rule
    ) -> None:
        super().__init__(shapes, symbols, functions)
        if any(_is_unknown(operand) for c in rule.when for test in inner_tests(c) for operand in test.operands):
            raise NotTranslatableError(f"{rule.id}: a parameter has no value")
        self.number, self.level, self.rule = number, level, rule

    def construct(self) -> str:
        """The whole construct."""
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
        names = self.shapes.slots[conclusion.fact_type]
        slots = [f"({names[name]} {self.symbols.literal(operand.value)})" for name, operand in fixed]
        slots += [f"({names[name]} {self.operand(operand)})" for name, operand in bound]
        asserted = f"(fact-index (assert ({self.shapes.templates[conclusion.fact_type]} {' '.join(slots)})))"
        noted = [
            f"(length$ {text}) {text}" if self.shapes.many(conclusion.fact_type, name) else text
            for name, text in ((name, self.operand(operand)) for name, operand in bound)
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
            self.names[pattern.name] = Name(pattern.fact_type)
        parts = self._joins(named, references, late_names, addresses=addresses)
        others = [c for c in conditions if not isinstance(c, Tally) and not (isinstance(c, Pattern) and c.name)]
        early = [c for c in others if not any(inner_tallies(c)) and not _mentions(c, self._tally_names() | late_names)]
        for condition in sorted(early, key=_cost):
            parts += self._condition(condition)
        if tallies or len(early) < len(others):
            parts.append(f"(gate {self.level})")
        for tally in tallies:
            parts.append(self.tally(tally))
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
            parts.append(address + self.pattern(pattern.fact_type, here, self.names[pattern.name], fields))
            parts += [f"(test {self._late(owner, test)})" for owner, test in beside]
        return parts

    def _late(self, owner: Pattern, test: Test) -> str:
        """A test of a named pattern as an expression of its own."""
        return self.predicate(test, owner.fact_type, self.variable(owner.name, test.field))

    def _join_order(self, named: list[Pattern]) -> Iterator[Pattern]:
        """Types of one fact first, then along equal fields, the pattern with the most constant tests next."""
        left = sorted(named, key=lambda p: (not self.shapes.is_one(p.fact_type), -_constants(p)))
        bound: set[str] = set()
        while left:
            chosen = next((p for p in left if self._is_single(p) or _is_joined(p, bound)), left[0])
            left.remove(chosen)
            bound.add(chosen.name)
            yield chosen

    def _is_single(self, pattern: Pattern) -> bool:
        return self.shapes.is_one(pattern.fact_type)

    def _condition(self, condition: Condition) -> list[str]:
        """A condition without a name at the top, and no tally."""
        if isinstance(condition, Pattern):
            text = self.nameless(condition)
            return [text if self._is_single(condition) else f"(exists {text})"]
        if isinstance(condition, Negation):
            return [f"(not {self.nameless(condition.pattern)})"]
        if isinstance(condition, AnyOf):
            branches = [self._absence_of(branch) for branch in condition.branches]
            return [f"(not (and {' '.join(branches)}))" if len(branches) > 1 else f"(not {branches[0]})"]
        raise AssertionError(condition)

    def _absence_of(self, branch: tuple[Condition, ...]) -> str:
        """That a branch of `any` does not hold."""
        if len(branch) == 1 and isinstance(branch[0], Pattern) and not branch[0].name:
            return f"(not {self.nameless(branch[0])})"
        parts = self._group(branch, (), addresses=False)
        return f"(not {parts[0]})" if len(parts) == 1 else f"(not (and {' '.join(parts)}))"


def _is_unknown(operand: Operand) -> bool:
    base = operand.base if isinstance(operand, Shifted) else operand
    return isinstance(base, Constant) and base.value is UNKNOWN


def _mirrored(owner: Pattern, test: Test, at: str) -> Test | None:
    """A test of an earlier pattern against this one, said the other way about; None where it cannot be."""
    operand = test.operands[0] if len(test.operands) == 1 else None
    if (
        not isinstance(operand, Reference)
        or operand.name != at
        or owner.name == at
        or test.operator.name not in _MIRRORED
    ):
        return None
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


def _is_joined(pattern: Pattern, bound: set[str]) -> bool:
    return any(t.operator.name == "is" and r.name in bound for t in pattern.tests for r in t.references())


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

"""A rule says the same thing twice: an entry of a list, a condition without a name, a conclusion.

It changes nothing and misleads whoever changes one of the two. There is one repair, which `--fix` makes: the later one goes.
"""

from __future__ import annotations

from collections.abc import Iterator

from smartpick_expert.authoring.checks.base import Base, Finding
from smartpick_expert.authoring.normal_form import normal_condition
from smartpick_expert.diagnostics import Severity
from smartpick_expert.language.model import Constant, Pattern, Rule, Tally, inner_tests
from smartpick_expert.language.rewriting import Replacement, without_item
from smartpick_expert.language.source import Mapping, Node, Scalar, Sequence, parse
from smartpick_expert.language.spans import SpannedText
from smartpick_expert.language.values import shorten

CODE = "rule.said-twice"
FINDS = "A rule says the same thing twice: an entry of a list, a condition or a conclusion."
SEVERITY = Severity.WARNING
_LISTS = ("sources", "warns_against", "audience", "stages", "when", "then")
_CHOICES = ("in", "not_in")
Shape = tuple[object, ...]


def check(base: Base) -> Iterator[Finding]:
    """Yield a finding for each item that stands a second time, at its place."""
    files: dict[str, Node] = {}
    for rule in base.workspace.ruleset.rules:
        if not _may_say_twice(rule):
            continue
        path = rule.location.path
        if path not in files:
            files[path] = parse(base.workspace.files[path], path)
        for sequence, number in _twice(_written(files[path], rule)):
            item = sequence.items[number]
            first = next(one for one in sequence.items if _shape(one) == _shape(item))
            yield Finding(
                CODE,
                f"Rule '{shorten(rule.id)}' says this twice.",
                "Delete one of the two; 'smartpick rules check --fix' deletes the second.",
                item.location,
                SEVERITY,
                related=((first.location, "the first one"),),
                rule=rule.id,
            )


def repair(of: SpannedText, finding: Finding) -> tuple[Replacement, ...]:
    """The second one goes, and every comment stays."""
    rules = of.root.get("rules") if isinstance(of.root, Mapping) else None
    for entry in rules.items if isinstance(rules, Sequence) else ():
        for sequence, number in _twice(entry):
            if sequence.items[number].location == finding.location:
                return (without_item(of, sequence, number),)
    return ()


def _may_say_twice(rule: Rule) -> bool:
    """Whether the rule as it was read holds something twice; looking it up in the file takes longer."""
    unnamed = [normal_condition(one) for one in rule.when if not (isinstance(one, Pattern | Tally) and one.name)]
    lists = (rule.sources, rule.warns_against, rule.audience, rule.stages, unnamed, rule.then)
    choices = [
        operand.value
        for condition in rule.when
        for test in inner_tests(condition)
        for operand in test.operands
        if isinstance(operand, Constant) and isinstance(operand.value, tuple)
    ]
    return any(len(set(one)) < len(one) for one in (*lists, *choices))


def _written(file: Node, rule: Rule) -> Node:
    rules = file.get("rules") if isinstance(file, Mapping) else None
    return next(
        entry
        for entry in (rules.items if isinstance(rules, Sequence) else ())
        if isinstance(entry, Mapping) and any(key.location == rule.location for key, _ in entry.pairs)
    )


def _twice(entry: Node) -> Iterator[tuple[Sequence, int]]:
    """Each list of a rule with the number of an item that stands in it before."""
    if not isinstance(entry, Mapping):
        return
    for key, value in entry.pairs:
        if key.text in _LISTS and isinstance(value, Sequence):
            yield from _again(value)
        if key.text == "when":
            yield from _choices(value)


def _choices(node: Node) -> Iterator[tuple[Sequence, int]]:
    if isinstance(node, Sequence):
        for item in node.items:
            yield from _choices(item)
    elif isinstance(node, Mapping):
        for key, value in node.pairs:
            if key.text in _CHOICES and isinstance(value, Sequence):
                yield from _again(value)
            yield from _choices(value)


def _again(sequence: Sequence) -> Iterator[tuple[Sequence, int]]:
    seen: set[Shape] = set()
    for number, item in enumerate(sequence.items):
        shape = _shape(item)
        if shape in seen and not _binds(item):
            yield sequence, number
        seen.add(shape)


def _binds(node: Node) -> bool:
    """Whether a name is given here: another fact may stand behind a second one."""
    if isinstance(node, Mapping):
        return any(key.text == "as" or _binds(value) for key, value in node.pairs)
    return isinstance(node, Sequence) and any(map(_binds, node.items))


def _shape(node: Node) -> Shape:
    """What is written, whatever its place, its quotes and the order of its names."""
    if isinstance(node, Scalar):
        return ("text", node.text, node.is_empty)
    if isinstance(node, Sequence):
        return ("list", *map(_shape, node.items))
    return ("names", frozenset((key.text, _shape(value)) for key, value in node.pairs))

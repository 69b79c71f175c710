"""Answers to why and why-not for all there is in a run, for the box at the end of a document that works without this program.

Everything is answered here, by the same functions as the commands; the page only shows it. Answers share most of what they
say, so lines and whole branches are kept once and named by number.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from markupsafe import Markup

from smartpick_expert.explain.condition_text import words_of
from smartpick_expert.explain.names import ACTION, Named
from smartpick_expert.explain.told import is_kept
from smartpick_expert.explain.trace import Trace, TracedFact
from smartpick_expert.explain.tree import Node
from smartpick_expert.explain.why import why_each
from smartpick_expert.explain.why_text import trees_of
from smartpick_expert.explain.wording import plain_text
from smartpick_expert.knowledge.phrases import said
from smartpick_expert.language.model import Audience, inner_patterns
from smartpick_expert.language.source import read_text
from smartpick_expert.language.vocabulary import Supplier
from smartpick_expert.report.why_nots import BUCKET, WhyNotAsked
from smartpick_expert.workspace import Workspace

SCRIPT: Final = "ask.js"
WHY, WHY_NOT = "why", "why-not"
# What only a command can do is no part of an answer on a page.
_OF_COMMANDS: Final = (", or add --full", " (--full)", " (--evidence-only)")
# In JSON inside a page, so that no text of a profile can end it or begin markup.
_ESCAPES: Final = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


@dataclass(frozen=True, slots=True)
class Question:
    """Something that can be asked: why or why-not, what it is called, its name for the commands, and the roots of its answer.

    `leads` marks those that a page without scripts shows.
    """

    kind: str
    label: str
    name: str
    roots: tuple[int, ...]
    leads: bool = False


@dataclass(frozen=True)
class Answers:
    """All questions with their answers: `nodes` are numbers of `lines`, and the numbers of the nodes below."""

    lines: tuple[str, ...]
    nodes: tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]
    questions: tuple[Question, ...]

    def tree(self, root: int) -> Node:
        """The answer below a root."""
        lines, below = self.nodes[root]
        return Node(tuple(self.lines[one] for one in lines), tuple(map(self.tree, below)))

    @property
    def embedded(self) -> Markup:
        """All of it as JSON that can stand in a page."""
        data = {
            "lines": self.lines,
            "nodes": self.nodes,
            "asked": [(one.kind, one.label, one.name, one.roots) for one in self.questions],
        }
        text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
        for mark, escaped in _ESCAPES.items():
            text = text.replace(mark, escaped)
        return Markup(text)  # noqa: S704 - nothing in it can be markup


@dataclass(frozen=True, slots=True)
class Box:
    """What a template makes the box of: the answers, the script that shows them, and the hash by which a page lets it run."""

    answers: Answers
    script: Markup
    allowed: str


def box_of(answers: Answers, reports: Path) -> Box:
    """The box with the script of a folder of templates. Raises Problems where it cannot be read."""
    script = read_text(reports / SCRIPT, f"reports/{SCRIPT}")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode("ascii")
    return Box(answers, Markup(script), f"sha256-{digest}")  # noqa: S704 - a script of the templates, not anybody's input


class _Table:
    """Collects answers; what is said twice is kept once."""

    def __init__(self) -> None:
        self.lines: dict[str, int] = {}
        self._numbers: dict[str, int] = {}
        self.nodes: dict[tuple[tuple[int, ...], tuple[int, ...]], int] = {}

    def root(self, node: Node) -> int:
        below = tuple(map(self.root, node.children))
        lines = tuple(map(self._number, node.lines))
        return self.nodes.setdefault((lines, below), len(self.nodes))

    def _number(self, line: str) -> int:
        number = self._numbers.get(line)
        if number is None:
            number = self._numbers[line] = self.lines.setdefault(_on_a_page(line), len(self.lines))
        return number

    def roots(self, nodes: Iterable[Node]) -> tuple[int, ...]:
        return tuple(map(self.root, nodes))


def answers_of(trace: Trace, why_nots: Iterable[WhyNotAsked], workspace: Workspace, *, told: bool) -> Answers:
    """The answers for one run: `trace` and `why_nots` are of it; with `told`, the trace is as the applicant's documents tell of it.

    With `told` no question is about a rule for the advisor alone, and no answer goes into one on what is kept.
    """
    table = _Table()
    questions = [*_whys(trace, workspace, table), *_why_nots(why_nots, workspace, table, told=told)]
    return Answers(tuple(table.lines), tuple(table.nodes), tuple(questions))


def _whys(trace: Trace, workspace: Workspace, table: _Table) -> Iterator[Question]:
    """Every statement, every conclusion, and every entry of the profile."""
    titles = {name: action.title for name, action in workspace.knowledge.actions.items()}
    asked = [
        (_called(fact, titles), Named(fact.id, facts=(fact.id,)), fact.type == BUCKET)
        for fact in trace.facts
        if fact.certain and not fact.is_open and fact.supply in ("rules", "profile")
    ]
    asked += [
        (one.title, Named(one.id, firings=one.firings, says="" if one.firings else one.text), False)
        for one in trace.statements
    ]
    answers = trees_of(why_each((named for _, named, _ in asked), trace))
    for (label, named, leads), trees in zip(asked, answers, strict=True):
        yield Question(WHY, label, named.asked, table.roots(trees), leads)


def _called(fact: TracedFact, titles: dict[str, str]) -> str:
    if fact.type == ACTION:
        name = fact.field("name")
        return titles.get(str(name.value), fact.id) if name is not None else fact.id
    words = ", ".join(field.text for field in fact.fields if field.name != fact.label_field)
    kind = words_of(fact.type)
    head = said("labelled", fact=kind, label=fact.label) if fact.label else kind
    return plain_text(f"{head}: {words}" if fact.supply == "rules" and words else head)


def _why_nots(several: Iterable[WhyNotAsked], workspace: Workspace, table: _Table, *, told: bool) -> Iterator[Question]:
    """Those that are told; with `told` each without its branches on rules that the applicant is told nothing of."""
    hidden = _hidden_rules(workspace) if told else frozenset()
    unasked = {
        rule.id for rule in workspace.all_rules.rules if told and Audience.APPLICANT not in rule.audience
    } | hidden
    for one in several:
        if one.rule not in unasked:
            yield Question(WHY_NOT, one.label, one.name, table.roots(_without(one.trees, hidden)), one.leads)


def _without(trees: Iterable[Node], hidden: Collection[str]) -> Iterator[Node]:
    """Trees without the branches on hidden rules."""
    for node in trees:
        if not hidden:
            yield node
        elif _rule_of(node.lines[0]) not in hidden:
            yield Node(node.lines, tuple(_without(node.children, hidden)))


def _hidden_rules(workspace: Workspace) -> frozenset[str]:
    """The rules that an applicant is told nothing of: those on what is kept, and those that look at what only an advisor enters."""
    vocabulary = workspace.vocabulary
    entered = {
        one.name for one in vocabulary.types.values() if one.for_advisor and one.supplied_by is not Supplier.RULES
    }
    return frozenset(
        rule.id
        for rule in workspace.all_rules.rules
        if is_kept(rule, vocabulary)
        or any(pattern.fact_type in entered for condition in rule.when for pattern in inner_patterns(condition))
    )


def _rule_of(text: str) -> str:
    """The rule that a line is about: `letters.generic: A letter ...`, `by letters.generic (rules/...): ...`."""
    before = said("concluded_by").partition("{rule}")[0]
    return text.removeprefix(before).partition(" ")[0].removesuffix(":")


def _on_a_page(line: str) -> str:
    for words in _OF_COMMANDS:
        line = line.replace(words, "")
    return line

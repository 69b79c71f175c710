"""Answers to why and why-not for all there is in a run, for the box at the end of a document that works without this program.

Everything is answered here, by the same functions as the commands; the page only shows it. Answers share most of what they
say, so lines and whole branches are kept once and named by number.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from markupsafe import Markup

from smartpick_expert.engine.consultation import Consultation
from smartpick_expert.explain.condition_text import words_of
from smartpick_expert.explain.names import ACTION, Named
from smartpick_expert.explain.told import is_kept
from smartpick_expert.explain.trace import Trace, TracedFact
from smartpick_expert.explain.tree import Node
from smartpick_expert.explain.why import why_each
from smartpick_expert.explain.why_not import WhyNots
from smartpick_expert.explain.why_not_model import WhyNotConclusion, WhyNotRule
from smartpick_expert.explain.why_not_text import tree_lines
from smartpick_expert.explain.why_text import tree_of
from smartpick_expert.explain.wording import plain_text, value_text
from smartpick_expert.knowledge.phrases import said
from smartpick_expert.language.model import Audience, Rule, inner_patterns
from smartpick_expert.language.vocabulary import Supplier
from smartpick_expert.workspace import Workspace

SCRIPT: Final = "ask.js"
WHY, WHY_NOT = "why", "why-not"
_BUCKET, _GATE = "bucket", "gate"
_INDENT: Final = "  "
# What only a command can do is no part of an answer on a page.
_OF_COMMANDS: Final = (", or add --full", " (--full)", " (--evidence-only)")
# In JSON inside a page, so that no text of a profile can end it or begin markup.
_ESCAPES: Final = str.maketrans(
    {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
)


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
        return Markup(text.translate(_ESCAPES))  # noqa: S704 - nothing in it can be markup


@dataclass(frozen=True, slots=True)
class Box:
    """What a template makes the box of: the answers, the script that shows them, and the hash by which a page lets it run."""

    answers: Answers
    script: Markup
    allowed: str


def box_of(answers: Answers, reports: Path) -> Box:
    """The box with the script of a folder of templates."""
    script = (reports / SCRIPT).read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode("ascii")
    return Box(answers, Markup(script), f"sha256-{digest}")  # noqa: S704 - a script of the templates, not anybody's input


class _Table:
    """Collects answers; what is said twice is kept once."""

    def __init__(self) -> None:
        self.lines: dict[str, int] = {}
        self.nodes: dict[tuple[tuple[int, ...], tuple[int, ...]], int] = {}

    def root(self, node: Node) -> int:
        below = tuple(map(self.root, node.children))
        lines = tuple(self.lines.setdefault(_on_a_page(one), len(self.lines)) for one in node.lines)
        return self.nodes.setdefault((lines, below), len(self.nodes))

    def roots(self, nodes: Iterable[Node]) -> tuple[int, ...]:
        return tuple(map(self.root, nodes))


def answers_of(trace: Trace, consultation: Consultation, workspace: Workspace, *, told: bool) -> Answers:
    """The answers for one run. `trace` is of that consultation; with `told` it is as the applicant's documents tell of it.

    With `told` no question is about a rule for the advisor alone, and no answer goes into one on what is kept.
    """
    table = _Table()
    questions = [*_whys(trace, workspace, table), *_why_nots(consultation, workspace, table, told=told)]
    return Answers(tuple(table.lines), tuple(table.nodes), tuple(questions))


def _whys(trace: Trace, workspace: Workspace, table: _Table) -> Iterator[Question]:
    """Every statement, every conclusion, and every entry of the profile."""
    titles = {name: action.title for name, action in workspace.knowledge.actions.items()}
    asked = [
        (_called(fact, titles), Named(fact.id, facts=(fact.id,)), fact.type == _BUCKET)
        for fact in trace.facts
        if fact.certain and not fact.is_open and fact.supply in ("rules", "profile")
    ]
    asked += [
        (one.title, Named(one.id, firings=one.firings, says="" if one.firings else one.text), False)
        for one in trace.statements
    ]
    for (label, named, leads), answer in zip(asked, why_each((named for _, named, _ in asked), trace), strict=True):
        yield Question(WHY, label, named.asked, table.roots(tree_of(answer)), leads)


def _called(fact: TracedFact, titles: dict[str, str]) -> str:
    if fact.type == ACTION:
        name = fact.field("name")
        return titles.get(str(name.value), fact.id) if name is not None else fact.id
    words = ", ".join(field.text for field in fact.fields if field.name != fact.label_field)
    head = f"{words_of(fact.type)} “{fact.label}”" if fact.label else words_of(fact.type)
    said = fact.supply == "rules" and words
    return plain_text(f"{head}: {words}" if said else head)


def _why_nots(consultation: Consultation, workspace: Workspace, table: _Table, *, told: bool) -> Iterator[Question]:
    """Every other sorting, every filter that is not passed, every action that is not advised, and every rule that did not fire."""
    derivation, vocabulary = consultation.derivation, workspace.vocabulary
    hidden = _hidden_rules(workspace) if told else frozenset()
    asker = WhyNots(consultation, workspace)

    def conclusion(label: str, type_name: str, word: str, more: dict[str, str], *, leads: bool) -> Question:
        fields = {"name": word, **more}
        inside = " ".join(f"{name}={value}" for name, value in fields.items())
        answer = asker.conclusion(type_name, fields)
        return Question(WHY_NOT, label, f"{type_name}[{inside}]", table.roots(_trees(answer, hidden)), leads)

    def words(type_name: str) -> dict[str, str]:
        return dict(vocabulary.types[type_name].fields["name"].values) if type_name in vocabulary.types else {}

    concluded = {(fact.type, str(fact.get("name"))) for fact in derivation.certain}
    for word, text in words(_BUCKET).items():
        if (_BUCKET, word) not in concluded:
            yield conclusion(said("asked_bucket", name=text), _BUCKET, word, {}, leads=True)
    passed = {str(gate.get("name")) for gate in derivation.of(_GATE) if gate.get("result") == "passed"}
    for word, text in words(_GATE).items() if derivation.of(_GATE) else ():
        if word not in passed:
            label = said("asked_filter", name=value_text(text))
            yield conclusion(label, _GATE, word, {"result": "passed"}, leads=False)
    for word, action in workspace.knowledge.actions.items():
        if (ACTION, word) not in concluded and ACTION in vocabulary.types:
            yield conclusion(action.title, ACTION, word, {}, leads=False)
    for rule, answer in _rules_not_fired(asker, consultation, workspace):
        if rule.id not in hidden and (not told or Audience.APPLICANT in rule.audience):
            yield Question(WHY_NOT, rule.title, rule.id, table.roots(_trees(answer(rule), hidden)))


def _rules_not_fired(
    asker: WhyNots, consultation: Consultation, workspace: Workspace
) -> Iterator[tuple[Rule, Callable[[Rule], WhyNotRule]]]:
    """Each rule that did not fire, and what answers why: those that evidence alone leaves out come last."""
    fired = {firing.rule_id for firing in consultation.derivation.firings}
    yield from ((rule, asker.rule) for rule in consultation.derivation.rules.values() if rule.id not in fired)
    yield from ((rule, asker.left_out) for rule in workspace.left_out if rule.is_live(consultation.as_of))


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


def _trees(answer: WhyNotRule | WhyNotConclusion, hidden: Collection[str]) -> tuple[Node, ...]:
    """The lines of an answer as trees, by how far each is moved in; a branch on a hidden rule is left out."""
    root: list[tuple[int, str, list[Node]]] = []
    found: list[Node] = []

    def close(depth: int) -> None:
        while root and root[-1][0] >= depth:
            _, text, below = root.pop()
            node = Node((text,), tuple(below))
            if _rule_of(text) not in hidden:
                (root[-1][2] if root else found).append(node)

    for line in tree_lines(answer):
        text = line.lstrip(" ")
        depth = (len(line) - len(text)) // len(_INDENT)
        close(depth)
        root.append((depth, text, []))
    close(0)
    return tuple(found)


def _rule_of(text: str) -> str:
    """The rule that a line is about: `letters.generic: A letter ...`, `by letters.generic (rules/...): ...`."""
    return text.removeprefix("by ").partition(" ")[0].removesuffix(":")


def _on_a_page(line: str) -> str:
    for words in _OF_COMMANDS:
        line = line.replace(words, "")
    return line

"""Every why-not that a run raises, each answered as the command answers it: once, for the boxes of all its documents.

What an applicant is told less of is left out by whoever shows the answers, so that an answer is the same for everybody.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

from smartpick_expert.engine.consultation import Consultation
from smartpick_expert.explain.names import ACTION
from smartpick_expert.explain.tree import Node
from smartpick_expert.explain.two_runs import types_apart, types_looked_at
from smartpick_expert.explain.why_not import WhyNots
from smartpick_expert.explain.why_not_model import WhyNotConclusion, WhyNotRule
from smartpick_expert.explain.why_not_text import tree_lines
from smartpick_expert.explain.wording import value_text
from smartpick_expert.knowledge.phrases import said
from smartpick_expert.workspace import Workspace

BUCKET: Final = "bucket"
_GATE: Final = "gate"
_INDENT: Final = "  "


@dataclass(frozen=True, slots=True)
class WhyNotAsked:
    """Something that did not happen: what it is called, its name for the commands, and why it did not, as trees.

    `rule` is the rule that did not fire, empty for a conclusion. `leads` marks those that a page without scripts shows.
    """

    label: str
    name: str
    trees: tuple[Node, ...]
    rule: str = ""
    leads: bool = False


@dataclass(frozen=True, slots=True)
class WhyNotRun:
    """A run with all its why-nots."""

    consultation: Consultation
    asked: tuple[WhyNotAsked, ...]


def why_nots_of(consultation: Consultation, workspace: Workspace, known: WhyNotRun | None = None) -> WhyNotRun:
    """Every other sorting, every filter that is not passed, every action that is not advised, and every rule that did not fire.

    Those that evidence alone leaves out come last. What has the same answer in another run, of which all is `known`, is taken from there.
    """
    return WhyNotRun(consultation, tuple(_Asking(consultation, workspace, known).asked()))


class _Asking:
    def __init__(self, consultation: Consultation, workspace: Workspace, known: WhyNotRun | None) -> None:
        self.derivation = consultation.derivation
        self.as_of = consultation.as_of
        self.workspace = workspace
        self.asker = WhyNots(consultation, workspace)
        apart = known and types_apart(self.derivation, known.consultation.derivation, workspace.all_rules.rules)
        self.apart = apart or frozenset()
        self.known = {one.name: one.trees for one in known.asked} if known and apart is not None else {}

    def asked(self) -> Iterator[WhyNotAsked]:
        derivation = self.derivation
        concluded = {(fact.type, str(fact.get("name"))) for fact in derivation.certain}
        for word, text in self._words(BUCKET).items():
            if (BUCKET, word) not in concluded:
                yield self._conclusion(said("asked_bucket", name=text), BUCKET, {"name": word}, leads=True)
        passed = {str(gate.get("name")) for gate in derivation.of(_GATE) if gate.get("result") == "passed"}
        for word, text in self._words(_GATE).items() if derivation.of(_GATE) else ():
            if word not in passed:
                label = said("asked_filter", name=value_text(text))
                yield self._conclusion(label, _GATE, {"name": word, "result": "passed"})
        for word, action in self.workspace.knowledge.actions.items():
            if (ACTION, word) not in concluded and ACTION in self.workspace.vocabulary.types:
                yield self._conclusion(action.title, ACTION, {"name": word})
        for rule in derivation.rules.values():
            if rule.id not in derivation.firings_by_rule:
                trees = self._known(rule.id, types_looked_at(rule))
                yield WhyNotAsked(rule.title, rule.id, trees or _trees(self.asker.rule(rule)), rule.id)
        for rule in self.workspace.left_out:
            if rule.is_live(self.as_of):
                yield WhyNotAsked(rule.title, rule.id, _trees(self.asker.left_out(rule)), rule.id)

    def _words(self, type_name: str) -> dict[str, str]:
        types = self.workspace.vocabulary.types
        return dict(types[type_name].fields["name"].values) if type_name in types else {}

    def _conclusion(self, label: str, type_name: str, fields: dict[str, str], *, leads: bool = False) -> WhyNotAsked:
        inside = " ".join(f"{name}={value}" for name, value in fields.items())
        name = f"{type_name}[{inside}]"
        trees = self._known(name, {type_name}) or _trees(self.asker.conclusion(type_name, fields))
        return WhyNotAsked(label, name, trees, leads=leads)

    def _known(self, name: str, types: Collection[str]) -> tuple[Node, ...]:
        """The answer of the other run, where it is the same; else none."""
        return () if self.apart.intersection(types) else self.known.get(name, ())


def _trees(answer: WhyNotRule | WhyNotConclusion) -> tuple[Node, ...]:
    """The lines of an answer as trees, by how far each is moved in."""
    path: list[tuple[int, str, list[Node]]] = []
    found: list[Node] = []

    def close(depth: int) -> None:
        while path and path[-1][0] >= depth:
            _, text, below = path.pop()
            (path[-1][2] if path else found).append(Node((text,), tuple(below)))

    for line in tree_lines(answer):
        text = line.lstrip(" ")
        depth = (len(line) - len(text)) // len(_INDENT)
        close(depth)
        path.append((depth, text, []))
    close(0)
    return tuple(found)

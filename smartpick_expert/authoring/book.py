"""The rule base as a book: by topic, each rule with what it asks, concludes and says, beside what it rests on.

Everything is words already; the templates in `reports/` put them in order.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from smartpick_expert.authoring.cases import Case, case_files, read_cases
from smartpick_expert.authoring.catalogue import Coverage, coverage
from smartpick_expert.authoring.rule_page import parameter_text
from smartpick_expert.engine.compiled import parameters_read
from smartpick_expert.engine.strata import feeding
from smartpick_expert.explain.condition_text import ConditionWords, words_of
from smartpick_expert.explain.wording import value_text
from smartpick_expert.knowledge.claims import Claim
from smartpick_expert.knowledge.evidence import Evidence
from smartpick_expert.knowledge.parameters import Parameter, values_at
from smartpick_expert.language.model import (
    EVIDENCE,
    Conclusion,
    Kind,
    ParameterReference,
    Pattern,
    Rule,
    Status,
)
from smartpick_expert.language.source import Mapping, Scalar, parse
from smartpick_expert.language.values import UNKNOWN
from smartpick_expert.version import VERSION
from smartpick_expert.workspace import Workspace

_KINDS: Final = {
    Kind.PERCEPTION: "perception: what committees are said to think",
    Kind.MEASURED: "measured: what figures or official texts show",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One rule in words. `feeds` and `fed_by` are rules, by id; `parameters` have the value of the day."""

    rule: Rule
    kind: str
    state: str
    conditions: tuple[str, ...]
    conclusions: tuple[str, ...]
    because: str
    claims: tuple[Claim, ...]
    evidence: tuple[Evidence, ...]
    warns_against: tuple[Claim, ...]
    parameters: tuple[tuple[Parameter, str], ...]
    fires_in: tuple[str, ...]
    rests_in: tuple[str, ...]
    fed_by: tuple[str, ...]
    feeds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chapter:
    """A topic with its rules, in the order of their files."""

    topic: str
    title: str
    about: tuple[str, ...]
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Book:
    """The whole base as of a day; `claims` is the index."""

    as_of: str
    version: str
    chapters: tuple[Chapter, ...]
    claims: tuple[Coverage, ...]
    perception: int
    measured: int
    retired: int


def book_of(workspace: Workspace, as_of: date) -> Book:
    """The book of a workspace, with the parameters of a day. Raises Problems where a case file cannot be read."""
    writer = _Writer(workspace, as_of)
    rules = sorted(writer.rules, key=lambda rule: (rule.location.path, rule.location.line))
    abouts = _abouts(workspace)
    chapters = tuple(
        Chapter(
            topic,
            words_of(topic),
            abouts.get(topic, ()),
            tuple(writer.entry(rule) for rule in rules if rule.topic == topic),
        )
        for topic in sorted({rule.topic for rule in rules})
    )
    return Book(
        as_of=value_text(as_of),
        version=VERSION,
        chapters=chapters,
        claims=coverage(workspace),
        perception=sum(1 for rule in rules if rule.kind is Kind.PERCEPTION),
        measured=sum(1 for rule in rules if rule.kind is Kind.MEASURED),
        retired=sum(1 for rule in workspace.ruleset.rules if rule.status is Status.RETIRED),
    )


def _abouts(workspace: Workspace) -> dict[str, tuple[str, ...]]:
    """What the files of each topic say they are about."""
    found: dict[str, tuple[str, ...]] = {}
    for path, text in sorted(workspace.files.items()):
        file = parse(text, path) if path.startswith("rules/") else None
        topic, about = (file.get("topic"), file.get("about")) if isinstance(file, Mapping) else (None, None)
        if isinstance(topic, Scalar) and isinstance(about, Scalar):
            found[topic.text] = (*found.get(topic.text, ()), " ".join(about.text.split()))
    return found


class _Writer:
    def __init__(self, workspace: Workspace, as_of: date) -> None:
        self.workspace = workspace
        self.rules = tuple(rule for rule in workspace.ruleset.rules if rule.status is not Status.RETIRED)
        self.values = values_at(workspace.knowledge.parameters.values(), as_of)
        self.fires: dict[str, list[str]] = {}
        self.rests: dict[str, list[str]] = {}
        for path in case_files(workspace.root / "rules"):
            for case in read_cases(path, workspace):
                self._note(case)
        self.feeds: dict[str, list[str]] = {rule.id: [] for rule in self.rules}
        self.fed_by: dict[str, list[str]] = {rule.id: [] for rule in self.rules}
        for index, readers in feeding(self.rules).items():
            for reader in readers:
                self.feeds[self.rules[index].id].append(self.rules[reader].id)
                self.fed_by[self.rules[reader].id].append(self.rules[index].id)

    def entry(self, rule: Rule) -> Entry:
        knowledge, words = self.workspace.knowledge, ConditionWords(rule, self.workspace.vocabulary)
        shown = [condition for condition in rule.when if not (isinstance(condition, Pattern) and condition.hidden)]
        cited = [source.removeprefix(EVIDENCE) for source in rule.sources if source.startswith(EVIDENCE)]
        parameters = [knowledge.parameters[name] for name in parameters_read(rule)]
        return Entry(
            rule=rule,
            kind=_KINDS[rule.kind],
            state=self._state(rule),
            conditions=tuple(words.condition(condition) for condition in shown),
            conclusions=tuple(self._concluded(one, words) for one in rule.then),
            because=self._because(rule, words),
            claims=tuple(knowledge.claims[name] for name in rule.carries()),
            evidence=tuple(knowledge.evidence[name] for name in cited),
            warns_against=tuple(knowledge.claims[name] for name in rule.warns_against),
            parameters=tuple((one, parameter_text(one, self.values[one.name])) for one in parameters),
            fires_in=tuple(self.fires.get(rule.id, ())),
            rests_in=tuple(self.rests.get(rule.id, ())),
            fed_by=tuple(sorted(self.fed_by[rule.id])),
            feeds=tuple(sorted(self.feeds[rule.id])),
        )

    def _note(self, case: Case) -> None:
        name = f"{case.name} (a whole profile)" if case.whole else case.name
        for found, ids in ((self.fires, case.expected.fires), (self.rests, case.expected.does_not_fire)):
            for rule_id in ids:
                found.setdefault(rule_id, []).append(name)

    def _state(self, rule: Rule) -> str:
        """Everything that limits when and for whom the rule speaks."""
        stages = self.workspace.vocabulary.types["applicant"].fields["stage"].values
        parts = [rule.status.value] if rule.status is not Status.STABLE else []
        if rule.stages:
            parts.append("only at: " + ", ".join(stages.get(stage, stage) for stage in rule.stages))
        if len(rule.audience) == 1:
            parts.append(f"for the {rule.audience[0]} alone")
        if rule.valid_from:
            parts.append(f"from {value_text(rule.valid_from)}")
        if rule.valid_to:
            parts.append(f"to {value_text(rule.valid_to)}")
        return "; ".join(parts)

    def _concluded(self, conclusion: Conclusion, words: ConditionWords) -> str:
        fields = self.workspace.vocabulary.types[conclusion.fact_type].fields
        said = [f"{words_of(name)} {words.operand(value, fields.get(name))}" for name, value in conclusion.values]
        return f"{words_of(conclusion.fact_type)}: {', '.join(said)}" if said else words_of(conclusion.fact_type)

    def _because(self, rule: Rule, words: ConditionWords) -> str:
        """What is said to the reader, with what stands for each name in brackets, and parameters as they are on the day."""
        parts = []
        for part in rule.because.parts:
            if isinstance(part, str):
                parts.append(part)
            elif isinstance(part, ParameterReference):
                parts.append(value_text(self.values.get(part.name, UNKNOWN)))
            else:
                parts.append(f"[{words.operand(part, None).removeprefix('that ')}]")
        return " ".join("".join(parts).split())

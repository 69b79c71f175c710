"""Everything about one rule, for an advisor who asks what it says, what it rests on, and what rests on it."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from smartpick_expert.authoring.cases import Case, case_files, read_cases
from smartpick_expert.diagnostics import Location
from smartpick_expert.engine.compiled import parameters_read
from smartpick_expert.engine.strata import may_match
from smartpick_expert.explain.wording import with_unit
from smartpick_expert.knowledge.actions import Action
from smartpick_expert.knowledge.claims import Claim
from smartpick_expert.knowledge.evidence import Evidence
from smartpick_expert.knowledge.parameters import Parameter, values_at
from smartpick_expert.language.model import EVIDENCE, Constant, Rule, Status, inner_patterns
from smartpick_expert.language.source import Mapping, Node, Sequence, parse, read_text
from smartpick_expert.language.values import Slot
from smartpick_expert.language.vocabulary import Field, FieldType
from smartpick_expert.workspace import Workspace

ACTION = "action"


@dataclass(frozen=True, slots=True)
class RulePage:
    """One rule with all that belongs to it. `when` and `then` are the author's own lines, comments included.

    `actions` are those it advises. `suppliers` conclude what the rule reads; `users` read what it concludes. A rule that
    is retired is neither.
    """

    rule: Rule
    when: str
    then: str
    claims: tuple[Claim, ...]
    evidence: tuple[Evidence, ...]
    warns_against: tuple[Claim, ...]
    actions: tuple[Action, ...]
    parameters: tuple[tuple[Parameter, Slot], ...]
    fires_in: tuple[Case, ...]
    rests_in: tuple[Case, ...]
    suppliers: tuple[Rule, ...]
    users: tuple[Rule, ...]


def page_of(rule: Rule, workspace: Workspace, as_of: date) -> RulePage:
    """The page of a rule, with the parameters' values of a day. Raises Problems where a case file cannot be read."""
    knowledge = workspace.knowledge
    live = [other for other in workspace.ruleset.rules if other.status is not Status.RETIRED]
    cases = [case for path in case_files(workspace.root / "rules") for case in read_cases(path, workspace)]
    parameters = [knowledge.parameters[name] for name in parameters_read(rule)]
    values = values_at(parameters, as_of)
    cited = [source.removeprefix(EVIDENCE) for source in rule.sources if source.startswith(EVIDENCE)]
    return RulePage(
        rule=rule,
        when=as_written(rule, "when", workspace.root),
        then=as_written(rule, "then", workspace.root),
        claims=tuple(knowledge.claims[name] for name in rule.carries()),
        evidence=tuple(knowledge.evidence[name] for name in cited),
        warns_against=tuple(knowledge.claims[name] for name in rule.warns_against),
        actions=tuple(knowledge.actions[name] for name in _advised(rule) if name in knowledge.actions),
        parameters=tuple((parameter, values[parameter.name]) for parameter in parameters),
        fires_in=tuple(case for case in cases if rule.id in case.expected.fires),
        rests_in=tuple(case for case in cases if rule.id in case.expected.does_not_fire),
        suppliers=tuple(other for other in live if feeds(other, rule)),
        users=tuple(other for other in live if feeds(rule, other)),
    )


def parameter_text(parameter: Parameter, value: Slot) -> str:
    """A parameter's value in words, with what it is counted in."""
    # A table of steps has no type, and no rule reads one.
    kind = parameter.type or FieldType.TEXT
    return with_unit(value, Field(parameter.name, kind, parameter.meaning, unit=parameter.unit, many=parameter.many))


def _advised(rule: Rule) -> tuple[str, ...]:
    """The names of the actions that a rule concludes."""
    names = [dict(conclusion.values).get("name") for conclusion in rule.then if conclusion.fact_type == ACTION]
    return tuple(dict.fromkeys(str(name.value) for name in names if isinstance(name, Constant)))


def feeds(rule: Rule, other: Rule) -> bool:
    """Whether something that one rule concludes may match a condition of another."""
    patterns = [pattern for condition in other.when for pattern in inner_patterns(condition)]
    return any(
        conclusion.fact_type == pattern.fact_type and may_match(conclusion, pattern)
        for conclusion in rule.then
        for pattern in patterns
    )


def as_written(rule: Rule, key: str, root: Path) -> str:
    """The lines of a rule's file that hold a key and its value, as the author wrote them, without common indentation.

    Where a rule is written on one line, that line is all there is.
    """
    text = read_text(root / rule.location.path, rule.location.path)
    start, others = _places(parse(text, rule.location.path), rule, key)
    lines = text.splitlines()
    end = min((place.line for place in others if place.line > start.line), default=len(lines) + 1)
    block = lines[start.line - 1 : end - 1]
    while len(block) > 1 and _belongs_to_what_follows(block[-1], start.column - 1):
        block.pop()
    return textwrap.dedent("\n".join(block))


def _places(file: Node, rule: Rule, key: str) -> tuple[Location, list[Location]]:
    """Where a key of the rule stands, and where all that might come next does."""
    keys = file.pairs if isinstance(file, Mapping) else ()
    items = [
        item for name, value in keys if name.text == "rules" and isinstance(value, Sequence) for item in value.items
    ]
    written = next(
        item
        for item in items
        if isinstance(item, Mapping) and any(name.location == rule.location for name, _ in item.pairs)
    )
    start = next(name.location for name, _ in written.pairs if name.text == key)
    others = [*(name.location for name, _ in (*keys, *written.pairs)), *(item.location for item in items)]
    return start, others


def _belongs_to_what_follows(line: str, indentation: int) -> bool:
    """Whether a line after a value is blank, a comment before the next key, or the dash of the next rule."""
    words = line.lstrip()
    depth = len(line) - len(words)
    return not words or depth < indentation or (depth == indentation and words.startswith("#"))

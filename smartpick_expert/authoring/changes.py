"""What differs between two workspaces, in an author's words: rules by id, parameters with old and new value, the rest by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from functools import partial
from types import MappingProxyType
from typing import Any, Final

from smartpick_expert.audit.versions import Changes, MovedValue, Things
from smartpick_expert.authoring.cases import SUFFIX
from smartpick_expert.authoring.renamed import renamed_rules
from smartpick_expert.diagnostics import Location
from smartpick_expert.engine.compiled import parameters_read
from smartpick_expert.explain.wording import value_text
from smartpick_expert.knowledge.fees import Step, Steps
from smartpick_expert.knowledge.parameters import Parameter, Setting
from smartpick_expert.language.model import Rule
from smartpick_expert.workspace import Workspace

RULES: Final = "rules"
PARAMETERS: Final = "parameters"
ACTIONS: Final = "actions"
TEMPLATES: Final = "templates"
CASES: Final = "cases and examples"


def changes_between(old: Workspace, new: Workspace) -> Changes:
    """What differs in rules and knowledge. Where things stand in their files never counts."""
    names = renamed_rules(old.ruleset, new.ruleset)
    before, after = _named(old, names), _named(new, names)
    things = (_things(kind, before[kind], after[kind], names if kind == RULES else {}) for kind in before)
    values = tuple(_moved(old.knowledge.parameters, new.knowledge.parameters))
    return Changes(tuple(one for one in things if one != Things(one.kind)), values)


def with_files(changes: Changes, old: Mapping[str, str], new: Mapping[str, str]) -> Changes:
    """The changes, with templates and with files of cases and examples that differ. `old` and `new` are hashes of files, by path."""
    more = (_things(kind, _of_kind(kind, old), _of_kind(kind, new)) for kind in (TEMPLATES, CASES))
    return Changes((*changes.things, *(one for one in more if one != Things(one.kind))), changes.values)


def _of_kind(kind: str, files: Mapping[str, str]) -> dict[str, str]:
    return {name: found for name, found in files.items() if _kind_of(name) == kind}


def _kind_of(name: str) -> str:
    if name.startswith("reports/"):
        return TEMPLATES
    return CASES if name.endswith(SUFFIX) or name.startswith("knowledge/personas/") else ""


def rules_concerned(old: Workspace, new: Workspace, changes: Changes) -> frozenset[str]:
    """The rules that were themselves changed: added, removed, edited, or reading a parameter that was. The others only follow."""
    of_rules, of_parameters = changes.of(RULES), changes.of(PARAMETERS)
    moved = {*of_parameters.added, *of_parameters.removed, *of_parameters.changed}
    rules: tuple[Rule, ...] = (*old.ruleset.rules, *new.ruleset.rules)
    names = dict(of_rules.renamed)
    reading = {names.get(rule.id, rule.id) for rule in rules if moved & set(parameters_read(rule))} if moved else set()
    return frozenset({*of_rules.added, *of_rules.removed, *of_rules.changed, *reading})


def _named(workspace: Workspace, names: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """Everything that has a name, kind by kind, without places. A rule that was renamed has the new name of `names`."""
    knowledge = workspace.knowledge
    several: dict[str, Mapping[str, object]] = {
        RULES: {rule.id: rule for rule in map(partial(_called_alike, names), workspace.ruleset.rules)},
        PARAMETERS: knowledge.parameters,
        "claims": knowledge.claims,
        "evidence": knowledge.evidence,
        ACTIONS: knowledge.actions,
        # Without the place in its file, which a fact knows too.
        "programs": {name: (one.fact.slots, one.assumption) for name, one in knowledge.programs.items()},
        "fact types": workspace.vocabulary.types,
        "topics": dict(workspace.ruleset.topics),
    }
    return {kind: {name: _placeless(one) for name, one in named.items()} for kind, named in several.items()}


def _called_alike(names: Mapping[str, str], rule: Rule) -> Rule:
    """A rule that was renamed, as it would be had it never been."""
    if rule.id in names or rule.id in names.values():
        return replace(rule, id=names.get(rule.id, rule.id), formerly=())
    return rule


def _placeless(value: Any) -> Any:
    """A value in which no place stands, to be compared."""
    if isinstance(value, Location):
        return None
    if is_dataclass(value):
        # What is computed from the fields and cached is no field.
        return (type(value).__name__, *(_placeless(getattr(value, one.name)) for one in fields(value)))
    if isinstance(value, Mapping):
        # A choice's words have an order that counts.
        return [(name, _placeless(one)) for name, one in value.items()]
    if isinstance(value, tuple | list):
        return [_placeless(one) for one in value]
    return value


def _things(
    kind: str, before: Mapping[str, Any], after: Mapping[str, Any], names: Mapping[str, str] = MappingProxyType({})
) -> Things:
    return Things(
        kind,
        added=tuple(sorted(after.keys() - before.keys())),
        removed=tuple(sorted(before.keys() - after.keys())),
        changed=tuple(sorted(name for name in before.keys() & after.keys() if before[name] != after[name])),
        renamed=tuple(sorted(names.items())),
    )


def _moved(old: Mapping[str, Parameter], new: Mapping[str, Parameter]) -> Iterator[MovedValue]:
    """The values of parameters that are not what they were, in the order of names and days."""
    for name in sorted(old.keys() | new.keys()):
        before, after = (_values(several[name]) if name in several else {} for several in (old, new))
        for when in sorted(before.keys() | after.keys()):
            then, now = before.get(when, ""), after.get(when, "")
            if then != now:
                yield MovedValue(name, when, then, now)


def _values(parameter: Parameter) -> dict[str, str]:
    """What a parameter reads, in words, by since when."""
    days = {f"from {one.start}": _words(one.value) for one in parameter.periods}
    return {**days, **{f"season {one.season}": _words(one.value) for one in parameter.seasons}}


def _words(value: Setting) -> str:
    return "; ".join(_step(one) for one in value.steps) if isinstance(value, Steps) else value_text(value)


def _step(step: Step) -> str:
    upto = "all further" if step.up_to is None else f"up to {step.up_to}"
    return f"{upto} {step.fee} {'together' if step.flat else 'each'}"

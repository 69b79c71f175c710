"""A rule is retired: it stays where it is, with its cases, and fires in no advice any more.

Its own cases go on to show what it said. Cases on whole profiles no longer expect it. What the rest of the base still
builds on it is found by checking a copy and running the cases there, so that nothing is left to be noticed by an applicant.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from smartpick_expert.authoring.cases import case_files, read_cases, run_case
from smartpick_expert.authoring.catalogue import coverage
from smartpick_expert.authoring.editing.changes import Change, require_own, tried
from smartpick_expert.authoring.editing.mentions import Mention, mentions
from smartpick_expert.authoring.editing.renaming import known_rule, new_findings
from smartpick_expert.authoring.editing.rule_node import file_of, node_of
from smartpick_expert.authoring.review import check
from smartpick_expert.authoring.rule_page import feeds
from smartpick_expert.diagnostics import Diagnostic, Problems
from smartpick_expert.engine.session import Matcher
from smartpick_expert.engine.strata import may_match
from smartpick_expert.language.model import Conclusion, Pattern, Rule, Status
from smartpick_expert.language.rewriting import (
    Replacement,
    rewritten,
    with_key,
    with_sentence,
    with_value,
    without_item,
    without_key,
    written,
)
from smartpick_expert.language.source import Mapping, Node, Scalar, Sequence
from smartpick_expert.language.spans import SpannedText, read_spanned
from smartpick_expert.language.vocabulary import Supplier
from smartpick_expert.workspace import Workspace, load_workspace

_FIRES = "fires"
_RESTS = "does_not_fire"


@dataclass(frozen=True, slots=True)
class Retiring:
    """What retiring a rule comes to.

    `starved` are rules of which a condition could be met by nothing but this rule; `also_read` read what it concludes and
    are fed by others too. `findings` are what a check would find in addition, `failures` the cases that would no longer hold.
    `places` still name the rule afterwards.
    """

    rule: Rule
    changes: tuple[Change, ...]
    starved: tuple[Rule, ...]
    also_read: tuple[Rule, ...]
    findings: tuple[Diagnostic, ...]
    failures: tuple[str, ...]
    places: tuple[Mention, ...]

    @property
    def is_safe(self) -> bool:
        """Whether nothing rests on the rule."""
        return not (self.starved or self.findings or self.failures)


def retiring(workspace: Workspace, rule_id: str, reason: str, as_of: date, engine: Matcher) -> Retiring:
    """What has to be changed to retire a rule, and what would be without its ground. Nothing is written.

    The reason, where there is one, is added to the rule's rationale, and is the `no_rule` of each claim that no rule
    carries any more. Raises Problems where there is no such rule, or it is retired already.
    """
    require_own(workspace.root)
    rule = known_rule(workspace, rule_id)
    if rule.status is Status.RETIRED:
        raise Problems([Diagnostic("rule.retired", f"Rule '{rule_id}' is retired already.", "", rule.location)])
    changes = tuple(_changes(workspace, rule, reason, as_of))
    before = check(workspace.root, as_of).findings
    with tried(workspace.root, changes) as copy:
        findings = new_findings(before, check(copy, as_of).findings)
        failures = tuple(_failing(load_workspace(copy), engine))
    users = [other for other in workspace.ruleset.rules if other.status is not Status.RETIRED and feeds(rule, other)]
    starved = tuple(other for other in users if other.id != rule.id and _is_starved(other, rule, workspace))
    also = tuple(other for other in users if other.id != rule.id and other not in starved)
    places = tuple(
        one
        for file in mentions(workspace.root, rule_id)
        for one in file.mentions
        if one.within not in ("id", _FIRES, _RESTS)
    )
    return Retiring(rule, changes, starved, also, tuple(findings), failures, places)


def _changes(workspace: Workspace, rule: Rule, reason: str, as_of: date) -> Iterator[Change]:
    file = file_of(rule, workspace.root)
    node = node_of(rule.id, file)
    yield _change(file, _retired(file, node, reason, as_of))
    for path in case_files(workspace.root / "rules"):
        cases = read_spanned(path, path.relative_to(workspace.root).as_posix())
        replacements = list(_unexpected(cases, rule.id))
        if replacements:
            yield _change(cases, replacements)
    if reason:
        yield from _claims_without_a_rule(workspace, rule, reason)


def _retired(file: SpannedText, node: Mapping, reason: str, as_of: date) -> Iterator[Replacement]:
    status, rationale = node.get("status"), node.get("rationale")
    if isinstance(status, Scalar):
        yield with_value(file, status, Status.RETIRED)
    if reason and isinstance(rationale, Scalar):
        ending = "" if reason.endswith((".", "!", "?")) else "."
        yield with_sentence(file, rationale, f"Retired on {as_of.isoformat()}: {reason}{ending}")


def _unexpected(file: SpannedText, rule_id: str) -> Iterator[Replacement]:
    """Cases on whole profiles that expect the rule to fire expect it no more."""
    cases = file.root.get("cases") if isinstance(file.root, Mapping) else None
    for case in cases.items if isinstance(cases, Sequence) else ():
        if not isinstance(case, Mapping) or case.get("profile") is None:
            continue
        fires, key = case.get(_FIRES), case.key(_FIRES)
        if isinstance(fires, Scalar) and fires.text == rule_id and key is not None:
            only = case.get(_RESTS) is None
            yield with_value(file, key, _RESTS) if only else without_key(file, case, _FIRES)
        elif isinstance(fires, Sequence):
            numbers = [number for number, item in enumerate(fires.items) if _text(item) == rule_id]
            if numbers and len(numbers) == len(fires.items):
                yield without_key(file, case, _FIRES)
            elif numbers:
                yield without_item(file, fires, numbers[0])


def _claims_without_a_rule(workspace: Workspace, rule: Rule, reason: str) -> Iterator[Change]:
    left = [
        row.claim
        for row in coverage(workspace)
        if not row.claim.no_rule and {one.id for one in (*row.carried_by, *row.warned_against_by)} == {rule.id}
    ]
    for path in sorted({claim.location.path for claim in left}):
        file = read_spanned(workspace.root / path, path)
        ids = {claim.id for claim in left}
        nodes = [node for node in _mappings(file.root) if _text(node.get("id")) in ids]
        yield _change(file, [with_key(file, node, "no_rule", written(reason)) for node in nodes])


def _mappings(node: Node) -> Iterator[Mapping]:
    if isinstance(node, Mapping):
        yield node
        for _, value in node.pairs:
            yield from _mappings(value)
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from _mappings(item)


def _text(node: Node | None) -> str:
    return node.text if isinstance(node, Scalar) else ""


def _change(file: SpannedText, replacements: Iterable[Replacement]) -> Change:
    return Change(file.name, file.text, rewritten(file, replacements))


def _failing(workspace: Workspace, engine: Matcher) -> Iterator[str]:
    """What cases on whole profiles no longer hold, each as a sentence with its place. Cases of one rule are not concerned."""
    for path in case_files(workspace.root / "rules"):
        for case in read_cases(Path(path), workspace):
            if case.whole:
                for failure in run_case(case, workspace, engine).failures:
                    yield f"{case.location}: case '{case.name}': {failure}."


def _is_starved(user: Rule, rule: Rule, workspace: Workspace) -> bool:
    """Whether a condition that must hold of the user can be met by this rule alone."""
    others = [
        conclusion
        for other in workspace.ruleset.rules
        if other.status is not Status.RETIRED and other.id != rule.id
        for conclusion in other.then
    ]
    return any(
        _meets(rule.then, pattern) and not _meets(others, pattern)
        for pattern in user.patterns()
        if workspace.vocabulary.types[pattern.fact_type].supplied_by is Supplier.RULES
    )


def _meets(conclusions: Iterable[Conclusion], pattern: Pattern) -> bool:
    return any(one.fact_type == pattern.fact_type and may_match(one, pattern) for one in conclusions)

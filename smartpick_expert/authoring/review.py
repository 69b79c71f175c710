"""What a check of a whole rule base finds: what keeps it from being used, and what a review of it adds.

An advice can be written from a base that has only findings of the review; `smartpick rules check` reports them, and it
alone. The review rests on everything having been read, so it is made where loading found no error; only what is overdue
is told in any case.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from smartpick_expert.authoring.cases import SUFFIX, Case, case_files, read_cases
from smartpick_expert.authoring.catalogue import Uptake, coverage
from smartpick_expert.authoring.review_knowledge import findings_on_knowledge
from smartpick_expert.diagnostics import Diagnostic, Location, Problems, Severity
from smartpick_expert.engine.strata import stratify
from smartpick_expert.language.model import Status
from smartpick_expert.language.values import shorten
from smartpick_expert.workspace import Workspace, read_workspace


@dataclass(frozen=True, slots=True)
class Checked:
    """A base as far as it could be read, every finding in order of place, and whether a review could be made."""

    workspace: Workspace | None
    findings: tuple[Diagnostic, ...]
    reviewed: bool


def check(root: Path, as_of: date) -> Checked:
    """Read a workspace and, where that finds no error, review it as of a day. Raises nothing."""
    workspace, found = read_workspace(root)
    if workspace is None:
        return Checked(None, found, reviewed=False)
    reviewed = all(d.severity is not Severity.ERROR for d in found)
    everything = {*found, *(review(workspace, as_of) if reviewed else _overdue(workspace, as_of))}
    return Checked(workspace, tuple(sorted(everything, key=Diagnostic.sort_key)), reviewed)


def review(workspace: Workspace, as_of: date) -> tuple[Diagnostic, ...]:
    """What can be said of a workspace that was read without an error, in order of place."""
    try:
        stratify(workspace.ruleset.rules)
        circles: tuple[Diagnostic, ...] = ()
    except Problems as problems:
        circles = problems.diagnostics
    found = [
        *circles,
        *_claims(workspace),
        *_actions(workspace),
        *findings_on_knowledge(workspace, as_of),
        *_overdue(workspace, as_of),
        *_cases(workspace),
    ]
    return tuple(sorted(found, key=Diagnostic.sort_key))


def _claims(workspace: Workspace) -> Iterator[Diagnostic]:
    """A claim that no rule carries or warns against is a hole, unless it says why; what it says must then be true."""
    for row in coverage(workspace):
        claim = row.claim
        if claim.no_rule:
            for rules, does, key in (
                (row.carried_by, "carries it", "sources"),
                (row.warned_against_by, "warns against it", "warns_against"),
            ):
                for rule in rules[:1]:
                    yield Diagnostic(
                        "claim.rule-and-no-rule",
                        f"Claim '{shorten(claim.id)}' says why there is no rule for it, and '{rule.id}' {does}.",
                        f"Delete 'no_rule', or take the claim out of the rule's '{key}'.",
                        claim.location,
                        related=((rule.location, f"the rule that {does}"),),
                    )
        elif row.uptake is Uptake.HOLE:
            yield Diagnostic(
                "claim.no-rule",
                f"No rule carries claim '{shorten(claim.id)}' or warns against it, so no advice takes note of it.",
                "Cite it in a rule's 'sources' or 'warns_against', or say why there is none with 'no_rule: ...'.",
                claim.location,
            )


def _actions(workspace: Workspace) -> Iterator[Diagnostic]:
    """An action says what it changes, needs, takes and costs, or that this is not known; silence says neither."""
    for action in workspace.knowledge.actions.values():
        if action.lacks:
            yield Diagnostic(
                "action.unfinished",
                f"Action '{shorten(action.name)}' does not say: {', '.join(action.lacks)}.",
                "Fill them in; 'changes_nothing: ...', 'needs: []', 'until: none' and 'unknown' are answers too.",
                action.location,
            )


def _overdue(workspace: Workspace, as_of: date) -> Iterator[Diagnostic]:
    """What was to be looked at again before the day. A warning: yesterday's base does not break overnight."""
    for rule in workspace.ruleset.rules:
        if rule.status is not Status.RETIRED:
            yield from _passed("rule", rule.id, rule.review_by, as_of, rule.location)
    for parameter in workspace.knowledge.parameters.values():
        yield from _passed("parameter", parameter.name, parameter.review_by, as_of, parameter.location)


def _passed(what: str, name: str, review_by: date | None, as_of: date, place: Location) -> Iterator[Diagnostic]:
    if review_by is not None and review_by < as_of:
        yield Diagnostic(
            f"{what}.overdue",
            f"{what.capitalize()} '{shorten(name)}' was to be reviewed by {review_by}, which is before {as_of}.",
            "Read its sources again, correct what has changed, and set a new day under 'review_by'.",
            place,
            Severity.WARNING,
        )


def _cases(workspace: Workspace) -> Iterator[Diagnostic]:
    """Case files that cannot be read; and where all can, the stable rules that no case of their own tries."""
    cases: list[Case] = []
    unreadable: list[Diagnostic] = []
    for path in case_files(workspace.root / "rules"):
        try:
            cases += read_cases(path, workspace)
        except Problems as problems:
            unreadable += problems.diagnostics
    yield from unreadable
    if unreadable:
        return
    own = [case.expected for case in cases if not case.whole]
    fires = {rule_id for expected in own for rule_id in expected.fires}
    rests = {rule_id for expected in own for rule_id in expected.does_not_fire}
    for rule in workspace.ruleset.rules:
        missing = [word for word, tried in (("fires", fires), ("does not fire", rests)) if rule.id not in tried]
        if missing and rule.status is Status.STABLE:
            file = Path(rule.location.path).stem + SUFFIX
            yield Diagnostic(
                "rule.no-case",
                f"Rule '{shorten(rule.id)}' is stable, and no case of its own shows where it {' or where it '.join(missing)}.",
                f"Write one into {file}, or make the rule a draft.",
                rule.location,
            )

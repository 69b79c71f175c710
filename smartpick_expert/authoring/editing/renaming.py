"""A rule gets another id, and everything in the workspace that names it does so by the new one.

The ledger keeps the old id, as what is entered there is never changed. So a rule that may have spoken in an advice keeps it
too, under `formerly`, by which `audit recall` finds its firings of then.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from smartpick_expert.authoring.catalogue import meant
from smartpick_expert.authoring.editing.changes import Change, findings_after, require_own
from smartpick_expert.authoring.editing.mentions import Mention, mentions, outside
from smartpick_expert.authoring.editing.rule_node import node_of
from smartpick_expert.diagnostics import Diagnostic, Location, Problems, Severity
from smartpick_expert.language.loader import RULE_ID
from smartpick_expert.language.model import Rule, Status
from smartpick_expert.language.rewriting import Replacement, applied, with_item, with_key, with_value
from smartpick_expert.language.source import Scalar, Sequence
from smartpick_expert.language.spans import SpannedText
from smartpick_expert.language.values import shorten
from smartpick_expert.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Renaming:
    """What a renaming comes to: the files' changes, the places that named the rule, and pages to be changed by hand."""

    rule: Rule
    new: str
    changes: tuple[Change, ...]
    places: tuple[Mention, ...]
    by_hand: tuple[str, ...]

    @property
    def keeps_old(self) -> bool:
        """Whether the old id is kept under `formerly`: a draft has spoken in no advice that was entered."""
        return self.rule.status is not Status.DRAFT


def renaming(workspace: Workspace, old: str, new: str, as_of: date) -> Renaming:
    """What has to be changed so that rule `old` is called `new`. Nothing is written.

    Raises Problems where there is no such rule, the new id is taken or no id of its topic, or a check would then find
    more than now.
    """
    require_own(workspace.root)
    rule = known_rule(workspace, old)
    _require_free(workspace, rule, new)
    files = list(mentions(workspace.root, old))
    changes = []
    for file in files:
        replacements = file.renamed(new)
        if file.path == rule.location.path and rule.status is not Status.DRAFT:
            replacements.append(_formerly(SpannedText(file.text, file.path), old, new))
        changes.append(Change(file.path, file.text, applied(file.text, replacements)))
    before = findings_after(workspace.root, (), as_of).findings
    require_no_more(before, findings_after(workspace.root, changes, as_of).findings)
    places = tuple(one for file in files for one in file.mentions)
    return Renaming(rule, new, tuple(changes), places, outside(workspace.root, old))


def require_no_more(before: tuple[Diagnostic, ...], after: tuple[Diagnostic, ...]) -> None:
    """Refuse a change after which a check finds an error more. Raises Problems with what it would find."""
    more = [finding for finding in new_findings(before, after) if finding.severity is Severity.ERROR]
    if more:
        raise Problems(more)


def new_findings(before: tuple[Diagnostic, ...], after: tuple[Diagnostic, ...]) -> list[Diagnostic]:
    """The findings of a check that an earlier one did not have; a line or an id that moved makes none new."""
    known = [(one.code, one.location.path) for one in before]
    more = []
    for one in after:
        if (one.code, one.location.path) in known:
            known.remove((one.code, one.location.path))
        else:
            more.append(one)
    return more


def known_rule(workspace: Workspace, rule_id: str) -> Rule:
    """The rule of an id. Raises Problems where there is none, which say what may have been meant."""
    rule = workspace.ruleset.get(rule_id)
    if rule is None:
        raise Problems([Diagnostic("rule.none", meant(rule_id, workspace), "", Location("rules"))])
    return rule


def _require_free(workspace: Workspace, rule: Rule, new: str) -> None:
    place = rule.location
    if not RULE_ID.fullmatch(new):
        message = f"'{shorten(new)}' is no id of a rule."
        hint = f"Write {rule.topic}.some-name, in small letters."
        raise Problems([Diagnostic("rule.id", message, hint, place)])
    if new.partition(".")[0] != rule.topic:
        message = (
            f"'{shorten(new)}' would be a rule of another topic; {rule.id} stands in a file of topic '{rule.topic}'."
        )
        hint = f"Choose an id that begins with '{rule.topic}.', or move the rule into a file of that topic by hand."
        raise Problems([Diagnostic("rule.id", message, hint, place)])
    if new not in rule.formerly:
        require_untaken(workspace, new)


def require_untaken(workspace: Workspace, new: str) -> None:
    """Refuse an id that a rule has or had. Raises Problems."""
    other = workspace.ruleset.now(new)
    if other is not None:
        how = "is taken" if other.id == new else f"was the id of '{other.id}' before, and records know that rule by it"
        message = f"Rule id '{new}' {how}."
        raise Problems([Diagnostic("rule.duplicate-id", message, "Choose another id.", other.location)])


def _formerly(file: SpannedText, old: str, new: str) -> Replacement:
    node = node_of(old, file)
    held = node.get("formerly")
    if isinstance(held, Sequence):
        back = next((item for item in held.items if isinstance(item, Scalar) and item.text == new), None)
        if back is not None:
            return with_value(file, back, old)
        return with_item(file, held, old)
    return with_key(file, node, "formerly", f"[{old}]", after="id")

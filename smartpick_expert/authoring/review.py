"""What a review of a whole rule base finds, beyond what keeps it from being used.

An advice can be written from a base with such findings; `smartpick rules check` reports them, and it alone. The review
rests on everything having been read, so it is made where loading found no error.
"""

from __future__ import annotations

from collections.abc import Iterator

from smartpick_expert.diagnostics import Diagnostic
from smartpick_expert.language.model import Rule, Status
from smartpick_expert.language.values import shorten
from smartpick_expert.workspace import Workspace


def review(workspace: Workspace) -> tuple[Diagnostic, ...]:
    """Every finding about the workspace, in order of place."""
    return tuple(sorted(_claims(workspace), key=Diagnostic.sort_key))


def _claims(workspace: Workspace) -> Iterator[Diagnostic]:
    """A claim that no rule carries or warns against is a hole, unless it says why; what it says must then be true."""
    rules = [rule for rule in workspace.ruleset.rules if rule.status is not Status.RETIRED]
    carriers: dict[str, Rule] = {claim: rule for rule in reversed(rules) for claim in rule.carries()}
    warned = {claim for rule in rules for claim in rule.warns_against}
    for claim in workspace.knowledge.claims.values():
        carrier = carriers.get(claim.id)
        if carrier is not None and claim.no_rule:
            yield Diagnostic(
                "claim.rule-and-no-rule",
                f"Claim '{shorten(claim.id)}' says why no rule carries it, and '{carrier.id}' does.",
                "Delete 'no_rule', or take the claim out of the rule's sources.",
                claim.location,
                related=((carrier.location, "the rule that carries it"),),
            )
        elif carrier is None and claim.id not in warned and not claim.no_rule:
            yield Diagnostic(
                "claim.no-rule",
                f"No rule carries claim '{shorten(claim.id)}' or warns against it, so no advice takes note of it.",
                "Cite it in a rule's 'sources' or 'warns_against', or say why there is none with 'no_rule: ...'.",
                claim.location,
            )

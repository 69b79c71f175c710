"""What falls away where only evidence counts: what all rules would have said to a reader, and those on evidence do not.

The rules are run again without those by perception, so that nothing is left that rests on one of them by a detour.
"""

from __future__ import annotations

from dataclasses import dataclass

from smartpick_expert.engine.consultation import Consultation, consult_profile
from smartpick_expert.engine.session import Matcher
from smartpick_expert.explain.wording import value_text
from smartpick_expert.language.facts import Fact
from smartpick_expert.language.model import Audience
from smartpick_expert.report.statements import Statement, statements_of
from smartpick_expert.workspace import Workspace, with_all_rules

_BUCKET, _REASON, _ACTION = "bucket", "reason", "action"


@dataclass(frozen=True, slots=True)
class FellAway:
    """What fell away, of what a reader would have been told.

    `statements` is how many, `sorts` whether the file would have been sorted; `reasons` are what they were about, and `actions`
    the titles of steps for which evidence names no reason.
    """

    statements: int
    sorts: bool
    reasons: tuple[str, ...]
    actions: tuple[str, ...]


def fallen_away(
    left: Consultation, workspace: Workspace, engine: Matcher | str, audience: Audience, *, with_drafts: bool
) -> FellAway | None:
    """What a reader is not told in a run because only evidence counts there; None where all rules do."""
    if not workspace.is_on_evidence:
        return None
    whole = with_all_rules(workspace)
    full = consult_profile(left.profile, whole, left.as_of, engine, with_drafts=with_drafts)
    said, still = (
        [one for one in statements_of(run, whole) if audience is Audience.ADVISOR or audience in one.audience]
        for run in (full, left)
    )
    kept = {(one.origin.rule, one.text) for one in still}
    types = workspace.vocabulary.types
    reasons = _lost(said, still, _REASON, "kind")
    actions = _lost(said, still, _ACTION, "name")
    return FellAway(
        statements=sum(1 for one in said if (one.origin.rule, one.text) not in kept),
        sorts=bool(full.derivation.of(_BUCKET)) and not left.derivation.of(_BUCKET),
        reasons=tuple(value_text(name, types[_REASON].fields["kind"]) for name in reasons),
        actions=tuple(value_text(name, types[_ACTION].fields["name"]) for name in actions),
    )


def _lost(said: list[Statement], still: list[Statement], type_name: str, field: str) -> tuple[str, ...]:
    """What is concluded in the first statements and not in the second, in its order."""

    def named(statements: list[Statement]) -> dict[str, None]:
        facts: list[Fact] = [fact for one in statements for fact in one.conclusions if fact.type == type_name]
        return dict.fromkeys(str(fact.get(field)) for fact in facts)

    left = named(still)
    return tuple(name for name in named(said) if name not in left)

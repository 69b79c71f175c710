"""Two rules that conclude opposite things of one applicant."""

from __future__ import annotations

from collections.abc import Iterator

from smartpick_expert.authoring.checks.base import Base, Finding, Witness
from smartpick_expert.authoring.logic.opposition import Opposed, opposed
from smartpick_expert.authoring.logic.readied import Readied, readied
from smartpick_expert.authoring.logic.trying import profile_given, whole_profile
from smartpick_expert.diagnostics import Severity
from smartpick_expert.language.facts import fact_id
from smartpick_expert.language.values import shorten

CODE = "rule.opposed"
FINDS = "Two rules conclude different things of one applicant, of which the vocabulary allows one."
SEVERITY = Severity.ERROR
MAY_BE_SILENCED = False


def check(base: Base) -> Iterator[Finding]:
    """Yield a finding for each pair of rules that was seen to conclude opposite things."""
    ready = readied(base.workspace, base.as_of)
    for found in opposed(ready):
        first, second = sorted((found.first, found.second), key=lambda rule: rule.location)
        named = " and ".join(fact_id(ready.vocabulary, fact) for fact in found.conflict.facts)
        yield Finding(
            CODE,
            f"Rules '{shorten(first.id)}' and '{shorten(second.id)}' conclude {named} of one applicant, and only one can be so.",
            "Make the rules exclude one another; no advice can be given on such a profile.",
            second.location,
            SEVERITY,
            related=((first.location, f"rule {first.id}"),),
            rule=second.id,
            witness=_witness(ready, found, first.id, second.id),
        )


def _witness(base: Readied, found: Opposed, *rules: str) -> Witness:
    day = "" if found.as_of == base.as_of else f" on {found.as_of}"
    given = profile_given(whole_profile(found.entries, base.workspace.vocabulary), base.workspace.vocabulary)
    return Witness(f"both rules fire{day}.", given, rules, whole=True)

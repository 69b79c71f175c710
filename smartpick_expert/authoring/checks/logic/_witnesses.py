"""Witnesses in the form of a finding: a sentence of what they show, and what they give as a case holds it."""

from __future__ import annotations

from smartpick_expert.authoring.checks.base import Witness
from smartpick_expert.authoring.logic.models import Entries
from smartpick_expert.authoring.logic.readied import Readied
from smartpick_expert.authoring.logic.showing import all_but_test, firing
from smartpick_expert.authoring.logic.trying import fires, given_text
from smartpick_expert.authoring.logic.words import said
from smartpick_expert.language.model import Rule, Test
from smartpick_expert.language.values import Slot


def witness(base: Readied, shows: str, entries: Entries | None, *rules: str) -> Witness | None:
    """A witness of facts for single rules, where any were found."""
    if entries is None or not entries:
        return None
    return Witness(shows, given_text(entries, base.vocabulary), rules)


def both_fire(base: Readied, special: Rule, general: Rule) -> Witness | None:
    """An applicant on whom two rules fire, the one that fires less often first."""
    entries = firing(base, special)
    if entries is None or not fires(general, entries, base.workspace, base.as_of):
        return None
    return witness(base, "both rules fire.", entries, special.id, general.id)


def rests_for_want_of(base: Readied, rule: Rule, test: Test, what: str) -> Witness | None:
    """An applicant who meets all that a rule asks but one test that cannot be met; else one on whom it fires all the same."""
    asked = f"{what} {said(test)}"
    entries = all_but_test(base, rule, test)
    if entries is not None:
        return witness(
            base, f"all that the rule asks is met but one thing, {asked}, and it does not fire.", entries, rule.id
        )
    return witness(base, f"the rule fires, whatever was meant by {asked}.", firing(base, rule), rule.id)


def fires_at(base: Readied, rule: Rule, test: Test, values: tuple[Slot, ...], shows: str) -> Witness | None:
    """An applicant on whom a rule fires with one of these values in the field of a test, as far as it can be chosen."""
    return witness(base, shows, firing(base, rule, test, values), rule.id)

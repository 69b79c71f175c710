"""The cases of each rule, made ready: those that run it alone, and the whole profiles that name it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from smartpick_expert.authoring.cases import DEFAULT_DAY, Case, Outcome, cases_below, diagnostics_of, failures_of
from smartpick_expert.authoring.mutation.points import Habits
from smartpick_expert.authoring.mutation.rule_runs import Given, Ready, given, ready_case
from smartpick_expert.diagnostics import Diagnostic
from smartpick_expert.engine.consultation import consult_profile
from smartpick_expert.engine.derivation import Derivation
from smartpick_expert.knowledge.parameters import values_at
from smartpick_expert.language.model import Rule, Status
from smartpick_expert.workspace import Workspace


@dataclass(frozen=True)
class OwnCases:
    """All cases of a workspace by the rules they name, and what keeps some of them from being used."""

    workspace: Workspace
    cases: tuple[Case, ...]
    unreadable: tuple[Diagnostic, ...]

    @cached_property
    def by_rule(self) -> Mapping[str, tuple[Case, ...]]:
        """The cases that name a rule, those that run it alone first."""
        found: dict[str, list[Case]] = defaultdict(list)
        for case in sorted(self.cases, key=lambda case: case.whole):
            for rule_id in dict.fromkeys((*case.expected.fires, *case.expected.does_not_fire)):
                if not case.whole or rule_id in self._live:
                    found[rule_id].append(case)
        return {rule_id: tuple(several) for rule_id, several in found.items()}

    @cached_property
    def _live(self) -> frozenset[str]:
        return frozenset(rule.id for rule in self.workspace.ruleset.rules if rule.status is not Status.RETIRED)

    @cached_property
    def habits(self) -> Habits:
        """What the cases usually say of each field."""
        return Habits(self.cases)

    @cached_property
    def _derivations(self) -> dict[int, Derivation]:
        return {}

    def ready(self, rule: Rule) -> tuple[tuple[Ready, ...], tuple[Diagnostic, ...]]:
        """The cases of a rule made ready; one that does not hold is a finding, and is left out.

        Raises Problems for a rule that never comes to an end.
        """
        ready: list[Ready] = []
        failing: list[Diagnostic] = []
        for case in self.by_rule.get(rule.id, ()):
            one = ready_case(case, rule, self.workspace, self._whole(case, rule) if case.whole else None)
            failures = tuple(failures_of(case, rule.id, tuple(one.firings.values()), self.workspace.vocabulary))
            failing += diagnostics_of(Outcome(case, failures))
            if not failures:
                ready.append(one)
        return tuple(ready), tuple(failing)

    def _whole(self, case: Case, rule: Rule) -> Given:
        """All that comes out for a whole profile, but for what this rule alone concludes, as what the rule is run on."""
        derivation = self._derivations.get(id(case))
        if derivation is None:
            derivation = consult_profile(case.profile, self.workspace, case.as_of, "plain", with_drafts=True).derivation
            self._derivations[id(case)] = derivation
        reasons = derivation.possible_justifications
        its_own = {fact for fact, firings in reasons.items() if all(firing.rule_id == rule.id for firing in firings)}
        certain = set(derivation.certain)
        facts = [fact for fact in derivation.possible if fact not in its_own]
        parameters = derivation.compiled.parameters
        return given(facts, case.as_of, parameters, (fact for fact in facts if fact not in certain))

    def setting(self, rule: Rule, ready: Iterable[Ready]) -> Given:
        """The day and the parameters with which the rule is looked at: those of its first case, or a day on which it is valid."""
        first = next(iter(ready), None)
        if first is not None:
            return given((), first.given.as_of, first.given.parameters)
        day = DEFAULT_DAY if rule.is_live(DEFAULT_DAY, with_drafts=True) else _valid_day(rule)
        return given((), day, values_at(self.workspace.knowledge.parameters.values(), day))


def _valid_day(rule: Rule) -> date:
    return rule.valid_from or rule.valid_to or DEFAULT_DAY


def own_cases(workspace: Workspace) -> OwnCases:
    """The cases of a workspace. Files that cannot be read are findings, and keep nobody from using the others."""
    cases, unreadable = cases_below(workspace.root / "rules", workspace)
    return OwnCases(workspace, tuple(cases), tuple(unreadable))

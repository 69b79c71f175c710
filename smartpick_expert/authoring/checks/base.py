"""What a check looks at, and what it finds.

A finding is a diagnostic, so that everything that shows diagnostics shows it; it may say which rule it is about, and may
bring a witness: a made-up applicant on whom the fault can be seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from smartpick_expert.authoring.begun import is_begun
from smartpick_expert.authoring.cases import Case
from smartpick_expert.diagnostics import Diagnostic
from smartpick_expert.language.model import Rule, Status
from smartpick_expert.workspace import Workspace


@dataclass(frozen=True)
class Base:
    """A rule base that was read without an error, with its cases, as of a day.

    `cases` is empty where `cases_read` is false: some case file cannot be read, and what is said of the others would be a
    false alarm.
    """

    workspace: Workspace
    cases: tuple[Case, ...]
    as_of: date
    cases_read: bool = True

    @cached_property
    def live(self) -> tuple[Rule, ...]:
        """The rules that take part as of the day, drafts among them.

        Left out is what is retired, out of its days, or only begun: a scaffold says what is to be written, and no more.
        """
        live = (rule for rule in self.workspace.ruleset.rules if rule.is_live(self.as_of, with_drafts=True))
        return tuple(rule for rule in live if not is_begun(rule))

    @cached_property
    def kept(self) -> tuple[Rule, ...]:
        """The rules that are not retired, whatever the days they are valid on."""
        return tuple(rule for rule in self.workspace.ruleset.rules if rule.status is not Status.RETIRED)

    @cached_property
    def written(self) -> tuple[Rule, ...]:
        """The rules that are not retired and not only begun: what is begun is to be worded yet."""
        return tuple(rule for rule in self.kept if not is_begun(rule))


@dataclass(frozen=True, slots=True)
class Witness:
    """A made-up applicant on whom a finding can be seen.

    `shows` is a sentence: what comes of this applicant, and why that is strange. `given` is YAML as a case holds it, each
    fact type on a line of its own, not indented: facts for one rule at a time, which may be concluded ones, or (`whole`)
    a profile for all rules. `rules` are the rules that it is about; none is empty.
    """

    shows: str
    given: str
    rules: tuple[str, ...]
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Finding(Diagnostic):
    """A diagnostic of a check. `rule` is the id of the rule that it is about, which may silence it; empty where it is none."""

    rule: str = ""
    witness: Witness | None = None


def witness_lines(diagnostic: Diagnostic) -> tuple[str, ...]:
    """A finding's witness as people read it below the finding; empty where there is none."""
    witness = diagnostic.witness if isinstance(diagnostic, Finding) else None
    if witness is None:
        return ()
    return (f"  A made-up applicant: {witness.shows}", *(f"    {line}" for line in witness.given.splitlines()))

"""What an advisor's overrides come to in one advice: what they take out of it, and how each is told.

They are held against the advice as it was before redaction, since an advisor names entries by their labels. What is
withdrawn is still told in full, with the override: nothing that the rules concluded is lost.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from smartpick_expert.engine.consultation import Consultation
from smartpick_expert.explain.wording import value_text
from smartpick_expert.intake.overrides import ACTION, BUCKET, Override
from smartpick_expert.language.facts import Fact
from smartpick_expert.language.model import Audience
from smartpick_expert.report.layout import OPEN
from smartpick_expert.report.statements import Statement, statements_of
from smartpick_expert.report.view_model import OverrideView
from smartpick_expert.workspace import Workspace

_NUMBER = re.compile(r"#\d+$")


class State(StrEnum):
    """Whether an override has something to override: it stands, finds nothing to change, or holds from a later day."""

    STANDS = "stands"
    IDLE = "idle"
    NOT_YET = "not_yet"


@dataclass(frozen=True, slots=True)
class _Held:
    """An override as it is shown, held against the advice, with the statements that it names."""

    override: Override
    state: State
    named: tuple[Statement, ...]


class Overrides:
    """The overrides of a profile, held against what one reader is told without them.

    `said` are all statements for the reader, `advised` the actions that the rules advise, each with those that say why.
    Both come from the consultation `shown`, and `original` is the same one before redaction.
    """

    def __init__(
        self,
        shown: Consultation,
        original: Consultation,
        workspace: Workspace,
        said: tuple[Statement, ...],
        advised: Mapping[Fact, tuple[Statement, ...]],
    ) -> None:
        self.workspace = workspace
        self.actions = {str(fact.get("name")): fact for fact, reasons in advised.items() if reasons}
        self.advised = advised
        self.bucket = next((str(fact.get("name")) for fact in original.derivation.of(BUCKET)), "")
        origins = statements_of(original, workspace) if original.profile.overrides else ()
        self.held: list[_Held] = []
        for one, as_shown in zip(original.profile.overrides, shown.profile.overrides, strict=True):
            named = _named(one, origins, said)
            self.held.append(_Held(as_shown, self._state(one, named, original.as_of), named))
        standing = [held for held in self.held if held.state is State.STANDS]
        self.withdrawn = frozenset(statement for held in standing for statement in held.named)
        self.withdrawn_actions = frozenset(one.override.entries for one in standing if one.override.name == ACTION)

    def left(self, statements: Iterable[Statement]) -> tuple[Statement, ...]:
        """Those statements that nobody withdrew."""
        return tuple(statement for statement in statements if statement not in self.withdrawn)

    def reasons_left(self, action: Fact) -> tuple[Statement, ...]:
        """The statements that say why an action is advised; none where it is not, since an advisor thinks otherwise."""
        return () if str(action.get("name")) in self.withdrawn_actions else self.left(self.advised[action])

    def views(self, day: Callable[[date], str], audience: Audience) -> tuple[OverrideView, ...]:
        """The overrides as a reader is told of them, in the order of the profile; `day` words a day.

        An applicant is told of those that change something of what is told, and of no others.
        """
        everything = audience is Audience.ADVISOR
        return tuple(self._view(held, day) for held in self.held if everything or held.state is State.STANDS)

    def _state(self, one: Override, named: tuple[Statement, ...], as_of: date) -> State:
        if one.on > as_of:
            return State.NOT_YET
        if one.name == BUCKET:
            finds_something = one.to != self.bucket
        else:
            finds_something = one.entries in self.actions if one.name == ACTION else bool(named)
        return State.STANDS if finds_something else State.IDLE

    def _view(self, held: _Held, day: Callable[[date], str]) -> OverrideView:
        one = held.override
        words = self.workspace.vocabulary.types[BUCKET].fields["name"]
        kind, says, does, engine, statements = BUCKET, "", "", value_text(self.bucket or OPEN, words), held.named
        if one.name == ACTION:
            action, fact = self.workspace.knowledge.actions[one.entries], self.actions.get(one.entries)
            kind, says, does, engine = ACTION, action.title, action.do, ""
            if fact is not None:
                engine = value_text(fact.get("when"), self.workspace.vocabulary.types[ACTION].fields["when"])
                statements = self.advised[fact]
        elif one.name != BUCKET:
            rule = self.workspace.ruleset.get(one.name)
            kind, says = "statement", rule.title if rule is not None else one.name
            engine = " ".join(statement.text for statement in held.named)
        return OverrideView(
            kind=kind,
            of=one.of,
            says=says,
            does=does,
            engine=engine,
            to=value_text(one.to, words) if one.to else "",
            by=one.by,
            on=day(one.on),
            because=one.because,
            state=held.state.value,
            statements=statements,
            with_it=self._going_with(held) if held.state is State.STANDS else (),
        )

    def _going_with(self, held: _Held) -> tuple[str, ...]:
        """The titles of actions that nobody withdrew, and for which no reason is left without these statements."""
        return tuple(
            self.workspace.knowledge.actions[name].title
            for name, fact in self.actions.items()
            if name not in self.withdrawn_actions
            and not self.reasons_left(fact)
            and set(held.named) & set(self.advised[fact])
        )


def _named(one: Override, origins: Iterable[Statement], said: Iterable[Statement]) -> tuple[Statement, ...]:
    """The statements, as they are shown, that come from the firings an override names."""
    firings = {
        firing
        for statement in origins
        if statement.origin.rule == one.name and (not one.entries or _NUMBER.sub("", statement.id) == one.of)
        for firing in statement.origin.firings
    }
    return tuple(statement for statement in said if firings.intersection(statement.origin.firings))

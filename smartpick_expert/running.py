"""One run of the rules with all that is made of it, each found once however many documents ask for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from smartpick_expert.chances.reference import figures_for
from smartpick_expert.engine.consultation import Consultation
from smartpick_expert.engine.session import Matcher, shared_matcher
from smartpick_expert.explain.fragile import Bearings, bearings
from smartpick_expert.explain.questions import Question, questions
from smartpick_expert.explain.trials import Trials
from smartpick_expert.knowledge.phrases import speaking
from smartpick_expert.language.values import UNKNOWN
from smartpick_expert.lists.making import make_list
from smartpick_expert.lists.view_model import ListView
from smartpick_expert.lists.wishes import Wishes
from smartpick_expert.planning.steps import Step, steps_of
from smartpick_expert.programs.catalogue import Catalogue
from smartpick_expert.programs.screen_view import screen_view
from smartpick_expert.programs.screening import screen, specialties_of
from smartpick_expert.report.programs import ProgramsView, is_match_week, programs_view
from smartpick_expert.workspace import Workspace


@dataclass(frozen=True)
class Run:
    """One run of the rules, as it was and as it is shown: redacted where that was asked for.

    `catalogues` are held against it, and a list is chosen from them where one is wished for; none in a redacted advice, since which
    programs a person has in view tells of them.
    """

    original: Consultation
    shown: Consultation
    workspace: Workspace
    engine: Matcher | str
    with_drafts: bool
    catalogues: tuple[Catalogue, ...] = ()
    wishes: Wishes | None = None

    @property
    def engine_name(self) -> str:
        """The name of the engine that matched."""
        return shared_matcher(self.engine).name if isinstance(self.engine, str) else self.engine.name

    @cached_property
    def steps(self) -> Mapping[str, Step]:
        """The advised actions held against this run, by name."""
        return steps_of(self.original, self.workspace, self.engine, with_drafts=self.with_drafts)

    @cached_property
    def asked(self) -> tuple[Question, ...]:
        """What keeps the bucket or an action open. Finding it takes many runs more, so it is done once."""
        return questions(self.original.derivation, self._trials())

    @property
    def questions(self) -> tuple[Question, ...]:
        """What keeps the bucket open."""
        return tuple(question for question in self.asked if question.keeps_bucket_open)

    @cached_property
    def bearings(self) -> Bearings:
        """What the sorting and the actions hang on; found once, as it takes as many runs."""
        return bearings(self._trials())

    @cached_property
    def programs(self) -> tuple[ProgramsView, ...]:
        """The chapter of each catalogue, of programs in the specialty that the profile aims at (in all where it names none)."""
        profile = self.original.profile
        wanted = specialties_of(profile)
        kind = next((entry.values.get("nrmp_type", UNKNOWN) for entry in profile.of("applicant")), UNKNOWN)
        with_messages = not is_match_week(self.original)
        screens = ((one, screen(self.original, one, self.engine)) for one in self.catalogues)
        with speaking(self.workspace.phrases):
            return tuple(
                programs_view(one.path.stem, screen_view(found, wanted, figures_for(kind)), with_messages=with_messages)
                for one, found in screens
            )

    @cached_property
    def program_list(self) -> ListView | None:
        """The list of programs to apply to, where one is wished for. Raises Problems where none can be made as wished."""
        if self.wishes is None or not self.catalogues:
            return None
        with speaking(self.workspace.phrases):
            return make_list(
                self.original, self.workspace, self.catalogues, self.wishes, self.engine, with_drafts=self.with_drafts
            )

    def _trials(self) -> Trials:
        """Trials with a bound of their own, so that what is tried first does not decide what is tried at all."""
        return Trials(self.original.derivation, self.original.intake.facts)

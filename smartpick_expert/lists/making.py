"""The list of an applicant: plans held against catalogues, the best choice found and proved, and all of it put into one view."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from smartpick_expert.engine.consultation import Consultation
from smartpick_expert.engine.session import Matcher
from smartpick_expert.explain.wording import value_text
from smartpick_expert.knowledge.parameters import Figures
from smartpick_expert.knowledge.services import number_of
from smartpick_expert.language.values import Missing
from smartpick_expert.language.vocabulary import Vocabulary
from smartpick_expert.lists.held import hold
from smartpick_expert.lists.problem import CORRELATION, PER_INTERVIEW, PHASES, SEVERAL_INTERVIEWS, pose, reading
from smartpick_expert.lists.stopping import ended, points_of, stop_of
from smartpick_expert.lists.tiers import limits_of
from smartpick_expert.lists.view import asked_of, fees_of, left_out_of, listed_of, once_of, sums_of, worth_of
from smartpick_expert.lists.view_model import AtLeast, Listed, ListView
from smartpick_expert.lists.wishes import Wishes
from smartpick_expert.programs.catalogue import Catalogue
from smartpick_expert.programs.gates import PROGRAM
from smartpick_expert.programs.screen_view import WAITING
from smartpick_expert.selection.settling import as_good
from smartpick_expert.selection.spread import at_least
from smartpick_expert.workspace import Workspace

_PHASE: Final = "season_phase"


def make_list(
    consultation: Consultation,
    workspace: Workspace,
    catalogues: Sequence[Catalogue],
    wishes: Wishes,
    engine: Matcher | str = "",
    *,
    with_drafts: bool = False,
) -> ListView:
    """The list as it is wished for. Raises Problems where none can be made so, each with what stands in the way."""
    vocabulary = workspace.vocabulary
    held = hold(consultation, workspace, catalogues, wishes.plans, engine, with_drafts=with_drafts)
    posed = pose(held, wishes, vocabulary)
    figures, specialties = consultation.figures, vocabulary.types[PROGRAM].fields["specialty"]
    per_interview = number_of(reading(figures, PER_INTERVIEW))
    found = ended(posed.problem, per_interview, wishes.time_limit, spend_all=wishes.spend_all)
    choice = found.choice
    listed = listed_of(held, posed, wishes, choice, vocabulary, engine)
    left_out = left_out_of(held, posed, wishes, found)
    label = next((entry.values.get("label") for entry in consultation.profile.of("applicant")), "")
    return ListView(
        label=label if isinstance(label, str) else "",
        as_of=value_text(consultation.as_of),
        abouts=tuple(dict.fromkeys(one.about for one in catalogues)),
        fictional=any(one.is_fictional for one in catalogues),
        noted=held.noted,
        aim=wishes.aim.value,
        budget=wishes.budget,
        listed=listed,
        left_out=left_out,
        closed=sum(one.is_closed for one in held.programs),
        plans=sums_of(held, posed, choice, listed, vocabulary),
        worth=worth_of(listed),
        waiting=sum(one.program.status == WAITING for one in listed),
        asked=asked_of(listed),
        cost=choice.cost.amount,
        applications=sum(one.cost.amount for one in choice.by_specialty),
        is_lower_bound=choice.cost.is_lower_bound,
        unknown_fees=choice.cost.unknown,
        once=once_of(held, choice),
        fees=fees_of(held),
        assistance=wishes.fee_assistance,
        at_least=tuple(_at_least(listed, wishes, figures)),
        is_proven=choice.is_proven,
        gap=choice.gap,
        as_good=len(as_good(posed.problem, choice)),
        stop=stop_of(posed.problem, found, per_interview, wishes.time_limit, specialties),
        frontier=points_of(posed.problem, found, wishes.time_limit),
        tier_limits=limits_of(consultation.derivation.compiled.parameters),
        late=_late(consultation, vocabulary),
        without=tuple(value_text(one.specialty, specialties) for one in held.without),
    )


def _at_least(listed: Sequence[Listed], wishes: Wishes, figures: Figures) -> Iterator[AtLeast]:
    """The chance of one interview and of several from the list: each decided apart, and where programs lean the same way."""
    several, correlation = (number_of(reading(figures, name)) for name in (SEVERAL_INTERVIEWS, CORRELATION))
    rho = 0.0 if isinstance(correlation, Missing) else float(correlation)
    chances = [one.chance.expected for one in listed if one.chance is not None]
    for count in dict.fromkeys((1, wishes.interviews or (several if isinstance(several, int) else 1))):
        yield AtLeast(count, at_least(chances, count), at_least(chances, count, rho), rho)


def _late(consultation: Consultation, vocabulary: Vocabulary) -> str:
    """The phase of the season, in words, where it is past the phases in which a list serves; empty otherwise."""
    phase = next((fact.get("name") for fact in consultation.derivation.of(_PHASE)), None)
    serving = reading(consultation.figures, PHASES)
    if phase is None or not isinstance(serving, tuple) or phase in serving:
        return ""
    return value_text(phase, vocabulary.types[_PHASE].fields["name"])

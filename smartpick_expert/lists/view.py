"""A chosen list put into its view: each program with its reasons and its part of the cost, and why every other one was left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Final

from smartpick_expert.chances.words import range_text
from smartpick_expert.engine.session import Matcher
from smartpick_expert.explain.wording import value_text
from smartpick_expert.knowledge.services import ALWAYS, number_of
from smartpick_expert.language.values import Missing, Number, Slot, exact_difference
from smartpick_expert.language.vocabulary import Vocabulary
from smartpick_expert.lists.arguments import arguments_of, base_of, visas_of
from smartpick_expert.lists.held import Held, Program
from smartpick_expert.lists.letters import Letters, letters_for
from smartpick_expert.lists.problem import Posed, bound_of, services_of, share_words
from smartpick_expert.lists.stopping import Ended
from smartpick_expert.lists.tiers import tier_of
from smartpick_expert.lists.view_model import Asked, Fee, LeftOut, Listed, PlanSum, SignalUse, Span
from smartpick_expert.lists.wishes import Wishes
from smartpick_expert.programs.gate_words import is_of_program
from smartpick_expert.programs.gates import PROGRAM
from smartpick_expert.selection.choice import Choice, Chosen, cost_of
from smartpick_expert.selection.problem import NO_SIGNAL, Bound, Candidate, Problem

# So many things are named that are worth finding out first.
_ASKED: Final = 3


def listed_of(
    held: Held, posed: Posed, wishes: Wishes, choice: Choice, vocabulary: Vocabulary, engine: Matcher | str = ""
) -> tuple[Listed, ...]:
    """The programs of the list in its order, each with its reasons, its letters and what the list costs down to it."""
    letters = _letters(held, choice, engine)
    counts: Counter[str] = Counter()
    found: list[Listed] = []
    for chosen in choice.chosen:
        counts[chosen.specialty] += 1
        so_far = cost_of(posed.problem, counts).amount
        fee = fee_of(posed.problem, chosen.specialty, counts[chosen.specialty])
        one = _listed(held.by_id[chosen.id], chosen, letters[chosen.id], vocabulary, held)
        found.append(replace(one, cost=fee, so_far=so_far, is_pinned=chosen.id in wishes.pinned))
    return tuple(found)


def left_out_of(held: Held, posed: Posed, wishes: Wishes, found: Ended) -> tuple[LeftOut, ...]:
    """Every program that nothing stated closes and that is not on the list, with why, the likeliest first."""
    choice = found.choice
    chosen = {one.id for one in choice.chosen}
    others = [one for one in held.programs if not one.is_closed and one.id not in chosen]
    full = _used_up(posed.problem, wishes, chosen, held.workspace.vocabulary)
    counts = Counter(one.specialty for one in choice.chosen)
    candidates = {one.id: one for one in posed.problem.candidates}
    fees = {name: fee_of(posed.problem, name, counts.get(name, 0) + 1) for name in posed.problem.specialties}
    affordable = _affordable(posed.problem, found, fees)
    out = [_left_out(one, candidates[one.id], wishes, full, fees, affordable, held) for one in others]
    return tuple(sorted(out, key=lambda one: (-(one.chance.expected if one.chance else -1), one.program.id)))


def sums_of(
    held: Held, posed: Posed, choice: Choice, listed: Sequence[Listed], vocabulary: Vocabulary
) -> tuple[PlanSum, ...]:
    """What each specialty comes to, in the order of the plans; one that nothing is chosen in among them."""
    by_name = {one.specialty: one for one in choice.by_specialty}
    fact_type = vocabulary.types[PROGRAM]
    found: list[PlanSum] = []
    for name in dict.fromkeys(plan.specialty for plan in held.plans):
        ours = [one for one in listed if held.by_id[one.program.id].plan.specialty == name]
        tracks = dict.fromkeys(plan.track for plan in held.plans if plan.specialty == name and plan.track)
        one = by_name.get(name)
        sent = one.signals if one is not None else {}
        found.append(
            PlanSum(
                value_text(name, fact_type.fields["specialty"]),
                tuple(value_text(track, fact_type.fields["track"]) for track in tracks),
                len(ours),
                worth_of(ours),
                one.cost.amount if one is not None else 0,
                one is not None and one.cost.is_lower_bound,
                tuple(_used(use, sent) for use in posed.signals[name]),
            )
        )
    return tuple(found)


def worth_of(listed: Iterable[Listed]) -> Span:
    """The sum of the chances, with that of their low and of their high ends."""
    spans = [one.chance for one in listed if one.chance is not None]
    return Span(sum(one.low for one in spans), sum(one.expected for one in spans), sum(one.high for one in spans))


def asked_of(listed: Iterable[Listed]) -> tuple[Asked, ...]:
    """What most programs of the list wait for, those first; no more than can be gone after at once."""
    counts: Counter[tuple[str, str]] = Counter()
    for one in listed:
        missing = dict.fromkeys(pair for gate in one.program.waits_for for pair in gate.missing)
        counts.update((meaning, "" if is_of_program(path) else path) for path, meaning in missing)
    return tuple(Asked(meaning, path, count) for (meaning, path), count in counts.most_common(_ASKED))


def once_of(held: Held, choice: Choice) -> tuple[Fee, ...]:
    """The fees that are due once for the specialties chosen in."""
    chosen = {one.specialty for one in choice.chosen}
    names = [name for one, service in services_of(held).items() if one in chosen for name in service.once]
    return tuple(_fee(held, name) for name in dict.fromkeys([*names, *ALWAYS]))


def fees_of(held: Held) -> tuple[Fee, ...]:
    """The fees by the number of programs, one for each service that is used."""
    names = dict.fromkeys(one.applications for one in services_of(held).values() if one.applications)
    return tuple(_fee(held, name) for name in names)


def _fee(held: Held, name: str) -> Fee:
    figure = held.consultation.figures.by_name.get(name)
    amount = number_of(figure.value if figure is not None else None)
    stands_in = figure.season if figure is not None and figure.stands_in else None
    meaning = held.workspace.knowledge.parameters[name].meaning if figure is not None else name
    return Fee(meaning, None if isinstance(amount, Missing) else amount, stands_in)


def fee_of(problem: Problem, specialty: str, number: int) -> Number | None:
    """What the program of this number costs in a specialty; None where its fee is not known."""
    alone = replace(problem, once=())
    before, after = (cost_of(alone, {specialty: count}) for count in (number - 1, number))
    return None if after.is_lower_bound else exact_difference(after.amount, before.amount)


def _affordable(problem: Problem, found: Ended, fees: Mapping[str, Number | None]) -> set[str]:
    """What is left out by the stop line where the list ends at it: the budget leaves out the rest.

    That is what the whole budget would have bought, and whatever one fee more would, which what is left of it pays for.
    """
    if not found.is_stopped:
        return set()
    left = None if problem.budget is None else Fraction(problem.budget) - Fraction(found.choice.cost.amount)
    paid = {name for name, fee in fees.items() if fee is not None and (left is None or Fraction(fee) <= left)}
    return {one.id for one in found.whole.chosen} | {one.id for one in problem.candidates if one.specialty in paid}


def _letters(held: Held, choice: Choice, engine: Matcher | str) -> Mapping[Slot, Letters]:
    found: dict[Slot, Letters] = {}
    for plan, consultation in held.consultations.items():
        facts = [held.by_id[one.id].screened.fact for one in choice.chosen if held.by_id[one.id].plan == plan]
        found |= letters_for(consultation, facts, engine)
    return found


def _listed(program: Program, chosen: Chosen, letters: Letters, vocabulary: Vocabulary, held: Held) -> Listed:
    fact_type, listing, chance = vocabulary.types[PROGRAM], program.screened.listing, program.chance
    compiled = held.consultations[program.plan].derivation.compiled

    def text(name: str) -> str:
        slot = program.screened.fact.get(name)
        return value_text(slot, fact_type.fields[name]) if isinstance(slot, str) else ""

    return Listed(
        program=program.view,
        institution=text("institution"),
        track=text("track"),
        tier=_tier(program, held),
        visas=visas_of(listing, program.view, fact_type),
        chance=_span(program, chosen.signal),
        base=base_of(chance.base, listing, fact_type) if chance is not None else None,
        is_capped=chance is not None and chance.is_capped,
        signal=chosen.signal,
        signal_adds=_adds(program, chosen.signal),
        arguments=arguments_of(program.view, program.screened.fact, chance, chosen.signal, compiled),
        letters=letters,
        cost=0,
        so_far=0,
        is_pinned=False,
    )


def _span(program: Program, signal: str) -> Span | None:
    if program.chance is None:
        return None
    found = program.chance.by_signal.get(signal, program.chance.by_signal[NO_SIGNAL])
    return Span(found.low, found.expected, found.high, range_text(found))


def _adds(program: Program, signal: str) -> float:
    with_it, without = _span(program, signal), _span(program, NO_SIGNAL)
    return 0.0 if with_it is None or without is None else with_it.expected - without.expected


def _tier(program: Program, held: Held) -> str:
    found = _span(program, NO_SIGNAL)
    return "" if found is None else tier_of(found.expected, held.consultation.derivation.compiled.parameters)


def _left_out(
    one: Program,
    candidate: Candidate,
    wishes: Wishes,
    full: Sequence[tuple[Bound, str]],
    fees: Mapping[str, Number | None],
    affordable: set[str],
    held: Held,
) -> LeftOut:
    fee = fees[candidate.specialty]
    found = LeftOut(
        one.named, _tier(one, held), _span(one, NO_SIGNAL), "budget", fee=fee, adds=candidate.worth.get(NO_SIGNAL, 0)
    )
    if one.id in wishes.vetoed:
        return replace(found, why="vetoed")
    if one.chance is None:
        return replace(found, why="unknown")
    bound = next((words for bound, words in full if bound.holds(candidate)), "")
    if bound:
        return replace(found, why="share", bound=bound)
    if not candidate.worth[NO_SIGNAL]:
        return replace(found, why="nothing")
    if one.id in affordable:
        return replace(found, why="stop")
    return found


def _used_up(
    problem: Problem, wishes: Wishes, chosen: set[str], vocabulary: Vocabulary
) -> tuple[tuple[Bound, str], ...]:
    """The bounds that allow no further program, each in words."""
    ours = [one for one in problem.candidates if one.id in chosen]
    found = ((bound_of(share), share_words(share, vocabulary)) for share in wishes.shares if share.is_most)
    return tuple(pair for pair in found if sum(map(pair[0].holds, ours)) >= (pair[0].at_most or 0))


def _used(use: SignalUse, sent: Mapping[str, int]) -> SignalUse:
    return replace(use, sent=sent.get(use.kind, 0))

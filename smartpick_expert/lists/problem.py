"""What a list is chosen from, as the optimiser takes it: candidates with their worth, the season's fees and quotas, what was asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from smartpick_expert.diagnostics import Diagnostic, Location, Problems
from smartpick_expert.explain.wording import value_text
from smartpick_expert.knowledge.fees import fee_cost, total
from smartpick_expert.knowledge.parameters import Figures, Setting
from smartpick_expert.knowledge.services import ALWAYS, Service, number_of, service_of, steps_of
from smartpick_expert.language.values import UNKNOWN, Missing
from smartpick_expert.language.vocabulary import Vocabulary
from smartpick_expert.lists.held import Held, Program, check_named
from smartpick_expert.lists.tiers import PARAMETERS_READ as OF_TIERS
from smartpick_expert.lists.tiers import tier_of
from smartpick_expert.lists.view_model import SignalUse
from smartpick_expert.lists.wishes import Aim, Share, Wishes
from smartpick_expert.programs.gates import PROGRAM
from smartpick_expert.selection.problem import ALL, NO_SIGNAL, Assistance, Bound, Candidate, Once, Problem, Quota

ASSISTANCE_SHARE, ASSISTANCE_PROGRAMS = "fees.eras_assistance_share", "fees.eras_assistance_programs"
# The number of interviews whose chance is told, where none is asked for.
SEVERAL_INTERVIEWS: Final = "chances.several_interviews_from"
# What one more expected interview may cost, beyond which the list ends; and how far invitations lean the same way.
PER_INTERVIEW: Final = "list.stop_line"
CORRELATION: Final = "selection.correlation"
# The phases of a season in which a list still serves.
PHASES: Final = "list.phases"
PARAMETERS_READ: Final = (
    *(*OF_TIERS, ASSISTANCE_SHARE, ASSISTANCE_PROGRAMS),
    *(SEVERAL_INTERVIEWS, PER_INTERVIEW, CORRELATION, PHASES),
)
_ERAS: Final = "eras"
_SIGNALS: Final = "signals."
# The section of a profile that names signals sent.
_SIGNAL: Final = "signal"


@dataclass(frozen=True)
class Posed:
    """The problem of a list, and the counts of signals that its quotas were made of, by specialty."""

    problem: Problem
    signals: dict[str, tuple[SignalUse, ...]]


def pose(held: Held, wishes: Wishes, vocabulary: Vocabulary) -> Posed:
    """The problem of a list. Raises Problems where it names a program that cannot be had, or signals that there are not."""
    check_named(held, wishes.pinned, "--pin")
    check_named(held, wishes.vetoed, "--veto")
    signals = {name: tuple(_signals(name, held, wishes)) for name in specialties_of(held)}
    problems = [*_pinned_problems(held, wishes), *_signal_problems(held, wishes, signals, vocabulary)]
    if problems:
        raise Problems(problems)
    return Posed(_problem(held, wishes, signals), signals)


def specialties_of(held: Held) -> tuple[str, ...]:
    """The specialties of the plans, each once."""
    return tuple(dict.fromkeys(plan.specialty for plan in held.plans))


def reading(figures: Figures, name: str) -> Setting:
    """The value of a parameter; UNKNOWN where there is none of that name."""
    found = figures.by_name.get(name)
    return UNKNOWN if found is None else found.value


def services_of(held: Held) -> dict[str, Service]:
    """The service of each specialty of the plans."""
    figures = held.consultation.figures
    return {one: service_of(one, lambda name: reading(figures, name)) for one in specialties_of(held)}


def _problem(held: Held, wishes: Wishes, signals: dict[str, tuple[SignalUse, ...]]) -> Problem:
    figures = held.consultation.figures

    def value(name: str) -> Setting:
        return reading(figures, name)

    services = services_of(held)
    taking: dict[Service, list[str]] = {}
    for specialty, service in services.items():
        taking.setdefault(service, []).append(specialty)
    once = [Once(total(fee_cost(name, number_of(value(name))) for name in ALWAYS))]
    once += [
        Once(total(fee_cost(name, number_of(value(name))) for name in service.once), tuple(several))
        for service, several in taking.items()
        if service.once
    ]
    quotas = [Quota(name, use.kind, use.count) for name, uses in signals.items() for use in uses]
    return Problem(
        candidates=tuple(_candidates(held, wishes)),
        fees={name: steps_of(service, value) for name, service in services.items()},
        once=tuple(once),
        assistance=_assistance(held, services) if wishes.fee_assistance else None,
        budget=wishes.budget,
        quotas=tuple(quotas),
        bounds=tuple(map(bound_of, wishes.shares)),
        pinned=frozenset(wishes.pinned),
        vetoed=frozenset(wishes.vetoed) & {one.id for one in held.programs if not one.is_closed},
    )


def _candidates(held: Held, wishes: Wishes) -> Iterator[Candidate]:
    parameters = held.consultation.derivation.compiled.parameters
    for one in held.programs:
        if one.is_closed:
            continue
        fact = one.screened.fact
        chance = one.chance
        spans = {} if chance is None else chance.by_signal
        worth = {kind: span.low if wishes.aim is Aim.CAUTIOUS else span.expected for kind, span in spans.items()}
        yield Candidate(
            one.id,
            one.plan.specialty,
            _text(fact.get("institution")),
            "" if chance is None else tier_of(chance.by_signal[NO_SIGNAL].expected, parameters),
            _text(fact.get("state")),
            _text(fact.get("setting")),
            worth,
        )


def _text(slot: object) -> str:
    return slot if isinstance(slot, str) else ""


def _signals(specialty: str, held: Held, wishes: Wishes) -> Iterator[SignalUse]:
    """The signals left in a specialty, by kind: as typed, else those of the season that are not sent yet."""
    typed = {one.kind: one.count for one in wishes.signals if one.specialty == specialty}
    sent = Counter(
        (fact.get("specialty"), fact.get("tier")) for fact in held.consultation.intake.facts if fact.type == _SIGNAL
    )
    for name, figure in sorted(held.consultation.figures.by_name.items()):
        of, _, kind = name.removeprefix(_SIGNALS).partition(".")
        if not name.startswith(_SIGNALS) or of != specialty:
            continue
        gives = figure.value if isinstance(figure.value, int) else None
        if kind in typed:
            yield SignalUse(kind, 0, typed[kind], figure.season, by_advisor=True, gives=gives)
        elif gives is not None:
            already = min(gives, sent[specialty, kind])
            yield SignalUse(kind, 0, gives - already, figure.season, stands_in=figure.stands_in, already=already)


def _assistance(held: Held, services: dict[str, Service]) -> Assistance | None:
    figures = held.consultation.figures
    share, programs = (number_of(reading(figures, name)) for name in (ASSISTANCE_SHARE, ASSISTANCE_PROGRAMS))
    if isinstance(share, Missing) or not isinstance(programs, int):
        return None
    return Assistance(share, programs, tuple(name for name, one in services.items() if one.key == _ERAS))


def bound_of(share: Share) -> Bound:
    """A bound as the optimiser takes it."""
    least, most = (0, share.count) if share.is_most else (share.count, None)
    return Bound(share.field, share.value, least, most)


def share_words(share: Share, vocabulary: Vocabulary) -> str:
    """A bound as it was asked for, in words."""
    amount = f"{'at most' if share.is_most else 'at least'} {share.count}"
    if share.field == ALL:
        return f"you asked for {amount} in all"
    field = vocabulary.types[PROGRAM].fields.get(share.field)
    what = value_text(share.value, field)
    return f"you asked for {amount} with {share.field} {what}"


def _pinned_problems(held: Held, wishes: Wishes) -> Iterator[Diagnostic]:
    for name in wishes.pinned:
        one = held.by_id[name]
        if one.is_closed:
            yield _closed_problem(one)
        elif name in wishes.vetoed:
            message = f"'{name}' is pinned and vetoed at once."
            yield Diagnostic("list.pin-and-veto", message, "Leave one of the two out.", Location("--pin"))


def _closed_problem(one: Program) -> Diagnostic:
    gate = one.view.blocking
    if gate is None:
        raise AssertionError(one.id)
    amounts = f" ({'; '.join(gate.amounts)})" if gate.amounts else ""
    message = f"'{one.id}' cannot be on the list: what it states of {gate.title} closes it{amounts}."
    opens = f"It would be opened by {gate.opened_by}." if gate.opened_by else "Nothing that we know of would open it."
    hint = f"{opens} Leave --pin {one.id} out, or look at it with 'smartpick programs screen --program {one.id}'."
    return Diagnostic("list.pinned-closed", message, hint, Location("--pin"))


def _signal_problems(
    held: Held, wishes: Wishes, signals: dict[str, tuple[SignalUse, ...]], vocabulary: Vocabulary
) -> Iterator[Diagnostic]:
    figures = held.consultation.figures
    words = vocabulary.types[PROGRAM].fields["specialty"]
    for one in dict.fromkeys((asked.specialty, asked.kind) for asked in wishes.signals):
        specialty, kind = one
        called = value_text(specialty, words)
        if specialty not in signals:
            message = f"Signals are named for {called}, in which no list is chosen."
            hint = f"Add --specialty {specialty}, or leave the signals out."
            yield Diagnostic("list.signals", message, hint, Location("--signals"))
            continue
        gives = [name.removeprefix(f"{_SIGNALS}{specialty}.") for name in _counted(figures, specialty)]
        if kind not in gives:
            has = f"It gives {' and '.join(gives)}." if gives else "It gives none that we know of."
            message = f"{called.capitalize()} gives no {kind} signals."
            hint = f"{has} Leave them out, or add the count to knowledge/parameters/signals.yaml with its source."
            yield Diagnostic("list.no-signals", message, hint, Location("--signals"))


def _counted(figures: Figures, specialty: str) -> Iterable[str]:
    return sorted(name for name in figures.by_name if name.startswith(f"{_SIGNALS}{specialty}."))

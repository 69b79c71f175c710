"""What is to be chosen from, what may be spent, and what must hold: the problem that `select` solves.

Amounts are US dollars and exact. Worths are expected interviews and are read to a millionth, which is finer than any chance is known.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Final

from smartpick_expert.knowledge.fees import Cost, Steps, assisted
from smartpick_expert.language.values import UNKNOWN, Missing, Number

# The kind of signal that is none.
NO_SIGNAL: Final = ""
# The parts of a candidate that a bound may be about, and "all" for every candidate.
ALL: Final = "all"
FIELDS: Final = ("tier", "state", "setting", "specialty", ALL)
# Worths are reckoned with in whole millionths of an interview, so that sums of them are exact.
MILLION: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Candidate:
    """A program that could be applied to.

    `worth` gives the expected interviews (0 to 1) by the kind of signal sent, `NO_SIGNAL` for none; a kind that is missing cannot
    be sent there. Empty: the chance is not known, and the program is chosen only if it is pinned, at a worth of nothing.
    An empty `institution` is one that it shares with no other candidate. A part that is not known is an empty text.
    """

    id: str
    specialty: str
    institution: str = ""
    tier: str = ""
    state: str = ""
    setting: str = ""
    worth: Mapping[str, float] = field(default_factory=dict)

    def value(self, name: str) -> str:
        """The part of it that a bound is about; every candidate has the same for `ALL`."""
        return "" if name == ALL else str(getattr(self, name))

    def millionths(self, kind: str) -> int:
        """The worth with a signal of this kind, in millionths; with a kind that it does not take, that without a signal."""
        return round(self.worth.get(kind, self.worth.get(NO_SIGNAL, 0.0)) * MILLION)


@dataclass(frozen=True, slots=True)
class Quota:
    """How many signals of a kind a specialty gives. `all_used`: exactly so many must be sent."""

    specialty: str
    kind: str
    count: int
    all_used: bool = False


@dataclass(frozen=True, slots=True)
class Bound:
    """At least and at most so many of the chosen programs have `value` in `field` (one of `FIELDS`). `why` says who asks for it."""

    field: str
    value: str = ""
    at_least: int = 0
    at_most: int | None = None
    why: str = ""

    def holds(self, candidate: Candidate) -> bool:
        """Whether it counts this candidate."""
        return candidate.value(self.field) == self.value


@dataclass(frozen=True, slots=True)
class Once:
    """What is due once as soon as anything is chosen in one of `specialties`; where they are left out, in any."""

    cost: Cost
    specialties: tuple[str, ...] = ()

    def is_due(self, chosen: Iterable[str]) -> bool:
        """Whether choosing in these specialties makes it due."""
        return any(not self.specialties or one in self.specialties for one in chosen)


@dataclass(frozen=True, slots=True)
class Assistance:
    """Fee assistance: a share (0 to 1) off the fees of the first so many programs, in the specialties it is for.

    The source does not say which programs it goes to where several specialties come to more than that together. There each
    specialty is reckoned with it in full, and the cost is a lower bound.
    """

    share: Number
    programs: int
    specialties: tuple[str, ...] = ()

    def helps(self, specialty: str) -> bool:
        """Whether it is for this specialty."""
        return not self.specialties or specialty in self.specialties


@dataclass(frozen=True, slots=True)
class Problem:
    """Candidates, what applying costs, and what must hold of the choice. At least one program is always to be chosen.

    `fees` are those of each specialty, which each begins again; one that is missing is not known, and costs nothing as far as the
    budget sees. Raises ValueError where it contradicts itself in a way that only a mistake of the caller explains.
    """

    candidates: tuple[Candidate, ...]
    fees: Mapping[str, Steps | Missing]
    once: tuple[Once, ...] = ()
    assistance: Assistance | None = None
    budget: Number | None = None
    quotas: tuple[Quota, ...] = ()
    bounds: tuple[Bound, ...] = ()
    pinned: frozenset[str] = frozenset()
    vetoed: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        mistakes = [*_candidate_mistakes(self), *_demand_mistakes(self)]
        if mistakes:
            raise ValueError("; ".join(mistakes))

    @property
    def specialties(self) -> tuple[str, ...]:
        """Those of the candidates, in alphabetical order."""
        return tuple(sorted({one.specialty for one in self.candidates}))

    @property
    def unpriced(self) -> tuple[str, ...]:
        """Specialties whose fee is not known and whose number of programs no bound ends: there all are chosen."""
        ended = {bound.value for bound in self.bounds if bound.field == "specialty" and bound.at_most is not None}
        if any(bound.field == ALL and bound.at_most is not None for bound in self.bounds):
            return ()
        return tuple(one for one in self.specialties if isinstance(self.fee(one), Missing) and one not in ended)

    def ordered(self) -> Problem:
        """The same problem with everything in an order of its own, so that no answer depends on how it was given."""
        return replace(
            self,
            candidates=tuple(sorted(self.candidates, key=lambda one: one.id)),
            once=tuple(
                sorted(self.once, key=lambda one: (one.specialties, Fraction(one.cost.amount), one.cost.unknown))
            ),
            quotas=tuple(sorted(self.quotas, key=lambda one: (one.specialty, one.kind))),
            bounds=tuple(sorted(self.bounds, key=lambda one: (one.field, one.value, one.at_least, one.at_most or -1))),
        )

    def fee(self, specialty: str) -> Steps | Missing:
        """The fee of a specialty, assistance taken off."""
        steps = self.fees.get(specialty, UNKNOWN)
        if isinstance(steps, Missing) or self.assistance is None or not self.assistance.helps(specialty):
            return steps
        return assisted(steps, self.assistance.share, self.assistance.programs)

    def can_be_chosen(self, candidate: Candidate) -> bool:
        """Whether it may be chosen at all: not vetoed, and its chance known, unless it is pinned."""
        return candidate.id not in self.vetoed and (candidate.id in self.pinned or NO_SIGNAL in candidate.worth)

    def signals(self, specialty: str) -> Mapping[str, Quota]:
        """The quotas of a specialty, by kind."""
        return {one.kind: one for one in self.quotas if one.specialty == specialty}


def _candidate_mistakes(problem: Problem) -> list[str]:
    twice = [one for one, count in Counter(one.id for one in problem.candidates).items() if count > 1]
    mistakes = [f"two candidates have the id {one!r}" for one in sorted(twice)]
    for one in problem.candidates:
        if one.worth and NO_SIGNAL not in one.worth:
            mistakes.append(f"{one.id!r} has a worth with a signal and none without")
        mistakes += [f"{one.id!r} has the worth {worth}" for worth in one.worth.values() if not 0 <= worth <= 1]
    return mistakes


def _demand_mistakes(problem: Problem) -> list[str]:
    ids = {one.id for one in problem.candidates}
    mistakes = [f"{one!r} is no candidate" for one in sorted((problem.pinned | problem.vetoed) - ids)]
    mistakes += [f"a bound is about {one.field!r}" for one in problem.bounds if one.field not in FIELDS]
    twice = Counter((one.specialty, one.kind) for one in problem.quotas)
    mistakes += [f"two quotas are of {kind!r} in {name!r}" for (name, kind), count in twice.items() if count > 1]
    mistakes += [f"a quota of {one.specialty!r} is of no kind" for one in problem.quotas if one.kind == NO_SIGNAL]
    counts = [one.count for one in problem.quotas] + [one.at_least for one in problem.bounds]
    counts += [one.at_most for one in problem.bounds if one.at_most is not None]
    mistakes += [f"a count is {count}" for count in counts if count < 0]
    if problem.assistance is not None and not 0 <= problem.assistance.share <= 1:
        mistakes.append(f"the assistance takes off {problem.assistance.share} times the fee")
    return mistakes

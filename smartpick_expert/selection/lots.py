"""Candidates made few, without losing the best list: those that nothing tells apart counted together, those always outdone left out.

Candidates that stand alone at their institution, in one specialty, and that the same bounds are about, can take each other's
place on any list. So where as many as could ever be chosen are at least as good as one, it need not be looked at; and those of
equal worth need only be counted. Which of them are taken, and which signalled, then goes by their ids.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from smartpick_expert.selection.money import Tariffs
from smartpick_expert.selection.problem import NO_SIGNAL, Candidate, Problem

# What tells candidates apart that can take each other's place: the specialty, and for each bound whether it counts them.
_Place = tuple[str, tuple[bool, ...]]
_Worths = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Lot:
    """Candidates that nothing tells apart, in the order of their ids; `first` stands for all of them.

    `worths` are millionths by the kinds of signals that could be sent, `NO_SIGNAL` among them. `house` is the institution where
    others of it may be chosen in the specialty too; such a lot, and a pinned one, is a single candidate.
    """

    first: Candidate
    ids: tuple[str, ...]
    worths: Mapping[str, int]
    house: str = ""
    is_pinned: bool = False

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of signals that could be sent, in alphabetical order."""
        return tuple(sorted(kind for kind in self.worths if kind != NO_SIGNAL))

    def gain(self, kind: str) -> int:
        """What a signal of this kind adds to the worth, in millionths."""
        return self.worths[kind] - self.worths[NO_SIGNAL]


def lots_of(problem: Problem, prices: Tariffs, budget: int | None) -> tuple[Lot, ...]:
    """The lots among which some best list is to be found. `budget` in units; None where it has no end."""
    candidates = sorted(filter(problem.can_be_chosen, problem.candidates), key=lambda one: one.id)
    most = _most(problem, prices, budget, candidates)
    candidates = _in_reach(problem, candidates, most)
    shared = Counter((one.specialty, one.institution) for one in candidates if one.institution)
    single: list[Lot] = []
    alike: dict[_Place, dict[_Worths, list[Candidate]]] = defaultdict(lambda: defaultdict(list))
    for one in candidates:
        house = one.institution if shared[one.specialty, one.institution] > 1 else ""
        if house or one.id in problem.pinned:
            worths = _worths(problem, one, is_alone=not house)
            single.append(Lot(one, (one.id,), worths, house, one.id in problem.pinned))
        else:
            alike[_place(problem, one)][tuple(sorted(_worths(problem, one, is_alone=True).items()))].append(one)
    found = [lot for place, groups in sorted(alike.items()) for lot in _undone(groups, _end(problem, place, most))]
    return tuple(sorted([*single, *found], key=lambda lot: lot.first.id))


def _in_reach(problem: Problem, candidates: Sequence[Candidate], most: Mapping[str, int]) -> list[Candidate]:
    """Without those whose best worth, signal and all, is no more than the least worth of as many others as can be chosen.

    This holds of institutions with several candidates too, as long as no signal is lost that had to be sent.
    """
    places: dict[_Place, list[tuple[int, int, Candidate]]] = defaultdict(list)
    kept = []
    for one in candidates:
        if one.id in problem.pinned or any(quota.all_used for quota in problem.signals(one.specialty).values()):
            kept.append(one)
        else:
            worths = _worths(problem, one, is_alone=False).values()
            places[_place(problem, one)].append((min(worths), max(worths), one))
    for place, ours in places.items():
        end = _end(problem, place, most)
        ours.sort(key=lambda one: (-one[0], one[2].id))
        least = ours[end - 1][0] if 0 < end <= len(ours) else -1
        kept += [one for rank, (_, highest, one) in enumerate(ours) if end and (rank < end or highest > least)]
    return sorted(kept, key=lambda one: one.id)


def _place(problem: Problem, one: Candidate) -> _Place:
    return (one.specialty, tuple(bound.holds(one) for bound in problem.bounds))


def _worths(problem: Problem, one: Candidate, *, is_alone: bool) -> dict[str, int]:
    """The worth by kind of signal, without kinds that the specialty has not and, where nobody shares it, those that gain nothing."""
    plain = one.millionths(NO_SIGNAL)
    found = {NO_SIGNAL: plain}
    for kind, quota in problem.signals(one.specialty).items():
        if (
            kind in one.worth
            and quota.count
            and not (is_alone and not quota.all_used and one.millionths(kind) <= plain)
        ):
            found[kind] = one.millionths(kind)
    return found


def _most(problem: Problem, prices: Tariffs, budget: int | None, candidates: Sequence[Candidate]) -> dict[str, int]:
    """How many programs of each specialty can be chosen at the most, as far as the money goes."""
    counts = Counter(one.specialty for one in candidates)
    if budget is None:
        return dict(counts)
    due = {name: sum(prices.once[i] for i, one in enumerate(problem.once) if one.is_due([name])) for name in counts}
    return {name: prices.affordable(name, count, budget - due[name]) for name, count in counts.items()}


def _end(problem: Problem, place: _Place, most: Mapping[str, int]) -> int:
    """How many candidates of a place can be chosen at the most."""
    specialty, counted = place
    ends = [bound.at_most for bound, holds in zip(problem.bounds, counted, strict=True) if holds]
    return min([most[specialty], *(end for end in ends if end is not None)])


def _undone(groups: Mapping[_Worths, Sequence[Candidate]], end: int) -> Iterable[Lot]:
    """The lots of one place that fewer than `end` candidates outdo, from the best worth without a signal down."""
    kept: list[tuple[Mapping[str, int], int]] = []
    for key in sorted(
        groups, key=lambda worths: (-dict(worths)[NO_SIGNAL], -sum(worth for _, worth in worths), worths)
    ):
        worths, ours = dict(key), groups[key]
        better = 0
        for others, count in kept:
            if all(others.get(kind, -1) >= worth for kind, worth in worths.items()):
                better += count
                if better >= end:
                    break
        if better < end:
            ids = tuple(one.id for one in ours[: end - better])
            kept.append((worths, len(ids)))
            yield Lot(ours[0], ids, worths)

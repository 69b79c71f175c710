"""Of equally good lists the one with the first ids, as far as single exchanges go.

A solver returns any one of equally good lists, and another version of it another. So programs that stand alone at their
institution are exchanged for lower ids as long as worth, cost and every demand stay as they are; and where two of them could have
each other's signal at no loss, the lower id has the first kind. Lists that differ by several exchanges at once, none of which is
allowed by itself, stay the solver's choice.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from smartpick_expert.language.values import Number
from smartpick_expert.selection.choice import Choice, cost_of
from smartpick_expert.selection.problem import NO_SIGNAL, Candidate, Problem


@dataclass(frozen=True, slots=True)
class _Marks:
    """What matters of a program besides its worth when it takes another's place: the specialty, and which bounds count it."""

    specialty: str
    counted: tuple[bool, ...]


_Places = dict[_Marks, set[str]]


def settled(problem: Problem, signals: Mapping[str, str]) -> dict[str, str]:
    """The same list after every exchange for lower ids that keeps all demands; worth and cost stay as they are."""
    settling = _Settling(problem, signals)
    while settling.exchange() or settling.pass_signals():
        pass
    return settling.signals


def as_good(problem: Problem, choice: Choice) -> tuple[str, ...]:
    """The ids off a list that could take the place of one on it: worth, cost and every demand would stay as they are.

    Only of programs alone at their institution it is said. That these are off and others on the list goes by their ids.
    """
    settling = _Settling(problem, {one.id: one.signal for one in choice.chosen})
    found = {
        one
        for kind, inside, outside in settling.equals()
        for into, coming in outside.items()
        if any(going and settling.fits(into, out, kind) for out, going in inside.items())
        for one in coming
    }
    return tuple(sorted(found))


class _Settling:
    """A list while programs are exchanged in it. Every exchange lowers ids, or moves a signal to a lower one, so that it ends."""

    def __init__(self, problem: Problem, signals: Mapping[str, str]) -> None:
        self.problem = problem
        self.signals = dict(signals)
        candidates = sorted(filter(problem.can_be_chosen, problem.candidates), key=lambda one: one.id)
        shared = Counter((one.specialty, one.institution) for one in candidates if one.institution)
        alone = [one for one in candidates if shared[one.specialty, one.institution] <= 1]
        self.free = {one.id: one for one in alone if one.id not in problem.pinned}
        self.marks = {
            one.id: _Marks(one.specialty, tuple(bound.holds(one) for bound in problem.bounds)) for one in alone
        }
        listed = [one for one in candidates if one.id in signals]
        self.counts = [sum(map(bound.holds, listed)) for bound in problem.bounds]
        self.programs = Counter(one.specialty for one in listed)

    def exchange(self) -> bool:
        """Let programs in for others of equal worth and higher ids; whether any was."""
        is_changed = False
        for kind, inside, outside in self.equals():
            while pair := self._next(inside, outside, kind):
                self._swap(*pair, inside, outside)
                is_changed = True
        return is_changed

    def equals(self) -> Iterator[tuple[str, _Places, _Places]]:
        """Programs of equal worth with one kind of signal: the kind, those on the list with it, and those off the list."""
        for kind, worth in sorted({(kind, one.millionths(kind)) for one, kind in self._ours()}):
            equal = [one for one in self.free.values() if kind in one.worth and one.millionths(kind) == worth]
            inside = self._places(one.id for one in equal if self.signals.get(one.id) == kind)
            yield kind, inside, self._places(one.id for one in equal if one.id not in self.signals)

    def pass_signals(self) -> bool:
        """Let lower ids have the first kinds of signals where it comes to the same; whether any was passed on."""
        before = dict(self.signals)
        kinds = sorted({*self.signals.values(), NO_SIGNAL}, key=_order)
        for first, second in combinations(kinds, 2):
            differing: dict[tuple[str, int], list[str]] = defaultdict(list)
            for one, kind in self._ours():
                if kind in {first, second} and first in one.worth and second in one.worth:
                    differing[one.specialty, one.millionths(first) - one.millionths(second)].append(one.id)
            for ids in differing.values():
                sent = sorted((self.signals[one] for one in ids), key=_order)
                self.signals.update(zip(sorted(ids), sent, strict=True))
        return self.signals != before

    def _ours(self) -> Iterator[tuple[Candidate, str]]:
        return ((self.free[one], kind) for one, kind in self.signals.items() if one in self.free)

    def _places(self, ids: Iterable[str]) -> _Places:
        found: _Places = defaultdict(set)
        for one in ids:
            found[self.marks[one]].add(one)
        return found

    def _next(self, inside: _Places, outside: _Places, kind: str) -> tuple[str, str] | None:
        """The lowest id that may come in, and the highest that may go out for it. Of one place no others need be looked at."""
        pairs = [
            (min(coming), max(going))
            for into, coming in outside.items()
            for out, going in inside.items()
            if coming and going and min(coming) < max(going) and self.fits(into, out, kind)
        ]
        if not pairs:
            return None
        first = min(came for came, _ in pairs)
        return first, max(went for came, went in pairs if came == first)

    def fits(self, into: _Marks, out: _Marks, kind: str) -> bool:
        """Whether all demands and the cost stay as they are."""
        if into.specialty != out.specialty and (kind != NO_SIGNAL or self._cost(into, out) != self._cost(out, out)):
            return False
        counts = zip(self.problem.bounds, self._moved(into, out), strict=True)
        return all(one.at_least <= count and (one.at_most is None or count <= one.at_most) for one, count in counts)

    def _moved(self, into: _Marks, out: _Marks) -> list[int]:
        marks = zip(self.counts, into.counted, out.counted, strict=True)
        return [count + came - went for count, came, went in marks]

    def _cost(self, into: _Marks, out: _Marks) -> Number:
        programs = self.programs + Counter({into.specialty: 1})
        programs.subtract({out.specialty: 1})
        return cost_of(self.problem, programs).amount

    def _swap(self, came: str, went: str, inside: _Places, outside: _Places) -> None:
        into, out = self.marks[came], self.marks[went]
        self.counts = self._moved(into, out)
        self.programs[into.specialty] += 1
        self.programs[out.specialty] -= 1
        self.signals[came] = self.signals.pop(went)
        outside[into].remove(came)
        inside[into].add(came)
        inside[out].remove(went)
        outside[out].add(went)


def _order(kind: str) -> tuple[bool, str]:
    """Kinds by the alphabet, none last."""
    return (kind == NO_SIGNAL, kind)

"""A problem as an integer program, and its solution read back as programs with their signals.

Every lot has a number of chosen ones, and of signalled ones for each kind. A signal to an institution with several candidates has a
variable of its own, which those of them that are chosen and take that kind share. Fees of any shape are exact: for each
specialty one stretch of its steps is in force, or none, and the number of programs lies in it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from smartpick_expert.selection.lots import Lot, lots_of
from smartpick_expert.selection.money import Tariffs, tariffs
from smartpick_expert.selection.problem import NO_SIGNAL, Problem
from smartpick_expert.selection.program import NO_END, IntegerProgram

_Terms = list[tuple[int, int]]


@dataclass(slots=True)
class Model:
    """The integer program of a problem, and which of its columns mean what."""

    lots: tuple[Lot, ...]
    program: IntegerProgram
    # For each lot: its column, and those of its signals by kind, which for a house are those of the house.
    chosen: list[int] = field(default_factory=list)
    signalled: list[dict[str, int]] = field(default_factory=list)

    def signals(self, values: Sequence[int]) -> dict[str, str]:
        """The ids that a solution chooses, with the kind of signal each gets."""
        found: dict[str, str] = {}
        for lot, column, kinds in zip(self.lots, self.chosen, self.signalled, strict=True):
            sent = [kind for kind, one in sorted(kinds.items()) for _ in range(values[one])]
            ids = lot.ids[: values[column]]
            found |= dict(zip(ids, [*sent, *[NO_SIGNAL] * len(ids)], strict=False))
        return found


def model_of(problem: Problem, price: Fraction = Fraction(0)) -> Model:
    """Expected interviews, in millionths, less `price` (millionths a dollar) times the cost, to be as large as possible.

    With a price the objective is in the fraction of a millionth that makes all of it whole; see `scale_of`.
    """
    prices = tariffs(problem)
    units = None if problem.budget is None else prices.units(problem.budget)
    return _Builder(problem, prices, units, price * prices.unit).model


def scale_of(problem: Problem, price: Fraction) -> int:
    """By how much the objective of a model is above millionths of an interview."""
    return (price * tariffs(problem).unit).denominator


class _Builder:
    """Writes the columns and rows of one problem. `price` is in millionths a unit of money."""

    def __init__(self, problem: Problem, prices: Tariffs, budget: int | None, price: Fraction) -> None:
        self.problem = problem
        self.prices = prices
        self.scale, self.paid = price.denominator, price.numerator
        self.program = IntegerProgram()
        self.model = Model(lots_of(problem, prices, budget), self.program)
        # The columns whose sum is the number of signals sent, by specialty and kind.
        self.sent: dict[tuple[str, str], list[int]] = defaultdict(list)
        self._lots()
        self._houses()
        self._quotas()
        self._bounds()
        if budget is not None or price:
            self._money(budget)

    def _lots(self) -> None:
        for lot in self.model.lots:
            size, worth = len(lot.ids), self.scale * lot.worths[NO_SIGNAL]
            self.model.chosen.append(self.program.column(size if lot.is_pinned else 0, size, worth))
            self.model.signalled.append({})
            if lot.house or not lot.kinds:
                continue
            kinds = self.model.signalled[-1]
            for kind in lot.kinds:
                kinds[kind] = self.program.column(0, size, self.scale * lot.gain(kind))
                self.sent[lot.first.specialty, kind].append(kinds[kind])
            self.program.row([(self.model.chosen[-1], -1), *((one, 1) for one in kinds.values())], highest=0)

    def _houses(self) -> None:
        """Signals to institutions with several candidates: all chosen ones that take the kind have it, and somebody must."""
        houses: dict[tuple[str, str], list[int]] = defaultdict(list)
        for place, lot in enumerate(self.model.lots):
            if lot.house:
                houses[lot.first.specialty, lot.house].append(place)
        for (specialty, _), places in houses.items():
            sent = {}
            for kind in sorted({kind for place in places for kind in self.model.lots[place].kinds}):
                sent[kind] = self.program.column(0, 1)
                self.sent[specialty, kind].append(sent[kind])
                takers = [place for place in places if kind in self.model.lots[place].kinds]
                self.program.row([(sent[kind], 1), *((self.model.chosen[place], -1) for place in takers)], highest=0)
            if sent:
                self.program.row([(one, 1) for one in sent.values()], highest=1)
            for place in places:
                self._share(place, sent)

    def _share(self, place: int, sent: Mapping[str, int]) -> None:
        """One variable a kind for both chosen and signalled: as much as either, and where that loses, as little as both force."""
        lot, chosen = self.model.lots[place], self.model.chosen[place]
        parts = []
        for kind in lot.kinds:
            self.model.signalled[place][kind] = sent[kind]
            parts.append(self.program.column(0, 1, self.scale * lot.gain(kind)))
            self.program.row([(parts[-1], 1), (sent[kind], -1)], highest=0)
            if lot.gain(kind) < 0:
                self.program.row([(parts[-1], 1), (chosen, -1), (sent[kind], -1)], lowest=-1)
        self.program.row([*((part, 1) for part in parts), (chosen, -1)], highest=0)

    def _quotas(self) -> None:
        for quota in self.problem.quotas:
            columns = self.sent.get((quota.specialty, quota.kind), [])
            lowest = quota.count if quota.all_used else 0
            self.program.row([(one, 1) for one in columns], lowest, quota.count)

    def _bounds(self) -> None:
        lots = list(zip(self.model.lots, self.model.chosen, strict=True))
        self.program.row([(column, 1) for _, column in lots], lowest=1)
        for bound in self.problem.bounds:
            entries = [(column, 1) for lot, column in lots if bound.holds(lot.first)]
            self.program.row(entries, bound.at_least, NO_END if bound.at_most is None else bound.at_most)

    def _money(self, budget: int | None) -> None:
        """The cost, with one variable for all programs at one price, whatever their specialty.

        Lists that only shift programs between specialties at one price then are one to the solver's search over what can be paid.
        """
        cost: _Terms = []
        begun: dict[str, int] = {}
        at_price: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for specialty in self.problem.specialties:
            ours = zip(self.model.lots, self.model.chosen, strict=True)
            columns = [(column, len(lot.ids)) for lot, column in ours if lot.first.specialty == specialty]
            if columns:
                flat, begun[specialty] = self._fees(specialty, columns, at_price)
                cost += flat
        for each, parts in sorted(at_price.items()):
            together = self.program.column(0, sum(size for _, size in parts))
            self.program.row([*((part, 1) for part, _ in parts), (together, -1)], 0, 0)
            cost.append((together, each))
        cost += self._once(begun)
        for column, amount in cost:
            self.program.objective[column] = -self.paid * amount
        if budget is not None:
            self.program.row(cost, highest=budget)

    def _fees(
        self, specialty: str, columns: Sequence[tuple[int, int]], at_price: dict[int, list[tuple[int, int]]]
    ) -> tuple[_Terms, int]:
        """What is due for whole stretches of one specialty, and the column that is 1 once anything is chosen in it.

        The programs of each stretch join those `at_price`. A stretch is begun only when the one before it is full; where that one
        is no dearer, nobody would begin it earlier, and nothing need be said.
        """
        cost: _Terms = []
        counts: _Terms = []
        # The stretches that the next one held back must find full.
        unfilled: list[tuple[int, int]] = []
        force = begun = 0
        before = None
        for stretch in self.prices.stretches(specialty, sum(size for _, size in columns)):
            count = self.program.column(0, stretch.programs)
            counts.append((count, -1))
            at_price[stretch.each].append((count, stretch.programs))
            if before is None or stretch.flat or before.flat or before.each > stretch.each:
                force = self.program.column(0, 1)
                begun = begun if before else force
                cost.append((force, stretch.flat))
                for full, programs in unfilled:
                    self.program.row([(full, 1), (force, -programs)], lowest=0)
                unfilled = []
            self.program.row([(count, 1), (force, -stretch.programs)], highest=0)
            unfilled.append((count, stretch.programs))
            before = stretch
        self.program.row([*((column, 1) for column, _ in columns), *counts], 0, 0)
        return cost, begun

    def _once(self, begun: Mapping[str, int]) -> _Terms:
        cost: _Terms = []
        for once, amount in zip(self.problem.once, self.prices.once, strict=True):
            due = self.program.column(0, 1)
            for specialty, column in begun.items():
                if once.is_due([specialty]):
                    self.program.row([(due, 1), (column, -1)], lowest=0)
            cost.append((due, amount))
        return cost

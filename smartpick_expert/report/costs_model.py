"""The view model of figures and costs: parameters as an advice reads them, and what planned applications would cost."""

from __future__ import annotations

from dataclasses import dataclass

from smartpick_expert.language.values import Number


@dataclass(frozen=True, slots=True)
class FigureView:
    """A parameter as this advice reads it: what it is, of which season, and how it is known.

    `season` is the one the figure is of; None where it is dated by days, or not known. `standing` says how it is known,
    `source` is the evidence it cites (else empty), and `reference` names it in words.
    """

    name: str
    meaning: str
    is_known: bool
    season: int | None
    stands_in: bool
    basis: str
    standing: str
    source: str
    reference: str


@dataclass(frozen=True, slots=True)
class SeasonView:
    """The season whose figures this advice reads, and those of them that an earlier one stands in for.

    `named` is the season the profile names, None where it names none. `is_read` says whether any figure by season is read.
    """

    season: int
    named: int | None
    is_read: bool
    stand_ins: tuple[FigureView, ...]


@dataclass(frozen=True, slots=True)
class ChargeView:
    """What one step of a fee comes to: for each of so many programs, or once for all of them (`flat`)."""

    programs: int
    fee: Number
    flat: bool
    amount: Number


@dataclass(frozen=True, slots=True)
class SignalCount:
    """How many signals of a kind can be sent in a specialty, and the season of that figure."""

    tier: str
    count: Number
    season: int | None
    stands_in: bool


@dataclass(frozen=True, slots=True)
class PlannedSpecialty:
    """The applications planned in one specialty. `service` is eras, residencycas, or empty where it is not known.

    `fee_of` is the earlier season whose fee stands in; None where none does.
    """

    specialty: str
    service: str
    programs: int | None
    charges: tuple[ChargeView, ...]
    amount: Number
    is_lower_bound: bool
    signals: tuple[SignalCount, ...]
    fee_of: int | None


@dataclass(frozen=True, slots=True)
class OnceFee:
    """A fee that is due once, whatever the number of programs; `amount` is None where it is not known.

    `fee_of` is the earlier season whose fee stands in; None where none does.
    """

    name: str
    meaning: str
    amount: Number | None
    fee_of: int | None


@dataclass(frozen=True, slots=True)
class CostsView:
    """What the planned applications would cost. `unknown` names the fees that are not known.

    `against_budget` is over (by `over_by`), within, open (what is known is within, and something is not), or empty
    without a budget.
    """

    specialties: tuple[PlannedSpecialty, ...]
    once: tuple[OnceFee, ...]
    amount: Number
    is_lower_bound: bool
    unknown: tuple[str, ...]
    budget: Number | None
    against_budget: str
    over_by: Number | None
    fees: tuple[FigureView, ...]

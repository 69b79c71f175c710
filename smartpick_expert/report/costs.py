"""What the applications of a plan would cost, from the profile's `application_plan` and the fees of the season.

Nothing is made up for a fee that is not known: the sum is then a lower bound, and says of what.
"""

from __future__ import annotations

from typing import Final

from smartpick_expert.engine.consultation import Consultation
from smartpick_expert.explain.wording import value_text
from smartpick_expert.knowledge.fees import Charge, Cost, Steps, applications_cost, fee_cost, total
from smartpick_expert.knowledge.parameters import Figures
from smartpick_expert.knowledge.services import Service, number_of, once_fees, service_of, steps_of
from smartpick_expert.language.facts import Fact
from smartpick_expert.language.values import UNKNOWN, Missing, Number, Slot, exact_difference
from smartpick_expert.language.vocabulary import Vocabulary
from smartpick_expert.report.costs_model import ChargeView, CostsView, OnceFee, PlannedSpecialty, SignalCount
from smartpick_expert.report.figures import FigureReader

PLAN = "application_plan"


_TIERS: Final = ("gold", "silver", "single")


def costs_of(consultation: Consultation, vocabulary: Vocabulary, reader: FigureReader) -> CostsView | None:
    """The costs of the plan in a profile; None where it has none. What is read is noted in `reader`."""
    plan = [fact for fact in consultation.intake.entries if fact.type == PLAN]
    if not plan:
        return None
    return _Costs(consultation.figures, vocabulary, reader).of(plan, _budget(consultation))


class _Costs:
    def __init__(self, figures: Figures, vocabulary: Vocabulary, reader: FigureReader) -> None:
        self.vocabulary = vocabulary
        self.reader = reader
        self.figures = figures

    def of(self, plan: list[Fact], budget: Number | None) -> CostsView:
        services = tuple(service_of(fact.get("specialty"), self.reader.value) for fact in plan)
        names = once_fees(services)
        costs = [self._applications(fact, service) for fact, service in zip(plan, services, strict=True)]
        once = {name: fee_cost(name, number_of(self.reader.value(name))) for name in names}
        cost = total([*costs, *once.values()])
        fees = dict.fromkeys([service.applications for service in services if service.key] + list(names))
        return CostsView(
            specialties=tuple(map(self._specialty, plan, services, costs)),
            once=tuple(self._once(name, fee) for name, fee in once.items()),
            amount=cost.amount,
            is_lower_bound=cost.is_lower_bound,
            unknown=cost.unknown,
            budget=budget,
            against_budget=_against(budget, cost),
            over_by=exact_difference(cost.amount, budget) if budget is not None and cost.amount > budget else None,
            fees=tuple(self.reader.view(name) for name in fees),
        )

    def _once(self, name: str, fee: Cost) -> OnceFee:
        amount = None if fee.is_lower_bound else fee.amount
        return OnceFee(name, self.reader.view(name).meaning, amount, self._fee_of(name))

    def _fee_of(self, name: str) -> int | None:
        """The earlier season whose fee stands in, if one does."""
        figure = self.reader.view(name)
        return figure.season if figure.stands_in else None

    def _applications(self, plan: Fact, service: Service) -> Cost:
        programs = _programs(plan)
        # What is not known is the fee, or else what the plan does not say: the number, or which service takes it.
        unknown = service.applications if service.key and programs is not None else PLAN
        return applications_cost(unknown, steps_of(service, self.reader.value), programs)

    def _specialty(self, plan: Fact, service: Service, cost: Cost) -> PlannedSpecialty:
        steps, programs = steps_of(service, self.reader.value), _programs(plan)
        charges = steps.charges(programs) if isinstance(steps, Steps) and programs is not None else ()
        specialty = plan.get("specialty")
        return PlannedSpecialty(
            specialty=value_text(specialty, self.vocabulary.types[PLAN].fields["specialty"]),
            service=service.key,
            programs=programs,
            charges=tuple(map(_charge, charges)),
            amount=cost.amount,
            is_lower_bound=cost.is_lower_bound,
            signals=tuple(filter(None, (self._signals(specialty, tier) for tier in _TIERS))),
            fee_of=self._fee_of(service.applications) if charges else None,
        )

    def _signals(self, specialty: Slot, tier: str) -> SignalCount | None:
        name = f"signals.{specialty}.{tier}"
        count = number_of(self.reader.value(name)) if name in self.figures.by_name else UNKNOWN
        if isinstance(count, Missing):
            return None
        figure = self.figures.by_name[name]
        return SignalCount(tier, count, figure.season, figure.stands_in)


def _charge(charge: Charge) -> ChargeView:
    return ChargeView(charge.programs, charge.fee, charge.flat, charge.amount)


def _programs(plan: Fact) -> int | None:
    number = plan.get("programs")
    return number if isinstance(number, int) else None


def _budget(consultation: Consultation) -> Number | None:
    given = [fact.get("budget_usd") for fact in consultation.intake.facts if fact.type == "preference"]
    budget = number_of(given[0]) if given else UNKNOWN
    return None if isinstance(budget, Missing) else budget


def _against(budget: Number | None, cost: Cost) -> str:
    """A lower bound can be over a budget, and never surely within it."""
    if budget is None:
        return ""
    if cost.amount > budget:
        return "over"
    return "open" if cost.is_lower_bound else "within"

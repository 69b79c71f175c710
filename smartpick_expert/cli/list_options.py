"""The options that say what a list is asked to be; the same for the command that prints one and for an advice with one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import wraps
from math import isnan
from typing import Any, TypeVar, cast

import click

from smartpick_expert.diagnostics import Diagnostic, Location, Problems
from smartpick_expert.intake.profile import Profile
from smartpick_expert.knowledge.services import number_of
from smartpick_expert.language.values import Missing, Number
from smartpick_expert.language.vocabulary import Vocabulary
from smartpick_expert.lists.asked import Asked
from smartpick_expert.lists.wishes import Aim, Wishes

_F = TypeVar("_F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class ListOptions:
    """What was typed, as it was typed."""

    budget: str | None
    specialties: tuple[str, ...]
    maximise: str
    pinned: tuple[str, ...]
    vetoed: tuple[str, ...]
    at_least: tuple[str, ...]
    at_most: tuple[str, ...]
    signals: tuple[str, ...]
    interviews: int | None
    fee_assistance: bool
    spend_all: bool
    time_limit: float

    @property
    def without_budget(self) -> str:
        """An option that was typed though no budget was, where there is one; else empty."""
        typed = {
            "--specialty": self.specialties,
            "--pin": self.pinned,
            "--veto": self.vetoed,
            "--at-least": self.at_least,
            "--at-most": self.at_most,
            "--signals": self.signals,
            "--interviews": self.interviews,
            "--fee-assistance": self.fee_assistance,
            "--spend-all": self.spend_all,
        }
        return "" if self.budget is not None else next((name for name, value in typed.items() if value), "")

    def wishes(self, vocabulary: Vocabulary, profile: Profile | None = None) -> Wishes:
        """What is wished for. A budget that was not typed is that of the profile.

        Raises Problems with everything that was typed wrong, and where there is no budget.
        """
        asked = Asked(vocabulary)
        budget = asked.budget(self.budget) if self.budget is not None else _budget_of(profile)
        wishes = Wishes(
            budget=budget,
            plans=asked.plans(self.specialties),
            aim=Aim(self.maximise),
            pinned=tuple(dict.fromkeys(self.pinned)),
            vetoed=tuple(dict.fromkeys(self.vetoed)),
            shares=(*asked.shares(self.at_least, is_most=False), *asked.shares(self.at_most, is_most=True)),
            signals=asked.signals(self.signals),
            interviews=self.interviews,
            fee_assistance=self.fee_assistance,
            spend_all=self.spend_all,
            time_limit=self.time_limit,
        )
        asked.done()
        return wishes


def _budget_of(profile: Profile | None) -> Number:
    preferences = profile.of("preference") if profile is not None else ()
    found = number_of(next((entry.values.get("budget_usd") for entry in preferences), None))
    if isinstance(found, Missing):
        message = "No budget is named, and the profile names none (preference.budget_usd), so a list would have no end."
        hint = "Name what may be spent on applications, in US dollars: --budget 2500."
        raise Problems([Diagnostic("list.budget", message, hint, Location("--budget"))])
    return found


def _is_number(_context: click.Context, _parameter: click.Parameter, value: float) -> float:
    if isnan(value):
        raise click.BadParameter("'nan' is no number of seconds.")
    return value


_OPTIONS = (
    click.option("--budget", metavar="USD", help="What may be spent on applying, in US dollars."),
    click.option(
        "--specialty",
        "specialties",
        metavar="NAME[:TRACK]",
        multiple=True,
        help="A specialty to choose in, and which kind of place; several are plans side by side. [default: the profile's]",
    ),
    click.option(
        "--maximise",
        type=click.Choice([one.value for one in Aim]),
        default=Aim.INTERVIEWS.value,
        show_default=True,
        help="Expected interviews, or (cautious) these at the low ends of their ranges.",
    ),
    click.option("--pin", "pinned", metavar="ID", multiple=True, help="A program that must be on the list."),
    click.option("--veto", "vetoed", metavar="ID", multiple=True, help="A program that must not be."),
    click.option(
        "--at-least",
        metavar="FIELD=VALUE:N",
        multiple=True,
        help="At least N with this, such as tier=safer:5; or all:N.",
    ),
    click.option(
        "--at-most", metavar="FIELD=VALUE:N", multiple=True, help="At most N with this, such as state=OH:3; or all:N."
    ),
    click.option(
        "--signals",
        metavar="SPECIALTY.KIND=N",
        multiple=True,
        help="How many signals are left to send. [default: as many as the season gives]",
    ),
    click.option("--interviews", type=click.IntRange(1, 200), help="Tell the chance of at least so many interviews."),
    click.option(
        "--fee-assistance", is_flag=True, help="Take off what AAMC fee assistance takes off, for whom AAMC approved it."
    ),
    click.option("--spend-all", is_flag=True, help="Choose up to the budget, past the stop line."),
    click.option(
        "--time-limit",
        type=click.FloatRange(1, 3600),
        callback=_is_number,
        default=60,
        show_default=True,
        help="Seconds to prove the list in; without a proof the gap is told.",
    ),
)


def list_options(command: _F) -> _F:
    """The options of a list, handed to the command together as `asked`."""
    names = [one.name for one in fields(ListOptions)]

    @wraps(command)
    def with_asked(*args: Any, **given: Any) -> Any:
        asked = ListOptions(**{name: given.pop(name) for name in names})
        return command(*args, asked=asked, **given)

    made: Any = with_asked
    for option in reversed(_OPTIONS):
        made = option(made)
    return cast("_F", made)

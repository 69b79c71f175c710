"""What a list is asked to be: the budget, the plans side by side, what must be on it, what must not, and how much of what.

As a small file it travels with the catalogues of an advice (`programs/carried.py`), so that the advice can be made again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

import msgspec

from smartpick_expert.diagnostics import Diagnostic, Location, Problems
from smartpick_expert.language.values import Number
from smartpick_expert.programs.carried import FOLDER
from smartpick_expert.workspace import Workspace

# No catalogue ends so, whatever it is called.
FILE: Final = f"{FOLDER}list.json"


class Aim(StrEnum):
    """What is made as large as can be: interviews as they are expected, or at the low end of their ranges."""

    INTERVIEWS = "interviews"
    CAUTIOUS = "cautious"


@dataclass(frozen=True, slots=True)
class Plan:
    """One plan: programs of a specialty, and of one kind of place (`track`) where that is named, by the vocabulary's words."""

    specialty: str
    track: str = ""


@dataclass(frozen=True, slots=True)
class Share:
    """How many programs with a value of a field are wanted, at the least or (`is_most`) at the most; `all` takes any value."""

    field: str
    value: str
    count: int
    is_most: bool = False


@dataclass(frozen=True, slots=True)
class SignalsLeft:
    """How many signals of a kind are to be given in a specialty, in place of what the season gives."""

    specialty: str
    kind: str
    count: int


@dataclass(frozen=True, slots=True)
class Wishes:
    """Everything a list is asked to be. `interviews` is the number whose chance is told; by default a parameter's.

    The list ends at the stop line, unless all of the budget is to be spent (`spend_all`). Without plans it is chosen in the specialty
    that the profile aims at, and in those that it plans applications in besides.
    """

    budget: Number
    plans: tuple[Plan, ...] = ()
    aim: Aim = Aim.INTERVIEWS
    pinned: tuple[str, ...] = ()
    vetoed: tuple[str, ...] = ()
    shares: tuple[Share, ...] = ()
    signals: tuple[SignalsLeft, ...] = ()
    interviews: int | None = None
    fee_assistance: bool = False
    spend_all: bool = False
    time_limit: float = 60


def wishing(workspace: Workspace, wishes: Wishes) -> Workspace:
    """The workspace with these wishes among its files."""
    text = msgspec.json.format(msgspec.json.encode(wishes), indent=2).decode() + "\n"
    return replace(workspace, files={**workspace.files, FILE: text})


def wished(files: Mapping[str, str]) -> Wishes | None:
    """The wishes among the files of an advice; None where it holds no list. Raises Problems where they cannot be read."""
    if FILE not in files:
        return None
    try:
        return msgspec.json.decode(files[FILE], type=Wishes)
    except (msgspec.MsgspecError, UnicodeError) as error:
        message = f"What the list was asked to be cannot be read: {error}."
        raise Problems([Diagnostic("list.file", message, "Take it from where it was kept.", Location(FILE))]) from None

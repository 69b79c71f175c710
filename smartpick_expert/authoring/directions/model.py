"""What a direction is: a change for the better, under which circumstances, and what must then never get worse."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from smartpick_expert.diagnostics import Location
from smartpick_expert.language.edits import AddEntry, SetField
from smartpick_expert.language.model import Condition, Pattern
from smartpick_expert.language.paths import Path

# Stands in a scale for there being no such fact.
NOTHING: Final = "nothing"


@dataclass(frozen=True, slots=True)
class Scale:
    """An order of what may be concluded: the words of a choice from worst to best, `NOTHING` among them or not.

    Facts of `type` are looked at that pass the pattern `where`, those alike in the fields `each` together.
    """

    name: str
    type: str
    field: str
    where: Pattern
    each: tuple[str, ...]
    worst_to_best: tuple[str, ...]
    location: Location


@dataclass(frozen=True, slots=True)
class Sweep:
    """A number or a day goes up (`up`), or down, through every value that rules can tell apart."""

    path: Path
    up: bool


@dataclass(frozen=True, slots=True)
class Setting:
    """Fields get other values, of one entry: those of a label, of each entry in turn, or of the one there is."""

    edits: tuple[SetField, ...]

    @property
    def type(self) -> str:
        """The section in which something is set."""
        return self.edits[0].path.type


@dataclass(frozen=True, slots=True)
class Addition:
    """An entry is added, to a section that the profile gives or of which leaving out means none."""

    edit: AddEntry


@dataclass(frozen=True, slots=True)
class Removal:
    """An entry is taken away, each in turn."""

    type: str


Move = Sweep | Setting | Addition | Removal


@dataclass(frozen=True, slots=True)
class Direction:
    """One direction.

    `when` must surely hold of the profile, and `where` of the entry that is changed or removed, before it is. Then nothing
    on the `scales` may get worse, and no conclusion that passes one of `never_comes` may come. `because` says why.
    """

    id: str
    says: str
    because: str
    sources: tuple[str, ...]
    move: Move
    when: tuple[Condition, ...]
    where: Pattern | None
    scales: tuple[Scale, ...]
    never_comes: tuple[Pattern, ...]
    location: Location

    @property
    def type(self) -> str:
        """The section that is changed."""
        if isinstance(self.move, Sweep):
            return self.move.path.type
        return self.move.edit.type if isinstance(self.move, Addition) else self.move.type


@dataclass(frozen=True, slots=True)
class Directions:
    """All that a workspace declares."""

    scales: Mapping[str, Scale] = field(default_factory=dict)
    directions: tuple[Direction, ...] = ()

"""An integer program as plain data: whole variables between bounds, rows over them, and what is to be as large as possible."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import inf
from typing import Final

NO_END: Final = inf


@dataclass(slots=True)
class IntegerProgram:
    """Columns and rows, each added in turn and known by its number. All numbers but `NO_END` are whole."""

    lowest: list[int] = field(default_factory=list)
    highest: list[int] = field(default_factory=list)
    objective: list[int] = field(default_factory=list)
    row_lowest: list[float] = field(default_factory=list)
    row_highest: list[float] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    columns: list[int] = field(default_factory=list)
    factors: list[int] = field(default_factory=list)

    def column(self, lowest: int, highest: int, objective: int = 0) -> int:
        """A new variable; its number."""
        self.lowest.append(lowest)
        self.highest.append(highest)
        self.objective.append(objective)
        return len(self.lowest) - 1

    def row(self, entries: Iterable[tuple[int, int]], lowest: float = -NO_END, highest: float = NO_END) -> None:
        """The sum of factors times variables, (variable, factor) each variable once, must lie between the two."""
        self.starts.append(len(self.columns))
        for column, factor in entries:
            if factor:
                self.columns.append(column)
                self.factors.append(factor)
        self.row_lowest.append(lowest)
        self.row_highest.append(highest)

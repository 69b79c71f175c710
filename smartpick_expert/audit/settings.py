"""Settings of a workspace, `settings.yaml` in its folder: how long advices are kept in the ledger. Without the file, for ever."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import MINYEAR, date
from pathlib import Path

from smartpick_expert.diagnostics import Problems
from smartpick_expert.language.reader import Reader
from smartpick_expert.language.source import read_file
from smartpick_expert.language.values import ValueProblem, read_number

NAME = "settings.yaml"


@dataclass(frozen=True, slots=True)
class Settings:
    """`keep_months` is after how many months an advice should be erased; None: it is kept."""

    keep_months: int | None = None

    def kept_since(self, day: date) -> date:
        """The first day whose advices are still to be kept; the first there is where all are."""
        if self.keep_months is None:
            return date.min
        year, month = divmod(day.year * 12 + day.month - 1 - self.keep_months, 12)
        year = max(year, MINYEAR)
        return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def read_settings(root: Path) -> Settings:
    """The settings of a workspace. Raises Problems with everything that is wrong with the file."""
    path = root / NAME
    if not path.is_file():
        return Settings()
    reader = Reader()
    node = reader.mapping(read_file(path, NAME), "The settings")
    months = None
    if node is not None:
        reader.known_keys(node, ("about", "keep_months"), "The settings")
        written = reader.text(node, "keep_months") if node.get("keep_months") is not None else ""
        try:
            months = read_number(written) if written else None
        except ValueProblem as problem:
            reader.value_problem(node.location, problem, "keep_months")
        if months is not None and not (isinstance(months, int) and 0 < months < 1_200):  # noqa: PLR2004 - a century
            message = "'keep_months' is a whole number of months, from 1 to 1,199."
            reader.problem(node.location, "settings.months", message, "Write 36.")
    if reader.problems:
        raise Problems(reader.problems)
    return Settings(months if isinstance(months, int) else None)

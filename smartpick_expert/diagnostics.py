"""What is wrong, where, why, and what to do about it.

Every finding of the program about a file is a `Diagnostic`. Readers collect them all and raise `Problems` once, so that
a person sees everything that is wrong in one go. This module imports nothing of ours.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum


class Severity(StrEnum):
    """How bad a finding is: an error cannot be used, a warning can but deserves a look."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A place in a file; `line` and `column` count from 1. `excerpt` is the text of that line, for showing only."""

    path: str
    line: int = 0
    column: int = 0
    excerpt: str = field(default="", compare=False, repr=False)

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}" if self.line else self.path


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding. `message` says what is wrong and why, `hint` what to do; both are whole sentences.

    `related` names the other places that took part, each with a word on its part in it.
    """

    code: str
    message: str
    hint: str
    location: Location
    severity: Severity = Severity.ERROR
    related: tuple[tuple[Location, str], ...] = ()

    def sort_key(self) -> tuple[str, int, int, str, str]:
        """Findings are shown by file, line, column, code and words."""
        return (self.location.path, self.location.line, self.location.column, self.code, self.message)

    def __str__(self) -> str:
        return f"{self.location}: {self.severity}[{self.code}] {self.message} {self.hint}".rstrip()


class Problems(Exception):  # noqa: N818 - it carries findings; it is not one error
    """Raised once with everything that keeps an input from being used."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics: tuple[Diagnostic, ...] = tuple(sorted(set(diagnostics), key=Diagnostic.sort_key))
        super().__init__("\n".join(str(diagnostic) for diagnostic in self.diagnostics))


def render(diagnostic: Diagnostic) -> str:
    """The finding as people read it on a terminal: message, the source line with a mark under it, the other places."""
    lines = [str(diagnostic)]
    lines += _excerpt(diagnostic.location)
    for location, role in diagnostic.related:
        lines.append(f"  {location}: {role}")
        lines += _excerpt(location)
    return "\n".join(lines)


def _excerpt(location: Location) -> list[str]:
    text = location.excerpt.replace("\t", " ").rstrip()
    if not text.strip() or not location.column:
        return []
    start = max(0, location.column - 60)
    shown = text[start : start + 100]
    return [f"    {shown}", "    " + " " * (location.column - 1 - start) + "^"]


def nearest(name: str, known: Iterable[str]) -> str:
    """A clause that suggests the nearest known name, or names the choices when they are few; else empty."""
    choices = sorted(known)
    close = get_close_matches(name, choices, n=1, cutoff=0.6)
    if close:
        return f"Did you mean '{close[0]}'?"
    if 0 < len(choices) <= 12:  # noqa: PLR2004 - more names than fit one line help nobody
        return f"Known here: {', '.join(choices)}."
    return ""

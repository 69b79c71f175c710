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
        words = " ".join(part for part in (self.message, self.hint) if part)
        return f"{self.location}: {self.severity}[{self.code}] {words}".rstrip()


class Problems(Exception):  # noqa: N818 - it carries findings; it is not one error
    """Raised once with everything that keeps an input from being used."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics: tuple[Diagnostic, ...] = tuple(sorted(set(diagnostics), key=Diagnostic.sort_key))
        super().__init__(self.diagnostics)

    def __str__(self) -> str:
        return "\n".join(str(diagnostic) for diagnostic in self.diagnostics)


def render(diagnostic: Diagnostic) -> str:
    """The finding as people read it on a terminal: message, the source line with a mark under it, the other places."""
    lines = [str(diagnostic)]
    lines += _excerpt(diagnostic.location)
    for location, role in diagnostic.related:
        lines.append(f"  {location}: {role}")
        lines += _excerpt(location)
    return "\n".join(lines)


def _excerpt(location: Location) -> list[str]:
    # A line may be as long as a file, so it is cut before anything is done with it.
    start = max(0, location.column - 60)
    shown = location.excerpt[start : start + 100].replace("\t", " ").rstrip()
    if not shown.strip() or not location.column:
        return []
    return [f"    {shown}", "    " + " " * (location.column - 1 - start) + "^"]


def closest(name: str, known: Iterable[str], prefix: str = "") -> str:
    """A sentence that suggests the known name most like this one, after a prefix; empty where none is like it."""
    close = get_close_matches(name, sorted(known), n=1, cutoff=0.6)
    return f"Did you mean '{prefix}{close[0]}'?" if close else ""


def nearest(name: str, known: Iterable[str]) -> str:
    """A sentence that suggests the nearest known name, or names the choices when they are few; else empty."""
    choices = sorted(known)
    suggestion = closest(name, choices)
    if suggestion:
        return suggestion
    if 0 < len(choices) <= 12:  # noqa: PLR2004 - more names than fit one line help nobody
        return f"Known here: {', '.join(choices)}."
    return ""

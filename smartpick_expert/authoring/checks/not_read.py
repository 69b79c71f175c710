"""Every file that looks like one of the workspace's is read, so that nobody takes for a rule what counts nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from smartpick_expert.authoring.checks.base import Base, Finding
from smartpick_expert.diagnostics import Location, Severity

CODE = "file.not-read"
FINDS = "A file of rules or knowledge has a name, or lies in a folder, by which nothing reads it."
SEVERITY = Severity.ERROR
ALONE = True
MAY_BE_SILENCED = False
READ: Final = ".yaml"
# What rules are also written in elsewhere, and what editors and file managers make of a name.
_ALIKE: Final = (READ, ".yml", ".json")
_READ_FOLDERS: Final = (
    "actions",
    "catalogues",
    "claims",
    "directions",
    "evidence",
    "imports",
    "made_up",
    "parameters",
    "personas",
    "programs",
    "vocabulary",
    "wording",
)
# Files that a command reads where it is told to, whatever they are called.
_NAMED_WHEN_READ: Final = ("catalogues", "imports", "personas")


def check(base: Base) -> Iterator[Finding]:
    """Yield a finding for each file that is left unread."""
    for folder in ("rules", "knowledge"):
        above = base.workspace.root / folder
        for path in sorted(above.rglob("*")):
            inside = path.relative_to(above)
            if path.name.startswith(".") or path.suffix.lower() not in _ALIKE or not path.is_file():
                continue
            reason = _reason(folder, inside)
            if reason is not None:
                message, hint = reason
                yield Finding(CODE, message, hint, Location(f"{folder}/{inside.as_posix()}"))


def _reason(folder: str, inside: Path) -> tuple[str, str] | None:
    """Why nothing reads a file, and what to do; None where it is read."""
    first = inside.parts[0] if len(inside.parts) > 1 else ""
    if folder == "knowledge" and first not in _READ_FOLDERS:
        where = f"a folder '{first}' of knowledge" if first else "knowledge itself"
        folders = ", ".join(_READ_FOLDERS)
        return (
            f"Nothing reads files in {where}, so what stands in this one counts nowhere.",
            f"Move it into one of the folders that are read ({folders}), or out of the workspace.",
        )
    if inside.suffix == READ or first in _NAMED_WHEN_READ:
        return None
    return (
        f"Nothing reads a file that ends in '{inside.suffix}', so what stands in this one counts nowhere.",
        f"Call it '{inside.stem}{READ}', or move it out of '{folder}'.",
    )

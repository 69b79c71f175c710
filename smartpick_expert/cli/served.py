"""Which workspace a command uses, and a word where that may not be the one that was meant."""

from __future__ import annotations

from pathlib import Path

from smartpick_expert.cli.output import say
from smartpick_expert.diagnostics import Diagnostic, Location, Problems
from smartpick_expert.workspace import enclosing_root, shipped_root

_MAKE = "go to your workspace, or name it with --workspace; 'smartpick init DIR' makes one"


def served_root(named: Path | None, *inputs: Path) -> Path:
    """The workspace that a command reads: the one named, else the one here or above, else what is shipped.

    Where nobody named one it says that the shipped rules serve, and which file of `inputs` lies in a workspace of its own
    whose rules are not used: advice by rules that one did not edit looks like any other.
    """
    if named is not None:
        return named
    here = enclosing_root(Path.cwd())
    if here is None:
        say(f"The shipped rules serve, as no workspace is here or above.{_unfinished(Path.cwd())}")
    for path in inputs:
        other = enclosing_root(path)
        if other is not None and other != (here or shipped_root().resolve()):
            say(f"{path} lies in the workspace {other}. Its rules are not used here; --workspace {other} uses them.")
    return here or shipped_root()


def own_root(named: Path | None) -> Path:
    """The workspace that a command writes into: never what the program itself ships. Raises Problems where there is none."""
    root = named or enclosing_root(Path.cwd())
    if root is None:
        message = "No workspace is here or above, and what the program ships is not changed."
        hint = f"{_MAKE[:1].upper()}{_MAKE[1:]}."
        raise Problems([Diagnostic("workspace.none", message, hint, Location(str(Path.cwd())))])
    return root


def _unfinished(start: Path) -> str:
    """A word on the nearest folder that looks like a workspace and is none."""
    for folder in (start, *start.parents):
        if (folder / "rules").is_dir() and (folder / "knowledge").is_dir():
            return f" {folder} looks like one and lacks knowledge/vocabulary/."
        if (folder / ".smartpick").is_dir():
            return f" {folder} was one, and lacks rules/ or knowledge/vocabulary/."
    return ""

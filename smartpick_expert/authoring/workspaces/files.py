"""What the system refuses when a workspace is written, told in a sentence; and folders that can be taken back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from smartpick_expert.diagnostics import Diagnostic, Location, Problems


def make_folder(folder: Path) -> tuple[Path, ...]:
    """Make a folder and those above it that are missing; which had to be made, the outermost first. Raises OSError."""
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        for one in missing:
            remove_empty(one)
        raise
    return tuple(reversed(missing))


def remove_empty(folder: Path) -> None:
    """Remove a folder that holds nothing; one that does stays."""
    with suppress(OSError):
        folder.rmdir()


@contextmanager
def told(place: Path, what: str) -> Iterator[None]:
    """Turn what the system refuses into Problems: `what` says what could not be done."""
    try:
        yield
    except OSError as error:
        message = f"{what}: {error.strerror or error}."
        hint = "Choose a folder in which you may write, with room for it."
        where = Location(str(error.filename or place))
        raise Problems([Diagnostic("workspace.unwritable", message, hint, where)]) from None

"""Writing many files into a workspace: each whole or not at all, and none before all could be written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from smartpick_expert.diagnostics import Diagnostic, Location, Problems


def write_all(root: Path, files: Mapping[str, bytes]) -> None:
    """Write files below a folder, by name; those in the way are replaced.

    Raises OSError, and has then replaced none unless the disk failed between two names.
    """
    with ExitStack() as undo:
        parts: list[tuple[Path, Path]] = []
        for name, data in files.items():
            place = root / name
            for folder in make_folder(place.parent):
                undo.callback(_remove_folder, folder)
            part = place.with_name(f".{place.name}.part")
            undo.callback(part.unlink, missing_ok=True)
            part.write_bytes(data)
            parts.append((part, place))
        for part, place in parts:
            part.replace(place)
        undo.pop_all()


def make_folder(folder: Path) -> tuple[Path, ...]:
    """Make a folder and those above it that are missing; which had to be made, the outermost first. Raises OSError."""
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        for one in missing:
            _remove_folder(one)
        raise
    return tuple(reversed(missing))


def _remove_folder(folder: Path) -> None:
    """Remove a folder that was made and is empty again."""
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

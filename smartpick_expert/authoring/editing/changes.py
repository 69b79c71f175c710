"""Changes of a workspace's files: shown before they are made, tried out beside, and made all together or not at all."""

from __future__ import annotations

import difflib
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from smartpick_expert.authoring.review import Checked, check
from smartpick_expert.diagnostics import Diagnostic, Location, Problems
from smartpick_expert.workspace import shipped_root
from smartpick_expert.writing import write_all

FOLDERS = ("rules", "knowledge", "reports")


@dataclass(frozen=True, slots=True)
class Change:
    """A file, by its path below the workspace, as it was (None: not there) and as it is to be."""

    path: str
    before: str | None
    after: str


def difference(changes: Iterable[Change]) -> str:
    """The changes as a unified diff."""
    return "".join(
        line if line.endswith("\n") else f"{line}\n"
        for change in changes
        for line in difflib.unified_diff(
            (change.before or "").splitlines(keepends=True),
            change.after.splitlines(keepends=True),
            change.path if change.before is not None else "/dev/null",
            change.path,
        )
    )


def make(root: Path, changes: Iterable[Change]) -> None:
    """Make the changes, all of them or none. Raises Problems where that cannot be done, or a file is no longer as it was."""
    files: dict[Path, bytes | None] = {}
    for change in changes:
        path = root / change.path
        held = path.read_bytes() if path.exists() else None
        if held != (change.before.encode() if change.before is not None else None):
            message = "The file was changed by somebody else meanwhile; nothing was written."
            raise Problems([Diagnostic("file.changed", message, "Try again.", Location(change.path))])
        files[path] = change.after.encode()
    try:
        write_all(files)
    except OSError as error:
        message = f"The workspace cannot be written: {error.strerror or error}. Nothing in it was changed."
        raise Problems(
            [Diagnostic("output.folder", message, "Check that you may write there.", Location(str(root)))]
        ) from None


@contextmanager
def tried(root: Path, changes: Iterable[Change]) -> Iterator[Path]:
    """A copy of the workspace, for as long as it is needed, in which the changes are made."""
    with tempfile.TemporaryDirectory(prefix="smartpick-") as place:
        copy = Path(place)
        for folder in FOLDERS:
            if (root / folder).is_dir():
                shutil.copytree(root / folder, copy / folder)
        write_all({copy / change.path: change.after.encode() for change in changes})
        yield copy


def findings_after(root: Path, changes: Iterable[Change], as_of: date) -> Checked:
    """What a check finds once the changes are made. Raises nothing."""
    with tried(root, changes) as copy:
        return check(copy, as_of)


def require_own(root: Path) -> None:
    """Refuse to edit what an installed package ships: the next release would write over it. Raises Problems."""
    if root.resolve() == shipped_root().resolve() and root.name == "shipped":
        message = (
            "These are the rules that come with the program; a new release would write over what you change in them."
        )
        hint = "Make a workspace of your own with 'smartpick init DIR', and work in there."
        raise Problems([Diagnostic("workspace.shipped", message, hint, Location(str(root)))])

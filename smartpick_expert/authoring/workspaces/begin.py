"""Making a workspace: a folder with everything an advisor edits, whole or not at all."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path

from smartpick_expert.audit.digests import digests
from smartpick_expert.authoring.workspaces.files import make_folder, remove_empty, told
from smartpick_expert.authoring.workspaces.origin import PLACE, Origin, origin_text
from smartpick_expert.authoring.workspaces.release import release_files, release_schemas
from smartpick_expert.diagnostics import Diagnostic, Location, Problems
from smartpick_expert.workspace import enclosing_root

_SHOWN = 3


def make_workspace(folder: Path) -> dict[str, bytes]:
    """Make a workspace of what this release ships; its files by path. Raises Problems, and has then made nothing.

    The folder is new, or holds nothing but hidden files.
    """
    with told(folder, "The workspace cannot be made"):
        _refuse(folder)
        files = release_files()
        origin = Origin(files=digests(files))
        _place(folder, {**files, **release_schemas(), PLACE: origin_text(origin).encode()})
    return files


def _refuse(folder: Path) -> None:
    """Refuse a folder in which something could be overwritten, or mistaken. Raises Problems."""
    above = enclosing_root(folder)
    place = Location(str(folder))
    if above is not None and above == folder.resolve():
        message = "This is a workspace already."
        hint = f"'smartpick init --upgrade {folder}' lays what a new release changes beside it."
        raise Problems([Diagnostic("workspace.exists", message, hint, place)])
    if above is not None:
        message = (
            f"This folder lies in another workspace, {above}, and whoever works there could take one for the other."
        )
        raise Problems([Diagnostic("workspace.inside", message, "Choose a folder outside it.", place)])
    if folder.exists() and not folder.is_dir():
        raise Problems([Diagnostic("workspace.exists", "There is a file of that name.", "Choose another name.", place)])
    there = sorted(path.name for path in folder.iterdir() if not path.name.startswith(".")) if folder.exists() else []
    if there:
        names = ", ".join(there[:_SHOWN]) + (" and more" if len(there) > _SHOWN else "")
        message = f"The folder is not empty ({names}), and nothing is ever written over."
        raise Problems([Diagnostic("workspace.exists", message, "Name a new folder, or an empty one.", place)])


def _place(folder: Path, files: dict[str, bytes]) -> None:
    """Write the files out of sight, then move them to their places; undo all of it where anything fails. Raises OSError."""
    with ExitStack() as undo:
        for made in make_folder(folder):
            undo.callback(remove_empty, made)
        stage = Path(tempfile.mkdtemp(dir=folder, prefix=".smartpick-unfinished-"))
        undo.callback(shutil.rmtree, stage, ignore_errors=True)
        for name, data in files.items():
            place = stage / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data)
        # The rules go last: without them the folder is no workspace, so nobody takes half of one for a whole.
        for entry in sorted(stage.iterdir(), key=lambda entry: (entry.name == "rules", entry.name)):
            target = folder / entry.name
            if target.exists():
                raise FileExistsError(17, "there is one already", str(target))
            entry.rename(target)
            undo.callback(_remove, target)
        stage.rmdir()
        undo.pop_all()


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)

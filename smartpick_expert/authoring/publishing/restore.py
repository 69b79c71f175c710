"""Going back: the files of a published version become the working state again, and what stood there is not lost.

All files are replaced or none; only a process that is killed between two of them leaves some of both. So a note says first
what is being restored. It stays then: nothing is published, and restoring the same version again finishes it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from smartpick_expert.audit.digests import digests
from smartpick_expert.audit.versions import FOLDER, KEPT, Version, files_of_version, numbers_in, read_version
from smartpick_expert.authoring.publishing.files import is_version, own_workspace, working_files
from smartpick_expert.authoring.workspaces.files import told
from smartpick_expert.diagnostics import Diagnostic, Location, Problems
from smartpick_expert.writing import write_all

NOTE: Final = ".smartpick/restoring.json"
BACKUPS: Final = "backups"
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restoration did: files written and taken out, and where unpublished changes were kept (empty: there were none)."""

    version: Version
    written: tuple[str, ...]
    removed: tuple[str, ...]
    backup: str = ""


def restore(root: Path, number: int, *, force: bool = False) -> Restored:
    """Put back the files of a version. Raises Problems where unpublished changes would be lost, unless `force` keeps them beside.

    Everything is checked by hash before a file is touched.
    """
    own_workspace(root)
    version = read_version(root, number)
    files = files_of_version(version)
    now = working_files(root)
    unfinished = interrupted(root)
    lost = () if _is_published(root, now) else _differing(now, files)
    # Half of one version and half of another is nothing that anybody wrote; it is kept all the same, in case of edits since.
    if lost and not force and unfinished is None:
        raise Problems([_would_be_lost(number, lost)])
    backup = ""
    if lost:
        with told(root, "What is there cannot be kept beside, so nothing was changed"):
            backup = _keep(root, now)
    written = tuple(name for name in sorted(files) if now.get(name) != files[name])
    removed = tuple(name for name in sorted(now) if name not in files)
    if written or removed or unfinished is not None:
        with told(root, "The version cannot be restored, and nothing was changed"), _noted(root, number, unfinished):
            write_all({root / name: files.get(name) for name in (*written, *removed)})
            _remove_empty(root, removed)
    return Restored(version, written, removed, backup)


@contextmanager
def _noted(root: Path, number: int, unfinished: int | None) -> Iterator[None]:
    """Say what is being restored while it is. Where it fails everything is as it was, and so is what was said before."""
    note = root / NOTE
    write_all({note: json.dumps({"version": number}).encode()})
    try:
        yield
    except OSError:
        if unfinished is None:
            note.unlink(missing_ok=True)
        raise
    note.unlink(missing_ok=True)


def interrupted(root: Path) -> int | None:
    """The version that was being restored when the process was stopped; None where none was. 0: it cannot be told which."""
    path = root / NOTE
    if not path.exists():
        return None
    with suppress(OSError, ValueError, TypeError, KeyError):
        return int(json.loads(path.read_bytes())["version"])
    return 0


def refuse_interrupted(root: Path) -> None:
    """Raises Problems where a restoration was interrupted: the files are then of two versions."""
    number = interrupted(root)
    if number is None:
        return
    message = "Restoring a version was interrupted, so the files here are of two versions."
    hint = f"Finish it with 'smartpick rules restore {number or 'VERSION'}'."
    raise Problems([Diagnostic("version.restoring", message, hint, Location(NOTE))])


def _is_published(root: Path, now: Mapping[str, bytes]) -> bool:
    """Whether the files are those of some version, all of them, so that nothing would be lost with them."""
    found = digests(now)
    for number in numbers_in(root):
        # A damaged version keeps nothing.
        with suppress(Problems):
            version = read_version(root, number)
            if version.manifest.files == found and is_version(files_of_version(version), version):
                return True
    return False


def _differing(now: Mapping[str, bytes], files: Mapping[str, bytes]) -> tuple[str, ...]:
    return tuple(name for name in sorted({*now, *files}) if now.get(name) != files.get(name))


def _would_be_lost(number: int, names: tuple[str, ...]) -> Diagnostic:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return Diagnostic(
        "version.unpublished",
        f"There are changes here that were never published, and version {number} would take their place: "
        f"{', '.join(names[:_SHOWN])}{more}.",
        "Publish them first, or use --force, which keeps the files as they are in a folder beside.",
        Location("rules/"),
    )


def _keep(root: Path, now: Mapping[str, bytes]) -> str:
    """Keep the files in a folder of their own; its path in the workspace."""
    stem = f"{datetime.now(UTC):%Y%m%d-%H%M%S}"
    names = (stem, *(f"{stem}-{number}" for number in range(2, 1_000)))
    free = next(name for name in names if not (root / FOLDER / BACKUPS / name).exists())
    backup = f"{FOLDER}/{BACKUPS}/{free}"
    write_all({root / backup / name: data for name, data in now.items()})
    return backup


def _remove_empty(root: Path, removed: tuple[str, ...]) -> None:
    """Remove the folders that hold nothing any more, up to the three that a workspace has."""
    for name in removed:
        for folder in (root / name).parents:
            if folder == root or folder.relative_to(root).as_posix() in KEPT:
                break
            with suppress(OSError):
                folder.rmdir()

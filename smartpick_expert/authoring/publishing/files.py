"""The files of a workspace that a version holds: all of `rules/`, `knowledge/` and `reports/`, byte for byte."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

from smartpick_expert.audit.digests import digests
from smartpick_expert.audit.versions import FOLDER, KEPT, Version
from smartpick_expert.authoring.workspaces.release import is_left_over
from smartpick_expert.diagnostics import Diagnostic, Location, Problems
from smartpick_expert.workspace import shipped_root

# Every file in a version's zip bears this day: a zip has to name one, and equal contents make equal bytes.
_DAY = (1980, 1, 1, 0, 0, 0)


def working_files(root: Path) -> dict[str, bytes]:
    """Every file of a workspace that a version holds, by path. What an editor or an upgrade left lying there is no part of it.

    Raises Problems for one that cannot be read.
    """
    found: dict[str, bytes] = {}
    for folder in KEPT:
        for path in sorted((root / folder).rglob("*")):
            name = path.relative_to(root)
            if is_left_over(name) or not path.is_file():
                continue
            try:
                found[name.as_posix()] = path.read_bytes()
            except OSError as error:
                message = f"This file cannot be read: {error.strerror or error}."
                hint = "Check that you may read it, or take it out of the folder."
                place = Location(name.as_posix())
                raise Problems([Diagnostic("file.unreadable", message, hint, place)]) from None
    return found


def is_version(files: Mapping[str, bytes], version: Version) -> bool:
    """Whether these are the files of a version, every one."""
    return digests(files) == version.manifest.files


def zipped(files: Mapping[str, bytes]) -> bytes:
    """The files as one zip."""
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted(files.items()):
            entry = zipfile.ZipInfo(name, _DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data)
    return stream.getvalue()


def own_workspace(root: Path) -> None:
    """Raises Problems where the workspace is the one that the program ships: nobody publishes into that."""
    if root.resolve() == shipped_root().resolve():
        message = "These are the rules that the program ships; versions are published in a workspace of your own."
        hint = "Make one with 'smartpick init DIR', and run this in it."
        raise Problems([Diagnostic("version.shipped", message, hint, Location(f"{FOLDER}/"))])

"""Several files written to the disk together: all of them, or none.

Purpose: nothing of ours leaves a folder half changed. Every text is on the disk beside its place before the first file is
touched; should putting one in place fail, those already put there become what they were.
"""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from errno import EISDIR
from pathlib import Path

_READABLE = 0o666


def write_all(
    files: Mapping[Path, bytes | None], *, private: bool = False, before: Callable[[], None] | None = None
) -> None:
    """Write files with what they are to hold, None for one that is to go. Folders that lack are made.

    A file that is there keeps its permissions, and a new one is readable as new files are; where `private`, each is
    readable by its owner alone. `before` is called when everything is on the disk and nothing is in its place yet; what it raises stops
    everything. Raises OSError, with every file as it was before.
    """
    with _staged({path.resolve(): data for path, data in files.items()}, private=private) as parts:
        if before is not None:
            before()
        _put_in_place(parts)


@contextmanager
def _staged(files: Mapping[Path, bytes | None], *, private: bool) -> Iterator[dict[Path, Path | None]]:
    parts: dict[Path, Path | None] = {}
    made: list[Path] = []
    try:
        for path, data in files.items():
            if path.is_dir():
                raise IsADirectoryError(EISDIR, f"a folder stands where {path.name} is to be")
            if data is None:
                parts[path] = None
                continue
            made += [folder for folder in path.parents if not folder.exists()]
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
            parts[path] = Path(name)
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
            if private:
                continue
            if path.exists():
                Path(name).chmod(stat.S_IMODE(path.stat().st_mode))
            else:
                Path(name).chmod(_READABLE & ~_umask())
        yield parts
    finally:
        # Whatever was not put in place goes, on an interruption too: nothing stays half-written.
        for part in parts.values():
            if part is not None:
                part.unlink(missing_ok=True)
        for folder in sorted(made, reverse=True):
            # Folders made for files that are there now are not empty, and stay.
            with suppress(OSError):
                folder.rmdir()


def _put_in_place(parts: Mapping[Path, Path | None]) -> None:
    earlier = {path: path.read_bytes() if path.exists() else None for path in parts}
    done: list[Path] = []
    try:
        for path, part in parts.items():
            done.append(path)
            if part is None:
                path.unlink(missing_ok=True)
            else:
                part.replace(path)
    except BaseException:
        for path in done:
            before = earlier[path]
            if before is None:
                path.unlink(missing_ok=True)
            elif not path.exists() or path.read_bytes() != before:
                path.write_bytes(before)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask

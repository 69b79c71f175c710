"""Noticing that files of a workspace changed, by looking at their times now and then.

Looking costs a few milliseconds and works wherever files do, on a shared drive too, where systems that tell of changes
do not. What is half saved is waited for: a change is told once two looks in a row see the same.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from smartpick_expert.audit.settings import NAME as SETTINGS
from smartpick_expert.report.house import NAME as HOUSE
from smartpick_expert.workspace import NOTES

PAUSE: Final = 0.4
_FOLDERS: Final = ("rules", "knowledge", "reports")
# When a file was changed, how large it is, and which one it is: editors save by putting another in its place.
_Look = dict[str, tuple[int, int, int]]


def changes(root: Path, sleep: Callable[[float], None] = time.sleep) -> Iterator[tuple[str, ...]]:
    """The names of the files that changed, each time some did, without end; the first time at once, and of none.

    What changes while the caller is busy with one change is told next.
    """
    seen = _look(root)
    yield ()
    while True:
        sleep(PAUSE)
        now = _look(root)
        if now == seen:
            continue
        before = None
        while before != now:
            sleep(PAUSE)
            before, now = now, _look(root)
        changed = sorted(name for name, _ in seen.items() ^ now.items())
        seen = now
        if changed:
            yield tuple(dict.fromkeys(changed))


def _look(root: Path) -> _Look:
    """Every file that is not hidden, by name; what vanishes while it is looked at is not there."""
    found: _Look = {}
    for folder in _FOLDERS:
        for above, folders, files in os.walk(root / folder):
            folders[:] = [name for name in folders if not name.startswith(".")]
            for name in files:
                if not name.startswith("."):
                    _note(Path(above, name), root, found)
    for name in (SETTINGS, HOUSE, NOTES):
        _note(root / name, root, found)
    return found


def _note(path: Path, root: Path, found: _Look) -> None:
    with suppress(OSError):
        state = path.stat()
        found[path.relative_to(root).as_posix()] = (state.st_mtime_ns, state.st_size, state.st_ino)

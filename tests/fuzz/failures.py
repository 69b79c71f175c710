"""What went wrong: told apart by exception and place, made small, and kept as a regression with its bytes as they are."""

from __future__ import annotations

import json
import re
import signal
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from time import monotonic
from types import FrameType
from typing import Final

from tests.fuzz.inputs import Input
from tests.fuzz.properties import Broken
from tests.fuzz.trials import Outcome, run

KEPT: Final = Path(__file__).parent.parent / "regressions" / "fuzz"
INDEX: Final = KEPT / "index.json"
# Processor time that one input may take, in seconds; the slowest sound ones take one.
LIMIT: Final = 10
_PACKAGE: Final = "smartpick_expert"


class TookTooLong(BaseException):
    """An input used up its time; no `except Exception` may catch this."""


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Stop what is inside after so much processor time, where the system can. What a C library does is stopped when it returns."""
    if not hasattr(signal, "SIGPROF"):
        yield
        return

    def stop(_: int, frame: FrameType | None) -> None:
        raise TookTooLong

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def tried(one: Input, seconds: float = LIMIT) -> tuple[Outcome, str]:
    """What became of an input, and the key of its failure; the key is empty where there is none."""
    try:
        with limited(seconds):
            return run(one), ""
    except TookTooLong as late:
        return Outcome(), f"takes too long in {_where(late, deepest=False)}"
    except Broken as broken:
        # What differs between two cases of one fault (a line, a path) is no part of its key.
        return Outcome(), re.sub(r", (at line \d+|'.*')", "", str(broken))
    except Exception as error:  # noqa: BLE001 - whatever escapes is what is looked for
        return Outcome(), f"{type(error).__name__} in {_where(error)}"


def _where(error: BaseException, *, deepest: bool = True) -> str:
    """The innermost place of ours (for what takes too long: the outermost) that an exception came through."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if f"/{_PACKAGE}/" in frame.filename]
    if not frames:
        frames = traceback.extract_tb(error.__traceback__)[-1:]
    frame = frames[-1 if deepest else 0]
    return f"{Path(frame.filename).stem}.{frame.name}"


def smallest(one: Input, fails: Callable[[Input], bool], seconds: float = 20) -> Input:
    """The input with all that can be left out left out: lines first, then ever smaller pieces of the bytes."""
    end = monotonic() + seconds
    for pieces in (
        lambda data: data.splitlines(keepends=True),
        lambda data: [data[i : i + 1] for i in range(len(data))],
    ):
        parts = pieces(one.data)
        size = max(1, len(parts) // 2)
        while size and parts:
            start = 0
            while start < len(parts) and monotonic() < end:
                fewer = parts[:start] + parts[start + size :]
                shorter = replace(one, data=b"".join(fewer))
                if fails(shorter):
                    parts, one = fewer, shorter
                else:
                    start += size
            size //= 2
    return one


def keep(one: Input, key: str) -> Path:
    """Write an input into the kept ones, with what was wrong with it in the index."""
    KEPT.mkdir(parents=True, exist_ok=True)
    path = KEPT / f"{one.sort}-{sha256(one.data).hexdigest()[:10]}.yaml"
    path.write_bytes(one.data)
    index = kept_index()
    index.setdefault(path.name, {"sort": one.sort, "path": one.path, "deep": one.deep, "was": key})
    INDEX.write_text(json.dumps(index, indent=2, ensure_ascii=False, sort_keys=True) + "\n", "utf-8")
    return path


def kept_index() -> dict[str, dict[str, object]]:
    """What is kept: by file name, what sort of file it is, where it stood, and what was wrong."""
    return json.loads(INDEX.read_text("utf-8")) if INDEX.is_file() else {}


def kept_input(name: str) -> Input:
    """A kept input."""
    entry = kept_index()[name]
    data = (KEPT / name).read_bytes()
    return Input("kept", "kept", str(entry["sort"]), str(entry["path"]), data, bool(entry["deep"]))

"""What a workspace was made from, kept in it: so that an upgrade can tell an advisor's change from ours."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import msgspec

from smartpick_expert.audit.inputs import is_inside
from smartpick_expert.diagnostics import Diagnostic, Location, Problems
from smartpick_expert.language.source import read_text
from smartpick_expert.language.values import shorten
from smartpick_expert.version import VERSION

PLACE: Final = ".smartpick/shipped.json"
_FORMAT: Final = "smartpick-shipped-1"


@dataclass(frozen=True, slots=True)
class Origin:
    """The hash of each file as it was shipped when the workspace last took it over or declined it.

    `offered` are the hashes of what the last upgrade laid beside; once that is gone, the advisor has dealt with it.
    """

    program: str = VERSION
    files: Mapping[str, str] = field(default_factory=dict)
    offered: Mapping[str, str] = field(default_factory=dict)


class _Kept(msgspec.Struct):
    format: str
    program: str
    files: dict[str, str]
    offered: dict[str, str] = {}


def origin_text(origin: Origin) -> str:
    """What is written to `PLACE`."""
    kept = {"format": _FORMAT, "program": origin.program, "files": dict(origin.files), "offered": dict(origin.offered)}
    return json.dumps(kept, indent=1, sort_keys=True) + "\n"


def read_origin(root: Path) -> Origin | None:
    """What a workspace was made from; None where nothing says so. Raises Problems where what says so cannot be read."""
    path = root / PLACE
    if not path.exists():
        return None
    try:
        kept = msgspec.json.decode(read_text(path, PLACE), type=_Kept)
    except msgspec.MsgspecError as error:
        raise Problems([_unreadable(f"this is not what was written there: {error}")]) from None
    if kept.format != _FORMAT:
        raise Problems([_unreadable(f"it is in the format {kept.format!r}, and this program reads {_FORMAT!r}")])
    strange = next((name for name in (*kept.files, *kept.offered) if not is_inside(name)), None)
    if strange is not None:
        raise Problems([_unreadable(f"{shorten(strange)!r} is no file of a workspace")])
    return Origin(kept.program, kept.files, kept.offered)


def _unreadable(why: str) -> Diagnostic:
    return Diagnostic(
        "workspace.origin",
        f"What this workspace was made from cannot be read: {why}.",
        "Bring the file back from a copy; or delete it, and whatever differs is then listed as if either had changed it.",
        Location(PLACE),
    )

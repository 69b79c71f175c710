"""Which program made an advice: beside its version a fingerprint of its source, since a changed program may keep its version."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from smartpick_expert.audit.digests import combined, text_digest

_PACKAGE = Path(__file__).parent.parent
# No advice can depend on them: they come last in the pipeline.
_AFTER = ("authoring", "cli", "shipped")


@cache
def source_fingerprint() -> str:
    """One hash for the source files from which an advice can come. Empty where the program has none with it."""
    found = {
        name: text_digest(path.read_text(encoding="utf-8"))
        for path in _PACKAGE.rglob("*.py")
        if (name := path.relative_to(_PACKAGE).as_posix()).partition("/")[0] not in _AFTER
    }
    return combined(found) if found else ""

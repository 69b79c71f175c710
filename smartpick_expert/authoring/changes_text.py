"""What differs between two workspaces, in words."""

from __future__ import annotations

from collections.abc import Iterator

from smartpick_expert.audit.versions import Changes, MovedValue, Things
from smartpick_expert.authoring.changes import PARAMETERS

# So many names are listed; who wants them all has the JSON, the manifest, or the files themselves.
_LISTED = 8
_VALUES = 20
_ONE = {"evidence": "entry of the evidence", "cases and examples": "file of cases or examples"}


def change_lines(changes: Changes) -> list[str]:
    """A line for each parameter that moved, and for each kind of thing that was added, removed or changed."""
    return list(_lines(changes))


def _lines(changes: Changes) -> Iterator[str]:
    told = {one.name for one in changes.values}
    yield from (moved_text(one) for one in changes.values[:_VALUES])
    if len(changes.values) > _VALUES:
        yield f"and {len(changes.values) - _VALUES} more numbers"
    for things in changes.things:
        yield from _of_kind(things, told if things.kind == PARAMETERS else set())


def moved_text(moved: MovedValue) -> str:
    """A parameter's old and new value: `letters.track_record: 2 → 3 (from 2026-01-01)`."""
    return f"{moved.name}: {moved.before or 'no value'} → {moved.after or 'no value'} ({moved.when})"


def _of_kind(things: Things, told: set[str]) -> Iterator[str]:
    one = _ONE.get(things.kind, things.kind.removesuffix("s"))
    renamed = tuple(f"{then} → {now}" for then, now in things.renamed)
    for did, names in (
        ("added", things.added),
        ("removed", things.removed),
        ("renamed", renamed),
        ("changed", things.changed),
    ):
        shown = [name for name in names if name not in told]
        if shown:
            more = f", and {len(shown) - _LISTED} more" if len(shown) > _LISTED else ""
            what = one if len(shown) == 1 else f"{len(shown)} {_several(things.kind)}"
            yield f"{what} {did}: {', '.join(shown[:_LISTED])}{more}"


def _several(kind: str) -> str:
    return {"evidence": "entries of the evidence", "cases and examples": "files of cases or examples"}.get(kind, kind)

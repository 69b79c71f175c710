"""A workspace beside a later release: what differs, who changed it, and what the release has, laid beside.

An advisor's own file is never written over. What the release has goes into a file beside it whose name ends in `.new`,
which no reader of rules looks at; when it is deleted, the advisor has dealt with it. On request files that nobody touched
are replaced, new ones put in place, and untouched ones that are shipped no more set aside as `.old`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from smartpick_expert.audit.digests import digests, text_digest
from smartpick_expert.authoring.schemas.files import FOLDER as SCHEMAS
from smartpick_expert.authoring.schemas.writing import write_schemas
from smartpick_expert.authoring.workspaces.files import told
from smartpick_expert.authoring.workspaces.origin import PLACE, Origin, origin_text, read_origin
from smartpick_expert.authoring.workspaces.release import NEW, OLD, release_files
from smartpick_expert.version import VERSION
from smartpick_expert.workspace import read_workspace
from smartpick_expert.writing import write_all


class State(StrEnum):
    """How a file of a workspace stands to the release; what takes the most thought comes first."""

    BOTH = "you changed it, and so does this release"
    UNTOLD = "it differs, and nothing says who changed it"
    DELETED = "you deleted it, and this release changes it"
    OURS = "this release changes it, and you did not"
    ADDED = "new in this release"
    DROPPED = "no longer shipped"
    YOURS = "you changed it"
    REMOVED = "you deleted it"


class Done(StrEnum):
    """What an upgrade did with a file that differs."""

    NOTHING = "left as it is"
    BESIDE = "laid beside"
    WAITING = "lies beside already"
    KEPT = "not laid beside: the file of that name is yours"
    TAKEN = "taken over"
    ASIDE = "set aside"


# What the release has to offer; of the rest there is nothing to lay beside.
_OFFERED = (State.OURS, State.BOTH, State.UNTOLD, State.ADDED, State.DELETED)
UNTOUCHED = (State.OURS, State.ADDED)


@dataclass(frozen=True, slots=True)
class Difference:
    """A file that differs, and what was done: `beside` is where the release's lies, or where one set aside went."""

    path: str
    state: State
    done: Done
    beside: str = ""


@dataclass(frozen=True, slots=True)
class Upgrade:
    """What differs between a workspace and this release, by path. `made_from` is empty where nothing says what it was."""

    root: Path
    made_from: str
    differences: tuple[Difference, ...]


def upgrade(root: Path, *, take: bool = False) -> Upgrade:
    """Compare a workspace with this release and lay beside what is new. Raises Problems; then nothing was replaced.

    With `take` what nobody touched is replaced. Running it twice changes nothing the second time.
    """
    with told(root, "The upgrade cannot be written"):
        found = _Upgrading(root, read_origin(root), release_files(), take=take).run()
    workspace, _ = read_workspace(root)
    if workspace is not None:
        # The program may say more in them than the last release did.
        write_schemas(workspace, root / SCHEMAS)
    return found


class _Upgrading:
    def __init__(self, root: Path, origin: Origin | None, release: Mapping[str, bytes], *, take: bool) -> None:
        self.root = root
        self.origin = origin
        self.release = release
        self.ours = digests(release)
        self.take = take
        known = origin or Origin()
        self.offered = known.offered
        dealt_with = {
            path: offered
            for path, offered in known.offered.items()
            if offered == self.ours.get(path) and not self._beside(path).exists()
        }
        self.base = {**known.files, **dealt_with}

    def run(self) -> Upgrade:
        found = tuple(self._differences())
        written = {one.path: self.release[one.path] for one in found if one.done is Done.TAKEN}
        written |= {one.beside: self.release[one.path] for one in found if one.done is Done.BESIDE}
        origin = origin_text(self._origin(found)).encode()
        if self._hash(self.root / PLACE) != text_digest(origin):
            written[PLACE] = origin
        changes: dict[Path, bytes | None] = {self.root / path: data for path, data in written.items()}
        for one in found:
            if one.done is Done.ASIDE:
                changes[self.root / one.beside] = (self.root / one.path).read_bytes()
                changes[self.root / one.path] = None
            elif one.done is Done.TAKEN and self._hash(self._beside(one.path)) == self.ours[one.path]:
                changes[self._beside(one.path)] = None
        write_all(changes)
        return Upgrade(self.root, self.origin.program if self.origin is not None else "", found)

    def _differences(self) -> Iterator[Difference]:
        for path in sorted({*self.release, *self.base}):
            state = self._state(path)
            if state is not None:
                yield self._done(path, state)

    def _state(self, path: str) -> State | None:
        base, ours, theirs = self.base.get(path), self.ours.get(path), self._hash(self.root / path)
        if theirs == ours:
            return None
        if ours is None:
            return State.DROPPED
        if theirs is None:
            return State.ADDED if base is None else State.REMOVED if base == ours else State.DELETED
        if base is None:
            return State.UNTOLD if self.origin is None else State.BOTH
        if theirs == base:
            return State.OURS
        return State.YOURS if base == ours else State.BOTH

    def _done(self, path: str, state: State) -> Difference:
        if self.take and state in UNTOUCHED:
            return Difference(path, state, Done.TAKEN)
        if self.take and state is State.DROPPED and self._hash(self.root / path) == self.base.get(path):
            return Difference(path, state, Done.ASIDE, self._free(path))
        if state not in _OFFERED:
            return Difference(path, state, Done.NOTHING)
        beside = f"{path}{NEW}"
        there = self._hash(self.root / beside)
        if there == self.ours[path]:
            return Difference(path, state, Done.WAITING, beside)
        # What an earlier upgrade laid there may go; what was edited since, or comes from elsewhere, may not.
        replaceable = there in (None, self.offered.get(path))
        return Difference(path, state, Done.BESIDE if replaceable else Done.KEPT, beside)

    def _origin(self, found: tuple[Difference, ...]) -> Origin:
        """What the next upgrade is told."""
        differing = {one.path: one for one in found}
        files: dict[str, str] = {}
        for path in sorted({*self.release, *self.base}):
            one = differing.get(path)
            known = self.ours.get(path) if one is None or one.done is Done.TAKEN else self.base.get(path)
            if known is not None and (one is None or one.done is not Done.ASIDE):
                files[path] = known
        offered = {one.path: self.ours[one.path] for one in found if one.done in (Done.BESIDE, Done.WAITING)}
        # Whose file was made like ours, or is another's now, may still lie beside; the next upgrade may replace what we laid there.
        kept = {path: offered for path, offered in self.offered.items() if self._beside(path).exists()}
        return Origin(VERSION, files, {**kept, **offered})

    def _beside(self, path: str) -> Path:
        return self.root / f"{path}{NEW}"

    def _free(self, path: str) -> str:
        """A name to set a file aside under, which nothing has yet."""
        names = (f"{path}{OLD}", *(f"{path}.{number}{OLD}" for number in range(2, 1_000)))
        return next(name for name in names if not (self.root / name).exists())

    def _hash(self, path: Path) -> str | None:
        """The hash of a file; None where there is none."""
        return text_digest(path.read_bytes()) if path.is_file() else None

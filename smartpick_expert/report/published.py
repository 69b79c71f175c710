"""Which published version of a workspace an advice was made by: data for documents and for the record."""

from __future__ import annotations

from dataclasses import dataclass

from smartpick_expert.knowledge.phrases import said


@dataclass(frozen=True, slots=True)
class Published:
    """The published version of the workspace's rules that an advice was made by: its number, and the hash of its manifest.

    `changed` says that the files had unpublished changes since that version.
    """

    version: int
    sha256: str
    changed: bool

    @property
    def words(self) -> str:
        """By what, in words: `by version 3 of the workspace's rules and knowledge (sha256 ...)`."""
        return said("by_changed_version" if self.changed else "by_version", version=self.version, sha256=self.sha256)

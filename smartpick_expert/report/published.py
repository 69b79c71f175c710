"""Which published version of a workspace an advice was made by: data for documents and for the record."""

from __future__ import annotations

from dataclasses import dataclass


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
        published = f"by version {self.version} of the workspace's rules and knowledge"
        changed = f"by rules and knowledge with unpublished changes since version {self.version}"
        return f"{changed if self.changed else published} (sha256 {self.sha256})"

"""The parts of one schema that are used more than once, each kept once under a name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from smartpick_expert.authoring.schemas.scalars import Schema

# The dialect that editors know best.
DIALECT: Final = "http://json-schema.org/draft-07/schema#"


class Definitions:
    """Parts by name; equal parts share one."""

    def __init__(self) -> None:
        self.parts: dict[str, Schema] = {}
        self._names: dict[str, str] = {}

    def ref(self, name: str, schema: Schema) -> Schema:
        """A reference to a part, kept under this name unless an equal one is kept already."""
        kept = self._names.setdefault(repr(schema), name)
        self.parts[kept] = schema
        return _pointer(kept)

    def later(self, name: str) -> Schema:
        """A reference to a part that is kept under this name later, as parts that hold themselves need."""
        return _pointer(name)

    def document(self, title: str, description: str, schema: Mapping[str, object]) -> Schema:
        """The whole schema of a file."""
        parts = {"definitions": self.parts} if self.parts else {}
        return {"$schema": DIALECT, "title": title, "description": description, **schema, **parts}


def _pointer(name: str) -> Schema:
    return {"$ref": f"#/definitions/{name}"}

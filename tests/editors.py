"""A file as an editor reads it: plain scalars resolved by the core schema of YAML 1.2, unlike our reader, which keeps their texts."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from jsonschema import Draft7Validator
from jsonschema.protocols import Validator
from referencing import Registry, Resource

from smartpick_expert.authoring.schemas.files import schema_files
from smartpick_expert.language.source import Mapping, Node, Scalar, Sequence, parse, parse_as, read_text
from smartpick_expert.workspace import Workspace

_CORE: list[tuple[re.Pattern[str], Any]] = [
    (re.compile(r"~|null|Null|NULL|"), lambda _: None),
    (re.compile(r"true|True|TRUE"), lambda _: True),
    (re.compile(r"false|False|FALSE"), lambda _: False),
    (re.compile(r"[-+]?[0-9]+"), int),
    (re.compile(r"0o[0-7]+"), lambda text: int(text, 0)),
    (re.compile(r"0x[0-9a-fA-F]+"), lambda text: int(text, 0)),
    (re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?"), float),
]


def as_read(node: Node) -> Any:
    """A node as JSON holds it."""
    if isinstance(node, Mapping):
        return {key.text: as_read(value) for key, value in node.pairs}
    if isinstance(node, Sequence):
        return [as_read(item) for item in node.items]
    return node.text if node.quoted else _plain(node)


def _plain(node: Scalar) -> Any:
    return next((read(node.text) for form, read in _CORE if form.fullmatch(node.text)), node.text)


def text_as_read(text: str) -> Any:
    """A text of YAML as JSON holds it. Raises Problems for what our reader refuses in form."""
    return as_read(parse(text, "text.yaml"))


def file_as_read(path: Path) -> Any:
    """A file as JSON holds it. Raises Problems for what our reader refuses in form."""
    return as_read(parse_as(read_text(path, path.name), path.name, path.suffix))


class Schemas:
    """The schemas of a workspace, ready to be asked."""

    def __init__(self, workspace: Workspace) -> None:
        self.schemas = {name.partition(".")[0]: json.loads(text) for name, text in schema_files(workspace).items()}
        registry: Registry[Any] = Registry().with_resources(
            (f"{name}.schema.json", Resource.from_contents(schema)) for name, schema in self.schemas.items()
        )
        self.validators: dict[str, Validator] = {
            name: Draft7Validator(schema, registry=registry) for name, schema in self.schemas.items()
        }

    def check_form(self, name: str) -> None:
        """Raise where a schema is none itself."""
        Draft7Validator.check_schema(self.schemas[name])

    def faults(self, name: str, document: Any) -> list[str]:
        """What a schema finds wrong with a document: where, and what."""
        found = self.validators[name].iter_errors(document)
        return sorted(f"{'/'.join(map(str, one.absolute_path))}: {one.message[:300]}" for one in found)

    def accepts(self, name: str, document: Any) -> bool:
        return self.validators[name].is_valid(document)

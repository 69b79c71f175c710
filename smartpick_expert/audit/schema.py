"""The schema of the audit record, made from its types: `python -m smartpick_expert.audit.schema` prints docs/record-1.schema.json."""

from __future__ import annotations

import inspect
import json
import sys
from typing import Any

import msgspec

from smartpick_expert.audit import record
from smartpick_expert.audit.record import FORMAT, Record
from smartpick_expert.explain import trace
from smartpick_expert.report import entered, published, view_model

_DESCRIBED = (record, trace, view_model, entered, published)
_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def record_schema() -> dict[str, Any]:
    """The JSON Schema of a record, each part with the words of its type. Members that it does not name are not refused."""
    schema = msgspec.json.schema(Record)
    parts = schema["$defs"]
    for name, part in parts.items():
        described = next((found for where in _DESCRIBED if (found := getattr(where, name, None)) is not None), None)
        part["description"] = inspect.getdoc(described) or ""
    parts["Record"]["properties"]["format"] = {"const": FORMAT}
    return {"$schema": _DIALECT, "title": f"The audit record, {FORMAT}", **schema}


def schema_text() -> str:
    """The schema as its file holds it."""
    return json.dumps(record_schema(), indent=2, sort_keys=True, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.stdout.write(schema_text())

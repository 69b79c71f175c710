"""Values of the view as data that JSON holds."""

from __future__ import annotations

from dataclasses import is_dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from smartpick_expert.diagnostics import Location
from smartpick_expert.language.values import plain
from smartpick_expert.report.statements import Statement


def plain_data(value: Any) -> object:
    """A value as mappings, lists, texts and numbers; a statement as its id."""
    if isinstance(value, Statement):
        return value.id
    if isinstance(value, Location):
        return str(value)
    if isinstance(value, Decimal | date):
        return plain(value)
    if isinstance(value, dict):
        return {str(key): plain_data(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [plain_data(item) for item in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {name: plain_data(getattr(value, name)) for name in value.__dataclass_fields__}
    return value

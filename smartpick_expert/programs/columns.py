"""The columns of a catalogue's table: for each field of a program its value, its source, and the day it was verified.

`step2_floor`, `step2_floor_source`, `step2_floor_verified`. The last two may be left out, of a cell or altogether: then what the
file beside the table says of the whole catalogue holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from smartpick_expert.language.vocabulary import FactType

ID: Final = "id"
# What the catalogue as a whole says, and no cell: whether its programs are invented.
NOT_COLUMNS: Final = ("kind",)


class Says(StrEnum):
    """What a column holds of its field. The words are the endings of the columns' names."""

    VALUE = ""
    SOURCE = "_source"
    VERIFIED = "_verified"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the field it is about, and what it holds of it."""

    field: str
    says: Says

    @property
    def name(self) -> str:
        """The name at the head of the column."""
        return f"{self.field}{self.says}"


def columns_of(fact_type: FactType) -> dict[str, Column]:
    """Every column that a catalogue may have, by name, in the order of the vocabulary."""
    fields = [name for name in fact_type.fields if name not in NOT_COLUMNS]
    found = [Column(name, says) for name in fields for says in Says if name != ID or says is Says.VALUE]
    return {column.name: column for column in found}

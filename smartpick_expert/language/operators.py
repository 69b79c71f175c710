"""The one table of operators: name, what it compares, what it means, how the engine spells it, how people read it.

The meaning is three-valued. A test on an absent field, or against one, is no; on an unknown, or against one, it is
unknown. Only `known` and `unknown` look at the presence itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, IntEnum
from operator import contains, eq, ge, gt, le, lt, ne
from typing import Final

from smartpick_expert.language.values import ABSENT, UNKNOWN, Slot


class Truth(IntEnum):
    """Three-valued truth; `min` is and, `max` is or."""

    NO = 0
    UNKNOWN = 1
    YES = 2

    @classmethod
    def of(cls, answer: bool) -> Truth:  # noqa: FBT001 - the answer is the whole point
        """A two-valued answer as a three-valued one."""
        return cls.YES if answer else cls.NO


class Takes(Enum):
    """What an operator compares."""

    SAME = "a field with a value of its type"
    ORDER = "a number or a date with another"
    ONE_OF_LIST = "a field with the items of a list"
    LIST_FIELD = "a field that is a list with one item"
    PRESENCE = "nothing: it asks whether a value is known"


@dataclass(frozen=True, slots=True)
class Operator:
    """One operator. `holds` is its meaning on known values; `engine` is its spelling in durable-rules, if it has one.

    `operands` is how many it takes. `wording` is how a person reads it, `{0}` and `{1}` standing for the operands.
    """

    name: str
    takes: Takes
    operands: int
    holds: Callable[..., bool]
    wording: str
    engine: str = ""


# Values of one field are of one type, which the loader sees to; the comparisons may therefore be Python's own.
_TABLE: Final = (
    Operator("is", Takes.SAME, 1, eq, "is {0}", "$eq"),
    Operator("is_not", Takes.SAME, 1, ne, "is not {0}", "$neq"),
    Operator("in", Takes.ONE_OF_LIST, 1, lambda value, items: value in items, "is one of {0}"),
    Operator("not_in", Takes.ONE_OF_LIST, 1, lambda value, items: value not in items, "is none of {0}"),
    Operator("at_least", Takes.ORDER, 1, ge, "is at least {0}", "$gte"),
    Operator("at_most", Takes.ORDER, 1, le, "is at most {0}", "$lte"),
    Operator("above", Takes.ORDER, 1, gt, "is above {0}", "$gt"),
    Operator("below", Takes.ORDER, 1, lt, "is below {0}", "$lt"),
    Operator("between", Takes.ORDER, 2, lambda value, low, high: low <= value <= high, "is from {0} to {1}"),
    Operator("contains", Takes.LIST_FIELD, 1, contains, "contains {0}"),
    Operator("lacks", Takes.LIST_FIELD, 1, lambda items, item: item not in items, "lacks {0}"),
    Operator("known", Takes.PRESENCE, 0, lambda value: value is not None, "is known"),
    Operator("unknown", Takes.PRESENCE, 0, lambda value: value is None, "is unknown"),
)

OPERATORS: Final[dict[str, Operator]] = {operator.name: operator for operator in _TABLE}


def truth(operator: Operator, slot: Slot, operands: tuple[Slot, ...], *, settled: bool) -> Truth:
    """The truth of one test.

    `settled` says whether an unknown in this fact will stay one (a profile lists the fact and leaves the field out);
    for open and concluded facts it may yet turn out to be known.
    """
    if operator.takes is Takes.PRESENCE:
        return _presence(operator, slot, settled=settled)
    if slot is ABSENT or ABSENT in operands:
        return Truth.NO
    if slot is UNKNOWN:
        return Truth.UNKNOWN
    if UNKNOWN in operands:
        return _with_unknown_operand(operator, slot, operands)
    return Truth.of(operator.holds(slot, *operands))


def _presence(operator: Operator, slot: Slot, *, settled: bool) -> Truth:
    asks_unknown = operator.name == "unknown"
    if slot is ABSENT:
        return Truth.of(asks_unknown)
    if slot is UNKNOWN:
        return Truth.of(asks_unknown) if settled else Truth.UNKNOWN
    return Truth.of(not asks_unknown)


def _with_unknown_operand(operator: Operator, slot: Slot, operands: tuple[Slot, ...]) -> Truth:
    if operator.name == "between":
        low, high = operands
        is_below, is_above = OPERATORS["below"].holds, OPERATORS["above"].holds
        if (low is not UNKNOWN and is_below(slot, low)) or (high is not UNKNOWN and is_above(slot, high)):
            return Truth.NO
    return Truth.UNKNOWN

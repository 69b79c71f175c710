"""The words of CLIPS: values as symbols, operators as expressions, what a firing notes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Final

from smartpick_expert.language.model import Shifted, Tally, TallyKind, Test
from smartpick_expert.language.values import ABSENT, Slot, decimal_text

# A field that a fact is without, and a highest or lowest of nothing.
NOTHING: Final = "none"
NO_VALUE: Final = "void"
# Notes are joined piece by piece, since every addition copies the piece.
_PIECE: Final = 100
# What the notes of a run are gathered in; CLIPS empties it with every reset.
NOTES: Final = (
    "(defglobal ?*note* = (create$))",
    "(defglobal ?*notes* = (create$))",
    '(defglobal ?*text* = "")',
    '(deffunction end-piece () (bind ?*notes* (create$ ?*notes* (implode$ ?*note*) " ")) (bind ?*note* (create$)))',
    f"(deffunction note ($?items) (bind ?*note* (create$ ?*note* ?items)) (if (> (length$ ?*note*) {_PIECE}) then (end-piece)))",
    "(defrule hand-over (declare (salience -10000)) => (bind ?*text* (str-cat (expand$ ?*notes*) (implode$ ?*note*))))",
)
_COMPARISONS: Final = {"at_least": ">=", "at_most": "<=", "above": ">", "below": "<"}


class NotTranslatableError(ValueError):
    """A rule says what this translation has no words for."""


class Symbols:
    """Texts as CLIPS symbols: `s0`, `s1`, ... in the order in which they are met. Numbers, dates and booleans are CLIPS's own."""

    def __init__(self) -> None:
        self._of: dict[str, str] = {}
        self.texts: dict[str, str] = {}

    def text(self, text: str) -> str:
        """The symbol of a text."""
        symbol = self._of.get(text)
        if symbol is None:
            symbol = self._of[text] = f"s{len(self._of)}"
            self.texts[symbol] = text
        return symbol

    def literal(self, slot: Slot) -> str:
        """A value as CLIPS reads it; a list as its items."""
        if isinstance(slot, str):
            return self.text(slot)
        if isinstance(slot, bool):
            return "TRUE" if slot else "FALSE"
        if isinstance(slot, int):
            return str(slot)
        if isinstance(slot, Decimal):
            return decimal_text(slot)
        if isinstance(slot, date):
            return str(slot.toordinal())
        if isinstance(slot, tuple):
            return " ".join(map(self.literal, slot))
        if slot is ABSENT:
            return NOTHING
        raise NotTranslatableError("an unknown has no place in CLIPS")


def fold(tally: Tally, value: str) -> tuple[str, str, str]:
    """How a tally begins, what each fact does to it, what it gives."""
    if tally.kind is TallyKind.COUNT and not tally.of:
        return "0", "(bind ?n (+ ?n 1))", "?n"
    if tally.kind is TallyKind.COUNT:
        return "(create$)", f"(if (not (member$ {value} ?n)) then (bind ?n (create$ ?n {value})))", "(length$ ?n)"
    if tally.kind is TallyKind.TOTAL:
        # CLIPS tells 3.0 from 3.
        return "0", f"(bind ?n (+ ?n {value}))", "(if (= ?n (integer ?n)) then (integer ?n) else ?n)"
    better = ">" if tally.kind is TallyKind.HIGHEST else "<"
    return NO_VALUE, f"(if (or (eq ?n {NO_VALUE}) ({better} {value} ?n)) then (bind ?n {value}))", "?n"


def meaning(test: Test, left: str, operands: list[str], *, number: bool) -> str:
    """What an operator says of values that are there."""
    name = test.operator.name
    shifted = number or any(isinstance(operand, Shifted) for operand in test.operands)
    right = operands[0]
    if name in ("is", "is_not"):
        equal = ("=" if name == "is" else "<>") if shifted else ("eq" if name == "is" else "neq")
        return f"({equal} {left} {right})"
    if name in ("in", "not_in"):
        among = f"(member$ {left} {right})"
        return among if name == "in" else f"(not {among})"
    if name == "contains":
        return f"(member$ {right} {left})"
    if name == "lacks":
        return f"(not (member$ {right} {left}))"
    if name == "between":
        return f"(<= {right} {left} {operands[1]})"
    return f"({_COMPARISONS[name]} {left} {right})"


def both(tests: list[str]) -> str:
    """All of these expressions in one."""
    return f"(and {' '.join(tests)})" if len(tests) > 1 else tests[0] if tests else "TRUE"

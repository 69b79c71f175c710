"""Cells from elsewhere to values of fields: what is doubtful is told of and left unknown."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from smartpick_expert.diagnostics import Location
from smartpick_expert.language.literals import read_field
from smartpick_expert.language.reader import Reader
from smartpick_expert.language.source import Scalar
from smartpick_expert.language.values import Slot, ValueProblem, normal_number, read_number, shorten
from smartpick_expert.language.vocabulary import FactType, Field, FieldType
from smartpick_expert.programs.importing.form import As, Column

_RANGE = re.compile(r"\s*(\d{1,4})\s*(?:-|–|—|to)\s*(\d{1,4})\s*")
_REACHES_A_PERSON = re.compile(r"[^\s@]+@[^\s@]+\.[a-z]{2,}|(?:\+?\d[\s().-]{0,2}){10,}", re.IGNORECASE)
_FRACTION = re.compile(r"\.\d+\s*%?")
_HUNDRED: Final = 100
# A word that was cut is only taken for the longer one where enough of it is left to be sure.
_SHORTEST_CUT: Final = 6
_TRUTH: Final = {"y": "yes", "n": "no", "1": "yes", "0": "no", "true": "yes", "false": "no"}


@dataclass(frozen=True, slots=True)
class Doubt:
    """What is doubtful about a cell: a code, a sentence without its place, and what to do."""

    code: str
    message: str
    hint: str


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a cell comes to: values of fields, and what is doubtful about them."""

    values: tuple[tuple[str, Slot], ...] = ()
    doubts: tuple[Doubt, ...] = ()


class Cells:
    """Reads cells; equal ones of a column are read once."""

    def __init__(self, fact_type: FactType, blank: frozenset[str]) -> None:
        self.fact_type = fact_type
        self.blank = blank
        self._known: dict[tuple[int, str], Meaning] = {}

    def meaning(self, column: Column, text: str) -> Meaning:
        """What a cell under a column says."""
        key = (id(column), text)
        if key not in self._known:
            self._known[key] = Meaning() if self.is_blank(text) else self._read(column, text)
        return self._known[key]

    def is_blank(self, text: str) -> bool:
        """Whether a cell says that nothing is known."""
        return not text or text.casefold() in self.blank

    def _read(self, column: Column, text: str) -> Meaning:
        if column.words:
            return self._word(column, text)
        if column.range is not None:
            return self._range(column.range, text)
        return self._value(column, self.fact_type.fields[column.field], text)

    def _word(self, column: Column, text: str) -> Meaning:
        plain = " ".join(text.casefold().split())
        if plain in column.words:
            return Meaning(column.words[plain])
        known = ", ".join(column.words)
        return _doubtful(
            "import.word",
            f"'{shorten(text)}' is none of the words known here",
            f"Known: {known}. Add it to a mapping file.",
        )

    def _range(self, fields: tuple[str, str], text: str) -> Meaning:
        found = _RANGE.fullmatch(text)
        if found is None:
            return _doubtful("import.range", f"'{shorten(text)}' is no range", "Write it as low-high: 222-264.")
        numbers = zip(fields, found.groups(), strict=True)
        parts = [self._value(Column(name), self.fact_type.fields[name], number) for name, number in numbers]
        values = tuple(pair for part in parts for pair in part.values)
        doubts = tuple(doubt for part in parts for doubt in part.doubts)
        return Meaning(values, doubts)

    def _value(self, column: Column, field: Field, text: str) -> Meaning:
        if field.type is FieldType.NUMBER:
            return self._number(column, field, text)
        if field.type is FieldType.BOOLEAN:
            text = _TRUTH.get(text.casefold(), text.casefold())
        if field.type is FieldType.TEXT and _REACHES_A_PERSON.search(text):
            return _doubtful(
                "import.personal", "an address or a number of a person stood here and was dropped", "Nothing to do."
            )
        if field.type is FieldType.CHOICE:
            return self._choice(field, text)
        if field.type is FieldType.LABEL:
            # Whether it can be one is looked at where ids are given.
            return Meaning(((field.name, text),))
        return self._typed(field, text)

    def _number(self, column: Column, field: Field, text: str) -> Meaning:
        plain = text.replace(",", "") if re.fullmatch(r"\d{1,3}(,\d{3})+", text) else text
        # Many programs that write tables leave the zero of a fraction out.
        plain = f"0{plain}" if _FRACTION.fullmatch(plain) else plain
        percent = plain.endswith("%")
        if not (percent or column.written is As.PERCENT or column.times != 1 or column.written is As.SHARE):
            return self._typed(field, plain)
        try:
            number = read_number(plain.removesuffix("%").strip())
        except ValueProblem as problem:
            return _doubtful(problem.code, problem.message.rstrip("."), problem.hint)
        if column.written is As.PERCENT and not percent and 0 < number <= 1:
            message = f"'{shorten(text)}' stands in a column of percentages and may be a share of one"
            hint = "Write it with a percent sign, or say 'as: share' of this column in a mapping file."
            return _doubtful("import.percent-or-share", message, hint)
        if percent or column.written is As.PERCENT:
            number = normal_number(Decimal(number) / _HUNDRED)
        return self._typed(field, format(Decimal(number) * column.times, "f"))

    def _choice(self, field: Field, text: str) -> Meaning:
        plain = text.casefold()
        by_word = {word.casefold(): word for word in field.values}
        by_wording = {wording.casefold(): word for word, wording in field.values.items()}
        found = by_word.get(plain) or by_word.get(plain.replace(" ", "_")) or by_wording.get(plain)
        if found is not None:
            return Meaning(((field.name, found),))
        longer = [
            word for wording, word in by_wording.items() if len(plain) >= _SHORTEST_CUT and wording.startswith(plain)
        ]
        if len(longer) == 1:
            message = f"'{shorten(text)}' seems to be cut off and was read as '{field.values[longer[0]]}'"
            return Meaning(((field.name, longer[0]),), (Doubt("import.cut-off", message, "Check it."),))
        return self._typed(field, text)

    def _typed(self, field: Field, text: str) -> Meaning:
        reader = Reader()
        slot = read_field(Scalar(text, quoted=True, location=Location("")), field, reader)
        doubts = tuple(
            Doubt(one.code, one.message.rstrip(".").removeprefix(f"{field.name}: "), one.hint)
            for one in reader.problems
        )
        return Meaning(() if slot is None else ((field.name, slot),), doubts)


def _doubtful(code: str, message: str, hint: str) -> Meaning:
    return Meaning((), (Doubt(code, message, hint),))

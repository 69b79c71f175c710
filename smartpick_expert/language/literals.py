"""A written word to a value of a field's type: used alike for profiles, rules, cases and knowledge.

`250`, `250 points` and `"250"` are one number where the field's unit is points; `8 months` where weeks are expected is refused.
"""

from __future__ import annotations

import re
from difflib import get_close_matches

from smartpick_expert.diagnostics import closest
from smartpick_expert.language.reader import Reader
from smartpick_expert.language.source import Node, Scalar, Sequence
from smartpick_expert.language.values import (
    ABSENT,
    Slot,
    Value,
    ValueProblem,
    read_boolean,
    read_date,
    read_number,
    read_text,
    shorten,
)
from smartpick_expert.language.vocabulary import Field, FieldType

# A list longer than this helps nobody in a message.
MOST_LISTED = 40
_PART = re.compile(r"[^()]+")
_LABEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
_WITH_UNIT = re.compile(r"([+-]?[\d.]+)\s+([A-Za-z][A-Za-z /-]*)")
# Words that people write where they do not know; a file says it by leaving the value empty.
_DO_NOT_KNOW = ("unknown", "?", "n/a", "na", "tbd", "-")


def read_field(node: Node, field: Field, reader: Reader) -> Slot | None:
    """The value of `field` written at `node`; a list field takes a list. None after a problem, which is noted."""
    if field.many:
        if isinstance(node, Scalar):
            reader.problem(
                node.location,
                "value.list",
                f"'{field.name}' holds a list.",
                f"Write [{shorten(node.text)}], or [] for none.",
            )
            return None
        if isinstance(node, Sequence):
            items = [read_one(item, field, reader) for item in node.items]
            return None if None in items else tuple(item for item in items if item is not None)
    if (
        isinstance(node, Scalar)
        and field.may_be_none
        and node.text.strip().lower() == "none"
        and "none" not in field.values
    ):
        return ABSENT
    return read_one(node, field, reader)


def read_one(node: Node, field: Field, reader: Reader) -> Value | None:
    """A single value of `field`, or None after a problem, which is noted."""
    if not isinstance(node, Scalar):
        kind = "a list" if isinstance(node, Sequence) else "a mapping"
        reader.problem(
            node.location, "value.form", f"'{field.name}' takes a single value, not {kind}.", _describe(field)
        )
        return None
    if node.is_empty:
        reader.problem(node.location, "value.empty", f"'{field.name}' has no value here.", _describe(field))
        return None
    try:
        return _read_typed(node.text.strip(), field, suggests=reader.suggests)
    except ValueProblem as problem:
        hint = problem.hint
        if node.text.strip().lower() in _DO_NOT_KNOW:
            hint = "Leave it empty where it is not known."
        reader.problem(node.location, problem.code, f"{field.name}: {problem.message}", hint)
        return None


def _read_typed(text: str, field: Field, *, suggests: bool) -> Value:
    if field.type is FieldType.NUMBER:
        return _read_number(text, field)
    if field.type is FieldType.BOOLEAN:
        return read_boolean(text)
    if field.type is FieldType.DATE:
        return read_date(text)
    if field.type is FieldType.LABEL:
        return read_label(text)
    if field.type is FieldType.CHOICE:
        if text not in field.values:
            raise ValueProblem(
                "value.choice",
                f"'{shorten(text)}' is not among the allowed values.",
                (suggests and (_by_wording(text, field) or closest(text, field.values))) or _describe(field),
            )
        return text
    return read_text(text)


def read_label(text: str) -> str:
    """A label: letters, digits, `_`, `.`, `-`, at most 64. Raises ValueProblem."""
    if not _LABEL.fullmatch(text):
        raise ValueProblem(
            "value.label",
            f"'{shorten(text)}' is not a label.",
            "Begin with a letter or a digit; after it letters, digits, '-', '_' and '.' may stand, without blanks.",
        )
    return text


def _read_number(text: str, field: Field) -> Value:
    written = _WITH_UNIT.fullmatch(text)
    if written:
        unit = written.group(2).strip()
        if unit.lower().rstrip("s") != field.unit.lower().rstrip("s"):
            expected = f"in {field.unit}" if field.unit else "without a unit"
            raise ValueProblem(
                "value.unit", f"'{shorten(text)}' is in {unit}; it is counted {expected}.", "Convert it."
            )
        text = written.group(1)
    number = read_number(text)
    if field.whole and not isinstance(number, int):
        raise ValueProblem("value.whole", f"{shorten(text)} is not a whole number.", "Round it, or correct it.")
    low, high = field.minimum, field.maximum
    if (low is not None and number < low) or (high is not None and number > high):
        raise ValueProblem(
            "value.range", f"{shorten(text)} is not possible; it must be {_limits(field)}.", "Correct the number."
        )
    return number


def _limits(field: Field) -> str:
    if field.minimum is None:
        return f"at most {field.maximum}"
    if field.maximum is None:
        return f"at least {field.minimum}"
    return f"from {field.minimum} to {field.maximum}"


def _by_wording(text: str, field: Field) -> str:
    """The word to write, where what was written is how the word is read aloud, or nearly."""
    words = {wording.casefold(): word for word, wording in field.values.items()}
    words |= {part: word for wording, word in list(words.items()) for part in map(str.strip, _PART.findall(wording))}
    close = get_close_matches(text.casefold(), words, n=1, cutoff=0.75)
    if not close:
        return ""
    word = words[close[0]]
    meaning = field.values[word]
    return f"Write {word} for {meaning}." if meaning != word else f"Did you mean '{word}'?"


def _describe(field: Field) -> str:
    """What may be written, as advice."""
    if field.type is FieldType.CHOICE:
        words = list(field.values)
        return (
            f"Write one of: {', '.join(words)}."
            if len(words) <= MOST_LISTED
            else f"{field.meaning}: {words[0]}, {words[1]} ..."
        )
    examples = {
        FieldType.NUMBER: f"Write a number{' (' + field.unit + ')' if field.unit else ''}.",
        FieldType.BOOLEAN: "Write yes or no.",
        FieldType.DATE: "Write a date, year-month-day.",
        FieldType.LABEL: "Write a label.",
        FieldType.TEXT: "Write a text.",
    }
    return examples[field.type]

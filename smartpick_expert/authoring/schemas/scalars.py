"""Values as an editor reads them: plain words of YAML 1.2, in which `yes`, `NO` and dates are texts, and `010` is ten.

The program reads a value from its text by the field's type, so a schema takes every form that comes to a value there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from smartpick_expert.intake.template import describe
from smartpick_expert.language.values import MAX_TEXT, Number
from smartpick_expert.language.vocabulary import Field, FieldType

Schema = dict[str, Any]

# Whatever is written as a single value has a text: `2024` and `true` too.
_SCALAR: Final = ["string", "number", "boolean"]
_DIGITS: Final = r"[+-]?[0-9]+(\.[0-9]+)?"
_WHOLE: Final = r"[+-]?[0-9]+(\.0+)?"
_DAY: Final = r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
_LABEL: Final = r"[A-Za-z0-9][A-Za-z0-9_.\-]{0,63}"
_NONE: Final = "none"
_TRUTH: Final = ("yes", "no", "true", "false")


def text(description: str = "", *, longest: int | None = None) -> Schema:
    """Any single value, read as a text."""
    found: Schema = {"type": _SCALAR}
    if longest is not None:
        found["maxLength"] = longest
    return {**found, "description": description} if description else found


def boolean() -> Schema:
    """Yes or no; the words are read in any case."""
    cases = "|".join(_any_case(word) for word in _TRUTH)
    return {
        "anyOf": [{"enum": ["yes", "no"]}, {"type": "boolean"}, {"type": "string", "pattern": f"^\\s*({cases})\\s*$"}]
    }


def number(
    *, whole: bool = False, minimum: Number | None = None, maximum: Number | None = None, unit: str = ""
) -> Schema:
    """A number, or a text of one with its unit. Limits hold for numbers alone: a schema compares no texts."""
    form = _WHOLE if whole else _DIGITS
    measure = f"(\\s+{_any_case(unit.lower().rstrip('s'))}[sS]*)?" if unit else ""
    wanted = f"a {'whole ' if whole else ''}number{', in ' + unit if unit not in ('', 'year') else ''}"
    found: Schema = {"type": ["integer" if whole else "number", "string"], **_matching(f"{form}{measure}", wanted)}
    if minimum is not None:
        found["minimum"] = _plain(minimum)
    if maximum is not None:
        found["maximum"] = _plain(maximum)
    return found


def day() -> Schema:
    """A day, year-month-day."""
    return {"type": "string", **_matching(_DAY, "a day as year-month-day: 2026-09-01")}


def label() -> Schema:
    """A label of an entry."""
    return {"type": _SCALAR, **_matching(_LABEL, "a label: letters, digits, -, _ and ., without blanks")}


def words(meanings: Mapping[str, str] | Iterable[str]) -> Schema:
    """One of these words; with their meanings, if there are any, shown beside each as it is offered."""
    described = dict(meanings) if isinstance(meanings, Mapping) else {}
    names = list(meanings)
    # Behind the words come those that an editor reads as numbers or truth values, as it reads them.
    found: Schema = {"enum": [*names, *(read for word in names for read in _otherwise_read(word))]}
    if any(described.values()):
        found["enumDescriptions"] = [described[word] for word in names]
    return found


def _otherwise_read(word: str) -> list[int | float | bool]:
    if word in ("true", "false"):
        return [word == "true"]
    if re.fullmatch(_DIGITS, word):
        return [float(word) if "." in word else int(word)]
    return []


def value(field: Field) -> Schema:
    """A single value of a field, as rules and profiles alike write it."""
    if field.type is FieldType.NUMBER:
        return number(whole=field.whole, minimum=field.minimum, maximum=field.maximum, unit=field.unit)
    if field.type is FieldType.BOOLEAN:
        return boolean()
    if field.type is FieldType.DATE:
        return day()
    if field.type is FieldType.LABEL:
        return label()
    if field.type is FieldType.CHOICE:
        return words(field.values)
    return text(longest=MAX_TEXT)


def given(field: Field, *, empty: bool = True) -> Schema:
    """What a profile may hold of a field: a value or a list, `none` where there may be none, and nothing where it is not known."""
    one = value(field)
    found = {"type": "array", "items": one} if field.many else one
    options = [found]
    if field.may_be_none and _NONE not in field.values:
        options.append({"type": "string", "pattern": f"^\\s*{_any_case(_NONE)}\\s*$"})
    if empty:
        options.append({"type": "null"})
    return {**(any_of(options)), "description": describe(field)}


def any_of(options: list[Schema]) -> Schema:
    """One of several forms; that of nothing is made a part of a form that names its types, so that messages stay short."""
    if len(options) == 2 and options[1] == {"type": "null"} and isinstance(options[0].get("type"), str | list):  # noqa: PLR2004
        first = options[0]
        types = first["type"] if isinstance(first["type"], list) else [first["type"]]
        return {**first, "type": [*types, "null"]}
    return options[0] if len(options) == 1 else {"anyOf": options}


def optional(schema: Schema) -> Schema:
    """The same, or nothing behind the name."""
    described = {"description": schema["description"]} if "description" in schema else {}
    bare = {key: part for key, part in schema.items() if key != "description"}
    return {**any_of([bare, {"type": "null"}]), **described}


def listed(items: Schema, description: str = "", *, least: int = 0, most: int | None = None) -> Schema:
    """A list of these, at least and at most so many."""
    found: Schema = {"type": "array", "items": items}
    if least:
        found["minItems"] = least
    if most is not None:
        found["maxItems"] = most
    return {**found, "description": description} if description else found


def mapping(properties: Mapping[str, Schema], required: Iterable[str] = (), description: str = "") -> Schema:
    """Names with values, these and no others."""
    found: Schema = {"type": "object", "additionalProperties": False, "properties": dict(properties)}
    if needed := list(required):
        found["required"] = needed
    return {**found, "description": description} if description else found


def described(schema: Schema, description: str) -> Schema:
    """The same with these words beside it."""
    return {**schema, "description": description}


def _matching(form: str, wanted: str) -> Schema:
    return {"pattern": f"^\\s*{form}\\s*$", "patternErrorMessage": f"Write {wanted}."}


def _any_case(word: str) -> str:
    return "".join(f"[{c.upper()}{c.lower()}]" if c.isalpha() else f"\\{c}" if c in "/-." else c for c in word)


def _plain(limit: Number) -> int | float:
    return limit if isinstance(limit, int) else float(limit)

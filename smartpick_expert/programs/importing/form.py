"""How a table from elsewhere is read: which heading means which field, as data.

The shipped form stands in `knowledge/imports/programs.yaml`; a mapping file of one's own has the same keys and goes before it.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Final

from smartpick_expert.diagnostics import Problems
from smartpick_expert.language.literals import read_field
from smartpick_expert.language.reader import Reader
from smartpick_expert.language.source import Mapping as MappingNode
from smartpick_expert.language.source import Node, Scalar, read_file
from smartpick_expert.language.values import Slot, ValueProblem, read_number
from smartpick_expert.language.vocabulary import FactType
from smartpick_expert.workspace import Workspace, shipped_root

SHIPPED: Final = "knowledge/imports/programs.yaml"
_KEYS: Final = (
    "about",
    "blank",
    "columns",
    "personal",
    "in_order",
    "follows",
    "specialty",
    "source",
    "verified",
    "sheet",
)
_FOLLOWS_KEYS: Final = ("field", "is", "gives")
_COLUMN_KEYS: Final = ("headings", "field", "as", "times", "range", "words", "ignore")
_NOT_A_WORD = re.compile(r"[^a-z0-9]+")
_CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_Values = tuple[tuple[str, Slot], ...]


class As(StrEnum):
    """How a number is written: as it is, as a share of one (or with a percent sign), or as a percentage."""

    ITSELF = ""
    SHARE = "share"
    PERCENT = "percent"


@dataclass(frozen=True, slots=True)
class Column:
    """What the cells under a heading mean.

    `field` takes their value, a number `times` as much. `range` are two fields for `low-high`. `words` says for a whole cell what
    fields it gives. Without any of these the column is left alone.
    """

    field: str = ""
    written: As = As.ITSELF
    times: int = 1
    range: tuple[str, str] | None = None
    words: Mapping[str, _Values] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True)
class Form:
    """A whole way of reading tables. `columns` are found by their heading as `plain_heading` has it.

    `follows` has, by a field and a word of it (without capitals), what that word says of other fields where a row is silent on them.
    """

    columns: Mapping[str, Column]
    blank: frozenset[str] = frozenset()
    personal: frozenset[str] = frozenset()
    in_order: tuple[tuple[str, str], ...] = ()
    follows: Mapping[tuple[str, str], _Values] = dataclasses.field(default_factory=dict)
    named: tuple[str, ...] = ()
    specialty: str = ""
    source: str = ""
    verified: date | None = None
    sheet: str = ""

    def after(self, own: Form) -> Form:
        """This form with another one going before it."""
        return Form(
            {**self.columns, **own.columns},
            self.blank | own.blank,
            self.personal | own.personal,
            tuple(dict.fromkeys((*self.in_order, *own.in_order))),
            {**self.follows, **own.follows},
            own.named,
            own.specialty,
            own.source,
            own.verified,
            own.sheet,
        )

    def is_personal(self, heading: str) -> bool:
        """Whether a column names or reaches a person, by a word of its heading."""
        words = _NOT_A_WORD.split(_CAPITAL.sub(" ", heading).casefold())
        return any(word in self.personal for word in words)


def plain_heading(text: str) -> str:
    """A heading without what people write differently: capitals, blanks, hyphens, dots."""
    return _NOT_A_WORD.sub("", text.casefold())


def read_form(path: Path, shown_as: str, fact_type: FactType) -> Form:
    """The form of a file. Raises Problems with everything that is wrong with it."""
    reader = Reader()
    mapping = reader.mapping(read_file(path, shown_as), "A mapping file")
    form = Form({}) if mapping is None else _form(mapping, fact_type, reader)
    if reader.problems:
        raise Problems(reader.problems)
    return form


def _form(mapping: MappingNode, fact_type: FactType, reader: Reader) -> Form:
    reader.known_keys(mapping, _KEYS, "A mapping file")
    columns: dict[str, Column] = {}
    named: list[str] = []
    for item in reader.sequence(mapping.get("columns"), "'columns'"):
        entry = reader.mapping(item, "A column")
        if entry is None:
            continue
        reader.known_keys(entry, _COLUMN_KEYS, "A column")
        reader.required(entry, ("headings",), "A column")
        headings = reader.texts(entry, "headings")
        named += headings
        column = _column(entry, fact_type, reader)
        columns.update({plain_heading(heading): column for heading in headings})
    specialty = reader.choice(mapping, "specialty", fact_type.fields["specialty"].values)
    return Form(
        columns,
        frozenset(word.casefold() for word in reader.texts(mapping, "blank")),
        frozenset(word.casefold() for word in reader.texts(mapping, "personal")),
        _pairs(mapping.get("in_order"), fact_type, reader),
        _follows(mapping.get("follows"), fact_type, reader),
        tuple(named),
        specialty,
        reader.text(mapping, "source"),
        reader.date(mapping, "verified"),
        reader.text(mapping, "sheet"),
    )


def _column(entry: MappingNode, fact_type: FactType, reader: Reader) -> Column:
    name = _field(entry.get("field"), fact_type, reader)
    times = 1
    written = reader.text(entry, "times") if entry.get("times") is not None else ""
    if written:
        try:
            number = read_number(written)
            times = number if isinstance(number, int) and number > 0 else 0
        except ValueProblem:
            times = 0
        if not times:
            reader.problem(entry.location, "import.times", "'times' is a whole number above 0.", "Write 4.")
    pair = None
    if entry.get("range") is not None:
        found = [_field(item, fact_type, reader) for item in reader.sequence(entry.get("range"), "'range'")]
        if len(found) != 2:  # noqa: PLR2004 - low and high
            reader.problem(entry.location, "import.range", "'range' names two fields, low and high.", "Name both.")
        else:
            pair = (found[0], found[1])
    read_as = As(reader.choice(entry, "as", [one.value for one in As if one]))
    return Column(name, read_as, times, pair, _words(entry.get("words"), fact_type, reader))


def _field(node: Node | None, fact_type: FactType, reader: Reader) -> str:
    if node is None:
        return ""
    name = reader.scalar_text(node, "A field")
    if name and name not in fact_type.fields:
        hint = reader.nearest(name, fact_type.fields) or "Name a field of a program."
        reader.problem(node.location, "import.field", f"A program has no field '{name}'.", hint)
        return ""
    return name


def _words(node: Node | None, fact_type: FactType, reader: Reader) -> dict[str, _Values]:
    mapping = reader.mapping(node, "'words'") if node is not None else None
    found: dict[str, _Values] = {}
    for key, value in mapping.pairs if mapping is not None else ():
        found[" ".join(key.text.casefold().split())] = _given(value, fact_type, reader)
    return found


def _given(node: Node | None, fact_type: FactType, reader: Reader) -> _Values:
    given = reader.mapping(node, "What a word means")
    pairs: list[tuple[str, Slot]] = []
    for name, slot_node in given.pairs if given is not None else ():
        if not _field(Scalar(name.text, name.quoted, name.location), fact_type, reader):
            continue
        slot = read_field(slot_node, fact_type.fields[name.text], reader)
        if slot is not None:
            pairs.append((name.text, slot))
    return tuple(pairs)


def _follows(node: Node | None, fact_type: FactType, reader: Reader) -> dict[tuple[str, str], _Values]:
    found: dict[tuple[str, str], _Values] = {}
    for item in reader.sequence(node, "'follows'"):
        entry = reader.mapping(item, "What follows")
        if entry is None:
            continue
        reader.known_keys(entry, _FOLLOWS_KEYS, "What follows")
        reader.required(entry, _FOLLOWS_KEYS, "What follows")
        name = _field(entry.get("field"), fact_type, reader)
        given = _given(entry.get("gives"), fact_type, reader)
        found.update({(name, word.casefold()): given for word in reader.texts(entry, "is") if name})
    return found


def _pairs(node: Node | None, fact_type: FactType, reader: Reader) -> tuple[tuple[str, str], ...]:
    found: list[tuple[str, str]] = []
    for item in reader.sequence(node, "'in_order'"):
        names = [_field(one, fact_type, reader) for one in reader.sequence(item, "A pair")]
        if len(names) != 2:  # noqa: PLR2004 - a pair
            reader.problem(item.location, "import.pair", "A pair names two fields.", "Write [low, high].")
        elif all(names):
            found.append((names[0], names[1]))
    return tuple(found)


def shipped_form(workspace: Workspace) -> Form:
    """The form of a workspace, or the shipped one where it has none; none of its headings must be there. Raises Problems."""
    own = workspace.root / SHIPPED
    path = own if own.is_file() else shipped_root() / SHIPPED
    return replace(read_form(path, SHIPPED, workspace.vocabulary.types["program"]), named=())

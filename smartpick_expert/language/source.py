"""YAML text to nodes that know their line and column.

Purpose: every later message can point at the place it speaks of, and no hostile file gets past here. Nodes are built
straight from the parser's events, so scalars keep their text: whether `NO` or `010` is a word, a truth value or a number
is decided later by the vocabulary's type, never by YAML.

Refused, each with its own code: a file that is missing, unreadable, too large, binary, or not UTF-8; malformed YAML;
duplicate keys; anchors and aliases; tags; several documents; nesting past `MAX_DEPTH`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from smartpick_expert.diagnostics import Diagnostic, Location, Problems
from smartpick_expert.language.decoding import decode
from smartpick_expert.language.values import shorten

MAX_BYTES: Final = 2_000_000
MAX_DEPTH: Final = 40
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# What the YAML parser refuses with less of a place than we can give: control characters, and byte order marks inside.
_REFUSED = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_SURROGATES = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}")


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value as written. `quoted` tells `"no"` from `no`; an empty plain scalar, `~` and `null` are `is_empty`."""

    text: str
    quoted: bool
    location: Location

    @property
    def is_empty(self) -> bool:
        """Whether nothing was written here."""
        return not self.quoted and self.text in ("", "~", "null", "Null", "NULL")


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list of nodes."""

    items: tuple[Node, ...]
    location: Location


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys with their values, in the order written; keys are distinct scalars."""

    pairs: tuple[tuple[Scalar, Node], ...]
    location: Location

    def get(self, key: str) -> Node | None:
        """The value under `key`, or None."""
        return next((value for name, value in self.pairs if name.text == key), None)

    def key(self, key: str) -> Scalar | None:
        """The node of the key itself, for its location, or None."""
        return next((name for name, _ in self.pairs if name.text == key), None)


Node = Scalar | Sequence | Mapping


def read_file(path: Path, shown_as: str | None = None) -> Node:
    """Read one YAML or JSON file. `shown_as` is the path that messages print. Raises Problems."""
    return parse_as(read_text(path, shown_as or str(path)), shown_as or str(path), path.suffix)


def parse_as(text: str, name: str, suffix: str) -> Node:
    """The node of a text that stood in a file with this ending. Raises Problems."""
    if suffix.lower() == ".json":
        return parse(_checked_json(text, name), name, language="JSON")
    return parse(text, name)


def read_text(path: Path, name: str) -> str:
    """The text of a file, in Unicode's composed form. Raises Problems where it is no readable text of sane size."""
    return decode(read_bytes(path, name), name)


def read_bytes(path: Path, name: str) -> bytes:
    """What a file holds, as it stands there. Raises Problems where it cannot be read or is of no sane size."""
    here = Location(name)
    try:
        if path.is_dir():
            raise Problems([Diagnostic("file.is-folder", "This is a folder.", "Name a file in it.", here)])
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise Problems(
            [Diagnostic("file.missing", "There is no such file.", "Check the name and the folder.", here)]
        ) from None
    except (OSError, ValueError) as error:
        # A ValueError is a name that no file can have.
        reason = getattr(error, "strerror", None) or error
        raise Problems(
            [
                Diagnostic(
                    "file.unreadable",
                    f"The file cannot be read: {reason}.",
                    "Check that it exists and that you may read it.",
                    here,
                )
            ]
        ) from None
    if len(data) > MAX_BYTES:
        raise Problems(
            [
                Diagnostic(
                    "file.too-large",
                    f"The file has more than {MAX_BYTES:,} bytes; nothing of this kind is so large.",
                    "Check that it is the right file.",
                    here,
                )
            ]
        )
    return data


def _checked_json(text: str, name: str) -> str:
    """Text of a JSON file, fit for the YAML parser. JSON's own parser finds its syntax errors."""
    try:
        # Numbers stay as written: they may be too long for Python to read, which is a matter for the vocabulary.
        json.loads(text, parse_int=str, parse_float=str)
    except json.JSONDecodeError as error:
        end = len(text.rstrip())
        position = min(error.pos, end)
        what = error.msg if error.pos < end else f"the file ends too early ({error.msg})"
        line, column = text.count("\n", 0, position), position - text.rfind("\n", 0, position)
        place = Location(name, line + 1, column, text.split("\n")[line])
        raise Problems(
            [Diagnostic("json.syntax", f"This is not valid JSON: {what}.", "Correct it here.", place)]
        ) from None
    except RecursionError:
        raise Problems([_too_deep(Location(name, 1, 1))]) from None
    # JSON writes rare characters as two escapes, which YAML does not know.
    return _SURROGATES.sub(lambda pair: json.loads(f'"{pair.group()}"'), text)


def parse(text: str, name: str, language: str = "YAML") -> Node:
    """Parse YAML text (of which JSON is a part) into nodes. Raises Problems with everything found wrong in its form."""
    if not text.strip():
        raise Problems(
            [Diagnostic("file.empty", "The file is empty.", "Fill it in, or name another.", Location(name, 1, 1))]
        )
    refused = _REFUSED.search(text)
    if refused is not None:
        before = text[: refused.start()]
        line = before.count("\n") + 1
        raise Problems(
            [
                Diagnostic(
                    "yaml.character",
                    f"The character U+{ord(refused.group()):04X} may not stand in {language}.",
                    "Delete it.",
                    Location(name, line, len(before) - before.rfind("\n")),
                )
            ]
        )
    return _Builder(text, name, language).build()


def _too_deep(place: Location) -> Diagnostic:
    return Diagnostic(
        "yaml.depth", f"This is nested more than {MAX_DEPTH} deep; no file of ours is.", "Flatten it.", place
    )


# Newer builds of libyaml have a limit of their own, and reach it before the first event is ours to count.
_PARSER_IS_TOO_DEEP: Final = "exceeded maximum nesting depth"
# What the parser's own words come to, and what to do.
_LOOK = "Check the indentation, the colons and the quotes here and in the line above."
_QUOTES = "Put the text between quotes."
_SYNTAX = {
    ("found character that cannot start any token", "\t"): ("a tab stands where only spaces may", "Use spaces."),
    "found character that cannot start any token": ("no value can begin with this character", _QUOTES),
    "found unexpected end of stream": ("what opens here is never closed", "Close the quote or the bracket."),
    "could not find expected ':'": (
        "a ':' is missing in this line",
        "Write 'name: value', or put the text between quotes.",
    ),
    "mapping values are not allowed in this context": (
        "this ':' follows a name that cannot have a value here",
        "Check the indentation of this line; a text with ': ' in it needs quotes.",
    ),
    "found invalid Unicode character escape code": ("this escape names no character", "Write the character itself."),
}


def yaml_events(text: str) -> Iterator[Event]:
    """What the YAML parser sees in a text, in order. Raises what the parser raises."""
    loader = _LOADER(text)
    try:
        while loader.check_event():
            yield loader.get_event()
    finally:
        loader.dispose()


class _Builder:
    """Builds one tree from parser events, collecting problems of form on the way."""

    def __init__(self, text: str, name: str, language: str) -> None:
        self.text = text
        self.name = name
        self.language = language
        self.lines = text.splitlines() or [""]
        self.problems: list[Diagnostic] = []

    def build(self) -> Node:
        events = yaml_events(self.text)
        root: Node | None = None
        documents = 0
        try:
            for event in events:
                if isinstance(event, DocumentStartEvent):
                    documents += 1
                    if documents > 1:
                        self._problem(
                            event,
                            "yaml.documents",
                            "A second document begins here; a file holds one.",
                            "Put it into a file of its own, or delete the line '---'.",
                        )
                        break
                elif isinstance(event, ScalarEvent | SequenceStartEvent | MappingStartEvent | AliasEvent):
                    root = self._node(event, events, 1)
        except yaml.MarkedYAMLError as error:
            self._syntax_error(error)
        except (yaml.YAMLError, ValueError, OverflowError):
            # The parser in Python, used where libyaml is missing, hands on what an impossible escape makes of chr().
            what, hint = _SYNTAX["found invalid Unicode character escape code"]
            message = f"This is not valid {self.language}: {what}."
            self.problems.append(Diagnostic("yaml.syntax", message, hint, Location(self.name)))
        except _TooDeepError as error:
            self.problems.append(_too_deep(error.place))
        if root is None and not self.problems:
            self.problems.append(
                Diagnostic(
                    "file.empty",
                    "The file holds nothing but comments.",
                    "Fill it in.",
                    Location(self.name, 1, 1),
                )
            )
        if self.problems or root is None:
            raise Problems(self.problems)
        return root

    def _node(self, event: Event, events: Iterator[Event], depth: int) -> Node:
        place = self._place(event)
        if depth > MAX_DEPTH:
            raise _TooDeepError(place)
        self._refuse_anchor_and_tag(event)
        if isinstance(event, SequenceStartEvent):
            items: list[Node] = []
            while not isinstance(event := next(events), SequenceEndEvent):
                items.append(self._node(event, events, depth + 1))
            return Sequence(tuple(items), place)
        if isinstance(event, MappingStartEvent):
            return self._mapping(events, place, depth)
        if isinstance(event, ScalarEvent):
            # The C parser calls the plain style '', the Python one None.
            return Scalar(event.value, bool(event.style), place)
        return Scalar("", quoted=False, location=place)

    def _mapping(self, events: Iterator[Event], place: Location, depth: int) -> Mapping:
        pairs: list[tuple[Scalar, Node]] = []
        seen: dict[str, Location] = {}
        while not isinstance(event := next(events), MappingEndEvent):
            key = self._node(event, events, depth + 1)
            value = self._node(next(events), events, depth + 1)
            if not isinstance(key, Scalar):
                self.problems.append(
                    Diagnostic(
                        "yaml.key",
                        "A name before ':' must be a single word.",
                        "Put a word here.",
                        key.location,
                    )
                )
                continue
            if key.text in seen:
                self.problems.append(
                    Diagnostic(
                        "yaml.duplicate-key",
                        f"'{shorten(key.text)}' stands twice in one mapping, and only one can count.",
                        "Delete one of them, or make it a list.",
                        key.location,
                        related=((seen[key.text], "the first one"),),
                    )
                )
                continue
            seen[key.text] = key.location
            pairs.append((key, value))
        return Mapping(tuple(pairs), place)

    def _refuse_anchor_and_tag(self, event: Event) -> None:
        anchor = getattr(event, "anchor", None)
        if anchor:
            self._problem(
                event,
                "yaml.anchor",
                f"'{'*' if isinstance(event, AliasEvent) else '&'}{shorten(anchor)}': anchors and aliases are not read, "
                "since a small file can explode through them.",
                "Write the value out; a text that begins with '*' or '&' needs quotes.",
            )
        tag = getattr(event, "tag", None)
        if tag not in (None, "!"):
            self._problem(
                event,
                "yaml.tag",
                f"The tag '{shorten(tag, 80)}' is not read: the vocabulary says what type a value has.",
                "Delete the tag; a text that begins with '!' needs quotes.",
            )

    def _syntax_error(self, error: yaml.MarkedYAMLError) -> None:
        what = (error.problem or "it cannot be read").rstrip(".")
        mark = error.problem_mark or error.context_mark
        if error.context_mark and (error.context or "").startswith("while scanning a "):
            # Where it began says more than where the parser gave up.
            mark = error.context_mark
        place = self._at(mark.line, mark.column) if mark else Location(self.name)
        if what == _PARSER_IS_TOO_DEEP:
            self.problems.append(_too_deep(place))
            return
        found = place.excerpt[place.column - 1 : place.column]
        what, hint = _SYNTAX.get((what, found) if found == "\t" else what, (what, _LOOK))
        self.problems.append(Diagnostic("yaml.syntax", f"This is not valid {self.language}: {what}.", hint, place))

    def _problem(self, event: Event, code: str, message: str, hint: str) -> None:
        self.problems.append(Diagnostic(code, message, hint, self._place(event)))

    def _place(self, event: Event) -> Location:
        mark = event.start_mark
        return self._at(mark.line, mark.column) if mark is not None else Location(self.name)

    def _at(self, line: int, column: int) -> Location:
        if line >= len(self.lines):
            # The parser gives up behind the last line; nobody could go there.
            line, column = len(self.lines) - 1, len(self.lines[-1])
        return Location(self.name, line + 1, column + 1, self.lines[line])


class _TooDeepError(Exception):
    def __init__(self, place: Location) -> None:
        super().__init__(str(place))
        self.place = place

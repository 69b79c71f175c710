"""The house style: how an office's documents look and who signs them, read from `house.yaml` of its workspace.

Without the file documents bear the program's own name and look as they are shipped. What was read enters the record, as templates
do, so that a document is made again as it was; the logo is carried as text for that (`CARRIED`).
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from smartpick_expert.diagnostics import Diagnostic, Problems
from smartpick_expert.language.reader import Reader
from smartpick_expert.language.source import Mapping as Entry
from smartpick_expert.language.source import Node, Scalar, Sequence, parse, read_bytes, read_text
from smartpick_expert.language.values import ValueProblem, shorten
from smartpick_expert.report.colours import read_colour
from smartpick_expert.report.logo import Logo, read_logo

NAME: Final = "house.yaml"
# The logo among the files of a record, whatever it was called: its bytes in base64.
CARRIED: Final = "house.logo"
PAPERS: Final = {"a4": "A4, 210 by 297 mm", "letter": "US Letter, 8.5 by 11 inches"}
COLOURS: Final = {"headings": "Of headings.", "accent": "Of links and lines."}
KEYS: Final = ("about", "organisation", "advisor", "contact", "logo", "colours", "closing", "paper")
# Longer texts would not fit the place that a document has for them.
MAX_LENGTH: Final = {"organisation": 80, "advisor": 80, "contact": 120, "closing": 600}
MAX_LINES: Final = {"contact": 6, "closing": 6}


@dataclass(frozen=True, slots=True)
class House:
    """The house style; empty where nothing is said. `headings` and `accent` are colours, `paper` one of `PAPERS`.

    `contact` are lines below the organisation's name, `closing` paragraphs before the signature.
    """

    organisation: str = ""
    advisor: str = ""
    contact: tuple[str, ...] = ()
    logo: Logo | None = None
    headings: str = ""
    accent: str = ""
    closing: tuple[str, ...] = ()
    paper: str = ""

    @property
    def unnamed(self) -> House:
        """The same without anything that says whose it is, for documents that are made to be shown around."""
        return House(headings=self.headings, accent=self.accent, paper=self.paper)


def read_house(root: Path) -> House:
    """The house style of a workspace. Raises Problems with everything that is wrong with the file, or with the logo."""
    if not (root / NAME).is_file():
        return House()
    reader = Reader()
    node = reader.mapping(parse(read_text(root / NAME, NAME), NAME), "The house style")
    found = _read(node, root, reader) if node is not None else House()
    if reader.problems:
        raise Problems(reader.problems)
    return found


def house_files(root: Path) -> dict[str, str]:
    """The texts by which a house style is read again elsewhere: the file, and the logo in base64. Raises Problems."""
    if not (root / NAME).is_file():
        return {}
    text = read_text(root / NAME, NAME)
    logo = read_house(root).logo
    return {NAME: text, **({CARRIED: base64.encodebytes(logo.data).decode("ascii")} if logo is not None else {})}


def is_of_looks(name: str) -> bool:
    """Whether a file of a record decides how documents look: a template, or part of the house style."""
    return name.startswith("reports/") or name in {NAME, CARRIED}


def _read(node: Entry, root: Path, reader: Reader) -> House:
    reader.known_keys(node, KEYS, "The house style")
    colours = _colours(node.get("colours"), reader)
    return House(
        organisation=_line(node, "organisation", reader),
        advisor=_line(node, "advisor", reader),
        contact=_lines(node, "contact", reader),
        logo=_logo(node.get("logo"), root, reader),
        headings=colours.get("headings", ""),
        accent=colours.get("accent", ""),
        closing=_lines(node, "closing", reader),
        paper=reader.choice(node, "paper", PAPERS),
    )


def _line(node: Entry, key: str, reader: Reader) -> str:
    found = node.get(key)
    return _text(found, key, reader) if found is not None else ""


def _text(node: Node, key: str, reader: Reader) -> str:
    text = reader.scalar_text(node, f"'{key}'")
    if len(text) > MAX_LENGTH[key]:
        message = f"'{key}' has {len(text):,} characters; there is room for {MAX_LENGTH[key]}."
        reader.problem(node.location, "house.long", message, "Say it in fewer words.")
    return text


def _lines(node: Entry, key: str, reader: Reader) -> tuple[str, ...]:
    """A text, or a list of them."""
    found = node.get(key)
    if found is None:
        return ()
    items = found.items if isinstance(found, Sequence) else (found,)
    if len(items) > MAX_LINES[key]:
        message = f"'{key}' has {len(items)} items; there is room for {MAX_LINES[key]}."
        reader.problem(found.location, "house.long", message, "Keep what every reader needs.")
    texts = (_text(item, key, reader) for item in items)
    return tuple(text for text in texts if text)


def _colours(node: Node | None, reader: Reader) -> Mapping[str, str]:
    entry = reader.mapping(node, "'colours'") if node is not None and not _is_empty(node) else None
    found: dict[str, str] = {}
    if entry is None:
        return found
    reader.known_keys(entry, COLOURS, "'colours'")
    for name in COLOURS:
        written = entry.get(name)
        text = reader.scalar_text(written, f"'{name}'") if written is not None else ""
        # An unquoted '#' begins a comment, so that what was meant as a colour is then nothing at all.
        if written is not None and not text and isinstance(written, Scalar):
            message = f"'{name}' says nothing: a # without quotes begins a remark."
            reader.problem(written.location, "house.colour", message, f"Write {name}: '#1d4a5f', with the quotes.")
        if written is not None and text:
            try:
                found[name] = read_colour(text)
            except ValueProblem as problem:
                reader.value_problem(written.location, problem, name)
    return found


def _logo(node: Node | None, root: Path, reader: Reader) -> Logo | None:
    name = reader.scalar_text(node, "'logo'") if node is not None else ""
    if node is None or not name:
        return None
    place = PurePosixPath(name.replace("\\", "/"))
    if place.is_absolute() or ".." in place.parts or ":" in name:
        message = f"'{shorten(name)}' lies outside the workspace, which then would not be whole when it is moved."
        reader.problem(
            node.location, "house.logo", message, "Copy the picture into the workspace and name it from there."
        )
        return None
    try:
        return read_logo(_bytes(root, place))
    except ValueProblem as problem:
        reader.value_problem(node.location, problem, shorten(name))
    except Problems as problems:
        reader.problems.extend(_at(node, name, one) for one in problems.diagnostics)
    return None


def _bytes(root: Path, place: PurePosixPath) -> bytes:
    """What the logo's file holds, or what is carried of it."""
    if (root / CARRIED).is_file() and not (root / place).exists():
        try:
            return base64.b64decode((root / CARRIED).read_bytes())
        except (binascii.Error, ValueError):
            raise ValueProblem("house.logo", f"{CARRIED} is damaged.", "Take it from where it was kept.") from None
    return read_bytes(root / place, place.as_posix())


def _at(node: Node, name: str, found: Diagnostic) -> Diagnostic:
    message = f"The logo '{shorten(name)}' cannot be read. {found.message}"
    return Diagnostic("house.logo", message, found.hint, node.location)


def _is_empty(node: Node) -> bool:
    return isinstance(node, Scalar) and node.is_empty

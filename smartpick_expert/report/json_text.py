"""JSON in one form (sorted keys, two blanks, letters as they are), made piece by piece, so that no document is held twice.

The bytes are those of `json.dumps`. A frozen value of ours, as a program of a screening, is one piece, and written as the mapping of its
fields by msgspec: five thousand programs have some three million values.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import is_dataclass
from io import BytesIO
from json.encoder import encode_basestring
from typing import Any, Final

import msgspec

_STEP: Final = "  "
# So many characters are handed on together.
_TOGETHER: Final = 1 << 16


def json_pieces(document: object) -> Iterator[str]:
    """A document of mappings, lists, texts, numbers and frozen values as JSON, in pieces of any length."""
    return _pieces(document, "\n")


def json_bytes(document: object) -> bytes:
    """A document as a file of JSON holds it, with a newline at its end."""
    made = BytesIO()
    for piece in together(json_pieces(document)):
        made.write(piece.encode())
    made.write(b"\n")
    return made.getvalue()


def together(pieces: Iterable[str]) -> Iterator[str]:
    """The same text in fewer pieces."""
    held: list[str] = []
    length = 0
    for piece in pieces:
        held.append(piece)
        length += len(piece)
        if length >= _TOGETHER:
            yield "".join(held)
            held, length = [], 0
    yield "".join(held)


def printable(piece: str) -> str:
    """A piece of JSON in which what a terminal obeys and does not show is escaped, which leaves the data as it is."""
    if piece.replace("\n", "").isprintable():
        return piece
    return "".join(c if c.isprintable() or c == "\n" else json.dumps(c)[1:-1] for c in piece)


def _pieces(value: Any, line: str) -> Iterator[str]:
    """A value at a depth; `line` begins a line there."""
    if isinstance(value, str):
        yield encode_basestring(value)
    elif isinstance(value, dict) and value:
        inner, before = line + _STEP, "{"
        for key, item in sorted(value.items()):
            yield f"{before}{inner}{_key(key)}: "
            yield from _pieces(item, inner)
            before = ","
        yield f"{line}}}"
    elif isinstance(value, list | tuple) and value:
        inner, before = line + _STEP, "["
        for item in value:
            yield f"{before}{inner}"
            yield from _pieces(item, inner)
            before = ","
        yield f"{line}]"
    elif is_dataclass(value):
        text = msgspec.json.format(msgspec.json.encode(value, order="sorted"), indent=len(_STEP))
        yield text.decode().replace("\n", line)
    else:
        yield json.dumps(value)


def _key(key: object) -> str:
    return encode_basestring(key) if isinstance(key, str) else f'"{json.dumps(key)}"'

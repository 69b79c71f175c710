"""A logo: whether a file is a picture that may stand in a document, and how large it is.

Purpose: what goes into a document that others open must be a picture and nothing else. PNG and JPEG are gone through part by
part; of SVG, which is text that can do much more than draw, see `logo_svg.py`. No library is needed for it.
"""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from smartpick_expert.language.values import ValueProblem
from smartpick_expert.report.logo_svg import svg_size

MAX_BYTES: Final = 500_000
MAX_SIDE: Final = 4_000
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_JPEG: Final = b"\xff\xd8\xff"
_CODE: Final = "house.logo"
_ANOTHER: Final = "Name a PNG, a JPEG or an SVG file."
# A row of pixels takes eight bytes a pixel at the most.
_MAX_PIXEL: Final = 8
_SIZES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_BARE: Final = frozenset({0x01, *range(0xD0, 0xD9)})
_MARK, _END, _SCAN = 0xFF, 0xD9, 0xDA


@dataclass(frozen=True, slots=True)
class Logo:
    """A picture of a form (png, jpeg or svg) with its sides in pixels, or in the units that an SVG has."""

    form: str
    width: float
    height: float
    data: bytes = field(repr=False)

    @property
    def uri(self) -> str:
        """The picture as an address that holds all of it, so that a document needs no file beside it."""
        kind = "svg+xml" if self.form == "svg" else self.form
        return f"data:image/{kind};base64,{base64.b64encode(self.data).decode('ascii')}"


def read_logo(data: bytes) -> Logo:
    """The picture that a file holds. Raises ValueProblem where it is none, is damaged, or is too large."""
    if len(data) > MAX_BYTES:
        message = f"The logo has more than {MAX_BYTES:,} bytes; it stands in every document."
        raise ValueProblem(_CODE, message, "Save it smaller: a width of 800 pixels is plenty for print.")
    form, width, height = _measured(data)
    if not (width > 0 and height > 0):
        raise ValueProblem(_CODE, "The logo has no size.", _ANOTHER)
    if form != "svg" and max(width, height) > MAX_SIDE:
        message = f"The logo is {width:,} by {height:,} pixels, and {MAX_SIDE:,} a side is the most."
        raise ValueProblem(_CODE, message, "Save it smaller: a width of 800 pixels is plenty for print.")
    return Logo(form, width, height, data)


def _measured(data: bytes) -> tuple[str, float, float]:
    if data.startswith(_PNG):
        return "png", *_png_size(data)
    if data.startswith(_JPEG):
        return "jpeg", *_jpeg_size(data)
    if b"<svg" in data[:10_000]:
        return "svg", *svg_size(data)
    raise ValueProblem(_CODE, "The logo is no picture that can be used, whatever its name ends in.", _ANOTHER)


def _png_size(data: bytes) -> tuple[int, int]:
    """The size of a PNG of which every chunk is whole and every pixel can be unpacked."""
    chunks = list(_chunks(data))
    names = [name for name, _ in chunks]
    header = struct.Struct(">IIBBBBB")
    if not chunks or names[0] != b"IHDR" or names[-1] != b"IEND" or len(chunks[0][1]) != header.size:
        raise _damaged("PNG")
    width, height = header.unpack(chunks[0][1])[:2]
    if max(width, height) <= MAX_SIDE:
        unpacking = zlib.decompressobj()
        try:
            unpacking.decompress(
                b"".join(part for name, part in chunks if name == b"IDAT"), (width * _MAX_PIXEL + 8) * (height + 8)
            )
        except zlib.error:
            raise _damaged("PNG") from None
        if not unpacking.eof:
            raise _damaged("PNG")
    return width, height


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The chunks of a PNG up to its end, or up to one that is damaged."""
    at = len(_PNG)
    while at + 12 <= len(data):
        length, name = struct.unpack_from(">I4s", data, at)
        part = data[at + 8 : at + 8 + length]
        check = data[at + 8 + length : at + 12 + length]
        if check != struct.pack(">I", zlib.crc32(name + part)):
            return
        yield name, part
        if name == b"IEND":
            return
        at += 12 + length


def _jpeg_size(data: bytes) -> tuple[int, int]:
    """The size of a JPEG whose segments lead to a picture that ends."""
    at, size = 2, None
    while at + 4 <= len(data) and data[at] == _MARK:
        marker = data[at + 1]
        if marker == _MARK or marker in _BARE:
            at += 1 if marker == _MARK else 2
            continue
        (length,) = struct.unpack_from(">H", data, at + 2)
        if marker in _SIZES and at + 9 <= len(data):
            height, width = struct.unpack_from(">HH", data, at + 5)
            size = (width, height)
        if marker == _SCAN and size is not None and bytes((_MARK, _END)) in data[at:]:
            return size
        at += 2 + length
    raise _damaged("JPEG")


def _damaged(form: str) -> ValueProblem:
    return ValueProblem(_CODE, f"The logo begins like a {form} and is damaged or cut off.", "Save it anew.")

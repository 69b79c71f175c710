"""Office files as zips: of one order and one day, so that equal contents make equal bytes, and texts as XML can hold them."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from typing import Final

# A zip has to name a day, and must not name today's.
_DAY: Final = (1980, 1, 1, 0, 0, 0)
_FIRST: Final = "[Content_Types].xml"
_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


# Marks that turn the direction of writing: cut off, they would turn what follows.
_TURNING: Final = dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)))


def as_plain_zip(data: bytes) -> bytes:
    """The same files in a zip that tells nothing of when it was made."""
    stream = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as given, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name in sorted(given.namelist(), key=lambda name: (name != _FIRST, name)):
            entry = zipfile.ZipInfo(name, _DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            made.writestr(entry, given.read(name))
    return stream.getvalue()


def xml_text(text: str) -> str:
    """A text without the characters that XML cannot hold."""
    return _NOT_XML.sub("", text)


def line_of(text: str, longest: int) -> str:
    """As much of a text as fits into a line of so many characters, without marks that turn the direction of writing."""
    plain = xml_text(" ".join(text.split()).translate(_TURNING))
    return plain if len(plain) <= longest else f"{plain[: longest - 1].rstrip()}…"

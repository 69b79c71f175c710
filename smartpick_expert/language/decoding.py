"""Bytes of a file to text: only UTF-8 is read, and every text is in Unicode's composed form."""

from __future__ import annotations

import unicodedata

from smartpick_expert.diagnostics import Diagnostic, Location, Problems


def decode(data: bytes, name: str) -> str:
    """Bytes to text. Raises Problems for UTF-16, binary content and bytes that are not UTF-8."""
    here = Location(name, 1, 1)
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise Problems(
            [
                Diagnostic(
                    "file.encoding",
                    "The file is in UTF-16; only UTF-8 is read.",
                    "Save it again as UTF-8.",
                    here,
                )
            ]
        )
    if b"\x00" in data:
        raise Problems(
            [
                Diagnostic(
                    "file.binary",
                    "The file holds zero bytes, so it is no text in UTF-8.",
                    "Name the YAML or JSON file, not a document or an archive; a text in UTF-16 must be saved again as UTF-8.",
                    here,
                )
            ]
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        before = data[data.rfind(b"\n", 0, error.start) + 1 : error.start]
        raise Problems(
            [
                Diagnostic(
                    "file.encoding",
                    f"Byte {error.start + 1:,} is not UTF-8; the file seems to be in another encoding.",
                    "Save it again as UTF-8.",
                    Location(name, line, len(before.decode("utf-8-sig")) + 1),
                )
            ]
        ) from None
    return unicodedata.normalize("NFC", text)

"""Content hashes: of bytes, of texts, of a set of files, and of plain data in its canonical form."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping


def digest(content: str | bytes) -> str:
    """The SHA-256 of bytes, or of a text in UTF-8, in hex: of what we write ourselves, as `sha256sum` prints it."""
    data = content.encode("utf-8") if isinstance(content, str) else content
    return hashlib.sha256(data).hexdigest()


def text_digest(text: str | bytes) -> str:
    """The digest of a text that people keep, with its line ends as one character: a checkout on Windows reads the same.

    For a file with plain line ends and in Unicode's composed form it is what `sha256sum` prints.
    """
    return digest(plain_ends(text) if isinstance(text, str) else text.replace(b"\r\n", b"\n"))


def plain_ends(text: str) -> str:
    """A text with its line ends as one character."""
    return text.replace("\r\n", "\n")


def digests(files: Mapping[str, str] | Mapping[str, bytes]) -> dict[str, str]:
    """The hash of each text that people keep, by name and in the order of names."""
    return {name: text_digest(files[name]) for name in sorted(files)}


def combined(found: Mapping[str, str]) -> str:
    """One hash for a set of files: that of their hashes and names, a line each, as `sha256sum` lists them."""
    return digest("".join(f"{found[name]}  {name}\n" for name in sorted(found)))


def canonical(data: object) -> str:
    """Plain data (no fractions) as JSON in the one form that is hashed: keys in order, no blanks, nothing escaped that need not be."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)

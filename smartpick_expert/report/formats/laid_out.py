"""A document as it is written: its bytes, and for what a library lays out, what that was made from and by which versions.

Texts are the same everywhere. What is laid out depends on versions and fonts too, so that its bytes alone do not tell whether an
advice says the same; what it was laid out from does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from smartpick_expert.report.formats.extras import EXTRAS
from smartpick_expert.report.formats.pdf import pdf

_BY: Final[Mapping[str, Callable[[str], bytes]]] = {"pdf": pdf}
LAID_OUT: Final = tuple(_BY)
# The form of text that each is laid out from.
SOURCE_OF: Final = {"pdf": "print"}


@dataclass(frozen=True, slots=True)
class Made:
    """A document as it is written. `source` is the text that it was laid out from, by the versions `by`; of a text both are empty."""

    data: bytes
    source: str = ""
    by: str = ""


def made_from(text: str, form: str) -> Made:
    """The document of a format, from its text. Raises Problems where a library is missing."""
    if form not in _BY:
        return Made(text.encode())
    return Made(_BY[form](text), text, EXTRAS[form].versions)

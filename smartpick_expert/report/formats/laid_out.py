"""A document as it is written: its bytes, and for what a library lays out, what that was made from and by which versions.

Texts are the same everywhere. What is laid out depends on versions and fonts too, so that its bytes alone do not tell whether an
advice says the same; what it was laid out from does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from smartpick_expert.report.formats.extras import EXTRAS
from smartpick_expert.report.formats.pdf import pdf
from smartpick_expert.report.formats.word import word
from smartpick_expert.report.formats.workbook import workbook

_BY: Final[Mapping[str, Callable[[str, Path], bytes]]] = {
    "pdf": lambda text, _: pdf(text),
    "docx": word,
    "xlsx": lambda text, _: workbook(text),
}
# The form of text that documents are laid out from; workbook and calendar hold the whole advice, and have templates of their own.
SOURCE_OF: Final = {"pdf": "print", "docx": "word"}
OF_LINES: Final = {"xlsx": "workbook.txt.j2", "ics": "calendar.txt.j2"}


@dataclass(frozen=True, slots=True)
class Made:
    """A document as it is written. `source` is the text that it was laid out from, by the versions `by`; of a text both are empty."""

    data: bytes
    source: str = ""
    by: str = ""


def made_from(text: str, form: str, reports: Path) -> Made:
    """The document of a format, from its text; a Word template is taken from the folder of templates.

    Raises Problems where a library is missing, or a template cannot be filled in.
    """
    if form not in _BY:
        return Made(text.encode())
    return Made(_BY[form](text, reports), text, EXTRAS[form].versions)

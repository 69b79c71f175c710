"""The documents of an advice, and the names of their files.

Three documents are made from one run: the letter and the report for the applicant, the memo for the advisor alone. Of the formats
some are made of each document, and some hold the whole advice once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from smartpick_expert.report.formats.laid_out import OF_LINES, SOURCE_OF


class Document(StrEnum):
    """What a document is: two pages for the applicant, all of it for the applicant, or three pages for the advisor alone."""

    LETTER = "letter"
    REPORT = "report"
    MEMO = "memo"


DOCUMENTS: Final = tuple(Document)
# The documents that only the advisor reads.
FOR_ADVISOR: Final = frozenset({Document.MEMO})
# The texts of each document, all that is made of each (laid out from these), and what is made of the whole advice.
TEXTS: Final = ("html", "md")
OF_EACH: Final = (*TEXTS, *SOURCE_OF)
OF_ALL: Final = ("json", *OF_LINES)
FORMATS: Final = (*OF_EACH, *OF_ALL)
# What a name ends in before its form; the report's has nothing there.
_MARKED: Final = {Document.LETTER: ".letter", Document.MEMO: ".memo"}


@dataclass(frozen=True, slots=True)
class Written:
    """One file of an advice: which document it is, in which form. What holds the whole advice counts as the report."""

    document: Document
    form: str

    def name(self, stem: str) -> str:
        """What the file is called."""
        return f"{stem}{_MARKED.get(self.document, '')}.{self.form}"

    @property
    def is_for_advisor(self) -> bool:
        """Whether it is for the advisor alone: it holds what is kept from the applicant."""
        return self.document in FOR_ADVISOR or self.form == "json"


def written(documents: Iterable[Document], forms: Iterable[str]) -> Iterator[Written]:
    """The files of an advice in these formats, each document in each, and what holds the whole advice once."""
    several = tuple(forms)
    for document in documents:
        yield from (Written(document, form) for form in several if form in OF_EACH)
    yield from (Written(Document.REPORT, form) for form in several if form in OF_ALL)


def written_as(name: str) -> Written | None:
    """Which document a file is, by its name; None where the program writes none of that form."""
    stem, _, form = name.rpartition(".")
    if form not in FORMATS or not stem:
        return None
    if form in OF_EACH:
        for document, mark in _MARKED.items():
            if stem.endswith(mark):
                return Written(document, form)
    return Written(Document.REPORT, form)


def taken_for(stem: str) -> Document | None:
    """The document that a report under this stem would be taken for by its name; None where it would be by none."""
    return next((document for document, mark in _MARKED.items() if stem.endswith(mark)), None)

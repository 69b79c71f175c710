"""Documents from the view: HTML, Markdown, JSON and the summary for the terminal.

Templates run in Jinja's sandbox; an undefined name is an error. Every value is escaped for its format, so that nothing
an applicant writes can become markup.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from markupsafe import Markup

from smartpick_expert.explain.wording import plain_text, value_text
from smartpick_expert.knowledge.fees import money
from smartpick_expert.knowledge.phrases import language, named, said, short_day_text, short_month
from smartpick_expert.language.source import read_text
from smartpick_expert.report.directions_of_writing import isolated
from smartpick_expert.report.documents import FOR_ADVISOR, Document
from smartpick_expert.report.drawings.geometry import DRAWN_WITH
from smartpick_expert.report.explained import explained
from smartpick_expert.report.sandbox import Bounded
from smartpick_expert.report.view_model import View
from smartpick_expert.workspace import shipped_root

_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>|~#])")
# The style sheets of each form of HTML: for browsers and their printers, and for what is laid out as PDF.
# What Word gets is as short as what is printed; templates need not know that it is no HTML.
_AS: Final = {"word": "print"}
STYLES: Final = {"html": ("style.css",), "print": ("style.css", "print.css"), "word": ()}
_LINE_START = re.compile(r"^([-+#>=])|^(\d+)([.)])")
_NAMES: Final = {Document.REPORT: "advice", Document.LETTER: "letter", Document.MEMO: "memo"}
_SUMMARY: Final = "summary"
# The letter and the memo are set as letters are, and share their sheets.
_OF_LETTERS: Final = {"html": ("letter.css",), "print": ("letter.css", "letter_print.css")}
_SHEETS: Final = {Document.REPORT: STYLES, Document.LETTER: _OF_LETTERS, Document.MEMO: _OF_LETTERS}


def markdown_text(value: object) -> str:
    """A value as plain text in Markdown: on one line, everything that could be markup escaped."""
    if isinstance(value, Markup):
        return str(value)
    text = " ".join(str(value).replace("&", "&amp;").split())
    text = _LINE_START.sub(_escaped_start, _MARKDOWN.sub(r"\\\1", text))
    # Addresses become links by themselves in many readers; an applicant's text must not.
    return isolated(text.replace("://", "&#58;//").replace("www.", "www&#46;").replace("@", "&#64;"))


def page_text(value: object) -> object:
    """A value in HTML: one that runs from right to left is kept from turning round the words beside it."""
    return isolated(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _escaped_start(start: re.Match[str]) -> str:
    mark, number, point = start.groups()
    return f"\\{mark}" if mark else f"{number}\\{point}"


def share_text(share: float) -> str:
    """A share (0 to 1) in whole per cents: `12%`, `under 1%`, `over 99%`."""
    least = 0.01
    if 0 < share < least:
        return said("share_under")
    return said("share_over") if 1 - least < share < 1 else f"{share:.0%}"


def interviews_text(number: float) -> str:
    """A number of interviews that are expected: `12`, `2.4`, `0.08`, `under 0.01`."""
    whole, tenths, least = 9.95, 0.995, 0.005
    if 0 < number < least:
        return said("interviews_under")
    return (
        f"{number:.0f}" if number == 0 or number >= whole else f"{number:.1f}" if number >= tenths else f"{number:.2f}"
    )


def ratio_text(ratio: float) -> str:
    """A ratio of odds, no finer than it is known: `3.1`, `0.62`, `12`."""
    return f"{ratio:.2g}" if ratio < 9.95 else f"{ratio:.0f}"  # noqa: PLR2004 - two digits below ten


def _figure(text: Callable[[float], str]) -> Callable[[float], Markup]:
    """A filter for figures of ours, in which nothing is markup."""
    return lambda number: Markup(text(number))  # noqa: S704 - digits, and words of ours


def laid_out(value: object) -> str:
    """A value for a terminal where its blanks are meant, as in a table: on one line, control characters dropped.

    What a macro has laid out already stays as it is.
    """
    if isinstance(value, Markup):
        return str(value)
    return "".join(c for c in str(value).replace("\n", " ") if c.isprintable())


_FINALIZE: dict[str, Callable[[Any], Any] | None] = {
    "html": page_text,
    "print": page_text,
    "word": page_text,
    "md": markdown_text,
    "summary": plain_text,
    "table": laid_out,
}


@lru_cache(maxsize=16)
def environment(reports: Path, form: str) -> Bounded:
    """The template environment of a format, over a folder of templates."""
    made = Bounded(
        reports,
        autoescape=form in STYLES,
        finalize=_FINALIZE[form],
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters["money"] = money
    made.filters["share"] = _figure(share_text)
    made.filters["ratio"] = _figure(ratio_text)
    made.filters["interviews"] = _figure(interviews_text)
    made.globals.update(DRAWN_WITH, form=_AS.get(form, form))
    made.filters["day"] = value_text
    made.filters.update(words=lambda name: named(str(name)), short_day=short_day_text, short_month=short_month)
    made.globals["language"] = language
    return made


def template_of(document: Document, form: str) -> str:
    """The name of the template of a document as `html`, `print` (HTML to be laid out) or `md`, or of the report's `summary`."""
    if form == _SUMMARY:
        return f"{_SUMMARY}.txt.j2"
    return f"{_NAMES[document]}.{'html' if form in STYLES else form}.j2"


def render(view: View, form: str, reports: Path, document: Document = Document.REPORT, **parts: object) -> str:
    """A document in a form of `template_of`. `parts` are what its template has besides the view.

    Raises jinja2.TemplateError for a template that names what is not there.
    """
    sheets = _SHEETS[document].get(form, ())
    text = filled(template_of(document, form), form, reports, sheets, view=view, **parts)
    if form == _SUMMARY or document in FOR_ADVISOR:
        return text
    return explained(text, "html" if form in STYLES else form, view.phrasing.terms)


def filled(template: str, form: str, reports: Path, sheets: tuple[str, ...] | None = None, **values: object) -> str:
    """A template of a format with its values; HTML gets style sheets, by default those of the report. Raises jinja2.TemplateError."""
    named = STYLES.get(form, ()) if sheets is None else sheets
    style = "\n".join(_sheet(reports, name) for name in named)
    made = environment(reports, form).get_template(template)
    text = made.render(style=Markup(style), **values)  # noqa: S704 - our own style sheet, not anybody's input
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n" if form == "md" else text


def _sheet(reports: Path, name: str) -> str:
    """A style sheet of a folder of templates, or the shipped one where a workspace of before has none. Raises Problems."""
    own = reports / name
    return read_text(own if own.is_file() else shipped_root() / "reports" / name, f"reports/{name}")

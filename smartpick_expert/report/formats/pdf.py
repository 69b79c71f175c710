"""PDF from the HTML of a document, laid out by WeasyPrint: tagged for readers that read aloud, nothing fetched from anywhere.

The same HTML makes the same bytes with the same versions and fonts; elsewhere lines may break at other places.
"""

from __future__ import annotations

from typing import Any

from smartpick_expert.diagnostics import Diagnostic, Location, Problems
from smartpick_expert.language.values import shorten
from smartpick_expert.report.formats.extras import library
from smartpick_expert.report.formats.pdf_tags import put_right

FORM = "pdf"
# A place below which every relative address comes to lie, so that it is refused and not passed over.
_NOWHERE = "file:///"


def pdf(html: str) -> bytes:
    """The PDF of a document. Raises Problems where WeasyPrint is missing, a template refers to a file, or there are no fonts."""
    weasyprint = library(FORM, "weasyprint")
    refused: list[str] = []
    document = weasyprint.HTML(string=html, base_url=_NOWHERE, url_fetcher=_fetcher(weasyprint, refused))
    fonts: list[Any] = []

    def finish(laid_out: Any, file: Any) -> None:
        fonts.extend(laid_out.fonts)
        put_right(file)

    data: bytes = document.write_pdf(pdf_tags=True, pdf_variant="pdf/ua-1", finisher=finish)
    if refused:
        message = (
            f"A template refers to '{shorten(refused[0].removeprefix(_NOWHERE))}', and a document fetches nothing."
        )
        hint = "Take it out of the templates; a picture can be written into them as a 'data:' address."
        raise Problems([Diagnostic("report.fetches", message, hint, Location("reports"))])
    if not fonts:
        message = "This system has no fonts, so that a PDF would have no words."
        hint = "Install some: 'apt install fonts-dejavu' on Debian and Ubuntu."
        raise Problems([Diagnostic("format.fonts", message, hint, Location(f"--format {FORM}"))])
    return data


def _fetcher(weasyprint: Any, refused: list[str]) -> Any:
    """What opens addresses for WeasyPrint: those that hold all of their content, and no others."""
    opener: Any = weasyprint.urls.URLFetcher

    def fetch(self: Any, url: str, headers: Any = None) -> Any:
        if not url.startswith("data:"):
            refused.append(url)
            raise ValueError("nothing is fetched")
        return opener.fetch(self, url, headers)

    return type("Refusing", (opener,), {"fetch": fetch})()

"""How long the printed report is: pages of its body and of all of it, and how full each page is.

`python -m tests.pages` measures every persona, with a catalogue of programs and without (`python -m tests.pages high_risk` some of them);
`tests/test_pdf.py` holds the longest to the limits.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from io import BytesIO
from typing import Any, Final

import pypdf

from smartpick_expert.advice import Advice, advise
from smartpick_expert.diagnostics import Problems
from smartpick_expert.lists.wishes import Plan, Wishes, wishing
from smartpick_expert.report.render import render
from tests.advised import PERSONAS
from tests.profiles import WORKSPACE

# What is promised for every persona with a catalogue of programs and a budget: pages of the body, and of body and annexes.
BODY, WHOLE = 14, 26
# A page that is less full wastes paper.
HALF: Final = 0.5
DAY: Final = date(2026, 9, 10)
BUDGET: Final = 1500
# Where the head of a page ends and its foot begins, as shares of its height from the bottom.
HEAD, FOOT = 0.953, 0.047


@dataclass(frozen=True, slots=True)
class Measure:
    """A printed report: its pages, those of its body, and how far down each page is written on, from 0 to 1."""

    pages: int
    body: int
    full: tuple[float, ...]

    @property
    def wasted(self) -> tuple[int, ...]:
        """The pages that are less than half full, save the last of the body and of the whole."""
        last = {self.body, self.pages}
        return tuple(page for page, full in enumerate(self.full, start=1) if full < HALF and page not in last)


def advice_with_programs(persona: str) -> Advice:
    """The advice on a persona with the shipped catalogue, and with a list under a budget where one can be chosen."""
    catalogue = {
        f"catalogues/list.{form}": (WORKSPACE.root / "knowledge" / "catalogues" / f"sample.{form}").read_text("utf-8")
        for form in ("csv", "yaml")
    }
    carrying = replace(WORKSPACE, files={**WORKSPACE.files, **catalogue})
    path = WORKSPACE.personas / f"{persona}.yaml"
    advice = advise(path, wishing(carrying, Wishes(BUDGET, (Plan("internal_medicine"),))), DAY, "plain")
    try:
        advice.told.program_list  # noqa: B018 - the list is chosen when it is asked for
    except Problems:
        return advise(path, carrying, DAY, "plain")
    return advice


def printed(advice: Advice) -> str:
    """What the PDF of a report is laid out from."""
    return render(advice.given, "print", WORKSPACE.reports)


def measured(html: str) -> Measure:
    """The pages of a printed report."""
    import weasyprint  # noqa: PLC0415 - an optional part, and slow to load

    laid_out = weasyprint.HTML(string=html).render()
    reader = pypdf.PdfReader(BytesIO(laid_out.write_pdf()))
    body = next(number for number, page in enumerate(laid_out.pages) if "annexes" in page.anchors)
    return Measure(len(laid_out.pages), body, tuple(_full(page) for page in reader.pages))


def _full(page: Any) -> float:
    """How far down a page is written on; what stands in its head and foot does not count."""
    height = float(page.mediabox.height)
    lowest = [HEAD]

    def at(text: str, outer: list[float], inner: list[float], *_: object) -> None:
        place = (inner[4] * outer[1] + inner[5] * outer[3] + outer[5]) / height
        if text.strip() and place > FOOT:
            lowest[0] = min(lowest[0], place)

    page.extract_text(visitor_text=at)
    return (HEAD - lowest[0]) / (HEAD - FOOT)


def measure(personas: Iterable[str]) -> bool:
    """Print the measures of personas, with programs and without; whether all keep to the limits."""
    kept = True
    for persona in personas:
        with_programs = measured(printed(advice_with_programs(persona)))
        bare = measured(printed(advise(WORKSPACE.personas / f"{persona}.yaml", WORKSPACE, DAY, "plain")))
        for what, found in (("with programs", with_programs), ("without", bare)):
            fits = found.body <= BODY and found.pages <= WHOLE and not found.wasted
            kept = kept and fits
            wasted = f"; less than half full: {', '.join(map(str, found.wasted))}" if found.wasted else ""
            mark = "" if fits else "  !"
            sys.stdout.write(f"{persona:28} {what:14} body {found.body:2} of {found.pages:2}{wasted}{mark}\n")
            sys.stdout.flush()
    return kept


if __name__ == "__main__":
    sys.exit(0 if measure(sys.argv[1:] or PERSONAS) else 1)

"""Word documents as LibreOffice lays them out: each keeps to its pages, for every persona.

`make look-docx` runs these and leaves the documents and their pages (PDF) in `out/look`, to be looked at. They take LibreOffice and most
of a minute, so the other tests leave them out. All are laid out in one run of it, since it takes longer to start than to lay out.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Final

import pypdf
import pytest

from smartpick_expert.advice import Advice, advise
from smartpick_expert.lists.wishes import Wishes, wishing
from smartpick_expert.programs.carried import carrying
from smartpick_expert.report.documents import Document
from smartpick_expert.report.formats.word import word
from tests.advised import PERSONAS, advice_on, day_of
from tests.profiles import WORKSPACE

SOFFICE: Final = shutil.which("soffice") or shutil.which("libreoffice") or ""
pytestmark = [
    pytest.mark.skipif(not os.environ.get("SMARTPICK_LOOK"), reason="in LibreOffice: 'make look-docx' runs these"),
    pytest.mark.skipif(not SOFFICE, reason="there is no LibreOffice here: 'apt install libreoffice-writer' on Debian"),
]

PAGES: Final = {Document.LETTER: 2, Document.MEMO: 3}
# With a list of programs a letter has a chapter more; tried on those with the most to say.
WITH_LIST: Final = ("graduate_needing_visa", "high_risk", "h1b_only")
REPORTS: Final = ("high_risk", "premed")
# The American sheet is the shorter one; what keeps to it keeps to A4 too.
SHEET: Final = "<style>@page { size: letter; }</style></head>"


def document(advice: Advice, which: Document) -> bytes:
    return word(advice.document("word", which).replace("</head>", SHEET, 1), WORKSPACE.reports)


def with_list(persona: str) -> Advice:
    """The advice on a persona with a list chosen from the sample catalogue, as far as the money goes."""
    carries, *_ = carrying(WORKSPACE, [WORKSPACE.root / "knowledge" / "catalogues" / "sample.csv"])
    path = WORKSPACE.personas / f"{persona}.yaml"
    return advise(path, wishing(carries, Wishes(1500, ())), day_of(persona), "plain")


@pytest.fixture(scope="module")
def pages() -> dict[str, int]:
    """How many pages each document has; the documents and what LibreOffice makes of them are left to be looked at."""
    folder = Path("out") / "look"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name, advice in [
        *((one, advice_on(one)) for one in PERSONAS),
        *((f"{one}+list", with_list(one)) for one in WITH_LIST),
    ]:
        for which in PAGES:
            (folder / f"{name}.{which}.docx").write_bytes(document(advice, which))
        if name in REPORTS:
            (folder / f"{name}.{Document.REPORT}.docx").write_bytes(document(advice, Document.REPORT))
    own = (folder / "settings").absolute().as_uri()
    asked = [SOFFICE, f"-env:UserInstallation={own}", "--headless", "--convert-to", "pdf", "--outdir", str(folder)]
    subprocess.run([*asked, *map(str, sorted(folder.glob("*.docx")))], check=True, capture_output=True, timeout=300)
    shutil.rmtree(folder / "settings")
    return {path.stem: len(pypdf.PdfReader(path).pages) for path in sorted(folder.glob("*.pdf"))}


def test_letter_and_memo_keep_to_their_pages_in_word_for_every_persona(pages: dict[str, int]):
    most = {
        f"{name}.{which}": PAGES[which]
        for name in (*PERSONAS, *(f"{one}+list" for one in WITH_LIST))
        for which in PAGES
    }
    assert {name: pages.get(name) for name, limit in most.items() if not 1 <= pages.get(name, 0) <= limit} == {}

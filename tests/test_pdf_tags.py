"""The tags of a PDF: what a reader that reads aloud goes by. `docs/formats.md` says which checker finds the same of whole documents."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from itertools import pairwise
from typing import Any

import pypdf
import pytest
from pypdf.generic import ArrayObject, ContentStream, DictionaryObject

from smartpick_expert.report.documents import DOCUMENTS, Document
from smartpick_expert.report.formats.pdf import pdf
from tests.advised import advice_on
from tests.installed import needs

pytestmark = needs("pdf")
# What a list may hold, and what stands alone although it holds nothing: cells keep a table regular.
OF_LISTS = {"/LI", "/L", "/Caption"}
MAY_BE_EMPTY = {"/TD", "/TH"}
PAGE = """<!DOCTYPE html><html lang="en"><head><title>A page of everything</title><style>
@page { @top-left { content: "A head" } @bottom-right { content: "Page " counter(page) } }
dl div { display: inline-flex }</style></head><body>
<h1>Head</h1><dl> <div><dt>Name</dt><dd>Value</dd></div> <div><dt>Other</dt><dd>Second</dd></div> </dl><ul><li>See <a href="#x">the end</a>
</li><li><p>Two</p><p>and more</p></li></ul><table><thead><tr><th scope="col">A</th><th scope="col">B</th></tr></thead>
<tbody><tr><th scope="row">r</th><td>1</td></tr></tbody></table><p></p><p id="x">The end</p></body></html>"""


@cache
def read(document: Document | None) -> pypdf.PdfReader:
    """A document of a persona as PDF, or the page of everything."""
    data = pdf(PAGE) if document is None else advice_on("premed").made("pdf", document).data
    return pypdf.PdfReader(BytesIO(data))


def tree(reader: pypdf.PdfReader) -> Iterator[tuple[str, DictionaryObject, list[Any]]]:
    """Every element of the tree with the kind above it and what it holds, in reading order."""

    def below(element: DictionaryObject, above: str) -> Iterator[tuple[str, DictionaryObject, list[Any]]]:
        held = element.get("/K", ArrayObject())
        kids = [kid.get_object() for kid in (held if isinstance(held, list) else [held])]
        yield above, element, kids
        for kid in kids:
            if isinstance(kid, DictionaryObject) and "/S" in kid:
                yield from below(kid, str(element["/S"]))

    root: Any = reader.trailer["/Root"]
    for kid in root["/StructTreeRoot"]["/K"]:
        yield from below(kid.get_object(), "")


def marked(reader: pypdf.PdfReader) -> Iterator[tuple[int, int]]:
    """The page and number of every piece of content that is marked as a part of the text."""
    for number, page in enumerate(reader.pages):
        for operands, operator in ContentStream(page.get_contents(), reader).operations:
            if operator == b"BDC" and "/MCID" in operands[1]:
                yield number, operands[1]["/MCID"]


parametrize = pytest.mark.parametrize("document", [None, *DOCUMENTS], ids=str)


@parametrize
def test_lists_hold_items_and_items_stand_in_lists(document: Document | None):
    found = [(above, str(element["/S"])) for above, element, _ in tree(read(document))]
    strange = [
        one for one in found if (one[0] == "/L" and one[1] not in OF_LISTS) or (one[1] == "/LI" and one[0] != "/L")
    ]
    assert (strange, ("/L", "/LI") in found) == ([], True)


@parametrize
def test_every_cell_that_heads_others_says_which(document: Document | None):
    heads = [element["/A"].get("/Scope") for _, element, _ in tree(read(document)) if element["/S"] == "/TH"]
    assert set(heads) <= {"/Row", "/Column"}


@parametrize
def test_no_element_is_empty_and_every_picture_has_its_words(document: Document | None):
    found = list(tree(read(document)))
    empty = [str(element["/S"]) for _, element, kids in found if not kids and element["/S"] not in MAY_BE_EMPTY]
    assert (empty, [element for _, element, _ in found if element["/S"] == "/Figure" and not element.get("/Alt")]) == (
        [],
        [],
    )


@parametrize
def test_whatever_is_marked_as_text_stands_in_the_tree_once_and_heads_and_feet_do_not(document: Document | None):
    reader = read(document)
    pages = {page.indirect_reference: number for number, page in enumerate(reader.pages)}
    held = [
        (pages[element.raw_get("/Pg")], kid)
        for _, element, kids in tree(reader)
        for kid in kids
        if isinstance(kid, int)
    ]
    assert (sorted(held), len(held)) == (sorted(marked(reader)), len(set(held)))


@parametrize
def test_headings_begin_with_the_first_and_leave_none_out(document: Document | None):
    kinds = [str(element["/S"]) for _, element, _ in tree(read(document))]
    levels = [int(kind[2:]) for kind in kinds if re.fullmatch(r"/H\d", kind)]
    assert (levels[0], [b for a, b in pairwise(levels) if b > a + 1]) == (1, [])


@parametrize
def test_links_are_told_printed_and_reached_in_order(document: Document | None):
    reader = read(document)
    links = [one.get_object() for page in reader.pages for one in page.get("/Annots", ())]
    assert [link for link in links if not link.get("/Contents") or link.get("/F") != 4] == []
    assert {page.get("/Tabs") for page in reader.pages if page.get("/Annots")} <= {"/S"}


def test_a_name_and_what_it_means_are_one_item_in_which_the_name_is_the_label():
    kinds = [
        [str(kid["/S"]) for kid in kids]
        for _, element, kids in tree(read(None))
        if element["/S"] == "/LI" and all(isinstance(kid, DictionaryObject) for kid in kids)
    ]
    assert kinds[:2] == [["/Lbl", "/LBody"]] * 2

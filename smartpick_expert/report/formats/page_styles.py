"""Which style of Word each element of our pages has, and which of them stand on a line of their own or behind a sign.

Purpose: the one place where classes of our templates and styles of the Word template meet. Nothing is read here and nothing written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

VOID: Final = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"})
BLOCKS: Final = frozenset(
    {
        *(
            "address",
            "article",
            "aside",
            "blockquote",
            "body",
            "dd",
            "details",
            "div",
            "dl",
            "dt",
            "figcaption",
            "figure",
        ),
        *("footer", "h1", "h2", "h3", "h4", "header", "html", "li", "main", "ol", "p", "pre", "section", "summary"),
        *("table", "td", "th", "tr", "ul"),
    }
)
_LEFT_OUT: Final = frozenset({"head", "nav", "script", "style", "svg", "template"})
_HEADINGS: Final = {"figcaption": "Caption", "h1": "Title", "h2": "Heading 1", "h3": "Heading 2", "h4": "Heading 3"}
# Classes of our templates that have a style in Word, with an element's name where the class alone says too little; of several around
# a text the innermost counts.
_CLASSES: Final = {
    "house": "House",
    "contact": "House Lines",
    "date": "Date",
    "p.for": "Subtitle",
    "banner": "Banner",
    "bucket": "Bucket",
    "answer": "Answer",
    "headline": "Answer",
    "about": "About",
    "framing": "Remark",
    "reference": "Remark",
    "note": "Note",
    "known": "Note",
    "question": "Note",
    "p.line": "Signature",
    "role": "Note",
    "source-id": "Mark",
    "origin": "Mark",
    "weighs": "Weighs",
    "leads": "Mark",
    "label": "Label",
    "why-heading": "Label",
    "message": "Message",
    "judged": "Boxed",
    "counter": "Boxed",
    "says": "Normal",
    "perception": "Perception",
    "measured": "Measured",
}
# In these documents statements have no line beside them.
_SHORT, _BESIDE = frozenset({"letter", "memo"}), frozenset({"perception", "measured"})
# What stands apart on a page by how it is drawn is set apart by a sign.
_BEFORE: Final = {"when": "· ", "stage": " · ", "rule": "· ", "numbers": "· ", "done": "\n"}
# What stands on a line of its own where it does on a page: around what, and its class or element.
_OWN_LINE: Final = frozenset({("banner", "span"), ("steps", "note"), ("drivers", "code"), ("shut", "code")})
_BOLD, _ITALIC = frozenset({"strong", "b"}), frozenset({"em", "i"})
_ASIDE: Final = frozenset({"gloss", "note", "known", "ref", "cited"})
_LINES: Final = frozenset({"known", "mark", "reference", "source-id"})
# Lists of an annex, where one looks up and does not read: each item is one small paragraph.
_LOOKED_UP: Final = frozenset({"sources", "firings", "listed"})
# Lists whose order is no number.
_UNNUMBERED: Final = frozenset({"reasons", "scale", "sources"})
_DEEPEST: Final = 3
NUMBERS: Final = "List Number"


@dataclass(frozen=True, slots=True)
class Element:
    """An element that is open: its name, its classes, and whether it is left out of a Word document."""

    tag: str
    classes: tuple[str, ...]
    hidden: bool = False


def is_left_out(tag: str, classes: Sequence[str], around: Sequence[Element], *, is_hidden: bool) -> bool:
    """Whether an element is for whom reads on a screen alone: navigation, what is folded, and what is kept from readers aloud."""
    says_no_more = tag == "details" and ("numbers" in classes or any("sources" in one.classes for one in around))
    is_folded = bool(around) and around[-1].tag == "details" and tag != "summary"
    return says_no_more or is_folded or is_hidden or tag in _LEFT_OUT or "skip" in classes


def before(opened: Sequence[Element]) -> str:
    """What is typed before an element that has just been opened: the end of a line, a sign, or nothing."""
    last = opened[-1]
    around = {name for one in opened[:-1] for name in one.classes}
    if any(outer in around and (inner == last.tag or inner in last.classes) for outer, inner in _OWN_LINE):
        return "\n"
    return "".join(_BEFORE[name] for name in last.classes if name in _BEFORE) if last.tag == "span" else ""


def is_to_write_on(opened: Sequence[Element]) -> bool:
    """Whether an element without words is a line to write on: a signature, and what is entered by hand."""
    last = opened[-1]
    return "line" in last.classes or (last.tag == "dd" and any("signoff" in one.classes for one in opened))


def runs_on(tag: str, opened: Sequence[Element]) -> bool:
    """Whether a paragraph within these elements is no paragraph of its own, but goes on with the one before."""
    tags = [one.tag for one in opened]
    return (
        tag == "p" and tags[-1:] == ["li"] and any(_LOOKED_UP & set(one.classes) for one in opened if one.tag == "ul")
    )


def look(opened: Sequence[Element]) -> dict[str, bool]:
    """How a text within these elements looks, as a run has it; what is a paragraph of its own has its style for that."""
    tags = {one.tag for one in opened}
    classes = {name for one in opened if one.tag not in BLOCKS for name in one.classes}
    # In a cell a paragraph has no style of its own, so that its words have its look.
    around = {name for one in opened for name in one.classes}
    is_aside = bool(
        classes & _ASIDE or ("td" in tags and "known" in around) or (_LOOKED_UP & around and _LINES & around)
    )
    return {
        "bold": bool(tags & _BOLD or "weight" in classes),
        "italic": bool(tags & _ITALIC),
        "code": "code" in tags,
        "aside": is_aside,
    }


def is_numbered(opened: Element) -> bool:
    """Whether the items of a list are numbered."""
    return opened.tag == "ol" and not _UNNUMBERED & set(opened.classes)


def style_of(opened: Sequence[Element], lists: Sequence[int], *, is_fresh: bool) -> str:
    """The style of a paragraph within these elements; `lists` are the lists around it (0 for bullets), `is_fresh` an item's first."""
    around = {name for one in opened for name in one.classes}
    for one in reversed(opened):
        if one.tag in _HEADINGS:
            return _HEADINGS[one.tag]
        known = [key for name in one.classes for key in (name, f"{one.tag}.{name}") if key in _CLASSES]
        if known and one.tag != "span":
            return "Normal" if known[-1] in _BESIDE and _SHORT & around else _CLASSES[known[-1]]
        if one.tag == "li" and len(lists) == 1 and _LOOKED_UP & around:
            return "Entry"
        if one.tag == "li":
            base = NUMBERS if is_fresh and lists[-1] else "List Bullet" if is_fresh else "List Continue"
            depth = min(len(lists), _DEEPEST)
            return base if depth == 1 else f"{base} {depth}"
        if one.tag == "footer":
            return "Note"
    return "Normal"

"""Whether an SVG only draws: no script, nothing fetched from elsewhere, nothing that grows without end when it is drawn."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from xml.etree.ElementTree import Element, ParseError, fromstring

from smartpick_expert.language.values import ValueProblem, shorten

_CODE: Final = "house.logo"
_SVG: Final = "{http://www.w3.org/2000/svg}"
_XHTML: Final = "{http://www.w3.org/1999/xhtml}"
# What runs, embeds, animates or leads elsewhere.
_REFUSED: Final = frozenset(
    {
        *("a", "animate", "animateColor", "animateMotion", "animateTransform", "audio", "canvas", "discard", "embed"),
        *("foreignObject", "handler", "iframe", "listener", "object", "script", "set", "video"),
    }
)
_REFERENCE: Final = re.compile(r"url\(\s*['\"]?\s*(?!#)|@import|image-set\(|expression\(", re.IGNORECASE)
_PICTURE: Final = re.compile(r"data:image/(png|jpeg);base64,[A-Za-z0-9+/=\s]*")
_LENGTH: Final = re.compile(r"\s*([0-9]+(?:\.[0-9]+)?)\s*(?:px|pt|mm|cm|in|pc)?\s*")
_DEEPEST: Final = 100
_BOX: Final = 4


def svg_size(data: bytes) -> tuple[float, float]:
    """The width and height of an SVG in its own units. Raises ValueProblem where it is none, or could do more than draw."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _refused("it is not in UTF-8") from None
    if re.search(r"<!\s*(DOCTYPE|ENTITY)", text, re.IGNORECASE):
        raise _refused("it declares entities or a document type of its own")
    try:
        root = fromstring(text)  # noqa: S314 - no text with a declaration comes here, so there is nothing to expand
    except (ParseError, ValueError) as error:
        raise _refused(f"it is no XML that can be read: {shorten(str(error), 80)}") from None
    if root.tag != f"{_SVG}svg":
        raise _refused(f"its outermost element is '{shorten(_local(root.tag))}' and not 'svg'")
    inside = [(root, 1)]
    while inside:
        element, depth = inside.pop()
        reason = (
            f"its elements are nested more than {_DEEPEST} deep" if depth > _DEEPEST else next(_reasons(element), "")
        )
        if reason:
            raise _refused(reason)
        inside += [(child, depth + 1) for child in element]
    _check_uses(root)
    return _size(root)


def _reasons(element: Element) -> Iterator[str]:
    name = _local(element.tag)
    if name in _REFUSED or str(element.tag).startswith(_XHTML):
        yield f"it has the element '{shorten(name)}', which does more than draw"
    for key, value in element.attrib.items():
        attribute = _local(key)
        if attribute.lower().startswith("on"):
            yield f"it has the script '{shorten(attribute)}'"
        if attribute == "href" and not value.startswith("#") and not (name == "image" and _PICTURE.fullmatch(value)):
            yield f"it refers to something outside itself: '{shorten(value, 60)}'"
        if _REFERENCE.search(value):
            yield f"its '{shorten(attribute)}' refers to something outside itself"
    if name == "style" and _REFERENCE.search("".join(element.itertext())):
        yield "its style refers to something outside itself"


def _check_uses(root: Element) -> None:
    """Refuse an element drawn again inside one that is drawn again: a few lines of it take for ever."""
    named = {element.get("id", ""): element for element in root.iter()}
    for element in root.iter(f"{_SVG}use"):
        target = next((value for key, value in element.attrib.items() if _local(key) == "href"), "")
        drawn = named.get(target.removeprefix("#"))
        if drawn is not None and any(True for _ in drawn.iter(f"{_SVG}use")):
            raise _refused(f"'{shorten(target)}' is drawn again and itself draws other parts again")


def _size(root: Element) -> tuple[float, float]:
    box = re.split(r"[\s,]+", root.get("viewBox", "").strip())
    if len(box) == _BOX:
        try:
            return float(box[2]), float(box[3])
        except ValueError:
            pass
    sides = [_LENGTH.fullmatch(root.get(name, "")) for name in ("width", "height")]
    if None in sides:
        raise _refused("it says nothing of its size (viewBox, or width and height)")
    width, height = (float(side[1]) for side in sides if side is not None)
    return width, height


def _local(tag: object) -> str:
    return str(tag).rpartition("}")[2]


def _refused(reason: str) -> ValueProblem:
    hint = "Save it as a plain SVG with nothing linked or scripted, or as a PNG."
    return ValueProblem(_CODE, f"The logo cannot be used: {reason}.", hint)

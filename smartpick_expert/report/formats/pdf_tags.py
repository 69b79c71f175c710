"""The tags of a PDF put right where WeasyPrint's are not what PDF/UA asks for, before the file is written.

WeasyPrint tags each box by its element. That leaves the head and foot of pages tagged as text outside the tree, groups in lists of names
(`dl > div`) between a list and its items, cells that head a row or a column without saying which, and elements that hold nothing.
`docs/formats.md` says what a checker finds of the rest.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

_LIST, _ITEM, _BODY, _LABEL = "/L", "/LI", "/LBody", "/Lbl"
# Elements that may hold nothing: cells keep a table regular, pictures have their words.
_MAY_BE_EMPTY: Final = frozenset({"/TD", "/TH", "/TR", "/Figure", "/Link", "/Document"})
_PAIR: Final = 2
# A link that is printed as it is shown.
_PRINTED: Final = 4


def put_right(pdf: Any) -> None:
    """Put the tags of a `pydyf.PDF` right, which WeasyPrint is about to write."""
    tags = _Tags(pdf)
    root = tags.object(pdf.catalog["StructTreeRoot"])
    for element in tags.kids(root):
        tags.tree(element)
    tags.mark_artifacts(root)
    for one in pdf.objects:
        if isinstance(one, dict) and one.get("Subtype") == "/Link":
            one["F"] = _PRINTED


@dataclass
class _Tags:
    """The objects of a PDF; `reached` are the numbers of the elements that its tree holds."""

    pdf: Any
    reached: set[int] = field(default_factory=set)

    def object(self, reference: bytes) -> Any:
        """What a reference such as `12 0 R` names."""
        return self.pdf.objects[int(reference.split()[0])]

    def kids(self, element: Any) -> Iterator[Any]:
        """The elements right below one, without content and links."""
        for kid in element["K"]:
            if isinstance(kid, bytes) and (found := self.object(kid)).get("Type") == "/StructElem":
                yield found

    def tree(self, element: Any, parent: str = "", part: str = "") -> None:
        """Put an element right with all below it; `parent` is the kind it stands in, `part` the part of a table."""
        kind = element["S"]
        if kind == _ITEM and parent != _LIST:
            # A box that WeasyPrint made within an item is none itself.
            kind = element["S"] = "/NonStruct"
        if kind == "/TH":
            element["A"]["Scope"] = "/Row" if part == "/TBody" else "/Column"
        if kind == _LIST:
            self.list_of_names(element)
        for kid in self.kids(element):
            self.tree(kid, kind, kind if kind in ("/THead", "/TBody", "/TFoot") else part)
        element["K"][:] = [kid for kid in element["K"] if not self.is_empty(kid)]
        if kind == _ITEM and element["K"]:
            self.body(element)
        self.reached.add(element.number)

    def is_empty(self, kid: Any) -> bool:
        """Whether a kid is an element that holds nothing."""
        found = self.object(kid) if isinstance(kid, bytes) else {}
        return found.get("Type") == "/StructElem" and not found["K"] and found["S"] not in _MAY_BE_EMPTY

    def list_of_names(self, listed: Any) -> None:
        """Put what stands in groups right below its list, a name and what it means as one item; blanks between groups are no items."""
        kids = []
        for kid in listed["K"]:
            group = self.object(kid) if isinstance(kid, bytes) else {}
            items = list(self.kids(group)) if group.get("S") == "/Div" else []
            if not items or any(one["S"] != _ITEM for one in items):
                kids += [kid] if group.get("S") != "/Span" else []
                continue
            first, *others = items
            if others:
                for name in self.kids(first):
                    name["S"] = _LABEL
                for one in others:
                    self.move(one["K"], first)
                items = [first]
            for one in items:
                one["P"] = listed.reference
            kids += [one.reference for one in items]
        listed["K"][:] = kids

    def move(self, kids: Any, to: Any) -> None:
        """Put kids of another element at the end of this one's."""
        for kid in kids:
            self.object(kid)["P"] = to.reference
        to["K"].extend(kids)

    def body(self, item: Any) -> None:
        """Give an item of a list its body where its words stand right in it."""
        kinds = {one["S"] for one in self.kids(item)}
        if _BODY in kinds or kinds == {_LABEL}:
            return
        body = type(item)(
            {"Type": "/StructElem", "S": _BODY, "K": type(item["K"])(), "P": item.reference, "Pg": item["Pg"]}
        )
        self.pdf.add_object(body)
        self.reached.add(body.number)
        labels = [kid for kid in item["K"] if isinstance(kid, bytes) and self.object(kid).get("S") == _LABEL]
        for kid in item["K"]:
            if kid in labels:
                continue
            body["K"].append(kid)
            if isinstance(kid, bytes) and "P" in (found := self.object(kid)):
                found["P"] = body.reference
        item["K"][:] = [*labels, body.reference]

    def mark_artifacts(self, root: Any) -> None:
        """Mark the content that no element of the tree holds, which is that of heads and feet, as no part of the text."""
        numbers = self.object(root["ParentTree"])["Nums"]
        pages = [one for one in self.pdf.objects if isinstance(one, dict) and one.get("Type") == "/Page"]
        parents = {
            page: refs for page, refs in zip(numbers[::_PAIR], numbers[1::_PAIR], strict=True) if isinstance(refs, list)
        }
        for page in pages:
            refs = parents.get(page.get("StructParents"), [])
            outside = {place for place, one in enumerate(refs) if int(one.split()[0]) not in self.reached}
            for place in outside:
                refs[place] = "null"
            if outside:
                _mark(self.object(page["Contents"]).stream, outside)


def _mark(stream: list[Any], outside: set[int]) -> None:
    """Turn the marked content of these numbers in a page's stream into artifacts."""
    for place in range(len(stream) - 1, 1, -1):
        if stream[place] == b"BDC" and stream[place - 1].get("MCID") in outside:
            stream[place - 2 : place + 1] = ["/Artifact", b"BMC"]

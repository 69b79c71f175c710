"""YAML files as people write them, for properties: trees of texts in every style, with comments wherever they may stand."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from smartpick_expert.language.source import Mapping, Node, Scalar

# A text, a list of trees, or trees by key.
Data = Any

TEXTS = st.sampled_from(
    [
        "",
        "yes",
        "null",
        "two words",
        "a: b",
        "x, y",
        "# no comment",
        "it's",
        'so "called"',
        "- dash",
        "$letter.id",
        "Zürich",
        "Zu\u0308rich",
        "{{ name }}",
        "one\ntwo\n",
        "back\\slash",
        "\u2028",
        "a longer text of several words that is folded over lines where a block holds it, as a reason for a rule may well be",
    ]
)
KEYS = st.sampled_from(["id", "when", "a key", "then", "in", "Größe", "{x}", "no", "k"])
TREES: st.SearchStrategy[Data] = st.recursive(
    TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
).filter(lambda tree: isinstance(tree, (list, dict)))


@dataclass
class Writer:
    """Writes a tree as YAML, asking `draw` for every choice of style; each comment has a number of its own."""

    draw: st.DrawFn
    written: list[str] = field(default_factory=list)

    def chance(self, times: int = 3) -> bool:
        return self.draw(st.integers(0, times)) == 0

    def comment(self, indent: int) -> str:
        """Perhaps a line of comment, or an empty one."""
        if self.chance():
            return f"{' ' * indent}# comment: - {len(self.written)}, {self._note()}\n"
        return "\n" if self.chance(5) else ""

    def trailing(self) -> str:
        return f" # behind {len(self.written)}{self._note()}" if self.chance() else ""

    def _note(self) -> str:
        self.written.append("#")
        return "!" * len(self.written)

    def scalar(self, text: str, *, flow: bool) -> str:
        plain = text and text.isprintable() and not set(text) & set(":,#'\"{}[]-$\\") and text != "null"
        if plain and self.chance(1):
            return text
        if text.isprintable() and self.chance(1) and not flow:
            return "'" + text.replace("'", "''") + "'"
        escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\u2028", "\\u2028")
        return f'"{escaped}"'

    def flow(self, tree: Data, indent: int) -> str:
        if isinstance(tree, str):
            return self.scalar(tree, flow=True)
        gap = f"\n{' ' * (indent + 1)}" if self.chance() else ""
        remark = f" # within {self._note()}\n{' ' * (indent + 1)}" if self.chance(5) else gap
        if isinstance(tree, list):
            parts = [self.flow(one, indent) for one in tree]
            opening, closing = "[", "]"
        else:
            parts = [f"{self.scalar(key, flow=True)}: {self.flow(one, indent)}" for key, one in tree.items()]
            opening, closing = "{", "}"
        last = "," if parts and self.chance() else ""
        return opening + f",{remark} ".join(parts) + last + (gap if parts else "") + closing

    def value(self, tree: Data, indent: int) -> str:
        """What follows a colon or a dash, up to and with the end of the line."""
        if isinstance(tree, str) and tree and self.chance() and tree.strip() == tree and "\n" not in tree:
            style = self.draw(st.sampled_from(["|-", ">-"]))
            if tree.isprintable():
                return f" {style}{self.trailing()}\n{' ' * (indent + 2)}{tree}\n"
        if isinstance(tree, str) and tree.endswith("\n") and self.chance(1):
            lines = "".join(f"{' ' * (indent + 3)}{line}\n" for line in tree.splitlines())
            return f" {self.draw(st.sampled_from(['|', '|+']))}{self.trailing()}\n{lines}"
        if isinstance(tree, str) or not tree or self.chance():
            return f" {self.flow(tree, indent + 1)}{self.trailing()}\n"
        shift = 0 if isinstance(tree, list) and self.chance() and indent >= 0 else 2
        return f"{self.trailing()}\n{self.comment(indent + 2)}{self.block(tree, indent + shift)}"

    def block(self, tree: list[Data] | dict[str, Data], indent: int) -> str:
        lines = []
        pad = " " * indent
        if isinstance(tree, dict):
            for key, one in tree.items():
                lines += [self.comment(indent), pad, self.scalar(key, flow=False), ":", self.value(one, indent)]
            return "".join(lines)
        for one in tree:
            lines += [self.comment(indent), pad, "-"]
            if isinstance(one, dict) and one and self.chance(1):
                inner = self.block(one, indent + 2)
                if inner.startswith(pad + "  ") and not inner.lstrip().startswith("#"):
                    lines.append(" " + inner[indent + 2 :])
                    continue
                lines.append(f"\n{inner}")
                continue
            lines.append(self.item(one, indent))
        return "".join(lines)

    def item(self, one: Data, indent: int) -> str:
        if isinstance(one, str) or not one or self.chance():
            return (
                f" {self.flow(one, indent + 1)}{self.trailing()}\n"
                if not isinstance(one, str)
                else self.value(one, indent)
            )
        return f"{self.trailing()}\n{self.block(one, indent + 2)}"


@st.composite
def yaml_files(draw: st.DrawFn) -> str:
    """The text of a file: with a byte order mark or without, its lines ended in either way."""
    tree = draw(TREES)
    writer = Writer(draw)
    text = writer.flow(tree, 0) + "\n" if not tree or writer.chance(4) else writer.block(tree, 0)  # type: ignore[arg-type]
    text = writer.comment(0) + text + writer.comment(0)
    if writer.chance() and "|" not in text:
        # Where a block ends with the file, a line put in behind it would make one more line of its text.
        text = text.removesuffix("\n")
    if writer.chance():
        text = text.replace("\n", "\r\n")
    return ("\ufeff" if writer.chance() else "") + text


def data_of(node: Node) -> Data:
    """What a node holds."""
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Mapping):
        return {key.text: data_of(value) for key, value in node.pairs}
    return [data_of(item) for item in node.items]


def nodes_of(node: Node) -> list[Node]:
    """A node and all that it holds, keys not among them."""
    if isinstance(node, Scalar):
        return [node]
    inner = [value for _, value in node.pairs] if isinstance(node, Mapping) else list(node.items)
    return [node, *(one for child in inner for one in nodes_of(child))]

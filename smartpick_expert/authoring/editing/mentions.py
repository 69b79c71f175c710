"""Where a workspace names a rule: in other rules, cases, overrides, notes and comments, templates, and in words around them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from smartpick_expert.authoring.editing.changes import FOLDERS
from smartpick_expert.language.decoding import decode
from smartpick_expert.language.rewriting import Replacement
from smartpick_expert.language.source import Mapping, Node, Scalar, read_bytes
from smartpick_expert.language.spans import SpannedText

COMMENT = "comment"
TEXT = "text"
# Ids that a rule had before stay what they were.
_KEPT = "formerly"
_AROUND = 24
_EDITED = (".yaml", ".j2", ".md", ".css", ".txt")


@dataclass(frozen=True, slots=True)
class Mention:
    """A place that names a rule. `within` is the key it stands under, or that it is a comment, or plain text."""

    path: str
    line: int
    start: int
    end: int
    within: str
    excerpt: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


@dataclass(frozen=True)
class Mentioning:
    """A file that names a rule, its text as it lies on the disk, and where."""

    path: str
    text: str
    mentions: tuple[Mention, ...]

    def renamed(self, new: str) -> list[Replacement]:
        """The replacements that put another id in each of the places."""
        return [Replacement(one.start, one.end, new) for one in self.mentions]


def mentions(root: Path, rule_id: str) -> Iterator[Mentioning]:
    """Every file of the workspace that names the rule, in order. Raises Problems where one cannot be read."""
    named = _named(rule_id)
    for path in _files(root):
        name = path.relative_to(root).as_posix()
        data = read_bytes(path, name)
        if rule_id.encode() not in data:
            continue
        decode(data, name)
        text = data.decode("utf-8")
        found = tuple(_mentions_of(text, name, named, path.suffix))
        if found:
            yield Mentioning(name, text, found)


def outside(root: Path, rule_id: str) -> tuple[str, ...]:
    """Pages beside the workspace's folders that name the rule, by path and line; they are changed by hand."""
    named = _named(rule_id)
    pages = [*sorted(root.glob("*.md")), *sorted((root / "docs").rglob("*.md"))]
    return tuple(
        f"{page.relative_to(root).as_posix()}:{number}"
        for page in pages
        for number, line in enumerate(page.read_text("utf-8", errors="replace").splitlines(), start=1)
        if named.search(line)
    )


def _named(rule_id: str) -> re.Pattern[str]:
    """Finds an id; what goes on as one, or as the name of a parameter or a file, is another name."""
    return re.compile(rf"(?<![\w.-]){re.escape(rule_id)}(?![\w-]|\.\w)")


def _files(root: Path) -> Iterable[Path]:
    found = (path for folder in FOLDERS for path in (root / folder).rglob("*"))
    return sorted(path for path in found if path.is_file() and path.suffix in _EDITED)


def _mentions_of(text: str, name: str, named: re.Pattern[str], suffix: str) -> Iterator[Mention]:
    under: list[tuple[int, int, str]] = []
    if suffix == ".yaml":
        of = SpannedText(text, name)
        under = [(one.start, one.end, COMMENT) for one in of.comments]
        under += [(of.span(node).start, of.span(node).end, key) for key, node in _scalars(of.root, "")]
    for found in named.finditer(text):
        within = next((key for start, end, key in under if start <= found.start() < end), TEXT)
        if within == _KEPT:
            continue
        line = text.count("\n", 0, found.start()) + 1
        yield Mention(name, line, found.start(), found.end(), within, _excerpt(text, found.start(), found.end()))


def _excerpt(text: str, start: int, end: int) -> str:
    """The words around a place, on its line."""
    before = text[max(0, start - _AROUND) : start].rpartition("\n")[2]
    after = text[end : end + _AROUND].partition("\n")[0].rstrip("\r")
    cut_before = "…" if len(before) == _AROUND else ""
    cut_after = "…" if len(after) == _AROUND else ""
    return f"{cut_before}{before.lstrip()}{text[start:end]}{after.rstrip()}{cut_after}"


def _scalars(node: Node, key: str) -> Iterator[tuple[str, Scalar]]:
    """The texts of a tree, each with the nearest key above it."""
    if isinstance(node, Scalar):
        yield key, node
    elif isinstance(node, Mapping):
        for name, value in node.pairs:
            yield name.text, name
            yield from _scalars(value, name.text)
    else:
        for item in node.items:
            yield from _scalars(item, key)

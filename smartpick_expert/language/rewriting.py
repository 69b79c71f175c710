"""Changing YAML files and leaving every comment and every byte not concerned as they are.

Purpose: a person's file is theirs. A change is a set of `Replacement`s on a `SpannedText`, made by the functions here and
applied all at once; what a removed part held of comments stays where it was. Nothing is written to a disk here.

None of the functions looks at what a change means: whoever calls them reads the result again before it is kept.
"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from smartpick_expert.diagnostics import Problems
from smartpick_expert.language.source import Mapping, Node, Scalar, Sequence, parse
from smartpick_expert.language.spans import BREAKS, SpannedText

_WIDTH: Final = 118


@dataclass(frozen=True, slots=True, order=True)
class Replacement:
    """What stands from `start` up to, not including, `end` becomes `text`. With `start == end` it is put in there."""

    start: int
    end: int
    text: str


def applied(text: str, replacements: Iterable[Replacement]) -> str:
    """The text after all the replacements, whose places are those of the text as it was.

    Raises ValueError where one reaches outside of the text or two of them overlap. Two that put something in at one
    place are both done, in the order given.
    """
    parts: list[str] = []
    at = 0
    for one in sorted(replacements, key=lambda one: (one.start, one.end)):
        if not at <= one.start <= one.end <= len(text):
            message = f"{one} overlaps another replacement, or lies outside of the text."
            raise ValueError(message)
        parts += [text[at : one.start], one.text]
        at = one.end
    return "".join([*parts, text[at:]])


def rewritten(of: SpannedText, replacements: Iterable[Replacement]) -> str:
    """The file's text after the replacements, read once more: it is YAML still, and every comment stands in it.

    Raises Problems where it can no longer be read, ValueError where a comment would go or replacements overlap.
    """
    text = applied(of.text, replacements)
    again = SpannedText(text, of.name)
    # What was put in may bring comments of its own.
    found = iter([text[one.start : one.end] for one in again.comments])
    if not all(of.text[one.start : one.end] in found for one in of.comments):
        message = f"A comment of {of.name} would not stay as it is."
        raise ValueError(message)
    return text


def written(value: str, *, quoted: bool = False, in_flow: bool = False) -> str:
    """A text as YAML writes it on one line: without quotes where it needs none, unless they are asked for.

    `in_flow` says that it is to stand between brackets or braces, where commas part one thing from another.
    """
    if not quoted and _reads_as(value, value, in_flow=in_flow):
        return value
    # Words between quotes are JSON's, which YAML reads; what does not print is escaped, as YAML would fold it.
    return "".join(c if c.isprintable() else _escaped(c) for c in json.dumps(value, ensure_ascii=False))


def with_value(of: SpannedText, node: Scalar, value: str) -> Replacement:
    """A scalar gets another text, in the style it is written in as far as that can hold it; its comments stay."""
    span = of.span(node)
    if value == node.text:
        return Replacement(span.start, span.end, of.source(node))
    if span.style == "plain":
        new = written(value, in_flow=of.is_in_flow(node))
        # After the ':' or '-' that an empty value follows, the new one needs a space.
        space = " " if span.start == span.end and of.text[: span.start][-1:] not in ("", " ", "\t", *BREAKS) else ""
        return Replacement(span.start, span.end, space + new)
    if span.style == "'" and all(c.isprintable() for c in value):
        return Replacement(span.start, span.end, "'" + value.replace("'", "''") + "'")
    if span.style in ("|", ">"):
        return Replacement(span.start, span.end, _in_block(of, node, value))
    return Replacement(span.start, span.end, written(value, quoted=True))


def with_sentence(of: SpannedText, node: Scalar, sentence: str) -> Replacement:
    """A text gets a sentence more, on lines of its own where it is folded (`>`), so that those before stay as they are."""
    span, source = of.span(node), of.source(node)
    value = f"{node.text.rstrip()} {sentence}"
    lines = source.split(of.newline)
    if span.style != ">" or len(lines) == 1 or source[-1] in BREAKS:
        return with_value(of, node, value)
    indent = lines[-1][: len(lines[-1]) - len(lines[-1].lstrip(" "))]
    more = "".join(f"{of.newline}{indent}{line}" for line in _folded(sentence, len(indent)))
    if _value_of(f"- {source}{more}") != value:
        return with_value(of, node, value)
    return Replacement(span.end, span.end, more)


def without_key(of: SpannedText, mapping: Mapping, key: str) -> Replacement:
    """A key goes, with its value. What is left of a mapping without keys is `{}`. Raises KeyError where there is none."""
    names = [name.text for name, _ in mapping.pairs]
    if key not in names:
        raise KeyError(key)
    parts = [_Part(_key_start(of, mapping, i), of.span(value).end) for i, (_, value) in enumerate(mapping.pairs)]
    return _without(of, mapping, parts, names.index(key))


def without_item(of: SpannedText, sequence: Sequence, index: int) -> Replacement:
    """An item of a list goes. What is left of a list without items is `[]`. Raises IndexError where there is none."""
    if not 0 <= index < len(sequence.items):
        raise IndexError(index)
    parts = [_Part(_item_start(of, sequence, i), of.span(item).end) for i, item in enumerate(sequence.items)]
    return _without(of, sequence, parts, index)


def with_key(of: SpannedText, mapping: Mapping, key: str, value: str, after: str | None = None) -> Replacement:
    """A key more: behind the key `after`, or the last one. `value` is YAML; its further lines get the mapping's indentation.

    Raises KeyError where `after` is no key, ValueError where `key` is one already.
    """
    names = [name.text for name, _ in mapping.pairs]
    if key in names:
        message = f"'{key}' stands there already."
        raise ValueError(message)
    if after is not None and after not in names:
        raise KeyError(after)
    index = names.index(after) if after is not None else len(names) - 1
    space = "" if value.startswith("\n") else " "
    text = f"{written(key, in_flow=of.span(mapping).is_flow)}:{space}{value}"
    return _inserted(of, mapping, mapping.pairs[index][1] if names else None, text)


def with_item(of: SpannedText, sequence: Sequence, item: str, after: int | None = None) -> Replacement:
    """An item more: behind the item of that number, or the last one. `item` is YAML; its further lines are indented.

    Raises IndexError where there is no item `after`.
    """
    index = len(sequence.items) - 1 if after is None else after
    if after is not None and not 0 <= after < len(sequence.items):
        raise IndexError(after)
    text = item if of.span(sequence).is_flow else "- " + item.replace("\n", "\n  ")
    return _inserted(of, sequence, sequence.items[index] if sequence.items else None, text)


@dataclass(frozen=True, slots=True)
class _Part:
    """Where a key with its value stands, or an item with its dash."""

    start: int
    end: int


def _without(of: SpannedText, node: Mapping | Sequence, parts: list[_Part], index: int) -> Replacement:
    span, part = of.span(node), parts[index]
    indent = " " * of.column(parts[0].start)
    has_brackets = span.is_flow and of.text[span.end - 1] in "]}" and span.end > parts[-1].end
    if len(parts) == 1 and has_brackets:
        return _kept(of, span.start + 1, span.end - 1, indent)
    if len(parts) == 1:
        # A list may stand no deeper than the key it belongs to; without its dash it must.
        empty, deeper = ("{}", "") if isinstance(node, Mapping) else ("[]", "  ")
        ending = of.newline if of.text[part.end - 1] in BREAKS else ""
        return _kept(of, part.start, part.end, indent, deeper + empty + ending)
    if span.is_flow and index + 1 == len(parts):
        return _kept(of, parts[index - 1].end, part.end, indent)
    if span.is_flow or of.text[of.line_start(part.start) : part.start].strip():
        # What comes next moves up to where this stood: behind a bracket, or a dash that both share.
        return _kept(of, part.start, parts[index + 1].start, indent)
    start = of.line_start(part.start)
    end = part.end if of.text[part.end - 1] in BREAKS else of.next_line(part.end)
    return Replacement(start, end, "".join(f"{indent}{one}{of.newline}" for one in of.comments_in(start, end)))


def _kept(of: SpannedText, start: int, end: int, indent: str, text: str = "") -> Replacement:
    """A stretch goes and `text` comes, behind the comments that stood in it, each on its line."""
    comments = of.comments_in(start, end)
    space = " " if comments and of.text[start - 1 : start].strip() else ""
    return Replacement(start, end, space + "".join(one + of.newline + indent for one in comments) + text)


def _inserted(of: SpannedText, node: Mapping | Sequence, after: Node | None, text: str) -> Replacement:
    span = of.span(node)
    if after is None:
        return Replacement(span.start + 1, span.start + 1, text)
    end = of.span(after).end
    if span.is_flow:
        return Replacement(end, end, f", {text}")
    indent = " " * of.column(span.start)
    lines = indent + text.replace("\n", of.newline + indent)
    if of.text[end - 1] in BREAKS:
        # A text that keeps the empty lines behind it ends where a line begins.
        return Replacement(end, end, lines + of.newline)
    return Replacement(of.line_end(end), of.line_end(end), of.newline + lines)


def _key_start(of: SpannedText, mapping: Mapping, index: int) -> int:
    """Where a key begins, with the '?' that may stand before it."""
    start = of.span(mapping.pairs[index][0]).start
    before = of.span(mapping.pairs[index - 1][1]).end if index else of.span(mapping).start
    return _first(of, before, start, "?")


def _item_start(of: SpannedText, sequence: Sequence, index: int) -> int:
    """Where the dash of an item stands; in brackets, the item itself."""
    start = of.span(sequence.items[index]).start
    if of.span(sequence).is_flow:
        return start
    before = of.span(sequence.items[index - 1]).end if index else of.span(sequence).start
    return _first(of, before, start, "-")


def _first(of: SpannedText, start: int, end: int, sign: str) -> int:
    """Where a sign first stands between two places and in no comment, else the second place."""
    at = start
    for comment in (one for one in of.comments if start <= one.start < end):
        found = of.text.find(sign, at, comment.start)
        if found >= 0:
            return found
        at = comment.end
    found = of.text.find(sign, at, end)
    return found if found >= 0 else end


def _in_block(of: SpannedText, node: Scalar, value: str) -> str:
    """A text below the `|` or `>` that stands there, folded as lines of ours are; between quotes where that cannot be."""
    span, source = of.span(node), of.source(node)
    header, _, body = source.partition(of.newline)
    first = next((line for line in body.split(of.newline) if line.strip()), "")
    indent = first[: len(first) - len(first.lstrip(" "))] or " " * (of.column(of.line_start(span.start)) + 2)
    texts = value.rstrip("\n").split("\n")
    if span.style == ">":
        folded = ["\n".join(_folded(text, len(indent))) for text in texts]
        candidates = ["\n\n".join(folded), "\n\n".join(texts)]
    else:
        candidates = ["\n".join(texts)]
    kept = source[len(source.rstrip(BREAKS)) :]
    for candidate in candidates:
        lines = [indent + line if line else "" for line in candidate.split("\n")]
        text = of.newline.join([header, *lines]) + kept
        # Whether a line ends or the file does makes a difference to what a block holds.
        if _value_of(f"- {text}{of.newline if span.end < len(of.text) else ''}") == value:
            return text
    comment = "".join(f" {one}" for one in of.comments_in(span.start, span.end))
    return written(value, quoted=True) + comment + kept


def _folded(text: str, indent: int) -> list[str]:
    width = max(_WIDTH - indent, _WIDTH // 2)
    return textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False) or [""]


def _reads_as(source: str, value: str, *, in_flow: bool) -> bool:
    if source.startswith(("---", "...")) or any(c in BREAKS for c in source):
        return False
    return _value_of(f"[{source}]" if in_flow else f"- {source}\n", plain=True) == value


def _value_of(text: str, *, plain: bool = False) -> str | None:
    """The one text in a list of one, or None; `plain` asks that it stands there without quotes and is not empty."""
    try:
        node = parse(text, "")
    except Problems:
        return None
    item = node.items[0] if isinstance(node, Sequence) and len(node.items) == 1 else None
    if not isinstance(item, Scalar) or (plain and (item.quoted or item.is_empty)):
        return None
    return item.text


def _escaped(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"  # noqa: PLR2004 - as far as four digits reach

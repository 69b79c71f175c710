"""A pseudo-translation: a workspace with all of its words in other letters. A word that is still in ours is one no translator can reach.

Every Latin letter of a word becomes a Cyrillic one, capital for capital; what the program reads (ids, placeholders, markup, directives of a
format) stays. What a document then still shows in Latin letters stands in Python, or is the profile's own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import yaml

_LATIN: Final = "abcdefghijklmnopqrstuvwxyz"
_OTHER: Final = "абцдефгхийклмнопярстувшжюз"
_LETTERS: Final = str.maketrans(_LATIN + _LATIN.upper(), _OTHER + _OTHER.upper())
# What stands in a text and is no word: placeholders of rules and of formats, directives of a format, character references, addresses.
_KEPT: Final = re.compile(r"\{\{.*?\}\}|\{[^{}]*\}|%[-+0-9.,]*[A-Za-z](?![a-z])|&#?\w+;|https?://\S+", re.DOTALL)
# The keys under which words stand in rules, in reports, and in knowledge; names of programs are words, others are ids.
_OF_RULES: Final = frozenset({"title", "because"})
_OF_KNOWLEDGE: Final = frozenset(
    {
        *("about", "asked", "assume", "assumption", "avoid", "changes_nothing", "do", "done_when", "finding", "hedge"),
        *("mark", "meaning", "means", "note", "publisher", "quoted_by", "says", "say", "section", "several", "shows"),
        *("source", "term", "that", "title", "verb"),
    }
)
# The tables whose values are all words.
_ALL_WORDS: Final = frozenset({"also", "called", "months", "names", "phrases", "short_months", "units", "with"})
_NO_WORDS: Final = re.compile(r"(?:claim|evidence|parameter):\S+|not recorded")
# Files that are nobody's words: cases, personas, and what trying rules takes.
_LEFT: Final = frozenset({"catalogues", "directions", "imports", "made_up", "personas"})
SHOWN: Final = frozenset(
    {"alt", "aria-label", "data-all", "data-label", "data-none", "data-one", "data-some", "placeholder", "title"}
)


def in_other_letters(text: str) -> str:
    """A text in other letters, but for what no translator would touch."""
    pieces, end = [], 0
    for kept in _KEPT.finditer(text):
        pieces += [text[end : kept.start()].translate(_LETTERS), kept.group()]
        end = kept.end()
    return "".join([*pieces, text[end:].translate(_LETTERS)])


def translate(workspace: Path) -> None:
    """Translate a workspace in place, as a translator would: rules, knowledge and templates, and a name for every id that is shown."""
    for folder in ("rules", "knowledge", "reports"):
        for path in sorted((workspace / folder).rglob("*.*")):
            made = _BY_SUFFIX.get(path.suffix)
            if made is not None and not path.name.endswith(".cases.yaml") and not _LEFT & set(path.parts):
                path.write_text(made(path.read_text("utf-8"), path), "utf-8")
    ids = sorted({*_ids(workspace / "knowledge" / "vocabulary"), *_bound(workspace / "rules")} - {"evidence"})
    names = "".join(f"  {name}: {in_other_letters(name.replace('_', ' '))}\n" for name in ids)
    (workspace / "knowledge" / "wording" / "phrases_names.yaml").write_text(
        f"about: Names.\nlanguage: ru\nnames:\n{names}", "utf-8"
    )


# --- YAML --------------------------------------------------------------------------------------------------------------


def _ids(vocabulary: Path) -> Iterator[str]:
    """The names of types, fields and choices."""
    for path in sorted(vocabulary.glob("*.yaml")):
        types = yaml.safe_load(path.read_text("utf-8"))["types"]
        for name, fact_type in types.items():
            yield name
            for field, about in fact_type.get("fields", {}).items():
                yield field
                yield from (word for word in about.get("values") or () if isinstance(word, str))


def _bound(rules: Path) -> Iterator[str]:
    """The names that rules give to what they look at."""
    for path in sorted(rules.rglob("*.yaml")):
        yield from re.findall(r"\bas: (\w+)", path.read_text("utf-8"))


def _yaml(text: str, path: Path) -> str:
    root = yaml.compose(text, yaml.SafeLoader)
    found = sorted(_words_in(root, path), key=lambda node: -node.start_mark.index)
    for node in found:
        start, end = node.start_mark.index, node.end_mark.index
        after = text[start:end][len(text[start:end].rstrip()) :]
        made = json.dumps(in_other_letters(node.value), ensure_ascii=False)
        text = f"{text[:start]}{made if node.value else ''}{after}{text[end:]}"
    return text


def _words_in(node: yaml.Node | None, path: Path, *, is_words: bool = False) -> Iterator[yaml.ScalarNode]:
    if isinstance(node, yaml.ScalarNode):
        if is_words and not _NO_WORDS.fullmatch(node.value):
            yield node
    elif isinstance(node, yaml.SequenceNode):
        for one in node.value:
            yield from _words_in(one, path, is_words=is_words and not isinstance(one, yaml.MappingNode))
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _words_in(value, path, is_words=is_words or _holds_words(key.value, value, path))


def _holds_words(key: str, value: yaml.Node, path: Path) -> bool:
    folder = path.parent.name
    if "rules" in path.parts:
        return key in _OF_RULES
    if key in _ALL_WORDS and folder == "wording":
        return True
    labels = key == "values" and folder == "vocabulary"
    return labels or (
        isinstance(value, yaml.ScalarNode) and (key in _OF_KNOWLEDGE or (key == "name" and folder == "programs"))
    )


# --- templates ---------------------------------------------------------------------------------------------------------

# The parts of a template, and the texts in what stands between braces.
_PARTS: Final = re.compile(r"(\{#.*?#\}|\{\{.*?\}\}|\{%.*?%\})", re.DOTALL)
_STRINGS: Final = re.compile(r"(\"[^\"]*\"|'[^']*')")
_MACRO: Final = re.compile(r"\{%-?\s*(?:macro|endmacro)\s*(\w*)")
# Macros that are given words to count by.
_TAKES_WORDS: Final = re.compile(r"\b(?:many|part\.text)\([^{}()]*,\s*$|\bleft_out\([^{}()]*,\s*\([^()]*$")
# Macros that hold what a browser reads.
_CODE: Final = frozenset({"looks", "pictures", "may_run"})


class _Markup:
    """Where in HTML a piece of a template stands: in text, in an attribute that is shown, or in what is neither."""

    def __init__(self, *, is_html: bool) -> None:
        self.is_html = is_html
        self.tag = ""
        self.quoted = False
        self.raw = False

    @property
    def is_shown(self) -> bool:
        """Whether what stands here is shown to somebody."""
        if not self.tag:
            return not self.raw
        named = re.search(r"([\w-]+)=\"$", self.tag)
        return self.quoted and named is not None and named.group(1) in SHOWN

    def pieces(self, text: str) -> Iterator[tuple[str, bool]]:
        """The text in pieces, each with whether it is words."""
        if self.is_html:
            for piece in re.split(r"(<!--.*?-->|</?[a-zA-Z!]|>|\"|\s)", text, flags=re.DOTALL):
                yield piece, self._is_words(piece)
        else:
            # In Markdown: no addresses of links, no anchors, no code.
            for piece in re.split(r"(\]\([^)]*\)?|<[^>]*>|`[^`]*`)", text):
                yield piece, not re.match(r"\]\(|<|`[^`]*`$", piece)

    def _is_words(self, piece: str) -> bool:
        if not self.tag:
            if re.fullmatch(r"</?[a-zA-Z!]", piece):
                self.tag = piece
                return False
            return not self.raw and not piece.startswith("<!--")
        if self.quoted and piece != '"':
            return self.is_shown
        self.tag += piece
        if piece == '"':
            self.quoted = not self.quoted
        elif piece == ">":
            name = re.match(r"<(\w+)", self.tag)
            self.raw = name is not None and name.group(1) in ("style", "script", "code")
            self.tag = ""
        return False


def _template(text: str, path: Path) -> str:
    markup = _Markup(is_html=path.suffixes[-2:-1] in ([".html"], [".svg"]) or path.parent.name == "drawings")
    made: list[str] = []
    is_code = False
    for part in _PARTS.split(text):
        macro = _MACRO.match(part)
        is_code = macro.group(1) in _CODE if macro else is_code
        if part.startswith("{#"):
            made.append(part)
        elif _PARTS.fullmatch(part):
            made.append(_expression(part, markup))
        else:
            pieces = markup.pieces(part)
            made += [in_other_letters(piece) if words and not is_code else piece for piece, words in pieces]
    return "".join(made)


def _expression(part: str, markup: _Markup) -> str:
    """What stands between braces, with the texts in it that are shown in other letters."""
    pieces = _STRINGS.split(part)
    return "".join(
        in_other_letters(piece)
        if place % 2 and _is_shown("".join(pieces[:place]), piece[1:-1], pieces[place + 1], in_text=markup.is_shown)
        else piece
        for place, piece in enumerate(pieces)
    )


def _is_shown(before: str, text: str, after: str, *, in_text: bool) -> bool:
    """Whether a text in an expression is shown, by what stands around it: a value, and no key, name or comparison."""
    before, after = before.strip(), after.strip()
    compared = re.search(r"([=!]=|\b(import|include|from|extends|in))$", before)
    if after.startswith(":") or compared or text.endswith((".j2", ".css", ".js")):
        return False
    if before.endswith("else") and before.count("(") > before.count(")"):
        # What is given to a macro, and is no sentence: a name.
        return " " in text
    if re.search(r"(\{\{-?|\belse)$", before):
        return in_text
    if _TAKES_WORDS.search(before):
        return True
    return before.endswith(("~", ":")) or " " in text.strip() or text[:1].isupper()


_BY_SUFFIX: Final = {".yaml": _yaml, ".j2": _template}

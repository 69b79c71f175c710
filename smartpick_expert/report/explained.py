"""Short names explained where a document first uses them, in running text.

The document is finished by then: what is explained is what a reader meets first, wherever a template placed it. Headings, code and
what is folded in are passed over, and so is every name that a document does not use.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

from markupsafe import escape

from smartpick_expert.knowledge.phrasing import Term

_HTML: Final = re.compile(r"(<style\b.*?</style>|<!--.*?-->|<[^<>]+>)", re.DOTALL)
_TAG: Final = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
# Elements in whose text nothing is explained.
_PASSED: Final = frozenset(
    {"head", "h1", "h2", "h3", "h4", "th", "dt", "code", "pre", "nav", "details", "svg", "script", "a"}
)
# Code, headings, what stands in bold as a heading does, and what is set apart as another's words are no running text.
_MARKDOWN: Final = re.compile(r"(`[^`\n]*`|^ *[#>][^\n]*$|\*\*[^*\n]+\*\*)", re.MULTILINE)


def explained(text: str, form: str, terms: Iterable[Term]) -> str:
    """A document in HTML or Markdown with each term explained at its first use."""
    known = tuple(terms)
    if not known:
        return text
    pieces = _html_pieces(text) if form == "html" else _markdown_pieces(text)
    pattern, by_spelling = _pattern(known)
    left = set(known)

    def explain(found: re.Match[str]) -> str:
        term = by_spelling[found["term"]]
        if term not in left:
            return found.group()
        left.discard(term)
        before = found.string[: found.start()]
        meaning = term.meaning_of(found["term"])
        means = str(escape(meaning)) if form == "html" else meaning
        inside = before.count("(") > before.count(")")
        said = f", {means}" if inside else f" ({means})"
        # What follows inside the bracket is parted from the explanation as it was from the name.
        said += "," if inside and found.string[found.end() : found.end() + 1] == " " else ""
        return f'{found.group()}<span class="gloss">{said}</span>' if form == "html" else f"{found.group()}{said}"

    return "".join(pattern.sub(explain, piece) if is_running and left else piece for piece, is_running in pieces)


@lru_cache(maxsize=8)
def _pattern(terms: tuple[Term, ...]) -> tuple[re.Pattern[str], dict[str, Term]]:
    by_spelling = {spelling: term for term in terms for spelling in term.spellings}
    longest_first = sorted(by_spelling, key=lambda word: (-len(word), word))
    names = "|".join(map(re.escape, longest_first))
    return re.compile(rf"(?<![\w-])(?P<term>{names})(?:['’]s|&#39;s)?(?![\w-])"), by_spelling


def _html_pieces(text: str) -> Iterator[tuple[str, bool]]:
    """The pieces of a document: its tags, and its texts with whether each is running text."""
    passed: list[str] = []
    for piece in _HTML.split(text):
        tag = _TAG.match(piece)
        if tag is None:
            yield piece, not passed and not piece.startswith("<")
            continue
        name = tag[2].lower()
        if name in _PASSED:
            if not tag[1]:
                passed.append(name)
            elif name in passed:
                del passed[passed.index(name) :]
        yield piece, False


def _markdown_pieces(text: str) -> Iterator[tuple[str, bool]]:
    for number, piece in enumerate(_MARKDOWN.split(text)):
        # What the pattern caught stands between what it parts.
        yield piece, number % 2 == 0

"""Short names explained where a document first uses them, in running text.

The document is finished by then: what is explained is what a reader meets first, wherever a template placed it. Headings, what stands
in bold as a heading does, code and what is folded in are passed over, and so is every name that a document does not use. No explanation
parts a longer name, or a bracket: it stands behind the one, and at the end of the other.
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
    {"head", "h1", "h2", "h3", "h4", "strong", "th", "dt", "code", "pre", "nav", "details", "svg", "script", "a"}
)
_NEXT_WORD: Final = re.compile(r" [\w-]+")
# Code, headings, what stands in bold as a heading does, and what is set apart as another's words are no running text.
_MARKDOWN: Final = re.compile(r"(`[^`\n]*`|^ *[#>][^\n]*$|\*\*[^*\n]+\*\*)", re.MULTILINE)


def explained(text: str, form: str, terms: Iterable[Term]) -> str:
    """A document in HTML or Markdown with each term explained at its first use."""
    known = tuple(terms)
    if not known:
        return text
    pieces = _html_pieces(text) if form == "html" else _markdown_pieces(text)
    left = set(known)
    return "".join(
        _explained_in(piece, form, known, left) if is_running and left else piece for piece, is_running in pieces
    )


def _explained_in(piece: str, form: str, known: tuple[Term, ...], left: set[Term]) -> str:
    """A piece of running text with the terms among `left` that it uses explained; these are then no longer left."""
    pattern, by_spelling = _pattern(known)
    added: list[tuple[int, str]] = []
    end = 0
    for found in pattern.finditer(piece):
        term = by_spelling[found["term"]]
        if term not in left or found.start() < end:
            continue
        left.discard(term)
        end = _end_of_name(piece, found, term)
        meaning = term.meaning_of(found["term"])
        # Behind a longer name it is said of what it is.
        means = meaning if end == found.end("term") else f"{found['term']}: {meaning}"
        added.append(_placed(piece, end, found["term"], means, meaning))
    for place, said in sorted(added, key=lambda one: one[0])[::-1]:
        shown = f'<span class="gloss">{escape(said)}</span>' if form == "html" else said
        piece = f"{piece[:place]}{shown}{piece[place:]}"
    return piece


def _end_of_name(piece: str, found: re.Match[str], term: Term) -> int:
    """Where the name ends that a term stands in: behind a word that it possesses, and behind words that belong to it."""
    end = found.end()
    if end > found.end("term") and (owned := _NEXT_WORD.match(piece, end)):
        end = owned.end()
    belonging = [_behind(word) for word in sorted(term.within, key=lambda word: (-len(word), word))]
    while behind := next((match for one in belonging if (match := one.match(piece, end))), None):
        end = behind.end()
    return end


@lru_cache(maxsize=512)
def _behind(word: str) -> re.Pattern[str]:
    """Words behind a term as they may stand there; # is a number."""
    return re.compile(rf" {re.escape(word).replace(re.escape('#'), '[0-9]+')}(?![\w-])")


def _placed(piece: str, end: int, name: str, means: str, meaning: str) -> tuple[int, str]:
    """Where an explanation goes and how it is put: in brackets of its own, or at the end of those that it stands in or before."""
    before = piece[:end]
    inside = before.count("(") > before.count(")")
    closes = piece.find(")", end) if inside or piece.startswith(" (", end) else -1
    if closes >= 0:
        return closes, f"; {name}: {meaning}"
    # What follows inside a bracket is parted from the explanation as it was from the name.
    parted = "," if piece[end : end + 1] == " " else ""
    return end, f", {means}{parted}" if inside else f" ({means})"


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

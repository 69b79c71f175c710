"""What must hold of every finding and of every consultation, whatever the input."""

from __future__ import annotations

import json
from functools import cache, lru_cache
from unicodedata import category

from smartpick_expert.cli.output import as_data
from smartpick_expert.diagnostics import Diagnostic, Problems, render
from smartpick_expert.engine.compiled import CompiledRules
from smartpick_expert.engine.conflicts import conflict_diagnostics
from smartpick_expert.engine.derivation import Derivation
from smartpick_expert.engine.session import consult
from smartpick_expert.language.facts import Fact, fact_id
from tests.fuzz import corpus, worlds

# A finding longer than this would fill a terminal by itself.
MAX_WORDS = 3_000
# What a consultation may refuse a sound rule file for.
_REFUSALS = {"rule.cross-product", "rule.circle"}


class Broken(AssertionError):  # noqa: N818 - a property that does not hold
    """A property that does not hold; the text begins with the property's name."""


def check_finding(d: Diagnostic, texts: dict[str, bytes]) -> str:
    """A finding as it is printed, having seen to it that it is a fine one about one of these files."""
    shown = render(d)
    if not (d.code and d.message.strip()):
        raise Broken(f"finding says nothing: {d.code!r}")
    if "\n" in str(d):
        raise Broken(f"finding has several lines: {d.code}")
    strange = next((c for c in shown if category(c) in ("Cc", "Cs") and c != "\n"), "")
    if strange:
        raise Broken(f"finding hands on U+{ord(strange):04X}: {d.code}")
    if len(str(d)) > MAX_WORDS:
        raise Broken(f"finding has too many words: {d.code}")
    for location in (d.location, *(place for place, _ in d.related)):
        if location.path == corpus.FOLDERS["vocabulary"]:
            # Something is missing there, in no file.
            continue
        if location.path not in texts:
            raise Broken(f"finding names another file, {location.path!r}: {d.code}")
        if not 1 <= location.line <= _lines(texts[location.path]):
            raise Broken(f"finding lies outside the file, at line {location.line}: {d.code}")
        if location.column < 1:
            raise Broken(f"finding has no column: {d.code}")
    json.dumps(as_data(d))
    return shown


@lru_cache(maxsize=200)
def _lines(data: bytes) -> int:
    """The lines of a file."""
    return max(1, len(data.decode("utf-8", "replace").splitlines()))


@cache
def shipped_texts() -> dict[str, bytes]:
    return {source.path: source.text.encode() for sort in corpus.FOLDERS for source in corpus.sources(sort)}


def consulted(compiled: CompiledRules, facts: tuple[Fact, ...], *, kept: bool) -> Derivation | None:
    """What every engine makes of the facts, which must be the same; None where the rules are refused."""
    found: list[Derivation | tuple[str, ...]] = []
    for engine in worlds.engines():
        try:
            found.append(consult(compiled, facts, worlds.matcher(engine) if kept else engine))
        except Problems as problems:
            codes = {d.code for d in problems.diagnostics}
            if not codes <= _REFUSALS:
                raise
            found.append(tuple(render(d) for d in problems.diagnostics))
    first, *others = found
    if any(_parts(other) != _parts(first) for other in others):
        raise Broken("engines differ")
    return first if isinstance(first, Derivation) else None


def _parts(found: Derivation | tuple[str, ...]) -> object:
    if isinstance(found, Derivation):
        return (found.certain, found.possible, found.firings, found.possible_firings)
    return found


def check_derivation(derivation: Derivation, *, complete: bool) -> None:
    """Names can be had of everything that came out, and findings where all that is concluded was concluded by rules."""
    vocabulary = derivation.compiled.vocabulary
    for firing in derivation.firings[:50]:
        for fact in firing.premises:
            fact_id(vocabulary, fact)
    for conflict in conflict_diagnostics(derivation) if complete else ():
        render(conflict)

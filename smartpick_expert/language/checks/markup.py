"""A `because` text with markup in it: what is meant for a browser would be printed letter by letter in every document.

The templates alone decide how a document looks, and they print each text as it is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from smartpick_expert.diagnostics import Diagnostic
from smartpick_expert.language.model import Rule
from smartpick_expert.language.values import shorten
from smartpick_expert.language.vocabulary import Vocabulary

CODE = "words.markup"
# A tag, a comment, or a character by its name or number; "fewer than 3 (<3)" is none of these.
MARKUP = re.compile(r"</?[A-Za-z][^<>]*>|<!--|&(?:[A-Za-z]{2,31}|#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});")


def check(rules: tuple[Rule, ...], _: Vocabulary) -> Iterator[Diagnostic]:
    """Yield a finding for each rule whose `because` holds markup, naming the first of it."""
    for rule in rules:
        found = MARKUP.search(rule.because.source)
        if found is not None:
            yield Diagnostic(
                CODE,
                f"'because' holds markup, '{shorten(found.group())}', which would be printed letter by letter.",
                "Write plain words; the templates in reports/ decide how a document looks.",
                rule.because.location,
            )

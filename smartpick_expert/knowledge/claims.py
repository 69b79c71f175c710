"""Claims: what the article says, in our words, each with its standing against the evidence."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from smartpick_expert.diagnostics import Location
from smartpick_expert.language.reader import Reader
from smartpick_expert.language.source import Mapping, Node
from smartpick_expert.language.values import shorten

_KEYS = ("id", "section", "says", "found_by", "standing", "evidence_for", "evidence_against", "note", "no_rule")
# The words to look a claim up by are never a sentence of the article.
LONGEST_TERM = 3


class Standing(StrEnum):
    """How a claim stands against what was measured."""

    SUPPORTED = "supported"
    PARTLY_SUPPORTED = "partly_supported"
    UNSUPPORTED = "unsupported"
    CONTRADICTED = "contradicted"


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim of the article. `evidence_for` and `evidence_against` are ids of evidence entries.

    `found_by` are words by which somebody who has the article at hand would look for it. `no_rule` says why no rule
    carries it, where that is on purpose.
    """

    id: str
    section: str
    says: str
    found_by: tuple[str, ...]
    standing: Standing
    evidence_for: tuple[str, ...]
    evidence_against: tuple[str, ...]
    note: str
    no_rule: str
    location: Location


def read_claims(node: Node, reader: Reader) -> list[Claim]:
    """The claims of one file; problems are noted in `reader`."""
    claims: list[Claim] = []
    mapping = reader.mapping(node, "A claims file")
    if mapping is None:
        return claims
    reader.known_keys(mapping, ("about", "claims"), "A claims file")
    for item in reader.sequence(mapping.get("claims"), "'claims'"):
        entry = reader.mapping(item, "A claim")
        if entry is not None:
            claims.append(_claim(entry, reader))
    return claims


def _claim(entry: Mapping, reader: Reader) -> Claim:
    name = reader.text(entry, "id")
    what = f"Claim '{shorten(name)}'" if name else "A claim"
    reader.known_keys(entry, _KEYS, what)
    reader.required(entry, ("id", "section", "says", "standing"), what)
    return Claim(
        id=name,
        section=reader.text(entry, "section"),
        says=reader.text(entry, "says"),
        found_by=_terms(entry, what, reader),
        standing=Standing(reader.choice(entry, "standing", list(Standing)) or Standing.UNSUPPORTED),
        evidence_for=reader.texts(entry, "evidence_for"),
        evidence_against=reader.texts(entry, "evidence_against"),
        note=reader.text(entry, "note"),
        no_rule=reader.text(entry, "no_rule"),
        location=entry.location,
    )


def _terms(entry: Mapping, what: str, reader: Reader) -> tuple[str, ...]:
    """The words a claim is found by; a term that is too long for one is noted as a problem."""
    placed = reader.placed_texts(entry, "found_by")
    for term, place in placed:
        if len(term.split()) > LONGEST_TERM:
            message = f"{what} is found by '{shorten(term)}', which is more than {LONGEST_TERM} words."
            hint = "Write single words or short terms, so that no sentence of the article is repeated."
            reader.problem(place, "claim.found-by", message, hint)
    return tuple(term for term, _ in placed)

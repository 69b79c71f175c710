"""Evidence: what was measured or officially stated elsewhere, with how we know it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from smartpick_expert.diagnostics import Location
from smartpick_expert.knowledge.phrases import said
from smartpick_expert.language.reader import Reader
from smartpick_expert.language.source import Mapping, Node
from smartpick_expert.language.values import shorten

_KEYS = (
    "id",
    "finding",
    "publisher",
    "title",
    "year",
    "address",
    "known_by",
    "quoted_by",
    "confidence",
    "as_of",
)
_REQUIRED = ("id", "finding", "publisher", "year", "known_by", "confidence", "as_of")
NOT_RECORDED = "not recorded"


class KnownBy(StrEnum):
    """How we know: read at its source, from a copy, computed from public files, or assumed."""

    SEEN = "seen"
    SECONDARY = "secondary"
    COMPUTED = "computed"
    ASSUMPTION = "assumption"


_HINTS = {
    "known_by": f"Say how it is known, so that no copy is taken for the source: {', '.join(KnownBy)}.",
    "quoted_by": f"Name the public copy, with its address, or 'quoted_by: {NOT_RECORDED}' where none was.",
    "year": f"Write the year it speaks of, or 'year: {NOT_RECORDED}', so that nobody takes old figures for new ones.",
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """One finding. Texts that are not known read `not recorded`; `quoted_by` says whose public copy told it, if one did."""

    id: str
    finding: str
    publisher: str
    title: str
    year: str
    address: str
    known_by: KnownBy
    quoted_by: str
    confidence: str
    as_of: date | None
    location: Location

    @property
    def citation(self) -> str:
        """Publisher, title and year, with the caution that a copy or an assumption needs."""
        named_by = [part for part in (self.publisher, self.title) if part and part != NOT_RECORDED]
        # A year alone names nothing.
        parts = [*(named_by or [said("source_not_recorded")]), self.year]
        named = ", ".join(part for part in parts if part and part != NOT_RECORDED)
        if self.known_by is KnownBy.SECONDARY:
            if self.quoted_by == NOT_RECORDED:
                return said("source_not_seen", source=named)
            return said("source_quoted", source=named, quoted_by=self.quoted_by)
        if self.known_by is KnownBy.COMPUTED:
            return said("source_computed", source=named)
        if self.known_by is KnownBy.ASSUMPTION:
            return said("source_assumed", source=named)
        return named


def read_evidence(node: Node, reader: Reader) -> list[Evidence]:
    """The entries of one file; problems are noted in `reader`."""
    entries: list[Evidence] = []
    mapping = reader.mapping(node, "An evidence file")
    if mapping is None:
        return entries
    reader.known_keys(mapping, ("about", "evidence"), "An evidence file")
    for item in reader.sequence(mapping.get("evidence"), "'evidence'"):
        entry = reader.mapping(item, "An evidence entry")
        if entry is not None:
            entries.append(_entry(entry, reader))
    return entries


def _entry(entry: Mapping, reader: Reader) -> Evidence:
    name = reader.text(entry, "id")
    what = f"Evidence '{shorten(name)}'" if name else "An evidence entry"
    reader.known_keys(entry, _KEYS, what)
    reader.required(entry, _REQUIRED, what, _HINTS)
    known_by = KnownBy(reader.choice(entry, "known_by", list(KnownBy)) or KnownBy.ASSUMPTION)
    if known_by is KnownBy.SECONDARY:
        reader.required(entry, ("quoted_by",), f"{what}, known second hand,", _HINTS)
    return Evidence(
        id=name,
        finding=" ".join(reader.text(entry, "finding").split()),
        publisher=reader.text(entry, "publisher"),
        title=reader.text(entry, "title") or NOT_RECORDED,
        year=reader.text(entry, "year"),
        address=reader.text(entry, "address") or NOT_RECORDED,
        known_by=known_by,
        quoted_by=reader.text(entry, "quoted_by"),
        confidence=reader.choice(entry, "confidence", ("high", "medium", "low")),
        as_of=reader.date(entry, "as_of"),
        location=entry.location,
    )

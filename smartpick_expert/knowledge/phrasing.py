"""Phrasing: the words that documents put around what rules conclude, by what it rests on (`knowledge/wording/`).

Four tables: how a statement of each standing is worded, what short names mean, what is hard to hear, and what entries of a profile are
called. A workspace that has none of them loses nothing but these words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from smartpick_expert.diagnostics import Location
from smartpick_expert.language.reader import Reader
from smartpick_expert.language.source import Mapping as MappingNode
from smartpick_expert.language.source import Node
from smartpick_expert.language.values import shorten
from smartpick_expert.language.vocabulary import Vocabulary

FOLDER: Final = "knowledge/wording"
KINDS: Final = ("perception", "measured", "figure")
TABLES: Final = ("standings", "terms", "sensitive", "entries")
# What a standing may be, by kind of statement. A word that stands here is worded by the table, or by itself.
STANDINGS: Final = (
    *("supported", "partly_supported", "unsupported", "contradicted"),
    *("seen", "secondary", "computed", "assumption", "official", "opinion"),
)
STANDING_KEYS: Final = ("standing", "kind", "mark", "verb", "hedge")
TERM_KEYS: Final = ("term", "also", "means", "several", "with")
SENSITIVE_KEYS: Final = ("of", "say", "avoid")
NAME_KEYS: Final = ("of", "called")
# A field in a way to name an entry: its name in braces.
FIELD_OF_NAME: Final = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class StandingWords:
    """How a statement of one standing is worded: the mark beside it, the verb that says how it is known, and how far to rely on it."""

    standing: str
    kind: str
    mark: str
    verb: str
    hedge: str
    location: Location = field(default=Location(""), compare=False)


@dataclass(frozen=True, slots=True)
class Term:
    """A short name, the other ways in which it is written, and what it means; `several` where it is written for more than one.

    `within` are words that stand behind it as parts of a longer name, which nothing is to part: "ECFMG certification".
    """

    term: str
    also: tuple[str, ...]
    means: str
    several: str = ""
    within: tuple[str, ...] = ()
    location: Location = field(default=Location(""), compare=False)

    @property
    def spellings(self) -> tuple[str, ...]:
        """Every way in which the term is written, the longest first."""
        return tuple(sorted((self.term, *self.also), key=lambda word: (-len(word), word)))

    def meaning_of(self, spelling: str) -> str:
        """What it means as it is written."""
        return self.several if self.several and spelling.endswith("s") else self.means


@dataclass(frozen=True, slots=True)
class Sensitive:
    """What is hard to hear: a conclusion (`bucket.NAME`, `reason.KIND`), how to say it, and how not to."""

    of: str
    say: str
    avoid: str
    location: Location = field(default=Location(""), compare=False)


@dataclass(frozen=True, slots=True)
class Phrasing:
    """The four tables of a workspace. `names` are the ways to name an entry of each section, the best first."""

    standings: Mapping[str, StandingWords] = field(default_factory=dict)
    terms: tuple[Term, ...] = ()
    sensitive: tuple[Sensitive, ...] = ()
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def marks(self) -> dict[str, str]:
        """The mark of each standing."""
        return {name: words.mark for name, words in self.standings.items()}

    def mark(self, standing: str) -> str:
        """The mark of a standing; its own name in words where the table has none."""
        return self.standings[standing].mark if standing in self.standings else standing.replace("_", " ")

    def verb(self, standing: str) -> str:
        """The verb of a standing; its own name in words where the table has none."""
        return self.standings[standing].verb if standing in self.standings else standing.replace("_", " ")

    def hedge(self, standing: str) -> str:
        """How far to rely on it; empty where the table does not say."""
        return self.standings[standing].hedge if standing in self.standings else ""


def read_phrasing(nodes: Iterable[Node], vocabulary: Vocabulary, reader: Reader) -> Phrasing:
    """The tables in the files of a workspace; problems are noted in `reader`. What else stands in the files is for `rules check`."""
    standings: dict[str, StandingWords] = {}
    terms: dict[str, Term] = {}
    sensitive: list[Sensitive] = []
    names: dict[str, tuple[str, ...]] = {}
    for node in nodes:
        # Whether the file is a mapping with known keys is looked at where its other tables are read.
        if not isinstance(node, MappingNode):
            continue
        for entry in _entries(node, "standings", reader):
            words = _standing(entry, reader)
            _once(standings, words.standing, words.location, "Standing", reader)
            standings.setdefault(words.standing, words)
        for entry in _entries(node, "terms", reader):
            term = _term(entry, reader)
            for spelling in term.spellings:
                _once(terms, spelling, term.location, "Term", reader)
                terms.setdefault(spelling, term)
        sensitive += [_sensitive(entry, reader) for entry in _entries(node, "sensitive", reader)]
        for entry in _entries(node, "entries", reader):
            of, called = _name(entry, vocabulary, reader)
            names.setdefault(of, called)
    standings.pop("", None)
    terms.pop("", None)
    return Phrasing(standings, tuple(dict.fromkeys(terms.values())), tuple(sensitive), names)


def _entries(node: MappingNode, key: str, reader: Reader) -> list[MappingNode]:
    found = (reader.mapping(item, f"An entry of '{key}'") for item in reader.sequence(node.get(key), f"'{key}'"))
    return [entry for entry in found if entry is not None]


def _once(known: Mapping[str, StandingWords | Term], name: str, place: Location, what: str, reader: Reader) -> None:
    if name and name in known:
        related = ((known[name].location, "the first one"),)
        message = f"{what} '{shorten(name)}' stands twice."
        reader.problem(place, "knowledge.duplicate", message, "Delete one.", related=related)


def _standing(entry: MappingNode, reader: Reader) -> StandingWords:
    what = "An entry of 'standings'"
    reader.known_keys(entry, STANDING_KEYS, what)
    reader.required(entry, STANDING_KEYS, what)
    return StandingWords(
        reader.choice(entry, "standing", STANDINGS),
        reader.choice(entry, "kind", KINDS),
        reader.text(entry, "mark"),
        reader.text(entry, "verb"),
        reader.text(entry, "hedge"),
        entry.location,
    )


def _term(entry: MappingNode, reader: Reader) -> Term:
    what = "An entry of 'terms'"
    reader.known_keys(entry, TERM_KEYS, what)
    reader.required(entry, ("term", "means"), what)
    also = tuple(spelling for spelling in reader.texts(entry, "also") if spelling)
    means, several = (reader.text(entry, key).rstrip(".") for key in ("means", "several"))
    return Term(reader.text(entry, "term"), also, means, several, reader.texts(entry, "with"), entry.location)


def _name(entry: MappingNode, vocabulary: Vocabulary, reader: Reader) -> tuple[str, tuple[str, ...]]:
    """The section, and the ways to name an entry of it whose fields there are."""
    what = "An entry of 'entries'"
    reader.known_keys(entry, NAME_KEYS, what)
    reader.required(entry, NAME_KEYS, what)
    of = reader.text(entry, "of")
    fact_type = vocabulary.types.get(of)
    if fact_type is None:
        if of:
            place, hint = entry.location, reader.nearest(of, vocabulary.types) or "Name a section of the vocabulary."
            reader.problem(place, "name.fact-type", f"There is no section '{shorten(of)}'.", hint)
        return of, ()
    called: list[str] = []
    for way, place in reader.placed_texts(entry, "called"):
        strange = [name for name in FIELD_OF_NAME.findall(way) if name not in fact_type.fields]
        for name in strange:
            message = f"'{of}' has no field '{shorten(name)}', so no entry can be called so."
            hint = reader.nearest(name, fact_type.fields) or f"Its fields: {', '.join(fact_type.fields)}."
            reader.problem(place, "name.field", message, hint)
        called += [] if strange else [way]
    return of, tuple(called)


def _sensitive(entry: MappingNode, reader: Reader) -> Sensitive:
    what = "An entry of 'sensitive'"
    reader.known_keys(entry, SENSITIVE_KEYS, what)
    reader.required(entry, SENSITIVE_KEYS, what)
    return Sensitive(reader.text(entry, "of"), reader.text(entry, "say"), reader.text(entry, "avoid"), entry.location)

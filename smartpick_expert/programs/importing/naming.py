"""Ids for programs that come without one, and what their names and cities leave doubtful: the same name twice, a city misspelt."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Final

_OTHER = re.compile(r"[^a-z0-9]+")
_LONGEST: Final = 56
_ALIKE: Final = 0.86
_SHORTEST: Final = 5


def slug(text: str) -> str:
    """A text as a label: small letters without accents, digits and hyphens; empty where nothing of it is left."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii").casefold()
    return _OTHER.sub("-", plain).strip("-")[:_LONGEST].strip("-")


def new_ids(names: Sequence[tuple[str, str]], taken: Sequence[str]) -> list[str]:
    """An id for each program, from name and city: the city only where the name stands more than once, a number where both do."""
    used = set(taken)
    counts = Counter(slug(name) for name, _ in names)
    found: list[str] = []
    for name, city in names:
        base = slug(name) or "program"
        if counts[slug(name)] > 1 and slug(city):
            base = f"{base[: _LONGEST - 20].strip('-')}-{slug(city)[:19]}".strip("-")
        label, number = base, 2
        while label in used:
            label, number = f"{base}-{number}", number + 1
        used.add(label)
        found.append(label)
    return found


def near_cities(places: Sequence[tuple[str, str]]) -> Iterator[tuple[int, str]]:
    """Each place (by number) whose city is spelt nearly as another one of its state that stands there more often."""
    by_state: dict[str, Counter[str]] = defaultdict(Counter)
    for city, state in places:
        if city:
            by_state[state][city] += 1
    near = {(city, state): other for state, cities in by_state.items() for city, other in _pairs(cities)}
    for number, place in enumerate(places):
        if place in near:
            yield number, near[place]


def _pairs(cities: Counter[str]) -> Iterator[tuple[str, str]]:
    ordered = sorted(cities)
    for city in ordered:
        best = ""
        for other in ordered:
            if len(city) < _SHORTEST or cities[other] <= cities[city] or city[0] != other[0]:
                continue
            matcher = SequenceMatcher(None, city.casefold(), other.casefold())
            if matcher.real_quick_ratio() >= _ALIKE and matcher.quick_ratio() >= _ALIKE and matcher.ratio() >= _ALIKE:
                best = other
        if best:
            yield city, best

"""Which shared texts an entry refers to, so that one which was taken out or exchanged is missed.

An entry names some hundreds of texts. Kept as hashes they would take as much room as the entry itself, so it names them by
their numbers in the file, as ranges, with one hash over all of theirs: `1-240,250 <hash>`. The commitment covers both.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import pairwise

from smartpick_expert.audit.chain import Fault, Finding
from smartpick_expert.audit.digests import digest

_FORM = re.compile(rb"((?:[0-9]{1,9}(?:-[0-9]{1,9})?,?)*) ([0-9a-f]{64})")
# More numbers than any entry has; what says otherwise is not ours.
_MOST = 100_000
_NAMED = 10


def refers_to(texts: Mapping[int, str]) -> str:
    """What is stored of an entry that refers to these texts, hashes by number."""
    numbers = sorted(texts)
    return f"{','.join(_ranges(numbers))} {_hash_of(texts, numbers)}"


def _ranges(numbers: list[int]) -> Iterator[str]:
    if not numbers:
        return
    breaks = [(one, other) for one, other in pairwise(numbers) if other != one + 1]
    starts = [numbers[0], *(other for _, other in breaks)]
    ends = [*(one for one, _ in breaks), numbers[-1]]
    for start, end in zip(starts, ends, strict=True):
        yield str(start) if start == end else f"{start}-{end}"


def _hash_of(texts: Mapping[int, str], numbers: Iterable[int]) -> str:
    return digest("\n".join([texts[number] for number in numbers]))


def unneeded(texts: Iterable[int], entries: Iterable[bytes | None]) -> list[int]:
    """Which shared texts no entry refers to, by what is stored of the references of each; none where one does not say."""
    needed: set[int] = set()
    for refers in set(entries):
        numbers = numbers_in(refers or b"")
        if numbers is None:
            return []
        needed.update(numbers)
    return sorted(set(texts) - needed)


def numbers_in(refers: bytes) -> list[int] | None:
    """The numbers that an entry refers to; None where the bytes are no references, or more than any entry has."""
    form = _FORM.fullmatch(refers)
    return _numbers(form[1].decode()) if form is not None else None


class References:
    """Holds entries to the shared texts that are there: `texts` are hashes by number, `changed` what does not fit its hash."""

    def __init__(self, texts: Mapping[int, str], changed: Collection[int]) -> None:
        self._texts = texts
        self._changed = frozenset(changed)
        self._wanting: dict[int, list[str]] = {number: [] for number in self._changed}
        self._exchanged: list[Finding] = []

    def hold(self, number: int, name: str, refers: bytes) -> None:
        """Look at one entry: its number, id and what is stored of its references. Bytes that are none are not ours to judge."""
        numbers = numbers_in(refers)
        if numbers is None:
            return
        bad = [one for one in numbers if one not in self._texts or one in self._changed]
        for one in bad:
            self._wanting.setdefault(one, []).append(name)
        if not bad and _hash_of(self._texts, numbers) != refers[-64:].decode():
            message = f"Texts that entry {number} shares with others were exchanged for other ones."
            self._exchanged.append(Finding(Fault.SHARED, number, name, message))

    def findings(self) -> Iterator[Finding]:
        """What is wrong with the texts, those together that the same entries need; then the entries whose texts were exchanged."""
        together: dict[tuple[str, tuple[str, ...]], int] = {}
        for number, names in sorted(self._wanting.items()):
            what = "changed" if number in self._changed else "taken out"
            together[what, tuple(names)] = together.get((what, tuple(names)), 0) + 1
        for (what, needed_by), count in together.items():
            texts = "A text that records share was" if count == 1 else f"{count} texts that records share were"
            yield Finding(Fault.SHARED, 0, "", f"{texts} {what}. {_needed_by(needed_by)}")
        yield from self._exchanged


def _needed_by(names: tuple[str, ...]) -> str:
    if not names:
        return "No entry that says what it needs refers to it."
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return f"Needed by {', '.join(names[:_NAMED])}{more}."


def _numbers(ranges: str) -> list[int] | None:
    """The numbers that ranges name; None for more than any entry has."""
    found: list[int] = []
    for part in ranges.split(",") if ranges else ():
        start, _, end = part.partition("-")
        if not start or int(end or start) - int(start) > _MOST or len(found) > _MOST:
            return None
        found.extend(range(int(start), int(end or start) + 1))
    return found

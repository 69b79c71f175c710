"""The chain of a ledger: links of hashes, each over a salted digest of what was entered and over the link before.

A link says that something was entered, and nothing of what: the digest is salted, so that erasing content and salt leaves
nothing to guess from while the chain still holds. This module computes; it reads and writes nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from smartpick_expert.audit.digests import canonical, digest

START = "0" * 64
# How far from its own a number is looked for under which a link was entered, and how many numbers are tried in all.
_AROUND = 5_000
_TRIALS = 100_000


class Entered(StrEnum):
    """What a link stands for."""

    ADVICE = "advice"
    ERASURE = "erasure"
    UNWRITTEN = "unwritten"


@dataclass(frozen=True, slots=True)
class Link:
    """One link. `number` counts from 1; `at` is the moment in UTC; `commitment` is the salted digest of what was entered."""

    number: int
    id: str
    what: str
    at: str
    commitment: str
    previous: str
    hash: str


@dataclass(frozen=True, slots=True)
class Content:
    """What a link commits to, where it is still there: the salt and the stored bytes, parts of which are found by."""

    salt: bytes
    parts: tuple[bytes, ...]


class Fault(StrEnum):
    """What can be wrong with a ledger."""

    EDITED = "edited"
    MISSING = "missing"
    REORDERED = "reordered"
    BROKEN = "broken"
    CONTENT = "content"
    SHARED = "shared"
    GONE = "gone"
    HEAD = "head"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: the kind, the entry (by number and id, where there is one), and a sentence."""

    fault: Fault
    number: int
    id: str
    message: str


def commitment_of(content: Content) -> str:
    """The salted digest of what is stored."""
    whole = b"".join(hashlib.sha256(part).digest() for part in content.parts)
    return hashlib.sha256(content.salt + whole).hexdigest()


def link_after(previous: str, number: int, name: str, what: Entered, at: str, commitment: str) -> Link:
    """The link that follows."""
    return Link(number, name, what, at, commitment, previous, hash_of(number, name, what, at, commitment, previous))


def hash_of(number: int, name: str, what: str, at: str, commitment: str, previous: str) -> str:
    """The hash of a link over everything in it, the hash before included."""
    return digest(canonical([number, name, what, at, commitment, previous]))


def check_chain(
    links: Iterable[Link], contents: Iterable[tuple[int, Content]], erased: Iterable[str], head: str = ""
) -> Iterator[Finding]:
    """Everything that is wrong with a chain, in its order.

    Links and contents come by number; contents are looked at one at a time, so that they need not fit into memory.
    `erased` are the ids that erasures name. Without `head`, a tail that was cut off and a chain that was computed anew
    cannot be noticed.
    """
    chain, gone = tuple(links), frozenset(erased)
    entered = _entered_as(chain)
    waiting = iter(contents)
    content = next(waiting, None)
    before = _Before()
    for link in chain:
        while content is not None and content[0] < link.number:
            yield _without_link(content[0])
            content = next(waiting, None)
        found, moved = _of_link(link, before, entered)
        if found is not None:
            yield found
        own = None
        if content is not None and content[0] == link.number:
            own, content = content[1], next(waiting, None)
        # What an edited link says of its content cannot be believed.
        if found is None or found.fault is not Fault.EDITED:
            yield from _of_content(link, own, gone)
        before = _Before(link.number, link.hash, moved)
    while content is not None:
        yield _without_link(content[0])
        content = next(waiting, None)
    if head and head not in entered.keys() | {link.previous for link in chain}:
        message = (
            f"No entry has the hash {head}: the chain was cut before it, or was computed anew after it was given out, or it is "
            "the head of another ledger."
        )
        yield Finding(Fault.HEAD, 0, "", message)


def _entered_as(chain: tuple[Link, ...]) -> dict[str, int]:
    """The number under which each link was entered, by its hash: its own where it fits, else counted from those before it.

    Where those before it are gone, the numbers around its own are tried, as far as the trials last.
    """
    after = {link.previous: link for link in chain}
    found = {START: 0}

    def follow(known: str) -> None:
        following = after.get(known)
        while following is not None and following.hash not in found:
            found[following.hash] = found[following.previous] + 1
            following = after.get(following.hash)

    for link in chain:
        right = _hash_under(link, link.number)
        # Where the hash alone was changed, the link after it still knows the right one.
        if right == link.hash or right in after:
            found[right] = link.number
    for known in tuple(found):
        follow(known)
    trials = _TRIALS
    for link in chain:
        if link.hash in found or trials <= 0:
            continue
        around = range(max(1, link.number - _AROUND), link.number + _AROUND)
        right_number = next((number for number in around if _hash_under(link, number) == link.hash), None)
        trials -= len(around)
        if right_number is not None:
            found[link.hash] = right_number
            follow(link.hash)
    return {link.hash: link.number for link in chain} | found


@dataclass(frozen=True, slots=True)
class _Before:
    """The link that stands before another: its number, its hash, and how much further on it was entered than it stands."""

    number: int = 0
    hash: str = START
    moved: int = 0


def _of_link(link: Link, before: _Before, entered: Mapping[str, int]) -> tuple[Finding | None, int]:
    """What is wrong with a link after another, and how much further on it was entered than it stands."""
    number = entered[link.hash]
    if _hash_under(link, number) != link.hash:
        message = f"Entry {link.number} was changed: its hash does not fit it."
        return Finding(Fault.EDITED, link.number, link.id, message), before.moved
    moved = number - link.number
    follows = link.previous == before.hash
    if moved:
        if follows and moved == before.moved:
            # Told of where it begins.
            return None, moved
        if moved > before.moved and link.previous not in entered:
            message = (
                f"Before entry {link.number}, {_were(moved - before.moved)} taken out, and what came after was given other "
                f"numbers: this one was number {number}."
            )
            return Finding(Fault.MISSING, link.number, link.id, message), moved
        message = f"Entry {link.number} stands where it was not entered: it was number {number}."
        return Finding(Fault.REORDERED, link.number, link.id, message), moved
    if entered.get(link.previous) == link.number - 1:
        return None, 0
    if link.number > before.number + 1:
        message = f"Before entry {link.number}, {_were(link.number - before.number - 1)} taken out."
        return Finding(Fault.MISSING, link.number, link.id, message), 0
    message = (
        f"Entry {link.number} does not follow the one that stands before it: that one was exchanged, or what stood between "
        "was taken out."
    )
    return Finding(Fault.BROKEN, link.number, link.id, message), 0


def _were(count: int) -> str:
    return "one was" if count == 1 else f"{count} were"


def _hash_under(link: Link, number: int) -> str:
    return hash_of(number, link.id, link.what, link.at, link.commitment, link.previous)


def _of_content(link: Link, content: Content | None, gone: frozenset[str]) -> Iterator[Finding]:
    if content is None:
        if link.id not in gone:
            message = f"The content of entry {link.number} is gone, and no erasure names it."
            yield Finding(Fault.GONE, link.number, link.id, message)
    elif commitment_of(content) != link.commitment:
        message = f"The content of entry {link.number} is not what was entered."
        yield Finding(Fault.CONTENT, link.number, link.id, message)
    elif link.id in gone:
        message = f"The content of entry {link.number} was erased, and is there again."
        yield Finding(Fault.CONTENT, link.number, link.id, message)


def _without_link(number: int) -> Finding:
    return Finding(Fault.CONTENT, number, "", f"There is content of entry {number}, which is not in the chain.")

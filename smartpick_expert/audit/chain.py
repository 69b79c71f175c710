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


class Entered(StrEnum):
    """What a link stands for."""

    ADVICE = "advice"
    ERASURE = "erasure"


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
    before = 0
    for link in chain:
        while content is not None and content[0] < link.number:
            yield _without_link(content[0])
            content = next(waiting, None)
        found = _of_link(link, before, entered)
        if found is not None:
            yield found
        own = None
        if content is not None and content[0] == link.number:
            own, content = content[1], next(waiting, None)
        # What an edited link says of its content cannot be believed.
        if found is None or found.fault is not Fault.EDITED:
            yield from _of_content(link, own, gone)
        before = link.number
    while content is not None:
        yield _without_link(content[0])
        content = next(waiting, None)
    if head and head not in entered.keys() | {link.previous for link in chain}:
        message = (
            f"No entry has the hash {head}: the chain was cut before it, or was computed anew after it was given out."
        )
        yield Finding(Fault.HEAD, 0, "", message)


def _entered_as(chain: tuple[Link, ...]) -> dict[str, int]:
    """The number under which each link was entered, by its hash: its own where it fits, else counted from those before it."""
    after = {link.previous: link for link in chain}
    found = {START: 0}
    for link in chain:
        right = _hash_under(link, link.number)
        # Where the hash alone was changed, the link after it still knows the right one.
        if right == link.hash or right in after:
            found[right] = link.number
    for known in tuple(found):
        following = after.get(known)
        while following is not None and following.hash not in found:
            found[following.hash] = found[following.previous] + 1
            following = after.get(following.hash)
    return {link.hash: link.number for link in chain} | found


def _of_link(link: Link, before: int, entered: Mapping[str, int]) -> Finding | None:
    """What is wrong with a link, after one of number `before`."""
    if _hash_under(link, link.number) != link.hash:
        number = entered[link.hash]
        if _hash_under(link, number) != link.hash:
            message = f"Entry {link.number} was changed: its hash does not fit it."
            return Finding(Fault.EDITED, link.number, link.id, message)
        message = f"Entry {link.number} stands where it was not entered: it was number {number}."
        return Finding(Fault.REORDERED, link.number, link.id, message)
    if entered.get(link.previous) == link.number - 1:
        return None
    if link.number > before + 1:
        lost = "one was" if link.number == before + 2 else f"{link.number - before - 1} were"
        return Finding(Fault.MISSING, link.number, link.id, f"Before entry {link.number}, {lost} taken out.")
    message = f"Entry {link.number} does not follow the one that stands before it."
    return Finding(Fault.BROKEN, link.number, link.id, message)


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

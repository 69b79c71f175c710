"""The chain of a ledger: links of hashes, each over a salted digest of what was entered and over the link before.

A link says that something was entered, and nothing of what: the digest is salted, so that erasing content and salt leaves
nothing to guess from while the chain still holds. This module computes; it reads and writes nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
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
    what: Entered
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
    GONE = "gone"
    HEAD = "head"


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

    Links and contents come by number; contents are looked at one at a time, so that a ledger need not fit into memory.
    `erased` are the ids that erasures name. Without `head`, a tail that was cut off and a chain that was computed anew
    cannot be noticed.
    """
    gone = frozenset(erased)
    previous, heads = START, {START}
    waiting = iter(contents)
    content = next(waiting, None)
    for place, link in enumerate(links, start=1):
        while content is not None and content[0] < link.number:
            yield Finding(
                Fault.CONTENT, content[0], "", f"There is content of entry {content[0]}, which is not in the chain."
            )
            content = next(waiting, None)
        yield from _of_link(place, link, previous)
        is_here = content is not None and content[0] == link.number
        yield from _of_content(link, content[1] if content is not None and is_here else None, gone)
        content = next(waiting, None) if is_here else content
        previous = link.hash
        heads.add(link.hash)
    if head and head not in heads:
        message = (
            f"No entry has the hash {head}: the chain was cut before it, or was computed anew after it was given out."
        )
        yield Finding(Fault.HEAD, 0, "", message)


def _of_link(place: int, link: Link, previous: str) -> Iterator[Finding]:
    if link.number > place and link.previous != previous:
        yield Finding(Fault.MISSING, link.number, link.id, f"Before entry {link.number} something was taken out.")
    elif link.previous != previous:
        yield Finding(
            Fault.REORDERED, link.number, link.id, f"Entry {link.number} does not follow the one that stands before it."
        )
    if hash_of(link.number, link.id, link.what, link.at, link.commitment, link.previous) != link.hash:
        yield Finding(Fault.EDITED, link.number, link.id, f"Entry {link.number} was changed: its hash does not fit it.")


def _of_content(link: Link, content: Content | None, gone: frozenset[str]) -> Iterator[Finding]:
    if content is None:
        if link.id not in gone:
            message = f"The content of entry {link.number} is gone, and no erasure names it."
            yield Finding(Fault.GONE, link.number, link.id, message)
    elif commitment_of(content) != link.commitment:
        message = f"The content of entry {link.number} is not what was entered."
        yield Finding(Fault.CONTENT, link.number, link.id, message)

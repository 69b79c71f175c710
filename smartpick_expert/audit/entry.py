"""What a ledger holds of one advice: an entry as it is made, and as it is listed."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from smartpick_expert.audit.chain import Link

_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
_MAYBE = "?"


@dataclass(frozen=True, slots=True)
class Summary:
    """What an entry is found by and listed with. `bucket` is the engine's own conclusion.

    `rules`, `knowledge` and `templates` are the hashes of what it was made by, `program` the version of the program and
    `source` the fingerprint of its source. `body` is the hash of the record's body, `documents` that of every file that
    was written, the record among them, by name. What an earlier version did not note is empty.
    """

    label: str
    as_of: str
    bucket: str
    rules: str
    knowledge: str
    program: str
    overrides: int = 0
    templates: str = ""
    source: str = ""
    body: str = ""
    documents: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entry:
    """One advice to be entered: its summary, the rules that fired, its stored bytes, and the shared texts they refer to.

    `fired` are rules that certainly fired, and those that only may have (see `maybe`). `written` are the places of its
    documents, which are noted as written elsewhere.
    """

    id: str
    summary: Summary
    fired: tuple[str, ...]
    data: bytes
    shared: Mapping[str, str]
    written: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the log. An erased advice has its link and no summary; nor has one whose summary is damaged.

    `is_unwritten` says that its documents could not be put in place, so that it was entered and not given.
    """

    link: Link
    summary: Summary | None
    is_damaged: bool = False
    is_unwritten: bool = False


@dataclass(frozen=True, slots=True)
class Erasure:
    """An erasure that was entered: its link, and the ids that it erased."""

    link: Link
    ids: tuple[str, ...]


def near_labels(label: str, labels: Iterable[str]) -> tuple[str, ...]:
    """The labels that differ from one in nothing but small and capital letters or blanks: labels are matched as written."""
    return tuple(sorted({one for one in labels if one != label and _bare(one) == _bare(label)}))


def _bare(label: str) -> str:
    return "".join(label.casefold().split())


def maybe(rule: str) -> str:
    """How a rule stands among those that fired where it only may have fired."""
    return _MAYBE + rule


def new_id() -> str:
    """A name for an entry, given before it is entered so that documents can print it."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(2))

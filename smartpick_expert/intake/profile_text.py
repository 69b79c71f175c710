"""A profile as the text of a file that reads as the same profile, for profiles that no file holds: made up, or changed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date

from smartpick_expert.intake.profile import VERIFIED, Entry, Profile
from smartpick_expert.language.values import ABSENT, Slot
from smartpick_expert.language.vocabulary import Supplier, Vocabulary

# Words that stand in a YAML file as they are. Others are quoted.
_PLAIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_.()/ -]*[A-Za-z0-9_.()/-])?")
_NOT_PLAIN = frozenset({"none", "null", "~"})


def profile_text(profile: Profile, vocabulary: Vocabulary, about: str = "") -> str:
    """The YAML text, with its sections in the order of the vocabulary and `about` in comments above them.

    Overrides are left out: they are no part of what the rules read.
    """
    lines = [f"# {line}" for line in about.splitlines()]
    for fact_type in vocabulary.supplied_by(Supplier.PROFILE):
        entries = profile.of(fact_type.name)
        if fact_type.one and entries:
            pairs = list(_pairs(entries[0]))
            lines.append(f"{fact_type.name}:" if pairs else f"{fact_type.name}: {{}}")
            lines += [f"  {pair}" for pair in pairs]
        elif entries:
            lines.append(f"{fact_type.name}:")
            lines += [f"  - {{{', '.join(_pairs(entry))}}}" for entry in entries]
        elif fact_type.name in profile.sections:
            lines.append(f"{fact_type.name}: {'{}' if fact_type.one else '[]'}")
    return "\n".join(lines) + "\n"


def value_as_written(slot: Slot) -> str:
    """A value as a profile holds it."""
    if slot is ABSENT:
        return "none"
    if isinstance(slot, bool):
        return "true" if slot else "false"
    if isinstance(slot, tuple):
        return f"[{', '.join(map(value_as_written, slot))}]"
    if isinstance(slot, date):
        return slot.isoformat()
    return _quoted(slot) if isinstance(slot, str) else str(slot)


def _pairs(entry: Entry) -> Iterator[str]:
    for name, slot in entry.values.items():
        yield f"{name}: {value_as_written(slot)}"
    if entry.verified is not None:
        on = f", on: {entry.verified.on.isoformat()}" if entry.verified.on else ""
        yield f"{VERIFIED}: {{by: {_quoted(entry.verified.by)}{on}}}"


def _quoted(text: str) -> str:
    is_plain = _PLAIN.fullmatch(text) and text.lower() not in _NOT_PLAIN
    return text if is_plain else json.dumps(text, ensure_ascii=False)

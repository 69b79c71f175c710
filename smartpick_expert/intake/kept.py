"""A profile without what is kept for the advisor. From it the applicant's documents are made.

What an advisor knows in confidence (how a program stands to a school, what a program will not say of itself, how a
writer's earlier residents did) decides much. A rule that reads it and a sentence that leaves it out are not enough: a
reason that is missing, a bucket that does not fit its reasons or a number that is skipped gives it away. So the rules
run once more without it, and nothing in the documents can depend on it, whatever rules there will be.
"""

from __future__ import annotations

from dataclasses import replace

from smartpick_expert.intake.profile import Entry, Profile
from smartpick_expert.language.values import Slot
from smartpick_expert.language.vocabulary import Field, Vocabulary


def holds_what_is_kept(profile: Profile, vocabulary: Vocabulary) -> bool:
    """Whether anything in it is kept for the advisor. Where nothing is, a second run would find nothing else."""
    return without_what_is_kept(profile, vocabulary).entries != profile.entries


def without_what_is_kept(profile: Profile, vocabulary: Vocabulary) -> Profile:
    """The profile with sections and fields for the advisor left out, and kept words as the vocabulary has them told.

    It says of itself that it is told, so that no notes are ever added to it.
    """
    kept = {fact_type.name for fact_type in vocabulary.types.values() if fact_type.for_advisor}
    entries = tuple(_told(entry, vocabulary) for entry in profile.entries if entry.type not in kept)
    if entries == profile.entries:
        return replace(profile, is_told=True)
    return replace(profile, entries=entries, sections=profile.sections - kept, is_told=True)


def _told(entry: Entry, vocabulary: Vocabulary) -> Entry:
    fields = vocabulary.types[entry.type].fields
    values = {name: _word(fields[name], slot) for name, slot in entry.values.items() if not fields[name].for_advisor}
    return replace(entry, values=values) if values != entry.values else entry


def _word(field: Field, slot: Slot) -> Slot:
    return field.told_as.get(slot, slot) if isinstance(slot, str) else slot

"""What moved since an applicant was last advised, as far as they are told of it: laid to what brought it."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet

from smartpick_expert.explain.difference import Change, Difference, Part
from smartpick_expert.explain.difference_text import turn_text
from smartpick_expert.language.model import Audience
from smartpick_expert.language.vocabulary import Supplier, Vocabulary
from smartpick_expert.report.entered import Since, SinceLine, SincePart
from smartpick_expert.workspace import Workspace

_SHOWN = (Part.GIVEN, Part.BUCKET, Part.WEIGHED, Part.ACTIONS)


def since_of(entry: str, as_of: str, laid: Iterable[tuple[tuple[str, ...], Difference]], workspace: Workspace) -> Since:
    """The view of what moved since the advice of that entry and day. `laid` are differences between runs for the applicant."""
    told = frozenset(rule.id for rule in workspace.ruleset.rules if Audience.APPLICANT in rule.audience)
    parts = (SincePart(causes, tuple(_lines(found, told, workspace.vocabulary))) for causes, found in laid)
    return Since(entry, as_of, tuple(part for part in parts if part.lines))


def _lines(found: Difference, told: AbstractSet[str], vocabulary: Vocabulary) -> Iterable[SinceLine]:
    given = {one.name for one in vocabulary.supplied_by(Supplier.PROFILE) if not one.for_advisor}
    kept = {
        (one.name, field.name)
        for one in vocabulary.types.values()
        for field in one.fields.values()
        if field.for_advisor or field.told_as
    }
    for part in _SHOWN:
        for change in found.of(part):
            if part is Part.GIVEN and not (_type_of(change.key) in given and _path_of(change.key) not in kept):
                continue
            # What only rules for the advisor say is not told, nor that they say something else now.
            if part is Part.WEIGHED and not (_rules(change) and _rules(change) <= told):
                continue
            yield SinceLine(part.value, found.names.get(change.key, change.key), turn_text(change))


def _rules(change: Change) -> frozenset[str]:
    return frozenset((*change.before.through, *change.after.through))


def _path_of(key: str) -> tuple[str, str]:
    """Type and field of a place; of an entry as a whole the field is empty."""
    return _type_of(key), key.rpartition("].")[2].rpartition(".")[2] if "." in key else ""


def _type_of(key: str) -> str:
    return key.partition("[")[0].partition(".")[0]

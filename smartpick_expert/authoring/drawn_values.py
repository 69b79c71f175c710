"""A value for a field of a made-up profile: what is usual, what lies at a limit that a rule sets, or anything allowed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Final, TypeGuard

from smartpick_expert.authoring.draw import Draw
from smartpick_expert.authoring.usual import read_usual
from smartpick_expert.engine.consultation import prepare
from smartpick_expert.explain.held import Held
from smartpick_expert.intake.profile import Profile
from smartpick_expert.language.values import ABSENT, Number, Slot, exact_difference, exact_sum, normal_number
from smartpick_expert.language.vocabulary import FactType, Field, FieldType
from smartpick_expert.workspace import Workspace

Labels = Mapping[str, list[str]]
# Of a hundred values that are not usual ones, so many lie at a limit.
_AT_A_LIMIT = 60
# Of a hundred values that may be none, and of which nothing is usual, so many are.
_NONE = 25
# Days of no particular meaning lie within so many years of the day.
_YEARS = 4


class DrawnValues:
    """Draws values for the fields of one workspace on one day. Raises Problems where what is usual there cannot be read."""

    def __init__(self, workspace: Workspace, as_of: date) -> None:
        self.vocabulary = workspace.vocabulary
        self.as_of = as_of
        self.usual = read_usual(workspace, as_of)
        nobody = prepare(Profile("", (), frozenset()), workspace, as_of)
        self._held = Held(nobody.compiled, nobody.intake.facts)
        self._known: dict[tuple[str, str], tuple[Slot, ...]] = {}

    def one(
        self, kind: FactType, field: Field, entry: Mapping[str, Slot], labels: Labels, usually: int, draw: Draw
    ) -> Slot | None:
        """A value for a field of an entry of which some fields are drawn already; None where there is nothing to choose.

        `labels` are those of the entries that the profile has, by section. `usually` of a hundred values are usual ones,
        where the workspace knows any.
        """
        if field.of:
            return self._label_of_another(field, labels, draw)
        usual = self.usual.of(kind.name, field.name, entry.get(kind.label))
        if usual and draw.in_hundred(usually):
            return draw.one_of(usual)
        if field.may_be_none and not usual and draw.in_hundred(_NONE):
            return ABSENT
        at_limits = () if field.many else self.at_limits(kind, field, entry)
        if at_limits and draw.in_hundred(_AT_A_LIMIT):
            return draw.one_of(at_limits)
        if field.many:
            return tuple(self._anything(kind, field, draw) for _ in range(draw.below(4)))
        return self._anything(kind, field, draw)

    def at_limits(self, kind: FactType, field: Field, entry: Mapping[str, Slot]) -> tuple[Slot, ...]:
        """The values on both sides of every limit that rules hold the field against, or one that is computed from it."""
        limits = [*self._limits(kind.name, field.name), *self._turned_back(kind, field, entry)]
        if field.type is FieldType.NUMBER:
            return tuple(sorted({point for limit in limits for point in _around(limit, field)}))
        if field.type is FieldType.DATE:
            days = {
                limit + timedelta(days=shift) for limit in limits if isinstance(limit, date) for shift in (-1, 0, 1)
            }
            return tuple(sorted(days))
        if field.type is FieldType.TEXT:
            return tuple(limit for limit in limits if isinstance(limit, str))
        return ()

    def _limits(self, type_name: str, field: str) -> tuple[Slot, ...]:
        key = (type_name, field)
        if key not in self._known:
            self._known[key] = tuple(sorted({limit for limit, _ in self._held.against(*key)}, key=str))
        return self._known[key]

    def _turned_back(self, kind: FactType, field: Field, entry: Mapping[str, Slot]) -> Iterator[Slot]:
        """The values at which a field that is computed from this one comes to a limit of its own."""
        for computed in kind.fields.values():
            first, second = computed.computed or ("", "")
            other = entry.get(second if field.name == first else first)
            if field.name not in (first, second) or not _is_number(other):
                continue
            for limit in self._limits(kind.name, computed.name):
                if _is_number(limit):
                    yield exact_sum(limit, other) if field.name == first else exact_difference(other, limit)

    def _label_of_another(self, field: Field, labels: Labels, draw: Draw) -> Slot | None:
        known = labels.get(field.of) or sorted(self.vocabulary.listed.get(field.of, ()))
        if field.may_be_none and (not known or draw.in_hundred(_NONE)):
            return ABSENT
        return draw.one_of(known) if known else None

    def _anything(self, kind: FactType, field: Field, draw: Draw) -> bool | int | Decimal | str | date:
        if field.type is FieldType.BOOLEAN:
            return draw.often(5)
        if field.type is FieldType.CHOICE:
            return draw.one_of(tuple(field.values))
        if field.type is FieldType.DATE:
            return self.as_of + timedelta(days=draw.below(2 * _YEARS * 365) - _YEARS * 365)
        if field.type is FieldType.NUMBER:
            return _any_number(field, draw)
        name = field.name if kind.one else kind.name
        return f"{name.replace('_', ' ').capitalize()} {draw.below(9) + 1}"


def _is_number(slot: object) -> TypeGuard[int | Decimal]:
    return isinstance(slot, int | Decimal) and not isinstance(slot, bool)


def _around(limit: Slot, field: Field) -> Iterator[Number]:
    if isinstance(limit, bool) or not isinstance(limit, int | Decimal):
        return
    for by in {field.step, 1 if field.whole else field.step}:
        for point in (exact_difference(limit, by), limit, exact_sum(limit, by)):
            is_low = field.minimum is not None and point < field.minimum
            if not is_low and not (field.maximum is not None and point > field.maximum):
                yield normal_number(point)


# Where a vocabulary sets no ends, numbers are drawn from here.
_LOW, _HIGH = 0, 1_000


def _any_number(field: Field, draw: Draw) -> Number:
    low = (
        field.minimum if field.minimum is not None else min(_LOW, field.maximum if field.maximum is not None else _LOW)
    )
    high = field.maximum if field.maximum is not None else max(_HIGH, low)
    if field.whole:
        return int(low) + draw.below(int(high) - int(low) + 1)
    steps: Final = int((Decimal(high) - Decimal(low)) / Decimal(field.step))
    return exact_sum(low, normal_number(Decimal(field.step) * draw.below(steps + 1)))

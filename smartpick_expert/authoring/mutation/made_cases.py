"""Cases made up for a rule, as YAML that an author names anew and keeps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from smartpick_expert.authoring.cases import DEFAULT_DAY
from smartpick_expert.authoring.mutation.made_facts import World
from smartpick_expert.authoring.mutation.rule_runs import Firings
from smartpick_expert.intake.profile_text import value_as_written
from smartpick_expert.language.facts import Fact
from smartpick_expert.language.values import ABSENT, UNKNOWN, Slot, order_key, plain
from smartpick_expert.language.vocabulary import FactType, Supplier, Vocabulary

HEAD: Final = """\
# Cases made up by 'smartpick rules mutate': each tells a rule from a mutant of it.
# Give each the name of what it is about, move it beside its rule, and delete this file.
"""


@dataclass(frozen=True, slots=True)
class MadeCase:
    """A case for one rule on facts made up for it.

    `facts` are sections with their entries, `is_one` says of a section that it is a single entry. `times` is None where it
    goes without saying, `as_of` where it is the usual day.
    """

    rule_id: str
    name: str
    facts: tuple[tuple[str, bool, tuple[Mapping[str, Slot], ...]], ...]
    fires: bool
    times: int | None
    concludes: tuple[tuple[str, tuple[Mapping[str, Slot], ...]], ...]
    as_of: date | None

    @property
    def given(self) -> str:
        """Its facts in one line, as a case file spells them."""
        return ", ".join(f"{name}: {_section(is_one, entries)}" for name, is_one, entries in self.facts) or "no facts"

    def data(self) -> dict[str, object]:
        """The case as JSON holds it."""
        facts = {
            name: [_plain(entry) for entry in entries] if not is_one else _plain(entries[0])
            for name, is_one, entries in self.facts
        }
        found: dict[str, object] = {"name": self.name, "facts": facts}
        if self.as_of is not None:
            found["as_of"] = self.as_of.isoformat()
        found["fires" if self.fires else "does_not_fire"] = self.rule_id
        if self.times is not None:
            found["times"] = self.times
        if self.fires:
            found["concludes"] = {name: [_plain(entry) for entry in entries] for name, entries in self.concludes}
        return found


def made_case(
    rule_id: str,
    name: str,
    world: World,
    firings: Firings,
    as_of: date,
    vocabulary: Vocabulary,
    *,
    counted: bool = False,
) -> MadeCase:
    """The case that a world comes to, where these are the firings of its rule; `counted` demands their number even of one."""
    types = vocabulary.types
    sections: dict[str, list[Mapping[str, Slot]]] = {}
    for draft in world:
        derived = types[draft.type].supplied_by is Supplier.RULES
        sections.setdefault(draft.type, []).append(_in_order(draft.slots, types[draft.type], derived=derived))
    facts = tuple((name, types[name].one, tuple(entries)) for name, entries in sections.items())
    concluded: dict[str, list[Mapping[str, Slot]]] = {}
    for fact in sorted({fact for several in firings.values() for fact in several}, key=_fact_order):
        concluded.setdefault(fact.type, []).append(_in_order(fact.slots, types[fact.type], derived=True))
    return MadeCase(
        rule_id=rule_id,
        name=name,
        facts=facts,
        fires=bool(firings),
        times=len(firings) if len(firings) > 1 or (counted and firings) else None,
        concludes=tuple((name, tuple(entries)) for name, entries in concluded.items()),
        as_of=as_of if as_of != DEFAULT_DAY else None,
    )


def _in_order(slots: Mapping[str, Slot], fact_type: FactType, *, derived: bool) -> dict[str, Slot]:
    """What is said of a fact, in the vocabulary's order; a conclusion goes without what it has not."""
    said = ((name, slots.get(name, UNKNOWN)) for name in fact_type.fields)
    return {name: slot for name, slot in said if slot is not UNKNOWN and not (derived and slot is ABSENT)}


def cases_text(cases: Iterable[MadeCase]) -> str:
    """The cases as a case file."""
    lines = [line for case in cases for line in _lines(case)]
    return "\n".join([HEAD + ("cases:" if lines else "cases: []"), *lines]) + "\n"


def case_text(case: MadeCase) -> str:
    """One case as it stands in a case file."""
    return "\n".join(_lines(case))


def _lines(case: MadeCase) -> Iterator[str]:
    yield f"  - name: {value_as_written(case.name)}"
    yield "    facts:" if case.facts else "    facts: {}"
    yield from (f"      {name}: {_section(is_one, entries)}" for name, is_one, entries in case.facts)
    if case.as_of is not None:
        yield f"    as_of: {case.as_of.isoformat()}"
    yield f"    {'fires' if case.fires else 'does_not_fire'}: {case.rule_id}"
    if case.times is not None:
        yield f"    times: {case.times}"
    if case.fires:
        yield "    concludes:" if case.concludes else "    concludes: {}"
        yield from (f"      {name}: {_section(False, entries)}" for name, entries in case.concludes)  # noqa: FBT003


def _section(is_one: bool, entries: tuple[Mapping[str, Slot], ...]) -> str:  # noqa: FBT001
    several = [
        "{" + ", ".join(f"{name}: {value_as_written(slot)}" for name, slot in entry.items()) + "}" for entry in entries
    ]
    return several[0] if is_one else f"[{', '.join(several)}]"


def _plain(entry: Mapping[str, Slot]) -> dict[str, object]:
    return {name: "none" if slot is ABSENT else plain(slot) for name, slot in entry.items()}


def _fact_order(fact: Fact) -> tuple[object, ...]:
    return fact.type, tuple((name, order_key(slot)) for name, slot in fact.values)

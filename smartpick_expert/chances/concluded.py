"""What rules conclude to count for the chances at programs: whose rates to start from, and what moves the odds.

The rules are asked cause by cause, and once for programs that no rule of a cause can tell apart, as gates are (`programs/asked.py`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from smartpick_expert.chances.odds import ODDS
from smartpick_expert.engine.derivation import Derivation, Firing
from smartpick_expert.engine.doubts import with_doubts
from smartpick_expert.engine.session import Matcher
from smartpick_expert.engine.slices import slice_for
from smartpick_expert.language.facts import Fact
from smartpick_expert.programs.asked import Asking
from smartpick_expert.programs.gate_rules import NAME, Wanted, rules_for
from smartpick_expert.programs.gates import PROGRAM
from smartpick_expert.programs.screening import Screening, facts_without

GROUP: Final = "reference_group"


@dataclass(frozen=True, slots=True)
class Cause:
    """One thing that moves the odds at a program: the conclusion, and the firing behind it, on the facts of `program`.

    One that is not settled hangs on something that the profile leaves open.
    """

    name: str
    fact: Fact
    firing: Firing
    program: Fact
    is_settled: bool = True


@dataclass(frozen=True, slots=True)
class Concluded:
    """What was concluded for one program, causes in the vocabulary's order. No group: the rules leave it open altogether."""

    groups: tuple[str, ...]
    causes: tuple[Cause, ...]


def concluded_at(screening: Screening, programs: Sequence[Fact], engine: Matcher | str = "") -> list[Concluded]:
    """What the rules conclude for each of some programs of a screening, in their order."""
    consultation = screening.consultation
    compiled = slice_for(consultation.derivation.compiled, (ODDS, GROUP))
    asking = Asking(compiled, facts_without(consultation, screening.catalogue), programs, engine)
    groups: list[tuple[str, ...]] = [()] * len(programs)
    causes: list[list[Cause]] = [[] for _ in programs]
    for derivation, alike in asking.runs(rules_for(compiled, Wanted(GROUP))):
        found = groups_in(derivation)
        for group in alike:
            for place in group:
                groups[place] = found
    for name in compiled.vocabulary.types[ODDS].fields[NAME].values:
        for derivation, alike in asking.runs(rules_for(compiled, Wanted(ODDS, name))):
            reader = CauseReader(derivation, name)
            for group in alike:
                of_group = reader.causes(programs[group[0]])
                for place in group:
                    causes[place] += of_group
    return [Concluded(*pair) for pair in zip(groups, map(tuple, causes), strict=True)]


def groups_in(derivation: Derivation) -> tuple[str, ...]:
    """The groups that a run concludes, or else all that are possible, in the order of the run."""
    facts = derivation.of(GROUP) or derivation.open_of(GROUP)
    return tuple(dict.fromkeys(slot for fact in facts if isinstance(slot := fact.get("group"), str)))


class CauseReader:
    """Reads what moves the odds out of a run: causes of one name, or (without) all of them."""

    def __init__(self, derivation: Derivation, name: str = "") -> None:
        self._vocabulary = derivation.compiled.vocabulary
        self._settled = _by_program(derivation.firings, name)
        open_ = tuple(one for one in derivation.possible_firings if any(fact.type == ODDS for fact in one.conclusions))
        doubted = with_doubts(replace(derivation, possible_firings=open_)).possible_firings
        self._open = _by_program((firing for firing in doubted if _hangs_on_the_profile(firing)), name)

    def causes(self, program: Fact) -> tuple[Cause, ...]:
        """What moves the odds at a program, in the vocabulary's order: for it alone, or for all programs."""
        label = str(program.get("id"))
        found: dict[Fact, Cause] = {}
        for by_program, is_settled in ((self._settled, True), (self._open, False)):
            for fact, firing in (*by_program.get("", ()), *by_program.get(label, ())):
                found.setdefault(fact, Cause(str(fact.get(NAME)), fact, firing, program, is_settled))
        return tuple(sorted(found.values(), key=self._place))

    def _place(self, cause: Cause) -> tuple[int, int]:
        rank = self._vocabulary.rank
        return rank(ODDS, NAME, cause.name), rank(ODDS, "signal", cause.fact.get("signal"))


def _by_program(firings: Iterable[Firing], name: str) -> dict[str, list[tuple[Fact, Firing]]]:
    """The odds that firings conclude, by the id of the program; under an empty one those that hold at every program."""
    found: dict[str, list[tuple[Fact, Firing]]] = defaultdict(list)
    for firing in firings:
        for fact in firing.conclusions:
            if fact.type == ODDS and (not name or fact.get(NAME) == name):
                label = fact.get(PROGRAM)
                found[label if isinstance(label, str) else ""].append((fact, firing))
    return found


def _hangs_on_the_profile(firing: Firing) -> bool:
    """Whether a possible firing waits for something that the applicant could tell, and for nothing that a program leaves out.

    What a program does not state leaves its applicants as they are counted, whoever they are.
    """
    missing: Iterator[Fact] = (fact for doubt in firing.doubts for fact, _ in doubt.fields)
    types = {fact.type for fact in missing}
    return bool(types) and PROGRAM not in types

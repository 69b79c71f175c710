"""Rules asked about many programs: once for those that no rule tells apart, and many of them together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from smartpick_expert.engine.compiled import CompiledRules
from smartpick_expert.engine.derivation import Derivation
from smartpick_expert.engine.session import Matcher, consult
from smartpick_expert.language.facts import Fact, listed
from smartpick_expert.programs.alike import Alike
from smartpick_expert.programs.gates import PROGRAM

CATALOGUED = "catalogued"
# So many programs share a consultation: more make each look-up longer, fewer repeat what holds for all of them.
_TOGETHER = 60
# Programs that are alike, by their places in the list that was asked about.
Group = list[int]


def entry_of(program: Fact, compiled: CompiledRules, place: int) -> Fact:
    """The fact that a program stands in a catalogue that the file is held against."""
    return listed(compiled.vocabulary.types[CATALOGUED], {PROGRAM: program.get("id")}, place)


class Asking:
    """Asks rules about the programs of a catalogue, for one applicant.

    `compiled` holds all that may be asked for, and `given` the applicant's facts, without programs of the catalogue.
    """

    def __init__(
        self, compiled: CompiledRules, given: tuple[Fact, ...], programs: Sequence[Fact], engine: Matcher | str = ""
    ) -> None:
        self._given = given
        self._programs = programs
        self._engine = engine
        self._known = consult(compiled, given, engine).possible

    def runs(self, rules: CompiledRules) -> Iterator[tuple[Derivation, list[Group]]]:
        """Runs of some of those rules, each with the groups it was about: the first program of a group stands for all of it.

        Every program is in one group of one run.
        """
        alike = Alike(rules, self._known, rules.vocabulary.types[PROGRAM])
        groups = alike.groups(self._programs)
        waiting = [groups[start : start + _TOGETHER] for start in range(0, len(groups), _TOGETHER)]
        while waiting:
            together = waiting.pop()
            programs = [self._programs[group[0]] for group in together]
            entries = [entry_of(program, rules, place) for place, program in enumerate(programs)]
            derivation = consult(rules, (*self._given, *programs, *entries), self._engine)
            if derivation.cut_off and len(together) > 1:
                # What is open multiplies with the programs, and a rule that is cut off says nothing of any of them.
                middle = len(together) // 2
                waiting += [together[:middle], together[middle:]]
            else:
                yield derivation, together

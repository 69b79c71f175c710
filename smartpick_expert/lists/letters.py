"""Which letters go to which program of a list: at most a few each, the fittest by the rules first.

What makes a letter fit is concluded by rules (`letter_fit`), for each program; the vocabulary says which ground weighs most. Here
the letters are only put in that order and counted off.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from smartpick_expert.engine.consultation import Consultation
from smartpick_expert.engine.derivation import Derivation, Firing
from smartpick_expert.engine.session import Matcher
from smartpick_expert.engine.slices import slice_for
from smartpick_expert.explain.wording import value_text
from smartpick_expert.language.facts import Fact
from smartpick_expert.language.values import Slot
from smartpick_expert.programs.asked import Asking
from smartpick_expert.programs.gate_rules import Wanted, rules_for
from smartpick_expert.programs.gate_words import sentence_of
from smartpick_expert.programs.gates import PROGRAM

FIT: Final = "letter_fit"
LETTER: Final = "letter"
_GROUND: Final = "ground"
# The words of the vocabulary for a letter that only fills a number, and for one that is kept back.
_ONLY_IF_NEEDED, _NEVER = "only_if_needed", "never"
MOST: Final = "letters.most_per_program"
USUAL: Final = "letters.usual_number"
PARAMETERS_READ: Final = (MOST, USUAL)


@dataclass(frozen=True, slots=True)
class Assigned:
    """A letter for a program: its label, what makes it fit in words (none where nothing known does), and the rules that say so."""

    letter: str
    grounds: tuple[str, ...]
    rules: tuple[str, ...]
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Letters:
    """The letters for one program. `short_by` says how many fewer they are than it asks for."""

    assigned: tuple[Assigned, ...]
    short_by: int = 0


def letters_for(
    consultation: Consultation, programs: Sequence[Fact], engine: Matcher | str = ""
) -> Mapping[Slot, Letters]:
    """The letters of an applicant for each of some programs of catalogues, by the programs' ids.

    Programs that no rule on letters can tell apart are consulted once.
    """
    given = tuple(fact for fact in consultation.intake.facts if fact.type != PROGRAM)
    # A section of letters that is left open stands for any number of them, and for none that could be named.
    letters = [fact for fact in given if fact.type == LETTER and isinstance(fact.get("id"), str)]
    compiled = slice_for(consultation.derivation.compiled, (FIT,))
    found: dict[Slot, Letters] = {}
    for derivation, groups in Asking(compiled, given, programs, engine).runs(rules_for(compiled, Wanted(FIT))):
        fits = _Fits(derivation)
        for group in groups:
            for program in (programs[place] for place in group):
                several = [fits.of(letter, programs[group[0]], program) for letter in letters]
                found[program.get("id")] = _taken(several, program, compiled.parameters)
    return found


@dataclass(frozen=True, slots=True)
class _Fit:
    """A letter at a program: the places of its grounds in the vocabulary, the weightiest first."""

    assigned: Assigned
    places: tuple[int, ...]
    is_spare: bool
    is_kept_back: bool


class _Fits:
    """Reads what makes letters fit out of a run."""

    def __init__(self, derivation: Derivation) -> None:
        self._derivation = derivation
        self._vocabulary = derivation.compiled.vocabulary
        self._found: dict[tuple[Slot, Slot], list[tuple[str, Firing]]] = defaultdict(list)
        for firing in derivation.firings:
            for fact in firing.conclusions:
                if fact.type == FIT:
                    self._found[fact.get(PROGRAM), fact.get(LETTER)].append((str(fact.get(_GROUND)), firing))

    def of(self, letter: Fact, stands_for: Fact, program: Fact) -> _Fit:
        """A letter at a program of the group that `stands_for` was consulted for."""
        found = sorted(self._found[stands_for.get("id"), letter.get("id")], key=lambda pair: self._place(pair[0]))
        names = [name for name, _ in found]
        field = self._vocabulary.types[FIT].fields[_GROUND]
        return _Fit(
            Assigned(
                str(letter.get("id")),
                tuple(dict.fromkeys(value_text(name, field) for name in names)),
                tuple(dict.fromkeys(firing.rule_id for _, firing in found)),
                tuple(sentence_of(firing, stands_for, program, self._derivation.compiled) for _, firing in found),
            ),
            tuple(self._place(name) for name in names),
            _ONLY_IF_NEEDED in names,
            _NEVER in names,
        )

    def _place(self, name: str) -> int:
        return self._vocabulary.rank(FIT, _GROUND, name)


def _taken(fits: Iterable[_Fit], program: Fact, parameters: Mapping[str, Slot]) -> Letters:
    """The letters to send, the fittest first: as many as the program takes, and weak ones only up to the number it asks for."""
    several = [fit for fit in fits if not fit.is_kept_back]
    # A letter with one more ground goes before one without: past the last ground stands what no letter has.
    longest = max((len(fit.places) for fit in several), default=0)
    last = max((place for fit in several for place in fit.places), default=0) + 1
    ordered = sorted(several, key=lambda fit: (fit.is_spare, fit.places + (last,) * (longest - len(fit.places))))
    most, usual = _count(parameters.get(MOST), len(several)), _count(parameters.get(USUAL), 0)
    asked = _count(program.get("letters_min"), usual)
    takes = min(most, _count(program.get("letters_max"), most))
    taken = [fit for place, fit in enumerate(ordered[:takes]) if not fit.is_spare or place < asked]
    # Where a program does not say how many it asks for, nothing is missing that we know of.
    lacking = _count(program.get("letters_min"), 0) - len(taken)
    return Letters(tuple(fit.assigned for fit in taken), max(0, lacking))


def _count(slot: Slot | None, otherwise: int) -> int:
    return slot if isinstance(slot, int) and not isinstance(slot, bool) else otherwise

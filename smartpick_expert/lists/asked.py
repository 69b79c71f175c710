"""What is typed for a list, read against the vocabulary: budgets, plans, shares and signals. Everything wrong is told at once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from smartpick_expert.diagnostics import Diagnostic, Location, Problems, nearest
from smartpick_expert.language.values import Number, normal_number, shorten
from smartpick_expert.language.vocabulary import Vocabulary
from smartpick_expert.lists.tiers import TIERS
from smartpick_expert.lists.wishes import Plan, Share, SignalsLeft
from smartpick_expert.programs.gates import PROGRAM

ALL: Final = "all"
SIGNAL: Final = "signal"
_TIER, _STATE = "tier", "state"
_FIELDS: Final = (_TIER, _STATE, "setting", "specialty", ALL)
_BUDGET: Final = re.compile(r"\$?([0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,9})(\.[0-9]{1,2})?")
_COUNT: Final = re.compile(r"[0-9]{1,5}")


@dataclass
class Asked:
    """Reads the texts of options, and collects what is wrong with them."""

    vocabulary: Vocabulary
    problems: list[Diagnostic] = field(default_factory=list)

    def done(self) -> None:
        """Raise Problems with everything that was wrong."""
        if self.problems:
            raise Problems(self.problems)

    def budget(self, text: str) -> Number:
        """An amount of US dollars: `2500`, `$2,500` or `2500.50`."""
        found = _BUDGET.fullmatch(text.strip())
        if found is None:
            message = f"'{shorten(text)}' is no amount."
            self._problem("list.budget", "--budget", message, "Write US dollars in digits, such as 2500.")
            return 0
        return normal_number(Decimal(found[1].replace(",", "") + (found[2] or "")))

    def plans(self, texts: Iterable[str]) -> tuple[Plan, ...]:
        """Plans side by side: `SPECIALTY` or `SPECIALTY:TRACK`, each once."""
        return tuple(dict.fromkeys(self._plan(text) for text in texts))

    def shares(self, texts: Iterable[str], *, is_most: bool) -> tuple[Share, ...]:
        """How many of what: `FIELD=VALUE:N`, or `all:N`."""
        return tuple(share for text in texts if (share := self._share(text, is_most=is_most)) is not None)

    def signals(self, texts: Iterable[str]) -> tuple[SignalsLeft, ...]:
        """How many signals are left to give: `SPECIALTY.KIND=N`, each kind once."""
        found = tuple(dict.fromkeys(one for text in texts if (one := self._signals(text)) is not None))
        for (specialty, kind), times in Counter((one.specialty, one.kind) for one in found).items():
            if times > 1:
                message = f"{specialty}.{kind} is counted in {times} ways."
                self._problem("list.signals", "--signals", message, "Say once how many are left.")
        return found

    def _plan(self, text: str) -> Plan:
        specialty, _, track = text.partition(":")
        self._is_word("--specialty", "specialty", specialty)
        if track:
            self._is_word("--specialty", "track", track)
        return Plan(specialty, track)

    def _share(self, text: str, *, is_most: bool) -> Share | None:
        option = "--at-most" if is_most else "--at-least"
        what, _, count = text.rpartition(":")
        name, _, value = what.partition("=")
        if not _COUNT.fullmatch(count) or name not in _FIELDS or (name == ALL) != (not value):
            message = f"'{shorten(text)}' does not say how many of what."
            fields = ", ".join(_FIELDS[:-1])
            hint = f"Write FIELD=VALUE:N, such as tier=safer:5 or state=OH:3; fields are {fields}. 'all:N' counts every program."
            self._problem("list.share", option, message, hint)
            return None
        if name == _TIER:
            self._is_one_of(option, _TIER, value, TIERS)
        elif name not in (ALL, _STATE):
            self._is_word(option, name, value)
        return Share(name, value.upper() if name == _STATE else value, int(count), is_most)

    def _signals(self, text: str) -> SignalsLeft | None:
        what, _, count = text.partition("=")
        specialty, _, kind = what.partition(".")
        if not _COUNT.fullmatch(count) or not kind:
            message = f"'{shorten(text)}' does not say how many signals of which kind."
            hint = "Write SPECIALTY.KIND=N, such as internal_medicine.gold=3."
            self._problem("list.signals", "--signals", message, hint)
            return None
        self._is_word("--signals", "specialty", specialty)
        self._is_one_of("--signals", "kind of signal", kind, self.vocabulary.types[SIGNAL].fields[_TIER].values)
        return SignalsLeft(specialty, kind, int(count))

    def _is_word(self, option: str, name: str, word: str) -> None:
        self._is_one_of(option, name, word, self.vocabulary.types[PROGRAM].fields[name].values)

    def _is_one_of(self, option: str, what: str, word: str, known: Iterable[str]) -> None:
        words = tuple(known)
        if word not in words:
            hint = nearest(word, words) or f"Known are: {', '.join(words)}."
            self._problem("list.word", option, f"There is no {what} '{shorten(word)}'.", hint)

    def _problem(self, code: str, option: str, message: str, hint: str) -> None:
        self.problems.append(Diagnostic(code, message, hint, Location(option)))

"""What a reader is told of one run, for drawings: facts that statements for them state, and what is known of the applicant."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from smartpick_expert.engine.consultation import Consultation
from smartpick_expert.explain.wording import value_text
from smartpick_expert.language.facts import Fact
from smartpick_expert.language.values import UNKNOWN, Slot
from smartpick_expert.language.vocabulary import Vocabulary
from smartpick_expert.report.statements import Statement


@dataclass(frozen=True)
class Said:
    """One run as a reader is told of it: `statements` are those for the reader that nobody withdrew.

    So nothing is drawn that the words do not say.
    """

    consultation: Consultation
    vocabulary: Vocabulary
    statements: tuple[Statement, ...]

    def of(self, type_name: str) -> tuple[Fact, ...]:
        """The facts of a type that some statement states, each once."""
        return tuple(fact for fact in self._stated if fact.type == type_name)

    @cached_property
    def _stated(self) -> tuple[Fact, ...]:
        return tuple(dict.fromkeys(fact for one in self.statements for fact in one.conclusions))

    def given(self, type_name: str) -> tuple[Fact, ...]:
        """The facts of a type that the profile or the knowledge gives."""
        return tuple(fact for fact in self.consultation.intake.facts if fact.type == type_name)

    def applicant(self, field: str) -> Slot:
        """What is known of the applicant."""
        return next((fact.get(field) for fact in self.given("applicant")), UNKNOWN)

    def word(self, fact: Fact, field: str) -> str:
        """A field of a fact in words."""
        return value_text(fact.get(field), self.vocabulary.types[fact.type].fields[field])

    def choices(self, type_name: str, field: str) -> dict[str, str]:
        """The values that a field may have, in the vocabulary's order, with their words."""
        fact_type = self.vocabulary.types.get(type_name)
        return dict(fact_type.fields[field].values) if fact_type is not None and field in fact_type.fields else {}

    def stating(self, facts: Iterable[Fact]) -> tuple[Statement, ...]:
        """The statements that state one of these facts."""
        wanted = frozenset(facts)
        return tuple(one for one in self.statements if wanted.intersection(one.conclusions))

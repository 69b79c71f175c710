"""A word of the vocabulary that exists only to be said (its type is marked `said`), and that no rule says."""

from __future__ import annotations

from collections.abc import Iterator

from smartpick_expert.authoring.checks.base import Base, Finding
from smartpick_expert.authoring.checks.reading import conclusions_of
from smartpick_expert.diagnostics import Severity
from smartpick_expert.language.model import Constant
from smartpick_expert.language.values import shorten

CODE = "vocabulary.never-said"
FINDS = "No rule says a word that the vocabulary has for being said."
SEVERITY = Severity.WARNING
MAY_BE_SILENCED = False


def check(base: Base) -> Iterator[Finding]:
    """Yield a finding for each word of such a type that no rule concludes which is not retired."""
    conclusions = conclusions_of(base.kept)
    for fact_type in base.workspace.vocabulary.types.values():
        for field in fact_type.fields.values() if fact_type.said else ():
            written = [
                dict(c.values)[field.name]
                for _, c in conclusions.get(fact_type.name, ())
                if field.name in dict(c.values)
            ]
            if any(not isinstance(value, Constant) for value in written):
                continue
            said = {value.value for value in written if isinstance(value, Constant)}
            for word in field.values:
                if word not in said:
                    yield Finding(
                        CODE,
                        f"No rule says '{shorten(word)}' of '{fact_type.name}.{field.name}'.",
                        "Conclude it in a rule, or delete the word.",
                        field.location,
                        SEVERITY,
                    )

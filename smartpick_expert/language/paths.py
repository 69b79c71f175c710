"""Paths: how a place in a profile is named, in messages, on the command line and in what an action changes.

`ecfmg.status` where there is one, `exam[step2_ck].result` where there are several, `gap[*].explained` for each of them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from smartpick_expert.diagnostics import nearest
from smartpick_expert.language.values import ValueProblem, shorten
from smartpick_expert.language.vocabulary import FactType, Field, FieldType, Supplier, Vocabulary

EACH = "*"
_PATH = re.compile(r"([A-Za-z0-9_]+)(?:\[([^\[\]]+)\])?\.([A-Za-z0-9_]+)")


@dataclass(frozen=True, slots=True)
class Path:
    """A field of a profile. `label` names the entry where there are several, `EACH` all there are; else it is empty."""

    type: str
    field: str
    label: str = ""

    def __str__(self) -> str:
        return f"{self.type}[{self.label}].{self.field}" if self.label else f"{self.type}.{self.field}"


def read_path(text: str, vocabulary: Vocabulary) -> Path:
    """A path as it is written. Raises ValueProblem where no profile has such a place."""
    found = _PATH.fullmatch(text.strip())
    if found is None:
        raise ValueProblem(
            "path.form",
            f"'{shorten(text)}' is no path.",
            "Write fact_type.field, or fact_type[label].field where there are several.",
        )
    type_name, label, field_name = found.groups(default="")
    fact_type = given_type(type_name, vocabulary)
    field = given_field(fact_type, field_name)
    _check_label(fact_type, label)
    return Path(fact_type.name, field.name, label)


def given_type(name: str, vocabulary: Vocabulary) -> FactType:
    """A fact type that profiles supply. Raises ValueProblem."""
    known = vocabulary.types.get(name)
    supplied = [one.name for one in vocabulary.supplied_by(Supplier.PROFILE)]
    if known is None:
        hint = nearest(name, supplied) or "Declare it in the vocabulary."
        raise ValueProblem("name.fact-type", f"There is no fact type '{shorten(name)}'.", hint)
    if known.supplied_by is not Supplier.PROFILE:
        message = f"'{name}' is supplied by the {known.supplied_by}, and stands in no profile."
        raise ValueProblem("path.not-given", message, "Name something that a profile gives.")
    return known


def given_field(fact_type: FactType, name: str) -> Field:
    """A field of a type that profiles give. Raises ValueProblem."""
    known = fact_type.fields.get(name)
    if known is None:
        hint = nearest(name, [one.name for one in fact_type.given_fields]) or "Declare it in the vocabulary."
        raise ValueProblem("name.field", f"'{fact_type.name}' has no field '{shorten(name)}'.", hint)
    if known.computed is not None:
        message = f"'{fact_type.name}.{name}' is computed from '{known.computed[0]}' and '{known.computed[1]}'."
        raise ValueProblem("path.not-given", message, "Name one of those.")
    return known


def _check_label(fact_type: FactType, label: str) -> None:
    if fact_type.one and label:
        message = f"There is one '{fact_type.name}', so it takes no label."
        raise ValueProblem("path.label", message, f"Write {fact_type.name}.field.")
    if not fact_type.one and not label:
        message = f"There may be several entries of '{fact_type.name}', so the path needs a label."
        raise ValueProblem("path.label", message, f"Write {fact_type.name}[label].field, or [{EACH}] for each of them.")
    named = fact_type.fields[fact_type.label] if label and fact_type.label else None
    if named is not None and named.type is FieldType.CHOICE and label != EACH and label not in named.values:
        message = f"'{shorten(label)}' is no {named.name} of '{fact_type.name}'."
        raise ValueProblem("path.label", message, nearest(label, named.values) or "Choose one.")

"""A commented profile to fill in, made from the vocabulary: only what matters at a stage."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from smartpick_expert.intake.overrides import BUCKET, FIELDS, OVERRIDE, names_of
from smartpick_expert.language.literals import MOST_LISTED
from smartpick_expert.language.vocabulary import FactType, Field, FieldType, Supplier, Vocabulary

_WIDTH = 100
_HEAD = """\
# A profile for SmartPick Expert. It stays on this machine.
# Leave a value empty where you do not know it: the advice then says what it would change.
# Use labels of your own instead of names. `[]` says that there are none of a kind; `none` that there is no value.
# Any entry may carry   verified: {by: who saw the proof, on: YEAR-MONTH-DAY}
"""


def profile_template(vocabulary: Vocabulary, stage: str, as_of: date) -> str:
    """The text of a profile to fill in. The result is itself a valid profile in which nearly everything is unknown."""
    lines = [_HEAD.rstrip()]
    for fact_type in vocabulary.supplied_by(Supplier.PROFILE):
        if not fact_type.stages or stage in fact_type.stages:
            lines += ["", *_section(fact_type, stage, as_of)]
    lines += ["", *_overrides(vocabulary)]
    return "\n".join(lines) + "\n"


def _overrides(vocabulary: Vocabulary) -> Iterator[str]:
    """The section for an advisor's overrides, which holds no facts."""
    yield from _comment(
        "For an advisor, who judges otherwise than the rules or takes something out of the advice. The rules conclude what "
        "they conclude all the same, and the advice prints both. The applicant reads the reason. Take the comment marks "
        f"away, and repeat the entry for more; each has 'to' where it is of the {BUCKET}, else 'withdrawn'.",
        "",
    )
    yield f"{OVERRIDE}:"
    for number, (name, field) in enumerate(FIELDS.items()):
        words = names_of(BUCKET, vocabulary) if name == "to" else {}
        yield from _comment(describe(replace(field, values=words)), "    ")
        yield f"#  {'- ' if number == 0 else '  '}{name}:"


def _section(fact_type: FactType, stage: str, as_of: date) -> Iterator[str]:
    yield from _comment(fact_type.meaning, "")
    if fact_type.one:
        yield f"{fact_type.name}:"
        for field in fact_type.given_fields:
            yield from _comment(describe(field), "  ")
            yield f"  {field.name}: {_known(fact_type, field, stage, as_of)}".rstrip()
        return
    if fact_type.assume is not None:
        yield from _comment(f"Left out, this is assumed: {fact_type.assume}", "")
    yield from _comment(
        "Take the comment marks away for one entry, and repeat it for more; or write [] after the colon.", ""
    )
    yield f"{fact_type.name}:"
    for number, field in enumerate(fact_type.given_fields):
        mark = "- " if number == 0 else "  "
        yield from _comment(describe(field), "    ")
        value = f"{fact_type.name}-1" if field.type is FieldType.LABEL and not field.of else ""
        yield f"#  {mark}{field.name}: {value}".rstrip()


def _known(fact_type: FactType, field: Field, stage: str, as_of: date) -> str:
    """What the one who asked for the template has said already."""
    if fact_type.name == "applicant" and field.name == "stage":
        return stage
    if field.required and field.type is FieldType.TEXT:
        return f"profile-{as_of.isoformat()}"
    return ""


def describe(field: Field) -> str:
    """What a field means and what may be written there."""
    allowed = ""
    if len(field.values) > MOST_LISTED:
        allowed = ""
    elif field.values:
        worded = (
            word if word.replace("_", " ") == wording else f"{word} ({wording})"
            for word, wording in field.values.items()
        )
        allowed = ": " + ", ".join(worded)
    elif field.type is FieldType.BOOLEAN:
        allowed = ": yes or no"
    elif field.type is FieldType.DATE:
        allowed = ": year-month-day"
    elif field.type is FieldType.NUMBER:
        unit = f" ({field.unit})" if field.unit not in ("", "year") else ""
        allowed = (
            f": a number{unit}, {field.minimum} to {field.maximum}"
            if field.maximum is not None
            else f": a number{unit}"
        )
    elif field.many:
        allowed = ": a list"
    if field.of:
        allowed = f": the label of an entry of '{field.of}'"
    none = "; none is possible" if field.may_be_none and "none" not in field.meaning else ""
    return f"{field.meaning}{allowed}{none}"


def _comment(text: str, indent: str) -> Iterator[str]:
    line = f"{indent}#"
    for word in text.split():
        if len(line) + 1 + len(word) > _WIDTH:
            yield line
            line = f"{indent}#  "
        line += f" {word}"
    yield line

"""The schema of action files: what an applicant can do, what it changes, needs, takes and costs."""

from __future__ import annotations

from typing import Final

from smartpick_expert.authoring.schemas import scalars
from smartpick_expert.authoring.schemas.conditions import ConditionSchemas
from smartpick_expert.authoring.schemas.definitions import Definitions
from smartpick_expert.authoring.schemas.rules import stages_of
from smartpick_expert.authoring.schemas.scalars import (
    Schema,
    any_of,
    boolean,
    described,
    listed,
    mapping,
    optional,
    text,
    words,
)
from smartpick_expert.intake.template import describe
from smartpick_expert.knowledge.estimates import ASSUMPTION, EVIDENCE, USD, WEEKS
from smartpick_expert.language.paths import EACH
from smartpick_expert.language.vocabulary import FactType, Field, FieldType, Supplier
from smartpick_expert.workspace import Workspace

_NONE: Final = "none"
_UNKNOWN: Final = "unknown"
_BASES: Final = {ASSUMPTION: "Ours; 'source' says why we think so", EVIDENCE: "Measured; 'source' cites evidence:ID"}


def actions(workspace: Workspace) -> Schema:
    """The schema of an action file."""
    parts = Definitions()
    conditions = ConditionSchemas(workspace.vocabulary, workspace.knowledge.parameters, parts)
    stages = listed(parts.ref("stage", words(stages_of(workspace))))
    need = mapping(
        {
            "that": text("What must be true first, in words."),
            "when": described(listed(conditions.condition(), least=1), "What decides it; without it people do."),
        },
        ["that"],
    )
    days = {
        one.name: one.meaning
        for one in workspace.knowledge.parameters.values()
        if one.type is FieldType.DATE and not one.many
    }
    properties = {
        "name": text("Its name, by which rules advise it."),
        "title": text("What to do, in a line."),
        "do": text("What to do, in two to four calm, specific sentences to the applicant."),
        "done_when": text("When one can tell that it is done."),
        "stages": described(stages, "The stages at which it can still be done."),
        "gate": optional(described(boolean(), "Whether an official requirement stands behind it.")),
        "changes": listed(
            _change(workspace, stages), "The least that is true of the profile when it is done.", least=1
        ),
        "changes_nothing": optional(text("What it is good for, where it changes nothing that a rule reads.")),
        "needs": listed(need, "What must be true first."),
        "until": {
            **any_of([words({_NONE: "No day of the calendar ends it", **days}), {"type": "null"}]),
            "description": "The parameter with the last day on which it helps.",
        },
        "lapses": {
            **any_of([words(_days_of_profiles(workspace)), {"type": "null"}]),
            "description": "Where a profile says when that lapses which is renewed: the step is due by then at the latest.",
        },
        "takes": _figure(_estimate(WEEKS), "How long it takes."),
        "costs": _figure(any_of([_estimate(USD, per=True), _fees(workspace)]), "What it costs."),
    }
    entry = mapping(properties, ("name", "title", "do", "done_when", "stages"))
    # Whoever says what it changes does not say that it changes nothing.
    entry["not"] = {"required": ["changes", "changes_nothing"]}
    file = {
        "about": optional(text("What these actions are about.")),
        "actions": listed(parts.ref("action", entry), "The actions."),
    }
    return parts.document("A file of actions", "What an applicant can do.", mapping(file, ["actions"]))


def _days_of_profiles(workspace: Workspace) -> dict[str, str]:
    """The days that a profile gives once, by their path."""
    return {
        f"{one.name}.{field.name}": field.meaning
        for one in workspace.vocabulary.supplied_by(Supplier.PROFILE)
        for field in one.given_fields
        if one.one and field.type is FieldType.DATE and not field.many
    }


def _change(workspace: Workspace, stages: Schema) -> Schema:
    """A field set in each entry, or an entry added."""
    types = workspace.vocabulary.supplied_by(Supplier.PROFILE)
    settings = {path: _edited(field, types) for one in types for path, field in _paths(one)}
    additions = {
        one.name: mapping(
            {field.name: _edited(field, types) for field in one.given_fields if _may_change(one, field)},
            [field.name for field in one.given_fields if field.required],
            one.meaning,
        )
        for one in types
        if not one.one and any(_may_change(one, field) for field in one.given_fields)
    }
    properties = {
        "set": mapping(
            settings, description="Fields by their path: exam[step2_ck].result, or gap[*].explained for each."
        ),
        "add": mapping(additions, description="An entry that the profile then has."),
        "stages": described(stages, "The stages at which this is so; all where it is left out."),
    }
    return {**mapping(properties), "oneOf": [{"required": ["set"]}, {"required": ["add"]}]}


def _paths(fact_type: FactType) -> list[tuple[str, Field]]:
    """The paths of a section's fields, as what is written for all profiles may name them."""
    label = fact_type.fields.get(fact_type.label)
    named = label.values if label is not None and label.type is FieldType.CHOICE else ()
    places = [""] if fact_type.one else [f"[{EACH}]", *(f"[{word}]" for word in named)]
    fields = [
        field
        for field in fact_type.given_fields
        if (fact_type.one or field is not label) and _may_change(fact_type, field)
    ]
    return [(f"{fact_type.name}{place}.{field.name}", field) for place in places for field in fields]


def _may_change(fact_type: FactType, field: Field) -> bool:
    """Whether an applicant may be advised to change a field: what rules may not look at, or is the advisor's, is left alone."""
    return not (fact_type.for_advisor or field.for_advisor or field.protected is not None)


def _edited(field: Field, types: tuple[FactType, ...]) -> Schema:
    """A value, more of it, what the profile says elsewhere, or nothing where it is then not known."""
    given = scalars.given(field)
    given.pop("description")
    alike = {
        f"${one.name}.{other.name}": other.meaning
        for one in types
        for other in one.given_fields
        if one.one and (other.type, other.many, dict(other.values)) == (field.type, field.many, dict(field.values))
    }
    options = [given, *([words(alike)] if alike else [])]
    if field.type is FieldType.NUMBER and not field.many:
        by = described(scalars.number(whole=field.whole, unit=field.unit), "So much more than the profile says now.")
        options.append(mapping({"plus": by}, ["plus"]))
    return described(any_of(options), describe(field))


def _figure(known: Schema, description: str) -> Schema:
    """A figure, or one of the words for none and not known."""
    plain = words({_NONE: "None, by its nature", _UNKNOWN: "Nobody knows"})
    return described(any_of([known, plain, {"type": "null"}]), description)


def _estimate(measure: Field, *, per: bool = False) -> Schema:
    end = scalars.value(measure)
    pair = {"type": "array", "items": [end, any_of([end, words([_UNKNOWN])])], "minItems": 2, "maxItems": 2}
    properties = {
        measure.name: described(pair, f"From and to, in {measure.unit}; 'unknown' may stand for the second."),
        "basis": described(words(_BASES), "What it rests on."),
        "source": text("The evidence as evidence:ID, or in words why we think so."),
        "owner": text("Who answers for it."),
    }
    if per:
        properties["per"] = described(words(["month"]), "Where it is for each month that it lasts.")
    cites = {"properties": {"source": {"type": "string", "pattern": f"^{EVIDENCE}:"}}}
    return {
        **mapping(properties, (measure.name, "basis", "source", "owner")),
        "if": {"properties": {"basis": {"const": EVIDENCE}}},
        "then": cites,
        "else": {"not": {**cites, "required": ["source"]}},
    }


def _fees(workspace: Workspace) -> Schema:
    known = {
        one.name: one.meaning
        for one in workspace.knowledge.parameters.values()
        if one.type is FieldType.NUMBER and not one.many and one.unit == USD.unit
    }
    fees = listed(words(known))
    properties = {
        "fees": described(fees, "Fees that are due, by the names of their parameters."),
        "perhaps": described(fees, "Fees that are due for some, or paid already."),
    }
    return {**mapping(properties), "minProperties": 1}

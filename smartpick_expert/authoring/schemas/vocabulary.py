"""The schema of vocabulary files: fact types and their fields."""

from __future__ import annotations

from typing import Final

from smartpick_expert.authoring.schemas.definitions import Definitions
from smartpick_expert.authoring.schemas.scalars import (
    Schema,
    any_of,
    boolean,
    described,
    listed,
    mapping,
    number,
    optional,
    text,
    words,
)
from smartpick_expert.language.model import Kind
from smartpick_expert.language.operators import OPERATORS
from smartpick_expert.language.vocabulary import FieldType, Supplier
from smartpick_expert.language.vocabulary_loader import RESERVED
from smartpick_expert.workspace import Workspace

_SUPPLIERS: Final = {
    Supplier.PROFILE: "Somebody who fills in a profile",
    Supplier.KNOWLEDGE: "The knowledge files",
    Supplier.CONSULTATION: "The program, for each consultation",
    Supplier.RULES: "Rules, which conclude it",
}
TYPES: Final = {
    FieldType.BOOLEAN: "yes or no",
    FieldType.NUMBER: "a number, with its unit",
    FieldType.TEXT: "a free text",
    FieldType.DATE: "a day",
    FieldType.CHOICE: "one of listed words",
    FieldType.LABEL: "the label of an entry",
}


def vocabulary(workspace: Workspace) -> Schema:
    """The schema of a vocabulary file."""
    parts = Definitions()
    name = {"pattern": r"^[a-z][a-z0-9_]{0,63}$"}
    # A rule could not name what is called like a word of the language; 'as' stands wherever a field may.
    field_name, type_name = (
        {**name, "not": {"enum": ["as"]}},
        {**name, "not": {"enum": sorted(RESERVED | set(OPERATORS))}},
    )
    field = parts.ref("field", _field(workspace))
    topics = {"anyOf": [boolean(), listed(text())], "description": "The topics whose rules may look at it; yes: none."}
    yes = optional(boolean())
    properties = {
        "meaning": text("What a fact of this type says."),
        "supplied_by": described(words(_SUPPLIERS), "Who supplies it."),
        "one": described(yes, "Whether there is exactly one in every consultation."),
        "label": optional(text("The field that names an entry.")),
        "assume": {"description": "[] where leaving the section out means that there are none."},
        "assumption": optional(text("The sentence that the advice then prints.")),
        "one_per": listed(text(), "Fields within which two different conclusions are a conflict."),
        "stages": listed(text(), "The stages at which the section is asked for; all where it is left out."),
        "for_advisor": described(yes, "Whether it is kept out of what the applicant is given."),
        "from_protected": described(yes, "Whether a conclusion of this type may rest on a protected field."),
        "protected": topics,
        "counted_only": described(yes, "Whether rules may count its facts and tell none from another."),
        "said": described(yes, "Whether rules conclude it for what their words say, so that nothing need read it."),
        "measured": described(yes, "Whether it may rest on measured rules alone, and never on what is opinion."),
        "fields": {
            "type": "object",
            "propertyNames": field_name,
            "additionalProperties": field,
            "description": "Its fields.",
        },
    }
    fact_type = parts.ref("type", mapping(properties, ("meaning", "supplied_by", "fields")))
    whole = {
        "about": optional(text("What these facts are about.")),
        "types": {
            "type": "object",
            "propertyNames": type_name,
            "additionalProperties": fact_type,
            "description": "Fact types.",
        },
        "protected_words": listed(text(), "Words that no rule may test under any name."),
    }
    return parts.document("A vocabulary file", "Which facts there are, and what each means.", mapping(whole, ["types"]))


def _field(workspace: Workspace) -> Schema:
    amount = number()
    yes = optional(boolean())
    wording = {"type": ["object", "null"], "additionalProperties": optional(text())}
    pair = listed(text(), "From, and less: [from, less]", least=2, most=2)
    readers = {
        "kind": optional(described(words([*Kind]), "The kind of rule; any where it is left out.")),
        "topics": listed(text(), "The topics; any where they are left out."),
    }
    borrowed = [
        f"{t.name}.{f.name}" for t in workspace.vocabulary.types.values() for f in t.fields.values() if f.values
    ]
    properties = {
        "type": described(words(TYPES), "What may be written there."),
        "meaning": text("What it says; profiles and editors show it."),
        "unit": optional(text("What a number counts, as a plural: weeks.")),
        "whole": described(yes, "Whether it is a whole number."),
        "min": described(amount, "The least number that is possible."),
        "max": described(amount, "The greatest number that is possible."),
        "step": described(amount, "By how much it is moved in tests."),
        "many": described(yes, "Whether it is a list."),
        "values": described(wording, "The words of a choice, each with its wording."),
        "values_of": {
            **any_of([words(borrowed), text()]),
            "description": "The field whose words these are: type.field",
        },
        "values_from": described(words(["actions"]), "The list that the words come from."),
        "of": text("The fact type whose entries it names."),
        "required": described(yes, "Whether a profile must say it."),
        "private": described(yes, "Whether it is withheld when an advice is redacted."),
        "may_be_none": described(yes, "Whether a profile may say 'none'."),
        "shelf_life": described(number(whole=True, minimum=1), "After so many months it is no longer relied on."),
        "asked": text("The question to whoever can tell it, as a message puts it."),
        "for_advisor": described(yes, "Whether it is kept out of what the applicant is given."),
        "told_as": described(
            wording, "Words kept for the advisor, each with what is read in its place for the applicant."
        ),
        "computed": mapping({"difference": pair}, ["difference"], "The two number fields whose difference it is."),
        "protected": {
            "anyOf": [boolean(), listed(text())],
            "description": "The topics that may look at it; yes: none.",
        },
        "lasting": {
            "anyOf": [boolean(), listed(text())],
            "description": "The stages from which on it does not change in a person's life; yes: at any.",
        },
        "read_by": mapping(readers, description="The rules that may look at it: of one kind, in some topics."),
    }
    return mapping(properties, ("type", "meaning"))

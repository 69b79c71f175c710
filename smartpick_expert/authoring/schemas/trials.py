"""The schemas of what rules are tried by: directions and their scales, how words are to read, and what made-up profiles usually hold."""

from __future__ import annotations

from typing import Any, Final

from smartpick_expert.authoring.schemas.conditions import ConditionSchemas
from smartpick_expert.authoring.schemas.definitions import Definitions
from smartpick_expert.authoring.schemas.scalars import Schema, described, listed, mapping, number, optional, text, words
from smartpick_expert.authoring.wording import HEDGED
from smartpick_expert.knowledge.phrases import shipped_phrases
from smartpick_expert.knowledge.phrasing import KINDS, NAME_KEYS, SENSITIVE_KEYS, STANDING_KEYS, STANDINGS
from smartpick_expert.language.vocabulary import Supplier
from smartpick_expert.workspace import Workspace

_ANY: Final[dict[str, Any]] = {}
_KINDS: Final = {
    "blame": "Holds something against the reader",
    "promise": "Foretells what nobody knows",
    "term": "A word that hurts, or is no term of the field",
}


def directions(workspace: Workspace) -> Schema:
    """The schema of a file of directions: changes for the better after which an advice is never worse."""
    parts = Definitions()
    conditions = ConditionSchemas(workspace.vocabulary, workspace.knowledge.parameters, parts)
    values: Schema = {"type": "object", "additionalProperties": _ANY}
    path = text("A place in a profile: exam[step2_ck].score, or letter[*].detailed for each letter in turn.")
    change = {
        **mapping(
            {
                "raise": path,
                "lower": path,
                "set": described(values, "The places that get other values, all in one entry."),
                "add": described(values, "The entry that is added: its type, and its fields."),
                "remove": text("The type of which an entry is taken away."),
            }
        ),
        "minProperties": 1,
        "maxProperties": 1,
    }
    scale = mapping(
        {
            "of": text("What is put in an order: a type that rules conclude and a field of it, as in bucket.name."),
            "where": optional(described(values, "Which of them count, by tests of other fields.")),
            "each": listed(text(), "The fields by which they are told apart."),
            "worst_to_best": listed({**_ANY}, "The words of the field, the worst first.", least=1),
        },
        ["of", "worst_to_best"],
    )
    direction = mapping(
        {
            "id": text("A label."),
            "says": text("The sentence: what never worsens what."),
            "because": text("Why it should hold."),
            "sources": listed(text(), "Claims and evidence it rests on."),
            "change": described(change, "The change for the better."),
            "where": described(values, "Which entries it is tried on, by tests of their fields."),
            "when": listed(conditions.condition(), "In which profiles it is tried.", least=1),
            "never_worse": listed(text(), "The scales that must not go down.", least=1),
            "never_comes": listed(values, "What must not be concluded by it.", least=1),
        },
        ["id", "says", "because", "change"],
    )
    properties = {
        "about": optional(text("What these directions are about.")),
        "scales": {
            "type": "object",
            "additionalProperties": parts.ref("scale", scale),
            "description": "The orders by which something gets worse, by their names.",
        },
        "directions": listed(parts.ref("direction", direction), "The directions."),
    }
    return parts.document("A file of directions", "What must never get worse by what gets better.", mapping(properties))


def wording(_: Workspace) -> Schema:
    """The schema of the file that says how words are to read, and which are never used."""
    parts = Definitions()
    grade = number(whole=True, minimum=1)
    grades = {
        "from_words": described(grade, "Shorter texts have no grade."),
        "because": described(grade, "The highest grade of a reason."),
        "action": described(grade, "The highest grade of what somebody is to do."),
        "notice": described(grade, "The highest grade of a notice."),
    }
    entry = mapping(
        {
            "kind": described(words(_KINDS), "What is wrong with them."),
            "words": listed(text(), "Words and phrases; one ends in * where any ending may follow.", least=1),
            "unless": listed(text(), "Words shortly before that turn them into their opposite."),
            "instead": text("What to write in their place."),
        },
        ["kind", "words", "instead"],
    )
    hedges = mapping(
        {
            "kind": described(words(HEDGED), "Of which rules."),
            "one_of": listed(text(), "Words and phrases of which each such reason has one.", least=1),
            "never": listed(text(), "Words and phrases that no such reason has.", least=1),
            "instead": text("What to write in their place."),
        },
        ["kind", "instead"],
    )
    properties = {
        "about": optional(text("What this file says.")),
        "grades": mapping(
            grades, description="Years of school that reading may take, by Flesch and Kincaid's formula."
        ),
        "words": listed(parts.ref("words", entry), "What is never written."),
        "hedges": listed(parts.ref("hedges", hedges), "How the reason of a rule says what it rests on."),
        **_phrasing(parts),
        **_phrases(),
    }
    return parts.document(
        "How words are to read", "Grades and words that 'rules check' holds texts to.", mapping(properties)
    )


def _phrasing(parts: Definitions) -> dict[str, Schema]:
    """The tables that documents are worded by."""
    standing = {
        "standing": described(words(STANDINGS), "What a statement rests on."),
        "kind": described(words(KINDS), "Whether it is said, was measured, or is a figure."),
        "mark": text("The words of the mark beside it."),
        "verb": text("How it is known, as a verb: 'is said', 'was found'."),
        "hedge": text("A sentence on how far to rely on it."),
    }
    term = {
        "term": text("A short name that readers may not know."),
        "also": listed(text(), "Other ways in which it is written."),
        "means": text("What it means, in a few plain words."),
        "several": text("What it means where it is written with an s at its end."),
        "with": listed(text(), "Words behind it that make one name with it; it is explained behind them."),
    }
    sensitive = {
        "of": text("What was concluded: bucket.high_risk, or reason.attempts."),
        "say": text("How to say it."),
        "avoid": text("How not to say it."),
    }
    name = {
        "of": text("The section of the profile."),
        "called": listed(text(), "Ways to name an entry, fields in braces; the first whose fields are known.", least=1),
    }
    return {
        "standings": listed(parts.ref("standing", mapping(standing, STANDING_KEYS)), "How statements are worded."),
        "terms": listed(parts.ref("term", mapping(term, ["term", "means"])), "What short names mean."),
        "sensitive": listed(parts.ref("sensitive", mapping(sensitive, SENSITIVE_KEYS)), "What is hard to hear."),
        "entries": listed(parts.ref("entry", mapping(name, NAME_KEYS)), "What entries of a profile are called."),
    }


def _phrases() -> dict[str, Schema]:
    """The tables of what the program itself puts together."""
    known = shipped_phrases()
    months = listed(text(), "The twelve months, from January.")
    unit = mapping(
        {"one": text("Beside the number one."), "several": text("Beside any other number.")}, ["one", "several"]
    )
    phrases = {name: text(f"In English: {words}") for name, words in known.phrases.items()}
    return {
        "language": text("The tag of the language, as HTML has it: en, nl, pt-BR."),
        "months": months,
        "short_months": months,
        "units": {"type": "object", "additionalProperties": unit, "description": "What numbers are counted in."},
        "names": {
            "type": "object",
            "additionalProperties": text(),
            "description": "What things are called, by their ids.",
        },
        "phrases": mapping(phrases, description="What the program puts together; names in braces are filled in."),
    }


def made_up(workspace: Workspace) -> Schema:
    """The schema of the file that says what made-up profiles usually hold."""
    given = workspace.vocabulary.supplied_by(Supplier.PROFILE)
    numbers = listed(
        number(whole=True, minimum=0), "How many entries; what stands there more often is drawn more often."
    )
    usual: Schema = {
        "type": "object",
        "additionalProperties": {"anyOf": [{"type": "array"}, {"type": "object"}]},
        "description": "For a place such as exam[step2_ck].score what is usual there: values, or {from_today: [years]}.",
    }
    properties = {
        "about": optional(text("What this file says.")),
        "entries": mapping({one.name: numbers for one in given}, description="How many entries a section usually has."),
        "usual": usual,
    }
    return Definitions().document(
        "What made-up profiles hold", "For trying rules; nobody's figures.", mapping(properties)
    )

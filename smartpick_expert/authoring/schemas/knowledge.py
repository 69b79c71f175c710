"""The schemas of the knowledge files: claims, evidence, parameters, programs."""

from __future__ import annotations

from typing import Final

from smartpick_expert.authoring.checks.knowledge.evidence_year import FIRST_YEAR
from smartpick_expert.authoring.schemas import scalars
from smartpick_expert.authoring.schemas.definitions import Definitions
from smartpick_expert.authoring.schemas.scalars import (
    Schema,
    any_of,
    boolean,
    day,
    described,
    given,
    listed,
    mapping,
    number,
    optional,
    text,
    words,
)
from smartpick_expert.authoring.schemas.vocabulary import TYPES
from smartpick_expert.knowledge.claims import LONGEST_TERM, Standing
from smartpick_expert.knowledge.evidence import NOT_RECORDED, KnownBy
from smartpick_expert.knowledge.parameter_reader import BASES, STEPS
from smartpick_expert.knowledge.programs import PROGRAM
from smartpick_expert.language.model import CLAIM, EVIDENCE
from smartpick_expert.language.vocabulary import Field, FieldType
from smartpick_expert.workspace import Workspace

_BASES: Final = {
    "assumption": "Ours: nobody measured it",
    "evidence": "Measured; 'source' cites it",
    "official": "Officially stated",
    "opinion": "What the author of the article thinks",
}
_KNOWN_BY: Final = {
    KnownBy.SEEN: "Read at its source",
    KnownBy.SECONDARY: "Known second hand, by a copy that 'quoted_by' names where it is public",
    KnownBy.COMPUTED: "Computed by us from public files",
    KnownBy.ASSUMPTION: "Assumed, not checked",
}
_YES: Final = (True, "yes", "Yes", "YES", "true", "True", "TRUE")
_PARAMETER: Final = (FieldType.NUMBER, FieldType.TEXT, FieldType.DATE, FieldType.BOOLEAN)


def claims(workspace: Workspace) -> Schema:
    """The schema of a file of claims."""
    parts = Definitions()
    evidence = {name: one.finding for name, one in workspace.knowledge.evidence.items()}
    cited = parts.ref("evidence", words(evidence))
    term = {**text(), "pattern": rf"^\s*\S+(\s+\S+){{0,{LONGEST_TERM - 1}}}\s*$"}
    properties = {
        "id": text("The name by which rules cite it, as claim:ID."),
        "section": text("The section of the article in which it stands."),
        "says": text("What the article says, in our words."),
        "found_by": listed(term, f"Words to look it up by, each at most {LONGEST_TERM} words long."),
        "standing": described(words([*Standing]), "How it stands against the evidence."),
        "evidence_for": listed(cited, "Evidence that speaks for it."),
        "evidence_against": listed(cited, "Evidence that speaks against it."),
        "note": optional(text("Why it stands where it stands.")),
        "no_rule": optional(text("Why no rule carries it, where that is on purpose.")),
    }
    entry = mapping(properties, ("id", "section", "says", "standing"))
    return _document(parts, "claims", "What the article says", entry)


def evidence(_: Workspace) -> Schema:
    """The schema of a file of evidence."""
    properties = {
        "id": text("The name by which rules cite it, as evidence:ID."),
        "finding": text("What was found, with its figures."),
        "publisher": text("Who published it."),
        "title": optional(text("The title of the publication.")),
        "year": {
            "type": ["integer", "string"],
            "minimum": FIRST_YEAR,
            "pattern": rf"^\s*([0-9]{{4}}|{NOT_RECORDED})\s*$",
            "patternErrorMessage": f"Write a year, or '{NOT_RECORDED}'.",
            "description": f"The year it speaks of, or '{NOT_RECORDED}'.",
        },
        "address": optional(text("Where it can be found.")),
        "known_by": described(words(_KNOWN_BY), "How we know it."),
        "quoted_by": optional(text(f"Whose public copy told it, with its address, or '{NOT_RECORDED}'.")),
        "confidence": described(words(["high", "medium", "low"]), "How sure we are of it."),
        "as_of": described(day(), "The day on which we looked."),
    }
    needed = ("id", "finding", "publisher", "year", "known_by", "confidence", "as_of")
    copied = {"properties": {"known_by": {"const": KnownBy.SECONDARY}}, "required": ["known_by"]}
    entry = {**mapping(properties, needed), "if": copied, "then": {"required": ["quoted_by"]}}
    return _document(Definitions(), "evidence", "What was measured or officially stated", entry)


def parameters(workspace: Workspace) -> Schema:
    """The schema of a file of parameters."""
    parts = Definitions()
    known = workspace.knowledge
    cited = [*(f"{CLAIM}{name}" for name in known.claims), *(f"{EVIDENCE}{name}" for name in known.evidence)]
    in_words = {**text(), "not": {"type": "string", "pattern": rf"^({CLAIM}|{EVIDENCE})"}}
    source = described(parts.ref("source", any_of([words(cited), in_words])), "What it rests on: evidence, or words.")
    basis = described(words(_only(_BASES, BASES)), "What kind of ground that is.")
    season = described(number(whole=True, minimum=2000, maximum=2100), "The season, by the year of Match Day.")
    setting: Schema = {"description": "The value; empty where it is not known."}
    dated = {
        "from": described(day(), "The first day on which it holds."),
        "to": optional(described(day(), "The last day on which it holds; without end where it is left out.")),
        "season": season,
        "value": setting,
        "basis": optional(basis),
        "source": optional(source),
    }
    by_days = {"required": ["from"]}
    by_season = {"properties": {"from": False, "to": False}}
    one = {**mapping(dated), "if": {"required": ["season"]}, "then": by_season, "else": by_days}
    types: dict[str, str] = {
        **{kind: TYPES[kind] for kind in _PARAMETER},
        STEPS: "a table of fees, by the number of programs",
    }
    properties = {
        "name": text("Its name, topic.name; rules write $parameter.topic.name."),
        "meaning": text("What it is."),
        "type": described(words(types), "What its values are."),
        "many": optional(described(boolean(), "Whether each value is a list.")),
        "unit": optional(text("What it counts, as a plural; the same as that of the fields it is compared with.")),
        "basis": basis,
        "source": source,
        "owner": text("Who answers for it."),
        "review_by": optional(described(day(), "The day by which it is looked at again.")),
        "no_reader": optional(text("What it is kept for, where no rule, action or fee reads it.")),
        "values": listed(parts.ref("dated", one), "Its values, dated by days or by season.", least=1),
    }
    entry = mapping(properties, ("name", "meaning", "type", "basis", "source", "owner", "values"))
    entry["allOf"] = [
        *(form for kind in _PARAMETER for form in _typed(kind)),
        _where(_of_type(STEPS), optional(_steps()), many={"not": {"enum": list(_YES)}}),
        # One way of dating, for all its values.
        {"anyOf": [{"properties": {"values": {"items": {"required": [by]}}}} for by in ("from", "season")]},
    ]
    return _document(parts, "parameters", "Numbers, lists and tables that people argue about", entry)


def _only(meanings: dict[str, str], names: tuple[str, ...]) -> dict[str, str]:
    return {name: meanings.get(name, "") for name in names}


def _typed(kind: FieldType) -> list[Schema]:
    """What the values of a parameter of a type may be: lists where it says 'many', else single values."""
    one = scalars.value(Field("value", kind, ""))
    many = {"properties": {"many": {"enum": list(_YES)}}, "required": ["many"]}
    return [
        _where({"allOf": [_of_type(kind), many]}, optional(listed(one))),
        _where({"allOf": [_of_type(kind), {"not": many}]}, optional(one)),
    ]


def _of_type(kind: str) -> Schema:
    return {"properties": {"type": {"const": kind}}, "required": ["type"]}


def _where(so: Schema, value: Schema, **others: Schema) -> Schema:
    """Where a parameter is so, its values are these."""
    values = {"items": {"properties": {"value": value}}}
    return {"if": so, "then": {"properties": {"values": values, **others}}}


def _steps() -> Schema:
    fee = number(minimum=0, unit="USD")
    properties = {
        "up_to": described(
            number(whole=True, minimum=1, unit="programs"), "Up to so many; the last step may do without."
        ),
        "each": described(fee, "What each program costs in this step."),
        "flat": described(fee, "What the step costs as a whole."),
    }
    step = {**mapping(properties), "oneOf": [{"required": ["each"]}, {"required": ["flat"]}]}
    return listed(step, "Steps of a fee, in order.", least=1)


def programs(workspace: Workspace) -> Schema:
    """The schema of a file of programs: what one does not state is left out."""
    fact_type = workspace.vocabulary.types.get(PROGRAM)
    fields = fact_type.fields.values() if fact_type is not None else ()
    needed = ("assumption", "id", "name")
    properties = {field.name: given(field, empty=field.name not in needed) for field in fields}
    assumption = text("What its figures rest on, and that it is ours.")
    return _document(Definitions(), "programs", "Programs", mapping({"assumption": assumption, **properties}, needed))


def _document(parts: Definitions, key: str, title: str, entry: Schema) -> Schema:
    """A file of entries under one key."""
    properties = {
        "about": optional(text("What this file is about.")),
        key: listed(parts.ref("entry", entry), f"{title}."),
    }
    return parts.document(f"A file of {key}", f"{title}.", mapping(properties, [key]))

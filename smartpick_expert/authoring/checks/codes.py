"""Every code that a check of a workspace can print: those found while files are read, and those of the review.

What is found while a file is read has one page for each kind of mistake (`docs/checks/yaml.md`), what is found of a whole
rule or by the review has a page of its own (`docs/checks/rule.no-case.md`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from smartpick_expert.authoring.checks.registry import all_checks
from smartpick_expert.diagnostics import Severity

# By page, then code: what is wrong. All of these are errors: what cannot be read cannot be used.
_READING: Final[Mapping[str, Mapping[str, str]]] = {
    "action": {
        "action.basis": "A figure of an action says neither or both of evidence and an assumption with its owner.",
        "action.changes": "An action says nothing, or two things at once, of what it changes.",
        "action.costs": "The costs of an action name no fee.",
        "action.label": "An entry that an action adds has no label, or one that profiles do not use.",
        "action.range": "A range of an action is no pair of numbers, the lower one first.",
    },
    "case": {
        "case.list": "A case cannot be added to a file whose cases are not a list of lines.",
        "case.rule": "A case names a rule that there is not.",
        "case.times": "The times that a case demands are no count.",
    },
    "claim": {"claim.found-by": "A word to look a claim up by is a sentence, or there are too few or too many."},
    "conclusion": {
        "conclusion.computed": "A conclusion computes something; it takes words and bound fields.",
        "conclusion.undeclared": "A rule concludes what is not concluded by rules.",
    },
    "condition": {
        "condition.any": "An 'any' has no choice, or a branch of it is empty.",
        "condition.between": "A 'between' does not have two limits, the lower one first.",
        "condition.form": "A condition, or a word of the language, stands where it cannot.",
        "condition.list": "A list stands where no list can, or is missing where one must.",
        "condition.plus": "A limit is moved in another way than by a number.",
        "condition.presence": "'known' or 'unknown' takes something else than 'true'.",
        "condition.tally": "A tally does not say what it tallies, or says nothing of it.",
    },
    "drawings": {"drawings.line": "A line of a drawing names no figures, too many, or two kinds."},
    "edit": {
        "edit.label": "An action changes the label of an entry.",
        "edit.one": "An action adds an entry to a section that there is one of.",
        "edit.plus": "An action adds a number to what is none.",
        "edit.protected": "An action changes what nobody is advised to change.",
    },
    "file": {
        "file.binary": "A file is no text.",
        "file.empty": "A file holds nothing.",
        "file.encoding": "A file is not in UTF-8.",
        "file.is-folder": "A folder stands where a file is read.",
        "file.missing": "A file is not there.",
        "file.too-large": "A file is too large to be what it should be.",
        "file.uncomposed": "A file would be something else once its letters are in Unicode's composed form.",
        "file.unreadable": "A file cannot be read.",
    },
    "form": {
        "form.choice": "A word is none of those that may stand there.",
        "form.empty-list": "A list is empty where that says nothing.",
        "form.list": "Something else stands where a list must.",
        "form.mapping": "Something else stands where names with values must.",
        "form.missing-key": "A key that must be there is not.",
        "form.text": "Something else stands where a single text must.",
        "form.unknown-key": "A key is none of those that are read.",
    },
    "house": {
        "house.colour": "A colour of the house style is none, or cannot be read on white.",
        "house.logo": "A logo is no picture that may stand in a document, or is not there.",
        "house.long": "A text of the house style is longer than its place.",
    },
    "knowledge": {
        "knowledge.duplicate": "Two entries of the knowledge have one name.",
        "knowledge.phrase": "A phrase is none that the program says, or names what is not filled in.",
    },
    "name": {
        "name.bound-inside": "A name is given where it could never be used.",
        "name.bound-twice": "Two conditions of a rule have one name.",
        "name.circle": "Tallies of a rule wait for one another's names.",
        "name.fact-type": "There is no fact type of this name.",
        "name.field": "The fact type has no field of this name.",
        "name.form": "A word cannot be a name, or a reference.",
        "name.operator": "There is no operator of this name.",
        "name.parameter": "There is no parameter of this name.",
        "name.reserved": "A name is taken by the language.",
        "name.shadows": "A name inside a condition hides another of the rule.",
        "name.source": "There is no claim or evidence of this name.",
        "name.unbound": "A name is used that no condition gives.",
        "name.unused": "A name is given and never used.",
    },
    "notes": {
        "notes.computed": "A note gives what is computed.",
        "notes.contradiction": "Two things that are noted of one program cannot both be right.",
        "notes.duplicate-label": "Two notes of a section have one label.",
        "notes.form": "A section of the notes is no list.",
        "notes.missing-field": "A note lacks a field that it must have.",
        "notes.too-many": "A section of the notes has more entries than are read.",
        "notes.twice": "Two notes are on one thing.",
        "notes.unknown-field": "A note has no field of this name.",
        "notes.unknown-section": "Notes have no section of this name.",
    },
    "parameter": {
        "parameter.backwards": "A value of a parameter ends before it begins.",
        "parameter.hole": "Between two values of a parameter there are days, or seasons, without one.",
        "parameter.mixed-dating": "A parameter is dated by days and by seasons.",
        "parameter.overlap": "Two values of a parameter hold on one day.",
        "parameter.season-twice": "Two values of a parameter are of one season.",
        "parameter.steps": "A fee by steps is not a list of ends, in order, each with one fee.",
    },
    "path": {
        "path.form": "A word is no path of a place in a profile.",
        "path.label": "A path has a label too many, or lacks one.",
        "path.not-given": "A path names what no profile gives.",
    },
    "profile": {
        "profile.computed": "A profile gives what is computed.",
        "profile.duplicate-label": "Two entries of a section have one label.",
        "profile.form": "A section is a list where there is one, or one where it is a list.",
        "profile.missing-field": "An entry lacks a field that it must have.",
        "profile.missing-section": "A profile lacks a section that it must have.",
        "profile.other-file": "A file that this program wrote is taken for a profile.",
        "profile.reference": "An entry refers to one that is not there.",
        "profile.section": "A section is not given in a profile.",
        "profile.too-many": "A section has more entries than anybody has.",
        "profile.unknown-field": "There is no field of this name.",
        "profile.unknown-section": "There is no section of this name.",
    },
    "override": {
        "override.judgement": "An override judges a bucket that there is not, or nothing.",
        "override.stated": "An override takes out what a rule concludes of the bucket or an action, which is judged otherwise instead.",
        "override.twice": "Two overrides are about one thing.",
        "override.unknown": "An override is about something that there is not.",
    },
    "report": {"report.template": "A template cannot be read, or names one that is not there."},
    "type": {
        "type.operator": "An operator compares what the field does not hold.",
        "type.parameter": "A parameter holds something else than the field.",
        "type.reference": "Two fields of different types are compared, or one takes the other's value.",
        "type.tally": "A tally of numbers is made of what is none.",
        "type.unit": "Two numbers in different units are compared.",
    },
    "value": {
        "value.boolean": "A word is neither yes nor no.",
        "value.choice": "A word is none of the field's values.",
        "value.date": "A word is no day.",
        "value.empty": "A value is missing.",
        "value.form": "A list or names stand where a single value must.",
        "value.label": "A word is no label.",
        "value.list": "A single value stands where a list must.",
        "value.number": "A word is no number.",
        "value.number-size": "A number is too large or too fine to be held exactly.",
        "value.range": "A number is one that the field cannot hold.",
        "value.text": "A text holds a character that no text may hold.",
        "value.text-length": "A text is too long.",
        "value.unit": "A number is in another unit than the field.",
        "value.whole": "A number is not whole where it must be.",
    },
    "vocabulary": {
        "vocabulary.assumption": "What is assumed of a section that is left out is not said, or cannot be.",
        "vocabulary.computed": "A computed field is not the difference of two fields.",
        "vocabulary.duplicate-type": "A fact type is declared twice.",
        "vocabulary.kept-section": "What is kept for the advisor is mixed with what is not.",
        "vocabulary.lasting": "A field is to last that cannot, or from a stage that there is not.",
        "vocabulary.limits": "A field's limits are none, or the wrong way round.",
        "vocabulary.missing": "What every advice names is not declared.",
        "vocabulary.name": "A word cannot be the name of a type or field.",
        "vocabulary.registry": "Values are taken from a list that there is not.",
        "vocabulary.reserved": "A name is taken by the language.",
        "vocabulary.shelf-life": "A shelf life is no number of months, or of what has none.",
        "vocabulary.told-as": "A word is told as one that there is not.",
        "vocabulary.unknown-field": "A fact type names a field that it does not have.",
        "vocabulary.unknown-type": "A field names a fact type that there is not.",
        "vocabulary.values": "A choice has no values, or another field has some.",
    },
    "words": {
        "words.interpolation": "What stands between {{ and }} is no reference.",
        "words.template": "A text holds more of a template than {{ name.field }}.",
    },
    "workspace": {"workspace.none": "A folder holds no rules, or no vocabulary."},
    "yaml": {
        "yaml.anchor": "A file uses anchors or aliases.",
        "yaml.character": "A file holds a character that YAML may not hold.",
        "yaml.depth": "A file is nested too deep.",
        "yaml.documents": "A file holds several documents.",
        "yaml.duplicate-key": "A key stands twice.",
        "yaml.key": "A name before ':' is no single word.",
        "yaml.syntax": "A file is no valid YAML.",
        "yaml.tag": "A file uses tags.",
    },
}
# Found of a rule as a whole while the rules are read, each with a page of its own.
_RULES: Final[Mapping[str, str]] = {
    "rule.carries-and-warns": "A rule cites a claim as a source and warns against it.",
    "rule.circle": "Rules wait for one another, so that none could ever be decided.",
    "rule.counted-only": "A rule tells apart what may only be counted.",
    "rule.duplicate-id": "Two rules have one id.",
    "rule.id": "A rule's id is not its topic, a point and a name.",
    "rule.kind-and-source": "A perception cites no claim, or a measured rule no evidence.",
    "rule.measured-alone": "What may rest on measured rules alone rests on a perception.",
    "rule.protected": "A rule looks at what must not decide anything.",
    "rule.protected-flow": "What rests on something protected weighs, where it may only inform.",
    "rule.read-by": "A rule reads what only other rules may read.",
    "rule.size": "A rule has more conditions, or joins, than can be matched.",
    "rule.stages": "A rule names stages, and the vocabulary has none.",
    "rule.total-without-origin": "A total is made of conclusions that would count once where they are equal.",
    "rule.unknown-key": "A rule has a line that is none of a rule's.",
    "rule.valid": "A rule is valid on no day at all.",
    "words.markup": "A rule's words hold markup.",
}
_IDLE: Final = {"silence.idle": "A rule silences a check that finds nothing there, or cannot be silenced."}


@dataclass(frozen=True, slots=True)
class Code:
    """One code. `page` is the name of its page in docs/checks, without ending; `fixed` says that `--fix` repairs it."""

    code: str
    severity: Severity
    finds: str
    page: str
    may_be_silenced: bool = False
    fixed: bool = False


def all_codes() -> tuple[Code, ...]:
    """Every code, in alphabetical order."""
    reading = [
        Code(code, Severity.ERROR, finds, page) for page, codes in _READING.items() for code, finds in codes.items()
    ]
    rules = [Code(code, Severity.ERROR, finds, code) for code, finds in _RULES.items()]
    idle = [Code(code, Severity.WARNING, finds, code, fixed=True) for code, finds in _IDLE.items()]
    review = [
        Code(one.code, one.severity, one.finds, one.code, one.may_be_silenced, one.repair is not None)
        for one in all_checks()
    ]
    return tuple(sorted([*reading, *rules, *idle, *review], key=lambda one: one.code))

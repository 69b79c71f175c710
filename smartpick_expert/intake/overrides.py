"""An advisor's overrides: what the section `override` of a profile judges otherwise, or takes out of the advice.

An override is no fact. No rule can read it, so the engine concludes what it concludes, whatever an advisor thinks of it,
and documents print the two side by side.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Mapping as MappingType
from dataclasses import dataclass, replace
from datetime import date

from smartpick_expert.diagnostics import Diagnostic, Location
from smartpick_expert.language.literals import read_one
from smartpick_expert.language.model import Rule, RuleSet
from smartpick_expert.language.reader import Reader
from smartpick_expert.language.source import Mapping, Node, Scalar
from smartpick_expert.language.values import Value, shorten
from smartpick_expert.language.vocabulary import Field, FieldType, Vocabulary

OVERRIDE = "override"
# The one conclusion that documents print by itself, and so the one that somebody can judge otherwise.
BUCKET, ACTION = "bucket", "action"
# Documents cannot do without the statements that state these.
_STATED = {BUCKET: "how the file is sorted", "typical_program": "what it is compared with"}
_FIELDS = (
    Field("of", FieldType.TEXT, f"What it is of: {BUCKET}, {ACTION}[name], rule, or rule[entry]"),
    Field("to", FieldType.CHOICE, "How you would sort the file, where it is of the bucket"),
    Field("withdrawn", FieldType.BOOLEAN, "Whether it takes the action or the statements out of the advice"),
    Field("by", FieldType.LABEL, "Who judges so: a label of your own, never a name"),
    Field("on", FieldType.DATE, "The day from which it holds"),
    Field("because", FieldType.TEXT, "Why, in words for the applicant, who will read them"),
)
FIELDS = {field.name: field for field in _FIELDS}
REQUIRED = {
    "of": f"Add a line 'of:' with {BUCKET}, {ACTION}[name] or the id of a rule.",
    "by": "Add a line 'by:' with a label of whoever judges so, never a name.",
    "on": "Add a line 'on:' with the day, year-month-day.",
    "because": "Add a line 'because:' with the reason; the applicant will read it.",
}
_NAME = re.compile(r"([^\[\]#]+?)(?:\s*\[\s*(.*?)\s*\])?(?:\s*#(\d+))?")
# Statements that come from no rule, by the first word of their id.
_NO_RULES = {
    "assumed": "An assumption is not withdrawn: write the section in the profile, and nothing is assumed.",
    "disagreement": "Name the rule of a statement that it is made of; the disagreement goes with it.",
}


@dataclass(frozen=True, slots=True)
class Override:
    """One override: of a conclusion, an action, or the statements of a rule (those on some `entries`, or all).

    `to` is the word of the bucket that is judged right; empty where the override withdraws what it names. It holds from
    the day `on`; `by` is a label. `places` are those of its parts in the file.
    """

    name: str
    entries: str
    to: str
    by: str
    on: date
    because: str
    location: Location
    places: MappingType[str, Location]

    @property
    def of(self) -> str:
        """What it is of, as it is written in a profile."""
        return _written(self.name, self.entries)


def _written(name: str, entries: str) -> str:
    return f"{name}[{entries}]" if entries else name


def read_overrides(items: Iterable[Node], vocabulary: Vocabulary, reader: Reader) -> tuple[Override, ...]:
    """The overrides of a profile. What is wrong with one is noted, and it is left out; rules are not known here yet."""
    found: list[Override] = []
    seen: dict[str, Location] = {}
    for item in items:
        one = _override(item, vocabulary, reader)
        if one is None:
            continue
        if one.of in seen:
            reader.problem(
                one.places["of"], "override.twice", f"There are two overrides of '{shorten(one.of)}'.",
                "Keep the one that holds.", related=((seen[one.of], "the first one"),),
            )  # fmt: skip
        seen.setdefault(one.of, one.places["of"])
        found.append(one)
    return tuple(found)


def _override(node: Node, vocabulary: Vocabulary, reader: Reader) -> Override | None:
    mapping = reader.mapping(node, "An override")
    if mapping is None:
        return None
    before = len(reader.problems)
    reader.known_keys(mapping, FIELDS, "An override")
    reader.required(mapping, tuple(REQUIRED), "An override", REQUIRED)
    of, by, on, because = (_given(mapping, key, reader) for key in ("of", "by", "on", "because"))
    places = {key.text: value.location for key, value in mapping.pairs if key.text in FIELDS}
    name, entries = _named(of, places["of"], vocabulary, reader) if of and isinstance(of, str) else ("", "")
    to = _judgement(_written(name, entries), mapping, vocabulary, reader) if name else ""
    if len(reader.problems) > before or not isinstance(on, date):
        return None
    return Override(name, entries, to, str(by), on, str(because), mapping.location, places)


def _given(mapping: Mapping, key: str, reader: Reader, words: MappingType[str, str] | None = None) -> Value | None:
    """The value under a key, texts on one line; None where it is left out or cannot be read."""
    node = mapping.get(key)
    if node is None or _is_empty(node):
        return None
    value = read_one(node, replace(FIELDS[key], values=words or {}), reader)
    if isinstance(value, str):
        value = " ".join(value.split())
    if value == "":
        reader.problem(node.location, "value.empty", f"'{key}' is an empty text.", REQUIRED[key])
    return value


def _named(of: str, place: Location, vocabulary: Vocabulary, reader: Reader) -> tuple[str, str]:
    """The name in `of`, and what stands in brackets behind it; empty after a problem, which is noted."""
    found = _NAME.fullmatch(of)
    name, entries, number = found.groups(default="") if found else (of, "", "")
    known: MappingType[str, str] = {}
    if name == ACTION:
        known = names_of(ACTION, vocabulary)
        message = f"There is no action '{shorten(entries)}'." if entries else "There are several actions."
        hint = (entries and reader.nearest(entries, known)) or f"Write {ACTION}[name], with its name."
    elif name == BUCKET:
        known = {"": ""}
        message, hint = f"There is one {BUCKET}.", f"Write {BUCKET}, without brackets."
    elif "." not in name:
        message = f"'{shorten(of)}' is nothing that can be overridden."
        hint = reader.nearest(name, (BUCKET, ACTION)) or f"Write {BUCKET}, {ACTION}[name] or the id of a rule."
    elif number:
        message = f"Statements are numbered anew in every advice, so '#{number}' may be another one next time."
        hint = "Leave the number out; all that the rule says there is then withdrawn."
    else:
        return name, entries
    if entries in known:
        return name, entries
    reader.problem(place, "override.unknown", message, hint)
    return "", ""


def _judgement(of: str, mapping: Mapping, vocabulary: Vocabulary, reader: Reader) -> str:
    """How the file is judged, where that is what is overridden. All else is withdrawn; what does not fit is noted."""
    buckets = names_of(BUCKET, vocabulary)
    key, other, hint = "withdrawn", "to", "Write 'withdrawn: yes' to take it out of the advice."
    if of == BUCKET:
        key, other, hint = "to", "withdrawn", f"Say with 'to' how you would sort the file: {', '.join(buckets)}."
    node, wrong = mapping.get(key), mapping.get(other)
    if wrong is not None and not _is_empty(wrong):
        message = f"'{other}' is not for an override of '{shorten(of)}'."
        reader.problem(wrong.location, "override.judgement", message, hint)
        return ""
    if node is None or _is_empty(node):
        message = f"This override of '{shorten(of)}' does not say what it judges otherwise."
        reader.problem(mapping.location, "override.judgement", message, hint)
        return ""
    value = _given(mapping, key, reader, buckets)
    if value is False:
        message = "What is not withdrawn needs no override."
        reader.problem(node.location, "override.judgement", message, "Write yes, or delete the entry.")
    return value if isinstance(value, str) else ""


def names_of(type_name: str, vocabulary: Vocabulary) -> MappingType[str, str]:
    """The words for buckets or actions, with their wording; none in a vocabulary that does not have them."""
    fact_type = vocabulary.types.get(type_name)
    name = fact_type.fields.get("name") if fact_type is not None else None
    return name.values if name is not None else {}


def _is_empty(node: Node) -> bool:
    return isinstance(node, Scalar) and node.is_empty


def override_problems(overrides: Iterable[Override], rules: RuleSet) -> tuple[Diagnostic, ...]:
    """What is wrong with the rules that overrides name."""
    reader = Reader()
    known = {rule.id: rule for rule in rules.rules}
    for one in overrides:
        if one.name not in (BUCKET, ACTION):
            _check_rule(one, known, reader)
    return tuple(reader.problems)


def _check_rule(one: Override, known: MappingType[str, Rule], reader: Reader) -> None:
    place, rule = one.places["of"], known.get(one.name)
    if rule is None:
        hint = _NO_RULES.get(one.name.partition(".")[0]) or reader.nearest(one.name, known)
        hint = hint or "'smartpick rules list' names them all."
        reader.problem(place, "override.unknown", f"There is no rule '{shorten(one.name)}'.", hint)
        return
    stated = next((_STATED[c.fact_type] for c in rule.then if c.fact_type in _STATED), "")
    if stated:
        message = f"No advice can do without what '{one.name}' says: {stated}."
        reader.problem(place, "override.stated", message, f"Judge the file otherwise, with 'of: {BUCKET}' and 'to'.")

"""Vocabulary files to the `Vocabulary`, every problem collected."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from collections.abc import Mapping as MappingType
from dataclasses import replace

from smartpick_expert.diagnostics import Problems
from smartpick_expert.language.model import Kind
from smartpick_expert.language.reader import Reader
from smartpick_expert.language.source import Mapping, Node, Scalar
from smartpick_expert.language.values import Number, ValueProblem, read_number, shorten
from smartpick_expert.language.vocabulary import FactType, Field, FieldType, Readers, Supplier, Vocabulary

_FILE_KEYS = ("about", "types", "protected_words")
_TYPE_KEYS = (
    "meaning",
    "supplied_by",
    "one",
    "label",
    "assume",
    "assumption",
    "one_per",
    "stages",
    "for_advisor",
    "from_protected",
    "protected",
    "counted_only",
    "said",
    "measured",
    "fields",
)
_FIELD_KEYS = (
    "type", "meaning", "unit", "whole", "min", "max", "step", "many", "values", "values_of", "values_from", "of",
    "required", "private", "may_be_none", "shelf_life", "asked", "for_advisor", "told_as", "computed", "protected",
    "read_by", "lasting",
)  # fmt: skip
_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
RESERVED = frozenset(
    {"of", "as", "not", "any", "all", "count", "highest", "lowest", "total", "parameter", "none", "plus"}
)


def load_vocabulary(
    files: Iterable[Node], registries: MappingType[str, MappingType[str, str]], operators: Iterable[str]
) -> Vocabulary:
    """Read vocabulary files. `registries` gives the words (with wording) that `values_from` names. Raises Problems."""
    loader = _Loader(registries, RESERVED | set(operators))
    for node in files:
        loader.read(node)
    vocabulary = loader.finish()
    if loader.reader.problems:
        raise Problems(loader.reader.problems)
    return vocabulary


class _Loader:
    def __init__(self, registries: MappingType[str, MappingType[str, str]], reserved: frozenset[str]) -> None:
        self.reader = Reader()
        self.registries = registries
        self.reserved = reserved
        self.types: dict[str, FactType] = {}
        self.words: set[str] = set()
        self.borrowed: list[tuple[str, str, Scalar]] = []

    def read(self, node: Node) -> None:
        mapping = self.reader.mapping(node, "A vocabulary file")
        if mapping is None:
            return
        self.reader.known_keys(mapping, _FILE_KEYS, "A vocabulary file")
        self.words.update(self.reader.texts(mapping, "protected_words"))
        types = self.reader.mapping(mapping.get("types"), "'types'", mapping.location)
        for key, value in types.pairs if types else ():
            self._type(key, value)

    def _type(self, key: Scalar, node: Node) -> None:
        if not self._can_be_named(key, self.reserved):
            return
        mapping = self.reader.mapping(node, f"Fact type '{key.text}'")
        if mapping is None:
            return
        what = f"Fact type '{key.text}'"
        self.reader.known_keys(mapping, _TYPE_KEYS, what)
        self.reader.required(mapping, ("meaning", "supplied_by", "fields"), what)
        if key.text in self.types:
            self.reader.problem(
                key.location,
                "vocabulary.duplicate-type",
                f"Fact type '{key.text}' is declared twice.",
                "Delete one, or rename it.",
                related=((self.types[key.text].location, "the first one"),),
            )
            return
        protected = self._words_or_all(mapping, "protected")
        fields = self.reader.mapping(mapping.get("fields"), f"'fields' of '{key.text}'", mapping.location)
        declared: dict[str, Field] = {}
        for name, value in fields.pairs if fields else ():
            one = self._field(key.text, name, value)
            if one is not None:
                # What is said of a field itself counts for more: it may be kept from the topics that see the rest.
                declared[name.text] = one if one.protected is not None else replace(one, protected=protected)
        supplier = self.reader.choice(mapping, "supplied_by", list(Supplier)) or Supplier.RULES
        fact_type = FactType(
            name=key.text,
            meaning=self.reader.text(mapping, "meaning"),
            supplied_by=Supplier(supplier),
            fields=declared,
            one=self.reader.boolean(mapping, "one"),
            label=self.reader.text(mapping, "label"),
            assume=self.reader.text(mapping, "assumption") if mapping.get("assume") is not None else None,
            one_per=self.reader.texts(mapping, "one_per") if mapping.get("one_per") is not None else None,
            stages=self.reader.texts(mapping, "stages"),
            for_advisor=self.reader.boolean(mapping, "for_advisor"),
            from_protected=self.reader.boolean(mapping, "from_protected"),
            counted_only=self.reader.boolean(mapping, "counted_only"),
            said=self.reader.boolean(mapping, "said"),
            measured=self.reader.boolean(mapping, "measured"),
            location=key.location,
        )
        self._check_type(fact_type, mapping)
        self.types[key.text] = fact_type

    def _can_be_named(self, key: Scalar, reserved: Collection[str]) -> bool:
        """Whether a rule could name it; what it could not is not read any further."""
        if key.text in reserved:
            self.reader.problem(
                key.location,
                "vocabulary.reserved",
                f"'{key.text}' is a word of the language.",
                "Choose another name.",
            )
        elif not _NAME.fullmatch(key.text):
            self.reader.problem(
                key.location,
                "vocabulary.name",
                f"'{shorten(key.text)}' cannot be a name: a rule could not refer to it.",
                "Use small letters, digits and _, beginning with a letter.",
            )
        return key.text not in reserved and _NAME.fullmatch(key.text) is not None

    def _check_type(self, fact_type: FactType, mapping: Mapping) -> None:
        for name in (*(fact_type.one_per or ()), *([fact_type.label] if fact_type.label else ())):
            if name not in fact_type.fields:
                self.reader.problem(
                    mapping.location,
                    "vocabulary.unknown-field",
                    f"Fact type '{fact_type.name}' has no field '{shorten(name)}'.",
                    self.reader.nearest(name, fact_type.fields) or "Declare it.",
                )
        if fact_type.assume == "":
            self.reader.problem(
                mapping.location,
                "vocabulary.assumption",
                f"Fact type '{fact_type.name}' assumes something and does not say it.",
                "Add 'assumption:', the sentence that the advice prints.",
            )
        for f in fact_type.fields.values():
            for name in f.computed or ():
                if name not in fact_type.fields or fact_type.fields[name].type is not FieldType.NUMBER:
                    self.reader.problem(
                        f.location,
                        "vocabulary.unknown-field",
                        f"'{f.name}' is computed from '{shorten(name)}', which is no number field of '{fact_type.name}'.",
                        self.reader.nearest(name, fact_type.fields) or "Declare it.",
                    )

    def _check_what_is_kept(self, fact_type: FactType) -> None:
        """What is made for the applicant reads a kept section as left out, which has to mean that there is nothing."""
        if fact_type.for_advisor and fact_type.supplied_by is Supplier.PROFILE and fact_type.assume is None:
            self.reader.problem(
                fact_type.location,
                "vocabulary.kept-section",
                f"Fact type '{fact_type.name}' is for the advisor, and leaving it out means that it is unknown.",
                "Add 'assume: []' and the sentence under 'assumption:', so that leaving it out means none.",
            )
        for f in fact_type.fields.values():
            for word in (word for pair in f.told_as.items() for word in pair if word not in f.values):
                self.reader.problem(
                    f.location,
                    "vocabulary.told-as",
                    f"'told_as' of '{f.name}' names '{shorten(word)}', which is none of its values.",
                    self.reader.nearest(word, f.values) or "Name words of 'values:'.",
                )

    def _check_what_lasts(self, fact_type: FactType) -> None:
        """What lasts tells two people of one label apart, so it stands in a section that everybody has once."""
        applicant = self.types.get("applicant")
        stages = applicant.fields["stage"].values if applicant is not None and "stage" in applicant.fields else {}
        for f in fact_type.fields.values():
            if f.lasting is None:
                continue
            if not fact_type.one or fact_type.supplied_by is not Supplier.PROFILE:
                self.reader.problem(
                    f.location,
                    "vocabulary.lasting",
                    f"'{f.name}' is to last, and '{fact_type.name}' is no section that a profile has once.",
                    "Take 'lasting' out.",
                )
            for stage in (stage for stage in f.lasting if stage not in stages):
                self.reader.problem(
                    f.location,
                    "vocabulary.lasting",
                    f"'{f.name}' lasts from '{shorten(stage)}' on, which is no stage.",
                    self.reader.nearest(stage, stages) or "Name words of the field 'stage'.",
                )

    def _field(self, owner: str, key: Scalar, node: Node) -> Field | None:
        # 'as' binds a name wherever a field may stand.
        mapping = self.reader.mapping(node, f"Field '{key.text}'") if self._can_be_named(key, ("as",)) else None
        if mapping is None:
            return None
        what = f"Field '{owner}.{key.text}'"
        self.reader.known_keys(mapping, _FIELD_KEYS, what)
        self.reader.required(mapping, ("type", "meaning"), what)
        kind = self.reader.choice(mapping, "type", list(FieldType))
        borrowed = mapping.get("values_of")
        if isinstance(borrowed, Scalar):
            self.borrowed.append((owner, key.text, borrowed))
        registry = self.reader.text(mapping, "values_from")
        if registry and registry not in self.registries:
            self.reader.problem(
                mapping.location,
                "vocabulary.registry",
                f"There is no list '{shorten(registry)}'.",
                self.reader.nearest(registry, self.registries),
            )
        if not kind:
            return None
        low, high = self._number(mapping, "min"), self._number(mapping, "max")
        if low is not None and high is not None and low > high:
            self.reader.problem(
                mapping.location,
                "vocabulary.limits",
                f"{what} has the limits {low} and {high}, between which no number lies.",
                "Write the lower one under 'min'.",
            )
        return Field(
            name=key.text,
            type=FieldType(kind),
            meaning=self.reader.text(mapping, "meaning"),
            unit=self.reader.text(mapping, "unit"),
            whole=self.reader.boolean(mapping, "whole"),
            minimum=low,
            maximum=high,
            step=self._number(mapping, "step") or 1,
            many=self.reader.boolean(mapping, "many"),
            values=dict(self.registries.get(registry, {})) if registry else self._words(mapping, "values"),
            values_from=registry,
            of=self.reader.text(mapping, "of"),
            required=self.reader.boolean(mapping, "required"),
            private=self.reader.boolean(mapping, "private"),
            may_be_none=self.reader.boolean(mapping, "may_be_none"),
            shelf_life=self._months(mapping),
            asked=self.reader.text(mapping, "asked"),
            for_advisor=self.reader.boolean(mapping, "for_advisor"),
            told_as=self._words(mapping, "told_as"),
            computed=self._computed(mapping),
            protected=self._words_or_all(mapping, "protected"),
            lasting=self._words_or_all(mapping, "lasting"),
            read_by=self._readers(mapping),
            location=key.location,
        )

    def _words(self, mapping: Mapping, key: str) -> dict[str, str]:
        """Words, each with its wording or with another that stands for it."""
        node = mapping.get(key)
        if node is None:
            return {}
        values = self.reader.mapping(node, f"'{key}'")
        words = ((self.reader.scalar_text(key, "A value"), value) for key, value in (values.pairs if values else ()))
        return {
            word: self.reader.scalar_text(value, f"The wording of '{shorten(word)}'") or word for word, value in words
        }

    def _number(self, mapping: Mapping, key: str) -> Number | None:
        node = mapping.get(key)
        if not isinstance(node, Scalar):
            return None
        try:
            return read_number(node.text)
        except ValueProblem as problem:
            self.reader.value_problem(node.location, problem)
            return None

    def _months(self, mapping: Mapping) -> int | None:
        months = self._number(mapping, "shelf_life")
        if months is not None and not (isinstance(months, int) and months > 0):
            self.reader.problem(
                mapping.location,
                "vocabulary.shelf-life",
                f"{months} is no number of months.",
                "Write a whole number of months, 1 or more.",
            )
            return None
        return months

    def _computed(self, mapping: Mapping) -> tuple[str, str] | None:
        node = mapping.get("computed")
        if node is None:
            return None
        inner = self.reader.mapping(node, "'computed'")
        if inner is None:
            return None
        self.reader.known_keys(inner, ("difference",), "'computed'")
        names = self.reader.texts(inner, "difference")
        if len(names) != 2:  # noqa: PLR2004 - a difference has two ends
            self.reader.problem(
                inner.location, "vocabulary.computed", "A difference is of two fields.", "Write [from, less]."
            )
            return None
        return (names[0], names[1])

    def _words_or_all(self, mapping: Mapping, key: str) -> tuple[str, ...] | None:
        """The words listed under a key, none where it says yes; None where it says no or is left out."""
        node = mapping.get(key)
        if node is None:
            return None
        if isinstance(node, Scalar):
            return () if self.reader.boolean(mapping, key) else None
        return self.reader.texts(mapping, key)

    def _readers(self, mapping: Mapping) -> Readers | None:
        node = mapping.get("read_by")
        inner = self.reader.mapping(node, "'read_by'") if node is not None else None
        if inner is None:
            return None
        self.reader.known_keys(inner, ("kind", "topics"), "'read_by'")
        return Readers(self.reader.choice(inner, "kind", list(Kind)), self.reader.texts(inner, "topics"))

    def finish(self) -> Vocabulary:
        for owner, name, node in self.borrowed:
            type_name, _, field_name = node.text.partition(".")
            source = self.types.get(type_name)
            if source is None or field_name not in source.fields:
                self.reader.problem(
                    node.location,
                    "vocabulary.unknown-field",
                    f"There is no field '{shorten(node.text)}'.",
                    "Name one as type.field.",
                )
                continue
            fields = dict(self.types[owner].fields) if owner in self.types else {}
            if name in fields:
                fields[name] = replace(fields[name], values=source.fields[field_name].values)
                self.types[owner] = replace(self.types[owner], fields=fields)
        for fact_type in self.types.values():
            self._check_what_is_kept(fact_type)
            self._check_what_lasts(fact_type)
            for f in fact_type.fields.values():
                if f.type is FieldType.CHOICE and not f.values and not f.values_from:
                    self.reader.problem(
                        f.location, "vocabulary.values", f"Choice '{f.name}' has no values.", "Add 'values:'."
                    )
                if f.of and f.of not in self.types:
                    self.reader.problem(
                        f.location,
                        "vocabulary.unknown-type",
                        f"There is no fact type '{shorten(f.of)}'.",
                        self.reader.nearest(f.of, self.types),
                    )
        return Vocabulary(self.types, frozenset(self.words))

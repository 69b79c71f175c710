"""Scales of directions: an order from worst to best of what rules may conclude, read and checked against the vocabulary."""

from __future__ import annotations

from smartpick_expert.authoring.directions.model import NOTHING, Scale
from smartpick_expert.language.conditions import ConditionReader
from smartpick_expert.language.model import Pattern
from smartpick_expert.language.reader import Reader
from smartpick_expert.language.source import Mapping, Scalar
from smartpick_expert.language.values import shorten
from smartpick_expert.language.vocabulary import FactType, FieldType, Supplier
from smartpick_expert.workspace import Workspace


class ScaleReader:
    """Reads the scales of one file into those that are known."""

    def __init__(self, workspace: Workspace, reader: Reader, known: dict[str, Scale]) -> None:
        self.vocabulary = workspace.vocabulary
        self.conditions = ConditionReader(workspace.vocabulary, workspace.knowledge.names.parameters, reader)
        self.reader = reader
        self.known = known

    def read(self, mapping: Mapping) -> None:
        """Read the scales of one file; problems are noted."""
        node = mapping.get("scales")
        inner = self.reader.mapping(node, "'scales'") if node is not None else None
        for key, value in inner.pairs if inner is not None else ():
            entry = self.reader.mapping(value, f"Scale '{shorten(key.text)}'")
            if entry is None:
                continue
            if key.text in self.known:
                message = f"Two scales are called '{shorten(key.text)}'."
                first = ((self.known[key.text].location, "the first one"),)
                self.reader.problem(key.location, "scale.twice", message, "Give one of them another name.", first)
                continue
            scale = self._scale(key, entry)
            if scale is not None:
                self.known[key.text] = scale

    def _scale(self, key: Scalar, entry: Mapping) -> Scale | None:
        what = f"Scale '{shorten(key.text)}'"
        self.reader.known_keys(entry, ("of", "where", "each", "worst_to_best"), what)
        self.reader.required(entry, ("of", "worst_to_best"), what)
        of = entry.get("of")
        before = len(self.reader.problems)
        type_name, _, field_name = self.reader.text(entry, "of").partition(".")
        if of is None or not type_name:
            return None
        kind = self.vocabulary.types.get(type_name)
        if kind is None or kind.supplied_by is not Supplier.RULES:
            concluded = [one.name for one in self.vocabulary.supplied_by(Supplier.RULES)]
            message = f"Rules conclude no '{shorten(type_name)}', so there is nothing to put in an order."
            hint = self.reader.nearest(type_name, concluded) or "Name a type that rules conclude."
            self.reader.problem(of.location, "scale.type", message, hint)
            return None
        field = kind.fields.get(field_name)
        if field is None or field.type is not FieldType.CHOICE or field.many:
            choices = [one.name for one in kind.fields.values() if one.type is FieldType.CHOICE and not one.many]
            message = f"'{shorten(type_name)}.{shorten(field_name)}' is no field with a choice of words."
            hint = self.reader.nearest(field_name, choices) or f"Write {type_name}.field, as in bucket.name."
            self.reader.problem(of.location, "scale.field", message, hint)
            return None
        where = self._where(entry, kind)
        each = self.reader.placed_texts(entry, "each")
        for name, place in each:
            if name not in kind.fields:
                hint = self.reader.nearest(name, kind.fields) or "Correct its name."
                message = f"'{kind.name}' has no field '{shorten(name)}'."
                self.reader.problem(place, "name.field", message, hint)
        words = self._order(entry, tuple(field.values), what)
        if len(self.reader.problems) > before or where is None:
            return None
        return Scale(key.text, kind.name, field.name, where, tuple(name for name, _ in each), words, key.location)

    def _where(self, entry: Mapping, kind: FactType) -> Pattern | None:
        node = entry.get("where")
        if node is None:
            return Pattern(kind.name, (), "", location=entry.location)
        return self.conditions.pattern(Scalar(kind.name, quoted=False, location=node.location), node, named=False)

    def _order(self, entry: Mapping, allowed: tuple[str, ...], what: str) -> tuple[str, ...]:
        """The words from worst to best: each word of the choice once, and perhaps `nothing`."""
        words = self.reader.placed_texts(entry, "worst_to_best")
        for place, (word, where) in enumerate(words):
            if word not in (*allowed, NOTHING):
                hint = self.reader.nearest(word, (*allowed, NOTHING)) or "Correct it."
                self.reader.problem(where, "scale.word", f"'{shorten(word)}' is no word of this choice.", hint)
            if word in [other for other, _ in words[:place]]:
                self.reader.problem(where, "scale.word", f"'{shorten(word)}' stands here twice.", "Delete one of them.")
        missing = [word for word in allowed if word not in [one for one, _ in words]]
        node = entry.get("worst_to_best")
        if missing and node is not None:
            message = f"{what} does not say where these stand: {', '.join(missing)}."
            self.reader.problem(node.location, "scale.word", message, "Add each, between a worse one and a better one.")
        return tuple(word for word, _ in words)

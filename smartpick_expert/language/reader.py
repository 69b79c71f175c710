"""Reading mappings of a known form: every problem is collected with its place, and reading goes on.

Used by everything that reads a YAML file of ours, so that a wrong key, a missing field or a wrong form is worded once.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping as MappingType
from collections.abc import Sequence as Many
from datetime import date

from smartpick_expert.diagnostics import Diagnostic, Location, Severity, nearest
from smartpick_expert.language.source import Mapping, Node, Scalar, Sequence
from smartpick_expert.language.values import ValueProblem, control_character, read_boolean, read_date, shorten

# Looking for what a name was meant to be takes far longer than reading it; whoever has more problems has one cause for most.
MAX_SUGGESTED = 200


class Reader:
    """Collects problems while a file is read. Every reading method returns None (or an empty value) after a problem."""

    def __init__(self) -> None:
        self.problems: list[Diagnostic] = []

    def problem(
        self,
        place: Location,
        code: str,
        message: str,
        hint: str,
        related: tuple[tuple[Location, str], ...] = (),
        severity: Severity = Severity.ERROR,
    ) -> None:
        """Note one finding."""
        self.problems.append(Diagnostic(code, message, hint, place, severity, related))

    @property
    def suggests(self) -> bool:
        """Whether it is still worth looking for what was meant: not behind the first `MAX_SUGGESTED` problems."""
        return len(self.problems) < MAX_SUGGESTED

    def nearest(self, name: str, known: Iterable[str]) -> str:
        """A sentence that suggests a known name, as `diagnostics.nearest` has it; empty where it is not worth looking."""
        return nearest(name, known) if self.suggests else ""

    def value_problem(self, place: Location, problem: ValueProblem, key: str = "") -> None:
        """Note what a value reader refused, by the name of what was read where it has one."""
        message = f"{key}: {problem.message}" if key else problem.message
        self.problem(place, problem.code, message, problem.hint)

    def mapping(self, node: Node | None, what: str, place: Location | None = None) -> Mapping | None:
        """The node as a mapping; `what` names it in the message."""
        if isinstance(node, Mapping):
            return node
        where = node.location if node is not None else place
        if where is not None:
            self.problem(
                where,
                "form.mapping",
                f"{what} must be a mapping of names to values.",
                "Write 'name: value' lines here.",
            )
        return None

    def sequence(self, node: Node | None, what: str) -> tuple[Node, ...]:
        """The items of a list node."""
        if isinstance(node, Sequence):
            return node.items
        if node is not None:
            self.problem(
                node.location,
                "form.list",
                f"{what} must be a list.",
                "Write each item on a line that begins with '- '.",
            )
        return ()

    def known_keys(self, mapping: Mapping, known: Iterable[str], what: str, code: str = "form.unknown-key") -> None:
        """Refuse keys that nobody would read."""
        names = set(known)
        for key, _ in mapping.pairs:
            if key.text not in names:
                hint = self.nearest(key.text, names) or "Delete it, or correct its name."
                self.problem(key.location, code, f"{what} has no '{shorten(key.text)}'.", hint)

    def required(
        self, mapping: Mapping, names: Many[str], what: str, hints: MappingType[str, str] | None = None
    ) -> None:
        """Note each required key that is missing or empty; `hints` say what to write where the key does not say it."""
        for name in names:
            node = mapping.get(name)
            if node is None or (isinstance(node, Scalar) and node.is_empty):
                hint = (hints or {}).get(name, f"Add a line '{name}: ...'.")
                self.problem(mapping.location, "form.missing-key", f"{what} lacks '{name}'.", hint)

    def text(self, mapping: Mapping, key: str) -> str:
        """The text under `key`, or the empty text."""
        node = mapping.get(key)
        return self.scalar_text(node, f"'{key}'") if node is not None else ""

    def scalar_text(self, node: Node, what: str) -> str:
        """The text of a scalar node on one line, or the empty text. What could upset a terminal is noted as a problem."""
        if not isinstance(node, Scalar):
            self.problem(node.location, "form.text", f"{what} must be a single text.", "Write a text here.")
            return ""
        strange = control_character(node.text)
        if strange:
            message = f"{what} holds the control character U+{ord(strange):04X}."
            self.problem(node.location, "value.text", message, "Delete it.")
            return ""
        return "" if node.is_empty else " ".join(node.text.split())

    def choice(self, mapping: Mapping, key: str, allowed: Iterable[str]) -> str:
        """The word under `key`, one of `allowed`, or the empty text."""
        text = self.text(mapping, key)
        choices = tuple(allowed)
        node = mapping.get(key)
        if text and node is not None and text not in choices:
            hint = self.nearest(text, choices) or "Choose one."
            self.problem(node.location, "form.choice", f"'{shorten(text)}' is no {key}.", hint)
            return ""
        return text

    def texts(self, mapping: Mapping, key: str) -> tuple[str, ...]:
        """The list of texts under `key`."""
        return tuple(text for text, _ in self.placed_texts(mapping, key))

    def placed_texts(self, mapping: Mapping, key: str) -> tuple[tuple[str, Location], ...]:
        """The list of texts under `key`, each with its place."""
        node = mapping.get(key)
        if node is None:
            return ()
        items = self.sequence(node, f"'{key}'")
        return tuple((self.scalar_text(item, f"An item of '{key}'"), item.location) for item in items)

    def filled(self, mapping: Mapping, names: Many[str], what: str) -> None:
        """Note each list that holds nothing, where an empty one makes no sense."""
        for name in names:
            node = mapping.get(name)
            if isinstance(node, Sequence) and not node.items:
                self.problem(
                    node.location,
                    "form.empty-list",
                    f"'{name}' of {what[:1].lower()}{what[1:]} is an empty list.",
                    "Add an item.",
                )

    def boolean(self, mapping: Mapping, key: str) -> bool:
        """The truth value under `key`; False when left out."""
        node = mapping.get(key)
        if isinstance(node, Scalar) and not node.is_empty:
            try:
                return read_boolean(node.text)
            except ValueProblem as problem:
                self.value_problem(node.location, problem, key)
        elif node is not None and not isinstance(node, Scalar):
            self.problem(node.location, "form.text", f"'{key}' must be yes or no.", "Write yes or no.")
        return False

    def date(self, mapping: Mapping, key: str) -> date | None:
        """The day under `key`, or None."""
        node = mapping.get(key)
        if isinstance(node, Scalar) and not node.is_empty:
            try:
                return read_date(node.text)
            except ValueProblem as problem:
                self.value_problem(node.location, problem, key)
        elif node is not None and not isinstance(node, Scalar):
            self.problem(
                node.location,
                "form.text",
                f"'{key}' must be a date.",
                "Write it as year-month-day: 2026-09-01.",
            )
        return None

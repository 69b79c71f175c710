"""Actions: what an applicant can do. Rules say to whom an action is advised and how soon; here stands what it is.

An action says what it changes in a profile once it is done (the least that is then sure), what must be true first, until
which day of the season it helps, how long it takes and what it costs. Keys that are missing are no error here: a review
of the base names them, and an advice says that they are not known.
"""

from __future__ import annotations

from collections.abc import Mapping as MappingType
from dataclasses import dataclass
from typing import Final

from smartpick_expert.diagnostics import Location
from smartpick_expert.knowledge.estimates import EstimateReader, Fees, Price, Time
from smartpick_expert.language.checks import protected
from smartpick_expert.language.conditions import ConditionReader
from smartpick_expert.language.edits import Edit, EditReader, SetField
from smartpick_expert.language.model import Condition, Kind, Rule, Status, Words
from smartpick_expert.language.operands import ParameterType
from smartpick_expert.language.paths import EACH, Path, read_path
from smartpick_expert.language.reader import Reader
from smartpick_expert.language.scope import resolve
from smartpick_expert.language.source import Mapping, Node, Scalar
from smartpick_expert.language.values import UNKNOWN, Slot, ValueProblem, shorten
from smartpick_expert.language.vocabulary import FieldType, Vocabulary

_KEYS = ("name", "title", "do", "done_when", "stages", "gate")
# What makes an action complete; of `changes` and `changes_nothing` one.
_LAPSES: Final = "lapses"
_FIGURES: Final = ("changes", "needs", "until", "takes", "costs")
_NOTHING: Final = "changes_nothing"
_NONE: Final = "none"


@dataclass(frozen=True, slots=True)
class Change:
    """An edit of the profile that the finished action makes true; with `stages`, only where it is finished at one of them."""

    edit: Edit
    stages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Need:
    """Something that must be true first, in words. `when` decides it; where it is empty no fact does, and only people can."""

    that: str
    when: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Action:
    """One action. `do` says what to do, `done_when` how one can tell, `stages` when it can still be done.

    `gate`: an official requirement stands behind it, so that without it the others are in vain. `changes_nothing` says
    what an action is good for that changes nothing a rule reads. `until` names the parameter with the last day on which
    it helps this season; it is empty where no day of the calendar ends it. `lapses` is where a profile says the last day of
    what the action renews, which ends it earlier; None where it renews nothing. `lacks` are the keys that nobody has filled.
    """

    name: str
    title: str
    do: str
    done_when: str
    stages: tuple[str, ...]
    gate: bool
    changes: tuple[Change, ...]
    changes_nothing: str
    needs: tuple[Need, ...]
    until: str
    takes: Time
    costs: Price
    lacks: tuple[str, ...]
    location: Location
    lapses: Path | None = None

    def edits_at(self, stage: Slot) -> tuple[Edit, ...]:
        """What the finished action changes in the profile of somebody at a stage."""
        return tuple(change.edit for change in self.changes if not change.stages or stage in change.stages)


def action_titles(node: Node) -> dict[str, str]:
    """The titles of one file's actions by name, as far as they can be read: the vocabulary words actions by them."""
    titles: dict[str, str] = {}
    reader = Reader()
    mapping = reader.mapping(node, "An action file")
    for item in reader.sequence(mapping.get("actions"), "'actions'") if mapping is not None else ():
        entry = reader.mapping(item, "An action")
        if entry is not None and (name := reader.text(entry, "name")):
            titles.setdefault(name, reader.text(entry, "title"))
    return titles


def read_actions(
    node: Node, vocabulary: Vocabulary, parameters: MappingType[str, ParameterType], reader: Reader
) -> list[Action]:
    """The actions of one file; problems are noted in `reader`."""
    mapping = reader.mapping(node, "An action file")
    if mapping is None:
        return []
    reader.known_keys(mapping, ("about", "actions"), "An action file")
    items = reader.sequence(mapping.get("actions"), "'actions'")
    entries = [reader.mapping(item, "An action") for item in items]
    return [_ActionReader(entry, vocabulary, parameters, reader).read() for entry in entries if entry is not None]


class _ActionReader:
    """Reads one action."""

    def __init__(
        self, entry: Mapping, vocabulary: Vocabulary, parameters: MappingType[str, ParameterType], reader: Reader
    ) -> None:
        self.entry = entry
        self.vocabulary = vocabulary
        self.parameters = parameters
        self.reader = reader
        self.name = reader.text(entry, "name")
        self.what = f"action '{shorten(self.name)}'" if self.name else "an action"

    def read(self) -> Action:
        entry, reader = self.entry, self.reader
        what = self.what[:1].upper() + self.what[1:]
        reader.known_keys(entry, (*_KEYS, *_FIGURES, _NOTHING, _LAPSES), what)
        reader.required(entry, ("name", "title", "do", "done_when", "stages"), what)
        reader.filled(entry, ("changes",), what)
        changes, nothing = self._changes(), reader.text(entry, _NOTHING)
        if nothing and entry.get("changes") is not None:
            message = f"{what} says what it changes, and that it changes nothing."
            reader.problem(entry.location, "action.changes", message, f"Delete 'changes' or '{_NOTHING}'.")
        estimates = EstimateReader(self.what, reader)
        takes, costs = entry.get("takes"), entry.get("costs")
        price = estimates.costs(costs) if costs is not None else UNKNOWN
        if isinstance(price, Fees) and costs is not None:
            self._check_fees(price, costs)
        missing = [key for key in _FIGURES if entry.get(key) is None]
        return Action(
            name=self.name,
            title=reader.text(entry, "title"),
            do=reader.text(entry, "do"),
            done_when=reader.text(entry, "done_when"),
            stages=reader.texts(entry, "stages"),
            gate=reader.boolean(entry, "gate"),
            changes=changes,
            changes_nothing=nothing,
            needs=self._needs(),
            until=self._until(),
            takes=estimates.takes(takes) if takes is not None else UNKNOWN,
            costs=price,
            lacks=tuple(key for key in missing if key != "changes" or not nothing),
            location=entry.location,
            lapses=self._lapses(),
        )

    def _changes(self) -> tuple[Change, ...]:
        edits = EditReader(self.vocabulary, self.reader)
        found: list[Change] = []
        for item in self.reader.sequence(self.entry.get("changes"), "'changes'"):
            mapping = self.reader.mapping(item, "A change")
            if mapping is None:
                continue
            self.reader.known_keys(mapping, ("set", "add", "stages"), "A change")
            settings, additions = mapping.get("set"), mapping.get("add")
            if (settings is None) == (additions is None):
                self.reader.problem(
                    mapping.location, "action.changes", f"A change of {self.what} sets fields or adds an entry, one of the two.",
                    "Write 'set: {...}' or 'add: {...}', each with its own '- '.",
                )  # fmt: skip
                continue
            stages = self.reader.texts(mapping, "stages")
            if settings is not None and (inner := self.reader.mapping(settings, "'set'")) is not None:
                found += [Change(edit, stages) for edit in edits.settings(inner) if self._is_for_all(edit, inner)]
            elif additions is not None and (inner := self.reader.mapping(additions, "'add'")) is not None:
                found += [Change(edit, stages) for edit in edits.additions(inner)]
        return tuple(found)

    def _is_for_all(self, edit: SetField, mapping: Mapping) -> bool:
        """Labels are each profile's own. What is written for all names entries by a choice, or means each of them."""
        fact_type = self.vocabulary.types[edit.path.type]
        named_by = fact_type.fields.get(fact_type.label)
        if edit.path.label in ("", EACH) or (named_by is not None and named_by.type is FieldType.CHOICE):
            return True
        key = mapping.key(str(edit.path))
        self.reader.problem(
            key.location if key is not None else mapping.location,
            "action.label",
            f"'{shorten(edit.path.label)}' would be the label of one profile, and an action is for all.",
            f"Write {edit.path.type}[{EACH}].{edit.path.field} for each entry, or add one.",
        )
        return False

    def _needs(self) -> tuple[Need, ...]:
        conditions = ConditionReader(self.vocabulary, self.parameters, self.reader)
        found: list[Need] = []
        for item in self.reader.sequence(self.entry.get("needs"), "'needs'"):
            mapping = self.reader.mapping(item, "A need")
            if mapping is None:
                continue
            self.reader.known_keys(mapping, ("that", "when"), "A need")
            self.reader.required(mapping, ("that",), "A need")
            self.reader.filled(mapping, ("when",), "A need")
            before = len(self.reader.problems)
            when = [conditions.condition(one) for one in self.reader.sequence(mapping.get("when"), "'when'")]
            that = self.reader.text(mapping, "that")
            if len(self.reader.problems) == before:
                read = tuple(one for one in when if one is not None)
                found.append(Need(that, self._resolved(read, that, mapping.location)))
        return tuple(found)

    def _resolved(self, when: tuple[Condition, ...], that: str, place: Location) -> tuple[Condition, ...]:
        """The conditions with every name in them found, as those of a rule are; what no rule may look at, no need does."""
        rule = Rule(
            id=f"actions.{self.name}", title=that, topic="actions", kind=Kind.MEASURED, status=Status.STABLE, sources=(),
            owner="", review_by=None, when=when, then=(), because=Words((), "", place), rationale="", location=place,
        )  # fmt: skip
        rule = resolve(rule, self.vocabulary, self.parameters, self.reader)
        self.reader.problems.extend(protected.check((rule,), self.vocabulary))
        return rule.when

    def _until(self) -> str:
        name = self.reader.text(self.entry, "until")
        if name in ("", _NONE):
            return ""
        self._check_parameter(name, FieldType.DATE, "", self.entry.get("until"))
        return name

    def _lapses(self) -> Path | None:
        """Where a profile says when that lapses which is renewed: one day, in a section that there is one of."""
        written, node = self.reader.text(self.entry, _LAPSES), self.entry.get(_LAPSES)
        if not written or node is None:
            return None
        place = node.location
        try:
            path = read_path(written, self.vocabulary)
        except ValueProblem as problem:
            self.reader.problem(place, problem.code, problem.message, problem.hint)
            return None
        field = self.vocabulary.types[path.type].fields[path.field]
        if path.label or field.type is not FieldType.DATE or field.many:
            message = f"'{shorten(written)}' is not one day of a profile."
            self.reader.problem(place, "path.not-given", message, "Name a date of a section that there is one of.")
            return None
        return path

    def _check_fees(self, fees: Fees, node: Node) -> None:
        for name in (*fees.due, *fees.perhaps):
            self._check_parameter(name, FieldType.NUMBER, "USD", node)

    def _check_parameter(self, name: str, kind: FieldType, unit: str, node: Node | None) -> None:
        known = self.parameters.get(name)
        place = node.location if isinstance(node, Scalar | Mapping) else self.entry.location
        if known is None:
            alike = [p for p, t in self.parameters.items() if t.type is kind]
            hint = self.reader.nearest(name, alike) or "Declare it in knowledge/parameters."
            self.reader.problem(place, "name.parameter", f"There is no parameter '{shorten(name)}'.", hint)
        elif (known.type, known.many) != (kind, False) or (unit and known.unit != unit):
            wanted = "one day" if kind is FieldType.DATE else f"one number in {unit}"
            message = f"Parameter '{shorten(name)}' is not {wanted}."
            self.reader.problem(place, "type.parameter", message, f"Name one that is {wanted}.")

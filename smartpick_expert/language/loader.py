"""Rule files to the `RuleSet`, every problem of every file collected before anything is refused."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from collections.abc import Mapping as MappingType
from dataclasses import dataclass, field

from smartpick_expert.diagnostics import Diagnostic, Location, Problems, Severity, closest
from smartpick_expert.language.checks import run_checks
from smartpick_expert.language.conditions import ConditionReader
from smartpick_expert.language.model import CLAIM, Audience, Kind, Rule, RuleSet, Silence, Status
from smartpick_expert.language.operands import ParameterType
from smartpick_expert.language.reader import Reader
from smartpick_expert.language.scope import resolve
from smartpick_expert.language.source import Mapping, Node, Scalar
from smartpick_expert.language.values import shorten
from smartpick_expert.language.vocabulary import Vocabulary
from smartpick_expert.language.words import read_words

_FILE_KEYS = ("topic", "about", "rules")
REQUIRED = (
    "id",
    "title",
    "kind",
    "status",
    "sources",
    "owner",
    "review_by",
    "when",
    "then",
    "because",
    "rationale",
)
_HINTS = {
    "kind": "Write 'kind: perception' for what committees are said to think, or 'kind: measured' for what figures show; "
    "the two are never mixed up in print.",
    "sources": "Cite what it rests on: 'sources: [claim:...]' for a perception, 'sources: [evidence:...]' for what was "
    "measured. What has neither is not a rule yet.",
}
_SILENCE_HINTS = {
    "check": "Name the check as 'smartpick rules check' prints it, such as 'check: rule.number'.",
    "reason": "Say why the finding is none here: 'reason: ...'. Whoever reviews the rule reads it.",
}
_RULE_KEYS = (*REQUIRED, "warns_against", "audience", "stages", "valid", "silence", "formerly")
RULE_ID = re.compile(r"[a-z][a-z0-9_]*\.[a-z0-9]+(-[a-z0-9]+)*")
# The engine joins at most 16 facts in a rule and 31 expressions in a join; measured in durable-rules 2.0.28.
MAX_PATTERNS = 14
MAX_JOINS = 26


@dataclass(frozen=True, slots=True)
class KnownNames:
    """The names that rules may cite: parameters with their types, and sources (`claim:...`, `evidence:...`)."""

    parameters: MappingType[str, ParameterType] = field(default_factory=dict)
    sources: frozenset[str] = frozenset()


def load_rules(
    files: Iterable[Node], vocabulary: Vocabulary, names: KnownNames
) -> tuple[RuleSet, tuple[Diagnostic, ...]]:
    """All rules of the files with the warnings about them. Raises Problems where any finding is an error."""
    rules, topics, found = read_rules(files, vocabulary, names)
    if any(d.severity is Severity.ERROR for d in found):
        raise Problems(found)
    return RuleSet(rules, vocabulary, topics), found


def read_rules(
    files: Iterable[Node], vocabulary: Vocabulary, names: KnownNames
) -> tuple[tuple[Rule, ...], tuple[tuple[str, str], ...], tuple[Diagnostic, ...]]:
    """The rules that could be read, the topics with what they are about, and every finding; raises nothing."""
    loader = _Loader(vocabulary, names)
    for node in files:
        loader.file(node)
    rules = tuple(sorted(loader.rules, key=lambda rule: (rule.id, rule.location)))
    found = [*loader.reader.problems, *run_checks(rules, vocabulary)]
    return rules, tuple(sorted(loader.topics.items())), tuple(sorted(set(found), key=Diagnostic.sort_key))


class _Loader:
    def __init__(self, vocabulary: Vocabulary, names: KnownNames) -> None:
        self.vocabulary = vocabulary
        self.names = names
        self.reader = Reader()
        self.conditions = ConditionReader(vocabulary, names.parameters, self.reader)
        self.rules: list[Rule] = []
        self.topics: dict[str, str] = {}

    def file(self, node: Node) -> None:
        mapping = self.reader.mapping(node, "A rule file")
        if mapping is None:
            return
        self.reader.known_keys(mapping, _FILE_KEYS, "A rule file")
        self.reader.required(mapping, _FILE_KEYS, "A rule file")
        topic = self.reader.text(mapping, "topic")
        self.topics.setdefault(topic, " ".join(self.reader.text(mapping, "about").split()))
        for item in self.reader.sequence(mapping.get("rules"), "'rules'"):
            inner = self.reader.mapping(item, "A rule")
            if inner is not None:
                self._rule(inner, topic)

    def _rule(self, mapping: Mapping, topic: str) -> None:
        reader = self.reader
        rule_id = reader.text(mapping, "id")
        what = f"Rule '{shorten(rule_id)}'" if rule_id else "A rule"
        reader.known_keys(mapping, _RULE_KEYS, what, code="rule.unknown-key")
        reader.required(mapping, REQUIRED, what, _HINTS)
        reader.filled(
            mapping, ("sources", "warns_against", "when", "then", "audience", "stages", "silence", "formerly"), what
        )
        key = mapping.key("id")
        place = key.location if key else mapping.location
        self._check_id(rule_id, topic, place)
        before = len(reader.problems)
        when = [self.conditions.condition(item) for item in reader.sequence(mapping.get("when"), "'when'")]
        then = [self.conditions.conclusion(item) for item in reader.sequence(mapping.get("then"), "'then'")]
        complete = len(reader.problems) == before
        because_node = mapping.get("because")
        because = read_words(reader.text(mapping, "because"), because_node.location if because_node else place, reader)
        valid = mapping.get("valid")
        period = reader.mapping(valid, "'valid'") if valid is not None else None
        if period is not None:
            reader.known_keys(period, ("from", "to"), "'valid'")
        valid_from = reader.date(period, "from") if period else None
        valid_to = reader.date(period, "to") if period else None
        if period is not None and valid_from and valid_to and valid_from > valid_to:
            reader.problem(
                period.location,
                "rule.valid",
                f"{what} is valid from {valid_from} to {valid_to}, which is no day at all.",
                "Correct one of the two days.",
            )
        sources = self._sources(mapping)
        rule = Rule(
            id=rule_id,
            title=reader.text(mapping, "title"),
            topic=topic,
            kind=Kind(reader.choice(mapping, "kind", list(Kind)) or Kind.PERCEPTION),
            status=Status(reader.choice(mapping, "status", list(Status)) or Status.STABLE),
            sources=sources,
            warns_against=self._warns_against(mapping, sources),
            owner=reader.text(mapping, "owner"),
            review_by=reader.date(mapping, "review_by"),
            when=tuple(c for c in when if c is not None),
            then=tuple(c for c in then if c is not None),
            because=because,
            rationale=" ".join(reader.text(mapping, "rationale").split()),
            audience=self._audience(mapping),
            stages=self._stages(mapping),
            valid_from=valid_from,
            valid_to=valid_to,
            silences=tuple(self._silences(mapping)),
            formerly=reader.texts(mapping, "formerly"),
            location=place,
        )
        # Names are only checked where everything was read: a missing pattern would make each of its uses a false alarm.
        if complete:
            rule = resolve(rule, self.vocabulary, self.names.parameters, reader)
        self._check_size(rule)
        self.rules.append(rule)

    def _check_id(self, rule_id: str, topic: str, place: Location) -> None:
        if rule_id and topic and (not RULE_ID.fullmatch(rule_id) or rule_id.split(".", maxsplit=1)[0] != topic):
            self.reader.problem(
                place,
                "rule.id",
                f"'{shorten(rule_id)}' is no rule id of topic '{shorten(topic)}'.",
                f"Write {shorten(topic)}.some-name, in small letters.",
            )

    def _check_size(self, rule: Rule) -> None:
        number = len(rule.patterns())
        if number > MAX_PATTERNS:
            hidden = sum(1 for pattern in rule.patterns() if pattern.hidden)
            among = f" ({hidden} of them for 'stages' and names like $applicant)" if hidden else ""
            self.reader.problem(
                rule.location,
                "rule.size",
                f"The rule has {number} patterns{among}; at most {MAX_PATTERNS} can be joined.",
                "Derive a part of it by a rule of its own.",
            )
        for pattern in rule.patterns():
            if sum(1 for test in pattern.tests for _ in test.references()) > MAX_JOINS:
                self.reader.problem(
                    pattern.location,
                    "rule.size",
                    f"The pattern is joined more than {MAX_JOINS} times.",
                    "Derive a part of it first.",
                )

    def _sources(self, mapping: Mapping) -> tuple[str, ...]:
        sources = self.reader.placed_texts(mapping, "sources")
        for source, place in sources:
            if source not in self.names.sources:
                hint = (
                    self.reader.suggests and self._like(source)
                ) or "Add it to knowledge/claims or knowledge/evidence."
                self.reader.problem(place, "name.source", f"There is no source '{shorten(source)}'.", hint)
        return tuple(source for source, _ in sources)

    def _warns_against(self, mapping: Mapping, sources: tuple[str, ...]) -> tuple[str, ...]:
        claims = self.reader.placed_texts(mapping, "warns_against")
        for claim, place in claims:
            if f"{CLAIM}{claim}" not in self.names.sources:
                known = [s.removeprefix(CLAIM) for s in self.names.sources if s.startswith(CLAIM)]
                suggestion = closest(claim.removeprefix(CLAIM), known) if self.reader.suggests else ""
                hint = suggestion or "Add it to knowledge/claims; a claim is named here by its id alone."
                self.reader.problem(place, "name.source", f"There is no claim '{shorten(claim)}'.", hint)
            elif f"{CLAIM}{claim}" in sources:
                self.reader.problem(
                    place,
                    "rule.carries-and-warns",
                    f"The rule cites claim '{shorten(claim)}' as a source and warns against it; it cannot say both.",
                    "Delete it from 'sources' or from 'warns_against'.",
                )
        return tuple(claim for claim, _ in claims)

    def _silences(self, mapping: Mapping) -> Iterator[Silence]:
        reader = self.reader
        for item in reader.sequence(mapping.get("silence"), "'silence'"):
            entry = reader.mapping(item, "A silence")
            if entry is not None:
                reader.known_keys(entry, ("check", "reason"), "A silence")
                reader.required(entry, ("check", "reason"), "A silence", _SILENCE_HINTS)
                reason = entry.get("reason")
                if isinstance(reason, Scalar) and reason.quoted and not reason.text.strip():
                    hint = _SILENCE_HINTS["reason"]
                    reader.problem(reason.location, "form.missing-key", "A silence has an empty 'reason'.", hint)
                yield Silence(reader.text(entry, "check"), reader.text(entry, "reason"), entry.location)

    def _like(self, source: str) -> str:
        """A source of the same kind whose name is like this one's; else one of any kind with that very name."""
        kind, _, name = source.rpartition(":")
        prefix = f"{kind}:"
        same = [s.removeprefix(prefix) for s in self.names.sources if s.startswith(prefix)]
        others = [s for s in self.names.sources if s.rpartition(":")[2] == name]
        return closest(name, same, prefix) or (f"Did you mean '{min(others)}'?" if others else "")

    def _audience(self, mapping: Mapping) -> tuple[Audience, ...]:
        if mapping.get("audience") is None:
            return (Audience.APPLICANT, Audience.ADVISOR)
        words = self.reader.placed_texts(mapping, "audience")
        for word, place in words:
            if word not in list(Audience):
                self.reader.problem(
                    place,
                    "form.choice",
                    f"'{shorten(word)}' is no audience.",
                    self.reader.nearest(word, list(Audience)),
                )
        return tuple(Audience(word) for word, _ in words if word in list(Audience))

    def _stages(self, mapping: Mapping) -> tuple[str, ...]:
        stages = self.reader.placed_texts(mapping, "stages")
        applicant = self.vocabulary.types.get("applicant")
        known = applicant.fields["stage"].values if applicant and "stage" in applicant.fields else {}
        for word, place in stages:
            if known and word not in known:
                self.reader.problem(
                    place, "value.choice", f"'{shorten(word)}' is no stage.", self.reader.nearest(word, known)
                )
        return tuple(word for word, _ in stages)

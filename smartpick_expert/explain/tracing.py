"""A consultation to its trace: ids made unique, values worded, places and sources looked up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from smartpick_expert.diagnostics import Location
from smartpick_expert.engine.compiled import parameters_read
from smartpick_expert.engine.consultation import Consultation
from smartpick_expert.engine.derivation import Doubt, Firing
from smartpick_expert.engine.doubts import with_doubts
from smartpick_expert.engine.evaluator import Bindings, Tallied
from smartpick_expert.explain.condition_text import ConditionWords
from smartpick_expert.explain.trace import (
    Supply,
    Trace,
    TracedBinding,
    TracedCondition,
    TracedDoubt,
    TracedFact,
    TracedField,
    TracedFiring,
    TracedParameter,
    TracedRule,
    TracedSection,
    TracedSource,
    TracedStatement,
    TracedSupport,
)
from smartpick_expert.explain.unknowns import PARAMETER, Tracer
from smartpick_expert.explain.wording import because_text, value_text, with_unit
from smartpick_expert.intake.profile import Entry
from smartpick_expert.knowledge.fees import Steps
from smartpick_expert.knowledge.parameters import Figure, Parameter, Setting
from smartpick_expert.knowledge.phrases import said
from smartpick_expert.knowledge.registries import Knowledge
from smartpick_expert.language.facts import Fact, Origin, fact_id
from smartpick_expert.language.model import (
    CLAIM,
    EVIDENCE,
    AnyOf,
    Condition,
    Negation,
    Pattern,
    Reference,
    Rule,
    inner_tests,
)
from smartpick_expert.language.values import ABSENT, UNKNOWN, Plain, plain
from smartpick_expert.language.vocabulary import FactType, Supplier, Vocabulary
from smartpick_expert.workspace import Workspace

_SUPPLY: Mapping[Supplier, Supply] = {
    Supplier.PROFILE: "profile",
    Supplier.KNOWLEDGE: "knowledge",
    Supplier.CONSULTATION: "consultation",
    Supplier.RULES: "rules",
}
# What is worth knowing the unknowns of, where it is not settled: finding them for everything would take too long.
_SETTLED_BY_QUESTIONS = "bucket"


def trace_of(
    consultation: Consultation,
    workspace: Workspace,
    standings: Mapping[str, str],
    statements: Iterable[TracedStatement],
    actions: tuple[str, ...],
    first_actions: tuple[str, ...],
) -> Trace:
    """The trace of one run. `standings` says of each live rule how far it may be relied on; the rest is what the report made of it."""
    return _Tracing(consultation, workspace).trace(standings, tuple(statements), actions, first_actions)


class _Tracing:
    def __init__(self, consultation: Consultation, workspace: Workspace) -> None:
        self.consultation = consultation
        self.derivation = with_doubts(consultation.derivation)
        self.vocabulary = workspace.vocabulary
        self.knowledge = workspace.knowledge
        self.ids = distinct_ids(self.derivation.possible, self.vocabulary)
        self.firings = (*self.derivation.firings, *self.derivation.possible_firings)
        self._tracer: Tracer | None = None

    def trace(
        self,
        standings: Mapping[str, str],
        statements: tuple[TracedStatement, ...],
        actions: tuple[str, ...],
        first_actions: tuple[str, ...],
    ) -> Trace:
        live = self.derivation.rules
        fired = sorted({firing.rule_id for firing in self.firings} | set(self.derivation.cut_off))
        rules = tuple(self._rule(live[rule_id], standings.get(rule_id, "")) for rule_id in fired)
        parameters = self._parameters()
        cited = {source for rule in rules for source in rule.sources}
        cited |= {parameter.source for parameter in parameters if parameter.source.startswith((CLAIM, EVIDENCE))}
        certain = set(self.derivation.certain)
        return Trace(
            season=self.consultation.figures.season,
            facts=tuple(self._fact(fact, certain=fact in certain) for fact in self.derivation.possible),
            firings=tuple(self._firing(number, one) for number, one in enumerate(self.firings, start=1)),
            rules=rules,
            parameters=parameters,
            sources=tuple(source_of(name, self.knowledge) for name in sorted(cited)),
            statements=statements,
            actions=actions,
            first_actions=first_actions,
            live=tuple(sorted(live)),
            types=tuple(self.vocabulary.types),
            cut_off=self.derivation.cut_off,
            empty=tuple(self._empty()),
        )

    def _empty(self) -> Iterable[TracedSection]:
        profile = self.consultation.profile
        held = {fact.type for fact in self.consultation.intake.facts}
        for fact_type in self.vocabulary.supplied_by(Supplier.PROFILE):
            if fact_type.name not in held:
                given = fact_type.name in profile.sections
                line = profile.lines.get(fact_type.name, 0) if given else 0
                yield TracedSection(fact_type.name, assumed=not given, line=line)

    def _fact(self, fact: Fact, *, certain: bool) -> TracedFact:
        fact_type = self.vocabulary.types[fact.type]
        entry = self.consultation.intake.entries.get(fact)
        label = fact.get(fact_type.label)
        labelled = isinstance(label, str) and fact.origin is Origin.LISTED
        return TracedFact(
            id=self.ids[fact],
            type=fact.type,
            key=_key(fact, fact_type, self.ids[fact]),
            supply=_SUPPLY[fact_type.supplied_by],
            certain=certain,
            fields=tuple(
                TracedField(
                    field.name,
                    plain(fact.get(field.name)),
                    with_unit(fact.get(field.name), field),
                    _line(entry, field.computed[0] if field.computed else field.name),
                )
                for field in fact_type.fields.values()
                if field.name in fact.slots and not _is_left_out(fact, entry, field.name)
            ),
            label=str(label) if labelled else "",
            label_field=fact_type.label if labelled else "",
            place=self._place(fact, entry),
            verified=_verified(entry),
            is_open=fact.origin is Origin.OPEN,
            waits_for=() if certain or fact.type != _SETTLED_BY_QUESTIONS else self._waits_for(fact),
        )

    def _waits_for(self, fact: Fact) -> tuple[str, ...]:
        self._tracer = self._tracer or Tracer(self.derivation)
        return tuple(sorted(unknown.path(self.vocabulary) for unknown in self._tracer.behind(fact)))

    def _place(self, fact: Fact, entry: Entry | None) -> str:
        if entry is not None and entry.is_noted:
            return _where(entry.location)
        if entry is not None:
            return said("in_line", line=entry.location.line) if entry.location.line else ""
        if fact.type == "program":
            known = self.knowledge.programs.get(str(fact.get("id")))
            return _where(known.location) if known is not None else ""
        if fact.type == "signal_count":
            name = f"signals.{fact.get('specialty')}.{fact.get('tier')}"
            parameter = self.knowledge.parameters.get(name)
            return _where(parameter.location) if parameter is not None else ""
        return ""

    def _firing(self, number: int, firing: Firing) -> TracedFiring:
        rule = self.derivation.rules[firing.rule_id]
        bound: Bindings = {**dict(firing.bindings), **{tally: Tallied(value) for tally, value in firing.tallies}}
        return TracedFiring(
            id=f"F{number}",
            rule=firing.rule_id,
            stratum=firing.stratum,
            certain=number <= len(self.derivation.firings),
            because=because_text(rule.because, bound, self.derivation.compiled.parameters, self.vocabulary),
            bindings=tuple(TracedBinding(binding, self.ids[fact]) for binding, fact in firing.bindings),
            support=tuple(
                TracedSupport(s.condition, tuple(self.ids[fact] for fact in s.facts)) for s in firing.support
            ),
            tallies={tally: plain(slot) for tally, slot in firing.tallies},
            conclusions=tuple(self.ids[fact] for fact in firing.conclusions),
            open=tuple(TracedDoubt(doubt.condition, tuple(self._doubt(doubt))) for doubt in firing.doubts),
        )

    def _doubt(self, doubt: Doubt) -> Iterable[str]:
        """The paths of what a condition looks at and nobody has said; what rules conclude is gone into, not asked for."""
        paths = [f"{PARAMETER}.{name}" for name in doubt.parameters]
        for fact, name in doubt.fields:
            if fact.origin is Origin.LISTED:
                computed = self.vocabulary.types[fact.type].fields[name].computed
                asked = [one for one in computed or () if fact.get(one) is UNKNOWN] or [name]
                paths += [f"{self.ids[fact]}.{one}" for one in asked]
            elif fact.origin is Origin.OPEN and _SUPPLY[self.vocabulary.types[fact.type].supplied_by] != "rules":
                paths.append(fact.type)
        return dict.fromkeys(paths)

    def _rule(self, rule: Rule, standing: str) -> TracedRule:
        words = ConditionWords(rule, self.vocabulary)
        return TracedRule(
            id=rule.id,
            title=rule.title,
            topic=rule.topic,
            kind=rule.kind.value,
            standing=standing,
            status=rule.status.value,
            audience=tuple(audience.value for audience in rule.audience),
            sources=rule.sources,
            parameters=parameters_read(rule),
            conditions=tuple(_condition(condition, rule, words) for condition in rule.when),
            place=_where(rule.location),
        )

    def _parameters(self) -> tuple[TracedParameter, ...]:
        by_name = self.knowledge.parameters
        return tuple(
            _parameter(by_name[name], figure) for name, figure in sorted(self.consultation.figures.by_name.items())
        )


def distinct_ids(facts: Iterable[Fact], vocabulary: Vocabulary) -> dict[Fact, str]:
    """A name for each fact; facts that `fact_id` calls alike are numbered in their order."""
    seen: dict[str, int] = {}
    found: dict[Fact, str] = {}
    for fact in facts:
        name = fact_id(vocabulary, fact)
        seen[name] = seen.get(name, 0) + 1
        found[fact] = name if seen[name] == 1 else f"{name}#{seen[name]}"
    return found


def source_of(name: str, knowledge: Knowledge) -> TracedSource:
    """A claim or evidence entry by the name that rules cite it by."""
    if name.startswith(CLAIM):
        claim = knowledge.claims[name.removeprefix(CLAIM)]
        return TracedSource(name, claim.standing.value, claim.says, _where(claim.location))
    evidence = knowledge.evidence[name.removeprefix(EVIDENCE)]
    return TracedSource(name, evidence.known_by.value, evidence.finding, _where(evidence.location))


def _parameter(parameter: Parameter, figure: Figure) -> TracedParameter:
    return TracedParameter(
        name=parameter.name,
        value=_setting(figure.value),
        text=said("a_table") if isinstance(figure.value, Steps) else value_text(figure.value),
        season=figure.season,
        stands_in=figure.stands_in,
        basis=figure.basis,
        source=figure.source,
        place=_where(parameter.location),
    )


def _setting(value: Setting) -> Plain:
    return None if isinstance(value, Steps) else plain(value)


def _key(fact: Fact, fact_type: FactType, name: str) -> str:
    """What a fact is about, whichever way it comes out; without a limit to one, the fact itself."""
    if fact.origin is not Origin.CONCLUDED or fact_type.one_per is None:
        return name
    parts = [f"{field}={value_text(fact.get(field))}" for field in fact_type.one_per]
    return f"{fact.type}[{' '.join(parts)}]" if parts else fact.type


def _condition(condition: Condition, rule: Rule, words: ConditionWords) -> TracedCondition:
    name = "" if isinstance(condition, Negation | AnyOf) else condition.name
    reads = {test.field for test in inner_tests(condition) if test.field}
    looked_at = {ref.field for ref in _references(rule) if ref.name == name} if name else set()
    return TracedCondition(
        text=words.condition(condition),
        name=name,
        reads=tuple(sorted(reads | looked_at)),
        rests_on_absence=isinstance(condition, Negation),
        absent=condition.pattern.fact_type if isinstance(condition, Negation) else "",
        hidden=isinstance(condition, Pattern) and condition.hidden and not looked_at,
    )


def _references(rule: Rule) -> Iterable[Reference]:
    """Every field of a bound fact that a rule looks at from elsewhere: in conditions, conclusions and words."""
    yield from (part for part in rule.because.parts if isinstance(part, Reference))
    for condition in rule.when:
        for test in inner_tests(condition):
            yield from test.references()
    for conclusion in rule.then:
        for _, operand in conclusion.values:
            if isinstance(operand, Reference):
                yield operand


def _is_left_out(fact: Fact, entry: Entry | None, field_name: str) -> bool:
    """Whether a note says nothing of a field; to show it as none would say something."""
    return entry is not None and entry.is_noted and fact.get(field_name) is ABSENT


def _line(entry: Entry | None, field_name: str) -> int:
    """The line of the profile in which a field stands; none where its entry stands elsewhere."""
    if entry is None or entry.is_noted:
        return 0
    place = entry.places.get(field_name)
    return place.line if place is not None else 0


def _verified(entry: Entry | None) -> str:
    if entry is None or entry.verified is None:
        return ""
    verified = entry.verified
    return said("seen_by_on", by=verified.by, day=value_text(verified.on)) if verified.on else verified.by


def _where(location: Location) -> str:
    return f"{location.path}:{location.line}" if location.line else location.path

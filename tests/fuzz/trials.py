"""What every input must pass: a check that ends in located findings or none, and a consultation that ends.

`run` returns what became of an input; whatever it raises is a failure. `Broken` is a property that does not hold; any other
exception escaped from the program itself.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from random import Random
from zlib import crc32

from smartpick_expert.authoring.cases import _CaseReader, diagnostics_of, run_case
from smartpick_expert.diagnostics import Diagnostic, Problems, Severity, render
from smartpick_expert.engine.compiled import compile_rules
from smartpick_expert.engine.consultation import Consultation
from smartpick_expert.engine.derivation import Derivation
from smartpick_expert.engine.plans import rule_plan_of
from smartpick_expert.explain.contradictions import contradictions
from smartpick_expert.intake.facts import make_facts
from smartpick_expert.intake.profile import profile_from_node
from smartpick_expert.intake.template import profile_template
from smartpick_expert.knowledge.actions import read_actions
from smartpick_expert.knowledge.claims import read_claims
from smartpick_expert.knowledge.evidence import read_evidence
from smartpick_expert.knowledge.parameter_reader import read_parameters
from smartpick_expert.knowledge.parameters import figures_at, values_at
from smartpick_expert.knowledge.programs import read_programs
from smartpick_expert.knowledge.registries import Knowledge, by_name, check_citations
from smartpick_expert.language.decoding import decode
from smartpick_expert.language.loader import KnownNames, read_rules
from smartpick_expert.language.model import Rule, RuleSet
from smartpick_expert.language.operators import OPERATORS
from smartpick_expert.language.reader import Reader
from smartpick_expert.language.source import Node, parse
from smartpick_expert.language.vocabulary import Supplier, Vocabulary
from smartpick_expert.language.vocabulary_loader import load_vocabulary
from smartpick_expert.report.layout import read_layout
from tests.fuzz import corpus, rule_grammar, whole, worlds
from tests.fuzz.inputs import Input
from tests.fuzz.properties import check_derivation, check_finding, consulted, shipped_texts
from tests.fuzz.trees import written
from tests.profiles import AS_OF, WORKSPACE

FIGURES = figures_at(WORKSPACE.knowledge.parameters.values(), AS_OF)


@dataclass(frozen=True)
class Outcome:
    """What became of an input: whether the check let it pass, whether rules were consulted, whether any fired.

    `told` is everything that was said of it, for comparing two runs.
    """

    passed: bool = False
    consulted: bool = False
    fired: bool = False
    told: tuple[str, ...] = ()


def run(one: Input) -> Outcome:
    """Put an input through everything. Raises what went wrong."""
    outcome = _in_memory(one)
    if one.deep:
        whole.run(one)
    return outcome


def _in_memory(one: Input) -> Outcome:
    try:
        text = decode(one.data, one.path)
        node = parse(text, one.path)
    except Problems as problems:
        return _refused(problems.diagnostics, one)
    found, then = _TRIALS[one.sort.removeprefix("small-")](node, one)
    refused = _refused(found, one)
    if then is None or any(d.severity is Severity.ERROR for d in found):
        return refused
    derivations = tuple(then())
    for derivation in derivations:
        check_derivation(derivation, complete=one.sort == "profiles")
    fired = any(d.firings for d in derivations)
    return Outcome(passed=True, consulted=bool(derivations), fired=fired, told=refused.told)


def _derivations(rules: tuple[Rule, ...], here: worlds.World, one: Input) -> Iterable[Derivation]:
    try:
        compiled = compile_rules(RuleSet(rules, here.vocabulary), here.parameters, AS_OF, with_drafts=True)
    except Problems as problems:
        for d in problems.diagnostics:
            check_finding(d, {one.path: one.data})
        return
    chance = Random(crc32(one.data))
    looked_at = frozenset().union(*(rule_plan_of(rule).mentioned for rule in compiled.rules))
    for facts in chance.sample(here.facts, 2):
        derivation = consulted(compiled, tuple(fact for fact in facts if fact.type in looked_at), kept=False)
        if derivation is not None:
            yield derivation


def _refused(found: Iterable[Diagnostic], one: Input) -> Outcome:
    # As many as a command shows, and a few more.
    return Outcome(told=tuple(check_finding(d, {one.path: one.data}) for d in islice(found, 300)))


# --- one trial for each sort of file -----------------------------------------------------------------------------------


def _try_rules(node: Node, one: Input):
    here = worlds.world(one.sort)
    rules, _, found = read_rules([node], here.vocabulary, here.names)
    return found, lambda: _derivations(rules, here, one)


def _try_profile(node: Node, one: Input):
    here = worlds.world(one.sort)
    profile, found = profile_from_node(node, one.path, here.vocabulary)

    def derivations() -> Iterable[Derivation]:
        shipped = one.sort == "profiles"
        supplied = [program.fact for program in WORKSPACE.knowledge.programs.values()] if shipped else []
        intake = make_facts(profile, here.vocabulary, supplied, AS_OF)
        whole = shipped and (one.deep or crc32(one.data) % 40 == 0)
        compiled = worlds.all_rules() if whole else worlds.few_rules(one.sort)
        derivation = consulted(compiled, intake.facts, kept=True)
        if derivation is not None:
            yield derivation
            for d in (
                contradictions(Consultation(profile, intake, derivation, AS_OF, FIGURES), WORKSPACE) if shipped else ()
            ):
                check_finding(d, {one.path: one.data})

    return found, derivations


def _try_vocabulary(node: Node, one: Input):
    wording = {"actions": {a.name: a.title for a in WORKSPACE.knowledge.actions.values()}}
    alone = one.sort.startswith("small-")
    others = [] if alone else [other for path, other in worlds.shipped_nodes("vocabulary") if path != one.path]
    try:
        vocabulary = load_vocabulary([*others, node], wording, OPERATORS)
    except Problems as problems:
        return [d for d in problems.diagnostics if d.location.path == one.path], None
    return (), lambda: _spoken(vocabulary, one) if alone else _with_shipped_rules(vocabulary, one)


def _spoken(vocabulary: Vocabulary, one: Input) -> Iterable[Derivation]:
    """Rules and profiles made up in a new vocabulary."""
    chance = Random(crc32(one.data))
    stages = vocabulary.types["applicant"].fields.get("stage") if "applicant" in vocabulary.types else None
    template = profile_template(vocabulary, next(iter(stages.values), "") if stages else "", AS_OF)
    if any(not kind.stages for kind in vocabulary.supplied_by(Supplier.PROFILE)):
        parse(template, "profile.yaml")
    names = KnownNames({}, frozenset({"claim:x", "evidence:x"}))
    here = worlds.World(vocabulary, names, {}, tuple(worlds.facts_of(vocabulary, chance) for _ in range(2)))
    if not any(kind.fields for kind in vocabulary.types.values()):
        return
    text = written(rule_grammar.RuleWriter(vocabulary, names, chance, here.seen).file(), chance)
    made = Input(one.kind, one.way, one.sort, "made.yaml", text.encode())
    try:
        rules, _, found = read_rules([parse(text, made.path)], vocabulary, names)
    except Problems as problems:
        found = problems.diagnostics
    if found:
        texts = {made.path: made.data, one.path: one.data}
        for d in found:
            check_finding(d, texts)
    else:
        yield from _derivations(rules, here, made)


def _with_shipped_rules(vocabulary: Vocabulary, one: Input) -> Iterable[Derivation]:
    """Some shipped rules and a persona, read in a changed vocabulary."""
    chance = Random(crc32(one.data))
    path, node = chance.choice(worlds.shipped_nodes("rules"))
    rules, _, found = read_rules([node], vocabulary, WORKSPACE.knowledge.names)
    where, persona = chance.choice(worlds.shipped_nodes("profiles"))
    profile, problems = profile_from_node(persona, where, vocabulary)
    for d in (*found, *problems):
        check_finding(d, shipped_texts() | {one.path: one.data})
    if not found and not problems:
        facts = make_facts(profile, vocabulary, (), AS_OF).facts
        here = worlds.World(vocabulary, WORKSPACE.knowledge.names, worlds.world("rules").parameters, (facts, facts))
        yield from islice(_derivations(rules, here, Input("rules", one.way, "rules", path, shipped_texts()[path])), 1)


def _try_entries(node: Node, one: Input):
    """Claims, evidence and actions: read, and held against the other knowledge."""
    reader = Reader()
    knowledge = WORKSPACE.knowledge
    if one.sort == "claims":
        claims = by_name([(c.id, c) for c in read_claims(node, reader)], "Claim", reader)
        changed = Knowledge(claims, knowledge.evidence, {}, {}, {})
    elif one.sort == "evidence":
        evidence = by_name([(e.id, e) for e in read_evidence(node, reader)], "Evidence", reader)
        for entry in evidence.values():
            assert isinstance(entry.citation, str)
        changed = Knowledge({}, evidence, {}, {}, {})
    else:
        actions = by_name(
            [(a.name, a) for a in read_actions(node, WORKSPACE.vocabulary, knowledge.names.parameters, reader)],
            "Action",
            reader,
        )
        changed = Knowledge({}, {}, {}, actions, {})
    check_citations(changed, tuple(WORKSPACE.vocabulary.types["applicant"].fields["stage"].values), reader)
    return tuple(set(reader.problems)), lambda: ()


def _try_parameters(node: Node, one: Input):
    reader = Reader()
    mine = by_name([(p.name, p) for p in read_parameters(node, reader)], "Parameter", reader)
    check_citations(Knowledge(WORKSPACE.knowledge.claims, WORKSPACE.knowledge.evidence, mine, {}, {}), (), reader)

    def derivations() -> Iterable[Derivation]:
        for day in (date.min, AS_OF, date.max):
            values_at(mine.values(), day)
        names = Knowledge({}, {}, {**WORKSPACE.knowledge.parameters, **mine}, {}, {}).names
        known = KnownNames(names.parameters, WORKSPACE.knowledge.names.sources)
        here = worlds.world("rules")
        values = {**here.parameters, **values_at(mine.values(), AS_OF)}
        chance = Random(crc32(one.data))
        readers = [other for _, other in worlds.shipped_nodes("rules") if _topic(other) == Path(one.path).stem]
        for other in readers[:1]:
            rules, _, found = read_rules([other], here.vocabulary, known)
            for d in found:
                check_finding(d, shipped_texts())
            if not found:
                compiled = compile_rules(RuleSet(rules, here.vocabulary), values, AS_OF)
                derivation = consulted(compiled, chance.choice(here.facts), kept=False)
                yield from [derivation] if derivation else []
        names_of_mine = KnownNames({name: known.parameters[name] for name in mine}, known.sources)
        tree = rule_grammar.RuleWriter(here.vocabulary, names_of_mine, chance, here.seen).file()
        made = Input(one.kind, one.way, "rules", "made.yaml", written(tree, chance).encode())
        rules, _, found = read_rules([parse(made.data.decode(), made.path)], here.vocabulary, known)
        if not found:
            yield from _derivations(rules, worlds.World(here.vocabulary, known, values, here.facts), made)

    return tuple(set(reader.problems)), derivations


def _topic(node: Node) -> str:
    topic = node.get("topic")
    return topic.text if topic is not None else ""


def _try_programs(node: Node, one: Input):
    reader = Reader()
    programs = by_name([(p.label, p) for p in read_programs([node], WORKSPACE.vocabulary, reader)], "Program", reader)

    def derivations() -> Iterable[Derivation]:
        _, persona = Random(crc32(one.data)).choice(worlds.shipped_nodes("profiles"))
        profile, _ = profile_from_node(persona, "profile", WORKSPACE.vocabulary)
        facts = make_facts(profile, WORKSPACE.vocabulary, [p.fact for p in programs.values()], AS_OF).facts
        compiled = worlds.all_rules() if crc32(one.data) % 5 == 0 else worlds.few_rules("profiles")
        derivation = consulted(compiled, facts, kept=True)
        yield from [derivation] if derivation else []

    return tuple(set(reader.problems)), derivations


def _try_layout(_: Node, one: Input):
    folder = Path(tempfile.mkdtemp())
    try:
        (folder / "layout.yaml").write_bytes(one.data)
        read_layout(folder, ("made",))
    except Problems as problems:
        return problems.diagnostics, None
    finally:
        shutil.rmtree(folder)
    return (), lambda: ()


def _try_cases(node: Node, one: Input):
    reader = _CaseReader(WORKSPACE, corpus.ROOT / one.path)
    cases = reader.read(node)
    here = str(corpus.ROOT / one.path)
    found = [d for d in reader.reader.problems if d.location.path in (one.path, here)]

    def derivations() -> Iterable[Derivation]:
        for case in cases[:1]:
            for engine in worlds.engines():
                try:
                    outcome = run_case(case, WORKSPACE, engine)
                except Problems as problems:
                    for d in problems.diagnostics:
                        render(d)
                else:
                    for d in diagnostics_of(outcome):
                        check_finding(d, {one.path: one.data})
        return ()

    return tuple(found), derivations


_TRIALS = {
    "rules": _try_rules,
    "profiles": _try_profile,
    "vocabulary": _try_vocabulary,
    "parameters": _try_parameters,
    "claims": _try_entries,
    "evidence": _try_entries,
    "actions": _try_entries,
    "programs": _try_programs,
    "layout": _try_layout,
    "cases": _try_cases,
}

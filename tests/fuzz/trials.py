"""What every input must pass: a check that ends in located findings or none, and a consultation that ends.

`run` returns what became of an input; whatever it raises is a failure. `Broken` is a property that does not hold; any other
exception escaped from the program itself.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from itertools import islice
from pathlib import Path
from random import Random
from unicodedata import category
from zlib import crc32

from smartpick_expert.advice import FORMATS, advise, contradictions
from smartpick_expert.authoring.cases import _CaseReader, diagnostics_of, run_case
from smartpick_expert.cli.output import as_data
from smartpick_expert.diagnostics import Diagnostic, Problems, Severity, render
from smartpick_expert.engine.compiled import CompiledRules, compile_rules, mentioned_types
from smartpick_expert.engine.conflicts import conflict_diagnostics
from smartpick_expert.engine.consultation import Consultation
from smartpick_expert.engine.derivation import Derivation
from smartpick_expert.engine.session import Matcher, consult
from smartpick_expert.engine.strata import stratify
from smartpick_expert.intake.facts import make_facts
from smartpick_expert.intake.profile import profile_from_node
from smartpick_expert.intake.template import profile_template
from smartpick_expert.knowledge.actions import read_actions
from smartpick_expert.knowledge.claims import read_claims
from smartpick_expert.knowledge.evidence import read_evidence
from smartpick_expert.knowledge.parameters import read_parameters, values_at
from smartpick_expert.knowledge.programs import read_programs
from smartpick_expert.knowledge.registries import Knowledge, by_name, check_citations
from smartpick_expert.language.facts import Fact, fact_id
from smartpick_expert.language.loader import KnownNames, read_rules
from smartpick_expert.language.model import Rule, RuleSet
from smartpick_expert.language.operators import OPERATORS
from smartpick_expert.language.reader import Reader
from smartpick_expert.language.source import Node, decode, parse
from smartpick_expert.language.vocabulary import Supplier, Vocabulary
from smartpick_expert.language.vocabulary_loader import load_vocabulary
from smartpick_expert.report.layout import read_layout
from smartpick_expert.workspace import Workspace, read_workspace
from tests.fuzz import corpus, rule_grammar, worlds
from tests.fuzz.inputs import Input
from tests.fuzz.trees import written
from tests.profiles import AS_OF, WORKSPACE

# A finding longer than this would fill a terminal by itself.
MAX_WORDS = 3_000
# What a consultation may refuse a sound rule file for.
_REFUSALS = {"rule.cross-product", "rule.circle"}


class Broken(AssertionError):  # noqa: N818 - a property that does not hold
    """A property that does not hold; the text begins with the property's name."""


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
        _in_a_workspace(one)
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
        _check_derivation(derivation, complete=one.sort == "profiles")
    fired = any(d.firings for d in derivations)
    return Outcome(passed=True, consulted=bool(derivations), fired=fired, told=refused.told)


# --- findings ----------------------------------------------------------------------------------------------------------


def _refused(found: Iterable[Diagnostic], one: Input) -> Outcome:
    # As many as a command shows, and a few more.
    return Outcome(told=tuple(check_finding(d, {one.path: one.data}) for d in islice(found, 300)))


def check_finding(d: Diagnostic, texts: dict[str, bytes]) -> str:
    """A finding as it is printed, having seen to it that it is a fine one about one of these files."""
    shown = render(d)
    if not (d.code and d.message.strip()):
        raise Broken(f"finding says nothing: {d.code!r}")
    if "\n" in str(d):
        raise Broken(f"finding has several lines: {d.code}")
    strange = next((c for c in shown if category(c) in ("Cc", "Cs") and c != "\n"), "")
    if strange:
        raise Broken(f"finding hands on U+{ord(strange):04X}: {d.code}")
    if len(str(d)) > MAX_WORDS:
        raise Broken(f"finding has too many words: {d.code}")
    for location in (d.location, *(place for place, _ in d.related)):
        if location.path == corpus.FOLDERS["vocabulary"]:
            # Something is missing there, in no file.
            continue
        if location.path not in texts:
            raise Broken(f"finding names another file, {location.path!r}: {d.code}")
        if not 1 <= location.line <= _lines(texts[location.path]):
            raise Broken(f"finding lies outside the file, at line {location.line}: {d.code}")
        if location.column < 1:
            raise Broken(f"finding has no column: {d.code}")
    json.dumps(as_data(d))
    return shown


@lru_cache(maxsize=200)
def _lines(data: bytes) -> int:
    """The lines of a file."""
    return max(1, len(data.decode("utf-8", "replace").splitlines()))


# --- consultations -------------------------------------------------------------------------------------------------------


def _consulted(compiled: CompiledRules, facts: tuple[Fact, ...], *, kept: bool) -> Derivation | None:
    """What every engine makes of the facts, which must be the same; None where the rules are refused."""
    found: list[Derivation | tuple[str, ...]] = []
    for engine in worlds.engines():
        try:
            found.append(consult(compiled, facts, worlds.matcher(engine) if kept else engine))
        except Problems as problems:
            codes = {d.code for d in problems.diagnostics}
            if not codes <= _REFUSALS:
                raise
            found.append(tuple(render(d) for d in problems.diagnostics))
    first, *others = found
    if any(_parts(other) != _parts(first) for other in others):
        raise Broken("engines differ")
    return first if isinstance(first, Derivation) else None


def _parts(found: Derivation | tuple[str, ...]) -> object:
    if isinstance(found, Derivation):
        return (found.certain, found.possible, found.firings, found.possible_firings)
    return found


def _check_derivation(derivation: Derivation, *, complete: bool) -> None:
    """Names can be had of everything that came out, and findings where all that is concluded was concluded by rules."""
    vocabulary = derivation.compiled.vocabulary
    for firing in derivation.firings[:50]:
        for fact in firing.premises:
            fact_id(vocabulary, fact)
    for conflict in conflict_diagnostics(derivation) if complete else ():
        render(conflict)


def _derivations(rules: tuple[Rule, ...], here: worlds.World, one: Input) -> Iterable[Derivation]:
    try:
        compiled = compile_rules(RuleSet(rules, here.vocabulary), here.parameters, AS_OF, with_drafts=True)
    except Problems as problems:
        for d in problems.diagnostics:
            check_finding(d, {one.path: one.data})
        return
    chance = Random(crc32(one.data))
    looked_at = frozenset().union(*map(mentioned_types, compiled.rules))
    for facts in chance.sample(here.facts, 2):
        derivation = _consulted(compiled, tuple(fact for fact in facts if fact.type in looked_at), kept=False)
        if derivation is not None:
            yield derivation


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
        derivation = _consulted(compiled, intake.facts, kept=True)
        if derivation is not None:
            yield derivation
            for d in contradictions(Consultation(profile, intake, derivation, AS_OF), WORKSPACE) if shipped else ():
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
        check_finding(d, _shipped_texts() | {one.path: one.data})
    if not found and not problems:
        facts = make_facts(profile, vocabulary, (), AS_OF).facts
        here = worlds.World(vocabulary, WORKSPACE.knowledge.names, worlds.world("rules").parameters, (facts, facts))
        yield from islice(_derivations(rules, here, Input("rules", one.way, "rules", path, _shipped_texts()[path])), 1)


@cache
def _shipped_texts() -> dict[str, bytes]:
    return {source.path: source.text.encode() for sort in corpus.FOLDERS for source in corpus.sources(sort)}


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
        actions = by_name([(a.name, a) for a in read_actions(node, reader)], "Action", reader)
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
                check_finding(d, _shipped_texts())
            if not found:
                compiled = compile_rules(RuleSet(rules, here.vocabulary), values, AS_OF)
                derivation = _consulted(compiled, chance.choice(here.facts), kept=False)
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
        derivation = _consulted(compiled, facts, kept=True)
        yield from [derivation] if derivation else []

    return tuple(set(reader.problems)), derivations


def _try_layout(_: Node, one: Input):
    folder = Path(tempfile.mkdtemp())
    try:
        (folder / "layout.yaml").write_bytes(one.data)
        read_layout(folder)
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


# --- the whole way -------------------------------------------------------------------------------------------------------


def _in_a_workspace(one: Input) -> None:
    """A copy of the shipped workspace with this one file in it, read as the commands read it; or a profile as a file."""
    if one.sort == "profiles":
        _advised(one, WORKSPACE, worlds.matcher(worlds.engines()[-1]))
    elif not one.sort.startswith("small-") or one.sort == "small-vocabulary":
        with tempfile.TemporaryDirectory() as name:
            root = Path(name)
            for folder in ("rules", "knowledge", "reports"):
                shutil.copytree(corpus.ROOT / folder, root / folder)
            path = root / one.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(one.data)
            _read_whole(root, one)


def _read_whole(root: Path, one: Input) -> None:
    loaded, found = read_workspace(root)
    texts = _shipped_texts() | {one.path: one.data}
    for d in found:
        check_finding(d, texts)
    if loaded is None or any(d.severity is Severity.ERROR for d in found):
        return
    try:
        stratify(loaded.ruleset.rules)
    except Problems as problems:
        for d in problems.diagnostics:
            check_finding(d, texts)
        return
    persona = Random(crc32(one.data)).choice(corpus.sources("profiles"))
    _advised(
        Input("profiles", one.way, "profiles", persona.path, persona.text.encode()), loaded, worlds.matcher("plain")
    )


def _advised(one: Input, workspace: Workspace, engine: Matcher) -> None:
    """The written advice on a profile file, redacted and not, in every format."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "profile.yaml"
        path.write_bytes(one.data)
        for redacted in (False, True):
            try:
                advice = advise(path, workspace, AS_OF, engine, redacted=redacted)
            except Problems as problems:
                for d in problems.diagnostics:
                    render(d)
                return
            for form in (*FORMATS, "summary"):
                text = advice.document(form)
                strange = next((c for c in text if category(c) in ("Cc", "Cs") and c not in "\n\t"), "")
                if strange:
                    raise Broken(f"advice as {form} hands on U+{ord(strange):04X}")
                if form == "json":
                    json.loads(text)

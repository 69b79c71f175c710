"""The contestants: each is made ready for a rule base and answers consultations; `check` holds them against each other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec

from smartpick_expert.engine.session import Matcher, consult, fire, make_matcher
from smartpick_expert.language.facts import Fact
from tests.bench.subjects import Subject
from tests.naive import consult_naively

Facts = tuple[Fact, ...]
Outcome = tuple[frozenset[Fact], frozenset[tuple[str, tuple[tuple[str, Fact], ...]]]]

DURABLE, PLAIN, CLIPS, NAIVE, EXPERTA = "durable-rules", "plain matcher", "CLIPS", "naive", "experta"
UNRECORDED = "no record"
# What each is imported as; without one, its column stays empty.
MODULES = {DURABLE: "durable_rules_engine", CLIPS: "clips", EXPERTA: "experta"}


class DisagreementError(AssertionError):
    """Two engines make different things of the same facts, so that timing them would say nothing."""


@dataclass(frozen=True)
class Engine:
    """A contestant made ready for a rule base. `consult` is what is timed, `outcome` what is compared."""

    name: str
    consult: Callable[[Facts], object]
    outcome: Callable[[Facts], Outcome]


def is_here(name: str) -> bool:
    """Whether the engine is installed."""
    return name not in MODULES or find_spec(MODULES[name]) is not None


def make(name: str, subject: Subject) -> Engine:
    """The engine of that name, ready for the subject's rules; `no record` may follow the name of one of ours."""
    if name.endswith(UNRECORDED):
        return _ours_unrecorded(subject, name)
    if name in (DURABLE, PLAIN):
        return _ours(subject, name)
    return {CLIPS: _clips, NAIVE: _naive, EXPERTA: _experta}[name](subject)


def _matcher(name: str) -> Matcher:
    return make_matcher("durable" if name.startswith(DURABLE) else "plain")


def _ours(subject: Subject, name: str) -> Engine:
    """One of our own engines as a user has it: the whole derivation, the matcher used again and again."""
    matcher = _matcher(name)
    compiled = subject.compiled

    def outcome(facts: Facts) -> Outcome:
        derivation = consult(compiled, facts, matcher)
        return frozenset(derivation.certain), frozenset((f.rule_id, f.bindings) for f in derivation.firings)

    return Engine(name, lambda facts: consult(compiled, facts, matcher), outcome)


def _ours_unrecorded(subject: Subject, name: str) -> Engine:
    """The same where nobody asks why: all that fires is fired, and nothing is put in order or supported."""
    matcher = _matcher(name)
    compiled = subject.compiled

    def outcome(facts: Facts) -> Outcome:
        session = fire(compiled, facts, matcher)
        of = session.stores.certain.of
        return frozenset(fact for kind in compiled.vocabulary.types for fact in of(kind)), frozenset(session.fired)

    return Engine(name, lambda facts: fire(compiled, facts, matcher), outcome)


def _clips(subject: Subject) -> Engine:
    from tests.bench.clips_driver import ClipsEngine, outcome  # noqa: PLC0415 - optional
    from tests.bench.clips_rules import translate  # noqa: PLC0415 - as above

    program = translate(subject.compiled)
    engine = ClipsEngine(program)
    return Engine(CLIPS, engine.consult, lambda facts: outcome(program, engine.consult(facts)))


def _naive(subject: Subject) -> Engine:
    rules, vocabulary = subject.compiled.rules, subject.compiled.vocabulary

    def outcome(facts: Facts) -> Outcome:
        result = consult_naively(rules, vocabulary, facts)
        return result.certain, result.firings

    return Engine(NAIVE, lambda facts: consult_naively(rules, vocabulary, facts), outcome)


def _experta(subject: Subject) -> Engine:
    from tests.bench.experta_rules import ExpertaEngine  # noqa: PLC0415 - optional

    engine = ExpertaEngine(subject)
    return Engine(EXPERTA, engine.consult, engine.outcome)


def check(subject: Subject, engines: Sequence[Engine], consultations: Iterable[Facts] | None = None) -> float:
    """See that all engines make the same of the facts; firings a consultation. Raises DisagreementError.

    CLIPS is given the facts alone that some rule looks at, so facts are compared as far as they were concluded.
    """
    firings = 0
    several = list(subject.consultations if consultations is None else consultations)
    first, *others = engines
    for facts in several:
        concluded, fired = _concluded(first.outcome(facts), facts)
        firings += len(fired)
        for other in others:
            if _concluded(other.outcome(facts), facts) != (concluded, fired):
                raise DisagreementError(f"{first.name} and {other.name} disagree on {subject.name}.")
    return firings / len(several)


def _concluded(outcome: Outcome, given: Facts) -> Outcome:
    certain, firings = outcome
    return certain - set(given), firings
